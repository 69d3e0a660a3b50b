"""Paragraphs that a column's end, a page's end or a float in between has cut in two."""

from __future__ import annotations

from collections.abc import Sequence

from dossier.ingest.pdf.layout.blocks import ends_sentence, is_open
from dossier.ingest.pdf.layout.kinds import is_item
from dossier.ingest.pdf.layout.lines import Laid, Line

_OPEN = frozenset(("paragraph", "list_item", "quote", "note"))
FULL = 0.12  # of the column that the last line of a cut paragraph may leave free
RAGGED = 0.3  # the same, where what follows begins with a small letter
LOOK = 40  # blocks
SAME = 0.05  # relative, of the sizes of the two parts


def stitch(blocks: Sequence[Laid], *, rtl: bool) -> list[Laid]:
    """Join the parts of cut paragraphs. What stood between them follows the whole."""
    whole: dict[int, Laid] = {}  # the part's place -> the block that it went into
    continued: set[int] = set()
    for j, block in enumerate(blocks):
        i = _begun(blocks, j, continued, rtl=rtl)
        if i is not None:
            root = whole.get(i, blocks[i])
            root.lines = [*root.lines, *block.lines]
            whole[j] = root
            continued.add(i)
    return [block for j, block in enumerate(blocks) if j not in whole]


def _begun(blocks: Sequence[Laid], j: int, continued: set[int], *, rtl: bool) -> int | None:
    """The nearest block before block j that it goes on with, or None."""
    block = blocks[j]
    start = block.lines[0]
    if block.kind not in _OPEN or (block.kind != "paragraph" and is_item(start.text)):
        return None
    if block.kind == "note" or not (block.first or start.text[0].islower()):
        return None
    for i in range(j - 1, max(-1, j - LOOK), -1):
        part = blocks[i]
        end = part.lines[-1]
        if end.page.number < block.page - 1:
            return None
        if part.kind == "note" and i == j - 1:
            return i if _note_goes_on(blocks, j, end) else None
        if i in continued or part.kind not in _OPEN or part.kind == "note" or bool(part.frame) != bool(block.frame):
            continue
        if not (part.last or blocks[i + 1].kind in ("caption", "row")) or not _alike(end, start):
            continue
        if _is_cut(part, end, start, rtl=rtl, next_to=i == j - 1):
            return i
    return None


def _alike(end: Line, start: Line) -> bool:
    return abs(end.size - start.size) <= SAME * end.size and (
        end.ends_bold == start.starts_bold or end.bold == start.bold
    )


def _is_cut(part: Laid, end: Line, start: Line, *, rtl: bool, next_to: bool) -> bool:
    """Whether a block that ends in line `end` is cut there and may go on in `start`."""
    text, first = end.text, start.text[0]
    if ends_sentence(end) or text[-1] in ":;":
        return False
    width = max(part.x1 - part.x0, 1.0)
    free = ((end.x0 - part.x0) if rtl else (part.x1 - end.x1)) / width
    broken = text[-1] in "-\u00ad\u2010" and len(text) > 1 and text[-2].isalpha()
    full = free < FULL or broken or is_open(text)
    if first.islower():
        return full or next_to or free < RAGGED
    if not next_to or not full:
        return False
    return (first.isalpha() and not first.isupper()) or text[-1].isalnum() or text[-1] in ",–—" or broken


def _note_goes_on(blocks: Sequence[Laid], j: int, end: Line) -> bool:
    """Whether unnumbered words of a note's size, at the top of a column, go on with the note before them."""
    start = blocks[j].lines[0]
    if blocks[j].kind != "paragraph" or not blocks[j].first or abs(start.size - end.size) > SAME * end.size:
        return False
    more = j + 1 < len(blocks) and blocks[j + 1].kind == "note"
    return not ends_sentence(end) or (more and start.text[0].islower())
