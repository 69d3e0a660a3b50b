"""The glyphs of a page -> chunks: what stands on one baseline without a wide gap, its words spaced.

Works on whole arrays; a page becomes a few hundred chunks. The glyphs' order in the file is a hint that saves time, never
the reading order.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from dossier.ingest.pdf.layout import bidi
from dossier.ingest.pdf.layout.glyphs import Bools, Floats, Frame, Glyphs, Ints, split_by_turn
from dossier.ingest.pdf.page import Box, Page, Shape

SPLIT = 0.6  # em; a wider gap ends a chunk. Narrow gutters have .7, the word spaces of justified lines up to 1.5
OVERLAP = 0.35  # em by which neighbours may overlap
LEVEL = 0.12  # em up or down inside a run
SAME_SIZE = 0.06  # relative, inside a run
ALIKE = 2.1  # ratio of sizes inside a chunk; a drop cap has more, a raised mark less
WORD = 0.17  # em; a wider gap is a space even where the file has none
IDEOGRAPH_WORD = 0.4  # em, between two ideographs
SPACED_OUT = 0.45  # spaces a glyph; above, the letters of a line are set apart and its gaps say nothing
RAISED = 0.14  # em of the line: a smaller run that stands this much higher is a mark
MANY_RUNS = 0.4  # of the glyphs: the file draws glyph by glyph, so they are put in rows first
LOOK_BACK = 24  # chunks of a bucket that a run is tried on
BUCKET = 6.0  # points

_LEADER = re.compile(r"\s?(?:[.…·_‥]\s?){6,}")
_BOLD = re.compile(r"bold|black|heavy|demi|(?<![a-z])bd(?![a-z])|cmbx|hvy", re.I)
_ITALIC = re.compile(r"ital|obli|kursiv|cmti|cmsl", re.I)


@dataclass(slots=True)
class Chunk:
    """Words on one baseline. `at`: where its characters begin in the arrays of its `PageText`.

    `base`: the height of its baseline, nearly. `raised`: stretches of `text` set smaller and higher. `bold`, `italic`:
    throughout. `turned`: written another way than the rest of the page. `tight`: the next chunk goes on with its word.
    `leads`: a row of dots leads from it to the next one.
    """

    x0: float
    top: float
    x1: float
    bottom: float
    base: float
    size: float
    text: str
    at: int
    bold: bool = False
    starts_bold: bool = False
    ends_bold: bool = False
    italic: bool = False
    turned: bool = False
    tight: bool = False
    leads: bool = False
    raised: tuple[tuple[int, int], ...] = ()


@dataclass(slots=True)
class PageText:
    """A page as chunks, and the boxes of their characters on the page as it is.

    `width`, `height`, chunks, shapes and images are in the frame in which the page reads; `leaders` are rows of dots.
    `turned`: this frame is not the page's own.
    """

    number: int
    width: float
    height: float
    turned: bool = False
    chunks: list[Chunk] = field(default_factory=list)
    leaders: list[Chunk] = field(default_factory=list)
    furniture: list[tuple[Chunk, str]] = field(default_factory=list)
    x0: Floats = field(default_factory=lambda: np.empty(0, np.float32))
    top: Floats = field(default_factory=lambda: np.empty(0, np.float32))
    x1: Floats = field(default_factory=lambda: np.empty(0, np.float32))
    bottom: Floats = field(default_factory=lambda: np.empty(0, np.float32))
    shapes: list[Shape] = field(default_factory=list)
    images: list[Box] = field(default_factory=list)


def read_page(page: Page) -> PageText:
    """Put the glyphs of a page into chunks. Never raises, whatever stands where."""
    made = PageText(page.number, page.width, page.height)
    frame = Frame(0, page.width, page.height)
    boxes: list[tuple[Floats, Floats, Floats, Floats]] = []
    at = 0
    for number, glyphs in enumerate(split_by_turn(page)):
        if number == 0:
            frame = glyphs.frame
        chunks, laid = _Builder(page, glyphs, at).build()
        if number:
            for chunk in chunks:
                _turn_into(chunk, glyphs.frame, frame)
        boxes.append(laid)
        at += len(laid[0])
        for chunk in chunks:
            (made.leaders if _LEADER.fullmatch(chunk.text) else made.chunks).append(chunk)
    _lead(made)
    made.width, made.height = frame.size
    made.turned = frame.turn != 0
    if boxes:
        made.x0, made.top, made.x1, made.bottom = (np.concatenate([b[k] for b in boxes]) for k in range(4))
    made.shapes = [Shape(frame.box(shape.box), shape.filled, shape.stroked) for shape in page.shapes]
    made.images = [frame.box(image) for image in page.images]
    return made


def _lead(made: PageText) -> None:
    """Mark the chunks from which a row of dots leads on."""
    for leader in made.leaders:
        if leader.text[0] in "_‥" or leader.turned:
            continue
        before = [
            chunk for chunk in made.chunks
            if abs(chunk.base - leader.base) < 0.3 * leader.size and chunk.x1 <= leader.x0 + leader.size and not chunk.turned
        ]  # fmt: skip
        if before:
            max(before, key=lambda chunk: chunk.x1).leads = True


def _turn_into(chunk: Chunk, own: Frame, frame: Frame) -> None:
    """Move a chunk read in its own frame into the frame of its page."""
    on_page = own.back().box(Box(chunk.x0, chunk.top, chunk.x1, chunk.bottom))
    chunk.x0, chunk.top, chunk.x1, chunk.bottom = frame.box(on_page)
    chunk.base, chunk.turned = chunk.bottom, True


@dataclass(slots=True)
class _Run:
    """Glyphs `first` up to `last` of the file, on one baseline in one size. Of an open chunk: its last run and its whole."""

    x0: float
    x1: float
    top: float
    bottom: float
    size: float
    first: int
    last: int


@dataclass(slots=True)
class _Open:
    """A chunk that still grows: the box, size and number of glyphs of its main run, and all its runs from left to right."""

    x1: float
    top: float
    bottom: float
    size: float
    count: int
    runs: list[_Run]
    mixed: bool = False  # a run stands in a gap of another one


class _Builder:
    """Makes the chunks of the glyphs of one turn. `at`: where their characters begin in the arrays of the page."""

    def __init__(self, page: Page, glyphs: Glyphs, at: int) -> None:
        self.page, self.glyphs, self.at = page, glyphs, at
        self.rtl = bidi.is_rtl(glyphs.code)
        self.has_rtl = bool(self.rtl.any())
        self.bold = [bool(_BOLD.search(name)) for name in page.fonts]
        self.italic = [bool(_ITALIC.search(name)) for name in page.fonts]
        self.style = np.array([b + 2 * i for b, i in zip(self.bold, self.italic, strict=True)], np.int8)

    def build(self) -> tuple[list[Chunk], tuple[Floats, Floats, Floats, Floats]]:
        order: Ints = np.arange(len(self.glyphs))
        starts = self._run_starts(order)
        if len(starts) > max(100, MANY_RUNS * len(self.glyphs)):
            g = self.glyphs
            order = np.lexsort((g.x0, np.rint((g.bottom - 0.2 * g.size) / 3)))
            starts = self._run_starts(order)
        opened = _sweep(self._runs(order, starts))
        return self._lay(order, opened)

    def _run_starts(self, order: Ints) -> Ints:
        """Where in `order` a glyph does not follow the one before it."""
        g = self.glyphs
        x0, x1, top, bottom, size = (a[order] for a in (g.x0, g.x1, g.top, g.bottom, g.size))
        em = np.maximum(size[1:], size[:-1])
        gap = x0[1:] - x1[:-1]
        follows = (gap > -OVERLAP * em) & (gap < SPLIT * em)
        if self.has_rtl:
            rtl = self.rtl[order]
            back = x0[:-1] - x1[1:]
            follows |= rtl[1:] & rtl[:-1] & (back > -OVERLAP * em) & (back < SPLIT * em)
        level = (np.abs(np.diff(top)) < LEVEL * em) & (np.abs(np.diff(bottom)) < LEVEL * em)
        follows &= level & (np.abs(np.diff(size)) < SAME_SIZE * em)
        follows &= np.diff(self.style[g.font[order]]) == 0
        return np.concatenate([[0], np.flatnonzero(~follows) + 1])

    def _runs(self, order: Ints, starts: Ints) -> list[_Run]:
        g = self.glyphs
        first = order[starts]
        columns = (
            np.minimum.reduceat(g.x0[order], starts),
            np.maximum.reduceat(g.x1[order], starts),
            g.top[first],
            g.bottom[first],
            g.size[first],
            starts,
            np.append(starts[1:], len(order)),
        )
        runs = [_Run(*row) for row in zip(*(c.tolist() for c in columns), strict=True)]
        runs.sort(key=lambda run: (run.x0, run.top))
        return runs

    # ------------------------------------------------------------ runs -> characters

    def _lay(self, order: Ints, opened: list[_Open]) -> tuple[list[Chunk], tuple[Floats, Floats, Floats, Floats]]:
        """Put the characters of all chunks one after the other, with their boxes on the page, and cut them at leaders."""
        g = self.glyphs
        index = order[np.concatenate([self._order(order, each) for each in opened])]
        ends = np.cumsum([sum(run.last - run.first for run in each.runs) for each in opened])
        begins = np.concatenate([[0], ends[:-1]])
        space = self._spaces(index, begins)
        text = [g.text[i] for i in index.tolist()]
        if self.has_rtl:
            index, text, space = self._read_rtl(index, text, space, begins.tolist(), ends.tolist())
        lengths = np.fromiter(map(len, text), np.int64, len(text))
        place = np.cumsum(lengths + space) - lengths
        for i in np.flatnonzero(space).tolist():
            text[i] = " " + text[i]
        laid = self._boxes(index, lengths, place, space)
        chunks: list[Chunk] = []
        for each, begin, end in zip(opened, begins.tolist(), ends.tolist(), strict=True):
            words = "".join(text[begin:end])
            chunk = self._chunk(each, order, words, int(place[begin]))
            if len(each.runs) > 1:
                chunk.raised = self._raised(each, index[begin:end], place[begin:end], lengths[begin:end])
            chunks += _cut_leaders(chunk, laid, g.frame, self.at)
        return chunks, laid

    def _order(self, order: Ints, each: _Open) -> Ints:
        """The glyphs of a chunk from left to right, as places in `order`."""
        parts = [np.arange(run.first, run.last) for run in each.runs]
        index = parts[0] if len(parts) == 1 else np.concatenate(parts)
        if each.mixed or (self.has_rtl and self.rtl[order[index]].any()):
            x0 = self.glyphs.x0[order[index]]
            index = index[np.argsort(x0, kind="stable")]
        return index

    def _spaces(self, index: Ints, begins: Ints) -> Bools:
        """Before which glyphs a space belongs."""
        g = self.glyphs
        x0, x1, size = g.x0[index], g.x1[index], g.size[index]
        gap = np.empty(len(index), np.float32)
        gap[0] = 0
        gap[1:] = x0[1:] - x1[:-1]
        em = size.copy()
        em[1:] = np.maximum(size[1:], size[:-1])
        next_in_file = np.zeros(len(index), np.bool_)
        next_in_file[1:] = np.diff(index) == 1
        told = g.after_space[index] & np.where(next_in_file, gap > -0.2 * em, gap > 0.05 * em)
        follow = np.minimum(index[:-1] + 1, len(g) - 1)
        told[1:] |= g.after_space[follow] & (gap[1:] > 0.05 * em[1:])
        wide = gap > WORD * em
        code = g.code[index]
        if (code > 0x2E80).any():
            ideograph = ((code >= 0x2E80) & (code <= 0xA4CF)) | ((code >= 0xF900) & (code <= 0xFAFF)) | (code >= 0xFF00)
            pair = np.zeros(len(index), np.bool_)
            pair[1:] = ideograph[1:] & ideograph[:-1]
            wide &= ~pair | (gap > IDEOGRAPH_WORD * em)
        told[begins] = False
        wide[begins] = False
        space = told | wide
        self._close_up(space, told, gap / em, begins, code)
        return space

    def _close_up(self, space: Bools, told: Bools, gap: Floats, begins: Ints, code: npt.NDArray[np.uint32]) -> None:
        """Take back the spaces between letters that are set apart."""
        counts = np.add.reduceat(space.astype(np.int64), begins)
        sizes = np.diff(np.append(begins, len(space)))
        for i in np.flatnonzero((counts > SPACED_OUT * sizes) & (sizes > 2)).tolist():
            a, b = int(begins[i]), int(begins[i] + sizes[i])
            small = code[a:b] | 32
            letters = ((small >= 97) & (small <= 122)) | (small >= 0xC0)
            if letters.mean() < 0.8 or (b - a < 6 and counts[i] < b - a - 1):
                continue
            inner = np.sort(gap[a + 1 : b])
            usual = float(inner[len(inner) // 3])
            words = gap[a + 1 : b] > max(1.6 * usual, usual + 0.1)
            if told[a + 1 : b].mean() < SPACED_OUT:
                words |= told[a + 1 : b]
            space[a + 1 : b] = words

    def _boxes(self, index: Ints, lengths: Ints, place: Ints, space: Bools) -> tuple[Floats, Floats, Floats, Floats]:
        """The boxes of all characters on the page; a space has what lies between its neighbours."""
        page, source = self.page, self.glyphs.source[index]
        total = int(place[-1] + lengths[-1])
        own = [np.frombuffer(a, np.float32)[source] for a in (page.x0, page.top, page.x1, page.bottom)]
        laid = [np.empty(total, np.float32) for _ in range(4)]
        for a, o in zip(laid, own, strict=True):
            a[place] = o
        at = np.flatnonzero(space)
        if len(at):
            turn = self.glyphs.frame.turn
            low, high = (1, 3) if turn % 2 else (0, 2)
            left, right = (at - 1, at) if turn < 2 else (at, at - 1)
            for side, edge in zip(laid, own, strict=True):
                side[place[at] - 1] = edge[at - 1]
            laid[low][place[at] - 1] = np.minimum(own[high][left], own[low][right])
            laid[high][place[at] - 1] = np.maximum(own[high][left], own[low][right])
        for i in np.flatnonzero(lengths > 1).tolist():
            self._share(laid, [float(o[i]) for o in own], int(place[i]), int(lengths[i]))
        return laid[0], laid[1], laid[2], laid[3]

    def _share(self, laid: list[Floats], box: list[float], at: int, count: int) -> None:
        """Give each character of a ligature its part of the glyph's box."""
        turn = self.glyphs.frame.turn
        low = turn % 2
        step = (box[low + 2] - box[low]) / count
        for k in range(count):
            for side in range(4):
                laid[side][at + k] = box[side]
            begin = box[low] + step * k if turn < 2 else box[low + 2] - step * (k + 1)
            laid[low][at + k], laid[low + 2][at + k] = begin, begin + step

    def _read_rtl(
        self, index: Ints, text: list[str], space: Bools, begins: list[int], ends: list[int]
    ) -> tuple[Ints, list[str], Bools]:
        """Put the glyphs of chunks with letters from right to left in the order they are read in."""
        index, space = index.copy(), space.copy()
        for begin, end in zip(begins, ends, strict=True):
            if not self.rtl[index[begin:end]].any():
                continue
            pieces: list[str] = []
            glyph: list[int] = []
            for i in range(begin, end):
                if space[i]:
                    pieces.append(" ")
                    glyph.append(-1)
                pieces.append(text[i])
                glyph.append(i)
            read = [glyph[k] for k in bidi.logical_order(pieces)]
            now: list[int] = []
            spaced: list[bool] = []
            pending = False
            for i in read:
                if i < 0:
                    pending = bool(now)
                    continue
                now.append(i)
                spaced.append(pending)
                pending = False
            moved, words = index[now], [text[i] for i in now]
            index[begin:end], text[begin:end], space[begin:end] = moved, words, spaced
        return index, text, space

    # ------------------------------------------------------------ chunks

    def _chunk(self, each: _Open, order: Ints, words: str, at: int) -> Chunk:
        fonts = [int(self.glyphs.font[order[run.first]]) for run in each.runs]
        sizes = [run.last - run.first for run in each.runs]
        bold = [self.bold[f] for f in fonts]
        most = 0.9 * sum(sizes)
        return Chunk(
            x0=each.runs[0].x0, top=each.top, x1=each.x1, bottom=each.bottom, base=each.bottom - 0.22 * each.size,
            size=each.size, text=words, at=self.at + at,
            bold=sum(n for n, b in zip(sizes, bold, strict=True) if b) > most,
            starts_bold=bold[0], ends_bold=bold[-1],
            italic=sum(n for n, f in zip(sizes, fonts, strict=True) if self.italic[f]) > most,
        )  # fmt: skip

    def _raised(self, each: _Open, index: Ints, place: Ints, lengths: Ints) -> tuple[tuple[int, int], ...]:
        """The stretches of a chunk's text that are set smaller and higher than the rest."""
        base = each.bottom - 0.22 * each.size
        if not any(_is_raised(run.size, run.bottom, each.size, base) for run in each.runs):
            return ()
        g = self.glyphs
        found: list[tuple[int, int]] = []
        for k, i in enumerate(index.tolist()):
            if _is_raised(float(g.size[i]), float(g.bottom[i]), each.size, base):
                a, b = int(place[k] - place[0]), int(place[k] - place[0] + lengths[k])
                if found and a - found[-1][1] <= 1:  # a space may stand between
                    a = found.pop()[0]
                found.append((a, b))
        return tuple(found)


def _is_raised(size: float, bottom: float, line: float, base: float) -> bool:
    """Whether glyphs are set smaller and higher than a line of this size and baseline."""
    return size < 0.85 * line and base - (bottom - 0.22 * size) > RAISED * line


def _sweep(runs: list[_Run]) -> list[_Open]:
    """Join runs, given from left to right, that continue each other."""
    buckets: dict[int, list[_Open]] = defaultdict(list)
    made: list[_Open] = []
    for run in runs:
        key = int((run.top + run.bottom) / 2 // BUCKET)
        best: _Open | None = None
        within: _Open | None = None
        nearest = 0.0
        for near in (key, key - 1, key + 1):
            if near not in buckets:
                continue
            for chunk in buckets[near][-LOOK_BACK:]:
                if (miss := _miss(chunk, run)) is not None and (best is None or miss < nearest):
                    best, nearest = chunk, miss
                elif best is None and _is_within(chunk, run):
                    within = chunk
        if best is None and within is not None:
            within.runs.append(run)
            within.mixed = True
            continue
        if best is None:
            chunk = _Open(run.x1, run.top, run.bottom, run.size, run.last - run.first, [run])
            made.append(chunk)
            buckets[key].append(chunk)
            continue
        old = int((best.top + best.bottom) / 2 // BUCKET)
        _grow(best, run)
        new = int((best.top + best.bottom) / 2 // BUCKET)
        if new != old:
            buckets[new].append(best)
    return made


def _miss(chunk: _Open, run: _Run) -> float | None:
    """How badly a run fits the end of a chunk; None where it does not."""
    em = chunk.size if chunk.size > run.size else run.size
    gap = run.x0 - chunk.x1
    if gap > SPLIT * em or gap < -OVERLAP * em - 0.2:
        return None
    small = chunk.size + run.size - em
    if em > ALIKE * small:
        return None
    top = chunk.top if chunk.top > run.top else run.top
    bottom = chunk.bottom if chunk.bottom < run.bottom else run.bottom
    lower = min(chunk.bottom - chunk.top, run.bottom - run.top)
    if bottom - top < 0.5 * lower:
        return None
    drift = abs((chunk.bottom - 0.22 * chunk.size) - (run.bottom - 0.22 * run.size))
    if small > 0.85 * em and drift > 0.3 * em:
        return None
    return abs(gap) + 2 * drift


def _is_within(chunk: _Open, run: _Run) -> bool:
    """Whether a run stands in a gap of a line, as a raised mark that is drawn after it."""
    if not (run.x1 < chunk.x1 and 0.4 * chunk.size < run.size < 0.9 * chunk.size and run.last - run.first < 6):
        return False
    shared = min(chunk.bottom, run.bottom) - max(chunk.top, run.top)
    return shared > 0.5 * (run.bottom - run.top) and run.x0 > chunk.runs[0].x0


def _grow(chunk: _Open, run: _Run) -> None:
    """Add a run to a chunk. The run with the most glyphs gives the chunk its height and size."""
    count = run.last - run.first
    bigger = run.size > 1.15 * chunk.size and chunk.count < 5
    alike = count > chunk.count and run.size > 0.87 * chunk.size
    drift = abs((chunk.bottom - 0.22 * chunk.size) - (run.bottom - 0.22 * run.size))
    after_mark = count > 2 * chunk.count and drift < RAISED * chunk.size
    if bigger or alike or after_mark:
        chunk.top, chunk.bottom, chunk.size = run.top, run.bottom, run.size
        chunk.count = count
    chunk.runs.append(run)
    if run.x1 > chunk.x1:
        chunk.x1 = run.x1


def _cut_leaders(chunk: Chunk, laid: tuple[Floats, Floats, Floats, Floats], frame: Frame, offset: int) -> list[Chunk]:
    """Cut a chunk before and after rows of dots."""
    text = chunk.text
    if ".." not in text and ". ." not in text and "__" not in text and "…" not in text and "·" not in text:
        return [chunk]
    parts: list[tuple[int, int]] = []
    at = 0
    for match in _LEADER.finditer(text):
        parts += [(at, match.start()), match.span()]
        at = match.end()
    if not parts:
        return [chunk]
    cut = []
    for begin, end in [*parts, (at, len(text))]:
        words = text[begin:end]
        begin += len(words) - len(words.lstrip())
        words = words.strip()
        if not words:
            continue
        a, b = chunk.at - offset + begin, chunk.at - offset + begin + len(words)
        x0, _, x1, _ = frame.boxes(*(side[a:b] for side in laid))
        raised = tuple((s - begin, e - begin) for s, e in chunk.raised if s >= begin and e <= begin + len(words))
        cut.append(
            Chunk(
                float(x0.min()), chunk.top, float(x1.max()), chunk.bottom, chunk.base, chunk.size, words, a + offset,
                chunk.bold, chunk.starts_bold, chunk.ends_bold, chunk.italic, chunk.turned, False, False, raised,
            )
        )  # fmt: skip
    return cut
