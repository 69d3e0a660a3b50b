"""The pages of a PDF, to look up what stands in a box.

Only the glyphs count here, not the order that the reader found: those whose middle lies in a box, box after box, and in a box
along its line.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from dossier.ingest.pdf.findings import Findings, name_pages
from dossier.ingest.pdf.layout.bidi import logical_order
from dossier.ingest.pdf.layout.glyphs import Glyphs, split_by_turn
from dossier.ingest.pdf.opening import open_pages
from dossier.ingest.pdf.page import Box
from dossier.ingest.pdf.reading import Reading

if TYPE_CHECKING:
    from dossier.ingest.pdf.ocr import Recogniser

OVER = 0.3  # of the narrower glyph's width: neighbours that share more are printed over each other; kerning takes .15
SPACE = 0.15  # of the height of a glyph's box; only for people who read what stands there
_SILENT = frozenset(("Cc", "Cf", "Zs", "Zl", "Zp"))  # white space, soft hyphens, marks of direction


class _Found(NamedTuple):
    """A glyph in a box. `loose`: it may belong to other words, or be a hyphen that the line's end asked for; `apart`: from the
    glyph to its left, as words are."""

    text: str
    loose: bool
    apart: bool


class PdfOriginal:
    """The visible glyphs of every page, by the way they are turned."""

    def __init__(self, data: bytes, recogniser: Recogniser | None = None) -> None:
        self._pages: dict[int, list[Glyphs]] = {}
        self._pictures: set[int] = set()  # whose words may have been recognised when they were ingested
        findings = Findings()
        for page in open_pages(data, recogniser=recogniser):
            self._pages[page.number] = list(split_by_turn(page))
            if recogniser is None and findings.is_picture(Reading(page, painted=len(page.shapes))):
                self._pictures.add(page.number)
        self._rtl = {number: _is_rtl(page) for number, page in self._pages.items()}

    def reads(self, source: dict[str, Any], quote: str) -> str | None:
        seen: set[tuple[int, int]] = set()
        found = [self._in_box(int(page), Box(*edges), seen) for page, *edges in source.get("boxes", ())]
        words = " ".join("".join(" " * glyph.apart + glyph.text for glyph in each) for each in found)
        return None if _letters(words) == _letters(quote) or _reads_among(found, quote) else words

    def where(self, source: dict[str, Any]) -> str:
        pages = sorted({int(page) for page, *_ in source.get("boxes", ())})
        if not pages:
            return "no page"
        beyond = "" if pages[-1] in self._pages else f" of {len(self._pages)}"
        return f"page{'s' if len(pages) > 1 else ''} {' and '.join(map(str, pages))}{beyond}"

    def gap(self, source: dict[str, Any] | None = None) -> str | None:
        pages = self._pictures
        if source is not None:
            pages = pages & {int(page) for page, *_ in source.get("boxes", ())}
        return f"{name_pages(sorted(pages))} {'are pictures' if len(pages) > 1 else 'is a picture'}" if pages else None

    def _in_box(self, page: int, box: Box, seen: set[tuple[int, int]]) -> list[_Found]:
        """What stands in a box, without the glyphs that a box before it has: each is read once."""
        found: list[_Found] = []
        for glyphs in self._pages.get(page, ()):
            inside = [i for i in _along(glyphs, glyphs.frame.box(box)) if (page, int(glyphs.source[i])) not in seen]
            if not inside:
                continue
            loose = _overprinted(glyphs, inside)
            seen.update((page, int(glyphs.source[i])) for i, free in zip(inside, loose, strict=True) if not free)
            loose[-1] |= glyphs.text[inside[-1]] in ("-", "\u2010")
            pieces = [glyphs.text[i] for i in inside]
            order = logical_order(pieces) if self._rtl[page] or _has_rtl("".join(pieces)) else range(len(pieces))
            apart = _apart(glyphs, inside)
            found += [_Found(pieces[i], bool(loose[i]), bool(apart[i])) for i in order]
        return found


def _is_rtl(page: Sequence[Glyphs]) -> bool:
    """Whether most letters of a page are read from right to left; there numbers and signs are ordered by their lines."""
    kinds = Counter(unicodedata.bidirectional(text[0]) for glyphs in page for text in glyphs.text)
    return kinds["R"] + kinds["AL"] > kinds["L"]


def _has_rtl(words: str) -> bool:
    return any(unicodedata.bidirectional(c) in ("R", "AL") for c in words)


def _along(glyphs: Glyphs, box: Box) -> list[int]:
    """The glyphs in a box of their frame, by their left edges."""
    x, y = (glyphs.x0 + glyphs.x1) / 2, (glyphs.top + glyphs.bottom) / 2
    inside = np.flatnonzero((x >= box.x0) & (x <= box.x1) & (y >= box.top) & (y <= box.bottom))
    found: list[int] = inside[np.argsort(glyphs.x0[inside], kind="stable")].tolist()
    return found


def _overprinted(glyphs: Glyphs, inside: Sequence[int]) -> npt.NDArray[np.bool_]:
    """Which of these glyphs of one line have another one printed over them."""
    x0, x1 = glyphs.x0[list(inside)], glyphs.x1[list(inside)]
    width = np.maximum(x1 - x0, 0.01)
    shared = np.minimum.outer(x1, x1) - np.maximum.outer(x0, x0) > OVER * np.minimum.outer(width, width)
    np.fill_diagonal(shared, False)
    found: npt.NDArray[np.bool_] = shared.any(0)
    return found


def _apart(glyphs: Glyphs, inside: Sequence[int]) -> list[bool]:
    """Which of these glyphs stand as far from the one before as words do."""
    gaps = [glyphs.x0[b] - glyphs.x1[a] > SPACE * (glyphs.bottom[b] - glyphs.top[b]) for a, b in pairwise(inside)]
    return [False, *gaps]


def _letters(words: str) -> tuple[str, Counter[str]]:
    """The letters in order, and the accents, which stand over a letter and have no order of their own, counted.

    White space, marks of direction and ways to write one letter make no difference.
    """
    plain = [c for c in unicodedata.normalize("NFKD", words) if unicodedata.category(c) not in _SILENT]
    accents = Counter(c for c in plain if unicodedata.category(c) == "Mn")
    return "".join(c for c in plain if c not in accents), accents


def _reads_among(found: Sequence[Sequence[_Found]], quote: str) -> bool:
    """Whether the quote is what stands there but for loose glyphs: all others are in it, in order. An accent always stands over
    a letter, and is none."""
    wanted, accents = _letters(quote)
    reached, marks, needed = {0}, Counter[str](), Counter[str]()
    for glyph in (glyph for box in found for glyph in box):
        letters, over = _letters(glyph.text)
        marks += over
        if not glyph.loose or not letters:
            needed += over
        on = {at + len(letters) for at in reached if wanted.startswith(letters, at)}
        reached = on | reached if glyph.loose else on
    return len(wanted) in reached and needed <= accents <= marks
