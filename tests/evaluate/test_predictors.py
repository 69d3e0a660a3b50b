import json

import pytest
from tests.conftest import need
from tests.test_models import change, make_model, reseal

from dossier.errors import ModelError, UsageError
from dossier.evaluate.predictors import NOWHERE, as_document, current, load_predictor, trained_on
from dossier.gold import read_gold, text_digest
from dossier.models import RULES, activate, default_model, find_model
from dossier.store.db import create_workspace, open_store


def test_the_rules_propose_in_the_characters_of_the_text():
    text = "  The Northern Reach Front (NRF) was founded in March 1998.\n\nIt left Norway."

    found = load_predictor("rules")(text)

    said = {(text[f.start : f.end], f.label) for f in found}
    assert {("NRF", "ORG"), ("March 1998", "DATE"), ("Norway", "PLACE")} <= said


def test_a_report_as_it_came_is_scored_in_its_own_characters():
    from dossier.ingest.read import read_document

    raw = "\r\n  Narvik\r\n\r\n\r\nThe front was founded in March 1998 in Oslo,\r\nand it was then led from Bergen in Norway.\r\n"

    found = load_predictor("rules", read=lambda text: read_document(text.encode(), name="report.txt"))(raw)

    assert {("Oslo", "PLACE"), ("Norway", "PLACE")} <= {(raw[f.start : f.end], f.label) for f in found}


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    """A workspace with the model desk-1, which learned one text; nothing is shipped."""
    monkeypatch.setattr("dossier.models.shipped", lambda name: tmp_path / "shipped")
    create_workspace(tmp_path / "desk")
    make_model(tmp_path / "desk" / "models", card={"train_texts": [text_digest("The NRF met.")]})
    return tmp_path / "desk"


@pytest.fixture
def shipped_model():
    model = default_model(NOWHERE)
    need(model != RULES, "a shipped model")
    return model


@pytest.mark.parametrize("name", ["rulez", "rulez:bare", "desk-2", ""])
def test_an_unknown_model_names_the_known_ones(workspace, name):
    for ask in (load_predictor, trained_on):
        with pytest.raises(UsageError, match=r"there is no model '.*'; there are: rules, desk-1$"):
            ask(name, workspace=workspace)
        with pytest.raises(UsageError, match=r"there are: rules$"):  # models of a workspace are known only there
            ask("desk-1")


@pytest.mark.parametrize("name", ["desk-1", "desk-1:bare"])
def test_a_damaged_model_is_refused(workspace, name):
    change(workspace / "models" / "desk-1")
    for ask in (load_predictor, trained_on):
        with pytest.raises(ModelError, match="is not the file that was written"):
            ask(name, workspace=workspace)


def test_a_model_whose_config_could_run_code_is_refused(workspace):
    folder = workspace / "models" / "desk-1"
    (folder / "config.cfg").write_text((folder / "config.cfg").read_text().replace("dossier_test", "ner"))
    reseal(folder)
    with pytest.raises(ModelError, match="factory = 'ner'"):
        load_predictor("desk-1", workspace=workspace)


def test_what_a_model_learned_stands_in_its_card(workspace):
    learned = frozenset([text_digest("the nrf  MET.")])

    assert trained_on("desk-1", workspace) == trained_on("desk-1:bare", workspace) == learned
    assert trained_on("rules", workspace) == trained_on("rules") == frozenset()


@pytest.mark.parametrize("card", [{}, {"train_texts": "all"}, {"train_texts": [1]}])
def test_a_card_that_does_not_say_what_was_learned_is_refused(workspace, card):
    (workspace / "models" / "desk-1" / "card.json").write_text(json.dumps(card))
    reseal(workspace / "models" / "desk-1")
    with pytest.raises(ModelError, match="does not list its train_texts"):
        trained_on("desk-1", workspace)


def test_the_one_in_use_is_the_activated_one_or_else_the_shipped_one(workspace, tmp_path):
    assert current() == current(workspace) == "rules"
    make_model(tmp_path / "shipped", "base")
    assert current() == current(workspace) == "base-1"

    with open_store(workspace) as store:
        activate(store, "desk-1", user="ada", force=True)
    assert current(workspace) == "desk-1"
    assert current() == "base-1"

    change(find_model(workspace, "desk-1").folder)
    with pytest.raises(ModelError, match="in use since"):
        current(workspace)


def test_rules_have_no_head():
    with pytest.raises(UsageError, match="rules has no head"):
        load_predictor("rules:bare")


def test_the_head_alone_proposes_in_the_characters_of_the_source(shipped_model):
    from dossier.ingest.read import read_document

    raw = "\r\n  Narvik\r\n\r\n\r\nAnna Berg left Oslo in March 1998,\r\nand she then lived in Hamburg in Germany.\r\n"

    def read(text):
        return read_document(text.encode(), name="report.txt")

    found = load_predictor(f"{shipped_model.name}:bare", read=read)(raw)

    said = {(raw[f.start : f.end], f.label) for f in found}
    assert {("Anna Berg", "PERSON"), ("Oslo", "PLACE"), ("Hamburg", "PLACE")} <= said
    assert {f.by for f in found} == {"encoder"}
    assert all(f.norm is None for f in found)
    joined = load_predictor(shipped_model.name, read=read)(raw)
    assert {f.by for f in joined} > {"encoder"}


def test_the_head_alone_reads_past_the_end_of_a_chunk(shipped_model):
    line = "Anna Berg left Oslo in March 1998 and was seen in Hamburg.\n\n"
    text = line * (60_000 // len(line))

    found = load_predictor(f"{shipped_model.name}:bare")(text)

    names = [f for f in found if f.label == "PERSON"]
    assert len(names) == text.count("Anna Berg")
    assert {text[f.start : f.end] for f in names} == {"Anna Berg"}


def test_the_shipped_model_knows_what_it_was_trained_on(shared, shipped_model):
    learned = trained_on(shipped_model.name)
    for part in ("train", "dev"):
        texts = read_gold(shared / "data" / "redocred" / f"{part}.jsonl.gz")
        assert all(text_digest(record.text) in learned for record in texts)


def test_paragraphs_of_a_text_become_its_blocks():
    text = "one\n\n\n\ntwo\nlines\n\n"

    assert [text[b.start : b.end] for b in as_document(text).blocks] == ["one", "two\nlines"]
