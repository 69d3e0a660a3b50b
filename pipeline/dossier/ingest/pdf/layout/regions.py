"""One page -> what stands on it, in reading order: columns of lines, tables, figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dossier.ingest.pdf.layout.chunks import PageText
from dossier.ingest.pdf.layout.columns import Columns, Unit
from dossier.ingest.pdf.layout.figures import take_labels
from dossier.ingest.pdf.layout.framed import Framed, find_framed
from dossier.ingest.pdf.layout.grids import find_grids
from dossier.ingest.pdf.layout.lines import Line, make_line
from dossier.ingest.pdf.layout.marks import join_initials, join_marks
from dossier.ingest.pdf.layout.numeric import find_numeric
from dossier.ingest.pdf.layout.ruled import find_ruled
from dossier.ingest.pdf.layout.rules import Drawn, read_drawn
from dossier.ingest.pdf.layout.tables import Table, level_rows

MOST_PICTURES = 40
PICTURE = 4.0  # em; a smaller picture is a mark
MOST_CHUNKS = 4000  # of a page that are looked at as columns and tables; a page of more is a drawing


@dataclass(slots=True)
class Region:
    """A part of a page that reads from top to bottom: lines of one column, or a table.

    `frame`: 0 for none, else the number of the box on its page that it stands in.
    """

    kind: str  # column, table
    lines: list[Line]
    x0: float
    x1: float
    table: Table | None = None
    frame: int = 0


def read_regions(page: PageText, em: float, *, rtl: bool) -> tuple[list[Region], list[Line], Drawn]:
    """What stands on a page, in reading order, and what labels its figures. em: the size of the document's running text."""
    lines = [make_line(page, [chunk]) for chunk in page.chunks]
    drawn = read_drawn(page.shapes, page.width, page.height)
    if len(lines) > MOST_CHUNKS:
        return _as_rows(lines, rtl=rtl), [], drawn
    lines = join_initials(join_marks(lines, rtl=rtl))
    units: list[Unit] = []
    tables, lines = find_grids(page, lines, drawn, rtl=rtl)
    units += tables
    tables, lines = find_ruled(lines, drawn, rtl=rtl)
    units += tables
    figures, lines = take_labels(lines, drawn, page.images, em)
    framed, lines = find_framed(lines, drawn, page.images, (page.width, page.height), em)
    units += [*figures, *framed, *_pictures(page, lines, em), *lines]
    labels = [line for unit in units if isinstance(unit, Framed) and unit.is_figure for line in unit.lines]
    return _read(units, drawn, em, rtl=rtl, frame=0), labels, drawn


def _pictures(page: PageText, lines: Sequence[Line], em: float) -> list[Framed]:
    """The pictures that no text is printed on: they take a place in their column."""
    found = []
    for box in page.images[:MOST_PICTURES]:
        wide, high = box.x1 - box.x0, box.bottom - box.top
        if min(wide, high) < PICTURE * em or wide * high > 0.5 * page.width * page.height:
            continue
        if not any(
            box.x0 < (n.x0 + n.x1) / 2 < box.x1 and box.top < (n.top + n.bottom) / 2 < box.bottom for n in lines
        ):
            found.append(Framed(*box, [], is_figure=True))
    return found


def _read(units: Sequence[Unit], drawn: Drawn, em: float, *, rtl: bool, frame: int) -> list[Region]:
    regions: list[Region] = []
    columns = Columns(em, drawn.across, rtl=rtl, find_tables=lambda lines: find_numeric(lines, drawn, rtl=rtl))
    for column in columns.split(units):
        x0, x1 = min(unit.x0 for unit in column), max(unit.x1 for unit in column)
        run: list[Line] = []
        for unit in column:
            if isinstance(unit, Line):
                run.append(unit)
                continue
            _close(regions, run, x0, x1, frame, rtl=rtl)
            run = []
            if isinstance(unit, Table):
                regions.append(Region("table", unit.lines, unit.x0, unit.x1, unit, frame))
            elif isinstance(unit, Framed) and not unit.is_figure:
                number = frame or 1 + max((region.frame for region in regions), default=0)
                regions += _read(unit.lines, drawn, em, rtl=rtl, frame=number)
        _close(regions, run, x0, x1, frame, rtl=rtl)
    return regions


def _close(regions: list[Region], run: list[Line], x0: float, x1: float, frame: int, *, rtl: bool) -> None:
    if run:
        regions.append(Region("column", join_rows(run, rtl=rtl), x0, x1, None, frame))


def join_rows(lines: Sequence[Line], *, rtl: bool) -> list[Line]:
    """Lines of one column: what stands on one baseline is one line."""
    joined = []
    for row in level_rows(lines):
        if len(row) == 1:
            joined.append(row[0])
            continue
        if rtl:
            row = row[::-1]
        line = make_line(row[0].page, [chunk for part in row for chunk in part.chunks])
        line.x0 = min(line.x0, *(part.x0 for part in row))
        joined.append(line)
    return joined


def _as_rows(lines: list[Line], *, rtl: bool) -> list[Region]:
    x0, x1 = min(line.x0 for line in lines), max(line.x1 for line in lines)
    return [Region("column", join_rows(lines, rtl=rtl), x0, x1)]
