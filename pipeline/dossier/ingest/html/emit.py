"""The blocks of a page that are kept, as the text of a document with its way back."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence

from dossier.ingest.draft import Mark
from dossier.ingest.html.lay import Laid, Part
from dossier.ingest.html.notes import Marker
from dossier.ingest.reflow import between
from dossier.offsets import OffsetMap, TextBuilder
from dossier.records import Block

_CLOSE = frozenset(["list_item", "row", "note"])  # such blocks in a row follow each other by a line break


class _Places:
    """Where characters of runs came to stand in the text."""

    def __init__(self) -> None:
        self._parts: defaultdict[int, list[tuple[int, int, int, int]]] = defaultdict(list)  # start, end, in text, block

    def add(self, part: Part, at: int, block: int) -> None:
        self._parts[part.run.number].append((part.start, part.end, at, block))

    def span(self, run: int, start: int, end: int) -> tuple[int, int] | None:
        """`start` to `end` of a run in the text, if they came there together."""
        parts = self._parts.get(run, [])
        i = bisect_right(parts, start, key=lambda part: part[0]) - 1
        if i < 0 or end > parts[i][1]:
            return None
        return parts[i][2] + start - parts[i][0], parts[i][2] + end - parts[i][0]

    def block(self, run: int, at: int) -> int | None:
        """The beginning of the block with the character `at` of a run, or with the next one that was kept."""
        parts = self._parts.get(run, [])
        i = bisect_right(parts, at, key=lambda part: part[1])
        return parts[i][3] if i < len(parts) else None


def emit(
    source: str, blocks: Sequence[Laid], markers: Sequence[Marker]
) -> tuple[str, OffsetMap, list[Block], list[Mark]]:
    """Make the text. Blocks stand apart by a blank line; items, rows and notes that follow each other by a line break."""
    builder, places = TextBuilder(source), _Places()
    made: list[Block] = []
    heads: list[Mark] = []
    for block in blocks:
        close = made and made[-1].kind == block.kind and block.kind in _CLOSE
        before = ("\n" if close else "\n\n") if made else ""
        start = builder.length + len(before)
        for i, part in enumerate(block.parts):
            _put(builder, part, part.before if i else before)
            places.add(part, builder.length - (part.end - part.start), start)
        made.append(Block(block.kind, start, builder.length, block.level))
        if block.kind == "note" and block.chunk.head:
            span = places.span(block.chunk.first.number, *block.chunk.head)
            if span and span[0] == start:
                heads.append(Mark(*span))
    builder.replace(len(source))
    text, offsets = builder.finish()
    return text, offsets, made, sorted([*heads, *_marks(markers, places)])


def _put(builder: TextBuilder, part: Part, before: str) -> None:
    """Add the characters of a part; between them only white space and tags go."""
    for words, start, end in part.run.pieces(part.start, part.end):
        between(builder, start, before)
        before = ""
        if builder.source.startswith(words, start) and end - start == len(words):
            builder.keep(end)
        elif words.isspace() and builder.source[start:end].isspace():
            builder.replace(end, words)
        else:
            builder.spell(end, words)


def _marks(markers: Sequence[Marker], places: _Places) -> list[Mark]:
    found = []
    for marker in markers:
        if span := places.span(marker.run, marker.start, marker.end):
            found.append(Mark(*span, places.block(*marker.target) if marker.target else None))
    return found
