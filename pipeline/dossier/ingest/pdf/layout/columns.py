"""Which columns a page has, and in which order they are read.

A gutter is an empty strip with text on both sides of it for some height, its band; what crosses the strip bounds the band
above and below. The tallest band is cut first: what is above it is read first, then its left side, its right side (the other
way round in writing from right to left), and what is below; each part is cut again in the same way. Columns of running text
are cut before tables are looked for, other columns after.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from dossier.ingest.pdf.layout.lines import Line
from dossier.ingest.pdf.page import Box

MOST_UNITS = 3000  # on a page; with more (a drawing made of letters) only rows are read
MOST_EDGES = 48  # left and right edges of text tried as the side of a gutter
DEPTH = 12  # cuts within cuts
LOOSE = 0.5  # points by which text may touch a gutter
CROSSES = 12.0  # points on both sides of a gutter that a rule across it has at least
TIE = 0.01  # points of height that a line in the band is worth, where bands are equally tall
# rows on both sides -> how wide a gutter must be, in em: rivers of white between words are narrow or low
NARROW = ((6, 0.5), (4, 0.8), (3, 1.1), (2, 1.6), (0, 0.8))
PROSE_WORDS, PROSE = 2.5, 0.6  # words a line of running text, and the share of plain ones among them
RIVER = 6.0  # em: the height of rows that loosely set words may seem to part
LARGE, MOST_LARGE = 1.2, 60  # of the running text; boxes and large words of a page that are looked at
LEAST = 4  # lines of a band on both sides together
REST = 6  # characters of a line that is the rest of a column
CLEAR = 3.0  # em up and down without anything that crosses the gutter
APART = 4.0  # em between lines; beyond the shorter column a gap this wide ends the band
CLOSE, FEW = 1.3, 3  # em, and lines: a heading or caption over what crosses the gutter
FEWER = 0.6  # labels a line of the text they stand beside
TERM = 12  # characters of a term that is explained beside it
SIDE_WORDS = 30  # characters of a label that stands beside a paragraph


class Unit(Protocol):
    """What is placed on a page as a whole: a line, a table, a framed text."""

    x0: float
    top: float
    x1: float
    bottom: float

    @property
    def is_figure(self) -> bool:
        """Whether it has no text, so that text may flow around it."""


class Band(NamedTuple):
    """A gutter at `x` and the heights between which it is free."""

    x: float
    top: float
    bottom: float
    score: float


Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
FindTables = Callable[[list[Line]], tuple[Sequence[Unit], list[Line]]]


class Columns:
    """Cuts the units of a page into columns.

    em: the size of its writing in points. rules: drawn from side to side; no band goes through one. find_tables: takes the
    tables out of lines.
    """

    def __init__(self, em: float, rules: Sequence[Box], *, rtl: bool, find_tables: FindTables) -> None:
        self.em, self.rules, self.rtl, self.find_tables = em, rules, rtl, find_tables

    def split(self, units: Sequence[Unit], depth: int = 0) -> list[list[Unit]]:
        """The units of each column, from top to bottom, the columns in reading order."""
        if len(units) < LEAST or len(units) > MOST_UNITS or depth >= DEPTH:
            return [_by_height(units)] if units else []
        page = _Page(units, self.em)
        band = page.find_band(self.rules, prose=True)
        if band is None:
            lines = [unit for unit in units if isinstance(unit, Line)]
            tables, lines = self.find_tables(lines)
            if tables:
                others = [unit for unit in units if not isinstance(unit, Line)]
                return self.split([*others, *tables, *lines], depth + 1)
            band = page.find_band(self.rules, prose=False)
        if band is None:
            return [_by_height(units)]
        parts = []
        for part in self._cut(units, band):
            parts += self.split(part, depth + 1)
        return parts

    def _cut(self, units: Sequence[Unit], band: Band) -> tuple[list[Unit], list[Unit], list[Unit], list[Unit]]:
        """What is above a band, its first column, its second one, and what is below."""
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
        first, second = (right, left) if self.rtl else (left, right)
        self._give_back(above, first, second)
        return above, first, second, below

    def _give_back(self, above: list[Unit], first: list[Unit], second: list[Unit]) -> None:
        """Put the short last lines of what crosses the gutter back to it: those above the second column, set the same way."""
        last = max((unit for unit in above if isinstance(unit, Line)), key=lambda unit: unit.base, default=None)
        roof = min(unit.top for unit in second)
        for unit in _by_height(first):
            if last is None or not isinstance(unit, Line) or unit.bottom > roof + LOOSE:
                return
            edge = unit.x1 - last.x1 if self.rtl else unit.x0 - last.x0
            goes_on = 0 < unit.base - last.base < 1.4 * unit.size and abs(unit.size - last.size) < 0.3
            if not goes_on or abs(edge) > 2:
                return
            first.remove(unit)
            above.append(unit)
            last = unit


def _by_height(units: Sequence[Unit]) -> list[Unit]:
    return sorted(units, key=lambda unit: ((unit.top + unit.bottom) / 2, unit.x0))


class _Page:
    """The units of a page, or of a part of it, as arrays of their sides."""

    def __init__(self, units: Sequence[Unit], em: float) -> None:
        self.units, self.em = units, em
        sides = np.array([(unit.x0, unit.top, unit.x1, unit.bottom) for unit in units], np.float64)
        self.x0, self.top, self.x1, self.bottom = sides.T
        self.middle = (self.top + self.bottom) / 2
        self.cuts = np.array([not unit.is_figure for unit in units])
        self._let_text_flow()
        self._words: tuple[Ints, Ints] | None = None

    def _let_text_flow(self) -> None:
        """Let no box or large words cut a band that have lines of text on both sides: they stand in the way of two columns,
        which are read past them."""
        lines = np.array([isinstance(unit, Line) and unit.size < LARGE * self.em for unit in self.units])
        for i in np.flatnonzero(~lines & self.cuts)[:MOST_LARGE].tolist():
            beside = lines & (self.middle > self.top[i]) & (self.middle < self.bottom[i])
            if (beside & (self.x1 < self.x0[i])).any() and (beside & (self.x0 > self.x1[i])).any():
                self.cuts[i] = False

    def find_band(self, rules: Sequence[Box], *, prose: bool) -> Band | None:
        """The tallest band of text on both sides of a gutter, or None. prose: of running text."""
        if not self._any_beside():
            return None
        best: Band | None = None
        for x in self._edges():
            left, right = self.x1 <= x + LOOSE, self.x0 >= x - LOOSE
            if not left.any() or not right.any():
                continue
            crosses = ~(left | right) & self.cuts
            number, floors = self._bands(x, crosses, rules)
            both = np.intersect1d(number[left], number[right])
            for band in both[both >= 0].tolist():
                here = number == band
                low, high = np.flatnonzero(here & left), np.flatnonzero(here & right)
                few = low if len(low) < len(high) else high
                if len(few) == 1 and not self._is_rest(int(few[0]), len(low) + len(high), crosses):
                    continue
                least = best.score if best else 0.6 * self.em
                found = self._judge(x, low, high, least, float(floors[band]), prose=prose)
                if found is not None and not self._is_river(low, high, crosses):
                    best = found
        return best

    def _any_beside(self) -> bool:
        """Whether anything stands beside anything."""
        order = np.argsort(self.middle, kind="stable")
        m, h, x0, x1 = (a[order] for a in (self.middle, self.bottom - self.top, self.x0, self.x1))
        for step in (1, 2, 3):
            close = m[step:] - m[:-step] < 0.9 * np.maximum(h[step:], h[:-step])
            apart = (x0[step:] >= x1[:-step]) | (x0[:-step] >= x1[step:])
            if (close & apart).any():
                return True
        return False

    def _edges(self) -> list[float]:
        """Where a gutter may end: left edges, those that many units share first, and shared right edges."""
        found: dict[int, list[float]] = {}
        for x in self.x0.tolist():
            found.setdefault(round(x), []).append(x)
        ends: dict[int, list[float]] = {}
        for x in self.x1.tolist():
            ends.setdefault(round(x), []).append(x)
        edges = [(-len(xs), min(xs)) for xs in found.values()]
        edges += [(-len(xs), max(xs) + 2 * LOOSE) for xs in ends.values() if len(xs) > 2]
        edges.sort()
        return [x for _, x in edges[:MOST_EDGES]]

    def _bands(self, x: float, crosses: Bools, rules: Sequence[Box]) -> tuple[Ints, Floats]:
        """The number of the band that each unit stands in, between what crosses x, below 0 beside what crosses it; and for
        every band the height where what crosses x begins below it."""
        across = [rule.top for rule in rules if rule.x0 < x - CROSSES and rule.x1 > x + CROSSES]
        tops, cuts, bottoms = (np.append(a[crosses], across) for a in (self.top, self.middle, self.bottom))
        order = np.argsort(cuts, kind="stable")
        number = np.searchsorted(cuts[order], self.middle)
        if len(order):
            above, below = order[np.maximum(number - 1, 0)], order[np.minimum(number, len(order) - 1)]
            beside = (number > 0) & (self.middle < bottoms[above])
            beside |= (number < len(order)) & (self.middle > tops[below])
            number[beside] = -1
        return number, np.append(tops[order], np.inf)

    def _is_rest(self, i: int, lines: int, crosses: Bools) -> bool:
        """Whether a line that stands alone on one side of a gutter is the rest of a column: words, with nothing near that
        crosses the gutter."""
        line = self.units[i]
        if lines < LEAST or not isinstance(line, Line) or len(line.text) < REST or not any(map(str.isalpha, line.text)):
            return False
        return not bool((np.abs(self.middle[crosses] - self.middle[i]) < CLEAR * self.em).any())

    def _judge(self, x: float, low: Ints, high: Ints, least: float, floor: float, *, prose: bool) -> Band | None:
        """The band of the units on both sides of a gutter if they are columns and it beats the score `least`: the points of
        height that they share."""
        top, bottom = self.top, self.bottom
        first = max(top[low].min(), top[high].min())
        last = min(bottom[low].max(), bottom[high].max())
        score = float(last - first + TIE * (len(low) + len(high)))
        if score <= least:
            return None
        low_in = low[(bottom[low] > first) & (top[low] < last)]
        high_in = high[(bottom[high] > first) & (top[high] < last)]
        if not len(low_in) or not len(high_in):
            return None
        rows = min(_rows(top[side], bottom[side], self.em) for side in (low_in, high_in))
        wide = float(self.x0[high_in].min() - self.x1[low_in].max())
        need = next(width for fewest, width in NARROW if rows >= fewest)
        if wide < need * self.em or (rows < 2 and min(len(low), len(high)) > 1):
            return None
        if prose and not (self._is_prose(low_in) and self._is_prose(high_in)):
            return None
        if self._are_labels(low_in, high_in) or self._are_labels(high_in, low_in):
            return None
        ends = [_reach(top[side], bottom[side], last, self.em, floor) for side in (low, high)]
        begins = [-_reach(-bottom[side], -top[side], -first, self.em, np.inf) for side in (low, high)]
        return Band(x, min(begins) - 0.1, max(ends) + 0.1, score)

    def _is_river(self, low: Ints, high: Ints, crosses: Bools) -> bool:
        """Whether a few rows are parted by no more than the white between their words: lines of their size and width go on
        right above or below."""
        both = np.concatenate([low, high])
        top, bottom = float(self.top[both].min()), float(self.bottom[both].max())
        if bottom - top > RIVER * self.em:
            return False
        left, right = float(self.x0[both].min()), float(self.x1[both].max())
        tall = np.median((self.bottom - self.top)[both])
        others = np.abs(self.bottom - self.top - tall) < 0.1 * tall
        others[both] = False
        for edge in (np.abs(self.bottom - top), np.abs(self.top - bottom)):
            row = others & (edge < 0.9 * self.em)
            if not (row & crosses).any():
                continue
            if self.x0[row].min() < left + 2 * self.em and self.x1[row].max() > right - 2 * self.em:
                return True
        return False

    def _is_prose(self, side: Ints) -> bool:
        """Whether what stands on one side is running text: some words a line, most of them plain ones."""
        if self._words is None:
            words = [unit.text.split() if isinstance(unit, Line) else [] for unit in self.units]
            plain = [sum(map(_is_plain, each)) for each in words]
            self._words = np.array([len(each) for each in words]), np.array(plain)
        every, plainly = (int(count[side].sum()) for count in self._words)
        side = side[self._words[0][side] > 0]
        rows = _rows(self.top[side], self.bottom[side], self.em)
        return len(side) > 0 and every >= PROSE_WORDS * rows and plainly >= PROSE * every

    def _are_labels(self, side: Ints, other: Ints) -> bool:
        """Whether one side only labels the lines of the other: dates, terms, numbers, each beside the line it belongs to."""
        labels = [
            unit for i in side.tolist() if isinstance(unit := self.units[i], Line) and len(unit.text) <= SIDE_WORDS
        ]
        if len(labels) < len(side):
            return False
        bases = sorted(_base(self.units[i]) for i in other.tolist())
        rows = 1 + sum(b - a > 2 for a, b in pairwise(bases))
        texts = [unit.text for i in other.tolist() if isinstance(unit := self.units[i], Line)]
        if len(labels) > FEWER * rows and not _name_lines(labels) and not _are_terms(labels, texts):
            return False
        beside = sum(any(abs(label.base - base) < 2 for base in bases) for label in labels)
        return beside >= 0.8 * len(labels)


def _is_plain(word: str) -> bool:
    bare = word.strip(".,;:()[]“”‘’\"'-–—")
    return bare.isalpha() and not (bare.isupper() and len(bare) > 1)


def _reach(top: Floats, bottom: Floats, last: float, em: float, floor: float) -> float:
    """How far down a column goes on below `last`, where the other one ends: to a gap that is very wide, or to a few lines
    close over what crosses the gutter at `floor`, which they belong to."""
    reach = float(bottom[top < last].max(initial=last))
    order = np.argsort(top, kind="stable")
    more = [
        (upper, lower)
        for upper, lower in zip(top[order].tolist(), bottom[order].tolist(), strict=True)
        if upper >= last
    ]
    near = bool(more) and floor - more[-1][1] < CLOSE * em
    for number, (upper, lower) in enumerate(more):
        if upper - reach > APART * em or (near and upper - reach > CLOSE * em and len(more) - number <= FEW):
            break
        reach = max(reach, lower)
    return reach


def _rows(top: Floats, bottom: Floats, em: float) -> int:
    """How many lines stand below each other; a table or a figure counts as many as it is high."""
    order = np.argsort(top, kind="stable")
    middles = ((top + bottom) / 2)[order]
    heights = (bottom - top)[order]
    tall = heights > 3 * em
    return 1 + int((np.diff(middles) > 0.5 * heights[1:]).sum() + (heights[tall] // (1.5 * em)).sum())


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
    return len(text) <= 8 and any(c.isdigit() for c in text) and not any(c.isalpha() for c in text[1:])
