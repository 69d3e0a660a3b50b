"""The fields of a reviewer's change, checked against the schema and the text, with the anchors of their stretches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dossier.contract import find_fault
from dossier.errors import UsageError
from dossier.records import Span
from dossier.resources import configs_folders
from dossier.schema import Schema, load_schema
from dossier.store.anchors import Reading, anchor_of, load_reading
from dossier.store.curated import ROLES, UNRULED, Curated
from dossier.store.db import Store

Record = dict[str, Any]
FILLERS = frozenset((*ROLES, "date"))


@dataclass(frozen=True, slots=True)
class Target:
    """What is ruled on: `target` as it is called now, `key` what its rulings hang on."""

    target: str
    key: str
    kind: str
    document: str
    proposed: int
    revision: int


def find_target(store: Store, target: str) -> Target | None:
    """A target by its name, by the one that an addition was sent under, or by what its rulings hang on."""
    sql = "SELECT target, key, kind, document, proposed, revision FROM target WHERE "
    row = store.db.execute(sql + "target = ?", (target,)).fetchone()
    row = row or store.db.execute(sql + "target = (SELECT target FROM alias WHERE given = ?)", (target,)).fetchone()
    row = row or store.db.execute(sql + "key = ? AND key <> target", (target,)).fetchone()
    return Target(*row) if row else None


class Fields:
    """Checks fields in one workspace. Raises UsageError with what is wrong and what to do."""

    def __init__(self, store: Store, request: str, user: str = "") -> None:
        self.store, self.request, self.user = store, request, user
        self._schema: Schema | None = None

    @property
    def schema(self) -> Schema:
        if self._schema is None:
            self._schema = load_schema(configs_folders(self.store.folder / "configs"))
        return self._schema

    def item(self, found: Target) -> Record:
        """A target's record as it stands."""
        if found.kind == "entity":
            items = [each for each in Curated(self.store, found.document).entities if each.target == found.target]
        else:
            items = Curated(self.store, found.document, only=[found.target]).items(found.kind)
            items = [each for each in items if each.target == found.target]
        return dict(items[0].record) if items else {}

    def checked(self, kind: str, reading: Reading, item: Record, fields: Record) -> Record:
        """The fields of an edit or an addition, known to the schema and the text, with the anchors of their stretches."""
        said, places = dict(fields), dict[str, Any]()
        said.pop("document", None)
        if kind == "mention":
            if "start" in said or "end" in said:
                span = self.span(
                    reading, {**{name: item.get(name) for name in ("start", "end")}, **said, "text": said.get("text")}
                )
                said |= {"start": span.start, "end": span.end, "text": reading.text[span.start : span.end]}
                places["span"] = anchor_of(reading, *span)
            if "label" in said:
                self.known("label", said["label"], self.schema.labels)
        elif kind in ("entity", "relation", "event") and "type" in said:
            known = {"entity": self.schema.entities, "relation": self.schema.relations, "event": self.schema.events}[
                kind
            ]
            self.known("type", said["type"], known)
        if said.get("status") is not None:
            self.known("status", said["status"], self.schema.statuses)
        if kind in ("relation", "event"):
            self._relation_or_event(kind, reading, said, places, new=not item)
        return {**said, **({"places": places} if places else {})}

    def _relation_or_event(self, kind: str, reading: Reading, said: Record, places: Record, *, new: bool) -> None:
        spans = []
        for role, filler in list(said.items()):
            if isinstance(filler, list) and role in FILLERS:
                said[role] = [self.anchored(reading, each) for each in filler]
            elif isinstance(filler, dict) and role in FILLERS:
                said[role] = self.anchored(reading, filler)
                span = self.filler(filler)[1]
                if span is not None and kind == "relation":
                    said[role].pop("anchor")
                    places[role] = anchor_of(reading, *span)
                    spans.append(span)
        if kind == "event" and (new or "trigger" in said):
            span = self.span(reading, said.get("trigger") or {})
            said["trigger"] = {"start": span.start, "end": span.end, "text": reading.text[span.start : span.end]}
            places["trigger"] = anchor_of(reading, *span)
            spans.append(span)
        if kind == "relation" and new and not {"subject", "object"} <= set(places):
            raise UsageError("a relation has two ends; give subject and object, each with the mention that it is")
        if new and not said.get("type"):
            raise UsageError(f"the {kind} has no type; name one")
        evidence = said.pop("evidence", None) or []
        if not isinstance(evidence, list):
            raise UsageError(f"evidence is {evidence!r:.80}; give a list of stretches, each with start and end")
        shown = [self.span(reading, each) for each in evidence]
        if new and not shown:
            shown = [Span(min(s.start for s in spans), max(s.end for s in spans))]
        if shown:
            places["evidence"] = [anchor_of(reading, *span) for span in shown]

    def anchored(self, reading: Reading, filler: Mapping[str, Any]) -> Record:
        """What fills a role, with the anchor of the mention that was named."""
        made, span = self.filler(filler)
        return {**made, "anchor": anchor_of(reading, *span)} if span else made

    def filler(self, filler: Mapping[str, Any]) -> tuple[Record, Span | None]:
        """What fills a role, and where its words stand if a mention was named."""
        if not isinstance(filler, dict) or not isinstance(filler.get("text"), str):
            raise UsageError(f"{filler!r:.80} has no text; give the words, and the mention they are")
        made = {name: filler[name] for name in ("text", "entity", "norm") if name in filler}
        if not filler.get("mention"):
            return made if len(made) > 1 else {**made, "norm": None}, None
        item = self.item(self.target(filler["mention"]))
        entity = item.get("entity")
        named = {"text": item["text"], **({"entity": entity} if entity else {"norm": item.get("norm")})}
        return named, Span(item["start"], item["end"])

    def span(self, reading: Reading, place: Any) -> Span:
        if not isinstance(place, dict):
            raise UsageError(f"{place!r:.80} is no stretch of the text; give its start and end")
        start, end = place.get("start"), place.get("end")
        length = len(reading.text)
        if type(start) is not int or type(end) is not int or not 0 <= start < end <= length:
            raise UsageError(f"{start!r} to {end!r} is no stretch of a text of {length} characters; mark it again")
        words = reading.text[start:end]
        if words != words.strip():
            raise UsageError(f"{words[:60]!r} begins or ends with white space; mark whole words")
        if place.get("text") not in (None, words):
            raise UsageError(
                f"{start} to {end} reads {words[:60]!r}, not {str(place['text'])[:60]!r}; load the document again"
            )
        return Span(start, end)

    def check_fit(self, kind: str, document: str, item: Record, said: Record) -> None:
        """Raise UsageError where a record would not fit the contract with these fields: no export could hold it."""
        curated = Curated(self.store, document, only=[])
        try:
            record = curated.apply(kind, item, said)
            record = record if item else curated.complete(kind, record)
            curated.rename(record)
            record |= {"kind": kind, "id": item.get("id", "a"), "review": UNRULED}
            if kind == "entity":
                record["names"] = [{**name, "review": UNRULED} for name in record["names"]]
            fault = find_fault(record)
        except (TypeError, KeyError, AttributeError, ValueError) as error:
            fault = f"{error!r}"
        if fault:
            raise UsageError(f"the {kind} would not fit the contract: {fault}; correct it")

    def known(self, name: str, value: Any, known: Any) -> str:
        if not isinstance(value, str) or value not in known:
            raise UsageError(f"{name} is {value!r}; there are {', '.join(known)}")
        return str(value)

    def target(self, target: Any) -> Target:
        found = find_target(self.store, target) if isinstance(target, str) else None
        if found is None:
            raise UsageError(f"there is no target {target!r}; load the document again")
        return found

    def reading(self, document: str) -> Reading:
        reading = load_reading(self.store, document)
        if reading is None:
            raise UsageError(f"there is no document {document!r}; the list of documents has them all")
        return reading
