"""Each document's text as `<relative path>.txt`: what offsets count in."""

from __future__ import annotations

from pathlib import Path

from dossier.export.files import written_whole
from dossier.export.traverse import Options
from dossier.store.db import Store
from dossier.store.documents import iter_documents

MAX_NAME = 255  # bytes, of most file systems


def export_text(store: Store, out: Path, options: Options) -> dict[str, int]:
    """Write the text of every document into the folder `out`. Returns how many."""
    count = 0
    for path, document in iter_documents(store):
        with written_whole(out / safe_path(path)) as file:
            file.write(document.text.encode())
        count += 1
    return {"text": count}


def safe_path(path: str) -> Path:
    """`<relative path>.txt`, without a way out of the folder; a name that would grow too long is cut."""
    parts = [part for part in Path(path).parts if part not in ("..", "/", "")]
    parts[-1] = parts[-1].encode()[: MAX_NAME - 32].decode("utf-8", "ignore") + ".txt"
    return Path(*parts)
