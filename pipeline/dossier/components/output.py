"""Proposals as the records of the curated JSONL, without `review`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from dossier.components.entities import Group, Groups, Named, geonames_of, span_of
from dossier.normalize.cover import Cover
from dossier.normalize.names import fold
from dossier.records import Absence, Document, Extraction, Found, Link, Span, make_id
from dossier.source_map import SourceMap, open_map

Record = dict[str, Any]
BY = "entities"  # what made an entity of mentions
ENDS, DATED = ("subject", "object"), ("start", "end")


def _order(link: Link) -> tuple[object, ...]:
    return link.evidence, link.subject, link.object, link.type, link.start or ""


def _identity(record: Record, names: Groups) -> tuple[object, ...]:
    """What two tellings of one fact share: type, ends, role and holder; ends by name where both are one entity."""
    ends = [fold(record[end]["text"]) for end in ENDS]
    if record["type"] == "renamed_to":
        ends = [names.find(("", end))[1] for end in ends]
    elif record["type"] != "alias_of":
        ends = [record[end].get("entity") or folded for end, folded in zip(ENDS, ends, strict=True)]
    return record["type"], *ends, record["role"], record["holder"]


def _merge(records: list[Record], record: Record) -> None:
    """Add a telling to the record of its fact; two dates are two facts, a renaming without a date goes with any."""
    loose = record["type"] == "renamed_to"
    for one in records:
        if all(one[date] == record[date] or (loose and None in (one[date], record[date])) for date in DATED):
            one.update({date: one[date] or record[date] for date in DATED})
            if record["evidence"][0]["quote"] not in [shown["quote"] for shown in one["evidence"]]:
                one["evidence"] += record["evidence"]
            one["confidence"] = max(one["confidence"], record["confidence"])
            return
    records.append(record)


@dataclass(slots=True)
class Writer:
    """Writes the records of one document."""

    document: Document
    offsets: SourceMap = field(init=False)
    cover: Cover = field(init=False)
    _sources: dict[Span, Record] = field(default_factory=dict)
    _anchors: dict[Span, tuple[object, ...]] = field(default_factory=dict)
    _taken: Counter[tuple[object, ...]] = field(default_factory=Counter)
    entities: dict[tuple[int, int], str] = field(default_factory=dict)  # span of a mention -> id of its entity

    def __post_init__(self) -> None:
        self.offsets = open_map(self.document.offsets)
        self.cover = Cover(self.document)

    def write(
        self, mentions: Sequence[Found], groups: Sequence[Group], links: Sequence[Link], absences: Sequence[Absence]
    ) -> Extraction:
        extraction = Extraction(self.document.id)
        extraction.entities = [self.entity(group) for group in groups]
        extraction.mentions = [self.mention(one) for one in mentions]
        extraction.relations = self.relations(links, {(one.start, one.end): one for one in mentions})
        extraction.absences = [self.absence(one) for one in absences]
        return extraction

    def source(self, span: Span) -> Record:
        """The way back to the file; words that are quoted often lead there once."""
        found = self._sources.get(span)
        if found is None:
            found = self._sources[span] = self.offsets.source(span.start, span.end)
        return found

    def anchor(self, span: Span) -> tuple[object, ...]:
        """Where a stretch stands in the file: what an id hangs on. Of two stretches in one place the second is numbered."""
        found = self._anchors.get(span)
        if found is None:
            found = self.offsets.anchor(span.start, span.end)
            self._taken[found] += 1
            if self._taken[found] > 1:
                found = (*found, self._taken[found])
            self._anchors[span] = found
        return found

    def mention(self, one: Found) -> Record:
        span = span_of(one)
        return {
            "kind": "mention",
            "id": make_id("m", self.document.id, *self.anchor(span)),
            "document": self.document.id,
            "start": one.start,
            "end": one.end,
            "text": self.document.text[one.start : one.end],
            "label": one.label,
            "norm": one.norm,
            "entity": self.entities.get(span),
            "confidence": round(one.confidence, 3),
            "by": one.by,
            "source": self.source(span),
        }

    def evidence(self, span: Span, subject: str | None = None, object_: str | None = None) -> Record:
        return {
            "document": self.document.id,
            "start": span.start,
            "end": span.end,
            "quote": self.document.text[span.start : span.end],
            "subject_text": subject,
            "object_text": object_,
            "source": self.source(span),
            "works": self.cover.works(span),
        }

    # ------------------------------------------------------------ entities

    def entity(self, group: Group) -> Record:
        first = span_of(group.mentions[0])
        number = make_id("e", self.document.id, group.label, *self.anchor(first))
        for one in group.mentions:
            self.entities[span_of(one)] = number
        names = sorted(group.names.values(), key=lambda name: (name.first.start, name.text))
        return {
            "kind": "entity",
            "id": number,
            "type": group.label,
            "name": group.main_name().text,
            "names": [self.name(name) for name in names],
            "links": geonames_of(group),
            "confidence": round(max(one.confidence for one in group.mentions), 3),
            "by": BY,
        }

    def name(self, name: Named) -> Record:
        link = name.link
        shown = self.evidence(link.evidence if link else span_of(name.first), name.text)
        return {
            "text": name.text,
            "kind": name.kind,
            "lang": None,
            "from": name.start,
            "to": name.end,
            "confidence": round(link.confidence if link else name.confidence, 3),
            "by": link.by if link else name.first.by,
            "evidence": [shown],
        }

    # ------------------------------------------------------------ relations

    def relations(self, links: Sequence[Link], mentions: dict[tuple[int, int], Found]) -> list[Record]:
        """Relations by the place of their first evidence; one told twice has two pieces of evidence."""
        made: dict[tuple[object, ...], list[Record]] = {}
        names = self._names(links)
        for link in sorted(links, key=_order):
            subject, object_ = mentions.get(link.subject), mentions.get(link.object)
            if subject is not None and object_ is not None:
                record = self.relation(link, subject, object_)
                _merge(made.setdefault(_identity(record, names), []), record)
        return list({record["id"]: record for records in made.values() for record in records}.values())

    def _names(self, links: Sequence[Link]) -> Groups:
        """Names that `alias_of` joins, folded: a name and its acronym are one end of `renamed_to`."""
        names = Groups()
        for link in links:
            if link.type == "alias_of":
                ends = (fold(self.document.text[end.start : end.end]) for end in (link.subject, link.object))
                names.join(*(("", end) for end in ends))
        return names

    def relation(self, link: Link, subject: Found, object_: Found) -> Record:
        anchors = (*self.anchor(link.subject), *self.anchor(link.object))
        date = link.start or link.end  # one pair may have several tenures
        dated = (date,) if date else ()
        ends = self.filler(subject), self.filler(object_)
        return {
            "kind": "relation",
            "id": make_id("r", self.document.id, link.type, *anchors, *dated),
            "type": link.type,
            "subject": ends[0],
            "object": ends[1],
            "start": link.start,
            "end": link.end,
            "role": link.role,
            "status": link.status,
            "holder": link.holder,
            "confidence": round(link.confidence, 3),
            "by": link.by,
            "evidence": [self.evidence(link.evidence, ends[0]["text"], ends[1]["text"])],
        }

    def filler(self, one: Found) -> Record:
        text = self.document.text[one.start : one.end]
        number = self.entities.get(span_of(one))
        return {"entity": number, "text": text} if number else {"text": text, "norm": one.norm}

    def absence(self, one: Absence) -> Record:
        return {
            "kind": "absence",
            "id": make_id("n", self.document.id, *self.anchor(one.evidence)),
            "about": one.about,
            "document": self.document.id,
            "evidence": [self.evidence(one.evidence)],
        }
