"""Every character leads to its box, and the map keeps that through packing."""

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossier.boxes import BoxBuilder, BoxMap
from dossier.errors import AlignmentError

FINE = st.floats(-50, 1400, width=32)
WILD = st.one_of(FINE, st.floats(width=32))  # not finite, or far beyond any page, too
WORD = st.text(alphabet="abé\u0301🎉عﬁ", min_size=1, max_size=5)


@st.composite
def built(draw, edge=FINE):
    """A text with its map, and the boxes that were given: page and box by place in the text."""
    builder, given_, dropped = BoxBuilder(), {}, []
    for _ in range(draw(st.integers(0, 8))):
        what = draw(st.sampled_from(["word", "word", "space", "drop"]))
        page = draw(st.integers(1, 3))
        if what == "word":
            word = draw(WORD)
            quads = [[draw(edge) for _ in range(4)] for _ in word]
            for at, quad in enumerate(quads, builder.length):
                given_[at] = (page, quad)
            builder.add(word, page, *map(list, zip(*quads, strict=True)))
        elif what == "space":
            builder.add_space(draw(st.sampled_from([" ", "\n", "\n\n"])))
        else:
            box = [draw(FINE) for _ in range(4)]
            dropped.append(
                (builder.length, page, tuple(box), draw(WORD), draw(st.sampled_from(["hyphen", "furniture"])))
            )
            builder.drop(dropped[-1][3], page, box, dropped[-1][4])
    text, boxes = builder.finish()
    return text, boxes, given_, dropped


def row(text, page=1, x=72.0, top=100.0, *, wide=5.0, high=10.0):
    """What `add` takes for a word of letters of one width."""
    count = len(text)
    return (text, page, [x + wide * i for i in range(count)], [top] * count,
            [x + wide * (i + 1) for i in range(count)], [top + high] * count)  # fmt: skip


def down(text, page=1, x=72.0, top=100.0, *, step=5.0, wide=10.0):
    """The same for a word that runs down the page."""
    count = len(text)
    return (text, page, [x] * count, [top + step * i for i in range(count)], [x + wide] * count,
            [top + step * (i + 1) for i in range(count)])  # fmt: skip


def made(*pieces):
    builder = BoxBuilder()
    for piece in pieces:
        builder.add_space(piece) if isinstance(piece, str) else builder.add(*piece)
    return builder.finish()


# ------------------------------------------------------------ properties


@given(built())
def test_a_character_has_its_page_and_its_box_to_a_tenth_of_a_point(case):
    text, boxes, given_, _ = case
    assert len(boxes) == len(text)
    for at in range(len(text)):
        if at not in given_:
            assert boxes.boxes(at, at + 1) == []
            continue
        page, (x0, top, x1, bottom) = given_[at]
        [[found, *box]] = boxes.boxes(at, at + 1)
        assert found == page
        wanted = [min(x0, x1), min(top, bottom), max(x0, x1), max(top, bottom)]
        assert all(abs(a - b) <= 0.15 for a, b in zip(box, wanted, strict=True))  # 0.02 or 0.04 a step, then to 0.1


@given(built(), st.data())
def test_the_boxes_of_a_span_cover_its_characters_in_order(case, data):
    text, boxes, given_, _ = case
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    span = boxes.boxes(start, end)
    at = 0
    for page, *quad in [box for i in range(start, end) for box in boxes.boxes(i, i + 1)]:
        while not (span[at][0] == page and _holds(span[at][1:], quad)):
            at += 1  # runs out, with an IndexError, where a character lies in no box from here on
    assert bool(span) == any(i in given_ for i in range(start, end))


def _holds(outer, inner):
    return outer[0] <= inner[0] and outer[1] <= inner[1] and outer[2] >= inner[2] and outer[3] >= inner[3]


@given(built(WILD))
def test_packing_keeps_everything(case):
    text, boxes, _, dropped = case
    again = BoxMap.from_bytes(boxes.to_bytes())
    assert again.to_bytes() == boxes.to_bytes()
    for start, end in pairwise(range(len(text) + 1)):
        assert again.boxes(start, end) == boxes.boxes(start, end)
    assert again.boxes(0, len(text)) == boxes.boxes(0, len(text))
    assert [tuple(each) for each in again.dropped()] == dropped


@given(built(WILD))
def test_a_box_beyond_every_page_is_near_or_left_out(case):
    _, boxes, given_, _ = case
    for at, (page, quad) in given_.items():
        for found, *box in boxes.boxes(at, at + 1):
            assert found == page
            assert all(math.isfinite(v) for v in (*box, *quad))
            largest = max(abs(v) for _, other in given_.values() for v in other if math.isfinite(v))
            low, high = [min(quad[0], quad[2]), min(quad[1], quad[3])], [max(quad[0], quad[2]), max(quad[1], quad[3])]
            assert all(abs(a - b) <= 0.2 + largest / 10_000 for a, b in zip(box, low + high, strict=True))
        if all(0 <= v < 1300 for v in quad):
            assert boxes.boxes(at, at + 1)


@given(built(), st.data())
def test_damaged_bytes_are_refused(case, data):
    packed = bytearray(case[1].to_bytes())
    if data.draw(st.booleans()):
        at = data.draw(st.integers(0, len(packed) - 1))
        packed[at] ^= 1 << data.draw(st.integers(0, 7))
    else:
        del packed[data.draw(st.integers(0, len(packed) - 1)) :]
    with pytest.raises(AlignmentError, match="dossier doctor"):
        BoxMap.from_bytes(bytes(packed))


@given(built())
def test_a_span_has_one_anchor_through_packing_and_after_a_shift(case):
    text, boxes, given_, _ = case
    builder = BoxBuilder()
    builder.add(*row("before", page=9))
    for at, char in enumerate(text):
        if at in given_:
            page, quad = given_[at]
            builder.add(char, page, *([v] for v in quad))
        else:
            builder.add_space(char)
    _, shifted = builder.finish()
    if all(v >= 0 and v < 1300 for _, quad in given_.values() for v in quad):
        for start, end in pairwise(sorted(given_)):
            assert boxes.anchor(start, end) == shifted.anchor(start + 6, end + 6)


# ------------------------------------------------------------ lines


def test_a_mention_on_one_line_has_one_box():
    text, boxes = made(row("Carlos"), " ", row("Marighella", x=105.0))

    assert boxes.boxes(0, len(text)) == [[1, 72.0, 100.0, 155.0, 110.0]]
    assert boxes.source(7, 17) == {"boxes": [[1, 105.0, 100.0, 155.0, 110.0]]}


def test_a_mention_across_a_line_a_column_and_a_page_has_a_box_for_each():
    text, boxes = made(
        row("one", top=700),
        " ",
        row("two", top=712),
        " ",
        row("three", x=320, top=90),
        " ",
        row("four", page=2, top=90),
    )

    assert [box[:3] for box in boxes.boxes(0, len(text))] == [
        [1, 72.0, 700.0], [1, 72.0, 712.0], [1, 320.0, 90.0], [2, 72.0, 90.0]
    ]  # fmt: skip


def test_columns_at_one_height_are_not_joined():
    text, boxes = made(row("left"), " ", row("right", x=320.0))
    assert len(boxes.boxes(0, len(text))) == 2


def test_a_word_with_a_joined_hyphen_has_two_boxes_and_the_hyphen_is_kept():
    builder = BoxBuilder()
    builder.add(*row("guer", x=250.0))
    builder.drop("-", 1, (270.0, 100.0, 273.0, 110.0), "hyphen")
    builder.add(*row("rilla", top=112.0))
    text, boxes = builder.finish()

    assert text == "guerrilla"
    assert boxes.boxes(0, 9) == [[1, 250.0, 100.0, 270.0, 110.0], [1, 72.0, 112.0, 97.0, 122.0]]
    assert [(d.at, d.page, d.text, d.why) for d in boxes.dropped()] == [(4, 1, "-", "hyphen")]


def test_a_line_that_runs_down_or_up_the_page_is_one_box():
    text, boxes = made(down("side"), " ", down("ways", top=124.0), "\n", down("next", x=84.0))
    assert boxes.boxes(0, len(text)) == [[1, 72.0, 100.0, 82.0, 144.0], [1, 84.0, 100.0, 94.0, 120.0]]

    up = [[*reversed(edge)] if isinstance(edge, list) else edge for edge in down("side")]
    text, boxes = made(up)
    assert boxes.boxes(0, len(text)) == [[1, 72.0, 100.0, 82.0, 120.0]]


def test_right_to_left_writing_is_one_box_up_to_a_number_in_it():
    letters = [[*reversed(edge)] if isinstance(edge, list) else edge for edge in row("حركة", x=200.0)]
    text, boxes = made(letters, " ", row("1998", x=175.0))
    assert boxes.boxes(0, len(text)) == [[1, 200.0, 100.0, 220.0, 110.0], [1, 175.0, 100.0, 195.0, 110.0]]


def test_a_raised_note_marker_is_in_the_box_and_a_drop_cap_is_not():
    text, boxes = made(row("Sahel"), row("7", x=97.0, top=98.5, wide=3.0, high=6.5))
    assert boxes.boxes(0, len(text)) == [[1, 72.0, 98.5, 100.0, 110.0]]

    text, boxes = made(row("T", wide=20.0, high=22.0), row("he", x=92.0))
    assert boxes.boxes(0, len(text)) == [[1, 72.0, 100.0, 92.0, 122.0], [1, 92.0, 100.0, 102.0, 110.0]]


def test_a_number_beside_two_lines_takes_in_neither():
    text, boxes = made(row("3", x=60.0, top=103.0, high=15.0), " ", row("one"), " ", row("two", top=111.0))
    assert [box[2] for box in boxes.boxes(0, len(text))] == [103.0, 100.0, 111.0]


def test_a_box_stops_before_words_that_stand_elsewhere_in_the_text():
    builder = BoxBuilder()
    builder.add(*row("Sahel"))
    builder.add_space(" ")
    builder.add(*row("and", x=102.0))
    builder.add_space(" ")
    builder.drop("-", 1, (118.0, 100.0, 121.0, 110.0), "line number")
    builder.add(*row("Mali", x=122.0))
    builder.add_space("\n\n")
    builder.add(*row("7", x=98.0, top=98.0, wide=3.0, high=6.0))
    _, boxes = builder.finish()

    assert boxes.boxes(0, 14) == [
        [1, 72.0, 100.0, 97.0, 110.0], [1, 102.0, 100.0, 117.0, 110.0], [1, 122.0, 100.0, 142.0, 110.0]
    ]  # fmt: skip


def test_the_box_of_a_slanted_line_does_not_reach_the_next():
    count = 60
    tops = [100.0 + 0.5 * i for i in range(count)]
    slanted = ("x" * count, 1, [72.0 + 5 * i for i in range(count)], tops,
               [77.0 + 5 * i for i in range(count)], [top + 10 for top in tops])  # fmt: skip
    text, boxes = made(slanted)
    found = boxes.boxes(0, len(text))
    assert len(found) > 1
    assert all(bottom - top <= 16.1 for _, _, top, _, bottom in found)


def test_an_accent_over_its_letter_does_not_end_the_line():
    text, boxes = made(row("e"), row("\u0301", x=73.0, top=98.0, wide=2.0, high=4.0), row("ta", x=77.0))
    assert boxes.boxes(0, len(text)) == [[1, 72.0, 98.0, 87.0, 110.0]]


# ------------------------------------------------------------ the other way, and errors


def test_a_point_leads_to_its_character():
    text, boxes = made(row("Carlos"), " ", row("Marighella", top=112.0), "\n\n", row("Note", page=2))

    assert boxes.at(1, 74.0, 105.0) == 0
    assert boxes.at(1, 99.0, 105.0) == 5
    assert text[boxes.at(1, 78.0, 115.0)] == "a"
    assert text[boxes.at(2, 78.0, 105.0)] == "o"
    assert boxes.at(1, 400.0, 105.0) is None
    assert boxes.at(1, 104.0, 105.0, reach=3.0) == 5
    assert boxes.at(3, 74.0, 105.0, reach=500.0) is None


def test_the_text_of_a_page_may_stand_in_several_places():
    text, boxes = made(row("Body"), "\n\n", row("Next", page=2), "\n\n", row("Note", top=700.0))
    assert [text[start:end].strip() for start, end in boxes.on_page(1)] == ["Body", "Note"]
    assert boxes.on_page(3) == []


def test_white_space_alone_has_no_box_and_an_anchor_of_its_own():
    _, boxes = made(row("a"), "\n\n", row("b"))
    assert boxes.boxes(1, 3) == []
    assert boxes.anchor(1, 2) != boxes.anchor(2, 3)
    assert boxes.anchor(0, 3) == boxes.anchor(0, 1)


def test_words_printed_over_each_other_are_not_cut_to_pieces():
    _, boxes = made(row("under"), "\n\n", row("above", x=74.0))
    assert boxes.boxes(0, 5) == [[1, 72.0, 100.0, 97.0, 110.0]]


def test_a_space_has_no_box_even_where_one_is_given():
    _, boxes = made(row("a b", wide=9.0))
    assert [boxes.boxes(at, at + 1) for at in range(3)] == [
        [[1, 72.0, 100.0, 81.0, 110.0]],
        [],
        [[1, 90.0, 100.0, 99.0, 110.0]],
    ]
    assert boxes.boxes(0, 3) == [[1, 72.0, 100.0, 99.0, 110.0]]


def test_neighbours_have_anchors_of_their_own():
    text, boxes = made(row("illicit", wide=1.1), " ", row("illicit", wide=1.1, top=112.0))
    anchors = [boxes.anchor(at, at + 1) for at in range(len(text)) if text[at] != " "]
    assert len(set(anchors)) == len(anchors)


def test_a_text_without_glyphs_has_a_map():
    text, boxes = made("\n\n")
    again = BoxMap.from_bytes(boxes.to_bytes())
    assert (text, len(again), again.boxes(0, 2), again.at(1, 0, 0)) == ("\n\n", 2, [], None)


def test_a_character_takes_eight_bytes():
    text, boxes = made(*(row("word", page=1 + at // 500, x=7.0 * at % 500) for at in range(5000)))
    assert boxes.nbytes / len(text) < 8.01


def test_what_does_not_fit_is_refused_with_the_words():
    builder = BoxBuilder()
    with pytest.raises(AlignmentError, match="page 4: 'abc' has 3 characters, its boxes are 2, 3, 3, 3"):
        builder.add("abc", 4, [1.0, 2.0], [1.0] * 3, [2.0] * 3, [3.0] * 3)
    with pytest.raises(AlignmentError, match="'x'"):
        builder.add_space("x")
    with pytest.raises(AlignmentError, match="4 bytes"):
        BoxMap.from_bytes(b"OFF1")
