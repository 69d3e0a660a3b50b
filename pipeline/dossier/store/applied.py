"""Records with the fields that rulings set, and stretches where their anchors are in the present reading."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from dossier.normalize.cover import Cover
from dossier.records import Span
from dossier.store.anchors import Reading, locate

if TYPE_CHECKING:
    from dossier.store.curated import Item

PERSON = "person"  # the `by` of what no component proposed
ENDS = ("subject", "object")
PARTS = frozenset(
    ("places", "was", "entities", "mentions", "into", "from")
)  # of a ruling: what is no field of a record

Record = dict[str, Any]


class Applied:
    """Applies what rulings say to the records of one document. `by_span`: its mentions as they stand; `cover`: what it cites."""

    document: str
    reading: Reading
    cover: Cover
    by_span: dict[tuple[int, int], Item]

    def apply(self, kind: str, record: Record, said: Mapping[str, Any]) -> Record:
        """A record with the fields that a ruling sets; stretches stand where their anchors are in this reading."""
        made = {**record, **{name: value for name, value in said.items() if name not in PARTS}}
        places = said.get("places") or {}
        text = self.reading.text
        if kind == "mention" and (places.get("span") or "start" in said or "end" in said or "source" not in record):
            span = locate(self.reading, places["span"]) if places.get("span") else None
            start, end = span or (made.get("start", 0), made.get("end", 0))
            if 0 <= start < end <= len(text):
                words = made.get("text") if "text" in said and not span else text[start:end]
                made |= {"start": start, "end": end, "text": words, "source": self.reading.offsets.source(start, end)}
        if kind == "event" and places.get("trigger"):
            span = locate(self.reading, places["trigger"])
            if span:
                made["trigger"] = self.stretch(span)
        for end in ENDS:
            span = locate(self.reading, places[end]) if places.get(end) else None
            at = self.by_span.get(span) if span else None
            if at is not None:
                number = at.record.get("entity")
                made[end] = {
                    "text": at.record["text"],
                    **({"entity": number} if number else {"norm": at.record.get("norm")}),
                }
        if places.get("evidence"):
            spans = [span for anchor in places["evidence"] if (span := locate(self.reading, anchor))]
            made["evidence"] = [self.evidence(kind, span, made) for span in spans] or made.get("evidence", [])
        return made

    def stretch(self, span: Span) -> Record:
        words = self.reading.text[span.start : span.end]
        return {"start": span.start, "end": span.end, "text": words,
                "source": self.reading.offsets.source(span.start, span.end)}  # fmt: skip

    def evidence(self, kind: str, span: Span, record: Mapping[str, Any]) -> Record:
        """A stretch as evidence of a record."""
        ends = {f"{end}_text": (record.get(end) or {}).get("text") if kind == "relation" else None for end in ENDS}
        return {
            "document": self.document, "start": span.start, "end": span.end,
            "quote": self.reading.text[span.start : span.end], **ends,
            "source": self.reading.offsets.source(span.start, span.end), "works": self.cover.works(span),
        }  # fmt: skip

    def complete(self, kind: str, record: Record) -> Record:
        """What no proposal stands for, with every field that its kind has, and no other."""
        blank: Record = {"kind": kind, "confidence": 1.0, "by": PERSON}
        if kind == "mention":
            blank |= {"document": self.document, "norm": None, "entity": None}
            if "source" not in record:
                record = self.apply(kind, record, {})
        elif kind == "entity":
            blank |= {"names": [], "links": {}}
        elif kind == "relation":
            blank |= {"start": None, "end": None, "role": None, "status": "asserted", "holder": None, "evidence": []}
        elif kind == "event":
            blank |= {role: [] for role in ("place", "perpetrator", "target", "claimed_by", "party", "weapon")}
            blank |= {
                "date": None,
                "result": None,
                "authority": None,
                "status": "asserted",
                "holder": None,
                "evidence": [],
            }
            blank |= dict.fromkeys(("killed", "wounded", "hostages", "ransom"))
            trigger = record.get("trigger")
            if trigger and "source" not in trigger:
                record = {**record, "trigger": self.stretch(Span(trigger["start"], trigger["end"]))}
        if kind != "mention":
            record.pop("document", None)
        if "evidence" in record:
            spans = [Span(each["start"], each["end"]) for each in record["evidence"]]
            record["evidence"] = [self.evidence(kind, span, record) for span in spans]
        return {**blank, **record}
