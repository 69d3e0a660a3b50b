from __future__ import annotations

import pytest


def norms(doc, label):
    return [one.norm for one in doc._.found if one.label == label]


def test_the_following_year_points_back_to_the_date_before_it(read):
    doc = read("It began in 1987. The following year it split.")

    assert norms(doc, "DATE") == [{"edtf": "1987"}, {"edtf": "1988"}]


def test_a_day_without_a_year_and_without_an_anchor_has_no_norm(read):
    assert norms(read("It began on 3 May."), "DATE") == [None]


def test_a_list_under_a_year_takes_the_year(read):
    doc = read("Attacks in 1977:", ("list_item", "April 7: a bank was robbed"))

    assert norms(doc, "DATE") == [{"edtf": "1977"}, {"edtf": "1977-04-07"}]


def test_a_dateline_dates_the_days_of_a_news_note(read):
    doc = read("OSLO, 24 November 2016 - They signed.", "The first ceremony was on 26 September.", date="2016-11-24")

    assert norms(doc, "DATE")[-1] == {"edtf": "2016-09-26"}


def test_a_day_after_the_dateline_is_not_guessed(read):
    doc = read("OSLO, 24 November 2016 - They signed.", "Talks begin on 3 December.", date="2016-11-24")

    assert norms(doc, "DATE")[-1] is None


def test_a_bare_number_takes_the_unit_before_it(read):
    doc = read("One Norwegian was killed in May; and one was killed in June.")

    assert [norm["unit"] for norm in norms(doc, "QUANTITY")] == ["Norwegians", "Norwegians"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("They have AK-47 assault rifles.", ["AK-47 assault rifles"]),
        ("They have SA-7 surface-to-air missiles.", ["SA-7 surface-to-air missiles"]),
        ("Mortar fire and an IED.", ["Mortar", "IED"]),
        ("They bought arms and weapons.", []),
        ("A suicide bombing.", []),
    ],
)
def test_weapons_are_marked_with_their_type_words(marks, text, expected):
    assert [words for _, words in marks(text, only="WEAPON")] == expected


def test_the_bore_of_a_mortar_belongs_to_it(marks):
    text = "They had 81 mm mortars, .50 caliber machine guns and mm mortars."

    assert marks(text, only="WEAPON") == [
        ("WEAPON", "81 mm mortars"),
        ("WEAPON", ".50 caliber machine guns"),
        ("WEAPON", "mortars"),
    ]
