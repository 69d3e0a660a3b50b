"""`dossier evaluate` as a person calls it, with models that answer from a table."""

import json

import pytest
from tests.conftest import need
from tests.test_models import change, make_model

from dossier.evaluate import predictors
from dossier.gold import GoldRecord, GoldSpan, text_digest, write_gold
from dossier.models import RULES, default_model
from dossier.records import Found
from dossier.store.db import create_workspace

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
    monkeypatch.setattr(predictors, "current", lambda workspace=None: "rules")
    monkeypatch.setattr(predictors, "trained_on", lambda name, workspace=None: frozenset())
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
    assert "rules " in said.out
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
    monkeypatch.setattr(predictors, "trained_on", lambda name, workspace=None: frozenset(map(text_digest, TEXTS[:2])))
    assert "6 texts, 12 mentions, 2 left out" in dossier("evaluate", gold).out

    monkeypatch.setattr(predictors, "trained_on", lambda name, workspace=None: frozenset(map(text_digest, TEXTS)))
    said = dossier("evaluate", gold)
    assert said.code == 1
    assert "all 8 texts were in the training data of rules" in said.err


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


@pytest.fixture
def marked(tmp_path):
    """A text with marks, scored by what there is: no model answers from a table."""
    path = tmp_path / "marked.jsonl"
    text = "The front left Norway in March 1998."
    spans = (GoldSpan(15, 21, "PLACE"), GoldSpan(25, 35, "DATE"))
    path.write_bytes(b"".join(write_gold([GoldRecord("a", text, spans)])))
    return path


def test_all_models_outside_a_workspace_are_those_that_dossier_ships(dossier, marked):
    model = default_model(predictors.NOWHERE)
    need(model != RULES, "a shipped model")

    assert "all labels  100.0" in dossier("evaluate", marked, "--model", "rules").out
    one = json.loads(dossier("evaluate", marked, "--json").out)["sets"][0]["models"]
    assert [each["name"] for each in one] == [model.name]
    said = dossier("evaluate", marked, "--model", model.name, "--model", f"{model.name}:bare", "--json")
    assert [each["name"] for each in json.loads(said.out)["sets"][0]["models"]] == [model.name, f"{model.name}:bare"]


def test_texts_that_the_shipped_model_was_trained_on_say_nothing_of_it(dossier, shared):
    model = default_model(predictors.NOWHERE)
    need(model != RULES, "a shipped model")
    dev = shared / "data" / "redocred" / "dev.jsonl.gz"

    for names in ([model.name], ["rules", f"{model.name}:bare"]):
        said = dossier("evaluate", dev, *(word for name in names for word in ("--model", name)))
        assert said.code == 1
        assert f"all 100 texts were in the training data of {names[-1]};" in said.err


def test_a_model_of_the_workspace_is_known_there_and_refused_when_damaged(dossier, marked, tmp_path):
    create_workspace(tmp_path / "desk")
    folder = make_model(tmp_path / "desk" / "models", card={"train_texts": []})

    assert "there is no model 'desk-1'; there are: rules" in dossier("evaluate", marked, "--model", "desk-1").err
    unknown = dossier("evaluate", marked, "--model", "desk-9", "-w", "desk")
    assert unknown.code == 1
    assert "there is no model 'desk-9'; there are: rules, " in unknown.err
    assert "desk-1" in unknown.err
    change(folder)
    damaged = dossier("evaluate", marked, "--model", "desk-1", "-w", "desk")
    assert damaged.code == 1
    assert "'mentions/head.npz' is not the file that was written" in damaged.err
