"""What a table is, and how its lines stand in rows. A table is read row by row."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from dossier.ingest.pdf.layout.lines import Line

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
