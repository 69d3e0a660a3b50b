"""The way from `Document.text` back to the source, and forth.

The text of a document is its source after a list of edits: a line break becomes a space, an indent goes, a header is
taken out. The edits are kept as packed arrays, with the words that they removed, so the source can be restored.

An edit that puts white space for white space is *soft*: a span that crosses it is still one stretch of the source. So is one
that puts a character for its spelling (`&amp;` in HTML). An edit that took something out, words or the break inside a word,
splits the stretch in two. So for any span, the parts of its source, joined, read the same words:
`"".join(source[s:e] for s, e in parts).split() == text[start:end].split()`.
Where characters are spelled, each part is to be decoded first; where white space was put between words that had none (between
two cells of an HTML table), white space is to be left out of the comparison.
"""

from __future__ import annotations

import struct
from array import array
from bisect import bisect_left, bisect_right
from typing import Any

from dossier.errors import AlignmentError

_HEAD = struct.Struct("<4sII")
_MAGIC = b"OFF1"


class OffsetMap:
    """Edits between a source and a text, both in code points.

    `text_at[i]`, `text_len[i]`: where edit i stands in the text and how long what it inserted is;
    `source_at[i]`, `source_len[i]`: the same in the source, for what it removed. Sorted; never overlapping.
    `removed` is all the removed words, one after the other.
    """

    __slots__ = ("_removed_at", "removed", "source_at", "source_len", "text_at", "text_len")

    def __init__(
        self, text_at: array[int], text_len: array[int], source_at: array[int], source_len: array[int], removed: str
    ) -> None:
        self.text_at, self.text_len = text_at, text_len
        self.source_at, self.source_len = source_at, source_len
        self.removed = removed
        self._removed_at = array("I", [0])
        total = 0
        for length in source_len:
            total += length
            self._removed_at.append(total)

    def __len__(self) -> int:
        return len(self.text_at)

    def removed_by(self, edit: int) -> str:
        return self.removed[self._removed_at[edit] : self._removed_at[edit + 1]]

    def is_soft(self, edit: int) -> bool:
        """Whether an edit put white space for white space, or a character for its spelling."""
        return self.text_len[edit] > 0

    # ------------------------------------------------------------ text -> source

    def start_in_source(self, start: int) -> int:
        """Where the character `text[start]` begins in the source."""
        edit = bisect_right(self.text_at, start) - 1
        if edit < 0:
            return start
        inside = start - self.text_at[edit]
        if inside < self.text_len[edit]:
            return self.source_at[edit] + min(inside, self.source_len[edit])
        return self.source_at[edit] + self.source_len[edit] + inside - self.text_len[edit]

    def end_in_source(self, end: int) -> int:
        """Where the character before `end` ends in the source; what an edit removed at `end` stays out."""
        edit = bisect_left(self.text_at, end) - 1
        if edit < 0:
            return end
        inside = end - self.text_at[edit]
        if inside <= self.text_len[edit]:
            full = inside == self.text_len[edit] > 0
            return self.source_at[edit] + (self.source_len[edit] if full else min(inside, self.source_len[edit]))
        return self.source_at[edit] + self.source_len[edit] + inside - self.text_len[edit]

    def parts(self, start: int, end: int) -> list[list[int]]:
        """The stretches `[start, end)` of the source that `text[start:end]` was made from, in order."""
        if end <= start:
            at = self.start_in_source(start)
            return [[at, at]]
        found: list[list[int]] = []
        at = self.start_in_source(start)
        edit = bisect_right(self.text_at, start)
        last = bisect_left(self.text_at, end)
        while edit < last:
            if not self.is_soft(edit):
                if self.source_at[edit] > at:
                    found.append([at, self.source_at[edit]])
                at = self.source_at[edit] + self.source_len[edit]
            edit += 1
        stop = self.end_in_source(end)
        if stop > at or not found:
            found.append([at, max(at, stop)])
        return found

    def source(self, start: int, end: int) -> dict[str, Any]:
        """The `source` of the contract for `text[start:end]` of a text format."""
        parts = self.parts(start, end)
        return {"start": parts[0][0], "end": parts[-1][1], "parts": parts}

    def anchor(self, start: int, end: int) -> tuple[int, int]:
        """Where `text[start:end]` stands in the source: what an id hangs on."""
        parts = self.parts(start, end)
        return parts[0][0], parts[-1][1]

    def fits(self, text: str) -> bool:
        """Whether every edit lies in `text`."""
        return not self.text_at or self.text_at[-1] + self.text_len[-1] <= len(text)

    # ------------------------------------------------------------ source -> text

    def in_text(self, at: int) -> int:
        """Where the source position `at` stands in the text; a removed one falls to the edit's place."""
        edit = bisect_right(self.source_at, at) - 1
        if edit < 0:
            return at
        inside = at - self.source_at[edit]
        if inside < self.source_len[edit]:
            return self.text_at[edit] + min(inside, self.text_len[edit])
        return self.text_at[edit] + self.text_len[edit] + inside - self.source_len[edit]

    def restore(self, text: str) -> str:
        """Undo every edit: the source, to the character."""
        pieces: list[str] = []
        at = 0
        for edit in range(len(self)):
            pieces.append(text[at : self.text_at[edit]])
            pieces.append(self.removed_by(edit))
            at = self.text_at[edit] + self.text_len[edit]
        pieces.append(text[at:])
        return "".join(pieces)

    # ------------------------------------------------------------ packed

    def to_bytes(self) -> bytes:
        words = self.removed.encode("utf-8", "surrogatepass")
        arrays = (self.text_at, self.text_len, self.source_at, self.source_len)
        return _HEAD.pack(_MAGIC, len(self), len(words)) + b"".join(_packed(a) for a in arrays) + words

    @classmethod
    def from_bytes(cls, data: bytes) -> OffsetMap:
        if len(data) < _HEAD.size or data[:4] != _MAGIC:
            raise AlignmentError(
                f"an offset map of {len(data)} bytes does not begin with {_MAGIC!r}; run: dossier doctor"
            )
        _, count, words = _HEAD.unpack_from(data)
        if len(data) != _HEAD.size + 16 * count + words:
            raise AlignmentError(f"an offset map of {count} edits is {len(data)} bytes long; run: dossier doctor")
        text_at, text_len, source_at, source_len = (
            _unpacked(data[_HEAD.size + 4 * count * i : _HEAD.size + 4 * count * (i + 1)]) for i in range(4)
        )
        removed = data[_HEAD.size + 16 * count :].decode("utf-8", "surrogatepass")
        return cls(text_at, text_len, source_at, source_len, removed)


def _packed(numbers: array[int]) -> bytes:
    return struct.pack(f"<{len(numbers)}I", *numbers)


def _unpacked(data: bytes) -> array[int]:
    return array("I", struct.unpack(f"<{len(data) // 4}I", data))


class TextBuilder:
    """Makes a text and its offset map from a source, from left to right.

    `keep(end)` takes the source over up to `end`; `replace(end, words)` puts `words` in the place of the source up to
    `end`: white space for white space, or nothing for anything; `spell(end, character)` one character for all that spells it.
    What is not kept is in the map.
    """

    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0  # in the source
        self.length = 0  # of the text
        self._pieces: list[str] = []
        self._text_at, self._text_len = array("I"), array("I")
        self._source_at, self._source_len = array("I"), array("I")
        self._removed: list[str] = []

    def keep(self, end: int) -> None:
        self._check(end)
        if end > self.at:
            self._pieces.append(self.source[self.at : end])
            self.length += end - self.at
            self.at = end

    def replace(self, end: int, words: str = "") -> None:
        self._check(end)
        removed = self.source[self.at : end]
        if removed == words:
            self.keep(end)
            return
        if words.strip() or (words and removed.strip()):
            raise AlignmentError(f"an edit puts {words!r} for {removed[:60]!r}; only white space replaces white space")
        self._edit(end, removed, words)

    def spell(self, end: int, character: str) -> None:
        self._check(end)
        removed = self.source[self.at : end]
        if len(character) != 1 or not removed:
            raise AlignmentError(f"{removed[:60]!r} spells {character[:60]!r}; it can spell one character")
        self._edit(end, removed, character)

    def _edit(self, end: int, removed: str, words: str) -> None:
        self._text_at.append(self.length)
        self._text_len.append(len(words))
        self._source_at.append(self.at)
        self._source_len.append(len(removed))
        self._removed.append(removed)
        self._pieces.append(words)
        self.length += len(words)
        self.at = end

    def _check(self, end: int) -> None:
        if not self.at <= end <= len(self.source):
            raise AlignmentError(
                f"an edit to {end} does not follow {self.at} in a source of {len(self.source)} characters"
            )

    def finish(self) -> tuple[str, OffsetMap]:
        self.keep(len(self.source))
        offsets = OffsetMap(self._text_at, self._text_len, self._source_at, self._source_len, "".join(self._removed))
        return "".join(self._pieces), offsets
