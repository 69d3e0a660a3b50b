"""Strict spans of a head against the marks of texts, with the uncertainty that comes from which documents were drawn.

`dossier evaluate` looks closer, at whole pipelines; this is what training needs to steer and to fill a card.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from dossier.components.encoder import Head
from dossier.components.tagging import decode
from dossier.train.states import Text

Counts = npt.NDArray[np.float64]  # [documents, labels, (right, wrong, missed)]
BINS = 10


class Predicted(NamedTuple):
    """A mention that a head found, its probability as decoded, and whether it is marked just so."""

    start: int
    end: int
    label: str
    probability: float
    right: bool


@dataclass(frozen=True, slots=True)
class Tally:
    """What a head found in texts, counted by document and label."""

    labels: tuple[str, ...]
    counts: Counts
    found: list[Predicted]

    @property
    def micro(self) -> float:
        return float(_f(self.counts.sum(axis=(0, 1))))


def tally(head: Head, texts: Sequence[Text], labels: Sequence[str] | None = None) -> Tally:
    """Compare a head with the marks. labels: those that count; by default the head's."""
    counted = tuple(labels if labels is not None else head.labels)
    number = {label: i for i, label in enumerate(counted)}
    counts = np.zeros((len(texts), len(counted), 3))
    every: list[Predicted] = []
    for row, text in enumerate(texts):
        gold = {(s.start, s.end, s.label) for s in text.record.spans if s.label in text.labels and s.label in number}
        gold = {span for span in gold if not _ignored(text, span[0], span[1])}
        found = [each for each in _predict(head, text, gold) if each.label in number]
        every += found
        for each in found:
            counts[row, number[each.label], 0 if each.right else 1] += 1
        for _, _, label in gold - {(each.start, each.end, each.label) for each in found}:
            counts[row, number[label], 2] += 1
    return Tally(counted, counts, every)


def _predict(head: Head, text: Text, gold: set[tuple[int, int, str]]) -> list[Predicted]:
    found = []
    for mention in decode(text.states @ head.weight + head.bias, head.labels, head.transitions):
        start, end = text.offsets[mention.start][0], text.offsets[mention.end - 1][1]
        if mention.label in text.labels and not _ignored(text, start, end):
            right = (start, end, mention.label) in gold
            found.append(Predicted(start, end, mention.label, mention.probability, right))
    return found


def _ignored(text: Text, start: int, end: int) -> bool:
    return any(s < end and start < e for s, e in text.record.ignore)


# ------------------------------------------------------------------ scores with intervals


def score_rows(found: Tally, *, draws: int, seed: int) -> dict[str, Any]:
    """`micro` and `labels`: f, p, r, support, and the 95 % interval of f (`low`, `high`) by bootstrap over documents."""
    drawn = _draw(len(found.counts), draws, seed)
    rows = {label: _row(found.counts[:, i], drawn) for i, label in enumerate(found.labels) if found.counts[:, i].any()}
    return {"micro": _row(found.counts.sum(axis=1), drawn), "labels": rows}


def gain(new: Tally, old: Tally, *, draws: int, seed: int) -> dict[str, float]:
    """The difference in micro F1 on the same documents and labels, with its 95 % interval (paired bootstrap)."""
    drawn = _draw(len(new.counts), draws, seed)
    differences = _f(drawn @ new.counts.sum(axis=1)) - _f(drawn @ old.counts.sum(axis=1))
    low, high = np.quantile(differences, (0.025, 0.975))
    return {"f": round(new.micro - old.micro, 4), "low": round(float(low), 4), "high": round(float(high), 4)}


def _draw(documents: int, draws: int, seed: int) -> Counts:
    """How often each document is in each draw."""
    rng = np.random.default_rng(seed)
    shares = np.full(documents, 1 / max(1, documents))
    return rng.multinomial(documents, shares, size=draws).astype(np.float64)


def _row(counts: Counts, drawn: Counts) -> dict[str, Any]:
    right, wrong, missed = counts.sum(axis=0)
    low, high = np.quantile(_f(drawn @ counts), (0.025, 0.975))
    figures = {"f": _f(counts.sum(axis=0)), "p": _share(right, right + wrong), "r": _share(right, right + missed),
               "low": low, "high": high}  # fmt: skip
    return {**{name: round(float(value), 4) for name, value in figures.items()}, "support": int(right + missed)}


def _f(counts: Counts) -> Counts:
    right, wrong, missed = counts[..., 0], counts[..., 1], counts[..., 2]
    both: Counts = 2 * right / np.maximum(1e-9, 2 * right + wrong + missed)
    return both


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


# ------------------------------------------------------------------ calibration


def expected_calibration_error(confidences: Sequence[float], right: Sequence[bool]) -> float:
    """The mean distance of confidence and share of right ones, over ten bins of equal width, weighted by their size."""
    sure, true = np.asarray(confidences, dtype=np.float64), np.asarray(right, dtype=np.float64)
    if not len(sure):
        return 0.0
    bins = np.minimum((sure * BINS).astype(int), BINS - 1)
    distances = [abs(sure[bins == b].mean() - true[bins == b].mean()) * (bins == b).mean() for b in np.unique(bins)]
    return round(float(sum(distances)), 4)
