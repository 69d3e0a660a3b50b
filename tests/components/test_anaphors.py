"""What words that stand for a name stand for."""

from __future__ import annotations

import pytest
from tests.components.test_grouping import mark

from dossier.components.anaphor_referents import is_plural
from dossier.components.anaphors import Anaphors
from dossier.components.base import Frame, prepare
from dossier.records import Block
from dossier.resources import configs_folders


@pytest.fixture(scope="module")
def anaphors():
    return Anaphors(folders=[str(folder) for folder in configs_folders()])


@pytest.fixture
def stand(anaphors, nlp):
    """What stands for what in marked blocks, `(kind, text)` or plain paragraphs."""

    def stand(*blocks, title=None):
        text, found, made = "", [], []
        for kind, marked in (("paragraph", block) if isinstance(block, str) else block for block in blocks):
            words, marks = mark(marked)
            for one in marks:
                one.start, one.end = one.start + len(text), one.end + len(text)
            made.append(Block(kind, len(text), len(text) + len(words)))
            found += marks
            text += words + "\n"
        doc = nlp.get_pipe("sentences")(prepare(nlp.make_doc(text), Frame(made, [""] * len(made), title)))
        doc._.found = found
        anaphors(doc)
        return [(text[one.start : one.end], text[slice(*one.mention)]) for one in doc._.anaphors]

    return stand


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("O[Red Front] fought O[Blue Army]. It was founded in 1990.", ("It", "Red Front")),
        ("O[Red Front] lost its leader.", ("its", "Red Front")),
        ("In 1990 P[Anna Lund] left O[Red Front]. She founded another.", ("She", "Anna Lund")),
        ("O[Red Front] rose in Oslo. The armed group grew.", ("The armed group", "Red Front")),
        ("O[Red Front] fought O[Workers Party]. The party won.", ("The party", "Workers Party")),
        ("O[Red Front] and O[Blue Army] met. The latter won.", ("The latter", "Blue Army")),
        ("O[Red Front] and O[Blue Army] met. The former, in the end, won.", ("The former", "Red Front")),
        ("P[Anna Lund], the commander, met P[Otto Berg]. The commander left.", ("The commander", "Anna Lund")),
        ("O[Red Wolves] fled, and their camp burned.", ("their", "Red Wolves")),
        ("O[Red Front] rose. O[Blue Army] disowned it.", ("it", "Red Front")),
        ("O[Red Front] rose. O[Blue Army] is its rival.", ("its", "Red Front")),
        ("P[Anna Lund] died. P[Otto Berg] was named in her place.", ("her", "Anna Lund")),
    ],
)
def test_the_referent_that_stands_out_is_taken(stand, marked, expected):
    assert expected in stand(marked)


@pytest.mark.parametrize(
    "marked",
    [
        "O[Red Front] rose. It is unclear who led it then, people say.",
        "O[Red Front] rose. The group of students left.",
        "O[Red Front] rose. The army shot at them.",
        "O[Red Front] said so; O[Blue Army] denied it.",
        "A soldier met P[Anna Lund]'s aide. He fell.",
        "It rained. The group met.",
    ],
)
def test_where_none_stands_out_nothing_is_said(stand, marked):
    assert [one for one in stand(marked) if one[0] in ("It", "The group", "The army", "them", "it", "He")] in (
        [],
        [("it", "Red Front")],
    )


def test_the_title_names_the_subject_of_a_profile(stand):
    found = stand(("title", "O[Red Front]"), ("row", "Disbanded: The group is active."))

    assert found == [("The group", "Red Front")]


def test_the_title_of_the_document_names_it_in_a_later_chunk(stand):
    assert ("The group", "Red Front") in stand("The group is active. O[Red Front] rose.", title="Red Front")


def test_a_heading_names_the_subject_of_its_section(stand):
    found = stand(
        ("heading", "O[Red Front]"),
        "It rose in 1990. O[Blue Army] fell.",
        ("heading", "O[Grey Guard]"),
        "It rose in 1991.",
    )

    assert found[0] == ("It", "Red Front")
    assert found[-1] == ("It", "Grey Guard")


def test_an_entry_that_is_but_a_name_is_a_heading(stand):
    assert stand("4. O[Red Front] (O[RF]).", "Its seat is unknown.") == [("Its", "Red Front")]


def test_she_is_not_who_was_he(stand):
    found = stand("P[Otto Berg] came. He sat. P[Anna Lund] rose. She left.")

    assert found == [("He", "Otto Berg"), ("She", "Anna Lund")]


def test_names_of_many_end_in_s():
    assert is_plural("Red Brigades")
    assert is_plural("Tigers of Karst")
    assert not is_plural("Blue Forces")
    assert not is_plural("People's Front")


def test_the_confidence_says_how_far_it_stands_out(anaphors, nlp):
    text, found = mark("O[Red Front] fought O[Blue Army]. It won.")
    doc = nlp.get_pipe("sentences")(prepare(nlp.make_doc(text)))
    doc._.found = found
    (one,) = anaphors(doc)._.anaphors

    assert 0.5 < one.confidence < 0.8
