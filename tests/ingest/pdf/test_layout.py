"""Columns, tables, furniture, notes and what else stands on pages, in small."""

import pytest
from tests.ingest.pdf.pages import Sheet, column, laid, shape


def words_of(out):
    return out.text.replace("\n", " ").replace("\t", " ").split()


def test_two_columns_are_read_one_after_the_other_whatever_is_drawn_first():
    left, right = column("alpha", 12), column("omega", 12)
    sheet = Sheet()
    for i in range(12):
        sheet.put(320, 106 + 12 * i, right[i]).put(50, 100 + 12 * i, left[i])

    assert words_of(laid(sheet)) == " ".join(left + right).split()


def test_a_band_of_columns_lies_between_what_crosses_the_gutter():
    over, left, right, under = (
        "A line over both columns of the page that crosses the gutter between them by a good deal",
        column("alpha", 6),
        column("omega", 6),
        "A line under both columns of the page that crosses the gutter between them by a good deal",
    )
    sheet = Sheet().put(50, 100, over).lines(50, 130, *left).lines(320, 130, *right).put(50, 230, under)

    assert words_of(laid(sheet)) == " ".join([over, *left, *right, under]).split()


def test_bands_of_two_and_three_columns_follow_each_other():
    sheet = Sheet()
    parts = []
    for x in (50, 320):
        parts.append([f"{words} over all of its width" for words in column(f"{x}", 6)])
        sheet.lines(x, 100, *parts[-1], size=9)
    for x in (50, 225, 400):
        parts.append([f"three{x} {i} short lines here" for i in "abcdef"])
        sheet.lines(x, 200, *parts[-1])

    assert words_of(laid(sheet)) == " ".join(line for part in parts for line in part).split()


def test_a_rule_across_the_page_bounds_the_columns():
    sheet = Sheet().put(50, 80, "The Title").put(400, 80, "A Date", size=8).rule(50, 90, 550)
    left, right = column("alpha", 8), column("omega", 8)
    sheet.lines(50, 110, *left).lines(320, 110, *right)

    assert words_of(laid(sheet)) == ["The", "Title", "A", "Date", *" ".join(left + right).split()]


def test_rivers_of_white_are_no_gutters():
    lines = ["these words are set", "wide apart so that a", "gap runs down through", "four lines of the text"]
    sheet = Sheet()
    for i, words in enumerate(lines):
        first, second = words[:9].rstrip(), words[9:].lstrip()
        sheet.put(50, 100 + 12 * i, first).put(50 + 5 * len(first) + 7, 100 + 12 * i, second)
        sheet.put(50, 148 + 12 * i, "a full line of text comes below it")

    assert words_of(laid(sheet))[:4] == ["these", "wor", "ds", "are"] or words_of(laid(sheet))[0] == "these"


def test_running_heads_and_page_numbers_leave_the_flow_and_are_kept():
    sheets = []
    for n in range(1, 5):
        sheet = Sheet(n).put(50, 30, f"The Northern Report, part {n}").put(300, 780, str(n + 40))
        sheets.append(sheet.lines(50, 100, *column(f"page{n}", 20)))
    out = laid(*sheets)

    assert "Northern" not in out.text
    assert "44" not in out.text
    assert {(d.page, d.text, d.why) for d in out.boxes.dropped()} >= {
        (1, "The Northern Report, part 1", "head"), (4, "44", "foot"),
    }  # fmt: skip


def test_a_lone_page_number_goes_and_a_number_in_the_text_stays():
    sheet = Sheet().lines(50, 100, *column("text", 20), "They were 300 in all.").put(300, 780, "- 7 -")
    out = laid(sheet)

    assert out.text.endswith("300 in all.")
    assert [d.text for d in out.boxes.dropped()] == ["- 7 -"]


def test_line_numbers_in_the_margin_go():
    sheet = Sheet()
    for i, words in enumerate(column("pleading", 28)):
        sheet.put(30, 60 + 24 * i, str(i + 1)).put(70, 60 + 24 * i, words)
    out = laid(sheet)

    assert not [word for word in words_of(out) if word.isdigit()]
    assert [d.why for d in out.boxes.dropped()] == ["line number"] * 28


def test_numbers_of_a_list_stay():
    sheet = Sheet()
    for i in range(9):
        sheet.put(50, 60 + 24 * i, f"{i + 1}.").put(70, 60 + 24 * i, f"Item of a list, number {i}")

    assert [text[:2] for kind, text in shape(laid(sheet)) if kind == "list_item"] == [f"{n}." for n in range(1, 10)]


def test_sideways_writing_in_the_margin_goes():
    sheet = Sheet().lines(50, 100, *column("text", 20)).put(20, 500, "printed by somebody", 6, turn=3)
    out = laid(sheet)

    assert "printed" not in out.text
    assert [(d.text, d.why) for d in out.boxes.dropped()] == [("printed by somebody", "margin")]


def test_a_page_that_is_written_sideways_is_read():
    lines = column("sideways", 10)
    sheet = Sheet()
    for i, words in enumerate(lines):
        sheet.put(100 + 12 * i, 700, words, turn=3)
    out = laid(sheet)

    assert words_of(out) == " ".join(lines).split()
    page, x0, top, x1, bottom = out.boxes.boxes(0, 8)[0]
    assert (page, round(x1 - x0), round(bottom - top)) == (1, 10, 40)


def test_an_initial_belongs_to_the_word_beside_it():
    sheet = Sheet().put(50, 124, "T", size=30).put(67, 104, "he fleet left the harbour and went")
    sheet.put(67, 116, "north along the coast until the").lines(50, 128, "ice stopped it, some days before", "winter.")

    assert shape(laid(sheet)) == [
        ("paragraph", "The fleet left the harbour and went north along the coast until the ice stopped it, some days "
         "before winter."),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("first", "second", "joined"),
    [
        ("the govern-", "ment of the", "the government of the"),
        ("a Narvik-", "based group", "a Narvik-based group"),
        ("the Ministry-", "administered fund", "the Ministry-administered fund"),
        ("the soft hy\u00ad", "phen of it", "the soft hyphen of it"),
        ("the pre-", "and post-war", "the pre- and post-war"),
    ],
)
def test_hyphens_at_line_ends(first, second, joined):
    english = ["and the fleet of the north is for the men", "that the king of the land had sent to the sea"]
    out = laid(Sheet().lines(50, 100, *english, first, second))

    assert joined in out.text


def test_the_box_of_a_broken_word_reaches_over_its_hyphen():
    out = laid(Sheet().lines(50, 100, "and the govern-", "ment of the land"))
    at = out.text.index("government")

    assert out.boxes.boxes(at, at + 10) == [[1, 90.0, 92.5, 125.0, 102.5], [1, 50.0, 104.5, 70.0, 114.5]]


def test_footnotes_go_to_the_end_and_are_linked_page_by_page():
    sheets = []
    for n, words in enumerate(["See the first list.", "Figures are from Oslo."], 1):
        sheet = Sheet(n).lines(50, 100, *column(f"page{n}", 20), "It was so.").put(100, 336.5, "1", 6)
        sheet.put(50, 352, "The next paragraph is here.").rule(50, 700, 150).put(50, 712, f"1 {words}", 8)
        sheets.append(sheet)
    out = laid(*sheets)

    assert [text for kind, text in shape(out) if kind == "note"] == [
        "1 See the first list.",
        "1 Figures are from Oslo.",
    ]
    assert out.blocks[-1].kind == out.blocks[-2].kind == "note"
    markers = [mark for mark in out.marks if mark.note is not None]
    assert [out.text[mark.note :].splitlines()[0] for mark in markers] == [
        "1 See the first list.",
        "1 Figures are from Oslo.",
    ]
    assert [out.text[mark.start - 3 : mark.end] for mark in markers] == ["so.1", "so.1"]


def test_a_paragraph_goes_on_over_columns_pages_and_floats():
    first = Sheet(1).lines(50, 100, *column("start", 20), "the fleet that came from the")
    second = Sheet(2).put(50, 60, "Figure 1. A map of the coast", 9, font=1)
    second.lines(50, 100, "north was late.", "", "The next paragraph is here and it ends.")
    out = laid(first, second)

    assert "the fleet that came from the north was late." in out.text
    assert ("caption", "Figure 1. A map of the coast") in shape(out)


def test_words_inside_a_figure_are_kept_apart():
    sheet = Sheet().lines(50, 60, *column("text", 10)).box(100, 200, 400, 330)
    sheet.put(120, 220, "NORTH", 7).put(220, 250, "COAST", 7).put(180, 280, "BORDER AREA", 7).put(
        300, 310, "0 250 km", 7
    )
    sheet.put(50, 350, "Figure 1. The coast", 9, font=1)
    out = laid(sheet)

    assert "COAST" not in out.text
    assert {d.text for d in out.boxes.dropped() if d.why == "figure"} == {"NORTH", "COAST", "BORDER AREA", "0 250 km"}


def test_a_box_of_sentences_stays_in_the_text():
    sheet = Sheet().lines(50, 60, *column("text", 10), "The end of it.").box(60, 200, 400, 260)
    sheet.lines(70, 220, "“They came from the north and", "left again,” said the harbour master.", font=2)
    out = laid(sheet)

    assert ("quote", "“They came from the north and left again,” said the harbour master.") in shape(out)


def test_a_drawn_table_is_read_row_by_row():
    sheet = Sheet()
    rows = [("Name", "Role"), ("Ingrid Solheim", "head of the group"), ("Olav Berg", "its treasurer")]
    for i, row in enumerate(rows):
        for x, words in zip((60, 210), row, strict=True):
            sheet.put(x, 114 + 20 * i, words)
    for i in range(4):
        sheet.rule(50, 100 + 20 * i, 350)
    for x in (50, 200, 350):
        sheet.bar(x, 100, 160)

    assert shape(laid(sheet)) == [("row", "\t".join(row)) for row in rows]


def test_columns_of_figures_are_a_table():
    sheet = Sheet().put(50, 80, "Table 1. Ships by year", font=1)
    rows = [("Narvik", "12", "15"), ("Bergen", "8", "9"), ("Oslo", "21", "22"), ("All", "41", "46")]
    for i, row in enumerate(rows):
        for x, words in zip((50, 200, 300), row, strict=True):
            sheet.put(x, 114 + 16 * i, words)

    assert shape(laid(sheet))[1:] == [("row", "\t".join(row)) for row in rows]


def test_a_table_of_contents_is_rows():
    sheet = Sheet()
    for i, (title, page) in enumerate([("The coast", "3"), ("The harbour and its ships", "14"), ("The ice", "20")]):
        sheet.put(50, 100 + 14 * i, title + " " + "." * (60 - len(title)) + " " + page)
    out = laid(sheet)

    assert shape(out) == [("row", "The coast\t3"), ("row", "The harbour and its ships\t14"), ("row", "The ice\t20")]
    assert {d.why for d in out.boxes.dropped()} == {"leader"}


def test_terms_stand_with_what_explains_them():
    pairs = [("UN", "United Nations"), ("EU", "European Union"), ("AU", "African Union"), ("NGO", "Organisation apart")]
    sheet = Sheet()
    for i, (term, words) in enumerate(pairs):
        sheet.put(50, 100 + 14 * i, term).put(120, 100 + 14 * i, words)

    assert [words for pair in pairs for words in " ".join(pair).split()] == words_of(laid(sheet))


def test_writing_from_right_to_left_is_put_in_reading_order():
    sheet = Sheet()
    sheet.put(300, 100, "ةثلاثلا ةنيفسلا"[::1])  # as it stands on the page, from left to right
    out = laid(sheet)

    assert out.text == "السفينة الثالثة"


def test_numbers_within_it_keep_their_order():
    out = laid(Sheet().put(300, 100, "ماع 2015 يف"))

    assert out.text == "في 2015 عام"


def test_letters_printed_twice_are_read_once():
    sheet = Sheet().put(50, 100, "The fleet left Narvik").put(50.3, 100, "The fleet left Narvik")

    assert laid(sheet).text == "The fleet left Narvik"


def test_letters_set_apart_are_one_word():
    sheet = Sheet()
    for i, letter in enumerate("NARVIK"):
        sheet.put(50 + 8 * i, 100, letter)

    assert laid(sheet).text == "NARVIK"


def test_headings_and_lists():
    sheet = Sheet().put(50, 60, "The Northern Fleet", 18, font=1).put(50, 100, "Origins", 12, font=1)
    sheet.lines(50, 116, *column("text", 4), "It ended.").put(50, 190, "Ships", 12, font=1)
    sheet.put(50, 206, "•").put(62, 206, "The first ship, a cutter").put(50, 222, "•").put(62, 222, "The second ship")
    kinds = [(kind, text[:12]) for kind, text in shape(laid(sheet))]

    assert kinds == [
        ("title", "The Northern"), ("heading", "Origins"), ("paragraph", "text aa goes"), ("heading", "Ships"),
        ("list_item", "The first sh"), ("list_item", "The second s"),
    ]  # fmt: skip


# ------------------------------------------------------------ strange pages


def test_a_page_without_glyphs():
    out = laid(Sheet(1), Sheet(2).put(50, 100, "Words"), Sheet(3))

    assert (out.text, out.pages) == ("Words", 3)


def test_glyphs_at_one_point():
    sheet = Sheet()
    for i in range(5000):
        sheet.put(100, 100, chr(0x100 + i % 300))

    assert laid(sheet).pages == 1


def test_columns_of_single_glyphs():
    sheet = Sheet(1, 2000, 4000)
    for x in range(60):
        for y in range(60):
            sheet.put(50 + 30 * x, 200 + 60 * y, "x")

    assert words_of(laid(sheet)) == ["x"] * 3600


@pytest.mark.timeout(60)
def test_three_hundred_thousand_glyphs_end():
    sheet = Sheet(1, 5000, 5000)
    for i in range(1000):
        sheet.put(10, 10 + 4.9 * i, "word and " * 34, 8 + i % 3)

    assert len(laid(sheet).text) > 200_000


@pytest.mark.timeout(60)
def test_many_scattered_words_end():
    sheet = Sheet(1, 3000, 3000)
    for i in range(12_000):
        sheet.put((i * 7919) % 2900, (i * 104_729) % 2900 + 20, f"w{i % 10}", 6)

    assert laid(sheet).pages == 1


def test_numbers_that_are_none():
    sheet = Sheet().put(50, 100, "Words")
    sheet.put(float("nan"), 100, "lost").put(float("inf"), 50, "gone").put(50, 1e30, "far")

    assert laid(sheet).text == "Words"


def test_columns_are_read_past_a_quote_that_stands_in_their_way():
    left, right = column("alpha", 24), column("omega", 24)
    sheet = Sheet()
    for i in range(24):
        wide = 20 if 9 <= i <= 12 else 32
        sheet.put(50, 100 + 12 * i, left[i][:wide])
        sheet.put(230 if wide == 32 else 290, 100 + 12 * i, right[i][:wide])
    sheet.put(170, 222, "They left again", 14, font=2).put(170, 240, "in the winter", 14, font=2)
    words = words_of(laid(sheet))

    first = [word for word in words if word in ("alpha", "omega")]
    assert first == ["alpha"] * 24 + ["omega"] * 24


def test_the_right_column_comes_first_in_writing_from_right_to_left():
    sheet = Sheet()
    first, second = ([f"{word} שורה אחת של טקסט רץ" for _ in range(8)] for word in ("ימין", "שמאל"))
    for i in range(8):
        for x, words in ((330, first[i]), (60, second[i])):
            sheet.put(x, 100 + 12 * i, words[::-1])

    assert words_of(laid(sheet)) == " ".join(first + second).split()


def test_a_heading_over_two_lines_is_one_block():
    sheet = Sheet().put(50, 60, "The Northern Fleet and What Became of It in the Years", 18, font=1)
    sheet.put(50, 81, "After the War", 18, font=1)
    left, right = column("alpha", 10), column("omega", 10)
    sheet.lines(50, 110, *left).lines(320, 110, *right)

    assert shape(laid(sheet))[0] == ("title", "The Northern Fleet and What Became of It in the Years After the War")


def test_a_longer_column_is_read_to_its_end_before_the_shorter_one():
    left, right = column("alpha", 8), column("omega", 4)
    sheet = Sheet().lines(50, 100, *left, "It ended there.").put(50, 240, "Origins", 12, font=1)
    sheet.lines(50, 256, *column("alpha", 8)).lines(320, 100, *right)
    words = words_of(laid(sheet))

    assert words.index("omega") > max(i for i, word in enumerate(words) if word == "alpha")


def test_set_in_quotations_are_blocks_of_their_own():
    text = [f"{words} until it ends, and goes on once more" for words in column("text", 4)]
    sheet = Sheet().lines(50, 100, *text, "The master of the harbour said of it,")
    sheet.lines(90, 172, "“They came in the winter and went", "again before the ice had gone, and", "nobody saw them.”")
    sheet.lines(50, 220, *text)
    quote = "“They came in the winter and went again before the ice had gone, and nobody saw them.”"

    assert ("quote", quote) in shape(laid(sheet))
