"""Every quote leads back to its paragraph: by the reader's map, and by twenty lines that know only the contract."""

import io
import re
import zipfile
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.ingest.docx.build import box, dele, docx, field, ins, item, note, p, r, ref, table

from dossier.errors import AlignmentError, InputError
from dossier.ingest.original import open_original
from dossier.ingest.read import read_document
from dossier.ingest.sniff import DOCX
from dossier.paragraphs import ParagraphMap
from dossier.source_map import open_map

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
REPORT = docx(
    p("Fronts of the North", style="Titel"),
    p(
        "The Front was foun\u00added by ",
        dele("Anna"),
        ins(r("Ingrid")),
        " Solheim in 1998.",
        ref(1),
        "  It grew.",
        ref(2),
    ),
    table(["Formed", "March 1998"], [p("Ingrid") + p("Solheim"), "leader"]),
    item("first"),
    p("Before ", box(p("“Set apart”")), "after ", r("unseen", "<w:vanish/>"), field("X", r("shown"))),
    p("The Front was", mark="<w:del/>"),
    p("dissolved."),
    notes=[note(1, "Berg 2005.", "More."), note(2, "Moe 2006.")],
    headers=["Nordic Review"],
)


def rebuild(data, source):
    """The words at a source, by the words of the contract alone: paragraphs counted, `w:t` outside what was taken out."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        words = []
        for place in (source, *source.get("more", ())):
            tree = ElementTree.fromstring(archive.read(place["part"]))
            paragraph = list(tree.iter(f"{W}p"))[place["paragraph"] - 1]
            words.append(plain(paragraph)[place["start"] : place["end"]])
        return "".join(words)


def plain(paragraph):
    found = []
    out = {f"{W}del", f"{W}moveFrom", f"{W}instrText", f"{W}txbxContent"}

    def walk(element):
        for child in element:
            if child.tag in out:
                continue
            if child.tag == f"{W}t":
                found.append(child.text or "")
            elif child.tag in (f"{W}footnoteReference", f"{W}footnoteRef"):
                found.append("[?]")
            walk(child)

    walk(paragraph)
    return "".join(found)


def letters(words):
    return re.sub(r"[\s\u00ad]|\d(?=\])|\?(?=\])", "", words)


def test_every_span_reads_the_same_in_the_file():
    document = read_document(REPORT, name="a.docx")
    offsets, original = open_map(document.offsets), open_original(REPORT, DOCX, None)
    text = document.text
    for start in range(len(text)):
        for end in range(start + 1, min(start + 40, len(text)) + 1):
            assert original.reads(offsets.source(start, end), text[start:end]) is None, text[start:end]


def test_a_stranger_finds_every_block_by_the_contract():
    document = read_document(REPORT, name="a.docx")
    offsets = open_map(document.offsets)

    for block in document.blocks:
        words = document.text[block.start : block.end]
        assert letters(rebuild(REPORT, offsets.source(block.start, block.end))) == letters(words)


def test_a_name_has_one_stretch_and_a_row_one_for_each_cell():
    document = read_document(REPORT, name="a.docx")
    offsets = open_map(document.offsets)
    at = document.text.index("Solheim")
    row = next(block for block in document.blocks if block.kind == "row")

    assert offsets.source(at, at + 7) == {"part": "word/document.xml", "paragraph": 2, "start": 33, "end": 40}
    cells = offsets.source(row.start, row.end)
    assert (cells["paragraph"], [each["paragraph"] for each in cells["more"]]) == (3, [4])
    assert offsets.anchor(row.start, row.end) == ("word/document.xml", 3, 0, "word/document.xml", 4, 10)


def test_another_word_or_place_is_a_fault_that_says_where():
    document = read_document(REPORT, name="a.docx")
    offsets, original = open_map(document.offsets), open_original(REPORT, DOCX, None)
    at = document.text.index("Solheim")
    source = offsets.source(at, at + 7)

    assert original.reads(source, "Solhelm") == "Solheim"
    assert original.reads({**source, "start": source["start"] + 1}, "Solheim") == "olheim"
    assert original.reads({**source, "paragraph": 999}, "Solheim") == ""
    assert original.reads({**source, "part": "word/none.xml"}, "Solheim") == ""
    assert original.where(source) == "word/document.xml, paragraph 2"
    assert original.gap(source) is None


def test_packing_keeps_everything_and_damage_is_seen():
    document = read_document(REPORT, name="a.docx")
    packed = ParagraphMap.from_bytes(document.offsets)

    assert packed.to_bytes() == document.offsets
    assert packed.fits(document.text)
    for cut in range(0, len(document.offsets), 7):
        with pytest.raises(AlignmentError):
            ParagraphMap.from_bytes(document.offsets[:cut])


def test_what_was_left_out_comes_back():
    document = read_document(REPORT, name="a.docx")
    offsets = ParagraphMap.from_bytes(document.offsets)

    restored = offsets.offsets.restore(document.text)
    assert "foun\u00added by Ingrid Solheim" in restored
    assert restored.endswith("Nordic Review")
    assert "Anna" not in restored


PIECES = st.one_of(
    st.text(alphabet="ab 1.[]\t\u00ad\u200e•é—“”", max_size=6).map(r),
    st.sampled_from([
        dele("x"), ins(r("y")), ref(1), ref(2), ref(9), box(p("in box")), field("F", r("z")), r("h", "<w:vanish/>"),
        r("3", '<w:vertAlign w:val="superscript"/>'), "<w:r><w:tab/><w:br/></w:r>", r("bold", "<w:b/>"),
    ]),
)  # fmt: skip
PARAGRAPHS = st.builds(
    lambda runs, style, mark: p(*runs, style=style, mark=mark),
    st.lists(PIECES, max_size=6),
    st.sampled_from([None, "Titel", "berschrift1", "Punkt", "Inhalt1", "Zitat"]),
    st.sampled_from(["", "", "", "<w:del/>"]),
)
BODIES = st.lists(
    st.one_of(
        PARAGRAPHS,
        st.lists(st.lists(PARAGRAPHS, min_size=1, max_size=3), min_size=1, max_size=3).map(lambda t: table(*t)),
    ),
    max_size=8,
)


@settings(deadline=None, max_examples=120, suppress_health_check=[HealthCheck.too_slow])
@given(BODIES, st.data())
def test_whatever_the_document_spans_lead_back_and_blocks_are_in_order(body, data):
    made = docx(*body, notes=[note(1, "Berg."), note(2, "Moe.")], headers=["Head"])
    try:
        document = read_document(made, name="a.docx")
    except InputError as error:
        if error.code != "empty":
            raise
        return
    text = document.text
    offsets, original = ParagraphMap.from_bytes(document.offsets), open_original(made, DOCX, None)
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    assert original.reads(offsets.source(start, end), text[start:end]) is None
    at = 0
    for i, block in enumerate(document.blocks):
        words = text[block.start : block.end]
        assert words == words.strip()
        assert words
        assert "\n" not in words
        assert "  " not in words
        assert text[at : block.start] in (("\n", "\n\n") if i else ("",))
        at = block.end
    assert at == len(text)
    for each in document.notes:
        assert text[each.start : each.end] == each.text
