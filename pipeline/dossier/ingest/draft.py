"""What a reader hands on: the text with its offsets and blocks, before notes and particulars are read from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from dossier.ingest.meta import Meta
from dossier.records import Block, Warned
from dossier.source_map import SourceMap


class Mark(NamedTuple):
    """A number that its place on the page makes the mark of a note, not its wording: one raised in the text, or the one at
    the head of a note. `note`: where the block of the note that it points to begins, where the page tells.
    """

    start: int
    end: int
    note: int | None = None


@dataclass(slots=True)
class Draft:
    """A report as its reader left it. `encoding` is None where the source is no text file.

    `stated` is what the format itself holds about the report, apart from the text. `marks`: of notes, sorted.
    """

    text: str
    offsets: SourceMap
    blocks: list[Block]
    encoding: str | None = None
    pages: int | None = None
    warnings: list[Warned] = field(default_factory=list)
    stated: Meta = field(default_factory=Meta)
    marks: list[Mark] = field(default_factory=list)


Reader = Callable[[bytes, Meta], Draft]
