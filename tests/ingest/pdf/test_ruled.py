"""Tables that have rules across and none down."""

from tests.ingest.pdf.pages import Sheet, laid, shape

ROWS = [
    ("Date", "Event", "Place"),
    ("9 December 2002", "The two sides sign an agreement", "Geneva"),
    ("19 May 2003", "The president declares martial law", "Jakarta"),
    ("15 August 2005", "They sign again", "Helsinki"),
]
WIDE = (50, 150, 350)


def put_row(sheet, y, row):
    for x, words in zip(WIDE, row, strict=True):
        sheet.put(x, y, words)


def rows_of(out):
    return [words for kind, words in shape(out) if kind == "row"]


def test_a_rule_under_every_row():
    sheet = Sheet()
    for i, row in enumerate(ROWS):
        put_row(sheet, 114 + 20 * i, row)
        sheet.rule(50, 120 + 20 * i, 450)

    assert rows_of(laid(sheet)) == ["\t".join(row) for row in ROWS]


def test_a_cell_of_two_lines_stays_in_its_row():
    sheet = Sheet()
    for i, row in enumerate(ROWS):
        put_row(sheet, (114 if i else 126) + 32 * i, row)
        if i:
            sheet.put(150, 126 + 32 * i, "and nobody objects")
        sheet.rule(50, 132 + 32 * i, 450)

    cells = rows_of(laid(sheet))
    assert cells[1:] == ["\t".join((a, f"{b} and nobody objects", c)) for a, b, c in ROWS[1:]]


def test_rules_over_and_under_head_and_body_only():
    sheet = Sheet().rule(50, 100, 450)
    for i, row in enumerate(ROWS):
        put_row(sheet, 114 + (6 if i else 0) + 14 * i, row)
    sheet.rule(50, 119, 450).rule(50, 170, 450)

    assert rows_of(laid(sheet)) == ["\t".join(row) for row in ROWS]


def test_text_before_and_after_stays_text():
    sheet = Sheet().lines(50, 60, "The talks went on for years and failed twice before they", "succeeded in the end.")
    for i, row in enumerate(ROWS):
        put_row(sheet, 114 + 20 * i, row)
        sheet.rule(50, 120 + 20 * i, 450)
    sheet.lines(50, 230, "Both sides have kept to what they signed in Helsinki, and", "the mission has gone home.")

    out = shape(laid(sheet))
    assert [kind for kind, _ in out] == ["paragraph", *["row"] * 4, "paragraph"]
    assert out[0][1].endswith("in the end.")


def test_columns_of_text_between_rules_are_no_table():
    sheet = Sheet()
    words = [
        "the council met again in the spring",
        "and heard what its members had to",
        "say about the harbour and its ships",
    ]
    for band in range(3):
        top = 100 + 120 * band
        sheet.rule(50, top, 550)
        for x in (50, 310):
            sheet.lines(x, top + 14, *(words * 3))
    sheet.rule(50, 460, 550)

    assert rows_of(laid(sheet)) == []


def test_rules_between_paragraphs_make_no_table():
    sheet = Sheet()
    for band in range(3):
        sheet.rule(50, 100 + 40 * band, 550)
        sheet.lines(
            50,
            114 + 40 * band,
            "The fleet left Narvik in the morning and came back at night,",
            "with nothing in its nets.",
        )
    sheet.rule(50, 220, 550)

    assert rows_of(laid(sheet)) == []
