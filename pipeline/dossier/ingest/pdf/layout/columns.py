"""Which columns a page has, and in which order they are read.

A gutter is an empty strip with text on both sides of it for some height, its band; what crosses the strip bounds the band
above and below. The tallest band is cut first: what is above it is read first, then its left side, its right side (the other
way round in writing from right to left), and what is below; each part is cut again in the same way.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from dossier.ingest.pdf.layout.lines import Line
from dossier.ingest.pdf.page import Box

MOST_UNITS = 3000  # on a page; with more (a drawing made of letters) only rows are read
MOST_EDGES = 48  # left edges of text tried as the right side of a gutter
DEPTH = 12  # cuts within cuts
CROSSES = 12.0  # points on both sides of a gutter that a rule across it has at least
TIE = 0.01  # points of height that a line in the band is worth, where bands are equally tall
LOOSE = 0.5  # points by which text may touch a gutter
# rows on both sides -> how wide a gutter must be, in em: rivers of white between words are narrow or low
NARROW = ((6, 0.5), (4, 0.8), (3, 1.1), (2, 1.6), (0, 0.8))
LEAST = 4  # lines of a band on both sides together
REST = 6  # characters of a line that is the rest of a column
CLEAR = 3.0  # em up and down without anything that crosses the gutter
APART = 4.0  # em between lines; beyond the shorter column a gap this wide ends the band
FEWER = 0.6  # labels a line of the text they stand beside
TERM = 12  # characters of a term that is explained beside it
CLOSE, FEW = 1.3, 3  # em, and lines: a heading or caption over what crosses the gutter
SIDE_WORDS = 30  # characters of a label that stands beside a paragraph


class Unit(Protocol):
    """What is placed on a page as a whole: a line, a table, a framed text."""

    x0: float
    top: float
    x1: float
    bottom: float


class Band(NamedTuple):
    """A gutter at `x` and the heights between which it is free."""

    x: float
    top: float
    bottom: float
    score: float


Floats = npt.NDArray[np.float64]


def split_columns(
    units: Sequence[Unit], em: float, rules: Sequence[Box] = (), *, rtl: bool = False, depth: int = 0
) -> list[list[Unit]]:
    """Cut a page, or a part of it, into columns in reading order.

    em: the size of its writing in points. rules: drawn from side to side; no band goes through one. Returns the units of
    each column, from top to bottom.
    """
    if len(units) < 4 or len(units) > MOST_UNITS or depth >= DEPTH:
        return [_by_height(units)] if units else []
    band = find_band(units, em, rules)
    if band is None:
        return [_by_height(units)]
    above: list[Unit] = []
    below: list[Unit] = []
    left: list[Unit] = []
    right: list[Unit] = []
    for unit in units:
        middle = (unit.top + unit.bottom) / 2
        if middle < band.top:
            above.append(unit)
        elif middle > band.bottom:
            below.append(unit)
        else:
            (left if unit.x1 <= band.x + LOOSE else right).append(unit)
    sides = (right, left) if rtl else (left, right)
    parts = []
    for part in (above, *sides, below):
        parts += split_columns(part, em, rules, rtl=rtl, depth=depth + 1)
    return parts


def _by_height(units: Sequence[Unit]) -> list[Unit]:
    return sorted(units, key=lambda unit: ((unit.top + unit.bottom) / 2, unit.x0))


def find_band(units: Sequence[Unit], em: float, rules: Sequence[Box] = ()) -> Band | None:
    """The tallest band of text on both sides of a gutter, or None."""
    x0, top, x1, bottom = (
        np.array([getattr(unit, side) for unit in units], np.float64) for side in ("x0", "top", "x1", "bottom")
    )
    middle = (top + bottom) / 2
    if not _any_beside(x0, x1, middle, bottom - top):
        return None
    best: Band | None = None
    for x in _edges(x0, x1):
        left, right = x1 <= x + LOOSE, x0 >= x - LOOSE
        if not left.any() or not right.any():
            continue
        crosses = ~(left | right)
        number, floors = _bands(x, crosses, (top, middle, bottom), rules)
        both = np.intersect1d(number[left], number[right])
        for band in both[both >= 0].tolist():
            here = number == band
            low, high = np.flatnonzero(here & left), np.flatnonzero(here & right)
            few = low if len(low) < len(high) else high
            if len(few) == 1 and not _is_rest(units, int(few[0]), len(low) + len(high), middle, crosses, em):
                continue
            sides = (x0, top, x1, bottom)
            found = _judge(units, x, low, high, sides, em, best.score if best else 0.6 * em, float(floors[band]))
            best = found or best
    return best


def _bands(
    x: float, crosses: npt.NDArray[np.bool_], heights: tuple[Floats, Floats, Floats], rules: Sequence[Box]
) -> tuple[npt.NDArray[np.int64], Floats]:
    """The number of the band that each unit stands in, between what crosses x, below 0 beside what crosses it; and for every
    band the height where what crosses x begins below it."""
    top, middle, bottom = heights
    across = [rule.top for rule in rules if rule.x0 < x - CROSSES and rule.x1 > x + CROSSES]
    tops, cuts, bottoms = (np.append(a[crosses], across) for a in (top, middle, bottom))
    order = np.argsort(cuts, kind="stable")
    number = np.searchsorted(cuts[order], middle)
    if len(order):
        above, below = order[np.maximum(number - 1, 0)], order[np.minimum(number, len(order) - 1)]
        beside = ((number > 0) & (middle < bottoms[above])) | ((number < len(order)) & (middle > tops[below]))
        number[beside] = -1
    return number, np.append(tops[order], np.inf)


def _any_beside(x0: Floats, x1: Floats, middle: Floats, height: Floats) -> bool:
    """Whether anything stands beside anything."""
    order = np.argsort(middle, kind="stable")
    m, h = middle[order], height[order]
    for step in (1, 2, 3):
        close = m[step:] - m[:-step] < 0.9 * np.maximum(h[step:], h[:-step])
        apart = (x0[order][step:] >= x1[order][:-step]) | (x0[order][:-step] >= x1[order][step:])
        if (close & apart).any():
            return True
    return False


def _edges(x0: Floats, x1: Floats) -> list[float]:
    """Where a gutter may end: left edges that several units share, and right edges, for text set ragged left."""
    found: dict[int, list[float]] = {}
    for x in x0.tolist():
        found.setdefault(round(x), []).append(x)
    edges = sorted(((-len(xs), min(xs)) for xs in found.values()), key=lambda e: e)
    ends: dict[int, list[float]] = {}
    for x in x1.tolist():
        ends.setdefault(round(x), []).append(x)
    edges += sorted((-len(xs), max(xs) + 2 * LOOSE) for xs in ends.values() if len(xs) > 2)
    edges.sort()
    return [x for _, x in edges[:MOST_EDGES]]


def _judge(
    units: Sequence[Unit], x: float, low: npt.NDArray[np.int64], high: npt.NDArray[np.int64],
    sides: tuple[Floats, Floats, Floats, Floats], em: float, least: float,
    floor: float,
) -> Band | None:  # fmt: skip
    """The band of the units on both sides of a gutter if they are columns and share more than `least` points of height."""
    x0, top, x1, bottom = sides
    first = max(top[low].min(), top[high].min())
    last = min(bottom[low].max(), bottom[high].max())
    score = float(last - first + TIE * (len(low) + len(high)))
    if score <= least:
        return None
    low_in = low[(bottom[low] > first) & (top[low] < last)]
    high_in = high[(bottom[high] > first) & (top[high] < last)]
    if not len(low_in) or not len(high_in):
        return None
    rows = min(_rows(top[low_in], bottom[low_in]), _rows(top[high_in], bottom[high_in]))
    wide = float(x0[high_in].min() - x1[low_in].max())
    need = next(width for least, width in NARROW if rows >= least)
    if wide < need * em or (rows < 2 and min(len(low), len(high)) > 1):
        return None
    if _are_labels(units, low_in, high_in) or _are_labels(units, high_in, low_in):
        return None
    ends = [_reach(top[side], bottom[side], last, em, floor) for side in (low, high)]
    begins = [-_reach(-bottom[side], -top[side], -first, em, np.inf) for side in (low, high)]
    return Band(x, min(begins) - 0.1, max(ends) + 0.1, score)


def _is_rest(
    units: Sequence[Unit], i: int, lines: int, middle: Floats, crosses: npt.NDArray[np.bool_], em: float
) -> bool:
    """Whether a line that stands alone on one side of a gutter is the rest of a column: words, with nothing near that
    crosses the gutter."""
    line = units[i]
    if lines < LEAST or not isinstance(line, Line) or len(line.text) < REST or not any(c.isalpha() for c in line.text):
        return False
    return not (np.abs(middle[crosses] - middle[i]) < CLEAR * em).any()


def _reach(top: Floats, bottom: Floats, last: float, em: float, floor: float) -> float:
    """How far down a column goes on below `last`, where the other one ends: to a gap that is very wide, or to a few lines
    close over what crosses the gutter at `floor`, which they belong to."""
    reach = float(bottom[top < last].max(initial=last))
    order = np.argsort(top, kind="stable")
    more = [(upper, lower) for upper, lower in zip(top[order].tolist(), bottom[order].tolist(), strict=True) if upper >= last]
    near = bool(more) and floor - more[-1][1] < CLOSE * em
    for number, (upper, lower) in enumerate(more):
        if upper - reach > APART * em or (near and upper - reach > CLOSE * em and len(more) - number <= FEW):
            break
        reach = max(reach, lower)
    return reach


def _rows(top: Floats, bottom: Floats) -> int:
    """How many lines stand below each other."""
    order = np.argsort(top, kind="stable")
    middles = ((top + bottom) / 2)[order]
    heights = (bottom - top)[order]
    return 1 + int((np.diff(middles) > 0.5 * heights[1:]).sum())


def _are_labels(units: Sequence[Unit], side: npt.NDArray[np.int64], other: npt.NDArray[np.int64]) -> bool:
    """Whether one side only labels the lines of the other: dates, terms, numbers, each beside the line it belongs to."""
    labels = [unit for i in side.tolist() if isinstance(unit := units[i], Line) and len(unit.text) <= SIDE_WORDS]
    if len(labels) < len(side):
        return False
    bases = sorted(_base(units[i]) for i in other.tolist())
    rows = 1 + sum(b - a > 2 for a, b in pairwise(bases))
    texts = [unit.text for i in other.tolist() if isinstance(unit := units[i], Line)]
    if len(labels) > FEWER * rows and not _name_lines(labels) and not _are_terms(labels, texts):
        return False
    beside = sum(any(abs(label.base - base) < 2 for base in bases) for label in labels)
    return beside >= 0.8 * len(labels)


def _name_lines(labels: Sequence[Line]) -> bool:
    """Whether labels say by themselves that each belongs to one line: numbers, or words before a colon."""
    told = sum(label.text[-1] == ":" or _is_number(label) for label in labels)
    return told >= 0.8 * len(labels)


def _are_terms(labels: Sequence[Line], texts: Sequence[str]) -> bool:
    """Whether labels are short terms, and each text beside them begins anew: a list of acronyms, of dates."""
    if len(texts) < 3 or max(len(label.text) for label in labels) > TERM:
        return False
    begin = sum(not text[0].islower() for text in texts) >= 0.8 * len(texts)
    return begin and sum(not label.text[0].islower() for label in labels) >= 0.8 * len(labels)


def _base(unit: Unit) -> float:
    return unit.base if isinstance(unit, Line) else unit.bottom


def _is_number(unit: Line) -> bool:
    text = unit.text
    return bool(text) and len(text) <= 8 and any(c.isdigit() for c in text) and not any(c.isalpha() for c in text[1:])
