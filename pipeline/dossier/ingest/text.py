"""Plain text: which lines make a block, and what each block is.

Reports come hard-wrapped (text pulled from PDFs, mail) or with one paragraph a line. Which of the two is told for each
group of lines by how the lines after a break begin: in the middle of a sentence most begin with a small letter.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from dossier.ingest import shapes
from dossier.ingest.decode import decode
from dossier.ingest.draft import Draft
from dossier.ingest.meta import Meta
from dossier.ingest.reflow import Laid, Lines, emit, warn_of_marks

WRAPPED = 0.3  # share of breaks before a small letter; wrapped prose has .5 to .8, profiles and lists under .05
FEW = 3  # breaks; a smaller group follows the rest of the file
SHORT = 0.6  # of the width: lines of a list in a wrapped file, where none begins with a small letter
FULL = 0.8  # of the width: a line of a wrapped paragraph in a script without capitals
SCRAPS = 3  # characters; a group of shorter lines is no list of anything
SLACK = 1  # characters under the width that a next word must fit in, for a line to be called short
HEADER_LINES = 8  # from the top and from the end, where a date line or a byline stands alone
QUOTE_LINES = 12
ENDS = frozenset('.!?:;”")]')

_PULL_QUOTE = re.compile(r"[“«\"][^”»\"]{12,1200}[”»\"]\s*\n?\s*[–—-]{1,2}\s*[^\W\d_]")
_WHOLE_QUOTE = re.compile(r"[“«\"][^“”«»\"]{12,600}[”»\"]\Z")
_CREDIT = re.compile(r"(?:Source|Sources|Note|Notes|Credit|Photo)s?:")
_FIRST_WORD = re.compile(r"\S+")


def read_text(data: bytes, meta: Meta, charset: str | None = None) -> Draft:
    """Read a plain-text report; `charset` is the encoding that the mail it came in names. Raises InputError (empty, not_text)."""
    where = "NAME.meta.toml" if meta.encoding else "the mail"
    source, encoding, warnings = decode(data, declared=meta.encoding or charset, where=where)
    lines = Lines(source)
    blocks = classify(lines, split_blocks(lines))
    text, offsets, made = emit(lines, blocks)
    return Draft(text, offsets, made, encoding, None, [*warnings, *warn_of_marks(source)])


# --------------------------------------------------------------------------- lines -> blocks


@dataclass(slots=True)
class Shape:
    """How a group of lines is set: wrapped at `width` characters, or one paragraph a line."""

    wrapped: bool
    width: int


def split_blocks(lines: Lines) -> list[Laid]:
    """Cut the lines into blocks; `kind` is set where the cut itself tells it, else empty."""
    default = _measure(lines, 0, len(lines) - 1, Shape(False, 80))
    blocks: list[Laid] = []
    for first, last in groups(lines):
        shape = _measure(lines, first, last, default)
        blocks += _Splitter(lines, first, last, shape).split()
    return blocks


def groups(lines: Lines) -> Iterator[tuple[int, int]]:
    """Runs of lines without a blank one between them, both ends in it."""
    first = 0
    for i in range(1, len(lines) + 1):
        if i == len(lines) or lines.gap[i]:
            yield first, i - 1
            first = i


def _measure(lines: Lines, first: int, last: int, default: Shape) -> Shape:
    count = last - first + 1
    if count < 2:
        return default
    sizes = sorted(lines.end[i] - lines.start[i] for i in range(first, last + 1))
    width = sizes[-1] if count < 10 else sizes[min(count - 1, int(count * 0.95))]
    if sizes[count // 2] <= SCRAPS:
        return Shape(True, width)
    small, cased, breaks = _first_letters(lines, first, last)
    if (breaks < FEW and not small) or (default.wrapped and (small or sizes[count // 2] > SHORT * default.width)):
        few = count < 5 and default.wrapped
        return Shape(default.wrapped, max(width, default.width) if few else width)
    if cased < 0:
        full = count - bisect_left(sizes, FULL * width)
        return Shape(full >= 0.6 * count and 20 <= width <= 200, width)
    return Shape(small > 0 and small >= WRAPPED * cased, width)


def _first_letters(lines: Lines, first: int, last: int) -> tuple[int, int, int]:
    """Of the lines after a break: how many go on with a small letter, how many begin with any cased letter (-1 for a
    script without case), and how many there are."""
    source = lines.source
    small = cased = uncased = breaks = 0
    for i in range(first + 1, last + 1):
        if lines.gap[i]:
            continue
        letter = source[lines.start[i]]
        breaks += 1
        if letter.islower():
            small += source[lines.end[i - 1] - 1] not in ENDS
            cased += 1
        elif letter.isupper():
            cased += 1
        else:
            uncased += letter.isalpha()
    return small, (-1 if uncased > cased else cased), breaks


class _Splitter:
    """Finds where, in one group of lines, a block ends and another begins."""

    def __init__(self, lines: Lines, first: int, last: int, shape: Shape) -> None:
        self.lines, self.first, self.last, self.shape = lines, first, last, shape
        self.block = Laid("", first, first)

    def split(self) -> list[Laid]:
        made = []
        self.block = self._open(self.first)
        for i in range(self.first + 1, self.last + 1):
            kind = self._begins(i)
            if kind is None:
                self.block.last = i
                continue
            made.append(self.block)
            self.block = self._open(i, kind)
        return [*made, self.block]

    def _open(self, i: int, kind: str = "") -> Laid:
        words = self.lines.words(i, 120)
        if not kind:
            kind = self._kind(i, words)
        return Laid(kind, i, i)

    def _kind(self, i: int, words: str) -> str:
        if words[0] in "[⁰¹²³⁴⁵⁶⁷⁸⁹" and shapes.note_label(words):
            return "note"
        if words[0] in '“«"' and self._is_pull_quote(i):
            return "quote"
        if shapes.bullet(words) and not shapes.NUMBERED.match(words):
            return "list_item"
        return "caption" if shapes.CAPTION.match(words) else ""

    def _begins(self, i: int) -> str | None:
        """The kind of the block that line i begins (empty: to be told later), or None where it goes on."""
        source, at = self.lines.source, self.lines.start[i]
        if self.block.kind == "quote":
            return None
        first = source[at]
        if self._is_header(i) or self._is_header(i - 1):
            return ""
        if self.shape.wrapped and first.islower():
            return None
        words = self.lines.words(i, 120)
        if first in "[⁰¹²³⁴⁵⁶⁷⁸⁹" and shapes.note_label(words) and self._may_end(i - 1):
            return "note"
        return self._begins_wrapped(i, words) if self.shape.wrapped else self._begins_plain(i, words)

    def _begins_plain(self, i: int, words: str) -> str | None:
        """One paragraph a line: it goes on only where that is plain to see."""
        if shapes.bullet(words):
            return ""
        before = self.lines.words(i - 1)[-1:] if self.lines.size(i - 1) < 400 else ""
        if self._hangs(i) or (
            words[0].islower() and self.lines.size(i - 1) >= 40 and (before.isalnum() or before in ",-")
        ):
            return None
        return ""

    def _begins_wrapped(self, i: int, words: str) -> str | None:
        ended, room = self._ends(i - 1), self._fits(i - 1)
        mark = shapes.bullet(words)
        if mark and (mark[1] or ended or self.block.kind == "list_item"):
            return "" if shapes.NUMBERED.match(words) else "list_item"
        if self.block.kind == "list_item" and self._hangs(i):
            return None
        if not (words[0].isupper() or words[0].isdigit() or words[0] in "“«\"‘'([¿¡" or mark):
            return None
        if ended and words[0] in '“«"' and self._is_pull_quote(i):
            return "quote"
        if self.block.kind == "caption":
            return "" if room and not _CREDIT.match(words) else None
        if self._stands_alone(i - 1) or (ended and (room or self._is_indented(i) or self._stands_alone(i))):
            return ""
        rows = shapes.row(words) == 2 and shapes.row(self.lines.words(self.block.first, 120)) == 2
        return "" if rows and (ended or room) else None

    def _hangs(self, i: int) -> bool:
        """Whether line i goes on with an item or note, set under its first word."""
        first = self.block.first
        item = self.block.kind in ("list_item", "note") or shapes.NUMBERED.match(self.lines.words(first, 12))
        return bool(item) and self.lines.indent[i] > self.lines.indent[first]

    def _may_end(self, i: int) -> bool:
        """Whether a note can begin after line i: not in the middle of a wrapped sentence."""
        return not self.shape.wrapped or self._ends(i) or self._fits(i) or self.block.kind == "note"

    def _ends(self, i: int) -> bool:
        end = self.lines.end[i]
        return shapes.ends_sentence(self.lines.source[max(self.lines.start[i], end - 60) : end])

    def _fits(self, i: int, slack: int = SLACK) -> bool:
        """Whether the first word of the next line would have fitted on line i."""
        if i >= self.last:
            return True
        word = _FIRST_WORD.match(self.lines.source, self.lines.start[i + 1], self.lines.end[i + 1])
        return self.lines.size(i) + 1 + (len(word.group()) if word else 0) <= self.shape.width - slack

    def _is_indented(self, i: int) -> bool:
        return self.lines.indent[i] > self.lines.indent[i - 1]

    def _stands_alone(self, i: int) -> bool:
        """Whether line i is a heading set close to the paragraph that follows it."""
        if not self.lines.size(i) <= shapes.MAX_HEADING or self.block.kind or i >= self.last:
            return False
        if i != self.block.first and not self._ends(i - 1):
            return False
        outdent = self.lines.indent[i] > self.lines.indent[i + 1]
        if not outdent:
            if self.lines.source[self.lines.start[i + 1]].islower():
                return False
            if i and not self._fits(i, slack=self.shape.width // 10):
                return False
        return shapes.heading(self.lines.words(i)) >= (1 if outdent else 2)

    def _is_header(self, i: int) -> bool:
        """A date line or byline, at the head or the foot of the report, that is no part of a sentence."""
        if HEADER_LINES <= i < len(self.lines) - HEADER_LINES or self.lines.size(i) > 160 or self.block.kind == "note":
            return False
        if not shapes.is_header_line(self.lines.words(i)):
            return False
        before = i <= max(1, self.first) or self._ends(i - 1) or self._fits(i - 1, slack=0) or not self.shape.wrapped
        return before or (i - 1 >= self.first and self._is_header(i - 1))

    def _is_pull_quote(self, i: int) -> bool:
        last = self.last
        if last - i > QUOTE_LINES:
            return False
        if i == self.first and min(self.lines.indent[i : last + 1]) > 1:
            return True
        words = "\n".join(self.lines.words(k) for k in range(i, last + 1))
        match = _PULL_QUOTE.match(words)
        return bool(match) and words.count("\n", match.end() if match else 0) <= 3


# --------------------------------------------------------------------------- blocks -> kinds


def classify(lines: Lines, blocks: list[Laid]) -> list[Laid]:
    """Give every block its kind, and take list marks out of the lines."""
    _find_bullets_by_gap(lines, blocks)
    for i, block in enumerate(blocks):
        block.kind = block.kind or _kind_of(lines, blocks, i)
    _settle_headings(lines, blocks)
    _number_notes(lines, blocks)
    _set_levels(lines, blocks)
    for block in blocks:
        if block.kind == "list_item":
            drop_mark(lines, block.first)
    return blocks


def words_of(lines: Lines, block: Laid, most: int = 400) -> str:
    """The first words of a block, its lines joined."""
    taken, size = [], 0
    for i in range(block.first, block.last + 1):
        taken.append(lines.words(i, most))
        size += len(taken[-1])
        if size >= most:
            break
    return " ".join(taken)


def _kind_of(lines: Lines, blocks: list[Laid], i: int) -> str:
    words = words_of(lines, blocks[i])
    if i == 0 and _is_title(lines, blocks, words):
        return "title"
    if _WHOLE_QUOTE.match(words) and lines.gap[blocks[i].first]:
        return "quote"
    strength = shapes.row(words)
    before = blocks[i - 1].kind if i else ""
    if (strength == 2 and not _is_numbered(words)) or (strength == 1 and before == "row"):
        return "row"
    if blocks[i].last - blocks[i].first <= 1 and shapes.heading(words) and i + 1 < len(blocks):
        return "heading"
    if _is_numbered(words):
        return "list_item"
    return "paragraph"


def _is_numbered(words: str) -> bool:
    return bool(shapes.NUMBERED.match(words))


def _is_title(lines: Lines, blocks: list[Laid], words: str) -> bool:
    """The first block, where it is short and no sentence."""
    lone = len(blocks) > 1 and blocks[0].last - blocks[0].first <= 3 and len(words) <= 250
    if not lone or shapes.is_header_line(words) or (shapes.row(words) == 2 and shapes.heading(words) < 2):
        return False
    tail = words.rstrip("”\"’'»")
    return not shapes.ends_sentence(words) or tail[-1:] == "?"


def _find_bullets_by_gap(lines: Lines, blocks: list[Laid]) -> None:
    """Bullets that a PDF pull has lost leave more blank lines behind than paragraphs do, after a line ending in a colon."""
    gaps = Counter(lines.gap[block.first] for block in blocks if lines.gap[block.first])
    usual = min(gaps, key=lambda gap: (-gaps[gap], gap), default=1)
    in_list = False
    for before, block in pairwise(blocks):
        colon = lines.source[lines.end[before.last] - 1] == ":"
        far = lines.gap[block.first] >= usual + 2
        close = in_list and not lines.gap[block.first] and lines.indent[block.first] > 0
        in_list = (far and (colon or in_list)) or close
        if in_list and not block.kind:
            block.kind = "list_item"


def _settle_headings(lines: Lines, blocks: list[Laid]) -> None:
    """Take back headings that nothing bears out: lists of names, lines of a table, a line before nothing."""
    i = 0
    while i < len(blocks):
        if blocks[i].kind != "heading":
            i += 1
            continue
        j = i
        while j + 1 < len(blocks) and blocks[j + 1].kind == "heading" and not lines.gap[blocks[j + 1].first]:
            j += 1
        for k in range(i, j + 1):
            if j - i >= 2:
                blocks[k].kind = "row"
            elif not _is_borne_out(lines, blocks, k):
                blocks[k].kind = "list_item" if _is_numbered(words_of(lines, blocks[k])) else "paragraph"
        i = j + 1


def _is_borne_out(lines: Lines, blocks: list[Laid], i: int) -> bool:
    block, after = blocks[i], blocks[i + 1]
    words = words_of(lines, block)
    if _is_numbered(words) and (_is_numbered(words_of(lines, after)) or (i and blocks[i - 1].kind == "list_item")):
        return False
    if shapes.heading(words) == 2:
        return after.kind != "note" or bool(shapes.NOTES_HEADING.fullmatch(words.rstrip(":")))
    apart = lines.gap[block.first] or i == 1 or (i and blocks[i - 1].kind == "note")
    long = after.kind in ("paragraph", "row", "list_item") and len(words_of(lines, after)) > len(words)
    return bool(apart) and long and (lines.gap[after.first] > 0 or len(words.split()) <= 5)


def _number_notes(lines: Lines, blocks: list[Laid]) -> None:
    """Under a heading such as Notes or References, a list numbered from 1 is a list of notes."""
    expected = 0
    for block in blocks:
        if block.kind in ("heading", "title"):
            words = words_of(lines, block).rstrip(":")
            expected = 1 if shapes.NOTES_HEADING.fullmatch(words) else 0
        elif expected and block.kind in ("list_item", "paragraph", "row"):
            match = shapes.NUMBERED.match(words_of(lines, block))
            if match and int(match["n"]) == expected:
                block.kind = "note"
                expected += 1


def _set_levels(lines: Lines, blocks: list[Laid]) -> None:
    """Depth of headings from their numbering, of list items from their indent."""
    indents: list[int] = []
    for block in blocks:
        if block.kind == "heading":
            block.level = heading_level(lines.words(block.first))
        if block.kind != "list_item":
            indents = []
            continue
        indent = lines.indent[block.first]
        indents = [*(n for n in indents if n < indent), indent]
        block.level = len(indents)


def heading_level(words: str) -> int:
    """`2.1 Origins` is a heading of level 2."""
    match = re.match(r"(\d{1,2}(?:\.\d{1,2})+)\.?\s", words)
    return 1 + match[1].count(".") if match else 1


def drop_mark(lines: Lines, i: int) -> None:
    """Leave a bullet out of the text; a number or letter stays."""
    mark = shapes.bullet(lines.words(i, 12))
    if mark and mark[0] < lines.size(i) and not shapes.keeps_mark(lines.words(i, 12)):
        lines.start[i] += mark[0]
