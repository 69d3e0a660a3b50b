"""What a reviewer's change becomes in the log of decisions: checked against the document and the schema, with its anchor.

| change | rows |
|---|---|
| accept, reject, edit, comment | one, on the target's key |
| add | one; where such a mention is there already, a ruling on that |
| merge | one for each entity, to the id of the first |
| split | the new entity, and one for each mention that goes to it |
| finish, reopen | one, on the document |
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import orjson

from dossier.errors import UsageError
from dossier.records import Span, make_id
from dossier.resources import configs_folders
from dossier.schema import Schema, load_schema
from dossier.store.anchors import Anchor, Reading, anchor_of, anchor_record, load_reading
from dossier.store.cases import load_case
from dossier.store.chain import New
from dossier.store.curated import Curated
from dossier.store.db import Store
from dossier.store.verdicts import says
from dossier.store.work import is_blind

Record = dict[str, Any]
WHOLE = frozenset(("finish", "reopen"))
MERE = frozenset(("accept", "reject", "edit", "comment"))
NO_FIELDS = frozenset(
    ("id", "kind", "anchor", "places", "was", "review", "state", "revision", "source", "confidence", "by", "through")
)
KEPT = frozenset(("label", "type", "subject", "object", "start", "end", "role", "status", "holder", "about", "name", "date",
                  "norm"))  # fmt: skip


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


class Rows:
    """Makes the rows of one group."""

    def __init__(self, store: Store, request: str, user: str = "") -> None:
        self.store, self.request, self.user = store, request, user
        self._schema: Schema | None = None

    @property
    def schema(self) -> Schema:
        if self._schema is None:
            self._schema = load_schema(configs_folders(self.store.folder / "configs"))
        return self._schema

    def make(self, number: int, change: Mapping[str, Any]) -> Iterator[New]:
        """The rows of the change of that number. Raises UsageError with what is wrong and what to do.

        `through` of a change: by what way it came, and when it was made there; kept in each row.
        """
        through = change.get("through")
        for row in self._make(number, change):
            yield (
                row if through is None else replace(row, record=_json({**orjson.loads(row.record), "through": through}))
            )

    def _make(self, number: int, change: Mapping[str, Any]) -> Iterator[New]:
        ruling, record = change["ruling"], dict(change.get("record") or {})
        if ruling in WHOLE:
            document = str(change.get("document") or change.get("target"))
            self._reading(document)
            yield New("document", document, ruling, _json(record), document)
        elif ruling == "merge":
            yield from self._merge(record)
        elif ruling == "split":
            yield from self._split(number, record)
        elif ruling == "add":
            yield from self._add(number, change, record)
        elif ruling in MERE:
            yield self._mere(change, ruling, record)
        else:
            raise UsageError(
                f"ruling is {ruling!r}; there are {', '.join(sorted(MERE | WHOLE | {'add', 'merge', 'split'}))}"
            )

    # ------------------------------------------------------------ on what is there

    def _mere(self, change: Mapping[str, Any], ruling: str, record: Record) -> New:
        if ruling == "comment":
            return self._comment(change, record)
        found = self._target(change.get("target"))
        reading = self._reading(found.document)
        item = self.item(found)
        fields = {name: value for name, value in record.items() if name not in NO_FIELDS} if ruling == "edit" else {}
        said: Record = {**self._checked(found.kind, reading, item, fields)} if fields else {}
        if ruling == "accept":
            ruling, said = self._as_shown(found)
        if record.get("adjudicates"):
            said["adjudicates"] = True
        base = self._base(found) or item
        anchor = self._anchor(reading, found.kind, base)
        was = {name: value for name, value in base.items() if name in KEPT}
        if found.kind == "mention":
            was = {"label": base.get("label"), "norm": base.get("norm")}
        return New(found.kind, found.key, ruling, _json({**said, "anchor": anchor, "was": was}), found.document,
                   found.target if found.proposed else None)  # fmt: skip

    def _as_shown(self, found: Target) -> tuple[str, Record]:
        """Who accepts what somebody changed accepts the change."""
        decision = (
            None
            if is_blind(self.store, found.document, self.user)
            else load_case(self.store, found.kind, found.key).verdict.decision
        )
        if decision is None or decision.ruling not in ("edit", "accept"):
            return "accept", {}
        said = {name: value for name, value in says(decision).items() if name != "was"}
        return "edit" if said else "accept", said

    def _comment(self, change: Mapping[str, Any], record: Record) -> New:
        text = record.get("text")
        if not isinstance(text, str) or not text.strip():
            raise UsageError("a comment has no text; write some")
        if change.get("target") and change["kind"] != "document":
            found = self._target(change["target"])
            proposal = found.target if found.proposed else None
            return New(found.kind, found.key, "comment", _json({"text": text}), found.document, proposal)
        document = str(change.get("document") or change.get("target"))
        self._reading(document)
        return New("document", document, "comment", _json({"text": text}), document)

    def item(self, found: Target) -> Record:
        """A target's record as it stands."""
        if found.kind == "entity":
            items = [each for each in Curated(self.store, found.document).entities if each.target == found.target]
        else:
            items = Curated(self.store, found.document, only=[found.target]).items(found.kind)
            items = [each for each in items if each.target == found.target]
        return dict(items[0].record) if items else {}

    def _base(self, found: Target) -> Record | None:
        """What a component proposed of a target."""
        record = self.store.one("SELECT record FROM proposal WHERE kind = ? AND id = ?", (found.kind, found.target))
        return orjson.loads(record) if record and found.proposed else None

    # ------------------------------------------------------------ additions

    def _add(self, number: int, change: Mapping[str, Any], record: Record) -> Iterator[New]:
        kind, document = change["kind"], str(change.get("document") or record.get("document"))
        reading = self._reading(document)
        target = str(change.get("target") or make_id("a", self.request, number))
        fields = {name: value for name, value in record.items() if name not in NO_FIELDS}
        if kind == "mention":
            yield self._add_mention(target, reading, fields)
        elif kind in ("relation", "event"):
            said = self._checked(kind, reading, {}, fields)
            places = said.get("places") or {}
            anchor = {name: places[name] for name in ("subject", "object", "trigger", "evidence") if name in places}
            yield New(kind, target, "add", _json({**said, "anchor": anchor}), document)
        else:
            raise UsageError(f"kind is {kind!r}; a mention, a relation or an event can be added")

    def _add_mention(self, target: str, reading: Reading, fields: Record) -> New:
        span = self._span(reading, fields)
        label = self._known("label", fields.get("label"), self.schema.labels)
        there = self.store.db.execute(
            "SELECT target, key, kind, document, proposed, revision FROM target WHERE document = ? AND kind = 'mention' AND "
            "start = ? AND \"end\" = ? AND state <> 'lost' ORDER BY proposed DESC, seq LIMIT 1",
            (reading.document, *span),
        ).fetchone()
        anchor = anchor_of(reading, *span)
        if there is not None:
            found = Target(*there)
            self.store.db.execute("INSERT OR REPLACE INTO alias VALUES (?, ?)", (target, found.target))
            same = self.item(found).get("label") == label
            said: Record = {"anchor": anchor} if same else {"label": label, "anchor": anchor}
            return New("mention", found.key, "accept" if same else "edit", _json(said), reading.document,
                       found.target if found.proposed else None)  # fmt: skip
        said = {
            "document": reading.document, "start": span.start, "end": span.end, "text": reading.text[span.start : span.end],
            "label": label, "norm": fields.get("norm"), "anchor": anchor,
        }  # fmt: skip
        return New("mention", target, "add", _json(said), reading.document)

    # ------------------------------------------------------------ entities

    def _merge(self, record: Record) -> Iterator[New]:
        found = [self._target(each) for each in record.get("entities") or ()]
        if len({each.target for each in found}) < 2 or any(each.kind != "entity" for each in found):
            raise UsageError(f"entities are {[each.target for each in found]}; name two or more entities to merge")
        types = {self.item(each).get("type") for each in found}
        if len(types) > 1:
            raise UsageError(f"they are {' and '.join(sorted(map(str, types)))}; change the type of one, then merge")
        named = {"name": record["name"]} if record.get("name") else {}
        for each in found:
            base = self._base(each) or self.item(each)
            anchor = self._anchor(self._reading(each.document), "entity", base)
            proposal = each.target if each.proposed else None
            if each is found[0]:
                said = {**named, "anchor": anchor, "was": {"type": base.get("type"), "name": base.get("name")}}
                yield New("entity", each.key, "edit" if named else "accept", _json(said), each.document, proposal)
            else:
                said = {**named, "anchor": anchor, "into": found[0].key}
                yield New("same", each.key, "merge", _json(said), each.document, proposal)

    def _split(self, number: int, record: Record) -> Iterator[New]:
        entity = self._target(record.get("entity"))
        mentions = [self._target(each) for each in record.get("mentions") or ()]
        if entity.kind != "entity" or not mentions or any(each.kind != "mention" for each in mentions):
            raise UsageError("name an entity and the mentions of it that are another")
        reading = self._reading(entity.document)
        items = [self.item(each) for each in mentions]
        strangers = [item["text"] for item in items if item.get("entity") != self.item(entity).get("id")]
        if strangers:
            raise UsageError(f"{strangers[0]!r} is no mention of {entity.target}; look again, it may have changed")
        made = make_id("e", self.request, number)
        first = min(items, key=lambda item: int(item["start"]))
        anchor = {"mention": anchor_of(reading, first["start"], first["end"])}
        name = record.get("name") or first["text"]
        yield New(
            "entity", made, "add", _json({"type": first["label"], "name": name, "anchor": anchor}), entity.document
        )
        for each, item in zip(mentions, items, strict=True):
            said = {"entity": made, "from": entity.target, "anchor": anchor_of(reading, item["start"], item["end"])}
            proposal = each.target if each.proposed else None
            yield New("same", each.key, "split", _json(said), each.document, proposal)

    # ------------------------------------------------------------ fields

    def _checked(self, kind: str, reading: Reading, item: Record, fields: Record) -> Record:
        """The fields of an edit or an addition, known to the schema and the text, with the anchors of their stretches."""
        said, places = dict(fields), dict[str, Any]()
        said.pop("document", None)
        if kind == "mention":
            if "start" in said or "end" in said:
                span = self._span(
                    reading, {**{name: item.get(name) for name in ("start", "end")}, **said, "text": said.get("text")}
                )
                said |= {"start": span.start, "end": span.end, "text": reading.text[span.start : span.end]}
                places["span"] = anchor_of(reading, *span)
            if "label" in said:
                self._known("label", said["label"], self.schema.labels)
        elif kind in ("entity", "relation", "event") and "type" in said:
            known = {"entity": self.schema.entities, "relation": self.schema.relations, "event": self.schema.events}[
                kind
            ]
            self._known("type", said["type"], known)
        if said.get("status") is not None:
            self._known("status", said["status"], self.schema.statuses)
        if kind in ("relation", "event"):
            self._relation_or_event(kind, reading, said, places, new=not item)
        return {**said, **({"places": places} if places else {})}

    def _relation_or_event(self, kind: str, reading: Reading, said: Record, places: Record, *, new: bool) -> None:
        spans = []
        for role, filler in list(said.items()):
            if isinstance(filler, list) and role != "evidence":
                said[role] = [self._filler(each)[0] for each in filler]
            elif isinstance(filler, dict) and "text" in filler and role != "trigger" and "min" not in filler:
                said[role], span = self._filler(filler)
                if span is not None and kind == "relation":
                    places[role] = anchor_of(reading, *span)
                    spans.append(span)
        if kind == "event" and (new or "trigger" in said):
            span = self._span(reading, said.get("trigger") or {})
            said["trigger"] = {"start": span.start, "end": span.end, "text": reading.text[span.start : span.end]}
            places["trigger"] = anchor_of(reading, *span)
            spans.append(span)
        if kind == "relation" and new and not {"subject", "object"} <= set(places):
            raise UsageError("a relation has two ends; give subject and object, each with the mention that it is")
        if new and not said.get("type"):
            raise UsageError(f"the {kind} has no type; name one")
        shown = [self._span(reading, each) for each in said.pop("evidence", None) or ()]
        if new and not shown:
            shown = [Span(min(s.start for s in spans), max(s.end for s in spans))]
        if shown:
            places["evidence"] = [anchor_of(reading, *span) for span in shown]

    def _filler(self, filler: Mapping[str, Any]) -> tuple[Record, Span | None]:
        """What fills a role, and where its words stand if a mention was named."""
        if not isinstance(filler.get("text"), str):
            raise UsageError(f"{dict(filler)!r:.80} has no text; give the words, and the mention they are")
        made = {name: filler[name] for name in ("text", "entity", "norm") if name in filler}
        if not filler.get("mention"):
            return made if len(made) > 1 else {**made, "norm": None}, None
        item = self.item(self._target(filler["mention"]))
        entity = item.get("entity")
        named = {"text": item["text"], **({"entity": entity} if entity else {"norm": item.get("norm")})}
        return named, Span(item["start"], item["end"])

    def _span(self, reading: Reading, place: Mapping[str, Any]) -> Span:
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

    def _known(self, name: str, value: Any, known: Any) -> str:
        if value not in known:
            raise UsageError(f"{name} is {value!r}; there are {', '.join(known)}")
        return str(value)

    def _target(self, target: Any) -> Target:
        found = find_target(self.store, target) if isinstance(target, str) else None
        if found is None:
            raise UsageError(f"there is no target {target!r}; load the document again")
        return found

    def _reading(self, document: str) -> Reading:
        reading = load_reading(self.store, document)
        if reading is None:
            raise UsageError(f"there is no document {document!r}; the list of documents has them all")
        return reading

    def _anchor(self, reading: Reading, kind: str, base: Record) -> Anchor:
        """The anchor of a record as a component proposed it; its mentions are looked up where it needs them."""
        if kind == "entity":
            rows = self.store.rows(
                "SELECT json_extract(record, '$.start'), json_extract(record, '$.end') FROM proposal WHERE document = ? AND "
                "kind = 'mention' AND superseded = 0 AND instr(record, ?) ORDER BY position LIMIT 1",
                (reading.document, f'"entity":"{base.get("id")}"'),
            )
            reading.mentions = {span: {"start": span[0], "end": span[1], "entity": base.get("id")} for span in rows}
        elif kind == "relation":
            for shown in base.get("evidence", ()):
                rows = self.store.rows(
                    "SELECT start, \"end\" FROM target WHERE document = ? AND kind = 'mention' AND start BETWEEN ? AND ?",
                    (reading.document, shown["start"], shown["end"]),
                )
                reading.mentions |= {span: {} for span in rows}
        anchor = anchor_record(reading, kind, base)
        if kind in ("relation", "event"):
            anchor["evidence"] = [anchor_of(reading, e["start"], e["end"]) for e in base.get("evidence", ())[:1]]
        return anchor


def _json(record: Record) -> str:
    return orjson.dumps(record, option=orjson.OPT_SORT_KEYS).decode()
