"""The shipped encoder on texts of every kind."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pytest
import spacy

from dossier.components import tokenizer
from dossier.components.base import Frame, prepare
from dossier.components.encoder import Encoder, find_model, read_head, write_head
from dossier.records import Block


@pytest.fixture(scope="module")
def encoder():
    return Encoder(folder=find_model("minilm-1"))


@pytest.fixture(scope="module")
def nlp():
    language = spacy.blank("en")
    language.tokenizer = tokenizer.build(language)
    return language


@pytest.fixture
def found(encoder, nlp):
    def find(text):
        doc = encoder(prepare(nlp.make_doc(text)))
        return {(text[f.start : f.end], f.label) for f in doc._.found}

    return find


def test_names_of_a_sentence_are_found(found):
    text = "Kofi Annan met officials of the World Bank in Jakarta on 3 May 2004."

    assert {("Kofi Annan", "PERSON"), ("World Bank", "ORG"), ("Jakarta", "PLACE"), ("3 May 2004", "DATE")} <= found(
        text
    )


def test_emoji_before_a_name_does_not_shift_it(found):
    assert ("Jakarta", "PLACE") in found("😀👩‍👩‍👧 He lives in Jakarta 😀.")


def test_name_glued_to_a_lower_case_run_ends_at_its_acronym(encoder, nlp):
    text = "The NATOaligned forces left."
    doc = encoder(prepare(nlp.make_doc(text)))

    assert all(text[f.start : f.end] in {"NATO"} for f in doc._.found)


@pytest.mark.parametrize(
    "text",
    ["", " ", "\n\n\n", "\u200b\ufeff", "😀" * 500, "تنظيم في بلاد المغرب", "a" * 30_000, "x-" * 15_000,
     "é\u0301\u0301" * 99, "\x00\x01 Mali", "𝕸𝖆𝖑𝖎"],
    ids=["empty", "blank", "lines", "invisible", "emoji", "arabic", "one-word", "hyphens", "accents", "control", "astral"],
)  # fmt: skip
def test_any_text_is_read_and_marks_lie_on_words(encoder, nlp, text):
    doc = encoder(prepare(nlp.make_doc(text)))

    assert doc.tensor.shape[0] == len(doc)
    for f in doc._.found:
        assert doc.char_span(f.start, f.end) is not None
        assert 0 <= f.confidence <= 1
        assert f.confidence == round(f.confidence, 3)


def test_paragraph_of_30000_characters_without_a_stop_is_marked_to_its_end(found):
    text = "and they went on and on " * 1250 + "to Jakarta with Kofi Annan"

    assert {"Jakarta", "Kofi Annan"} <= {name for name, _ in found(text)}


def test_a_name_over_a_line_break_is_one_mention(found):
    assert ("World\nHealth Organization", "ORG") in found("He works for the World\nHealth Organization in Geneva.")


def test_no_mention_runs_from_a_heading_into_the_paragraph_below(encoder, nlp):
    text = "The History of the World Bank\n\nWorld Health Organization staff left."
    blocks = [Block("heading", 0, 29, 1), Block("paragraph", 31, len(text))]
    doc = encoder(prepare(nlp.make_doc(text), Frame(blocks=blocks, headings=["", ""])))

    assert not any(f.start < 30 < f.end for f in doc._.found)


def test_text_before_does_not_change_what_a_later_window_gives(encoder, nlp):
    """Windows follow the document alone: the same text twice gives the same states."""
    one = encoder(prepare(nlp.make_doc("Kofi Annan met officials of the World Bank in Jakarta."))).tensor
    encoder(prepare(nlp.make_doc("Another text. " * 300)))
    two = encoder(prepare(nlp.make_doc("Kofi Annan met officials of the World Bank in Jakarta."))).tensor

    assert np.array_equal(one, two)


def test_head_written_reads_back_equal(tmp_path):
    head = read_head(find_model("minilm-1"))

    write_head(tmp_path, head)

    again = read_head(tmp_path)
    assert again.labels == head.labels
    assert np.array_equal(again.weight, head.weight)
    assert np.allclose(again.transitions, head.transitions)


def test_head_that_is_pickled_is_refused(tmp_path):
    shutil.copy(find_model("minilm-1") / "head.json", tmp_path)
    np.savez(tmp_path / "head.npz", weight=np.array([{}], dtype=object), bias=np.zeros(1), transitions=np.zeros(1))

    with pytest.raises(ValueError, match="allow_pickle"):
        read_head(tmp_path)


def test_head_whose_labels_do_not_fit_is_refused(tmp_path):
    folder = find_model("minilm-1")
    shutil.copy(folder / "head.npz", tmp_path)
    config = json.loads((folder / "head.json").read_text())
    (tmp_path / "head.json").write_text(json.dumps({**config, "labels": ["ORG"]}))

    with pytest.raises(ValueError, match="ORG"):
        read_head(tmp_path)
