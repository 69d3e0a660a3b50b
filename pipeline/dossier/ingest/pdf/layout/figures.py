"""The words inside figures, which are no part of the text: labels, legends and the numbers of axes, found from a caption."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dossier.ingest.pdf.layout.framed import Framed, is_label, running
from dossier.ingest.pdf.layout.kinds import CAPTION, PICTURE, is_item
from dossier.ingest.pdf.layout.lines import Line
from dossier.ingest.pdf.layout.numeric import find_numeric
from dossier.ingest.pdf.layout.rules import Drawn
from dossier.ingest.pdf.layout.tables import is_numeric, level_rows
from dossier.ingest.pdf.page import Box

LEAST = 3  # rows of labels
NUMBERS = 0.3  # of the labels of a chart are numbers
BESIDE = 0.4  # of its rows have several labels
CAPTION_LINES = 5
LEGEND = 0.85  # of the running text
EDGE = 12.0  # points that labels stand outside what is drawn


def take_labels(lines: list[Line], drawn: Drawn, images: Sequence[Box], em: float) -> tuple[list[Framed], list[Line]]:
    """The captioned figures of a page with their labels, and the lines that remain."""
    captions = [line for line in lines if CAPTION.match(line.text) and PICTURE.match(line.text)]
    if not captions:
        return [], lines
    figures: list[Framed] = []
    text = running(lines, 0.95 * em)
    shapes = [*drawn.across, *drawn.down, *drawn.filled, *drawn.framed, *images]
    gone: set[int] = set()
    for caption in captions:
        whole = _caption(caption, lines)
        best: list[Line] = []
        for below in (True, False):
            found = _side(whole, lines, shapes, drawn, gone | text, em, below=below)
            if len(found) > len(best):
                best = found
        if best:
            gone.update(id(line) for line in best)
            figures.append(_around(best))
    return figures, [line for line in lines if id(line) not in gone]


def _around(labels: list[Line]) -> Framed:
    return Framed(
        min(line.x0 for line in labels), min(line.top for line in labels),
        max(line.x1 for line in labels), max(line.bottom for line in labels), labels, is_figure=True,
    )  # fmt: skip


def _caption(first: Line, lines: Iterable[Line]) -> list[Line]:
    """A caption's lines: those that follow its first closely, set the same way."""
    whole = [first]
    for line in sorted(lines, key=lambda line: line.base):
        last = whole[-1]
        close = 0.5 * last.size < line.base - last.base < 1.45 * max(last.size, line.size)
        beneath = line.x0 < first.x1 and line.x1 > first.x0
        alike = abs(line.size - first.size) < 0.3 and line.bold == first.bold
        title = len(first.text) < 14 and line.bold
        if close and beneath and (alike or title) and len(whole) < CAPTION_LINES:
            whole.append(line)
    return whole


def _side(
    caption: Sequence[Line],
    lines: Sequence[Line],
    shapes: Sequence[Box],
    drawn: Drawn,
    gone: set[int],
    em: float,
    *,
    below: bool,
) -> list[Line]:
    """The labels below or above a caption, as far as nothing else stands there; none where they are no figure."""
    x0, x1 = min(line.x0 for line in caption), max(line.x1 for line in caption)
    own = {id(line) for line in caption}
    start = caption[-1].base if below else caption[0].base
    others = [line for line in lines if id(line) not in own]
    ahead = [line for line in others if (line.base > start if below else line.base < start)]
    ahead.sort(key=lambda line: line.base if below else -line.base)
    may = {id(line) for line in ahead if id(line) not in gone and _may_label(line, caption[0], em)}
    stop = next((line for line in ahead if line.x0 < x1 and line.x1 > x0 and id(line) not in may), None)
    end = stop.base if stop is not None else (float("inf") if below else float("-inf"))
    low, high = (start, end) if below else (end, start)
    for box in shapes:
        if low - 2 < (box.top + box.bottom) / 2 < high + 2 and box.x0 < x1 and box.x1 > x0:
            x0, x1 = min(x0, box.x0), max(x1, box.x1)
    if stop is not None and abs(stop.x0 - x0) < em and stop.x1 - stop.x0 < 2 * (x1 - x0):
        x1 = max(x1, stop.x1)
    labels = [
        line for line in ahead
        if low < line.base < high and x0 - EDGE <= (line.x0 + line.x1) / 2 <= x1 + EDGE and id(line) in may
    ]  # fmt: skip
    if not below and stop is not None and CAPTION.match(stop.text) and not PICTURE.match(stop.text):
        labels = _without_table(labels, stop, drawn)
    return labels if _is_figure(labels) else []


def _without_table(labels: list[Line], caption: Line, drawn: Drawn) -> list[Line]:
    """Labels above a figure without the rows of a table that stands there under a caption of its own."""
    tables, _ = find_numeric(labels, drawn, rtl=False)
    rows = {id(line) for table in tables if table.top - caption.bottom < 3 * caption.size for line in table.lines}
    return [line for line in labels if id(line) not in rows]


def _may_label(line: Line, caption: Line, em: float) -> bool:
    """Whether a line may stand in a figure: a label, or a longer legend set small and not at the caption's edge."""
    if line.chunks[0].turned:
        return True
    if CAPTION.match(line.text) or is_item(line.text):
        return False
    legend = line.size < LEGEND * em and abs(line.x0 - caption.x0) > em and len(line.text) < 90
    return legend or is_label(line.text)


def _is_figure(labels: Sequence[Line]) -> bool:
    """Whether labels are those of a figure: numbers on axes, or words beside each other."""
    rows = level_rows(labels)
    if len(rows) < LEAST:
        return False
    numbers = sum(is_numeric(line.text) or line.chunks[0].turned for line in labels)
    several = sum(len(row) > 1 for row in rows)
    return numbers >= NUMBERS * len(labels) or several >= BESIDE * len(rows)
