"""The quotes of a PDF are rebuilt from the boxes on its pages; a box, a quote or a file that was touched shows."""

import hashlib
import json
import shutil
from pathlib import Path

import pypdfium2
import pytest
from tests.conftest import call_main, need

from dossier.ingest.original import open_original
from dossier.ingest.sniff import PDF
from dossier.store.db import create_workspace

EXAMPLES = Path(__file__).parents[2] / "corpus" / "examples"
NAME = "irish-republicans-brief.pdf"


@pytest.fixture(scope="module")
def pdf_run(tmp_path_factory):
    desk = tmp_path_factory.mktemp("pdf") / "desk"
    create_workspace(desk)
    for name in (NAME, "aceh-chronology.pdf"):
        shutil.copy(EXAMPLES / name, desk / "corpus" / name)
    assert call_main("run", "--workspace", desk, "--workers", "1") == 0
    return desk


@pytest.fixture
def export(pdf_run, tmp_path):
    """An export and its corpus away from any workspace."""
    shutil.copytree(pdf_run / "corpus", tmp_path / "corpus")
    shutil.copy(pdf_run / "out" / "curated.jsonl", tmp_path)
    return tmp_path / "curated.jsonl"


def verify(dossier, export):
    return dossier("verify", export, "--corpus", export.parent / "corpus")


def tamper(export, change):
    """Let `change` alter records in place, and seal the file again."""
    first, *lines = export.read_text("utf-8").splitlines()
    records = [json.loads(line) for line in lines]
    change(records)
    body = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    manifest = json.loads(first) | {"sha256": hashlib.sha256(body.encode()).hexdigest()}
    export.write_text(json.dumps(manifest) + "\n" + body, "utf-8")


def first(records, kind, fits=lambda record: True):
    return next(record for record in records if record["kind"] == kind and fits(record))


def mention_of(records, text):
    return first(records, "mention", lambda record: record["text"] == text)


def test_a_fresh_export_has_no_fault_and_every_quote_was_looked_up(dossier, export):
    records = [json.loads(line) for line in export.read_text("utf-8").splitlines()]
    said = verify(dossier, export)

    assert said.code == 0, said.out
    assert "2 documents" in said.out
    quotes = sum(len(r["evidence"]) for r in records if "evidence" in r) + sum(r["kind"] == "mention" for r in records)
    quotes += sum(len(part["evidence"]) for r in records for part in (*r.get("names", ()), *r.get("values", ())))
    quotes += sum("trigger" in r for r in records)
    markers = sum(len(note["markers"]) for r in records for note in r.get("notes", ()))
    assert markers == 3
    assert f"{quotes + markers:,} quotes rebuilt" in said.out


def test_all_sources_are_boxes_and_a_broken_word_has_two(export):
    records = [json.loads(line) for line in export.read_text("utf-8").splitlines()]
    mentions = [record for record in records if record["kind"] == "mention"]
    assert all(record["source"]["boxes"] for record in mentions)
    broken = [r for r in mentions if r["text"] == "Provisional IRA" and len(r["source"]["boxes"]) == 2]
    assert broken


def test_a_moved_box_shows_with_document_page_and_both_readings(dossier, export):
    def move(records):
        box = mention_of(records, "Seamus Costello")["source"]["boxes"][0]
        box[2] += 24
        box[4] += 24

    tamper(export, move)
    said = verify(dossier, export)

    assert said.code == 1
    assert f"{NAME}, page 1, reads 'wing" in said.out
    assert "the export 'Seamus Costello'" in said.out
    assert said.out.endswith(" 1 fault\n")


def test_a_box_on_another_page_shows(dossier, export):
    def turn(records):
        mention_of(records, "Seamus Costello")["source"]["boxes"][0][0] = 9

    tamper(export, turn)
    assert f"{NAME}, page 9 of 2, reads ''" in verify(dossier, export).out


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Seamus Costello", "Seamus Castello"),
        ("Seán Mac Stíofáin", "Sean Mac Stíofáin"),
        ("May 29, 1972", "May 29, 197 "),
    ],
    ids=["a letter", "an accent", "a digit gone"],
)
def test_a_changed_quote_shows(dossier, export, before, after):
    tamper(export, lambda records: mention_of(records, before).update(text=after))
    said = verify(dossier, export)
    assert f"the export {after!r}" in said.out
    assert said.code == 1


def test_a_moved_marker_of_a_note_shows(dossier, export):
    def move(records):
        document = first(records, "document", lambda record: record["path"] == NAME)
        box = document["notes"][0]["markers"][0]["source"]["boxes"][0]
        box[1] += 30
        box[3] += 30

    tamper(export, move)
    assert f"marker of note 1 in list 1: {NAME}, page 1, reads" in verify(dossier, export).out


def test_a_source_of_another_form_shows(dossier, export):
    tamper(
        export,
        lambda records: mention_of(records, "Seamus Costello").update(source={"start": 0, "end": 3, "parts": [[0, 3]]}),
    )
    assert f"{NAME}, no page, reads ''" in verify(dossier, export).out


def test_another_pdf_under_the_name_shows(dossier, export):
    shutil.copy(EXAMPLES / "ruf-profile.pdf", export.parent / "corpus" / NAME)
    said = verify(dossier, export)
    assert f"{NAME}: no file with sha256" in said.out
    assert said.code == 1


def test_another_pdf_that_the_export_takes_for_its_own_shows(dossier, export):
    """Even where somebody put the new file's sum into the export, its pages read otherwise."""
    other = EXAMPLES / "ruf-profile.pdf"
    shutil.copy(other, export.parent / "corpus" / NAME)

    def take(records):
        document = first(records, "document", lambda record: record["path"] == NAME)
        document["sha256"] = hashlib.sha256(other.read_bytes()).hexdigest()

    tamper(export, take)
    said = verify(dossier, export)
    assert said.code == 1
    assert "its text has sha256" in said.out
    assert f"{NAME}, page 1, reads" in said.out


def test_any_number_of_workers_gives_equal_bytes(pdf_run, tmp_path):
    desk = tmp_path / "desk"
    create_workspace(desk)
    shutil.copytree(pdf_run / "corpus", desk / "corpus", dirs_exist_ok=True)
    assert call_main("run", "--workspace", desk, "--workers", "3") == 0
    assert (desk / "out" / "curated.jsonl").read_bytes() == (pdf_run / "out" / "curated.jsonl").read_bytes()


@pytest.fixture(scope="module")
def scanned(tmp_path_factory):
    """A picture of a page of an example, as a PDF."""
    path = tmp_path_factory.mktemp("scan") / "scan.pdf"
    page = pypdfium2.PdfDocument(EXAMPLES / "aceh-chronology.pdf")[0]
    page.render(scale=200 / 72, grayscale=True).to_pil().save(path, "PDF", resolution=200)
    return path


def test_a_page_that_is_a_picture_is_told_and_not_taken_for_a_fault(scanned):
    original = open_original(scanned.read_bytes(), PDF, None)
    somewhere = {"boxes": [[1, 0.0, 0.0, 595.0, 842.0]]}

    assert original.reads(somewhere, "Aceh") == ""
    assert original.gap(somewhere) == "page 1 is a picture"
    assert original.gap({"boxes": [[2, 0.0, 0.0, 1.0, 1.0]]}) is None
    assert open_original((EXAMPLES / NAME).read_bytes(), PDF, None).gap() is None


def test_recognised_words_are_verified_by_recognising_them_again(dossier, tmp_path, scanned):
    need(bool(shutil.which("tesseract")), "tesseract")
    desk = tmp_path / "desk"
    create_workspace(desk)
    shutil.copy(scanned, desk / "corpus")
    assert dossier("run", "-w", desk, "--ocr").code == 0
    export = desk / "out" / "curated.jsonl"

    without, with_ocr = (dossier("verify", export, "--corpus", desk / "corpus", *more) for more in ([], ["--ocr"]))

    assert without.code == 0
    assert "quotes not checked, for page 1 is a picture" in without.out
    assert "offsets not checked, for page 1 is a picture" in without.out
    assert with_ocr.code == 0, with_ocr.out
    assert "1 document, 0 quotes" not in with_ocr.out
    assert "not checked" not in with_ocr.out
