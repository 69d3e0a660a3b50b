"""Which glyphs of a page stand on one line, by their boxes alone.

Each follows the one before it, in one direction, at the same height, without a wide gap. Where in doubt a new line begins:
one box more does no harm, a box over foreign words does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

Quad = tuple[int, int, int, int]  # x0, top, x1, bottom, in any unit

MAX_GAP = 1.5  # times the height of the writing; a wider gap ends a line, so that no other column comes between
MIN_RATIO = 0.4  # of the heights of neighbours: a raised note marker passes, a drop cap is a line of its own
MAX_SPREAD = 1.6  # times the height of the writing: how much of its own height a slanted line may climb

_HERE, _RIGHT, _LEFT, _DOWN, _UP, _APART = range(6)


def find_lines(glyphs: Iterable[tuple[int, Quad]]) -> Iterator[int]:
    """The numbers of the glyphs with which lines begin; glyphs in reading order, each with its number."""
    line: _Line | None = None
    for number, quad in glyphs:
        if line is None or not line.takes(quad):
            line = _Line(quad)
            yield number


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
    wide, narrow = max(a[2] - a[0], b[2] - b[0]), min(a[2] - a[0], b[2] - b[0])
    tall, short = max(a[3] - a[1], b[3] - b[1]), min(a[3] - a[1], b[3] - b[1])
    aside, over = (
        max(a[0], b[0]) - min(a[2], b[2]),
        max(a[1], b[1]) - min(a[3], b[3]),
    )  # gaps; below 0 where they overlap
    same_column, same_row = -2 * aside >= narrow, -2 * over >= short
    if same_column and same_row:
        return _HERE  # an accent, the second letter of a ligature
    if same_row and short >= MIN_RATIO * tall and aside <= MAX_GAP * tall:
        return _RIGHT if b[0] + b[2] > a[0] + a[2] else _LEFT
    if same_column and narrow >= MIN_RATIO * wide and over <= MAX_GAP * wide:
        return _DOWN if b[1] + b[3] > a[1] + a[3] else _UP
    return _APART
