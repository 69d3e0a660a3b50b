"""How surely a relation is said, and who says it: the one place where relations read status and holder."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from dossier.components.patterns import Patterns
from dossier.components.relations_skeleton import Item
from dossier.components.statements import Statements
from dossier.components.view import View


class Said(NamedTuple):
    """`holder`: the words of who says it, None where the text names nobody."""

    status: str
    holder: str | None = None


class Sayings:
    """Reads the status of what a sentence states at a word."""

    def __init__(self, patterns: Patterns) -> None:
        self._statements = Statements.of(patterns)

    def read(self, view: View, first: int, last: int, at: int, items: Sequence[Item]) -> Said:
        """The status of what the sentence `[first, last)` states at the word `at`."""
        start = view.starts[first]
        sentence = view.text[start : view.ends[last - 1]]
        return Said(self._statements.status(sentence, view.starts[at] - start))
