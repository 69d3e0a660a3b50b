"""`dossier evaluate` as a person calls it, with models that answer from a table."""

import json

import pytest

from dossier.evaluate import predictors
from dossier.gold import GoldRecord, GoldSpan, text_digest, write_gold
from dossier.records import Found

TEXTS = [f"The NRF met Ola {i}." for i in range(8)]


@pytest.fixture
def gold(tmp_path, monkeypatch):
    """Eight texts; `rules` finds the organisations, `better` the persons too."""

    def load(name, *, workspace=None, read=None):
        return lambda text: (
            [Found(4, 7, "ORG", 0.9, name)]
            + ([Found(12, len(text) - 1, "PERSON", 0.8, name)] if name == "better" else [])
        )

    monkeypatch.setattr(predictors, "load_predictor", load)
    monkeypatch.setattr(predictors, "trained_on", lambda name, home: frozenset())
    path = tmp_path / "gold.jsonl"
    path.write_bytes(
        b"".join(
            write_gold(
                GoldRecord(str(i), text, (GoldSpan(4, 7, "ORG"), GoldSpan(12, len(text) - 1, "PERSON")))
                for i, text in enumerate(TEXTS)
            )
        )
    )
    return path


def test_one_model_is_the_one_in_use(dossier, gold):
    said = dossier("evaluate", gold)

    assert said.code == 0, said.err
    assert "8 texts, 16 mentions" in said.out
    assert "minilm-1 " in said.out
    assert "all labels  100.0   50.0   66.7" in said.out


def test_two_models_are_compared(dossier, gold):
    said = dossier("evaluate", gold, "--model", "rules", "--model", "better", "--draws", "500")

    assert "better against rules: +33.3 points" in said.out
    assert said.out.rstrip().endswith(": better")


def test_page_and_figures_are_written(dossier, gold, tmp_path):
    said = dossier("evaluate", gold, "--out", "report.html", "--out", "figures.json")

    assert "-> report.html" in said.out
    assert (tmp_path / "report.html").read_text().startswith("<!doctype html>")
    assert json.loads((tmp_path / "figures.json").read_text())["sets"][0]["documents"] == 8


def test_json_is_one_object_on_the_output(dossier, gold):
    found = json.loads(dossier("evaluate", gold, "--json", "--labels", "ORG", "--out", "report.html").out)

    assert found["sets"][0]["labels"] == ["ORG"]
    assert found["sets"][0]["models"][0]["micro"]["strict"]["f"] == 1.0


def test_texts_of_the_training_are_left_out_and_told(dossier, gold, monkeypatch):
    monkeypatch.setattr(predictors, "trained_on", lambda name, home: frozenset(map(text_digest, TEXTS[:2])))
    assert "6 texts, 12 mentions, 2 left out" in dossier("evaluate", gold).out

    monkeypatch.setattr(predictors, "trained_on", lambda name, home: frozenset(map(text_digest, TEXTS)))
    said = dossier("evaluate", gold)
    assert said.code == 1
    assert "all 8 texts were in the training data of minilm-1" in said.err


def test_a_report_and_its_mentions_are_scored(dossier, gold, tmp_path):
    (tmp_path / "north.txt").write_text(TEXTS[0])
    (tmp_path / "marks.jsonl").write_text('{"start": 4, "end": 7, "label": "ORG", "text": "NRF"}\n')

    assert (
        "north: 1 text, 1 mention" in dossier("evaluate", "--text", "north.txt", "--gold-mentions", "marks.jsonl").out
    )
    assert "go together" in dossier("evaluate", "--text", "north.txt").err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "nothing to score"),
        (("gold.jsonl", "--out", "report.pdf"), "report.pdf: a result is written as .html or .json"),
        (("gold.jsonl", "--labels", "GROUP"), "no label 'GROUP'"),
    ],
)
def test_what_cannot_be_done_is_said(dossier, gold, options, said):
    found = dossier("evaluate", *options)

    assert found.code == 1
    assert said in found.err
