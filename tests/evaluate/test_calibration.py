import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossier.evaluate.calibration import Bin, calibrate


def test_the_error_is_the_mean_gap_by_size_of_the_bins():
    answers = [(0.95, True)] * 3 + [(0.95, False)] + [(0.55, True)] * 2

    found = calibrate(answers)

    assert found.bins == (
        Bin(0.5, 0.6, 2, pytest.approx(0.55), 1.0),
        Bin(0.9, 1.0, 4, pytest.approx(0.95), 0.75),
    )
    assert found.error == pytest.approx((2 * 0.45 + 4 * 0.20) / 6)


def test_thousandths_fall_into_the_bin_they_name():
    rows = calibrate([(c, True) for c in (0.0, 0.299, 0.3, 0.7, 1.0)]).bins

    assert [(row.low, row.count) for row in rows] == [(0.0, 1), (0.2, 1), (0.3, 1), (0.7, 1), (0.9, 1)]


def test_nothing_proposed_is_no_error():
    assert (calibrate([]).error, calibrate([]).count) == (0.0, 0)


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=30))
def test_the_error_lies_between_nothing_and_all_and_no_answer_is_lost(answers):
    found = calibrate(answers)

    assert 0 <= found.error <= 1
    assert sum(row.count for row in found.bins) == found.count == len(answers)
