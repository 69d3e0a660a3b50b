"""What no public set teaches the encoder."""

from __future__ import annotations

import pytest

from dossier.components.corrections import bordered, without_lists
from dossier.components.lexicon import lexicon_of
from dossier.components.view import view_of
from dossier.records import Found
from dossier.resources import configs_folders


def marked(text, *rows):
    """`(words, label, where to look from)`."""
    places = [(text.index(words, at), words, label) for words, label, at in rows]
    return [Found(start, start + len(words), label, 0.9, "encoder") for start, words, label in places]


@pytest.fixture
def kept(nlp):
    """The words of what is kept."""

    def kept(text, *rows):
        lexicon = lexicon_of(tuple(str(folder) for folder in configs_folders()))
        found = without_lists(view_of(nlp.make_doc(text)), lexicon, marked(text, *rows))
        return [text[one.start : one.end] for one in found]

    return kept


def test_a_list_and_its_acronym_are_no_organisation(kept):
    text = "The Front is a Foreign Terrorist Organization (FTO). An FTO may not raise money. The ABC may."
    rows = [("Foreign Terrorist Organization", "ORG", 0), ("FTO", "ORG", 0), ("FTO", "ORG", 52), ("ABC", "ORG", 0)]

    assert kept(text, *rows) == ["ABC"]


def test_an_operation_is_no_name_of_anyone_or_anywhere(kept):
    text = "Operation Hammersmith began in Spring Valley, said Jude Law."
    rows = [("Operation Hammersmith", "PERSON", 0), ("Spring Valley", "PLACE", 0), ("Jude Law", "PERSON", 0)]

    assert kept(text, *rows) == ["Spring Valley", "Jude Law"]


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("a group (“The Red Hand”) met", "Red Hand", "The Red Hand"),
        ('a group ("The Red Hand") met', "Red Hand", "The Red Hand"),
        ("The Red Hand met", "Red Hand", "Red Hand"),
        ("“The Red Hand of Karst” met", "Red Hand", "Red Hand"),
    ],
)
def test_the_article_of_a_quoted_name_belongs_to_it(text, name, expected):
    (one,) = bordered(text, [], marked(text, (name, "ORG", 0)))

    assert text[one.start : one.end] == expected


def test_small_words_behind_a_name_that_is_known_without_them_are_cut_off():
    text = "Karst Front left. Karst Front media said so, as did Reporters sans frontières."
    rules = marked(text, ("Karst Front", "ORG", 0))
    model = marked(text, ("Karst Front media", "ORG", 0), ("Reporters sans frontières", "ORG", 0))

    found = bordered(text, rules, model)

    assert [text[one.start : one.end] for one in found] == ["Karst Front", "Reporters sans frontières"]
