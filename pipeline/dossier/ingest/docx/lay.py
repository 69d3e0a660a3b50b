"""Paragraphs and tables of a part into blocks: which paragraphs make one, and what it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dossier.ingest import shapes
from dossier.ingest.docx.story import Item, NoteKey, Paragraph, Table, every_paragraph
from dossier.ingest.docx.styles import Lists, Styles
from dossier.ingest.reflow import CONTROLS, LINE_ENDS, SOFT, SPACES

CELL_ITEMS = 8  # a cell with more paragraphs is a part of the page
CELL_TEXT = 1500  # characters; as for tables of HTML
TITLE_BLOCKS = 12  # the title stands among the first blocks
MAX_TITLE = 250  # characters
BOLD_LEVEL = 6  # the deepest that a heading without a style is given
_CONTENTS = re.compile(r"toc \d|toc heading|contents heading|table of figures|index \d")
# what is kept as it is: words with one plain space between them
WORDS = re.compile(f"[^{SPACES}{CONTROLS}{SOFT}{LINE_ENDS}]+(?: [^{SPACES}{CONTROLS}{SOFT}{LINE_ENDS}]+)*")
_BLANK = re.compile(f"[{SPACES}{LINE_ENDS}]")


@dataclass(slots=True)
class Piece:
    """Characters of a paragraph that are kept; `before` is the white space between them and the piece before."""

    paragraph: Paragraph
    start: int
    end: int
    before: str

    @property
    def words(self) -> str:
        return self.paragraph.text[self.start : self.end]


@dataclass(slots=True)
class Laid:
    """A block to be. `lead` is the paragraph whose properties count: the last that was joined into it."""

    kind: str
    pieces: list[Piece]
    lead: Paragraph
    level: int = 0
    note: NoteKey | None = None

    @property
    def words(self) -> str:
        """Its text, as it will stand in the document."""
        return "".join(piece.before + piece.words for piece in self.pieces)


def lay_out(items: Sequence[Item], styles: Styles, lists: Lists) -> list[Laid]:
    """The blocks of the text itself, in order, with their kinds."""
    blocks = [block for block in _make_blocks(items) if block.pieces and not _is_contents(block.lead, styles)]
    before, level = "", 0
    noted = 0  # notes seen in an open list of them, and one more
    for i, block in enumerate(blocks):
        if not block.kind:
            block.kind, block.level = _kind_of(block, before, i + 1 < len(blocks), styles)
            if block.kind == "heading" and not block.level:
                block.level = min(level + 1, BOLD_LEVEL)
            elif block.kind == "heading":
                level = block.level
        if block.kind in ("heading", "title"):
            noted = 1 if shapes.NOTES_HEADING.fullmatch(block.words.rstrip(":")) else 0
        elif noted and _is_next_note(block, noted, styles, lists):
            block.kind, block.level, noted = "note", 0, noted + 1
        if block.kind == "list_item":
            _drop_bullet(block)
        before = block.kind
    _name_title(blocks, styles)
    return blocks


def lay_note(key: NoteKey, items: Sequence[Item]) -> Laid | None:
    """A footnote or endnote as one block, whatever paragraphs it has; None where there are no words in it."""
    paragraphs = every_paragraph(items)
    pieces = _pieces_of(paragraphs, " ")
    return Laid("note", pieces, paragraphs[0], note=key) if pieces else None


def _make_blocks(items: Sequence[Item]) -> Iterator[Laid]:
    joined: list[Paragraph] = []
    for item in items:
        if isinstance(item, Table):
            yield from _one(joined)
            joined = []
            yield from _rows(item)
            continue
        joined.append(item)
        if not item.goes_on:
            yield from _one(joined)
            joined = []
    yield from _one(joined)


def _one(paragraphs: list[Paragraph]) -> Iterator[Laid]:
    if paragraphs:
        yield Laid("", _pieces_of(paragraphs, ""), paragraphs[-1])


def _rows(table: Table) -> Iterator[Laid]:
    """A block for each row of a table of data; of a grid that the page is laid out in, what stands in it."""
    if not _is_data(table):
        for row in table.rows:
            for cell in row:
                yield from _make_blocks(cell)
        return
    for row in table.rows:
        pieces: list[Piece] = []
        cells = [paragraphs for cell in row if (paragraphs := every_paragraph(cell))]
        for paragraphs in cells:
            more = _pieces_of(paragraphs, " ")
            if more:
                more[0].before = "\t" if pieces else ""
                pieces += more
        if pieces:
            yield Laid("row", pieces, cells[0][0])


def _is_data(table: Table) -> bool:
    cells = [cell for row in table.rows for cell in row]
    if not any(sum(_has_words(cell) for cell in row) > 1 for row in table.rows):
        return False
    for cell in cells:
        paragraphs = [each for each in every_paragraph(cell) if each.text.strip()]
        if len(paragraphs) > CELL_ITEMS or sum(len(each.text) for each in paragraphs) > CELL_TEXT:
            return False
        if any(isinstance(item, Table) and _is_data(item) for item in cell):
            return False
    return True


def _has_words(cell: Sequence[Item]) -> bool:
    return any(paragraph.text.strip() for paragraph in every_paragraph(cell))


def _pieces_of(paragraphs: Sequence[Paragraph], between: str) -> list[Piece]:
    """What is shown of paragraphs, with one space for white space. between: what stands between two paragraphs."""
    found: list[Piece] = []
    space = ""
    for paragraph in paragraphs:
        for start, end in _shown(paragraph):
            at = start
            for match in WORDS.finditer(paragraph.text, start, end):
                space = " " if space or _BLANK.search(paragraph.text, at, match.start()) else ""
                found.append(Piece(paragraph, *match.span(), space if found else ""))
                space, at = "", match.end()
            space = " " if space or _BLANK.search(paragraph.text, at, end) else ""
        space = space or between
    return found


def _shown(paragraph: Paragraph) -> Iterator[tuple[int, int]]:
    at = 0
    for start, end in paragraph.hidden:
        if at < start:
            yield at, start
        at = end
    if at < len(paragraph.text):
        yield at, len(paragraph.text)


# --------------------------------------------------------------------------- blocks -> kinds


def _kind_of(block: Laid, before: str, goes_on: bool, styles: Styles) -> tuple[str, int]:
    """Kind and level: by its properties, then by its words. A heading by its words has level 0."""
    lead, words = block.lead, block.words
    if level := _heading_level(lead, styles):
        return "heading", level
    names = styles.names(lead.style)
    if names[0] == "title":
        return "heading", 1
    if "caption" in names or shapes.CAPTION.match(words):
        return "caption", 0
    if any("quote" in name for name in names) or (lead.in_box and words[0] in '“«„"'):
        return "quote", 0
    place = _place(lead, styles)
    if place is not None:
        return "list_item", place[1] + 1
    is_marker = any(mark.start == block.pieces[0].start and mark.note for mark in lead.marks)
    if not is_marker and words[0] in "[⁰¹²³⁴⁵⁶⁷⁸⁹" and shapes.note_label(words):
        return "note", 0
    if goes_on and lead.bold and lead.bold >= len(lead.text.strip()) and shapes.heading(words):
        return "heading", 0
    strength = shapes.row(words)
    if strength == 2 or (strength == 1 and before == "row"):
        return "row", 0
    if shapes.bullet(words):
        return "list_item", 1
    return "paragraph", 0


def _heading_level(paragraph: Paragraph, styles: Styles) -> int:
    if paragraph.outline is not None:
        return paragraph.outline + 1 if paragraph.outline < 9 else 0
    return styles.heading(paragraph.style)


def _place(paragraph: Paragraph, styles: Styles) -> tuple[str, int] | None:
    """Its place in a list; the list 0 is none, and takes a paragraph out of the list that its style puts it in."""
    own = paragraph.place
    place = own if own and own[0] else styles.place(paragraph.style)
    if place and own and not own[0]:
        place = (place[0], own[1])
    return place if place and place[0] != "0" else None


def _is_next_note(block: Laid, expected: int, styles: Styles, lists: Lists) -> bool:
    """Whether a block under a heading such as Notes is one: numbered by the program, or by its words."""
    if block.kind not in ("paragraph", "list_item", "row"):
        return False
    place = _place(block.lead, styles)
    if place is not None and lists.is_numbered(place):
        return True
    match = shapes.NUMBERED.match(block.words)
    return match is not None and int(match["n"]) == expected


def _is_contents(paragraph: Paragraph, styles: Styles) -> bool:
    return paragraph.contents or bool(_CONTENTS.match(styles.name(paragraph.style)))


def _drop_bullet(block: Laid) -> None:
    """Leave a typed bullet out of the text; a number or letter stays."""
    first = block.pieces[0]
    mark = shapes.bullet(block.words[:14])
    if not mark or shapes.keeps_mark(block.words):
        return
    if mark[0] < first.end - first.start:
        first.start += mark[0]
    elif len(block.pieces) > 1 and mark[0] <= len(block.words):
        del block.pieces[0]
        block.pieces[0].before = ""


def _name_title(blocks: list[Laid], styles: Styles) -> None:
    """The first paragraph styled as one is the title; else the only chapter of all, or a short first line."""
    for block in blocks[:TITLE_BLOCKS]:
        if block.kind == "heading" and styles.names(block.lead.style)[0] == "title":
            block.kind, block.level = "title", 0
            return
    if len(blocks) < 2:
        return
    first = blocks[0]
    chapters = [block for block in blocks if block.kind == "heading" and block.level == 1]
    by_words = first.kind in ("paragraph", "heading") and not _heading_level(first.lead, styles)
    if chapters == [first] or (by_words and _may_be_title(first.words)):
        first.kind, first.level = "title", 0


def _may_be_title(words: str) -> bool:
    if len(words) > MAX_TITLE or shapes.is_header_line(words):
        return False
    return not shapes.ends_sentence(words) or words.rstrip("”\"’'»")[-1:] == "?"
