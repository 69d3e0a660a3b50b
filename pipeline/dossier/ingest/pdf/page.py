"""What a page of a PDF shows, before anybody has asked in which order to read it.

Coordinates are points, origin at the top left of the page as a person sees it (its /Rotate applied, its crop box the page).
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from typing import NamedTuple


class Box(NamedTuple):
    x0: float
    top: float
    x1: float
    bottom: float


class Shape(NamedTuple):
    """A drawn rectangle or straight rule. `filled` and `stroked` as painted; white fills are not kept."""

    box: Box
    filled: bool
    stroked: bool


@dataclass(slots=True)
class Page:
    """The glyphs of one page in the order of its content stream, as parallel arrays.

    text[i]: the characters of a glyph: one, or several (a ligature), or a space; never empty. Ligatures and the shapes that
    letters take in a word are spelled out in logical order; U+FFFD stands for a glyph without Unicode. What is printed twice
    to look bold is here once; what lies beyond the page is not.
    x0, top, x1, bottom: its box, by the font's ascent and descent. size: of the font, in points, as seen.
    font[i]: index in `fonts`, the names of the document's fonts without their subset prefix.
    turn[i]: quarter turns clockwise of the writing as seen: 0 upright, 1 reads downwards, 2 upside down, 3 reads upwards.
    """

    number: int  # from 1
    width: float
    height: float
    fonts: list[str]
    text: list[str] = field(default_factory=list)
    x0: array[float] = field(default_factory=lambda: array("f"))
    top: array[float] = field(default_factory=lambda: array("f"))
    x1: array[float] = field(default_factory=lambda: array("f"))
    bottom: array[float] = field(default_factory=lambda: array("f"))
    size: array[float] = field(default_factory=lambda: array("f"))
    font: array[int] = field(default_factory=lambda: array("H"))
    turn: array[int] = field(default_factory=lambda: array("B"))
    shapes: list[Shape] = field(default_factory=list)
    images: list[Box] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.text)
