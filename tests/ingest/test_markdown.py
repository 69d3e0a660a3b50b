"""Markdown: the marks go, the words stay, tables are rows."""

import pytest

from dossier.ingest.read import read_document
from dossier.offsets import OffsetMap


def read(text):
    return read_document(text.encode(), name="a.md")


def shape(document):
    return [(b.kind, b.level, document.text[b.start : b.end]) for b in document.blocks]


@pytest.mark.parametrize(
    ("marked", "plain"),
    [
        ("the **Islamic State** and *AQIM*", "the Islamic State and AQIM"),
        ("the ***two*** of __them__ in snake_case_words", "the two of them in snake_case_words"),
        ("5 * 3 * 2 and a lone *", "5 * 3 * 2 and a lone *"),
        ('see [the report](https://example.org/a_(b) "Title"), page 3', "see the report, page 3"),
        ("an ![emblem of it](x.png) here", "an emblem of it here"),
        ("a [![badge](b.png)](https://x.org) there", "a badge there"),
        ("code `a*b*c` and \\*stars\\*", "code a*b*c and *stars*"),
        ("before <!-- not\nseen --> after", "before after"),
        ("a <b>bold</b> word at <https://example.org>", "a bold word at https://example.org"),
        ("A&amp;B", "A&B"),
        ("the **Salafist Group\nfor Preaching** split", "the Salafist Group for Preaching split"),
        ("markers[1][2] stay", "markers[1][2] stay"),
    ],
)
def test_marks_inside_a_paragraph(marked, plain):
    source = f"First words: {marked} and last words."
    d = read(source)

    assert d.text == f"First words: {plain} and last words."
    assert OffsetMap.from_bytes(d.offsets).restore(d.text) == source


def test_blocks_of_every_kind():
    d = read(
        "# The Title\n\n*The Desk, 3 May 2016*\n\nSection One\n-----------\n\nWords of it\ngo on here.\n\n### Deeper ###\n\n"
        "- one\n  - two\n- three\n  goes on\n\n1. first\n2. second\n\n> A quote\n> goes on.\n\n```\ncode *here*\n```\n\n"
        "| Name | From |\n|---|---|\n| Aleph | 2000 |\n| | 2007 |\n\n---\n\n[^1]: Smith, 2001.\n"
    )

    assert shape(d) == [
        ("title", 0, "The Title"),
        ("paragraph", 0, "The Desk, 3 May 2016"),
        ("heading", 2, "Section One"),
        ("paragraph", 0, "Words of it go on here."),
        ("heading", 3, "Deeper"),
        ("list_item", 1, "one"),
        ("list_item", 2, "two"),
        ("list_item", 1, "three goes on"),
        ("list_item", 1, "1. first"),
        ("list_item", 1, "2. second"),
        ("quote", 0, "A quote goes on."),
        ("paragraph", 0, "code *here*"),
        ("row", 0, "Name | From"),
        ("row", 0, "Aleph | 2000"),
        ("row", 0, "| 2007"),
        ("note", 0, "[^1]: Smith, 2001."),
    ]
    assert (d.title, d.publisher, d.date) == ("The Title", "The Desk", "2016-05-03")
    assert [(s.title, s.level) for s in d.sections] == [("Section One", 2), ("Deeper", 3)]


def test_front_matter_is_about_the_report_and_not_in_its_text():
    d = read(
        '---\ntitle: "A Report"\nauthor: Jane Doe\ndate: 3 May 2016\n---\n\n# Another Title\n\nThe words of the report.\n'
    )

    assert (d.title, d.date) == ("A Report", "2016-05-03")
    assert d.text == "Another Title\n\nThe words of the report."


def test_front_matter_that_does_not_read_is_warned_of():
    d = read("---\ndate: 2018-02-30\n---\n\nThe words of the report.\n")

    assert d.date is None
    assert [w.code for w in d.warnings] == ["header_unread"]
    assert "'2018-02-30'" in d.warnings[0].message


def test_rows_of_a_profile_in_bold():
    d = read("# X\n\n**Formed:** 1998\n**Disbanded:** 2009\n")

    assert [words for kind, _, words in shape(d) if kind == "row"] == ["Formed: 1998", "Disbanded: 2009"]


def test_nothing_but_marks_is_empty():
    with pytest.raises(Exception, match="empty"):
        read("<!-- nothing -->\n")
