"""Everything that was ruled on one thing: the rulings in force, what they were about, and what they come to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import orjson

from dossier.store.chain import Decision, iter_decisions
from dossier.store.db import Store
from dossier.store.verdicts import Verdict, in_force, resolve, says

Record = Mapping[str, Any]


@dataclass
class Case:
    """One thing. `rows`: all its decisions, undone ones too, newest first; `origin`: what was proposed when it was first ruled
    on, or what a person `added`."""

    kind: str
    key: str
    votes: list[Decision] = field(default_factory=list)
    rows: list[Decision] = field(default_factory=list)
    origin: dict[str, Any] = field(default_factory=dict)
    added: bool = False
    revision: int = 0

    @cached_property
    def verdict(self) -> Verdict:
        """How it stands. What a person added stays an addition when it is accepted or changed."""
        found = resolve(self.votes, self.origin)
        if self.added and self.kind != "document" and found.state in ("accepted", "edited"):
            return Verdict("added", found.decision)
        return found


def make_case(kind: str, key: str, rows: Iterable[Decision], proposed: Record | None, user: str | None = None) -> Case:
    """The case of decisions on a thing, newest first. proposed: what had its key as id. user: whose rulings alone count."""
    rows = list(rows)
    votes = [vote for vote in in_force(rows).values() if user in (None, vote.user)]
    additions = [row for row in reversed(rows) if row.ruling == "add" and not row.void]
    origin: Record = proposed or {}
    if not proposed and additions:
        origin = says(additions[0])
    elif not proposed:
        told = [row.says().get("was") for row in reversed(rows)]
        origin = next((was for was in told if isinstance(was, dict)), {})
    return Case(kind, key, votes, rows, dict(origin), bool(additions and not proposed), rows[0].id if rows else 0)


def load_case(store: Store, kind: str, key: str) -> Case:
    rows = iter_decisions(store, "WHERE d.kind = ? AND d.key = ? ORDER BY d.id DESC", (kind, key))
    record = store.one("SELECT record FROM proposal WHERE kind = ? AND id = ?", (kind, key))
    return make_case(kind, key, rows, orjson.loads(record) if record else None)
