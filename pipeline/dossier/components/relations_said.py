"""How surely a relation is said, and who says it: the one place where relations read status and holder."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from dossier.components.patterns import Patterns
from dossier.components.relations_skeleton import Item
from dossier.components.sayings import Judge
from dossier.components.view import View


class Said(NamedTuple):
    """`holder`: the words of who says it, None where the text names nobody."""

    status: str
    holder: str | None = None


class Sayings:
    """Reads the status of what a sentence states at a word."""

    def __init__(self, patterns: Patterns) -> None:
        self._judge = Judge.of(patterns)

    def read(self, view: View, first: int, last: int, at: int, items: Sequence[Item], ends: Sequence[Item]) -> Said:
        """The status of what the sentence `[first, last)` states at the word `at` of two of its items, and who says so."""
        start = view.starts[first]
        sentence = view.text[start : view.ends[last - 1]]
        places = {(view.starts[item.first] - start, view.ends[item.last - 1] - start): item for item in items}
        marks = [(*place, item.label) for place, item in places.items()]
        bounds = [(view.starts[item.first] - start, view.ends[item.last - 1] - start) for item in ends]
        said = self._judge.judge(sentence, view.starts[at] - start, marks, bounds)
        if said.holder is None:
            return Said(said.status)
        item = places.get(said.holder)  # `it says` has the name that it stands for
        words = view.text[slice(*item.span)] if item else sentence[slice(*said.holder)]
        return Said(said.status, " ".join(words.split()))
