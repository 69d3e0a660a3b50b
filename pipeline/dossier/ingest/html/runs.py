"""A stretch of running text of a page: its words as they are read, and where each of them stands in the source."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from typing import Any

from dossier.ingest.html.references import find_references
from dossier.ingest.html.stack import Context, Link
from dossier.ingest.reflow import CONTROLS, LINE_ENDS, SOFT, SPACES

_BLANKS = f"{SPACES}{LINE_ENDS}"
# what is changed: any white space but plain spaces, marks that are not seen; and several plain spaces. Begins with one set of
# characters, for that is the pattern that `re` looks for fastest
_WIDE = re.compile(f"[{_BLANKS[1:]}{CONTROLS}{SOFT}][{_BLANKS}{CONTROLS}{SOFT}]*")
_SPACES = re.compile("   *")
_BLANK = re.compile(f"[{_BLANKS}]+")
_LINE_END = re.compile(f"[{LINE_ENDS}]")
_EDGE = re.compile(f"[{_BLANKS}{CONTROLS}{SOFT}]*")

_NONE: list[Any] = []


class Run:
    """Text between two tags that end a block. White space is one space, as browsers show it, but for lines in `pre`.

    `number` counts the runs of a page; `text` has a `\\n` where a line ends (`<br>`, or a line of `pre`).
    """

    # there may be a million of them: no dict, and no list before there is something for it
    __slots__ = ("_at", "_end", "_last", "_start", "_text", "_words", "bold", "context", "length", "linked", "links", "number",
                 "raised", "source")  # fmt: skip

    def __init__(self, source: str, number: int, context: Context) -> None:
        self.source, self.number, self.context = source, number, context
        self.length = self.bold = self.linked = 0  # in characters
        self.raised: list[tuple[int, int]] = _NONE
        self.links: list[tuple[int, int, Link]] = _NONE
        self._words: list[str] = []
        self._text: str | None = None
        self._last = "\n"  # the last character
        # pieces: where each begins in the text, and its stretch of the source
        self._at, self._start, self._end = array("q"), array("q"), array("q")

    @property
    def text(self) -> str:
        """All the words; asked for when the run is complete."""
        if self._text is None:
            self._text = "".join(self._words)
        return self._text

    def add(self, start: int, end: int, context: Context) -> None:
        """Take characters of the source in, with the references among them."""
        before = self.length
        at = start
        for reference in find_references(self.source, start, end) if self.source.find("&", start, end) >= 0 else ():
            self._add_words(at, reference.start, context.pre)
            if _WIDE.match(reference.character):
                self._add_blank(reference.start, reference.end, reference.character, context.pre)
            else:
                self._put(reference.character, reference.start, reference.end)
            at = reference.end
        self._add_words(at, end, context.pre)
        if before < self.length:
            self._note_marks(before, context)

    def is_raised(self, at: int) -> bool:
        """Whether the character at `at` stands above the line."""
        i = bisect_right(self.raised, at, key=lambda stretch: stretch[0]) - 1
        return i >= 0 and at < self.raised[i][1]

    def add_break(self, at: int) -> None:
        """End the line; `at` is where in the source."""
        if self._words:
            self._put("\n", at, at)

    def _add_words(self, start: int, end: int, pre: bool) -> None:
        source = self.source
        for match in _WIDE.finditer(source, start, end):
            self._keep(start, match.start(), pre)
            start = match.end()
            if pre and (self._last == "\n" or _LINE_END.search(match.group())):
                self._put(match.group(), match.start(), start)
            elif blank := _BLANK.search(match.group()):
                self._add_blank(match.start() + blank.start(), match.start() + blank.end(), " ", pre)
        self._keep(start, end, pre)

    def _add_blank(self, start: int, end: int, words: str, pre: bool) -> None:
        """One space, where none stands before it."""
        if pre and words in "\r\n":
            self._put("\n", start, end)
        elif _BLANK.match(words) and not self._last.isspace():
            self._put(" ", start, end)

    def _keep(self, start: int, end: int, pre: bool) -> None:
        """Words as they stand, of whose spaces one is left; at the beginning of a line none, or all of them in `pre`."""
        if start >= end:
            return
        source = self.source
        if pre and self._last == "\n":
            lead = end - start - len(source[start:end].lstrip(" "))
            if lead:
                self._put(source[start : start + lead], start, start + lead)
                start += lead
        elif source[start] == " " and self._last.isspace():
            start += 1
        if source.find("  ", start, end) >= 0:
            for match in _SPACES.finditer(source, start, end):
                if start < match.start():
                    self._put(source[start : match.start()], start, match.start())
                start = match.end()
                self._add_blank(match.start(), start, " ", pre)
        if start < end:
            self._put(source[start:end], start, end)

    def _put(self, words: str, start: int, end: int) -> None:
        self._at.append(self.length)
        self._start.append(start)
        self._end.append(end)
        self._words.append(words)
        self._last = "\n" if _LINE_END.match(words[-1]) else words[-1]
        self.length += len(words)

    def _note_marks(self, before: int, context: Context) -> None:
        if context.bold:
            self.bold += self.length - before
        if context.raised:
            if self.raised and self.raised[-1][1] == before:
                self.raised[-1] = (self.raised[-1][0], self.length)
            else:
                self.raised = self.raised or []
                self.raised.append((before, self.length))
        if context.link is not None:
            self.linked += self.length - before
            if self.links and self.links[-1][2] is context.link:
                self.links[-1] = (self.links[-1][0], self.length, context.link)
            else:
                self.links = self.links or []
                self.links.append((before, self.length, context.link))

    def pieces(self, start: int, end: int) -> Iterator[tuple[str, int, int]]:
        """The words of `text[start:end]`, piece by piece, with the stretch of the source that spells each."""
        piece = max(0, bisect_right(self._at, start) - 1)
        while piece < len(self._at) and (first := self._at[piece]) < end:
            a, b = self._start[piece], self._end[piece]
            last = self._at[piece + 1] if piece + 1 < len(self._at) else self.length
            low, high = max(start, first), min(end, last)
            if b - a == last - first:  # as it stands in the source
                a, b = a + low - first, a + high - first
            yield self.text[low:high], a, b
            piece += 1

    def trim(self, start: int, end: int) -> tuple[int, int]:
        """Both ends moved inwards over white space and invisible marks."""
        words = self.text[start:end]
        lead = _EDGE.match(words)
        start += lead.end() if lead else 0
        tail = _EDGE.match(words[::-1])
        return start, max(start, end - (tail.end() if tail else 0))
