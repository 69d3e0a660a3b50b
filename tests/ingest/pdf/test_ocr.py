"""Pages that are pictures: their words are recognised when that is asked for, and never in silence."""

import shutil
import stat
import sys
from pathlib import Path

import pytest
from tests.conftest import need
from tests.ingest.pdf.raw import TEXT, pdf, stream

from dossier.errors import UsageError
from dossier.ingest.pdf.ocr import find_recogniser, read_words
from dossier.ingest.pdf.opening import open_pages
from dossier.store.db import open_store

HEAD = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext"
TABLE = f"""{HEAD}
1\t1\t0\t0\t0\t0\t0\t0\t2550\t3300\t-1\t
2\t1\t1\t0\t0\t0\t300\t300\t900\t200\t-1\t
3\t1\t1\t1\t0\t0\t300\t300\t900\t200\t-1\t
4\t1\t1\t1\t1\t0\t300\t300\t900\t45\t-1\t
5\t1\t1\t1\t1\t1\t300\t310\t300\t35\t96.2\tTalks
5\t1\t1\t1\t1\t2\t630\t300\t60\t45\t12.0\t~;
5\t1\t1\t1\t1\t3\t700\t300\t500\t45\t91\tbegan,
4\t1\t1\t1\t2\t0\t300\t400\t900\t45\t-1\t
5\t1\t1\t1\t2\t1\t300\t400\t300\t45\t96\tthen
5\t1\t1\t1\t2\t2\t700\t400\t300\t45\t95\t
5\tbroken row
"""
SCAN = b"q 612 0 0 792 0 0 cm /I Do Q"
IMAGE = stream(b"\0" * 64, b"/Type/XObject/Subtype/Image/Width 8/Height 8/BitsPerComponent 8/ColorSpace/DeviceGray")


def scan(*contents):
    return pdf(*contents, resources=b"/XObject<</I 9 0 R>>", more={9: IMAGE})


@pytest.fixture
def stand_in(tmp_path, monkeypatch):
    """A program in tesseract's place: `stand_in(body)` writes its body, which has the picture in `picture`."""
    bin_ = tmp_path / "bin"
    bin_.mkdir()

    def write(body: str) -> None:
        program = bin_ / "tesseract"
        program.write_text(
            f"#!{sys.executable}\nimport sys\nif '--list-langs' in sys.argv:\n"
            "    print('List of available languages (2):\\neng\\nfra'); sys.exit()\n"
            f"picture = sys.stdin.buffer.read()\n{body}\n"
        )
        program.chmod(program.stat().st_mode | stat.S_IXUSR)

    monkeypatch.setenv("PATH", f"{bin_}:{Path('/usr/bin')}:{Path('/bin')}")
    write(f"sys.stdout.write({TABLE!r})")
    return write


def read(data, recogniser):
    warnings = []
    pages = list(open_pages(data, warnings=warnings, recogniser=recogniser))
    return pages, {w.code: w.message for w in warnings}


def test_a_table_is_read_word_by_word():
    words = list(read_words(TABLE))
    assert [w.text for w in words] == ["Talks", "began,", "then"]  # what it is not sure of is no word
    assert words[0].box == (300, 300, 600, 345)  # as high as its line
    assert words[0].line == words[1].line != words[2].line
    assert {w.size for w in words} == {50}
    assert list(read_words("")) == list(read_words("no\ttable\n\n")) == []


def test_recognised_words_have_boxes_like_all_others(stand_in):
    (picture, text), warnings = read(scan(SCAN, TEXT), find_recogniser())
    assert "".join(picture.text) == "Talks began,then"
    assert (picture.x0[0], picture.top[0], picture.bottom[0]) == pytest.approx((72, 72, 82.8), abs=0.1)  # 300 dpi
    assert picture.x1[4] == pytest.approx(144, abs=0.1)
    assert picture.fonts[picture.font[0]] == "OCR"
    assert "".join(text.text) == "The fleet left Narvik"
    assert "page 1 " in warnings["ocr"]
    assert "no_text_layer" not in warnings


def test_the_program_gets_the_page_as_it_is_seen(stand_in, tmp_path):
    stand_in(f"open({str(tmp_path / 'seen')!r}, 'wb').write(picture)")
    read(
        pdf(SCAN, page=b"/MediaBox[0 0 612 792]/Rotate 90", resources=b"/XObject<</I 9 0 R>>", more={9: IMAGE}),
        find_recogniser(),
    )
    head, _, dots = (tmp_path / "seen").read_bytes().partition(b"\n")
    kind, width, height, white = head.split()
    assert (kind, white) == (b"P5", b"255")
    assert (int(width), int(height)) == pytest.approx((3300, 2550), abs=1)  # 11 by 8.5 inches at 300 dpi
    assert len(dots) == int(width) * int(height)


def test_words_that_are_there_already_are_not_read_twice(stand_in):
    stamp = b" BT /F1 12 Tf 72 711 Td (Talks) Tj ET"
    (page,), _ = read(scan(SCAN + stamp), find_recogniser())
    assert "".join(page.text) == "Talksbegan,then"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("sys.exit('Error opening data file')", "code 1: Error opening data file"),
        ("import time; time.sleep(60)", "no end in 2 s"),
        ("b = bytearray(3 << 30); sys.exit(3)", "ended with code"),
    ],
)
def test_a_page_that_fails_is_named_and_the_rest_goes_on(stand_in, monkeypatch, body, said):
    monkeypatch.setattr("dossier.ingest.pdf.ocr.SECONDS", 2)
    stand_in(body)
    pages, warnings = read(scan(SCAN, TEXT), find_recogniser())
    assert ["".join(p.text) for p in pages] == ["", "The fleet left Narvik"]
    assert "page 1 " in warnings["ocr_failed"]
    assert said in warnings["ocr_failed"]
    assert "page 1 of 2" in warnings["no_text_layer"]


def test_without_the_program_nothing_begins(dossier, desk, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    for command in ("ingest", "run"):
        said = dossier(command, "-w", desk, "--ocr")
        assert said.code == 1
        assert "tesseract" in said.err
        assert "north.txt" not in said.err + said.out


@pytest.mark.parametrize("languages", ["deu", "eng+deu", "../x", "-v", "", "eng+"])
def test_languages_are_known_before_anything_begins(stand_in, languages):
    with pytest.raises(UsageError):
        find_recogniser(languages)


def test_files_are_read_again_for_their_pictures_and_keep_what_was_recognised(dossier, desk, stand_in):
    (desk / "corpus" / "scan.pdf").write_bytes(scan(SCAN))
    first = dossier("ingest", "-w", desk)
    assert "no text layer" in first.err
    again = dossier("ingest", "-w", desk, "--ocr")
    assert "recognised in a picture" in again.err
    assert "3 unchanged" in dossier("ingest", "-w", desk, "--ocr").out
    assert "3 unchanged" in dossier("ingest", "-w", desk).out
    with open_store(desk) as store:
        assert "Talks began," in store.one("SELECT text FROM document WHERE media_type = 'application/pdf'")


def test_a_scanned_report_is_read(shared):
    need(bool(shutil.which("tesseract")), "tesseract")
    recogniser = find_recogniser()
    (page, *_), warnings = read((shared / "reports" / "aqim-crs-brief.scan.pdf").read_bytes(), recogniser)
    text = "".join(page.text)
    (typeset, *_), _ = read((shared / "reports" / "aqim-crs-brief.pdf").read_bytes(), None)
    words = [w for w in "".join(typeset.text).split() if len(w) > 6 and w.isalpha()]
    assert sum(word in text for word in words) > 0.9 * len(words)
    assert "pages 1-3" in warnings["ocr"]
    mine, set_ = (p.text.index("w") for p in (page, typeset))
    assert (page.x0[mine], page.top[mine]) == pytest.approx((typeset.x0[set_], typeset.top[set_]), abs=6)
