"""Passages of one report that cannot all hold."""

from __future__ import annotations

import pytest

from dossier.components.conflicts import find_conflicts
from dossier.components.pipeline import extract_document
from dossier.records import Extraction


def conflicts(nlp, make_document, text):
    extraction = extract_document(nlp, make_document(text))
    return {one["about"]["why"]: one for one in extraction.conflicts}, extraction


def test_two_tolls_of_one_event_are_both_kept(nlp, make_document):
    text = (
        "Gunmen attacked a bank in Oslo on 2 June 2008, killing six people. "
        "The attack on a bank in Oslo on 2 June 2008 killed nine people."
    )
    found, extraction = conflicts(nlp, make_document, text)
    (event,) = extraction.events

    assert found["tolls"]["about"] == {"record": event["id"], "field": "killed", "why": "tolls"}
    assert [(one["value"]["min"], one["evidence"][0]["quote"][:7]) for one in found["tolls"]["values"]] == [
        (6, "Gunmen "),
        (9, "The att"),
    ]


def test_two_dates_of_one_event_are_both_kept(nlp, make_document):
    text = (
        "The Karst Liberation Front attacked a bank in Oslo on 2 June 2008, killing 16 people. "
        "On 3 June 2008 the Karst Liberation Front attacked a bank in Oslo, killing 16 people."
    )
    found, extraction = conflicts(nlp, make_document, text)

    assert len(extraction.events) == 1
    assert [one["value"] for one in found["dates"]["values"]] == ["2008-06-02", "2008-06-03"]


def test_counts_that_agree_are_no_conflict(nlp, make_document):
    text = (
        "Gunmen attacked a bank in Oslo on 2 June 2008, killing at least six people. "
        "The attack on a bank in Oslo on 2 June 2008 killed nine people."
    )

    assert conflicts(nlp, make_document, text)[0] == {}


def relation(kind, subject, object_, number, **more):
    evidence = [{"document": "d", "start": number, "end": number + 1, "quote": "x"}]
    ends = {"subject": {"entity": subject, "text": subject}, "object": {"entity": object_, "text": object_}}
    return (
        {"id": f"r{number}", "type": kind, "start": None, "end": None, "status": "asserted", "evidence": evidence}
        | ends
        | more
    )


def test_an_event_after_the_end_of_its_actor_is_a_conflict():
    ended = relation("dissolved_on", "front", "date", 1, start="2003-05")
    event = {
        "id": "v1", "status": "asserted", "evidence": ended["evidence"], "claimed_by": [], "party": [],
        "date": {"text": "2005", "norm": {"edtf": "2005"}}, "perpetrator": [{"entity": "front", "text": "front"}],
    }  # fmt: skip
    (found,) = find_conflicts(Extraction("d", relations=[ended]), [(event, [])], None)

    assert found["about"] == {"record": "v1", "field": "date", "why": "after_end"}
    assert [one["value"] for one in found["values"]] == ["2005", "2003-05"]
    assert find_conflicts(Extraction("d", relations=[ended]), [(event | {"date": None}, [])], None) == []


@pytest.mark.parametrize(("start", "why"), [("2001", ["succession"]), ("2003-05", []), (None, [])])
def test_a_successor_before_the_end_of_the_predecessor_is_a_conflict(start, why):
    relations = [
        relation("leads", "old", "front", 1, start="1998", end="2003-05"),
        relation("leads", "new", "front", 2, start=start, end=None),
        relation("succeeded", "new", "old", 3),
    ]

    assert [one["about"]["why"] for one in find_conflicts(Extraction("d", relations=relations), [], None)] == why
