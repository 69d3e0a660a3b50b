"""Every glyph with its characters, box, size and direction, as a person sees the page."""

import json
from pathlib import Path

import pdfplumber
import pytest
from tests.ingest.pdf.raw import FONT, TEXT, composite, pdf, stream

from dossier.ingest.pdf.opening import open_pages

EXAMPLES = Path(__file__).parents[3] / "corpus" / "examples"


def read(data):
    """The pages and the warnings; a page that needed a repair is no page of a good file."""
    warnings = []
    pages = list(open_pages(data, warnings=warnings))
    return pages, {w.code: w.message for w in warnings}


def page_of(*contents, **options):
    (page,), _ = read(pdf(*contents, **options))
    return page


def words(page):
    return "".join(page.text)


def box(page, i):
    return page.x0[i], page.top[i], page.x1[i], page.bottom[i]


def shown(string, before=b""):
    return b"BT /F1 10 Tf 100 700 Td " + before + string + b" Tj ET"


# ------------------------------------------------------------------ against pdfplumber and the known truth


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.pdf")), ids=lambda p: p.name)
def test_the_examples_have_the_boxes_that_pdfplumber_finds(path):
    pages, warnings = read(path.read_bytes())
    assert not warnings.keys() & {"pdf_repaired", "page_repaired", "page_damaged"}
    with pdfplumber.open(path) as other:
        for page, plumbed in zip(pages, other.pages, strict=True):
            assert (page.width, page.height) == pytest.approx((plumbed.width, plumbed.height))
            chars = [c for c in plumbed.chars if not c["text"].startswith("(cid:")]
            mine = [i for i, text in enumerate(page.text) if text != "•"]  # (cid:127) there
            assert len(mine) == len(chars)
            for i, char in zip(mine, chars, strict=True):
                assert box(page, i) == pytest.approx([char[k] for k in ("x0", "top", "x1", "bottom")], abs=0.02)
                assert page.text[i] == char["text"]


@pytest.mark.parametrize(
    "name", ["aqim-profile", "aqim-crs-brief.3col", "aqim-crs-brief.rot90", "aqim-crs-brief.shuffled-a4"]
)
def test_words_stand_where_they_were_set(shared, name):
    truth = json.loads((shared / "reports" / f"{name}.json").read_text("utf-8"))
    pages, _ = read((shared / "reports" / f"{name}.pdf").read_bytes())
    near = total = 0
    for start, end, boxes in truth["words"]:
        if len(boxes) > 1 or not truth["text"][start:end].isascii():
            continue
        number, x0, top, x1, bottom = boxes[0]
        page = pages[number - 1]
        inside = [
            i
            for i in range(len(page))
            if x0 < (page.x0[i] + page.x1[i]) / 2 < x1 and top < (page.top[i] + page.bottom[i]) / 2 < bottom
        ]
        found = [min(page.x0[i] for i in inside), min(page.top[i] for i in inside),
                 max(page.x1[i] for i in inside), max(page.bottom[i] for i in inside)] if inside else [0, 0, 0, 0]  # fmt: skip
        near += found == pytest.approx([x0, top, x1, bottom], abs=2)
        total += 1
    assert total > 500
    assert near / total > 0.995


# ------------------------------------------------------------------ where a glyph stands


@pytest.mark.parametrize(
    ("rotate", "turn"), [(90, b"0 1 -1 0 612 0 cm "), (180, b"-1 0 0 -1 612 792 cm "), (270, b"0 -1 1 0 0 792 cm ")]
)
def test_a_turned_page_reads_as_it_is_seen(rotate, turn):
    text = b"BT /F1 12 Tf 72 500 Td (The fleet left Narvik) Tj ET"
    seen = page_of(text, page=b"/MediaBox[0 0 612 792]" if rotate == 180 else b"/MediaBox[0 0 792 612]")
    turned = page_of(turn + text, page=b"/MediaBox[0 0 612 792]/Rotate %d" % rotate)
    assert (turned.width, turned.height, words(turned)) == (seen.width, seen.height, words(seen))
    assert [box(turned, i) for i in (0, 20)] == [pytest.approx(box(seen, i), abs=0.001) for i in (0, 20)]
    assert set(turned.turn) == {0}


def test_writing_has_the_turn_that_is_seen():
    turns = (
        b"1 0 0 1 300 400",
        b"0 -1 1 0 300 400",
        b"-1 0 0 -1 300 400",
        b"0 1 -1 0 300 400",
        b".99 .1 -.1 .99 300 400",
    )
    page = page_of(b"BT /F1 12 Tf " + b" ".join(turn + b" Tm (x) Tj" for turn in turns) + b" ET")
    assert list(page.turn) == [0, 1, 2, 3, 0]
    assert list(page.size) == pytest.approx([12] * 5, abs=0.1)


def test_the_crop_box_is_the_page_and_it_may_begin_anywhere():
    plain = page_of()
    moved = page_of(b"1 0 0 1 1000 -500 cm " + TEXT, page=b"/MediaBox[900 -600 1700 400]/CropBox[1612 292 1000 -500]")
    assert (moved.width, moved.height) == (612, 792)
    assert box(moved, 0) == pytest.approx(box(plain, 0), abs=0.001)


def test_spacing_stretch_and_kerning_move_the_letters():
    plain = page_of(shown(b"(a b)"))
    wide = plain.x1[0] - plain.x0[0]
    spaced = page_of(shown(b"(a b)", b"3 Tc 7 Tw "))
    assert spaced.x0[2] - plain.x0[2] == pytest.approx(3 + 3 + 7, abs=0.001)
    assert spaced.x1[0] - spaced.x0[0] == pytest.approx(wide, abs=0.001)  # the letter itself is no wider
    stretched = page_of(shown(b"(a b)", b"50 Tz "))
    assert stretched.x1[0] - stretched.x0[0] == pytest.approx(wide / 2, abs=0.001)
    kerned = page_of(b"BT /F1 10 Tf 100 700 Td [(a) -250 (b)] TJ ET")
    assert kerned.x0[1] == pytest.approx(kerned.x1[0] + 2.5, abs=0.001)
    risen = page_of(shown(b"(a)", b"4 Ts "))
    assert risen.top[0] == pytest.approx(plain.top[0] - 4, abs=0.001)


def test_lines_follow_by_leading():
    page = page_of(b"BT /F1 10 Tf 12 TL 100 700 Td (a) Tj T* (b) Tj (c) ' 2 3 (d) \" 0 -20 TD (e) Tj T* (f) Tj ET")
    assert [round(page.top[i] - page.top[0]) for i in range(6)] == [0, 12, 24, 36, 56, 76]


def test_forms_are_drawn_where_they_are_put_and_never_within_themselves():
    form = stream(b"/Me Do " + TEXT, b"/Type/XObject/Subtype/Form/BBox[0 0 612 792]/Matrix[1 0 0 1 5 0]"
                  b"/Resources<</Font<</F1 5 0 R>>/XObject<</Me 9 0 R>>>>")  # fmt: skip
    page = page_of(b"q 1 0 0 1 0 -50 cm /Me Do Q " + TEXT, resources=b"/XObject<</Me 9 0 R>>", more={9: form})
    assert words(page) == "The fleet left Narvik" * 2
    assert (page.x0[0], page.top[0]) == pytest.approx((page.x0[21] + 5, page.top[21] + 50))


def test_writing_from_top_to_bottom_is_read_downwards():
    font = composite(b"Ming", b"/ToUnicode 8 0 R", way=b"V")
    names = stream(
        b"1 begincodespacerange <0000> <ffff> endcodespacerange 1 beginbfrange <0001> <0009> <6c34> endbfrange"
    )
    page = page_of(b"BT /F1 20 Tf 300 700 Td <00010002> Tj ET", font=font, more={8: names})
    assert words(page) == "\u6c34\u6c35"
    assert box(page, 0) == pytest.approx((290, 92, 310, 112), abs=0.01)
    assert box(page, 1) == pytest.approx((290, 112, 310, 132), abs=0.01)
    assert list(page.turn) == [1, 1]


# ------------------------------------------------------------------ what a glyph says


@pytest.mark.parametrize(
    ("string", "said"),
    [
        (rb"(a\(b\)c\\)", "a(b)c\\"),
        (b"(a (b (c (d (e) d) c) b) a)", "a (b (c (d (e) d) c) b) a"),
        (rb"(\101\0712\53)", "A92+"),
        (b"(one\\\ntwo)", "onetwo"),
        (b"<41 42\n4>", "AB@"),
        (b"% (not this)\n(this)", "this"),
        (b"(it\222s \205)", "it’s …"),
        (b"(\177)", "•"),
    ],
)
def test_strings_in_every_spelling(string, said):
    assert words(page_of(shown(string))) == said


def names_of(*texts):
    """A font whose codes 1, 2, ... mean these texts."""
    pairs = b"".join(b"<%02x> <%s> " % (i, text.encode("utf-16-be").hex().encode()) for i, text in enumerate(texts, 1))
    return FONT[:-2] + b"/ToUnicode 8 0 R>>", {8: stream(b"%d beginbfchar %sendbfchar" % (len(texts), pairs))}


@pytest.mark.parametrize(
    ("means", "said"),
    [
        ("\ufb01", "fi"),
        ("ffi", "ffi"),
        ("\ufefb", "\u0644\u0627"),  # lam-alef, in logical order
        ("\ufe91", "\u0628"),
        ("\ufb2a", "\u05e9\u05c1"),
        ("\u00bd", "\u00bd"),
        ("\u2026", "\u2026"),
        ("\uf0b7", "\uf0b7"),
        ("\U0001f600", "\U0001f600"),
        ("\x00", "\ufffd"),
        ("\t", " "),
    ],
)
def test_a_glyph_says_its_letters(means, said):
    font, more = names_of(means)
    assert page_of(shown(b"<01>"), font=font, more=more).text == [said]


def test_fonts_without_unicode_are_named():
    font = composite(b"ABCDEF+Secret")
    (page,), warnings = read(pdf(shown(b"<000100020003>"), font=font))
    assert page.text == ["\ufffd"] * 3
    assert page.fonts == ["Secret"]
    assert "3 letters on page 1" in warnings["text_unreadable"]
    assert "(Secret)" in warnings["text_unreadable"]


@pytest.mark.parametrize(
    ("name", "code", "said"), [(b"ZapfDingbats", b"n", "■"), (b"Symbol", b"a", "α"), (b"Wingdings", b"l", "\uf06c")]
)
def test_pictures_in_fonts_are_no_letters(name, code, said):
    page = page_of(shown(b"(" + code + b")"), font=b"<</Type/Font/Subtype/Type1/BaseFont/%s>>" % name)
    assert page.text == [said]


def test_a_broken_font_costs_its_own_words_alone():
    content = b"BT /F2 10 Tf 100 700 Td (lost) Tj /F1 10 Tf (kept) Tj /F9 10 Tf (plain) Tj ET"
    page = page_of(content.replace(b"/F2", b"/F1"), font=b"<</Type/Font/Subtype/Type0/DescendantFonts 7>>")
    assert set(page.text) <= {"\ufffd", *"plain"}
    assert words(page).endswith("plain")


def test_what_stands_twice_to_look_bold_counts_once():
    twice = shown(b"(bold ill)") + b" 1 0 0 1 0.3 0 cm " + shown(b"(bold ill)")
    assert words(page_of(twice)) == "bold ill"
    apart = shown(b"(bold)") + b" 1 0 0 1 0 -3 cm " + shown(b"(bold)")
    assert words(page_of(apart)) == "boldbold"


def test_invisible_and_white_text_is_text():
    assert words(page_of(b"BT 3 Tr /F1 9 Tf 72 700 Td (under a scan) Tj ET")) == "under a scan"
    assert words(page_of(b"1 g " + TEXT)) == "The fleet left Narvik"


def test_text_without_a_size_and_beyond_the_page_is_left_out():
    (page,), warnings = read(pdf(b"BT /F1 0 Tf 72 700 Td (no size) Tj ET BT /F1 9 Tf 9000 9000 Td (far away) Tj ET"))
    assert not page.text
    assert "text outside the page: 7 letters" in warnings["text_outside_page"]
    (page,), warnings = read(pdf(TEXT + b" BT /F1 9 Tf 700 9000 Td (mark) Tj ET"))
    assert (words(page), warnings) == ("The fleet left Narvik", {})  # a printer's mark is no loss


def test_a_line_that_runs_over_the_edge_is_kept_whole():
    for line in (
        b"BT /F1 9 Tf 590 700 Td (https://archive.example/statement) Tj ET",
        b"BT /F1 9 Tf 0 1 -1 0 300 760 Tm (https://archive.example/statement) Tj ET",
    ):
        (page,), warnings = read(pdf(line))
        assert (words(page), warnings) == ("https://archive.example/statement", {})


def test_what_is_strewn_over_the_edge_is_left_out():
    for line in (
        b"BT /F1 9 Tf 560 700 Td 300 Tw (kept strewn) Tj ET",
        b"BT /F1 9 Tf 560 700 Td (kept) Tj 200 0 Td (strewn) Tj ET",
        b"BT /F1 9 Tf 590 700 Td (kept\377\001\002strewn\001strewn) Tj ET",
    ):
        (page,), _ = read(pdf(line))
        assert "strewn" not in words(page)
        assert words(page).startswith("ke")


def test_a_hyphen_that_is_said_to_be_soft_is_soft():
    content = b"BT /F1 10 Tf 100 700 Td (pro) Tj /Span<</ActualText<FEFF00AD>>>BDC (-) Tj EMC 0 -12 Td (cess) Tj ET"
    assert words(page_of(content)) == "pro\u00adcess"


def test_what_a_page_says_its_unknown_glyphs_mean_is_believed():
    content = b"BT /F1 10 Tf 100 700 Td /Span<</ActualText(Oslo)/Lang(no)>>BDC <000100020003> Tj EMC ET"
    page = page_of(content, font=composite(b"S"))
    assert page.text == ["Oslo"]
    page = page_of(content.replace(b"(Oslo)", b"<FEFFFB01006E0064>"), font=composite(b"S"))
    assert page.text == ["fi", "n", "d"]
    page = page_of(b"BT /F1 10 Tf 100 700 Td /Span<</ActualText(a lie)>>BDC (seen) Tj EMC ET")
    assert words(page) == "seen"


# ------------------------------------------------------------------ rules, boxes, pictures


def test_rules_and_boxes_are_kept_as_they_are_painted():
    page = page_of(
        b"0.9 g 100 600 200 50 re f  1 g 0 0 612 792 re f  0 G 2 w 72 500 m 540 500 l S  72 400 m 300 480 l S "
        b"50 50 40 20 re S  0 g 10 10 m 10 700 l 11 700 l 11 10 l f  1 G 5 5 m 90 5 l S"
    )
    assert [(tuple(map(round, s.box)), s.filled, s.stroked) for s in page.shapes] == [
        ((100, 142, 300, 192), True, False),
        ((72, 291, 540, 293), False, True),
        ((50, 722, 90, 742), False, True),
        ((10, 92, 11, 782), True, False),
    ]


def test_white_is_white_in_every_space():
    spaces = b"/ColorSpace<</Spot[/Separation/Ink/DeviceCMYK 7 0 R]/Icc[/ICCBased 7 0 R]>>"
    square = b" 100 100 50 50 re f "
    content = b"/Spot cs 0 scn" + square + b"/Icc cs 1 1 1 scn" + square + b"0 0 0 0 k" + square + b"1 1 1 rg" + square
    assert page_of(content, resources=spaces).shapes == []
    content = b"/Spot cs 1 scn" + square + b"/Icc cs 1 1 0 scn" + square + b"0 0 0 .3 k" + square + b"/P scn" + square
    assert len(page_of(content, resources=spaces).shapes) == 4


def test_pictures_are_boxes_and_their_data_is_no_content():
    data = b"q 100 0 0 80 50 600 cm BI /W 8 /H 1 /BPC 8 /CS /G ID (x) Tj \xff EI \x00\x01 EI Q " + TEXT
    page = page_of(data)
    assert [tuple(map(round, image)) for image in page.images] == [(50, 112, 150, 192)]
    assert words(page) == "The fleet left Narvik"
