"""The log of decisions: rows that are appended, signed, dated, chained, and never rewritten.

Each row's hash covers the row and the hash before it, so a row that was altered, dropped or moved shows. What a ruling says
may quote a report, and a report may have to be forgotten: so a row holds only the digest of its record, and the record lies
beside the chain, salted, so that nobody can find out by guessing what was forgotten.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from dossier.store.db import Store, now

FIRST = "0" * 64
MARK = "sha256:"  # before the digest of a record; rows of before hold the record itself


@dataclass(frozen=True, slots=True)
class Decision:
    """One ruling. `key`: what it hangs on, which outlives the `proposal` it was made about; `record`: JSON of what it says.

    `request` names the group that it was made in, `said` is what the row holds for its record: the digest.
    """

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
    request: str | None = None
    said: str = ""

    def make_hash(self) -> str:
        row: list[object] = [
            self.id, self.kind, self.key, self.proposal, self.ruling, self.said or self.record, self.user, self.made_at,
            self.undoes, self.previous,
        ]  # fmt: skip
        return hashlib.sha256(orjson.dumps(row if self.request is None else [*row, self.request])).hexdigest()

    @property
    def void(self) -> bool:
        """Whether what it says was forgotten with its document: it has no effect any more."""
        return not self.record

    def says(self) -> dict[str, Any]:
        """What it says; nothing where that was forgotten."""
        found: dict[str, Any] = orjson.loads(self.record) if self.record.startswith("{") else {}
        return found


@dataclass(frozen=True, slots=True)
class New:
    """A row to be. `document`: whose words it may quote."""

    kind: str
    key: str
    ruling: str
    record: str
    document: str | None = None
    proposal: str | None = None
    undoes: int | None = None


SELECT = (
    "SELECT d.id, d.kind, d.key, d.proposal, d.ruling, coalesce(s.record, iif(s.digest IS NULL, d.record, '')), d.user, "
    "d.made_at, d.undoes, d.previous, d.hash, d.request, d.record FROM decision d LEFT JOIN said s ON s.digest = d.record"
)


def digest_of(salt: str, document: str | None, record: str) -> str:
    return MARK + hashlib.sha256(orjson.dumps([salt, document, record])).hexdigest()


def write(store: Store, rows: Iterable[New], *, user: str, request: str | None = None) -> list[Decision]:
    """Append rows to the chain. Only inside a transaction, which makes them last."""
    last = store.db.execute("SELECT id, hash FROM decision ORDER BY id DESC LIMIT 1").fetchone() or (0, FIRST)
    number, previous = last
    made_at, made = now(), []
    for row in rows:
        number += 1
        salt = secrets.token_hex(16)
        said = digest_of(salt, row.document, row.record)
        bare = Decision(number, row.kind, row.key, row.proposal, row.ruling, row.record, user, made_at, row.undoes,
                        previous, "", request, said)  # fmt: skip
        previous = bare.make_hash()
        store.db.execute("INSERT INTO said VALUES (?, ?, ?, ?)", (said, row.document, salt, row.record))
        made.append(insert(store, bare, previous))
    return made


def insert(store: Store, row: Decision, hash_: str) -> Decision:
    """Put a row as it is into the table."""
    values = (row.id, row.kind, row.key, row.proposal, row.ruling, row.said or row.record, row.user, row.made_at, row.undoes,
              row.previous, hash_, row.request)  # fmt: skip
    store.db.execute("INSERT INTO decision VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", values)
    return Decision(*values[:5], row.record, *values[6:], row.said)  # type: ignore[arg-type]


def iter_decisions(store: Store, where: str = "", bindings: tuple[Any, ...] = ()) -> Iterator[Decision]:
    """Decisions, `where` being the rest of the query over `d`."""
    for row in store.rows(f"{SELECT} {where}", bindings):
        yield Decision(*row)


def get(store: Store, decision: int) -> Decision | None:
    return next(iter_decisions(store, "WHERE d.id = ?", (decision,)), None)


def standing(rows: Iterable[Decision]) -> Iterator[Decision]:
    """Of rows, newest first, those that rule and were not undone."""
    undone: set[int] = set()
    for row in rows:
        if row.id in undone or row.void:  # an undo that was itself undone has no effect
            continue
        if row.undoes is not None:
            undone.add(row.undoes)
        else:
            yield row


def first_fault(store: Store) -> str | None:
    """The first row whose place in the chain is wrong, in words; None when the chain is whole."""
    return check_chain(iter_faults_input(store))


def iter_faults_input(store: Store) -> Iterator[tuple[Decision, tuple[str, str | None, str | None] | None]]:
    """Every row with the salt, document and record kept for its digest, or None where there is none."""
    for *row, salt, document, record, found in store.rows(
        "SELECT d.id, d.kind, d.key, d.proposal, d.ruling, d.record, d.user, d.made_at, d.undoes, d.previous, d.hash, "
        "d.request, d.record, s.salt, s.document, s.record, s.digest FROM decision d LEFT JOIN said s ON s.digest = d.record "
        "ORDER BY d.id"
    ):
        yield Decision(*row), (salt, document, record) if found else None


def check_chain(rows: Iterable[tuple[Decision, tuple[str, str | None, str | None] | None]]) -> str | None:
    """What `first_fault` says, of rows from wherever."""
    previous, expected = FIRST, 1
    forgotten: dict[str | None, int] = {}  # document -> a decision whose words are gone
    for row, said in rows:
        if row.id != expected:
            return f"decision {expected} is missing: the row after {expected - 1} is {row.id}"
        if row.previous != previous:
            return f"decision {row.id} does not follow decision {expected - 1}: a row was dropped or moved"
        if row.make_hash() != row.hash:
            return f"decision {row.id} of {row.user} was altered after it was made"
        if row.said.startswith(MARK):
            if said is None:
                return f"what decision {row.id} of {row.user} says is missing"
            salt, document, record = said
            if record is None:
                forgotten.setdefault(document, row.id)
            elif digest_of(salt, document, record) != row.said:
                return f"what decision {row.id} of {row.user} says was altered after it was made"
        if row.ruling == "forget":
            forgotten.pop(row.key, None)
        previous, expected = row.hash, expected + 1
    for number in sorted(forgotten.values()):
        return f"what decision {number} says is missing, and nobody had its document forgotten"
    return None
