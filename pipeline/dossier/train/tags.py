"""Marks into the tags that each word may have, and texts into chains of words to learn from.

What a set does not mark, it says nothing about: outside its marks a word may be `O` or any part of a label that was not
looked for. A word in an `ignore` stretch may be anything.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dossier.components.tagging import Floats
from dossier.train.states import Text

Bools = npt.NDArray[np.bool_]
LONGEST = 120  # words of a chain; longer sentences are cut where no mention runs on


@dataclass(frozen=True, slots=True)
class Chain:
    """Words that are learned from together: their states, and the tags that each may have."""

    states: Floats
    allowed: Bools


def allowed_tags(text: Text, labels: Sequence[str]) -> Bools:
    """One row for each word, one column for each tag (`tags_of` the labels)."""
    number = {label: i for i, label in enumerate(labels)}
    base = np.zeros(1 + 2 * len(labels), dtype=bool)
    base[0] = True
    for label in labels:
        if label not in text.labels:
            base[1 + 2 * number[label] : 3 + 2 * number[label]] = True
    allowed = np.tile(base, (len(text.offsets), 1))
    for start, end in text.record.ignore:
        allowed[slice(*_words(text.offsets, start, end))] = True
    for span in text.record.spans:
        first, last = _words(text.offsets, span.start, span.end)
        if span.label in number and span.label in text.labels and first < last:
            allowed[first:last] = False
            allowed[first, 1 + 2 * number[span.label]] = True
            allowed[first + 1 : last, 2 + 2 * number[span.label]] = True
    return allowed


def chains_of(text: Text, labels: Sequence[str]) -> Iterator[Chain]:
    """The sentences of a text that say anything."""
    allowed = allowed_tags(text, labels)
    for start, end in _cut(text.starts, allowed):
        if not allowed[start:end].all():
            yield Chain(text.states[start:end], allowed[start:end])


def _words(offsets: Sequence[tuple[int, int]], start: int, end: int) -> tuple[int, int]:
    """The words `[first, last)` that share a character with `[start, end)`."""
    first = bisect_right(offsets, start, key=lambda word: word[1])
    return first, bisect_left(offsets, end, lo=first, key=lambda word: word[0])


def _cut(starts: Sequence[int], allowed: Bools) -> Iterator[tuple[int, int]]:
    begins = np.ones(len(allowed) + 1, dtype=bool)  # words that a chain may begin with: not surely inside a mention
    begins[:-1] = allowed[:, 0] | allowed[:, 1::2].any(axis=1)
    places = [at for at in starts if begins[at]]
    for start, end in zip(places, [*places[1:], len(allowed)], strict=True):
        while end - start > LONGEST:
            cut = start + LONGEST
            while cut < end and not begins[cut]:
                cut += 1
            yield start, cut
            start = cut
        if end > start:
            yield start, end
