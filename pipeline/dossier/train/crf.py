"""What a linear-chain CRF loses on words whose tags are only partly known, and which way is down.

The loss is minus the log of the summed probability of every path that the marks allow. Sums run in probabilities, scaled
at each word, in double precision.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dossier.train.tags import Chain

Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Batch:
    """Chains padded to one length. `states` are packed: one row a word; `rows[b, t]` is a word's row, -1 for padding."""

    states: npt.NDArray[np.float32]
    rows: npt.NDArray[np.int64]
    allowed: npt.NDArray[np.bool_]  # [chains, words, tags]


class Loss(NamedTuple):
    """The loss of a batch, summed, with its gradients on the scores of the words and on the transitions."""

    value: float
    scores: npt.NDArray[np.float32]
    transitions: npt.NDArray[np.float32]


def make_batch(chains: Sequence[Chain]) -> Batch:
    width = max(len(chain.states) for chain in chains)
    rows = np.full((len(chains), width), -1, dtype=np.int64)
    allowed = np.ones((len(chains), width, chains[0].allowed.shape[1]), dtype=bool)
    at = 0
    for number, chain in enumerate(chains):
        length = len(chain.states)
        rows[number, :length] = np.arange(at, at + length)
        allowed[number, :length] = chain.allowed
        at += length
    return Batch(np.concatenate([chain.states for chain in chains]), rows, allowed)


def crf_loss(scores: npt.NDArray[np.float32], transitions: npt.NDArray[np.float32], batch: Batch) -> Loss:
    """scores: one row for each row of `batch.states`. transitions: with what is forbidden far below zero."""
    inside = batch.rows >= 0
    padded = np.zeros((*batch.rows.shape, scores.shape[1]))
    padded[inside] = scores
    follow = np.exp(np.minimum(transitions.astype(np.float64), 50.0))
    first = np.ones(scores.shape[1], dtype=bool)
    first[2::2] = False  # a chain begins with no I-
    every = _sums(padded, follow, inside, np.ones_like(batch.allowed), first)
    ours = _sums(padded, follow, inside, batch.allowed, first)
    gradient = (every.words - ours.words)[inside]
    return Loss(
        float((every.total - ours.total).sum()),
        gradient.astype(np.float32),
        (every.steps - ours.steps).astype(np.float32),
    )


class _Sums(NamedTuple):
    total: Doubles  # log of the sum over all paths, by chain
    words: Doubles  # probability of each tag at each word
    steps: Doubles  # expected number of each pair of tags, over the batch


def _sums(
    scores: Doubles,
    follow: Doubles,
    inside: npt.NDArray[np.bool_],
    allowed: npt.NDArray[np.bool_],
    first: npt.NDArray[np.bool_],
) -> _Sums:
    top = np.where(allowed, scores, -np.inf).max(axis=2)
    local = np.where(allowed, np.exp(scores - top[:, :, None]), 0.0)
    chains, width, tags = scores.shape
    forward, scale = np.zeros_like(local), np.ones((chains, width))
    forward[:, 0] = local[:, 0] * first
    for t in range(width):
        if t:
            forward[:, t] = (forward[:, t - 1] @ follow) * local[:, t]
        scale[:, t] = np.where(inside[:, t], forward[:, t].sum(axis=1), 1.0)
        scale[:, t] = np.maximum(scale[:, t], 1e-300)
        forward[:, t] /= scale[:, t, None]
        if t:  # behind the end of a chain nothing changes
            forward[:, t] = np.where(inside[:, t, None], forward[:, t], forward[:, t - 1])
    backward = np.ones_like(local)
    steps = np.zeros((tags, tags))
    for t in range(width - 1, 0, -1):
        ahead = local[:, t] * backward[:, t] / scale[:, t, None]
        steps += (forward[:, t - 1] * inside[:, t, None]).T @ ahead * follow
        backward[:, t - 1] = np.where(inside[:, t, None], ahead @ follow.T, backward[:, t])
    total = (np.log(scale) + np.where(inside, top, 0.0)).sum(axis=1)
    return _Sums(total, forward * backward, steps)
