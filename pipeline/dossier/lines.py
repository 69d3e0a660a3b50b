"""Which glyphs of a page stand on one line, by their boxes alone.

Each follows the one before it, in one direction, at the same height, without a wide gap and without a glyph between them
that is read elsewhere. Where in doubt a new line begins: one box more does no harm, a box over foreign words does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

import numpy as np
import numpy.typing as npt

Quad = tuple[int, int, int, int]  # x0, top, x1, bottom, in any unit

MAX_GAP = 1.5  # times the height of the writing; a wider gap ends a line, so that no other column comes between
MIN_RATIO = (
    0.52  # of the heights of neighbours: a raised note marker has .6, letters beside a drop cap of two lines .46
)
MAX_OFF = 0.35  # times the larger height between the middles of neighbours; raised note markers have .2 to .33
MAX_SPREAD = 1.6  # times the height of the writing: how much of its own height a slanted line may climb
MAX_LOOKS = 2_000_000  # at glyphs for one page; a page of a newspaper takes 100,000. What is beyond is not looked at

_HERE, _RIGHT, _LEFT, _DOWN, _UP, _APART = range(6)


def find_lines(glyphs: Iterable[tuple[int, Quad]]) -> Iterator[int]:
    """The numbers of the glyphs with which lines begin; glyphs in reading order, each with its number."""
    line: _Line | None = None
    for number, quad in glyphs:
        if line is None or not line.takes(quad):
            line = _Line(quad)
            yield number


def split_at_strangers(quads: npt.NDArray[np.float64], line: npt.NDArray[np.int64]) -> Iterator[int]:
    """The glyphs of one page that must begin a line, for the box of their line lies over glyphs of another one.

    quads: x0, top, x1 and bottom of every glyph, four rows; line: the number of its line, ascending where it is read; below 0
    for what is on the page and not read.
    """
    x, y = (quads[0] + quads[2]) / 2, (quads[1] + quads[3]) / 2
    by_height = np.argsort(y, kind="stable")
    heights = y[by_height]
    starts = np.flatnonzero(np.diff(line, prepend=-1) > 0)
    looks = 0
    for start, end in pairwise([*starts.tolist(), int((line >= 0).sum())]):
        left, top = quads[:2, start:end].min(1)
        right, bottom = quads[2:, start:end].max(1)
        near = by_height[np.searchsorted(heights, top) : np.searchsorted(heights, bottom, "right")]
        looks += len(near)
        if looks > MAX_LOOKS:
            return
        inside = near[(x[near] >= left) & (x[near] <= right) & ((near < start) | (near >= end))]
        if len(inside):  # one that is printed over a glyph of the line stays in its box, however the line is cut
            x0, tops, x1, bottoms = quads[:, start:end, None]
            over = (x0 <= x[inside]) & (x[inside] <= x1) & (tops <= y[inside]) & (y[inside] <= bottoms)
            inside = inside[~over.any(0)]
        if len(inside):
            along = x if right - left >= bottom - top else y
            before = along[start:end, None] < along[inside]
            yield from (start + 1 + np.flatnonzero((before[1:] != before[:-1]).any(1))).tolist()


class _Line:
    """A line as it grows, glyph by glyph. `low` and `high` are across its direction, `size` the height of the writing."""

    __slots__ = ("going", "high", "last", "low", "size")

    def __init__(self, quad: Quad) -> None:
        self.last, self.going = quad, _HERE
        self.low, self.high = quad[1], quad[3]
        self.size = quad[3] - quad[1]

    def takes(self, quad: Quad) -> bool:
        """Whether a glyph goes on in this line, which then has it."""
        last, size = self.last, self.size
        if self.going == _RIGHT and quad[1] == last[1] and quad[3] == last[3] and last[0] < quad[0] <= last[2] + size:
            self.last = quad  # nearly every glyph: the next one of a word, or of the next word
            return True
        step = _step(last, quad)
        if step == _APART or (step != _HERE and self.going not in (_HERE, step)):
            return False
        low, high = self.low, self.high
        if self.going == _HERE and step in (_DOWN, _UP):  # the second glyph says which way the line runs
            low, high = last[0], last[2]
            size = high - low
        upright = (step or self.going) <= _LEFT
        near, far = (quad[1], quad[3]) if upright else (quad[0], quad[2])
        low, high, size = min(low, near), max(high, far), max(size, far - near)
        if high - low > MAX_SPREAD * size:
            return False
        self.low, self.high, self.size = low, high, size
        if step != _HERE:
            self.last, self.going = quad, step
        return True


def _step(a: Quad, b: Quad) -> int:
    """Where glyph b stands from glyph a, if they may stand on one line."""
    aside, over = (
        max(a[0], b[0]) - min(a[2], b[2]),
        max(a[1], b[1]) - min(a[3], b[3]),
    )  # gaps; below 0 where they overlap
    wide, tall = max(a[2] - a[0], b[2] - b[0]), max(a[3] - a[1], b[3] - b[1])
    if -2 * aside >= min(a[2] - a[0], b[2] - b[0]) and -2 * over >= min(a[3] - a[1], b[3] - b[1]):
        return _HERE  # an accent, the second letter of a ligature
    if aside <= MAX_GAP * tall and _level(a[1], a[3], b[1], b[3]):
        return _RIGHT if b[0] + b[2] > a[0] + a[2] else _LEFT
    if over <= MAX_GAP * wide and _level(a[0], a[2], b[0], b[2]):
        return _DOWN if b[1] + b[3] > a[1] + a[3] else _UP
    return _APART


def _level(low: int, high: int, other_low: int, other_high: int) -> bool:
    """Whether two glyphs lie side by side, by their edges across the line."""
    small, large = sorted((high - low, other_high - other_low))
    if small < MIN_RATIO * large or 2 * (min(high, other_high) - max(low, other_low)) < small:
        return False
    return abs(low + high - other_low - other_high) <= 2 * MAX_OFF * large
