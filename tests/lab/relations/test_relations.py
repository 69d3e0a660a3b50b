"""Training of the pair classifier: what it learns from, and that numpy says what torch says."""

import json
from pathlib import Path

import numpy as np
import pytest

from dossier.lab.relations.examples import Reader, Set
from dossier.resources import shipped

MODEL = shipped("models") / "minilm-1"
FIRST, LATER = "Ivo Marek founded the Red Front in Lima.", "It left for Chile in 2003."


@pytest.fixture(scope="module")
def reader():
    return Reader(MODEL, 4)


@pytest.fixture
def own(tmp_path: Path) -> Set:
    text = f"{FIRST} {LATER}"
    marks = [
        ("Ivo Marek", "PERSON", "marek"),
        ("Red Front", "ORG", "front"),
        ("Lima", "PLACE", "lima"),
        ("Chile", "PLACE", "chile"),
    ]
    spans = [
        {"start": text.index(words), "end": text.index(words) + len(words), "label": label, "entity": key}
        for words, label, key in marks
    ]
    relations = [
        {"head": 0, "child": 1, "label": "founded", "evidence": [[0, len(FIRST)]]},
        {"head": 1, "child": 3, "label": "operates_in", "evidence": [[len(FIRST) + 1, len(text)]]},
    ]
    path = tmp_path / "own.jsonl"
    path.write_text(
        json.dumps({"id": "a", "text": text, "spans": spans, "relations": relations, "meta": {"org": "front"}})
    )
    return Set("own", path, frozenset(("founded", "operates_in", "based_in")), own=True)


def test_a_pair_is_wanted_where_the_gold_has_its_evidence(reader, own):
    from dossier.lab.relations.examples import read_set

    first, later = reader.read(own, read_set(own))
    founded, active = reader.outputs.index(("founded", 0)), reader.outputs.index(("operates_in", 0))
    wanted = {first.ends[n]: reader.outputs[k][0] for n, k in np.argwhere(first.wanted).tolist()}
    assert wanted == {(0, 1): "founded"}
    assert first.ruled[first.ends.index((0, 1)), founded]
    assert not first.ruled[first.ends.index((0, 1)), active]  # a person operates nowhere
    assert first.ruled[first.ends.index((1, 2)), active]
    assert (1, 3) in {later.ends[n] for n, k in np.argwhere(later.wanted).tolist() if k == active}


def test_a_report_under_other_names_says_the_same(own):
    from dossier.lab.relations.examples import read_set
    from dossier.lab.relations.renamed import renamed

    [record] = read_set(own)
    made = renamed(record, "a")
    assert made == renamed(record, "a")
    assert made.text != record.text
    assert [made.text[span.start : span.end] for span in made.spans] != [
        record.text[span.start : span.end] for span in record.spans
    ]
    founded, active = (made.text[slice(*one.more["evidence"][0])] for one in made.relations)
    names = [made.text[span.start : span.end] for span in made.spans]
    assert founded == f"{names[0]} founded the {names[1]} in {names[2]}."
    assert active == f"It left for {names[3]} in 2003."


@pytest.mark.torch
def test_numpy_scores_as_torch_does_and_training_repeats(reader, own):
    from dossier.components.relations_net import Network as Shipped
    from dossier.lab.relations.examples import read_set
    from dossier.lab.relations.fit import Recipe, fit, score

    examples = reader.read(own, read_set(own))
    recipe = Recipe(epochs=3)
    network, again = fit(examples, recipe, 1), fit(examples, recipe, 1)
    found = Shipped(reader.outputs, 4, 1.0, 0.0, network.arrays()).scores([example.case for example in examples])
    for one, other, third in zip(score(network, examples), found, score(again, examples), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-3)
        np.testing.assert_array_equal(one, third)


@pytest.mark.torch
def test_calibration_finds_the_sigmoid_that_drew_the_labels():
    from dossier.lab.relations.fit import calibrate

    rng = np.random.default_rng(0)
    scores = rng.normal(size=20000) * 2 - 1
    right = (rng.random(20000) < 1 / (1 + np.exp(-(0.7 * scores + 0.4)))).astype(float)
    slope, shift = calibrate(scores, right)
    assert abs(slope - 0.7) < 0.05
    assert abs(shift - 0.4) < 0.08
