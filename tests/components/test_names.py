from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("In 1999 the Karst Liberation Front took the town.", ["Karst Liberation Front"]),
        ("He led the Salvation Group for Prayer and Combat there.", ["Salvation Group for Prayer and Combat"]),
        ("The Ministry of Defence paid the Government of Norway.", ["Ministry of Defence", "Government of Norway"]),
        ("He shot at the Danish Embassy and French troops.", ["Danish Embassy"]),
        ("The Lord’s Redemption Army fled.", ["Lord’s Redemption Army"]),
        (
            "A raid by the Ansar al-Haqq and the Frente Popular de Karst failed.",
            ["Ansar al-Haqq", "Frente Popular de Karst"],
        ),
        ("The March 23 Movement seized it.", ["March 23 Movement"]),
        ("The Government of Norway Efforts failed.", ["Government of Norway"]),
        ("The Supreme Court of the Netherlands sat.", ["Supreme Court of the Netherlands"]),
        ("They informed the Supreme Court of Norway’s refusal.", ["Supreme Court"]),
    ],
)
def test_a_head_noun_makes_an_organisation(marks, text, expected):
    assert [words for _, words in marks(text, only="ORG")] == expected


@pytest.mark.parametrize(
    "text",
    [
        "The group and the army fought the rebels.",
        "The State was weak, said the Group.",
        "It is a Foreign Terrorist Organization (FTO).",
        "Operation Red Dawn (ORD) went on.",
        "They made an improvised explosive device (IED).",
    ],
)
def test_a_common_noun_a_list_and_an_operation_are_none(marks, text):
    assert marks(text, only="ORG") == []


def test_a_name_and_its_acronym_in_brackets_are_two_mentions(marks):
    found = marks("It left the Front for the Defence of Karst (FDK) then. The FDK grew.", only="ORG")

    assert [words for _, words in found] == ["Front for the Defence of Karst", "FDK", "FDK"]


def test_an_acronym_made_in_another_language_is_marked_too(marks):
    assert ("ORG", "MLK") in marks("The Karst Liberation Movement (MLK) split.")


def test_hyphens_that_cut_a_name_and_its_acronym_alike_make_it_one(marks):
    found = marks("It left Black Dawn-North Karst (WR-NK) there. WR-NK grew.", only="ORG PLACE")

    assert found == [("ORG", "Black Dawn-North Karst"), ("ORG", "WR-NK"), ("ORG", "WR-NK")]


def test_an_acronym_that_a_quotation_is_ascribed_to_is_an_organisation(marks):
    assert marks("“The law is in force.” – KFI, Annual Review", only="ORG") == [("ORG", "KFI")]
    assert marks("It was loud – KFI – and long.", only="ORG") == []


def test_where_something_stands_in_it_its_article_is_no_sign_of_an_organisation(marks):
    there = (
        "Fighters roam in the Karnak. They hid in the Karnak. Groups in the Karnak split. All fled across the Karnak."
    )

    assert marks(there + " A claim was made by Karnak militants.", only="ORG") == []
    assert marks(there.replace("in the", "of the") + " They joined the Karnak.", only="ORG") != []


def test_words_around_a_name_make_it_an_organisation(marks):
    text = "Fighters pledged loyalty. Xarvan fighters attacked, and Xarvan’s leader fled. He left Xarvan."

    assert marks(text, only="ORG") == [("ORG", "Xarvan")] * 3


def test_one_weak_sign_is_not_enough(marks):
    assert marks("The road to Xarvan was open.", only="ORG PERSON") == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("They met President Oskar Lindqvist.", "Oskar Lindqvist"),
        ("It is led by Ilmari Vanhanen, an ethnic Finn.", "Ilmari Vanhanen"),
        ("It was founded by Ghaith bin Rashid.", "Ghaith bin Rashid"),
        ("The cleric Tomasz Wilk spoke.", "Tomasz Wilk"),
        ("Mullah Sarwar went home.", "Sarwar"),
    ],
)
def test_a_title_role_or_form_makes_a_person_and_stays_out(marks, text, name):
    assert marks(text, only="PERSON") == [("PERSON", name)]


def test_a_surname_is_marked_after_the_full_name(marks):
    found = marks("They met President Oskar Lindqvist. Later Lindqvist left.", only="PERSON")

    assert found == [("PERSON", "Oskar Lindqvist"), ("PERSON", "Lindqvist")]


def test_a_surname_inside_another_name_is_not(marks):
    found = marks("President Oskar Lindqvist left. The tailor named Frobisher Lindqvist stayed.", only="PERSON")

    assert ("PERSON", "Lindqvist") not in found


def test_notes_carry_no_mentions(marks):
    assert marks(("note", "[1] Karst Liberation Front, Oslo, 3 May 1999.")) == []


def test_a_listed_person_is_marked_as_the_list_has_it(marks):
    assert marks("12. LINDQVIST, Oskar a.k.a. “Grey”. DOB: 3 May 1950.", only="PERSON") == [
        ("PERSON", "LINDQVIST, Oskar"),
        ("PERSON", "Grey"),
    ]


def test_who_joined_with_someone_to_found_a_group_is_a_person(marks):
    text = "In 1972, he joined with Tiernan Vosk to found the Karst Tigers (KT)."

    assert ("PERSON", "Tiernan Vosk") in marks(text)
