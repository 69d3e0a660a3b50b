"""The quotes of a Word document are rebuilt from its paragraphs; a place, a quote or a file that was touched shows."""

import io
import json
import shutil
import zipfile
from pathlib import Path

import pytest
from tests.conftest import call_main
from tests.export.test_verify_pdf import first, mention_of, tamper, verify

from dossier.store.db import create_workspace

EXAMPLES = Path(__file__).parents[2] / "corpus" / "examples"
NAME = "bougainville-brief.docx"


@pytest.fixture(scope="module")
def docx_run(tmp_path_factory):
    desk = tmp_path_factory.mktemp("docx") / "desk"
    create_workspace(desk)
    shutil.copy(EXAMPLES / NAME, desk / "corpus" / NAME)
    assert call_main("run", "--workspace", desk, "--workers", "1") == 0
    return desk


@pytest.fixture
def export(docx_run, tmp_path):
    shutil.copytree(docx_run / "corpus", tmp_path / "corpus")
    shutil.copy(docx_run / "out" / "curated.jsonl", tmp_path)
    return tmp_path / "curated.jsonl"


def test_a_fresh_export_has_no_fault_and_every_source_is_a_paragraph(dossier, export):
    records = [json.loads(line) for line in export.read_text("utf-8").splitlines()]
    mentions = [record for record in records if record["kind"] == "mention"]
    said = verify(dossier, export)

    assert said.code == 0, said.out
    assert "0 faults" in said.out
    assert len(mentions) > 50
    assert {m["source"]["part"] for m in mentions} <= {"word/document.xml", "word/footnotes.xml"}
    markers = [marker for record in records for note in record.get("notes", ()) for marker in note["markers"]]
    assert len(markers) == 7
    assert all(marker["source"]["end"] - marker["source"]["start"] == 3 for marker in markers)


@pytest.mark.parametrize("change", [{"start": 1}, {"paragraph": 4000}, {"part": "word/header.xml"}])
def test_a_source_that_was_moved_is_a_fault(dossier, export, change):
    def move(records):
        mention_of(records, "Sam Kauona")["source"].update(change)

    tamper(export, move)
    said = verify(dossier, export)

    assert said.code == 1
    assert "1 fault" in said.out
    assert "'Sam Kauona'" in said.out


def test_words_that_a_tracked_change_took_out_are_no_quote(dossier, export):
    def put_back(records):
        mention = mention_of(records, "Sam Kauona")
        mention["text"], mention["end"] = "some 15,000", mention["start"] + 11

    tamper(export, put_back)

    assert verify(dossier, export).code == 1


def test_another_text_in_the_file_is_found(dossier, export):
    path = export.parent / "corpus" / NAME
    made = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"Sam Kauona", b"Sam Kaouna"))
    path.write_bytes(made.getvalue())

    def seal(records):
        import hashlib

        first(records, "document")["sha256"] = hashlib.sha256(made.getvalue()).hexdigest()

    tamper(export, seal)
    said = verify(dossier, export)

    assert said.code == 1
    assert "Kaouna" in said.out


def test_show_prints_a_word_document(dossier, docx_run):
    said = dossier("show", NAME, "--workspace", docx_run)

    assert said.code == 0
    assert "Joseph Kabui" in said.out
    assert "tracked changes" in said.out
