"""What people ruled on the mentions of a document, whether or not the proposals still stand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from dossier.store.chain import Decision, iter_decisions
from dossier.store.curated import Curated
from dossier.store.db import Store
from dossier.store.targets import place_all
from dossier.store.verdicts import DISPUTED, PENDING

MENTION, DOCUMENT = "mention", "document"
FINISH = "finish"  # a ruling on a document: all of it was read; its record may list `labels` that were looked for


@dataclass(frozen=True, slots=True)
class Ruled:
    """A mention and the ruling that counts; `record` is what the ruling says over what was proposed."""

    record: dict[str, Any]
    decision: Decision | None


def load_mentions(store: Store, document: str) -> list[Ruled]:
    """Every mention of a document: proposals, standing or ruled on, and what people added. A disputed one waits."""
    place_all(store)
    items = Curated(store, document).mentions
    return [Ruled(item.record, None if item.state in (PENDING, DISPUTED) else item.decision) for item in items]


def iter_finished(store: Store) -> Iterator[tuple[str, dict[str, Any]]]:
    """The documents that someone declared finished, and what the rulings say."""
    found: dict[str, dict[str, Any]] = {}
    for row in iter_decisions(store, "JOIN vote v ON v.decision = d.id WHERE v.kind = ? ORDER BY d.id", (DOCUMENT,)):
        found.pop(row.key, None)
        if row.ruling == FINISH:
            found[row.key] = row.says()
    yield from found.items()
