"""What the reader made of one page: its blocks in order, what left the flow, and where mentions stand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dossier.boxes import BoxMap
from dossier.ingest.pdf.page import Box
from dossier.records import Document, Span

JOINS = 1.6  # times the height of a line: lines of a block that are farther apart are drawn as two


@dataclass(frozen=True, slots=True)
class Area:
    """A block, or the part of one that stands in one place. `label` is its number in the order of the page: 4, 4b."""

    label: str
    kind: str
    box: Box


@dataclass(frozen=True, slots=True)
class Left:
    """What left the flow, and why."""

    why: str
    box: Box


@dataclass(frozen=True, slots=True)
class PageView:
    page: int
    pages: int
    areas: list[Area]
    left: list[Left]
    mentions: list[Box]  # one for each line that a mention stands on


def view_page(document: Document, page: int, mentions: Iterable[Span] = ()) -> PageView:
    """What stands on a page of a PDF's document.

    mentions: spans of `document.text`; those that do not stand on the page are passed over.
    """
    boxes = BoxMap.from_bytes(document.offsets)
    stretches = boxes.on_page(page)
    areas: list[Area] = []
    number = 0
    for block in document.blocks:
        found = _on_page(boxes, page, block.start, block.end, stretches)
        number += bool(found)
        for part, box in enumerate([_around(found)] if found and block.kind == "row" else _merge(found)):
            areas.append(Area(f"{number}{_letter(part)}", block.kind, box))
    return PageView(
        page,
        document.pages or 0,
        areas,
        [Left(each.why, Box(*each.box)) for each in boxes.dropped() if each.page == page],
        [box for span in mentions for box in _on_page(boxes, page, span.start, span.end, stretches)],
    )


def _on_page(boxes: BoxMap, page: int, start: int, end: int, stretches: Sequence[tuple[int, int]]) -> list[Box]:
    """The boxes of a stretch of text on one page."""
    if not any(start < stop and begin < end for begin, stop in stretches):
        return []
    return [Box(*edges) for number, *edges in boxes.boxes(start, end) if number == page]


def _merge(lines: Sequence[Box]) -> list[Box]:
    """Lines under each other as one box; a new one where the block goes on in another column."""
    merged: list[Box] = []
    for line in lines:
        last = merged[-1] if merged else None
        if last is not None and _goes_on(last, line):
            merged[-1] = _around([last, line])
        else:
            merged.append(line)
    return merged


def _around(boxes: Sequence[Box]) -> Box:
    x0s, tops, x1s, bottoms = zip(*boxes, strict=True)
    return Box(min(x0s), min(tops), max(x1s), max(bottoms))


def _goes_on(box: Box, line: Box) -> bool:
    height, width = line.bottom - line.top, line.x1 - line.x0
    near = JOINS * min(height, width)  # the lesser is across the line, whichever way it runs
    apart = max(line.top - box.bottom, box.top - line.bottom), max(line.x0 - box.x1, box.x0 - line.x1)
    return max(apart) <= near and line.bottom > box.top - near


def _letter(part: int) -> str:
    return "" if part == 0 else chr(ord("a") + part) if part < 26 else "+"
