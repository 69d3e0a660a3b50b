"""Pairs of mentions as numbers: what the pair classifier knows of two mentions that a sentence may join.

A pair's first mention may be a topic: one that the sentence does not name, but its section, profile or the sentence before
does. Sparse features are hashed: the words between and around the two, with the sets of `relations.toml` that these belong
to, the section's heading, the kind of block; each also together with the labels of the pair. The words of a sentence are
hashed once; a pair takes stretches of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple
from zlib import crc32

import numpy as np
import numpy.typing as npt

from dossier.components.relations_language import LETTERS, OTHER, bare
from dossier.components.relations_skeleton import Item, Token

SIZE = 1 << 13  # rows of the table of features
NEAR, LONG = 14, 45  # words between two mentions that are read from each end; with more, the pair is left out
AROUND = 3  # words before the first and after the second
MOST_BETWEEN = 10  # mentions
TOLD_AT = 5  # up to so many words between, their whole row is a feature
HEADING = 6  # words
LABELS = ("ORG", "PERSON", "PLACE", "DATE", "QUANTITY", "NORP")
NO_TOPIC, BLOCK, BEFORE = (
    "",
    "block",
    "before",
)  # where a topic comes from: the section or profile, or the sentence before
_TOPIC_ENDS = "^^"  # the word between a topic and the sentence
Ids = npt.NDArray[np.uint32]


class Topic(NamedTuple):
    """A mention outside a sentence of which that may speak; `kind` is where it comes from."""

    item: Item
    kind: str


class Pair(NamedTuple):
    """Two items as hashed features; `topic`: the number of the topic that the first one is, -1 for none."""

    first: Item
    second: Item
    features: Ids
    topic: int


@dataclass(frozen=True, slots=True)
class Featurizer:
    """Makes the pairs of sentences. `sets`: the names of the sets that a word opens a phrase of.

    `allowed`: the labels of pairs that some relation joins, in either order.
    """

    sets: Mapping[str, tuple[str, ...]]
    allowed: frozenset[tuple[str, str]]

    def pairs(
        self, tokens: Sequence[Token], items: Sequence[Item], topics: Sequence[Topic], heading: str, kind: str
    ) -> Iterator[Pair]:
        """The pairs of a sentence. tokens: those of its skeleton; heading: of its section; kind: of its block."""
        words = [bare(word) for word, _ in tokens]
        places = [(int(word[2:-1]), at) for at, word in enumerate(words) if _is_mention(word)]
        if not places:
            return
        whole = [_hash("h", word) for word in heading.casefold().split()[:HEADING]] + [_hash("k", kind)]
        row = _Row(words, self.sets, whole)
        for n, (one, at) in enumerate(places):
            for between, (other, to) in enumerate(places[n + 1 : n + 2 + MOST_BETWEEN]):
                if self._joins(items[one], items[other], at, to):
                    yield Pair(items[one], items[other], row.features(items[one], items[other], at, to, between), -1)
        for number, topic in enumerate(topics):
            mark = f"<{LETTERS.get(topic.item.label, OTHER)}>"
            row = _Row([mark, f"{_TOPIC_ENDS}{topic.kind}", *words], self.sets, whole)
            for between, (other, to) in enumerate(places[: MOST_BETWEEN + 1]):
                if self._joins(topic.item, items[other], -2, to):
                    ends = topic.item, items[other]
                    yield Pair(*ends, row.features(*ends, 0, to + 2, between), number)

    def _joins(self, one: Item, other: Item, at: int, to: int) -> bool:
        return to - at - 1 <= LONG and (one.label, other.label) in self.allowed


class _Row:
    """The words of a sentence, each hashed alone, with the next, and as members of sets."""

    def __init__(self, words: Sequence[str], sets: Mapping[str, tuple[str, ...]], whole: Sequence[int]) -> None:
        self.plain = [word[:2] if _is_mention(word) else word for word in words]
        self.words = _ids([_hash("w", word) for word in self.plain])
        self.twos = _ids([_hash("t", f"{a} {b}") for a, b in zip(self.plain, [*self.plain[1:], "$"], strict=True)])
        self.sets = [[_hash("s", name) for name in sets.get(word, ())] for word in words]
        self.whole = list(whole)

    def features(self, one: Item, other: Item, at: int, to: int, between: int) -> Ids:
        """The features of two items whose marks are the words `at` and `to`, with so many mentions between."""
        low, plain = at + 1, self.plain
        near = list(range(low, to))
        if len(near) > 2 * NEAR:
            near = [*near[:NEAR], *near[-NEAR:]]
        before, after = range(max(0, at - AROUND), at), range(to + 1, min(len(plain), to + 1 + AROUND))
        lists = (
            [name * 3 for place in near for name in self.sets[place]]
            + [name * 5 for place in before for name in self.sets[place]]
            + [name * 7 for place in after for name in self.sets[place]]
        )
        length = to - low
        single = [
            _hash("n", str(min(between, 4))),
            _hash("d", str(length if length < 8 else length // 8 + 8)),
            _hash("b1", plain[at - 1] if at else "^"),
            _hash("a1", plain[to + 1] if to + 1 < len(plain) else "$"),
            _hash("start", str(at == 0)),
            _hash("stand", f"{one.stands}{other.stands}"),
        ]
        if length <= TOLD_AT:
            single.append(_hash("all", " ".join(plain[low:to])))
        every = np.concatenate(
            [
                self.words[near] * np.uint32(3),
                self.twos[at : min(to, low + NEAR)],
                self.words[before.start : before.stop] * np.uint32(5),
                self.words[after.start : after.stop] * np.uint32(7),
                _ids([*lists, *single, *self.whole]),
            ]
        )
        code = np.uint32(_number(one.label) * 8 + _number(other.label) + 1)
        joint = (every * np.uint32(2654435761) + code * np.uint32(40503)) >> np.uint32(7)
        found: Ids = np.unique(np.concatenate([every, joint, _ids([_hash("l", str(code))])]) % np.uint32(SIZE))
        return found


def _number(label: str) -> int:
    return LABELS.index(label) if label in LABELS else len(LABELS)


def _is_mention(word: str) -> bool:
    return word[0] == "<" and word[-1] == ">"


def _ids(numbers: Sequence[int]) -> Ids:
    return np.asarray([number & 0xFFFFFFFF for number in numbers], dtype=np.uint32)


@lru_cache(maxsize=1 << 17)
def _hash(kind: str, words: str) -> int:
    return crc32(f"{kind}\0{words}".encode("utf-8", "surrogatepass"))
