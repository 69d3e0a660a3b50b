"""A DOCX as a package: a ZIP archive of parts, and the relationships that say which part is what. Nothing is unpacked to disk."""

from __future__ import annotations

import posixpath
import struct
import zlib
from io import BytesIO
from typing import NamedTuple
from zipfile import BadZipFile, LargeZipFile, ZipFile, ZipInfo

from dossier.errors import InputError
from dossier.ingest.docx.xml import read_tree

MEGABYTE = 1 << 20
MAX_UNPACKED = 1024 * MEGABYTE  # all members together, as declared: pictures too, which are never unpacked
MAX_PART = 128 * MEGABYTE  # of XML
MAX_DIRECTORY = 8 * MEGABYTE  # the list of members, of 46 bytes and a name each
CONTENT_TYPES = "[Content_Types].xml"
_AGAIN = "open it in a word processor and save it again, or ask for another copy"
_END = struct.Struct("<4s4H2LH")
_WORD = "wordprocessingml", "ms-word"
_BROKEN = (
    BadZipFile,
    LargeZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,
    RuntimeError,
)


class Related(NamedTuple):
    """A relationship of a part: what it is (the last word of its type), and the part that it leads to."""

    kind: str
    part: str


class Package:
    """The parts of a DOCX. `main` is the one with the text.

    Raises InputError: malformed, too_large, password_needed, format_not_supported, unsafe_xml.
    """

    def __init__(self, data: bytes) -> None:
        _check_directory(data)
        try:
            self._archive = ZipFile(BytesIO(data))
        except _BROKEN as error:
            raise _malformed(f"its archive cannot be opened ({error}); it may have been cut short") from error
        members = self._archive.infolist()
        declared = sum(member.file_size for member in members)
        if declared > MAX_UNPACKED:
            raise InputError(
                "too_large",
                f"too large when unpacked: {declared // MEGABYTE:,} MB; at most {MAX_UNPACKED // MEGABYTE:,} MB are read; "
                "save it again with smaller pictures, or split it",
            )
        self._members: dict[str, list[ZipInfo]] = {}
        for member in members:
            self._members.setdefault(_key(member.filename), []).append(member)
        self._relations: dict[str, list[Related]] = {}
        self.main = self._find_main()

    def read(self, part: str) -> bytes | None:
        """The bytes of a part, or None where there is none of that name. Raises InputError."""
        found = self._members.get(_key(part), [])
        if not found:
            return None
        if len(found) > 1:
            raise _malformed(f"it holds {part} {len(found)} times, so that it is not plain which one counts")
        member = found[0]
        if member.flag_bits & 1:
            raise InputError(
                "password_needed", f"password needed: {part} in it is encrypted; save it without a password"
            )
        if member.file_size > MAX_PART:
            raise InputError(
                "too_large",
                f"too large when unpacked: {part} has {member.file_size // MEGABYTE:,} MB; at most "
                f"{MAX_PART // MEGABYTE} MB are read; split the report",
            )
        try:
            with self._archive.open(member) as file:
                data = file.read(member.file_size + 1)
        except _BROKEN as error:
            raise _malformed(f"{part} does not unpack ({error})") from error
        if len(data) != member.file_size:
            raise _malformed(f"{part} has not the {member.file_size:,} bytes that it declares")
        return data

    def _related(self, part: str) -> list[Related]:
        """The relationships of a part, or of the package for an empty one. What lies outside the package is left out."""
        if part not in self._relations:
            self._relations[part] = self._read_relations(part)
        return self._relations[part]

    def _read_relations(self, part: str) -> list[Related]:
        folder, name = posixpath.split(part)
        path = posixpath.join(folder, "_rels", f"{name}.rels")
        data = self.read(path)
        if data is None:
            return []
        found = []
        for node in read_tree(data, path).all("rel:Relationship"):
            target = node.attributes.get("Target", "")
            if node.attributes.get("TargetMode") != "External" and target:
                kind = node.attributes.get("Type", "").rpartition("/")[2]
                found.append(Related(kind, _resolve(folder, target)))
        return found

    def of_kind(self, part: str, kind: str) -> list[str]:
        """The parts that a part is related to in some way, each once, in the order of their names."""
        return sorted({each.part for each in self._related(part) if each.kind == kind}, key=_in_order)

    def _find_main(self) -> str:
        named = self.of_kind("", "officeDocument")
        main = next((part for part in [*named, "word/document.xml"] if _key(part) in self._members), None)
        if main is None:
            raise _malformed("there is no part with a document in it")
        kind = self._content_type(main)
        if kind and not any(word in kind for word in _WORD):
            raise InputError(
                "format_not_supported", f"format not supported: its main part is {kind[:100]}; save it as DOCX or PDF"
            )
        return main

    def _content_type(self, part: str) -> str:
        data = self.read(CONTENT_TYPES)
        if data is None:
            return ""
        tree = read_tree(data, CONTENT_TYPES)
        named = (n for n in tree.all("ct:Override") if _key(n.attributes.get("PartName", "")) == _key(part))
        return next((n.attributes.get("ContentType", "") for n in named), "")


def _check_directory(data: bytes) -> None:
    """Refuse a list of members that is itself a bomb, before it is read."""
    at = data.rfind(b"PK\5\6", max(0, len(data) - _END.size - 0xFFFF))
    if 0 <= at <= len(data) - _END.size:
        size = _END.unpack_from(data, at)[5]
        if MAX_DIRECTORY < size != 0xFFFFFFFF:
            raise InputError(
                "too_large",
                f"too large: its archive lists members in {size // MEGABYTE} MB; no report has so many parts",
            )


def _malformed(what: str) -> InputError:
    return InputError("malformed", f"malformed: {what}; {_AGAIN}")


def _key(name: str) -> str:
    """Names of parts are compared without case; some programs write them with backslashes."""
    return name.replace("\\", "/").lstrip("/").lower()


def _resolve(folder: str, target: str) -> str:
    path = target.replace("\\", "/").partition("#")[0]
    return posixpath.normpath(posixpath.join("/", folder, path)).lstrip("/")


def _in_order(part: str) -> tuple[int, str]:
    return len(part), part  # header2.xml before header10.xml
