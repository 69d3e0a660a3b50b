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
from dataclasses import replace
from typing import Any

import orjson

from dossier.errors import UsageError
from dossier.records import make_id
from dossier.review.fields import Fields, Target
from dossier.store.anchors import Anchor, Reading, anchor_of, anchor_record
from dossier.store.cases import load_case
from dossier.store.chain import New
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


class Rows(Fields):
    """Makes the rows of one group."""

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
            self.reading(document)
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
        found = self.target(change.get("target"))
        reading = self.reading(found.document)
        proposed = self._base(found)
        item = proposed if proposed and (ruling != "edit" or found.kind == "entity") else self.item(found)
        fields = {name: value for name, value in record.items() if name not in NO_FIELDS} if ruling == "edit" else {}
        said: Record = {**self.checked(found.kind, reading, item, fields)} if fields else {}
        if ruling == "accept":
            ruling, said = self._as_shown(found)
        if record.get("adjudicates"):
            said["adjudicates"] = True
        base = proposed or item
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
            found = self.target(change["target"])
            proposal = found.target if found.proposed else None
            return New(found.kind, found.key, "comment", _json({"text": text}), found.document, proposal)
        document = str(change.get("document") or change.get("target"))
        self.reading(document)
        return New("document", document, "comment", _json({"text": text}), document)

    def _base(self, found: Target) -> Record | None:
        """What a component proposed of a target."""
        record = self.store.one("SELECT record FROM proposal WHERE kind = ? AND id = ?", (found.kind, found.target))
        return orjson.loads(record) if record and found.proposed else None

    # ------------------------------------------------------------ additions

    def _add(self, number: int, change: Mapping[str, Any], record: Record) -> Iterator[New]:
        kind, document = change["kind"], str(change.get("document") or record.get("document"))
        reading = self.reading(document)
        target = str(change.get("target") or make_id("a", self.request, number))
        fields = {name: value for name, value in record.items() if name not in NO_FIELDS}
        if kind == "mention":
            yield self._add_mention(target, reading, fields)
        elif kind in ("relation", "event"):
            said = self.checked(kind, reading, {}, fields)
            places = said.get("places") or {}
            anchor = {name: places[name] for name in ("subject", "object", "trigger", "evidence") if name in places}
            yield New(kind, target, "add", _json({**said, "anchor": anchor}), document)
        else:
            raise UsageError(f"kind is {kind!r}; a mention, a relation or an event can be added")

    def _add_mention(self, target: str, reading: Reading, fields: Record) -> New:
        span = self.span(reading, fields)
        label = self.known("label", fields.get("label"), self.schema.labels)
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
        found = [self.target(each) for each in record.get("entities") or ()]
        if len({each.target for each in found}) < 2 or any(each.kind != "entity" for each in found):
            raise UsageError(f"entities are {[each.target for each in found]}; name two or more entities to merge")
        types = {self.item(each).get("type") for each in found}
        if len(types) > 1:
            raise UsageError(f"they are {' and '.join(sorted(map(str, types)))}; change the type of one, then merge")
        named = {"name": record["name"]} if record.get("name") else {}
        for each in found:
            base = self._base(each) or self.item(each)
            anchor = self._anchor(self.reading(each.document), "entity", base)
            proposal = each.target if each.proposed else None
            if each is found[0]:
                said = {**named, "anchor": anchor, "was": {"type": base.get("type"), "name": base.get("name")}}
                yield New("entity", each.key, "edit" if named else "accept", _json(said), each.document, proposal)
            else:
                said = {**named, "anchor": anchor, "into": found[0].key}
                yield New("same", each.key, "merge", _json(said), each.document, proposal)

    def _split(self, number: int, record: Record) -> Iterator[New]:
        entity = self.target(record.get("entity"))
        mentions = [self.target(each) for each in record.get("mentions") or ()]
        if entity.kind != "entity" or not mentions or any(each.kind != "mention" for each in mentions):
            raise UsageError("name an entity and the mentions of it that are another")
        reading = self.reading(entity.document)
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
