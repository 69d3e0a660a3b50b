"""What is known about a report, from its NAME.meta.toml and from itself."""

import pytest

from dossier.errors import ConfigError
from dossier.ingest.meta import Meta, read_meta
from dossier.ingest.read import read_document

WORDS = "The group was founded in the north of the country, and it has been active there ever since."


def test_every_key_is_read():
    text = (
        'title = "A title"\npublisher = "The Desk"\ndate = 2016-05-03\nurl = "https://example.org/x"\n'
        'reliability = "B2"\nlanguage = "EN"\nencoding = "windows-1252"\n'
    )

    assert read_meta(text, where="a.meta.toml") == Meta(
        "A title", "The Desk", "2016-05-03", "https://example.org/x", "B2", "en", "windows-1252"
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('titel = "x"', "unknown key 'titel'"),
        ("title = 3", "title = 3"),
        ('date = "3 May 2016"', "'3 May 2016' is no ISO 8601"),
        ('date = "2016-02-30"', "2016-02-30"),
        ('url = "javascript:alert(1)"', "javascript"),
        ('language = "english"', "'english' is no ISO 639-1"),
        ('encoding = "rot13"', "'rot13' is no encoding"),
        ("title = ", "is no TOML"),
    ],
)
def test_a_wrong_line_is_named(text, words):
    with pytest.raises(ConfigError) as refused:
        read_meta(text, where="a.meta.toml")
    assert words in str(refused.value)
    assert "a.meta.toml" in str(refused.value)


@pytest.mark.parametrize("date", ["2016", "2016-05", "2016~", "198X", "2006/2007", "2004-06/.."])
def test_edtf_dates_are_taken(date):
    assert read_meta(f'date = "{date}"', where="a").date == date


@pytest.mark.parametrize(
    ("line", "publisher", "date"),
    [
        ("3 May 2016", None, "2016-05-03"),
        ("The Example Desk, 3 May 2016", "The Example Desk", "2016-05-03"),
        ("By Ann Smith, The Example Desk, May 3, 2016", "The Example Desk", "2016-05-03"),
        ("Updated March 3, 2019", None, "2019-03-03"),
        ("The Example Desk, 3 May 2016, revised 20 September 2021", "The Example Desk", "2021-09-20"),
        ("Published by The Example Desk. Last updated: June 14, 2022.", "The Example Desk", "2022-06-14"),
        ("The Example Desk - Brief 4 - 30 May 2023", "The Example Desk", "2023-05-30"),
        ("The talks of 3 May 2016 came to nothing.", None, None),
        ("Ann Smith, Specialist in African Affairs", None, None),
    ],
)
def test_a_head_line(line, publisher, date):
    d = read_document(f"The Title of It\n{line}\n\n{WORDS}\n".encode(), name="a.txt")

    assert (d.title, d.publisher, d.date) == ("The Title of It", publisher, date)


def test_a_dateline():
    d = read_document(f"BOGOTÁ, 24 November 2016 - {WORDS}\n\n{WORDS}\n".encode(), name="a.txt")

    assert d.date == "2016-11-24"


def test_the_metadata_wins():
    meta = Meta(title="Other", date="2017", language="fr")
    d = read_document(f"The Title\n3 May 2016\n\n{WORDS}\n".encode(), name="a.txt", meta=meta)

    assert (d.title, d.date, d.language) == ("Other", "2017", "fr")
    assert [w.code for w in d.warnings] == ["language_other"]


@pytest.mark.parametrize(
    ("words", "language"),
    [
        (WORDS, "en"),
        (
            "El Movimiento de Liberación Nacional fue una guerrilla urbana que surgió a mediados de los años sesenta.",
            "es",
        ),
        ("Mali, 2013", None),
        ("word " * 400, None),
    ],
)
def test_language(words, language):
    assert read_document(words.encode(), name="a.txt").language == language
