"""How everything that can be ruled on stands: one row each, kept by the transaction that changes it.

The rows are made from the proposals and the decisions of a document, and could be made again from them at any time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from dossier.records import Extraction
from dossier.store.anchors import Reading, load_reading, locate
from dossier.store.chain import Decision, iter_decisions
from dossier.store.db import Store
from dossier.store.placing import ATTRIBUTES, Placing
from dossier.store.verdicts import LOST, PENDING, Verdict, in_force, resolve
from dossier.store.worth import Weigher, Worth, rank

NOT_FOUND = "its place in the report was not found again"
ANOTHER = "another ruling stands for what this one was about"
HALF_WORTH = 1.0  # of what no proposal stands for
COLUMNS = ('target, key, kind, document, label, start, "end", text, confidence, component, proposed, state, worth, rank, why, '
           "revision")  # fmt: skip

Record = Mapping[str, Any]


def label_of(record: Record) -> str:
    """What a record is filed under: its label or type, or why two passages conflict."""
    about = record.get("about") or ""
    said = record.get("label") or record.get("type") or (about if isinstance(about, str) else about.get("why"))
    return str(said or "")


def words_of(kind: str, record: Record) -> str:
    """A record in a line of words, to be found and shown by."""
    if kind == "relation":
        ends = [str((record.get(end) or {}).get("text") or "") for end in ("subject", "object")]
        return f"{ends[0]} {label_of(record)} {ends[1]}"
    if kind == "event":
        named = [
            filler["text"] for role in ("perpetrator", "target", "party", "place") for filler in record.get(role) or ()
        ]
        return " ".join([label_of(record), str((record.get("trigger") or {}).get("text", "")), *named])
    if kind == "conflict":
        return " / ".join(str(each.get("value")) for each in record.get("values", ()))
    return str(record.get("text") or record.get("name") or record.get("about") or "")


def place_of(record: Record) -> tuple[int, int]:
    """Where in the text a record is to be shown."""
    places = [record, record.get("trigger"), *record.get("evidence", ())]
    places += [shown for part in (*record.get("names", ()), *record.get("values", ())) for shown in part["evidence"]]
    for each in places:
        if each and isinstance(each.get("start"), int) and isinstance(each.get("end"), int):
            return each["start"], each["end"]
    return 0, 0


# ------------------------------------------------------------------ one document


def place_document(store: Store, document: str) -> None:
    """Make the targets of a document anew from its proposals, and place its rulings on them. Inside a transaction."""
    from dossier.store.proposals import load_extraction

    extraction = load_extraction(store, document)
    store.db.execute("DELETE FROM to_place WHERE document = ?", (document,))
    store.db.execute("DELETE FROM target WHERE document = ?", (document,))
    if not store.one("SELECT 1 FROM input WHERE document = ?", (document,)):
        return
    _insert(store, _rows(extraction))
    store.db.execute(
        "UPDATE target SET revision = coalesce((SELECT max(id) FROM decision d WHERE d.kind IN (target.kind, 'same') AND "
        "d.key = target.target), 0) WHERE document = ?",
        (document,),
    )
    votes = [*store.rows("SELECT DISTINCT kind, key FROM vote WHERE document = ? ORDER BY kind, key", (document,))]
    if votes:
        reading = load_reading(store, document)
        placing = Placing(reading, extraction) if reading else None
        for kind, key in votes:
            _place(store, kind, key, document, placing)


def place_all(store: Store) -> None:
    """Make what is missing: the targets of documents that were written by an earlier version."""
    waiting = [*store.rows("SELECT document FROM to_place")]
    if waiting and not store.one("SELECT 1 FROM vote LIMIT 1"):
        with store.transaction():
            for kind, key in [*store.rows("SELECT DISTINCT kind, key FROM decision ORDER BY kind, key")]:
                settle(store, kind, key, None)
    for (document,) in waiting:
        with store.transaction():
            place_document(store, document)


def _rows(extraction: Extraction) -> Iterable[tuple[Any, ...]]:
    weigher = Weigher(extraction)
    for kind, attribute in ATTRIBUTES.items():
        for record in getattr(extraction, attribute):
            worth = weigher.weigh(kind, record)
            yield _row(
                record["id"], record["id"], kind, extraction.document, record, worth, proposed=True, state=PENDING
            )


def _row(
    target: str, key: str, kind: str, document: str, record: Record, worth: Worth, *, proposed: bool, state: str,
    revision: int = 0,
) -> tuple[Any, ...]:  # fmt: skip
    return (
        target, key, kind, document, label_of(record), *place_of(record), words_of(kind, record), record.get("confidence"),
        record.get("by"), int(proposed), state, worth.worth, rank(worth.worth, state),
        orjson.dumps(worth.why).decode(), revision,
    )  # fmt: skip


def _insert(store: Store, rows: Iterable[tuple[Any, ...]]) -> None:
    store.db.executemany(
        f"INSERT OR REPLACE INTO target ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows
    )


# ------------------------------------------------------------------ one thing


def settle(store: Store, kind: str, key: str, document: str | None) -> None:
    """Bring the votes and the target of a thing up to its decisions. Inside a transaction."""
    rows = list(iter_decisions(store, "WHERE d.kind = ? AND d.key = ? ORDER BY d.id DESC", (kind, key)))
    document = document or _document_of(store, kind, key)
    store.db.execute("DELETE FROM vote WHERE kind = ? AND key = ?", (kind, key))
    votes = in_force(rows)
    store.db.executemany(
        "INSERT INTO vote VALUES (?, ?, ?, ?, ?)",
        [(kind, key, user, vote.id, document) for user, vote in votes.items()],
    )
    verdict = resolve(list(votes.values()))
    if kind == "document":
        store.db.execute("UPDATE shelf SET finished = ? WHERE document = ?", (verdict.state == "finished", key))
    elif kind == "same":
        _merged(store, key, document, rows[0].id)
    else:
        _turn(store, kind, key, document, rows, verdict)


def _turn(store: Store, kind: str, key: str, document: str | None, rows: list[Decision], verdict: Verdict) -> None:
    found = target_of(store, key)
    revision = rows[0].id if rows else 0
    if found is not None and found[1]:
        state = "accepted" if verdict.state == "added" else verdict.state
        if (
            state == PENDING
            and kind == "entity"
            and store.one("SELECT 1 FROM vote WHERE kind = 'same' AND key = ?", (key,))
        ):
            state = "edited"  # merged into another
        store.db.execute(
            "UPDATE target SET state = ?, revision = max(revision, ?), rank = ? WHERE seq = ?",
            (state, revision, rank(found[2], state), found[0]),
        )
    elif document is not None:
        _place(store, kind, key, document, None)


def _merged(store: Store, key: str, document: str | None, revision: int) -> None:
    """Bring the target of an entity that was merged, or of a mention that was split off, up to that."""
    found = store.db.execute(
        "SELECT seq, kind FROM target WHERE target = ?1 OR key = ?1 AND key <> target", (key,)
    ).fetchone()
    if found is None:
        return
    store.db.execute("UPDATE target SET revision = max(revision, ?) WHERE seq = ?", (revision, found[0]))
    if found[1] == "entity":
        rows = list(iter_decisions(store, "WHERE d.kind = 'entity' AND d.key = ? ORDER BY d.id DESC", (key,)))
        _turn(store, "entity", key, document, rows, resolve(list(in_force(rows).values())))


def target_of(store: Store, key: str) -> tuple[int, int, float] | None:
    """Of the target that a key is bound to: seq, proposed, worth."""
    found: tuple[int, int, float] | None = store.db.execute(
        "SELECT seq, proposed, worth FROM target WHERE target = ?1 AND key = ?1 UNION ALL "
        "SELECT seq, proposed, worth FROM target WHERE key = ?1 AND key <> target LIMIT 1",
        (key,),
    ).fetchone()
    return found


def _document_of(store: Store, kind: str, key: str) -> str | None:
    """The document of a thing whose decisions do not say it."""
    found: str | None = store.one(
        "SELECT document FROM proposal WHERE kind = ?1 AND id = ?2 UNION ALL "
        "SELECT document FROM vote WHERE kind = ?1 AND key = ?2 UNION ALL "
        "SELECT p.document FROM decision d JOIN proposal p ON p.kind = d.kind AND p.id = d.proposal "
        "WHERE d.kind = ?1 AND d.key = ?2 LIMIT 1",
        (kind, key),
    )
    return found


def _place(store: Store, kind: str, key: str, document: str, placing: Placing | None) -> None:
    """Bind the rulings on a thing to the proposal that is the same now; else keep them as a person's mark, or as lost."""
    if kind in ("document", "same"):
        return
    rows = list(iter_decisions(store, "WHERE d.kind = ? AND d.key = ? ORDER BY d.id DESC", (kind, key)))
    votes = list(in_force(rows).values())
    revision = rows[0].id if rows else 0
    found = target_of(store, key)
    if found is not None and found[1]:  # the same proposal, made again
        _turn(store, kind, key, document, rows, resolve(votes))
        return
    if found is not None:
        store.db.execute("DELETE FROM target WHERE seq = ?", (found[0],))
    if not votes:
        return
    if placing is None:
        reading = load_reading(store, document)
        if reading is None:
            return
        placing = Placing(reading, _extraction(store, document, kind, votes, reading))
    number = placing.same(kind, votes, former(store, kind, key))
    if number is not None and _bind(store, key, number):
        _turn(store, kind, key, document, rows, resolve(votes))
        return
    verdict = resolve(votes)
    record = placing.unproposed(kind, votes, former(store, kind, key)) if number is None else None
    state = LOST if record is None else verdict.state
    shown = record or placing.last_known(kind, votes, former(store, kind, key))
    why = [] if record else [NOT_FOUND if number is None else ANOTHER]
    _insert(
        store,
        [_row(key, key, kind, document, shown, Worth(HALF_WORTH, why), proposed=False, state=state, revision=revision)],
    )


def _extraction(store: Store, document: str, kind: str, votes: list[Decision], reading: Reading) -> Extraction:
    """The proposals among which something may be found again: of a mention only those that stand where it does."""
    from dossier.store.proposals import load_extraction

    if kind != "mention":
        return load_extraction(store, document)
    span = locate(reading, Placing(reading, Extraction(document)).anchor(kind, votes, None))
    named = [vote.proposal for vote in votes if vote.proposal] or [""]
    rows = store.rows(
        "SELECT p.record FROM target t JOIN proposal p ON p.kind = t.kind AND p.id = t.target WHERE t.document = ? AND "
        "t.kind = 'mention' AND t.proposed = 1 AND (t.start = ? AND t.\"end\" = ? OR t.target = ?)",
        (document, *(span or (-1, -1)), named[-1]),
    )
    return Extraction(document, mentions=[orjson.loads(record) for (record,) in rows])


def _bind(store: Store, key: str, number: str) -> bool:
    """Let a key speak for a proposal, unless another does, or it was ruled on itself."""
    free = store.one("SELECT key = target FROM target WHERE target = ?", (number,))
    if not free or store.one("SELECT 1 FROM vote WHERE key = ? AND kind <> 'same'", (number,)):
        return False
    store.db.execute("UPDATE target SET key = ? WHERE target = ?", (key, number))
    return True


def former(store: Store, kind: str, key: str) -> dict[str, Any] | None:
    """What was proposed when a thing was first ruled on, if that is still known."""
    record = store.one("SELECT record FROM proposal WHERE kind = ? AND id = ?", (kind, key))
    return orjson.loads(record) if record else None
