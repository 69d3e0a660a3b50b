"""The pages of a PDF, to look up what stands in a box.

Only the glyphs count here, not the order that the reader found: those whose middle lies in a box, box after box, and in a box
along its line.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from typing import Any

import numpy as np

from dossier.ingest.pdf.layout.bidi import logical_order
from dossier.ingest.pdf.layout.glyphs import Glyphs, split_by_turn
from dossier.ingest.pdf.opening import open_pages
from dossier.ingest.pdf.page import Box

_SILENT = frozenset(("Cc", "Cf", "Zs", "Zl", "Zp"))  # white space, soft hyphens, marks of direction


class PdfOriginal:
    """The visible glyphs of every page."""

    def __init__(self, data: bytes) -> None:
        self._pages = {page.number: list(split_by_turn(page)) for page in open_pages(data)}

    def reads(self, source: dict[str, Any], quote: str) -> str | None:
        seen: set[tuple[int, int]] = set()
        found = [self._in_box(int(page), Box(*edges), seen) for page, *edges in source.get("boxes", ())]
        if _same("".join(found), quote) or _same(
            "".join(map(_without_hyphen, found[:-1])) + "".join(found[-1:]), quote
        ):
            return None
        return " ".join(found)

    def where(self, source: dict[str, Any]) -> str:
        pages = sorted({int(page) for page, *_ in source.get("boxes", ())})
        if not pages:
            return "no page"
        beyond = "" if pages[-1] in self._pages else f" of {len(self._pages)}"
        return f"page{'s' if len(pages) > 1 else ''} {' and '.join(map(str, pages))}{beyond}"

    def _in_box(self, page: int, box: Box, seen: set[tuple[int, int]]) -> str:
        """What stands in a box, without the glyphs that a box before it has: each is read once."""
        pieces: list[str] = []
        for glyphs in self._pages.get(page, ()):
            inside = [i for i in _along(glyphs, glyphs.frame.box(box)) if (page, int(glyphs.source[i])) not in seen]
            seen.update((page, int(glyphs.source[i])) for i in inside)
            pieces += _read([glyphs.text[i] for i in inside])
        return "".join(pieces)


def _along(glyphs: Glyphs, box: Box) -> list[int]:
    """The glyphs in a box of their frame, from left to right."""
    x, y = (glyphs.x0 + glyphs.x1) / 2, (glyphs.top + glyphs.bottom) / 2
    inside = np.flatnonzero((x >= box.x0) & (x <= box.x1) & (y >= box.top) & (y <= box.bottom))
    found: list[int] = inside[np.argsort(x[inside], kind="stable")].tolist()
    return found


def _read(pieces: list[str]) -> list[str]:
    if any(unicodedata.bidirectional(c) in ("R", "AL") for piece in pieces for c in piece):
        return [pieces[i] for i in logical_order(pieces)]
    return pieces


def _same(words: str, quote: str) -> bool:
    """Whether two readings differ in white space, marks of direction, ways to write one letter, or not at all."""
    return _letters(words) == _letters(quote)


def _letters(words: str) -> tuple[str, Counter[str]]:
    """The letters in order, and the accents, which stand over a letter and have no order of their own, counted."""
    plain = [c for c in unicodedata.normalize("NFKD", words) if unicodedata.category(c) not in _SILENT]
    accents = Counter(c for c in plain if unicodedata.category(c) == "Mn")
    return "".join(c for c in plain if c not in accents), accents


def _without_hyphen(words: str) -> str:
    return words[:-1] if words[-1:] in ("-", "\u2010") else words
