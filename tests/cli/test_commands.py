"""The commands as a person calls them."""

import json
import os

import pytest

from dossier.cli import COMMANDS, cli


@pytest.mark.parametrize("verb", COMMANDS)
def test_every_command_shows_an_example_and_its_first_line(verb):
    command = cli.get_command(None, verb)

    assert f"Example: dossier {verb}" in command.help
    assert command.help.startswith(COMMANDS[verb])


def test_help_lists_every_command_without_loading_one(dossier):
    said = dossier("--help")

    assert said.code == 0
    assert all(line in said.out for line in COMMANDS.values())


def test_an_unknown_command_names_the_known_ones(dossier):
    said = dossier("extrakt")

    assert said.code == 1
    assert "no command 'extrakt'" in said.err
    assert "extract" in said.err


def test_a_command_outside_a_workspace_says_what_to_do(dossier):
    said = dossier("status")

    assert said.code == 1
    assert "dossier init" in said.err
    assert "Traceback" not in said.err


def test_run_goes_from_reports_to_records(dossier, desk):
    said = dossier("run", "--workspace", desk)

    assert said.code == 0, said.err
    assert "ingest 2/2" in said.err
    assert "2 done" in said.out
    assert "output       desk/out/curated.jsonl" in said.out
    kinds = [json.loads(line)["kind"] for line in (desk / "out" / "curated.jsonl").read_text().splitlines()]
    assert kinds[0] == "manifest"
    assert {"document", "mention", "entity", "relation", "work"} <= set(kinds)


def test_only_what_changed_runs_again(dossier, run):
    first = (run / "out" / "curated.jsonl").read_bytes()

    again = dossier("run", "-w", run)
    assert "ingest 1" not in again.err
    assert "extract 1" not in again.err
    assert (run / "out" / "curated.jsonl").read_bytes() == first

    (run / "corpus" / "sub" / "note.md").write_text("# Talks\n\nThe NRF met the Government of Norway in Oslo.\n")
    changed = dossier("run", "-w", run)
    assert "ingest 1/1  sub/note.md" in changed.err
    assert "extract 1/1  sub/note.md" in changed.err


def test_a_changed_config_extracts_again_without_reading_again(dossier, run):
    gazetteer = run / "configs" / "gazetteer"
    gazetteer.mkdir()
    (gazetteer / "names.tsv").write_text("# label\tname\taliases\tstrict\nWEAPON\tNordic Review\t\t\n")
    said = dossier("run", "-w", run)

    assert "ingest 1" not in said.err
    assert "extract 2/2" in said.err
    lines = (run / "out" / "curated.jsonl").read_text().splitlines()
    assert {r["label"] for r in map(json.loads, lines) if r.get("text") == "Nordic Review"} == {"WEAPON"}


def test_quarantined_files_end_with_code_3_and_the_rest_goes_on(dossier, desk):
    (desk / "corpus" / "broken.txt").write_bytes(b"")

    said = dossier("run", "-w", desk)

    assert said.code == 3
    assert "2 done" in said.out
    assert "broken.txt: empty:" in said.out
    assert dossier("run", "-w", desk).code == 3


def test_retry_reads_the_quarantined_again(dossier, desk):
    (desk / "corpus" / "broken.txt").write_bytes(b"")
    dossier("run", "-w", desk)

    assert "ingest 1" not in dossier("run", "-w", desk).err
    assert "ingest 1/1  broken.txt  quarantined" in dossier("run", "-w", desk, "--retry", "quarantined").err


def test_limit_leaves_the_rest_for_the_next_call(dossier, desk):
    assert "ingest 1/1" in dossier("run", "-w", desk, "--limit", "1").err
    assert "ingest 1/1" in dossier("run", "-w", desk, "--limit", "1").err
    assert "2 done" in dossier("run", "-w", desk).out


def test_run_json_is_one_object_on_the_output(dossier, desk):
    said = dossier("run", "-w", desk, "--json")

    found = json.loads(said.out)
    assert found["documents"] == {"done": 2, "with_warnings": 0, "quarantined": 0, "unchanged": 0}
    assert found["mentions"]["ORG"] >= 3


def test_status_json_accounts_for_every_file(dossier, desk):
    (desk / "corpus" / "broken.txt").write_bytes(b"")
    dossier("run", "-w", desk)

    found = json.loads(dossier("status", "-w", desk, "--json").out)

    assert found["inputs"] == 3 == sum(found["documents"].values())
    assert found["to_extract"] == 0
    assert [f["path"] for f in found["files"] if f["state"] == "quarantined"] == ["broken.txt"]
    assert found["last_run"]["state"] == "finished"


def test_status_names_a_file_that_is_gone(dossier, run):
    (run / "corpus" / "north.txt").unlink()

    said = dossier("status", "-w", run)

    assert "no longer in the corpus" in said.out
    assert "north.txt" in said.out


def test_show_prints_a_report(dossier, run):
    said = dossier("show", "north.txt", "-w", run)

    assert "Northern Reach Front" in said.out
    assert "also: NRF" in said.out
    assert "late 2004  = 2004-10/2004-12" in said.out


def test_show_of_an_unknown_report_names_it(dossier, run):
    said = dossier("show", "nothing.txt", "-w", run)

    assert said.code == 1
    assert "'nothing.txt'" in said.err


def test_doctor_finds_nothing_wrong_then_what_is(dossier, run):
    assert dossier("doctor", "-w", run).out.endswith("nothing is wrong\n")

    (run / "dossier.db").chmod(0o644)
    (run / "corpus" / "north.txt").unlink()
    (run / "corpus" / "orphan.meta.toml").write_text('title = "x"\n')
    (run / "configs" / "schema.toml").write_text("[labels\n")
    said = dossier("doctor", "-w", run)

    assert said.code == 1
    for words in ("mode 644", "north.txt is no longer", "orphan.meta.toml belongs to no report", "schema.toml"):
        assert words in said.out


def test_corpus_outside_the_workspace_is_read_where_it_lies(dossier, desk, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "far.txt").write_text("The Government of Norway met the NRF in Oslo on 2 May 2005.\n")

    assert dossier("run", "elsewhere", "-w", desk).code == 0
    records = [json.loads(line) for line in (desk / "out" / "curated.jsonl").read_text().splitlines()]
    assert [r["path"] for r in records if r["kind"] == "document"] == ["far.txt"]
    assert dossier("verify", desk / "out" / "curated.jsonl", "--corpus", "elsewhere").code == 0


def test_a_corpus_that_does_not_exist_is_named(dossier, desk):
    said = dossier("run", "nowhere", "-w", desk)

    assert said.code == 1
    assert "nowhere does not exist" in said.err


@pytest.mark.parametrize("place", ["corpus/north.txt", "configs/x.jsonl", "dossier.db"])
def test_an_export_does_not_write_over_the_workspace(dossier, run, place):
    said = dossier("export", run / place, "-w", run)

    assert said.code == 1
    assert "which an export does not touch" in said.err
    assert dossier("doctor", "-w", run).code == 0


def test_an_export_replaces_no_device(dossier, run):
    pipe = run / "pipe"
    os.mkfifo(pipe)

    said = dossier("export", pipe, "-w", run)

    assert said.code == 1
    assert "no regular file" in said.err
    assert pipe.is_fifo()


@pytest.mark.parametrize(
    ("file", "words", "said"),
    [
        ("gazetteer/names.tsv", "no header\n", "names.tsv"),
        ("extract.cfg", "[components\n", "extract.cfg"),
        ("patterns.toml", "[org\n", "patterns.toml"),
    ],
)
def test_a_config_that_does_not_read_stops_the_run_and_keeps_the_result(dossier, run, file, words, said):
    before = (run / "out" / "curated.jsonl").read_bytes()
    (run / "configs" / "gazetteer").mkdir()
    (run / "configs" / file).write_text(words)

    ran = dossier("run", "-w", run)

    assert ran.code == 1
    assert said in ran.err
    assert (run / "out" / "curated.jsonl").read_bytes() == before
    assert dossier("doctor", "-w", run).code == 1
    (run / "configs" / file).unlink()
    assert dossier("run", "-w", run).code == 0
