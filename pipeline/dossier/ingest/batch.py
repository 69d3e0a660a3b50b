"""A folder of reports into documents: find the files, read what changed in worker processes, note what became of each."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from dossier import source_map
from dossier.engines.processes import Failure, Limits, ProcessEngine
from dossier.errors import ConfigError, InputError, UsageError
from dossier.records import Document
from dossier.resources import PACKAGE, digest_files
from dossier.store.db import Store
from dossier.store.documents import InputState, load_inputs, quarantined, save_input
from dossier.store.forget import CODE as FORGOTTEN
from dossier.store.forget import reason as forgotten_reason
from dossier.store.forget import remember
from dossier.store.shelf import is_forgotten

if TYPE_CHECKING:
    from dossier.ingest.pdf.ocr import Recogniser

MEGABYTE = 1 << 20
MAX_BYTES = 500 * MEGABYTE  # a report is refused above; the largest real one seen is under 100 MB
# what reading one file may take: wall-clock seconds, and MB of memory beyond the loaded program. A report of 500 pages has a
# megabyte or more, and takes under 15 s; bombs are small
SECONDS, SECONDS_PER_MB, MOST_SECONDS = 28.0, 30.0, 900.0
MEMORY, MEMORY_PER_MB, MOST_MEMORY = 850, 20, 3000
OCR_SECONDS = 1800.0  # more, for a file whose pages are recognised: some hundred pages
META = ".meta.toml"
OCR_MARK = "+ocr."
_OCR_PART = re.compile(re.escape(OCR_MARK) + r"[A-Za-z_.]+")

Report = Callable[[str, InputState], None]


@dataclass(frozen=True, slots=True)
class Task:
    """One file for a worker. `path` is where it lies; `meta` its NAME.meta.toml, if there is one."""

    root: str
    relative: str
    path: Path
    meta: Path | None
    size: int
    mtime_ns: int
    meta_sha256: str | None
    fault: tuple[str, str] | None = None  # code and reason, for what is no regular file
    recogniser: Recogniser | None = None


def ingest(
    store: Store,
    engine: ProcessEngine,
    corpus: Sequence[Path],
    *,
    limit: int | None = None,
    retry: bool = False,
    again: str | None = None,
    made_with: str = "",
    recogniser: Recogniser | None = None,
    report: Report = lambda path, state: None,
    begin: Callable[[int], None] = lambda total: None,
) -> Counter[str]:
    """Read the files under `corpus` that are new or changed. Returns how many ended how (`unchanged` among them).

    limit: read at most so many; retry: read the quarantined ones again too; again: the name of who wants back what was
    forgotten; made_with: the fingerprint of the extraction that follows, so that what it failed on is not tried again in the
    same way; recogniser: reads pages that are pictures, and has files read again that were read without it. `begin` hears the
    number of files to read, `report` of each one, after it is on the disk.
    """
    reader = fingerprint() + (OCR_MARK + recogniser.languages.replace("+", ".") if recogniser else "")
    known = {(i.root, i.path): i for i in load_inputs(store)}
    counts: Counter[str] = Counter()
    todo: list[Task] = []
    for task in find_tasks(store.folder, corpus):
        before = known.get((task.root, task.relative))
        back = again is not None and before is not None and before.code == FORGOTTEN
        if _is_done(before, task, (reader, f"{reader}+{made_with}"), retry or back):
            counts["unchanged"] += 1
        else:
            todo.append(replace(task, recogniser=recogniser))
    todo = todo[:limit]
    begin(len(todo))
    for task, result in _read_all(engine, todo):
        state = _save(store, task, result, reader, again)
        counts[state.state] += 1
        report(task.relative, state)
    return counts


def fingerprint() -> str:
    """The code that reads: where it changed, files are read again."""
    code = [p for folder in ("ingest", "normalize") for p in (PACKAGE / folder).rglob("*.py")]
    maps = [PACKAGE / name for name in source_map.CODE]
    return digest_files((p.relative_to(PACKAGE).as_posix(), p) for p in [*code, *maps])[:16]


def _is_done(known: InputState | None, task: Task, readers: Collection[str], retry: bool) -> bool:
    if known is None or (retry and known.state == "quarantined"):
        return False
    if not any(OCR_MARK in reader for reader in readers):  # words that were recognised once are kept
        known = replace(known, reader=_OCR_PART.sub("", known.reader))
    return known.same_file(task.size, task.mtime_ns, task.meta_sha256, readers)


def _read_all(engine: ProcessEngine, todo: list[Task]) -> Iterator[tuple[Task, Document | Failure]]:
    for task in todo:
        if task.fault:
            yield task, Failure(*task.fault)
    yield from engine.map(read_task, [task for task in todo if not task.fault], limits_of)


def limits_of(task: Task) -> Limits:
    """What reading a file may take, by its size."""
    size = task.size / MEGABYTE
    seconds = min(SECONDS + SECONDS_PER_MB * size, MOST_SECONDS)
    memory = min(int(MEMORY + MEMORY_PER_MB * size), MOST_MEMORY)
    return Limits(seconds + OCR_SECONDS if task.recogniser else seconds, memory)


def _save(store: Store, task: Task, result: Document | Failure, reader: str, again: str | None) -> InputState:
    state = InputState(
        task.root, task.relative, task.size, task.mtime_ns, None, task.meta_sha256, reader, "quarantined", "new", "new"
    )
    if isinstance(result, Document) and is_forgotten(store, result.id):
        if again is None:
            state = replace(state, sha256=result.sha256)
            result = Failure(FORGOTTEN, forgotten_reason())
        else:
            remember(store, result.id, user=again)
    if isinstance(result, Failure):
        state = quarantined(state, InputError(result.code, result.reason))
        save_input(store, state, None)
        return state
    state = replace(
        state,
        sha256=result.sha256,
        state="warned" if result.warnings else "done",
        code=None,
        reason="; ".join(w.message for w in result.warnings) or None,
        document=result.id,
    )
    save_input(store, state, result)
    return state


# ------------------------------------------------------------------ in the worker


def read_task(task: Task) -> Document:
    """Read one file. Runs in a worker; raises InputError."""
    from dossier.ingest.meta import read_meta
    from dossier.ingest.read import read_document

    data = read_bytes(task.path)
    meta = None
    if task.meta is not None:
        try:
            meta = read_meta(read_bytes(task.meta).decode("utf-8"), where=task.meta.name)
        except UnicodeDecodeError as error:
            raise InputError("meta_invalid", f"{task.meta.name} is not UTF-8 ({error}); save it as UTF-8") from error
        except ConfigError as error:
            raise InputError("meta_invalid", str(error)) from error
    return read_document(data, name=task.path.name, meta=meta, recogniser=task.recogniser)


def read_bytes(path: Path) -> bytes:
    """The bytes of a regular file that holds still while it is read."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise InputError("unreadable", f"it cannot be opened: {error.strerror}; check its owner and mode") from error
    with os.fdopen(descriptor, "rb") as file:
        before = os.fstat(file.fileno())
        if not stat.S_ISREG(before.st_mode):
            raise InputError("not_a_file", "it is no regular file")
        if before.st_size > MAX_BYTES:
            raise InputError("too_large", f"{before.st_size >> 20} MB; at most {MAX_BYTES >> 20} MB are read; split it")
        try:
            data = file.read(MAX_BYTES + 1)
        except OSError as error:
            raise InputError("unreadable", f"it cannot be read: {error.strerror}") from error
        after = os.fstat(file.fileno())
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or len(data) != after.st_size:
        raise InputError("changed_while_read", "it changed while it was read; run again when it is complete")
    return data


# ------------------------------------------------------------------ finding files


def find_tasks(workspace: Path, corpus: Sequence[Path]) -> list[Task]:
    """Every file under the given folders (or named itself), once, in the order of the paths.

    Left out: hidden files and folders, and NAME.meta.toml, which belong to their reports. Folders behind links are not
    entered. Raises UsageError for a path that does not exist.
    """
    found: dict[tuple[str, str], Task] = {}
    for given in corpus:
        path = given.absolute()
        if not path.exists():
            raise UsageError(f"{given} does not exist; name a folder of reports or a report")
        base = _base(workspace, path)
        for file in _walk(path) if path.is_dir() else [path]:
            task = _make_task(workspace, base, file)
            found[task.root, task.relative] = task
    return sorted(found.values(), key=lambda task: (task.relative, task.root))


def _base(workspace: Path, path: Path) -> Path:
    """The folder that paths are relative to: the workspace's corpus where the path lies in it."""
    corpus = workspace / "corpus"
    if path == corpus or corpus in path.parents:
        return corpus
    return path if path.is_dir() else path.parent


def _walk(folder: Path) -> Iterator[Path]:
    waiting = [folder]
    while waiting:
        for path in waiting.pop().iterdir():
            if path.name.startswith(".") or path.name.endswith(META):
                continue
            if path.is_dir() and not path.is_symlink():
                waiting.append(path)
            else:
                yield path


def _make_task(workspace: Path, base: Path, path: Path) -> Task:
    root = printable(os.path.relpath(base, workspace) if workspace in (base, *base.parents) else str(base))
    relative = printable(path.relative_to(base).as_posix())
    fault, size, mtime_ns = _look(path, base)
    meta = None if fault else _meta_of(path)
    digest = hashlib.sha256(meta.read_bytes()).hexdigest() if meta else None
    return Task(root, relative, path, meta, size, mtime_ns, digest, fault)


def printable(path: str) -> str:
    """A path as text that any database and JSON takes: bytes that are no UTF-8 become `\\xNN`."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _look(path: Path, base: Path) -> tuple[tuple[str, str] | None, int, int]:
    try:
        if path.is_symlink() and not path.resolve(strict=True).is_relative_to(base.resolve()):
            return ("link_outside", "it is a link to a place outside the corpus; put the file itself there"), 0, 0
        found = path.stat()
    except (OSError, RuntimeError) as error:
        return ("unreadable", f"it cannot be looked at: {getattr(error, 'strerror', None) or error}"), 0, 0
    if not stat.S_ISREG(found.st_mode):
        kind = "a link to a folder" if stat.S_ISDIR(found.st_mode) else "no regular file (a pipe, a socket or a device)"
        return ("not_a_file", f"it is {kind}; only files are read"), 0, 0
    return None, found.st_size, found.st_mtime_ns


def _meta_of(path: Path) -> Path | None:
    """`report.pdf.meta.toml`, or `report.meta.toml`."""
    for name in (path.name + META, path.stem + META):
        if len(os.fsencode(name)) <= 255 and (path.parent / name).is_file():
            return path.parent / name
    return None


def read_report(path: Path, recogniser: Recogniser | None = None) -> Document:
    """Read one report with its NAME.meta.toml, in this process."""
    return read_task(Task("", path.name, path, _meta_of(path), 0, 0, None, recogniser=recogniser))
