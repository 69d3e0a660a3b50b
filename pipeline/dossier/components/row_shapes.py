"""How a profile's rows are made: head and value, name and tenure, authority and list."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from dossier.components.patterns import Patterns
from dossier.errors import DateError
from dossier.records import Block, Found, Span

_HEAD = re.compile(r"\s*(?:[-–•*·]\s+)?(?P<head>[^:\n]{1,200}?)\s*:(?!\w)[”\"]?\s*")
_LEADER = re.compile(r"\s*(?:[-–•*·]\s+)?(?P<name>[^\W\d_][^():\n\d]{1,80}?)\s*\((?P<tenure>[^()]{3,160})\)\s*:")
_UNKNOWN = re.compile(r"\b(?:unknown|unclear|\?)", re.IGNORECASE)
_CIRCA = re.compile(r"(?:circa|ca?\.|about|around|approximately|approx\.|roughly)\s", re.IGNORECASE)
_PRESENT = re.compile(r"(?:present|now|today|current|incumbent|to date)", re.IGNORECASE)
MOST_NAME_WORDS = 7
MOST_TEXT = 400  # characters of a paragraph that may be a row
UNKNOWN, NO_DATE = "", "no date"
NEAR = 25  # characters
_DASH = re.compile(r"\s*[-–—]\s*|\s+to\s+")


class Tenure(NamedTuple):
    """EDTF: None is unknown, `..` still open."""

    start: str | None
    end: str | None


class Leader(NamedTuple):
    """A row of a leader: `function` as the bracket gives it, the value after the colon and where that begins."""

    name: Span
    tenure: str
    function: str
    value: str
    value_start: int


class Designation(NamedTuple):
    authority: Span
    role: str
    tenure: Tenure


@dataclass(frozen=True, slots=True)
class Words:
    """The lists of `[rows]` in `configs/patterns.toml`."""

    formed: frozenset[str]
    dissolved: frozenset[str]
    leader_headings: frozenset[str]
    size_headings: frozenset[str]
    name_headings: frozenset[str]
    designation_headings: frozenset[str]
    lists: tuple[str, ...]
    absent: tuple[str, ...]

    @classmethod
    def of(cls, patterns: Patterns) -> Words:
        def one(name: str) -> frozenset[str]:
            return patterns.one_of("rows", name)

        def longest_first(name: str) -> tuple[str, ...]:
            return tuple(sorted(patterns.words("rows", name), key=lambda phrase: (-len(phrase), phrase)))

        return cls(
            one("formed"), one("dissolved"), one("leader_headings"), one("size_headings"), one("name_headings"),
            one("designation_headings"), longest_first("lists"), longest_first("absent"),
        )  # fmt: skip


@dataclass
class Row:
    """One block that may be a row: `start` and `end` in the chunk, `value_start` after the colon."""

    text: str
    start: int
    end: int
    heading: str
    marks: list[Found]
    kind: str = "row"

    @classmethod
    def of(cls, text: str, block: Block, heading: str, marks: list[Found]) -> Row:
        """A block with the marks inside it. `marks`: those of the whole text, sorted."""
        first = bisect_left(marks, block.start, key=lambda mark: mark.start)
        last = bisect_left(marks, block.end, key=lambda mark: mark.start)
        return cls(text[block.start : block.end], block.start, block.end, heading, marks[first:last], block.kind)

    @cached_property
    def _matched(self) -> re.Match[str] | None:
        return _HEAD.match(self.text)

    @property
    def head(self) -> str:
        """What stands before the first colon, in small letters; empty without one."""
        return self._matched["head"].casefold() if self._matched else ""

    @property
    def value_start(self) -> int:
        """Where the value begins, in the chunk."""
        return self.start + (self._matched.end() if self._matched else 0)

    @cached_property
    def _date(self) -> Found | None:
        if self._matched is None:
            return None
        first, last = (self.start + at for at in self._matched.span("head"))
        mark = self.mark_at(first, ("DATE",))
        return mark if mark is not None and mark.end == last else None

    @property
    def is_dated(self) -> bool:
        """Whether a date is all that stands before the colon."""
        return self._date is not None

    @property
    def date(self) -> str | None:
        return self._date.norm["edtf"] if self._date is not None and self._date.norm else None

    def mark_at(self, at: int, labels: tuple[str, ...]) -> Found | None:
        """The mark that begins at a character, past white space and an article."""
        while at < self.end and self.text[at - self.start].isspace():
            at += 1
        for article in ("the ", "The ", "About ", "about "):
            if self.text.startswith(article, at - self.start) and self._starting(at, labels) is None:
                at += len(article)
        return self._starting(at, labels)

    def mark_near(self, at: int, label: str) -> Found | None:
        """The first mark with a label that begins within a few words: `May have hundreds of members`."""
        return next((mark for mark in self.marks if mark.label == label and at <= mark.start <= at + NEAR), None)

    def _starting(self, at: int, labels: tuple[str, ...]) -> Found | None:
        return next((mark for mark in self.marks if mark.start == at and mark.label in labels), None)

    def is_under(self, headings: frozenset[str]) -> bool:
        """Whether the row's heading has one of these words."""
        return _is_under(self.heading, headings)

    def name_after_date(self) -> Found | None:
        """The organisation of `January 2007: New Name (NN). ...`: alone after the date, or with its acronym."""
        if not self.is_dated:
            return None
        name = self.mark_at(self.value_start, ("ORG",))
        if name is None:
            return None
        rest = self.text[name.end - self.start :]
        return name if re.match(r"\s*(?:\([^()]{2,14}\)\s*)?(?:[.\[]|\Z)", rest) else None


@lru_cache(maxsize=1_000)
def _is_under(heading: str, headings: frozenset[str]) -> bool:
    small = heading.casefold()
    return any(re.search(rf"\b{re.escape(word)}\b", small) for word in headings)


def read_leader(row: Row, words: Words) -> Leader | None:
    """The name and tenure of `Name (1998-August 2003): ...`; None for any other row."""
    found = _LEADER.match(row.text)
    if found is None or not (row.kind == "row" or row.is_under(words.leader_headings) or row.kind == "paragraph"):
        return None
    name = found["name"].split()
    capitals = sum(word[:1].isupper() for word in name)
    if not name[0][:1].isupper() or not 0 < capitals <= len(name) <= MOST_NAME_WORDS or capitals * 2 < len(name):
        return None
    function, tenure = _parted(found["tenure"])
    if not tenures(tenure):
        return None
    span = Span(row.start + found.start("name"), row.start + found.end("name"))
    return Leader(span, tenure, function, row.text[found.end() :], row.start + found.end())


def _parted(bracket: str) -> tuple[str, str]:
    """The function that a bracket opens or ends with, and the tenure: `spokesman, 1998-2003`."""
    first, comma, after = bracket.partition(",")
    before, _, last = bracket.rpartition(",")
    if comma and _is_function(first.strip()):
        return first.strip(), after.strip()
    return (last.strip(), before.strip()) if comma and _is_function(last.strip()) else ("", bracket)


def _is_function(words: str) -> bool:
    return not (re.search(r"\d", words) or _UNKNOWN.match(words) or _PRESENT.fullmatch(words))


def tenures(words: str) -> list[Tenure]:
    """Read the tenures of a row: `1998-August 2003` -> 1998 to 2003-08; several stand between commas.

    `Present` is an open end, `..`; `Unknown` is None. A list with a part that is none of these has no tenures.
    """
    found: list[Tenure] = []
    for part in re.split(r"[,;](?!\s*\d{4}\s*[-–—])(?=\s*(?:[A-Za-z]+\s+)?\d)|[,;]", _with_full_dates(words)):
        tenure = _tenure(part.replace("\0", ",").strip())
        if tenure is None:
            return []
        found.append(tenure)
    return found


def _with_full_dates(words: str) -> str:
    """Keep the comma of `June 20, 2004` from parting it."""
    return re.sub(r"([A-Za-z]+\.?\s+\d{1,2}),(?=\s*\d{4})", "\\1\0", words)


def _tenure(words: str) -> Tenure | None:
    ends = [part for part in _DASH.split(words) if part]
    if len(ends) == 2:
        start, end = (_point(part) for part in ends)
        if _CIRCA.match(words) and re.fullmatch(r"[\d-]+", end):
            end = f"{end}~"  # `c. 2008 - 2009`: the mark is approximate as a whole
        if start in (NO_DATE, "..") or end == NO_DATE or start == end == UNKNOWN:
            return None
        return Tenure(start or None, end or None)
    point = _point(words) if len(ends) == 1 else NO_DATE
    return None if point in (NO_DATE, "..", UNKNOWN) else Tenure(point, point)


def _point(words: str) -> str:
    """EDTF of one end, UNKNOWN, or NO_DATE."""
    from dossier.normalize.dates import parse_date

    if _UNKNOWN.match(words):
        return UNKNOWN
    if _PRESENT.fullmatch(words):
        return ".."
    try:
        return parse_date(words)
    except DateError:
        return NO_DATE


def read_designation(row: Row, words: Words) -> Designation | None:
    """Authority, list and dates of `Government of Canada Listed Terrorist Entity: July 23, 2002 to Present`."""
    matched = row._matched
    if matched is None or (row.kind == "paragraph" and len(row.text) > MOST_TEXT):
        return None
    head, at = matched["head"], row.start + matched.start("head")
    found = _authority_and_list(head, words.lists)
    date = row.mark_at(row.value_start, ("DATE",))
    if found is None or date is None:
        return None
    length, role = found
    return Designation(Span(at, at + length), role, _split(date.norm["edtf"] if date.norm else None))


def _authority_and_list(head: str, lists: tuple[str, ...]) -> tuple[int, str] | None:
    """How many characters the authority has, and the name of the list after it."""
    quote = re.search(r"\s*[“\"]", head)
    small = head.casefold()
    phrase = next((phrase for phrase in lists if phrase in small), None)
    if phrase is None:
        return None
    start = quote.start() if quote else small.index(phrase)
    authority = head[:start].rstrip(" -–—:'’s" if head[:start].rstrip().endswith(("'s", "’s")) else " -–—:")
    role = head[start:].strip(' “”":')
    return (len(authority), role) if authority[:1].isupper() and role else None


def _split(edtf: str | None) -> Tenure:
    if edtf is None:
        return Tenure(None, None)
    start, slash, end = edtf.partition("/")
    return Tenure(start or None, (end or None) if slash else None)
