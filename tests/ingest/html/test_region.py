"""The report of a page, and not what every page of its site has."""

import pytest

from dossier.ingest.html import region
from dossier.ingest.read import read_document

PROSE = [
    "The Northern Reach Front was founded by Ingrid Solheim in March 1998 in the harbour town of Narvik in Norway.",
    "It was led by Solheim until late in 2004, when she left the country for good and named no successor to follow her.",
    "The government of Norway met its leaders in Oslo on 2 May 2005, and both sides signed the text of an accord there.",
]
REPORT = "".join(f"<p>{each}</p>" for each in PROSE)
MENU = "<ul>" + "".join(f"<li><a href=/{n}>Section {n} of the site</a></li>" for n in range(8)) + "</ul>"
TEASERS = "".join(
    f"<div><h4><a href=/t{n}>Another story, number {n}</a></h4><a href=/t{n}>Read on</a></div>" for n in range(5)
)


@pytest.fixture(params=["choice", "rules"])
def chooser(request, monkeypatch):
    """Both ways: with trafilatura, and as where it has nothing to say."""
    if request.param == "rules":
        monkeypatch.setattr(region, "_ask", lambda source: None)
    return request.param


def texts(html):
    d = read_document(f"<html><body>{html}</body></html>".encode(), name="a.html")
    return [d.text[b.start : b.end] for b in d.blocks]


@pytest.mark.parametrize(
    "page",
    [
        f"<header><a href=/>Home</a>{MENU}</header><main><h1>The Front</h1>{REPORT}</main><footer>(c) 2016</footer>",
        f"<div class=navbar>{MENU}</div><article><h1>The Front</h1>{REPORT}<aside>{MENU}</aside></article>{TEASERS}",
        f"{MENU}<h1>The Front</h1>{REPORT}<div role=contentinfo>All rights reserved</div>",
        f"<table><tr><td>{MENU}<td><h1>The Front</h1>{REPORT}</table>",
    ],
    ids=["elements", "classes", "plain", "table"],
)
def test_menus_and_frames_go(chooser, page):
    assert texts(page) == ["The Front", *PROSE]


def test_what_the_choice_passes_over_inside_the_report_is_kept():
    page = (
        f"{MENU}<article><h1>The Front</h1><p>By Anna Berg<p>{PROSE[0]}<sup><a href=#n1>1</a></sup>"
        "<table><tr><td>1998<td>60 fighters<tr><td>2004<td>80 fighters</table>"
        "<figure><img><figcaption>Narvik</figcaption></figure>"
        f"<p>{PROSE[1]}<p>Short.<pre>A line as it is.</pre></article><h2>Notes</h2><ol><li id=n1>Berg, 2005.</ol>{TEASERS}"
    )

    assert texts(page) == [
        "The Front",
        "By Anna Berg",
        PROSE[0] + "1",
        "1998\t60 fighters",
        "2004\t80 fighters",
        "Narvik",
        PROSE[1],
        "Short.",
        "A line as it is.",
        "Notes",
        "Berg, 2005.",
    ]


def test_comments_under_a_report_are_none_of_it(chooser):
    page = f"<article><h1>The Front</h1>{REPORT}</article><div id=comments class=comments><p>{PROSE[0]}</p></div>"
    assert texts(page) == ["The Front", *PROSE]


@pytest.mark.parametrize(
    "answer", ["", "Other words than those of the page, and not one of them in it.", PROSE[0][:30]]
)
def test_a_choice_that_is_much_less_is_none(monkeypatch, answer):
    monkeypatch.setattr(region, "_ask", lambda source: answer)
    assert texts(f"<h1>The Front</h1>{REPORT}") == ["The Front", *PROSE]


def test_a_page_that_trips_the_library_is_read_by_rules(monkeypatch):
    import trafilatura

    def fail(*args, **kwargs):
        raise RecursionError("deep")

    monkeypatch.setattr(trafilatura, "extract", fail)
    assert texts(f"{MENU}<h1>The Front</h1>{REPORT}") == ["The Front", *PROSE]


@pytest.mark.parametrize(
    "page",
    ["<div>" * 300 + REPORT + "</div>" * 300, REPORT * 2000, REPORT + " " * 2_000_000],
    ids=["deep", "many blocks", "long"],
)
def test_what_the_library_cannot_take_it_is_not_asked_about(monkeypatch, page):
    monkeypatch.setattr(region, "_ask", lambda source: pytest.fail("asked"))
    assert texts(page)[:3] == PROSE


def test_a_page_of_furniture_alone_is_kept_whole():
    assert texts(f"<nav>{REPORT}</nav>") == PROSE


def test_nothing_is_fetched(monkeypatch):
    import socket

    monkeypatch.setattr(socket.socket, "connect", lambda *a: pytest.fail("connected"))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: pytest.fail("looked up"))
    texts(
        f"<base href=http://x.example/><link rel=canonical href=http://x.example/a><img src=http://x.example/i>{REPORT}"
    )
