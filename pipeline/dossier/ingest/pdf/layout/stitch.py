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
    made: list[Laid] = []
    gone: set[int] = set()
    for i, block in enumerate(blocks):
        if id(block) in gone:
            continue
        made.append(block)
        at = i
        while block.kind in _OPEN and blocks[at].last:
            after = _rest(blocks, at, block, gone, rtl=rtl)
            if after is None:
                break
            block.lines = [*block.lines, *blocks[after].lines]
            gone.add(id(blocks[after]))
            at = after
    return made


def _rest(blocks: Sequence[Laid], i: int, block: Laid, gone: set[int], *, rtl: bool) -> int | None:
    """The block that goes on with a block whose last part is block i, or None."""
    end = block.lines[-1]
    text = end.text
    if block.kind == "note":
        return _rest_of_note(blocks, i, end, gone)
    if ends_sentence(end) or text[-1] in ":;":
        return None
    broken = text[-1] in "-\u00ad\u2010" and len(text) > 1 and text[-2].isalpha()
    part = blocks[i]
    free = (end.x0 - part.x0) if rtl else (part.x1 - end.x1)
    width = max(part.x1 - part.x0, 1.0)
    full = free < FULL * width or broken or is_open(text)
    page = end.page.number
    for j in range(i + 1, min(len(blocks), i + LOOK)):
        other = blocks[j]
        if id(other) in gone:
            continue
        if other.page > page + 1:
            return None
        if other.kind not in _OPEN or other.frame != part.frame or not (other.first or _after_float(blocks, j)):
            continue
        alike = abs(other.lines[0].size - end.size) <= SAME * end.size and other.lines[0].bold == end.bold
        first = other.text[0]
        if not alike or (other.kind != "paragraph" and is_item(other.lines[0].text)):
            continue
        if first.islower() and (full or j == i + 1 or free < RAGGED * width):
            return j
        if j == i + 1 and full and not first.isupper() and first.isalpha():
            return j  # a script without capitals
        if j == i + 1 and full and (text[-1].isalnum() or text[-1] in ",–—" or broken):
            return j
    return None


def _rest_of_note(blocks: Sequence[Laid], i: int, end: Line, gone: set[int]) -> int | None:
    """What goes on with a note at a page's end: unnumbered words of its size, at the top of the next column or page."""
    j = i + 1
    if j >= len(blocks) or id(blocks[j]) in gone:
        return None
    other = blocks[j]
    if other.kind != "paragraph" or not other.first or abs(other.lines[0].size - end.size) > SAME * end.size:
        return None
    ended = ends_sentence(end)
    more = j + 1 < len(blocks) and blocks[j + 1].kind == "note"
    return j if not ended or (more and other.lines[0].text[0].islower()) else None


def _after_float(blocks: Sequence[Laid], j: int) -> bool:
    """Whether a block comes right below a caption, a table, or something set in another size."""
    before = blocks[j - 1]
    return before.kind in ("caption", "row") or abs(before.lines[-1].size - blocks[j].lines[0].size) > 0.5
