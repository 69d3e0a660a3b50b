"""Rules and encoder joined: the surer one stands, and what neither set teaches is put right."""

from dossier.components.join import join
from dossier.records import Found


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


def test_a_coordination_is_one_mark_though_the_encoder_reads_two():
    rule = marked("PLACE", 0, 20, 0.7, "places")

    assert spans(join([rule], [marked("PLACE", 0, 5, 0.99), marked("PLACE", 10, 20, 0.99)])) == [(0, 20, "PLACE")]


def test_a_people_has_no_mark_inside_a_longer_name_however_sure():
    people = marked("NORP", 0, 5, 0.99)

    assert spans(join([marked("ORG", 0, 12, 0.7, "names")], [people])) == [(0, 12, "ORG")]
    assert spans(join([marked("ORG", 0, 5, 0.7, "names")], [people])) == [(0, 5, "NORP")]
