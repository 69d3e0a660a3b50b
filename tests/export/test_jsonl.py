"""The curated JSONL: whole or not there, equal bytes, and each value leads back."""

import hashlib
import json

import pytest
from tests.export.paper import harbour_paper

from dossier.contract import json_schema
from dossier.errors import RecordError
from dossier.export.files import written_whole
from dossier.export.jsonl import dump_line
from dossier.schema import load_schema
from dossier.store.db import create_workspace, open_store
from dossier.store.decisions import append


def read(path):
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_the_manifest_covers_what_follows(run):
    data = (run / "out" / "curated.jsonl").read_bytes()
    first, _, rest = data.partition(b"\n")
    manifest = json.loads(first)
    kinds = [json.loads(line)["kind"] for line in rest.splitlines()]

    assert manifest["sha256"] == hashlib.sha256(rest).hexdigest()
    assert manifest["counts"] == {kind: kinds.count(kind) for kind in set(kinds)}


def test_keys_are_sorted_and_no_path_of_the_machine_is_in_it(run):
    text = (run / "out" / "curated.jsonl").read_text("utf-8")

    for line in text.splitlines():
        record = json.loads(line)
        assert line == json.dumps(record, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert str(run) not in text


def test_two_exports_are_equal_bytes(dossier, run):
    dossier("export", "a.jsonl", "--include", "pending", "-w", run)
    dossier("export", "b.jsonl", "--include", "pending", "-w", run)

    assert (run.parent / "a.jsonl").read_bytes() == (run.parent / "b.jsonl").read_bytes()
    assert (run.parent / "a.jsonl").read_bytes() == (run / "out" / "curated.jsonl").read_bytes()


def test_only_what_people_accepted_goes_out_by_default(dossier, run):
    mention = next(r for r in read(run / "out" / "curated.jsonl") if r["kind"] == "mention")
    with open_store(run) as store:
        append(store, kind="mention", key="k", proposal=mention["id"], ruling="accept", record="{}", user="ada")

    said = dossier("export", "accepted.jsonl", "-w", run)
    records = read(run.parent / "accepted.jsonl")

    assert [r["id"] for r in records if r["kind"] == "mention"] == [mention["id"]]
    assert [r["review"]["by"] for r in records if r["kind"] == "mention"] == ["ada"]
    assert records[0]["proposals"]["accepted"] == 1
    assert "1 accepted" in said.out


def test_proposals_are_accounted_for(run):
    states = read(run / "out" / "curated.jsonl")[0]["proposals"]

    parts = ("accepted", "edited", "rejected", "pending", "superseded")
    assert states["proposed"] == sum(states[p] for p in parts) > 0


def test_mentions_read_what_they_say(dossier, run):
    dossier("export", "texts", "--format", "text", "-w", run)
    records = read(run / "out" / "curated.jsonl")
    texts = {
        r["id"]: (run.parent / "texts" / (r["path"] + ".txt")).read_text("utf-8")
        for r in records
        if r["kind"] == "document"
    }
    mentions = [r for r in records if r["kind"] == "mention"]

    assert mentions
    for each in mentions:
        assert texts[each["document"]][each["start"] : each["end"]] == each["text"]


def test_relations_rest_on_evidence_with_the_works_it_cites(run):
    records = read(run / "out" / "curated.jsonl")
    works = {r["id"]: r for r in records if r["kind"] == "work"}
    cited = [w for r in records if r["kind"] == "relation" for e in r["evidence"] for w in e["works"]]

    assert cited
    assert {works[w]["publisher"] for w in cited} <= {"Nordic Review"}


def test_a_record_out_of_the_contract_is_refused_with_the_field(run):
    mention = next(r for r in read(run / "out" / "curated.jsonl") if r["kind"] == "mention")
    mention["id"] = "m_1"
    del mention["review"]
    with pytest.raises(RecordError, match=r"mention m_1: mention\.review = .*Field required"):
        dump_line(mention)


def test_a_broken_write_leaves_what_stood_there(tmp_path):
    (tmp_path / "out.jsonl").write_text("before")

    with pytest.raises(RuntimeError), written_whole(tmp_path / "out.jsonl") as file:
        file.write(b"half")
        raise RuntimeError

    assert (tmp_path / "out.jsonl").read_text() == "before"
    assert [p.name for p in tmp_path.iterdir()] == ["out.jsonl"]


def test_the_schema_names_every_kind(dossier):
    schema = json.loads(dossier("schema").out)

    assert schema == json_schema()
    kinds = set(schema["discriminator"]["mapping"])
    assert kinds >= {"manifest", "document", "mention", "entity", "relation", "event", "conflict", "work", "absence"}


# ------------------------------------------------------------------ events, conflicts, absences


@pytest.fixture
def harbour(tmp_path):
    folder = tmp_path / "desk"
    create_workspace(folder)
    with open_store(folder) as store:
        harbour_paper().save(store)
    return folder


def export(dossier, desk, *options):
    said = dossier("export", "out.jsonl", "-w", desk, *options)
    assert said.code == 0, said.err
    return read(desk.parent / "out.jsonl")


def test_events_and_conflicts_go_out_with_their_review_and_are_counted(dossier, harbour):
    manifest, *records = export(dossier, harbour, "--include", "pending")
    kinds = [r["kind"] for r in records]

    assert manifest["counts"] == {
        "absence": 1, "conflict": 1, "document": 1, "entity": 3, "event": 1, "mention": 10, "relation": 2, "work": 1,
    }  # fmt: skip
    assert manifest["counts"] == {kind: kinds.count(kind) for kind in set(kinds)}
    assert {r["review"]["state"] for r in records if r["kind"] in ("event", "conflict", "absence")} == {"pending"}
    assert manifest["proposals"]["proposed"] == manifest["proposals"]["pending"] == 18


def test_of_events_and_conflicts_only_the_accepted_go_out_by_default(dossier, harbour):
    assert not [r for r in export(dossier, harbour) if r["kind"] not in ("manifest", "document", "work")]

    with open_store(harbour) as store:
        append(store, kind="event", key="a", proposal="event0_d_1", ruling="accept", record="{}", user="ada")
        append(store, kind="conflict", key="b", proposal="conflict0_d_1", ruling="reject", record="{}", user="ada")
        append(store, kind="absence", key="c", proposal="absence0_d_1", ruling="accept", record="{}", user="ada")
    found = [r for r in export(dossier, harbour) if r["kind"] not in ("manifest", "document", "work")]

    accepted = [(r["kind"], r["id"]) for r in found if r["kind"] != "entity"]
    assert accepted == [("event", "event0_d_1"), ("absence", "absence0_d_1")]
    assert {r["review"]["by"] for r in found if r["kind"] == "event"} == {"ada"}
    assert {r["review"]["state"] for r in found if r["kind"] == "entity"} == {
        "pending"
    }  # the names that the event uses


@pytest.mark.parametrize(
    ("kind", "spoil", "said"),
    [
        ("event", {"status": "certain"}, r"event\.status = 'certain'"),
        ("event", {"killed": {"min": 3}}, r"event\.killed\."),
        ("event", {"trigger": None}, r"event\.trigger = None"),
        ("event", {"victims": []}, r"event\.victims = \[\]"),
        ("conflict", {"about": {"record": "e", "field": "date", "why": "taste"}}, r"conflict\.about\.why = 'taste'"),
        ("conflict", {"values": [{"value": 3, "evidence": []}]}, r"conflict\.values\.0\.value"),
    ],
)
def test_an_event_or_conflict_out_of_the_contract_is_refused_with_the_field(dossier, harbour, kind, spoil, said):
    record = next(r for r in export(dossier, harbour, "--include", "pending") if r["kind"] == kind)
    dump_line(record)

    with pytest.raises(RecordError, match=said):
        dump_line(record | spoil)


def test_the_schema_describes_events_and_conflicts(dossier):
    schema = json.loads(dossier("schema").out)
    event, conflict = schema["$defs"]["EventRecord"], schema["$defs"]["ConflictRecord"]

    assert {*load_schema().roles, "trigger", "status", "holder", "evidence", "review"} <= set(event["required"])
    assert set(conflict["required"]) == {"kind", "id", "about", "values", "review"}
    assert schema["$defs"]["About"]["properties"]["why"]["enum"] == ["dates", "tolls", "succession", "after_end"]
    assert event["additionalProperties"] is conflict["additionalProperties"] is False
    statuses = event["properties"]["status"].get("enum") or schema["$defs"]["Status"]["enum"]
    assert tuple(statuses) == load_schema().statuses
