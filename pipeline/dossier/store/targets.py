"""How everything that can be ruled on stands: one row each, kept by the transaction that changes it.

The rows are made from the proposals and the decisions of a document, and could be made again from them at any time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import orjson

from dossier.records import Extraction
from dossier.store.anchors import Reading, load_reading, locate
from dossier.store.cases import Case, load_case
from dossier.store.db import Store
from dossier.store.placing import ATTRIBUTES, Placing
from dossier.store.verdicts import LOST, PENDING
from dossier.store.worth import Weigher, Worth, rank

NOT_FOUND = "its place in the report was not found again"
ANOTHER = "another ruling stands for what this one was about"
NO_DECISION = 0  # in the place of a vote on what was ruled on, all of it undone: its rulings may come back
NAMED = ("perpetrator", "target", "party", "place")  # roles whose fillers an event is shown with
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
    label = label_of(record).replace("_", " ")
    if kind == "relation":
        ends = [str((record.get(end) or {}).get("text") or "") for end in ("subject", "object")]
        return f"{ends[0]} {label} {ends[1]}"
    if kind == "event":
        named = [str(filler["text"]) for role in NAMED for filler in record.get(role) or ()]
        trigger = (record.get("trigger") or {}).get("text", "")
        return f"{label} “{trigger}”" + (f": {', '.join(dict.fromkeys(named))}" if named else "")
    if kind == "conflict":
        return " / ".join(_value(each.get("value")) for each in record.get("values", ()))
    return str(record.get("text") or record.get("name") or record.get("about") or "")


def _value(value: Any) -> str:
    """A value of a conflict in words: a date as it is, a count with its bounds."""
    if not isinstance(value, Mapping):
        return str(value)
    low, high = value.get("min"), value.get("max")
    if low == high or None in (low, high):
        return f"{low}" if low == high else f"{low} or more" if high is None else f"up to {high}"
    return f"{low} to {high}"


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
            _place(store, load_case(store, kind, key), document, placing)


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
    case = load_case(store, kind, key)
    document = document or _document_of(store, kind, key)
    store.db.execute("DELETE FROM vote WHERE kind = ? AND key = ?", (kind, key))
    store.db.executemany(
        "INSERT INTO vote VALUES (?, ?, ?, ?, ?)",
        [(kind, key, vote.user, vote.id, document) for vote in case.votes] or [(kind, key, "", NO_DECISION, document)],
    )
    if kind == "document":
        store.db.execute("UPDATE shelf SET finished = ? WHERE document = ?", (case.verdict.state == "finished", key))
    elif kind == "same":
        _place(store, case, document or "", None)
    else:
        _turn(store, case, document)


def _turn(store: Store, case: Case, document: str | None) -> None:
    """Bring a target up to its case, where a standing proposal is behind it; else place it anew."""
    found = target_of(store, case.key)
    if found is not None and found[1]:
        state = "accepted" if case.verdict.state == "added" else case.verdict.state
        merged = "SELECT 1 FROM vote WHERE kind = 'same' AND key = ? AND decision > 0"
        if state == PENDING and case.kind == "entity" and store.one(merged, (case.key,)):
            state = "edited"
        store.db.execute(
            "UPDATE target SET state = ?, revision = max(revision, ?), rank = ? WHERE seq = ?",
            (state, case.revision, rank(found[2], state), found[0]),
        )
    elif document is not None:
        _place(store, case, document, None)


def _merged(store: Store, case: Case, document: str | None) -> None:
    """Bring the target of an entity that was merged, or of a mention that was split off, up to that."""
    found = store.db.execute(
        "SELECT seq, kind FROM target WHERE target = ?1 OR key = ?1 AND key <> target", (case.key,)
    ).fetchone()
    if found is not None:
        store.db.execute("UPDATE target SET revision = max(revision, ?) WHERE seq = ?", (case.revision, found[0]))
        if found[1] == "entity":
            _turn(store, load_case(store, "entity", case.key), document)


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


def _place(store: Store, case: Case, document: str, placing: Placing | None) -> None:
    """Bind the rulings on a thing to the proposal that is the same now; else keep them as a person's mark, or as lost."""
    if case.kind == "same":
        _place_same(store, case, document, placing)
        return
    if case.kind == "document":
        return
    found = target_of(store, case.key)
    if found is not None and found[1]:  # the same proposal, made again
        _turn(store, case, document)
        return
    if found is not None:
        store.db.execute("DELETE FROM target WHERE seq = ?", (found[0],))
    if placing is None:
        reading = load_reading(store, document)
        if reading is None:
            return
        placing = Placing(reading, _extraction(store, document, case, reading))
    number = placing.same(case)
    if number is not None and _bind(store, case.key, number):
        _turn(store, case, document)
        return
    if not case.votes:
        return
    record = placing.unproposed(case) if number is None else None
    state = LOST if record is None else case.verdict.state
    worth = Worth(HALF_WORTH, [] if record else [NOT_FOUND if number is None else ANOTHER])
    _insert(
        store,
        [_row(case.key, case.key, case.kind, document, record or placing.last_known(case), worth,
              proposed=False, state=state, revision=case.revision)],
    )  # fmt: skip


def _place_same(store: Store, case: Case, document: str, placing: Placing | None) -> None:
    """Bind the merge of an entity, or the split of a mention, to the proposal that is the same now."""
    merge = any(vote.ruling == "merge" for vote in case.votes)
    thing = replace(case, kind="entity" if merge else "mention", added=False)
    if target_of(store, case.key) is None:
        reading = load_reading(store, document) if placing is None else None
        placing = Placing(reading, _extraction(store, document, thing, reading)) if reading else placing
        number = placing.same(thing) if placing else None
        if number is not None:
            _bind(store, case.key, number)
    _merged(store, case, document)


def _extraction(store: Store, document: str, case: Case, reading: Reading) -> Extraction:
    """The proposals among which something may be found again: of a mention only those that stand where it does."""
    from dossier.store.proposals import load_extraction

    if case.kind != "mention":
        return load_extraction(store, document)
    span = locate(reading, Placing(reading, Extraction(document)).anchor(case))
    named = [row.proposal for row in case.rows if row.proposal] or [""]
    rows = store.rows(
        "SELECT p.record FROM target t JOIN proposal p ON p.kind = t.kind AND p.id = t.target WHERE t.document = ? AND "
        "t.kind = 'mention' AND t.proposed = 1 AND (t.start = ? AND t.\"end\" = ? OR t.target = ?)",
        (document, *(span or (-1, -1)), named[0]),
    )
    return Extraction(document, mentions=[orjson.loads(record) for (record,) in rows])


def _bind(store: Store, key: str, number: str) -> bool:
    """Let a key speak for a proposal, unless another does, or it was ruled on itself."""
    free = store.one("SELECT key = target FROM target WHERE target = ?", (number,))
    if not free or store.one("SELECT 1 FROM vote WHERE key = ? AND kind <> 'same' AND decision > 0", (number,)):
        return False
    store.db.execute("UPDATE target SET key = ? WHERE target = ?", (key, number))
    return True
