"""Phrases, clauses, and the date that governs a word."""

from __future__ import annotations

import pytest

from dossier.components.clause_dates import ClauseDates, pointed
from dossier.components.tagger import FILE, load_tagger
from dossier.components.view import view_of
from dossier.resources import shipped


@pytest.fixture(scope="module")
def tagger():
    return load_tagger(shipped("configs") / FILE)


@pytest.fixture
def sentence(read, tagger):
    """The clauses of a text of one sentence."""

    def make(text):
        doc = read(text)
        view = view_of(doc)
        return ClauseDates(view, doc._.found, tagger).sentence(0, len(view)), view

    return make


def words(view, sentence, units):
    return [" ".join(view.words[sentence.units[at].first : sentence.units[at].last]) for at in units]


def verb(sentence, word):
    return next(at for at, unit in enumerate(sentence.units) if unit.kind == "V" and sentence.word(at) == word)


@pytest.mark.parametrize(
    ("text", "word", "subject"),
    [
        ("Gunmen attacked a bus in Oslo.", "attacked", ["Gunmen"]),
        ("A bus was attacked by gunmen in Oslo.", "attacked", ["A bus"]),
        ("A group of armed men, most of them young, attacked a bus.", "attacked", ["A group"]),
        ("The men who attacked the bus fled to Oslo.", "attacked", ["The men"]),
        ("The men who attacked the bus fled to Oslo.", "fled", ["The men"]),
        ("Gunmen attacked a bus, killing two men.", "killing", ["Gunmen"]),
        ("Gunmen attacked a bus and killed two men.", "killed", ["Gunmen"]),
        ("Gunmen attacked a bus and soldiers killed them.", "killed", ["soldiers"]),
        (
            "Two policemen, a nurse and three children were killed in Oslo.",
            "killed",
            ["Two policemen", "a nurse", "three children"],
        ),
        ("The group is believed to have attacked the bus.", "attacked", ["The group"]),
    ],
)
def test_the_subject_of_a_verb(sentence, text, word, subject):
    made, view = sentence(text)

    assert words(view, made, made.subject(verb(made, word))) == subject


def test_what_a_verb_acts_on_and_who_does_it(sentence):
    made, view = sentence("Two nuns, a priest and a teacher were kidnapped by gunmen near Oslo.")
    at = verb(made, "kidnapped")

    assert made.units[at].verb.passive
    assert words(view, made, made.agents(at)) == ["gunmen"]
    assert [(found.word, words(view, made, found.units)) for found in made.complements(at)] == [
        ("by", ["gunmen"]),
        ("near", ["Oslo"]),
    ]


@pytest.mark.parametrize(
    ("text", "word", "date", "before"),
    [
        ("He led the front until 2003 and joined the army in 2005.", "led", "2003", "until"),
        ("He led the front until 2003 and joined the army in 2005.", "joined", "2005", "in"),
        ("In May 2001, rebels attacked Oslo and killed six people.", "killed", "May 2001", "in"),
        (
            "Rebels attacked Oslo on 3 May 2001, killing six people, and kidnapped two nuns in June 2002.",
            "killing",
            "3 May 2001",
            "on",
        ),
        (
            "Rebels attacked Oslo on 3 May 2001, killing six people, and kidnapped two nuns in June 2002.",
            "kidnapped",
            "June 2002",
            "in",
        ),
        ("Lindqvist, who was arrested in 1999, founded the front.", "arrested", "1999", "in"),
        ("Lindqvist, who was arrested in 1999, founded the front.", "founded", None, None),
        ("The 2009 bombing in Oslo and the March 2010 kidnapping shocked Norway.", "bombing", "2009", ""),
        ("The 2009 bombing in Oslo and the March 2010 kidnapping shocked Norway.", "kidnapping", "March 2010", ""),
        ("Norway declared an emergency after gunmen killed 12 people in May 2019.", "declared", None, None),
    ],
)
def test_the_date_that_governs_a_word_is_that_of_its_clause(read, tagger, text, word, date, before):
    doc = read(text)
    found = ClauseDates(view_of(doc), doc._.found, tagger).date_at(text.index(word))

    assert (found and text[found.mark.start : found.mark.end], found and found.before) == (date, before)


@pytest.mark.parametrize(
    ("words", "before", "report", "edtf"),
    [
        ("two days later", "2013-01-16", None, "2013-01-18"),
        ("the next day", "2013-01-16", None, "2013-01-17"),
        ("a year later", "2013", None, "2014"),
        ("yesterday", None, "2013-01-16", "2013-01-15"),
        ("on Monday", None, "2013-01-16", "2013-01-14"),
        ("two days later", "2013", None, None),
        ("yesterday", "2013-01-16", None, None),
    ],
)
def test_words_that_point_back_are_read_from_what_was_told(words, before, report, edtf):
    assert pointed(words, before, report) == edtf
