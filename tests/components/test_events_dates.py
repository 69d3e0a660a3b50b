"""Which date goes with what, in long sentences with several dates and participles. The names are made up."""

from __future__ import annotations

import pytest

from dossier.records import Found, Link, Span

BEFORE = (
    "Oskar Lindqvist was born in Narvik, Norway. The Karst Liberation Front (KLF) has its seat there. "
    "The Northern Reach Front is a rival."
)


@pytest.fixture
def told(read):
    """The events of a sentence as `(type, trigger, words of the date)`; those that are but guessed are left out."""

    def told(text):
        doc = read(BEFORE, text)
        return [
            (
                one.type,
                doc.text[slice(*one.trigger)],
                next((doc.text[slice(*span)] for span in one.roles["date"]), None),
            )
            for one in doc._.happenings
            if one.trigger.start > len(BEFORE) and "date" in one.roles
        ]

    return told


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        pytest.param(
            "In 2006, following its formation in 1998, the KLF announced a merger with the Northern Reach Front.",
            {("merger", "merger", "2006")}, id="what stands behind following has its own date",
        ),
        pytest.param(
            "The KLF merged with the Northern Reach Front in late 2012 and, after Oskar Lindqvist's death in May 2013, split "
            "into two factions.",
            {("merger", "merged", "late 2012"), ("split", "split", "May 2013")}, id="and what stands behind after gives one",
        ),
        pytest.param(
            "The amnesty law of 1999 led 600 fighters of the KLF to surrender in January 2000.",
            {("other", "surrender", "January 2000")}, id="a law of a year",
        ),
        pytest.param(
            "In a June 2015 statement, the KLF claimed a March 2015 bombing of a bank in Oslo.",
            {("bombing", "bombing", "March 2015")}, id="a date before its noun",
        ),
        pytest.param(
            "The army ousted Oskar Lindqvist in a March 2012 coup.",
            {("other", "ousted", "March 2012")}, id="in what it happened",
        ),
        pytest.param(
            "The KLF won the January 2006 elections, seized Narvik in June 2007, and signed an accord in May 2008.",
            {("other", "won", "January 2006"), ("military_operation", "seized", "June 2007"), ("other", "signed", "May 2008")},
            id="verbs in a row",
        ),
        pytest.param(
            "Hostages taken by the KLF in a 2003 raid were released in November 2003.",
            {("kidnapping", "taken", "2003"), ("other", "released", "November 2003")}, id="a participle of the subject",
        ),
        pytest.param(
            "Until a truce sponsored by Sweden was signed in May 2004, the KLF had kept its arms.",
            {("other", "signed", "May 2004")}, id="a participle in a clause that until opens",
        ),
        pytest.param(
            "On April 5, 1971, while Oskar Lindqvist, arrested in March 1971, was in Oslo, the KLF attacked a bank in Narvik.",
            {("other", "arrested", "March 1971"), ("attack", "attacked", "April 5, 1971")}, id="an aside in a clause",
        ),
        pytest.param(
            "The KLF signed an accord in June 2015, but attacked a camp in Narvik a month later.",
            {("other", "signed", "June 2015"), ("attack", "attacked", "a month later")}, id="words that point back win",
        ),
        pytest.param(
            "In May 2011, a KLF leader said that the group had bombed a bank in Oslo.",
            set(), id="the day on which it was said",
        ),
        pytest.param(
            "When the KLF and the Northern Reach Front merged in May 2013, Oskar Lindqvist had left the KLF.",
            {("merger", "merged", "May 2013")}, id="two who merge in a clause",
        ),
        pytest.param(
            "Since May 2008, when the army bombed camps in Narvik, the KLF has kept to the hills.",
            {("bombing", "bombed", "May 2008")}, id="when takes up a date",
        ),
        pytest.param(
            "Oskar Lindqvist, a doctor who had studied in Sweden, escaped from a prison in Oslo in August 1985.",
            {("other", "escaped", "August 1985")}, id="a subject behind an aside",
        ),
        pytest.param(
            "Oskar Lindqvist, sentenced to death in May 1976, fled to Sweden in June 1977.",
            {("other", "sentenced", "May 1976"), ("other", "fled", "June 1977")}, id="a participle between commas",
        ),
    ],
)  # fmt: skip
def test_each_deed_has_its_own_date(told, text, wanted):
    assert set(told(text)) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "The KLF struck a bank in Oslo on May 3, 2011 (four killed, not counting the "
            "gunmen) and a hotel in Bergen on June 7, 2011.",
            [("May 3, 2011", ["four killed"]), ("June 7, 2011", [])],
        ),
        (
            "The KLF claimed the bombing of a bank in Oslo on May 3, 2011 (12 killed) and that of a hotel on June 7, 2011.",
            [("May 3, 2011", ["12 killed"]), ("June 7, 2011", [])],
        ),
        (
            "On May 3, 2011 the KLF kidnapped a judge, Oskar Lindqvist, in Oslo, and on June 7, 2011 a nurse in Bergen.",
            [("May 3, 2011", []), ("June 7, 2011", [])],
        ),
        (
            "On May 3, 2011 the KLF attacked a bank in Oslo, and on June 7, 2011 it released a video.",
            [("May 3, 2011", [])],
        ),
    ],
)  # fmt: skip
def test_a_list_gives_each_item_its_date_and_toll(read, text, wanted):
    doc = read(BEFORE, text)
    found = [one for one in doc._.happenings if one.trigger.start > len(BEFORE)]

    assert [
        (doc.text[slice(*one.roles["date"][0])], [doc.text[slice(*span)] for span in one.roles.get("killed", ())])
        for one in found
    ] == wanted


def test_what_has_no_date_takes_the_one_that_nothing_else_has(told):
    text = "The KLF was founded in May 1990 by deserters; it merged with the Northern Reach Front."

    assert told(text) == [("merger", "merged", "May 1990")]


def test_a_guessed_date_does_not_make_an_event_surer(read):
    sure, guessed = (
        next(one for one in read(BEFORE, text)._.happenings if one.type == "merger")
        for text in (
            "The KLF and the Northern Reach Front merged in May 1990.",
            "The KLF was founded in May 1990 by deserters; it merged with the Northern Reach Front.",
        )
    )

    assert sure.roles["date"]
    assert guessed.roles["date"]
    assert guessed.confidence < sure.confidence


def test_a_merger_has_the_date_of_the_relation_that_tells_the_same():
    from dossier.components.events_listed import date_told
    from dossier.records import Happening

    party, other, evidence = Span(0, 3), Span(20, 23), Span(0, 60)
    mark = Found(40, 48, "DATE", 1.0, "test", {"edtf": "1990-05"})
    link = Link("merged_into", party, other, evidence, 0.9, "test", start="1990-05")
    made = Happening("merger", Span(5, 11), evidence, 0.5, "test", {"party": [party]})

    assert date_told([mark], [link], made) == Span(40, 48)
    assert date_told([mark], [link], Happening("split", made.trigger, evidence, 0.5, "test", made.roles)) is None


def test_a_sentence_without_a_date_is_not_read_for_what_only_a_date_makes_an_event(read):
    """So that `was arrested` costs no time where it tells nothing."""
    assert not read(BEFORE, "Oskar Lindqvist was arrested in Oslo.")._.happenings
    assert read(BEFORE, "Oskar Lindqvist was arrested in Oslo two days later.", "x")._.happenings == []
    assert read(BEFORE, ("list_item", "May 3, 2011: Oskar Lindqvist was arrested in Oslo."))._.happenings
