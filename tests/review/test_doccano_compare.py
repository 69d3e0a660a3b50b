"""What was done in a doccano, as rulings."""

from dataclasses import replace

import orjson
import pytest

from dossier.records import Document, Span
from dossier.review.doccano.compare import UNNAMED, Signatures, Signed, compare
from dossier.review.doccano.rows import Seen
from dossier.store.doccano import Example, Item

TEXT = "The NRF left Oslo in 1998."
BOB, CY = Signed("bob", "2026-01-02T00:00:00Z"), Signed("cy", "2026-01-03T00:00:00Z")
NRF, OSLO = (Span(4, 7), "ORG"), (Span(13, 17), "PLACE")


def item(kind, number, target, *state):
    said = orjson.dumps(list(state)).decode()
    return Item(kind, number, 5, target, said, said)


KNOWN = [
    item("mention", 1, "m_1", 4, 7, "ORG"),
    item("mention", 2, "m_2", 13, 17, "PLACE"),
    item("relation", 9, "r_9", "based_in", 1, 2),
]
ARC = {9: ("based_in", 1, 2)}


def look(spans, arcs, *, confirmed=None, before=False, known=KNOWN):
    document = Document(
        id="d_1",
        sha256="",
        media_type="text/plain",
        encoding="utf-8",
        language="en",
        text=TEXT,
        offsets=b"",
        ingest="1",
    )
    by = {("mention", n): BOB for n in spans} | {("relation", n): BOB for n in arcs}
    compared = compare(
        document, Example(5, "d_1", "", before), known, Seen(spans, arcs), Signatures(by, confirmed), "there#1"
    )
    return compared, [(one.kind, one.target, one.ruling, one.signed.user) for one in compared.findings]


def test_what_nobody_touched_says_nothing():
    compared, found = look({1: NRF, 2: OSLO}, ARC)

    assert found == []
    assert compared.items == KNOWN


def test_confirming_accepts_what_stands_once():
    whole = {1: NRF, 2: OSLO}

    assert look(whole, ARC, confirmed=CY)[1] == [
        ("mention", "m_1", "accept", "cy"), ("mention", "m_2", "accept", "cy"), ("relation", "r_9", "accept", "cy")
    ]  # fmt: skip
    assert look(whole, ARC, confirmed=CY, before=True)[1] == []


def test_a_mark_that_is_gone_is_rejected_only_where_somebody_confirmed():
    compared, found = look({1: NRF}, {})
    assert (found, compared.missing) == ([], 2)
    assert {one.target for one in compared.items} == {"m_1", "m_2", "r_9"}  # they are asked about again

    compared, found = look({1: NRF}, {}, confirmed=CY, before=True)
    assert found == [("mention", "m_2", "reject", "cy"), ("relation", "r_9", "reject", "cy")]
    assert {one.target for one in compared.items} == {"m_1"}


@pytest.mark.parametrize(("confirmed", "user"), [(None, UNNAMED), (CY, "cy")])
def test_a_moved_mark_is_edited_and_not_signed_by_who_made_it(confirmed, user):
    compared, found = look({1: (Span(0, 7), "PERSON"), 2: OSLO}, ARC, confirmed=confirmed, before=True)

    assert found == [("mention", "m_1", "edit", user)]
    assert compared.findings[0].record == {"start": 0, "end": 7, "text": "The NRF", "label": "PERSON"}


def test_confirming_what_was_renamed_before_says_so_again():
    renamed = [replace(KNOWN[0], state='[4,7,"PERSON"]'), *KNOWN[1:]]

    compared, found = look({1: (Span(4, 7), "PERSON"), 2: OSLO}, ARC, confirmed=CY, known=renamed)

    assert found[0] == ("mention", "m_1", "edit", "cy")
    assert compared.findings[0].record == {"label": "PERSON"}
    assert compared.items[0].sent == KNOWN[0].sent


def test_additions_are_signed_by_who_made_them_and_keep_their_target():
    spans = {1: NRF, 2: OSLO, 3: (Span(21, 25), "DATE")}
    compared, found = look(spans, {**ARC, 10: ("formed_on", 1, 3)})
    added = compared.findings[0].target

    assert [one[2:] for one in found] == [("add", "bob"), ("add", "bob")]
    assert compared.findings[0].record["text"] == "1998"
    assert [compared.findings[1].record[end]["mention"] for end in ("subject", "object")] == ["m_1", added]
    assert look(spans, ARC)[0].findings[0].target == added


def test_a_relation_that_was_turned_is_edited():
    compared, found = look({1: NRF, 2: OSLO}, {9: ("operates_in", 2, 1)})

    assert found == [("relation", "r_9", "edit", UNNAMED)]
    assert compared.findings[0].record["subject"]["text"] == "Oslo"
    assert compared.findings[0].record["evidence"] == [{"document": "d_1", "start": 4, "end": 17}]
