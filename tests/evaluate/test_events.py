"""The measure of events, on cases worked out by hand."""

from __future__ import annotations

import pytest

from dossier.evaluate.events import from_gold, is_found, pairs, score
from dossier.gold import GoldEvent, GoldRecord, GoldSpan
from dossier.records import Span

TOLL = {"text": "12 killed", "norm": {"min": 12, "max": 12, "unit": "killed", "approximate": False}}


def gold(**more):
    """A gold event with a date, a place and a toll."""
    made = {
        "type": "attack",
        "date": {"text": "May 2001", "norm": "2001-05"},
        "place": [{"text": "Oslo", "norm": None}],
    }
    made |= {"killed": TOLL, "wounded": None, "hostages": None, "ransom": None}
    return made | {"evidence": {"start": 0, "end": 40}, "other_evidence": []} | more


def found(**more):
    made = {
        "type": "bombing", "date": {"text": "in May", "norm": {"edtf": "2001-05"}},
        "place": [{"text": "Oslo"}, {"text": "Norway"}],
        "killed": {"min": 12, "max": 12}, "wounded": None, "hostages": None, "ransom": None,
        "evidence": [{"source": {"start": 10, "end": 30}}],
    }  # fmt: skip
    return made | more


@pytest.mark.parametrize(
    ("change", "right"),
    [
        ({}, True),
        ({"wounded": {"min": 3, "max": 3}}, True),  # more than the gold says
        ({"date": None}, False),
        ({"date": {"text": "2001", "norm": {"edtf": "2001"}}}, False),
        ({"place": []}, False),
        ({"killed": {"min": 13, "max": 13}}, False),
        ({"type": "merger"}, False),
    ],
)
def test_an_event_is_found_with_its_date_place_and_toll(change, right):
    assert is_found(gold(), found(**change)) is right


def test_an_event_without_a_place_or_toll_in_the_gold_asks_for_none():
    assert is_found(gold(place=[], killed=None), found(place=[], killed=None))


def test_each_event_counts_once():
    assert score([gold()], [found(), found()]) == {"dated found": 1.0, "precision": 0.5, "recall": 1.0}
    assert pairs([1, 2], [1, 2, 3], lambda one, other: other in (one, 1)) == 2


def test_an_event_told_in_other_words_is_none_of_the_gold():
    elsewhere = found(evidence=[{"source": {"start": 50, "end": 60}}])

    assert score([gold()], [elsewhere])["precision"] == 0.0
    assert score([gold()], [found(date={"text": "2003", "norm": {"edtf": "2003"}})])["precision"] == 0.0


def test_the_gold_of_a_marked_text_has_the_same_form():
    text = "Gunmen attacked a bank in Oslo in May 2001."
    spans = (GoldSpan(26, 30, "PLACE", {"norm": "NO"}), GoldSpan(34, 42, "DATE", {"norm": "2001-05"}))
    more = {
        "date": 1, "place": [0], "target": [{"start": 16, "end": 22, "text": "a bank"}], "killed": None, "evidence": [[0, 43]],
        "status": "asserted",
    }  # fmt: skip
    (event,) = from_gold(GoldRecord("d", text, spans, events=(GoldEvent("attack", Span(7, 15), more),)))

    assert (event["date"], event["place"]) == (
        {"text": "May 2001", "norm": "2001-05"},
        [{"text": "Oslo", "norm": "NO"}],
    )
    assert event["target"] == [{"text": "a bank", "norm": None}]
    assert (event["evidence"], event["other_evidence"]) == ({"start": 0, "end": 43}, [])
