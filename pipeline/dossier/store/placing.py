"""Rulings on a new reading of a report: which proposal is the one that was ruled on, and where its words stand now.

A mention is where its anchor is. A relation is of the same type with the same ends, or with another mention of the same entity
for one; where several are, the one of the same dates. An event has the same trigger, an entity the same first mention.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from dossier.records import Extraction, Span
from dossier.store.anchors import Anchor, Reading, end_span, locate
from dossier.store.cases import Case

ATTRIBUTES = {
    "mention": "mentions", "entity": "entities", "relation": "relations", "event": "events", "conflict": "conflicts",
    "absence": "absences",
}  # fmt: skip
ENDS = ("subject", "object")
Record = Mapping[str, Any]


class Placing:
    """Finds what former rulings were about in one document as it stands."""

    def __init__(self, reading: Reading, extraction: Extraction) -> None:
        self.reading = reading
        self.extraction = extraction
        reading.mentions = {(r["start"], r["end"]): r for r in extraction.mentions if "start" in r and "end" in r}
        self._entities: dict[str, str] | None = None

    # ------------------------------------------------------------ the same proposal

    def same(self, case: Case) -> str | None:
        """The id of the standing proposal that these rulings are about, where there is one and no other fits as well."""
        kind = case.kind
        named = {row.proposal for row in case.rows} - {None}
        again = _only(r for r in getattr(self.extraction, ATTRIBUTES[kind]) if r["id"] in named)
        if again is not None:
            return again
        if kind == "entity" and case.added:
            return None  # what a split made is no entity that a component knows
        anchor, base = self.anchor(case), case.origin
        if kind == "mention":
            span = locate(self.reading, anchor)
            found = self.reading.mentions.get(span) if span else None
            return str(found["id"]) if found else None
        if kind == "entity":
            return self._entity(anchor, base)
        if kind == "relation":
            return self._relation(anchor, base)
        if kind == "event":
            return self._event(anchor, base)
        if kind == "absence":
            span = locate(self.reading, anchor.get("evidence") or {})
            return _only(r for r in self.extraction.absences if span and _starts(r["evidence"][0], span))
        if kind == "conflict":
            return _only(r for r in self.extraction.conflicts if base and r.get("about") == base.get("about"))
        return None

    def _entity(self, anchor: Anchor, base: Record) -> str | None:
        span = locate(self.reading, anchor.get("mention") or {})
        mention = self.reading.mentions.get(span) if span else None
        number = mention.get("entity") if mention else None
        types = {r["id"]: r.get("type") for r in self.extraction.entities}
        fits = number in types and base.get("type") in (None, types[number])
        return str(number) if fits else None

    def _relation(self, anchor: Anchor, base: Record) -> str | None:
        ends = {end: locate(self.reading, anchor.get(end) or {}) for end in ENDS}
        if None in ends.values():
            return None
        scored = []
        for record in self.extraction.relations:
            if record["type"] == base.get("type"):
                fits = [self._fits(record, end, ends[end]) for end in ENDS]
                if all(fits):
                    dates = sum(record.get(date) == base.get(date) for date in ("start", "end"))
                    scored.append((sum(fits), dates, str(record["id"])))
        scored.sort(reverse=True)
        clear = len(scored) == 1 or (len(scored) > 1 and scored[0][:2] > scored[1][:2])
        return scored[0][2] if clear else None

    def _fits(self, record: Record, end: str, span: Span | None) -> int:
        """2 where an end of a relation is the very mention, 1 where it is another of the same entity, 0 where it is neither."""
        if span is None:
            return 0
        if end_span(self.reading, record, end) == span:
            return 2
        mention = self.reading.mentions.get(span)
        entity = mention.get("entity") if mention else None
        return int(entity is not None and entity == record[end].get("entity"))

    def _event(self, anchor: Anchor, base: Record) -> str | None:
        span = locate(self.reading, anchor.get("trigger") or {})
        here = [r for r in self.extraction.events if span and _starts(r["trigger"], span)]
        return _only(here) or _only(r for r in here if r["type"] == base.get("type"))

    # ------------------------------------------------------------ a mark of a person's own

    def unproposed(self, case: Case) -> Record | None:
        """What rulings say that no proposal stands for, with its place as it is now; None where that is not found."""
        anchor, base = self.anchor(case), case.origin
        kind = case.kind
        if not base:
            return None
        if kind == "mention":
            span = locate(self.reading, anchor)
            return {**base, "start": span.start, "end": span.end, "text": self._words(span)} if span else None
        if kind == "event":
            span = locate(self.reading, anchor.get("trigger") or {})
            return (
                {**base, "trigger": {"start": span.start, "end": span.end, "text": self._words(span)}} if span else None
            )
        if kind == "relation":
            ends = [locate(self.reading, anchor.get(end) or {}) for end in ENDS]
            return base if None not in ends else None
        if kind == "entity":
            return {**base, "names": []} if locate(self.reading, anchor.get("mention") or {}) else None
        if kind == "absence":
            span = locate(self.reading, anchor.get("evidence") or {})
            return {**base, "evidence": [{"start": span.start, "end": span.end}]} if span else None
        return None

    def last_known(self, case: Case) -> Record:
        """What was ruled on, as far as the ruling and the former proposal tell."""
        base, anchor = case.origin, self.anchor(case)
        shown = anchor if case.kind == "mention" else anchor.get("trigger") or anchor.get("mention") or {}
        return {"text": shown.get("quote", ""), "start": shown.get("start", 0), "end": shown.get("end", 0), **base}

    def _stretch(self, span: Span) -> Record:
        return {"start": span.start, "end": span.end, "text": self._words(span)}

    def _evidence(self, anchor: Anchor, base: Record) -> list[Record]:
        """The evidence of a record where it stands now."""
        told = [{"start": e["start"], "quote": e["quote"]} for e in base.get("evidence", ()) if "quote" in e]
        shown = anchor.get("evidence") or told
        spans = [span for each in shown if (span := locate(self.reading, each))]
        return [{"start": span.start, "end": span.end} for span in spans]

    def _words(self, span: Span) -> str:
        return self.reading.text[span.start : span.end]

    def anchor(self, case: Case) -> Anchor:
        """The anchor of the newest ruling that has one; of older rulings, what the former proposal says of its place."""
        for row in case.rows:
            anchor = row.says().get("anchor")
            if isinstance(anchor, dict) and anchor:
                return anchor
        return bare_anchor(case.kind, case.origin)


def bare_anchor(kind: str, record: Record) -> Anchor:
    """An anchor without surroundings, of a record with its place."""
    if kind == "mention" and "start" in record:
        return {"start": record["start"], "end": record.get("end"), "quote": record.get("text", "")}
    if kind == "event" and record.get("trigger"):
        return {"trigger": bare_anchor("mention", record["trigger"])}
    if kind == "absence" and record.get("evidence"):
        shown = record["evidence"][0]
        return {"evidence": {"start": shown["start"], "quote": shown["quote"]}}
    return {}


def _starts(place: Record, span: Span) -> bool:
    return (place["start"], place["end"]) == span


def _only(records: Iterator[Record] | Sequence[Record]) -> str | None:
    """The id of the one record there is."""
    found = [str(record["id"]) for record in records]
    return found[0] if len(found) == 1 else None
