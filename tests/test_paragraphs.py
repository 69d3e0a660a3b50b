"""The map of paragraphs leads every span back to the same words, whatever was edited and wherever paragraphs end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.test_offsets import decode, edited

from dossier.errors import AlignmentError
from dossier.offsets import TextBuilder
from dossier.paragraphs import ParagraphMap


def mapped(source, offsets, parts=("a", "b")):
    """Every line of the source as a paragraph, in turn of one part and of the other."""
    starts = [0, *(at + 1 for at, c in enumerate(source) if c == "\n")]
    part_of = [i % len(parts) for i in range(len(starts))]
    return ParagraphMap(offsets, parts, part_of, range(1, len(starts) + 1), starts, len(source))


@given(edited(), st.data())
def test_any_span_reads_the_same_words_in_its_paragraphs(made, data):
    source, text, offsets = made
    paragraphs, lines = mapped(source, offsets), source.split("\n")
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    found = paragraphs.stretches(start, end)

    assert all(0 <= each.start <= each.end <= len(lines[each.paragraph - 1]) + 1 for each in found)
    quote = "".join(decode(lines[each.paragraph - 1][each.start : each.end]) for each in found)
    assert "".join(quote.split()) == "".join(text[start:end].split())
    assert paragraphs.source(start, end)["part"] == found[0].part
    assert len(paragraphs.source(start, end).get("more", ())) == len(found) - 1


@given(edited())
def test_packing_keeps_everything_and_the_source_comes_back(made):
    source, text, offsets = made
    paragraphs = mapped(source, offsets)
    again = ParagraphMap.from_bytes(paragraphs.to_bytes())

    assert again.to_bytes() == paragraphs.to_bytes()
    assert again.offsets.restore(text) == source
    assert again.fits(text)


@given(edited())
def test_what_is_left_out_and_what_is_kept_are_all_words_of_the_source(made):
    source, text, offsets = made
    left = "".join(each.text for each in mapped(source, offsets).left_out())

    assert sorted("".join((text + left).split())) == sorted("".join(decode(source).split()))


@given(st.binary(max_size=60))
def test_other_bytes_are_refused(data):
    with pytest.raises(AlignmentError):
        ParagraphMap.from_bytes(b"PAR1" + data)


def test_stretches_apart_have_anchors_apart():
    _, offsets = TextBuilder("AUC\nAUC").finish()
    paragraphs = mapped("AUC\nAUC", offsets)

    assert paragraphs.anchor(0, 3) == ("a", 1, 0, "a", 1, 3)
    assert paragraphs.anchor(4, 7) == ("b", 2, 0, "b", 2, 3)
    assert paragraphs.source(0, 7)["more"] == [{"part": "b", "paragraph": 2, "start": 0, "end": 3}]
