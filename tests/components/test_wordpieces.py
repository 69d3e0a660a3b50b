"""Windows and sub-words."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dossier.components import wordpieces
from dossier.components.encoder import find_model
from dossier.components.wordpieces import SHAPES, WORD_PIECES, WordPieces, cut_windows, guess_starts, shape_of


@pytest.fixture
def pieces():
    return WordPieces(find_model("minilm-1") / "tokenizer.json")


def _first(lengths: list[int]) -> list[int]:
    return [0, *itertools.accumulate(lengths)]


@settings(deadline=None)
@given(
    st.lists(st.integers(1, WORD_PIECES), max_size=300),
    st.sets(st.integers(0, 300)),
    st.integers(WORD_PIECES, 64),
    st.integers(0, 15),
)
def test_windows_keep_each_word_once_in_order_and_fit(lengths, breaks, size, overlap):
    first = _first(lengths)

    windows = cut_windows(first, breaks, size=size, overlap=overlap)

    kept = [word for w in windows for word in range(w.keep_start, w.keep_end)]
    assert kept == list(range(len(lengths)))
    for w in windows:
        assert w.start <= w.keep_start < w.keep_end <= w.end
        assert first[w.end] - first[w.start] <= size


def test_window_ends_before_a_sentence():
    windows = cut_windows(_first([1] * 10), [0, 3, 6], size=7)

    assert [(w.start, w.end) for w in windows] == [(0, 6), (6, 10)]


def test_windows_of_a_long_sentence_overlap_and_share_the_middle():
    windows = cut_windows(_first([1] * 12), [0], size=8, overlap=4)

    assert [tuple(w) for w in windows] == [(0, 8, 0, 6), (4, 12, 6, 12)]


@pytest.mark.parametrize(
    ("word", "shape"),
    [("group", "lower"), ("Mali", "title"), ("NATO", "upper"), ("McCain", "mixed"), ("A", "initial"), ("G5", "digits"),
     ("😀", "other"), ("تنظيم", "other")],
)  # fmt: skip
def test_shape_of_a_word(word, shape):
    assert SHAPES[shape_of(word)] == shape


def test_sentences_start_after_stops_and_empty_lines():
    text = "He left. “No.” She did\n\nnot"
    offsets = [(0, 2), (3, 7), (7, 8), (9, 10), (10, 12), (12, 13), (13, 14), (15, 18), (19, 22), (24, 27)]

    assert guess_starts(text, offsets) == [0, 3, 7, 9]


def test_words_seen_before_are_cut_as_new_ones(pieces, monkeypatch):
    texts = [
        ["Jakarta", " ", "😀", "تنظيم", "PKKaligned"],
        ["the", "Jakarta", "\n", "ab" * 45],
        ["تنظيم", "the", "é\u0301"],
    ]
    alone = [WordPieces(find_model("minilm-1") / "tokenizer.json").cut(words) for words in texts]
    monkeypatch.setattr(wordpieces, "MOST_KNOWN", 6)  # so that one of the texts finds the memory full

    assert [pieces.cut(words) for words in texts] == alone
    assert [pieces.cut(words) for words in reversed(texts)] == alone[::-1]
    assert len(pieces.tokenizer.encode("ab" * 45, add_special_tokens=False).ids) > WORD_PIECES
    assert alone[1].first[-1] - alone[1].first[-2] == WORD_PIECES
    assert alone[1].words == [0, 1, 3]  # a line break has no sub-words
