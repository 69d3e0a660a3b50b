"""Rectangles and pictures with writing in them: boxes of text, and figures, whose labels are no part of the text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from dossier.ingest.pdf.layout.lines import Line
from dossier.ingest.pdf.layout.rules import Drawn
from dossier.ingest.pdf.layout.tables import is_numeric, level_rows
from dossier.ingest.pdf.page import Box

MOST_OF_PAGE = 0.7  # of the page's characters: a rectangle with more is the page's ground, not a box
LARGEST = 0.6  # of the page's area
LEAST_HEIGHT = 2.2  # em; a lower rectangle lies under a single line
LEAST_WIDTH = 5.0
WORDS_APART = 1.6  # em between the words of a loosely set line
LABEL = 32  # characters, at most, of a figure's label
SENTENCE_WORDS = 6
_WORD = re.compile(r"[^\W\d_]{2,}")


@dataclass(slots=True)
class Framed:
    """A rectangle and the lines in it. `is_figure`: they are its labels."""

    x0: float
    top: float
    x1: float
    bottom: float
    lines: list[Line] = field(default_factory=list)
    is_figure: bool = False
    filled: bool = False


def find_framed(
    lines: list[Line], drawn: Drawn, images: Sequence[Box], page: tuple[float, float], em: float
) -> tuple[list[Framed], list[Line]]:
    """Put the lines that stand in rectangles, or on pictures, into boxes of their own. page: its width and height."""
    whole = sum(len(line.text) for line in lines)
    found: list[Framed] = []
    rest = lines
    pictures = {*images}
    filled = {*drawn.filled}
    boxes = {*drawn.filled, *drawn.framed, *pictures}
    for box in sorted(boxes, key=lambda b: (-(b.x1 - b.x0) * (b.bottom - b.top), b)):
        wide, high = box.x1 - box.x0, box.bottom - box.top
        if high < LEAST_HEIGHT * em or wide < LEAST_WIDTH * em or wide * high > LARGEST * page[0] * page[1]:
            continue
        inside, outside, across = _sort(rest, box)
        if not inside or across or sum(len(line.text) for line in inside) > MOST_OF_PAGE * whole:
            continue
        figure = looks_like_figure(inside)
        if (box in pictures and not figure) or (len(level_rows(inside)) < 2 and not figure):
            continue
        found.append(Framed(*box, inside, figure, box in filled))
        rest = outside
    return found, rest


def _sort(lines: Iterable[Line], box: Box) -> tuple[list[Line], list[Line], bool]:
    """The lines inside a rectangle, those outside, and whether any lies across its edge."""
    inside: list[Line] = []
    outside: list[Line] = []
    across = False
    for line in lines:
        x, y = (line.x0 + line.x1) / 2, (line.top + line.bottom) / 2
        if box.x0 <= x <= box.x1 and box.top <= y <= box.bottom:
            inside.append(line)
            across = across or line.x0 < box.x0 - 3 or line.x1 > box.x1 + 3
        else:
            outside.append(line)
            across = across or (line.x0 < box.x0 - 3 and line.x1 > box.x0 + 8 and box.top < y < box.bottom)
    return inside, outside, across


def is_label(text: str) -> bool:
    """Whether a line may be the label of a figure: a figure, or a few words that are no sentence."""
    if is_numeric(text):
        return True
    return len(text) <= LABEL and len(text.split()) <= SENTENCE_WORDS - 1 and text[-1] not in ".;"


def running(lines: Sequence[Line], least: float) -> set[int]:
    """The lines of running text, short ones among them: another line stands right above or below, set the same way.

    least: the size in points from which a line counts.
    """
    found: set[int] = set()
    ordered = sorted((line for line in lines if line.size > least), key=lambda line: (round(line.x0 / 2), line.base))
    for a, b in pairwise(ordered):
        beneath = abs(a.x0 - b.x0) < 2 and abs(a.size - b.size) < 0.3 and 0.8 * a.size < b.base - a.base < 1.6 * a.size
        if beneath and not (is_numeric(a.text) and is_numeric(b.text)):
            found.update((id(a), id(b)))
    return found


def looks_like_figure(lines: Sequence[Line]) -> bool:
    """At least three scattered labels and no sentence."""
    rows = level_rows(lines)
    labels = [label for row in rows for label in _phrases(row)]
    if len(labels) < 3 or not all(is_label(label) and len(_WORD.findall(label)) < SENTENCE_WORDS for label in labels):
        return False
    if len(running([row[0] for row in rows], 0.0)) > 0.6 * len(rows):
        return False
    if sum(is_numeric(label) for label in labels) >= 0.4 * len(labels):
        return True
    left = min(line.x0 for line in lines)
    width = max(line.x1 for line in lines) - left
    centred = all(abs((line.x0 + line.x1) / 2 - left - width / 2) < 4 for line in lines)
    return not centred and sum(line.x0 < left + 4 for line in lines) < 0.6 * len(lines)


def _phrases(row: Sequence[Line]) -> list[str]:
    """The words of a row, apart where a wide gap stands between them."""
    phrases = [row[0].text]
    for a, b in pairwise(row):
        if b.x0 - a.x1 < WORDS_APART * a.size:
            phrases[-1] += " " + b.text
        else:
            phrases.append(b.text)
    return phrases
