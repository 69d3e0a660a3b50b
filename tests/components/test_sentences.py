from __future__ import annotations


def sentences(doc):
    return [sent.text.strip() for sent in doc.sents]


def test_a_block_ends_a_sentence(read):
    assert sentences(read(("heading", "Leaders"), "The group is small")) == ["Leaders", "The group is small"]


def test_a_line_break_inside_a_block_does_not(read):
    assert sentences(read("The group\nis small.")) == ["The group\nis small."]


def test_a_note_marker_stays_with_the_sentence_before(read):
    assert sentences(read("It grew.[7] Then it split.")) == ["It grew.[7]", "Then it split."]


def test_an_abbreviation_does_not_end_a_sentence(read):
    assert sentences(read("Gen. Lee met the U.S. envoy.")) == ["Gen. Lee met the U.S. envoy."]


def test_an_abbreviation_before_a_sure_opener_does(read):
    assert sentences(read("It fled to the U.S. The army followed.")) == ["It fled to the U.S.", "The army followed."]
