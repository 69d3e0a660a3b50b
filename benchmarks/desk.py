"""A workspace as large as a desk of years: reports of the examples, extracted once and copied under new ids."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import orjson

from dossier.components.pipeline import extract_document, load_pipeline
from dossier.extract import current_pipeline
from dossier.ingest.read import read_document
from dossier.records import LEAD, Document, Extraction
from dossier.store.db import Store, create_workspace, open_store
from dossier.store.documents import InputState, save_input
from dossier.store.proposals import KINDS, save_extraction

EXAMPLES = Path(__file__).parents[1] / "corpus" / "examples"
# of these, a report has 100 proposals on average
SMALL = ("aceh-accord-note.txt", "bogota-accord-note.txt", "aceh-chronology.pdf", "aum-shinrikyo.md", "shining-path.md")
ID = re.compile(rb"\b([a-z])_([0-9a-f]{20})\b")
AT_ONCE = 200  # documents in one transaction, while the workspace is made


class _Loading(Store):
    """A store while it is filled: many documents share one transaction."""

    @contextmanager
    def transaction(self) -> Iterator[None]:
        yield


def make_desk(folder: Path, documents: int) -> int:
    """Make a workspace of so many documents, and return how many proposals it has."""
    create_workspace(folder)
    nlp = load_pipeline()
    originals = [read_document((EXAMPLES / name).read_bytes(), name=name) for name in SMALL]
    extracted = [(document, extract_document(nlp, document)) for document in originals]
    with open_store(folder) as store:
        fingerprint = current_pipeline(store)
        loading = _Loading(store.folder, store.db)
        store.db.execute("PRAGMA synchronous=OFF")
        for begin in range(0, documents, AT_ONCE):
            with store.transaction():
                for number in range(begin, min(documents, begin + AT_ONCE)):
                    _save(loading, *_copy(number, *extracted[number % len(extracted)]), number, fingerprint)
        store.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return int(store.one("SELECT count(*) FROM proposal"))


def _copy(number: int, document: Document, extraction: Extraction) -> tuple[Document, Extraction]:
    def renamed(raw: bytes) -> bytes:
        return ID.sub(
            lambda found: found[1] + b"_" + digest(found[2][:LEAD])[:LEAD] + digest(found[0])[: 20 - LEAD], raw
        )

    def digest(words: bytes) -> bytes:
        return hashlib.sha256(b"%d %s" % (number, words)).hexdigest().encode()

    sha256 = hashlib.sha256(f"{number} {document.sha256}".encode()).hexdigest()
    records = {name: orjson.loads(renamed(orjson.dumps(getattr(extraction, name)))) for name in KINDS.values()}
    id_ = renamed(document.id.encode()).decode()
    return replace(document, id=id_, sha256=sha256), Extraction(id_, **records)


def _save(store: Store, document: Document, extraction: Extraction, number: int, fingerprint: str) -> None:
    path = f"{number // 1000:02}/report-{number:05}.txt"
    save_input(
        store,
        InputState("corpus", path, 1, 1, document.sha256, None, "benchmark", "done", document=document.id),
        document,
    )
    save_extraction(store, extraction, fingerprint)


def stamp(store: Store) -> None:
    """Let all that was extracted count as made by the pipeline of now."""
    fingerprint = current_pipeline(store)
    with store.transaction():
        store.db.execute(
            "UPDATE extraction SET fingerprint = ? || ':' || (SELECT text_sha256 FROM document WHERE id = extraction.document)",
            (fingerprint,),
        )
