"""A page as it was read, with what is to be told about it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property

from dossier.ingest.pdf.page import Page

MOSTLY = 0.5  # of the letters of a page, that must be known
MORE = 1.05  # times the letters that are known, to be worth another reading


@dataclass(frozen=True)
class Reading:
    """outside: letters beyond the edges of the page, left out. painted: how often anything was drawn on it.

    damaged: something of its content could not be read.
    unreadable: glyphs without Unicode, by the name of their font.
    """

    page: Page
    outside: int = 0
    painted: int = 0
    damaged: bool = False
    unreadable: Counter[str] = field(default_factory=Counter)

    @cached_property
    def letters(self) -> int:
        """Glyphs that show something."""
        return len(self.page) - sum(map(str.isspace, self.page.text))

    @property
    def known(self) -> int:
        """Glyphs that show something, and say what."""
        return self.letters - self.unreadable.total()

    @property
    def doubtful(self) -> bool:
        """Whether another way to read the page may find more."""
        return not self.letters or self.damaged or self.known < MOSTLY * self.letters

    def says_more_than(self, other: Reading) -> bool:
        return self.known > MORE * other.known or (not other.letters and bool(self.letters))
