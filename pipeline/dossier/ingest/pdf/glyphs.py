"""Puts the glyphs of shown strings on the page: a line at a time, no object for a glyph."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from dossier.ingest.pdf import tokens
from dossier.ingest.pdf.fonts import Font, readable
from dossier.ingest.pdf.graphics import IDENTITY, Matrix, State, bounds, multiply, quarter
from dossier.ingest.pdf.limits import Budget
from dossier.ingest.pdf.page import Page

SLANT = 0.05  # how far a line may climb on its length and still be level: pages off a scanner
MAX_SIZE = 10_000.0  # points of a letter
MAX_MARKED = 512  # marked stretches within each other
GONE = ""  # a glyph that another one speaks for; taken out when the page is done
SOFT_HYPHEN = "\u00ad"
_PRIVATE = re.compile("[\ue000-\uf8ff\ufffd]")

Operator = Callable[[list[Any]], None]
Sides = list[float]


class TextPainter:
    """The text operators. Invisible text (the words under a scan) is text like any other.

    outside: glyphs other than spaces that are not on the page, and were left out.
    """

    def __init__(self, page: Page, state: State, font_of: Callable[[str], Font], budget: Budget) -> None:
        self.page, self.state = page, state
        self.outside = 0
        self._font_of = font_of
        self._budget = budget
        self._line = IDENTITY
        self._x = self._y = 0.0  # along the line, in text space
        self._marked: list[tuple[str, int] | None] = []

    def operators(self) -> dict[bytes, Operator]:
        return {
            b"BT": self._begin, b"Tf": self._set_font, b"Td": self._move, b"TD": self._move_leading,
            b"Tm": self._set_matrix, b"T*": self._next_line, b"Tc": self._set_spacing, b"Tw": self._set_word_spacing,
            b"Tz": self._set_stretch, b"TL": self._set_leading, b"Ts": self._set_rise,
            b"Tj": self._show, b"TJ": self._show_array, b"'": self._show_next, b'"': self._show_spaced,
            b"BMC": self._begin_marked, b"BDC": self._begin_marked, b"EMC": self._end_marked,
        }  # fmt: skip

    # ------------------------------------------------------------ where the next glyph goes

    def _begin(self, operands: list[Any]) -> None:
        self._line = IDENTITY
        self._x = self._y = 0.0

    def _set_font(self, operands: list[Any]) -> None:
        name, size = operands[-2:]
        self.state.size = size + 0.0
        self.state.font = self._font_of(name)

    def _move(self, operands: list[Any]) -> None:
        x, y = operands[-2:]
        a, b, c, d, e, f = self._line
        self._line = (a, b, c, d, x * a + y * c + e, x * b + y * d + f)
        self._x = self._y = 0.0

    def _move_leading(self, operands: list[Any]) -> None:
        self.state.leading = -operands[-1]
        self._move(operands)

    def _set_matrix(self, operands: list[Any]) -> None:
        a, b, c, d, e, f = operands[-6:]
        self._line = (a + 0.0, b + 0.0, c + 0.0, d + 0.0, e + 0.0, f + 0.0)
        self._x = self._y = 0.0

    def _next_line(self, operands: list[Any]) -> None:
        self._move([0.0, -self.state.leading])

    def _set_spacing(self, operands: list[Any]) -> None:
        self.state.spacing = operands[-1] + 0.0

    def _set_word_spacing(self, operands: list[Any]) -> None:
        self.state.word_spacing = operands[-1] + 0.0

    def _set_stretch(self, operands: list[Any]) -> None:
        self.state.stretch = operands[-1] * 0.01

    def _set_leading(self, operands: list[Any]) -> None:
        self.state.leading = operands[-1] + 0.0

    def _set_rise(self, operands: list[Any]) -> None:
        self.state.rise = operands[-1] + 0.0

    # ------------------------------------------------------------ showing

    def _show(self, operands: list[Any]) -> None:
        self._show_all((operands[-1],))

    def _show_array(self, operands: list[Any]) -> None:
        self._show_all(tokens.items(operands[-1]))

    def _show_next(self, operands: list[Any]) -> None:
        self._next_line(operands)
        self._show_all((operands[-1],))

    def _show_spaced(self, operands: list[Any]) -> None:
        words, letters = operands[-3:-1]
        self.state.word_spacing, self.state.spacing = words + 0.0, letters + 0.0
        self._show_next(operands)

    def _show_all(self, shown: Iterable[Any]) -> None:
        font = self.state.font
        if font is None:
            raise ValueError("text before a font")
        if font.vertical:
            self._show_vertical(font, shown)
            return
        state = self.state
        stretch = state.stretch
        em = state.size * stretch
        per_unit = em * 0.001
        spacing = state.spacing * stretch
        word_spacing = 0.0 if font.multibyte else state.word_spacing * stretch
        codes, look_up, multibyte = font.codes, font.look_up, font.multibyte
        x = self._x
        texts: list[str] = []
        starts: Sides = []
        ends: Sides = []
        for item in shown:
            if item.__class__ is float:
                x -= item * per_unit
                continue
            for code in font.decode(item) if multibyte else item:
                text, width = codes.get(code) or look_up(code)
                texts.append(text)
                starts.append(x)
                x += width * em
                ends.append(x)
                x += spacing
                if word_spacing and code == 32:
                    x += word_spacing
        self._x = x
        if texts:
            self._budget.spend_glyphs(len(texts))
        if texts and em:
            self._place(font, texts, starts, ends)

    def _place(self, font: Font, texts: list[str], starts: Sides, ends: Sides) -> None:
        """Find the boxes of the glyphs of one line; `starts` and `ends` are along the line, in text space."""
        state = self.state
        matrix = a, b, c, d, e, f = multiply(self._line, state.ctm)
        low, high = font.descent * state.size + state.rise, font.ascent * state.size + state.rise
        count = len(texts)
        if abs(b) <= SLANT * abs(a):
            left, right = [e + a * x for x in starts], [e + a * x for x in ends]
            upper, lower = f + d * high, f + d * low
            if b:
                tops, bottoms = [upper + b * x for x in starts], [lower + b * x for x in starts]
            else:
                tops, bottoms = [upper] * count, [lower] * count
        elif abs(a) <= SLANT * abs(b):
            tops, bottoms = [f + b * x for x in starts], [f + b * x for x in ends]
            upper, lower = e + c * high, e + c * low
            left, right = [upper + a * x for x in starts], [lower + a * x for x in starts]
        else:
            boxes = [bounds(matrix, start, low, end, high) for start, end in zip(starts, ends, strict=True)]
            left, tops, right, bottoms = ([box[side] for box in boxes] for side in range(4))
        self._keep(font, texts, (left, tops, right, bottoms), (font.ascent - font.descent) * state.size, matrix)

    def _show_vertical(self, font: Font, shown: Iterable[Any]) -> None:
        """Writing from top to bottom. It is read like writing turned once (its lines follow to the left), so says `turn`."""
        state = self.state
        matrix = a, b, c, d, e, f = multiply(self._line, state.ctm)
        size, y = state.size, self._y
        wide = size * state.stretch
        texts: list[str] = []
        boxes: list[tuple[float, float, float, float]] = []
        for item in shown:
            if isinstance(item, float):
                y -= item * 0.001 * size
                continue
            for code in font.decode(item):
                text, height = font.codes.get(code) or font.look_up(code)
                left = self._x - font.hangs(code) * wide
                texts.append(text)
                boxes.append(bounds(matrix, left, y + height * size + state.rise, left + wide, y + state.rise))
                y += height * size + state.spacing
        self._y = y
        if texts:
            self._budget.spend_glyphs(len(texts))
            sides = tuple([box[side] for box in boxes] for side in range(4))
            self._keep(font, texts, sides, size, (-c, -d, a, b, e, f))

    def _keep(self, font: Font, texts: list[str], sides: tuple[Sides, ...], em: float, matrix: Matrix) -> None:
        """Put glyphs on the page; what lies outside is counted and left out. `sides` of a direction in either order."""
        page = self.page
        a, b, c, d, _, _ = matrix
        left, tops, right, bottoms = sides
        size = abs(em) * (c * c + d * d) ** 0.5
        if left[0] > right[0]:
            left, right = right, left
        if tops[0] > bottoms[0]:
            tops, bottoms = bottoms, tops
        if not 0 < size < MAX_SIZE:
            return
        if not (
            min(left) >= 0 and max(right) <= page.width and min(tops) >= 0 and max(bottoms) <= page.height
            and right[-1] + bottoms[-1] >= 0  # false where they are no numbers
        ):  # fmt: skip
            texts, left, tops, right, bottoms = self._cut(size, texts, left, tops, right, bottoms)
        count = len(texts)
        if not count:
            return
        turn = quarter(a, b)
        page.text += texts
        page.x0.fromlist(left)
        page.top.fromlist(tops)
        page.x1.fromlist(right)
        page.bottom.fromlist(bottoms)
        page.size.fromlist([size] * count)
        page.font.fromlist([font.index] * count)
        page.turn.fromlist([turn] * count)

    def _cut(self, size: float, texts: list[str], *sides: Sides) -> tuple[list[str], Sides, Sides, Sides, Sides]:
        """The glyphs whose middle is on the page, and those that their line runs on with over its edge, such as a long address.

        Such a line has no gap, and no glyph without Unicode: in broken streams, what is no text is strewn over the edges.
        """
        left, tops, right, bottoms = sides
        width, height = 2 * self.page.width, 2 * self.page.height
        may_run = not _PRIVATE.search("".join(texts))
        kept: list[int] = []
        for i, text in enumerate(texts):
            on_page = 0 <= left[i] + right[i] <= width and 0 <= tops[i] + bottoms[i] <= height
            runs_on = may_run and i > 0 and kept[-1:] == [i - 1]
            if on_page or (runs_on and max(abs(left[i] - right[i - 1]), abs(tops[i] - tops[i - 1])) <= 1.5 * size):
                kept.append(i)
            elif not text.isspace():
                self.outside += 1
        left, tops, right, bottoms = ([side[i] for i in kept] for side in sides)
        return [texts[i] for i in kept], left, tops, right, bottoms

    # ------------------------------------------------------------ what a stretch says it means

    def _begin_marked(self, operands: list[Any]) -> None:
        actual = None
        if "ActualText" in operands:
            actual = _decode(operands[operands.index("ActualText") + 1])
        if len(self._marked) < MAX_MARKED:
            self._marked.append(None if actual is None else (actual, len(self.page)))

    def _end_marked(self, operands: list[Any]) -> None:
        marked = self._marked.pop() if self._marked else None
        if marked is not None:
            self._take_meaning(*marked)

    def _take_meaning(self, actual: str, first: int) -> None:
        """Read glyphs as the page says they mean: a hyphen that is soft, and what has no Unicode of its own.

        Else the glyphs are believed: they are what people see, and have a box each.
        """
        shown = self.page.text[first:]
        if not shown:
            return
        unreadable = bool(_PRIVATE.search("".join(shown)))
        if actual == SOFT_HYPHEN and len(shown) == 1:
            self.page.text[first] = SOFT_HYPHEN
        elif unreadable and actual and not _PRIVATE.search(actual):
            each = list(actual) if len(actual) == len(shown) else [actual, *[GONE] * (len(shown) - 1)]
            self.page.text[first:] = [readable(text) if text else GONE for text in each]


def _decode(raw: bytes) -> str:
    """A text string: UTF-16 with its mark, UTF-8 with its mark, or Latin-1."""
    if raw.startswith(b"\xfe\xff"):
        return raw[2:].decode("utf-16-be", "replace")
    if raw.startswith(b"\xef\xbb\xbf"):
        return raw[3:].decode("utf-8", "replace")
    return raw.decode("latin-1")
