"""`dossier show FILE --page N` draws a page, of a report of the workspace or of any PDF."""

import json
import shutil
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from dossier.store.db import open_store

EXAMPLES = Path(__file__).parents[2] / "corpus" / "examples"


@pytest.fixture
def pdf_desk(desk, dossier):
    shutil.copy(EXAMPLES / "aceh-chronology.pdf", desk / "corpus" / "aceh.pdf")
    assert dossier("run", "-w", desk).code == 0
    return desk


def test_a_page_of_a_report_is_drawn_with_its_mentions(dossier, pdf_desk, tmp_path):
    said = dossier("show", "aceh.pdf", "--page", "1", "-w", pdf_desk)

    assert said.code == 0, said.err
    assert "page 1 of desk/corpus/aceh.pdf" in said.out
    assert " 0 boxes of mentions" not in said.out
    assert said.out.endswith("-> aceh.page-1.png\n")
    assert Image.open(tmp_path / "aceh.page-1.png").format == "PNG"


def test_a_pdf_outside_a_workspace_is_read_on_the_spot(dossier, tmp_path):
    shutil.copy(EXAMPLES / "aceh-chronology.pdf", tmp_path)

    said = dossier("show", "aceh-chronology.pdf", "--page", "2", "--output", "deep/two.png")

    assert said.code == 0, said.err
    assert Image.open(tmp_path / "deep" / "two.png").width > Image.open(tmp_path / "deep" / "two.png").height


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["aceh.pdf", "--page", "3"], "there is no page 3: it has 2 pages"),
        (["north.txt", "--page", "1"], "it is plain text, which has no pages"),
        (["aceh.pdf", "--page", "1", "--text"], "give one of them"),
        (["aceh.pdf", "--output", "x.png"], "say which one with --page N"),
    ],
)
def test_what_cannot_be_drawn_is_told(dossier, pdf_desk, arguments, words):
    said = dossier("show", *arguments, "-w", pdf_desk)
    assert said.code == 1
    assert words in said.err


def test_a_broken_pdf_and_a_missing_file_are_told(dossier, tmp_path):
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.7\nnothing")
    assert "broken.pdf: malformed" in dossier("show", "broken.pdf", "--page", "1").err
    assert "missing.pdf is no file" in dossier("show", "missing.pdf", "--page", "1").err


def test_a_file_that_was_changed_since_is_told(dossier, pdf_desk):
    with (pdf_desk / "corpus" / "aceh.pdf").open("ab") as file:
        file.write(b"\n")
    assert "changed since it was read" in dossier("show", "aceh.pdf", "--page", "1", "-w", pdf_desk).err


def test_the_head_of_a_pdf_says_how_many_pages(dossier, pdf_desk):
    said = dossier("show", "aceh.pdf", "-w", pdf_desk)
    assert "pages      2 (draw one: dossier show aceh.pdf --page 1)" in said.out
    assert "format     application/pdf\n" in said.out


def test_status_counts_documents_and_pages_by_format(dossier, pdf_desk):
    said = dossier("status", "-w", pdf_desk)
    assert "formats     1 PDF (2 pages), 1 Markdown, 1 plain text\n" in said.out
    found = json.loads(dossier("status", "--json", "-w", pdf_desk).out)
    assert found["formats"]["application/pdf"] == {"documents": 1, "pages": 2}


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        ("substr(offsets, 1, 200)", "aceh.pdf: a box map of 200 bytes is not what was written"),
        (
            "(SELECT offsets FROM document WHERE media_type = 'text/plain')",
            "its way back to the file is that of another",
        ),
    ],
)
def test_doctor_looks_at_the_boxes(dossier, pdf_desk, damage, words):
    assert dossier("doctor", "-w", pdf_desk).out.endswith("nothing is wrong\n")

    with open_store(pdf_desk) as store:
        text = (
            "x" if "SELECT" in damage else store.one("SELECT text FROM document WHERE media_type = 'application/pdf'")
        )
        store.db.execute(
            f"UPDATE document SET offsets = {damage}, text = ? WHERE media_type = 'application/pdf'", (text,)
        )

    said = dossier("doctor", "-w", pdf_desk)
    assert said.code == 1
    assert words in said.out


def test_a_page_of_a_pdf_in_an_archive_is_drawn(dossier, desk, tmp_path):
    with zipfile.ZipFile(desk / "corpus" / "all.zip", "w") as archive:
        archive.write(EXAMPLES / "aceh-chronology.pdf", "2005/aceh.pdf")
    assert dossier("run", "-w", desk).code == 0

    said = dossier("show", "aceh.pdf", "--page", "1", "-w", desk)

    assert said.code == 0, said.err
    assert "page 1 of desk/corpus/all.zip" in said.out
