"""A page of a PDF as a picture, with what the reader made of it drawn over it: for people who look for a fault.

Areas are outlined by kind and numbered in reading order, with an arrow to the next; what left the flow is hatched; the boxes
of mentions are marked. A strip below explains the colours.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from io import BytesIO
from itertools import pairwise
from typing import NamedTuple

import pypdfium2
from PIL import Image, ImageChops, ImageDraw, ImageFont

from dossier.ingest.pdf.page import Box
from dossier.ingest.pdf.view import Area, PageView

DPI = 110
MAX_SIDE = 3000  # pixels; a larger page is drawn smaller
FINE = 2  # lines are drawn so many times larger, then made smaller, to be smooth
COLOURS = {
    "title": "#7b3fa0",
    "heading": "#1f5fbf",
    "paragraph": "#2e8b57",
    "list_item": "#0b8f9a",
    "row": "#c46a00",
    "caption": "#b8336a",
    "quote": "#8a7000",
    "note": "#7a5c43",
}
OTHER = "#555555"
GREY = "#808080"
MARK = "#fff0a0"
LETTERS = "#ffffff"

Point = tuple[float, float]


class _Sheet(NamedTuple):
    """The picture of the page, and the pixels of a point."""

    image: Image.Image
    scale: float


def draw_page(data: bytes, view: PageView, title: str) -> bytes:
    """A PNG of a page. title: what the strip below begins with. A page that PDFium cannot draw is left white."""
    sheet = _render(data, view)
    _mark(sheet, view.mentions)
    layer = Image.new("RGBA", (sheet.image.width * FINE, sheet.image.height * FINE), (255, 255, 255, 0))
    _Drawing(layer, sheet.scale * FINE).draw(view)
    over = layer.resize(sheet.image.size, Image.Resampling.LANCZOS)
    picture = Image.alpha_composite(sheet.image.convert("RGBA"), over).convert("RGB")
    made = BytesIO()
    _with_legend(picture, view, title).save(made, "PNG", optimize=True)
    return made.getvalue()


def _render(data: bytes, view: PageView) -> _Sheet:
    try:
        document = pypdfium2.PdfDocument(data)
        page = document[view.page - 1]
        scale = min(DPI / 72, MAX_SIDE / max(1.0, *page.get_size()))
        return _Sheet(page.render(scale=scale).to_pil().convert("RGB"), scale)
    except (pypdfium2.PdfiumError, IndexError):
        boxes = [area.box for area in view.areas] + [left.box for left in view.left]
        width = max([595.0, *(box.x1 + 36 for box in boxes)])
        height = max([842.0, *(box.bottom + 36 for box in boxes)])
        scale = min(DPI / 72, MAX_SIDE / max(width, height))
        return _Sheet(Image.new("RGB", (round(width * scale), round(height * scale)), "white"), scale)


def _mark(sheet: _Sheet, boxes: Sequence[Box]) -> None:
    """Colour the paper under the words, as a marker pen does: black stays black."""
    pen_strokes = Image.new("RGB", sheet.image.size, "white")
    pen = ImageDraw.Draw(pen_strokes)
    for box in boxes:
        pen.rectangle([edge * sheet.scale for edge in box], fill=MARK)
    sheet.image.paste(ImageChops.multiply(sheet.image, pen_strokes))


class _Drawing:
    """Draws on a transparent layer, `scale` pixels a point."""

    def __init__(self, layer: Image.Image, scale: float) -> None:
        self._pen = ImageDraw.Draw(layer)
        self._layer = layer
        self._scale = scale
        self._unit = max(scale, FINE)  # of lines and numbers: they stay readable on a page that is drawn small
        self._line = round(1.1 * self._unit)
        self._font = ImageFont.load_default(7.5 * self._unit)

    def draw(self, view: PageView) -> None:
        for area in view.areas:
            self._area(area)
        for left in view.left:
            self._hatch(left.box)
        tags = _spread([self._tag_place(area) for area in view.areas])
        for one, other in pairwise(tags):
            self._arrow(one, other)
        for area, place in zip(view.areas, tags, strict=True):
            self._tag(area, place)

    def _pixels(self, box: Box, around: float = 0.0) -> tuple[float, float, float, float]:
        x0, top, x1, bottom = (edge * self._scale for edge in box)
        around *= self._unit
        return x0 - around, top - around, max(x1, x0) + around, max(bottom, top) + around

    def _hatch(self, box: Box) -> None:
        x0, top, x1, bottom = self._pixels(box, 1.0)
        width, height = round(x1 - x0), round(bottom - top)
        if width < 1 or height < 1:
            return
        tile = Image.new("RGBA", (width, height), _rgba(GREY, 45))
        pen = ImageDraw.Draw(tile)
        step = round(3.2 * self._unit)
        for at in range(-height, width, step):
            pen.line((at, height, at + height, 0), fill=_rgba(GREY, 190), width=self._line // 2)
        pen.rectangle((0, 0, width - 1, height - 1), outline=_rgba(GREY, 220), width=self._line // 2)
        self._layer.paste(tile, (round(x0), round(top)))

    def _area(self, area: Area) -> None:
        colour = COLOURS.get(area.kind, OTHER)
        corners = self._pixels(area.box, 1.6)
        self._pen.rounded_rectangle(corners, 2 * self._unit, _rgba(colour, 16), _rgba(colour, 230), self._line)

    def _tag_place(self, area: Area) -> tuple[float, float, float, float]:
        """Where the number of an area goes: beside its upper left corner."""
        x0, top, _, _ = self._pixels(area.box, 1.6)
        width = self._font.getlength(area.label) + 3 * self._unit
        height = 9.5 * self._unit
        x0 = max(0.0, x0 - width - self._unit)
        return x0, top, x0 + width, top + height

    def _tag(self, area: Area, place: tuple[float, float, float, float]) -> None:
        self._pen.rounded_rectangle(place, 2 * self._unit, fill=_rgba(COLOURS.get(area.kind, OTHER), 245))
        middle = (place[0] + place[2]) / 2, (place[1] + place[3]) / 2
        self._pen.text(middle, area.label, fill=LETTERS, font=self._font, anchor="mm")

    def _arrow(self, one: Sequence[float], other: Sequence[float]) -> None:
        """From the number of an area to that of the next one."""
        below = other[1] >= one[3]
        start = ((one[0] + one[2]) / 2, one[3] if below else (one[1] + one[3]) / 2)
        end = ((other[0] + other[2]) / 2, other[1]) if below else (other[0], (other[1] + other[3]) / 2)
        dx, dy = end[0] - start[0], end[1] - start[1]
        length = (dx * dx + dy * dy) ** 0.5
        if length < 2 * self._unit:
            return
        ink = _rgba("#303030", 120)
        self._pen.line((*start, *end), fill=ink, width=round(0.8 * self._unit))
        ux, uy, size = dx / length, dy / length, min(4.2 * self._unit, length)
        back = end[0] - ux * size, end[1] - uy * size
        wing = 0.45 * size
        head: list[Point] = [
            end, (back[0] - uy * wing, back[1] + ux * wing), (back[0] + uy * wing, back[1] - ux * wing)
        ]  # fmt: skip
        self._pen.polygon(head, fill=_rgba("#303030", 190))


def _spread(places: Sequence[tuple[float, float, float, float]]) -> list[tuple[float, float, float, float]]:
    """Places of numbers, moved down where one would cover another."""
    spread: list[tuple[float, float, float, float]] = []
    for x0, top, x1, bottom in places:
        height = bottom - top
        for _ in places:
            hit = next((p for p in spread if p[0] < x1 and x0 < p[2] and p[1] < top + height and top < p[3]), None)
            if hit is None:
                break
            top = hit[3]
        spread.append((x0, top, x1, top + height))
    return spread


def _with_legend(picture: Image.Image, view: PageView, title: str) -> Image.Image:
    """The picture over a strip that says what is on it."""
    font = ImageFont.load_default(14)
    pad, row = 14, 24
    lines = list(_legend_lines(view, picture.width - 2 * pad, font))
    sheet = Image.new("RGB", (picture.width, picture.height + pad + row * (len(lines) + 1) + pad // 2), "white")
    sheet.paste(picture, (0, 0))
    pen = ImageDraw.Draw(sheet)
    pen.line((0, picture.height, sheet.width, picture.height), fill="#b0b0b0", width=2)
    y = picture.height + pad
    pen.text((pad, y), f"{title}, page {view.page} of {view.pages}", fill="#000000", font=font)
    for line in lines:
        y += row
        x = float(pad)
        for colour, words, hatched in line:
            _swatch(pen, x, y, colour, hatched=hatched)
            pen.text((x + 24, y), words, fill="#303030", font=font)
            x += 24 + font.getlength(words) + 22
    return sheet


def _legend_lines(
    view: PageView, width: float, font: ImageFont.FreeTypeFont | ImageFont.ImageFont
) -> Iterator[list[tuple[str, str, bool]]]:
    """Colour, words and whether hatched, as many on a line as fit."""
    kinds = Counter(area.kind for area in view.areas if area.label.isdigit())
    entries = [(COLOURS.get(kind, OTHER), f"{kind.replace('_', ' ')} {kinds[kind]}", False)
               for kind in sorted(kinds, key=lambda kind: list(COLOURS).index(kind) if kind in COLOURS else 99)]  # fmt: skip
    if view.left:
        whys = Counter(left.why for left in view.left)
        entries.append((GREY, "left out: " + ", ".join(f"{why} {whys[why]}" for why in sorted(whys)), True))
    if view.mentions:
        entries.append((MARK, f"boxes of mentions {len(view.mentions)}", False))
    if not entries:
        entries = [("#ffffff", "there is no text on this page", False)]
    line: list[tuple[str, str, bool]] = []
    used = 0.0
    for entry in entries:
        wide = 46 + font.getlength(entry[1])
        if line and used + wide > width:
            yield line
            line, used = [], 0.0
        line.append(entry)
        used += wide
    yield line


def _swatch(pen: ImageDraw.ImageDraw, x: float, y: float, colour: str, *, hatched: bool) -> None:
    box = (x, y + 1, x + 17, y + 15)
    fill = "#ffffff" if hatched else MARK if colour == MARK else _lighter(colour)
    pen.rectangle(box, fill=fill, outline=colour, width=2)
    if hatched:
        for at in range(4, 28, 5):
            pen.line((x + max(0, at - 14), y + min(at, 14), x + min(at, 16), y + max(1, at - 16)), fill=colour, width=1)


def _rgba(colour: str, alpha: int) -> tuple[int, int, int, int]:
    red, green, blue = bytes.fromhex(colour[1:])
    return red, green, blue, alpha


def _lighter(colour: str) -> tuple[int, int, int]:
    red, green, blue = (255 - (255 - part) // 5 for part in bytes.fromhex(colour[1:]))
    return red, green, blue
