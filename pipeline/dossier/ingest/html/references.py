"""Character references of HTML, `&amp;`, `&#8217;`, `&eacute`, as the characters that they stand for.

As browsers read them, but for the 93 names that stand for two characters (mathematical signs): these stay as they are written,
so that every reference is one character of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.entities import html5
from typing import NamedTuple

_REFERENCE = re.compile(
    r"&(?:#(?:[xX](?P<hex>[0-9a-fA-F]+)|(?P<number>[0-9]+));?|(?P<name>[a-zA-Z][a-zA-Z0-9]{1,31};?))"
)
_LEGACY = max(len(name) for name in html5 if not name.endswith(";"))  # these are read without their semicolon too
_DIGITS = 7  # more than any character has
_BROKEN = "\ufffd"


class Reference(NamedTuple):
    """A stretch of a source and the one character that it spells."""

    start: int
    end: int
    character: str


def find_references(source: str, start: int, end: int) -> Iterator[Reference]:
    for match in _REFERENCE.finditer(source, start, end):
        if (name := match["name"]) is not None:
            size, character = _named(name)
            if size:
                yield Reference(match.start(), match.start() + 1 + size, character)
        else:
            yield Reference(match.start(), match.end(), _numbered(match))


def decode_references(words: str) -> str:
    """The words with every reference as its character."""
    if "&" not in words:
        return words
    made, at = [], 0
    for start, end, character in find_references(words, 0, len(words)):
        made += [words[at:start], character]
        at = end
    return "".join([*made, words[at:]])


def _named(name: str) -> tuple[int, str]:
    """How much of a name is one, from its first letter on, and its character; 0 where none is."""
    if (character := html5.get(name)) is not None:
        return (len(name), character) if len(character) == 1 else (0, "")
    for size in range(min(_LEGACY, len(name)), 1, -1):
        if (character := html5.get(name[:size])) is not None:
            return size, character
    return 0, ""


def _numbered(match: re.Match[str]) -> str:
    """The character of a number; those from 128 to 159 are meant as Windows-1252, whatever the page says."""
    digits, base = (match["hex"], 16) if match["hex"] else (match["number"], 10)
    digits = digits.lstrip("0")
    code = int(digits, base) if 0 < len(digits) <= _DIGITS else 0
    if 0x80 <= code <= 0x9F:
        return bytes([code]).decode("cp1252", "replace")
    return _BROKEN if code == 0 or 0xD800 <= code <= 0xDFFF or code > 0x10FFFF else chr(code)
