"""How sure a score is: texts are drawn again with replacement, the same ones for every model.

Source: Efron and Tibshirani 1993 (percentile interval); Berg-Kirkpatrick et al. 2012 on paired tests of language models.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dossier.evaluate.scoring import Pair
from dossier.gold import GoldRecord

DRAWS = 10_000
SEED = 20261120
MIN_UNITS = 6  # 2 ** -6 * 2 < .05: with fewer, even a sign test cannot tell two models apart
MIN_DOCUMENTS = 20  # with fewer, paragraphs are drawn
LEVEL = 0.05
_BLANK_LINES = re.compile(r"\n\s*\n(?=\S)")
_CELLS = 200_000  # drawn at a time: what stays in the cache, measured on 2,000 texts

Counts = NDArray[np.int64]
Sample = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Interval:
    """Where 95 % of the drawn values lie."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Difference:
    """How much more F1 the second model has than the first; `p` is two-sided."""

    f: float
    interval: Interval
    p: float
    significant: bool


class Units:
    """What is drawn: whole documents, or their paragraphs where there are few documents.

    Texts whose `meta.doc` is the same are parts of one document.
    """

    def __init__(self, records: Sequence[GoldRecord]) -> None:
        documents: dict[str, int] = {}
        self._first = [documents.setdefault(str(r.meta.get("doc", r.id)), len(documents)) for r in records]
        self._starts = [[0] for _ in records]
        self.kind, self.count = "documents", len(documents)
        if self.count < MIN_DOCUMENTS:
            starts = [_paragraphs(record.text) for record in records]
            if (count := sum(map(len, starts))) > self.count:
                self._first = [sum(len(s) for s in starts[:i]) for i in range(len(starts))]
                self._starts, self.kind, self.count = starts, "paragraphs", count

    def at(self, record: int, start: int) -> int:
        """The number of the unit that a character of a record stands in."""
        return self._first[record] + bisect_right(self._starts[record], start) - 1


def _paragraphs(text: str) -> list[int]:
    return [0, *(match.end() for match in _BLANK_LINES.finditer(text))]


def count(units: Units, pairs: Sequence[Sequence[Pair]], labels: Sequence[str]) -> Counts:
    """Right, spurious and missed by unit and label; the last column is all labels together."""
    counts = np.zeros((units.count, len(labels) + 1, 3), np.int64)
    column = {label: i for i, label in enumerate(labels)}
    for record, of_record in enumerate(pairs):
        for pair in of_record:
            kind = 2 if pair.got is None else 1 if pair.wanted is None else 0
            counts[units.at(record, pair.start), column[pair.label], kind] += 1
    counts[:, -1] = counts[:, :-1].sum(axis=1)
    return counts


def resample(models: Sequence[Counts], *, draws: int = DRAWS, seed: int = SEED) -> Sample:
    """F1 of each draw: an array (draws, models, columns), from counts (units, columns, 3) of each model."""
    counts = np.stack(models, axis=1)
    units = counts.shape[0]
    table = counts.reshape(units, -1).astype(np.float64)
    sums = np.concatenate([weights @ table for weights in _weights(units, draws, seed)])
    right, spurious, missed = np.moveaxis(sums.reshape(draws, *counts.shape[1:]), -1, 0)
    below = 2 * right + spurious + missed
    f: Sample = np.divide(2 * right, below, out=np.zeros_like(below), where=below > 0)
    return f


def _weights(units: int, draws: int, seed: int) -> Iterator[Sample]:
    """How often each unit is drawn, some draws at a time."""
    chance = np.random.default_rng(seed)
    step = max(1, min(draws, _CELLS // units))
    for begin in range(0, draws, step):
        rows = min(step, draws - begin)
        drawn = chance.integers(0, units, (rows, units)) + (np.arange(rows) * units)[:, None]
        yield np.bincount(drawn.ravel(), minlength=rows * units).reshape(rows, units).astype(np.float64)


def interval(values: Sample) -> Interval:
    low, high = np.percentile(values, [100 * LEVEL / 2, 100 - 100 * LEVEL / 2])
    return Interval(float(low), float(high))


def compare(first: Sample, second: Sample, difference: float) -> Difference:
    """What the same draws say of two models; `difference` is that of the whole set."""
    drawn = second - first
    tail = min(int((drawn <= 0).sum()), int((drawn >= 0).sum()))
    p = min(1.0, 2 * (tail + 1) / (len(drawn) + 1))
    return Difference(difference, interval(drawn), p, p < LEVEL)
