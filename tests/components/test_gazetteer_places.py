from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It is active in northern Norway.", ["Norway"]),
        ("It is active in Northern Norway.", ["Northern Norway"]),
        ("Aid to North and West Africa stopped.", ["North and West Africa"]),
        ("U.S. officials left.", ["U.S."]),
        ("The Norway-based cell met in Bergen, Norway.", ["Norway", "Bergen", "Norway"]),
        ("They hid in the Hardanger Mountains.", ["Hardanger Mountains"]),
        ("They took the village of Xarvan.", ["Xarvan"]),
    ],
)
def test_places_keep_their_span_rules(marks, text, expected):
    assert [words for _, words in marks(text, only="PLACE")] == expected


def test_a_place_has_its_country(read):
    doc = read("It met in Bergen, Norway.")

    assert {one.norm["country"] for one in doc._.found} == {"NO"}


def test_a_small_city_needs_its_country_named(marks):
    assert marks("It met in Narvik.", only="PLACE") == []


def test_a_demonym_is_norp_and_a_country_is_a_place(marks):
    assert marks("Philippine police in the Philippines.", only="NORP PLACE") == [
        ("NORP", "Philippine"),
        ("PLACE", "Philippines"),
    ]


def test_a_country_that_closes_a_personal_name_is_no_place(marks):
    assert marks("His wife, Wilma Austria, wrote it.", only="PLACE") == []


def test_the_longest_mark_wins_and_nothing_is_marked_inside(marks):
    assert marks("Four Norwegian soldiers died.", only="NORP QUANTITY") == [("QUANTITY", "Four Norwegian soldiers")]


@pytest.mark.parametrize("city", ["Johannesburg", "Belfast", "The Hague", "Hamburg", "Karachi", "Mosul"])
def test_a_large_city_is_marked_after_a_preposition_without_its_country(marks, city):
    assert marks(f"The men met in {city} that day.", only="PLACE") == [("PLACE", city)]


def test_a_large_city_is_marked_in_a_dateline_and_in_a_list(marks):
    assert marks("BELFAST, 3 May 1998 - They met in Hamburg and Milan.", only="PLACE") == [
        ("PLACE", "BELFAST"),
        ("PLACE", "Hamburg"),
        ("PLACE", "Milan"),
    ]


def test_a_demonym_names_its_country(marks):
    assert marks("The Norwegian police met in Narvik.", only="PLACE") == [("PLACE", "Narvik")]


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("Spanish and French police met in Bayonne in France, a U.S. official said.", "FR"),
        ("They met in Athens in Greece; U.S. police and U.S. officials came.", "GR"),
    ],
)
def test_a_homonym_is_in_the_country_that_the_document_speaks_of(read, text, country):
    city = next(one for one in read(text)._.found if one.start == text.index(" in ") + 4)

    assert city.norm["country"] == country


@pytest.mark.parametrize(
    "text", ["We will never give up.", "Was it there?", "The Air Tigers flew.", "Mon came home.", "The Bor said so."]
)
def test_an_ordinary_word_is_no_people_and_no_region(marks, text):
    assert marks(text, only="NORP PLACE") == []


def test_an_ordinary_word_with_a_cue_is_a_people(marks):
    assert marks("Karen rebels met ethnic Mon; Karen Smith left.", only="NORP") == [("NORP", "Karen"), ("NORP", "Mon")]


def test_a_country_s_name_in_a_personal_name_is_no_place(marks):
    assert marks("They met Mr Jordan and Georgia Smith.", only="PLACE") == []
    assert marks("It operates in Jordan and in the Jordan Valley.", only="PLACE") == [
        ("PLACE", "Jordan"),
        ("PLACE", "Jordan Valley"),
    ]


def test_a_province_takes_the_word_state_with_it(marks):
    assert marks("It is active in Bayelsa State.", only="PLACE") == [("PLACE", "Bayelsa State")]


def test_a_place_and_the_organisation_after_it_are_two_marks(marks):
    assert marks("Then in Macedonia the National Karst Army fought.", only="PLACE ORG") == [
        ("PLACE", "Macedonia"),
        ("ORG", "National Karst Army"),
    ]


def test_states_of_one_land_are_two_entities(nlp, make_document):
    from dossier.components.pipeline import extract_document

    text = "They fled from West Germany to East Germany, then to North Yemen and South Yemen."
    names = [entity["name"] for entity in extract_document(nlp, make_document(text)).entities]

    assert names == ["West Germany", "East Germany", "North Yemen", "South Yemen"]


def test_a_city_that_was_found_is_marked_again_without_a_preposition(marks):
    assert marks("They met in Belfast. Later Belfast police left.", only="PLACE") == [("PLACE", "Belfast")] * 2
