"""The way from `Document.text` back to the paragraphs of a package of parts, as a DOCX is.

All paragraphs, in the order of the text and joined by line breaks, are a source that the text is an edit of (`offsets.py`). The
map adds to these edits which paragraph of which part stands where in that source. What left the flow (running heads, tables of
contents, soft hyphens) is kept among the edits.
"""

from __future__ import annotations

import struct
from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from dossier.errors import AlignmentError
from dossier.offsets import OffsetMap

_MAGIC = b"PAR1"
_HEAD = struct.Struct("<4s3I")  # magic, paragraphs, bytes of the names of parts, length of the source


class Stretch(NamedTuple):
    """Characters `start` to `end` of a paragraph; paragraphs of a part are counted from 1."""

    part: str
    paragraph: int
    start: int
    end: int


class LeftOut(NamedTuple):
    """What left the flow before the character `at` of the text."""

    at: int
    where: Stretch
    text: str


class ParagraphMap:
    """`parts`: the names of the parts; `part_of[i]`, `numbers[i]`, `starts[i]`: part and number of the i-th paragraph of the
    source, and where it begins there; `length`: of the source."""

    __slots__ = ("length", "numbers", "offsets", "part_of", "parts", "starts")

    def __init__(
        self, offsets: OffsetMap, parts: Sequence[str], part_of: Sequence[int], numbers: Sequence[int],
        starts: Sequence[int], length: int,
    ) -> None:  # fmt: skip
        self.offsets, self.parts, self.length = offsets, tuple(parts), length
        self.part_of, self.numbers, self.starts = array("I", part_of), array("I", numbers), array("I", starts)

    # ------------------------------------------------------------ text -> paragraphs

    def stretches(self, start: int, end: int) -> list[Stretch]:
        """What `text[start:end]` was made from, in order; each lies in one paragraph."""
        found = [self._stretch(*piece) for s, e in self.offsets.parts(start, end) for piece in self._cut(s, e)]
        return found or [self._at(self.offsets.start_in_source(start))]

    def _cut(self, start: int, end: int) -> Iterator[tuple[int, int, int]]:
        """A stretch of the source at the ends of its paragraphs, which lie one character apart: paragraph, start, end."""
        i = bisect_right(self.starts, start) - 1
        while i < len(self.starts) and start < end:
            after = self.starts[i + 1] if i + 1 < len(self.starts) else self.length + 1
            if start < min(end, after - 1):
                yield i, start, min(end, after - 1)
            start, i = after, i + 1

    def _at(self, place: int) -> Stretch:
        return self._stretch(max(0, bisect_right(self.starts, place) - 1), place, place)

    def _stretch(self, i: int, start: int, end: int) -> Stretch:
        return Stretch(self.parts[self.part_of[i]], self.numbers[i], start - self.starts[i], end - self.starts[i])

    def source(self, start: int, end: int) -> dict[str, Any]:
        """The `source` of the contract: the first stretch, and under `more` the others, where there are any."""
        first, *others = (stretch._asdict() for stretch in self.stretches(start, end))
        return {**first, "more": others} if others else first

    def anchor(self, start: int, end: int) -> tuple[object, ...]:
        """Where `text[start:end]` stands in the file: what an id hangs on."""
        found = self.stretches(start, end)
        first, last = found[0], found[-1]
        return (first.part, first.paragraph, first.start, last.part, last.paragraph, last.end)

    def fits(self, text: str) -> bool:
        """Whether every edit lies in `text`."""
        return self.offsets.fits(text)

    # ------------------------------------------------------------ paragraphs -> text

    def left_out(self) -> Iterator[LeftOut]:
        """What is in the paragraphs and not in the text, white space aside."""
        for edit in range(len(self.offsets)):
            words = self.offsets.removed_by(edit)
            if self.offsets.is_soft(edit) or not words.strip():
                continue
            begin = self.offsets.source_at[edit]
            for i, start, end in self._cut(begin, begin + len(words)):
                if words[start - begin : end - begin].strip():
                    at = self.offsets.text_at[edit]
                    yield LeftOut(at, self._stretch(i, start, end), words[start - begin : end - begin])

    # ------------------------------------------------------------ packed

    def to_bytes(self) -> bytes:
        names = "\0".join(self.parts).encode()
        arrays = b"".join(struct.pack(f"<{len(a)}I", *a) for a in (self.part_of, self.numbers, self.starts))
        head = _HEAD.pack(_MAGIC, len(self.starts), len(names), self.length)
        return head + arrays + names + self.offsets.to_bytes()

    @classmethod
    def from_bytes(cls, data: bytes) -> ParagraphMap:
        """Raises AlignmentError for what `to_bytes` did not write."""
        if len(data) < _HEAD.size or data[:4] != _MAGIC:
            raise AlignmentError(
                f"a map of paragraphs of {len(data)} bytes does not begin with {_MAGIC!r}; run: dossier doctor"
            )
        _, count, names, length = _HEAD.unpack_from(data)
        at = _HEAD.size + 12 * count
        if len(data) < at + names:
            raise AlignmentError(f"a map of {count} paragraphs is {len(data)} bytes long; run: dossier doctor")
        part_of, numbers, starts = (
            struct.unpack_from(f"<{count}I", data, _HEAD.size + 4 * count * i) for i in range(3)
        )
        offsets = OffsetMap.from_bytes(data[at + names :])
        try:
            parts = data[at : at + names].decode().split("\0")
        except UnicodeDecodeError as error:
            raise AlignmentError(f"a map of {count} paragraphs is not what was written; run: dossier doctor") from error
        if any(each >= len(parts) for each in part_of) or any(a >= b for a, b in pairwise(starts)):
            raise AlignmentError(f"a map of {count} paragraphs is not what was written; run: dossier doctor")
        return cls(offsets, parts, part_of, numbers, starts, length)
