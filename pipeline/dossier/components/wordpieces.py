"""Words into sub-words and windows of an encoder.

The words are those of the `Doc`, and each is cut into sub-words by itself, so that no sub-word ever lies across two
words: `PKKaligned`, an emoji or Arabic text need no alignment afterwards. A word without any sub-word (white space, a
control character) is not seen by the encoder.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tokenizers import Tokenizer

WINDOW = 254  # sub-words in a window, without [CLS] and [SEP]
OVERLAP = 64  # sub-words that two windows share where a sentence is longer than a window
MOST_KNOWN = 100_000  # words kept with their sub-words, some 25 MB
WORD_PIECES = 16  # of one word; what is longer is a link or noise
SHAPES = ("lower", "title", "upper", "mixed", "initial", "digits", "other")
_SHAPE = {name: number for number, name in enumerate(SHAPES)}


class Window(NamedTuple):
    """Words `start` to `end` go through the encoder together; the states of `keep_start` to `keep_end` are used."""

    start: int
    end: int
    keep_start: int
    keep_end: int


@dataclass(frozen=True, slots=True)
class Pieces:
    """The sub-words of a text. `words[i]` is the number in the `Doc` of the i-th word that has any; `first[i]` is where
    its sub-words begin in `ids`; `first` has one entry more, the end of the last."""

    ids: list[int]
    first: list[int]
    words: list[int]
    shapes: list[int]  # one for each of `words`


class WordPieces:
    """The sub-word tokenizer of an encoder, from its `tokenizer.json`."""

    def __init__(self, path: Path) -> None:
        from tokenizers import Tokenizer

        self.tokenizer: Tokenizer = Tokenizer.from_file(str(path))
        self.tokenizer.no_truncation()
        self.tokenizer.no_padding()
        self._known: dict[str, tuple[list[int], int]] = {}  # word -> its sub-words, its shape
        self.cls, self.sep = (self._id_of(token) for token in ("[CLS]", "[SEP]"))

    def _id_of(self, token: str) -> int:
        number = self.tokenizer.token_to_id(token)
        if number is None:
            raise ValueError(f"the sub-word tokenizer has no {token}; it is not that of an encoder of dossier")
        return number

    def cut(self, words: Sequence[str]) -> Pieces:
        """Cut words into sub-words, at most `WORD_PIECES` each."""
        self._learn(words)
        cut = [self._known[word] for word in words]
        seen = [number for number, (ids, _) in enumerate(cut) if ids]
        ids = [piece for found, _ in cut for piece in found]
        first = [0, *accumulate(len(cut[number][0]) for number in seen)]
        return Pieces(ids, first, seen, [cut[number][1] for number in seen])

    def _learn(self, words: Sequence[str]) -> None:
        """Cut those words that were not seen before: a text shares most of its words with the texts before it."""
        if len(self._known) > MOST_KNOWN:
            self._known.clear()
        new = [word for word in dict.fromkeys(words) if word not in self._known]
        if new:
            for word, found in zip(new, self.tokenizer.encode_batch_fast(new, add_special_tokens=False), strict=True):
                self._known[word] = found.ids[:WORD_PIECES], shape_of(word)


def shape_of(word: str) -> int:
    """The number in `SHAPES` of a word's form; the sub-words of an uncased encoder do not show it."""
    if any(letter.isdigit() for letter in word):
        return _SHAPE["digits"]
    if not any(letter.isupper() for letter in word):
        return _SHAPE["lower" if any(letter.islower() for letter in word) else "other"]
    if word.isupper():
        return _SHAPE["upper" if sum(map(str.isalpha, word)) > 1 else "initial"]
    return _SHAPE["title" if word[0].isupper() and not any(map(str.isupper, word[1:])) else "mixed"]


def cut_windows(
    first: Sequence[int], breaks: Iterable[int], *, size: int = WINDOW, overlap: int = OVERLAP
) -> list[Window]:
    """Lay windows of at most `size` sub-words over words.

    first: where the sub-words of each word begin, and the end of the last, as in `Pieces`.
    breaks: the words that begin a sentence. A window ends before one; where a sentence is longer than a window, the
    windows overlap and each keeps the words nearer to its middle.
    """
    count = len(first) - 1
    allowed = sorted({b for b in breaks if 0 < b < count})
    windows: list[Window] = []
    start = keep = 0
    at = 0  # in `allowed`
    while start < count:
        end = _fitting(first, start, size)
        if end <= keep:  # a long word after the overlap: nothing new would fit
            start, end = keep, _fitting(first, keep, size)
        if end < count:
            best = None
            while at < len(allowed) and allowed[at] <= end:
                best = allowed[at]
                at += 1
            if best is not None and best > keep:
                end = best
            else:
                following = max(start + 1, _back(first, end, overlap))
                middle = max(keep + 1, (following + end) // 2)
                windows.append(Window(start, end, keep, middle))
                start, keep = min(following, middle), middle
                continue
        windows.append(Window(start, end, keep, end))
        start = keep = end
    return windows


def _fitting(first: Sequence[int], start: int, size: int) -> int:
    from bisect import bisect_right

    return max(start + 1, bisect_right(first, first[start] + size) - 1)


def _back(first: Sequence[int], end: int, overlap: int) -> int:
    from bisect import bisect_left

    return bisect_left(first, first[end] - overlap)


def guess_starts(text: str, offsets: Sequence[tuple[int, int]]) -> list[int]:
    """The words that seem to begin a sentence: after a stop and before no small letter, or after an empty line."""
    starts = [0] if offsets else []
    for i in range(1, len(offsets)):
        end, start = offsets[i - 1][1], offsets[i][0]
        between = text[end:start]
        stop = text[end - 1] in ".!?" or (text[end - 1] in '"”’)' and text[end - 2 : end - 1] in (".", "!", "?"))
        if (stop and between and not text[start].islower()) or between.count("\n") > 1:
            starts.append(i)
    return starts
