"""ZIP archives: what is in them, and one member of them, unpacked in memory and within limits."""

from __future__ import annotations

import lzma
import os
import stat
import struct
import zlib
from typing import IO
from zipfile import BadZipFile, ZipFile, ZipInfo

from dossier.errors import InputError

MEGABYTE = 1 << 20
MAX_MEMBER = 200 * MEGABYTE  # unpacked; a report that large is split by nobody but its author
MAX_RATIO = 100  # of what is unpacked to what is packed; text has 3 to 10, tables of figures 30
RATIO_FROM = 20 * MEGABYTE  # below, a ratio is no danger
MAX_LISTED = 8 * MEGABYTE  # of the list of members, which takes ten times that in memory; 2,000 names take under 1 MB
_END, _LOCATOR, _END64 = 22, 20, 56  # bytes of the records at the end
_UNIX = 3  # ZipInfo.create_system, whose `external_attr` says what kind of file it was


def refuse_long_list(file: IO[bytes]) -> None:
    """Raise InputError (too_large) for a list of members that is itself a bomb, before it is read.

    It is looked for where `zipfile` does: at the very end, else before a comment; the record of large archives before that.
    """
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - _END - 0xFFFF - _LOCATOR - _END64))
    tail = file.read()
    file.seek(0)
    bare = tail[-_END:].startswith(b"PK\5\6") and tail.endswith(b"\0\0")
    at = len(tail) - _END if bare else tail.rfind(b"PK\5\6")
    if not 0 <= at <= len(tail) - _END:
        return
    listed = int.from_bytes(tail[at + 12 : at + 16], "little")
    locator = tail[max(0, at - _LOCATOR) : at]
    if locator.startswith(b"PK\6\7"):
        file.seek(min(size, int.from_bytes(locator[8:16], "little")))
        for record in (tail[max(0, at - _LOCATOR - _END64) : at], file.read(_END64)):
            if record.startswith(b"PK\6\6"):
                listed = max(listed if listed != 0xFFFFFFFF else 0, int.from_bytes(record[40:48], "little"))
        file.seek(0)
    listed = min(listed, size)
    if listed > MAX_LISTED:
        raise InputError(
            "too_large",
            f"too large: the list of what is in the archive has {listed // MEGABYTE:,} MB; at most "
            f"{MAX_LISTED // MEGABYTE} MB are read; unpack it into the corpus, or split it",
        )


class Archive:
    """An open archive. Raises InputError: malformed, too_large."""

    def __init__(self, file: IO[bytes]) -> None:
        refuse_long_list(file)
        try:
            self._zip = ZipFile(file)
        except (BadZipFile, ValueError, NotImplementedError, struct.error, OSError, OverflowError) as error:
            raise InputError(
                "malformed", f"malformed: the archive does not open ({error}); look for a better copy"
            ) from error
        self.members = [info for info in self._zip.infolist() if not info.is_dir()]

    def name(self, info: ZipInfo) -> str:
        """The path as it was packed. Names that say no encoding are UTF-8 where they can be."""
        if info.flag_bits & 0x800:
            return info.filename
        try:
            return info.filename.encode("cp437").decode("utf-8")
        except UnicodeError:
            return info.filename

    def fault(self, info: ZipInfo) -> tuple[str, str] | None:
        """Why a member is not to be unpacked, as a code and a reason."""
        if info.flag_bits & 1:
            return (
                "password_needed",
                "encrypted: it needs a password; unpack the archive and put its files in its place",
            )
        mode = info.external_attr >> 16
        if info.create_system == _UNIX and stat.S_IFMT(mode) not in (0, stat.S_IFREG):
            return "not_a_file", "it is a link or a device, no regular file; put the file itself there"
        if info.file_size > MAX_MEMBER:
            size, most = info.file_size // MEGABYTE, MAX_MEMBER // MEGABYTE
            return (
                "too_large",
                f"too large when unpacked: {size} MB; at most {most} MB of a member are read; unpack the archive",
            )
        if info.file_size > RATIO_FROM and info.file_size > MAX_RATIO * max(1, info.compress_size):
            ratio = info.file_size // max(1, info.compress_size)
            return (
                "too_large",
                f"too large when unpacked: {ratio:,} times what it is packed, as in a file made to do harm",
            )
        return None

    def read(self, info: ZipInfo) -> bytes:
        """The bytes of a member: as many as its entry says, or an error. Raises InputError."""
        if fault := self.fault(info):
            raise InputError(*fault)
        try:
            with self._zip.open(info) as member:
                data = member.read(info.file_size + 1)
        except NotImplementedError as error:
            raise InputError("format_not_supported", f"format not supported: {error}; unpack the archive") from error
        except (
            BadZipFile,
            EOFError,
            ValueError,
            struct.error,
            OSError,
            zlib.error,
            lzma.LZMAError,
            RuntimeError,
        ) as error:
            raise InputError("malformed", f"malformed: it does not unpack ({error}); look for a better copy") from error
        if len(data) != info.file_size:
            raise InputError(
                "malformed", f"malformed: it unpacks to {len(data)} bytes, the archive says {info.file_size}"
            )
        return data
