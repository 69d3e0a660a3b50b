"""The page as a person sees it: its box, its turn, and the way there from the units of its content."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pdfminer.pdftypes import resolve1

from dossier.ingest.pdf.graphics import Matrix

LETTER = (0.0, 0.0, 612.0, 792.0)
MAX_SIDE = 14_400.0  # points; the format allows no more, and a 32-bit coordinate is exact to a thousandth within it
MIN_SIDE = 1.0


@dataclass(frozen=True, slots=True)
class Frame:
    """`turn`: quarter turns clockwise. `ctm` leads to points from the top left of the page as seen."""

    width: float
    height: float
    turn: int
    ctm: Matrix


def frame_of(attributes: dict[str, Any]) -> Frame:
    """The frame of a page from its MediaBox, CropBox and Rotate; US letter where they say nothing of use."""
    media = _box(attributes.get("MediaBox")) or LETTER
    crop = _box(attributes.get("CropBox"))
    box = (crop and _common(crop, media)) or media
    turn = resolve1(attributes.get("Rotate"))
    return make_frame(box, int(turn) // 90 % 4 if isinstance(turn, (int, float)) else 0)


def make_frame(box: tuple[float, float, float, float], turn: int) -> Frame:
    x0, y0 = box[0], box[1]
    x1, y1 = min(box[2], x0 + MAX_SIDE), min(box[3], y0 + MAX_SIDE)
    width, height = x1 - x0, y1 - y0
    if turn == 1:
        return Frame(height, width, turn, (0.0, 1.0, 1.0, 0.0, -y0, -x0))
    if turn == 2:
        return Frame(width, height, turn, (-1.0, 0.0, 0.0, 1.0, x1, -y0))
    if turn == 3:
        return Frame(height, width, turn, (0.0, -1.0, -1.0, 0.0, y1, x1))
    return Frame(width, height, turn, (1.0, 0.0, 0.0, -1.0, -x0, y1))


def _box(value: Any) -> tuple[float, float, float, float] | None:
    """Four numbers, put in order; None where they span no page."""
    corners = resolve1(value)
    if not isinstance(corners, list) or len(corners) != 4:
        return None
    numbers = [resolve1(corner) for corner in corners]
    if not all(isinstance(number, (int, float)) and abs(number) < 1e9 for number in numbers):
        return None
    (x0, x1), (y0, y1) = sorted(numbers[::2]), sorted(numbers[1::2])
    if x1 - x0 < MIN_SIDE or y1 - y0 < MIN_SIDE:
        return None
    return float(x0), float(y0), float(x1), float(y1)


def _common(
    one: tuple[float, float, float, float], other: tuple[float, float, float, float]
) -> tuple[float, float, float, float] | None:
    x0, y0 = max(one[0], other[0]), max(one[1], other[1])
    x1, y1 = min(one[2], other[2]), min(one[3], other[3])
    return (x0, y0, x1, y1) if x1 - x0 >= MIN_SIDE and y1 - y0 >= MIN_SIDE else None
