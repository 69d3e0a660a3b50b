"""Markdown: the marks that matter for reading, taken out by edits.

Own code, because markdown-it-py gives lines for blocks but no source positions for inline tokens, and every mark that
goes has to be an edit with its exact place.
"""

from __future__ import annotations

import re

from dossier.ingest import shapes
from dossier.ingest.decode import decode
from dossier.ingest.draft import Draft
from dossier.ingest.inline import clean, find_cuts, fit_cuts, take_out_comments
from dossier.ingest.meta import Meta, read_stated
from dossier.ingest.reflow import Laid, Lines, emit, warn_of_marks
from dossier.ingest.text import HEADER_LINES

_ATX = re.compile(r"(#{1,6})(?:\s+|\Z)")
_SETEXT = re.compile(r"(=+|-+)\Z")
_RULE = re.compile(r"(?:(?:-\s*){3,}|(?:\*\s*){3,}|(?:_\s*){3,})\Z")
_FENCE = re.compile(r"(`{3,}|~{3,})")
_QUOTE = re.compile(r"(?:>\s?)+")
_BULLET = re.compile(r"[-*+]\s+(?:\[[ xX]\]\s+)?(?=\S)")
_DELIMITER = re.compile(r"\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\Z")
_FOOTNOTE = re.compile(r"\[\^[\w.-]{1,40}\]:")
_MARKS = re.compile("[*_`]+")
_REFERENCE = re.compile(r"\[(?!\^)(?P<label>[^\]]+)\]:\s*(?:<[^>]*>|\S+)")


def read_markdown(data: bytes, meta: Meta) -> Draft:
    """Read a Markdown report. Raises InputError (empty, not_text)."""
    source, encoding, warnings = decode(data, declared=meta.encoding)
    lines = Lines(source)
    take_out_comments(lines)
    parser = _Parser(lines)
    blocks = parser.parse()
    cuts: dict[int, list[tuple[int, int]]] = {}
    for block in blocks:
        if block.kind != "code":
            fit_cuts(lines, block, find_cuts(lines, block), cuts)
    _name_kinds(lines, blocks, cuts)
    text, offsets, made = emit(lines, blocks, cuts)
    stated, unread = read_stated(parser.front, where="the lines between --- at the top")
    return Draft(text, offsets, made, encoding, None, [*warnings, *warn_of_marks(source), *unread], stated)


class _Parser:
    """Cuts the lines into blocks, and moves line starts over the marks of blocks.

    A paragraph's kind is left empty, a fenced one's is `code`; both are named later.
    """

    def __init__(self, lines: Lines) -> None:
        self.lines = lines
        self.blocks: list[Laid] = []
        self.at = 0
        self.closed = True  # whether the next line begins a block
        self.front: list[str] = []

    def parse(self) -> list[Laid]:
        self._front_matter()
        while self.at < len(self.lines):
            if self.lines.size(self.at) <= 0:
                self.closed = self.closed or not self._words()
                self.at += 1
                continue
            if self.lines.gap[self.at]:
                self.closed = True
            if not self._marked():
                self._paragraph()
        return self.blocks

    def _marked(self) -> bool:
        """Take a line that begins with a mark, or is told by the line below it; False for plain words."""
        first = self.lines.source[self.lines.start[self.at]]
        if not first.isalpha():
            steps = (self._fence, self._heading, self._rule, self._table, self._quote, self._item, self._note)
            return any(step() for step in steps)
        after = self.at + 1
        near = after < len(self.lines) and not self.lines.gap[after] and self.lines.size(after) > 0
        below = self.lines.source[self.lines.start[after]] if near else ""
        if below not in ("=", "-", "|", ":"):
            return False
        return self._heading() or self._table()

    def _words(self, i: int | None = None) -> str:
        return self.lines.words(self.at if i is None else i)

    def _add(self, kind: str, level: int = 0, last: int | None = None) -> None:
        end = self.at if last is None else last
        self.blocks.append(Laid(kind, self.at, end, level))
        self.at = end + 1
        self.closed = kind in ("heading", "row", "code")

    def _skip(self, count: int = 1) -> None:
        self.at += count
        self.closed = True

    def _front_matter(self) -> None:
        """Lines between two `---` at the top are about the report, and no part of its text."""
        if not len(self.lines) or self._words(0) != "---":
            return
        last = next((i for i in range(1, min(len(self.lines), 40)) if self._words(i) in ("---", "...")), None)
        if last is None:
            return
        self.front = [self._words(i) for i in range(1, last)]
        self._skip(last + 1)

    def _fence(self) -> bool:
        mark = _FENCE.match(self._words())
        if not mark:
            return False
        last = self.at + 1
        while last < len(self.lines) and not self.lines.words(last).startswith(mark[1]):
            last += 1
        if last > self.at + 1:
            self.at += 1
            self._add("code", last=last - 1)
        else:
            self.at += 1
        self._skip()
        return True

    def _heading(self) -> bool:
        if mark := _ATX.match(self._words()):
            self._trim(self.at, mark.end(), re.compile(r"\s+#+\Z|\A#+\Z"))
            self._add("heading", len(mark[1]))
            return True
        after = self.at + 1
        if after < len(self.lines) and not self.lines.gap[after] and self.closed and not _BULLET.match(self._words()):
            mark = _SETEXT.match(self._words(after))
            if mark and not _RULE.match(self._words()) and not _QUOTE.match(self._words()):
                self._add("heading", 1 if mark[1][0] == "=" else 2)
                self._skip()
                return True
        return False

    def _trim(self, i: int, mark: int, tail: re.Pattern[str]) -> None:
        self.lines.start[i] += mark
        if match := tail.search(self.lines.source[self.lines.start[i] : self.lines.end[i]]):
            self.lines.end[i] = self.lines.start[i] + match.start()
        self.lines.trim(i)

    def _rule(self) -> bool:
        if not _RULE.match(self._words()):
            return False
        self._skip()
        return True

    def _table(self) -> bool:
        after = self.at + 1
        if "|" not in self._words() or after >= len(self.lines) or self.lines.gap[after]:
            return False
        if "|" not in self._words(after) or not _DELIMITER.match(self._words(after)):
            return False
        self._row()
        self._skip()
        while self.at < len(self.lines) and not self.lines.gap[self.at] and "|" in self._words():
            self._row()
        return True

    def _row(self) -> None:
        """One outer bar goes at each end; those between the cells stay, so that no cell runs into the next."""
        words = self.lines.source[self.lines.start[self.at] : self.lines.end[self.at]]
        lead = re.match(r"\|?[ \t]*", words).end()  # type: ignore[union-attr]
        inner = re.sub(r"[ \t]*\|\Z", "", words[lead:]).rstrip() if words[lead:] else ""
        self.lines.start[self.at] += lead
        self.lines.end[self.at] = self.lines.start[self.at] + len(inner)
        self.lines.trim(self.at)
        self._add("row")

    def _quote(self) -> bool:
        mark = _QUOTE.match(self._words())
        if not mark:
            return False
        self.lines.start[self.at] += mark.end()
        self.lines.trim(self.at)
        goes_on = (
            not self.closed and self.blocks and self.blocks[-1].kind == "quote" and self.blocks[-1].last == self.at - 1
        )
        if self.lines.size(self.at) <= 0:
            self._skip()
        elif goes_on:
            self.blocks[-1].last = self.at
            self.at += 1
        else:
            self._add("quote")
        return True

    def _item(self) -> bool:
        words = self._words()
        if mark := _BULLET.match(words):
            self.lines.start[self.at] += mark.end()
            self.lines.trim(self.at)
        elif not shapes.NUMBERED.match(words) or not (self.closed or self._in_list()):
            return False
        self._add("list_item", self._depth())
        return True

    def _in_list(self) -> bool:
        return bool(self.blocks) and self.blocks[-1].kind == "list_item"

    def _depth(self) -> int:
        indent, depth = self.lines.indent[self.at], 1
        for block in reversed(self.blocks):
            if block.kind != "list_item":
                break
            before = self.lines.indent[block.first]
            if before <= indent - 2 or before == indent:
                return block.level + (before < indent)
            depth = 1
        return depth

    def _note(self) -> bool:
        words = self._words()
        if shapes.note_label(words) and (words[0] != "[" or self.closed or _FOOTNOTE.match(words) or self._in_notes()):
            self._add("note")
            return True
        if self.closed and _REFERENCE.match(words):
            self._skip()
            return True
        return False

    def _in_notes(self) -> bool:
        return bool(self.blocks) and self.blocks[-1].kind == "note"

    def _paragraph(self) -> None:
        if not self.closed and self.blocks and self.blocks[-1].last == self.at - 1 and not self._breaks():
            self.blocks[-1].last = self.at
            self.at += 1
        else:
            self._add("")

    def _breaks(self) -> bool:
        """Whether the line before ends its block though no blank line follows."""
        before = self.at - 1
        source, end = self.lines.source, self.lines.end[before]
        if source[end : end + 2] == "  " or source[end - 1] == "\\":
            return True
        if self.blocks[-1].kind:
            return False
        if all(shapes.row(_MARKS.sub("", self._words(i))) == 2 for i in (before, self.at)):
            return True
        if HEADER_LINES <= self.at < len(self.lines) - HEADER_LINES:
            return False
        return any(shapes.is_header_line(self._words(i)) for i in (before, self.at))


def _name_kinds(lines: Lines, blocks: list[Laid], cuts: dict[int, list[tuple[int, int]]]) -> None:
    """Name the blocks that were left open, and make the first heading the title."""
    level = 1
    before = ""
    expected = 0
    titled = False
    for i, block in enumerate(blocks):
        words = clean(lines, block, cuts)
        if block.kind == "heading" and not titled and all(b.kind == "row" for b in blocks[:i]):
            block.kind, block.level, titled = "title", 0, True
        if block.kind in ("heading", "title"):
            level = block.level
            expected = 1 if shapes.NOTES_HEADING.fullmatch(words.rstrip(":")) else 0
        elif expected and block.kind in ("list_item", "") and _number(words) == expected:
            block.kind, block.level, expected = "note", 0, expected + 1
        elif not block.kind:
            block.kind = _kind(words, before, _is_bold(lines, block) and i + 1 < len(blocks))
            block.level = level + 1 if block.kind == "heading" else 0
        elif block.kind == "code":
            block.kind = "paragraph"
        before = block.kind


def _number(words: str) -> int:
    match = shapes.NUMBERED.match(words)
    return int(match["n"]) if match else -1


def _kind(words: str, before: str, bold: bool) -> str:
    if shapes.CAPTION.match(words):
        return "caption"
    strength = shapes.row(words)
    if strength == 2 or (strength == 1 and before == "row"):
        return "row"
    return "heading" if bold and shapes.heading(words) else "paragraph"


def _is_bold(lines: Lines, block: Laid) -> bool:
    source = lines.source
    return block.first == block.last and any(
        source[max(0, lines.start[block.first] - 2) : lines.start[block.first]] == mark
        and source[lines.end[block.last] : lines.end[block.last] + 2] == mark
        for mark in ("**", "__")
    )
