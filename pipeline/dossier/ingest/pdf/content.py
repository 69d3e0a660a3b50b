"""Runs the content streams of a page and keeps what a reader of the text needs: glyphs, rules, filled boxes, images.

A light device: no object for a glyph, of colour only whether it shows, no clipping, no picture unpacked. What an operator
cannot take is skipped, as readers do.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dossier.ingest.pdf import tokens
from dossier.ingest.pdf.glyphs import TextPainter
from dossier.ingest.pdf.graphics import Matrix, State, multiply
from dossier.ingest.pdf.limits import Budget
from dossier.ingest.pdf.page import Page
from dossier.ingest.pdf.paths import PathPainter
from dossier.ingest.pdf.resources import Resources

MAX_DEPTH = 24  # forms within forms
MAX_SAVED = 512  # graphics states; the format asks for 28
MAX_OPERANDS = 1024
_CONSTANTS = (b"true", b"false", b"null")
_TELLING = (b"Tj", b"TJ", b"'", b'"', b"Tf", b"Tm", b"Td")  # where words are lost when they cannot be carried out
_SKIPPED = (IndexError, TypeError, ValueError, KeyError, AttributeError, OverflowError)


class Interpreter:
    """Reads the content of one page into `page`.

    ctm: from the units of the content to the page as seen. damaged: something of the content could not be read.
    """

    def __init__(self, page: Page, ctm: Matrix, resources: Resources, budget: Budget) -> None:
        self.damaged = False
        self._resources = resources
        self._budget = budget
        self._state = state = State(ctm)
        self._saved: list[tuple[Any, ...]] = []
        self._unsaved = 0
        self._running: list[int] = []  # the forms being drawn
        self.text = TextPainter(page, state, lambda name: self._resources.font(name), budget)
        self.paths = PathPainter(page, state, lambda name: self._resources.colour_space(name))
        self._operators = {
            b"q": self._save, b"Q": self._restore, b"cm": self._concatenate, b"Do": self._draw,
            **self.text.operators(), **self.paths.operators(),
        }  # fmt: skip

    def run_all(self, parts: Iterable[tuple[bytes, bool]]) -> None:
        """Carry out the streams of a page as one, each with whether it is whole."""
        read: list[bytes] = []
        for data, whole in parts:
            self.damaged |= not whole
            read.append(data)
        self.run(b"\n".join(read))

    def run(self, data: bytes) -> None:
        """Carry out a content stream. Raises TooMuch when the budget is spent."""
        self._budget.spend_content(len(data))
        operands: list[Any] = []
        at: int | None = 0
        while at is not None:
            at = self._run_from(data, at, operands)

    def _run_from(self, data: bytes, start: int, operands: list[Any]) -> int | None:
        """Go on from `start`. Returns where to go on from there, where a token's end takes a search, or None at the end."""
        push, operator_of = operands.append, self._operators.get
        for match in tokens.TOKEN.finditer(data, start):
            kind = match.lastindex
            if kind == tokens.NUMBER:
                push(float(match[1]))
            elif kind == tokens.OPERATOR:
                word = match[2]
                operator = operator_of(word)
                if operator is not None:
                    try:
                        operator(operands)
                    except _SKIPPED:
                        self.damaged |= word in _TELLING
                elif word == b"ID":
                    self.paths.draw_image()
                    operands.clear()
                    return tokens.after_inline_image(data, match.end())
                elif word in _CONSTANTS:
                    push(None)
                    continue
                operands.clear()
            elif kind == tokens.STRING:
                push(tokens.unescape(match[3]))
            elif kind == tokens.NAME:
                push(match[4].decode("latin-1"))
            elif kind == tokens.ARRAY:
                push(match[5])
            elif kind == tokens.HEX:
                push(tokens.unhex(match[6]))
            elif kind == tokens.OPEN:
                words, end = tokens.long_string(data, match.end())
                push(words)
                self.damaged |= end == len(data)  # it is never closed, nor shown
                return end
            if len(operands) > MAX_OPERANDS:
                operands.clear()
        return None

    def _draw(self, operands: list[Any]) -> None:
        drawn = self._resources.drawn(operands[-1])
        if drawn is None:
            return
        if drawn.content is None:
            self.paths.draw_image()
            return
        if drawn.key in self._running or len(self._running) >= MAX_DEPTH:
            return  # readers draw such a form once, and so have we
        self._budget.spend_form()
        outer = self._resources
        saved = self._state.values()
        self._running.append(drawn.key)
        try:
            data, whole = drawn.content()
            self.damaged |= not whole
            self._resources = drawn.resources or outer
            self._state.ctm = multiply(drawn.matrix, self._state.ctm)
            self.run(data)
        finally:
            self._running.pop()
            self._resources = outer
            self._state.restore(saved)

    def _save(self, operands: list[Any]) -> None:
        if len(self._saved) < MAX_SAVED:
            self._saved.append(self._state.values())
        else:
            self._unsaved += 1

    def _restore(self, operands: list[Any]) -> None:
        if self._unsaved:
            self._unsaved -= 1
        elif self._saved:
            self._state.restore(self._saved.pop())

    def _concatenate(self, operands: list[Any]) -> None:
        a, b, c, d, e, f = operands[-6:]
        self._state.ctm = multiply((a + 0.0, b + 0.0, c + 0.0, d + 0.0, e + 0.0, f + 0.0), self._state.ctm)
