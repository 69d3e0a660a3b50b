"""Messages in parts, as mails and saved pages are: each part as a stretch of the file.

Own code, for a part must be the same bytes wherever it is looked up again, and the standard library keeps no attached
message as it was written. It serves for the parameters of headers, which are short.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message

from dossier.errors import InputError

MAX_DEPTH = 20  # of parts in parts; mails that were forwarded many times have 6
MAX_PARTS = 2000
MAX_HEADERS = 1 << 18  # bytes of the head of a part; the longest seen, of a mail through many servers, under 20,000
MAX_HEADER = 4000  # characters of one header that are looked at
_HEADER = re.compile(rb"([!-9;-~]{1,80}):[ \t]*([^\r\n]*+(?:\r?\n[ \t][^\r\n]*+)*+)(?:\r?\n|\Z)")
_EMPTY_LINE = re.compile(rb"\r?\n")
_END_OF_HEAD = re.compile(rb"\r?\n\r?\n")


@dataclass(slots=True)
class Part:
    """A part of a message: `data[start:end]` is its content, still encoded as `headers` say. `parts`: what it consists of.

    headers: by their names in small letters, the first of each, unfolded.
    """

    data: bytes
    start: int
    end: int
    headers: dict[str, str]
    parts: list[Part] = field(default_factory=list)

    @property
    def media_type(self) -> str:
        found = self.headers.get("content-type", "").partition(";")[0].strip().lower()
        return found if "/" in found else "text/plain"

    @property
    def name(self) -> str:
        """The file name that it is sent under, or an empty string."""
        try:
            return str(self._message().get_filename() or "").strip()
        except (LookupError, ValueError):
            return ""

    @property
    def is_attached(self) -> bool:
        return self.headers.get("content-disposition", "").partition(";")[0].strip().lower() == "attachment"

    def parameter(self, name: str) -> str:
        """A parameter of its Content-Type, such as `charset`."""
        try:
            found = self._message().get_param(name, "")
        except (LookupError, ValueError):
            return ""
        return str(found[2] if isinstance(found, tuple) else found or "").strip()

    def content(self) -> bytes:
        """Its bytes, decoded."""
        raw = self.data[self.start : self.end]
        encoding = self.headers.get("content-transfer-encoding", "").strip().lower()
        if encoding == "quoted-printable":
            return binascii.a2b_qp(raw)
        if encoding != "base64":
            return raw
        letters = re.sub(rb"[^A-Za-z0-9+/]", b"", raw)
        return binascii.a2b_base64(letters[: len(letters) - (len(letters) % 4 == 1)] + b"===")

    def leaves(self) -> Iterator[Part]:
        if not self.parts:
            yield self
        for part in self.parts:
            yield from part.leaves()

    def _message(self) -> Message:
        message = Message()
        for header in ("content-type", "content-disposition"):
            if header in self.headers:
                message[header] = self.headers[header]
        return message


def read_headers(data: bytes, start: int, end: int) -> tuple[dict[str, str], int]:
    """The headers that stand at `start`, and where the content begins."""
    if empty := _EMPTY_LINE.match(data, start, end):
        return {}, empty.end()
    blank = _END_OF_HEAD.search(data, start, min(end, start + MAX_HEADERS))
    if blank is None and end - start > MAX_HEADERS:
        raise InputError("malformed", f"malformed: the head of a message goes on for over {MAX_HEADERS >> 10} KB")
    stop = blank.start() if blank else end
    found: dict[str, str] = {}
    for name, value in _HEADER.findall(data, start, stop):
        key = name.decode("ascii").lower()
        if key not in found:
            found[key] = re.sub(r"\s+", " ", value[:MAX_HEADER].decode("utf-8", "replace")).strip()
    return found, blank.end() if blank else end


def parse(data: bytes) -> Part:
    """The parts of a message. Raises InputError (malformed, too_large)."""
    count = 0

    def read(start: int, end: int, depth: int) -> Part:
        nonlocal count
        count += 1
        if count > MAX_PARTS or depth > MAX_DEPTH:
            raise InputError(
                "too_large", f"too large: a message of over {MAX_PARTS} parts, or of parts {MAX_DEPTH} deep"
            )
        headers, at = read_headers(data, start, end)
        part = Part(data, at, end, headers)
        boundary = part.parameter("boundary") if part.media_type.startswith("multipart/") else ""
        if boundary:
            part.parts = [read(low, high, depth + 1) for low, high in _split(data, at, end, boundary)]
        return part

    return read(0, len(data), 0)


def _split(data: bytes, start: int, end: int, boundary: str) -> list[tuple[int, int]]:
    """The stretches between the lines that begin with `--boundary`; the line end before such a line belongs to it."""
    mark = re.compile(
        rb"(?:\r?\n|(?<=\n))--" + re.escape(boundary.encode("utf-8", "replace")) + rb"(--)?[ \t]*(?:\r?\n|\Z)"
    )
    found: list[tuple[int, int]] = []
    low: int | None = None
    while (match := mark.search(data, start, end)) and len(found) <= MAX_PARTS:
        if low is not None:
            found.append((low, match.start()))
        low = start = match.end()
        if match[1]:
            return found
    return [*found, (low, end)] if low is not None else found


def plain_words(value: str) -> str:
    """A header with its `=?utf-8?Q?...?=` decoded; as it stands where that fails."""
    try:
        return " ".join(str(make_header(decode_header(value))).split())
    except (MessageError, LookupError, ValueError):
        return value
