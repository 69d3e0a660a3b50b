"""QUANTITY mentions and their values: annotation guide, sections 1 and 2. All organisations are invented."""

from __future__ import annotations

import json
import re
import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dossier.errors import QuantityError
from dossier.normalize.quantities import Quantity, QuantitySpan, find_quantities, parse_quantity

REPORTS = Path(__file__).parents[3] / "shared" / "reports"


def unmark(marked: str) -> tuple[str, list[str]]:
    """Split `took ⟦32 Europeans⟧` into the text and the marked words."""
    return marked.replace("⟦", "").replace("⟧", ""), re.findall("⟦(.*?)⟧", marked, re.DOTALL)


def found_in(text: str) -> list[str]:
    return [text[span.start : span.end] for span in find_quantities(text)]


SENTENCES = [
    "The Lanternists have ⟦600-800 Fighters⟧, or ⟦several hundred fighters⟧ by another count.",
    "⟦20 others⟧ were killed (⟦20 killed⟧, ⟦unknown wounded⟧) and ⟦60+ wounded⟧ lay in the street.",
    "They were let go (⟦no casualties⟧); the toll is open (⟦unknown casualties⟧).",
    "The Red Heron Front took ⟦32 Europeans⟧ hostage; ⟦one hostage⟧ died and ⟦over 200 hostages⟧ were freed.",
    "⟦Three U.S. citizens⟧ died, ⟦seven other Vestmarkians⟧ fled, ⟦one Vestmarkian⟧ was shot; and ⟦one⟧ was killed later.",
    "The attack killed ⟦four\nVestmark soldiers⟧ and ⟦at least 12⟧ were wounded.",
    "It drew ⟦millions of\ndollars⟧, or ⟦tens of millions of dollars⟧, and ⟦over $50 million⟧ in tolls.",
    "A pledge of ⟦$60\nmillion⟧, then ⟦€2.5 million⟧, ⟦£300,000⟧, ⟦US$ 12 million⟧ and ⟦6 million euros⟧.",
    "It paid ⟦500,000 CFA francs⟧, ⟦20,000 U.S. dollars⟧ and ⟦$10-15 million⟧ in all.",
    "In 2013 two groups from five countries and several factions met for six years in three towns.",
    "In 2015 attacks on 2012 targets rose 20 percent; 12% of them, aged 20, came from 3 provinces.",
    "See note [7], Figure 2, section 4, 20 km of road, 12.7 mm machine guns and AK-47 rifles.",
    "On May 20 people marched; on 3 May soldiers fired; the 20-year-old fighters of the G20 members ran.",
    "2010: ⟦Less than 1,000⟧ (Yearbook)[4]\n2012: ⟦300⟧ (Almanac)\n2013: ⟦Several hundred⟧ in the hills",
    "⟦Between 300 and 500 militants⟧, ⟦about 300 gunmen⟧, ⟦up to 40 trucks⟧ and ⟦hundreds of rifles⟧ crossed.",
    "It holds ⟦one hundred and fifty prisoners⟧, ⟦two dozen vehicles⟧ and ⟦dozens of mortars⟧.",
    "The Snow Column has ⟦1\u202f000 members⟧, ⟦some 2000 members⟧ and ⟦1998 fighters⟧.",
    "August 2021 – ⟦Sixteen people⟧ were killed.",
    "2003 - ⟦20 people⟧ killed; ⟦1500 - 2000 fighters⟧ fled.",
    "On December 26, 1982 demonstrators gathered; ⟦12 people⟧ died.",
    "In March 2015 police shot ⟦ten people⟧, and on 3 May 1998 soldiers shot ⟦three people⟧.",
    "In 2003 fighters came; in 2004 soldiers went; the 2017 bombings killed ⟦20 Chadian and Malian soldiers⟧.",
    "Police seized ⟦20 tons of explosives⟧, ⟦three surface-to-air missiles⟧ and ⟦two machine guns⟧.",
    "It claimed ⟦four suicide bombings⟧ and ⟦11 attacks⟧ but ruled ⟦tens of thousands of people⟧.",
    "Two police stations and two weapons depots burned; ⟦two police officers⟧ fell, ⟦two police⟧ were hurt.",
    "One group, one of the men, no one, and one militant group were there; no one was killed.",
    "An ⟦estimated 300 to 500 insurgents⟧ stayed.",
    "The blast left ⟦30 dead⟧ and ⟦more than 100 injured⟧, wounding ⟦15⟧ in the hall and killing ⟦two⟧.",
    "With a strength of ⟦1,200⟧, it kidnapped ⟦a dozen girls⟧ and ⟦a few hundred villagers⟧.",
]


@pytest.mark.parametrize("marked", SENTENCES)
def test_every_quantity_of_a_sentence_is_found_and_nothing_else(marked):
    text, quantities = unmark(marked)

    assert found_in(text) == quantities


@pytest.mark.parametrize(
    ("words", "low", "high", "unit", "approximate"),
    [
        ("600-800 Fighters", 600, 800, "fighters", False),
        ("several hundred fighters", 200, 900, "fighters", True),
        ("several thousand", 2000, 9000, None, True),
        ("a few hundred villagers", 200, 900, "villagers", True),
        ("Less than 1,000", None, 999, None, False),
        ("fewer than 20 men", None, 19, "men", False),
        ("up to 40 trucks", None, 40, "trucks", False),
        ("as many as 40 trucks", None, 40, "trucks", False),
        ("no more than 40 trucks", None, 40, "trucks", False),
        ("over 200", 200, None, None, False),
        ("more than 200 hostages", 200, None, "hostages", False),
        ("at least 12", 12, None, None, False),
        ("no fewer than 12", 12, None, None, False),
        ("60+ wounded", 60, None, "wounded", False),
        ("60 or more wounded", 60, None, "wounded", False),
        ("millions of\ndollars", 2_000_000, None, "USD", True),
        ("tens of millions of dollars", 20_000_000, None, "USD", True),
        ("dozens of mortars", 24, None, "mortars", True),
        ("hundreds of rifles", 200, None, "rifles", True),
        ("thousands of people", 2000, None, "people", True),
        ("tens of thousands of people", 20_000, None, "people", True),
        ("hundreds of thousands of people", 200_000, None, "people", True),
        ("about 300 gunmen", 300, 300, "gunmen", True),
        ("nearly 300 gunmen", 300, 300, "gunmen", True),
        ("estimated 300 to 500 insurgents", 300, 500, "insurgents", True),
        ("up to about 300 men", None, 300, "men", False),
        ("between 300 and 500 militants", 300, 500, "militants", False),
        ("two or three soldiers", 2, 3, "soldiers", False),
        ("$6 million", 6_000_000, 6_000_000, "USD", False),
        ("$60\nmillion", 60_000_000, 60_000_000, "USD", False),
        ("$4.060 billion", 4_060_000_000, 4_060_000_000, "USD", False),
        ("$10-15 million", 10_000_000, 15_000_000, "USD", False),
        ("$800,000 to $1.2 million", 800_000, 1_200_000, "USD", False),
        ("over $50 million", 50_000_000, None, "USD", False),
        ("two to three million people", 2_000_000, 3_000_000, "people", False),
        ("US$ 12 million", 12_000_000, 12_000_000, "USD", False),
        ("€2.5 million", 2_500_000, 2_500_000, "EUR", False),
        ("£3.5m", 3_500_000, 3_500_000, "GBP", False),
        ("6 million euros", 6_000_000, 6_000_000, "EUR", False),
        ("20,000 U.S. dollars", 20_000, 20_000, "USD", False),
        ("500,000 CFA francs", 500_000, 500_000, "CFA francs", False),
        ("several million Algerian dinars", 2_000_000, 9_000_000, "Algerian dinars", True),
        ("no casualties", 0, 0, "casualties", False),
        ("unknown wounded", None, None, "wounded", False),
        ("unknown casualties", None, None, "casualties", False),
        ("0 wounded", 0, 0, "wounded", False),
        ("20 killed", 20, 20, "killed", False),
        ("20 others", 20, 20, "others", False),
        ("seven other Americans", 7, 7, "Americans", False),
        ("one American", 1, 1, "Americans", False),
        ("one soldier", 1, 1, "soldiers", False),
        ("one policeman", 1, 1, "policemen", False),
        ("Three U.S. citizens", 3, 3, "U.S. citizens", False),
        ("four\nU.S. soldiers", 4, 4, "U.S. soldiers", False),
        ("20 tons of explosives", 20, 20, "tons of explosives", False),
        ("twenty-two men", 22, 22, "men", False),
        ("two dozen men", 24, 24, "men", False),
        ("half a dozen men", 6, 6, "men", False),
        ("one hundred and fifty men", 150, 150, "men", False),
        ("two hundred thousand people", 200_000, 200_000, "people", False),
        ("three thousand two hundred men", 3200, 3200, "men", False),
        ("1.5 million people", 1_500_000, 1_500_000, "people", False),
        ("1\u202f000 members", 1000, 1000, "members", False),
        ("1 000 members", 1000, 1000, "members", False),
    ],
)
def test_words_have_their_value(words, low, high, unit, approximate):
    assert parse_quantity(words) == Quantity(low, high, unit, approximate)


def test_a_bare_number_takes_the_unit_before_it():
    assert parse_quantity("one", antecedent="Americans") == Quantity(1, 1, "Americans", False)
    assert parse_quantity("one").unit is None
    assert parse_quantity("two men", antecedent="Americans").unit == "men"


def test_the_normal_form_is_that_of_the_guide():
    norm = {"min": 60, "max": None, "unit": "wounded", "approximate": False}

    assert parse_quantity("60+ wounded").as_norm() == norm


@pytest.mark.parametrize("words", [" ", "fighters", "several", "at least", "x" * 500])
def test_words_without_an_amount_are_refused(words):
    with pytest.raises(QuantityError, match=re.escape(words[:40])):
        parse_quantity(words)


# --- properties ---

WORDS = "American Americans soldiers fighters killed wounded were no unknown casualties others police "
WORDS += "stations [7] ( ) , . \n"
PIECES = st.sampled_from(WORDS.split(" "))


def check_spans(text: str) -> None:
    spans = find_quantities(text)
    assert all(isinstance(span, QuantitySpan) and 0 <= span.start < span.end <= len(text) for span in spans)
    assert all(before.end <= after.start for before, after in pairwise(spans))
    for span in spans:
        value = parse_quantity(text[span.start : span.end])
        assert value.min is None or value.max is None or value.min <= value.max


@given(st.integers(2, 10**9), st.sampled_from(["men", "soldiers", "killed"]))
def test_a_written_count_is_found_and_reads_back(count, unit):
    words = f"{count:,} {unit}"

    assert found_in(f"The toll ({words}) rose.") == [words]
    assert parse_quantity(words) == Quantity(count, count, unit, False)


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES, max_size=14), st.sampled_from([" ", ""]))
def test_spans_of_number_like_text_are_disjoint_and_parse(pieces, glue):
    check_spans(glue.join(pieces))


@settings(max_examples=300)
@given(st.text())
def test_any_text_is_read_without_an_error(text):
    check_spans(text)


@settings(max_examples=300)
@given(st.one_of(st.text(max_size=40), st.lists(PIECES, max_size=8).map(" ".join)))
def test_words_are_parsed_or_refused(words):
    try:
        value = parse_quantity(words)
    except QuantityError:
        return
    assert value.min is None or value.max is None or value.min <= value.max


HOSTILE = [
    "1",
    "- ",
    "a",
    "one ",
    "several hundred ",
    "hundreds of ",
    "1,",
    "$1",
    "1 000 ",
    "5 Al ",
    "20 Chadian and ",
    "12 B and ",
    "\u00a0",
    "at least ",
    "one hundred and ",
    "2 U.S. ",
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_time_is_linear_in_the_text(piece):
    text = (piece * 200_000)[:200_000]
    begin = time.process_time()
    find_quantities(text)

    assert time.process_time() - begin < 4  # seconds; 0.8 at worst on an idle core


@pytest.mark.skipif(not REPORTS.exists(), reason="the sample reports are not here")
def test_the_reference_annotation_is_met():
    folder = REPORTS / "aqim-crs-brief.gold"
    gold = [json.loads(line) for line in (folder / "mentions.jsonl").read_text("utf-8").splitlines()]
    quantities = [mention for mention in gold if mention["label"] == "QUANTITY"]
    text = (REPORTS / "aqim-crs-brief.txt").read_text("utf-8")
    spans = find_quantities(text)
    values, unit = [], None
    for span in spans:
        value = parse_quantity(text[span.start : span.end], antecedent=unit)
        values.append(value.as_norm())
        unit = value.unit

    assert [(span.start, span.end) for span in spans] == [(m["start"], m["end"]) for m in quantities]
    assert values == [mention["norm"] for mention in quantities]


@pytest.mark.parametrize(
    ("words", "low", "high"),
    [
        ("15,000 at most", None, 15_000),
        ("hundreds to a few thousand", 200, 9_000),
        ("several hundred to 1,000", 200, 1_000),
    ],
)
def test_a_vague_range_has_both_limits(words, low, high):
    quantity = parse_quantity(words)

    assert (quantity.min, quantity.max) == (low, high)
