import pytest

from dossier.errors import UsageError
from dossier.evaluate.predictors import as_document, load_predictor, trained_on


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
        with pytest.raises(UsageError, match="no model 'rulez'; there are: rules"):
            ask("rulez")


def test_rules_were_trained_on_nothing():
    assert trained_on("rules") == frozenset()


def test_paragraphs_of_a_text_become_its_blocks():
    text = "one\n\n\n\ntwo\nlines\n\n"

    assert [text[b.start : b.end] for b in as_document(text).blocks] == ["one", "two\nlines"]
