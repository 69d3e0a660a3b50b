"""A training from gold to a sealed model: reproducible, whole or not at all, and never in the way of the one in use."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from tests.train.standin import HashedEncoder

from dossier.components.encoder import read_head
from dossier.errors import ModelError, UsageError
from dossier.gold import GoldRecord, GoldSpan, text_digest
from dossier.model_files import MANIFEST, check_files
from dossier.models import RULES, activate, active_model, find_model, list_models
from dossier.store.db import create_workspace, open_store
from dossier.train.loop import Base, load_base, train
from dossier.train.settings import Settings
from dossier.train.sources import Source

ROOT = Path(__file__).parents[2]
QUICK = Settings(epochs=6, draws=50)
NAMES = ("Berg", "Dahl", "Ek", "Falk", "Holm", "Lind", "Moe", "Nygaard", "Olsen", "Vik")
GROUPS = ("Front", "Brigade", "Council", "League", "Guard")


def make_record(number: int) -> GoldRecord:
    rng = random.Random(number)
    name, group = f"{rng.choice(('Ada', 'Bo', 'Carl'))} {rng.choice(NAMES)}", f"Northern {rng.choice(GROUPS)}"
    text = f"{name} joined the {group} in winter number {number}."
    spans = (GoldSpan(0, len(name), "PERSON"), GoldSpan(text.index(group), text.index(group) + len(group), "ORG"))
    return GoldRecord(f"r{number}", text, spans, meta={"licence": "own"})


def make_source(count: int = 60, labels: tuple[str, ...] = ("ORG", "PERSON")) -> Source:
    records = tuple(make_record(n) for n in range(count))
    return Source("made.jsonl", "0" * 64, records, (frozenset(labels),) * count, False)


def run(models: Path, base: Base | None = None, **options) -> tuple[str, dict]:
    return train(models, base or Base(HashedEncoder()), [make_source()], QUICK, **options)


def weights(folder: Path) -> bytes:
    return (folder / "head.npz").read_bytes() + (folder / "head.json").read_bytes()


def test_a_model_has_a_card_that_says_where_it_comes_from(tmp_path):
    name, card = run(tmp_path, curve=True, seed=3)

    assert name == card["name"] == "desk-1"
    check_files(tmp_path / "desk-1")
    assert json.loads((tmp_path / "desk-1" / "card.json").read_text()) == json.loads(json.dumps(card))
    assert card["scores"]["micro"]["f"] > 0.8
    assert card["scores"]["micro"]["low"] <= card["scores"]["micro"]["f"] <= card["scores"]["micro"]["high"]
    assert set(card["scores"]["labels"]) == {"ORG", "PERSON"}
    assert card["data"][0]["licence"] == "own"
    assert card["seed"] == 3
    assert sum(card["split"].values()) == 60
    assert [row["share"] for row in card["curve"]] == [0.25, 0.5, 0.75, 1.0]
    assert card["speed"]["words_per_cpu_second"] > 0
    assert len(card["train_texts"]) == card["split"]["train"] + card["split"]["dev"]
    assert 0 <= card["calibration"]["ece"] <= 1
    page = (tmp_path / "desk-1" / "README.md").read_text()
    assert "| ORG |" in page
    assert "made.jsonl" in page
    assert str(tmp_path) not in page + json.dumps(card)


def test_equal_seeds_give_equal_weights_and_another_seed_others(tmp_path):
    for seed in (1, 1, 2):
        run(tmp_path, seed=seed)
    one, two, three = (tmp_path / f"desk-{n}" for n in (1, 2, 3))

    assert weights(one) == weights(two) != weights(three)
    assert check_files(one).digest == check_files(two).digest


def test_the_learning_curve_changes_no_weight(tmp_path):
    run(tmp_path)
    run(tmp_path, curve=True)
    assert weights(tmp_path / "desk-1") == weights(tmp_path / "desk-2")


def test_a_child_starts_where_its_parent_ended_and_learns_a_new_label(tmp_path):
    run(tmp_path)
    parent = Base(HashedEncoder(), read_head(tmp_path / "desk-1"), "desk-1", "d", tmp_path / "desk-1")
    season = tuple(
        replace(r, spans=(*r.spans, GoldSpan(r.text.index("winter"), r.text.index("winter") + 6, "SEASON")))
        for r in make_source().records
    )
    source = Source("s.jsonl", "1" * 64, season, (frozenset(("ORG", "PERSON", "SEASON")),) * 60, False)

    name, card = train(tmp_path, parent, [source], QUICK)

    head = read_head(tmp_path / name)
    assert head.labels == ("ORG", "PERSON", "SEASON")
    assert card["parent"]["name"] == "desk-1"
    assert card["parent"]["gain"]["low"] >= -0.05
    assert card["scores"]["labels"]["SEASON"]["f"] > 0.8


def test_a_label_that_is_not_marked_keeps_what_the_parent_knows(tmp_path):
    run(tmp_path)
    parent = Base(HashedEncoder(), read_head(tmp_path / "desk-1"), "desk-1", "d", tmp_path / "desk-1")
    only = tuple(replace(r, spans=r.spans[1:], text=r.text.replace("winter", "spring")) for r in make_source().records)

    name, _ = train(tmp_path, parent, [Source("o", "2" * 64, only, (frozenset(["ORG"]),) * 60, False)], QUICK)

    from dossier.train.measure import tally
    from dossier.train.states import encode_all

    texts = list(encode_all([(r, frozenset(["PERSON"])) for r in make_source().records[:20]], HashedEncoder()))
    assert tally(read_head(tmp_path / name), texts, ["PERSON"]).micro > 0.8


def test_a_child_is_not_measured_on_what_its_parent_saw_and_remembers_it(tmp_path):
    seen = frozenset(text_digest(r.text) for r in make_source().records[:40])
    _, card = run(tmp_path, Base(HashedEncoder(), seen=seen))

    assert card["split"]["dev"] + card["split"]["test"] <= 20
    assert seen <= set(card["train_texts"])


def test_files_of_the_encoder_go_along_and_the_card_of_the_parent_does_not(tmp_path):
    run(tmp_path)
    (tmp_path / "desk-1" / "encoder.onnx").write_bytes(b"onnx")
    from tests.test_models import reseal

    reseal(tmp_path / "desk-1")
    parent = Base(HashedEncoder(), read_head(tmp_path / "desk-1"), "desk-1", "d", tmp_path / "desk-1")
    name, card = run(tmp_path, parent)

    assert (tmp_path / name / "encoder.onnx").read_bytes() == b"onnx"
    assert json.loads((tmp_path / name / "card.json").read_text())["name"] == name == card["name"]


def test_rules_are_nothing_to_train_from():
    with pytest.raises(UsageError, match="no encoder"):
        load_base(RULES)


def test_a_damaged_parent_is_not_trained_from(tmp_path):
    create_workspace(tmp_path)
    run(tmp_path / "models")
    (tmp_path / "models" / "desk-1" / "head.json").write_text("{}")
    with pytest.raises(ModelError, match=r"head\.json"):
        load_base(find_model(tmp_path, "desk-1"))


def test_a_trained_model_is_activated_and_the_next_training_does_not_touch_it(tmp_path):
    create_workspace(tmp_path)
    run(tmp_path / "models")
    with open_store(tmp_path) as store:
        activate(store, "desk-1", user="ada", force=True)
        before = active_model(store)
        run(tmp_path / "models", seed=9)
        assert active_model(store) == before


TRAINING = """
import sys
from pathlib import Path
from tests.train.test_loop import Base, HashedEncoder, Settings, make_source, train
def report(stage, done, total, what):
    print(stage, done, flush=True)
print("begin", flush=True)
train(Path(sys.argv[1]), Base(HashedEncoder()), [make_source(150)], Settings(epochs=12, patience=12, draws=300), curve=True,
      report=report)
print("end", flush=True)
"""


def start(models: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", TRAINING, str(models)], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "pipeline"), str(ROOT)])},
    )  # fmt: skip


@pytest.mark.timeout(300)
def test_killed_at_any_point_no_half_model_can_be_loaded(tmp_path):
    create_workspace(tmp_path)
    models = tmp_path / "models"
    calm = start(models)
    lines, said = calm.communicate(timeout=120)
    assert calm.returncode == 0, said
    whole = weights(models / "desk-1")

    chance = random.Random(20261121)
    cut_short = 0
    for kill in range(8):
        process = start(models)
        for _ in range(chance.randrange(1, lines.count("\n") - 1) if kill else lines.count("\n") - 1):
            process.stdout.readline()
        time.sleep(chance.uniform(0, 0.05))  # somewhere in the work that follows, or, the first time, in the writing
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=30)
        cut_short += process.returncode == -signal.SIGKILL
        for path in models.iterdir():
            if path.is_dir() and not path.name.startswith("."):
                check_files(path)
                assert weights(path) == whole
        assert all(each.model is not None for each in list_models(tmp_path))
    assert cut_short >= 6

    run(models)
    assert not list(models.glob(".*.part"))
    assert all((path / MANIFEST).is_file() for path in models.iterdir() if path.is_dir())
