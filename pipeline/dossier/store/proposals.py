"""What was proposed for each document, and with which model."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import orjson

from dossier.records import Extraction
from dossier.store.db import Store
from dossier.store.placing import ATTRIBUTES
from dossier.store.targets import label_of, place_document

KINDS = ATTRIBUTES


def note_pipeline(store: Store, made_with: dict[str, Any]) -> str:
    """Keep the description of a pipeline and return its fingerprint."""
    description = orjson.dumps(made_with, option=orjson.OPT_SORT_KEYS)
    fingerprint = hashlib.sha256(description).hexdigest()[:32]
    with store.transaction():
        store.db.execute("INSERT OR IGNORE INTO pipeline VALUES (?, ?)", (fingerprint, description.decode()))
    return fingerprint


def pipelines_in_use(store: Store) -> list[dict[str, Any]]:
    """The descriptions of the pipelines that made the standing proposals; more than one while a batch is unfinished."""
    return [
        orjson.loads(description)
        for (description,) in store.rows(
            "SELECT description FROM pipeline WHERE fingerprint IN (SELECT substr(fingerprint, 1, 32) FROM extraction "
            "WHERE document IN (SELECT document FROM input)) ORDER BY fingerprint"
        )
    ]


def documents_to_extract(store: Store, fingerprint: str) -> list[str]:
    """Documents that stand in the corpus and were not yet extracted from in this way.

    `fingerprint`: of the model, the configs and the code; the text is in it through `text_sha256`.
    """
    return [
        document
        for document, done, text_sha256 in store.rows(
            "SELECT i.document, e.fingerprint, d.text_sha256 FROM (SELECT document, min(path) AS path FROM input "
            "WHERE document IS NOT NULL GROUP BY document) i JOIN document d ON d.id = i.document "
            "LEFT JOIN extraction e ON e.document = d.id ORDER BY i.path, i.document"
        )
        if done != text_fingerprint(fingerprint, text_sha256)
    ]


def text_fingerprint(fingerprint: str, text_sha256: str) -> str:
    return f"{fingerprint}:{text_sha256}"


def save_extraction(store: Store, extraction: Extraction, fingerprint: str) -> None:
    """Put the proposals of a document in the place of its former ones, in one transaction, and place its rulings on them.

    A former proposal that was ruled on and is not made again stays, marked as superseded; the others go.
    """
    document = extraction.document
    with store.transaction():
        store.db.execute(
            "UPDATE proposal SET superseded = 1 WHERE document = ? AND id IN (SELECT proposal FROM decision)",
            (document,),
        )
        store.db.execute("DELETE FROM proposal WHERE document = ? AND superseded = 0", (document,))
        store.db.executemany(
            "INSERT INTO proposal (document, kind, id, position, label, confidence, component, record) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (kind, id) DO UPDATE SET superseded = 0, "
            "position = excluded.position, label = excluded.label, confidence = excluded.confidence, "
            "component = excluded.component, record = excluded.record",
            list(_rows(extraction)),
        )
        text_sha256 = store.one("SELECT text_sha256 FROM document WHERE id = ?", (document,))
        store.db.execute(
            "INSERT OR REPLACE INTO extraction (document, fingerprint, warnings) VALUES (?, ?, ?)",
            (document, text_fingerprint(fingerprint, text_sha256),
             orjson.dumps([asdict(w) for w in extraction.warnings]).decode()),
        )  # fmt: skip
        if extraction.warnings:
            store.db.execute("UPDATE input SET state = 'warned' WHERE document = ? AND state = 'done'", (document,))
        place_document(store, document)


def _rows(extraction: Extraction) -> Iterator[tuple[Any, ...]]:
    for kind, attribute in KINDS.items():
        for position, record in enumerate(getattr(extraction, attribute)):
            yield (
                extraction.document, kind, record["id"], position, label_of(record),
                record.get("confidence"), record.get("by"), orjson.dumps(record).decode(),
            )  # fmt: skip


def load_extraction(store: Store, document: str) -> Extraction:
    """The proposals of a document that stand."""
    extraction = Extraction(document)
    for kind, name in KINDS.items():
        getattr(extraction, name).extend(iter_proposals(store, kind, document))
    return extraction


def iter_proposals(store: Store, kind: str, document: str) -> Iterator[dict[str, Any]]:
    """The proposals of a document that stand, in the order of the text."""
    for (record,) in store.rows(
        "SELECT record FROM proposal WHERE document = ? AND kind = ? AND superseded = 0 ORDER BY position",
        (document, kind),
    ):
        yield orjson.loads(record)


def count_labels(store: Store, kind: str = "mention") -> Counter[str]:
    """Standing proposals by label, of the documents that stand in the corpus."""
    return Counter(
        dict(
            store.rows(
                "SELECT label, count(*) FROM proposal WHERE kind = ? AND superseded = 0 AND document IN "
                "(SELECT document FROM input) GROUP BY label ORDER BY label",
                (kind,),
            )
        )
    )
