import pytest

from dossier.errors import UsageError
from dossier.evaluate.predictors import as_document, current_model, load_predictor, trained_on
from dossier.gold import read_gold, text_digest


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


def test_an_unknown_model_names_the_known_ones():
    for ask in (load_predictor, trained_on):
        with pytest.raises(UsageError, match="no model 'rulez'; there are: rules, minilm-1"):
            ask("rulez")


def test_a_bare_model_proposes_without_the_rules():
    text = "The Northern Reach Front met in Oslo and Bergen."

    assert {f.by for f in load_predictor("minilm-1:bare")(text)} == {"encoder"}
    assert {f.by for f in load_predictor("rules")(text)} & {"encoder"} == set()


def test_the_model_that_came_with_dossier_is_the_current_one_outside_a_workspace():
    assert current_model(None) == "minilm-1"


def test_a_text_of_the_training_sets_is_known(shared):
    (first, *_) = read_gold(shared / "data" / "wikigold" / "dev.jsonl.gz")

    assert text_digest(first.text) in trained_on("minilm-1:bare")


def test_rules_were_trained_on_nothing():
    assert trained_on("rules") == frozenset()


def test_paragraphs_of_a_text_become_its_blocks():
    text = "one\n\n\n\ntwo\nlines\n\n"

    assert [text[b.start : b.end] for b in as_document(text).blocks] == ["one", "two\nlines"]
