"""The best path and its probability."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from dossier.components.tagging import decode, tags_of, transitions_of

LABELS = ("ORG", "PERSON")


def _spans(path):
    spans = []
    for at, tag in enumerate(path):
        if tag.startswith("B"):
            spans.append([at, at + 1, tag[2:]])
        elif tag.startswith("I"):
            spans[-1][1] = at + 1
    return [tuple(s) for s in spans]


def _by_hand(logits, transitions):
    """All paths, one by one."""
    tags = tags_of(LABELS)
    scores = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    weights = {}
    for path in itertools.product(range(len(tags)), repeat=len(logits)):
        steps = [transitions[a, b] for a, b in itertools.pairwise(path)]
        if min(steps, default=0) > -100 and not tags[path[0]].startswith("I"):
            weights[path] = sum(steps) + sum(scores[t, tag] for t, tag in enumerate(path))
    total = np.log(sum(np.exp(w) for w in weights.values()))
    second, first = sorted(weights.values())[-2:]
    assume(first - second > 1e-3)  # of two equal paths either is the best
    best = max(weights, key=weights.__getitem__)
    found = {}
    for path, weight in weights.items():
        for span in _spans([tags[t] for t in path]):
            found[span] = found.get(span, 0) + np.exp(weight - total)
    return [(*span, found[span]) for span in _spans([tags[t] for t in best])]


@settings(deadline=None, max_examples=40)
@given(st.lists(st.lists(st.floats(-3, 3), min_size=5, max_size=5), min_size=1, max_size=5), st.floats(-1, 1))
def test_mentions_and_probabilities_are_those_of_all_paths(rows, learned):
    logits = np.array(rows, dtype=np.float32)
    transitions = transitions_of(LABELS)
    transitions[0, 1] += learned

    found = decode(logits, LABELS, transitions)

    expected = _by_hand(logits, transitions)
    assert [t[:3] for t in found] == [e[:3] for e in expected]
    assert [t.probability for t in found] == pytest.approx([e[3] for e in expected], abs=2e-3)


def test_a_tag_inside_never_follows_another_label():
    logits = np.full((2, 5), -9, dtype=np.float32)
    logits[0, 1] = 5  # B-ORG
    logits[1, 4] = 5  # I-PERSON
    logits[1, 2] = 4  # I-ORG

    assert [t[:3] for t in decode(logits, LABELS, transitions_of(LABELS))] == [(0, 2, "ORG")]


def test_mentions_side_by_side_stay_apart():
    logits = np.full((3, 5), -9, dtype=np.float32)
    logits[[0, 1, 2], [1, 1, 3]] = 9

    assert [t[:3] for t in decode(logits, LABELS, transitions_of(LABELS))] == [
        (0, 1, "ORG"),
        (1, 2, "ORG"),
        (2, 3, "PERSON"),
    ]


def test_no_words_no_mentions():
    assert decode(np.zeros((0, 5), dtype=np.float32), LABELS, transitions_of(LABELS)) == []


@settings(deadline=None, max_examples=40)
@given(st.lists(st.lists(st.lists(st.floats(-3, 3), min_size=5, max_size=5), max_size=6), min_size=1, max_size=8))
def test_stretches_read_together_give_what_each_gives_alone(stretches):
    outside = np.array([[30, 0, 0, 0, 0]], dtype=np.float32)
    parts = [np.concatenate([np.array(rows, dtype=np.float32).reshape(-1, 5), outside]) for rows in stretches]
    transitions = transitions_of(LABELS)

    together = decode(np.concatenate(parts), LABELS, transitions)

    alone, at = [], 0
    for part in parts:
        alone += [t._replace(start=t.start + at, end=t.end + at) for t in decode(part, LABELS, transitions)]
        at += len(part)
    assert together == alone


def test_a_stretch_as_long_as_a_book_beside_short_ones_takes_little_memory():
    """Nothing is padded: padded to the longest, these scores would fill gigabytes."""
    logits = np.zeros((40_000, 5), dtype=np.float32)
    logits[20_000::2, 0] = 30

    found = decode(logits, LABELS, transitions_of(LABELS))

    assert found == sorted(found)
    assert all(0 <= t.start < t.end <= 40_000 for t in found)
