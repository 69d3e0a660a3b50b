"""Which blocks are headings, of which level, and which one is the title."""

from __future__ import annotations

from collections.abc import Sequence

from dossier.ingest import shapes
from dossier.ingest.pdf.layout.blocks import Metrics
from dossier.ingest.pdf.layout.lines import Laid

LINES = 4  # at most
LARGER = 1.12  # than the running text
TITLE = 1.25
MOST = 200  # characters
LEVELS = 6
ITALIC_WORDS = 8  # of a heading that nothing but italics tells
_OPEN = frozenset(("paragraph", "list_item"))


def set_headings(blocks: Sequence[Laid], metrics: Metrics) -> None:
    """Make headings of the paragraphs that are set like headings, and give them levels; the largest of the first page is
    the title."""
    bold = sum(len(b.text) for b in blocks if b.kind == "paragraph" and all(line.bold for line in b.lines))
    bold_text = bold > 0.5 * sum(len(b.text) for b in blocks if b.kind == "paragraph")
    for i, block in enumerate(blocks):
        if block.kind in _OPEN and i + 1 < len(blocks) and _is_heading(block, metrics, bold_text=bold_text):
            block.kind, block.mark = "heading", 0
    _take_back(blocks)
    _set_title(blocks, metrics)
    _set_levels(blocks)


def _is_heading(block: Laid, metrics: Metrics, *, bold_text: bool) -> bool:
    text = block.text
    letters = [c for c in text if c.isalpha()]
    if (
        len(block.lines) > LINES
        or len(text) > MOST
        or len(letters) < 2
        or len(letters) < 0.4 * len(text.replace(" ", ""))
    ):
        return False
    if text[0].islower() or text[-1] in ",;" or (block.mark and block.kind == "list_item"):
        return False
    words = len(text.split())
    ended = text[-1] == "." and words > 4 and shapes.ends_sentence(text)
    size = max(line.size for line in block.lines)
    if size >= LARGER * metrics.em:
        return words <= 30 and not (ended and (words > 12 or len(block.lines) > 2))
    if size < 0.88 * metrics.em or shapes.is_header_line(text):
        return False
    if all(line.bold for line in block.lines) and not bold_text:
        return words <= 25 and not (ended and words > 12)
    if block.kind == "list_item" or ended:
        return False
    if text.isupper():
        return len(block.lines) <= 3 and shapes.heading(text) == 2 and len(letters) > 3
    italic = len(block.lines) == 1 and block.lines[0].italic and "," not in text
    return italic and words <= ITALIC_WORDS and shapes.heading(text) == 2


def _take_back(blocks: Sequence[Laid]) -> None:
    """Headings with nothing below them, many in a row, are no headings: a cover, a list of names."""
    i = 0
    while i < len(blocks):
        j = i
        while j < len(blocks) and blocks[j].kind == "heading":
            j += 1
        if j - i > 5 and blocks[i].page > 1:
            for block in blocks[i : j - 1]:
                block.kind = "paragraph"
        i = j + 1


def _set_title(blocks: Sequence[Laid], metrics: Metrics) -> None:
    first = [b for b in blocks if b.kind == "heading" and b.page == blocks[0].page]
    if not first:
        return
    largest = max(max(line.size for line in b.lines) for b in first)
    title = next(b for b in first if max(line.size for line in b.lines) == largest)
    before = sum(len(b.text) for b in blocks[: list(blocks).index(title)])
    if largest >= TITLE * metrics.em or (before < 300 and title is first[0]):
        title.kind = "title"


def _set_levels(blocks: Sequence[Laid]) -> None:
    """Levels by size, then weight, then capitals; what is alike is of one level."""
    styles: dict[tuple[float, bool, bool, bool], None] = {}
    headings = [b for b in blocks if b.kind == "heading"]
    for block in headings:
        styles[_style(block)] = None
    ranked = sorted(styles, reverse=True)
    for block in headings:
        block.level = min(LEVELS, 1 + ranked.index(_style(block)))


def _style(block: Laid) -> tuple[float, bool, bool, bool]:
    line = block.lines[0]
    return round(2 * line.size) / 2, line.bold, block.text.isupper(), not line.italic
