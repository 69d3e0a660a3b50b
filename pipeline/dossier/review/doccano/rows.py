"""Documents as doccano takes them: offsets in UTF-16 code units, marks and relations by number, and back.

doccano (with `grapheme_mode` off) counts as JavaScript does: a character beyond the first plane is two units.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dossier.errors import RemoteError
from dossier.records import Span

Record = dict[str, Any]


class Units:
    """Positions of a text in code points and in UTF-16 units, both ways."""

    def __init__(self, text: str) -> None:
        self._wide = array("q", (at for at, letter in enumerate(text) if letter > "\uffff"))  # code points
        self._wide_units = array("q", (at + number for number, at in enumerate(self._wide)))
        self.length = len(text) + len(self._wide)

    def out(self, at: int) -> int:
        return at + bisect_left(self._wide, at)

    def back(self, at: int) -> int:
        """Raises ValueError where `at` lies outside of the text or cuts a character in two."""
        if not 0 <= at <= self.length:
            raise ValueError(f"position {at} is outside of a text of {self.length} units")
        before = bisect_left(self._wide_units, at)
        if before and self._wide_units[before - 1] == at - 1:
            raise ValueError(f"position {at} cuts a character in two")
        return at - before


@dataclass(frozen=True, slots=True)
class Mark:
    """A mention as it stands there. `target`: what it is here."""

    target: str
    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True)
class Arc:
    """A relation as it stands there: between two marks, by their targets."""

    target: str
    type: str
    subject: str
    object: str


@dataclass(slots=True)
class Sheet:
    """What of a document is sent. `left_out`: relations of which an end has no mark in their sentence."""

    document: str
    title: str
    text: str
    text_sha256: str
    marks: list[Mark] = field(default_factory=list)
    arcs: list[Arc] = field(default_factory=list)
    left_out: int = 0

    def row(self, push: str) -> Record:
        """The line of an upload. Numbers of marks and relations count within the row only."""
        units = Units(self.text)
        numbers = {mark.target: number for number, mark in enumerate(self.marks)}
        return {
            "text": self.text,
            "doc_id": self.document,
            "src": {"title": self.title, "push": push},
            "entities": [
                {"id": numbers[mark.target], "label": mark.label,
                 "start_offset": units.out(mark.start), "end_offset": units.out(mark.end)}
                for mark in self.marks
            ],
            "relations": [
                {"id": number, "from_id": numbers[arc.subject], "to_id": numbers[arc.object], "type": arc.type}
                for number, arc in enumerate(self.arcs)
            ],
        }  # fmt: skip


def add_marks(sheet: Sheet, mentions: Iterable[Record]) -> None:
    """Add mentions, in their order. Raises ValueError for two that share characters: doccano would drop one in silence."""
    last: Mark | None = None
    for one in sorted(mentions, key=lambda one: (one["start"], one["end"])):
        mark = Mark(one["id"], one["start"], one["end"], one["label"])
        if last is not None and mark.start < last.end:
            raise ValueError(
                f"{sheet.document}: marks {last.target} and {mark.target} share characters {mark.start}-{last.end}"
            )
        sheet.marks.append(mark)
        last = mark


def add_arcs(sheet: Sheet, mentions: Sequence[Record], relations: Iterable[Record]) -> None:
    """Add relations between the marks of their evidence; those of which an end has no mark there are counted."""
    known = {mark.target for mark in sheet.marks}
    ordered = sorted((one for one in mentions if one["id"] in known), key=lambda one: one["start"])
    starts = [one["start"] for one in ordered]
    taken: set[tuple[str, str, str]] = set()
    for relation in relations:
        ends = _ends(relation, ordered, starts)
        if ends is None or (relation["type"], *ends) in taken:
            sheet.left_out += 1
            continue
        taken.add((relation["type"], *ends))
        sheet.arcs.append(Arc(relation["id"], relation["type"], *ends))


def _ends(relation: Record, ordered: Sequence[Record], starts: Sequence[int]) -> tuple[str, str] | None:
    for shown in relation["evidence"]:
        near = ordered[bisect_left(starts, shown["start"]) : bisect_left(starts, shown["end"])]
        subject = _end(relation["subject"], shown.get("subject_text"), near, None)
        object_ = _end(relation["object"], shown.get("object_text"), near, subject)
        if subject is not None and object_ is not None:
            return subject, object_
    return None


def _end(filler: Record, words: str | None, near: Sequence[Record], other: str | None) -> str | None:
    """The mark of one end: of its entity and in its words, else of its entity, else of a name, date or count in its words."""
    free = [one for one in near if one["id"] != other]
    entity = filler.get("entity")
    same = [one for one in free if entity is not None and one["entity"] == entity]
    exact = [one for one in (same or (free if entity is None else [])) if one["text"] == (words or filler["text"])]
    best = exact or same
    return str(best[0]["id"]) if best else None


# ------------------------------------------------------------------ the way back


@dataclass(frozen=True, slots=True)
class Seen:
    """An example as the server gives it, checked: spans and relations by their numbers there."""

    spans: Mapping[int, tuple[Span, str]]
    arcs: Mapping[int, tuple[str, int, int]]


def read_row(row: Record, text: str, labels: frozenset[str], types: frozenset[str], where: str) -> Seen:
    """A row of an export as spans of the text. Raises RemoteError for what cannot be one of that document."""
    if row.get("text") != text:
        raise RemoteError(
            f"{where}: its text is not the one that was sent; was it changed there? nothing was changed here"
        )
    units = Units(text)
    spans: dict[int, tuple[Span, str]] = {}
    for one in _objects(row, "entities", where):
        number, label = _number(one, "id", where), one.get("label")
        if label not in labels:
            raise RemoteError(f"{where}: span {number} has the label {label!r}, which is none of ours; rename it there")
        try:
            span = Span(units.back(_number(one, "start_offset", where)), units.back(_number(one, "end_offset", where)))
        except ValueError as error:
            raise RemoteError(f"{where}: span {number}: {error}") from error
        if span.start >= span.end or number in spans:
            raise RemoteError(f"{where}: span {number} is empty or comes twice; nothing was changed here")
        spans[number] = span, str(label)
    arcs: dict[int, tuple[str, int, int]] = {}
    for one in _objects(row, "relations", where):
        number, kind = _number(one, "id", where), one.get("type")
        ends = _number(one, "from_id", where), _number(one, "to_id", where)
        if kind not in types:
            raise RemoteError(f"{where}: relation {number} is a {kind!r}, which is none of ours; rename it there")
        if number in arcs or not all(end in spans for end in ends):
            raise RemoteError(
                f"{where}: relation {number} comes twice, or an end of it is not there; nothing was changed here"
            )
        arcs[number] = str(kind), *ends
    return Seen(spans, arcs)


def _objects(row: Record, name: str, where: str) -> list[Record]:
    found = row.get(name, [])
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise RemoteError(f"{where}: its {name} are no list of objects; nothing was changed here")
    return found


def _number(row: Record, name: str, where: str) -> int:
    value = row.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise RemoteError(f"{where}: {name} is {value!r}, not a number; nothing was changed here")
    return value
