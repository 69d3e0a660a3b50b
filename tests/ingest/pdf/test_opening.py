"""Damaged, locked and hostile PDFs: read what can be read, say what was done, refuse the rest by name."""

import os
import time
import zlib

import pytest
from tests.ingest.pdf.raw import FONT, TEXT, composite, pdf, stream, write

from dossier.errors import InputError
from dossier.ingest.pdf.findings import name_pages
from dossier.ingest.pdf.limits import PdfLimits
from dossier.ingest.pdf.opening import open_pages

SAID = "The fleet left Narvik"


def read(data, **options):
    warnings = []
    pages = list(open_pages(data, warnings=warnings, **options))
    return ["".join(page.text) for page in pages], {w.code: w.message for w in warnings}


def refused(data, **options):
    with pytest.raises(InputError) as error:
        read(data, **options)
    return error.value


# ------------------------------------------------------------------ repair


def test_a_good_file_has_nothing_to_tell():
    assert read(pdf(TEXT, TEXT)) == ([SAID, SAID], {})


@pytest.mark.parametrize(
    "harm",
    [
        lambda d: d[: d.index(b"xref\n")],
        lambda d: d.replace(b"/Kids[", b"/Kods["),
        lambda d: d.replace(b"/Type/Catalog/Pages 2 0 R", b"/Type/Catalog/Pages 99 0 R"),
        lambda d: d[: d.index(b"xref\n")].replace(b"/Type/Catalog", b"/Type/Catolog"),
    ],
    ids=["no list of objects", "no kids", "no tree", "no catalogue"],
)
def test_a_broken_file_is_rebuilt_and_says_so(harm):
    texts, warnings = read(harm(pdf(TEXT, TEXT)))
    assert texts == [SAID, SAID]
    assert "malformed" in warnings["pdf_repaired"]


def test_a_file_cut_off_keeps_the_pages_it_has():
    whole = pdf(TEXT, TEXT)
    texts, warnings = read(whole[: whole.index(b"xref\n") - 40])
    assert texts == [SAID, ""]
    assert "page 2" in warnings["page_damaged"]


def test_pages_of_a_list_that_runs_in_circles_come_once():
    data = pdf(TEXT).replace(b"/Kids[100 0 R]", b"/Kids[100 0 R 2 0 R 100 0 R]")
    texts, warnings = read(data)
    assert texts == [SAID]
    assert "refers to itself" in warnings["pdf_repaired"]


def test_a_page_that_cannot_be_read_is_named_and_the_others_go_on():
    huge = stream(b"q Q " * 1000, packed=True)
    texts, warnings = read(pdf(TEXT, huge, TEXT), limits=PdfLimits(page_content=2000))
    assert texts == [SAID, "", SAID]
    assert warnings["page_unreadable"].startswith("page 2 is missing from the text: too much work")


def test_a_stream_that_breaks_off_is_read_up_to_there():
    lines = b" ".join(b"BT /F1 9 Tf 72 %d Td (line %d) Tj ET" % (700 - i, i) for i in range(300))
    packed = zlib.compress(lines)
    packed = packed[: len(packed) // 2]
    body = b"<</Filter/FlateDecode/Length %d>>stream\n" % len(packed) + packed + b"\nendstream"
    (text,), warnings = read(pdf(body))
    assert text.startswith("line 0line 1line 2")
    assert "line 299" not in text
    assert "page 1" in warnings["page_damaged"]


def test_a_check_sum_cut_off_is_no_damage():
    packed = zlib.compress(TEXT)[:-4]
    body = b"<</Filter/FlateDecode/Length %d>>stream\n" % len(packed) + packed + b"\nendstream"
    assert read(pdf(body)) == ([SAID], {})


def test_what_only_pdfium_unpacks_is_read_through_it():
    digits = TEXT.hex().encode() + b"7>"  # an odd digit that pdfminer stumbles over
    body = b"<</Filter[/ASCIIHexDecode/ASCIIHexDecode]/Length 9999>>stream\n" + digits.hex().encode() + b">\nendstream"
    texts, warnings = read(pdf(body))
    assert texts == [SAID]
    assert set(warnings) <= {"page_repaired", "page_damaged"}


def test_unknown_operators_and_broken_operands_are_passed_over():
    content = b"/none Do 1 2 foo [1 2 (x) /y << Td (no) 5 Tz << >> ] } { " + TEXT + b" (open"
    assert read(pdf(content))[0] == [SAID]


def test_nothing_readable_is_refused_with_the_reason():
    body = b"<</Filter/Unheard/Length 5>>stream\nxxxxx\nendstream"
    error = refused(pdf(body))
    assert error.code == "malformed"
    assert refused(b"%PDF-1.7\n").code == "malformed"
    assert refused(pdf(TEXT)[:60]).code == "malformed"
    empty = write({1: b"<</Type/Catalog/Pages 2 0 R>>", 2: b"<</Type/Pages/Kids[]/Count 0>>"})
    assert "no pages" in refused(empty).reason


# ------------------------------------------------------------------ locked


def test_a_password_is_asked_for(shared):
    for name in ("encrypted.pdf", "encrypted-40-bit-R3.pdf", "bug1782186.pdf", "aes-256-r6.pdf"):
        error = refused((shared / "pdfs" / "malformed" / name).read_bytes())
        assert error.code == "password_needed"
        assert "password" in error.reason


def test_a_lock_that_nobody_knows_is_named():
    data = pdf().replace(b"trailer\n<<", b"trailer\n<</Encrypt<</Filter/Unheard>>")
    assert refused(data).code == "password_needed"


def test_an_empty_password_opens_without_a_word(shared):
    texts, warnings = read((shared / "pdfs" / "malformed" / "encryption_notextaccess.pdf").read_bytes())
    assert texts[0].startswith("This is a test document")
    assert warnings == {}


# ------------------------------------------------------------------ limits


def test_too_many_pages_are_refused_before_one_is_read():
    error = refused(pdf(*[TEXT] * 11), limits=PdfLimits(pages=10))
    assert (error.code, "too many pages" in error.reason) == ("too_large", True)


def test_a_bomb_is_refused():
    layers = zlib.compress(zlib.compress(bytes(200 << 20), 9), 9)
    bomb = b"<</Filter[/FlateDecode/FlateDecode]/Length %d>>stream\n" % len(layers) + layers + b"\nendstream"
    assert "too large when unpacked" in refused(pdf(bomb)).reason


def test_forms_that_multiply_are_refused():
    forms = {
        10 + i: stream(b"/N Do " * 10, b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</N %d 0 R>>>>" % (11 + i))
        for i in range(9)
    }  # fmt: skip
    error = refused(pdf(b"/X Do " + TEXT, resources=b"/XObject<</X 10 0 R>>", more=forms))
    assert "too much work" in error.reason


def test_letters_without_end_are_refused():
    error = refused(pdf(b"BT /F1 1 Tf 10 700 Td (" + b"word " * 30 + b") Tj ET"), limits=PdfLimits(page_glyphs=100))
    assert "too much work: over 100 letters" in error.reason


@pytest.mark.parametrize(
    "more", [b"/W[0 4000000000 500]", b"/W[0[1 2 3] 9 9999999999999 500 1 (x) null]"], ids=["widths", "odd widths"]
)
def test_widths_without_end_are_cut(more):
    font = composite(b"Wide").replace(b"/Subtype/CIDFontType2", b"/Subtype/CIDFontType2" + more)
    assert read(pdf(b"BT /F1 9 Tf 72 700 Td <0001> Tj ET", font=font))[0] == ["\ufffd"]


def test_a_map_without_end_is_cut():
    names = stream(b"1 beginbfrange <00000000> <ffffffff> <0041> endbfrange")
    font = FONT[:-2] + b"/ToUnicode 8 0 R>>"
    assert read(pdf(b"BT /F1 9 Tf 72 700 Td <0002> Tj ET", font=font, more={8: names}))[0][0]


def test_letters_heaped_on_one_point_are_read_once():
    began = time.process_time()
    heap = b"BT /F1 9 Tf 72 700 Td [" + b"(x) 555 " * 100_000 + b"] TJ ET"
    (page,) = open_pages(pdf(heap.replace(b"555", b"499.99")))
    assert len(page) < 100
    assert time.process_time() - began < 10
    assert read(pdf(b"BT 0 Tz /F1 9 Tf 72 700 Td (no width) Tj ET"))[0] == [""]


def test_numbers_out_of_all_measure_leave_no_trace():
    far = b"9" * 400
    content = (
        far + b" 0 0 " + far + b" 0 0 cm " + TEXT + b" Q BT /F1 " + far + b" Tf 1 0 0 1 " + far + b" 5 Tm (x) Tj ET"
    )
    pages = list(open_pages(pdf(content + b" 0 0 " + far + b" 5 re f")))
    assert [len(page) for page in pages] == [0]


def test_a_page_as_large_as_a_country_is_cut_to_the_format():
    (page,) = open_pages(pdf(page=b"/MediaBox[0 0 99999999 99999999]"))
    assert (page.width, page.height) == (14_400, 14_400)
    assert page.bottom[0] - page.top[0] == pytest.approx(12, abs=0.01)


def test_no_map_is_looked_for_elsewhere(monkeypatch):
    monkeypatch.setenv("CMAP_PATH", "/nowhere")
    read(pdf())
    assert "CMAP_PATH" not in os.environ


# ------------------------------------------------------------------ pages without text


def test_pictures_of_text_are_named():
    image = stream(b"\0" * 64, b"/Type/XObject/Subtype/Image/Width 8/Height 8/BitsPerComponent 8/ColorSpace/DeviceGray")
    scan = b"q 612 0 0 792 0 0 cm /I Do Q"
    texts, warnings = read(pdf(TEXT, scan, scan, b"", resources=b"/XObject<</I 9 0 R>>", more={9: image}))
    assert texts == [SAID, "", "", ""]
    assert "pages 2-3 of 4" in warnings["no_text_layer"]  # an empty page is no picture

    stamped = scan + b" BT /F1 9 Tf 72 770 Td (Case 12) Tj ET"
    _, warnings = read(pdf(stamped, stamped, TEXT, resources=b"/XObject<</I 9 0 R>>", more={9: image}))
    assert "pages 1-2 of 3" in warnings["no_text_layer"]

    _, warnings = read(pdf(stamped, TEXT, TEXT, resources=b"/XObject<</I 9 0 R>>", more={9: image}))
    assert warnings == {}  # the cover of a report


def test_a_file_without_any_text_says_so():
    assert "page 1 of 1" in read(pdf(b"0.5 g 100 100 300 300 re f"))[1]["no_text_layer"]


def test_page_numbers_are_told_in_runs():
    assert name_pages([3]) == "page 3"
    assert name_pages([7, 1, 2, 3]) == "pages 1-3, 7"
