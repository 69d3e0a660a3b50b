"""Files that are there whole or not at all: written beside their name, synced, renamed."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from dossier.errors import UsageError

MAX_NAME = 255  # bytes, of most file systems
_UNSAFE = re.compile(r'[\x00-\x1f\x7f-\x9f<>:"|?*\\\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]|[ .]$')


@contextmanager
def written_whole(path: Path) -> Iterator[IO[bytes]]:
    """Open a file for writing; it takes its name only when the block ends well.

    Raises UsageError where the place cannot be written.
    """
    if path.exists() and not path.is_file():
        raise UsageError(f"{path} is no regular file; name a file to write")
    temporary = path.with_name(f".{path.name[:200]}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = temporary.open("wb")
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}; name another place") from error
    try:
        with file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}; what stood there is untouched") from error
    finally:
        temporary.unlink(missing_ok=True)


def refuse_workspace_files(store_folder: Path, out: Path) -> None:
    """Raise UsageError where an export would write over what the workspace lives on."""
    out = out.resolve()
    for name in ("corpus", "configs", "models", "dossier.db", "dossier.lock"):
        kept = (store_folder / name).resolve()
        if out == kept or kept in out.parents:
            raise UsageError(
                f"{out} lies in {name} of the workspace, which an export does not touch; name another place"
            )


def sync_folder(folder: Path) -> None:
    """Make a rename inside a folder last."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def distinct_names(paths: Mapping[str, str], suffix: str, *, taken: Collection[str] = ()) -> dict[str, Path]:
    """A file below an export's folder for each document: `<relative path><suffix>`, by the document's id.

    paths: document id -> relative path. Where a name would stand twice, also in a file system that does not tell case, where
    it is the name of a folder, or where it had to be cut, the document's id is put behind it. Nothing leads out of the folder.
    """
    folders = {parent.as_posix().casefold() for path in paths.values() for parent in safe_path(path, suffix).parents}
    used = {name.casefold() for name in taken} | folders
    found: dict[str, Path] = {}
    for document, path in paths.items():
        file = safe_path(path, suffix)
        whole = file.name == _UNSAFE.sub("_", Path(path).name) + suffix
        if not whole or file.as_posix().casefold() in used:
            file = safe_path(path, f"~{document}{suffix}")
        if len(file.parts) > 1 and file.parts[0].casefold() in taken:
            file = Path("_" + file.parts[0], *file.parts[1:])
        used.add(file.as_posix().casefold())
        found[document] = file
    return found


def safe_path(path: str, suffix: str) -> Path:
    """`<relative path><suffix>`, without a way out of the folder or a character that some system refuses; long names cut."""
    parts = [_UNSAFE.sub("_", part) for part in Path(path).parts if part not in ("..", "/", "")] or ["_"]
    parts = [_cut(part, MAX_NAME - 32) for part in parts]
    return Path(*parts[:-1], _cut(parts[-1], MAX_NAME - 32 - len(suffix)) + suffix)


def _cut(name: str, size: int) -> str:
    return name.encode()[:size].decode("utf-8", "ignore")
