"""The loss of partly known tags, checked against the sum over every path."""

from itertools import pairwise, product

import numpy as np
import pytest

from dossier.components.tagging import transitions_of
from dossier.train.crf import crf_loss, make_batch
from dossier.train.tags import Chain

LABELS = ("ORG", "PLACE")
TAGS = 5


def make(lengths, seed=0):
    rng = np.random.default_rng(seed)
    chains = []
    for length in lengths:
        allowed = rng.random((length, TAGS)) < 0.6
        allowed[:, 0] = True  # at least one path
        chains.append(Chain(rng.standard_normal((length, 3)).astype(np.float32), allowed))
    batch = make_batch(chains)
    scores = rng.standard_normal((sum(lengths), TAGS)).astype(np.float32) * 2
    moves = rng.standard_normal((TAGS, TAGS)).astype(np.float32) + transitions_of(LABELS)
    return chains, batch, scores, moves


def by_every_path(chains, scores, moves):
    total, at = 0.0, 0
    for chain in chains:
        length = len(chain.states)
        sums = {True: 0.0, False: 0.0}
        for path in product(range(TAGS), repeat=length):
            if path[0] in (2, 4):
                continue
            weight = sum(scores[at + t, tag] for t, tag in enumerate(path))
            weight += sum(moves[a, b] for a, b in pairwise(path))
            weight = np.exp(float(weight))
            sums[False] += weight
            if all(chain.allowed[t, tag] for t, tag in enumerate(path)):
                sums[True] += weight
        total += np.log(sums[False]) - np.log(sums[True])
        at += length
    return total


@pytest.mark.parametrize("lengths", [(1,), (4,), (3, 5, 1, 2)])
def test_the_loss_is_that_of_every_path(lengths):
    chains, batch, scores, moves = make(lengths)

    assert crf_loss(scores, moves, batch).value == pytest.approx(by_every_path(chains, scores, moves), rel=1e-4)


def test_the_gradients_are_those_of_small_steps():
    _, batch, scores, moves = make((3, 5, 1))
    loss = crf_loss(scores, moves, batch)
    step = 1e-2
    for array, gradient in ((scores, loss.scores), (moves, loss.transitions)):
        for place in [(0, 0), (1, 3), (2, 2), (4, 1), (0, 4)]:
            if array is moves and moves[place] < -100:
                continue
            up, down = array.copy(), array.copy()
            up[place] += step
            down[place] -= step
            pair = [crf_loss(*((a, moves) if array is scores else (scores, a)), batch).value for a in (up, down)]
            assert gradient[place] == pytest.approx((pair[0] - pair[1]) / (2 * step), abs=2e-3)


def test_words_that_may_be_anything_cost_nothing():
    _, _, scores, moves = make((4,))
    batch = make_batch([Chain(np.zeros((4, 3), np.float32), np.ones((4, TAGS), dtype=bool))])

    loss = crf_loss(scores, moves, batch)

    assert loss.value == pytest.approx(0, abs=1e-9)
    assert np.abs(loss.scores).max() < 1e-6


def test_very_sure_and_very_wrong_scores_stay_finite():
    _, batch, scores, moves = make((6, 2))
    loss = crf_loss(scores * 200, moves, batch)

    assert np.isfinite(loss.value)
    assert np.isfinite(loss.scores).all()
