"""Rulings: appended, signed, dated, chained, never rewritten.

Each row's hash covers the row and the hash before it, so a row that was altered, dropped or moved shows. An undo is a
row of its own. The ruling in force for a key is the last one that was not undone.
"""

from __future__ import annotations

import hashlib
from dataclasses import astuple, dataclass, replace

import orjson

from dossier.errors import UsageError
from dossier.store.db import Store, now

FIRST = "0" * 64


@dataclass(frozen=True, slots=True)
class Decision:
    """One ruling. `key`: what it hangs on, which outlives the `proposal` it was made about; `record`: JSON of what it says."""

    id: int
    kind: str
    key: str
    proposal: str | None
    ruling: str
    record: str
    user: str
    made_at: str
    undoes: int | None
    previous: str
    hash: str

    def make_hash(self) -> str:
        return hashlib.sha256(orjson.dumps(astuple(self)[:-1])).hexdigest()


COLUMNS = "id, kind, key, proposal, ruling, record, user, made_at, undoes, previous, hash"


def append(
    store: Store,
    *,
    kind: str,
    key: str,
    ruling: str,
    record: str,
    user: str,
    proposal: str | None = None,
    undoes: int | None = None,
) -> Decision:
    """Add a ruling and return it. The row is on the disk when this returns."""
    with store.transaction():
        last = store.db.execute("SELECT id, hash FROM decision ORDER BY id DESC LIMIT 1").fetchone() or (0, FIRST)
        bare = Decision(last[0] + 1, kind, key, proposal, ruling, record, user, now(), undoes, last[1], "")
        made = replace(bare, hash=bare.make_hash())
        store.db.execute(f"INSERT INTO decision ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", astuple(made))
    return made


def undo(store: Store, decision: int, *, user: str) -> Decision:
    """Take a ruling back by a row of its own. Undoing an undo brings the ruling back."""
    row = store.db.execute(f"SELECT {COLUMNS} FROM decision WHERE id = ?", (decision,)).fetchone()
    if row is None:
        raise UsageError(f"there is no decision {decision}; nothing was undone")
    old = Decision(*row)
    if store.one("SELECT id FROM decision WHERE undoes = ?", (decision,)):
        raise UsageError(f"decision {decision} is undone already")
    return append(
        store, kind=old.kind, key=old.key, proposal=old.proposal, ruling="undo", record="{}",
        user=user, undoes=decision,
    )  # fmt: skip


def load_rulings(store: Store) -> dict[str, Decision]:
    """The rulings in force on proposals, by the proposal's id: of each key the last that was not undone."""
    found: dict[str, Decision] = {}
    undone: set[int] = set()
    for row in store.rows(f"SELECT {COLUMNS} FROM decision WHERE proposal IS NOT NULL ORDER BY id DESC"):
        decision = Decision(*row)
        if decision.id in undone:  # an undo that was itself undone has no effect
            continue
        if decision.undoes is not None:
            undone.add(decision.undoes)
        else:
            found.setdefault(decision.proposal or "", decision)
    return found


def first_fault(store: Store) -> str | None:
    """The first row whose place in the chain is wrong, in words; None when the chain is whole."""
    previous, expected = FIRST, 1
    for row in store.rows(f"SELECT {COLUMNS} FROM decision ORDER BY id"):
        decision = Decision(*row)
        if decision.id != expected:
            return f"decision {expected} is missing: the row after {expected - 1} is {decision.id}"
        if decision.previous != previous:
            return f"decision {decision.id} does not follow decision {expected - 1}: a row was dropped or moved"
        if decision.make_hash() != decision.hash:
            return f"decision {decision.id} of {decision.user} was altered after it was made"
        previous, expected = decision.hash, expected + 1
    return None
