"""Which blocks of a page are the report, and which are what every page of its site has.

trafilatura chooses; its words are found again among our blocks, so that offsets stay ours. What lies between the first and
the last block that it takes is kept, for it passes over notes, rows and captions; what calls itself a menu or a foot goes. Where
it takes much less than rules of our own would, or cannot be asked, these decide.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence

from dossier.ingest import shapes
from dossier.ingest.html.lay import Laid
from dossier.ingest.html.stack import Context
from dossier.ingest.html.walk import Page

# what trafilatura is asked about: lxml loses what stands deeper than 256 elements, and a table of 100,000 rows takes it 20 s
MAX_DEPTH, MAX_LENGTH, MAX_BLOCKS = 200, 2_000_000, 5_000
SHINGLE = 5  # words in a row that a block and the choice have in common
SHARED = 0.5  # of the shingles of a block, that the choice has, for the block to be in it
LESS = 0.5  # of the words that our rules keep: a choice with less is none
PROSE = 12  # words; a block with fewer may be a button, a label, a line of a menu
LINKED = 0.8  # of the words of a block, for it to be a list of links
LINK_BLOCKS = 3  # such blocks one after another are a menu
_WORD = re.compile(r"\w+")

Words = list[str]


def choose(page: Page, blocks: Sequence[Laid]) -> list[bool]:
    """Which blocks are kept: at least one, where there is any."""
    ours = _by_rules(blocks)
    asked = page.depth <= MAX_DEPTH and len(page.source) <= MAX_LENGTH and len(blocks) <= MAX_BLOCKS
    chosen = _ask(page.source) if asked and len(blocks) > 1 else None
    if not chosen:
        return ours
    words = [_WORD.findall(block.words.lower()) for block in blocks]
    found = [each and own for each, own in zip(_align(words, chosen), ours, strict=True)]
    kept = _fill(blocks, words, found, ours)
    least = LESS * sum(len(each) for each, keep in zip(words, ours, strict=True) if keep)
    enough = sum(len(each) for each, keep in zip(words, kept, strict=True) if keep) >= least
    return kept if enough and any(kept) else ours


def _ask(source: str) -> str | None:
    """The text of the main region as trafilatura sees it; None where it has none or fails. It fetches nothing."""
    from trafilatura import extract  # takes 0.9 s to load, and only workers that read a page need it

    for name in ("trafilatura", "htmldate", "courlan", "justext"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    try:
        return extract(source, fast=True, include_comments=False, include_tables=True, favor_recall=True)
    except (MemoryError, KeyboardInterrupt):
        raise
    except Exception:
        return None  # a page that trips it is read by our rules


def _align(words: Sequence[Words], chosen: str) -> list[bool]:
    """Which blocks are in the choice: by stretches of words, or whole lines where they are short."""
    lines = [_WORD.findall(line.lower()) for line in chosen.splitlines()]
    whole = {tuple(line) for line in lines}
    shingles = {each for line in lines for each in _shingles(line)}
    found = []
    for block in words:
        own = list(_shingles(block))
        shared = sum(each in shingles for each in own)
        found.append(bool(block) and (tuple(block) in whole or (bool(own) and shared >= SHARED * len(own))))
    return found


def _shingles(words: Words) -> Iterator[tuple[str, ...]]:
    return zip(*(words[i:] for i in range(SHINGLE)), strict=False)


def _fill(blocks: Sequence[Laid], words: Sequence[Words], found: Sequence[bool], ours: Sequence[bool]) -> list[bool]:
    """The blocks from the first to the last one found, and beside them; the headline over them, and their notes."""
    places = [i for i, each in enumerate(found) if each]
    if not places:
        return [False] * len(blocks)
    first, last = places[0], places[-1]
    while (
        last + 1 < len(blocks) and ours[last + 1] and (blocks[last + 1].kind == "row" or _context(blocks[last + 1]).pre)
    ):
        last += 1
    prose = [_context(blocks[i]) for i in places if len(words[i]) >= PROSE]
    holders = {context.container for context in prose}
    inside = bool(prose) and all(context.inside for context in prose)  # what says it is the report holds all of it
    kept = []
    for i, block in enumerate(blocks):
        beside = first < i <= last or _context(block).container in holders or (inside and _context(block).inside)
        kept.append(ours[i] and (found[i] or beside))
    first = kept.index(True)
    while first and ours[first - 1] and blocks[first - 1].kind == "heading":
        first -= 1
        kept[first] = True
    headline = next((i for i, block in enumerate(blocks) if kept[i] and _is_headline(block)), 0)
    for i in range(
        first, headline
    ):  # what stands over the headline is the site's, unless it is prose or a line of its head
        kept[i] = (len(words[i]) >= PROSE and not _is_linked(blocks[i])) or shapes.is_header_line(blocks[i].words)
    if not any(kept[i] and _is_headline(blocks[i]) for i in range(len(blocks))):
        for i in range(first - 1, -1, -1):
            if _is_headline(blocks[i]):
                kept[i] = True
                kept[i + 1 : first] = [a or b for a, b in zip(kept[i + 1 : first], ours[i + 1 : first], strict=True)]
                break
    heading: int | None = None
    for i in range(last + 1, len(blocks)):
        if blocks[i].kind == "heading":
            heading = i if shapes.NOTES_HEADING.fullmatch(blocks[i].words.rstrip(":")) else None
        elif blocks[i].kind == "note":
            kept[i] = True
            if heading is not None:
                kept[heading] = True
    return kept


def _context(block: Laid) -> Context:
    return block.chunk.context


def _is_headline(block: Laid) -> bool:
    return block.kind == "heading" and block.level == 1


# --------------------------------------------------------------------------- our own rules


def _by_rules(blocks: Sequence[Laid]) -> list[bool]:
    """All but what says it is furniture, and menus; all, where that would leave little."""
    kept = [not _is_furniture(block) for block in blocks]
    for start, end in _menus(blocks):
        kept[start:end] = [False] * (end - start)
    sizes = [block.chunk.length for block in blocks]
    left = sum(size for size, keep in zip(sizes, kept, strict=True) if keep)
    return kept if left >= 0.2 * sum(sizes) else [True] * len(blocks)


def _is_furniture(block: Laid) -> bool:
    context = block.chunk.context
    if context.notes or block.kind == "note" or not context.part:
        return False
    if context.part == "aside" and context.inside:  # a pull quote, unless it is a box of links or of more text
        return _is_linked(block) or block.kind != "quote"
    return True


def _menus(blocks: Sequence[Laid]) -> Iterator[tuple[int, int]]:
    """Stretches of blocks that are nothing but links, outside of what says it is the report and of lists of works."""
    under_notes, start = False, 0
    for i, block in enumerate(blocks):
        linked = _is_linked(block)
        if block.kind == "heading" and not linked:
            under_notes = bool(shapes.NOTES_HEADING.fullmatch(block.words.rstrip(":")))
        elif linked and not under_notes and not block.chunk.context.inside and block.kind != "note":
            continue
        if i - start >= LINK_BLOCKS:
            yield start, i
        start = i + 1
    if len(blocks) - start >= LINK_BLOCKS:
        yield start, len(blocks)


def _is_linked(block: Laid) -> bool:
    runs = block.chunk.runs
    return sum(run.linked for run in runs) >= LINKED * sum(run.length for run in runs)
