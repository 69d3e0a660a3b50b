"""Models by name, as functions from a text to the mentions that they propose in it.

The names are those of `dossier models list`; `NAME:bare` is the head of that model alone, without the rules.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from dossier.errors import ModelError, UsageError
from dossier.models import ModelRef, active_model, check_model, default_model, find_model, read_card
from dossier.offsets import OffsetMap, TextBuilder
from dossier.records import Block, Document, Found

if TYPE_CHECKING:
    from spacy.language import Language

Predictor = Callable[[str], list[Found]]
Reader = Callable[[str], Document]

BARE = ":bare"
BARE_PIPES = ("sentences", "encoder")
NOWHERE = Path(os.devnull)  # stands for a workspace where there is none: it holds no models


class Chosen(NamedTuple):
    """A model, and whether its head is asked alone."""

    model: ModelRef
    bare: bool


def current(workspace: Path | None = None) -> str:
    """The name of the model in use; outside a workspace that of the shipped one."""
    if workspace is None:
        return default_model(NOWHERE).name
    from dossier.store.db import open_store

    with open_store(workspace) as store:
        return active_model(store).name


def load_predictor(name: str, *, workspace: Path | None = None, read: Reader | None = None) -> Predictor:
    """The mentions that a model proposes in a text, in characters of that text.

    workspace: whose models and configs count besides the shipped ones; read: how a report as it came becomes a Document
    (without it the text is one, its paragraphs set apart by blank lines). Raises UsageError for a name that is not
    known, ModelError for a model whose files are not those that were written.
    """
    model, bare = _choose(name, workspace)
    nlp = _load(model, None if workspace is None else workspace / "configs", bare)
    propose = _of_the_head if bare else _of_the_pipeline
    make = read or as_document
    return lambda text: propose(nlp, make(text))


def trained_on(name: str, workspace: Path | None = None) -> frozenset[str]:
    """The digests of the texts that a model was trained on, from its card; rules learn from none."""
    model, _ = _choose(name, workspace)
    if model.folder is None:
        return frozenset()
    listed = read_card(model).get("train_texts")
    if not isinstance(listed, list) or not all(isinstance(each, str) for each in listed):
        raise ModelError(
            f"the card of {model.name} does not list its train_texts, so no text can be told from those that it learned; "
            "train it again"
        )
    return frozenset(listed)


def _choose(name: str, workspace: Path | None) -> Chosen:
    """The model of a name, checked."""
    model = find_model(workspace or NOWHERE, name.removesuffix(BARE))
    bare = name.endswith(BARE)
    if bare and model.folder is None:
        raise UsageError(f"{model.name} has no head of its own; {BARE} goes with a trained model")
    check_model(model)
    return Chosen(model, bare)


@lru_cache(maxsize=4)
def _load(model: ModelRef, overlay: Path | None, bare: bool) -> Language:
    from dossier.components.pipeline import load_pipeline

    nlp = load_pipeline(overlay=overlay, model=model.folder and model.folder.absolute())
    if bare:
        nlp.select_pipes(enable=BARE_PIPES)
    return nlp


def _of_the_pipeline(nlp: Language, document: Document) -> list[Found]:
    from dossier.components.pipeline import extract_document

    return [
        Found(m["source"]["start"], m["source"]["end"], m["label"], m["confidence"], m["by"], m["norm"])
        for m in extract_document(nlp, document).mentions
    ]


def _of_the_head(nlp: Language, document: Document) -> list[Found]:
    from dossier.components.base import prepare
    from dossier.components.chunks import cut

    offsets, found = OffsetMap.from_bytes(document.offsets), []
    for chunk in cut(document):
        doc = nlp(prepare(nlp.make_doc(document.text[chunk.start : chunk.end]), chunk.frame))
        for one in doc._.found:
            source = offsets.source(chunk.start + one.start, chunk.start + one.end)
            found.append(replace(one, start=source["start"], end=source["end"]))
    return found


def as_document(text: str) -> Document:
    """A text that is already in reading order, as a Document whose offsets are its own."""
    blocks, at = [], 0
    for part in text.split("\n\n"):
        if part.strip():
            blocks.append(Block("paragraph", at, at + len(part)))
        at += len(part) + 2
    _, offsets = TextBuilder(text).finish()
    return Document("d_text", "", "text/plain", "utf-8", text, offsets.to_bytes(), "", blocks=blocks)
