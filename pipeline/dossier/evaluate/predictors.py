"""Models by name, as functions from a text to the mentions that they propose in it.

A name is one of `dossier models list`; `NAME:bare` is the encoder of a model and its head, without the rules.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from dossier.models import active_model, check_model, default_model, find_model, read_card
from dossier.offsets import TextBuilder
from dossier.records import Block, Document, Found
from dossier.store.db import open_store

if TYPE_CHECKING:
    from spacy.language import Language

Predictor = Callable[[str], list[Found]]
Reader = Callable[[str], Document]
BARE = ":bare"
BARE_PARTS = ("sentences", "encoder")
CONFIGS = "configs"


def current_model(workspace: Path | None) -> str:
    """The name of the model in use in a workspace; outside of any, the one that came with dossier."""
    if workspace is None:
        return default_model(None).name
    with open_store(workspace) as store:
        return active_model(store).name


@lru_cache(maxsize=4)
def _load(name: str, workspace: Path | None) -> Language:
    from dossier.components.pipeline import load_pipeline

    model = find_model(workspace, name.removesuffix(BARE))
    check_model(model)
    nlp = load_pipeline(overlay=workspace / CONFIGS if workspace else None, model=model.folder)
    if name.endswith(BARE):
        for part in [part for part in nlp.pipe_names if part not in BARE_PARTS]:
            nlp.remove_pipe(part)
    return nlp


def load_predictor(name: str, *, workspace: Path | None = None, read: Reader | None = None) -> Predictor:
    """The mentions that a model proposes in a text, in characters of that text.

    workspace: whose models and configs count; read: how a report as it came becomes a Document (without it the text is one,
    its paragraphs set apart by blank lines). Raises UsageError for a name that is not known, ModelError for a model that is
    not the one that was written.
    """
    nlp = _load(name, workspace)
    make = read or as_document

    from dossier.components.pipeline import extract_document

    def predict(text: str) -> list[Found]:
        found = extract_document(nlp, make(text)).mentions
        return [
            Found(m["source"]["start"], m["source"]["end"], m["label"], m["confidence"], m["by"], m["norm"])
            for m in found
        ]

    return predict


def trained_on(name: str, workspace: Path | None = None) -> frozenset[str]:
    """The digests of the texts that a model was trained on, from its card; rules learn from none."""
    card = read_card(find_model(workspace, name.removesuffix(BARE)))
    return frozenset(card.get("train_texts", ()))


def as_document(text: str) -> Document:
    """A text that is already in reading order, as a Document whose offsets are its own."""
    blocks, at = [], 0
    for part in text.split("\n\n"):
        if part.strip():
            blocks.append(Block("paragraph", at, at + len(part)))
        at += len(part) + 2
    _, offsets = TextBuilder(text).finish()
    return Document("d_text", "", "text/plain", "utf-8", text, offsets.to_bytes(), "", blocks=blocks)
