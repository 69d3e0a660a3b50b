"""What is set apart from its line but belongs to it: list marks before a gap, and large initials."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Sequence

from dossier.ingest.pdf.layout.kinds import SIGNS
from dossier.ingest.pdf.layout.lines import Line, make_line

_MARK = re.compile(
    r"[•‣▪●○◦⁃∙■□➢➤◆◇►▶✓✔❖※*†‡§¶\uf0b7\uf0a7\uf0d8\u2013\u2014-]"
    r"|\(?(?:\d{1,3}|[a-zA-Z]|[ivxlIVXL]{1,5})[.):]|[A-Z]?\d{1,2}(?:\.\d{1,2}){1,3}[.:]?|¶ ?\d{1,3}|o"
    rf"|[{SIGNS}]"
    r"|\[\d{1,3}\]|\(\d{1,2}[a-z]?\)"
)
_NUMBER = re.compile(r"\d{1,3}")
REACH = 4.5  # em between a mark and its text
NUMBER_REACH = 1.7  # em, where the mark is a bare number
APART = 2.2  # em between a mark and what stands before it
INITIAL = 1.8  # ratio of sizes of an initial and the text beside it


def join_marks(lines: list[Line], *, rtl: bool) -> list[Line]:
    """Put list marks that stand alone before the line they belong to."""
    marks = [
        line for line in lines if len(line.text) <= 7 and (_MARK.fullmatch(line.text) or _NUMBER.fullmatch(line.text))
    ]
    if not marks:
        return lines
    alone = {id(line) for line in marks}
    ordered = sorted(lines, key=lambda line: line.base)
    bases = [line.base for line in ordered]
    joined: dict[int, Line] = {}
    for mark in marks:
        best = _beside(mark, ordered, bases, {*joined, *alone}, rtl=rtl)
        if best is not None:
            joined[id(best)] = mark
            alone.discard(id(mark))
    kept = []
    taken = {id(mark) for mark in joined.values()}
    for line in lines:
        if id(line) in taken:
            continue
        mark_of = joined.get(id(line))
        if mark_of is None:
            kept.append(line)
            continue
        whole = make_line(line.page, [*mark_of.chunks, *line.chunks])
        if mark_of.text[0] == "¶":  # the number of a paragraph, out in the margin
            whole.x0 = line.x0
        kept.append(whole)
    return kept


def _beside(
    mark: Line, ordered: Sequence[Line], bases: Sequence[float], taken: Collection[int], *, rtl: bool
) -> Line | None:
    bare = bool(_NUMBER.fullmatch(mark.text))
    reach = (NUMBER_REACH if bare else REACH) * mark.size
    best: Line | None = None
    nearest = reach
    low = bisect_left(bases, mark.base - 0.45 * mark.size)
    for line in ordered[low:]:
        if line is mark:
            continue
        if line.base > mark.base + 0.45 * mark.size:
            break
        gap, before = line.x0 - mark.x1, mark.x0 - line.x1
        if rtl:
            gap, before = before, gap
        if -1 <= before < APART * mark.size:
            return None  # it is the end of a line: an initial, a number
        if -1 <= gap < nearest and id(line) not in taken and not (bare and not _has_words(line.text)):
            best, nearest = line, gap
    return best


def _has_words(text: str) -> bool:
    return len(text) > 12 and sum(c.isalpha() for c in text) > 0.5 * len(text)


def join_initials(lines: list[Line]) -> list[Line]:
    """Put a large initial before the first of the lines that stand beside it."""
    initials = [line for line in lines if len(line.text) <= 2 and line.text[0].isalpha()]
    if not initials:
        return lines
    gone: set[int] = set()
    for big in initials:
        beside = [
            line for line in lines
            if line is not big and line.size * INITIAL <= big.size and len(line.text) > 2
            and -0.3 * big.size < line.x0 - big.x1 < 0.5 * big.size + line.size
            and big.top - 0.3 * line.size < line.base < big.bottom
        ]  # fmt: skip
        if not beside or id(big) in gone:
            continue
        first = min(beside, key=lambda line: line.base)
        big.chunks[0].tight = True
        first.chunks = [*big.chunks, *first.chunks]
        for line in beside:
            line.x0 = min(line.x0, big.x0)
        gone.add(id(big))
    return [line for line in lines if id(line) not in gone]
