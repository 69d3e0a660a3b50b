"""Files that are there whole or not at all: written beside their name, synced, renamed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from dossier.errors import UsageError


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
