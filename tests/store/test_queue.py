"""The queue: the doubtful and consequential first, in pages without gaps, with totals that are right."""

import math
import uuid

import pytest
from tests.store.reports import add_report, extract_report

from dossier.errors import UsageError
from dossier.records import Extraction
from dossier.review.desk import Desk
from dossier.store import queue
from dossier.store.worth import Weigher


@pytest.fixture
def desk(store):
    for name in ("a", "b", "c"):
        add_report(store, name=f"{name}.txt")
    return Desk(store)


def number():
    return str(uuid.uuid4())


def pages(desk, filters, limit):
    cursor, found = None, []
    while True:
        page = desk.queue(filters, cursor, limit)
        found += page["items"]
        if page["next"] is None:
            return found, page["total"]
        cursor = page["next"]


@pytest.mark.parametrize(
    "filters",
    [{}, {"kind": "mention"}, {"label": "PERSON"}, {"kind": "entity", "label": "PERSON"}, {"type": "leads"}, {"state": "all"},
     {"state": "accepted"}, {"q": "berg"}, {"q": "nor rea"}, {"q": "al-x (\"*"}, {"reviewer": "ada"}, {"kind": "absence"},
     {"reviewer": "ada", "state": "accepted"}],
    ids=str,
)  # fmt: skip
@pytest.mark.parametrize("limit", [1, 7, 500])
def test_pages_have_everything_once_and_in_order_and_the_total_is_their_number(store, desk, filters, limit):
    targets = [t for (t,) in store.rows("SELECT target FROM target WHERE kind = 'mention' ORDER BY seq LIMIT 5")]
    desk.rule("ada", number(), [{"kind": "mention", "target": target, "ruling": "accept"} for target in targets])
    document = store.one("SELECT document FROM shelf ORDER BY number LIMIT 1")
    desk.assign("ada", document, "ada")
    found, total = pages(desk, filters, limit)

    assert len(found) == total == len({item["target"] for item in found})
    ranks = [store.one("SELECT rank FROM target WHERE target = ?", (item["target"],)) for item in found]
    assert ranks == sorted(ranks)


def test_a_search_finds_what_it_should_and_goes_with_the_words(store, desk):
    assert {item["text"] for item in desk.queue({"q": "BERG", "kind": "mention"})["items"]} == {"Ada Berg"}
    assert desk.documents({"q": "bridge"})["total"] == 3
    add_report(store, "Nothing here.", name="a.txt")

    assert desk.documents({"q": "bridge"})["total"] == 2
    assert desk.documents({"q": "nothing"})["total"] == 1
    assert len(desk.queue({"q": "berg", "kind": "mention"})["items"]) == 4


def test_the_doubtful_and_the_consequential_come_first():
    def mention(id_, confidence, entity=None, text="x", label="ORG"):
        return {"id": id_, "confidence": confidence, "entity": entity, "text": text, "label": label}

    sure, doubtful, named = mention("1", 0.99), mention("2", 0.5, text="y"), mention("3", 0.5, "e", text="z")
    two = [mention("4", 0.99, text="w"), mention("5", 0.99, text="W", label="PERSON")]
    fact = {
        "id": "r",
        "type": "leads",
        "confidence": 0.5,
        "subject": {"entity": "e", "text": "z"},
        "object": {"text": "q"},
    }
    weigher = Weigher(Extraction("d", mentions=[sure, doubtful, named, *two], relations=[fact]))
    worth = {record["id"]: weigher.weigh("mention", record) for record in (sure, doubtful, named, *two)}

    assert worth["1"].worth < worth["2"].worth < worth["3"].worth
    assert worth["3"].worth == pytest.approx(1.2 * (1 + math.log2(2)))
    assert worth["4"].worth == pytest.approx(worth["1"].worth + 2)
    assert worth["4"].why == ["confidence 0.99", "also read as PERSON"]
    assert weigher.weigh("relation", fact).worth > worth["3"].worth


def test_counts_of_documents_and_of_all_are_those_of_their_targets(store, desk):
    item = desk.queue({"kind": "mention"})["items"][0]
    desk.rule("ada", number(), [{"kind": "mention", "target": item["target"], "ruling": "reject"}])
    extract_report(store, item["document"]["id"], ids="other")

    listed = desk.documents({})
    assert [each["path"] for each in listed["items"]] == ["a.txt", "b.txt", "c.txt"]
    assert sum(each["counts"]["rejected"] for each in listed["items"]) == desk.progress()["counts"]["rejected"] == 1
    for each in listed["items"]:
        proposed = store.one("SELECT count(*) FROM proposal WHERE document = ? AND superseded = 0", (each["id"],))
        assert each["counts"]["proposed"] == proposed


def test_documents_are_listed_in_pages(desk):
    first = desk.documents({}, None, 2)
    rest = desk.documents({}, first["next"], 2)
    assert [each["path"] for each in first["items"] + rest["items"]] == ["a.txt", "b.txt", "c.txt"]
    assert (first["total"], rest["next"]) == (3, None)


def test_who_is_to_mark_a_document_blindly_gets_what_others_ruled_on_but_does_not_see_it(store, desk):
    document = store.one("SELECT document FROM shelf WHERE path = 'b.txt'")
    for user in ("ada", "bo"):
        desk.assign("ada", document, user)
    item = desk.queue({"document": document, "kind": "mention"})["items"][0]
    desk.rule("ada", number(), [{"kind": "mention", "target": item["target"], "ruling": "reject"}])

    assert item["target"] not in {i["target"] for i in desk.queue({"reviewer": "ada"}, None, 500)["items"]}
    (own,) = [i for i in desk.queue({"reviewer": "bo"}, None, 500)["items"] if i["target"] == item["target"]]
    assert own["state"] == "pending"
    assert len(desk.changes(0, document, user="ada")["changes"]) == 1
    assert desk.changes(0, document, user="bo")["changes"] == []
    answer = desk.rule("bo", number(), [{"kind": "mention", "target": item["target"], "ruling": "accept"}])
    assert answer["records"][0]["state"] == "accepted"
    desk.undo("bo", number())
    seen = {
        user: {m["target"]: m["state"] for m in desk.records(document, user)["mentions"]}
        for user in ("ada", "bo", "cy")
    }
    assert [seen[user][item["target"]] for user in ("ada", "bo", "cy")] == ["rejected", "pending", "rejected"]


def test_a_share_of_the_documents_goes_to_two_the_same_ones_each_time(store, desk):
    for n in range(40):
        add_report(store, "Short.", name=f"more{n}.txt")
    first = desk.share_out("ada", ["ada", "bo", "cy"], 0.5)
    before = desk.assignments()
    desk.share_out("ada", ["ada", "bo", "cy"], 0.5)

    assert desk.assignments() == before
    assert len(before) == sum(first.values())
    twice = len(before) - 43
    assert 10 < twice < 33
    with pytest.raises(UsageError, match="name each once"):
        desk.share_out("ada", ["ada"], 0.5)


def test_time_is_counted_once_and_shared_among_what_was_ruled_on(store, desk):
    document = store.one("SELECT document FROM shelf WHERE path = 'b.txt'")
    entity = desk.queue({"document": document, "kind": "entity", "q": "ada berg"})["items"][0]
    request = number()
    desk.rule("ada", number(), [{"kind": "entity", "target": entity["target"], "ruling": "accept"}])
    for _ in range(2):
        desk.add_minutes("ada", request, document, 120)
    desk.add_minutes("bo", number(), document, 60)

    assert desk.progress()["minutes"] == {"by_user": {"ada": 2.0, "bo": 1.0}, "by_document": {"b.txt": 3.0},
                                          "by_profile": {"Ada Berg": 2.0}}  # fmt: skip
    assert desk.documents({"q": "b.txt"})["items"][0]["minutes"] == 3.0
    with pytest.raises(UsageError, match="3600"):
        desk.add_minutes("ada", number(), document, 4000)


def test_cursors_and_states_there_are_not_are_refused(desk):
    with pytest.raises(UsageError, match="cursor"):
        desk.queue({}, "x")
    with pytest.raises(UsageError, match="state is 'odd'"):
        desk.queue({"state": "odd"})
    assert queue.words_query("") == '""'
