"""Referents as they come and go in a text: their weight, what kinds they may be called, and which stands out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from dossier.components.anaphor_words import SINGULAR, Words
from dossier.records import Found

# estimates
DECAY = 0.45  # with every sentence
LEAST = 0.1  # a weight below it is forgotten
CLEAR = 0.56  # share of the heaviest against the second from which it stands out
KIND, OTHER_KIND = 3.0, 0.4  # factors: the kind stands in the name, or another does


@dataclass(slots=True, eq=False)
class Referent:
    """What names name. `words`: of all its names, folded; `weight` as of the sentence number `since`."""

    label: str
    words: frozenset[str]
    mentions: list[Found]
    weight: float = 0.0
    since: int = 0
    standing: float = 0.0  # what does not fade: a heading's, the title's
    last: int = -9  # the sentence that it was last named in
    female: bool | None = None
    plural: bool = False

    def now(self, sentence: int) -> float:
        faded: float = self.weight * DECAY ** (sentence - self.since)
        return faded + self.standing

    def add(self, weight: float, sentence: int) -> None:
        self.weight = self.weight * DECAY ** (sentence - self.since) + weight
        self.since = self.last = sentence

    def before(self, at: int) -> Found | None:
        """The nearest mention before a character; the first one where none is."""
        found = [one for one in self.mentions if one.end <= at]
        return found[-1] if found else self.mentions[0]


def is_plural(name: str) -> bool:
    """Whether a name is of many: `Red Brigades`, `Tigers of ...`."""
    words = name.split()
    return any(
        len(word) > 4 and word.endswith("s") and "'" not in word and "’" not in word and word.casefold() not in SINGULAR
        for word in (words[0], words[-1])
    )


class Place(NamedTuple):
    """A mention in the walk: its words, and whose it is."""

    first: int
    last: int
    referent: Referent


def fits(one: Referent, kind: str | None, words: Words) -> float:
    """How well a kind goes with the words of an organisation's names; 0 not at all."""
    if kind is None:
        return 0.5 if one.words & words.not_groups else 1.0
    if kind == "many":
        return 1.0 if one.plural else 0.0
    if one.words & words.not_groups:
        return 0.0 if kind in words.kinds_any or kind not in one.words else KIND
    if kind in words.kinds_any:
        return 1.0
    if kind in one.words or kind.rstrip("s") in one.words:
        return KIND
    if kind in words.strict:
        return 0.0
    others = one.words & words.kinds - words.kinds_any
    return OTHER_KIND if others and not any(kind in kin and others & kin for kin in words.kin) else 1.0


def clear(weights: list[tuple[float, Referent]]) -> tuple[Referent, float] | None:
    """The heaviest, where it stands out; its share gives the confidence."""
    ranked = sorted((pair for pair in weights if pair[0] >= LEAST), key=lambda pair: -pair[0])
    if not ranked or not ranked[0][1].mentions:
        return None
    second = ranked[1][0] if len(ranked) > 1 else 0.0
    share = ranked[0][0] / (ranked[0][0] + second)
    if share < CLEAR:
        return None
    return ranked[0][1], round(0.5 + 0.45 * (2 * share - 1), 3)
