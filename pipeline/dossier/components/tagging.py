"""From scores per word to mentions: IOB2 tags, the best path, and how sure it is.

Words that are no mention for certain cut the text into short stretches, which are decoded together: the longest first, so
that those which go on are always the first rows, and none needs padding.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.int64]

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
class Stretches:
    """Runs of words that are not surely `O`, each with one `O` after it, packed by the place in the run.

    `scores[offsets[t]:offsets[t + 1]]` are the t-th words of all runs that are so long; the runs keep their order, which is
    longest first. `words` says which word of the text each is, `runs` which run it belongs to.
    """

    scores: Floats
    offsets: list[int]
    words: Numbers
    runs: Numbers

    def steps(self) -> list[tuple[slice, slice]]:
        """Each step from one place in the runs to the next, as the packed words it leaves and those it reaches."""
        edges = zip(self.offsets, self.offsets[1:], self.offsets[2:], strict=False)
        return [(slice(low, low + high - middle), slice(middle, high)) for low, middle, high in edges]


def decode(logits: Floats, labels: Sequence[str], transitions: Floats) -> list[Tagged]:
    """The mentions of a text, in order.

    logits: one row for each word, one column for each tag, as in `tags_of`. transitions: what is added where one tag
    follows another, with `transitions_of` in it.
    """
    stretches = _stretches(_log_softmax(logits)) if len(logits) else None
    if stretches is None:
        return []
    tags = np.zeros(len(logits) + 1, dtype=np.int64)
    tags[stretches.words] = _best(stretches, transitions)
    starts = np.flatnonzero(tags % 2)
    others = np.flatnonzero((tags % 2 == 1) | (tags == 0))  # every mention ends before one of these
    ends = others[np.searchsorted(others, starts, side="right")]
    numbers = tags[starts] // 2
    found = starts, ends, numbers, _probabilities(stretches, transitions, starts, ends, numbers)
    rows = zip(*(column.tolist() for column in found), strict=True)
    return [Tagged(start, end, labels[number], probability) for start, end, number, probability in rows]


def _log_softmax(logits: Floats) -> Floats:
    shifted = logits - logits.max(axis=1, keepdims=True)
    normal: Floats = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return normal


def _stretches(scores: Floats) -> Stretches | None:
    """The stretches of a text; None where every word is surely `O`."""
    doubtful = scores[:, 0] < np.log(CERTAIN)
    edges = np.diff(np.concatenate([[0], doubtful.astype(np.int8), [0]]))
    starts, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
    if not len(starts):
        return None
    order = np.argsort(starts - ends, kind="stable")
    starts, sizes = starts[order], (ends - starts)[order] + 1
    places = np.arange(sizes[0])
    counts = np.searchsorted(-sizes, -places)  # the runs that are longer than a place
    offsets = np.concatenate([[0], np.cumsum(counts)])
    place = np.repeat(places, counts)
    runs = np.arange(offsets[-1]) - offsets[place]
    words = starts[runs] + place
    packed = scores.take(words, axis=0, mode="clip")
    last = place == sizes[runs] - 1
    packed[last] = NEVER
    packed[last, 0] = 0.0
    return Stretches(packed, offsets.tolist(), words, runs)


def _best(stretches: Stretches, transitions: Floats) -> Numbers:
    """The tag of each packed word on the best path of its run."""
    scores = stretches.scores
    came = np.zeros(scores.shape, dtype=np.int64)
    best = _begun(scores[: stretches.offsets[1]])
    for left, reached in stretches.steps():
        steps = best[: left.stop - left.start, :, None] + transitions
        came[reached] = steps.argmax(axis=1)
        best = steps.max(axis=1) + scores[reached]
    path = np.zeros(len(scores), dtype=np.int64)  # every run ends with `O`
    for left, reached in reversed(stretches.steps()):
        path[left] = came[np.arange(reached.start, reached.stop), path[reached]]
    return path


def _begun(scores: Floats) -> Floats:
    """Scores of first words: no run begins with `I-`."""
    scores = scores.copy()
    scores[:, 2::2] = NEVER
    return scores


def _probabilities(
    stretches: Stretches, transitions: Floats, starts: Numbers, ends: Numbers, numbers: Numbers
) -> Floats:
    """How likely each mention is: the summed weight of all paths with exactly this one, against that of all paths.

    starts, ends: words of the text; numbers: of the labels.
    """
    scores = stretches.scores
    forward, backward, total = _sums(stretches, transitions)
    at = np.zeros(stretches.words.max() + 1, dtype=np.int64)
    at[stretches.words] = np.arange(len(scores))
    begin, inside = 1 + 2 * numbers, 2 + 2 * numbers
    weights = forward[at[starts], begin].astype(np.float64)
    last = begin.copy()
    for length in range(1, (ends - starts).max(initial=1)):
        longer = np.flatnonzero(ends - starts > length)
        tag = inside[longer]
        weights[longer] += transitions[last[longer], tag] + scores[at[starts[longer] + length], tag]
        last[longer] = tag
    after = transitions[last] + scores[at[ends]] + backward[at[ends]]
    after[np.arange(len(after)), inside] = NEVER
    weights += _log_sum(after, axis=1)
    found: Floats = np.exp(np.minimum(0.0, weights.astype(np.float32) - total[stretches.runs[at[starts]]]))
    return found


def _sums(stretches: Stretches, transitions: Floats) -> tuple[Floats, Floats, Floats]:
    """Of all paths, the log of the summed weights up to each packed word and from it on; and, by run, of whole paths."""
    scores, steps = stretches.scores, stretches.steps()
    forward, backward = _begun(scores), np.zeros_like(scores)
    for left, reached in steps:
        forward[reached] = _log_sum(forward[left][:, :, None] + transitions, axis=1) + scores[reached]
    for left, reached in reversed(steps):
        backward[left] = _log_sum(transitions + (scores[reached] + backward[reached])[:, None, :], axis=2)
    total = np.zeros(stretches.offsets[1], dtype=np.float32)
    total[stretches.runs] = forward[:, 0]  # the last one stays: every path ends with the `O` that ends its run
    return forward, backward, total


def _log_sum(values: Floats, axis: int) -> Floats:
    top = values.max(axis=axis, keepdims=True)
    summed: Floats = np.log(np.exp(values - top).sum(axis=axis)) + top.squeeze(axis)
    return summed
