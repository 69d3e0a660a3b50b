"""Bytes into characters: which encoding, and what had to be guessed or repaired.

The order was measured on damaged reports: a byte order mark, UTF-8, UTF-8 with a few broken bytes, what the
NAME.meta.toml declares, Windows-1252, and only then a statistical guess, which misreads the others.
"""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from dossier.errors import InputError
from dossier.records import Warned

# The longer marks first: UTF-32-LE begins like UTF-16-LE.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Codecs that are no encodings of reports, or that can make half surrogates.
_UNFIT = {"unicode-escape", "raw-unicode-escape", "utf-7", "idna", "punycode", "undefined", "mbcs", "oem"}
MAX_CONTROL = 0.05  # share of characters; random bytes have .11, a terminal log with colours .02
MAX_HIGH = 0.3  # share of bytes above 127; French in Windows-1252 has .04, Arabic or Chinese over .6
MAX_BROKEN = 0.25  # broken runs to sound multi-byte characters, for text that is still UTF-8
MAX_LINES = 2_000_000  # read in 15 s and 500 MB
GUESS_BYTES = 1 << 20  # what the statistical guess looks at
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_ESCAPED = re.compile(r"iso-?2022", re.I)
_BROKEN = re.compile("\ufffd+")


class Decoded(NamedTuple):
    """A source in characters, and the codec it came through."""

    source: str
    encoding: str
    warnings: list[Warned]


def decode(data: bytes, *, declared: str | None = None, where: str = "NAME.meta.toml") -> Decoded:
    """Decode a text file; a byte order mark is dropped, line ends stay as they are.

    declared: the encoding that is named in `where`. The source is always `source_of(data, encoding)`.
    Raises InputError: empty, not_text, too_large.
    """
    found = (
        _by_mark(data)
        or _by_nul_pattern(data)
        or _by_escapes(data, declared)
        or _as_utf8(data)
        or _as_declared(data, declared)
        or _as_windows(data)
        or _by_guess(data)
    )
    if found is None:
        raise InputError("not_text", "not text: its bytes fit no encoding known; if it is text, name the encoding in "
                         "its NAME.meta.toml")  # fmt: skip
    _check(found.source)
    if declared and _codec(declared) not in (None, _codec(found.encoding)) and not data.isascii():
        words = f"{where} declares the encoding {declared!r}; the bytes read as {found.encoding}, which was taken"
        found.warnings.append(Warned("encoding_guessed", words))
    return found


def source_of(data: bytes, encoding: str) -> str:
    """The source that offsets refer to: decoded, broken bytes as U+FFFD, the byte order mark dropped."""
    return data.decode(encoding, "replace").removeprefix("\ufeff")


def known_encoding(name: str) -> str | None:
    """The plain name of a text encoding that can be declared, or None."""
    return _codec(name)


def _codec(name: str) -> str | None:
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    plain = info.name.replace("_", "-")
    return None if plain in _UNFIT or not getattr(info, "_is_text_encoding", True) else plain


def _by_mark(data: bytes) -> Decoded | None:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _with_repairs(data, encoding, [])
    return None


def _by_nul_pattern(data: bytes) -> Decoded | None:
    """UTF-16 without its mark: every other byte of Western text is 0."""
    head = data[: 1 << 16]
    half = len(head) // 2
    if half < 2 or b"\0" not in head:
        return None
    even, odd = head[0::2].count(0) / half, head[1::2].count(0) / half
    if min(even, odd) > 0.05 or max(even, odd) < 0.3:
        return None
    encoding = "utf-16-le" if odd > even else "utf-16-be"
    return _with_repairs(data, encoding, [_guessed(encoding, "every other byte is 0")])


def _by_escapes(data: bytes, declared: str | None) -> Decoded | None:
    """An encoding that writes all its letters in ASCII, between escapes: it can only be known from its name."""
    return _as_declared(data, declared) if _ESCAPED.match(declared or "") and b"\x1b" in data else None


def _as_utf8(data: bytes) -> Decoded | None:
    try:
        return Decoded(data.decode("utf-8"), "utf-8", [])
    except UnicodeDecodeError:
        pass
    text = data.decode("utf-8", "replace")
    sound = len(re.findall("[^\\x00-\\x7f\ufffd]", text))
    broken = len(_BROKEN.findall(text))
    if sound < 2 or broken > max(1, sound * MAX_BROKEN):
        return None
    return _with_repairs(data, "utf-8", [])


def _as_declared(data: bytes, declared: str | None) -> Decoded | None:
    codec = _codec(declared) if declared else None
    if codec is None:
        return None
    source = _strictly(data, codec)
    return None if source is None else Decoded(source, codec, [])


def _as_windows(data: bytes) -> Decoded | None:
    """Windows-1252 (Latin-1 is part of it) where most bytes are ASCII."""
    high = len(data) - len(data.translate(None, bytes(range(128, 256))))
    if high > MAX_HIGH * len(data):
        return None
    source = _strictly(data, "cp1252")
    if source is None:
        return None
    return Decoded(source, "cp1252", [_guessed("cp1252", f"{high} bytes are no UTF-8")])


def _by_guess(data: bytes) -> Decoded | None:
    if len(_CONTROL.findall(data[: 1 << 16].decode("latin-1"))) > MAX_CONTROL * min(len(data), 1 << 16):
        return None
    from charset_normalizer import from_bytes  # slow to import, and seldom needed

    best = from_bytes(data[:GUESS_BYTES]).best() or from_bytes(data[: GUESS_BYTES - 1]).best()
    codec = _codec(best.encoding) if best else None
    if codec is None:
        return None
    source = _strictly(data, codec)
    if source is not None:
        return Decoded(source, codec, [_guessed(codec, "by the statistics of its letters")])
    return _with_repairs(data, codec, [_guessed(codec, "by the statistics of its letters")])


def _strictly(data: bytes, encoding: str) -> str | None:
    try:
        source = data.decode(encoding)
    except (UnicodeDecodeError, ValueError):
        return None
    return source.removeprefix("\ufeff")


def _with_repairs(data: bytes, encoding: str, warnings: list[Warned]) -> Decoded:
    """Decode with U+FFFD for broken bytes, and say how many and where the first one stands."""
    source = source_of(data, encoding)
    if _strictly(data, encoding) is None:
        runs = [m.start() for m in _BROKEN.finditer(source)]
        warnings.append(
            Warned(
                "encoding_repaired",
                f"encoding repaired: {len(runs)} runs of bytes are no {encoding} and read as U+FFFD, the first at "
                f"character {runs[0] if runs else len(source)}; if they matter, look for a better copy",
            )
        )
    return Decoded(source, encoding, warnings)


def _guessed(encoding: str, why: str) -> Warned:
    words = f"encoding guessed: {encoding} ({why}); if letters look wrong, set `encoding` in its NAME.meta.toml"
    return Warned("encoding_guessed", words)


def _check(source: str) -> None:
    if not re.search(r"[^\s\x00-\x1f\x7f-\x9f\ufeff\u00ad]", source):
        raise InputError("empty", "empty: there is no readable character in it; remove it or look for a better copy")
    if (count := max(source.count("\n"), source.count("\r"))) > MAX_LINES:
        raise InputError("too_large", f"too large: {count:,} lines; at most {MAX_LINES:,} are read; split it")
    control = len(_CONTROL.findall(source))
    if control > MAX_CONTROL * len(source):
        share = round(100 * control / len(source))
        raise InputError(
            "not_text", f"not text: {share} % of its characters are control characters; look for a better copy"
        )
