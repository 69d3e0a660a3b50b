"""How surely a sentence says something, and who says it."""

from __future__ import annotations

import pytest
from tests.components.test_grouping import mark

from dossier.components.patterns import load_patterns
from dossier.components.sayings import Judge
from dossier.resources import configs_folders


@pytest.fixture(scope="module")
def judge():
    return Judge.of(load_patterns(configs_folders()))


@pytest.fixture
def said(judge):
    """The status of what `^` stands before, and the words of its holder; the marks just around it are its ends."""

    def said(sentence: str, ends: tuple[str, ...] = ("Red Front", "Blue Army")):
        at = sentence.index("^")
        start = sum(sentence[:at].count(sign) * width for sign, width in (("O[", 2), ("P[", 2), ("D[", 2), ("]", 1)))
        text, found = mark(sentence.replace("^", ""))
        marks = [(one.start, one.end, one.label) for one in found]
        joined = [(one.start, one.end) for one in found if text[one.start : one.end] in ends]
        result = judge.judge(text, at - start, marks, joined)
        return result.status, text[slice(*result.holder)] if result.holder else None

    return said


@pytest.mark.parametrize(
    ("sentence", "status", "holder"),
    [
        ("O[Red Front] ^joined O[Blue Army].", "asserted", None),
        # hedges of the piece
        ("O[Red Front] reportedly ^joined O[Blue Army].", "reported", None),
        ("O[Red Front] is widely believed to have ^joined O[Blue Army].", "reported", None),
        ("Reportedly, O[Red Front] ^joined O[Blue Army].", "reported", None),
        ("O[Red Front] may have ^joined O[Blue Army].", "uncertain", None),
        ("It is unclear whether O[Red Front] ^joined O[Blue Army].", "uncertain", None),
        ("O[Red Front] is said to have split and ^joined O[Blue Army].", "reported", None),
        ("In May 1999 O[Red Front] ^joined O[Blue Army].", "asserted", None),
        # plans
        ("O[Red Front] plans to ^join O[Blue Army].", "planned", None),
        ("O[Red Front] announced that it would ^join O[Blue Army].", "planned", "Red Front"),
        # negation
        ("O[Red Front] never ^joined O[Blue Army].", "denied", None),
        # speakers
        ("According to the O[Nordic Review], O[Red Front] ^joined O[Blue Army].", "reported", "Nordic Review"),
        ("O[Red Front] ^joined O[Blue Army], according to the O[Nordic Review].", "reported", "Nordic Review"),
        ("O[Red Front] ^joined O[Blue Army], the O[Nordic Review] said.", "reported", "Nordic Review"),
        ("Police said that O[Red Front] ^joined O[Blue Army].", "reported", "Police"),
        ("On D[May 2] the police said that O[Red Front] ^joined O[Blue Army].", "reported", "police"),
        ("O[Red Front] says that it ^joined O[Blue Army].", "claimed", "Red Front"),
        ("O[Red Front] claims to have ^joined O[Blue Army].", "claimed", "Red Front"),
        ("O[Red Front] denies that it ^joined O[Blue Army].", "denied", "Red Front"),
        ("O[Red Front], by its own account, ^joined O[Blue Army].", "claimed", "Red Front"),
        ("By one account, O[Red Front] ^joined O[Blue Army].", "reported", None),
        # what is said of something else in the sentence
        ("O[Red Front] ^joined O[Blue Army] and, by its own account, armed O[White Guard].", "asserted", None),
        ("O[Red Front], ^allied with O[Blue Army], disclaims a tie with O[White Guard].", "asserted", None),
        ("O[Red Front] ^joined O[Blue Army], taking along, it claimed, 300 men.", "asserted", None),
        ("O[Red Front] ^joined O[Blue Army] with, as P[Ann] maintains, the help of O[White Guard].", "asserted", None),
        ("The government says that O[Red Front] ^joined O[Blue Army].", "claimed", "The government"),
        # scopes
        ("According to police, O[Grey Guard] fled; O[Red Front] ^joined O[Blue Army].", "asserted", None),
        ("O[Red Front] ^joined O[Blue Army] and reportedly fled.", "asserted", None),
        ("O[Red Front] ^joined O[Blue Army] (40 killed, according to O[Nordic Review]).", "asserted", None),
        ("O[Red Front] ^joined O[Blue Army], though it denied it.", "reported", None),
        ("O[Red Front] claimed the attack and ^joined O[Blue Army].", "asserted", None),
        ("2013: ^800 men of O[Red Front] (O[Nordic Review])", "reported", "Nordic Review"),
    ],
)
def test_cues_have_their_scope(said, sentence, status, holder):
    found = said(sentence)

    assert found[0] == status
    assert (found[1] or "").removeprefix("the ") == (holder or "")


def test_a_name_and_its_acronym_are_not_hedged(said):
    assert said("The reported heir of O[Red Front] (^O[Blue Army]) fled.") == ("asserted", None)


def test_the_states_are_no_verb(said):
    assert said("In the United States O[Red Front] ^joined O[Blue Army].") == ("asserted", None)
