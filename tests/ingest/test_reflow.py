"""Line ends: hyphens that stay, hyphens that go, and breaks that are no space."""

import pytest

from dossier.ingest.original import open_original
from dossier.ingest.read import read_document
from dossier.ingest.reflow import join_hyphen
from dossier.source_map import open_map


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("govern", "ment"),
        ("coun", "terterrorism"),
        ("counter", "assault"),
        ("pre", "sent"),
        ("Govern", "ment"),
        ("ex", "pected"),
    ],
)
def test_a_typesetters_hyphen_goes(left, right):
    assert join_hyphen(left, right, frozenset())


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("AQIM", "aligned"),
        ("U.S.", "designated"),
        ("2006", "2007"),
        ("Trans", "Sahara"),
        ("Algerian", "led"),
        ("then", "deputy"),
        ("day-to", "day"),
        ("non", "existent"),
    ],
)
def test_a_compounds_hyphen_stays(left, right):
    assert not join_hyphen(left, right, frozenset())


def test_what_stands_elsewhere_in_the_document_decides():
    assert not join_hyphen("safe", "havens", frozenset({"safe-havens"}))
    assert join_hyphen("anti", "cipate", frozenset({"anticipate"}))


@pytest.mark.parametrize(
    ("broken", "joined"),
    [
        ("the govern-\nment of", "the government of"),
        ("an AQIM-\naligned group", "an AQIM-aligned group"),
        ("the demo\u00ad\ncracy of", "the democracy of"),
        ("mid- or late-2013 and pre-\nand post-war", "mid- or late-2013 and pre- and post-war"),
        ("G5 Sahel\u2014\nMali and others", "G5 Sahel\u2014Mali and others"),
        ("AQIM/\nAl Murabitoun", "AQIM/Al Murabitoun"),
        ("it ended \u2013\nand began", "it ended \u2013 and began"),
        ("at https://example.org/\nprofiles", "at https://example.org/profiles"),
        ("北京\n上海", "北京上海"),
    ],
)
def test_how_lines_meet(broken, joined):
    text = f"Here are a few words of a long line that\nfollows another one, and after it\n{broken} and more\nwords follow.\n"

    assert joined in read_document(text.encode(), name="a.txt").text


@pytest.mark.parametrize("name", ["report.txt", "report.md"])
@pytest.mark.parametrize("marks", ["\x00\x00", "\x00 ", "\u00ad\x00", "\ufeff"])
def test_marks_that_show_nothing_at_a_line_end_take_no_space_with_them(name, marks):
    lines = (
        f"The men who met in the house of Mujica{marks}",
        "that evening left for the north, and",
        "nobody saw them again.",
    )
    data = "\n".join(lines).encode()
    document = read_document(data, name=name)
    block = document.blocks[0]
    source = open_map(document.offsets).source(block.start, block.end)

    assert "Mujica that" in document.text or "Mujicathat" in document.text
    assert open_original(data, document.media_type, document.encoding).reads(source, document.text) is None
