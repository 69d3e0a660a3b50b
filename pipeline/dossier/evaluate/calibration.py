"""Whether a confidence means what it says: of the mentions proposed with .8, four in five should be right."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """The proposals whose confidence lies in `[low, high)`: how many, how sure on average, what share is right.

    The last bin holds its end too.
    """

    low: float
    high: float
    count: int
    confidence: float
    right: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """`error` is the expected calibration error: |confidence - right| over the bins, by their size."""

    error: float
    count: int
    bins: tuple[Bin, ...]


def calibrate(answers: Iterable[tuple[float, bool]], *, bins: int = BINS) -> Calibration:
    """Sort answers, each a confidence 0..1 and whether it was right, into bins of equal width; empty ones are left out.

    Source: Naeini et al. 2015; Guo et al. 2017.
    """
    held: dict[int, list[tuple[float, bool]]] = {}
    for confidence, right in answers:
        held.setdefault(_bin(confidence, bins), []).append((confidence, right))
    total = sum(map(len, held.values()))
    rows = tuple(
        Bin(n / bins, (n + 1) / bins, len(of), sum(c for c, _ in of) / len(of), sum(r for _, r in of) / len(of))
        for n, of in sorted(held.items())
    )
    error = sum(row.count * abs(row.confidence - row.right) for row in rows) / total if total else 0.0
    return Calibration(error, total, rows)


def _bin(confidence: float, bins: int) -> int:
    """Confidences come in thousandths: .7 * 10 is 7, though floating point makes it 6.999999999999999."""
    return min(bins - 1, max(0, int(round(confidence * bins, 6))))
