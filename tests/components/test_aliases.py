from __future__ import annotations

import pytest


def ends(links):
    return [link[:4] for link in links]


def test_an_acronym_in_brackets_becomes_alias_of_the_name(links):
    found = links("The Front for the Defence of Karst (FDK) split.")

    assert ends(found) == [("alias_of", "FDK", "Front for the Defence of Karst", "acronym")]


def test_acronym_and_quoted_translation_stand_in_one_bracket(links):
    found = links("Harakat al-Qalb (HQ, “Movement of the Heart”) split.")

    assert ends(found) == [
        ("alias_of", "HQ", "Harakat al-Qalb", "acronym"),
        ("alias_of", "Movement of the Heart", "Harakat al-Qalb", "translation"),
    ]


@pytest.mark.parametrize("phrase", ["(aka Abu Safwan)", ", also known as Abu Safwan,", ", alias “Abu Safwan,”"])
def test_another_name_of_a_person_is_a_nom_de_guerre(links, phrase):
    assert ends(links(f"President Oskar Lindqvist {phrase} left.")) == [
        ("alias_of", "Abu Safwan", "Oskar Lindqvist", "nom_de_guerre")
    ]


def test_a_former_name_points_to_the_later_one(links):
    found = links("The Blue Karst Front, originally known as the Red Karst Front (RKF), split.")

    assert ("renamed_to", "Red Karst Front", "Blue Karst Front", None) in ends(found)


def test_a_renaming_carries_its_date(links):
    found = links("The Red Karst Front was renamed the Blue Karst Front in May 1999.")

    assert found == [("renamed_to", "Red Karst Front", "Blue Karst Front", None, "1999-05", None)]


def test_another_subject_between_is_not_renamed(links):
    found = links("It joined the Red Karst Front (RKF) and changed its name to Blue Karst Front.")

    assert "renamed_to" not in [link[0] for link in found]


def test_a_chain_of_aka_names_one_main_name(links):
    found = links("Red Karst Army a.k.a. Crimson Karst Army; a.k.a. Scarlet Karst Army.")

    assert {link[2] for link in found} == {"Red Karst Army"}


def test_a_country_in_brackets_is_no_alias(links):
    assert links("The Red Karst Front (Norway) split.") == []


def test_the_evidence_is_the_sentence(read):
    doc = read("It rained. The Front for the Defence of Karst (FDK) split. It ended.")

    assert doc.text[slice(*doc._.links[0].evidence)] == "The Front for the Defence of Karst (FDK) split."
