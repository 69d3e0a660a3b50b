"""The example PDFs are what their texts say, and dossier reads them back."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from dossier.ingest.original import open_original
from dossier.ingest.pdf.opening import open_pages
from dossier.ingest.read import read_document
from dossier.ingest.sniff import PDF
from dossier.source_map import open_map

CORPUS = Path(__file__).parents[1] / "corpus"
SOURCES = sorted((CORPUS / "typeset").glob("*.txt"))
each_report = pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)


@pytest.fixture(scope="module")
def again(tmp_path_factory):
    folder = tmp_path_factory.mktemp("typeset")
    subprocess.run(
        [sys.executable, CORPUS / "typeset" / "make.py", folder], check=True, capture_output=True, timeout=60
    )
    return folder


def pdf_of(source):
    return CORPUS / "examples" / source.with_suffix(".pdf").name


def read(source):
    path = pdf_of(source)
    return read_document(path.read_bytes(), name=path.name)


def words_of(source):
    """The lines of a text as they should read: marks of kind and raised markers out, quotation marks curled."""
    _, _, body = source.read_text("utf-8").partition("\n\n")
    for line in body.splitlines():
        line = re.sub(r"^(#+|-|===|\^\d+|\[\d+\]) ", "", line.strip())
        line = re.sub(r"(^|[\s(\[])\"", r"\1“", line).replace('"', "”").replace("'", "’")
        if line and line != "turned":
            yield re.sub(r"\^\d+", "", line)


def plain(text):
    return " ".join(text.split())


def test_there_are_examples():
    assert len(SOURCES) >= 3


@each_report
def test_typesetting_again_gives_the_same_pages(source, again):
    committed, made = (
        [(page.width, page.height, page.text, page.x0, page.top) for page in open_pages(path.read_bytes())]
        for path in (pdf_of(source), again / pdf_of(source).name)
    )
    assert made == committed


@each_report
def test_an_example_is_small(source):
    assert pdf_of(source).stat().st_size < 100_000


@each_report
def test_every_paragraph_is_read_whole_without_heads_and_page_numbers(source):
    document = read(source)
    markers = sorted((m for note in document.notes for m in note.markers), reverse=True)
    text = document.text
    for marker in markers:
        if text[marker.start : marker.end].isdigit():  # raised
            text = text[: marker.start] + text[marker.end :]
    blocks = {plain(text) for text in text.split("\n")}
    flow = plain(text)
    for line in words_of(source):
        if line.startswith("|"):
            continue
        assert plain(line) in flow, line
        assert any(plain(line) in block for block in blocks), f"broken into several blocks: {line}"
    about = dict(re.findall(r"^(head|foot): (.+)$", source.read_text("utf-8"), re.M))
    kept = [
        block for block in document.blocks if "example" in about["foot"] and "Page 1" in text[block.start : block.end]
    ]
    assert not kept
    assert about["head"].split(" | ")[0] not in text


@each_report
def test_a_row_of_a_table_is_a_block(source):
    document = read(source)
    rows = [plain(document.text[b.start : b.end]) for b in document.blocks if b.kind == "row"]
    for line in words_of(source):
        if line.startswith("|"):
            assert plain(line.replace("|", " ")) in rows


@each_report
def test_every_note_is_linked(source):
    raw = source.read_text("utf-8")
    notes = re.findall(r"^(?:\^|\[)(\d+)", raw, re.M)
    markers = re.findall(r"\^(\d+)|\[(\d+)\]", re.sub(r"^(?:\^\d+|\[\d+\]) ", "", raw, flags=re.M))
    document = read(source)

    assert [str(note.n) for note in document.notes] == notes
    assert sum(len(note.markers) for note in document.notes) == len(markers)
    assert all(note.markers for note in document.notes)


@each_report
def test_every_word_reads_the_same_in_its_boxes(source):
    document = read(source)
    boxes, original = open_map(document.offsets), open_original(pdf_of(source).read_bytes(), PDF, None)
    for match in re.finditer(r"\S+", document.text):
        found = boxes.source(*match.span())
        assert original.reads(found, match[0]) is None, (match[0], found)
