"""Each document's text as `<relative path>.txt`: what offsets count in."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from dossier.export.files import written_whole
from dossier.export.traverse import Options
from dossier.store.db import Store
from dossier.store.documents import iter_documents

MAX_NAME = 255  # bytes, of most file systems
SUFFIX = ".txt"


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
    name = parts[-1].encode()
    if len(name) + len(SUFFIX) > MAX_NAME:  # two long names may begin alike
        parts[-1] = f"{name[: MAX_NAME - 32].decode('utf-8', 'ignore')}.{sha256(name).hexdigest()[:8]}"
    parts[-1] += SUFFIX
    return Path(*parts)
