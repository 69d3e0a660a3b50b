"""Inputs and the documents they became."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import orjson

from dossier.errors import InputError, WorkspaceError
from dossier.records import Block, Document, Note, Section, Span, Warned, Work
from dossier.store.db import Store
from dossier.store.shelf import enter, put_in, take_out

METADATA = ("title", "date", "publisher", "url", "reliability", "pages")


@dataclass(frozen=True, slots=True)
class InputState:
    """What the store knows of one file of the corpus.

    `root` is the folder it was found under, relative to the workspace where it lies inside; `path` is relative to
    `root`. `size` in bytes, `mtime_ns` as the file system says; `reader` the fingerprint of the code that read it.
    """

    root: str
    path: str
    size: int
    mtime_ns: int
    sha256: str | None
    meta_sha256: str | None
    reader: str
    state: str
    code: str | None = None
    reason: str | None = None
    document: str | None = None

    def same_file(self, size: int, mtime_ns: int, meta_sha256: str | None, readers: Collection[str]) -> bool:
        mine = (self.size, self.mtime_ns, self.meta_sha256)
        return mine == (size, mtime_ns, meta_sha256) and self.reader in readers


COLUMNS = "root, path, size, mtime_ns, sha256, meta_sha256, reader, state, code, reason, document"


def load_inputs(store: Store, root: str | None = None) -> list[InputState]:
    """All inputs in the order of their paths, or those of one root."""
    where, bindings = ("", ()) if root is None else ("WHERE root = ?", (root,))
    return [
        InputState(*row) for row in store.rows(f"SELECT {COLUMNS} FROM input {where} ORDER BY root, path", bindings)
    ]


def is_missing(store: Store, found: InputState) -> bool:
    """Whether the file is no longer where it was read. A name that is no UTF-8 cannot be looked up again from its text.

    What lies in an archive or a mail has that file's size and time, as long as it was in it when it was opened last.
    """
    if "\\x" in found.path or _exists(store.folder / found.root / found.path):
        return False
    folder = found.path
    while folder := folder.rpartition("/")[0]:
        row = store.db.execute(
            "SELECT size, mtime_ns FROM container WHERE root = ? AND path = ?", (found.root, folder)
        ).fetchone()
        if row is not None:
            return row != (found.size, found.mtime_ns) or not _exists(store.folder / found.root / folder)
    return True


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # a name in an archive may be longer than any file's
        return False


def drop_input(store: Store, root: str, path: str) -> None:
    """Forget an input that is none: a file that only holds others."""
    with store.transaction():
        store.db.execute("DELETE FROM input WHERE root = ? AND path = ?", (root, path))


def save_input(store: Store, found: InputState, document: Document | None) -> None:
    """Note what became of a file, with the document it became, in one transaction."""
    with store.transaction():
        saved = document is not None and not _has_earlier_path(store, found)
        former = store.one("SELECT document FROM input WHERE root = ? AND path = ?", (found.root, found.path))
        if document is not None and saved:
            take_out(store, document.id)
            _save_document(store, document, reader=found.reader)
        store.db.execute(
            f"INSERT OR REPLACE INTO input ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            tuple(getattr(found, name) for name in COLUMNS.split(", ")),
        )
        for number in sorted({former, found.document} - {None}):
            if saved and number == found.document:
                put_in(store, number)
            else:
                enter(store, number)


def _has_earlier_path(store: Store, found: InputState) -> bool:
    """Whether the same bytes stand under an earlier path, whose NAME.meta.toml counts, and were read by the same code."""
    return bool(
        store.one(
            "SELECT 1 FROM input i JOIN document d ON d.id = i.document WHERE i.document = ? AND d.reader = ? "
            "AND (i.path, i.root) < (?, ?)",
            (found.document, found.reader, found.path, found.root),
        )
    )


def quarantine_document(store: Store, document: str, code: str, reason: str, *, made_with: str) -> None:
    """Put aside every input that became this document; the document's row and what was ruled on it stay.

    made_with: the fingerprint of what failed on it; with another one it is worth another try.
    """
    with store.transaction():
        store.db.execute(
            "UPDATE input SET state = 'quarantined', code = ?, reason = ?, document = NULL, reader = reader || '+' || ? "
            "WHERE document = ?",
            (code, reason, made_with, document),
        )
        enter(store, document)


def quarantined(found: InputState, error: InputError) -> InputState:
    """The same file, put aside with the code and the reason."""
    values = {name: getattr(found, name) for name in COLUMNS.split(", ")}
    return InputState(
        **{**values, "state": "quarantined", "code": error.code, "reason": error.reason, "document": None}
    )


def _save_document(store: Store, document: Document, *, reader: str) -> None:
    layout = {name: getattr(document, name) for name in METADATA}
    layout |= {
        "ingest": document.ingest,
        "blocks": [tuple(block) for block in document.blocks],  # orjson writes no named tuples
        "sections": [tuple(section) for section in document.sections],
        "notes": [{**asdict(note), "markers": [tuple(m) for m in note.markers]} for note in document.notes],
        "works": [asdict(work) for work in document.works],
        "warnings": [asdict(warning) for warning in document.warnings],
    }
    store.db.execute(
        "INSERT INTO document (id, sha256, reader, media_type, encoding, language, text, text_sha256, offsets, layout) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET reader = excluded.reader, "
        "media_type = excluded.media_type, encoding = excluded.encoding, language = excluded.language, "
        "text = excluded.text, text_sha256 = excluded.text_sha256, offsets = excluded.offsets, layout = excluded.layout",
        (document.id, document.sha256, reader, document.media_type, document.encoding, document.language,
         document.text, document.text_sha256, document.offsets, orjson.dumps(layout).decode()),
    )  # fmt: skip


def load_document(store: Store, document_id: str) -> Document:
    row = store.db.execute(
        "SELECT id, sha256, media_type, encoding, language, text, offsets, layout FROM document WHERE id = ?",
        (document_id,),
    ).fetchone()
    if row is None:
        raise WorkspaceError(f"{store.folder}: there is no document {document_id!r}; `dossier status` lists them")
    return _make_document(row)


def _make_document(row: tuple[Any, ...]) -> Document:
    layout = orjson.loads(row[7])
    return Document(
        id=row[0],
        sha256=row[1],
        media_type=row[2],
        encoding=row[3],
        language=row[4],
        text=row[5],
        offsets=row[6],
        ingest=layout["ingest"],
        blocks=[Block(*block) for block in layout["blocks"]],
        sections=[Section(*section) for section in layout["sections"]],
        notes=[_make_note(note) for note in layout["notes"]],
        works=[Work(**work) for work in layout["works"]],
        warnings=[Warned(**warning) for warning in layout["warnings"]],
        **{name: layout[name] for name in METADATA},
    )


def _make_note(note: dict[str, Any]) -> Note:
    return Note(**{**note, "works": tuple(note["works"]), "markers": tuple(Span(*m) for m in note["markers"])})


def document_paths(store: Store) -> dict[str, str]:
    """The documents that some input stands for, each with its first path; the order is that of the paths."""
    found: dict[str, str] = {}
    for document, path in store.rows("SELECT document, path FROM input WHERE document IS NOT NULL ORDER BY path, root"):
        found.setdefault(document, path)
    return found


def count_formats(store: Store) -> list[tuple[str, int, int | None]]:
    """Media type, documents and pages (None where the format has none) of what stands, the most frequent first."""
    return [
        (media_type, documents, pages)
        for media_type, documents, pages in store.rows(
            "SELECT media_type, count(*), sum(json_extract(layout, '$.pages')) FROM document WHERE id IN "
            "(SELECT document FROM input) GROUP BY media_type ORDER BY count(*) DESC, media_type"
        )
    ]


def iter_documents(store: Store) -> Iterator[tuple[str, Document]]:
    """Path and document of all that stand, in the order of the paths."""
    for document_id, path in document_paths(store).items():
        yield path, load_document(store, document_id)
