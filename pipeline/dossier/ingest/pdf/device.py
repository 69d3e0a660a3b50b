"""The glyphs of a page, without the objects that nobody asks for."""

from __future__ import annotations

import math
from typing import Any

from pdfminer.pdfdevice import PDFTextDevice
from pdfminer.pdffont import PDFUnicodeNotDefined
from pdfminer.utils import apply_matrix_pt

from dossier.ingest.pdf.page import Box, Page, Shape


class GlyphDevice(PDFTextDevice):
    """Takes every glyph, rule, filled rectangle and image of a page into a `Page`."""

    def __init__(self, manager: Any) -> None:
        super().__init__(manager)
        self.page = Page(0, 0, 0, [])
        self.fonts: dict[str, int] = {}

    def render_char(
        self,
        matrix: Any,
        font: Any,
        fontsize: float,
        scaling: float,
        rise: float,
        cid: int,
        ncs: Any,
        graphicstate: Any,
    ) -> float:
        try:
            text = font.to_unichr(cid)
        except PDFUnicodeNotDefined:
            text = "\ufffd"
        width = font.char_width(cid)
        advance = float(width * fontsize * scaling)
        descent = font.get_descent() * fontsize
        a, b, c, d, _, _ = matrix
        near = apply_matrix_pt(matrix, (0, descent + rise))
        far = apply_matrix_pt(matrix, (advance, descent + rise + fontsize))
        x0, x1 = sorted((near[0], far[0]))
        top, bottom = sorted((near[1], far[1]))
        page = self.page
        if text and x1 > 0 and bottom > 0 and x0 < page.width and top < page.height:
            page.text.append(text)
            page.x0.append(x0)
            page.x1.append(x1)
            page.top.append(top)
            page.bottom.append(bottom)
            page.size.append(abs(fontsize) * math.hypot(c, d))
            name = str(font.fontname).split("+")[-1]
            if name not in self.fonts:
                self.fonts[name] = len(self.fonts)
                page.fonts.append(name)
            page.font.append(self.fonts[name])
            page.turn.append((0 if a >= 0 else 2) if abs(a) >= abs(b) else (1 if b > 0 else 3))
        return advance

    def paint_path(self, graphicstate: Any, stroke: bool, fill: bool, evenodd: bool, path: Any) -> None:
        if any(part[0] in "cvy" for part in path):
            return
        if fill and graphicstate.ncolor in (1, (1, 1, 1), (0, 0, 0, 0), (1.0, 1.0, 1.0)):
            fill = False
        if not (fill or stroke):
            return
        points = [apply_matrix_pt(self.ctm, part[-2:]) for part in path if len(part) == 3]
        if len(points) < 2 or len(points) > 5:
            return
        xs, ys = [p[0] for p in points], [p[1] for p in points]
        self.page.shapes.append(Shape(Box(min(xs), min(ys), max(xs), max(ys)), fill, stroke))

    def render_image(self, name: str, stream: Any) -> None:
        corners = [apply_matrix_pt(self.ctm, corner) for corner in ((0, 0), (0, 1), (1, 0), (1, 1))]
        xs, ys = [p[0] for p in corners], [p[1] for p in corners]
        self.page.images.append(Box(min(xs), min(ys), max(xs), max(ys)))


def upright(box: tuple[float, float, float, float], turn: int) -> tuple[float, ...]:
    """The matrix from PDF space to the page as seen: origin top left, turned by /Rotate (degrees, clockwise)."""
    x0, y0, x1, y1 = box
    return {
        0: (1, 0, 0, -1, -x0, y1),
        90: (0, 1, 1, 0, -y0, -x0),
        180: (-1, 0, 0, 1, x1, -y0),
        270: (0, -1, -1, 0, y1, x1),
    }[turn]
