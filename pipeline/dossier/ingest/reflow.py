"""Lines of a source into running text, with the way back.

A line break inside a block becomes one space, white-space runs become one space, invisible marks go. Every change is
an edit of `TextBuilder`. Which lines make a block is the reader's business (`text.py`, `markdown.py`).
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from dossier.offsets import OffsetMap, TextBuilder
from dossier.records import Block, Warned

SPACES = " \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"  # for a character class
CONTROLS = "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff"
LINE_ENDS = "\n\r\x0b\x0c\x85\u2028\u2029"
SOFT = "\u00ad"
DIRECTION = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
HYPHENS = "-\u2010"

_LINE = re.compile(f"[^{LINE_ENDS}]+")
_BREAK = re.compile("\r\n|[\n\r\x0b\x85\u2028\u2029]")  # a form feed ends a line but leaves no blank one
_EDGE = "".join(chr(c) for c in range(0x3001) if re.match(f"[{SPACES}{CONTROLS}{SOFT}\ufeff]", chr(c))) + "\ufeff"
# What is changed inside a line: a run that is more than one plain space.
_WIDE = re.compile(f"[{SPACES}{CONTROLS}{SOFT}]{{2,}}|[{SPACES[1:]}{CONTROLS}{SOFT}]")
_RUN = re.compile(f"[{SPACES}{CONTROLS}{SOFT}]+")
_PART = re.compile(f"[{SPACES}]+|[^{SPACES}]+")
_LEFT = re.compile(r"(?:[^\W_]|[-.'’])+\Z")
_RIGHT = re.compile(r"[^\W_]+")
_WORD = re.compile(r"[^\W_]+(?:[-\u2010\u2011][^\W_]+)*")
_SPACE = re.compile(r"\s+")
_CONTROL = re.compile(f"[{CONTROLS}]")
_DIRECTION = re.compile(f"[{DIRECTION}]")

# Kept before any word. `counter`, `pre`, `ex`, `mid`, `co` are not here: `coun-ter`, `pre-sent`, `ex-pect`, `mid-dle`.
PREFIXES = frozenset(["anti", "cross", "non", "pseudo", "quasi", "self", "semi", "so", "then", "vice", "well"])
# Kept after any word: the second half of compounds that reports coin. None is the end of a common plain word.
SECONDS = frozenset(
    [
        "affiliated",
        "aligned",
        "armed",
        "backed",
        "based",
        "born",
        "called",
        "controlled",
        "designated",
        "dominated",
        "facing",
        "financed",
        "focused",
        "funded",
        "general",
        "half",
        "inspired",
        "led",
        "level",
        "linked",
        "looking",
        "mandated",
        "occupied",
        "oriented",
        "produced",
        "profile",
        "ranking",
        "related",
        "scale",
        "speaking",
        "sponsored",
        "style",
        "supported",
        "thirds",
        "trained",
        "wide",
    ]
)
SUSPENDED = frozenset(["and", "or", "to", "nor", "but"])  # `pre- and post-coup`


class Lines:
    """The lines with something in them: where their words begin and end, how far they are indented, and the number of
    blank lines before each. A reader moves `start` and `end` inwards to leave a mark out.
    """

    __slots__ = ("end", "gap", "indent", "source", "start")

    def __init__(self, source: str) -> None:
        self.source = source
        self.start, self.end = array("q"), array("q")
        self.indent, self.gap = array("i"), array("i")
        before = 0
        for match in _LINE.finditer(source):
            words = match.group().strip(_EDGE)
            if not words:
                continue
            begin = match.start()
            lead = match.group().index(words[0]) if match.group()[0] != words[0] else 0
            start = begin + lead
            self.gap.append(_blank_lines(source, before, start) if self.start else 0)
            self.indent.append(lead)
            self.start.append(start)
            before = start + len(words)
            self.end.append(before)

    def __len__(self) -> int:
        return len(self.start)

    def words(self, i: int, most: int = 400) -> str:
        """Line i, or its first `most` characters."""
        return self.source[self.start[i] : min(self.end[i], self.start[i] + most)]

    def trim(self, i: int) -> None:
        """Move both ends of line i inwards over white space and invisible marks."""
        words = self.source[self.start[i] : self.end[i]]
        self.start[i] += len(words) - len(words.lstrip(_EDGE))
        self.end[i] = max(self.start[i], self.start[i] + len(words.strip(_EDGE)))

    def size(self, i: int) -> int:
        return self.end[i] - self.start[i]


def _blank_lines(source: str, end: int, start: int) -> int:
    if start - end == 1:
        return 0
    return max(0, len(_BREAK.findall(source, end, start)) - 1)


@dataclass(slots=True)
class Laid:
    """A block as it lies in the source: lines `first` to `last`, both in it."""

    kind: str
    first: int
    last: int
    level: int = 0


def emit(
    lines: Lines, blocks: Sequence[Laid], cuts: Mapping[int, list[tuple[int, int]]] | None = None
) -> tuple[str, OffsetMap, list[Block]]:
    """Make the text of `blocks`: their lines joined, what lies between them left out.

    cuts: for a line, the stretches inside it to be left out (the marks of Markdown), sorted, not touching its ends.
    Blocks stand apart by a blank line; list items, rows and notes that follow each other by a line break.
    """
    builder = TextBuilder(lines.source)
    known = known_words(lines, blocks)
    made: list[Block] = []
    for block in blocks:
        live = [i for i in range(block.first, block.last + 1) if _has_words(lines, i, (cuts or {}).get(i))]
        if not live:
            continue
        close = made and made[-1].kind == block.kind and block.kind in ("list_item", "row", "note")
        between(builder, lines.start[live[0]], ("\n" if close else "\n\n") if made else "")
        start = builder.length
        _put(builder, lines, live, cuts or {}, known)
        made.append(Block(block.kind, start, builder.length, block.level))
    builder.replace(len(lines.source))
    text, offsets = builder.finish()
    return text, offsets, made


def _put(
    builder: TextBuilder,
    lines: Lines,
    live: list[int],
    cuts: Mapping[int, list[tuple[int, int]]],
    known: Collection[str],
) -> None:
    for i, after in pairwise(live):
        end, space = glue(lines.source, lines.end[i], lines.start[after], known)
        _put_line(builder, end, cuts.get(i))
        between(builder, lines.start[after], space)
    _put_line(builder, lines.end[live[-1]], cuts.get(live[-1]))


def _has_words(lines: Lines, i: int, cuts: list[tuple[int, int]] | None) -> bool:
    """Whether a line has anything left when its marks are cut."""
    start, end = lines.start[i], lines.end[i]
    if not cuts:
        return start < end
    for a, b in [*cuts, (end, end)]:
        if lines.source[start:a].strip(_EDGE):
            return True
        start = b
    return False


def _put_line(builder: TextBuilder, end: int, cuts: list[tuple[int, int]] | None) -> None:
    if cuts:
        for run in _merged(builder.source, builder.at, end, cuts):
            _squeeze(builder, run)
    else:
        for match in _WIDE.finditer(builder.source, builder.at, end):
            _squeeze(builder, [(*match.span(), False)])
    builder.keep(end)


def _merged(source: str, start: int, end: int, cuts: list[tuple[int, int]]) -> Iterator[list[tuple[int, int, bool]]]:
    """Cuts and white-space runs that touch, together: `(start, end, is a cut)`."""
    parts = [(a, b, True) for a, b in cuts]
    at = start
    for a, b in [*cuts, (end, end)]:
        parts += [(*m.span(), False) for m in _RUN.finditer(source, at, a)]
        at = b
    run: list[tuple[int, int, bool]] = []
    for part in sorted(parts):
        if run and part[0] > run[-1][1]:
            yield run
            run = []
        run.append(part)
    if run:
        yield run


def _squeeze(builder: TextBuilder, run: list[tuple[int, int, bool]]) -> None:
    """Leave one space of a run that has one outside its cuts, and nothing else."""
    builder.keep(run[0][0])
    space = " "
    for start, end, is_cut in run:
        if is_cut:
            builder.replace(end)
            continue
        for part in _PART.finditer(builder.source, start, end):
            blank = part.group()[0] in _BLANK
            builder.replace(part.end(), space if blank else "")
            space = "" if blank else space


_BLANK = frozenset(c for c in _EDGE if re.match(f"[{SPACES}]", c))


def between(builder: TextBuilder, end: int, space: str) -> None:
    """Put `space` for the source up to `end`, of which the first white space stands for it and the rest goes."""
    if space:
        blank = _SPACE.search(builder.source, builder.at, end)
        builder.replace(blank.start() if blank else builder.at)  # marks that show nothing may stand before it
        builder.replace(blank.end() if blank else builder.at, space)
    builder.replace(end)


# --------------------------------------------------------------------------- what a line end means


def glue(source: str, end: int, start: int, known: Collection[str]) -> tuple[int, str]:
    """How the line that ends at `end` meets the one that begins at `start`: the end to keep, and what comes between."""
    last = source[end - 1]
    if source[end : end + 1] == SOFT:
        return end, ""
    if last.isalnum() or end < 2:
        return (end, "") if _no_spaces(last) and _no_spaces(source[start]) else (end, " ")
    tight = not source[end - 2].isspace()
    if last in HYPHENS and tight and source[end - 2] not in HYPHENS:
        return _at_hyphen(source, end, start, known)
    if tight and last in "-\u2011\u2013\u2014/":
        return end, ""
    return (end, "") if _no_spaces(last) and _no_spaces(source[start]) else (end, " ")


def _at_hyphen(source: str, end: int, start: int, known: Collection[str]) -> tuple[int, str]:
    left = _LEFT.search(source[max(0, end - 60) : end - 1])
    right = _RIGHT.match(source, start)
    if not left or not right:
        return end, ""
    if right.group() in SUSPENDED:
        return end, " "
    return (end - 1, "") if join_hyphen(left.group(), right.group(), known) else (end, "")


def join_hyphen(left: str, right: str, known: Collection[str]) -> bool:
    """Whether a line-end hyphen was only the typesetter's, so that the halves join without it.

    left, right: the words on both sides, without the hyphen; `known`: the words and compounds seen elsewhere in the
    document, in small letters (`known_words`).

    Kept: after a capital, digit or stop (`PKK-aligned`, `U.S.-led`), before a capital (`Trans-Andean`), inside a longer
    compound (`day-to-day`), after known prefixes, before known second halves, and where the compound occurs elsewhere.
    """
    small = f"{left}-{right}".lower()
    if small in known or "-" in left:
        return False
    if not left[-1].isalpha() or left[-1].isupper() or not right[0].isalpha() or right[0].isupper():
        return False
    if small.replace("-", "") in known:
        return True
    return left.lower() not in PREFIXES and right.lower() not in SECONDS


def known_words(lines: Lines, blocks: Sequence[Laid]) -> frozenset[str]:
    """The words and compounds of a source in small letters; empty where no line ends in a hyphen."""
    source = lines.source
    if not any(source[lines.end[i] - 1] in HYPHENS for block in blocks for i in range(block.first, block.last)):
        return frozenset()
    return frozenset(match.group().lower().replace("\u2010", "-") for match in _WORD.finditer(source))


def _no_spaces(character: str) -> bool:
    """Chinese and Japanese put no space between words, so a line break is none."""
    return "\u2e80" <= character <= "\ua4cf" or "\uf900" <= character <= "\ufaff" or "\uff00" <= character <= "\uffef"


def warn_of_marks(source: str) -> list[Warned]:
    """Say where control characters were taken out and where direction marks were kept."""
    warnings = []
    if found := _CONTROL.findall(source):
        at = _CONTROL.search(source)
        words = (
            f"control characters: {len(found)} were taken out of the text, the first (U+{ord(found[0]):04X}) at "
            f"character {at.start() if at else 0}; the file itself is as it was"
        )
        warnings.append(Warned("control_characters", words))
    if found := _DIRECTION.findall(source):
        at = _DIRECTION.search(source)
        words = (
            f"direction marks: {len(found)} are in the text and were kept, the first (U+{ord(found[0]):04X}) at "
            f"character {at.start() if at else 0}; what is seen may stand in another order than what is stored"
        )
        warnings.append(Warned("direction_marks", words))
    return warnings
