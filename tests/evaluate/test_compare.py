import json

import pytest

from dossier.evaluate.compare import as_json, evaluate
from dossier.evaluate.sets import GoldSet
from dossier.evaluate.table import table

LABELS = ("ORG", "PERSON")


@pytest.fixture
def thirty(gold):
    """Thirty texts with one organisation and one person each."""
    return GoldSet("north", tuple(gold(f"the [NRF|ORG] met [Ola {i}|PERSON]", id=str(i)) for i in range(30)), LABELS)


def only(label, confidence=0.9):
    """A model that finds all of one label."""
    from dossier.records import Found

    def predict(text):
        start, end = (4, 7) if label == "ORG" else (12, len(text))
        return [Found(start, end, label, confidence, "test")]

    return predict


def both(text):
    return only("ORG")(text) + only("PERSON")(text)


def test_models_are_scored_on_the_same_texts_and_told_apart(thirty):
    found = evaluate(thirty, {"half": only("ORG"), "whole": both}, draws=200)

    assert [m.micro.strict.f for m in found.models] == [pytest.approx(2 / 3), 1.0]
    assert [m.macro_strict for m in found.models] == [0.5, 1.0]
    assert found.models[0].checks == pytest.approx({"spacy": 2 / 3, "nervaluate": 2 / 3})
    assert found.differences["whole"].f == pytest.approx(1 / 3)
    assert found.differences["whole"].significant
    assert (found.documents, found.mentions, found.unit, found.units) == (30, 60, "documents", 30)


def test_too_few_texts_give_no_interval_and_no_verdict(thirty):
    few = GoldSet("few", thirty.records[:5], LABELS)

    found = evaluate(few, {"half": only("ORG"), "whole": both}, draws=200)

    assert found.models[0].micro.interval is None
    assert found.differences == {"whole": None}
    assert "whole against half: too few texts to tell" in list(table(found))


def test_what_a_confidence_says_is_held_against_what_is_right(thirty):
    found = evaluate(thirty, {"sure": only("ORG", confidence=0.75)}, draws=200)

    assert found.models[0].calibration.error == pytest.approx(0.25)


def test_every_text_is_reported_as_it_is_read(thirty):
    heard = []

    evaluate(thirty, {"half": only("ORG")}, draws=200, report=lambda model, text: heard.append((model, text)))

    assert heard == [("half", str(i)) for i in range(30)]


def test_the_figures_are_plain_json(thirty):
    figures = as_json([evaluate(thirty, {"half": only("ORG"), "whole": both}, draws=200)])

    assert json.loads(json.dumps(figures)) == figures
    model = figures["sets"][0]["models"][0]
    assert model["micro"]["strict"] == {
        "right": 30, "spurious": 0, "missed": 30, "precision": 1.0, "recall": 0.5, "f": 0.6667,
    }  # fmt: skip
    assert [g["count"] for g in model["errors"] if g["name"] == "missed"] == [30]
