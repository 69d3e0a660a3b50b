"""Texts as sets of numbers, so that copies can be found without comparing every text with every other.

A shingle is five words in a row, without case, accents and punctuation; its number is a hash. One in four of the numbers is
kept, the same ones in every text, so that the share of a text that stands in another is that of their numbers.

Source: Broder, "On the resemblance and containment of documents" (1997); the sampling is his "mod m" sketch.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

SKETCH_VERSION = 1  # raised whenever the same text would have other numbers
WIDTH = 5  # words of a shingle
SAMPLE = 4  # one of so many numbers is kept
Sketch = npt.NDArray[np.uint64]  # sorted, no number twice

_WIDE = "\u2e80-\ua4cf\uf900-\ufaff"  # scripts without spaces: a character is a word
_WORD = re.compile(f"[{_WIDE}]|[^\\W_{_WIDE}]+")
_FACTOR = np.uint64(0x9E3779B97F4A7C15)


class Likeness(NamedTuple):
    """shared: of the smaller text, what stands in the other too; alike: of all that stands in either, what stands in both."""

    shared: float
    alike: float


def make_sketch(text: str) -> Sketch:
    """The numbers of a text; none where it has under five words."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    if not plain.isascii():
        plain = "".join(c for c in plain if not unicodedata.combining(c))
    words = np.array([_number(word) for word in _WORD.findall(plain)], np.uint64)
    count = len(words) - WIDTH + 1
    if count <= 0:
        return np.empty(0, np.uint64)
    numbers = np.zeros(count, np.uint64)
    for i in range(WIDTH):
        numbers = numbers * _FACTOR + words[i : i + count]
    numbers = np.unique(_scatter(numbers))
    kept: Sketch = numbers[numbers < np.uint64((1 << 64) // SAMPLE)]
    return kept


def compare(one: Sketch, other: Sketch) -> Likeness:
    """How much two texts have in common. Both must have numbers."""
    both = len(np.intersect1d(one, other, assume_unique=True))
    return Likeness(both / min(len(one), len(other)), both / (len(one) + len(other) - both))


@lru_cache(maxsize=1 << 17)
def _number(word: str) -> int:
    return int.from_bytes(blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def _scatter(numbers: Sketch) -> Sketch:
    """Spread numbers over all 64 bits (the last step of splitmix64), so that low ones are as good as random ones."""
    numbers = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    numbers = (numbers ^ (numbers >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return numbers ^ (numbers >> np.uint64(31))
