"""The documents as a reviewer sees them listed and searched: path, title, how far each is, and the index of their words."""

from __future__ import annotations

from dossier.store.db import Store
from dossier.store.targets import place_document


def take_out(store: Store, document: str) -> None:
    """Take the words of a document out of the index, before they change. Inside a transaction."""
    store.db.execute(
        "INSERT INTO document_words (document_words, rowid, title, text) SELECT 'delete', number, title, text "
        "FROM document_text WHERE number = (SELECT number FROM shelf WHERE document = ?)",
        (document,),
    )


def put_in(store: Store, document: str) -> None:
    """List a document under its first path, and index its words. Inside a transaction."""
    enter(store, document)
    store.db.execute(
        "INSERT INTO document_words (rowid, title, text) SELECT number, title, text FROM document_text "
        "WHERE number = (SELECT number FROM shelf WHERE document = ?)",
        (document,),
    )


def enter(store: Store, document: str) -> None:
    """Bring what is listed of a document up to its inputs; where none stands for it, its targets go. Inside a transaction."""
    stood = store.one("SELECT standing FROM shelf WHERE document = ?", (document,))
    path = store.one("SELECT path FROM input WHERE document = ? ORDER BY path, root LIMIT 1", (document,))
    store.db.execute(
        "INSERT INTO shelf (document, path, title, date, pages, media_type, standing) SELECT id, ?, json_extract(layout, "
        "'$.title'), json_extract(layout, '$.date'), json_extract(layout, '$.pages'), media_type, ? FROM document "
        "WHERE id = ? ON CONFLICT (document) DO UPDATE SET path = excluded.path, title = excluded.title, "
        "date = excluded.date, pages = excluded.pages, media_type = excluded.media_type, standing = excluded.standing",
        (path or "", int(path is not None), document),
    )
    if stood is not None and bool(stood) != (path is not None):
        place_document(store, document)


def is_forgotten(store: Store, document: str) -> bool:
    """Whether somebody had a document forgotten, and nobody took that back."""
    last = store.one(
        "SELECT d.ruling FROM vote v JOIN decision d ON d.id = v.decision WHERE v.kind = 'document' AND v.key = ? "
        "ORDER BY d.id DESC LIMIT 1",
        (document,),
    )
    return bool(last == "forget")
