"""From scores per word to mentions: IOB2 tags, the best path, and how sure it is.

Words that are no mention for certain cut the text into short stretches, which are decoded together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

CERTAIN = (
    0.9995  # probability of `O` from which a word ends a stretch; .999 to .9999 changed no mention on the dev sets
)
NEVER = -1e4


class Tagged(NamedTuple):
    """Words `start` to `end` are a mention; `probability` is that of exactly this one."""

    start: int
    end: int
    label: str
    probability: float


def tags_of(labels: Sequence[str]) -> list[str]:
    """The tags of labels, in the order of a head's columns: `O`, `B-ORG`, `I-ORG`, ..."""
    return ["O", *(f"{place}-{label}" for label in labels for place in "BI")]


def transitions_of(labels: Sequence[str]) -> Floats:
    """0 where a tag may follow another, `NEVER` where not: `I-X` follows only `B-X` and `I-X`."""
    count = 1 + 2 * len(labels)
    allowed = np.zeros((count, count), dtype=np.float32)
    for inside in range(2, count, 2):
        allowed[:, inside] = NEVER
        allowed[inside - 1 : inside + 1, inside] = 0
    return allowed


@dataclass(frozen=True, slots=True)
class Batch:
    """Stretches of words, padded with `O`: `scores[s, t, tag]`; `starts[s]` is the first word of a stretch."""

    scores: Floats
    starts: npt.NDArray[np.int64]


def decode(logits: Floats, labels: Sequence[str], transitions: Floats) -> list[Tagged]:
    """The mentions of a text.

    logits: one row for each word, one column for each tag, as in `tags_of`. transitions: what is added where one tag
    follows another, with `transitions_of` in it.
    """
    if not len(logits):
        return []
    scores = _log_softmax(logits)
    found: list[Tagged] = []
    for batch in _stretches(scores):
        paths, forward, backward, total = _run(batch.scores, transitions)
        for row, start in enumerate(batch.starts):
            for first, last, label in _spans(paths[row]):
                p = _probability(batch.scores[row], transitions, forward[row], backward[row], first, last, label)
                found.append(
                    Tagged(
                        int(start) + first, int(start) + last, labels[label], float(np.exp(min(0.0, p - total[row])))
                    )
                )
    return sorted(found)


def _log_softmax(logits: Floats) -> Floats:
    shifted = logits - logits.max(axis=1, keepdims=True)
    normal: Floats = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return normal


def _stretches(scores: Floats) -> list[Batch]:
    """Runs of words that are not surely `O`, with one such word after them, grouped by length (8, 16, 32, ...)."""
    doubtful = scores[:, 0] < np.log(CERTAIN)
    edges = np.diff(np.concatenate([[0], doubtful.astype(np.int8), [0]]))
    starts, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
    if not len(starts):
        return []
    lengths = ends - starts
    batches = []
    size = 8
    low = 0
    while low < lengths.max():
        chosen = np.flatnonzero((lengths > low) & (lengths <= size))
        if len(chosen):
            width = int(lengths[chosen].max()) + 1
            padded = np.full((len(chosen), width, scores.shape[1]), NEVER, dtype=np.float32)
            padded[:, :, 0] = 0.0
            for row, number in enumerate(chosen):
                padded[row, : lengths[number]] = scores[starts[number] : ends[number]]
            batches.append(Batch(padded, starts[chosen]))
        low, size = size, size * 2
    return batches


def _run(scores: Floats, transitions: Floats) -> tuple[npt.NDArray[np.int64], Floats, Floats, Floats]:
    """Best paths, forward and backward sums (log), and the sum over all paths, of padded stretches."""
    rows, width, tags = scores.shape
    best = scores[:, 0].copy()
    best[:, 2::2] = NEVER
    forward = np.empty_like(scores)
    forward[:, 0] = best
    came = np.zeros((rows, width, tags), dtype=np.int64)
    for t in range(1, width):
        steps = best[:, :, None] + transitions
        came[:, t] = steps.argmax(axis=1)
        best = steps.max(axis=1) + scores[:, t]
        forward[:, t] = _log_sum(forward[:, t - 1][:, :, None] + transitions, axis=1) + scores[:, t]
    backward = np.zeros_like(scores)
    for t in range(width - 2, -1, -1):
        backward[:, t] = _log_sum(transitions + (scores[:, t + 1] + backward[:, t + 1])[:, None, :], axis=2)
    paths = np.empty((rows, width), dtype=np.int64)
    paths[:, -1] = best.argmax(axis=1)
    for t in range(width - 1, 0, -1):
        paths[:, t - 1] = came[np.arange(rows), t, paths[:, t]]
    return paths, forward, backward, _log_sum(forward[:, -1], axis=1)


def _log_sum(values: Floats, axis: int) -> Floats:
    top = values.max(axis=axis, keepdims=True)
    summed: Floats = np.log(np.exp(values - top).sum(axis=axis)) + top.squeeze(axis)
    return summed


def _spans(path: npt.NDArray[np.int64]) -> list[tuple[int, int, int]]:
    """`(first, end, number of the label)` of a path."""
    spans: list[tuple[int, int, int]] = []
    for at, tag in enumerate(path.tolist()):
        if tag % 2:
            spans.append((at, at + 1, tag // 2))
        elif tag and spans:
            spans[-1] = (spans[-1][0], at + 1, spans[-1][2])
    return spans


def _probability(
    scores: Floats, transitions: Floats, forward: Floats, backward: Floats, first: int, end: int, label: int
) -> float:
    """The log of the summed weight of all paths with exactly this mention."""
    begin, inside = 1 + 2 * label, 2 + 2 * label
    weight = float(forward[first, begin])
    last = begin
    for t in range(first + 1, end):
        weight += float(transitions[last, inside] + scores[t, inside])
        last = inside
    if end >= len(scores):
        return weight
    after = transitions[last] + scores[end] + backward[end]
    after[inside] = NEVER
    top = after.max()
    return weight + float(top + np.log(np.exp(after - top).sum()))
