"""The glyphs of a page that are turned one way -> chunks with their words and the boxes of their characters.

Works on whole arrays; a page becomes a few hundred chunks. The glyphs' order in the file is a hint that saves time, never
the reading order.
"""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt

from dossier.ingest.pdf.layout import bidi
from dossier.ingest.pdf.layout.chunks import Chunk
from dossier.ingest.pdf.layout.glyphs import Bools, Floats, Glyphs, Ints
from dossier.ingest.pdf.layout.leaders import cut_leaders
from dossier.ingest.pdf.layout.runs import OVERLAP, SPLIT, Open, Run, is_raised, sweep
from dossier.ingest.pdf.page import Page

LEVEL = 0.12  # em up or down inside a run
SAME_SIZE = 0.06  # relative, inside a run
WORD = 0.17  # em; a wider gap is a space even where the file has none
IDEOGRAPH_WORD = 0.4  # em, between two ideographs
SPACED_OUT = 0.45  # spaces a glyph; above, the letters of a line are set apart and its gaps say nothing
MANY_RUNS = 0.4  # of the glyphs: the file draws glyph by glyph, so they are put in rows first

_BOLD = re.compile(r"bold|black|heavy|demi|(?<![a-z])bd(?![a-z])|cmbx|hvy", re.I)
_ITALIC = re.compile(r"ital|obli|kursiv|cmti|cmsl", re.I)


class Writer:
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
        opened = sweep(self._runs(order, starts))
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

    def _runs(self, order: Ints, starts: Ints) -> list[Run]:
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
        runs = [Run(*row) for row in zip(*(c.tolist() for c in columns), strict=True)]
        runs.sort(key=lambda run: (run.x0, run.top))
        return runs

    # ------------------------------------------------------------ runs -> characters

    def _lay(self, order: Ints, opened: list[Open]) -> tuple[list[Chunk], tuple[Floats, Floats, Floats, Floats]]:
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
            chunks += cut_leaders(chunk, laid, g.frame, self.at)
        return chunks, laid

    def _order(self, order: Ints, each: Open) -> Ints:
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

    def _chunk(self, each: Open, order: Ints, words: str, at: int) -> Chunk:
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

    def _raised(self, each: Open, index: Ints, place: Ints, lengths: Ints) -> tuple[tuple[int, int], ...]:
        """The stretches of a chunk's text that are set smaller and higher than the rest."""
        base = each.bottom - 0.22 * each.size
        if not any(is_raised(run.size, run.bottom, each.size, base) for run in each.runs):
            return ()
        g = self.glyphs
        found: list[tuple[int, int]] = []
        for k, i in enumerate(index.tolist()):
            if is_raised(float(g.size[i]), float(g.bottom[i]), each.size, base):
                a, b = int(place[k] - place[0]), int(place[k] - place[0] + lengths[k])
                if found and a - found[-1][1] <= 1:  # a space may stand between
                    a = found.pop()[0]
                found.append((a, b))
        return tuple(found)
