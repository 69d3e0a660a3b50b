from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from dossier.components.mentions import resolve
from dossier.records import Found

FOUND = st.builds(
    lambda start, length, label, confidence: Found(start, start + length, label, confidence, "test"),
    st.integers(0, 50),
    st.integers(1, 12),
    st.sampled_from(["ORG", "PERSON", "PLACE", "NORP"]),
    st.sampled_from([0.6, 0.8, 0.9]),
)


def test_the_longest_mark_wins():
    short, long = Found(0, 5, "PLACE", 0.95, "a"), Found(0, 12, "ORG", 0.7, "b")

    assert resolve([short, long]) == [long]


def test_of_equal_spans_the_surest_wins():
    one, other = Found(0, 5, "PLACE", 0.75, "a"), Found(0, 5, "ORG", 0.9, "b")

    assert resolve([one, other]) == [other]


@given(st.lists(FOUND, max_size=30))
def test_final_mentions_are_sorted_and_never_overlap(found):
    kept = resolve(found)

    assert all(one.end <= other.start for one, other in pairwise(kept))


@given(st.lists(FOUND, max_size=20))
def test_the_order_of_proposals_does_not_matter(found):
    assert resolve(found) == resolve(list(reversed(found)))


def test_spans_are_written_to_the_doc(read):
    doc = read("The Karst Liberation Front met.")

    assert [(span.text, span.label_) for span in doc.spans["mentions"]] == [("Karst Liberation Front", "ORG")]
