"""A page as it was read, with what is to be told about it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property

from dossier.ingest.pdf.page import Page

MOSTLY = 0.5  # of the letters of a page without Unicode: another reader may know them
MORE = 1.02  # times the known letters, to be worth more than a reading


@dataclass(frozen=True)
class Reading:
    """outside: letters beyond the edges of the page, left out. painted: how often anything was drawn on it.

    damaged: something of its content could not be read; lost: a whole stream, which another reader may unpack.
    unreadable: glyphs without Unicode, by the name of their font.
    """

    page: Page
    outside: int = 0
    painted: int = 0
    damaged: bool = False
    lost: bool = False
    unreadable: Counter[str] = field(default_factory=Counter)

    @cached_property
    def letters(self) -> int:
        """Glyphs that show something."""
        return len(self.page) - sum(map(str.isspace, self.page.text))

    @property
    def doubtful(self) -> bool:
        """Whether another way to read the page may find more."""
        return not self.letters or self.lost or self.unreadable.total() > MOSTLY * self.letters

    def says_more_than(self, other: Reading) -> bool:
        known, others = (r.letters - r.unreadable.total() for r in (self, other))
        return known > others * MORE or (not other.letters and bool(self.letters))
