"""Tables with rules between their rows, or over and under them, and none between their columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from dossier.ingest.pdf.layout.lines import Line, make_line
from dossier.ingest.pdf.layout.rules import Drawn, connect
from dossier.ingest.pdf.layout.tables import Table, is_numeric, level_rows
from dossier.ingest.pdf.page import Box

SAME_ENDS = 4.0  # points between the ends of the rules of one table
GUTTER = 5.0  # points, the narrowest between two columns of cells
TALLEST = 200.0  # points from rule to rule; between rules that are farther apart stands text
LONGEST = 160  # characters that a cell has on average; columns of prose between rules have more
SHARED = 0.6  # of the rows, that have something in a second column
FEW_RULES = 4  # of a table that has them over and under its head and its body only: rows are told by their first cells
NAMED = 0.7  # of the lines of such a body, that begin in the first column
MOST_WRAPPED = 2  # lines of a row, that fill several columns
FIGURES = 0.4  # of the cells; more of them, and the columns of figures tell the rows better than the rules
FULL = 0.8  # of the widest line of a column, that lines of text fill on average
HEAD = 1.8  # em from the baseline of a table's head to the first rule, where that is under it

Span = tuple[float, float]


def find_ruled(lines: list[Line], drawn: Drawn, *, rtl: bool) -> tuple[list[Table], list[Line]]:
    """The tables between rules across, and the lines outside them."""
    tables: list[Table] = []
    for rules in _stacks(_alone(drawn)):
        while len(rules) > 2:
            bands = [_between(lines, upper, lower) for upper, lower in pairwise(rules)]
            count, columns = _grow(bands)
            used = bands[:count]
            if count > 1 and (rows := _rows(used, columns, _head(lines, rules[0], columns))):
                table = _table(rows, columns, rules[0], rules[count], rtl=rtl)
                if table is not None:
                    tables.append(table)
                    taken = {id(line) for row in rows for line in row}
                    lines = [line for line in lines if id(line) not in taken]
                    rules = rules[count:]
                    continue
            rules = rules[1:]
    return tables, lines


def _alone(drawn: Drawn) -> list[Box]:
    """The rules across that no rule down meets: the others are the walls of grids."""
    return [rule for across, down in connect(drawn.across, drawn.down) if not down for rule in across]


def _stacks(across: Sequence[Box]) -> list[list[Box]]:
    """Rules under each other that begin and end at the same places, from top to bottom."""
    stacks: list[list[Box]] = []
    for rule in sorted(across, key=lambda rule: (rule.top, rule.x0)):
        above = next((stack for stack in reversed(stacks) if _goes_on(stack[-1], rule)), None)
        if above is None:
            stacks.append([rule])
        else:
            above.append(rule)
    return stacks


def _goes_on(last: Box, rule: Box) -> bool:
    same = abs(rule.x0 - last.x0) < SAME_ENDS and abs(rule.x1 - last.x1) < SAME_ENDS
    return same and 0 < rule.top - last.bottom <= TALLEST


def _between(lines: Iterable[Line], upper: Box, lower: Box) -> list[Line]:
    return [
        line
        for line in lines
        if upper.top <= (line.top + line.bottom) / 2 < lower.top
        and upper.x0 - 2 <= (line.x0 + line.x1) / 2 <= upper.x1 + 2
    ]


def _grow(bands: Sequence[list[Line]]) -> tuple[int, list[float]]:
    """How many bands are rows of one table, and the edges of its columns. The head may reach over several columns."""
    spans: list[Span] = []
    count = 1
    for band in bands[1:]:
        wider = _merge([*spans, *((line.x0, line.x1) for line in band)])
        if band and len(wider) < 2:
            break
        spans = wider
        count += 1
    while count > 1 and not bands[count - 1]:
        count -= 1
    gaps = [(a[1] + b[0]) / 2 for a, b in pairwise(spans)]
    return count, [float("-inf"), *gaps, float("inf")]


def _merge(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for x0, x1 in sorted(spans):
        if merged and x0 - merged[-1][1] < GUTTER:
            merged[-1] = (merged[-1][0], max(merged[-1][1], x1))
        else:
            merged.append((x0, x1))
    return merged


def _head(lines: Iterable[Line], rule: Box, columns: Sequence[float]) -> list[Line]:
    """The cells over the first rule, where it stands under the head."""
    near = [
        line for line in lines
        if rule.x0 - 2 <= line.x0 and line.x1 <= rule.x1 + 2 and 0 < rule.top - line.base < HEAD * line.size
    ]  # fmt: skip
    last = level_rows(near)[-1:] or [[]]
    cells = {_column(line, columns) for line in last[0]}
    return last[0] if len(cells) > 1 and len(cells) == len(last[0]) else []


def _rows(bands: Sequence[list[Line]], columns: Sequence[float], head: list[Line]) -> list[list[Line]]:
    """The lines of each row, or none where what stands between the rules is more than rows."""
    rows = [head] if head else []
    crowded = 0
    for number, band in enumerate(bands):
        levels = level_rows(band)
        if number == 0 and not any(len(level) > 1 for level in levels):
            continue  # a title between two rules, or text
        named = [len(level) > 1 and _column(level[0], columns) == 0 for level in levels]
        split = number > 0 and len(bands) < FEW_RULES and len(levels) > 1 and sum(named) >= NAMED * len(levels)
        crowded += not split and sum(len(level) > 1 for level in levels) > MOST_WRAPPED
        for level, begins in zip(levels, named, strict=True):
            if rows and level is not levels[0] and not (split and begins):
                rows[-1] = [*rows[-1], *level]
            else:
                rows.append(level)
    return rows if 3 * crowded <= len(bands) else []


def _column(line: Line, columns: Sequence[float]) -> int:
    middle = (line.x0 + line.x1) / 2
    return sum(middle >= edge for edge in columns[1:-1])


def _table(rows: list[list[Line]], columns: Sequence[float], first: Box, last: Box, *, rtl: bool) -> Table | None:
    """The rows as a table, if they look like one."""
    cut = [_cells(row, columns) for row in rows]
    cells = [cell for row in cut for cell in row]
    letters = sum(len(line.text) for cell in cells for line in cell)
    if len(cut) < 2 or sum(len(row) > 1 for row in cut) < SHARED * len(cut) or letters > LONGEST * len(cells):
        return None
    if _is_prose(rows, columns):
        return None
    if sum(is_numeric(line.text) for cell in cells for line in cell) > FIGURES * len(cells):
        return None
    top = min(first.top, *(line.top for line in rows[0]))
    return Table(first.x0, top, first.x1, last.bottom, [row[::-1] for row in cut] if rtl else cut)


def _is_prose(rows: Iterable[list[Line]], columns: Sequence[float]) -> bool:
    """Whether every column is filled line by line, as text is."""
    widths: dict[int, list[float]] = {}
    for row in rows:
        for line in row:
            widths.setdefault(_column(line, columns), []).append(line.x1 - line.x0)
    return all(sum(column) > FULL * len(column) * max(column) for column in widths.values() if len(column) > 1)


def _cells(row: Iterable[Line], columns: Sequence[float]) -> list[list[Line]]:
    cells: list[list[Line]] = [[] for _ in columns[1:]]
    for line in row:
        cells[_column(line, columns)].append(line)
    return [
        [make_line(level[0].page, [chunk for line in level for chunk in line.chunks]) for level in level_rows(cell)]
        for cell in cells
        if cell
    ]
