"""Rulings outlive another model, another reading and another download; what cannot be placed is shown."""

import uuid

import pytest
from tests.store.reports import NAMES, TEXT, add_report, extract_report

from dossier.review.desk import Desk
from dossier.store.anchors import anchor_of, load_reading, locate


def number():
    return str(uuid.uuid4())


def find(desk, document, kind, words, at=0):
    found = [r for r in desk.records(document, "ada")[kind] if words in (r.get("text"), r.get("name"), r.get("type"))]
    return found[at]


def rule(desk, record, ruling, **fields):
    change = {"kind": record["kind"], "target": record["target"], "ruling": ruling, "record": fields}
    return desk.rule("ada", number(), [change])


@pytest.fixture
def desk(store):
    return Desk(store)


READINGS = {
    "another model": {"ids": "other"},
    "another model that finds less": {"ids": "other", "names": {k: v for k, v in NAMES.items() if k != "Carl Ek"}},
}


@pytest.mark.parametrize("options", READINGS.values(), ids=READINGS)
def test_rulings_hang_on_the_words_not_on_the_ids_of_a_model(store, desk, options):
    document = add_report(store)
    rule(desk, find(desk, document, "mentions", "Ada Berg", 1), "reject")
    rule(desk, find(desk, document, "mentions", "Narvik"), "edit", label="ORG")
    rule(desk, find(desk, document, "relations", "leads"), "accept")
    rule(desk, find(desk, document, "events", "bombing"), "edit", status="claimed")
    name = find(desk, document, "entities", "Bo Dahl")
    rule(desk, name, "accept")

    extract_report(store, document, **options)

    states = [(m["start"], m["state"]) for m in desk.records(document, "ada")["mentions"] if m["text"] == "Ada Berg"]
    assert states == [(0, "pending"), (TEXT.index("Ada Berg", 9), "rejected")]
    assert find(desk, document, "mentions", "Narvik")["label"] == "ORG"
    assert find(desk, document, "relations", "leads")["state"] == "accepted"
    assert find(desk, document, "events", "bombing")["status"] == "claimed"
    kept = find(desk, document, "entities", "Bo Dahl")
    assert kept["state"] == "accepted"
    assert kept["id"] == name["id"]  # an entity's id is given once
    assert find(desk, document, "mentions", "Bo Dahl")["entity"] == name["id"]
    assert not desk.records(document, "ada")["lost"]


def test_rulings_stand_where_their_words_are_in_another_reading(store, desk):
    head = "A running head\n\n"
    document = add_report(store, head + TEXT)
    rule(desk, find(desk, document, "mentions", "Ada Berg", 1), "accept")
    rule(desk, find(desk, document, "mentions", "Bo Dahl"), "edit", start=len(head) + 35, end=len(head) + 37)
    rule(desk, find(desk, document, "relations", "leads"), "accept")
    before = {m["text"]: m["source"] for m in desk.records(document, "ada")["mentions"] if m["state"] != "pending"}

    add_report(store, head + TEXT, drop=[head], ids="other")

    found = [m for m in desk.records(document, "ada")["mentions"] if m["state"] != "pending"]
    assert [(m["text"], m["start"]) for m in found] == [("Bo", 35), ("Ada Berg", TEXT.index("Ada Berg", 9))]
    assert {m["text"]: m["source"] for m in found} == before
    assert find(desk, document, "relations", "leads")["state"] == "accepted"


def test_a_relation_is_rebound_to_another_mention_of_the_same_entity(store, desk):
    document = add_report(store)
    relation = find(desk, document, "relations", "leads")
    rule(desk, relation, "accept")
    extraction = extract_report(store, document, ids="other", relations=False)
    new = {**relation, "id": "r_new"}
    entities = {r["name"]: r["id"] for r in extraction.entities}
    at = TEXT.index("In Narvik")
    shown = {**relation["evidence"][0], "start": at, "end": len(TEXT), "quote": TEXT[at:]}
    new |= {
        end: {"entity": entities[relation[end]["text"]], "text": relation[end]["text"]} for end in ("subject", "object")
    }
    for name in ("target", "state", "revision", "review", "why", "votes"):
        new.pop(name)
    extraction.relations.append({**new, "evidence": [shown]})

    from dossier.store.proposals import save_extraction

    save_extraction(store, extraction, "o" * 32)

    (found,) = desk.records(document, "ada")["relations"]
    assert (found["id"], found["state"]) == ("r_new", "accepted")


def test_an_accepted_mention_that_is_not_proposed_any_more_stands_as_a_persons_mark(store, desk):
    document = add_report(store)
    rule(desk, find(desk, document, "mentions", "Carl Ek"), "accept")
    extract_report(store, document, {"Ada Berg": "PERSON"}, ids="other")

    found = find(desk, document, "mentions", "Carl Ek")
    assert (found["state"], found["label"]) == ("accepted", "PERSON")
    assert TEXT[found["start"] : found["end"]] == "Carl Ek"


def test_what_cannot_be_placed_is_shown_and_comes_back_with_its_words(store, desk):
    document = add_report(store)
    rule(desk, find(desk, document, "mentions", "Carl Ek"), "accept")
    add_report(store, TEXT, drop=[" met Carl Ek"], ids="other")

    (lost,) = desk.records(document, "ada")["lost"]
    assert (lost["text"], lost["state"]) == ("Carl Ek", "lost")
    assert desk.queue({})["items"][0]["target"] == lost["target"]
    assert "Carl Ek" not in {m["text"] for m in desk.records(document, "ada")["mentions"]}

    add_report(store, TEXT, ids="third")
    assert find(desk, document, "mentions", "Carl Ek")["state"] == "accepted"
    assert not desk.records(document, "ada")["lost"]


def test_rulings_go_on_from_where_they_were_after_a_new_model(store, desk):
    document = add_report(store)
    rule(desk, find(desk, document, "mentions", "Carl Ek"), "accept")
    extract_report(store, document, ids="other")
    rule(desk, find(desk, document, "mentions", "Carl Ek"), "reject")
    extract_report(store, document, ids="third")
    assert find(desk, document, "mentions", "Carl Ek")["state"] == "rejected"

    desk.undo("ada", number())
    assert find(desk, document, "mentions", "Carl Ek")["state"] == "accepted"


def test_an_addition_that_a_model_proposes_later_is_that_proposal(store, desk):
    names = {k: v for k, v in NAMES.items() if k != "Carl Ek"}
    document = add_report(store, names=names)
    at = TEXT.index("Carl Ek")
    desk.rule("ada", number(), [{"kind": "mention", "target": "a_1", "document": document, "ruling": "add",
                                 "record": {"start": at, "end": at + 7, "label": "PERSON"}}])  # fmt: skip
    extract_report(store, document, ids="other")

    (found,) = [m for m in desk.records(document, "ada")["mentions"] if m["text"] == "Carl Ek"]
    assert (found["state"], found["target"][:2]) == ("accepted", "m_")
    assert desk.progress()["counts"]["added"] == 0


@pytest.mark.parametrize(
    ("source", "drop", "found"),
    [
        ("One Oslo, two Oslo.", (), 4),
        ("Header. One Oslo, two Oslo.", ("Header. ",), 4),  # as the file says
        ("Other words. Two Oslo. One Oslo, two Oslo.", (), 27),  # by its surroundings
        ("No such city.", (), None),
        ("An Oslo in a town.", (), None),  # a place that is not like it
    ],
)
def test_words_are_found_where_they_were_then_as_the_file_says_then_by_their_surroundings(store, source, drop, found):
    first = add_report(store, "One Oslo, two Oslo.", name="b", extract=False)
    anchor = {**anchor_of(load_reading(store, first), 4, 8), "sha256": None}
    if drop:
        anchor["source"] = [12, 16]
    second = add_report(store, source, drop=drop, name="c", extract=False)

    span = locate(load_reading(store, second), anchor)
    assert (span.start if span else None) == found


def test_of_two_places_that_are_alike_none_is_taken(store):
    first = add_report(store, "x Oslo y", name="b", extract=False)
    anchor = {**anchor_of(load_reading(store, first), 2, 6), "sha256": None, "source": [900, 904], "start": 900}
    second = add_report(store, "x Oslo y, x Oslo y", name="c", extract=False)

    assert locate(load_reading(store, second), anchor) is None
