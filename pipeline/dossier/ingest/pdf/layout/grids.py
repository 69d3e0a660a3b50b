"""Tables whose cells are drawn."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from dossier.ingest.pdf.layout.chunks import Chunk, PageText
from dossier.ingest.pdf.layout.lines import Line, make_line
from dossier.ingest.pdf.layout.rules import Drawn, connect, edges, places
from dossier.ingest.pdf.layout.tables import Table, level_rows, merge_wrapped
from dossier.ingest.pdf.page import Box

PROSE_CELL = 420  # characters a cell has on average in a page that only looks like a grid: columns with rules between
FILLED = 0.3  # of the cells of a grid that have something in them; of a diagram's grid fewer do


def find_grids(page: PageText, lines: list[Line], drawn: Drawn, *, rtl: bool) -> tuple[list[Table], list[Line]]:
    """The tables whose cells are drawn, and the lines outside them."""
    across, down = edges(drawn.framed)
    filled_across, filled_down = edges(_cells_beside(drawn.filled))
    tables: list[Table] = []
    rest = lines
    for beside, beneath in (
        ([*drawn.across, *across], [*drawn.down, *down]),
        ([*drawn.across, *across, *filled_across], [*drawn.down, *down, *filled_down]),
    ):
        for group in connect(beside, beneath):
            table, others = _read_grid(page, rest, *group, drawn.filled, rtl=rtl)
            if table is not None:
                tables.append(table)
                rest = others
        if tables:
            break
    return tables, rest


def _cells_beside(filled: Sequence[Box]) -> list[Box]:
    """The filled rectangles that stand side by side, as the shaded cells of a row do."""
    rows: dict[tuple[int, int], list[Box]] = {}
    for box in filled:
        rows.setdefault((round(box.top / 2), round(box.bottom / 2)), []).append(box)
    beside: list[Box] = []
    for row in rows.values():
        row.sort()
        pairs = [(a, b) for a, b in pairwise(row) if -1 <= b.x0 - a.x1 <= 3]
        beside += {box for pair in pairs for box in pair}
    return sorted(beside)


def _read_grid(
    page: PageText, lines: list[Line], across: list[Box], down: list[Box], filled: Sequence[Box], *, rtl: bool
) -> tuple[Table | None, list[Line]]:
    if len(across) < 2 or not down:
        return None, lines
    rules = [*across, *down]
    left, right = min(r.x0 for r in rules), max(r.x1 for r in rules)
    upper, lower = min(r.top for r in rules), max(r.bottom for r in rules)
    head = [box for box in filled if abs(box.bottom - upper) < 20 and box.x0 > left - 4 and box.x1 < right + 4]
    if head and min(b.x0 for b in head) < left + 4 and max(b.x1 for b in head) > right - 4:
        foot = max(box.bottom for box in head)  # shaded, over the first rule
        upper = min(upper, *(box.top for box in head))
        across = [Box(left, upper, right, upper), Box(left, foot, right, foot), *across]
    inside, rest = _within(lines, left, upper, right, lower)
    columns = places([left, right, *(r.x0 for r in down)], 4.0)
    levels = places([upper, lower, *(r.top for r in across)], 4.0)
    if len(columns) < 3 or len(inside) < 3:
        return None, lines
    inside = [part for line in inside for part in _cut(page, line, columns[1:-1])]
    rows = _grid_rows(page, inside, columns, levels)
    cells = [cell for row in rows for cell in row if cell]
    if len(rows) < 2 or len({i for row in rows for i, cell in enumerate(row) if cell}) < 2:
        return None, lines
    if len(cells) < FILLED * len(rows) * (len(columns) - 1) and len(cells) < 1.5 * len(rows):
        return None, lines
    if sum(len(line.text) for line in inside) > PROSE_CELL * len(cells):
        return None, lines
    if rtl:
        rows = [row[::-1] for row in rows]
    return Table(left, upper, right, lower, [[cell for cell in row if cell] for row in rows]), rest


def _within(
    lines: Iterable[Line], left: float, top: float, right: float, bottom: float
) -> tuple[list[Line], list[Line]]:
    inside: list[Line] = []
    outside: list[Line] = []
    for line in lines:
        x, y = (line.x0 + line.x1) / 2, (line.top + line.bottom) / 2
        (inside if left <= x <= right and top <= y <= bottom else outside).append(line)
    return inside, outside


def _cut(page: PageText, line: Line, edges: Sequence[float]) -> list[Line]:
    """Cut a line where a rule between two cells goes through a gap of it."""
    if not any(line.x0 + 1 < x < line.x1 - 1 for x in edges):
        return [line]
    parts: list[Line] = []
    for chunk in line.chunks:
        for piece in cut_chunk(page, chunk, edges):
            parts.append(make_line(page, [piece]))
    return parts


def cut_chunk(page: PageText, chunk: Chunk, edges: Sequence[float]) -> list[Chunk]:
    """Cut a chunk at the spaces nearest to some heights of x. Only pages that are not turned are cut."""
    if page.turned or chunk.turned or " " not in chunk.text:
        return [chunk]
    marks = []
    for x in edges:
        for at, c in enumerate(chunk.text):
            if c == " " and page.x0[chunk.at + at] - 1 <= x <= page.x1[chunk.at + at] + 1:
                marks.append(at)
                break
    if not marks:
        return [chunk]
    pieces = []
    start = 0
    for end in [*sorted(set(marks)), len(chunk.text)]:
        if words := chunk.text[start:end].strip():
            a = chunk.at + start + (len(chunk.text[start:end]) - len(chunk.text[start:end].lstrip()))
            b = a + len(words)
            inner = tuple((s - (a - chunk.at), e - (a - chunk.at)) for s, e in chunk.raised if a <= chunk.at + s < b)
            pieces.append(
                Chunk(
                    float(page.x0[a:b].min()), chunk.top, float(page.x1[a:b].max()), chunk.bottom, chunk.base,
                    chunk.size, words, a, chunk.bold, chunk.starts_bold, chunk.ends_bold, chunk.italic, raised=inner,
                )
            )  # fmt: skip
        start = end
    return pieces


def _grid_rows(page: PageText, lines: list[Line], columns: list[float], levels: list[float]) -> list[list[list[Line]]]:
    """Lines by row and column of a grid. Where rules are missing between rows, baselines tell them apart."""
    rows: list[list[list[Line]]] = []
    for upper, lower in pairwise(levels):
        here = [line for line in lines if upper <= (line.top + line.bottom) / 2 < lower]
        if not here:
            continue
        levelled = level_rows(here)
        named = sum(row[0].x0 < columns[1] for row in levelled)
        several = sum(len(row) > 1 for row in levelled)
        if len(levelled) > 2 and named >= 0.7 * len(levelled) and several >= 0.5 * len(levelled):
            rows += [_by_column(row, columns) for row in merge_wrapped(levelled)]
        else:
            rows.append(_by_column(here, columns))
    return rows


def _by_column(lines: Iterable[Line], columns: Sequence[float]) -> list[list[Line]]:
    cells: list[list[Line]] = [[] for _ in range(len(columns) - 1)]
    for line in lines:
        x = (line.x0 + line.x1) / 2
        number = sum(x >= edge for edge in columns[1:-1])
        cells[number].append(line)
    for cell in cells:
        cell[:] = [joined for row in level_rows(cell) for joined in _join(row)]
    return cells


def _join(row: list[Line]) -> list[Line]:
    return [make_line(row[0].page, [chunk for line in row for chunk in line.chunks])]
