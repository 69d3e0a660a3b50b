"""The HTTP API over a desk: what is read, what is ruled, and that nothing is done twice or behind somebody's back."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import pytest
from tests.review.serving import enter, new_client, serving

from dossier.store.db import open_store
from dossier.store.decisions import append, first_fault

HOSTILE = "<script>alert(1)</script>\"'&</textarea>\u202e\u2028<img src=x onerror=alert(1)>"


@pytest.fixture
def anna(run):
    with serving(run, user="Anna") as client:
        yield enter(client)


@pytest.fixture
def berit(anna):
    client = new_client(anna.app)
    client.link = anna.link
    enter(client)
    assert client.post("/api/session", json={"user": "Berit"}).status_code == 200
    return client


def first(client, **filters):
    return client.get("/api/queue", params={"limit": 1, "kind": "mention", **filters}).json()["items"][0]


def change(item, ruling, **record):
    return {"kind": item["kind"], "target": item["target"], "ruling": ruling, "record": record, "revision": item["revision"],
            "document": item["document"]["id"]}  # fmt: skip


def rule(client, *changes, request=None, **more):
    body = {"request": request or str(uuid.uuid4()), "changes": list(changes), **more}
    return client.post("/api/rulings", json=body)


def count_decisions(run):
    with open_store(run) as store:
        assert first_fault(store) is None
        return store.one("SELECT count(*) FROM decision")


# ------------------------------------------------------------------ reading


def test_the_session_says_what_the_page_needs(anna):
    said = anna.get("/api/session").json()
    assert said["user"] == "Anna"
    assert said["users"] == ["Anna"]
    assert {"name": "ORG", "title": "organisation", "entity": True} in said["labels"]
    assert said["relations"]["leads"]["subject"] == ["PERSON", "ORG"]
    assert said["signs_in"] == "link"
    assert said["revision"] == 0
    assert {"types", "roles"} == set(said["events"])


def test_a_document_comes_whole(anna):
    [north] = [d for d in anna.get("/api/documents").json()["items"] if d["path"] == "north.txt"]
    url = f"/api/documents/{north['id']}"
    about = anna.get(url).json()
    text = anna.get(f"{url}/text")
    assert text.headers["content-type"] == "text/plain; charset=utf-8"
    assert len(text.text) == about["length"]
    assert anna.get(f"{url}/text", headers={"if-none-match": text.headers["etag"]}).status_code == 304
    found = anna.get(f"{url}/records").json()
    assert found["mentions"]
    for mention in found["mentions"]:
        assert text.text[mention["start"] : mention["end"]] == mention["text"]
        assert (mention["state"], mention["revision"]) == ("pending", 0)
    assert anna.get(f"{url}/pages/1").json()["error"] == "no_pages"


def test_lists_come_page_by_page(anna):
    seen, cursor = [], None
    while True:
        page = anna.get("/api/queue", params={"limit": 7, **({"cursor": cursor} if cursor else {})}).json()
        seen += [item["target"] for item in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == page["total"]


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=501",
        "limit=-1",
        "limit=x",
        "limit=1e3",
        "limit=٣",
        "q=" + "a" * 401,
        "q=a%00b",
        "cursor=x",
        "state=x",
        "order=x",
    ],
)
def test_a_query_that_cannot_be_is_said_so(anna, query):
    answer = anna.get(f"/api/queue?{query}")
    assert answer.status_code in (400, 422)
    assert answer.json()["say"]


@pytest.mark.parametrize(
    "q", ['"', "'", "a AND", "NEAR(", "*", "a*", "(", "^", "-x", "col:x", "%", "_", "\\", "🙂", "é"]
)
def test_no_word_that_is_searched_for_breaks_the_search(anna, q):
    assert anna.get("/api/queue", params={"q": q}).status_code == 200
    assert anna.get("/api/documents", params={"q": q}).status_code == 200


@pytest.mark.parametrize("id_", ["x", "d_", "%ff", "%00", "..%2f", "' OR 1=1 --", "a" * 5000])
def test_a_document_that_is_not_there_is_404(anna, id_):
    for tail in ("", "/text", "/records", "/pages/1", "/pages/1.png"):
        answer = anna.get(f"/api/documents/{id_}{tail}")
        assert answer.status_code == 404
        assert len(answer.content) < 1000


# ------------------------------------------------------------------ ruling


def test_a_ruling_is_in_the_database_when_it_is_answered(anna, run):
    item = first(anna)
    answer = rule(anna, change(item, "accept"))
    assert answer.status_code == 200
    [record] = answer.json()["records"]
    assert (record["target"], record["state"], record["review"]["by"]) == (item["target"], "accepted", "Anna")
    assert count_decisions(run) == 1
    assert item["target"] not in [each["target"] for each in anna.get("/api/queue?limit=500").json()["items"]]


def test_the_same_request_is_done_once(anna, run):
    item, request = first(anna), str(uuid.uuid4())
    one = rule(anna, change(item, "accept"), request=request)
    other = rule(anna, change(item, "accept"), request=request)
    assert one.json() == other.json()
    assert count_decisions(run) == 1


def test_the_same_request_sent_at_once_is_done_once(anna, run):
    item, request = first(anna), str(uuid.uuid4())
    with ThreadPoolExecutor(8) as threads:
        answers = [*threads.map(lambda _: rule(anna, change(item, "accept"), request=request), range(8))]
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
    assert count_decisions(run) == 1


def test_a_request_of_somebody_else_is_not_given_out(anna, berit, run):
    item, request = first(anna), str(uuid.uuid4())
    assert rule(anna, change(item, "accept"), request=request).status_code == 200
    answer = rule(berit, change(item, "accept"), request=request)
    assert (answer.status_code, answer.json()["error"]) == (422, "refused")
    assert count_decisions(run) == 1


def test_a_stale_view_gets_both_versions_and_nothing_of_its_group_is_done(anna, berit, run):
    items = anna.get("/api/queue", params={"limit": 2, "kind": "mention"}).json()["items"]
    assert rule(anna, change(items[0], "accept")).status_code == 200
    answer = rule(berit, change(items[1], "accept"), change(items[0], "reject"))
    assert (answer.status_code, answer.json()["error"]) == (409, "stale")
    [stale] = answer.json()["stale"]
    assert stale["target"] == items[0]["target"]
    assert stale["yours"]["ruling"] == "reject"
    assert (stale["theirs"]["ruling"], stale["theirs"]["by"]) == ("accept", "Anna")
    assert stale["theirs"]["record"]["text"] == items[0]["text"]
    assert stale["theirs"]["at"]
    assert count_decisions(run) == 1


def test_a_conflict_does_not_lock_out_the_rulings_after_it(anna, berit, run):
    items = anna.get("/api/queue", params={"limit": 8, "kind": "mention"}).json()["items"]
    rule(anna, change(items[0], "accept"))
    for item in items[1:]:
        assert rule(berit, change(items[0], "reject")).status_code == 409
        with open_store(run) as store:  # another process writes meanwhile
            append(store, kind="document", key=item["document"]["id"], ruling="finish", record="{}", user="Cilla")
        assert rule(berit, change(item, "accept")).status_code == 200


def test_two_clients_see_each_others_rulings(anna, berit):
    since = berit.get("/api/changes").json()["revision"]
    item = first(anna)
    rule(anna, change(item, "reject"))
    said = berit.get("/api/changes", params={"since": since}).json()
    [seen] = said["changes"]
    assert (seen["target"], seen["ruling"], seen["by"]) == (item["target"], "reject", "Anna")
    assert said["revision"] == seen["decision"]
    assert berit.get("/api/changes", params={"since": said["revision"]}).json()["changes"] == []
    document = item["document"]["id"]
    [of_document] = berit.get("/api/changes", params={"since": since, "document": document}).json()["changes"]
    assert of_document["record"]["state"] == "rejected"
    assert berit.get("/api/changes", params={"since": since, "document": "d_other"}).json()["changes"] == []
    assert berit.get("/api/session").json()["users"] == ["Anna", "Berit"]


def test_nothing_is_signed_with_another_name_than_the_page_shows(anna, run):
    item = first(anna)
    for name, status in (("Åsa Öberg", 401), ("anna", 401), ("Anna", 200)):
        anna.headers["x-dossier-user"] = quote(name)
        answer = rule(anna, change(item, "accept"))
        assert answer.status_code == status
        assert status == 200 or answer.json()["error"] == "other_user"
    for path in ("/api/undo", "/api/redo", "/api/minutes"):
        anna.headers["x-dossier-user"] = "Berit"
        body = {"request": str(uuid.uuid4()), "document": item["document"]["id"], "seconds": 5}
        assert anna.post(path, json=body).status_code == 401
    assert count_decisions(run) == 1


def test_who_is_to_mark_blindly_sees_no_changes_of_others(anna, berit):
    item = first(anna)
    document = item["document"]["id"]
    for user in ("Anna", "Berit"):
        anna.post("/api/assignments", json={"document": document, "user": user})
    rule(anna, change(item, "accept"))
    for query in ({"since": 0, "document": document}, {"since": 0}):
        assert len(anna.get("/api/changes", params=query).json()["changes"]) == 1
        assert berit.get("/api/changes", params=query).json()["changes"] == []


def test_undo_and_redo_are_per_reviewer_and_outlive_the_session(anna, berit):
    item = first(anna)
    rule(anna, change(item, "accept"))
    assert berit.post("/api/undo", json={"request": str(uuid.uuid4())}).status_code == 404
    enter(anna)
    undone = anna.post("/api/undo", json={"request": str(uuid.uuid4())}).json()
    assert undone["records"][0]["state"] == "pending"
    assert item["text"] in undone["said"]
    redone = anna.post("/api/redo", json={"request": str(uuid.uuid4())}).json()
    assert redone["records"][0]["state"] == "accepted"
    assert anna.post("/api/redo", json={"request": str(uuid.uuid4())}).json()["error"] == "nothing"


def test_an_undo_that_is_sent_again_undoes_once(anna):
    items = anna.get("/api/queue", params={"limit": 2, "kind": "mention"}).json()["items"]
    for item in items:
        rule(anna, change(item, "accept"))
    request = str(uuid.uuid4())
    answers = [anna.post("/api/undo", json={"request": request}).json() for _ in range(2)]
    assert answers[0] == answers[1]
    states = [anna.get("/api/queue", params={"q": "", "state": "accepted"}).json()["total"]]
    assert states == [1]


def test_time_is_added_once(anna):
    document = first(anna)["document"]["id"]
    body = {"request": str(uuid.uuid4()), "document": document, "seconds": 120}
    assert [anna.post("/api/minutes", json=body).status_code for _ in range(2)] == [200, 200]
    assert anna.get("/api/progress").json()["minutes"]["by_user"] == {"Anna": 2.0}
    for seconds in (0, -1, 3601, 1.5, True, "7", None):
        answer = anna.post("/api/minutes", json={**body, "request": str(uuid.uuid4()), "seconds": seconds})
        assert answer.status_code == 400, seconds


def test_documents_are_assigned(anna):
    document = first(anna)["document"]["id"]
    said = anna.post("/api/assignments", json={"document": document, "user": "Berit"}).json()
    assert "Berit" in str(said)
    assert anna.get("/api/assignments").json() == said
    anna.post("/api/assignments", json={"document": document, "user": "Berit", "assigned": False})
    assert "Berit" not in anna.get("/api/assignments").text
    for share in (0, 1):
        assert "Cilla" in anna.post("/api/assignments", json={"users": ["Anna", "Cilla"], "share": share}).text
    for body in ({}, {"users": []}, {"users": ["A"], "share": -0.1}, {"users": [7], "share": 1}, {"document": document},
                 {"document": document, "user": "B", "assigned": "no"}):  # fmt: skip
        assert anna.post("/api/assignments", json=body).status_code in (400, 422), body


def test_disagreements_show_everybodys_version(anna, berit):
    item = first(anna)
    rule(anna, change(item, "accept"))
    [seen] = anna.get("/api/changes").json()["changes"]
    rule(berit, change({**item, "revision": seen["decision"]}, "reject"))
    [disputed] = anna.get("/api/disagreements").json()["items"]
    assert {version["user"]: version["ruling"] for version in disputed["versions"]} == {
        "Anna": "accept",
        "Berit": "reject",
    }


@pytest.mark.parametrize(
    "wrong",
    [
        {"request": None}, {"request": "x"}, {"request": "0189D1E0-0000-4000-8000-000000000001"}, {"changes": None},
        {"changes": []}, {"changes": [7]}, {"changes": {}}, {"comment": 7}, {"comment": ""}, {"comment": "a" * 10_001},
    ],
    ids=str,
)  # fmt: skip
def test_a_group_of_the_wrong_form_is_not_begun(anna, run, wrong):
    body = {"request": str(uuid.uuid4()), "changes": [change(first(anna), "accept")], **wrong}
    answer = anna.post("/api/rulings", json=body)
    assert (answer.status_code, answer.json()["error"]) == (400, "bad_field")
    assert count_decisions(run) == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "x"}, {"kind": None}, {"kind": ["mention"]}, {"ruling": "delete"}, {"ruling": {}}, {"target": 7},
        {"target": "a" * 201}, {"target": ""}, {"record": []}, {"record": "x"}, {"revision": -1}, {"revision": "1"},
        {"revision": True}, {"revision": 1.5}, {"document": 7}, {"target": "m_none"}, {"target": None},
        {"ruling": "edit", "record": {"label": "NONE"}}, {"ruling": "edit", "record": {"start": 5, "end": 2}},
        {"ruling": "edit", "record": {"start": -1, "end": 2}}, {"ruling": "edit", "record": {"start": "0", "end": 2}},
        {"ruling": "edit", "record": {"start": 0, "end": 1 << 60}}, {"ruling": "edit", "record": {"label": ["ORG"]}},
        {"ruling": "edit", "record": {"label": {"x": 1}}}, {"ruling": "merge"}, {"ruling": "split"},
        {"ruling": "merge", "kind": "entity", "record": {"entities": 7}}, {"ruling": "add", "record": {}},
        {"ruling": "split", "kind": "entity", "record": {"entity": {}, "mentions": "x"}},
        {"ruling": "add", "kind": "relation", "record": {"subject": 7, "object": []}},
        {"ruling": "add", "kind": "event", "record": {"trigger": 7}}, {"ruling": "comment", "record": {"text": 7}},
        {"ruling": "finish", "record": {"labels": 7}}, {"ruling": "finish", "kind": "document", "record": {"labels": 7}},
    ],
    ids=str,
)  # fmt: skip
def test_a_change_that_cannot_be_is_refused_and_undoes_the_group(anna, run, wrong):
    items = anna.get("/api/queue", params={"limit": 2, "kind": "mention"}).json()["items"]
    answer = rule(anna, change(items[0], "accept"), {**change(items[1], "accept"), **wrong})
    assert answer.status_code in (400, 422), answer.text
    assert answer.json()["say"]
    assert count_decisions(run) == 0


def test_hostile_words_come_back_as_they_are_in_json_only(anna, run):
    item = first(anna)
    edited = rule(anna, change(item, "edit", label="PERSON"), comment=HOSTILE)
    assert edited.status_code == 200
    anna.post("/api/session", json={"user": "<b>Anna</b>"})
    rule(anna, change({**item, "revision": 99}, "comment", text=HOSTILE))
    answers = [
        anna.get("/api/session"),
        anna.get(f"/api/documents/{item['document']['id']}/records"),
        anna.get("/api/queue", params={"q": HOSTILE}),
        anna.get(f"/api/queue?cursor={'<script>'}"),
        anna.get("/<script>alert(1)</script>"),
        anna.get("/static/<script>alert(1)</script>"),
        anna.get("/api/documents/<script>"),
        anna.post("/api/session", json={"user": HOSTILE}),
        anna.post("/api/rulings", json={"request": HOSTILE}),
        rule(anna, {**change(item, "accept"), "target": HOSTILE}),
        rule(anna, {**change(item, "edit"), "record": {"label": HOSTILE}}),
    ]
    for answer in answers:
        assert answer.headers["content-type"] == "application/json"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert b"<" not in answer.content
    [one, other] = answers[1].json()["comments"]
    assert one["text"] == other["text"] == HOSTILE


def test_hostile_documents_come_back_as_they_are_in_json_or_plain_text(desk, dossier):
    name = "<img src=x onerror=alert(1)>.txt"
    (desk / "corpus" / name).write_text(
        f"{HOSTILE}\n\nThe <b>Northern Reach Front</b> was founded in March 1998 in Narvik.\n", "utf-8"
    )
    (desk / "configs" / "schema.toml").write_text('[labels."<script>"]\ntitle = "<script>alert(1)</script>"\n', "utf-8")
    assert dossier("run", "--workspace", desk).code == 0
    with serving(desk) as client:
        enter(client)
        [found] = [d for d in client.get("/api/documents").json()["items"] if d["path"] == name]
        for tail in ("", "/records"):
            assert b"<" not in client.get(f"/api/documents/{found['id']}{tail}").content
        text = client.get(f"/api/documents/{found['id']}/text")
        assert text.headers["content-type"] == "text/plain; charset=utf-8"
        assert "<script>" in text.text
        assert "<script>" in [label["name"] for label in client.get("/api/session").json()["labels"]]
        assert b"<" not in client.get("/api/session").content
