"""Files that hold reports: ZIP archives, and mails with what is attached. Nothing of them is ever written to a disk.

A member is named by the path of its container and its own path in it, made fit to be one (`archive.zip/2016/report.html`).
Whoever has the file finds the same members under the same names again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from pathlib import PurePosixPath
from typing import IO, NamedTuple

from dossier.errors import InputError
from dossier.ingest.archive import Archive
from dossier.ingest.companions import may_belong, pages_of
from dossier.ingest.mail import find_attachments
from dossier.ingest.meta import META
from dossier.ingest.sniff import DOCX, EXTENSIONS, MAIL, extension, sniff

MAX_DEPTH = 3  # containers in each other
MAX_MEMBERS = 2000  # of one file, in all the containers in it
MAX_UNPACKED = 2 << 30  # bytes of one file, in all the containers in it
MAX_NAME, MAX_PARTS = 1000, 32  # characters of a path, folders in it
MAX_PART = 240  # bytes of one name, so that an export of its text has room
_DRIVE = re.compile(r"[A-Za-z]:")


class Member(NamedTuple):
    """What a container holds: its path in it, its size in bytes as far as it is known, and why it is not to be read."""

    name: str
    size: int
    fault: tuple[str, str] | None = None


@dataclass(slots=True)
class _Entry:
    raw: str
    size: int
    fault: tuple[str, str] | None
    read: Callable[[], bytes]


@dataclass(slots=True)
class Container:
    """A file that holds others. `passed`: how many files of which folders belong to a page, and are no reports."""

    members: list[Member]
    passed: dict[str, int]
    _entries: dict[str, _Entry]

    def read(self, name: str) -> bytes:
        """The bytes of a member. Raises InputError."""
        if name not in self._entries:
            raise InputError("malformed", f"malformed: there is no {name!r} in it")
        return self._entries[name].read()

    def meta(self, name: str) -> bytes | None:
        """The NAME.meta.toml that is packed with a member."""
        path = PurePosixPath(name)
        for own in (path.name + META, path.stem + META):
            if (entry := self._entries.get(str(path.with_name(own)))) and not entry.fault:
                return entry.read()
        return None


def open_container(file: IO[bytes], name: str) -> Container | None:
    """The container that a file is, or None where it is none. Raises InputError where it is broken or holds too much."""
    is_zip = file.read(4) in (b"PK\x03\x04", b"PK\x05\x06")
    file.seek(0)
    if is_zip:
        archive = Archive(file)
        names = {info.filename for info in archive.members}
        is_other = "[Content_Types].xml" in names or "mimetype" in names or EXTENSIONS.get(extension(name)) == DOCX
        return None if is_other else _list(_zip_entries(archive), may_repeat=False)
    data = file.read()
    return _list(_mail_entries(data), may_repeat=True) if sniff(data, name) == MAIL else None


def read_inside(file: IO[bytes], name: str, inside: Sequence[str]) -> tuple[bytes, bytes | None]:
    """The bytes of a member of a member ..., and of its NAME.meta.toml. Raises InputError."""
    data, meta = b"", None
    for each in inside:
        container = open_container(file, name)
        if container is None:
            raise InputError("malformed", f"malformed: {name!r} holds no files")
        data, meta = container.read(each), container.meta(each)
        file, name = BytesIO(data), each
    return data, meta


def _zip_entries(archive: Archive) -> list[_Entry]:
    return [
        _Entry(archive.name(info), info.file_size, archive.fault(info), partial(archive.read, info))
        for info in archive.members
    ]


def _mail_entries(data: bytes) -> list[_Entry]:
    return [
        _Entry(each.name, each.part.end - each.part.start, None, each.part.content) for each in find_attachments(data)
    ]


def _list(entries: Sequence[_Entry], *, may_repeat: bool) -> Container:
    """Give every member its name; leave out what is hidden, and what belongs to a page or a report beside it.

    may_repeat: several members may have one name, as in a mail; in an archive the second one is a trap.
    """
    refuse_too_much(len(entries), sum(entry.size for entry in entries if not entry.fault))
    named: dict[str, _Entry] = {}
    members: list[Member] = []
    for entry in entries:
        name, fault = clean_name(entry.raw)
        if any(part.startswith(".") for part in name.split("/")) or name.startswith("__MACOSX/"):
            continue
        if name in named and not may_repeat:
            fault = fault or (
                "duplicate_name",
                f"the name {name!r} stands twice in the archive; the first one was read",
            )
        name = _another(name, named)
        entry.fault = fault or entry.fault
        named[name] = entry
        members.append(Member(name, entry.size, entry.fault))
    passed: dict[str, int] = {}
    kept = []
    for member in members:
        folder = _page_folder(member.name, named)
        if folder:
            passed[folder] = passed.get(folder, 0) + 1
        elif not member.name.endswith(META):
            kept.append(member)
    return Container(sorted(kept), passed, named)


def _page_folder(name: str, named: dict[str, _Entry]) -> str | None:
    """The folder of a saved page that a member lies in, where the page is there too."""
    path = PurePosixPath(name)
    if not may_belong(path.name):
        return None
    for folder in path.parents:
        if any(str(folder.with_name(page)) in named for page in pages_of(folder.name)):
            return str(folder)
    return None


def _another(name: str, named: dict[str, _Entry]) -> str:
    """The name, with a number where it is taken."""
    path, number = PurePosixPath(name), 2
    while name in named:
        name, number = str(path.with_name(f"{path.stem} ({number}){path.suffix}")), number + 1
    return name


def refuse_too_much(members: int, size: int) -> None:
    """Raise InputError where a file and the containers in it hold more than is read."""
    where = "unpack it into the corpus, or split it"
    if members > MAX_MEMBERS:
        raise InputError(
            "too_large", f"too large: it holds {members:,} files; at most {MAX_MEMBERS:,} are read; {where}"
        )
    if size > MAX_UNPACKED:
        raise InputError("too_large", f"too large when unpacked: {size >> 20:,} MB in all; at most {MAX_UNPACKED >> 20:,} MB "
                         f"are read; {where}")  # fmt: skip


def clean_name(raw: str) -> tuple[str, tuple[str, str] | None]:
    """The name of a member as a path below its container, and what is wrong with it."""
    words = raw.replace("\0", "").replace("\\", "/").encode("utf-8", "backslashreplace").decode()
    parts = words.split("/")
    leads_out = words.startswith("/") or ".." in parts or bool(_DRIVE.match(words))
    kept = [part for part in parts if part not in ("", ".", "..")]
    kept[:1] = [_DRIVE.sub("", part, count=1) or "drive" for part in kept[:1]]
    fault = None
    if leads_out:
        fault = "unsafe_name", f"its name, {raw[:200]!r}, leads out of the archive; rename it and pack it again"
    elif not kept:
        kept = ["unnamed"]
    if len(words) > MAX_NAME or len(kept) > MAX_PARTS or any(len(part.encode()) > MAX_PART for part in kept):
        fault = "unsafe_name", f"its name has {len(words)} characters; rename it and pack it again"
        kept = [part.encode()[: MAX_PART - 40].decode("utf-8", "ignore") for part in kept[-1:]]
    return "/".join(kept) or "unnamed", fault
