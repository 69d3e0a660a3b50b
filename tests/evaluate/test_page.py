"""The page is one file that asks for nothing and obeys no word of a text."""

import base64
import hashlib
import re
from html.parser import HTMLParser

import pytest

from dossier.evaluate.compare import evaluate
from dossier.evaluate.page import make_page, text
from dossier.evaluate.sets import GoldSet
from dossier.gold import GoldRecord, GoldSpan

HOSTILE = "<script>alert(1)</script><img src=http://evil.example/x onerror=alert(2)>\"'&\u202egnp.exe</style><base href=//evil>"


class Tags(HTMLParser):
    VOID = ("meta", "rect")

    def __init__(self):
        super().__init__()
        self.seen, self.attributes, self.open = set(), set(), []

    def handle_starttag(self, tag, attrs):
        self.seen.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.seen.add(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def page(words, **models):
    records = tuple(
        GoldRecord(f"{words}{i}", f"{words} met {words}", (GoldSpan(0, len(words), "ORG"),)) for i in range(8)
    )
    gold = GoldSet(words, records, ("ORG",))
    return make_page([evaluate(gold, models or {words: lambda text: []}, draws=200)])


@pytest.fixture(scope="module")
def hostile():
    return page(HOSTILE)


def test_no_word_of_a_text_becomes_markup(hostile):
    tags = Tags()
    tags.feed(hostile)

    assert tags.open == []
    assert not tags.seen & {"script", "img", "base", "link", "iframe", "a", "object", "form"}
    assert not {name for name in tags.attributes if name.startswith("on")} | (
        tags.attributes & {"src", "href", "style"}
    )
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in hostile


def test_what_turns_the_reading_direction_is_shown_as_its_number(hostile):
    assert "\u202e" not in hostile
    assert r"\u202egnp.exe" in hostile
    assert text("a\x00b\ud800") == r"a\u0000b\ud800"
    assert text("القاعدة 🕊") == "القاعدة 🕊"


def test_the_policy_allows_the_one_style_and_nothing_else(hostile):
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', hostile)[1]
    style = re.search(r"<style>(.*?)</style>", hostile, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()

    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert "url(" not in style
    assert "@import" not in style


def test_scores_and_slips_are_told():
    found = page("NRF")

    assert "<h2>NRF</h2>" in found
    assert "8 missed" in found
    assert "<mark class=wanted>NRF</mark> met NRF" in found
    assert "8 texts · 8 mentions · marks ORG" in found


def test_two_models_stand_side_by_side():
    from dossier.records import Found

    found = page("NRF", old=lambda text: [], new=lambda text: [Found(0, 3, "ORG", 0.9, "test")])

    assert "<b>new</b> against old: +100.0 points" in found
    assert 'class="verdict better"' in found
    assert "Strict F1 side by side" in found
