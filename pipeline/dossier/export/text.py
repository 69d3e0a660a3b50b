"""Each document's text as `<relative path>.txt`: what offsets count in."""

from __future__ import annotations

from pathlib import Path

from dossier.export.files import distinct_names, written_whole
from dossier.export.traverse import Options
from dossier.store.db import Store
from dossier.store.documents import document_paths, iter_documents


def export_text(store: Store, out: Path, options: Options) -> dict[str, int]:
    """Write the text of every document into the folder `out`. Returns how many."""
    count = 0
    files = distinct_names(document_paths(store), ".txt")
    for _, document in iter_documents(store):
        with written_whole(out / files[document.id]) as file:
            file.write(document.text.encode())
        count += 1
    return {"text": count}
