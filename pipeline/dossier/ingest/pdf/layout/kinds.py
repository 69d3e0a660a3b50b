"""What the words of a line say about it: a caption, the label of a note, a list mark."""

from __future__ import annotations

import re

from dossier.ingest import shapes
from dossier.ingest.pdf.layout.lines import Laid, Line

_NUMBER = r"(?:[A-Z]{1,2}[-–.]?)?\d{1,3}(?:[-–.]\d{1,3})*[a-zA-Z]?"
CAPTION = re.compile(
    rf"(?:Figure|Fig\.?|Table|Map|Chart|Graph|Photo|Image|Exhibit|Diagram|Box)\s+{_NUMBER}(?:\s?[.:–—|]|\s+(?=[A-Z])|\Z)",
    re.I,
)
PICTURE = re.compile(r"(?:Figure|Fig\.?|Map|Chart|Graph|Photo|Image|Diagram)\b", re.I)
_LABEL = re.compile(r"(?:\[(?P<b>\d{1,3})\]|\(?(?P<n>\d{1,3})(?P<stop>[.)]{0,2}))(?=\s|[^\W\d_]|[“\"‘'<«(\[])")
SIGNS = "\ufffd\ue000-\uf8ff\u2600-\u27bf\u25a0-\u25ff"  # boxes, ticks, and signs of fonts without Unicode
_SIGN = re.compile(rf"[{SIGNS}]\s+(?=\S)")
_LETTERED = re.compile(r"\((?:[A-Z]|[ivxIVX]{1,5}|[a-z]{2})\)\s+\S|¶ ?\d+\s")
MARKER = re.compile(r"\(?\d{1,3}(?:\s?[,;–-]\s?\d{1,3}|\s\d{1,3})*\)?")
NUMBER = re.compile(r"\d+")


def bullet(text: str) -> int:
    """The length of a list mark that leaves the flow, with the space behind it; 0 for none, or one that says something."""
    if match := _SIGN.match(text):
        return match.end()
    mark = shapes.bullet(text[:14])
    if mark and mark[0] < len(text) and not shapes.keeps_mark(text):
        return mark[0]
    return 0


def is_item(text: str) -> bool:
    return shapes.bullet(text[:14]) is not None or _LETTERED.match(text) is not None or _SIGN.match(text) is not None


def note_label(line: Line) -> tuple[str, int, bool]:
    """The number that a line begins, the length of it in its first chunk, and whether it is raised; `("", 0, False)`."""
    text, raised = line.chunks[0].text, line.chunks[0].raised
    if raised and raised[0][0] == 0:
        words = text[: raised[0][1]].strip()
        if words.isdecimal() and len(words) <= 3:
            return words, raised[0][1], True
    if match := _LABEL.match(line.text[:12]):
        return match["b"] or match["n"], min(match.end(), len(text)), False
    return "", 0, False


def is_bare_caption(block: Laid, lines: list[Line]) -> bool:
    """Whether a block is no more than `Table 1.` and lines close below it are its title."""
    if block.kind != "caption" or len(block.text) > 14 or len(lines) > 4:
        return False
    return lines[0].base - block.lines[-1].base < 1.8 * lines[0].size
