"""Rulings of people: appended, taken back, brought back, each group in one transaction with what follows from it.

What one request brings is one group: one step of undo. A request that comes again gets the first answer and writes nothing.
An undo is rows of its own; the ruling in force of a reviewer on a thing is the last one that was not undone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import orjson

from dossier.errors import UsageError
from dossier.store.chain import FIRST, Decision, New, first_fault, get, iter_decisions, standing, write
from dossier.store.db import Store
from dossier.store.targets import settle
from dossier.store.verdicts import COMMENT, UNDO, resolve

__all__ = [
    "FIRST",
    "Decision",
    "New",
    "append",
    "first_fault",
    "group",
    "last_group",
    "load_rulings",
    "record",
    "record_all",
    "undo",
]


def append(
    store: Store, *, kind: str, key: str, ruling: str, record: str, user: str, proposal: str | None = None,
    undoes: int | None = None, document: str | None = None, request: str | None = None,
) -> Decision:  # fmt: skip
    """Add a ruling and return it. The row is on the disk when this returns.

    A ruling on a proposal hangs on what that is bound to, whatever `key` says. document: whose words the record quotes; by
    default that of the proposal, or the one that the record names.
    """
    row = New(kind, key, ruling, record, document, proposal, undoes)
    with store.transaction():
        return write_rows(store, [row], user=user, request=request)[0]


def record(store: Store, make: Callable[[], Sequence[New]], *, user: str, request: str) -> list[Decision]:
    """Add the group of rulings that `make` gives, in one transaction. A request that came before gets what it made then."""
    with store.transaction():
        return group(store, request, user) or write_rows(store, make(), user=user, request=request)


def record_all(
    store: Store, groups: Sequence[tuple[str, str, Callable[[], Sequence[New]]]], then: Callable[[], None]
) -> list[Decision]:
    """Add the groups of several reviewers (user, request, what makes the rows), and do `then`, all in one transaction."""
    made: list[Decision] = []
    with store.transaction():
        for user, request, make in groups:
            made += group(store, request, user) or write_rows(store, make(), user=user, request=request)
        then()
    return made


def group(store: Store, request: str, user: str) -> list[Decision]:
    """The decisions that a request made. Raises UsageError where it was somebody else's."""
    found = list(iter_decisions(store, "WHERE d.request = ? ORDER BY d.id", (request,)))
    if found and found[0].user != user:
        raise UsageError(f"request {request!r} was {found[0].user}'s; send a new one")
    return found


def write_rows(store: Store, rows: Sequence[New], *, user: str, request: str | None = None) -> list[Decision]:
    """Append rows and bring everything up to them. Only inside a transaction."""
    rows = [_bound(store, row) for row in rows]
    made = write(store, rows, user=user, request=request)
    for (kind, key), document in {(row.kind, row.key): row.document for row in rows}.items():
        settle(store, kind, key, document)
    return made


def _bound(store: Store, row: New) -> New:
    """The row with the key and the document that its proposal has."""
    key, document = row.key, row.document
    if row.proposal is not None and row.undoes is None:
        found = store.db.execute("SELECT key, document FROM target WHERE target = ?", (row.proposal,)).fetchone()
        if found is None:
            own = store.one("SELECT document FROM proposal WHERE kind = ? AND id = ?", (row.kind, row.proposal))
            found = (row.proposal, own)
        key, document = found[0], document or found[1]
    if document is None:
        lasts = row.ruling == "forget" or row.undoes is not None  # what must outlive the document
        whole = None if lasts else key
        document = whole if row.kind == "document" else orjson.loads(row.record).get("document")
    return New(row.kind, key, row.ruling, row.record, document, row.proposal, row.undoes)


# ------------------------------------------------------------------ back and forth


def undo(store: Store, decision: int, *, user: str) -> Decision:
    """Take a ruling back by a row of its own. Undoing an undo brings the ruling back."""
    with store.transaction():
        old = get(store, decision)
        if old is None:
            raise UsageError(f"there is no decision {decision}; nothing was undone")
        if store.one("SELECT id FROM decision WHERE undoes = ?", (decision,)):
            raise UsageError(f"decision {decision} is undone already")
        return write_rows(store, [opposite(store, old)], user=user, request=None)[0]


def opposite(store: Store, old: Decision) -> New:
    """The row that takes another back."""
    document = store.one("SELECT document FROM said WHERE digest = ?", (old.said,))
    return New(old.kind, old.key, UNDO, "{}", document, old.proposal, old.id)


def last_group(store: Store, user: str, *, redo: bool, document: str | None = None) -> list[Decision]:
    """The rows that undo, or redo, would take back next: the last group of a reviewer that is in force, or was undone last.

    A redo goes back no further than the reviewer's last ruling: what was undone before that is settled.
    """
    for rows in _groups(store, user, document):
        if redo and rows[0].undoes is None:
            return []
        undone = any(store.one("SELECT 1 FROM decision WHERE undoes = ?", (row.id,)) for row in rows)
        if not undone and _depth(store, rows[0]) % 2 == redo:
            return rows
    return []


def _depth(store: Store, row: Decision) -> int:
    """How many rulings back a row reaches: 0 a ruling, 1 its undo, 2 the redo."""
    depth, undoes = 0, row.undoes
    while undoes is not None:
        depth += 1
        undoes = store.one("SELECT undoes FROM decision WHERE id = ?", (undoes,))
    return depth


def _groups(store: Store, user: str, document: str | None) -> Iterator[list[Decision]]:
    """The groups of a reviewer, the newest first; with `document`, those that touch it."""
    where = "WHERE d.user = ? AND d.ruling NOT IN ('forget') "
    bindings: tuple[str, ...] = (user,)
    if document is not None:
        where, bindings = where + "AND s.document = ? ", (user, document)
    seen: set[str] = set()
    for row in iter_decisions(store, where + "ORDER BY d.id DESC", bindings):
        if row.request is None:
            yield [row]
        elif row.request not in seen:
            seen.add(row.request)
            yield list(iter_decisions(store, "WHERE d.request = ? ORDER BY d.id", (row.request,)))


# ------------------------------------------------------------------ what is in force


def load_rulings(store: Store) -> dict[str, Decision]:
    """The rulings in force on proposals, by the proposal's id: where reviewers differ, the adjudicator's or none."""
    votes: dict[tuple[str, str], list[Decision]] = {}
    for row in iter_decisions(store, "JOIN vote v ON v.decision = d.id WHERE d.proposal IS NOT NULL ORDER BY d.id"):
        votes.setdefault((row.kind, row.key), []).append(row)
    bound = dict(store.rows("SELECT key, target FROM target WHERE key <> target"))
    found = {}
    for (kind, key), rows in votes.items():
        decision = resolve(rows).decision
        if decision is not None and kind != "same":
            found[bound.get(key, key)] = decision
    return found


def comments(store: Store, document: str) -> list[Decision]:
    """The comments on a document and what is in it, the oldest first."""
    rows = iter_decisions(
        store, "WHERE s.document = ? AND (d.ruling = ? OR d.undoes IS NOT NULL) ORDER BY d.id DESC", (document, COMMENT)
    )
    return [row for row in standing(rows) if row.ruling == COMMENT][::-1]
