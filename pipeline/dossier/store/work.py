"""Who looks at what, and for how long."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

import orjson

from dossier.errors import UsageError
from dossier.store.db import Store, now
from dossier.store.worth import entities_of

TOP = 100  # documents and profiles that took the longest, as shown
LONGEST = 3600  # seconds that one report of time may bring


# ------------------------------------------------------------------ time


def add_seconds(store: Store, user: str, request: str, document: str, seconds: int) -> bool:
    """Add time that a reviewer spent on a document. Returns False, and adds nothing, where the request came before.

    The time is shared among the profiles that the reviewer's rulings since the last report were about; time without a ruling
    counts for the document and the reviewer only.
    """
    if not 0 < seconds <= LONGEST:
        raise UsageError(f"seconds is {seconds}; give 1 to {LONGEST}")
    with store.transaction():
        if store.one("SELECT 1 FROM minutes WHERE request = ?", (request,)):
            return False
        if not store.one("SELECT 1 FROM shelf WHERE document = ?", (document,)):
            raise UsageError(f"there is no document {document!r}; no time was added")
        upto = store.one("SELECT max(id) FROM decision") or 0
        since = store.one("SELECT max(upto) FROM minutes WHERE document = ? AND user = ?", (document, user)) or 0
        store.db.execute(
            "INSERT INTO minutes VALUES (?, ?, ?, ?, ?, ?)", (request, user, document, seconds, now(), upto)
        )
        store.db.execute("UPDATE shelf SET seconds = seconds + ? WHERE document = ?", (seconds, document))
        store.db.execute(
            "INSERT INTO user_seconds VALUES (?, ?) ON CONFLICT DO UPDATE SET seconds = seconds + excluded.seconds",
            (user, seconds),
        )
        names = _profiles(store, user, document, since)
        store.db.executemany(
            "INSERT INTO profile_seconds VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET seconds = seconds + excluded.seconds",
            [(name.casefold(), name, seconds / len(names)) for name in names],
        )
    return True


def _profiles(store: Store, user: str, document: str, since: int) -> list[str]:
    """The names of the entities that a reviewer's rulings on a document, after one, were about."""
    entities: set[str] = set()
    for record, kind, key in store.rows(
        "SELECT p.record, d.kind, d.key FROM decision d JOIN said s ON s.digest = d.record LEFT JOIN target t ON t.key = d.key "
        "LEFT JOIN proposal p ON p.kind = d.kind AND p.id = t.target WHERE d.user = ? AND d.id > ? AND s.document = ?",
        (user, since, document),
    ):
        entities |= {key} if kind == "entity" else set(entities_of(orjson.loads(record))) if record else set()
    found = {store.one("SELECT text FROM target WHERE target = ? AND kind = 'entity'", (each,)) for each in entities}
    return sorted(name for name in found if name)


def minutes(store: Store) -> dict[str, dict[str, float]]:
    """Minutes by reviewer, and by document (path) and profile (name) for those that took the longest."""

    def listed(sql: str) -> dict[str, float]:
        return {name: round(seconds / 60, 1) for name, seconds in store.rows(sql)}

    return {
        "by_user": listed("SELECT user, seconds FROM user_seconds ORDER BY seconds DESC, user"),
        "by_document": listed(
            f"SELECT path, seconds FROM shelf WHERE seconds > 0 ORDER BY seconds DESC, path LIMIT {TOP}"
        ),
        "by_profile": listed(f"SELECT shown, seconds FROM profile_seconds ORDER BY seconds DESC, name LIMIT {TOP}"),
    }


# ------------------------------------------------------------------ assignments


def assign(store: Store, by: str, document: str, user: str, *, assigned: bool = True) -> None:
    """Give a document to a reviewer, or take it back."""
    with store.transaction():
        _assign(store, by, [(document, user)], assigned=assigned)


def share_out(store: Store, by: str, users: Sequence[str], share: float) -> dict[str, int]:
    """Give every document to one of `users`, and a `share` (0 to 1) of them to two, to measure agreement on.

    Which ones depends on the documents' ids alone, so that it is the same wherever and whenever it is done. Returns how many
    each has. What was assigned before stays.
    """
    if not users or len(set(users)) != len(users) or not 0 <= share <= 1 or (share and len(users) < 2):
        raise UsageError(
            f"{len(users)} reviewers, a share of {share}: name each once, two or more for a share from 0 to 1"
        )
    pairs = []
    for (document,) in store.rows("SELECT document FROM shelf WHERE standing = 1 ORDER BY document"):
        digest = hashlib.sha256(document.encode()).digest()
        first = int.from_bytes(digest[:4]) % len(users)
        pairs.append((document, users[first]))
        if int.from_bytes(digest[4:8]) / 2**32 < share:
            other = int.from_bytes(digest[8:12]) % (len(users) - 1)
            pairs.append((document, users[(first + 1 + other) % len(users)]))
    with store.transaction():
        _assign(store, by, pairs, assigned=True)
    return {user: sum(1 for _, each in pairs if each == user) for user in users}


def _assign(store: Store, by: str, pairs: Iterable[tuple[str, str]], *, assigned: bool) -> None:
    for document, user in pairs:
        if not store.one("SELECT 1 FROM shelf WHERE document = ?", (document,)):
            raise UsageError(f"there is no document {document!r}; nothing was assigned")
        if assigned:
            store.db.execute("INSERT OR IGNORE INTO assignment VALUES (?, ?, ?, ?)", (document, user, by, now()))
        else:
            store.db.execute("DELETE FROM assignment WHERE document = ? AND user = ?", (document, user))


def assignments(store: Store) -> list[dict[str, Any]]:
    """Who has what, in the order of the paths."""
    return [
        {"document": document, "user": user, "path": path}
        for document, user, path in store.rows(
            "SELECT a.document, a.user, s.path FROM assignment a JOIN shelf s ON s.document = a.document ORDER BY s.path, a.user"
        )
    ]


def is_blind(store: Store, document: str, user: str) -> bool:
    """Whether a reviewer is to mark a document without seeing the others' rulings: one of several that it was given to."""
    users = {each for (each,) in store.rows("SELECT user FROM assignment WHERE document = ?", (document,))}
    return user in users and len(users) > 1
