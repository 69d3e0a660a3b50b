"""The visible glyphs of a page as arrays, in the frame in which most of its writing reads from left to right."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from dossier.ingest.pdf.page import Box, Page

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

COPY = 0.4  # of a glyph's width: the same glyph nearer than this is printed twice to look bold
COPY_RISE = 0.25  # em, the same up and down
CELL = 1.5  # points, of the coarse look for copies
REACH = 20_000.0  # points; what stands farther out is no place on any page


@dataclass(frozen=True, slots=True)
class Frame:
    """How a page is turned so that its writing reads from left to right. `turn` as in `Page.turn`."""

    turn: int
    width: float  # of the page as it is
    height: float

    @property
    def size(self) -> tuple[float, float]:
        return (self.height, self.width) if self.turn % 2 else (self.width, self.height)

    def boxes(self, x0: Floats, top: Floats, x1: Floats, bottom: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        """Boxes on the page -> boxes in the frame."""
        w, h = np.float32(self.width), np.float32(self.height)
        if self.turn == 1:
            return top, w - x1, bottom, w - x0
        if self.turn == 2:
            return w - x1, h - bottom, w - x0, h - top
        if self.turn == 3:
            return h - bottom, x0, h - top, x1
        return x0, top, x1, bottom

    def box(self, box: Box) -> Box:
        if not self.turn:
            return box
        return Box(*(float(a[0]) for a in self.boxes(*(np.array([v], np.float32) for v in box))))

    def back(self) -> Frame:
        """The frame that undoes this one."""
        return Frame(-self.turn % 4, *self.size)


@dataclass(slots=True)
class Glyphs:
    """Glyphs of one turn, white space left out. Boxes are in the frame.

    `after_space[i]`: white space stands before glyph i in the file. `source`: its index in the arrays of the page.
    """

    frame: Frame
    text: list[str]
    code: npt.NDArray[np.uint32]
    x0: Floats
    top: Floats
    x1: Floats
    bottom: Floats
    size: Floats
    font: npt.NDArray[np.uint16]
    after_space: Bools
    source: Ints

    def __len__(self) -> int:
        return len(self.text)


def split_by_turn(page: Page) -> Iterator[Glyphs]:
    """The glyphs of a page by the way they are turned, the most frequent way first."""
    if not len(page):
        return
    arrays = [np.frombuffer(a, np.float32) for a in (page.x0, page.top, page.x1, page.bottom, page.size)]
    text, code = _codes(page.text)
    seen = ~_is_white(code)
    for a in arrays:
        seen &= np.abs(a) < REACH  # false for NaN too
    index = np.flatnonzero(seen)
    if not len(index):
        return
    index = index[~_copies([a[index] for a in arrays], code[index])]
    turns = np.frombuffer(page.turn, np.uint8)[index] & 3
    counts = np.bincount(turns, minlength=4)
    fonts = np.frombuffer(page.font, np.uint16)
    for turn in sorted(range(4), key=lambda turn: (-counts[turn], turn)):
        if not counts[turn]:
            return
        own = index if counts[turn] == len(index) else index[turns == turn]
        frame = Frame(turn, page.width, page.height)
        x0, top, x1, bottom = frame.boxes(*(a[own] for a in arrays[:4]))
        size = np.maximum(arrays[4][own], 0.4 * (bottom - top))
        gaps = np.empty(len(own), np.bool_)
        gaps[0] = False
        gaps[1:] = np.diff(own) > 1
        own_text = text if len(own) == len(text) else [text[i] for i in own.tolist()]
        yield Glyphs(frame, own_text, code[own], x0, top, x1, bottom, np.maximum(size, 0.5), fonts[own], gaps, own)


def _codes(text: list[str]) -> tuple[list[str], npt.NDArray[np.uint32]]:
    """The glyphs' text, ligatures and presentation forms taken apart, and the first code point of each."""
    joined = "".join(text)
    code = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
    if ((code >= 0xFB00) & (code <= 0xFEFC)).any():
        text = [_plain(t) for t in text]
        joined = "".join(text)
        code = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
    if len(code) == len(text):
        return text, code
    lengths = np.fromiter(map(len, text), np.int64, len(text))
    return text, code[np.cumsum(lengths) - lengths]


@lru_cache(maxsize=2048)
def _plain(text: str) -> str:
    """A Latin ligature or an Arabic or Hebrew presentation form as plain letters."""
    if all(c < "\ufb00" or c > "\ufefc" or "\ufe00" <= c <= "\ufe6f" for c in text):
        return text
    return unicodedata.normalize("NFKC", text).strip() or text


def _is_white(code: npt.NDArray[np.uint32]) -> Bools:
    white = (code <= 32) | (code == 0xA0) | (code == 0x3000)
    if (code > 126).any():
        white |= (code >= 0x7F) & (code < 0xA0)
        white |= ((code >= 0x2000) & (code <= 0x200B)) | (code == 0x2028) | (code == 0x2029)
        white |= (code == 0x202F) | (code == 0x205F) | (code == 0x1680) | (code == 0xFEFF)
    return np.asarray(white, np.bool_)


def _copies(arrays: Sequence[Floats], code: npt.NDArray[np.uint32]) -> Bools:
    """Which glyphs print another one of the page once more, a hair beside it (fake bold, shadows)."""
    x0, top, x1, _, size = arrays
    copy = np.zeros(len(x0), np.bool_)
    cell = (np.rint(x0 / CELL).astype(np.int64) * 40_009 + np.rint(top / CELL).astype(np.int64)) * 2_097_169 + code
    cell.sort()
    if not (cell[1:] == cell[:-1]).any():
        return copy
    near = np.maximum(COPY * (x1 - x0), 0.3)
    rise = np.maximum(COPY_RISE * size, 0.3)
    for shift in (0.0, 0.5):  # neighbours on both sides of the edge of a row are found in the second round
        row = np.floor(top / 8 + shift)
        order = np.lexsort((np.arange(len(x0)), x0, row, code))
        a, b = order[:-1], order[1:]
        same = (code[a] == code[b]) & (row[a] == row[b])
        same &= (x0[b] - x0[a] < near[a]) & (np.abs(top[a] - top[b]) < rise[a])
        copy[np.maximum(a, b)[same]] = True
    return copy
