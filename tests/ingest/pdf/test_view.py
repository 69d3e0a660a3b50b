"""What is drawn of a page: its blocks where they stand, in reading order, and nothing of other pages."""

from dossier.boxes import BoxBuilder
from dossier.ingest.pdf.view import view_page
from dossier.records import Block, Document, Span


def put(builder, text, page, x, top, *, wide=5.0, high=10.0):
    left = [x + wide * i for i in range(len(text))]
    builder.add(text, page, left, [top] * len(text), [x + wide for x in left], [top + high] * len(text))


def made(*pieces):
    """A document of blocks: (kind, [(text, page, x, top), ...]) each; a piece of one string is dropped there."""
    builder, blocks = BoxBuilder(), []
    for kind, lines in pieces:
        if kind == "dropped":
            for text, page, x, top in lines:
                builder.drop(text, page, (x, top, x + 5.0 * len(text), top + 10), "head")
            continue
        if blocks:
            builder.add_space("\n\n")
        start = builder.length
        for number, line in enumerate(lines):
            if number:
                builder.add_space(" ")
            put(builder, *line)
        blocks.append(Block(kind, start, builder.length))
    text, boxes = builder.finish()
    return Document("d_x", "", "application/pdf", None, text, boxes.to_bytes(), "1", blocks=blocks, pages=2)


def test_lines_of_a_block_are_one_area_and_another_column_is_a_second():
    document = made(
        ("heading", [("Origins", 1, 72, 100)]),
        ("paragraph", [("one", 1, 72, 120), ("two", 1, 72, 132), ("three", 1, 320, 100), ("four", 2, 72, 90)]),
    )

    view = view_page(document, 1)

    assert [(area.label, area.kind) for area in view.areas] == [
        ("1", "heading"),
        ("2", "paragraph"),
        ("2b", "paragraph"),
    ]
    assert view.areas[1].box == (72.0, 120.0, 87.0, 142.0)
    assert [(area.label, area.box) for area in view_page(document, 2).areas] == [("1", (72.0, 90.0, 92.0, 100.0))]


def test_the_cells_of_a_row_are_one_area():
    document = made(("row", [("1999", 1, 72, 100), ("Freetown", 1, 200, 100)]))
    assert [area.box for area in view_page(document, 1).areas] == [(72.0, 100.0, 240.0, 110.0)]


def test_what_left_the_flow_and_mentions_are_there_with_their_page():
    document = made(("dropped", [("Desk", 1, 72, 40), ("Desk", 2, 72, 40)]), ("paragraph", [("Ahtisaari", 1, 72, 100)]))

    view = view_page(document, 1, [Span(0, 4)])

    assert [(left.why, left.box) for left in view.left] == [("head", (72.0, 40.0, 92.0, 50.0))]
    assert view.mentions == [(72.0, 100.0, 92.0, 110.0)]
    assert view_page(document, 2, [Span(0, 4)]).mentions == []


def test_a_page_without_text_has_no_areas():
    document = made(("paragraph", [("Ahtisaari", 1, 72, 100)]))
    assert view_page(document, 2).areas == []
