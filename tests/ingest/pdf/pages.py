"""Pages made of words at places, without a PDF around them."""

from __future__ import annotations

from dossier.ingest.pdf.layout.document import LaidOut, lay_out
from dossier.ingest.pdf.page import Box, Page, Shape

EM = 0.5  # of the size: the width of every letter


class Sheet:
    """A page that is written on. Letters are half as wide as their size; y is the baseline."""

    def __init__(self, number: int = 1, width: float = 600, height: float = 800) -> None:
        self.page = Page(number, width, height, ["Serif", "Serif-Bold", "Serif-Italic"])

    def put(self, x: float, y: float, words: str, size: float = 10, font: int = 0, turn: int = 0) -> Sheet:
        page = self.page
        for i, letter in enumerate(words):
            step = EM * size * i
            page.text.append(letter)
            if turn == 0:
                box = (x + step, y - 0.75 * size, x + step + EM * size, y + 0.25 * size)
            elif turn == 1:  # reads downwards, its baseline on the left
                box = (x - 0.25 * size, y + step, x + 0.75 * size, y + step + EM * size)
            else:  # reads upwards, its baseline on the right
                box = (x - 0.75 * size, y - step - EM * size, x + 0.25 * size, y - step)
            for edge, value in zip((page.x0, page.top, page.x1, page.bottom), box, strict=True):
                edge.append(value)
            page.size.append(size)
            page.font.append(font)
            page.turn.append(turn)
        return self

    def lines(self, x: float, y: float, *lines: str, size: float = 10, lead: float = 12, font: int = 0) -> Sheet:
        for i, words in enumerate(lines):
            self.put(x, y + lead * i, words, size, font)
        return self

    def rule(self, x0: float, y: float, x1: float) -> Sheet:
        self.page.shapes.append(Shape(Box(x0, y, x1, y + 0.5), True, False))
        return self

    def bar(self, x: float, top: float, bottom: float) -> Sheet:
        self.page.shapes.append(Shape(Box(x, top, x + 0.5, bottom), True, False))
        return self

    def box(self, x0: float, top: float, x1: float, bottom: float, *, filled: bool = True) -> Sheet:
        self.page.shapes.append(Shape(Box(x0, top, x1, bottom), filled, not filled))
        return self


def laid(*sheets: Sheet) -> LaidOut:
    return lay_out(sheet.page for sheet in sheets)


def shape(out: LaidOut) -> list[tuple[str, str]]:
    return [(block.kind, out.text[block.start : block.end]) for block in out.blocks]


def column(words: str, count: int) -> list[str]:
    """Lines of running text, all of one length, that end no sentence and none of which is like another."""
    return [f"{words} {chr(97 + i // 26)}{chr(97 + i % 26)} goes on in the same way" for i in range(count)]
