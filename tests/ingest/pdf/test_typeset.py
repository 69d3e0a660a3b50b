"""The typeset reports, read to the letter, and the marks of the real ones."""

import pytest
from tests.ingest.pdf.scoring import TYPESET, expected, in_order, read_pdf, squeeze, typeset_scores

from dossier.boxes import BoxMap

GOALS = {
    "characters in order": 0.995,
    "line-end hyphens right": 0.95,
    "furniture kept out": 1.0,
    "words to their boxes": 0.99,
    "notes linked": 0.975,
}


@pytest.mark.parametrize("name", TYPESET)
def test_a_typeset_report_is_read_as_it_was_written(shared, name):
    scores = typeset_scores(shared, name)

    assert {goal: scores[goal] for goal in GOALS if scores[goal] < GOALS[goal]} == {}


def test_footnotes_follow_at_the_end_and_endnotes_where_they_stand(shared):
    brief = read_pdf(shared / "reports" / "aqim-crs-brief.3col.pdf")
    profile = read_pdf(shared / "reports" / "aqim-profile.pdf")

    assert [block.kind for block in brief.blocks[-3:]] == ["note"] * 3
    assert len(profile.notes) == sum(len(note.markers) for note in profile.notes) == 80
    assert len({note.list for note in profile.notes}) > 1
    assert not profile.warnings


def test_every_character_of_a_real_report_stands_somewhere(shared):
    document = read_pdf(shared / "pdfs" / "real" / "federal-register-3col.pdf")
    boxes = BoxMap.from_bytes(document.offsets)

    assert len(boxes) == len(document.text)
    for match in range(0, len(document.text), 997):
        if not document.text[match].isspace():
            page, x0, top, x1, bottom = boxes.boxes(match, match + 1)[0]
            assert 1 <= page <= 15
            assert 0 <= x0 < x1 <= 612
            assert 0 <= top < bottom <= 792


def test_the_marks_of_the_real_reports(shared):
    missed = []
    for name, marks in expected(shared).items():
        text = squeeze(read_pdf(shared / "pdfs" / "real" / name).text)
        missed += [(name, phrase) for phrase in marks.get("contains", ()) if squeeze(phrase) not in text]
        missed += [(name, "order") for _ in range(1) if not in_order(text, marks.get("order", ()))]
        missed += [(name, phrase) for phrase in marks.get("absent", ()) if squeeze(phrase) in text]

    assert missed == []


@pytest.mark.parametrize("name", ["cdc-mmwr-2col-tables.pdf", "korean-2col-footnotes.pdf", "arabic-1.pdf"])
def test_reading_twice_gives_the_same(shared, name):
    from dossier.ingest.read import read_document

    data = (shared / "pdfs" / "real" / name).read_bytes()
    once, twice = read_document(data, name=name), read_document(data, name=name)

    assert (once.text, once.blocks, once.offsets, once.notes) == (twice.text, twice.blocks, twice.offsets, twice.notes)
