import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossier.evaluate.crosscheck import check
from dossier.evaluate.scoring import Score, judge, macro, pair_lenient, pair_strict, score
from dossier.gold import GoldRecord, GoldSpan
from dossier.records import Found, Span

LABELS = ("ORG", "PERSON", "PLACE", "DATE")


def strict(record, found, labels=LABELS):
    return score(pair_strict(judge(record, found, labels)))


def lenient(record, found, labels=LABELS):
    return score(pair_lenient(judge(record, found, labels)))


def test_strict_wants_the_same_characters_and_label(gold, proposed):
    record = gold("[Ingrid Solheim|PERSON] leads the [NRF|ORG] in [Narvik|PLACE].")
    found = proposed("Ingrid [Solheim|PERSON] leads the [NRF|ORG] in [Narvik|ORG].")

    assert strict(record, found) == Score(right=1, spurious=2, missed=2)
    assert lenient(record, found) == Score(right=2, spurious=1, missed=1)


def test_one_proposal_answers_one_mention(gold, proposed):
    record = gold("the [Northern Front|ORG] and the [Southern Front|ORG] met")
    found = proposed("the [Northern Front and the Southern Front|ORG] met")

    assert lenient(record, found) == Score(right=1, spurious=0, missed=1)


def test_precision_recall_and_f_follow_from_the_counts():
    found = Score(right=6, spurious=2, missed=4)

    assert (found.precision, found.recall) == (0.75, 0.6)
    assert found.f == pytest.approx(2 / 3)
    assert Score(0, 0, 0).f == 0.0


def test_a_label_that_the_set_does_not_mark_is_not_counted(gold, proposed):
    record = gold("the [NRF|ORG] met in May 1998")
    found = proposed("the [NRF|ORG] met in [May 1998|DATE]")

    assert strict(record, found, ("ORG",)) == Score(1, 0, 0)
    assert strict(record, found, ("ORG", "DATE")) == Score(1, 1, 0)


def test_a_proposal_in_an_ignored_stretch_is_not_counted(gold, proposed):
    record = gold("ISIL fighters left [Narvik|PLACE]", ignore=(Span(0, 13),))

    assert strict(record, proposed("[ISIL|ORG] fighters left [Narvik|PLACE]")) == Score(1, 0, 0)


def test_a_mention_holds_where_it_stands_in_an_ignored_stretch(gold, proposed):
    record = gold("General [Joseph Votel|PERSON] spoke", ignore=(Span(0, 14),))

    assert strict(record, []) == Score(0, 0, 1)
    assert strict(record, proposed("General [Joseph Votel|PERSON] spoke")) == Score(1, 0, 0)
    assert strict(record, proposed("General Joseph [Votel|PERSON] spoke")) == Score(0, 1, 1)
    assert strict(record, proposed("[General Joseph|PERSON] Votel spoke")) == Score(0, 0, 1)


def test_the_same_proposal_twice_counts_once(gold, proposed):
    record = gold("the [NRF|ORG] met")
    found = proposed("the [NRF|ORG] met", confidence=0.3) + proposed("the [NRF|ORG] met", confidence=0.8)

    assert strict(record, found) == Score(1, 0, 0)
    assert judge(record, found, LABELS).got[0].confidence == 0.8


def test_macro_is_over_the_labels_that_the_gold_has():
    assert macro([Score(1, 0, 0), Score(0, 0, 1), Score(0, 5, 0)]) == 0.5


# ------------------------------------------------------------------ what always holds

TEXT = "abcdefghij" * 4


@st.composite
def spans(draw):
    """Spans that do not overlap, as the guide wants them."""
    cuts = sorted(draw(st.sets(st.integers(0, len(TEXT)), max_size=12)))
    return [(a, b, draw(st.sampled_from(LABELS))) for a, b in zip(cuts[::2], cuts[1::2], strict=False)]


def marked(wanted, got):
    record = GoldRecord("a", TEXT, tuple(GoldSpan(*s) for s in wanted))
    return judge(record, [Found(*s, 0.5, "test") for s in got], LABELS)


@given(spans().filter(bool))
def test_a_perfect_proposal_scores_one(wanted):
    judged = marked(wanted, wanted)

    for found in (score(pair_strict(judged)), score(pair_lenient(judged))):
        assert (found.precision, found.recall, found.f) == (1.0, 1.0, 1.0)


@given(spans(), spans())
def test_scores_lie_between_nothing_and_all_and_lenient_is_not_below_strict(wanted, got):
    judged = marked(wanted, got)
    exact, loose = score(pair_strict(judged)), score(pair_lenient(judged))

    for found in (exact, loose):
        assert found.right + found.missed == len(wanted)
        assert found.right + found.spurious == len(got)
        assert 0 <= min(found.precision, found.recall) <= found.f <= max(found.precision, found.recall) <= 1
    assert loose.right >= exact.right


@given(spans(), spans())
def test_gold_and_proposal_changing_places_swap_precision_and_recall(wanted, got):
    for pair in (pair_strict, pair_lenient):
        one, other = score(pair(marked(wanted, got))), score(pair(marked(got, wanted)))
        assert (one.precision, one.recall, one.f) == (other.recall, other.precision, other.f)


@given(st.lists(st.tuples(spans(), spans()), min_size=1, max_size=3))
def test_strict_micro_f_is_that_of_spacy_and_nervaluate(texts):
    judged = [marked(*one) for one in texts]
    found = score(pair for one in judged for pair in pair_strict(one))

    by = check(judged, LABELS)

    assert by["spacy"] == pytest.approx(found.f)
    assert by["nervaluate"] == pytest.approx(found.f)
