"""A document in chunks that a pipeline can hold: cut where its sections, blocks or sentences end."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from dossier.components.base import Frame
from dossier.records import Block, Document

LIMIT = 50_000  # characters; the design, section 2
NEAR = 2_000  # how far back from the limit a sentence's end or a space is looked for in a long block
_SENTENCE = re.compile(r"[.!?][\"”’)\]]*\s+(?=\S)")


class Chunk(NamedTuple):
    start: int
    end: int
    frame: Frame


def cut(document: Document, limit: int = LIMIT) -> Iterator[Chunk]:
    """Cut a document into chunks of at most `limit` characters that together are its whole text."""
    blocks = document.blocks or [Block("paragraph", 0, len(document.text))]
    headings = headings_of(document, blocks)
    starts = [block.start for block in blocks]
    sections = sorted({section.start for section in document.sections})
    at = 0
    while at < len(document.text):
        end = _end(document.text, at, limit, sections, starts)
        yield Chunk(at, end, _frame(document, blocks, headings, starts, at, end))
        at = end


def headings_of(document: Document, blocks: list[Block]) -> list[str]:
    """For each block the title of the innermost section that it stands in."""
    starts = [block.start for block in blocks]
    titles = [""] * len(blocks)
    for section in sorted(document.sections, key=lambda one: (one.start, one.level)):
        first, last = bisect_left(starts, section.start), bisect_left(starts, section.end)
        titles[first:last] = [section.title] * (last - first)
    return titles


def _end(text: str, at: int, limit: int, sections: list[int], blocks: list[int]) -> int:
    furthest = at + limit
    if furthest >= len(text):
        return len(text)
    for places in (sections, blocks):
        last = bisect_right(places, furthest) - 1
        if last >= 0 and places[last] > at:
            return places[last]
    return _end_in_block(text, at, furthest)


def _end_in_block(text: str, at: int, furthest: int) -> int:
    start = max(at + 1, furthest - NEAR)
    ends = [found.end() for found in _SENTENCE.finditer(text, start, furthest)]
    if ends:
        return ends[-1]
    for back in range(furthest, start, -1):
        if text[back - 1].isspace():
            return back
    return furthest


def _frame(document: Document, blocks: list[Block], headings: list[str], starts: list[int], at: int, end: int) -> Frame:
    first = max(0, bisect_right(starts, at) - 1)
    last = bisect_left(starts, end)
    kept: list[Block] = []
    titles: list[str] = []
    for number in range(first, last):
        block = blocks[number]
        if block.end > at:
            kept.append(Block(block.kind, max(block.start, at) - at, min(block.end, end) - at, block.level))
            titles.append(headings[number])
    return Frame(kept, titles, document.title, document.date, document.publisher)
