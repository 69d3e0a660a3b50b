"""Chunks: what stands on one baseline of a page without a wide gap, its words spaced."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from dossier.ingest.pdf.layout.glyphs import Floats
from dossier.ingest.pdf.page import Box, Shape


@dataclass(slots=True)
class Chunk:
    """Words on one baseline. `at`: where its characters begin in the arrays of its `PageText`.

    `base`: the height of its baseline, nearly. `raised`: stretches of `text` set smaller and higher. `bold`, `italic`:
    throughout. `turned`: written another way than the rest of the page. `tight`: the next chunk goes on with its word.
    `leads`: a row of dots leads from it to the next one.
    """

    x0: float
    top: float
    x1: float
    bottom: float
    base: float
    size: float
    text: str
    at: int
    bold: bool = False
    starts_bold: bool = False
    ends_bold: bool = False
    italic: bool = False
    turned: bool = False
    tight: bool = False
    leads: bool = False
    raised: tuple[tuple[int, int], ...] = ()


@dataclass(slots=True)
class PageText:
    """A page as chunks, and the boxes of their characters on the page as it is.

    `width`, `height`, chunks, shapes and images are in the frame in which the page reads; `leaders` are rows of dots.
    `turned`: this frame is not the page's own.
    """

    number: int
    width: float
    height: float
    turned: bool = False
    chunks: list[Chunk] = field(default_factory=list)
    leaders: list[Chunk] = field(default_factory=list)
    furniture: list[tuple[Chunk, str]] = field(default_factory=list)
    x0: Floats = field(default_factory=lambda: np.empty(0, np.float32))
    top: Floats = field(default_factory=lambda: np.empty(0, np.float32))
    x1: Floats = field(default_factory=lambda: np.empty(0, np.float32))
    bottom: Floats = field(default_factory=lambda: np.empty(0, np.float32))
    shapes: list[Shape] = field(default_factory=list)
    images: list[Box] = field(default_factory=list)
