import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dossier.evaluate.bootstrap import Units, compare, count, interval, resample
from dossier.evaluate.scoring import judge, pair_strict
from dossier.gold import GoldRecord

DRAWS = 500


def tallies(*rows):
    """One label: right, spurious, missed for each unit."""
    return np.array(rows)[:, None, :]


def f_of(counts):
    right, spurious, missed = counts.sum(axis=(0, 1))
    return 2 * right / (2 * right + spurious + missed) if right else 0.0


def difference(a, b, draws=DRAWS):
    sample = resample([a, b], draws=draws)
    return compare(sample[:, 0, 0], sample[:, 1, 0], f_of(b) - f_of(a))


def test_counts_are_kept_by_unit_and_label(gold, proposed):
    records = [gold("the [NRF|ORG] met [Ola|PERSON]", id="a"), gold("in [Narvik|PLACE]", id="b")]
    found = [proposed("the [NRF|ORG] met Ola"), proposed("[in|PLACE] [Narvik|PLACE]")]
    labels = ("ORG", "PERSON", "PLACE")
    pairs = [pair_strict(judge(r, f, labels)) for r, f in zip(records, found, strict=True)]

    counts = count(Units(records), pairs, labels)

    assert counts.tolist() == [
        [[1, 0, 0], [0, 0, 1], [0, 0, 0], [1, 0, 1]],
        [[0, 0, 0], [0, 0, 0], [1, 1, 0], [1, 1, 0]],
    ]


def test_a_clear_gain_is_significant_and_a_tie_is_not():
    worse = tallies(*[(6, 2, 4)] * 30)
    better = tallies(*[(8, 1, 2)] * 30)

    gain = difference(worse, better)
    assert (gain.significant, gain.f > 0, gain.interval.low > 0) == (True, True, True)
    tie = difference(worse, worse)
    assert (tie.significant, tie.f, tie.p) == (False, 0.0, 1.0)


def test_the_interval_holds_the_score():
    counts = tallies(*[(8, 1, 2), (3, 3, 3), (9, 0, 1), (5, 5, 0)] * 10)

    found = interval(resample([counts], draws=2000)[:, 0, 0])

    assert found.low < f_of(counts) < found.high
    assert found.high - found.low < 0.2


ROWS = st.lists(st.tuples(*[st.integers(0, 9)] * 6), min_size=6, max_size=20)


@settings(deadline=None)
@given(ROWS)
def test_swapping_models_flips_the_sign(rows):
    a, b = tallies(*(r[:3] for r in rows)), tallies(*(r[3:] for r in rows))

    there, back = difference(a, b), difference(b, a)

    assert there.f == pytest.approx(-back.f)
    assert (there.interval.low, there.interval.high) == pytest.approx((-back.interval.high, -back.interval.low))
    assert (there.p, there.significant) == (back.p, back.significant)
    assert 0 < there.p <= 1


def test_the_same_seed_draws_the_same():
    counts = tallies(*[(8, 1, 2), (3, 3, 3)] * 10)

    assert (resample([counts], draws=50, seed=1) == resample([counts], draws=50, seed=1)).all()
    assert (resample([counts], draws=50, seed=1) != resample([counts], draws=50, seed=2)).any()


def test_every_draw_has_as_many_units_as_the_set():
    """With the same counts everywhere, every draw scores the same."""
    assert np.ptp(resample([tallies(*[(6, 2, 4)] * 7)], draws=300)) == pytest.approx(0)


def test_ten_thousand_draws_of_two_thousand_texts_take_less_than_a_second():
    counts = np.random.default_rng(1).integers(0, 9, (2000, 8, 3))
    taken = []
    for _ in range(3):
        began = time.process_time()
        resample([counts, counts[::-1]], draws=10_000)
        taken.append(time.process_time() - began)

    assert min(taken) < 1  # CPU seconds: .2 on a quiet core


def records(count, text="one\n\ntwo\n \nthree", **meta):
    return [GoldRecord(str(i), text, meta=meta) for i in range(count)]


def test_few_documents_are_drawn_by_paragraph():
    units = Units(records(3))

    assert (units.kind, units.count) == ("paragraphs", 9)
    assert [units.at(1, at) for at in (0, 3, 5, 11)] == [3, 3, 4, 5]


def test_many_documents_are_drawn_whole():
    units = Units(records(20))

    assert (units.kind, units.count, units.at(7, 11)) == ("documents", 20, 7)


def test_texts_of_one_document_are_drawn_together():
    parts = [GoldRecord(f"{d}-{i}", "one", meta={"doc": d}) for d in "abcdefghijklmnopqrstu" for i in range(2)]

    units = Units(parts)

    assert (units.count, units.at(2, 0), units.at(3, 0)) == (21, 1, 1)
