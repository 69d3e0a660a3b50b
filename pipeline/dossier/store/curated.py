"""What a document comes to with everything that people ruled on it: the records that every export and the page show.

Rulings are applied to what was proposed: fields are set, stretches are put where their anchors are now, what people added joins,
entities that were found to be one are one under the id that was given first, and what was split off has an id of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import orjson

from dossier.errors import WorkspaceError
from dossier.normalize.cover import Cover
from dossier.records import Extraction, make_id
from dossier.resources import configs_folders
from dossier.schema import load_schema
from dossier.store.anchors import Reading, load_reading, locate
from dossier.store.applied import PARTS, Applied
from dossier.store.cases import Case, make_case
from dossier.store.chain import Decision, iter_decisions
from dossier.store.db import Store
from dossier.store.documents import load_document
from dossier.store.placing import ATTRIBUTES, Placing
from dossier.store.proposals import iter_proposals, load_extraction
from dossier.store.verdicts import DISPUTED, LOST, PENDING, resolve, says

ROLES = ("subject", "object", "place", "perpetrator", "target", "claimed_by", "party", "result", "authority", "weapon")
STRETCH = frozenset(("start", "end", "text", "trigger"))
UNRULED = {"state": PENDING, "by": None, "at": None}

Record = dict[str, Any]


@dataclass(slots=True)
class Item:
    """One thing as it stands. `target` is what it is ruled on by; `proposed`: a standing proposal is behind it."""

    kind: str
    target: str
    record: Record
    state: str = PENDING
    proposed: bool = True
    revision: int = 0
    why: list[str] = field(default_factory=list)
    decision: Decision | None = None
    votes: list[Decision] = field(default_factory=list)

    @property
    def review(self) -> Record:
        """As exports say it: what people added is accepted; a dispute or a lost place waits."""
        state = {"added": "accepted", DISPUTED: PENDING, LOST: PENDING}.get(self.state, self.state)
        if self.decision is None or state == PENDING:
            return dict(UNRULED)
        return {"state": state, "by": self.decision.user, "at": self.decision.made_at}


class Curated(Applied):
    """One document with its rulings. Made for one look, in one transaction or none."""

    def __init__(
        self, store: Store, document: str, *, user: str | None = None, only: Sequence[str] | None = None
    ) -> None:
        """user: whose rulings count, where each reviewer is to see their own. only: the targets to look at; the others are not
        loaded. An entity among them is without what merges and splits brought it."""
        self.store, self.document, self.user = store, document, user
        self.asked = None if only is None else frozenset(only)
        self.only = None if only is None else orjson.dumps(list(only)).decode()
        self._there: dict[str, bool] = {}
        self._items: dict[str, list[Item]] = {}

    @cached_property
    def cases(self) -> dict[tuple[str, str], Case]:
        """What was ruled on things of the document, by kind and key; only what somebody's ruling is in force on."""
        where, bindings = "document = ?1", tuple[Any, ...]((self.document,))
        if self.only is not None:
            where += " AND (kind IN ('entity', 'same') OR key IN (SELECT key FROM target WHERE target IN "
            where += "(SELECT value FROM json_each(?2))))"
            bindings = (self.document, self.only)
        things = f"SELECT kind, key FROM vote WHERE {where}"
        rows: dict[tuple[str, str], list[Decision]] = {}
        for row in iter_decisions(self.store, f"WHERE (d.kind, d.key) IN ({things}) ORDER BY d.id DESC", bindings):
            rows.setdefault((row.kind, row.key), []).append(row)
        former = {
            (kind, id_): orjson.loads(record)
            for kind, id_, record in self.store.rows(
                f"SELECT p.kind, p.id, p.record FROM ({things}) v JOIN proposal p ON p.kind = v.kind AND p.id = v.key",
                bindings,
            )
        }
        made = {thing: make_case(*thing, found, former.get(thing), self.user) for thing, found in rows.items()}
        return {thing: case for thing, case in made.items() if case.votes}

    @cached_property
    def extraction(self) -> Extraction:
        if self.only is None:
            return load_extraction(self.store, self.document)
        extraction = Extraction(self.document)
        for kind, record in self.store.rows(
            "SELECT p.kind, p.record FROM json_each(?) e JOIN target t ON t.target = e.value JOIN proposal p "
            "ON p.kind = t.kind AND p.id = t.target WHERE t.proposed = 1",
            (self.only,),
        ):
            getattr(extraction, ATTRIBUTES[kind]).append(orjson.loads(record))
        return extraction

    @cached_property
    def reading(self) -> Reading:  # type: ignore[override]
        reading = load_reading(self.store, self.document)
        if reading is None:
            raise WorkspaceError(f"there is no document {self.document!r}; `dossier status` lists them")
        return reading

    @cached_property
    def cover(self) -> Cover:  # type: ignore[override]
        return Cover(load_document(self.store, self.document))

    @cached_property
    def placing(self) -> Placing:
        return Placing(self.reading, self.extraction)

    @cached_property
    def rows(self) -> dict[str, tuple[Any, ...]]:
        """The targets of the document: key, kind, proposed, state, revision, why; by target."""
        which = "SELECT target, key, kind, proposed, state, revision, why, seq FROM target WHERE"
        if self.only is None:
            rows = self.store.rows(f"{which} document = ? ORDER BY seq", (self.document,))
        else:  # by their names, not all of the document: hence the `+`
            asked = f"{which} +document = ?1 AND target IN (SELECT value FROM json_each(?2))"
            found_again = f"{which} document = ?1 AND kind = 'entity' AND key <> target"
            rows = self.store.rows(f"{asked} UNION {found_again} ORDER BY seq", (self.document, self.only))
        return {row[0]: row[1:-1] for row in rows}

    # ------------------------------------------------------------ records

    def items(self, kind: str) -> list[Item]:
        """Everything of a kind, rejected and lost ones too: proposals in the order of the text, then what people added."""
        if kind not in self._items:
            made = self.mentions if kind == "mention" else self.entities if kind == "entity" else self._others(kind)
            self._items[kind] = made
        return self._items[kind]

    @cached_property
    def mentions(self) -> list[Item]:
        """Mentions, with the entity each belongs to once merges and splits are done."""
        found = self.plain("mention")
        for item in found:
            item.record["entity"] = self._entity_of(item)
        return found

    @cached_property
    def by_span(self) -> dict[tuple[int, int], Item]:  # type: ignore[override]
        return {(item.record["start"], item.record["end"]): item for item in self.mentions if item.state != "rejected"}

    def _others(self, kind: str) -> list[Item]:
        found = self.plain(kind)
        for item in found:
            self.rename(item.record)
        return found

    def plain(self, kind: str) -> list[Item]:
        items = []
        proposed = {record["id"]: record for record in getattr(self.extraction, ATTRIBUTES[kind])}
        for target, (key, row_kind, stands, state, revision, why) in self.rows.items():
            if row_kind != kind or (self.asked is not None and target not in self.asked):
                continue
            case = self.cases.get((kind, key)) or Case(kind, key)
            if stands:
                base = proposed.get(target)
            elif not case.votes:
                continue
            else:
                base = None if state == LOST else self.placing.unproposed(case)
            item = Item(kind, target, {}, PENDING, bool(stands), revision, orjson.loads(why))
            items.append(self._item(target, base, case, item))
        order = {number: at for at, number in enumerate(proposed)}
        items.sort(key=lambda item: (order.get(item.target, len(order)), item.target))
        return sorted(items, key=lambda item: item.record.get("start", 0)) if kind == "mention" else items

    def _item(self, target: str, base: Mapping[str, Any] | None, case: Case, item: Item) -> Item:
        """Fill in what a target has come to."""
        verdict = case.verdict
        item.state = (
            LOST if base is None else "accepted" if item.proposed and verdict.state == "added" else verdict.state
        )
        item.decision, item.votes = verdict.decision, case.votes
        known = base or self.placing.last_known(case)
        shown = {name: value for name, value in known.items() if name not in PARTS}
        if case.added:  # its stretch was found by its anchor already
            shown = self.apply(case.kind, shown, {n: v for n, v in case.origin.items() if n not in STRETCH})
        if verdict.decision is not None and verdict.decision.ruling not in ("add", "reject"):
            shown = self.apply(case.kind, shown, says(verdict.decision))
        shown.setdefault("id", target)
        item.record = shown if item.proposed else self.complete(case.kind, shown)
        return item

    # ------------------------------------------------------------ entities

    def key(self, target: str) -> str:
        """What the rulings on a target hang on."""
        return str(self.rows[target][0]) if target in self.rows else target

    @cached_property
    def renamed(self) -> dict[str, str]:
        """Of entities that have another id now: the id first given, or that of what they were merged into."""
        first = {target: key for target, (key, kind, *_) in self.rows.items() if kind == "entity" and key != target}
        found = {}
        for number in {*first, *self.merged}:
            at, seen = first.get(number, number), set[str]()
            while at not in seen:
                seen.add(at)
                merge = self.merged.get(at) or self._elsewhere(at)
                at = str(says(merge)["into"]) if merge else at
            found[number] = at
        return found

    def _elsewhere(self, number: str) -> Decision | None:
        """A merge of an entity of another document."""
        rows = iter_decisions(
            self.store, "JOIN vote v ON v.decision = d.id WHERE v.kind = 'same' AND v.key = ? ORDER BY d.id", (number,)
        )
        decision = resolve([row for row in rows if self.user in (None, row.user)]).decision
        return decision if decision is not None and decision.ruling == "merge" else None

    @cached_property
    def rejected(self) -> set[str]:
        """Entities that there are none, as people ruled."""
        targets = {key: target for target, (key, kind, *_) in self.rows.items() if kind == "entity"}
        found = {
            key for (kind, key), case in self.cases.items() if kind == "entity" and case.verdict.state == "rejected"
        }
        return found | {targets[key] for key in found if key in targets}

    @cached_property
    def drained(self) -> set[str]:
        """Entities that mentions were split off from."""
        return {str(says(row).get("from")) for row in self.split.values()}

    @cached_property
    def merged(self) -> dict[str, Decision]:
        """The merges in force, by the id of what was merged."""
        return {row.key: row for row in self._same("merge")}

    @cached_property
    def split(self) -> dict[str, Decision]:
        """The splits in force, by the mention that was split off."""
        return {row.key: row for row in self._same("split")}

    def _same(self, ruling: str) -> Iterator[Decision]:
        for (kind, _), case in self.cases.items():
            if kind == "same":
                decision = case.verdict.decision
                if decision is not None and decision.ruling == ruling:
                    yield decision

    def _entity_of(self, item: Item) -> str | None:
        """The entity of a mention: that it was split off to, that it had, or that its name has in this document."""
        record, key = item.record, self.rows[item.target][0]
        if key in self.split:
            return str(says(self.split[key])["entity"])
        number = record.get("entity")
        label = record.get("label")
        if number is not None and self._type(number) in (None, label):
            return None if number in self.rejected else self.renamed.get(number, number)
        if item.decision is None or item.state == LOST or label not in self._entity_labels:
            return None
        named = self._by_name.get((str(label), str(record.get("text")).casefold()))
        return self.renamed.get(named, named) if named else self.own_entity(record)

    def own_entity(self, record: Mapping[str, Any]) -> str:
        """The id of the entity that a name of a person's own marking stands for."""
        return make_id("e", self.document, record.get("label"), str(record.get("text")).casefold())

    @cached_property
    def _entity_labels(self) -> frozenset[str]:
        return load_schema(configs_folders(self.store.folder / "configs")).entities

    @cached_property
    def _types(self) -> dict[str, str]:
        """The types of entities that people set, or that were asked for."""
        found = {}
        for (kind, key), case in self.cases.items():
            decision = case.verdict.decision if kind == "entity" else None
            if decision is not None and "type" in says(decision):
                found[key] = str(says(decision)["type"])
        return found

    def _type(self, number: str) -> str | None:
        if number not in self._types:
            found = self.store.one("SELECT label FROM target WHERE target = ? AND kind = 'entity'", (number,))
            self._types[number] = str(found or "")
        return self._types[number] or None

    @cached_property
    def _by_name(self) -> dict[tuple[str, str], str]:
        return {
            (str(record["type"]), str(name["text"]).casefold()): str(record["id"])
            for record in reversed([*iter_proposals(self.store, "entity", self.document)])
            for name in record["names"]
        }

    @cached_property
    def entities(self) -> list[Item]:
        """Entities under the ids first given, merged, split, and those of names that people marked."""
        from dossier.store.identity import unite

        return unite(self)

    def rename(self, record: Record) -> None:
        """Let what a record names be called by the ids that stand."""
        for role in ROLES:
            filler = record.get(role)
            if isinstance(filler, list):
                record[role] = [self._renamed(each) for each in filler]
            elif isinstance(filler, dict):
                record[role] = self._renamed(filler)

    def _renamed(self, filler: Record) -> Record:
        made = {name: value for name, value in filler.items() if name in ("text", "entity", "norm")}
        span = locate(self.reading, filler["anchor"]) if filler.get("anchor") else None
        at = self.by_span.get(span) if span else None
        if at is not None:
            made["entity"] = at.record.get("entity")
        number = made.pop("entity", None)
        if number is None or number in self.rejected or not self._is_there(number):
            return {"text": made["text"], "norm": made.get("norm")}
        return {"text": made["text"], "entity": self.renamed.get(number, number)}

    def _is_there(self, number: str) -> bool:
        """Whether there is an entity of this id, proposed, ruled on, or of a name that a person marked."""
        if number not in self._there:
            sql = "SELECT 1 FROM target WHERE kind = 'entity' AND (target = ?1 OR key = ?1 AND key <> target)"
            found = self.store.one(sql, (number,)) or number in self.renamed.values()
            self._there[number] = bool(found) or any(item.record.get("entity") == number for item in self.mentions)
        return self._there[number]
