"""Forgetting a document: its text, what was found in it and what rulings quote of it go; that it was there stays.

The tombstone is a decision, `forget`, on the document. Its rows in the log keep their place and their hashes, and say no more
than who ruled how, and when, on something of that document. While it is in force, the same bytes are not read again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import apsw

from dossier.errors import UsageError
from dossier.store.chain import MARK, New
from dossier.store.db import Store
from dossier.store.decisions import undo, write_rows
from dossier.store.shelf import is_forgotten, take_out

CODE = "forgotten"
FORGET = "forget"


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What went, and what this could not reach."""

    document: str
    paths: list[str]
    proposals: int
    rulings: int
    unreached: int  # rulings of an earlier version of dossier, whose record is in the chain itself
    wiped: bool = False  # whether the file of the database was written anew


def find_document(store: Store, name: str) -> str:
    """The id of a document, named by it, by its path, or by the end of its path. Raises UsageError where none or several fit."""
    rows = store.rows(
        "SELECT DISTINCT d.id, i.path FROM document d LEFT JOIN input i ON i.document = d.id WHERE d.id = ?1 OR i.path = ?1 "
        "OR substr(i.path, -length('/' || ?1)) = '/' || ?1 ORDER BY d.id",
        (name,),
    )
    found = dict(rows)
    if len(found) != 1:
        said = (
            "there is no such document" if not found else f"that may be {' or '.join(sorted(map(str, found.values())))}"
        )
        raise UsageError(f"{name!r}: {said}; `dossier status` lists them")
    return str(next(iter(found)))


def forget(store: Store, document: str, *, user: str) -> Forgotten:
    """Remove a document and everything that was made of it. On the disk when this returns, and wiped from the database's file."""
    if not store.one("SELECT 1 FROM document WHERE id = ?", (document,)):
        raise UsageError(f"there is no document {document!r}; nothing was forgotten")
    with store.transaction():
        write_rows(store, [New("document", document, FORGET, "{}")], user=user)
        gone = _drop(store, document)
    return replace(gone, wiped=wipe(store))


def forget_what_was_forgotten(store: Store) -> list[str]:
    """Forget here what an imported log says was forgotten elsewhere. Returns the documents."""
    told = store.rows(
        "SELECT DISTINCT key FROM decision WHERE kind = 'document' AND ruling = ? ORDER BY key", (FORGET,)
    )
    waiting = [
        document
        for (document,) in [*told]
        if is_forgotten(store, document) and store.one("SELECT 1 FROM document WHERE id = ?", (document,))
    ]
    for document in waiting:
        with store.transaction():
            _drop(store, document)
    if waiting:
        wipe(store)
    return waiting


def remember(store: Store, document: str, *, user: str) -> None:
    """Let a forgotten document be read again: the ruling that it be forgotten is taken back."""
    rows = store.rows(
        "SELECT d.id FROM vote v JOIN decision d ON d.id = v.decision WHERE v.kind = 'document' AND v.key = ? AND d.ruling = ?",
        (document, FORGET),
    )
    for (number,) in [*rows]:
        undo(store, number, user=user)


def _drop(store: Store, document: str) -> Forgotten:
    """Remove what was made of a document. Inside a transaction."""
    db = store.db
    paths = [path for (path,) in [*store.rows("SELECT path FROM input WHERE document = ? ORDER BY path", (document,))]]
    proposals = store.one("SELECT count(*) FROM proposal WHERE document = ?", (document,))
    rulings = store.one("SELECT count(*) FROM said WHERE document = ? AND record IS NOT NULL", (document,))
    unreached = store.one(
        "SELECT count(*) FROM decision d JOIN proposal p ON p.kind = d.kind AND p.id = d.proposal WHERE p.document = ? AND "
        "substr(d.record, 1, ?) <> ?",
        (document, len(MARK), MARK),
    )
    take_out(store, document)
    db.execute("UPDATE said SET record = NULL, salt = '' WHERE document = ?", (document,))
    db.execute("DELETE FROM vote WHERE document = ? AND kind <> 'document'", (document,))
    db.execute(
        "DELETE FROM vote WHERE kind = 'document' AND key = ? AND decision NOT IN (SELECT id FROM decision WHERE ruling = ?)",
        (document, FORGET),
    )
    db.execute("DELETE FROM alias WHERE target IN (SELECT target FROM target WHERE document = ?)", (document,))
    db.execute("DELETE FROM issue WHERE ?1 IN (newer, older)", (document,))
    examples = "SELECT url, project, example FROM doccano_example WHERE document = ?"
    db.execute(f"DELETE FROM doccano_item WHERE (url, project, example) IN ({examples})", (document,))
    for table in (
        "target",
        "proposal",
        "extraction",
        "assignment",
        "minutes",
        "to_place",
        "shelf",
        "sketch",
        "copy",
        "doccano_example",
    ):
        db.execute(f"DELETE FROM {table} WHERE document = ?", (document,))
    db.execute("DELETE FROM tally WHERE document = ?", (document,))
    db.execute("DELETE FROM profile_seconds WHERE shown NOT IN (SELECT text FROM target WHERE kind = 'entity')")
    db.execute(
        "UPDATE input SET state = 'quarantined', code = ?, reason = ?, document = NULL WHERE document = ?",
        (CODE, reason(), document),
    )
    db.execute("DELETE FROM document WHERE id = ?", (document,))
    return Forgotten(document, paths, proposals, rulings, unreached)


def reason() -> str:
    return "it was forgotten on a reviewer's ruling; to take it in all the same: dossier ingest --again FILE"


def wipe(store: Store) -> bool:
    """Write the database's file anew without what was deleted from it. Returns False where others are using it."""
    try:
        for table in ("document_words", "target_words"):
            store.db.execute(f"INSERT INTO {table} ({table}) VALUES ('optimize')")
        store.db.execute("VACUUM")
        busy, _, _ = store.db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone() or (1, 0, 0)
    except apsw.BusyError:
        return False
    return not busy
