"""Blocks as the text of a document, with the way back to their paragraphs."""

from __future__ import annotations

from collections.abc import Sequence

from dossier.ingest.docx.lay import Laid
from dossier.ingest.docx.story import Item, NoteKey, Paragraph, every_paragraph
from dossier.ingest.draft import Mark
from dossier.ingest.reflow import between
from dossier.offsets import OffsetMap, TextBuilder
from dossier.paragraphs import ParagraphMap
from dossier.records import Block

_CLOSE = frozenset(["list_item", "row", "note"])  # such blocks in a row follow each other by a line break


class Source:
    """All paragraphs of the parts that are read, in the order of the text, joined by line breaks."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.paragraphs: list[Paragraph] = []
        self.part_of: list[int] = []
        self.starts: list[int] = []
        self.length = -1  # no line break before the first
        self._places: dict[int, int] = {}

    def add(self, part: str, items: Sequence[Item]) -> None:
        """Append the paragraphs of some items of a part."""
        if part not in self.parts:
            self.parts.append(part)
        number = self.parts.index(part)
        for paragraph in every_paragraph(items):
            self._places[id(paragraph)] = self.length + 1
            self.starts.append(self.length + 1)
            self.length += 1 + len(paragraph.text)
            self.paragraphs.append(paragraph)
            self.part_of.append(number)

    @property
    def text(self) -> str:
        return "\n".join(paragraph.text for paragraph in self.paragraphs)

    def place(self, paragraph: Paragraph) -> int:
        """Where a paragraph begins."""
        return self._places[id(paragraph)]

    def map(self, offsets: OffsetMap) -> ParagraphMap:
        numbers = [paragraph.number for paragraph in self.paragraphs]
        return ParagraphMap(offsets, self.parts, self.part_of, numbers, self.starts, max(0, self.length))


def emit(source: Source, blocks: Sequence[Laid]) -> tuple[str, ParagraphMap, list[Block], list[Mark]]:
    """Make the text of blocks that stand in the order of the source.

    Blocks stand apart by a blank line; items, rows and notes that follow each other by a line break.
    """
    builder = TextBuilder(source.text)
    made: list[Block] = []
    notes: dict[NoteKey, int] = {}
    for block in blocks:
        close = made and made[-1].kind == block.kind and block.kind in _CLOSE
        space = ("\n" if close else "\n\n") if made else ""
        start = builder.length + len(space)
        for number, piece in enumerate(block.pieces):
            at = source.place(piece.paragraph)
            between(builder, at + piece.start, piece.before if number else space)
            builder.keep(at + piece.end)
        made.append(Block(block.kind, start, builder.length, block.level))
        if block.note:
            notes[block.note] = start
    builder.replace(len(builder.source))
    text, offsets = builder.finish()
    return text, source.map(offsets), made, _find_marks(source, offsets, notes)


def _find_marks(source: Source, offsets: OffsetMap, notes: dict[NoteKey, int]) -> list[Mark]:
    """The marks of notes in the text, each with the beginning of its note where that is in the text too."""
    found = []
    for paragraph in source.paragraphs:
        base = source.place(paragraph)
        for mark in paragraph.marks:
            start, end = offsets.in_text(base + mark.start), offsets.in_text(base + mark.end - 1) + 1
            if start < end and offsets.anchor(start, end) == (base + mark.start, base + mark.end):
                found.append(Mark(start, end, notes.get(mark.note) if mark.note else None))
    return sorted(found)
