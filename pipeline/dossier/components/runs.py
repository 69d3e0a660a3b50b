"""Runs of capitalised words, the candidates for names, and the parts that titles cut them into."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from dossier.components.lexicon import Lexicon
from dossier.components.view import View
from dossier.normalize.names import ARTICLES
from dossier.records import Found

HYPHENS = frozenset(("-", "‐", "‑"))
POSSESSIVES = frozenset(("'s", "’s", "'", "’", "'S", "’S"))
# small words that may open a name when they stand just before its first capital
LEADING = frozenset(("abou", "abu", "ag", "al", "bel", "ben", "bin", "el", "ibn", "ould", "van", "von"))
MOST_LINK = 4  # letters of a small word inside a name: `al` in `Ansar-al-Haqq`, `lès` in `Cosne-lès-Bains`
OPENING_QUOTES = frozenset(("“", '"', "‘", "«"))
LABELS_THAT_CUT = frozenset(("DATE", "QUANTITY"))


class Run(NamedTuple):
    """The words `[first, last)` of a view; `titled`: a title stands just before."""

    first: int
    last: int
    titled: bool = False


@dataclass(slots=True)
class Ground:
    """A view with what is known of its words so far: `known[i]` is the label of the mention over a word, or ""."""

    view: View
    lexicon: Lexicon
    known: list[str]
    ends: dict[int, int]  # first word of a known mention -> the word after it
    breaks: bytearray  # 1 where a sentence starts
    named: bytearray  # 1 where a word can stand in a run
    size: int

    @classmethod
    def of(cls, view: View, lexicon: Lexicon, found: list[Found]) -> Ground:
        known = [""] * len(view)
        ends: dict[int, int] = {}
        for mention in sorted(found, key=lambda one: one.end - one.start):
            first, last = view.between(mention.start, mention.end)
            known[first:last] = [mention.label] * (last - first)
            ends[first] = last
        breaks = bytearray(len(view) + 1)
        for index in view.sentences:
            breaks[index] = 1
        named = bytearray(len(view))
        for index in view.capitals:
            named[index] = known[index] not in LABELS_THAT_CUT
        return cls(view, lexicon, known, ends, breaks, named, len(view))

    def is_name_word(self, index: int) -> bool:
        """Whether a word can stand in a run: capitalised, and no date's or quantity's."""
        return index < self.size and self.named[index] == 1

    def continues(self, index: int, before: int) -> bool:
        """Whether a word stands in the same sentence and block as an earlier one next to it."""
        block = self.view.block
        return index < self.size and not self.breaks[index] and block[index] == block[before]


def find_runs(ground: Ground) -> Iterator[Run]:
    """The runs of a view, in order: capitalised words, joined by hyphens, particles and `&`."""
    at_least = 0
    for index in ground.view.capitals:
        if index >= at_least and ground.is_name_word(index):
            last = run_end(ground, index)
            yield Run(_run_start(ground.view, index, at_least), last)
            at_least = last


def run_end(ground: Ground, first: int) -> int:
    """Where the run that begins at a capitalised word ends."""
    last = first + 1
    while True:
        step = _step(ground, last)
        if not step:
            return last
        last += step


def _step(ground: Ground, index: int) -> int:
    """How many words of a run follow at `index`: none when it ends there."""
    if not ground.continues(index, index - 1):
        return 0
    if ground.is_name_word(index):
        return 1
    view, words = ground.view, ground.view.words
    word = words[index]
    if word == "&":
        return 2 if ground.is_name_word(index + 1) else 0
    if word in HYPHENS:
        return _after_hyphen(ground, index) if view.glued(index) else 0
    if word in POSSESSIVES:
        inside = words[index - 1].capitalize() in ground.lexicon.genitives
        return 2 if inside and ground.is_name_word(index + 1) and ground.continues(index + 1, index) else 0
    return _after_particle(ground, index) if word in ground.lexicon.particles else 0


def _after_hyphen(ground: Ground, index: int) -> int:
    view = ground.view
    if index + 1 >= len(view) or not view.glued(index + 1):
        return 0
    if ground.is_name_word(index + 1):
        return 2
    tail = index + 3
    linked = tail < len(view) and view.words[index + 2] in HYPHENS and len(view.words[index + 1]) <= MOST_LINK
    if linked and view.words[index + 1].islower():
        return 4 if ground.is_name_word(tail) and view.glued(tail) else 0
    return 0


def _after_particle(ground: Ground, index: int) -> int:
    view, words = ground.view, ground.view.words
    if ground.is_name_word(index + 1) and ground.continues(index + 1, index):
        return 2
    if index + 2 >= len(view) or not ground.is_name_word(index + 2):
        return 0
    middle = words[index + 1]
    joined = (middle in HYPHENS and view.glued(index + 1)) or middle in ground.lexicon.particles
    return 3 if joined and ground.continues(index + 2, index) else 0


def _run_start(view: View, index: int, at_least: int) -> int:
    words = view.words
    if index - 2 >= at_least and words[index - 1] in HYPHENS and view.glued(index) and words[index - 2] in ARTICLES:
        return index - 2
    before = index - 1
    if before >= at_least and words[before] in LEADING and view.block[before] == view.block[index]:
        return before
    return index


def parts(ground: Ground, run: Run) -> list[Run]:
    """Cut a run at its titles: `Algerian President Ali Benflis` -> `Algerian`, and `Ali Benflis`, titled."""
    first = _without_openers(ground, run)
    if first >= run.last:
        return []
    cut = _title(ground, first, run.last)
    if cut is None:
        return [Run(first, run.last)]
    start, end = cut
    found = [Run(first, start)] if start > first else []
    return [*found, Run(end, run.last, True)] if end < run.last else found


def _without_openers(ground: Ground, run: Run) -> int:
    first, words = run.first, ground.view.words
    while first < run.last and (words[first] in ground.lexicon.common or words[first] in HYPHENS):
        first += 1
    return first


def _title(ground: Ground, first: int, last: int) -> tuple[int, int] | None:
    """The words `[start, end)` of a title in a run, one that no organisation's head noun follows."""
    words, lexicon = ground.view.words, ground.lexicon
    for start in range(first, last):
        if words[start] not in lexicon.titles or (start > first and not _may_precede_title(ground, start - 1)):
            continue
        end = start + 1
        while end < last and (words[end] in lexicon.titles or words[end] in HYPHENS):
            end += 1
        group = words[start:end]
        sure = len(group) > 1 or group[0] not in lexicon.title_parts
        if sure and not any(lexicon.is_head(word) or lexicon.is_weak_head(word) for word in words[end:last]):
            return start, end
    return None


def _may_precede_title(ground: Ground, index: int) -> bool:
    word = ground.view.words[index]
    return bool(ground.known[index]) or word.isupper() or ground.lexicon.is_head(word)
