"""Markers find their notes; numbers start again in every section."""

import pytest

from dossier.ingest.read import read_document

WORDS = "The group was founded in the north of the country"


def read(text, name="a.txt"):
    return read_document(text.encode(), name=name)


def linked(document):
    return [(n.list, n.n, [document.text[m.start : m.end] for m in n.markers]) for n in document.notes]


def test_a_marker_belongs_to_the_next_list_with_its_number():
    d = read(f"{WORDS}.[1]\n{WORDS}.[2]\n[1] First, 2001.\n[2] Second, 2002.\n{WORDS}.[1]\n[1] Third, 2003.\n")

    assert linked(d) == [(1, 1, ["[1]"]), (1, 2, ["[2]"]), (2, 1, ["[1]"])]
    assert not d.warnings


def test_several_numbers_in_one_marker():
    d = read(f"{WORDS}.[1, 3-4]\n\n[1] A, 2001.\n[2] B, 2002.\n[3] C, 2003.\n[4] D, 2004.\n")

    assert [markers for _, _, markers in linked(d)] == [["[1, 3-4]"], [], ["[1, 3-4]"], ["[1, 3-4]"]]


def test_a_note_goes_on_over_wrapped_lines():
    d = read(
        "The group was founded in the north of the\ncountry by soldiers, who had left.[1] It then\nmoved to the south.\n\n"
        "[1] Smith, John. “The Long War of the North.”\nThe Review, 3 May 2005. Web. 6 June\n2010.\n"
        "[2] Brown, Ann. “It.” News, 2006.\n"
    )

    assert d.notes[0].text == "Smith, John. “The Long War of the North.” The Review, 3 May 2005. Web. 6 June 2010."
    assert len(d.notes) == 2


@pytest.mark.parametrize("words", ["[T]he affiliates", "so [sic] it was", "in [2013] it", "a [1b] b"])
def test_brackets_that_are_no_markers(words):
    assert not read(f"{WORDS}, and {words} went on.\n\n[1] A, 2001.\n").warnings


def test_a_marker_without_a_note_is_said():
    d = read(f"{WORDS}.[7]\n\n[1] A, 2001.\n")

    assert [w.code for w in d.warnings] == ["note_unlinked"]
    assert f"character {len(WORDS) + 1}" in d.warnings[0].message


def test_a_marker_linked_over_a_list_is_said():
    d = read(f"{WORDS}.[2]\n[1] A, 2001.\n{WORDS}.[1]\n[1] B, 2002.\n[2] C, 2003.\n")

    assert linked(d)[2] == (2, 2, ["[2]"])
    assert "note list 1" in d.warnings[0].message


def test_raised_numbers():
    d = read(f"{WORDS}.¹ It holds 40 km² of land.\n\nNotes\n1. Smith, 2001.\n2. Brown, 2002.\n")

    assert linked(d) == [(1, 1, ["¹"]), (1, 2, [])]


def test_markdown_footnotes_with_names():
    d = read(f"{WORDS}.[^a] {WORDS}.[^b]\n\n[^a]: Smith, 2001.\n[^b]: Brown, 2002.\n", "a.md")

    assert linked(d) == [(1, 1, ["[^a]"]), (1, 2, ["[^b]"])]
    assert [n.text for n in d.notes] == ["Smith, 2001.", "Brown, 2002."]
