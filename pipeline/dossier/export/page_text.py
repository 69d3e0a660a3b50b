"""A document's text as HTML: its blocks, with marks, triggers and note markers where they stand.

No character is added, taken or moved inside a block, so that the script finds a stretch again by counting: the places it
is given count as it does, in UTF-16.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import accumulate, groupby, pairwise
from typing import Any

from dossier.export.words import Places, describe_norm, describe_review
from dossier.markup import UNSEEN, text
from dossier.records import Block, Document

COLOURS = 12  # classes c0 to c11 of page.css
CHUNK = 4000  # characters that are laid out together, when they come into view
ROWS, ITEMS = 500, 40  # of one table, one list; a longer one goes on in the next chunk
_KEY = re.compile(r"[^:\t\n]{1,40}:(?=\s)")
_TAGS = {
    "paragraph": "p",
    "caption": "p",
    "title": "p",
    "quote": "blockquote",
    "note": "p",
    "list_item": "li",
    "row": "p",
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the text and the tags around it."""

    start: int
    end: int
    open: str
    close: str


@dataclass(slots=True)
class PageText:
    """Where the blocks, pages, sections and marks of one document stand. `colours`: label -> number."""

    document: Document
    mentions: Sequence[dict[str, Any]]
    colours: Mapping[str, int]
    places: Places = field(init=False)
    _wide: list[int] = field(init=False)
    _mention_starts: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self.places = Places(self.document)
        self._wide = [i for i, c in enumerate(self.document.text) if ord(c) > 0xFFFF]
        self._mention_starts = [one["start"] for one in self.mentions]

    # ------------------------------------------------------------ places

    def utf16(self, at: int) -> int:
        return at + bisect_left(self._wide, at)

    @property
    def blocks(self) -> list[Block]:
        return self.places.blocks

    def mentions_in(self, start: int, end: int) -> range:
        """The numbers of the mentions that stand whole in a stretch."""
        first, last = bisect_left(self._mention_starts, start), bisect_left(self._mention_starts, end)
        while last > first and self.mentions[last - 1]["end"] > end:
            last -= 1
        return range(first, last)

    # ------------------------------------------------------------ HTML

    def html(self, pieces: Sequence[Piece]) -> str:
        """The whole text, in chunks. `pieces`: what is to be wrapped in tags beside the mentions."""
        writer = _Writer(self.document.text, sorted([*pieces, *self._marks()], key=lambda p: (p.start, -p.end)))
        chunks: list[list[str]] = [[]]
        size, page = 0, None
        for name, group in groupby(range(len(self.blocks)), key=self._group):
            numbers = list(group)
            most = ROWS if name.startswith("table") else ITEMS
            for some in (numbers[i : i + most] for i in range(0, len(numbers), most)):
                if size > CHUNK:
                    chunks.append([])
                    size = 0
                if self.places.page(some[0]) not in (page, None):
                    page = self.places.page(some[0])
                    chunks[-1].append(f"<div class=pg>page {page}</div>\n")
                chunks[-1].append(self._run(name, some, writer))
                size += self.blocks[some[-1]].end - self.blocks[some[0]].start
        return "".join(f"<div class=chunk>\n{''.join(parts)}</div>\n" for parts in chunks if parts)

    def _group(self, number: int) -> str:
        block = self.blocks[number]
        if block.kind == "row" and "\t" in self.document.text[block.start : block.end]:
            name = "table"
        else:
            name = "list" if block.kind == "list_item" else f"one {number}"
        return f"{name} {self.places.page(number)}"

    def _run(self, name: str, numbers: list[int], writer: _Writer) -> str:
        if name.startswith("table"):
            return "<div class=scroll><table>\n" + "".join(self._row(n, writer) for n in numbers) + "</table></div>\n"
        made = "".join(self._block(n, writer) for n in numbers)
        return f"<ul>\n{made}</ul>\n" if name.startswith("list") else made

    def _block(self, number: int, writer: _Writer) -> str:
        block = self.blocks[number]
        tag = f"h{min(max(block.level, 1) + 1, 6)}" if block.kind == "heading" else _TAGS.get(block.kind, "p")
        names = block.kind if block.kind in _TAGS or block.kind == "heading" else "paragraph"
        names += f" lv{min(block.level, 6)}" if block.kind == "list_item" else ""
        return (
            f'<{tag} id=b{number} class="b {names}" data-s={self.utf16(block.start)} dir=auto>'
            f"{writer.html(block.start, block.end)}</{tag}>\n"
        )

    def _row(self, number: int, writer: _Writer) -> str:
        """A row of a table: the tabs between its cells stay, at the end of each."""
        block = self.blocks[number]
        words = self.document.text[block.start : block.end]
        ends = [i + 1 for i, c in enumerate(words) if c == "\t"] + [len(words)]
        cells = "".join(
            f"<td dir=auto>{writer.html(block.start + start, block.start + end)}</td>"
            for start, end in pairwise([0, *ends])
        )
        return f"<tr id=b{number} class=b data-s={self.utf16(block.start)}>{cells}</tr>\n"

    def _marks(self) -> Iterator[Piece]:
        for number, one in enumerate(self.mentions):
            state = one["review"]["state"]
            names = f"t c{self.colours[one['label']] % COLOURS} {state}"
            norm = describe_norm(one["norm"])
            entity = f' data-e="{text(one["entity"])}"' if one["entity"] else ""
            known = f' data-n="{text(norm)}"' if norm and norm != one["text"] else ""
            yield Piece(
                one["start"], one["end"],
                f'<mark class="{names}" data-m={number} data-l="{text(one["label"])}" data-c={one["confidence"]:.2f} '
                f'data-by="{text(one["by"])}" data-r="{text(describe_review(one["review"]))}"{entity}{known} tabindex=-1>',
                "</mark>",
            )  # fmt: skip
        for block in self.blocks:
            words = self.document.text[block.start : block.end]
            if block.kind == "row" and "\t" not in words and (key := _KEY.match(words)):
                yield Piece(block.start, block.start + key.end(), "<b>", "</b>")


@dataclass(slots=True)
class _Writer:
    """Writes stretches of a text with pieces around parts of it; pieces that cross are cut at each other's ends."""

    text: str
    pieces: list[Piece]  # by start, the longer first
    _starts: list[int] = field(init=False)
    _reach: list[int] = field(init=False)  # how far the pieces up to this one reach

    def __post_init__(self) -> None:
        self._starts = [piece.start for piece in self.pieces]
        self._reach = list(accumulate((piece.end for piece in self.pieces), max))

    def html(self, start: int, end: int) -> str:
        some = self.pieces[bisect_right(self._reach, start) : bisect_left(self._starts, end)]
        some = [piece for piece in some if piece.end > start and piece.end > piece.start]
        cuts = sorted({start, end, *(c for p in some for c in (p.start, p.end) if start < c < end)})
        out, active, following = [], list[Piece](), iter([*some, None])
        waiting = next(following)
        for a, b in pairwise(cuts):
            while waiting is not None and waiting.start <= a:
                active.append(waiting)
                waiting = next(following)
            active = [piece for piece in active if piece.end > a]
            out += [piece.open for piece in active]
            out.append(shown(self.text[a:b]))
            out += [piece.close for piece in reversed(active)]
        return "".join(out)


def shown(words: str) -> str:
    """Words of the text as HTML, one character for each: what would move or turn it as a box with its number."""
    return UNSEEN.sub(
        lambda found: f'<i class=ctl data-c="U+{ord(found.group()):04X}">\ufffd</i>', escape(words.replace("\r", "\n"))
    )
