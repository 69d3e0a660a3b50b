"""What people did in a doccano, as rulings: how an example stands there against how it stood when it was last looked at.

A mark that stands as it stood is accepted once somebody has confirmed the document; one that moved or was renamed is edited; one
that we do not know is added. One that is gone is rejected where the document is confirmed; elsewhere it is but missing, and
nothing is concluded from that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from dossier.records import Document, Span, make_id
from dossier.review.doccano.rows import Seen
from dossier.store.doccano import Example, Item

UNNAMED = "somebody in doccano"
Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Signed:
    """Who did something there, by name, and when, as the server says."""

    user: str
    at: str


@dataclass(frozen=True, slots=True)
class Signatures:
    """Who made each span and relation, by kind and number, and when it changed last; who confirmed the document, if anybody."""

    of: Mapping[tuple[str, int], Signed]
    confirmed: Signed | None


@dataclass(frozen=True, slots=True)
class Finding:
    """One ruling that follows from what was done. `number`: of the span or relation there; `record`: what the ruling says."""

    kind: str
    target: str
    ruling: str
    record: Record
    signed: Signed


@dataclass(slots=True)
class Compared:
    findings: list[Finding] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    missing: int = 0


def compare(
    document: Document, example: Example, known: Sequence[Item], seen: Seen, signatures: Signatures, place: str
) -> Compared:
    """Compare one example with how it stood. place: server and project, from which the targets of additions are made."""
    return _Comparison(document, example.number, seen, signatures, place, example.confirmed).run(known)


@dataclass(slots=True)
class _Comparison:
    document: Document
    example: int
    seen: Seen
    signatures: Signatures
    place: str
    was_confirmed: bool
    found: Compared = field(default_factory=Compared)
    targets: dict[int, str] = field(default_factory=dict)  # of spans, by their number there

    def run(self, known: Sequence[Item]) -> Compared:
        marks = {item.number: item for item in known if item.kind == "mention"}
        arcs = {item.number: item for item in known if item.kind == "relation"}
        for number, (span, label) in sorted(self.seen.spans.items()):
            self._mark(number, span, label, marks.get(number))
        for number, arc in sorted(self.seen.arcs.items()):
            self._arc(number, arc, arcs.get(number))
        self._gone([item for number, item in marks.items() if number not in self.seen.spans])
        self._gone([item for number, item in arcs.items() if number not in self.seen.arcs])
        return self.found

    def _mark(self, number: int, span: Span, label: str, item: Item | None) -> None:
        target = item.target if item else make_id("a", self.place, str(self.example), "mention", str(number))
        self.targets[number] = target
        said: Record = {
            "start": span.start,
            "end": span.end,
            "text": self.document.text[span.start : span.end],
            "label": label,
        }
        state = orjson.dumps([span.start, span.end, label]).decode()
        self.found.items.append(Item("mention", number, self.example, target, state, item.sent if item else None))
        if item is None:
            self._add("mention", target, {"document": self.document.id, **said, "norm": None, "entity": None}, number)
        elif item.state != state:
            self._edit("mention", target, _changed(said, item.state), number)
        elif item.sent in (state, None):
            self._kept("mention", target, {})
        else:
            self._kept("mention", target, _changed(said, item.sent))

    def _arc(self, number: int, arc: tuple[str, int, int], item: Item | None) -> None:
        target = item.target if item else make_id("a", self.place, str(self.example), "relation", str(number))
        state = orjson.dumps(list(arc)).decode()
        self.found.items.append(Item("relation", number, self.example, target, state, item.sent if item else None))
        kind, subject, object_ = arc
        if item is None:
            self._add("relation", target, self._relation(kind, subject, object_), number)
        elif item.state != state:
            self._edit("relation", target, self._turned(arc, item.state), number)
        elif item.sent in (state, None):
            self._kept("relation", target, {})
        else:
            self._kept("relation", target, self._turned(arc, item.sent))

    def _turned(self, arc: tuple[str, int, int], before: str) -> Record:
        """The fields of a relation that is another one than before."""
        whole = self._relation(*arc)
        moved = orjson.loads(before)[1:] != list(arc[1:])
        return {name: whole[name] for name in ("type", *(("subject", "object", "evidence") if moved else ()))}

    def _relation(self, kind: str, subject: int, object_: int) -> Record:
        """A relation between two marks; its evidence reaches from the one to the other."""
        ends = [self.seen.spans[each][0] for each in (subject, object_)]
        fillers = [
            {"text": self.document.text[span.start : span.end], "mention": self.targets[each]}
            for each, span in zip((subject, object_), ends, strict=True)
        ]
        evidence = {"document": self.document.id, "start": min(ends).start, "end": max(span.end for span in ends)}
        return {
            "type": kind, "subject": fillers[0], "object": fillers[1], "start": None, "end": None, "role": None,
            "status": "asserted", "holder": None, "evidence": [evidence],
        }  # fmt: skip

    def _kept(self, kind: str, target: str, edited: Record) -> None:
        """What stands as it stood counts as accepted, or edited as it had been before, when the document is confirmed, once."""
        if self.signatures.confirmed is not None and not self.was_confirmed:
            ruling = "edit" if edited else "accept"
            self.found.findings.append(Finding(kind, target, ruling, edited, self.signatures.confirmed))

    def _gone(self, items: Sequence[Item]) -> None:
        for item in items:
            if self.signatures.confirmed is not None:
                self.found.findings.append(Finding(item.kind, item.target, "reject", {}, self.signatures.confirmed))
            else:
                self.found.missing += 1
                self.found.items.append(item)  # it is asked about again

    def _add(self, kind: str, target: str, record: Record, number: int) -> None:
        self.found.findings.append(Finding(kind, target, "add", record, self.signatures.of[kind, number]))

    def _edit(self, kind: str, target: str, record: Record, number: int) -> None:
        """doccano keeps who made a mark, not who moved it: that is signed by who confirmed the document, else by no name."""
        signed = self.signatures.confirmed or Signed(UNNAMED, self.signatures.of[kind, number].at)
        self.found.findings.append(Finding(kind, target, "edit", record, signed))


def _changed(said: Record, before: str) -> Record:
    """The fields of a mention that is another one than before."""
    start, end, label = orjson.loads(before)
    moved = (start, end) != (said["start"], said["end"])
    return {
        name: said[name]
        for name in (*(("start", "end", "text") if moved else ()), *(("label",) if label != said["label"] else ()))
    }
