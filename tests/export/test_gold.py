"""Rulings become gold: what was looked at is marked, everything else is left out of learning."""

import json

import pytest

from dossier.cli import main
from dossier.export.gold import FILE, export_gold
from dossier.export.traverse import Options
from dossier.gold import read_gold
from dossier.offsets import TextBuilder
from dossier.records import Block, Document, Extraction
from dossier.store.db import create_workspace, open_store
from dossier.store.decisions import append, undo
from dossier.store.documents import InputState, save_input
from dossier.store.proposals import save_extraction

TEXT = (
    "Ada Berg leads the Northern Reach. Bo Dahl left it in 2004. Carl Ek was seen in Narvik.\n\n[1] Ek, Carl. A book."
)
NOTE = TEXT.index("[1]")
LABELS = ["DATE", "NORP", "ORG", "PERSON", "PLACE", "QUANTITY", "WEAPON"]


def mention(words: str, label: str) -> dict:
    start = TEXT.index(words)
    return {"id": f"m_{words}", "document": "d_1", "start": start, "end": start + len(words), "text": words,
            "label": label, "confidence": 0.9, "by": "names"}  # fmt: skip


WORDS = {"Ada Berg": "PERSON", "Northern Reach": "PLACE", "Bo Dahl": "PERSON", "2004": "DATE", "Carl Ek": "PERSON"}
PROPOSED = [mention(words, label) for words, label in WORDS.items()]


@pytest.fixture
def store(tmp_path):
    create_workspace(tmp_path)
    text, offsets = TextBuilder(TEXT).finish()
    blocks = [Block("paragraph", 0, NOTE - 2), Block("note", NOTE, len(TEXT))]
    document = Document("d_1", "0" * 64, "text/plain", "utf-8", text, offsets.to_bytes(), "1", blocks=blocks)
    with open_store(tmp_path) as store:
        save_input(store, InputState("corpus", "a.txt", 1, 1, "0" * 64, None, "r", "done", document="d_1"), document)
        save_extraction(store, Extraction("d_1", mentions=PROPOSED), "f")
        yield store


def rule(store, words, ruling, **record):
    return append(
        store, kind="mention", key=words, proposal=f"m_{words}", ruling=ruling, record=json.dumps(record), user="ada"
    )


def finish(store, **record):
    return append(store, kind="document", key="d_1", ruling="finish", record=json.dumps(record), user="ada")


def gold(store):
    export_gold(store, store.folder / "annotations", Options())
    return read_gold(store.folder / "annotations" / FILE)


def marks(record):
    return [(record.text[s.start : s.end], s.label) for s in record.spans]


def ignored(record):
    return [record.text[s.start : s.end].strip() for s in record.ignore]


def test_without_rulings_nothing_is_gold(store):
    assert gold(store) == []


def test_a_sentence_is_gold_when_all_its_proposals_are_ruled(store):
    rule(store, "Ada Berg", "accept")
    assert gold(store) == []  # the other proposal of the sentence waits

    rule(store, "Northern Reach", "edit", label="ORG")
    (record,) = gold(store)
    assert marks(record) == [("Ada Berg", "PERSON"), ("Northern Reach", "ORG")]
    assert ignored(record) == [TEXT[TEXT.index("Bo Dahl") :]]
    assert record.meta["labels"] == LABELS


def test_a_rejected_proposal_is_a_counter_example(store):
    rule(store, "Carl Ek", "reject")
    (record,) = gold(store)

    assert marks(record) == []
    assert ignored(record) == ["Ada Berg leads the Northern Reach. Bo Dahl left it in 2004.", "[1] Ek, Carl. A book."]


def test_a_finished_document_is_gold_but_for_its_notes(store):
    rule(store, "Ada Berg", "accept")
    rule(store, "Bo Dahl", "reject")
    finish(store)
    (record,) = gold(store)

    assert marks(record) == [("Ada Berg", "PERSON")]
    assert ignored(record) == ["[1] Ek, Carl. A book."]
    assert record.meta["finished"]


def test_what_people_added_or_moved_is_marked_and_what_they_took_back_is_not(store):
    start = TEXT.index("Narvik")
    added = {"document": "d_1", "start": start, "end": start + 6, "text": "Narvik", "label": "PLACE"}
    decision = append(store, kind="mention", key="narvik", ruling="add", record=json.dumps(added), user="ada")
    rule(store, "Carl Ek", "edit", end=TEXT.index("Carl Ek") + 4, text="Carl")
    (record,) = gold(store)
    assert marks(record) == [("Carl", "PERSON"), ("Narvik", "PLACE")]

    undo(store, decision.id, user="ada")
    assert marks(gold(store)[0]) == [("Carl", "PERSON")]


def test_rulings_outlive_the_proposals_of_another_model(store):
    rule(store, "Ada Berg", "accept")
    rule(store, "Northern Reach", "reject")
    save_extraction(store, Extraction("d_1", mentions=PROPOSED[2:]), "another")

    assert marks(gold(store)[0]) == [("Ada Berg", "PERSON")]


def test_of_overlapping_marks_the_last_ruling_counts(store):
    rule(store, "Ada Berg", "accept")
    rule(store, "Northern Reach", "reject")
    longer = {"document": "d_1", "start": 0, "end": 14, "text": "Ada Berg leads", "label": "ORG"}
    append(store, kind="mention", key="longer", ruling="add", record=json.dumps(longer), user="ada")

    assert marks(gold(store)[0]) == [("Ada Berg leads", "ORG")]


def test_a_ruling_on_words_that_changed_is_counted_and_left_out(store):
    rule(store, "Carl Ek", "edit", text="Karl Ek")

    assert export_gold(store, store.folder / "annotations", Options()) == {"unplaced": 1}


def test_a_label_of_the_desk_counts_as_looked_for_only_where_it_was(store):
    (store.folder / "configs" / "schema.toml").write_text('[labels.VESSEL]\ntitle = "ship"\n')
    rule(store, "Carl Ek", "accept")
    assert "VESSEL" not in gold(store)[0].meta["labels"]

    rule(store, "Carl Ek", "edit", label="VESSEL")
    assert "VESSEL" in gold(store)[0].meta["labels"]
    rule(store, "Carl Ek", "accept")
    finish(store, labels=[*LABELS, "VESSEL", "UNKNOWN"])
    assert gold(store)[0].meta["labels"] == sorted([*LABELS, "VESSEL"])


def test_equal_rulings_give_equal_bytes(store):
    finish(store)
    gold(store)
    first = (store.folder / "annotations" / FILE).read_bytes()
    gold(store)
    assert (store.folder / "annotations" / FILE).read_bytes() == first


def test_the_command_writes_a_file_or_into_a_folder(store, tmp_path, capsys):
    rule(store, "Carl Ek", "accept")
    for out in ("annotations", "elsewhere/mine.jsonl"):
        with pytest.raises(SystemExit):
            main(["export", str(tmp_path / out), "--format", "gold", "-w", str(tmp_path)])
    assert "1 mention, 1 text" in capsys.readouterr().out
    assert (tmp_path / "elsewhere" / "mine.jsonl").read_bytes() == (tmp_path / "annotations" / FILE).read_bytes()
