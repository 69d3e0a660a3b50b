from __future__ import annotations

import pytest

TITLE = ("title", "Karst Liberation Front")


def of_type(links, kind):
    return [link for link in links if link[0] == kind]


def test_formed_and_dissolved_are_the_title_s(links):
    found = links(TITLE, ("row", "Formed: 1998"), ("row", "Disbanded: May 2003"))

    assert found == [
        ("formed_on", "Karst Liberation Front", "1998", None, "1998", None),
        ("dissolved_on", "Karst Liberation Front", "May 2003", None, "2003-05", None),
    ]


def test_an_active_group_is_not_dissolved(links):
    assert links(TITLE, ("row", "Disbanded: Group is active.")) == []


def test_title_words_name_the_subject_of_a_profile(links):
    found = links(("title", "Sons of Karst"), ("row", "Formed: 1998"))

    assert found == [("formed_on", "Sons of Karst", "1998", None, "1998", None)]


@pytest.mark.parametrize(
    ("tenure", "expected"),
    [
        ("1998-August 2003", [("1998", "2003-08")]),
        ("June 20, 2004-Present", [("2004-06-20", "..")]),
        ("Unknown-February 2013", [(None, "2013-02")]),
        ("1998- December 2012, December 2015- unknown", [("1998", "2012-12"), ("2015-12", None)]),
    ],
)
def test_a_leader_row_has_a_relation_for_each_tenure(links, tenure, expected):
    found = links(TITLE, ("row", f"Oskar Lindqvist ({tenure}): He led it."), heading="Organizational Structure")

    assert [link[4:] for link in found] == expected
    assert {link[:3] for link in found} == {("leads", "Oskar Lindqvist", "Karst Liberation Front")}


def test_a_bracket_that_is_no_tenure_is_no_leader(links):
    assert links(TITLE, ("row", "Oslo (Norway): It met there.")) == []


def test_a_size_row_is_reported_by_its_source(read):
    doc = read(TITLE, ("row", "2013: 600-800 Fighters (BBC News)[6]"))
    (link,) = doc._.links

    assert (link.type, link.start, link.status, link.holder) == ("size_of", "2013", "reported", "BBC News")
    assert doc.text[slice(*link.subject)] == "600-800 Fighters"
    assert doc.text[slice(*link.evidence)] == "2013: 600-800 Fighters (BBC News)[6]"


def test_a_toll_is_no_size(links):
    assert links(TITLE, ("row", "2013: 20 killed in Oslo (BBC News)")) == []


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (
            "United States Foreign Terrorist Organization: March 27, 2002[1]",
            ("United States", "Foreign Terrorist Organization", "2002-03-27", None),
        ),
        (
            "Government of Norway Listed Terrorist Entity: July 23, 2002 to Present.[3]",
            ("Government of Norway", "Listed Terrorist Entity", "2002-07-23", ".."),
        ),
        (
            "UNSC “Karst & Veldt Sanctions List:” October 6, 2001 to Present [2]",
            ("UNSC", "Karst & Veldt Sanctions List", "2001-10-06", ".."),
        ),
    ],
)
def test_a_designation_row_gives_authority_list_and_dates(links, row, expected):
    found = links(TITLE, ("list_item", row))

    assert [link[2:] for link in of_type(found, "designated_by")] == [expected]


def test_a_designation_of_a_member_is_not_the_subject_s(links):
    row = "United States Specially Designated Global Terrorist (Oskar Lindqvist): August 28, 2008"

    assert of_type(links(TITLE, ("list_item", row)), "designated_by") == []


def test_names_rows_rename_each_to_the_next(links):
    found = links(
        TITLE,
        ("row", "1998: Karst Guard (KG). It was small."),
        ("row", "January 2007: Karst Liberation Front (KLF). It grew."),
    )

    assert of_type(found, "renamed_to") == [
        ("renamed_to", "Karst Guard", "Karst Liberation Front", None, "2007-01", None)
    ]


def test_what_a_report_says_is_absent_is_kept(read):
    doc = read(TITLE, "There are no recorded political activities for this group.")

    assert [absence.about for absence in doc._.absences] == ["political activities"]


def test_a_leader_of_unknown_start_is_one(links):
    found = links(TITLE, ("row", "Oskar Lindqvist (Unknown to Present): He led it."), heading="Leadership")

    assert [link[4:] for link in found] == [(None, "..")]


def test_an_approximate_tenure_is_approximate_at_both_ends(links):
    found = links(TITLE, ("row", "Oskar Lindqvist (c. 2008 - 2009): He led it."), heading="Leadership")

    assert [link[4:] for link in found] == [("2008~", "2009~")]


@pytest.mark.parametrize("size", ["15,000 at most", "hundreds to a few thousand"])
def test_a_size_row_of_vague_words_is_read(links, size):
    assert [link[:2] for link in links(TITLE, ("row", f"2013: {size} (Nordic Review)"))] == [("size_of", size)]
