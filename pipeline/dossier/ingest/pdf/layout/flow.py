"""Blocks in reading order -> the text, its blocks and the box of every character."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from dossier.boxes import BoxBuilder, BoxMap
from dossier.ingest.draft import Mark
from dossier.ingest.pdf.layout.chunks import Chunk, PageText
from dossier.ingest.pdf.layout.hyphens import LineEnds
from dossier.ingest.pdf.layout.kinds import MARKER, NUMBER
from dossier.ingest.pdf.layout.lines import Laid, Line
from dossier.ingest.reflow import SOFT
from dossier.records import Block

CLOSE = frozenset(("list_item", "row", "note"))  # such blocks, one after the other, stand on lines of their own


class Flow:
    """Takes blocks in reading order and what left the flow between them."""

    def __init__(self, ends: LineEnds) -> None:
        self.ends = ends
        self.builder = BoxBuilder()
        self.blocks: list[Block] = []
        self._raised: list[tuple[int, int, int]] = []  # start, end, page
        self._notes: dict[tuple[int, str], int] = {}  # page and label -> where the note begins
        self._labels: list[Mark] = []

    def add(self, block: Laid) -> None:
        lines = block.lines
        if self.blocks:
            close = self.blocks[-1].kind == block.kind and block.kind in CLOSE
            self.builder.add_space("\n" if close else "\n\n")
        start = self.builder.length
        if block.cells:
            for number, cell in enumerate(block.cells):
                if number:
                    self.builder.add_space("\t")
                self._put_lines(cell, 0)
        else:
            self._put_lines(lines, block.mark)
        if block.label:
            self._label(block, start)
        self.blocks.append(Block(block.kind, start, self.builder.length, block.level))

    def _label(self, block: Laid, start: int) -> None:
        """Remember where a note begins and how it is numbered."""
        end = start + block.label
        self._raised = [each for each in self._raised if not start <= each[0] < self.builder.length]
        self._labels.append(Mark(start, end))
        label = block.lines[0].text[: block.label].strip(" ()[].")
        self._notes.setdefault((block.page, label), start)

    def drop(self, page: PageText, chunks: Sequence[Chunk], why: str) -> None:
        """Keep chunks that are no part of the text."""
        for chunk in chunks:
            self._drop(page, chunk, 0, len(chunk.text), why)

    def finish(self) -> tuple[str, BoxMap, list[Block], list[Mark]]:
        text, boxes = self.builder.finish()
        marks = list(self._labels)
        for start, end, page in self._raised:
            for match in NUMBER.finditer(text, start, end):
                marks.append(Mark(*match.span(), self._notes.get((page, match.group()))))
        return text, boxes, self.blocks, sorted(marks)

    def _put_lines(self, lines: list[Line], mark: int) -> None:
        """Put the lines of a block; mark: how many of its first characters are left out."""
        for line, after in pairwise(lines):
            last = line.chunks[-1].text
            end, space = self.ends.meet(last, after.chunks[0].text)
            self._put_line(line, mark, end)
            mark = 0
            if space:
                self.builder.add_space(space)
        self._put_line(lines[-1], mark, len(lines[-1].chunks[-1].text))

    def _put_line(self, line: Line, mark: int, end: int) -> None:
        at = 0  # in the line
        for number, chunk in enumerate(line.chunks):
            last = number == len(line.chunks) - 1
            stop = end if last else len(chunk.text)
            skip = min(max(mark - at, 0), stop)
            if skip:
                self._drop(line.page, chunk, 0, skip, "list mark")
            if skip < stop < len(chunk.text):
                _reach_over(line.page, chunk.at + stop)
            self._put(line.page, chunk, skip, stop)
            if stop < len(chunk.text):
                self._drop(line.page, chunk, stop, len(chunk.text), "hyphen")
            at += len(chunk.text) + (not chunk.tight)
            if not last and not chunk.tight and at > mark:
                self.builder.add_space(" ")

    def _put(self, page: PageText, chunk: Chunk, start: int, end: int) -> None:
        at = chunk.text.find(SOFT, start, end)
        while at >= 0:
            self._put_plain(page, chunk, start, at)
            self._drop(page, chunk, at, at + 1, "hyphen")
            start = at + 1
            at = chunk.text.find(SOFT, start, end)
        self._put_plain(page, chunk, start, end)

    def _put_plain(self, page: PageText, chunk: Chunk, start: int, end: int) -> None:
        if start >= end:
            return
        base = self.builder.length - start
        for s, e in chunk.raised:
            if start <= s and e <= end and MARKER.fullmatch(chunk.text[s:e].strip()):
                self._raised.append((base + s, base + e, page.number))
        a, b = chunk.at + start, chunk.at + end
        self.builder.add(
            chunk.text[start:end], page.number, page.x0[a:b], page.top[a:b], page.x1[a:b], page.bottom[a:b]
        )

    def _drop(self, page: PageText, chunk: Chunk, start: int, end: int, why: str) -> None:
        a, b = chunk.at + start, chunk.at + end
        box = (page.x0[a:b].min(), page.top[a:b].min(), page.x1[a:b].max(), page.bottom[a:b].max())
        self.builder.drop(chunk.text[start:end], page.number, [float(side) for side in box], why)


def _reach_over(page: PageText, hyphen: int) -> None:
    """Let the box of the character before a hyphen that goes reach over it: it is printed, and part of the word."""
    for edge in (page.x0, page.top):
        edge[hyphen - 1] = min(edge[hyphen - 1], edge[hyphen])
    for edge in (page.x1, page.bottom):
        edge[hyphen - 1] = max(edge[hyphen - 1], edge[hyphen])
