"""Tables of a page: rows of data, or a grid that the page is laid out in."""

from __future__ import annotations

from dataclasses import dataclass, field

from dossier.ingest.html.chunks import Chunk

CELL_CHUNKS = 8  # a cell with more paragraphs or items is a part of the page
CELL_TEXT = 1500  # characters; the longest cells of the tables of law and sanctions seen have under 1,000


@dataclass(slots=True)
class Table:
    """An open table: its rows of cells of chunks. What stands outside any cell is a row of its own."""

    is_layout: bool = False
    rows: list[list[list[Chunk]]] = field(default_factory=list)
    in_row: bool = False
    in_cell: bool = False

    def begin_row(self) -> None:
        self.in_row, self.in_cell = True, False
        self.rows.append([])

    def end_row(self) -> None:
        self.in_row = self.in_cell = False

    def begin_cell(self) -> None:
        if not self.in_row:
            self.begin_row()
        self.rows[-1].append([])
        self.in_cell = True

    def end_cell(self) -> None:
        self.in_cell = False

    def add(self, chunk: Chunk) -> None:
        if self.in_cell:
            self.rows[-1][-1].append(chunk)
        else:
            self.rows.append([[chunk]])
            self.in_row = False

    def finish(self) -> list[Chunk]:
        """The chunks of the table in order: one for each row where it holds data."""
        if not self._is_data():
            return [chunk for row in self.rows for cell in row for chunk in cell]
        return [made for row in self.rows if (made := _make_row(row))]

    def _is_data(self) -> bool:
        if self.is_layout or not any(sum(map(bool, row)) > 1 for row in self.rows):
            return False
        for cell in (cell for row in self.rows for cell in row):
            if len(cell) > CELL_CHUNKS or sum(chunk.length for chunk in cell) > CELL_TEXT:
                return False
            if any(chunk.kind in ("heading", "row") for chunk in cell):
                return False
        return True


def _make_row(row: list[list[Chunk]]) -> Chunk | None:
    cells = [cell for cell in row if cell]
    if not cells:
        return None
    if len(cells) == 1 and len(cells[0]) == 1 and cells[0][0].kind == "caption":
        return cells[0][0]
    return Chunk("row", [[run for chunk in cell for run in chunk.runs] for cell in cells])
