"""Offsets in UTF-16 units, marks and relations as rows, and what a row may not be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossier.errors import RemoteError, UsageError
from dossier.records import Span
from dossier.review.doccano.remote import checked_url, read_export
from dossier.review.doccano.rows import Sheet, Units, add_arcs, add_marks, read_row

TEXT = "In Oslo \U0001f600 the NRF met É́ the آزادی Party.\r\nIt left."
LABELS, TYPES = frozenset({"ORG", "PLACE"}), frozenset({"operates_in"})
letters = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@given(letters)
def test_units_are_those_of_utf_16(text):
    units = Units(text)

    for at in range(len(text) + 1):
        assert units.out(at) == len(text[:at].encode("utf-16-le")) // 2
        assert units.back(units.out(at)) == at


def test_half_a_character_and_places_outside_are_refused():
    units = Units("a\U0001f600b")

    for at in (2, -1, 5):
        with pytest.raises(ValueError, match=r"cuts|outside"):
            units.back(at)


def mention(number, words, label, entity=None):
    start = TEXT.index(words)
    return {"id": number, "start": start, "end": start + len(words), "text": words, "label": label, "entity": entity}


MENTIONS = [
    mention("m1", "Oslo", "PLACE", "e1"),
    mention("m2", "NRF", "ORG", "e2"),
    mention("m3", "آزادی Party", "ORG", "e3"),
]


def relation(subject, object_, **more):
    shown = {"start": 0, "end": len(TEXT), "subject_text": None, "object_text": None} | more
    return {"id": "r1", "type": "operates_in", "subject": subject, "object": object_, "evidence": [shown]}


def sheet(*relations):
    made = Sheet("d_1", "Talks", TEXT, "0" * 64)
    add_marks(made, MENTIONS)
    add_arcs(made, MENTIONS, relations)
    return made


def test_a_row_comes_back_as_it_was_sent():
    made = sheet(relation({"text": "NRF", "entity": "e2"}, {"text": "Oslo", "entity": "e1"}))
    row = made.row("push")

    seen = read_row(row, TEXT, LABELS, TYPES, "here")

    assert sorted(seen.spans.values()) == sorted((Span(one["start"], one["end"]), one["label"]) for one in MENTIONS)
    assert [(kind, seen.spans[a][0].start, seen.spans[b][0].start) for kind, a, b in seen.arcs.values()] == [
        ("operates_in", TEXT.index("NRF"), TEXT.index("Oslo"))
    ]
    assert set(row) == {"text", "doc_id", "src", "entities", "relations"}


@pytest.mark.parametrize(
    ("subject", "shown"),
    [
        ({"text": "the group", "entity": "e9"}, {}),  # an entity without a mark here
        ({"text": "Bergen", "norm": None}, {}),  # words that nobody marked
        ({"text": "NRF", "entity": "e2"}, {"start": 0, "end": 6}),  # its mark is not in the evidence
    ],
)
def test_relations_that_cannot_be_drawn_are_counted(subject, shown):
    made = sheet(relation(subject, {"text": "Oslo", "entity": "e1"}, **shown))

    assert (made.arcs, made.left_out) == ([], 1)


def test_marks_that_overlap_are_named():
    with pytest.raises(ValueError, match="m1 and m9 share characters"):
        add_marks(
            Sheet("d_1", "", TEXT, ""), [MENTIONS[0], {**MENTIONS[0], "id": "m9", "start": MENTIONS[0]["start"] + 1}]
        )


ROW = {
    "id": 1,
    "text": TEXT,
    "entities": [{"id": 1, "label": "ORG", "start_offset": 15, "end_offset": 18}],
    "relations": [],
}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"text": TEXT + " "}, "its text is not the one that was sent"),
        ({"entities": [{"id": 1, "label": "<b>", "start_offset": 0, "end_offset": 2}]}, "the label '<b>'"),
        ({"entities": [{"id": 1, "label": "ORG", "start_offset": 9, "end_offset": 12}]}, "cuts a character"),
        ({"entities": [{"id": 1, "label": "ORG", "start_offset": 3, "end_offset": 99999}]}, "outside of a text"),
        ({"entities": [{"id": 1, "label": "ORG", "start_offset": 3, "end_offset": 3}]}, "is empty"),
        ({"entities": [{"id": "1", "label": "ORG", "start_offset": 3, "end_offset": 4}]}, "not a number"),
        ({"entities": {"id": 1}}, "no list of objects"),
        ({"relations": [{"id": 1, "type": "operates_in", "from_id": 1, "to_id": 7}]}, "an end of it is not there"),
        ({"relations": [{"id": 1, "type": "eats", "from_id": 1, "to_id": 1}]}, "'eats', which is none of ours"),
    ],
)
def test_a_row_that_cannot_be_is_refused_with_the_value(change, said):
    with pytest.raises(RemoteError, match=said):
        read_row({**ROW, **change}, TEXT, LABELS, TYPES, "here")


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"no zip"])
def test_an_export_that_is_no_zip_is_refused(data):
    with pytest.raises(RemoteError, match="does not read"):
        read_export(data, "there")


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://desk.example.org", "in clear"),
        ("ftp://desk.example.org", "no address"),
        ("https://ada:secret@desk.example.org", "leave user and password out"),
        ("desk.example.org", "no address"),
    ],
)
def test_addresses_that_give_something_away_are_refused(url, said):
    with pytest.raises(UsageError, match=said) as stop:
        checked_url(url, allow_http=False)

    assert "secret" not in str(stop.value)
