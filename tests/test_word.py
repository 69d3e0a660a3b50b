"""The example Word documents are what their texts say, and dossier reads them back."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from dossier.ingest.original import open_original
from dossier.ingest.read import read_document
from dossier.ingest.sniff import DOCX
from dossier.source_map import open_map

CORPUS = Path(__file__).parents[1] / "corpus"
SOURCES = sorted((CORPUS / "word").glob("*.txt"))
each_report = pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)


def docx_of(source):
    return CORPUS / "examples" / source.with_suffix(".docx").name


def read(source):
    path = docx_of(source)
    return read_document(path.read_bytes(), name=path.name)


def lines_of(source):
    """The lines of a text as they should read, with changes carried out and without marks of kind."""
    raw = re.sub(r"\{-.*?-\}", "", re.sub(r"\{\+(.*?)\+\}", r"\1", source.read_text("utf-8")))
    for line in raw.partition("\n\n")[2].splitlines():
        line = re.sub(r"(^|[\s(\[])\"", r"\1“", line.strip()).replace('"', "”").replace("'", "’")
        line = re.sub(r"\^(\d+)", r"[\1]", re.sub(r"^(?:#+|-) ", "", line))
        if line.startswith("|"):
            line = "\t".join(cell.strip() for cell in line.strip("| ").split("|"))
        if line:
            yield line


@each_report
def test_writing_again_gives_the_same_bytes(source, tmp_path):
    subprocess.run([sys.executable, CORPUS / "word" / "make.py", tmp_path], check=True, capture_output=True, timeout=60)

    assert (tmp_path / docx_of(source).name).read_bytes() == docx_of(source).read_bytes()


@each_report
def test_every_line_is_a_block_in_order_and_nothing_else(source):
    document = read(source)

    assert [document.text[b.start : b.end] for b in document.blocks] == list(lines_of(source))


@each_report
def test_it_holds_what_the_reader_is_there_for(source):
    document = read(source)

    assert {"title", "heading", "paragraph", "list_item", "row", "caption", "note"} <= {b.kind for b in document.blocks}
    assert {"tracked_changes", "not_read"} <= {warning.code for warning in document.warnings}
    assert all(note.markers and note.works for note in document.notes)
    assert [note.n for note in document.notes] == [1, 2, 3, 4, 5]
    assert len(document.notes[0].markers) == 2
    about = dict(re.findall(r"^(\w+): (.+)$", source.read_text("utf-8").partition("\n\n")[0], re.M))
    assert (document.title, document.publisher, document.date) == (about["title"], about["company"], about["created"])
    assert about["head"].split(" | ")[0] not in document.text


@each_report
def test_every_word_leads_back(source):
    document = read(source)
    offsets, original = open_map(document.offsets), open_original(docx_of(source).read_bytes(), DOCX, None)
    for match in re.finditer(r"\S+", document.text):
        assert original.reads(offsets.source(*match.span()), match[0]) is None
