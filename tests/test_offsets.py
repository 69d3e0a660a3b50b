"""The offset map leads every span back to the same words, and undoes itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossier.errors import AlignmentError
from dossier.offsets import OffsetMap, TextBuilder

WORDS = st.text(alphabet="ab\n \t-é\u0301🎉ع", min_size=0, max_size=4)


SPELLED = "&x;"  # how the source spells a character that no word has


def decode(words):
    return words.replace(SPELLED, "&")


@st.composite
def edited(draw):
    """A source, and its text after any legal list of edits."""
    steps = st.sampled_from(["keep", "drop", "space", "spell", "part"])
    pieces = draw(st.lists(st.tuples(steps, WORDS), max_size=12))
    source, builder_steps = "", []
    for step, words in pieces:
        if step == "space":
            words = "".join(c for c in words if c.isspace()) or "\n"
        elif step == "spell":
            words = SPELLED
        source += words
        builder_steps.append((step, len(source)))
    builder = TextBuilder(source)
    for step, end in builder_steps:
        if step == "keep":
            builder.keep(end)
        elif step == "spell":
            builder.spell(end, "&")
        elif step == "part":  # as between two cells: white space where none stood, for what goes
            builder.replace(builder.at, "\n\n")
            builder.replace(end)
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
    quote = "".join(decode(source[s:e]) for s, e in offsets.parts(start, end))
    assert "".join(quote.split()) == "".join(text[start:end].split())


@given(edited(), st.data())
def test_where_nothing_is_put_in_white_space_stands_where_it_stood(made, data):
    source, text, offsets = made
    if any(offsets.text_len[i] and not offsets.source_len[i] for i in range(len(offsets))):
        return
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    quote = "".join(decode(source[s:e]) for s, e in offsets.parts(start, end))
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
            assert decode(source[where:]).startswith(character)
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


def test_a_spelled_character_is_one_stretch_with_its_neighbours():
    builder = TextBuilder("A&amp;B <b>&eacute;</b>")
    builder.keep(1)
    builder.spell(6, "&")
    builder.keep(8)
    builder.replace(11)
    builder.spell(19, "é")
    builder.replace(len(builder.source))
    text, offsets = builder.finish()

    assert text == "A&B é"
    assert offsets.parts(0, 3) == [[0, 7]]
    assert offsets.parts(1, 2) == [[1, 6]]
    assert offsets.parts(2, 5) == [[6, 8], [11, 19]]
    assert (offsets.in_text(1), offsets.in_text(7), offsets.in_text(11)) == (1, 3, 4)
    assert offsets.restore(text) == builder.source


@pytest.mark.parametrize(("end", "character"), [(5, "ab"), (5, ""), (0, "a")])
def test_what_spells_is_one_character_long(end, character):
    with pytest.raises(AlignmentError, match="spells"):
        TextBuilder("&amp;").spell(end, character)


def test_a_cut_map_is_refused():
    with pytest.raises(AlignmentError, match="3 bytes"):
        OffsetMap.from_bytes(b"OFF")
