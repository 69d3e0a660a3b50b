"""The files of a corpus, each as a task for a worker."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from dossier.errors import UsageError
from dossier.ingest.companions import may_belong, pages_of
from dossier.ingest.meta import META

if TYPE_CHECKING:
    from dossier.ingest.containers import Member
    from dossier.ingest.pdf.ocr import Recogniser

MAX_META = 1 << 20  # bytes of a NAME.meta.toml

Fault = tuple[str, str]  # code and reason


@dataclass(frozen=True, slots=True)
class Task:
    """One file for a worker. `path` is where it lies; `meta` its NAME.meta.toml, if there is one.

    `inside`: the names that lead to it in the file at `path`, where that is an archive or a mail; `size` and `mtime_ns` are
    that file's, `unpacked` is the size of what is to be read.
    """

    root: str
    relative: str
    path: Path
    meta: Path | None
    size: int
    mtime_ns: int
    meta_sha256: str | None
    fault: Fault | None = None  # for what is no regular file
    recogniser: Recogniser | None = None
    inside: tuple[str, ...] = ()
    unpacked: int = 0

    @property
    def name(self) -> str:
        """The last part of its path."""
        return self.inside[-1] if self.inside else self.path.name


def member_task(holder: Task, member: Member) -> Task:
    """The task of what a container holds."""
    return replace(
        holder,
        relative=printable(f"{holder.relative}/{member.name}"),
        fault=member.fault,
        inside=(*holder.inside, member.name),
        unpacked=member.size,
    )


def find_tasks(workspace: Path, corpus: Sequence[Path], passed: dict[str, int] | None = None) -> list[Task]:
    """Every file under the given folders (or named itself), once, in the order of the paths.

    Left out: hidden files and folders, NAME.meta.toml, which belong to their reports, and what a browser put beside a page that
    it saved; `passed` is told the folders and how many files these are. Folders behind links are not entered. Raises
    UsageError for a path that does not exist.
    """
    found: dict[tuple[str, str], Task] = {}
    for given in corpus:
        path = given.absolute()
        if not path.exists():
            raise UsageError(f"{given} does not exist; name a folder of reports or a report")
        base = _base(workspace, path)
        for file in _walk(path, base, {} if passed is None else passed) if path.is_dir() else [path]:
            task = _make_task(workspace, base, file)
            found[task.root, task.relative] = task
    return sorted(found.values(), key=lambda task: (task.relative, task.root))


def _base(workspace: Path, path: Path) -> Path:
    """The folder that paths are relative to: the workspace's corpus where the path lies in it."""
    corpus = workspace / "corpus"
    if path == corpus or corpus in path.parents:
        return corpus
    return path if path.is_dir() else path.parent


def _walk(folder: Path, base: Path, passed: dict[str, int]) -> Iterator[Path]:
    """The files of a folder and those in it; a folder that cannot be looked into stands for its files."""
    waiting: list[tuple[Path, str]] = [(folder, "")]  # with the folder of a page that it lies in
    while waiting:
        where, of_page = waiting.pop()
        try:
            with os.scandir(where) as listed:
                entries = [(where / each.name, each.is_dir(follow_symlinks=False)) for each in listed]
        except OSError:  # closed, or deeper than a path can name
            yield where
            continue
        names = {path.name for path, _ in entries}
        for path, is_folder in entries:
            if path.name.startswith(".") or path.name.endswith(META):
                continue
            if is_folder:
                is_page_folder = any(page in names for page in pages_of(path.name))
                own = printable(path.relative_to(base).as_posix()) if is_page_folder else ""
                waiting.append((path, of_page or own))
            elif of_page and may_belong(path.name):
                passed[of_page] = passed.get(of_page, 0) + 1
            else:
                yield path


def _make_task(workspace: Path, base: Path, path: Path) -> Task:
    root = printable(os.path.relpath(base, workspace) if workspace in (base, *base.parents) else str(base))
    relative = printable(path.relative_to(base).as_posix())
    fault, size, mtime_ns = _look(path, base)
    meta = None if fault else meta_of(path)
    digest = None
    if meta is not None:
        try:
            with meta.open("rb") as file:
                digest = hashlib.sha256(file.read(MAX_META + 1)).hexdigest()
        except OSError as error:
            fault = "unreadable", f"{meta.name} cannot be read: {error.strerror}; check its owner and mode"
    return Task(root, relative, path, meta, size, mtime_ns, digest, fault)


def printable(path: str) -> str:
    """A path as text that any database and JSON takes: bytes that are no UTF-8 become `\\xNN`."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _look(path: Path, base: Path) -> tuple[Fault | None, int, int]:
    try:
        if path.is_symlink() and not path.resolve(strict=True).is_relative_to(base.resolve()):
            return ("link_outside", "it is a link to a place outside the corpus; put the file itself there"), 0, 0
        found = path.stat()
    except (OSError, RuntimeError) as error:
        return ("unreadable", f"it cannot be looked at: {getattr(error, 'strerror', None) or error}"), 0, 0
    if stat.S_ISDIR(found.st_mode) and not path.is_symlink():
        return ("unreadable", "it is a folder that cannot be looked into; check its owner and mode"), 0, 0
    if not stat.S_ISREG(found.st_mode):
        kind = "a link to a folder" if stat.S_ISDIR(found.st_mode) else "no regular file (a pipe, a socket or a device)"
        return ("not_a_file", f"it is {kind}; only files are read"), 0, 0
    return None, found.st_size, found.st_mtime_ns


def meta_of(path: Path) -> Path | None:
    """`report.pdf.meta.toml`, or `report.meta.toml`."""
    for name in (path.name + META, path.stem + META):
        if len(os.fsencode(name)) <= 255 and (path.parent / name).is_file():
            return path.parent / name
    return None
