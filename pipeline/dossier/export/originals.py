"""The files that documents were read from, found again in a corpus: by name, by bytes, in archives and mails."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Protocol

from dossier.engines.processes import Failure, ProcessEngine


class File(Protocol):
    """A file, or a member of one."""

    def read_bytes(self) -> bytes: ...


class Files:
    """A corpus to look in. `find_members`: what a file holds, by sha256; run in the workers, for such files may be hostile."""

    def __init__(self, corpus: Path, engine: ProcessEngine, find_members: Callable[[Path], dict[str, Any]]) -> None:
        self._corpus, self._engine, self._find_members = corpus, engine, find_members

    def find(self, records: Iterable[dict[str, Any]]) -> dict[str, File]:
        """The file of every document record, by the document's id; where a name leads elsewhere, the bytes decide.

        The corpus is looked through once, if at all, and what its files hold is looked at last.
        """
        found: dict[str, File] = {}
        missing = {record["id"]: record for record in records}

        def take(by_digest: dict[str, Any]) -> None:
            for number, record in list(missing.items()):
                if record["sha256"] in by_digest:
                    found[number] = by_digest[record["sha256"]]
                    del missing[number]

        named = {path for record in missing.values() if is_file(path := self._corpus / str(record["path"]))}
        take({_digest(path): path for path in named})
        take(self._look_inside({holder for record in missing.values() if (holder := self._holder(record))}))
        if missing:
            files = sorted(_files_below(self._corpus), reverse=True)
            take({_digest(path): path for path in files})
            if missing:
                take(self._look_inside(set(files)))
        return found

    def _holder(self, record: dict[str, Any]) -> Path | None:
        """The file that a path leads through: `archive.zip` of `archive.zip/report.html`."""
        path = self._corpus / str(record["path"])
        return next((each for each in path.parents if each != self._corpus and is_file(each)), None)

    def _look_inside(self, files: set[Path]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for _, members in self._engine.map(self._find_members, sorted(files)):
            if not isinstance(members, Failure):
                for digest, file in members.items():
                    kept = found.get(digest)
                    found[digest] = file if kept is None or str(file) < str(kept) else kept
        return found


def is_file(path: Path) -> bool:
    """`Path.is_file` raises for a name that is too long to be any file's."""
    return os.path.isfile(path)  # noqa: PTH113


def _files_below(folder: Path) -> Iterator[Path]:
    """The files of a folder and of those in it, links to files too; what cannot be looked at is passed over."""
    waiting = [folder]
    while waiting:
        try:
            with os.scandir(waiting.pop()) as listed:
                for each in listed:
                    if each.is_dir(follow_symlinks=False):
                        waiting.append(Path(each.path))
                    elif each.is_file():
                        yield Path(each.path)
        except OSError:
            continue


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
