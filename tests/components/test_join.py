"""Rules and encoder joined: the surer one stands, and what neither set teaches is put right."""

import pytest

from dossier.components.join import join, settle, without_lists
from dossier.components.lexicon import lexicon_of
from dossier.components.view import view_of
from dossier.records import Found
from dossier.resources import configs_folders


def marked(label, start, end, confidence, by="encoder", norm=None):
    return Found(start, end, label, confidence, by, norm)


def spans(found):
    return [(one.start, one.end, one.label) for one in found]


def test_the_surer_of_two_that_overlap_stands():
    rule, model = marked("ORG", 0, 10, 0.7, "names"), marked("PERSON", 0, 6, 0.95)

    assert spans(join([rule], [model])) == [(0, 6, "PERSON")]
    assert spans(join([marked("ORG", 0, 10, 0.97, "names")], [model])) == [(0, 10, "ORG")]


def test_what_only_one_side_sees_stays():
    assert spans(join([marked("ORG", 0, 4, 0.7, "names")], [marked("PLACE", 9, 12, 0.6)])) == [
        (0, 4, "ORG"),
        (9, 12, "PLACE"),
    ]


def test_a_date_is_bordered_by_the_grammar():
    rule = marked("DATE", 0, 9, 0.6, "dates", {"edtf": "2012-10/2012-12"})

    (kept,) = join([rule], [marked("DATE", 5, 9, 0.99)])

    assert (kept.start, kept.norm) == (0, {"edtf": "2012-10/2012-12"})


def test_what_both_propose_is_surer_than_what_one_does():
    both = join([marked("ORG", 0, 4, 0.8, "names")], [marked("ORG", 0, 4, 0.8)])[0].confidence
    model = join([], [marked("ORG", 0, 4, 0.8)])[0].confidence
    rule = join([marked("ORG", 0, 4, 0.8, "names")], [])[0].confidence

    assert both > model > rule


def test_a_coordination_is_one_mark_though_the_encoder_reads_two():
    rule = marked("PLACE", 0, 20, 0.7, "places")

    assert spans(join([rule], [marked("PLACE", 0, 5, 0.99), marked("PLACE", 10, 20, 0.99)])) == [(0, 20, "PLACE")]


def test_a_list_and_its_acronym_are_no_organisation(rules):
    text = "The Front is a Foreign Terrorist Organization (FTO). An FTO may not raise money. The ABC may."
    view = view_of(rules.make_doc(text))
    found = [
        marked("ORG", text.index(w, at), text.index(w, at) + len(w), 0.9)
        for w, at in (("Foreign Terrorist Organization", 0), ("FTO", 0), ("FTO", 50), ("ABC", 0))
    ]
    kept = without_lists(view, lexicon_of(tuple(str(f) for f in configs_folders())), found)

    assert [text[one.start : one.end] for one in kept] == ["ABC"]


def test_a_name_keeps_one_label_where_one_is_surer_by_far():
    text = "Al Fajr met. Al Fajr left. Al Fajr won."
    found = [marked("ORG", 0, 7, 0.9), marked("PERSON", 13, 20, 0.6), marked("ORG", 27, 34, 0.9)]

    assert {one.label for one in settle(text, found)} == {"ORG"}
    assert [one.label for one in settle(text, [found[0], marked("PERSON", 13, 20, 0.8)])] == ["ORG", "PERSON"]


@pytest.fixture
def rules():
    from dossier.components.pipeline import load_pipeline

    nlp = load_pipeline()
    make = nlp.make_doc

    class Maker:
        def make_doc(self, text):
            from dossier.components.base import prepare

            return prepare(make(text))

    return Maker()
