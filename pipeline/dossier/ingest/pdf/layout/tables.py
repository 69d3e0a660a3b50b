"""Tables: drawn grids, and columns of figures that nothing is drawn around. A table is read row by row."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from dossier.ingest.pdf.layout.chunks import Chunk, PageText
from dossier.ingest.pdf.layout.kinds import CAPTION
from dossier.ingest.pdf.layout.lines import Line, make_line
from dossier.ingest.pdf.layout.rules import Drawn, connect, edges, places
from dossier.ingest.pdf.page import Box

WALL = 46  # characters; a longer unit without figures is prose, not a cell of a table without rules
HEAD_ROWS = 12  # lines of a table's head
PROSE_CELL = 420  # characters a cell has on average in a page that only looks like a grid: columns with rules between
PITCH = 3.4  # em from one row of a table without rules to the next
FILLED = 0.3  # of the cells of a grid that have something in them; of a diagram's grid fewer do

_NUMERIC = re.compile(
    r"[(\[<>≤≥~≈+*†‡−–—-]*\s?(?:(?:US|R)?[$€£¥])?\s?[+−–-]?\d[\d.,:/'’ \u00a0–−-]*"
    r"(?:%|[kKmMbB]n?)?\s?[)\]]?(?:[*†‡§¶]+|\s?[a-z]{1,2}|\s?\[?\d\]?)?"
    r"|[-–—−*.…]{1,5}|\(?(?:[nN]/?[aA]\.?|n\.a\.|[xX]|NA|nil|ns)\)?"
)


@dataclass(slots=True)
class Table:
    """Rows of cells of lines, and the box around them."""

    x0: float
    top: float
    x1: float
    bottom: float
    rows: list[list[list[Line]]] = field(default_factory=list)

    @property
    def is_figure(self) -> bool:
        return False

    @property
    def lines(self) -> list[Line]:
        return [line for row in self.rows for cell in row for line in cell]


@lru_cache(maxsize=4096)
def is_numeric(text: str) -> bool:
    return len(text) <= 24 and bool(_NUMERIC.fullmatch(text))


# --------------------------------------------------------------------------- drawn grids


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
        upper = min(upper, *(box.top for box in head))  # shaded, over the first rule
        across = [Box(left, upper, right, upper), *across]
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


def level_rows(lines: Iterable[Line]) -> list[list[Line]]:
    """Lines by common baseline, from top to bottom, each row from left to right."""
    rows: list[list[Line]] = []
    base = size = 0.0
    for line in sorted(lines, key=lambda line: (line.base, line.x0)):
        if rows and line.base - base < 0.35 * min(size, line.size):
            rows[-1].append(line)
        else:
            rows.append([line])
            base, size = line.base, line.size
    for row in rows:
        row.sort(key=lambda line: line.x0)
    return rows


def merge_wrapped(rows: list[list[Line]]) -> list[list[Line]]:
    """Put the lines of a label that wraps into one row, with the figures that stand beside or between them."""
    merged: list[list[Line]] = []
    i = 0
    while i < len(rows):
        row = rows[i]
        if len(row) == 1 and i + 1 < len(rows) and not is_numeric(row[0].text):
            label, after = row[0], rows[i + 1]
            close = after[0].base - label.base < 0.8 * label.size
            if close and i + 2 < len(rows) and len(rows[i + 2]) == 1 and abs(rows[i + 2][0].x0 - label.x0) < 12:
                merged.append([*row, *after, *rows[i + 2]])
                i += 3
                continue
            near = after[0].base - label.base < 1.35 * label.size
            if near and len(after) > 1 and after[0].text[:1].islower() and after[0].x0 < label.x1:
                merged.append([*row, *after])
                i += 2
                continue
        merged.append(row)
        i += 1
    return merged


# --------------------------------------------------------------------------- columns of figures


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


def find_figures(lines: list[Line], drawn: Drawn, *, rtl: bool) -> tuple[list[Table], list[Line]]:
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
