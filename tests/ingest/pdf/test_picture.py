"""The picture of a page shows the page, and over it what was made of it."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from dossier.ingest.pdf.page import Box
from dossier.ingest.pdf.picture import COLOURS, DPI, MAX_SIDE, draw_page
from dossier.ingest.pdf.view import Area, Left, PageView

EXAMPLE = Path(__file__).parents[3] / "corpus" / "examples" / "aceh-chronology.pdf"
EMPTY = PageView(1, 2, [], [], [])
SCALE = DPI / 72


def drawn(view, data=None):
    return Image.open(BytesIO(draw_page(data or EXAMPLE.read_bytes(), view, "aceh.pdf")))


def changed(view):
    """Where a view changes the picture of the page: the box around it, in points; None where it does not."""
    plain, other = drawn(EMPTY), drawn(view)
    height = round(842 * SCALE) - 2
    box = ImageChops.difference(*(p.crop((0, 0, p.width, height)) for p in (plain, other))).getbbox()
    return box and tuple(edge / SCALE for edge in box)


def test_the_page_is_drawn_as_a_person_sees_it_with_a_strip_below():
    upright, turned = drawn(EMPTY), drawn(EMPTY.__class__(2, 2, [], [], []))
    assert upright.width == pytest.approx(595.3 * SCALE, abs=2)
    assert upright.height > 842 * SCALE + 20
    assert turned.width == pytest.approx(841.9 * SCALE, abs=2)


@pytest.mark.parametrize(
    "view",
    [
        PageView(1, 2, [Area("1", "paragraph", Box(100, 300, 300, 400))], [], []),
        PageView(1, 2, [], [Left("head", Box(100, 300, 300, 400))], []),
        PageView(1, 2, [], [], [Box(100, 300, 300, 400)]),
    ],
    ids=["area", "left out", "mention"],
)
def test_what_is_drawn_stands_where_its_box_is(view):
    x0, top, x1, bottom = changed(view)
    assert 80 <= x0 <= 101  # the number of an area stands to the left of it
    assert (top, x1, bottom) == pytest.approx((300, 300, 400), abs=4)


def test_an_area_has_the_colour_of_its_kind():
    view = PageView(1, 2, [Area("1", "row", Box(100, 500, 300, 600))], [], [])
    wanted = bytes.fromhex(COLOURS["row"][1:])
    across = [drawn(view).getpixel((x, round(550 * SCALE))) for x in range(round(97 * SCALE), round(101 * SCALE))]
    assert any(all(abs(a - b) < 60 for a, b in zip(pixel, wanted, strict=True)) for pixel in across)


def test_a_mention_leaves_black_letters_black():
    view = PageView(1, 2, [], [], [Box(0, 0, 595, 842)])
    darkest, _ = drawn(view).crop((0, 0, 900, 1200)).convert("L").getextrema()
    assert darkest < 40


def test_a_page_that_pdfium_cannot_draw_is_left_white():
    view = PageView(1, 1, [Area("1", "paragraph", Box(100, 300, 300, 400))], [], [])
    picture = drawn(view, b"%PDF-1.4 nothing")
    assert picture.getpixel((10, 10)) == (255, 255, 255)
    assert picture.getpixel((round(98.4 * SCALE), round(350 * SCALE))) != (255, 255, 255)


def test_a_huge_page_makes_no_huge_picture():
    view = PageView(1, 1, [Area("1", "paragraph", Box(0, 0, 90_000, 60_000))], [], [])
    assert drawn(view, b"%PDF-1.4 nothing").width <= MAX_SIDE
