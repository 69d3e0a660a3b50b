"""The last look at the glyphs of a page: letters printed twice to look bold count once."""

from __future__ import annotations

from collections import Counter
from itertools import compress, product

from dossier.ingest.pdf.fonts import UNKNOWN
from dossier.ingest.pdf.glyphs import GONE
from dossier.ingest.pdf.page import Page

TWICE = 1.0  # points between the two prints of a letter, at most
CROWD = 64  # of one letter within a point: nobody reads them
OF_WIDTH = 0.4  # of the letter's width, at most: a narrow letter may well stand twice in a row


def tidy(page: Page) -> Counter[str]:
    """Take out what stands twice or says nothing. Returns the glyphs that have no Unicode, by the name of their font."""
    gone = find_doubles(page)
    if GONE in page.text:
        gone |= {i for i, text in enumerate(page.text) if text == GONE}
    if gone:
        _keep(page, [i not in gone for i in range(len(page))])
    if UNKNOWN not in page.text:
        return Counter()
    return Counter(page.fonts[font] for text, font in zip(page.text, page.font, strict=True) if UNKNOWN in text)


def find_doubles(page: Page) -> set[int]:
    """The glyphs that stand where the same one stands already.

    A look at whole points first: the prints of most doubled letters fall on the same one, and most pages have none.
    """
    places = list(zip(page.text, map(int, page.x0), map(int, page.top), strict=True))
    if len(set(places)) == len(places):
        return set()
    doubles: set[int] = set()
    kept: dict[tuple[str, int, int], list[int]] = {}
    for i, (text, x, y) in enumerate(places):
        within = min(TWICE, OF_WIDTH * (page.x1[i] - page.x0[i]))
        for dx, dy in product((-1, 0, 1), repeat=2):
            near = kept.get((text, x + dx, y + dy), ())
            if len(near) > CROWD or any(
                abs(page.x0[i] - page.x0[j]) <= within and abs(page.top[i] - page.top[j]) <= TWICE for j in near
            ):
                doubles.add(i)
                break
        else:
            kept.setdefault((text, x, y), []).append(i)
    return doubles


def _keep(page: Page, kept: list[bool]) -> None:
    page.text[:] = compress(page.text, kept)
    for name in ("x0", "top", "x1", "bottom", "size", "font", "turn"):
        values = getattr(page, name)
        setattr(page, name, type(values)(values.typecode, compress(values, kept)))
