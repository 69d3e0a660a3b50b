"""A name has one label in a text where one is surer by far, and is marked wherever it stands."""

from __future__ import annotations

import pytest

from dossier.components.lexicon import lexicon_of
from dossier.components.settle import again, settle
from dossier.components.view import view_of
from dossier.records import Found, Link, Span
from dossier.resources import configs_folders


@pytest.fixture
def marked():
    """Mentions of a text: `(words, label, confidence)`, each at the next place where its words stand."""

    def marked(text, *rows, by="encoder"):
        found, at = [], {}
        for words, label, confidence in rows:
            start = text.index(words, at.get(words, 0))
            at[words] = start + 1
            found.append(Found(start, start + len(words), label, confidence, by))
        return found

    return marked


def labels(found):
    return [one.label for one in found]


def test_a_name_keeps_one_label_where_one_is_surer_by_far(marked):
    text = "Red Dawn met. Red Dawn left. Red Dawn won."
    rows = [("Red Dawn", label, c) for label, c in (("ORG", 0.9), ("PERSON", 0.6), ("ORG", 0.9))]

    assert labels(settle(text, [], marked(text, *rows))[1]) == ["ORG"] * 3
    assert labels(settle(text, [], marked(text, *rows[:2]))[1]) == ["ORG", "PERSON"]  # not by far


def test_a_label_given_for_the_sake_of_the_others_is_no_surer_than_their_share(marked):
    text = "Karn, Karn, Karn"
    found = settle(text, [], marked(text, ("Karn", "PLACE", 0.9), ("Karn", "PLACE", 0.9), ("Karn", "ORG", 0.8)))[1]

    assert labels(found) == ["PLACE"] * 3
    assert found[2].confidence == pytest.approx(1.8 / 2.6, abs=1e-3)


def test_what_the_rules_say_of_a_name_counts_once_and_what_the_encoder_says_at_each_place(marked):
    text = "Karn, Karn, Karn"
    rules = marked(text, *[("Karn", "ORG", 0.9)] * 3, by="names")

    assert labels(settle(text, rules, marked(text, *[("Karn", "PLACE", 0.9)] * 3))[0]) == ["PLACE"] * 3
    assert labels(settle(text, rules, marked(text, ("Karn", "PLACE", 0.9)))[0]) == ["ORG"] * 3


def test_a_name_of_the_lists_keeps_its_label(marked):
    text = "Chad, Chad, Chad"
    listed = marked(text, ("Chad", "PLACE", 0.9), by="gazetteer")
    said = [("Chad", "PERSON", 0.9)] * 3

    rules, model = settle(text, listed, marked(text, *said))

    assert labels(rules) == ["PLACE"]
    assert labels(model) == ["PERSON"] * 3


def test_other_names_of_one_referent_are_judged_together(marked):
    text = "Red Dawn (the White Hand)"
    model = marked(text, ("Red Dawn", "PERSON", 0.6), ("White Hand", "ORG", 0.97))
    rules = marked(text, ("White Hand", "ORG", 0.9), by="aliases")
    ends = (Span(one.start, one.end) for one in reversed(model))
    alias = Link("alias_of", *ends, Span(0, len(text)), 0.9, "aliases")

    assert labels(settle(text, rules, model)[1]) == ["PERSON", "ORG"]
    assert labels(settle(text, rules, model, [alias])[1]) == ["ORG", "ORG"]


@pytest.mark.parametrize(("sure", "often", "expected"), [(0.9, 2, 3), (0.9, 1, 1), (0.6, 2, 2)])
def test_a_name_found_twice_and_surely_is_marked_wherever_it_stands(nlp, marked, sure, often, expected):
    text = "He saw Xarvan. She saw Xarvan. They saw Xarvan."
    view = view_of(nlp.make_doc(text))
    lexicon = lexicon_of(tuple(str(folder) for folder in configs_folders()))

    found = again(view, marked(text, *[("Xarvan", "PLACE", sure)] * often), lexicon, "join")

    assert [(text[one.start : one.end], one.label) for one in found] == [("Xarvan", "PLACE")] * expected


def test_a_name_is_not_marked_again_inside_a_longer_one(nlp, marked):
    text = "He saw Xarvan. She saw Xarvan. They saw Xarvan Hotspur and Lower Xarvan."
    view = view_of(nlp.make_doc(text))
    lexicon = lexicon_of(tuple(str(folder) for folder in configs_folders()))

    assert len(again(view, marked(text, *[("Xarvan", "PLACE", 0.9)] * 2), lexicon, "join")) == 2
