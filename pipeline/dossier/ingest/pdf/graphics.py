"""The graphics state of a content stream, as far as text, rules and boxes need it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dossier.ingest.pdf.fonts import Font

Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def multiply(m: Matrix, n: Matrix) -> Matrix:
    """First `m`, then `n`."""
    a, b, c, d, e, f = m
    p, q, r, s, t, u = n
    return (a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u)


def bounds(m: Matrix, x0: float, y0: float, x1: float, y1: float) -> tuple[float, float, float, float]:
    """The upright box around a box that `m` moves: x0, top, x1, bottom."""
    a, b, c, d, e, f = m
    xs = (a * x0 + c * y0, a * x1 + c * y0, a * x0 + c * y1, a * x1 + c * y1)
    ys = (b * x0 + d * y0, b * x1 + d * y0, b * x0 + d * y1, b * x1 + d * y1)
    return e + min(xs), f + min(ys), e + max(xs), f + max(ys)


def quarter(across: float, down: float) -> int:
    """The turn of writing that runs in a direction of the page: 0 to the right, 1 down, 2 to the left, 3 up."""
    return (0 if across > 0 else 2) if abs(across) >= abs(down) else (1 if down > 0 else 3)


@dataclass(slots=True)
class State:
    """What `q` saves and `Q` brings back.

    ctm: from the units of the content to the page as seen. size, rise, leading and the spacings: in text space; stretch: 1
    is as wide as the font. fill, stroke: whether what is painted shows, that is, is not white. *_space: how a colour is read.
    """

    ctm: Matrix
    font: Font | None = None
    size: float = 0.0
    spacing: float = 0.0
    word_spacing: float = 0.0
    stretch: float = 1.0
    leading: float = 0.0
    rise: float = 0.0
    fill: bool = True
    stroke: bool = True
    fill_space: str = "additive"
    stroke_space: str = "additive"
    line_width: float = 1.0

    def values(self) -> tuple[Any, ...]:
        return (
            self.ctm, self.font, self.size, self.spacing, self.word_spacing, self.stretch, self.leading, self.rise,
            self.fill, self.stroke, self.fill_space, self.stroke_space, self.line_width,
        )  # fmt: skip

    def restore(self, values: tuple[Any, ...]) -> None:
        (
            self.ctm, self.font, self.size, self.spacing, self.word_spacing, self.stretch, self.leading, self.rise,
            self.fill, self.stroke, self.fill_space, self.stroke_space, self.line_width,
        ) = values  # fmt: skip
