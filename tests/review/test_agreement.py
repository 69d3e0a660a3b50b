"""Agreement: the figures of published worked examples, and of rulings whose agreement can be counted by hand."""

import uuid

import pytest
from tests.store.reports import TEXT, add_report

from dossier.review.agreement import alpha, f1, measure
from dossier.review.desk import Desk
from dossier.store.db import create_workspace, open_store


def units(*observers):
    """The units of observers' values in a row each; `*` is missing."""
    return [[value for value in unit if value != "*"] for unit in zip(*(row.split() for row in observers), strict=True)]


# K. Krippendorff, Computing Krippendorff's Alpha-Reliability (2011): sections A, B and C, nominal data
EXAMPLES = {
    "A. two observers, binary": (units("0 1 0 0 0 0 0 0 1 0", "1 1 1 0 0 1 0 0 0 0"), 0.095),
    "B. two observers, five values": (units("a a b b d c c c e d d a", "b a b b b c c c e d d d"), 0.692),
    "C. four observers, missing values": (
        units(
            "1 2 3 3 2 1 4 1 2 * * *", "1 2 3 3 2 2 4 1 2 5 * 3", "* 3 3 3 2 3 4 2 2 5 1 *", "1 2 3 3 2 4 4 1 2 5 1 *"
        ),
        0.743,
    ),
}


@pytest.mark.parametrize(("given", "wanted"), EXAMPLES.values(), ids=EXAMPLES)
def test_alpha_is_that_of_the_worked_examples(given, wanted):
    assert alpha(given) == pytest.approx(wanted, abs=0.0005)


def test_alpha_of_perfect_agreement_of_chance_and_of_nothing():
    assert alpha([["a", "a"], ["b", "b"]]) == 1
    assert alpha([["a", "b"], ["b", "a"]]) == pytest.approx(-0.5)  # below chance: (4 - 1) * 4 / 8 - 1
    assert alpha([["a", "a"], ["a", "a"]]) is None  # one value throughout says nothing
    assert alpha([["a"], []]) is None


def test_f1_counts_marks_that_both_have():
    rows = [
        {"x": "ORG", "y": "ORG"},
        {"x": "ORG", "y": ""},
        {"x": "", "y": ""},
        {"x": "ORG", "y": "PERSON"},
        {"x": "ORG"},
    ]
    pair = f1(rows, "x", "y")
    assert (pair.f1, pair.n) == (pytest.approx(2 * 1 / 5), 4)


def test_a_label_is_measured_against_all_else():
    found = measure([{"x": "ORG", "y": "ORG"}, {"x": "ORG", "y": "PERSON"}, {"x": "", "y": ""}, {"x": "ORG"}])
    assert found["units"] == 3
    assert found["by_label"]["PERSON"]["alpha"] == 0
    assert found["by_label"]["ORG"]["alpha"] == pytest.approx(alpha([[1, 1], [1, 0], [0, 0]]), abs=0.001)


def test_the_agreement_of_a_desk(tmp_path):
    create_workspace(tmp_path)
    with open_store(tmp_path) as store:
        document, desk = add_report(store), Desk(store)
        add_report(store, name="b.txt")  # which one reviewer sees alone
        rows = store.rows("SELECT target, document FROM target WHERE kind = 'mention' ORDER BY start, target")
        here = [target for target, at in list(rows) if at == document]

        def rule(user, ruling, target=None, **record):
            change = {"kind": "mention", "target": target, "document": document, "ruling": ruling, "record": record}
            desk.rule(user, str(uuid.uuid4()), [change])

        for user in ("ada", "bo"):
            desk.assign("ada", document, user)  # so that each sees only their own
            for target in here[:4]:
                rule(user, "accept", target)
        rule("ada", "reject", here[4])
        rule("bo", "accept", here[4])
        at = TEXT.index("bridge")
        rule("ada", "add", start=at, end=at + 6, label="WEAPON")
        rule("bo", "edit", here[0], start=0, end=3)
        rule("bo", "accept", here[5])  # nobody else looked at it
        found = desk.agreement()["mention"]

        # agree on 3; differ on the first (moved), on the fifth, on `bridge`, on `Ada`
        assert found["units"] == 7
        assert found["f1"] == [{"a": "ada", "b": "bo", "f1": round(2 * 3 / 10, 3), "n": 7}]
        assert found["by_label"]["DATE"]["alpha"] == 1
        page = desk.disagreements({})
        assert {item["text"] for item in page["items"]} == {"Ada Berg", "Narvik"}
        assert {v["user"] for v in page["items"][0]["versions"]} == {"ada", "bo"}
        assert page["agreement"]["alpha"]["DATE"] == 1
