"""What stands in a box of a page is read from its glyphs alone, and compared with a quote."""

import pytest
from tests.ingest.pdf.raw import pdf

from dossier.ingest.pdf.original import PdfOriginal


def text(x, y, words, *, size=12, turn="1 0 0 1"):
    return f"BT /F1 {size} Tf {turn} {x} {y} Tm ({words}) Tj ET\n".encode("latin-1")


def source(*boxes):
    return {"boxes": [list(box) for box in boxes]}


LINE = (1, 70.0, 60.0, 300.0, 75.0)  # around a line at y = 720 of a page of 792 points
NEXT = (1, 70.0, 76.0, 300.0, 91.0)  # around one at y = 704
TWO_LINES = pdf(text(72, 720, "The Provi-") + text(72, 704, "sional IRA"))


@pytest.mark.parametrize("quote", ["The Provi-", "The\n Provi-", "TheProvi-"])
def test_white_space_makes_no_difference(quote):
    assert PdfOriginal(TWO_LINES).reads(source(LINE), quote) is None


def test_a_hyphen_at_the_end_of_a_line_may_be_missing_and_no_other():
    original = PdfOriginal(TWO_LINES)
    assert original.reads(source(LINE, NEXT), "The Provisional IRA") is None
    assert original.reads(source(LINE, NEXT), "The Provi-sional IRA") is None
    assert original.reads(source(LINE, NEXT), "The Pro-visional IRA") == "The Provi- sional IRA"
    assert PdfOriginal(pdf(text(72, 720, "co-operate"))).reads(source(LINE), "cooperate") == "co-operate"


def test_the_order_of_the_boxes_counts_and_that_of_the_file_does_not():
    original = PdfOriginal(pdf(text(72, 704, "second") + text(72, 720, "first")))
    assert original.reads(source(LINE, NEXT), "first second") is None
    assert original.reads(source(NEXT, LINE), "first second") == "second first"


@pytest.mark.parametrize("quote", ["The Provo-", "The Prov-", "The Provi-s", "The Próvi-", "the Provi-"])
def test_another_letter_is_a_difference(quote):
    assert PdfOriginal(TWO_LINES).reads(source(LINE), quote) == "The Provi-"


def test_only_letters_whose_middle_lies_in_the_box_are_read():
    width = 6.67 + 6.67  # of `Th` in Helvetica at 12 points, nearly
    original = PdfOriginal(TWO_LINES)
    assert original.reads(source((1, 70.0, 60.0, 72.0 + width, 75.0)), "Th") is None
    assert original.reads(source((1, 70.0, 40.0, 300.0, 55.0)), "The") == ""


def test_writing_that_runs_up_the_page_is_read_along_its_line():
    original = PdfOriginal(pdf(text(100, 300, "upwards", turn="0 1 -1 0")))
    assert original.reads(source((1, 85.0, 400.0, 105.0, 495.0)), "upwards") is None


def test_words_printed_over_each_other_are_both_there_and_no_others():
    original = PdfOriginal(pdf(text(72, 720, "Freetown") + text(73, 720, "Kailahun")))
    assert original.reads(source(LINE), "Freetown") is None
    assert original.reads(source(LINE), "Kailahun") is None
    assert original.reads(source(LINE), "Kenema") is not None


def test_a_letter_left_out_of_words_that_stand_alone_shows():
    assert PdfOriginal(pdf(text(72, 720, "Freetown"))).reads(source(LINE), "Freetwn") == "Freetown"


def test_an_accent_set_apart_from_its_letter_is_read_with_it():
    original = PdfOriginal(pdf(text(72, 720, "Lome") + text(99.5, 720, "\xb4")))
    assert original.reads(source(LINE), "Lomé") is None
    assert original.reads(source(LINE), "Lome") is not None


def test_places_are_named_for_people():
    original = PdfOriginal(TWO_LINES)
    assert original.where(source(LINE, NEXT)) == "page 1"
    assert original.where(source(LINE, (4, *NEXT[1:]))) == "pages 1 and 4 of 1"
    assert original.where({}) == "no page"
    assert original.gap() is None
