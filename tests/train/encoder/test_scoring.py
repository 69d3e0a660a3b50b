"""F1, its intervals, and calibration."""

from __future__ import annotations

import numpy as np
import pytest

from dossier.components.tagging import Tagged
from dossier.train.encoder import scoring
from dossier.train.encoder.data import Marked


def _marked(spans, ignore=()):
    return Marked("t", "x" * 40, tuple(spans), frozenset({"ORG"}), tuple(ignore))


def test_a_border_off_by_one_is_spurious_and_missed():
    counts = scoring.count([_marked([(0, 4, "ORG")])], [[Tagged(0, 5, "ORG", 0.9)]], ["ORG"])

    assert counts.tolist() == [[[0, 1, 1]]]


def test_nothing_counts_that_touches_an_ignored_stretch():
    record = _marked([(0, 4, "ORG"), (10, 14, "ORG")], ignore=[(2, 6)])

    counts = scoring.count([record], [[Tagged(5, 8, "ORG", 0.9), Tagged(10, 14, "ORG", 0.9)]], ["ORG"])

    assert counts.tolist() == [[[1, 0, 0]]]


def test_a_model_compared_with_itself_gains_nothing():
    counts = np.ones((5, 1, 3))

    assert scoring.compare(counts, counts) == (0.0, 1.0)


def test_interval_holds_the_score():
    counts = np.random.default_rng(0).integers(1, 9, (30, 2, 3)).astype(float)
    low, high = scoring.interval(counts)

    assert low < scoring.f1(counts) < high


def test_sigmoid_makes_confidence_the_share_that_is_right():
    rng = np.random.default_rng(0)
    truth = rng.uniform(0.05, 0.95, 4000)
    right = (rng.random(4000) < truth).astype(float)
    bold = 1 / (1 + np.exp(-2 * scoring.logit(truth)))  # twice as sure as it should be

    slope, shift = scoring.fit_sigmoid(bold, right)

    assert slope == pytest.approx(0.5, abs=0.05)
    assert shift == pytest.approx(0, abs=0.1)
    calm = 1 / (1 + np.exp(-(slope * scoring.logit(bold) + shift)))
    assert scoring.calibration_error(calm, right) < 0.03 < scoring.calibration_error(bold, right)


def test_sigmoid_is_found_where_nearly_all_are_sure():
    """Long training makes most mentions certain, the wrong ones too: from there a whole step of Newton's leads away."""
    probability = np.repeat([0.9999, 0.9, 0.6], [5000, 200, 100])
    right = np.concatenate([np.arange(5000) % 20 != 0, np.arange(200) % 2 == 0, np.arange(100) % 3 == 0]).astype(float)

    slope, shift = scoring.fit_sigmoid(probability, right)

    assert 0 < slope < 2
    said = 1 / (1 + np.exp(-(slope * scoring.logit(probability) + shift)))
    assert said.mean() == pytest.approx(right.mean(), abs=0.001)
