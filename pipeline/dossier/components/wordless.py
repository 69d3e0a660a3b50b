"""Long stretches in which nothing can be named: tables of numbers, one word over and over, ids. They are not encoded.

A file of a million rows of numbers would keep the encoder busy for minutes and give nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

STRETCH = 256  # tokens that are looked at together; in running text such a stretch has over 100 different words
FEW = 4  # different words of two letters or more; in a stretch with fewer, nothing is looked for


def blank_wordless(words: Sequence[str]) -> list[str]:
    """The words, with those of whole stretches that hold next to no words left empty. The last, short stretch stays."""
    kept: list[str] = []
    for start in range(0, len(words), STRETCH):
        stretch = list(words[start : start + STRETCH])
        different = {word for word in stretch if len(word) > 1 and word.isalpha()}
        if len(different) < FEW and len(stretch) == STRETCH:
            stretch = [""] * STRETCH
        kept += stretch
    return kept
