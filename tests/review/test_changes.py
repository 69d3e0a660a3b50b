"""What a reviewer sends: refused with a sentence where it cannot be, never half done, never such that no export could hold it."""

import json
import uuid
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.store.reports import TEXT, add_report

from dossier.errors import UsageError
from dossier.export.jsonl import export_jsonl
from dossier.export.traverse import Options
from dossier.review.desk import Desk
from dossier.store.db import create_workspace, open_store


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    folder = tmp_path_factory.mktemp("desk")
    create_workspace(folder)
    with open_store(folder) as store:
        add_report(store)
        yield Desk(store)


def targets(desk):
    return dict(desk.store.rows("SELECT kind, min(target) FROM target GROUP BY kind"))


def send(desk, kind, ruling, target=None, **record):
    document = desk.store.one("SELECT document FROM shelf")
    change = {"kind": kind, "target": target, "document": document, "ruling": ruling, "record": record}
    return desk.rule("ada", str(uuid.uuid4()), [change])


@pytest.mark.parametrize(
    ("kind", "ruling", "record", "said"),
    [
        ("mention", "edit", {"label": "SHIP"}, "label is 'SHIP'; there are ORG"),
        ("mention", "edit", {"start": 5, "end": 3}, "5 to 3 is no stretch"),
        ("mention", "edit", {"start": 8, "end": 14}, "begins or ends with white space"),
        ("mention", "edit", {"end": 9999}, "is no stretch of a text"),
        ("mention", "edit", {"norm": {"edtf": 5}}, "would not fit the contract: norm"),
        ("relation", "edit", {"type": "owns"}, "type is 'owns'"),
        ("relation", "edit", {"role": 5}, "role is 5"),
        ("relation", "edit", {"subject": {"entity": "e_1"}}, "has no text"),
        ("relation", "edit", {"colour": "red"}, "colour is 'red'"),
        ("event", "edit", {"status": "perhaps"}, "status is 'perhaps'"),
        ("event", "edit", {"killed": {"min": "many"}}, "killed"),
        ("event", "edit", {"party": [7]}, "7 has no text"),
        ("entity", "merge", {"entities": ["e_1"]}, "there is no target 'e_1'"),
        ("entity", "split", {"entity": "m_1", "mentions": []}, "there is no target"),
        ("mention", "comment", {"text": " "}, "a comment has no text"),
    ],
    ids=str,
)
def test_what_cannot_be_is_refused_and_nothing_is_written(desk, kind, ruling, record, said):
    before = desk.store.one("SELECT count(*) FROM decision")
    with pytest.raises(UsageError, match=said):
        send(desk, kind, ruling, targets(desk)[kind], **record)
    assert desk.store.one("SELECT count(*) FROM decision") == before


def test_additions_are_checked_too(desk):
    for kind, record, said in (
        ("mention", {"start": 0, "end": 3, "label": "SHIP"}, "label is"),
        ("mention", {"start": 0, "end": 3, "label": "ORG", "text": "Bob"}, "reads 'Ada', not 'Bob'"),
        ("relation", {"type": "leads"}, "two ends"),
        ("event", {"type": "attack"}, "is no stretch"),
        ("entity", {"name": "x"}, "a mention, a relation or an event can be added"),
    ):
        with pytest.raises(UsageError, match=said):
            send(desk, kind, "add", None, **record)


def test_adding_what_is_there_rules_on_it(desk):
    document = desk.store.one("SELECT document FROM shelf")
    at = TEXT.index("Narvik")
    change = {"kind": "mention", "target": "a_77", "document": document, "ruling": "add",
              "record": {"start": at, "end": at + 6, "label": "ORG"}}  # fmt: skip
    answer = desk.rule("ada", str(uuid.uuid4()), [change])
    (record,) = answer["records"]
    assert (record["target"][:2], record["label"], record["state"]) == ("m_", "ORG", "edited")
    assert answer["removed"] == ["a_77"]

    again = desk.rule("ada", str(uuid.uuid4()), [{"kind": "mention", "target": "a_77", "ruling": "reject"}])
    assert again["records"][0]["target"] == record["target"]
    desk.undo("ada", str(uuid.uuid4()))
    desk.undo("ada", str(uuid.uuid4()))


def test_a_merged_entity_is_shown_once_and_comes_apart_again(desk):
    document = desk.store.one("SELECT document FROM shelf")
    entities = [e["target"] for e in desk.records(document, "ada")["entities"] if e["type"] == "PERSON"]
    answer = send(desk, "entity", "merge", None, entities=entities[:2], name="Both")
    assert answer["removed"] == [entities[1]]
    assert [r["target"] for r in answer["records"] if r["kind"] == "entity"] == [entities[0]]
    assert entities[1] not in {e["target"] for e in desk.records(document, "ada")["entities"]}

    undone = desk.undo("ada", str(uuid.uuid4()))
    assert {r["target"] for r in undone["records"] if r["kind"] == "entity"} == set(entities[:2])
    assert undone["said"] == "accept of Ada Berg and 1 more" or undone["said"].startswith("change of")


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 200)
    | st.text(max_size=4)
    | st.sampled_from(["ORG", "leads", "claimed"]),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.sampled_from(["text", "entity", "norm", "start", "end", "mention", "min"]), inner, max_size=3
        )
    ),
    max_leaves=5,
)
FIELDS = st.dictionaries(
    st.sampled_from(["label", "start", "end", "text", "norm", "type", "subject", "object", "role", "status", "holder", "date",
                     "place", "killed", "trigger", "evidence", "name", "names", "links", "entity", "x", "values", "about"]),
    VALUES, max_size=4,
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(
    kind=st.sampled_from(["mention", "entity", "relation", "event", "conflict"]),
    ruling=st.sampled_from(["edit", "add"]),
    fields=FIELDS,
)
def test_whatever_is_sent_is_refused_in_words_or_can_be_exported(desk, kind, ruling, fields):
    target = targets(desk).get(kind) if ruling == "edit" else None
    before = desk.store.one("SELECT count(*) FROM decision")
    with suppress(UsageError):
        send(desk, kind, ruling, target, **fields)
    if desk.store.one("SELECT count(*) FROM decision") == before:
        return
    export_jsonl(desk.store, desk.store.folder / "out" / "x.jsonl", Options(pending=True))
    assert json.loads((desk.store.folder / "out" / "x.jsonl").read_bytes().splitlines()[0])["kind"] == "manifest"
    desk.undo("ada", str(uuid.uuid4()))
