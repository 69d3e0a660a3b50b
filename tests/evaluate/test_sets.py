import json

import pytest

from dossier.errors import RecordError, UsageError
from dossier.evaluate.sets import leave_out_known, load_set, load_sets, without_notes
from dossier.gold import text_digest, write_gold

KNOWN = ("ORG", "PERSON", "PLACE", "DATE")


@pytest.fixture
def file(tmp_path):
    def write(*records):
        path = tmp_path / "desk" / "dev.jsonl"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"".join(write_gold(records)))
        return path

    return write


def test_a_set_is_scored_on_the_labels_that_it_marks(file, gold):
    found = load_set(file(gold("the [NRF|ORG] and [1984|MISC] in [Oslo|PLACE]")), KNOWN)

    assert (found.name, found.labels, found.raw) == ("desk/dev", ("ORG", "PLACE"), False)


def test_a_set_may_say_which_labels_it_marks(file, gold):
    found = load_set(file(gold("the [NRF|ORG] met", meta={"labels": ["ORG", "DATE"]})), KNOWN)

    assert found.labels == ("ORG", "DATE")


def test_asked_labels_that_a_set_does_not_mark_are_not_scored(file, gold):
    path = file(gold("the [NRF|ORG] met [Ola|PERSON]"))

    assert load_sets([path], None, KNOWN, labels=("ORG", "DATE"))[0].labels == ("ORG",)
    with pytest.raises(UsageError, match="marks ORG, PERSON, none of DATE"):
        load_sets([path], None, KNOWN, labels=("DATE",))
    with pytest.raises(UsageError, match="no label 'ORGANISATION'"):
        load_sets([path], None, KNOWN, labels=("ORGANISATION",))


def test_a_set_without_a_known_label_is_refused(file, gold):
    with pytest.raises(UsageError, match="marks none of ORG"):
        load_set(file(gold("[1984|MISC]")), KNOWN)


def test_a_gold_folder_is_the_report_beside_it_in_its_own_characters(tmp_path):
    (tmp_path / "north.gold").mkdir()
    (tmp_path / "north.txt").write_bytes("\ufeffThe NRF\r\nmet Ola.".encode())
    (tmp_path / "north.gold" / "mentions.jsonl").write_text(
        json.dumps({"start": 4, "end": 7, "label": "ORG", "text": "NRF", "norm": "nrf"}) + "\n"
    )
    (tmp_path / "north.gold" / "extra.jsonl").write_text(json.dumps({"start": 13, "end": 16, "label": "PERSON"}) + "\n")

    found = load_set(tmp_path / "north.gold", KNOWN)

    assert (found.name, found.raw, found.labels) == ("north", True, ("ORG", "PERSON"))
    assert [found.records[0].text[s.start : s.end] for s in found.records[0].spans] == ["NRF", "Ola"]


def test_a_mention_that_does_not_read_as_the_report_names_its_line(tmp_path):
    (tmp_path / "north.txt").write_text("The NRF met.")
    marks = tmp_path / "marks.jsonl"
    marks.write_text('{"start": 4, "end": 7, "label": "ORG", "text": "NRA"}\n')

    with pytest.raises(RecordError, match=r"marks.jsonl, line 1: .*reads 'NRF', the annotation says 'NRA'"):
        load_sets([], (tmp_path / "north.txt", marks), KNOWN)


def test_a_folder_without_its_report_names_both(tmp_path):
    (tmp_path / "north.gold").mkdir()

    with pytest.raises(RecordError, match=r"north.txt and its mentions cannot be read"):
        load_set(tmp_path / "north.gold", KNOWN)


def test_numbered_notes_can_be_left_out(gold):
    notes = "[1] Berg, [Anna|PERSON]. “The\nNorth.” [BBC|ORG].\n[2] [Ola|PERSON]."
    record = gold(f"The [NRF|ORG] met.[1]\n\n{notes}\n\nIn [Oslo|PLACE].")

    found = without_notes(record)

    assert [s.label for s in found.spans] == ["ORG", "PLACE"]
    assert [record.text[s:e][:3] for s, e in found.ignore] == ["[1]", "[2]"]


def test_texts_that_a_model_was_trained_on_are_left_out_and_counted(file, gold):
    found = load_set(file(gold("the [NRF|ORG] met", id="a"), gold("the [NRA|ORG] left", id="b")), KNOWN)

    kept = leave_out_known(found, {text_digest("The  NRF met")}, "north-1")

    assert ([r.id for r in kept.records], kept.left_out) == (["b"], 1)
    with pytest.raises(UsageError, match="all 2 texts were in the training data of north-1"):
        leave_out_known(found, {text_digest(r.text) for r in found.records}, "north-1")
