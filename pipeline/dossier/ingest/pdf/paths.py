"""Rules and boxes out of the paths of a page. Curves and slanted lines belong to figures, and nobody asks for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dossier.ingest.pdf.graphics import State, bounds
from dossier.ingest.pdf.page import Box, Page, Shape

MAX_SHAPES = 20_000  # of a page; a map has more, and none of them tells how to read
MAX_POINTS = 64  # of one outline
STRAIGHT = 0.5  # points by which a rule or the side of a box may be off
WHITE = 0.99

Operator = Callable[[list[Any]], None]


class PathPainter:
    """The path, colour and line operators. Puts `Shape`s on the page, clipped to it.

    painted: how often something was painted, whatever it was.
    """

    def __init__(self, page: Page, state: State, space_of: Callable[[str], str]) -> None:
        self.page, self.state = page, state
        self.painted = 0
        self._space_of = space_of
        self._outlines: list[_Outline] = []
        self._outline = _Outline()

    def operators(self) -> dict[bytes, Operator]:
        return {
            b"m": self._begin, b"l": self._line, b"c": self._curve, b"v": self._curve, b"y": self._curve, b"h": self._close,
            b"re": self._rectangle, b"n": self._drop,
            b"f": self._fill, b"F": self._fill, b"f*": self._fill,
            b"S": self._stroke, b"s": self._close_stroke,
            b"B": self._both, b"B*": self._both, b"b": self._close_both, b"b*": self._close_both,
            b"g": self._set_fill, b"rg": self._set_fill, b"k": self._set_fill, b"sc": self._set_fill_in_space,
            b"scn": self._set_fill_in_space, b"cs": self._set_fill_space,
            b"G": self._set_stroke, b"RG": self._set_stroke, b"K": self._set_stroke, b"SC": self._set_stroke_in_space,
            b"SCN": self._set_stroke_in_space, b"CS": self._set_stroke_space,
            b"w": self._set_width, b"sh": self._shade,
        }  # fmt: skip

    def draw_image(self) -> None:
        """An image fills the unit square."""
        self.painted += 1
        box = self._clip(bounds(self.state.ctm, 0.0, 0.0, 1.0, 1.0))
        if box is not None and len(self.page.images) < MAX_SHAPES:
            self.page.images.append(box)

    # ------------------------------------------------------------ building

    def _begin(self, operands: list[Any]) -> None:
        x, y = operands[-2:]
        self._outline = _Outline([x + 0.0, y + 0.0])
        self._outlines.append(self._outline)

    def _line(self, operands: list[Any]) -> None:
        if len(self._outline.points) < 2 * MAX_POINTS:
            self._outline.points += operands[-2:]

    def _curve(self, operands: list[Any]) -> None:
        self._line(operands)
        self._outline.curves += 1

    def _close(self, operands: list[Any]) -> None:
        self._outline.points += self._outline.points[:2]

    def _rectangle(self, operands: list[Any]) -> None:
        x, y, width, height = operands[-4:]
        self._outline = _Outline([x, y, x + width, y, x + width, y + height, x, y + height, x, y])
        self._outlines.append(self._outline)

    def _drop(self, operands: list[Any]) -> None:
        self._outlines = []
        self._outline = _Outline()

    # ------------------------------------------------------------ painting

    def _fill(self, operands: list[Any]) -> None:
        self._paint(self.state.fill, False)

    def _stroke(self, operands: list[Any]) -> None:
        self._paint(False, self.state.stroke)

    def _both(self, operands: list[Any]) -> None:
        self._paint(self.state.fill, self.state.stroke)

    def _close_stroke(self, operands: list[Any]) -> None:
        self._close(operands)
        self._stroke(operands)

    def _close_both(self, operands: list[Any]) -> None:
        self._close(operands)
        self._both(operands)

    def _shade(self, operands: list[Any]) -> None:
        self.painted += 1

    def _paint(self, filled: bool, stroked: bool) -> None:
        outlines = self._outlines
        self._drop([])
        if not (filled or stroked):
            return
        self.painted += 1
        for outline in outlines:
            if len(self.page.shapes) >= MAX_SHAPES:
                return
            points = outline.points
            if 4 <= len(points) < 2 * MAX_POINTS:
                self._paint_outline(outline, filled, stroked)

    def _paint_outline(self, outline: _Outline, filled: bool, stroked: bool) -> None:
        a, b, c, d, e, f = self.state.ctm
        points = outline.points
        xs = [a * x + c * y + e for x, y in zip(points[::2], points[1::2], strict=True)]
        ys = [b * x + d * y + f for x, y in zip(points[::2], points[1::2], strict=True)]
        if max(max(xs) - min(xs), max(ys) - min(ys)) < 1.0:  # a dot
            return
        if _is_box(xs, ys, outline.curves, filled):
            self._put((min(xs), min(ys), max(xs), max(ys)), filled, stroked)
        elif stroked and not outline.curves:
            half = self.state.line_width * abs(a * d - b * c) ** 0.5 / 2
            for i in range(len(xs) - 1):
                self._put_rule(xs[i], ys[i], xs[i + 1], ys[i + 1], half)

    def _put_rule(self, x0: float, y0: float, x1: float, y1: float, half: float) -> None:
        """A straight stroke of the pen, as thick as the pen."""
        across, down = abs(x1 - x0), abs(y1 - y0)
        if down <= STRAIGHT < across:
            y0, y1 = min(y0, y1) - half, max(y0, y1) + half
        elif across <= STRAIGHT < down:
            x0, x1 = min(x0, x1) - half, max(x0, x1) + half
        else:
            return
        self._put((min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)), False, True)

    def _put(self, box: tuple[float, float, float, float], filled: bool, stroked: bool) -> None:
        clipped = self._clip(box)
        if clipped is not None:
            self.page.shapes.append(Shape(clipped, filled, stroked))

    def _clip(self, box: tuple[float, float, float, float]) -> Box | None:
        x0, top, x1, bottom = box
        width, height = self.page.width, self.page.height
        if not (x1 >= 0 and bottom >= 0 and x0 <= width and top <= height):
            return None
        return Box(max(0.0, x0), max(0.0, top), min(width, x1), min(height, bottom))

    # ------------------------------------------------------------ colours

    def _set_fill(self, operands: list[Any]) -> None:
        self.state.fill_space = "additive"
        self.state.fill = _shows(operands, "additive")

    def _set_fill_in_space(self, operands: list[Any]) -> None:
        self.state.fill = _shows(operands, self.state.fill_space)

    def _set_fill_space(self, operands: list[Any]) -> None:
        self.state.fill_space, self.state.fill = self._space_of(operands[-1]), True

    def _set_stroke(self, operands: list[Any]) -> None:
        self.state.stroke_space = "additive"
        self.state.stroke = _shows(operands, "additive")

    def _set_stroke_in_space(self, operands: list[Any]) -> None:
        self.state.stroke = _shows(operands, self.state.stroke_space)

    def _set_stroke_space(self, operands: list[Any]) -> None:
        self.state.stroke_space, self.state.stroke = self._space_of(operands[-1]), True

    def _set_width(self, operands: list[Any]) -> None:
        self.state.line_width = abs(operands[-1])


class _Outline:
    """A line of points, x and y in turn; `curves` of its parts are curves, of which only the end is kept."""

    __slots__ = ("curves", "points")

    def __init__(self, points: list[float] | None = None) -> None:
        self.points: list[float] = points or []
        self.curves = 0


def _shows(colour: list[Any], space: str) -> bool:
    """Whether a colour is another than white. `space`: additive (grey, RGB; CMYK by its four parts), ink, or unknown."""
    if space == "unknown" or not colour or not all(isinstance(part, float) for part in colour):
        return True
    if space == "ink" or len(colour) == 4:
        return any(part > 1 - WHITE for part in colour)
    return not all(part >= WHITE for part in colour)


def _is_box(xs: list[float], ys: list[float], curves: int, filled: bool) -> bool:
    """Whether an outline is a rectangle, upright and closed (as filling closes it); its corners may be rounded."""
    x0, x1, y0, y1 = min(xs), max(xs), min(ys), max(ys)
    closed = abs(xs[0] - xs[-1]) <= STRAIGHT and abs(ys[0] - ys[-1]) <= STRAIGHT
    if curves:
        straight = len(xs) - 1 - curves
        sides = all(min(x - x0, x1 - x, y - y0, y1 - y) <= STRAIGHT for x, y in zip(xs, ys, strict=True))
        return closed and curves in (4, 8) and 2 <= straight <= 5 and sides
    return (
        (closed or (filled and len(xs) == 4))
        and 4 <= len(xs) <= 6
        and all(
            min(x - x0, x1 - x) <= STRAIGHT and min(y - y0, y1 - y) <= STRAIGHT for x, y in zip(xs, ys, strict=True)
        )
        and all(abs(xs[i] - xs[i + 1]) <= STRAIGHT or abs(ys[i] - ys[i + 1]) <= STRAIGHT for i in range(len(xs) - 1))
    )
