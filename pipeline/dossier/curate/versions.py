"""What a report says of which issue of itself it is: its title without that, its version, and which of two dates is later."""

from __future__ import annotations

import re
from itertools import islice

from dossier.errors import DateError
from dossier.normalize.edtf import bounds
from dossier.normalize.names import fold
from dossier.records import Document

HEAD = 5  # blocks in which a version stands
LINE = 120  # characters; a version stands on a line of its own, or in the title
Version = tuple[int, ...]
_ORDINALS = {
    word: n for n, word in enumerate("first second third fourth fifth sixth seventh eighth ninth tenth".split(), 1)
}
_NOUN = "(?:version|revision|edition|issue|update|draft)"
_STATED = re.compile(
    rf"\b(?:{_NOUN}|ver\.?|rev\.?|v\.?)\s?(?:no\.\s?)?(?P<n>\d{{1,3}}(?:\.\d{{1,3}}){{0,2}})\b"
    rf"|\b(?:(?P<th>\d{{1,2}})(?:st|nd|rd|th)|(?P<word>{'|'.join(_ORDINALS)})) (?:revised |updated )?{_NOUN}\b",
    re.I,
)
_REVISED = re.compile(rf"\b(?:(?:revised|updated|corrected|new|final)(?: {_NOUN})?|update)\b", re.I)
_POINT_IN_TIME = re.compile(
    r"\b(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?|\w*\d\w*)\b",
    re.I,
)


def title_key(title: str | None) -> str | None:
    """A title without what makes it one issue of it: `Northern Fronts, 2nd edition` -> `northern fronts`. None where nothing
    is left."""
    return fold(_REVISED.sub(" ", _STATED.sub(" ", title or ""))) or None


def series_key(title: str | None) -> str | None:
    """A title without its issue and without dates and numbers: what the titles of a series share."""
    return fold(_POINT_IN_TIME.sub(" ", title_key(title) or "")) or None


def read_version(document: Document) -> Version:
    """The version that a report states in its title or on one of its first lines: `Version 2.1` -> (2, 1). Empty without one."""
    lines = [document.title or ""]
    for block in islice(document.blocks, HEAD):
        if block.end - block.start <= LINE:
            lines.append(document.text[block.start : block.end])
    for line in lines:
        if match := _STATED.search(line):
            if match["n"]:
                return tuple(int(part) for part in match["n"].split("."))
            return (int(match["th"]) if match["th"] else _ORDINALS[match["word"].lower()],)
    return ()


def compare_versions(one: Version, other: Version) -> int:
    """1 where the first is newer, -1 where the second is, 0 where they are equal or one is not known."""
    return (one > other) - (one < other) if one and other else 0


def compare_dates(one: str | None, other: str | None) -> int:
    """1 where the first EDTF date is later on any reading, -1 where the second is, 0 where that cannot be told."""
    try:
        first, second = (bounds(each) if each else (None, None) for each in (one, other))
    except DateError:
        return 0
    if first[0] and second[1] and first[0] > second[1]:
        return 1
    return -1 if second[0] and first[1] and second[0] > first[1] else 0
