from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossier.normalize.names import (
    acronym_start,
    fold,
    is_acronym,
    is_acronym_of,
    same_letters,
    same_person,
    shares_part,
    short_forms,
    surname,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Al-Kawthar", "al Kawthar"),
        ("The Red Hand", "Red Hand"),
        ("U.N.", "UN"),
        ("Jamā’at el-Nūr", "Jama'at al Nur"),
        ("José Ibáñez", "Jose Ibanez"),
        ("Abou Tariq", "Abu Tariq"),
    ],
)
def test_spellings_of_one_name_fold_to_one(one, other):
    assert fold(one) == fold(other)


def test_different_names_do_not_fold_to_one():
    assert fold("Red Hand") != fold("Red Hands")


@given(st.text(max_size=40))
def test_folding_a_folded_name_changes_nothing(name):
    assert fold(fold(name)) == fold(name)


@pytest.mark.parametrize(
    ("acronym", "name"),
    [
        ("FPA", "Front for the Preservation of Aldovia"),
        ("IS-GV", "Inner Shield-Greater Veldt"),
        ("UNIDO", "United National Independence and Development Organisation"),
        ("FRELIR", "Frente de Liberación de Ruritania"),
        ("MPLK", "Mouvement pour la libération du Karst"),
        ("KWP", "Karst Workers’ Party"),
        ("TKTP", "Trans-Karst Truth Party"),
    ],
)
def test_an_acronym_is_the_initials_of_its_name(acronym, name):
    assert is_acronym_of(acronym, name)


@pytest.mark.parametrize(
    ("acronym", "name"), [("FPA", "Front of Preservation"), ("AB", "Blue Army"), ("X", ""), ("", "Blue Army")]
)
def test_other_letters_are_no_acronym(acronym, name):
    assert not is_acronym_of(acronym, name)


def test_an_acronym_of_another_language_has_the_same_letters():
    assert same_letters("GAI", "Armed Inner Group")
    assert not same_letters("AB", "Blue Army")


def test_the_name_before_a_bracket_begins_at_the_nearest_start_that_fits():
    words = "Fighters of the Front for the Defence of Karst".split()

    assert acronym_start(words, "FDK") == 3


def test_small_words_before_a_bracket_are_no_name():
    assert acronym_start("an improvised explosive device".split(), "IED") is None


@pytest.mark.parametrize(
    ("word", "answer"), [("PKX", True), ("IS-GV", True), ("AoN", True), ("Karst", False), ("a", False)]
)
def test_an_acronym_is_mostly_capitals(word, answer):
    assert is_acronym(word) is answer


def test_a_surname_takes_its_particles_along():
    assert surname("Juan van der Berg") == "van der berg"
    assert surname("Berg") == ""


def test_the_first_of_two_surnames_is_a_short_form():
    assert short_forms("Aurelio Ibáñez Robles") == {"robles", "ibanez"}


@pytest.mark.parametrize(
    ("one", "other", "answer"),
    [
        ("Karim al-Masri", "al-Masri", True),
        ("Karim al-Masri", "Masri", True),
        ("Karim al-Masri", "Karim el Masri", True),
        ("Karim al-Masri", "Karim", False),
        ("Karim al-Masri", "Samir al-Masri", False),
    ],
)
def test_a_surname_and_a_full_name_can_be_one_person(one, other, answer):
    assert same_person(one, other) is answer
    assert same_person(other, one) is answer


@pytest.mark.parametrize(
    ("acronym", "name", "fits"),
    [
        ("WR-NK", "Black Dawn-North Karst", True),
        ("BD-XX", "Black Dawn-North Karst", True),
        ("WR-XX", "Black Dawn-North Karst", False),
        ("BD", "Black Dawn-North Karst", False),
        ("BD-N", "Black Dawn", False),
    ],
)
def test_an_acronym_shares_a_part_with_a_name_cut_like_it(acronym, name, fits):
    assert shares_part(acronym, name) is fits
