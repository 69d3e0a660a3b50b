"""What people ruled on the mentions of a document, whether or not the proposals still stand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from dossier.store.db import Store
from dossier.store.decisions import COLUMNS, Decision, load_rulings

MENTION, DOCUMENT = "mention", "document"
FINISH = "finish"  # a ruling on a document: all of it was read; its record may list `labels` that were looked for


@dataclass(frozen=True, slots=True)
class Ruled:
    """A mention and the ruling in force; `record` is what the ruling says over what was proposed."""

    record: dict[str, Any]
    decision: Decision | None
    superseded: bool = False


def load_unproposed(store: Store, kind: str) -> dict[str, Decision]:
    """The rulings in force that hang on no proposal, by key: additions, and rulings on whole documents."""
    found: dict[str, Decision] = {}
    undone: set[int] = set()
    where = "WHERE proposal IS NULL AND kind = ? ORDER BY id DESC"
    for row in store.rows(f"SELECT {COLUMNS} FROM decision {where}", (kind,)):
        decision = Decision(*row)
        if decision.id in undone:  # an undo that was itself undone has no effect
            continue
        if decision.undoes is not None:
            undone.add(decision.undoes)
        else:
            found.setdefault(decision.key, decision)
    return found


def load_mentions(store: Store) -> dict[str, list[Ruled]]:
    """Every mention by document: proposals, standing or ruled on, and what people added. In the order of the text."""
    rulings = load_rulings(store)
    found: dict[str, list[Ruled]] = {}
    for document, id_, record, superseded in store.rows(
        "SELECT document, id, record, superseded FROM proposal WHERE kind = ? ORDER BY document, position, id",
        (MENTION,),
    ):
        decision = rulings.get(id_)
        if decision is not None or not superseded:
            said = {**orjson.loads(record), **(orjson.loads(decision.record) if decision else {})}
            found.setdefault(document, []).append(Ruled(said, decision, bool(superseded)))
    for decision in load_unproposed(store, MENTION).values():
        said = orjson.loads(decision.record)
        found.setdefault(str(said.get("document")), []).append(Ruled(said, decision))
    return found


def iter_finished(store: Store) -> Iterator[tuple[str, dict[str, Any]]]:
    """The documents that someone declared finished, and what the ruling says."""
    for key, decision in load_unproposed(store, DOCUMENT).items():
        if decision.ruling == FINISH:
            yield key, orjson.loads(decision.record)
