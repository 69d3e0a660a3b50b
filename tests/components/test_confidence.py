"""How sure a joined mention is."""

from __future__ import annotations

import pytest

from dossier.components.confidence import calibrated
from dossier.records import Found


def marked(number, confidence, by="encoder", label="ORG"):
    return Found(10 * number, 10 * number + 5, label, confidence, by)


def sure(found, rules, model):
    return [one.confidence for one in calibrated(found, rules, model)]


def test_what_both_propose_is_surer_than_what_one_does():
    rules, model = [marked(0, 0.9, "names"), marked(1, 0.9, "names")], [marked(0, 0.9), marked(2, 0.9)]

    both, rule, encoder = sure([*rules, model[1]], rules, model)

    assert both > encoder > rule


def test_the_encoder_s_own_doubt_counts():
    model = [marked(0, 0.95), marked(1, 0.6)]

    assert sure(model, [], model)[0] > sure(model, [], model)[1]


def test_where_rules_and_encoder_agree_what_only_the_rules_see_is_surer():
    alone = marked(9, 0.9, "names")
    rules = [*(marked(number, 0.9, "names") for number in range(8)), alone]
    seconding = [marked(number, 0.9) for number in range(8)]
    elsewhere = [marked(number, 0.9) for number in range(20, 28)]

    assert sure([*rules], rules, seconding)[-1] > sure([*rules, *elsewhere], rules, elsewhere)[8]


@pytest.mark.parametrize("label", ["QUANTITY", "WEAPON"])
def test_a_label_that_the_encoder_is_not_heard_on_keeps_the_rule_s_own_doubt(label):
    rules = [marked(0, 0.9, "quantities", label), marked(1, 0.6, "quantities", label)]

    assert sure(rules, rules, []) == [0.72, 0.48]


def test_no_mentions_no_confidence():
    assert calibrated([], [], []) == []
