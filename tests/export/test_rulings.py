"""What people ruled decides what goes out, under the contract, and every quote still leads back."""

import json
import uuid

import pytest
from tests.store.reports import TEXT, add_report, extract_report

from dossier.contract import LINE
from dossier.export.gold import export_gold
from dossier.export.jsonl import export_jsonl
from dossier.export.traverse import Options, account
from dossier.review.desk import Desk
from dossier.store.db import create_workspace, open_store


@pytest.fixture
def store(tmp_path):
    create_workspace(tmp_path)
    with open_store(tmp_path) as store:
        yield store


@pytest.fixture
def desk(store):
    return Desk(store)


def number():
    return str(uuid.uuid4())


def export(store, *, pending=False):
    out = store.folder / "out" / "x.jsonl"
    export_jsonl(store, out, Options(pending=pending))
    records = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    for line in out.read_bytes().splitlines():
        LINE.validate_json(line)
    _check_quotes(records)
    states = records[0]["proposals"]
    parts = ("accepted", "edited", "rejected", "pending", "superseded")
    assert states["proposed"] == sum(states[part] for part in parts)
    return records


def _check_quotes(records):
    """Each stretch reads what it says, and its source too."""
    for record in records[1:]:
        shown = list(record.get("evidence", ())) + [e for name in record.get("names", ()) for e in name["evidence"]]
        for each in shown:
            assert TEXT[each["start"] : each["end"]] == each["quote"]
            assert "".join(TEXT[s:e] for s, e in each["source"]["parts"]).split() == each["quote"].split()
        if record["kind"] == "mention":
            assert TEXT[record["start"] : record["end"]] == record["text"]


def of(records, kind, **fields):
    return [r for r in records if r["kind"] == kind and all(r.get(name) == value for name, value in fields.items())]


def rule(desk, kind, ruling, target=None, user="ada", document=None, **record):
    change = {"kind": kind, "target": target, "document": document, "ruling": ruling, "record": record}
    return desk.rule(user, number(), [change])


def target(store, kind, text, at=0):
    found = [
        t
        for (t,) in store.rows("SELECT target FROM target WHERE kind = ? AND text LIKE ? ORDER BY start", (kind, text))
    ]
    return found[at]


def test_every_kind_follows_its_rulings(store, desk):
    document = add_report(store)
    rule(desk, "mention", "accept", target(store, "mention", "Carl Ek"))
    rule(desk, "mention", "edit", target(store, "mention", "Bo Dahl"), start=35, end=37)
    rule(desk, "mention", "edit", target(store, "mention", "Narvik"), label="ORG")
    rule(desk, "mention", "reject", target(store, "mention", "2004"))
    rule(desk, "relation", "edit", target(store, "relation", "%"), role="chair", start="1999")
    killed = {"min": 3, "max": 3, "unit": "killed", "approximate": False, "text": "three"}
    rule(desk, "event", "edit", target(store, "event", "%"), status="claimed", killed=killed)
    at = TEXT.index("bridge")
    rule(desk, "mention", "add", document=document, start=at, end=at + 6, label="WEAPON")
    rule(desk, "mention", "comment", target(store, "mention", "2005"), text="a comment")
    records = export(store)

    mentions = {m["text"]: m for m in of(records, "mention")}
    assert {text: (m["label"], m["review"]["state"]) for text, m in mentions.items()} == {
        "Bo": ("PERSON", "edited"), "Carl Ek": ("PERSON", "accepted"), "Narvik": ("ORG", "edited"),
        "bridge": ("WEAPON", "accepted"),
    }  # fmt: skip
    assert mentions["bridge"]["by"] == "person"
    assert mentions["Narvik"]["review"]["by"] == "ada"
    (relation,) = of(records, "relation")
    assert (relation["role"], relation["start"], relation["review"]["state"]) == ("chair", "1999", "edited")
    (event,) = of(records, "event")
    assert (event["status"], event["killed"]["min"]) == ("claimed", 3)
    assert "a comment" not in json.dumps(records)
    assert records[0]["proposals"] | {"proposed": 0, "pending": 0} == {
        "proposed": 0, "accepted": 1, "edited": 4, "rejected": 1, "pending": 0, "superseded": 0, "added": 1, "kept": 0,
        "disputed": 0, "lost": 0,
    }  # fmt: skip


def test_what_goes_out_names_no_entity_that_does_not(store, desk):
    document = add_report(store)
    rule(desk, "relation", "accept", target(store, "relation", "%"))
    at = TEXT.index("bombed")
    rule(desk, "mention", "add", document=document, start=at, end=at + 6, label="ORG")  # a name that nothing knew
    records = export(store)

    out = {e["id"]: e for e in of(records, "entity")}
    named = {r[end]["entity"] for r in of(records, "relation") for end in ("subject", "object")}
    named |= {m["entity"] for m in of(records, "mention")}
    assert named == set(out)
    assert {e["name"]: e["review"]["state"] for e in out.values()} == {
        "Ada Berg": "pending", "Northern Reach": "pending", "bombed": "accepted"
    }  # fmt: skip


def test_a_rejected_entity_leaves_words_behind(store, desk):
    add_report(store)
    rule(desk, "relation", "accept", target(store, "relation", "%"))
    rule(desk, "mention", "accept", target(store, "mention", "Ada Berg"))
    rule(desk, "entity", "reject", target(store, "entity", "Ada Berg"))
    records = export(store, pending=True)

    assert of(records, "relation")[0]["subject"] == {"text": "Ada Berg", "norm": None}
    assert {m["entity"] for m in of(records, "mention", text="Ada Berg")} == {None}
    assert not of(records, "entity", name="Ada Berg")


def test_merged_entities_are_one_under_the_first_id_across_documents(store, desk):
    add_report(store)
    add_report(store, name="b.txt")
    both = [target(store, "entity", "Ada Berg", at) for at in (0, 1)]
    rule(desk, "entity", "merge", entities=[both[0], both[1], target(store, "entity", "Carl Ek")], name="Ada Berg-Ek")
    records = export(store, pending=True)

    (one,) = of(records, "entity", name="Ada Berg-Ek")
    assert one["id"] == both[0]
    assert [name["text"] for name in one["names"]] == ["Ada Berg", "Carl Ek"]
    assert {e["document"] for e in one["names"][0]["evidence"]} == {r["id"] for r in of(records, "document")}
    assert {m["entity"] for m in of(records, "mention", text="Ada Berg")} == {both[0]}
    assert {r["subject"]["entity"] for r in of(records, "relation")} == {both[0]}
    assert both[1] not in json.dumps(records)

    desk.undo("ada", number())
    assert len(of(export(store, pending=True), "entity", name="Ada Berg")) == 2


def test_split_mentions_have_an_entity_of_their_own(store, desk):
    document = add_report(store)
    entity = target(store, "entity", "Ada Berg")
    rule(
        desk,
        "entity",
        "split",
        entity=entity,
        mentions=[target(store, "mention", "Ada Berg", 1)],
        name="The other Berg",
    )
    rule(desk, "mention", "accept", target(store, "mention", "Ada Berg", 1))
    extract_report(store, document, ids="other")
    records = export(store, pending=True)

    (other,) = of(records, "entity", name="The other Berg")
    first, second = of(records, "mention", text="Ada Berg")
    assert (second["entity"], second["review"]["state"]) == (other["id"], "accepted")
    assert first["entity"] != other["id"]
    assert other["names"][0]["evidence"][0]["start"] == second["start"]
    assert other["review"]["state"] == "accepted"


def test_a_relation_and_an_event_that_people_added(store, desk):
    document = add_report(store)
    words = {"subject": "Bo Dahl", "object": "Northern Reach"}
    ends = {end: {"text": "-", "mention": target(store, "mention", word)} for end, word in words.items()}
    rule(desk, "relation", "add", document=document, type="founded", **ends)
    at = TEXT.index("met")
    rule(desk, "event", "add", document=document, type="merger", trigger={"start": at, "end": at + 3, "text": "met"},
         party=[{"text": "-", "mention": target(store, "mention", "Carl Ek")}])  # fmt: skip
    extract_report(store, document, ids="other")
    records = export(store)

    (relation,) = of(records, "relation")
    names = {e["id"]: e["name"] for e in of(records, "entity")}
    assert [names[relation[end]["entity"]] for end in ends] == ["Bo Dahl", "Northern Reach"]
    assert relation["evidence"][0]["quote"] == "Northern Reach. Bo Dahl"
    (event,) = of(records, "event")
    assert (event["trigger"]["text"], event["party"][0]["text"]) == ("met", "Carl Ek")
    assert names[event["party"][0]["entity"]] == "Carl Ek"


def test_what_reviewers_dispute_is_left_out_and_counted(store, desk):
    add_report(store)
    both = target(store, "mention", "Carl Ek")
    rule(desk, "mention", "accept", both)
    rule(desk, "mention", "reject", both, user="bo")
    assert not of(export(store), "mention")
    assert account(store)["disputed"] == 1
    assert of(export(store, pending=True), "mention", text="Carl Ek")[0]["review"] == {
        "state": "pending",
        "by": None,
        "at": None,
    }

    rule(desk, "mention", "accept", both, user="cy", adjudicates=True)
    assert [m["review"]["by"] for m in of(export(store), "mention")] == ["cy"]


def test_an_accepted_mention_that_is_not_proposed_any_more_goes_out(store, desk):
    document = add_report(store)
    rule(desk, "mention", "accept", target(store, "mention", "Carl Ek"))
    rule(desk, "relation", "accept", target(store, "relation", "%"))
    extract_report(store, document, {"Ada Berg": "PERSON", "Northern Reach": "ORG"}, ids="other", relations=False)
    records = export(store)

    assert [m["text"] for m in of(records, "mention")] == ["Carl Ek"]
    assert [r["evidence"][0]["quote"] for r in of(records, "relation")] == ["Ada Berg leads the Northern Reach."]
    states = records[0]["proposals"]
    assert (states["superseded"], states["kept"]) == (2, 2)


def test_equal_decisions_give_equal_bytes(store, desk):
    document = add_report(store)
    rule(desk, "mention", "accept", target(store, "mention", "Carl Ek"))
    rule(desk, "entity", "merge", entities=[target(store, "entity", "Ada Berg"), target(store, "entity", "Carl Ek")])
    export(store, pending=True)
    first = (store.folder / "out" / "x.jsonl").read_bytes()
    extract_report(store, document)
    export(store, pending=True)

    assert (store.folder / "out" / "x.jsonl").read_bytes() == first


def test_gold_has_what_reviewers_agree_on(store, desk):
    document = add_report(store)
    for words in ("Ada Berg", "Northern Reach"):
        rule(desk, "mention", "accept", target(store, "mention", words))
    rule(desk, "mention", "reject", target(store, "mention", "Northern Reach"), user="bo")
    out = store.folder / "annotations" / "x.jsonl"
    assert export_gold(store, out, Options()).get("mention", 0) == 0  # a disputed one waits in the sentence

    rule(desk, "mention", "accept", target(store, "mention", "Northern Reach"), user="bo")
    export_gold(store, out, Options())
    (record,) = [json.loads(line) for line in out.read_text().splitlines()]
    marks = [(TEXT[s["start"] : s["end"]], s["label"]) for s in record["spans"]]
    assert marks == [("Ada Berg", "PERSON"), ("Northern Reach", "ORG")]
    assert record["id"] == document
