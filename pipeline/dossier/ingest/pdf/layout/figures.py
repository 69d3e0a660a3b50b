"""The labels of figures that nothing frames: short words and numbers, scattered above or below a caption."""

from __future__ import annotations

from collections.abc import Sequence

from dossier.ingest.pdf.layout.framed import is_label
from dossier.ingest.pdf.layout.kinds import CAPTION, PICTURE
from dossier.ingest.pdf.layout.lines import Line
from dossier.ingest.pdf.layout.regions import Region
from dossier.ingest.pdf.layout.tables import is_numeric

LEAST = 3  # lines of labels
SCATTERED = 0.5  # of them are numbers, or several labels beside each other


def take_labels(regions: Sequence[Region]) -> list[Line]:
    """Take the labels of figures out of the columns of a page. Tables that are the axes of a chart go too."""
    gone: list[Line] = []
    for number, region in enumerate(regions):
        if region.kind == "table" and _is_chart(regions, number):
            gone += region.lines
            region.lines, region.table, region.kind = [], None, "figure"
        if region.kind == "figure" and region.lines:
            gone += region.lines
            region.lines = []
    for number, region in enumerate(regions):
        if region.kind != "column":
            continue
        labels = _labels(region.lines, after=_ends_picture(regions, number), before=_begins_picture(regions, number))
        if labels:
            gone += labels
            drop = {id(line) for line in labels}
            region.lines = [line for line in region.lines if id(line) not in drop]
    return gone


def _is_chart(regions: Sequence[Region], number: int) -> bool:
    """Whether the nearest caption of a table says that it is a picture."""
    region = regions[number]
    if number:
        above = regions[number - 1]
        for line in above.lines[:-6:-1]:
            if CAPTION.match(line.text):
                return bool(PICTURE.match(line.text))
    if number + 1 < len(regions):
        for line in regions[number + 1].lines[:3]:
            if CAPTION.match(line.text):
                return bool(PICTURE.match(line.text)) and abs(line.x0 - region.x0) < 300
    return False


def _ends_picture(regions: Sequence[Region], number: int) -> bool:
    """Whether a picture, its axes taken for a table, ends where a column begins."""
    return number > 0 and regions[number - 1].kind == "figure"


def _begins_picture(regions: Sequence[Region], number: int) -> bool:
    return number + 1 < len(regions) and regions[number + 1].kind == "figure"


def _labels(lines: Sequence[Line], *, after: bool, before: bool) -> list[Line]:
    found: list[Line] = []
    if after:
        found += _run(lines, 0, 1, least=1)
    if before and lines:
        found += _run(lines, len(lines) - 1, -1, least=1, stop_at_caption=True)
    for i, line in enumerate(lines):
        if not (CAPTION.match(line.text) and PICTURE.match(line.text)):
            continue
        end = i + 1
        while end < len(lines) and _goes_on(lines[end - 1], lines[end]) and end - i < 6:
            end += 1
        found += _run(lines, end, 1)
        found += _run(lines, i - 1, -1)
    return found


def _goes_on(a: Line, b: Line) -> bool:
    """Whether line b goes on with the caption of line a."""
    return abs(a.size - b.size) < 0.3 and a.bold == b.bold and b.base - a.base < 1.35 * a.size and len(b.chunks) == 1


def _run(
    lines: Sequence[Line], start: int, step: int, *, least: int = LEAST, stop_at_caption: bool = False
) -> list[Line]:
    """The labels from line `start` on, downwards or upwards; none where they are few or stand in order."""
    run: list[Line] = []
    i = start
    while 0 <= i < len(lines):
        line = lines[i]
        if not all(is_label(chunk.text) or chunk.turned for chunk in line.chunks):
            break
        if CAPTION.match(line.text) or (stop_at_caption and line.bold):
            break
        run.append(line)
        i += step
    if len(run) < least:
        return []
    scattered = sum(len(line.chunks) > 1 or is_numeric(line.text) or line.chunks[0].turned for line in run)
    return run if scattered >= SCATTERED * len(run) else []
