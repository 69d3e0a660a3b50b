"""Models are listed, checked, put to work and taken back; nothing that could run code is loaded."""

import json
import os
from pathlib import Path

import apsw
import pytest

from dossier.errors import ModelError, UsageError
from dossier.extract import describe_pipeline
from dossier.floors import below_floors, load_floors
from dossier.model_config import load_config
from dossier.model_files import MANIFEST, built_whole, check_files, final_name, read_manifest
from dossier.models import RULES, activate, active_model, check_model, find_model, list_models, rollback
from dossier.resources import configs_folders
from dossier.store.db import create_workspace, open_store
from dossier.store.models import load_activations

CONFIG = """\
[nlp]
lang = "en"
pipeline = ["mentions"]

[components]

[components.mentions]
factory = "dossier_test"
"""
GOOD = {"f": 0.8, "p": 0.8, "r": 0.8, "low": 0.7, "high": 0.9, "support": 100}
CARD = {"scores": {"micro": GOOD, "labels": {"ORG": GOOD}}, "calibration": {"ece": 0.05, "mentions": 300}}


def make_model(
    models: Path, name: str = "desk", *, config: str = CONFIG, card: dict = CARD, weights: bytes = b"w"
) -> Path:
    with built_whole(models, name) as folder:
        (folder / "config.cfg").write_text(config)
        (folder / "card.json").write_text(json.dumps(card))
        (folder / "mentions").mkdir()
        (folder / "mentions" / "head.npz").write_bytes(weights)
        full = final_name(folder)
    return models / full


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.setattr("dossier.models.shipped", lambda name: tmp_path / "shipped")
    create_workspace(tmp_path / "desk")
    with open_store(tmp_path / "desk") as store:
        yield store


def reseal(folder: Path) -> None:
    """Write the manifest anew, as one who can write into the folder would."""
    import hashlib

    names = [p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file() and p.name != MANIFEST]
    data = {name: (folder / name).read_bytes() for name in names}
    files = {n: {"sha256": hashlib.sha256(data[n]).hexdigest(), "bytes": len(data[n])} for n in names}
    (folder / MANIFEST).write_text(json.dumps({"format": 1, "files": files}))


# ------------------------------------------------------------------ written whole


def test_versions_count_up_and_the_old_ones_stay(tmp_path):
    assert [make_model(tmp_path).name for _ in range(3)] == ["desk-1", "desk-2", "desk-3"]
    with built_whole(tmp_path, "desk", taken=frozenset({"desk-7"})) as folder:
        assert final_name(folder) == "desk-8"


def test_a_failing_training_leaves_nothing(tmp_path):
    with pytest.raises(ZeroDivisionError), built_whole(tmp_path, "desk") as folder:
        (folder / "config.cfg").write_text(CONFIG)
        raise ZeroDivisionError
    assert [p.name for p in tmp_path.iterdir()] == [".training.lock"]


def test_what_a_killed_training_left_is_no_model_and_is_cleared_away(tmp_path, store):
    models = store.folder / "models"
    (models / ".desk-1.part").mkdir()
    (models / ".desk-1.part" / "config.cfg").write_text(CONFIG)
    assert [each.name for each in list_models(store.folder)] == ["rules"]

    make_model(models)
    assert [each.name for each in list_models(store.folder)] == ["rules", "desk-1"]
    assert not (models / ".desk-1.part").exists()


def test_two_trainings_at_once_are_refused(tmp_path):
    with (
        built_whole(tmp_path, "desk"),
        pytest.raises(Exception, match="another training"),
        built_whole(tmp_path, "other"),
    ):
        pass


@pytest.mark.parametrize("name", ["../desk", "Desk", "", "a b", ".desk", "desk/x"])
def test_a_name_that_is_no_name_is_refused(tmp_path, name):
    with pytest.raises(ModelError, match="no name for a model"), built_whole(tmp_path, name):
        pass


def test_the_card_is_not_part_of_the_digest(tmp_path):
    one, two = make_model(tmp_path), make_model(tmp_path, card={**CARD, "made_at": "later"})
    three = make_model(tmp_path, weights=b"other")

    assert read_manifest(one).digest == read_manifest(two).digest != read_manifest(three).digest


# ------------------------------------------------------------------ files


def change(folder: Path) -> None:
    (folder / "mentions" / "head.npz").write_bytes(b"v")


def cut_short(folder: Path) -> None:
    (folder / "mentions" / "head.npz").write_bytes(b"")


def remove(folder: Path) -> None:
    (folder / "mentions" / "head.npz").unlink()


def add(folder: Path) -> None:
    (folder / "sitecustomize.py").write_text("print('run')")


def link(folder: Path) -> None:
    (folder / "mentions" / "head.npz").rename(folder.parent / "head.npz")
    (folder / "mentions" / "head.npz").symlink_to(folder.parent / "head.npz")


def link_folder(folder: Path) -> None:
    (folder / "mentions").rename(folder.parent / "elsewhere")
    (folder / "mentions").symlink_to(folder.parent / "elsewhere")


def pipe(folder: Path) -> None:
    os.mkfifo(folder / "pipe.json")


def no_manifest(folder: Path) -> None:
    (folder / MANIFEST).unlink()


def linked_manifest(folder: Path) -> None:
    (folder / MANIFEST).rename(folder.parent / "m.json")
    (folder / MANIFEST).symlink_to(folder.parent / "m.json")


def broken_manifest(folder: Path) -> None:
    (folder / MANIFEST).write_text('{"format": 1, "files": []}')


def way_out(folder: Path) -> None:
    (folder / MANIFEST).write_text(
        json.dumps({"format": 1, "files": {"../../secret": {"sha256": "0" * 64, "bytes": 1}}})
    )


def newer(folder: Path) -> None:
    (folder / MANIFEST).write_text('{"format": 99, "files": {}}')


@pytest.mark.parametrize(
    ("tamper", "said"),
    [
        (change, "'mentions/head.npz' is not the file that was written"),
        (cut_short, "'mentions/head.npz' is not the file that was written"),
        (remove, "'mentions/head.npz' is missing"),
        (add, "'sitecustomize.py' is not in MANIFEST.json"),
        (link, "'mentions/head.npz' is a link"),
        (link_folder, "'mentions' is a link"),
        (pipe, "'pipe.json' is no plain file"),
        (no_manifest, "holds no plain file MANIFEST.json"),
        (linked_manifest, "holds no plain file MANIFEST.json"),
        (broken_manifest, "does not read"),
        (way_out, "is no place inside a model"),
        (newer, "upgrade dossier"),
    ],
    ids=lambda p: p.__name__ if callable(p) else "",
)
def test_a_folder_that_is_not_what_was_written_is_refused(store, tamper, said):
    folder = make_model(store.folder / "models")
    check_files(folder)
    tamper(folder)

    with pytest.raises(ModelError, match=said):
        check_files(folder)
    with pytest.raises(ModelError, match=said):
        activate(store, "desk-1", user="ada", force=True)
    assert active_model(store) == RULES


def test_a_link_to_a_model_is_no_model(store, tmp_path):
    make_model(tmp_path / "elsewhere")
    (store.folder / "models" / "desk-1").symlink_to(tmp_path / "elsewhere" / "desk-1")

    with pytest.raises(ModelError, match="is a link"):
        find_model(store.folder, "desk-1")


# ------------------------------------------------------------------ configs


@pytest.mark.parametrize(
    ("config", "said"),
    [
        (CONFIG.replace("dossier_test", "ner"), "factory = 'ner' is not one"),
        (CONFIG.replace("dossier_test", "entity_linker"), "factory = 'entity_linker'"),
        (CONFIG.replace('factory = "dossier_test"', 'source = "/tmp/evil"'), r"\[components.mentions\] source would run"),
        (CONFIG.replace('factory = "dossier_test"', "x = 1"), "factory = None"),
        (CONFIG + '\n[initialize]\n\n[initialize.before_init]\n@callbacks = "evil.v1"\n', "before_init would run code"),
        (CONFIG + '\n[initialize]\nvectors = "x"\n', r"section \[initialize\] is refused"),
        (CONFIG + '\n[training]\nseed = 1\n', r"section \[training\] is refused"),
        (CONFIG.replace('lang = "en"', 'lang = "en"\ncode = "evil.py"'), r"\[nlp\] code would run code"),
        (CONFIG.replace('lang = "en"', 'lang = "en"\nvectors = "x"'), r"\[nlp\] vectors is refused"),
        (CONFIG.replace('lang = "en"', 'lang = "os.path"'), "no language code"),
        (CONFIG + '\n[components.mentions.model]\n@architectures = "evil.Model.v1"\n', "'evil.Model.v1' is no function"),
        (CONFIG + '\n[components.mentions.text]\n@readers = "spacy.read_file"\n', "'spacy.read_file' is no function"),
        (CONFIG + 'path = "${paths.x}"\n', "nothing outside itself"),
        (CONFIG.replace('["mentions"]', '["mentions", "more"]'), "does not list the components"),
        ("[nlp\n", "does not read"),
    ],
)  # fmt: skip
def test_a_config_that_could_run_code_is_refused_by_name(store, config, said):
    make_model(store.folder / "models", config=config)

    with pytest.raises(ModelError, match=said):
        activate(store, "desk-1", user="ada", force=True)


def test_the_project_s_own_tokenizer_and_factories_are_allowed(tmp_path):
    config = CONFIG.replace("\n[components]", '\n[nlp.tokenizer]\n@tokenizers = "dossier.Tokenizer.v1"\n\n[components]')
    assert load_config(make_model(tmp_path, config=config))["components"]["mentions"] == {"factory": "dossier_test"}


# ------------------------------------------------------------------ floors


FLOORS = {"mentions": {"micro": 0.5, "ece": 0.08, "held_out": 30, "sure_ece": 200, "sure_label": 20, "not_below_parent": True},
          "labels": {}}  # fmt: skip


@pytest.mark.parametrize(
    ("card", "said"),
    [
        ({"scores": {"micro": {**GOOD, "f": 0.49}}}, "micro F1 0.490, the floor is 0.5"),
        ({"scores": {"micro": {**GOOD, "support": 29}}}, "29 held-out mentions"),
        ({**CARD, "calibration": {"ece": 0.09, "mentions": 200}}, "calibration error 0.090"),
        ({**CARD, "floors": {"mentions": {"micro": 0.9}}}, "the floor is 0.9"),
        ({**CARD, "floors": {"labels": {"ORG": 0.85}}}, "ORG F1 0.800"),
        ({**CARD, "parent": {"name": "base-1", "gain": {"f": -0.04, "low": -0.06, "high": -0.01}}}, "than its parent base-1"),
        ({"name": "x"}, "no scores"),
    ],
)  # fmt: skip
def test_a_model_below_a_floor_says_which(card, said):
    assert said in below_floors(card, FLOORS)[0]


@pytest.mark.parametrize(
    "card",
    [
        CARD,
        {},
        {**CARD, "calibration": {"ece": 0.2, "mentions": 199}},  # too few to tell
        {**CARD, "floors": {"mentions": {"micro": 0.1}}},
        {**CARD, "parent": {"name": "base-1", "gain": {"f": -0.04, "low": -0.09, "high": 0.01}}},  # not significant
    ],
)
def test_a_model_at_its_floors_passes(card):
    assert below_floors(card, FLOORS) == []


def test_a_card_cannot_lower_the_floors_of_the_desk():
    assert below_floors({**CARD, "floors": {"mentions": {"micro": 0.1}}}, {**FLOORS, "mentions": {"micro": 0.85}})


def test_a_floor_that_is_none_is_refused(tmp_path):
    (tmp_path / "floors.toml").write_text("[mentions]\nmicor = 0.5\n")
    with pytest.raises(Exception, match="micor"):
        load_floors([*configs_folders(), tmp_path])


# ------------------------------------------------------------------ activation


def test_rules_are_in_use_until_something_else_is(store):
    assert active_model(store) == RULES
    make_model(store.folder / "models")

    activate(store, "desk-1", user="ada", reason="better")

    assert active_model(store) == find_model(store.folder, "desk-1")
    (row,) = load_activations(store)
    assert (row.model, row.user, row.forced, row.reason) == ("desk-1", "ada", False, "better")


def test_a_shipped_model_is_in_use_where_nobody_chose(store, tmp_path):
    make_model(tmp_path / "shipped", "base")

    assert active_model(store).name == "base-1"
    activate(store, "rules", user="ada")
    assert active_model(store) == RULES


def test_a_model_below_its_floors_is_activated_only_by_force_and_that_is_logged(store):
    make_model(store.folder / "models", card={"scores": {"micro": {**GOOD, "f": 0.2}}})

    with pytest.raises(ModelError, match="below its floors"):
        activate(store, "desk-1", user="ada")
    assert load_activations(store) == []

    row = activate(store, "desk-1", user="ada", force=True, reason="a trial")
    assert row.forced
    assert row.reason.startswith("a trial; micro F1 0.200")


def test_force_of_a_good_model_is_not_logged_as_forced(store):
    make_model(store.folder / "models")
    assert not activate(store, "desk-1", user="ada", force=True).forced


def test_rollback_goes_back_step_by_step(store):
    for _ in range(3):
        make_model(store.folder / "models")
    for name in ("desk-1", "desk-2", "desk-3"):
        activate(store, name, user="ada")

    assert [rollback(store, user="bo").model for _ in range(3)] == ["desk-2", "desk-1", "rules"]
    with pytest.raises(UsageError, match="no model was activated"):
        rollback(store, user="bo")
    assert len(load_activations(store)) == 6


def test_after_a_rollback_a_new_activation_rolls_back_to_what_stood(store):
    for _ in range(3):
        make_model(store.folder / "models")
    activate(store, "desk-1", user="ada")
    activate(store, "desk-2", user="ada")
    rollback(store, user="ada")
    activate(store, "desk-3", user="ada")

    assert rollback(store, user="ada").model == "desk-1"


def test_a_model_that_was_changed_after_its_activation_is_not_used(store):
    folder = make_model(store.folder / "models")
    activate(store, "desk-1", user="ada")
    change(folder)
    with pytest.raises(ModelError, match="not the file that was written"):
        active_model(store)

    reseal(folder)  # the manifest fits again, but it is another model
    check_model(find_model(store.folder, "desk-1"))
    with pytest.raises(ModelError, match="not the model that ada activated"):
        active_model(store)


def test_a_model_that_is_gone_is_named_with_what_to_do(store):
    folder = make_model(store.folder / "models")
    activate(store, "desk-1", user="ada")
    folder.rename(store.folder / "gone")

    with pytest.raises(ModelError, match="dossier models activate"):
        active_model(store)
    activate(store, "rules", user="ada")
    assert active_model(store) == RULES


def test_the_log_cannot_be_rewritten(store):
    make_model(store.folder / "models")
    activate(store, "desk-1", user="ada")
    with pytest.raises(apsw.ConstraintError, match="never rewritten"):
        store.db.execute("UPDATE activation SET user = 'eve'")
    with pytest.raises(apsw.ConstraintError, match="never deleted"):
        store.db.execute("DELETE FROM activation")


def test_another_model_is_another_pipeline(store):
    make_model(store.folder / "models")
    model = find_model(store.folder, "desk-1")

    described = describe_pipeline(None, model)["model"]
    assert described["name"] == "desk-1"
    assert described["digest"] == model.digest[:16]
    assert describe_pipeline(None)["model"]["name"] == "rules"


def test_the_floors_of_a_desk_change_no_fingerprint(store):
    before = describe_pipeline(store.folder / "configs")
    (store.folder / "configs" / "floors.toml").write_text("[mentions]\nmicro = 0.9\n")
    assert describe_pipeline(store.folder / "configs") == before


# ------------------------------------------------------------------ the command


def test_the_command_lists_shows_activates_and_rolls_back(dossier, tmp_path, monkeypatch):
    monkeypatch.setattr("dossier.models.shipped", lambda name: tmp_path / "shipped")
    dossier("init", "desk")
    make_model(tmp_path / "desk" / "models")
    in_desk = ("-w", tmp_path / "desk")

    assert "* rules" in dossier("models", "list", *in_desk).out
    assert "F1 0.800" in dossier("models", "show", "desk-1", *in_desk).out
    assert dossier("models", "activate", "desk-1", *in_desk).out == "desk-1 is in use\n"
    assert "* desk-1" in dossier("models", "list", *in_desk).out
    assert dossier("models", "verify", *in_desk).code == 0
    assert dossier("models", "rollback", *in_desk).out == "rules is in use again\n"
    assert "back to rules: rolled back desk-1" in dossier("models", "log", *in_desk).out


def test_verify_and_list_name_the_damaged_model(dossier, tmp_path, monkeypatch):
    monkeypatch.setattr("dossier.models.shipped", lambda name: tmp_path / "shipped")
    dossier("init", "desk")
    folder = make_model(tmp_path / "desk" / "models")
    change(folder)
    said = dossier("models", "verify", "-w", tmp_path / "desk")
    assert said.code == 1
    assert "FAULT  desk-1" in said.out
    assert "'mentions/head.npz' is not the file that was written" in dossier("doctor", "-w", tmp_path / "desk").out

    no_manifest(folder)
    assert "DAMAGED" in dossier("models", "list", "-w", tmp_path / "desk").out


def test_an_unknown_model_names_the_known_ones(dossier, tmp_path):
    dossier("init", "desk")
    said = dossier("models", "activate", "desk-9", "-w", tmp_path / "desk")
    assert said.code == 1
    assert "there are: rules" in said.err
