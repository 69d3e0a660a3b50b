from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from dossier.components.base import Frame, prepare
from dossier.components.pipeline import load_pipeline
from dossier.offsets import TextBuilder
from dossier.records import Block, Document

Marks = list[tuple[str, str]]


@pytest.fixture(scope="session")
def nlp() -> Any:
    return load_pipeline()


@pytest.fixture
def read(nlp: Any) -> Callable[..., Any]:
    """Run the rule pipeline on blocks, `(kind, text)` or plain paragraphs, under one heading and title."""

    def read(
        *blocks: str | tuple[str, str], heading: str = "", title: str | None = None, date: str | None = None
    ) -> Any:
        text, made = "", []
        for kind, words in (("paragraph", block) if isinstance(block, str) else block for block in blocks):
            made.append(Block(kind, len(text), len(text) + len(words)))
            text += words + "\n"
        return nlp(prepare(nlp.make_doc(text), Frame(made, [heading] * len(made), title, date)))

    return read


@pytest.fixture
def marks(read: Callable[..., Any]) -> Callable[..., Marks]:
    """The final mentions of blocks as `(label, words)`, in order; only the labels that are asked for."""

    def marks(*blocks: str | tuple[str, str], only: str = "", **frame: Any) -> Marks:
        doc = read(*blocks, **frame)
        found = [(one.label, doc.text[one.start : one.end]) for one in doc._.found]
        return [one for one in found if not only or one[0] in only.split()]

    return marks


@pytest.fixture
def links(read: Callable[..., Any]) -> Callable[..., list[tuple[Any, ...]]]:
    """The links of blocks as `(type, subject, object, role, start, end)`."""

    def links(*blocks: str | tuple[str, str], **frame: Any) -> list[tuple[Any, ...]]:
        doc = read(*blocks, **frame)
        return [
            (
                link.type,
                doc.text[slice(*link.subject)],
                doc.text[slice(*link.object)],
                link.role,
                link.start,
                link.end,
            )
            for link in doc._.links
        ]

    return links


@pytest.fixture
def make_document() -> Callable[..., Document]:
    """A document of a text that is its own source."""

    def make(text: str, blocks: list[Block] | None = None, **fields: Any) -> Document:
        _, offsets = TextBuilder(text).finish()
        blocks = blocks if blocks is not None else ([Block("paragraph", 0, len(text))] if text else [])
        values: dict[str, Any] = {"id": "d_test", "sha256": "0" * 64, "media_type": "text/plain", "encoding": "utf-8"}
        return Document(**values, text=text, offsets=offsets.to_bytes(), ingest="1", blocks=blocks, **fields)

    return make
