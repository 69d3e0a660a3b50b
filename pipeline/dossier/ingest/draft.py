"""What a reader hands on: the text with its offsets and blocks, before notes and particulars are read from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from dossier.ingest.meta import Meta
from dossier.records import Block, Warned
from dossier.source_map import SourceMap


@dataclass(slots=True)
class Draft:
    """A report as its reader left it. `encoding` is None where the source is no text file.

    `stated` is what the format itself holds about the report, apart from the text.
    """

    text: str
    offsets: SourceMap
    blocks: list[Block]
    encoding: str | None = None
    pages: int | None = None
    warnings: list[Warned] = field(default_factory=list)
    stated: Meta = field(default_factory=Meta)


Reader = Callable[[bytes, Meta], Draft]
