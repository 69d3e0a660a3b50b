"""Tables that nothing is drawn around, told by their columns of figures."""

from __future__ import annotations

from dataclasses import dataclass

from dossier.ingest.pdf.layout.kinds import CAPTION
from dossier.ingest.pdf.layout.lines import Line
from dossier.ingest.pdf.layout.rules import Drawn
from dossier.ingest.pdf.layout.tables import Table, is_numeric, level_rows, merge_wrapped

WALL = 46  # characters; a longer unit without figures is prose, not a cell of a table without rules
HEAD_ROWS = 12  # lines of a table's head
PITCH = 3.4  # em from one row of a table without rules to the next


@dataclass(slots=True)
class _Core:
    """Rows with figures below each other: all their cells, row by row."""

    rows: list[list[Line]]

    @property
    def x0(self) -> float:
        return min(line.x0 for row in self.rows for line in row)

    @property
    def x1(self) -> float:
        return max(line.x1 for row in self.rows for line in row)


def find_numeric(lines: list[Line], drawn: Drawn, *, rtl: bool) -> tuple[list[Table], list[Line]]:
    """The tables that are told by their columns of figures, and the lines outside them."""
    if sum(is_numeric(line.text) for line in lines) < 4:
        return [], lines
    rows = level_rows(lines)
    tables: list[Table] = []
    taken: set[int] = set()
    for core in _cores(rows):
        if not _is_table(core):
            continue
        table = _finish(core, rows, drawn, taken, rtl=rtl)
        taken.update(id(line) for line in table.lines)
        tables.append(table)
    return tables, [line for line in lines if id(line) not in taken]


def _segments(row: list[Line]) -> list[list[Line]]:
    """A row cut where prose stands in it, and at the gap before the label of another table."""
    parts: list[list[Line]] = [[]]
    for line in row:
        numeric = is_numeric(line.text)
        if not numeric and len(line.text) > WALL and parts[-1]:
            parts.append([])
        if not numeric and len(line.text) > 2 * WALL:
            continue
        parts[-1].append(line)
        if not numeric and len(line.text) > WALL:
            parts.append([])
    return [part for part in parts if any(is_numeric(line.text) for line in part)]


def _cores(rows: list[list[Line]]) -> list[_Core]:
    cores: list[_Core] = []
    live: list[tuple[_Core, float]] = []
    for row in rows:
        base = row[0].base
        live = [(core, last) for core, last in live if base - last < PITCH * row[0].size]
        blocked = [line for line in row if len(line.text) > WALL and not is_numeric(line.text)]
        kept: list[tuple[_Core, float]] = []
        for core, last in live:
            if any(line.x0 < core.x1 and line.x1 > core.x0 for line in blocked) and not any(
                is_numeric(line.text) and line.x0 < core.x1 and line.x1 > core.x0 for line in row
            ):
                continue
            kept.append((core, last))
        live = kept
        for part in _segments(row):
            at = next(
                (
                    k for k, (core, _) in enumerate(live)
                    if part[0].x0 < core.x1 and part[-1].x1 > core.x0 and _aligned(part, core)
                ),
                None,
            )  # fmt: skip
            if at is None:
                core = _Core([part])
                cores.append(core)
                live.append((core, base))
            else:
                live[at][0].rows.append(part)
                live[at] = (live[at][0], base)
    return cores


def _aligned(part: list[Line], core: _Core) -> bool:
    """Whether a row has a figure under a figure of one of the last rows."""
    for row in core.rows[-3:]:
        for above in row:
            if not is_numeric(above.text):
                continue
            for line in part:
                if is_numeric(line.text) and (
                    abs(line.x1 - above.x1) < 4
                    or abs(line.x0 - above.x0) < 4
                    or abs(line.x0 + line.x1 - above.x0 - above.x1) < 8
                ):
                    return True
    return False


def _is_table(core: _Core) -> bool:
    """At least three rows with two figures, or four with a label and a figure that stand in columns."""
    two = sum(sum(is_numeric(line.text) for line in row) >= 2 for row in core.rows)
    if two >= 3 and two >= 0.4 * len(core.rows):
        return True
    labelled = [row for row in core.rows if not is_numeric(row[0].text) and is_numeric(row[-1].text)]
    if len(labelled) < 4 or len(labelled) < 0.8 * len(core.rows):
        return False
    ends = sorted(row[-1].x1 for row in labelled)
    middle = ends[len(ends) // 2]
    return sum(abs(end - middle) < 4 for end in ends) >= 0.8 * len(ends)


def _finish(core: _Core, rows: list[list[Line]], drawn: Drawn, taken: set[int], *, rtl: bool) -> Table:
    """Give a core its head, and the lines between its rows."""
    x0, x1 = core.x0, core.x1
    first, last = core.rows[0][0].base, core.rows[-1][0].base
    size = core.rows[0][0].size
    ceiling = _ceiling(x0, x1, first - size, size, drawn)
    body: list[list[Line]] = []
    head: list[list[Line]] = []
    for row in rows:
        here = [line for line in row if line.x0 < x1 + 2 and line.x1 > x0 - 2 and id(line) not in taken]
        if not here:
            continue
        base = here[0].base
        if base > last + 1:
            if len(here) == 1 and base - last < 0.8 * size and abs(here[0].x0 - x0) < size:
                body.append(here)  # the last line of a label that wraps
            break
        if base >= first - 1:
            body.append(here)
        elif base > ceiling:
            head.append(here)
    head = _head(head, first, x0, x1, known=ceiling > first - HEAD_ROWS * 1.3 * size)
    made = [_merge_head(head, core)] if head else []
    for row in merge_wrapped(body):
        made.append(_cells(row))
    if rtl:
        made = [cells[::-1] for cells in made]
    lines = [line for cells in made for cell in cells for line in cell]
    return Table(
        min(line.x0 for line in lines), min(line.top for line in lines),
        max(line.x1 for line in lines), max(line.bottom for line in lines), made,
    )  # fmt: skip


def _ceiling(x0: float, x1: float, first: float, size: float, drawn: Drawn) -> float:
    """The height of the topmost rule over a table's head, or one that is too high to be."""
    reach = first - HEAD_ROWS * 1.25 * size
    over = [r.top for r in drawn.across if reach < r.top < first and min(r.x1, x1) - max(r.x0, x0) > 0.6 * (x1 - x0)]
    return min(over) if over else reach


def _head(rows: list[list[Line]], first: float, x0: float, x1: float, *, known: bool) -> list[list[Line]]:
    """The rows over a table that are its head: up to its rule, or as far as they look like one."""
    taken: list[list[Line]] = []
    below = first
    for row in reversed(rows):
        words = " ".join(line.text for line in row)
        if CAPTION.match(words) or below - row[-1].base > 2.6 * row[-1].size:
            break
        if any(len(line.text) > 60 for line in row):
            break
        if not known and (len(row) < 2 and row[0].x0 < x0 + 0.25 * (x1 - x0)):
            break
        taken.append(row)
        below = row[0].base
    return taken[::-1]


def _merge_head(rows: list[list[Line]], core: _Core) -> list[list[Line]]:
    """The lines of a head by column: what stands over each other is one cell."""
    cells: list[list[Line]] = []
    for row in rows:
        for line in row:
            under = [cell for cell in cells if cell[-1].x0 < line.x1 and line.x0 < cell[-1].x1]
            if len(under) == 1 and line.x1 - line.x0 < 2.5 * (under[0][-1].x1 - under[0][-1].x0):
                wide = under[0][-1].x1 - under[0][-1].x0 > 2.5 * (line.x1 - line.x0)
                if not wide:
                    under[0].append(line)
                    continue
            cells.append([line])
    cells.sort(key=lambda cell: (min(line.x0 for line in cell), cell[0].top))
    return cells


def _cells(row: list[Line]) -> list[list[Line]]:
    """A row's cells; lines of one cell that wraps stand below each other."""
    cells: list[list[Line]] = []
    for line in sorted(row, key=lambda line: (line.x0, line.top)):
        if cells and line.x0 < cells[-1][-1].x1 - 1 and line.base != cells[-1][-1].base:
            cells[-1].append(line)
        else:
            cells.append([line])
    for cell in cells:
        cell.sort(key=lambda line: line.top)
    return cells
