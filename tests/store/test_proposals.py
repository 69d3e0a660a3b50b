"""Proposals take the place of former ones; what was ruled on is never dropped."""

import pytest

from dossier.export.traverse import account
from dossier.offsets import TextBuilder
from dossier.records import Block, Document, Extraction, Warned
from dossier.store.db import create_workspace, open_store
from dossier.store.decisions import append
from dossier.store.documents import InputState, load_document, load_inputs, quarantine_document, save_input
from dossier.store.proposals import documents_to_extract, iter_proposals, save_extraction

NONE = dict.fromkeys(
    ("proposed", "accepted", "edited", "rejected", "pending", "superseded", "added", "kept", "disputed", "lost"), 0
)


@pytest.fixture
def store(tmp_path):
    create_workspace(tmp_path)
    with open_store(tmp_path) as store:
        yield store


def make_document(words="Oslo and Bergen", warnings=()):
    text, offsets = TextBuilder(words).finish()
    return Document(
        id="d_1", sha256="1" * 64, media_type="text/plain", encoding="utf-8", text=text, offsets=offsets.to_bytes(),
        ingest="1", blocks=[Block("paragraph", 0, len(text))], warnings=list(warnings),
    )  # fmt: skip


def add(store, document, path="a.txt", state="done"):
    save_input(
        store, InputState("corpus", path, 1, 1, document.sha256, None, "reader", state, document=document.id), document
    )


def mention(name, start):
    return {"id": f"m_{start}", "label": "PLACE", "text": name, "start": start, "confidence": 0.5, "by": "x"}


def test_a_document_comes_back_as_it_was(store):
    document = make_document(warnings=[Warned("encoding_guessed", "cp1252")])
    add(store, document)

    assert load_document(store, "d_1") == document


def test_a_document_is_extracted_once_for_each_fingerprint(store):
    add(store, make_document())
    assert documents_to_extract(store, "f" * 32) == ["d_1"]

    save_extraction(store, Extraction("d_1"), "f" * 32)
    assert documents_to_extract(store, "f" * 32) == []
    assert documents_to_extract(store, "0" * 32) == ["d_1"]

    add(store, make_document("Oslo, then Bergen"))
    assert documents_to_extract(store, "f" * 32) == ["d_1"]


def test_former_proposals_go_and_ruled_ones_are_superseded(store):
    add(store, make_document())
    save_extraction(store, Extraction("d_1", mentions=[mention("Oslo", 0), mention("Bergen", 9)]), "f" * 32)
    append(store, kind="mention", key="k", proposal="m_9", ruling="accept", record="{}", user="ada")

    save_extraction(store, Extraction("d_1", mentions=[mention("Oslo and Bergen", 0)]), "0" * 32)

    assert [m["text"] for m in iter_proposals(store, "mention", "d_1")] == ["Oslo and Bergen"]
    assert account(store) | {"pending": 0} == {**NONE, "proposed": 2, "superseded": 1, "kept": 1}


def test_a_superseded_proposal_that_is_made_again_stands_again(store):
    add(store, make_document())
    both = Extraction("d_1", mentions=[mention("Oslo", 0), mention("Bergen", 9)])
    save_extraction(store, both, "f" * 32)
    append(store, kind="mention", key="k", proposal="m_9", ruling="accept", record="{}", user="ada")
    save_extraction(store, Extraction("d_1"), "0" * 32)
    save_extraction(store, both, "f" * 32)

    assert account(store) == {**NONE, "proposed": 2, "accepted": 1, "pending": 1}


def test_a_document_that_cannot_be_extracted_from_quarantines_its_input(store):
    add(store, make_document())
    quarantine_document(store, "d_1", "extract_timeout", "too long", made_with="f" * 32)

    (found,) = load_inputs(store)
    assert (found.state, found.code, found.document) == ("quarantined", "extract_timeout", None)
    assert documents_to_extract(store, "f" * 32) == []
    assert found.same_file(1, 1, None, ("reader", "reader+" + "f" * 32))  # not tried again in the same way
    assert not found.same_file(1, 1, None, ("reader", "reader+" + "0" * 32))  # but with another pipeline


def test_warnings_of_the_extraction_show_in_the_state(store):
    add(store, make_document())
    save_extraction(store, Extraction("d_1", warnings=[Warned("language_other", "es")]), "f" * 32)

    assert load_inputs(store)[0].state == "warned"
