"""Strict span F1, its bootstrap intervals, paired comparison, and calibration."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from dossier.components.tagging import Tagged
from dossier.train.encoder.data import Marked

DRAWS = 1000
Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.float64]  # documents x labels x (right, spurious, missed)


def count(records: Sequence[Marked], found: Sequence[Sequence[Tagged]], labels: Sequence[str]) -> Counts:
    """What is right, spurious and missed in each document; nothing is scored that touches an `ignore` stretch."""
    counts = np.zeros((len(records), len(labels), 3))
    for row, (record, tagged) in enumerate(zip(records, found, strict=True)):
        gold = {span for span in record.spans if span[2] in labels and not _ignored(record, span[0], span[1])}
        ours = {(t.start, t.end, t.label) for t in tagged if t.label in labels and not _ignored(record, t.start, t.end)}
        for kind, spans in enumerate((gold & ours, ours - gold, gold - ours)):
            for _, _, label in spans:
                counts[row, labels.index(label), kind] += 1
    return counts


def _ignored(record: Marked, start: int, end: int) -> bool:
    return any(s < end and start < e for s, e in record.ignore)


def f1(counts: Counts) -> float:
    """Micro F1, in percent, of counts summed over all but their last axis."""
    right, spurious, missed = counts.reshape(-1, 3).sum(axis=0)
    return float(100 * 2 * right / max(1, 2 * right + spurious + missed))


def draws(documents: int, seed: int = 0) -> npt.NDArray[np.int64]:
    """How often each document stands in each of `DRAWS` bootstrap samples."""
    rng = np.random.default_rng(seed)
    return rng.multinomial(documents, np.full(documents, 1 / documents), size=DRAWS)


def interval(counts: Counts) -> tuple[float, float]:
    """The 95 % bootstrap interval of micro F1, over documents."""
    values = _drawn(counts, draws(len(counts)))
    return float(np.percentile(values, 2.5)), float(np.percentile(values, 97.5))


def compare(ours: Counts, theirs: Counts) -> tuple[float, float]:
    """F1 of ours less that of theirs, and the share of paired bootstrap samples in which ours is not the better one."""
    drawn = draws(len(ours))
    gains = _drawn(ours, drawn) - _drawn(theirs, drawn)
    return f1(ours) - f1(theirs), float((gains <= 0).mean())


def _drawn(counts: Counts, drawn: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    right, spurious, missed = (drawn @ counts.sum(axis=1)).T
    values: npt.NDArray[np.float64] = 100 * 2 * right / np.maximum(1, 2 * right + spurious + missed)
    return values


def calibration_error(confidence: Floats, right: Floats, bins: int = 10) -> float:
    """Expected calibration error over `bins` of equal width."""
    which = np.minimum((confidence * bins).astype(int), bins - 1)
    error = 0.0
    for b in range(bins):
        inside = which == b
        if inside.any():
            error += inside.mean() * abs(confidence[inside].mean() - right[inside].mean())
    return float(error)


def fit_sigmoid(probability: Floats, right: Floats) -> tuple[float, float]:
    """`(slope, shift)` that make `sigmoid(slope * logit(p) + shift)` the share of right mentions (Platt, by Newton).

    A step that would make things worse is halved: far from the optimum Newton's own leads away from it.
    """
    x = logit(probability)
    at = np.array([1.0, 0.0])
    for _ in range(50):
        p = _sigmoid(at[0] * x + at[1])
        w = p * (1 - p) + 1e-9
        gradient = np.array([((p - right) * x).sum() + 1e-3 * (at[0] - 1), (p - right).sum()])
        cross = (w * x).sum()
        hessian = np.array([[(w * x * x).sum() + 1e-3, cross], [cross, w.sum() + 1e-3]])
        step, before = np.linalg.solve(hessian, gradient), _surprise(at, x, right)
        while _surprise(at - step, x, right) > before and np.abs(step).max() >= 1e-6:
            step = step / 2
        at = at - step
        if np.abs(step).max() < 1e-6:
            break
    return float(at[0]), float(at[1])


def _sigmoid(z: Floats) -> Floats:
    values: Floats = 0.5 * (1 + np.tanh(z / 2))
    return values


def _surprise(at: Floats, x: Floats, right: Floats) -> float:
    """What `fit_sigmoid` makes small: the negative log-likelihood, with a weak pull to a slope of one."""
    z = at[0] * x + at[1]
    return float((np.logaddexp(0, z) - right * z).sum() + 0.5e-3 * (at[0] - 1) ** 2)


def logit(probability: Floats) -> Floats:
    p = np.clip(probability, 1e-4, 1 - 1e-4)
    odds: Floats = np.log(p / (1 - p))
    return odds
