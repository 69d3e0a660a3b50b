"""CEAF-REE on cases worked out by hand, and the mapping to the roles of MUC-4."""

from __future__ import annotations

import pytest

from dossier.evaluate.muc import agreeing, capitalised, ceaf_ree, load, plain, predict

COMPANY = ["Pilmai telephone company building", "telephone company building", "telephone company offices"]
GOLD = [COMPANY, ["water pipes"], ["public telephone booth"]]


def micro(*documents):
    return ceaf_ree(documents)["micro"]


def test_two_predictions_of_one_entity_count_once():
    predicted = [["water pipes"], [COMPANY[0]], ["public telephone booth"], [COMPANY[2]]]

    assert agreeing(GOLD, predicted) == 3
    assert micro(({"Target": GOLD}, {"Target": predicted})) == {"P": 0.75, "R": 1.0, "F": 0.8571}


def test_what_is_missing_lowers_recall_alone():
    assert micro(({"Target": GOLD}, {"Target": [[COMPANY[0]], ["public telephone booth"]]})) == {
        "P": 1.0,
        "R": 0.6667,
        "F": 0.8,
    }


def test_an_entity_with_one_wrong_mention_is_wrong():
    assert agreeing([["m1", "m2"], ["m4"]], [["m1", "m4"]]) == 0
    assert agreeing([["m1", "m2"], ["m4"]], [["m2", "m1"]]) == 1


def test_the_pairing_is_the_best_there_is():
    # the first prediction fits both, the second only the first
    assert agreeing([["a", "b"], ["a"]], [["a"], ["b"]]) == 2


def test_the_micro_average_adds_up_roles_and_documents():
    one = {"Victim": [["a"], ["b"]], "Weapon": [["bomb"]]}, {"Victim": [["a"]], "Weapon": [["gun"]]}
    other = {"Victim": []}, {"Victim": [["c"]]}
    scores = ceaf_ree([one, other])

    assert scores["Victim"] == {"P": 0.5, "R": 0.5, "F": 0.5}
    assert scores["Weapon"] == {"P": 0.0, "R": 0.0, "F": 0.0}
    assert scores["micro"] == {"P": 0.3333, "R": 0.3333, "F": 0.3333}


def test_nothing_predicted_where_nothing_is_there_costs_nothing():
    assert micro(({"Victim": []}, {"Victim": []})) == {"P": 0.0, "R": 0.0, "F": 0.0}
    assert micro(({"Victim": [["a"]]}, {"Victim": [["a"]]}), ({}, {})) == {"P": 1.0, "R": 1.0, "F": 1.0}


@pytest.mark.parametrize(
    ("words", "same"), [("The  U.S. embassy", "us embassy"), ("a car-bomb", "carbomb"), ("theatre", "theatre")]
)
def test_mentions_are_compared_without_case_punctuation_and_articles(words, same):
    assert plain(words) == same


def test_sentences_of_small_letters_get_a_capital_and_keep_their_place():
    text = 'gunmen fled.  they said: "no." (rodriguez) the u.s. embassy    soldiers came'
    made = capitalised(text)

    assert made == 'Gunmen fled.  They said: "no." (rodriguez) the U.S. embassy    Soldiers came'
    assert len(made) == len(text)


def test_events_are_mapped_to_the_roles():
    text = (
        "two gunmen killed a judge in oslo today.  a bomb exploded at the home of a banker.  "
        "the army bombed guerrilla positions.  terrorists plan to attack a bank."
    )
    roles = predict(load(), text)

    assert roles["PerpInd"] == [["two gunmen"]]
    assert roles["Weapon"] == [["bomb"]]
    assert roles["Target"] == [["home"]]
