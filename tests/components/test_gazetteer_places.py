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


def test_a_city_needs_its_country_named(marks):
    assert marks("It met in Bergen.", only="PLACE") == []


def test_a_demonym_is_norp_and_a_country_is_a_place(marks):
    assert marks("Philippine police in the Philippines.", only="NORP PLACE") == [
        ("NORP", "Philippine"),
        ("PLACE", "Philippines"),
    ]


def test_a_country_that_closes_a_personal_name_is_no_place(marks):
    assert marks("His wife, Wilma Austria, wrote it.", only="PLACE") == []


def test_the_longest_mark_wins_and_nothing_is_marked_inside(marks):
    assert marks("Four Norwegian soldiers died.", only="NORP QUANTITY") == [("QUANTITY", "Four Norwegian soldiers")]
