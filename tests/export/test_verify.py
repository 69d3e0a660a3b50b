"""An export that was touched, or a corpus that was, shows."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dossier.cli import main


@pytest.fixture
def curated(run):
    return run / "out" / "curated.jsonl"


def verify(dossier, curated):
    return dossier("verify", curated, "--corpus", curated.parents[1] / "corpus")


def test_a_fresh_export_has_no_fault(dossier, curated):
    said = verify(dossier, curated)

    assert said.code == 0, said.out
    assert "2 documents" in said.out
    assert said.out.endswith(" 0 faults\n")


def test_an_altered_record_shows(dossier, curated):
    curated.write_text(curated.read_text("utf-8").replace('"label":"PERSON"', '"label":"PLACE"', 1), "utf-8")

    said = verify(dossier, curated)

    assert said.code == 1
    assert "the manifest says" in said.out


def test_a_dropped_line_shows(dossier, curated):
    lines = curated.read_text("utf-8").splitlines(keepends=True)
    curated.write_text("".join(lines[:-1]), "utf-8")

    assert "the manifest says" in verify(dossier, curated).out


def test_a_changed_report_shows(dossier, curated):
    report = curated.parents[1] / "corpus" / "north.txt"
    report.write_text(report.read_text("utf-8").replace("Solheim", "Solberg"), "utf-8")

    said = verify(dossier, curated)

    assert said.code == 1
    assert "north.txt: no file with sha256" in said.out


def test_a_moved_report_is_found_by_its_bytes(dossier, curated):
    report = curated.parents[1] / "corpus" / "north.txt"
    report.rename(report.with_name("renamed.txt"))

    assert verify(dossier, curated).code == 0


def rewrite(export: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Alter the records of an export and give it a manifest that fits them."""
    first, *lines = export.read_text("utf-8").splitlines()
    records = [json.loads(line) for line in lines]
    for record in records:
        change(record)
    body = "".join(json.dumps(r, sort_keys=True, ensure_ascii=False, separators=(",", ":")) + "\n" for r in records)
    manifest = json.loads(first) | {"sha256": hashlib.sha256(body.encode()).hexdigest()}
    export.write_text(json.dumps(manifest) + "\n" + body, "utf-8")


def once(change: Callable[[dict[str, Any]], bool]) -> Callable[[dict[str, Any]], None]:
    """Alter the first record that `change` takes."""
    done: list[bool] = []

    def alter(record: dict[str, Any]) -> None:
        if not done and change(record):
            done.append(True)

    return alter


def test_a_quote_that_the_original_does_not_hold_shows(dossier, curated):
    def spoil(record):
        if fits := record["kind"] == "mention" and len(record["text"]) > 3:
            record["text"] = record["text"][:-1] + "#"
        return fits

    rewrite(curated, once(spoil))
    said = verify(dossier, curated)

    assert said.code == 1
    assert "#'" in said.out


def test_what_names_a_record_that_is_not_there_shows(dossier, curated):
    def spoil(record):
        if record["kind"] == "mention" and record["entity"]:
            record["entity"] = "e-nobody"
            return True
        return False

    rewrite(curated, once(spoil))

    assert "names the entity e-nobody, which is not in the export" in verify(dossier, curated).out


def test_an_older_ingest_is_said_to_be_unchecked(dossier, curated):
    rewrite(curated, lambda record: record.update(ingest="0") if record["kind"] == "document" else None)

    said = verify(dossier, curated)

    assert said.code == 0, said.out
    assert "offsets not checked, it was ingested by version 0" in said.out
    assert " 0 text offsets checked" in said.out


def test_what_is_no_export_is_refused(dossier, curated):
    other = curated.with_name("other.jsonl")
    other.write_text('{"kind": "note"}\n')

    said = verify(dossier, other)

    assert said.code == 1
    assert "no manifest" in said.err


# ------------------------------------------------------------------ events and conflicts


@pytest.fixture(scope="module")
def told(tmp_path_factory) -> Path:
    """An export of a report in which two tellings of one happening disagree."""
    from dossier.store.db import create_workspace

    desk = tmp_path_factory.mktemp("told") / "desk"
    create_workspace(desk)
    (desk / "corpus" / "raid.txt").write_text(TOLD_TWICE, "utf-8")
    with pytest.raises(SystemExit) as stop:
        main(["run", "--workspace", str(desk)])
    assert not stop.value.code
    return desk / "out" / "curated.jsonl"


TOLD_TWICE = """\
Northern Reach Front (NRF)

Attacks
On May 4, 1995, the Northern Reach Front (NRF) attacked the police station in Narvik, Norway, and killed three people.

Major Attacks
May 4, 1995: The NRF attacked the police station in Narvik (5 killed, 2 wounded).
"""


@pytest.fixture
def raid(told, tmp_path) -> Path:
    export = tmp_path / "curated.jsonl"
    export.write_bytes(told.read_bytes())
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "raid.txt").write_text(TOLD_TWICE, "utf-8")
    return export


def verify_raid(dossier, raid):
    return dossier("verify", raid, "--corpus", raid.parent / "corpus")


def records(export: Path, kind: str) -> list[dict[str, Any]]:
    return [r for r in map(json.loads, export.read_text("utf-8").splitlines()) if r["kind"] == kind]


def test_an_export_with_events_and_a_conflict_has_no_fault(dossier, raid):
    said = verify_raid(dossier, raid)
    [conflict] = records(raid, "conflict")
    everything = [r for kind in ("mention", "entity", "relation", "event", "conflict") for r in records(raid, kind)]
    quotes = sum(r["kind"] == "mention" for r in everything) + sum("trigger" in r for r in everything)
    quotes += sum(len(r.get("evidence", ())) for r in everything)
    quotes += sum(len(part["evidence"]) for r in everything for part in (*r.get("names", ()), *r.get("values", ())))

    assert said.code == 0, said.out
    assert f"{quotes} quotes rebuilt from the originals" in said.out
    assert conflict["about"] | {"record": ""} == {"record": "", "field": "killed", "why": "tolls"}
    assert conflict["about"]["record"] in {event["id"] for event in records(raid, "event")}
    assert [len(value["evidence"]) for value in conflict["values"]] == [1, 1]


def test_the_manifest_counts_events_and_conflicts(raid):
    counts = json.loads(raid.read_text("utf-8").splitlines()[0])["counts"]

    assert counts["event"] == len(records(raid, "event")) > 0
    assert counts["conflict"] == len(records(raid, "conflict")) == 1


@pytest.mark.parametrize(
    ("kind", "part"),
    [
        ("event", lambda r: r["trigger"]["source"]),
        ("event", lambda r: r["evidence"][0]["source"]),
        ("conflict", lambda r: r["values"][1]["evidence"][0]["source"]),
    ],
    ids=["trigger", "evidence of an event", "evidence of a conflict"],
)
def test_a_way_back_that_leads_elsewhere_shows(dossier, raid, kind, part):
    def shift(record):
        if record["kind"] != kind:
            return False
        source = part(record)
        source["parts"] = [[start + 1, end + 1] for start, end in source["parts"]]
        return True

    rewrite(raid, once(shift))
    said = verify_raid(dossier, raid)

    assert said.code == 1
    assert f"{kind} {records(raid, kind)[0]['id']}: raid.txt, " in said.out
    assert "1 fault\n" in said.out


@pytest.mark.parametrize(
    ("kind", "spoil", "said"),
    [
        ("event", lambda r: r.update(status="certain"), "no record of the contract"),
        ("event", lambda r: r.update(killed={"min": 3}), "no record of the contract"),
        ("event", lambda r: r.pop("trigger"), "no record of the contract"),
        ("event", lambda r: r.update(victims=[]), "no record of the contract"),
        ("event", lambda r: r.update(evidence=[]), "no record of the contract"),
        ("conflict", lambda r: r["about"].update(why="taste"), "no record of the contract"),
        ("conflict", lambda r: r["values"][0].update(value=3), "no record of the contract"),
    ],
)
def test_an_event_or_conflict_out_of_the_contract_shows(dossier, raid, kind, spoil, said):
    rewrite(raid, once(lambda r: r["kind"] == kind and (spoil(r) or True)))
    found = verify_raid(dossier, raid)

    assert found.code == 1
    assert said in found.out
    assert "the manifest says" in found.out  # and the count no longer fits
