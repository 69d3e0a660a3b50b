import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import ROOT

from dossier.errors import RecordError
from dossier.gold import (
    GoldEvent,
    GoldRecord,
    GoldRelation,
    GoldSpan,
    compress_gold,
    parse_gold,
    read_gold,
    text_digest,
    write_gold,
)
from dossier.records import Span
from dossier.schema import load_schema

LINE = {
    "id": "a-1", "text": "Ingrid Solheim leads the NRF.",
    "spans": [{"start": 0, "end": 14, "label": "PERSON", "orig": "PER"}, {"start": 25, "end": 28, "label": "ORG"}],
    "relations": [{"head": 0, "child": 1, "label": "leads", "orig": "P488"}],
    "meta": {"source": "own"}, "ignore": [[15, 20]],
}  # fmt: skip


def parse(**changes):
    return parse_gold(json.dumps({**LINE, **changes}).encode())


def test_a_line_is_read_with_everything_on_it():
    assert parse() == GoldRecord(
        "a-1",
        "Ingrid Solheim leads the NRF.",
        (GoldSpan(0, 14, "PERSON", {"orig": "PER"}), GoldSpan(25, 28, "ORG")),
        (GoldRelation(0, 1, "leads", {"orig": "P488"}),),
        {"source": "own"},
        (Span(15, 20),),
    )


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"id": ""}, "id is empty"),
        ({"events": [{"trigger": {"start": 15, "end": 20}}]}, r"events\[0\].type = None"),
        ({"events": [{"type": "attack", "trigger": {"start": 15}}]}, r"events\[0\].trigger"),
        ({"events": [{"type": "attack", "trigger": {"start": 20, "end": 40}}]}, r"events\[0\].trigger 20-40"),
        ({"id": 7}, "id = '7' must be a str"),
        ({"spans": [{"start": 0, "end": 99, "label": "ORG"}]}, r"spans\[0\] 0-99 does not lie in a text of 29"),
        ({"spans": [{"start": 3, "end": 3, "label": "ORG"}]}, r"spans\[0\] 3-3"),
        ({"spans": [{"start": True, "end": 3, "label": "ORG"}]}, r"spans\[0\] = \(True, 3\)"),
        ({"spans": [{"start": 0, "end": 14}]}, r"spans\[0\].label = None"),
        ({"spans": [{"start": 6, "end": 14, "label": "ORG"}]}, "' Solheim': a mention begins and ends with a word"),
        (
            {"spans": [{"start": 0, "end": 6, "label": "ORG", "text": "Ingvar"}]},
            "reads 'Ingrid', the annotation says 'Ingvar'",
        ),
        ({"spans": [*LINE["spans"], {"start": 7, "end": 20, "label": "ORG"}]}, "'Ingrid Solheim' and 7-20 .* share"),
        ({"relations": [{"head": 0, "child": 2, "label": None}]}, r"relations\[0\].child = 2 is no index into the 2"),
        ({"ignore": [[5]]}, r"ignore\[0\] = \[5\]"),
        ({"note": 1}, "'note' is no field of gold"),
        ({"meta": {"labels": "ORG"}}, "meta.labels = 'ORG'"),
    ],
)
def test_a_wrong_value_is_named(changes, said):
    with pytest.raises(RecordError, match=said):
        parse(**changes)


def test_events_are_read_and_written_with_their_roles():
    event = {"type": "other", "trigger": {"start": 15, "end": 20}, "party": [0], "status": "reported"}
    record = parse(events=[event])

    assert record.events == (GoldEvent("other", Span(15, 20), {"party": [0], "status": "reported"}),)
    assert parse_gold(b"".join(write_gold([record]))) == record


@pytest.mark.parametrize("name", ["train", "held"])
def test_our_own_gold_reads(name):
    records = read_gold(ROOT / "annotations" / "own" / f"{name}.jsonl")

    assert b"".join(write_gold(records)) == (ROOT / "annotations" / "own" / f"{name}.jsonl").read_bytes()
    schema = load_schema([ROOT / "configs"])
    for record in records:
        assert {span.label for span in record.spans} <= set(schema.labels)
        assert {relation.label for relation in record.relations} <= set(schema.relations)
        assert {event.type for event in record.events} <= set(schema.events)


def test_what_is_held_out_is_about_others():
    orgs = [
        {record.meta["org"] for record in read_gold(ROOT / "annotations" / "own" / f"{name}.jsonl")}
        for name in ("train", "held")
    ]
    assert not orgs[0] & orgs[1]


def test_the_file_and_line_of_a_fault_are_named(tmp_path):
    path = tmp_path / "gold.jsonl"
    path.write_text(json.dumps(LINE) + "\n\n" + "{oops\n")

    with pytest.raises(RecordError, match=r"gold.jsonl, line 3: b'\{oops' is no JSON"):
        read_gold(path)


def test_an_id_stands_once(tmp_path):
    path = tmp_path / "gold.jsonl"
    path.write_text((json.dumps(LINE) + "\n") * 2)

    with pytest.raises(RecordError, match="line 2: id 'a-1' stands on an earlier line"):
        read_gold(path)


@pytest.mark.parametrize("data", [gzip.compress(b"{}")[:-4], None], ids=["cut short", "missing"])
def test_a_file_that_does_not_read_is_named(tmp_path, data):
    path = tmp_path / "gold.jsonl.gz"
    if data is not None:
        path.write_bytes(data)

    with pytest.raises(RecordError, match=r"gold.jsonl.gz cannot be read"):
        read_gold(path)


def test_role_fillers_may_share_characters_where_that_is_asked_for():
    spans = [{"start": 0, "end": 14, "label": "VICTIM"}, {"start": 7, "end": 14, "label": "VICTIM"}]

    assert len(parse_gold(json.dumps({**LINE, "spans": spans}).encode(), overlapping=True).spans) == 2


WORD = st.text(st.characters(exclude_categories=("Cs", "Z", "C")), min_size=1, max_size=5)


@st.composite
def records(draw):
    words = draw(st.lists(WORD, min_size=1, max_size=8))
    starts = [sum(len(w) + 1 for w in words[:i]) for i in range(len(words))]
    spans = [
        GoldSpan(at, at + len(word), draw(st.sampled_from(["ORG", "DATE"])), draw(st.sampled_from([{}, {"orig": "x"}])))
        for at, word in zip(starts, words, strict=True)
        if draw(st.booleans())
    ]
    relations = [GoldRelation(0, len(spans) - 1, draw(st.sampled_from(["leads", None])))] if spans else []
    return GoldRecord(draw(WORD), " ".join(words), tuple(spans), tuple(relations), {"source": "made up"})


@given(st.lists(records(), unique_by=lambda r: r.id, max_size=4), st.booleans())
def test_what_is_written_reads_back_equal(tmp_path_factory, found, packed):
    path = tmp_path_factory.mktemp("gold") / "gold.jsonl"
    path.write_bytes(compress_gold(write_gold(found)) if packed else b"".join(write_gold(found)))

    assert read_gold(path) == found


def test_every_public_set_reads(shared):
    sets = [p for p in sorted((shared / "data").glob("*/*.jsonl.gz")) if p.parent.name != "muc4"]

    assert sum(len(read_gold(path)) for path in sets) > 5000


@pytest.mark.parametrize("other", ["the  NRF\nmet", "THE nrf met ", "the ＮＲＦ met"])
def test_the_same_text_has_one_digest_however_it_is_written(other):
    assert text_digest(other) == text_digest("The NRF met")
    assert text_digest(other) != text_digest("The NRF left")
    assert len(text_digest(other)) == 16
