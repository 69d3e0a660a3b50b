"""Models by name, as functions from a text to the mentions that they propose in it.

A model is a spaCy pipeline that `extract_document` can run: one line in PIPELINES. `trained_on` tells what its card lists.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from dossier.errors import UsageError
from dossier.offsets import TextBuilder
from dossier.records import Block, Document, Found

if TYPE_CHECKING:
    from spacy.language import Language

Predictor = Callable[[str], list[Found]]
Reader = Callable[[str], Document]


def _load_rules(overlay: Path | None) -> Language:
    from dossier.components.pipeline import load_pipeline

    return load_pipeline(overlay=overlay)


PIPELINES: dict[str, Callable[[Path | None], Language]] = {"rules": _load_rules}
CURRENT = "rules"


@lru_cache(maxsize=4)
def _load(name: str, overlay: Path | None) -> Language:
    if name not in PIPELINES:
        raise UsageError(f"there is no model {name!r}; there are: {', '.join(PIPELINES)}")
    return PIPELINES[name](overlay)


def load_predictor(name: str, *, overlay: Path | None = None, read: Reader | None = None) -> Predictor:
    """The mentions that a model proposes in a text, in characters of that text.

    overlay: the configs of a workspace; read: how a report as it came becomes a Document (without it the text is one,
    its paragraphs set apart by blank lines). Raises UsageError for a name that is not known.
    """
    nlp = _load(name, overlay)
    make = read or as_document

    from dossier.components.pipeline import extract_document

    def predict(text: str) -> list[Found]:
        found = extract_document(nlp, make(text)).mentions
        return [
            Found(m["source"]["start"], m["source"]["end"], m["label"], m["confidence"], m["by"], m["norm"])
            for m in found
        ]

    return predict


def trained_on(name: str) -> frozenset[str]:
    """The digests of the texts that a model was trained on, from its card; rules learn from none."""
    if name not in PIPELINES:
        raise UsageError(f"there is no model {name!r}; there are: {', '.join(PIPELINES)}")
    return frozenset()


def as_document(text: str) -> Document:
    """A text that is already in reading order, as a Document whose offsets are its own."""
    blocks, at = [], 0
    for part in text.split("\n\n"):
        if part.strip():
            blocks.append(Block("paragraph", at, at + len(part)))
        at += len(part) + 2
    _, offsets = TextBuilder(text).finish()
    return Document("d_text", "", "text/plain", "utf-8", text, offsets.to_bytes(), "", blocks=blocks)
