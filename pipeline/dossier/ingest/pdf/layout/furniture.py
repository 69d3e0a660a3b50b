"""What is printed on the pages but belongs to none of their text: running heads, page numbers, stamps, line numbers."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import median

from dossier.ingest.pdf.layout.chunks import Chunk, PageText
from dossier.ingest.pdf.layout.kinds import CAPTION
from dossier.ingest.pdf.layout.lines import rows_of

ROWS = 4  # from the top and from the foot of a page, among which running heads are looked for
NEAR = 5.0  # points by which a running head may stand higher or lower on another page
EDGE = 0.035  # of the page's height: what stands farther out is a stamp of whoever printed or sent it
ZONE = 0.12  # of the page's height, where a page number stands, or a head that occurs once
APART = 1.45  # of the size of the writing, between the baselines of a head and of the text
GAP = 3.0  # em between a page number and text on its row; the white between words of a line is narrower
HIGH = 0.09  # of the page's height, above which a page that comes alone has its head
SIDE = 0.1  # of the page's width, where sideways writing is no text
SHORT = 12  # characters; shorter words, or a number first as in `12 Ibid.`, must come again more often
FEW_PAGES = 6
NUMBERED_LINES = 8  # lines with numbers in the margin

_DIGITS = re.compile(r"\d+|\b[ivxlc]{1,7}\b")
_PAGE = re.compile(
    r"[-–—\[(|·•\s]*(?:(?:page|p\.|pg\.?|seite|página|стр\.?)\s*)?"
    r"(?P<n>\d{1,5}|[ivxlc]{1,7}|[A-Z]{1,2}[-–.]\d{1,3}|\d{1,2}[-–]\d{1,3})"
    r"(?:\s*(?:of|/|de|von|\|)\s*(?:p ?a ?g ?e|\d{1,5}))?[-–—\])|·•\s]*",
    re.I,
)
_PAGE_OF = re.compile(r"\bpage \d+ of \d+\b", re.I)
_ADDRESS = re.compile(r"(?:https?://)?(?:www\.)[\w./-]+|https?://\S+", re.I)


def take_furniture(pages: Sequence[PageText]) -> None:
    """Move what is no text from the chunks of the pages to their furniture."""
    for page in pages:
        _take(page, _line_numbers(page), "line number")
        _take(page, _sideways(page), "margin")
    repeated, offsets = _count(pages)
    for page in pages:
        rows = rows_of(chunk for chunk in page.chunks if not chunk.turned)
        for side in (-1, 1):
            _strip(page, rows[::side], side, repeated, offsets, len(pages))
        if len(pages) == 1 and any(why == "foot" for _, why in page.furniture):
            _take_single_head(page, rows)
    if not any(page.chunks for page in pages):  # what is all there is, is the text
        for page in pages:
            page.chunks, page.furniture = [chunk for chunk, _ in page.furniture], []


def _take(page: PageText, chunks: Iterable[Chunk], why: str) -> None:
    gone = {id(chunk) for chunk in chunks}
    if gone:
        page.furniture += [(chunk, why) for chunk in page.chunks if id(chunk) in gone]
        page.chunks = [chunk for chunk in page.chunks if id(chunk) not in gone]


# --------------------------------------------------------------------------- heads and feet

Key = tuple[int, str, int]
Seen = dict[Key, list[tuple[int, float, int]]]  # page, height, the number it begins with or -1


def _key(chunk: Chunk, side: int) -> Key:
    return side, _DIGITS.sub("#", chunk.text.lower().replace(" ", "")), round(chunk.size)


def _height(chunk: Chunk, page: PageText, side: int) -> float:
    """From the edge of the page, the upper one or the lower one."""
    return chunk.base if side > 0 else page.height - chunk.base


def _count(pages: Sequence[PageText]) -> tuple[Seen, Counter[int]]:
    """Where every wording at the top and foot of pages stands, and by how much page numbers differ from the count."""
    seen: Seen = defaultdict(list)
    numbered: set[tuple[int, int]] = set()
    for page in pages:
        rows = rows_of(chunk for chunk in page.chunks if not chunk.turned)
        for side in (1, -1):
            for chunk in (chunk for row in rows[::side][:ROWS] for chunk in row):
                seen[_key(chunk, side)].append((page.number, _height(chunk, page, side), _first_number(chunk)))
                if (n := _page_number(chunk.text)) is not None:
                    numbered.add((n - page.number, page.number))
    return seen, Counter(offset for offset, _ in numbered)


def _first_number(chunk: Chunk) -> int:
    """The number that words begin with, which goes up with the pages in a running head, unlike a note's; or -1."""
    match = re.match(r"[\[(]?(\d{1,6})", chunk.text)
    return int(match[1]) if match else -1


def _page_number(text: str) -> int | None:
    match = _PAGE.fullmatch(text)
    digits = re.search(r"\d+$", match["n"]) if match else None
    return int(digits.group()) if digits else None


def _strip(
    page: PageText, rows: Sequence[Sequence[Chunk]], side: int, seen: Seen,
    offsets: Counter[int],
    pages: int,
) -> None:  # fmt: skip
    """Take the outermost rows of a page, one after the other, as long as they are no text."""
    for number, row in enumerate(rows[:ROWS]):
        if CAPTION.match(row[0].text):
            return
        why = "foot" if side < 0 else "head"
        known = [c for c in row if _is_repeated(c, page, side, seen, pages, number) or _counts(c, page, offsets)]
        most = sum(len(c.text) for c in known) > 0.5 * sum(len(c.text) for c in row)
        near = number == 0 or all(_height(c, page, side) < ZONE * page.height for c in row)
        if len(known) == len(row) or (most and near) or _is_out(row, page, side):
            _take(page, row, why)
            continue
        block = _block(rows[number:])
        if block and _is_foot(block, page, side, known=bool(known)):
            _take(page, (c for r in block for c in r), why)
        elif near:
            _take(page, [c for c in known if _stands_apart(c, row)], why)
        return


def _take_single_head(page: PageText, rows: Sequence[Sequence[Chunk]]) -> None:
    """The head of a page that comes alone, where it has a foot: a short row at its very top, far from the text."""
    if len(rows) < 4 or any(why == "head" for _, why in page.furniture):
        return
    row, after = rows[0], rows[1]
    size, far = row[0].size, max(2.2 * row[0].size, 1.8 * _pitch(rows))
    usual = median(c.size for r in rows for c in r)
    short = len(row) <= 2 and all(len(c.text) <= 60 and c.text[-1] not in ".;,:" for c in row)
    high = row[-1].base < HIGH * page.height and after[0].base - row[0].base > far
    if short and high and size < 1.1 * usual and not any(c.bold and c.size > usual for c in row):
        _take(page, row, "head")


def _stands_apart(chunk: Chunk, row: Sequence[Chunk]) -> bool:
    """Whether a wide gap lies between a chunk and the rest of its row, which is text."""
    gaps = [max(other.x0 - chunk.x1, chunk.x0 - other.x1) for other in row if other is not chunk]
    return min(gaps) > GAP * chunk.size


def _block(rows: Sequence[Sequence[Chunk]]) -> list[Sequence[Chunk]]:
    """The outermost rows that stand close together, at most three, apart from what follows; else none."""
    block: list[Sequence[Chunk]] = []
    pitch = _pitch(rows)
    for row, after in pairwise([*rows[:4], []]):
        block.append(row)
        if not after:
            return []  # there is nothing else, or too many rows
        size = max(max(c.size for c in row), median(c.size for c in after))
        if abs(median(c.base for c in after) - row[0].base) > APART * max(size, pitch):
            return block if len(block) <= 3 else []
    return []


def _pitch(rows: Sequence[Sequence[Chunk]]) -> float:
    """The usual distance of the rows of a page beyond its outermost ones, 0 where they are few."""
    gaps = [abs(b[0].base - a[0].base) for a, b in pairwise(rows[3:])]
    near = [gap for gap, row in zip(gaps, rows[3:], strict=False) if gap < 3.2 * row[0].size]
    return median(near) if len(near) > 3 else 0.0


def _is_repeated(chunk: Chunk, page: PageText, side: int, seen: Seen, pages: int, row: int) -> bool:
    """Whether the same words, numbers aside, stand at the same height on other pages. row: counted from the edge, 0 first."""
    key = _key(chunk, side)
    if not re.search(r"[^\W\d_]", key[1]):
        return False  # numbers may head a table on every page
    if chunk.raised and chunk.raised[0][0] == 0:
        return False  # a note
    height = _height(chunk, page, side)
    first = _first_number(chunk)
    others = {
        number for number, other, begins in seen.get(key, ())
        if number != page.number and abs(height - other) < NEAR and begins - first in (0, number - page.number)
    }  # fmt: skip
    if chunk.text[0].islower() and chunk.text[-1] in ".,;":  # the end of a sentence
        return len(others) >= max(3, 0.25 * pages)
    if pages <= FEW_PAGES:
        return bool(others)
    if chunk.text[0].islower():  # the last word of a paragraph, rather
        return len(others) >= max(3, 0.25 * pages)
    if row:  # behind a head; a table that goes on may begin alike on the next page
        return len(others) >= max(2, 0.15 * pages)
    return len(others) >= (1 if len(key[1]) >= SHORT and key[1][0] != "#" else max(2, 0.1 * pages))


def _counts(chunk: Chunk, page: PageText, offsets: Counter[int]) -> bool:
    """Whether a number goes up with the pages."""
    n = _page_number(chunk.text)
    return n is not None and offsets[n - page.number] > 1


def _is_foot(block: Sequence[Sequence[Chunk]], page: PageText, side: int, *, known: bool) -> bool:
    """Whether rows that occur once are a page number, with or without a running title beside it."""
    chunks = [c for row in block for c in row]
    if any(_height(c, page, side) > ZONE * page.height for c in chunks):
        return False
    text = " ".join(c.text for c in chunks)
    if len(text) > 160:
        return False
    if _PAGE_OF.search(text):
        return True
    numbered = any(_PAGE.fullmatch(end.text) for row in block for end in (row[0], row[-1]))
    return (numbered or (known and len(block) == 1)) and text[-1] not in ".;," and all(len(row) <= 4 for row in block)


def _is_out(row: Sequence[Chunk], page: PageText, side: int) -> bool:
    """Whether a row stands at the very edge of the page, or is an address alone at its foot."""
    edge = max(c.bottom for c in row) if side > 0 else page.height - min(c.top for c in row)
    if edge < EDGE * page.height:
        return True
    return side < 0 and len(row) == 1 and bool(_ADDRESS.fullmatch(row[0].text)) and edge < ZONE * page.height


# --------------------------------------------------------------------------- margins


def _sideways(page: PageText) -> list[Chunk]:
    """Writing turned another way than the page's, in its margins."""
    turned = [chunk for chunk in page.chunks if chunk.turned]
    if not turned:
        return []
    upright = [chunk for chunk in page.chunks if not chunk.turned and len(chunk.text) > 3]
    left = min((chunk.x0 for chunk in upright), default=page.width)
    right = max((chunk.x1 for chunk in upright), default=0.0)
    out = []
    for chunk in turned:
        beyond = chunk.x1 <= left + 2 or chunk.x0 >= right - 2
        near = chunk.x1 < SIDE * page.width or chunk.x0 > (1 - SIDE) * page.width
        if beyond or near:
            out.append(chunk)
    return out


def _line_numbers(page: PageText) -> list[Chunk]:
    """Numbers in the left or right margin that count the lines of the page."""
    numbers = [chunk for chunk in page.chunks if chunk.text.isdecimal() and len(chunk.text) <= 3 and not chunk.turned]
    if len(numbers) < NUMBERED_LINES:
        return []
    columns: dict[tuple[str, int], list[Chunk]] = defaultdict(list)
    for chunk in numbers:
        columns["right", round(chunk.x1 / 6)].append(chunk)
        columns["left", round(chunk.x0 / 6)].append(chunk)
    for side, at in sorted(columns, key=lambda key: (-len(columns[key]), key)):
        found = {id(c): c for k in (at, at + 1) for c in columns.get((side, k), ())}
        column = sorted(found.values(), key=lambda c: c.base)
        if len(column) < NUMBERED_LINES or not _goes_up(column):
            continue
        x0, x1 = min(c.x0 for c in column), max(c.x1 for c in column)
        others = [c for c in page.chunks if not c.text.isdecimal()]
        within = [c for c in others if column[0].top < c.base < column[-1].bottom]
        out = sum(c.x0 < x0 - 2 for c in within), sum(c.x1 > x1 + 2 for c in within)
        if len(within) > 3 and min(out) <= 0.02 * len(within):
            return column
    return []


def _goes_up(column: Sequence[Chunk]) -> bool:
    """Whether numbers count up by one step, at even distances."""
    values = [int(c.text) for c in column]
    steps = Counter(b - a for a, b in pairwise(values))
    step, times = steps.most_common(1)[0]
    if step not in (1, 5, 10) or times < 0.85 * (len(values) - 1):
        return False
    gaps = sorted(b.base - a.base for a, b in pairwise(column))
    return gaps[-1] < 1.6 * gaps[len(gaps) // 2]
