"""The log of decisions as a file, and back: every row, undone ones too, with what it says, the salt and the hashes.

The first line says how many rows follow and the hash of the last, so that a file that was cut shows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import orjson

from dossier.errors import RecordError
from dossier.store.chain import FIRST, MARK, Decision, check_chain, insert, iter_faults_input
from dossier.store.db import Store
from dossier.store.forget import forget_what_was_forgotten
from dossier.store.targets import place_all, settle

VERSION = "1"
FIELDS = {"id": int, "kind": str, "key": str, "proposal": (str, type(None)), "ruling": str, "row": str, "user": str,
          "made_at": str, "undoes": (int, type(None)), "previous": str, "hash": str, "request": (str, type(None)),
          "said": (dict, type(None))}  # fmt: skip

Said = tuple[str, str | None, str | None]  # salt, document, record


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import came to. `merged`: the log had gone another way here, so new rows got new places in it."""

    decisions: int
    new: int
    merged: bool
    forgotten: list[str]


# ------------------------------------------------------------------ out


def dump_log(store: Store) -> Iterator[bytes]:
    """The lines of the file, keys sorted; equal logs give equal bytes."""
    count, head = store.db.execute("SELECT count(*), max(id) FROM decision").fetchone() or (0, None)
    hash_ = store.one("SELECT hash FROM decision WHERE id = ?", (head,)) or FIRST
    yield _line({"kind": "decisions", "schema": VERSION, "decisions": count, "head": hash_})
    for row, said in iter_faults_input(store):
        yield _line(
            {"id": row.id, "kind": row.kind, "key": row.key, "proposal": row.proposal, "ruling": row.ruling, "row": row.said,
             "user": row.user, "made_at": row.made_at, "undoes": row.undoes, "previous": row.previous, "hash": row.hash,
             "request": row.request,
             "said": {"salt": said[0], "document": said[1], "record": said[2]} if said else None}
        )  # fmt: skip


def _line(record: dict[str, Any]) -> bytes:
    return orjson.dumps(record, option=orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE)


# ------------------------------------------------------------------ in


def import_log(store: Store, path: Path) -> Imported:
    """Add the decisions of a file that are not here yet. The file is checked as a whole first; then one transaction adds all.

    Where the log here is the beginning of the file's, the rows are taken over as they are. Where the two went different ways,
    rows of the file that are not here get the next places here, with their reviewers and dates. Raises RecordError with the line
    and what is wrong; nothing was changed then.
    """
    rows = read_log(path)
    place_all(store)
    mine = [hash_ for (hash_,) in store.rows("SELECT hash FROM decision ORDER BY id")]
    theirs = [row.hash for row, _ in rows]
    same = next(
        (at for at, (a, b) in enumerate(zip(mine, theirs, strict=False)) if a != b), min(len(mine), len(theirs))
    )
    merged = same < len(mine) and same < len(theirs)
    with store.transaction():
        made = _merge(store, rows[:], same) if merged else [_take_over(store, *pair) for pair in rows[len(mine) :]]
        things = dict.fromkeys((row.kind, row.key) for row in made)
        for kind, key in things:
            settle(store, kind, key, _document_of(store, kind, key))
    return Imported(len(rows), len(made), merged, forget_what_was_forgotten(store))


def _take_over(store: Store, row: Decision, said: Said | None) -> Decision:
    _keep(store, row, said)
    return insert(store, row, row.hash)


def _merge(store: Store, rows: list[tuple[Decision, Said | None]], same: int) -> list[Decision]:
    """Append what is new of another log, after its first `same` rows, which are the same here."""
    places = {_mark(row): row.id for row, _ in iter_faults_input(store)}
    last = store.db.execute("SELECT id, hash FROM decision ORDER BY id DESC LIMIT 1").fetchone() or (0, FIRST)
    number, previous = last
    moved = {row.id: row.id for row, _ in rows[:same]}
    undone = {undoes for (undoes,) in store.rows("SELECT undoes FROM decision WHERE undoes IS NOT NULL")}
    made = []
    for row, said in rows[same:]:
        known = places.get(_mark(row))
        if known is not None:
            moved[row.id] = known
            continue
        undoes = moved[row.undoes] if row.undoes is not None else None
        if undoes in undone and undoes is not None:
            continue  # it was taken back here, too
        undone |= {undoes} if undoes is not None else set()
        number += 1
        moved[row.id] = number
        bare = replace(row, id=number, previous=previous, undoes=undoes, hash="")
        previous = bare.make_hash()
        _keep(store, row, said)
        made.append(insert(store, bare, previous))
    return made


def _mark(row: Decision) -> tuple[str, ...]:
    """What a decision is known by in whatever log: the digest of what it says, which is salted; of old rows, all they say."""
    if row.said.startswith(MARK):
        return (row.said,)
    return row.kind, row.key, row.ruling, row.said, row.user, row.made_at, str(row.undoes)


def _keep(store: Store, row: Decision, said: Said | None) -> None:
    if said is not None:
        salt, document, record = said
        store.db.execute("INSERT OR IGNORE INTO said VALUES (?, ?, ?, ?)", (row.said, document, salt, record))


def _document_of(store: Store, kind: str, key: str) -> str | None:
    found: str | None = store.one(
        "SELECT s.document FROM decision d JOIN said s ON s.digest = d.record WHERE d.kind = ? AND d.key = ? AND "
        "s.document IS NOT NULL LIMIT 1",
        (kind, key),
    )
    return found


# ------------------------------------------------------------------ the file


def read_log(path: Path) -> list[tuple[Decision, Said | None]]:
    """Every row of a file, its chain checked. Raises RecordError with the line and what is wrong."""
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise RecordError(f"{path} cannot be read: {error.strerror}") from error
    head = _object(path, 1, lines[0] if lines else b"")
    if head.get("kind") != "decisions" or head.get("schema") != VERSION:
        raise RecordError(f"{path}: the first line is no head of a log; is this an export of --format decisions?")
    rows = [_row(path, number, line) for number, line in enumerate(lines[1:], 2)]
    fault = check_chain(rows)
    if fault:
        raise RecordError(f"{path}: {fault}; nothing was imported, ask for the file again")
    last = rows[-1][0].hash if rows else FIRST
    if head.get("decisions") != len(rows) or head.get("head") != last:
        raise RecordError(
            f"{path}: {len(rows)} decisions, the first line says {head.get('decisions')} and another end; the file was cut, "
            "nothing was imported"
        )
    return rows


def _row(path: Path, number: int, line: bytes) -> tuple[Decision, Said | None]:
    given = _object(path, number, line)
    for name, kind in FIELDS.items():
        if not isinstance(given.get(name), kind) or isinstance(given.get(name), bool):  # type: ignore[arg-type]
            raise RecordError(f"{path}, line {number}: {name} is {given.get(name)!r:.80}; nothing was imported")
    said = given["said"]
    if said is not None and not (
        isinstance(said.get("salt"), str)
        and isinstance(said.get("document"), str | None)
        and isinstance(said.get("record"), str | None)
    ):
        raise RecordError(f"{path}, line {number}: said is {said!r:.80}; nothing was imported")
    record = (said["record"] or "") if said else given["row"]
    names = ("id", "kind", "key", "proposal", "ruling", "user", "made_at", "undoes", "previous", "hash", "request")
    row = Decision(**{name: given[name] for name in names}, record=record, said=given["row"])
    if record and not _is_object(record):
        raise RecordError(f"{path}, line {number}: what the decision says is no JSON object; nothing was imported")
    if row.undoes is not None and not 0 < row.undoes < row.id:
        raise RecordError(f"{path}, line {number}: it takes back decision {row.undoes}; nothing was imported")
    return row, (said["salt"], said["document"], said["record"]) if said else None


def _object(path: Path, number: int, line: bytes) -> dict[str, Any]:
    try:
        found = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise RecordError(f"{path}, line {number} is no JSON: {error}; nothing was imported") from error
    if not isinstance(found, dict):
        raise RecordError(f"{path}, line {number} is no object; nothing was imported")
    return found


def _is_object(record: str) -> bool:
    try:
        return isinstance(orjson.loads(record), dict)
    except orjson.JSONDecodeError:
        return False
