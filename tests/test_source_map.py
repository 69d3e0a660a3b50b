"""Every kind of map is opened by its first bytes and leads to a source of the contract."""

import pytest
from pydantic import TypeAdapter

from dossier.boxes import BoxBuilder
from dossier.components.output import Writer
from dossier.contract import Source
from dossier.errors import AlignmentError
from dossier.offsets import TextBuilder
from dossier.paragraphs import ParagraphMap
from dossier.records import Document, Span
from dossier.source_map import CODE, MAPS, open_map


def text_map():
    return TextBuilder("Carlos Marighella").finish()


def pdf_map():
    builder = BoxBuilder()
    for at, word in enumerate(("Carlos", "Marighella")):
        if at:
            builder.add_space(" ")
        count = len(word)
        left = [72.0 + 40 * at + 4 * i for i in range(count)]
        builder.add(word, 3, left, [100.0] * count, [x + 4 for x in left], [110.0] * count)
    return builder.finish()


def docx_map():
    text, offsets = TextBuilder("Carlos\nMarighella").finish()
    return text, ParagraphMap(offsets, ["word/document.xml"], [0, 0], [1, 2], [0, 7], len(text))


@pytest.mark.parametrize("make", [text_map, pdf_map, docx_map])
def test_a_map_opens_by_its_first_bytes_and_gives_a_source_of_the_contract(make):
    text, made = make()
    opened = open_map(made.to_bytes())

    assert type(opened) is type(made)
    assert opened.source(0, len(text)) == made.source(0, len(text))
    TypeAdapter(Source).validate_python(opened.source(0, len(text)), strict=True)
    assert opened.anchor(0, 6) != opened.anchor(7, 17)


def test_a_test_map_stands_for_every_kind():
    assert {make()[1].to_bytes()[:4] for make in (text_map, pdf_map, docx_map)} == set(MAPS)
    assert {module.partition(":")[0].removeprefix("dossier.") + ".py" for module in MAPS.values()} < set(CODE)


@pytest.mark.parametrize("data", [b"", b"OFF", b"ZIP1" + bytes(40)])
def test_other_bytes_are_no_map(data):
    with pytest.raises(AlignmentError, match=f"{len(data)} bytes"):
        open_map(data)


def test_two_stretches_printed_in_one_place_have_two_anchors():
    builder = BoxBuilder()
    for _ in range(2):
        builder.add("AUC", 1, [72.0, 76.0, 80.0], [100.0] * 3, [76.0, 80.0, 84.0], [110.0] * 3)
        builder.add_space("\n")
    text, boxes = builder.finish()
    document = Document("d_x", "", "application/pdf", None, text, boxes.to_bytes(), "1", pages=1)

    writer = Writer(document)
    first, second = writer.anchor(Span(0, 3)), writer.anchor(Span(4, 7))

    assert first != second
    assert writer.anchor(Span(0, 3)) == first
    assert writer.source(Span(0, 3)) == {"boxes": [[1, 72.0, 100.0, 84.0, 110.0]]}
