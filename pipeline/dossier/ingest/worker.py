"""What a worker does with a task: read the file, and say what else is in it."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import Path
from typing import IO, TYPE_CHECKING

from dossier.engines.processes import Failure, Limits
from dossier.errors import ConfigError, InputError
from dossier.ingest.tasks import MAX_META, Task, meta_of
from dossier.records import Document

if TYPE_CHECKING:
    from dossier.ingest.containers import Member
    from dossier.ingest.meta import Meta
    from dossier.ingest.pdf.ocr import Recogniser

MEGABYTE = 1 << 20
MAX_BYTES = 500 * MEGABYTE  # a report is refused above; the largest real one seen is under 100 MB
# what reading one file may take: wall-clock seconds, and MB of memory beyond the loaded program. A report of 500 pages has a
# megabyte or more, and takes under 15 s; bombs are small
SECONDS, SECONDS_PER_MB, MOST_SECONDS = 28.0, 30.0, 900.0
MEMORY, MEMORY_PER_MB, MOST_MEMORY = 850, 20, 3000
OCR_SECONDS = 1800.0  # more, for a file whose pages are recognised: some hundred pages


@dataclass(slots=True)
class Reading:
    """What became of a file: a document, or why there is none (neither, where it only holds others); and what it holds.

    `passed`: how many files of which folders in it belong to a page.
    """

    document: Document | None = None
    failure: Failure | None = None
    holds: bool = False
    members: list[Member] = field(default_factory=list)
    passed: dict[str, int] = field(default_factory=dict)


def limits_of(task: Task) -> Limits:
    """What reading a file may take, by its size."""
    size = max(task.size, task.unpacked) / MEGABYTE
    seconds = min(SECONDS + SECONDS_PER_MB * size, MOST_SECONDS)
    memory = min(int(MEMORY + MEMORY_PER_MB * size), MOST_MEMORY)
    return Limits(seconds + OCR_SECONDS if task.recogniser else seconds, memory)


def read_task(task: Task) -> Reading:
    """Read one file, or one member of a file. Raises InputError where neither a document nor a member comes of it."""
    from dossier.ingest.containers import MAX_DEPTH, open_container  # the readers are loaded in workers only
    from dossier.ingest.read import read_document
    from dossier.ingest.sniff import ZIP, sniff

    data, packed_meta = _read_bytes(task)
    container = open_container(BytesIO(data), task.name)
    reading = Reading()
    if container is not None:
        if len(task.inside) >= MAX_DEPTH:
            raise InputError(
                "too_large", f"too large: {MAX_DEPTH} archives or mails in each other are opened, not more; unpack it"
            )
        reading = Reading(holds=True, members=container.members, passed=container.passed)
    if container is not None and sniff(data, task.name) == ZIP:
        if not container.members:
            raise InputError("empty", "empty: there is no report in the archive")
        return reading
    try:
        meta = _find_meta(task, packed_meta)
        reading.document = read_document(data, name=task.name, meta=meta, recogniser=task.recogniser)
    except InputError as error:
        if not reading.members:
            raise
        if error.code != "empty":  # a mail that only brings its attachments is no report itself
            reading.failure = Failure(error.code, error.reason)
    return reading


def _read_bytes(task: Task) -> tuple[bytes, bytes | None]:
    """The bytes of the file or member, and of the NAME.meta.toml that is packed with it."""
    from dossier.ingest.containers import read_inside

    with steady(task.path) as file:
        return read_inside(file, task.path.name, task.inside) if task.inside else (file.read(MAX_BYTES + 1), None)


def _find_meta(task: Task, packed: bytes | None) -> Meta | None:
    """What is written beside it; for a member what is packed beside it, else what is written beside the whole file, but for
    its title and address."""
    if packed is not None:
        return _read_meta(packed, task.name + " in the archive")
    if task.meta is None:
        return None
    with steady(task.meta) as file:
        meta = _read_meta(file.read(MAX_META), task.meta.name)
    return replace(meta, title=None, url=None) if task.inside else meta


def _read_meta(data: bytes, where: str) -> Meta:
    from dossier.ingest.meta import read_meta

    try:
        return read_meta(data.decode("utf-8"), where=where)
    except UnicodeDecodeError as error:
        raise InputError("meta_invalid", f"{where} is not UTF-8 ({error}); save it as UTF-8") from error
    except ConfigError as error:
        raise InputError("meta_invalid", str(error)) from error


@contextmanager
def steady(path: Path) -> Iterator[IO[bytes]]:
    """A regular file, opened, that holds still while it is read. Raises InputError."""
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
            yield file
        except OSError as error:
            raise InputError("unreadable", f"it cannot be read: {error.strerror}") from error
        finally:
            after = os.fstat(file.fileno())
        if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
            raise InputError("changed_while_read", "it changed while it was read; run again when it is complete")


@dataclass(frozen=True, slots=True)
class Inside:
    """A member of a file, to be read as a file is. `names` lead to it."""

    path: Path
    names: tuple[str, ...]

    def read_bytes(self) -> bytes:
        return read_bytes(self.path, self.names)


def read_bytes(path: Path, inside: tuple[str, ...] = ()) -> bytes:
    """The bytes of a file, or of a member of it. Raises InputError."""
    return _read_bytes(Task("", path.name, path, None, 0, 0, None, inside=inside))[0]


def find_members(path: Path) -> dict[str, Inside]:
    """Everything that a file holds, by the sha256 of its bytes; nothing where it holds nothing, or does not open."""
    from dossier.ingest.containers import MAX_DEPTH, open_container

    found: dict[str, Inside] = {}
    waiting: list[tuple[str, ...]] = [()]
    while waiting:
        names = waiting.pop()
        try:
            data = read_bytes(path, names)
            if names:
                found.setdefault(hashlib.sha256(data).hexdigest(), Inside(path, names))
            container = (
                open_container(BytesIO(data), names[-1] if names else path.name) if len(names) < MAX_DEPTH else None
            )
        except InputError:
            continue
        if container is not None:
            waiting += [(*names, member.name) for member in container.members if not member.fault]
    return found


def read_report(file: Path | Inside, recogniser: Recogniser | None = None) -> Document:
    """Read one report with its NAME.meta.toml, in this process. Raises InputError."""
    path, names = (file.path, file.names) if isinstance(file, Inside) else (file, ())
    task = Task("", path.name, path, meta_of(path), 0, 0, None, recogniser=recogniser, inside=names)
    reading = read_task(task)
    if reading.failure:
        raise InputError(reading.failure.code, reading.failure.reason)
    if reading.document is None:
        raise InputError("format_not_supported", f"{task.name} holds {len(reading.members)} reports and is none itself")
    return reading.document
