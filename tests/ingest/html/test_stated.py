"""What a page says about itself in its head."""

import pytest

from dossier.ingest.meta import Meta
from dossier.ingest.read import read_document

BODY = "<body><h1>The Shown Title</h1><p>The group was founded in the north of the country.<p>It moved on in 1998."


def read(head, *, body=BODY, html="<html>", meta=None):
    return read_document(f"{html}<head>{head}</head>{body}".encode(), name="a.html", meta=meta)


@pytest.mark.parametrize(
    ("head", "field", "value"),
    [
        ("<title>T</title>", "title", "The Shown Title"),
        ("<meta property=og:title content='Click this'>", "title", "The Shown Title"),
        ("<meta name=citation_title content='The &amp; Title'>", "title", "The & Title"),
        ("<meta name=DC.Title content='Dublin'>", "title", "Dublin"),
        ("<meta property='og:site_name' content='The Desk'>", "publisher", "The Desk"),
        ("<meta name=dc.publisher content='The Office'>", "publisher", "The Office"),
        ("<meta property='article:published_time' content='2016-05-03T23:10:00-05:00'>", "date", "2016-05-03"),
        ("<meta name=citation_date content='2016/5/3'>", "date", "2016-05-03"),
        ("<meta name=dc.date content='3 May 2016'>", "date", "2016-05-03"),
        ("<meta name=date content='soon'><meta name=pubdate content=2016-05>", "date", "2016-05"),
        ("<link rel=canonical href='https://x.example/a?b=1&amp;c=2'>", "url", "https://x.example/a?b=1&c=2"),
        (
            "<link rel=canonical href='/a'><meta property=og:url content='https://x.example/a'>",
            "url",
            "https://x.example/a",
        ),
        ("<!-- saved from url=(0024)https://x.example/page/ -->", "url", "https://x.example/page/"),
        (
            '<script type="application/ld+json">[{"@type":"Person"},{"@graph":[{"@type":["Thing","NewsArticle"],"headline":"H",'
            '"datePublished":"2016-05-03T10:00Z","publisher":{"@type":"Organization","name":"The Wire"}}]}]</script>',
            "publisher",
            "The Wire",
        ),
        (
            '<script type="application/ld+json">{"@type":"Report","datePublished":"2016-05-03"}</script>',
            "date",
            "2016-05-03",
        ),
        ('<script type="application/ld+json">{"@type":"Report",</script>', "date", None),
        (f'<script type="application/ld+json">{"[" * 100_000}</script>', "date", None),
    ],
)
def test_particulars(head, field, value):
    assert getattr(read(head), field) == value


def test_the_title_of_a_page_without_a_headline_loses_the_name_of_its_site():
    head = "<meta property=og:site_name content='The Desk'><title>Words &amp; Deeds | The Desk</title>"
    assert read(head, body="<p>The group was founded. It moved.").title == "Words & Deeds"
    assert read(head, body="<h1>The Desk</h1><p>The group was founded. It moved.").title == "Words & Deeds"


def test_a_time_in_the_text_is_its_date():
    assert read("", body=BODY + "<p><time datetime='2016-05-03T10:00'>May 3</time>").date == "2016-05-03"


def test_what_is_written_beside_the_file_wins():
    d = read("<meta name=citation_title content=A><meta name=date content=2016>", meta=Meta(title="B", date="2017"))
    assert (d.title, d.date) == ("B", "2017")


def test_the_words_tell_the_language_better_than_a_template():
    french = "<p>" + "Le groupe a été fondé dans le nord du pays par des soldats qui avaient quitté leur armée. " * 5
    assert read("", html="<html lang=en-US>", body=french).language == "fr"
    assert read("", html="<html lang=de>", body="<p>Kurz.").language == "de"
