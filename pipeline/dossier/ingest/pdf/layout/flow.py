"""Blocks in reading order -> the text, its blocks and the box of every character."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from itertools import pairwise

from dossier.boxes import BoxBuilder, BoxMap
from dossier.ingest.pdf.layout.chunks import Chunk, PageText
from dossier.ingest.pdf.layout.lines import Laid, Line
from dossier.ingest.reflow import SOFT, glue
from dossier.records import Block

CLOSE = frozenset(("list_item", "row", "note"))  # such blocks, one after the other, stand on lines of their own
_WORD = re.compile(r"[^\W_]+(?:[-\u2010\u2011][^\W_]+)*")
_HYPHENS = "-\u2010\u00ad"


def known_words(blocks: Iterable[Laid]) -> frozenset[str]:
    """The words and compounds that stand inside lines, in small letters."""
    found: set[str] = set()
    for block in blocks:
        for line in block.lines:
            for chunk in line.chunks:
                found.update(_WORD.findall(chunk.text.lower().replace("\u2010", "-")))
    return frozenset(found)


class Flow:
    """Takes blocks in reading order and what left the flow between them."""

    def __init__(self, known: Collection[str]) -> None:
        self.known = known
        self.builder = BoxBuilder()
        self.blocks: list[Block] = []

    def add(self, block: Laid) -> None:
        lines = [line for line in block.lines if line.chunks]
        if not lines:
            return
        if self.blocks:
            close = self.blocks[-1].kind == block.kind and block.kind in CLOSE
            self.builder.add_space("\n" if close else "\n\n")
        start = self.builder.length
        self._put_lines(lines)
        self.blocks.append(Block(block.kind, start, self.builder.length, block.level))

    def drop(self, page: PageText, chunks: Sequence[Chunk], why: str) -> None:
        """Keep chunks that are no part of the text."""
        for chunk in chunks:
            self._drop(page, chunk, 0, len(chunk.text), why)

    def finish(self) -> tuple[str, BoxMap, list[Block]]:
        text, boxes = self.builder.finish()
        return text, boxes, self.blocks

    def _put_lines(self, lines: list[Line]) -> None:
        for line, after in pairwise(lines):
            last = line.chunks[-1].text
            end, space = _glue(last, after.chunks[0].text, self.known)
            self._put_line(line, end)
            if space:
                self.builder.add_space(space)
        self._put_line(lines[-1], len(lines[-1].chunks[-1].text))

    def _put_line(self, line: Line, end: int) -> None:
        for chunk in line.chunks[:-1]:
            self._put(line.page, chunk, 0, len(chunk.text))
            self.builder.add_space(" ")
        last = line.chunks[-1]
        self._put(line.page, last, 0, end)
        if end < len(last.text):
            self._drop(line.page, last, end, len(last.text), "hyphen")

    def _put(self, page: PageText, chunk: Chunk, start: int, end: int) -> None:
        at = chunk.text.find(SOFT, start, end)
        while at >= 0:
            self._put_plain(page, chunk, start, at)
            self._drop(page, chunk, at, at + 1, "hyphen")
            start = at + 1
            at = chunk.text.find(SOFT, start, end)
        self._put_plain(page, chunk, start, end)

    def _put_plain(self, page: PageText, chunk: Chunk, start: int, end: int) -> None:
        if start < end:
            a, b = chunk.at + start, chunk.at + end
            self.builder.add(
                chunk.text[start:end], page.number, page.x0[a:b], page.top[a:b], page.x1[a:b], page.bottom[a:b]
            )

    def _drop(self, page: PageText, chunk: Chunk, start: int, end: int, why: str) -> None:
        a, b = chunk.at + start, chunk.at + end
        box = (
            float(page.x0[a:b].min()),
            float(page.top[a:b].min()),
            float(page.x1[a:b].max()),
            float(page.bottom[a:b].max()),
        )
        self.builder.drop(chunk.text[start:end], page.number, box, why)


def _glue(left: str, right: str, known: Collection[str]) -> tuple[int, str]:
    """How a line that ends in `left` meets one that begins with `right`: the end to keep, and what comes between."""
    if left.endswith(SOFT):
        return len(left) - 1, ""
    if left[-1].isascii() and left[-1].isalnum():
        return len(left), " "
    source = left[-80:] + "\n" + right[:80]
    end, space = glue(source, min(len(left), 80), min(len(left), 80) + 1, known)
    return len(left) - (min(len(left), 80) - end), space
