"""The way from `Document.text` back to the pages of a PDF: a box for every character.

Four packed arrays of the length of the text, 8 bytes a character, and the pages by runs. White space that the reader
put in has no box. What left the flow (a joined hyphen, a running head, a page number) is kept with its box and the
place in the text where it stood. Boxes are in points, the origin at the top left of the page as a person sees it.
"""

from __future__ import annotations

import math
import re
import struct
import sys
import zlib
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from dossier.errors import AlignmentError
from dossier.lines import Quad, find_lines, split_at_strangers

_MAGIC = b"BOX1"
_HEAD = struct.Struct("<4s6I")  # magic, bytes of the rest unpacked; characters, runs, drops; bytes of words and reasons
_CRC = struct.Struct("<I")
PER_POINT = 50  # steps of 0.02 points: a page of up to 1310 points (A3 has 1191) loses 0.01 at most
_NO_BOX = 0xFFFF  # as x0 and top of white space; its x1 and bottom are 0, so that min and max pass over it
_SPACE = re.compile(r"\s")
_UNSEEN = (_NO_BOX, _NO_BOX, 0, 0)
_HALF = 0x7FFF  # added to every number of a run that has negative ones
_MAX_SHIFT = 40  # doublings of the step; beyond 10^16 points there is no box
_LEVEL = 1  # of zlib: 3 to 4 of 8 bytes a character are left, for 0.2 us; level 6 leaves 5 % less for twice the time

_ARRAYS = (  # as they are packed
    "x0", "top", "x1", "bottom", "run_at", "run_page", "run_bias", "run_shift",
    "_drop_at", "_drop_page", "_drop_box", "_drop_why", "_word_at",
)  # fmt: skip
Numbers = Sequence[float] | npt.NDArray[np.float32]


class Dropped(NamedTuple):
    """What left the flow before the character `at`: its words, where they stand, and why."""

    at: int
    page: int
    box: tuple[float, float, float, float]
    text: str
    why: str


class BoxMap:
    """The boxes of the characters of a text, and what was dropped between them.

    `x0[i]`, `top[i]`, `x1[i]`, `bottom[i]`: character i in steps; `run_at[j]`: the character where run j begins, a stretch
    on one page with one step. `run_shift[j]`: how often the step is doubled; `run_bias[j]`: what was added to be positive.
    """

    __slots__ = (*_ARRAYS, "_lines", "_whys", "_words")

    def __init__(self) -> None:
        self.x0, self.top, self.x1, self.bottom = (array("H") for _ in range(4))
        self.run_at, self.run_page, self.run_bias, self.run_shift = array("I"), array("I"), array("H"), array("B")
        self._drop_at, self._drop_page, self._drop_box, self._drop_why = array("I"), array("I"), array("f"), array("H")
        self._word_at = array("I", [0])
        self._words = ""
        self._whys: tuple[str, ...] = ()
        self._lines: array[int] | None = None

    def __len__(self) -> int:
        return len(self.x0)

    @property
    def nbytes(self) -> int:
        """What the boxes of the characters take in memory."""
        return sum(a.itemsize * len(a) for a in (*self._boxes(), *self._runs()))

    def _boxes(self) -> tuple[array[int], ...]:
        return self.x0, self.top, self.x1, self.bottom

    def _runs(self) -> tuple[array[int], ...]:
        return self.run_at, self.run_page, self.run_bias, self.run_shift

    # ------------------------------------------------------------ text -> page

    def boxes(self, start: int, end: int) -> list[list[int | float]]:
        """`[page, x0, top, x1, bottom]` of each stretch of `text[start:end]` that stands on one line, in order.

        Rounded outwards to 0.1 points. White space alone has none.
        """
        return [[page, *_outwards(*quad)] for page, quad in self._stretches(start, end)]

    def _stretches(self, start: int, end: int) -> Iterator[tuple[int, Quad]]:
        lines = self._line_starts()
        inside = lines[bisect_right(lines, start) : bisect_left(lines, end)]
        for first, last in pairwise([start, *inside, end]):
            found = self._around(first, last)
            if found is not None:
                yield found

    def _around(self, start: int, end: int) -> tuple[int, Quad] | None:
        """Page and box, in steps of 1/PER_POINT, around characters of one line."""
        x0 = min(self.x0[start:end], default=_NO_BOX)
        if x0 == _NO_BOX:
            return None
        run = bisect_right(self.run_at, start) - 1  # what comes before the first glyph of a line has no box
        bias, shift = self.run_bias[run], self.run_shift[run]
        quad = (x0, min(self.top[start:end]), max(self.x1[start:end]), max(self.bottom[start:end]))
        left, upper, right, lower = ((each - bias) << shift for each in quad)
        return self.run_page[run], (left, upper, right, lower)

    def source(self, start: int, end: int) -> dict[str, Any]:
        """The `source` of the contract for `text[start:end]` of a PDF."""
        return {"boxes": self.boxes(start, end)}

    def anchor(self, start: int, end: int) -> tuple[int, ...]:
        """Where `text[start:end]` stands on the pages, to whole points: what an id hangs on.

        It does not change with the reading order, nor with a shift of the text. Page and middle of the first character,
        the same of the last; for white space alone its place in the text, under page 0, which no PDF has.
        """
        edges = self._middle(range(start, end)), self._middle(range(end - 1, start - 1, -1))
        return (0, start, end) if edges[0] is None or edges[1] is None else (*edges[0], *edges[1])

    def _middle(self, places: range) -> tuple[int, int, int] | None:
        """Page and middle, in points, of the first of these characters that has a box."""
        found = next((found for at in places if (found := self._around(at, at + 1))), None)
        if found is None:
            return None
        page, (x0, top, x1, bottom) = found
        return page, (x0 + x1 + PER_POINT) // (2 * PER_POINT), (top + bottom + PER_POINT) // (2 * PER_POINT)

    def fits(self, text: str) -> bool:
        """Whether there is a place in the map for every character of `text`, and no more."""
        return len(self) == len(text)

    # ------------------------------------------------------------ page -> text

    def on_page(self, page: int) -> list[tuple[int, int]]:
        """The stretches of the text that stand on a page, in reading order."""
        found: list[tuple[int, int]] = []
        for (start, end), number in zip(pairwise([*self.run_at, len(self)]), self.run_page, strict=True):
            if number != page:
                continue
            if found and found[-1][1] == start:
                start = found.pop()[0]
            found.append((start, end))
        return found

    def at(self, page: int, x: float, y: float, *, reach: float = 0.0) -> int | None:
        """The character under a point of a page, or the nearest within `reach` points; None where there is none."""
        lines = self._line_starts()
        best, nearest = None, reach * PER_POINT
        px, py = x * PER_POINT, y * PER_POINT
        for start, end in self.on_page(page):
            marks = [start, *lines[bisect_right(lines, start) : bisect_right(lines, end - 1)], end]
            for first, last in pairwise(marks):
                line = self._around(first, last)
                if line is None or _distance(line[1], px, py) > nearest:
                    continue
                for at in range(first, last):
                    one = self._around(at, at + 1)
                    distance = _distance(one[1], px, py) if one else math.inf
                    if distance < nearest or (best is None and distance == nearest):
                        best, nearest = at, distance
        return best

    def dropped(self) -> Iterator[Dropped]:
        """What left the flow, in the order in which it was left out."""
        for i, at in enumerate(self._drop_at):
            x0, top, x1, bottom = self._drop_box[4 * i : 4 * i + 4]
            words = self._words[self._word_at[i] : self._word_at[i + 1]]
            yield Dropped(at, self._drop_page[i], (x0, top, x1, bottom), words, self._whys[self._drop_why[i]])

    def _line_starts(self) -> array[int]:
        """The characters with which lines begin, found once, when first asked for."""
        if self._lines is None:
            self._lines = array("I")
            for start, end in pairwise([*self.run_at, len(self)]):
                quads = zip(*(numbers[start:end] for numbers in self._boxes()), strict=True)
                self._lines.extend(find_lines(each for each in enumerate(quads, start) if each[1][0] != _NO_BOX))
            self._lines = array("I", sorted({*self._lines, *self._more_starts(np.array(self._lines))}))
        return self._lines

    def _more_starts(self, lines: npt.NDArray[np.int64]) -> Iterator[int]:
        """The characters before which a line must end, so that its box keeps off words that are read elsewhere."""
        runs = np.array(self._runs(), np.int64)
        at = np.flatnonzero(np.frombuffer(self.x0, np.uint16) != _NO_BOX)
        run = np.searchsorted(runs[0], at, "right") - 1
        steps = np.array([np.frombuffer(numbers, np.uint16)[at] for numbers in self._boxes()], np.float64)
        steps = (steps - runs[2][run]) * 2.0 ** runs[3][run]
        dropped = np.array(self._drop_box).reshape(-1, 4).T * PER_POINT
        for page in dict.fromkeys(self.run_page):
            here = runs[1][run] == page
            left = dropped[:, np.array(self._drop_page) == page]
            number = np.concatenate((np.searchsorted(lines, at[here], "right"), np.full(left.shape[1], -1)))
            starts = split_at_strangers(np.concatenate((steps[:, here], left), 1), number)
            yield from at[here][list(starts)].tolist()

    # ------------------------------------------------------------ packed

    def to_bytes(self) -> bytes:
        words, whys = self._words.encode("utf-8", "surrogatepass"), "\0".join(self._whys).encode()
        body = b"".join(_little(numbers).tobytes() for numbers in self._arrays()) + words + whys
        head = _HEAD.pack(_MAGIC, len(body), len(self), len(self.run_at), len(self._drop_at), len(words), len(whys))
        packed = zlib.compress(body, _LEVEL)
        return head + _CRC.pack(zlib.crc32(packed, zlib.crc32(head))) + packed

    @classmethod
    def from_bytes(cls, data: bytes) -> BoxMap:
        """Raises AlignmentError for what `to_bytes` did not write."""
        if len(data) < _HEAD.size + _CRC.size or data[:4] != _MAGIC:
            raise AlignmentError(f"a box map of {len(data)} bytes does not begin with {_MAGIC!r}; run: dossier doctor")
        head, packed = data[: _HEAD.size], data[_HEAD.size + _CRC.size :]
        if _CRC.unpack_from(data, _HEAD.size)[0] != zlib.crc32(packed, zlib.crc32(head)):
            raise AlignmentError(f"a box map of {len(data)} bytes is not what was written; run: dossier doctor")
        _, length, characters, runs, drops, words, whys = _HEAD.unpack(head)
        made = cls()
        counts = [characters] * 4 + [runs] * 4 + [drops, drops, 4 * drops, drops, drops + 1]
        sizes = [numbers.itemsize * count for numbers, count in zip(made._arrays(), counts, strict=True)]
        try:
            body = zlib.decompressobj().decompress(packed, length + 1)
        except zlib.error as error:
            raise AlignmentError(f"a box map of {len(data)} bytes does not unpack; run: dossier doctor") from error
        if not len(body) == length == sum(sizes) + words + whys:
            raise AlignmentError(f"a box map of {characters} characters is {len(body)} bytes long; run: dossier doctor")
        ends = list(accumulate(sizes))
        for name, numbers, size, stop in zip(_ARRAYS, made._arrays(), sizes, ends, strict=True):
            setattr(
                made, name, _little(array(numbers.typecode, body[stop - size : stop]))[:]
            )  # the copy has no spare room
        made._words = body[ends[-1] : ends[-1] + words].decode("utf-8", "surrogatepass")
        made._whys = tuple(body[ends[-1] + words :].decode().split("\0")) if whys else ()
        return made

    def _arrays(self) -> tuple[array[Any], ...]:
        return tuple(getattr(self, name) for name in _ARRAYS)


def _outwards(*steps: int) -> list[float]:
    """x0, top, x1, bottom in points, to 0.1, around what they were."""
    tenth = PER_POINT // 10
    x0, top, x1, bottom = steps
    return [x0 // tenth / 10, top // tenth / 10, -(-x1 // tenth) / 10, -(-bottom // tenth) / 10]


def _distance(quad: Quad, x: float, y: float) -> float:
    return math.hypot(max(quad[0] - x, 0, x - quad[2]), max(quad[1] - y, 0, y - quad[3]))


def _little(numbers: array[Any]) -> array[Any]:
    """The same numbers with the bytes in the order of the file, or back."""
    if sys.byteorder == "big":
        numbers = numbers[:]
        numbers.byteswap()
    return numbers


class BoxBuilder:
    """Makes a text and its box map, in reading order.

    `add` takes characters with their boxes, a word, a line or more of one page; `add_space` white space that no glyph
    stands for; `drop` what does not belong in the flow, at the place where it stood.
    """

    def __init__(self) -> None:
        self.length = 0  # of the text
        self._pieces: list[str] = []
        self._edges = tuple(array("f") for _ in range(4))  # x0, top, x1, bottom in points; packed when all is there
        self._map = BoxMap()
        self._dropped: list[str] = []
        self._whys: dict[str, int] = {}

    def add(self, text: str, page: int, x0s: Numbers, tops: Numbers, x1s: Numbers, bottoms: Numbers) -> None:
        """Append characters. x0s, tops, x1s, bottoms: points, one number for each character of `text`.

        White space has no box, whatever is given: it may be wide, and other words stand in it. So has a character whose box
        is not finite. Raises AlignmentError where the lengths differ.
        """
        count = len(text)
        if page < 1 or not count == len(x0s) == len(tops) == len(x1s) == len(bottoms):
            sizes = ", ".join(str(len(edge)) for edge in (x0s, tops, x1s, bottoms))
            raise AlignmentError(f"page {page}: {text[:60]!r} has {count} characters, its boxes are {sizes}")
        if not count:
            return
        if not self._map.run_page or self._map.run_page[-1] != page:
            self._map.run_at.append(self.length)
            self._map.run_page.append(page)
        for numbers, edge in zip(self._edges, (x0s, tops, x1s, bottoms), strict=True):
            if isinstance(edge, list):
                numbers.fromlist(edge)
            else:
                numbers.frombytes(np.asarray(edge, np.float32).tobytes())
        self._append(text)

    def add_space(self, space: str) -> None:
        """Append white space without a box: between words, lines, blocks."""
        if space.strip():
            raise AlignmentError(f"{space[:60]!r} is no white space; add it with its boxes")
        for numbers in self._edges:
            numbers.extend([0.0] * len(space))
        self._append(space)

    def drop(self, text: str, page: int, box: Sequence[float], why: str) -> None:
        """Keep what left the flow here. box: x0, top, x1, bottom in points; why: a short word, as `hyphen`."""
        if page < 1 or len(box) != 4:
            raise AlignmentError(
                f"page {page}: {text[:60]!r} is dropped with the box {list(box)}; it takes four numbers"
            )
        kept = self._map
        kept._drop_at.append(self.length)
        kept._drop_page.append(page)
        kept._drop_box.extend(box)
        kept._drop_why.append(self._whys.setdefault(why.replace("\0", ""), len(self._whys)))
        kept._word_at.append(kept._word_at[-1] + len(text))
        self._dropped.append(text)

    def finish(self) -> tuple[str, BoxMap]:
        made, text = self._map, "".join(self._pieces)
        spaces = [match.start() for match in _SPACE.finditer(text)]
        for numbers in self._edges:
            np.frombuffer(numbers, np.float32)[spaces] = math.nan
        for start, end in pairwise([0, *made.run_at[1:], self.length] if self.length else ()):
            columns, bias, shift = _pack([numbers[start:end] for numbers in self._edges])
            for packed, column in zip(made._boxes(), columns, strict=True):
                packed.extend(column)
            made.run_bias.append(bias)
            made.run_shift.append(shift)
        del made.run_bias[len(made.run_at) :], made.run_shift[len(made.run_at) :]  # a text of white space has no run
        made._words, made._whys = "".join(self._dropped), tuple(self._whys)
        return text, made

    def _append(self, text: str) -> None:
        self._pieces.append(text)
        self.length += len(text)


def _pack(edges: Sequence[array[float]]) -> tuple[list[array[int]], int, int]:
    """The columns of a run in steps, its bias and its shift. A box that is not finite, or too far out, is left out."""
    steps = np.array(edges, np.float64) * PER_POINT
    there = (np.abs(steps) < (_HALF - 1) << _MAX_SHIFT).all(0)  # False for what is not finite, too
    low, high = steps[:, there].min(initial=0), steps[:, there].max(initial=0)
    bias = _HALF if low < 0 else 0
    shift = 0
    while max(high, -low) / (1 << shift) > _NO_BOX - 1 - bias:
        shift += 1
    packed = np.rint(np.where(there, steps / (1 << shift), 0)).astype(np.int64) + bias
    packed = np.concatenate((np.minimum(packed[:2], packed[2:]), np.maximum(packed[:2], packed[2:])))
    packed[:, ~there] = np.array(_UNSEEN)[:, None]
    return [array("H", column.astype(np.uint16).tobytes()) for column in packed], bias, shift
