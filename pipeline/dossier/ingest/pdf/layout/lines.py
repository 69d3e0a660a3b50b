"""Chunks -> lines, and what a block of lines is until it becomes text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from dossier.ingest.pdf.layout.chunks import Chunk, PageText


@dataclass(slots=True)
class Line:
    """What stands on one line of one column, its chunks in reading order."""

    page: PageText
    chunks: list[Chunk]
    x0: float
    top: float
    x1: float
    bottom: float
    base: float
    size: float
    bold: bool

    @property
    def is_figure(self) -> bool:
        return False

    @property
    def text(self) -> str:
        if len(self.chunks) == 1:
            return self.chunks[0].text
        return "".join(chunk.text if chunk.tight else chunk.text + " " for chunk in self.chunks)[:-1]

    @property
    def starts_bold(self) -> bool:
        return self.chunks[0].starts_bold

    @property
    def ends_bold(self) -> bool:
        return self.chunks[-1].ends_bold

    @property
    def leads(self) -> bool:
        """Whether dots lead from its words to a number, as in a table of contents."""
        return any(chunk.leads for chunk in self.chunks)

    @property
    def italic(self) -> bool:
        return all(chunk.italic for chunk in self.chunks)


@dataclass(slots=True)
class Laid:
    """A block on the pages, until it becomes text. `kind` and `level` as in `records.Block`.

    `cells`: of a row, its lines by cell. `label`: how many characters of its first chunk number it, where it is a note.
    `mark`: how many of its first characters are a bullet, which leaves the flow. `first`, `last`: whether it is the first
    or last of its column; `x0`, `x1`: the column's sides. `frame`: the box of its page that it stands in, 0 for none.
    """

    kind: str
    lines: list[Line]
    level: int = 0
    cells: list[list[Line]] = field(default_factory=list)
    label: int = 0
    mark: int = 0
    first: bool = False
    last: bool = False
    x0: float = 0.0
    x1: float = 0.0
    frame: int = 0

    @property
    def text(self) -> str:
        return " ".join(line.text for line in self.lines)

    @property
    def page(self) -> int:
        return self.lines[0].page.number

    @property
    def size(self) -> float:
        return self.lines[0].size if len(self.lines) < 2 else self.lines[1].size


def make_line(page: PageText, chunks: list[Chunk]) -> Line:
    """A line of chunks that stand in reading order. The longest gives its baseline and size."""
    main = chunks[0] if len(chunks) == 1 else max(chunks, key=lambda c: (len(c.text), c.size))
    return Line(
        page, chunks,
        min(c.x0 for c in chunks), min(c.top for c in chunks), max(c.x1 for c in chunks), max(c.bottom for c in chunks),
        main.base, main.size, all(c.bold for c in chunks),
    )  # fmt: skip


def led_cells(line: Line) -> list[list[Line]]:
    """The parts of a line between rows of dots, as the cells of a row."""
    parts: list[list[Chunk]] = [[]]
    for chunk in line.chunks:
        parts[-1].append(chunk)
        if chunk.leads:
            parts.append([])
    return [[make_line(line.page, part)] for part in parts if part]


def rows_of(chunks: Iterable[Chunk]) -> list[list[Chunk]]:
    """Chunks by common baseline, from top to bottom, each row from left to right."""
    rows: list[list[Chunk]] = []
    base = height = 0.0
    for chunk in sorted(chunks, key=lambda c: (c.base, c.x0)):
        if rows and chunk.base - base < 0.35 * min(height, chunk.size):
            rows[-1].append(chunk)
        else:
            rows.append([chunk])
            base, height = chunk.base, chunk.size
    for row in rows:
        row.sort(key=lambda c: c.x0)
    return rows
