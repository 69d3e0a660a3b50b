"""The offset map leads every span back to the same words, and undoes itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossier.errors import AlignmentError
from dossier.offsets import OffsetMap, TextBuilder

WORDS = st.text(alphabet="ab\n \t-é\u0301🎉ع", min_size=0, max_size=4)


@st.composite
def edited(draw):
    """A source, and its text after any legal list of edits."""
    pieces = draw(st.lists(st.tuples(st.sampled_from(["keep", "drop", "space"]), WORDS), max_size=12))
    source, builder_steps = "", []
    for step, words in pieces:
        if step == "space":
            words = "".join(c for c in words if c.isspace()) or "\n"
        source += words
        builder_steps.append((step, len(source)))
    builder = TextBuilder(source)
    for step, end in builder_steps:
        if step == "keep":
            builder.keep(end)
        else:
            builder.replace(end, " " if step == "space" else "")
    text, offsets = builder.finish()
    return source, text, offsets


@given(edited())
def test_restoring_gives_the_source(made):
    source, text, offsets = made
    assert offsets.restore(text) == source


@given(edited(), st.data())
def test_any_span_mapped_back_reads_the_same_words(made, data):
    source, text, offsets = made
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    quote = "".join(source[s:e] for s, e in offsets.parts(start, end))
    assert quote.split() == text[start:end].split()


@given(edited())
def test_packing_keeps_everything(made):
    _, text, offsets = made
    again = OffsetMap.from_bytes(offsets.to_bytes())
    assert again.to_bytes() == offsets.to_bytes()
    assert again.restore(text) == offsets.restore(text)


@given(edited())
def test_a_kept_character_maps_there_and_back(made):
    source, text, offsets = made
    for at, character in enumerate(text):
        where = offsets.start_in_source(at)
        if not character.isspace():
            assert source[where] == character
            assert offsets.in_text(where) == at


def test_a_name_across_a_line_break_is_one_stretch():
    builder = TextBuilder("the Islamic\n   State said")
    builder.keep(11)
    builder.replace(15, " ")
    text, offsets = builder.finish()

    assert text == "the Islamic State said"
    assert offsets.parts(4, 17) == [[4, 20]]


def test_a_header_in_the_flow_splits_the_stretch():
    source = "the Islamic\n[page 4]\nState said"
    builder = TextBuilder(source)
    builder.keep(11)
    builder.replace(12, " ")
    builder.replace(21)
    text, offsets = builder.finish()

    assert text == "the Islamic State said"
    assert offsets.parts(4, 17) == [[4, 12], [21, 26]]


def test_words_may_not_be_put_in():
    builder = TextBuilder("a b")
    with pytest.raises(AlignmentError, match="'x'"):
        builder.replace(1, "x")


def test_a_cut_map_is_refused():
    with pytest.raises(AlignmentError, match="3 bytes"):
        OffsetMap.from_bytes(b"OFF")
