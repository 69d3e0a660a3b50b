"""An export that was touched, or a corpus that was, shows."""

import pytest


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


def test_a_quote_that_the_original_does_not_hold_shows(dossier, curated):
    import hashlib
    import json

    first, *lines = curated.read_text("utf-8").splitlines()
    for number, line in enumerate(lines):
        record = json.loads(line)
        if record["kind"] == "mention" and len(record["text"]) > 3:
            record["text"] = record["text"][:-1] + "#"
            lines[number] = json.dumps(record, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
            break
    body = "\n".join(lines) + "\n"
    manifest = json.loads(first) | {"sha256": hashlib.sha256(body.encode()).hexdigest()}
    curated.write_text(json.dumps(manifest) + "\n" + body, "utf-8")

    said = verify(dossier, curated)

    assert said.code == 1
    assert "#'" in said.out


def test_an_older_ingest_is_said_to_be_unchecked(dossier, curated):
    import hashlib
    import json

    first, rest = curated.read_text("utf-8").split("\n", 1)
    lines = [json.loads(line) for line in rest.splitlines()]
    for record in lines:
        if record["kind"] == "document":
            record["ingest"] = "0"
    body = "".join(json.dumps(r, sort_keys=True) + "\n" for r in lines)
    manifest = json.loads(first) | {"sha256": hashlib.sha256(body.encode()).hexdigest()}
    curated.write_text(json.dumps(manifest) + "\n" + body, "utf-8")

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
