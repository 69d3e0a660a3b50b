"""Pairs of mentions as numbers: what the pair classifier knows of two mentions that a sentence may join.

A pair's first mention may be a topic: one that the sentence does not name, but its section, profile or the sentence before
does. Sparse features are hashed: the words between and around the two, with the sets of `relations.toml` that these belong
to, the section's heading, the kind of block; what stands between, also together with the labels of the pair. The words of a
sentence are hashed once, by the part that they can play; a pair is a number of stretches of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
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
# where a topic comes from: the section or profile, or the sentence before
NO_TOPIC, BLOCK, BEFORE = "", "block", "before"
_TOPIC_ENDS = "^^"  # the word between a topic and the sentence
_OUTSIDE = "$"  # the word before the first, and after the last
Ids = npt.NDArray[np.uint16]
Hashes = npt.NDArray[np.uint32]


class Topic(NamedTuple):
    """A mention outside a sentence of which that may speak; `kind` is where it comes from."""

    item: Item
    kind: str


class Pair(NamedTuple):
    """Two items; `topic`: the number of the topic that the first one is, -1 for none."""

    first: Item
    second: Item
    topic: int


class Pairs(NamedTuple):
    """The pairs of a sentence. The features of pair n are `ids[bounds[n] : bounds[n + 1]]`, rows of the table."""

    every: list[Pair]
    ids: Ids
    bounds: npt.NDArray[np.int64]


NO_PAIRS = Pairs([], np.zeros(0, np.uint16), np.zeros(1, np.int64))


@dataclass(frozen=True, slots=True)
class Featurizer:
    """Makes the pairs of sentences. `sets`: the names of the sets that a word opens a phrase of.

    `allowed`: the labels of pairs that some relation joins, in either order.
    """

    sets: Mapping[str, tuple[str, ...]]
    allowed: frozenset[tuple[str, str]]

    def pairs(
        self, tokens: Sequence[Sequence[Token]], items: Sequence[Item], topics: Sequence[Topic], heading: str, kind: str
    ) -> Pairs:
        """The pairs of a sentence. tokens: those of its skeleton, then of its brackets; heading: of its section; kind: of its
        block."""
        rows: list[str] = []
        made: list[Pair] = []
        places: list[_Place] = []
        for which, row in enumerate(tokens):
            words = [bare(word) for word, _ in row]
            marks = [(items[int(word[2:-1])], at) for at, word in enumerate(words) if _is_mention(word)]
            begin, end = len(rows), len(rows) + len(words)
            for n, (one, at) in enumerate(marks):
                for between, (other, to) in enumerate(marks[n + 1 : n + 2 + MOST_BETWEEN]):
                    if self._joins(one, other, to - at):
                        made.append(Pair(one, other, -1))
                        places.append(_Place(begin, end, begin + at, begin + to, between))
            rows += words
            for number, topic in enumerate(() if which else topics):
                begin, known = len(rows), len(made)
                for between, (other, to) in enumerate(marks[: MOST_BETWEEN + 1]):
                    if self._joins(topic.item, other, to + 2):
                        made.append(Pair(topic.item, other, number))
                        places.append(_Place(begin, begin + 2 + len(words), begin, begin + 2 + to, between))
                if len(made) > known:
                    rows += [f"<{LETTERS.get(topic.item.label, OTHER)}>", f"{_TOPIC_ENDS}{topic.kind}", *words]
        if not made:
            return NO_PAIRS
        pool = _Pool(rows, self.sets, [*heading.casefold().split()[:HEADING], f"\0{kind}"])
        return Pairs(made, *pool.features(made, places))

    def _joins(self, one: Item, other: Item, distance: int) -> bool:
        return distance - 1 <= LONG and (one.label, other.label) in self.allowed


class _Place(NamedTuple):
    """Where a pair stands in the rows of a pool: its row `[begin, end)`, its two marks, and the number of mentions between."""

    begin: int
    end: int
    at: int
    to: int
    between: int


# The parts that a word, or a set that it belongs to, can play: each makes another number of the same hash. The first three
# are also those of sets.
_PARTS = BETWEEN, BEFORE_BOTH, AFTER_BOTH, JUST_BEFORE, JUST_AFTER = range(5)
_FACTORS = tuple(np.uint32(n) for n in (3, 5, 7, 11, 13))
_OF_TWO, _MIX, _OF_LABELS = np.uint32(31), np.uint32(2654435761), np.uint32(40503)
# what no word tells: the labels of a pair, how many mentions stand between, how many words, whether the pair begins its
# row, and which of the two stands for another mention
_CODES, _COUNTS, _LENGTHS, _STARTS, _STANDS = 0, 64, 70, 90, 92
_FIXED = np.asarray([crc32(f"fixed {n}".encode()) for n in range(96)], dtype=np.uint32)


class _Pool:
    """The hashes of a sentence's rows, one part after another: what the features of its pairs are stretches of."""

    def __init__(self, rows: Sequence[str], sets: Mapping[str, tuple[str, ...]], whole: Sequence[str]) -> None:
        self.words = [_hash(word[:2] if _is_mention(word) else word) for word in (*rows, _OUTSIDE)]
        self.outside = len(rows)
        self.sets = [0]  # where those of a word begin
        names: list[int] = []
        for word in rows:
            names += _hashes(sets.get(word, ()))
            self.sets.append(len(names))
        words, kinds = np.asarray(self.words, dtype=np.uint32), np.asarray(names, dtype=np.uint32)
        parts = [words * factor for factor in _FACTORS]
        parts += [kinds * factor for factor in _FACTORS[:3]]
        parts += [
            words * _OF_TWO + np.concatenate([words[1:], words[:1]]),
            _FIXED,
            np.asarray([_hash(word) for word in whole], np.uint32),
        ]
        self.parts = [0, *accumulate(map(len, parts))]  # where each begins
        self.hashes = np.concatenate(parts)

    def features(self, pairs: Sequence[Pair], places: Sequence[_Place]) -> tuple[Ids, npt.NDArray[np.int64]]:
        """The features of pairs, and where those of each begin and end."""
        stretches: list[tuple[int, int, int]] = []  # begin, length, labels that they go with or 0
        told: list[int] = []
        upto: list[int] = []
        for pair, place in zip(pairs, places, strict=True):
            stretches += self._stretches(pair, place)
            if place.to - place.at - 1 <= TOLD_AT:
                stretches.append((len(self.hashes) + len(told), 1, 0))
                told.append(_told(self.words[place.at + 1 : place.to]))
            upto.append(len(stretches))
        begins, lengths, codes = np.asarray(stretches, dtype=np.int64).T
        ends = np.cumsum(lengths)
        at = np.arange(ends[-1]) + np.repeat(begins - ends + lengths, lengths)
        hashes = np.concatenate([self.hashes, np.asarray(told, dtype=np.uint32)])[at]
        code = np.repeat(codes.astype(np.uint32), lengths)
        mixed = (hashes * _MIX + code * _OF_LABELS) >> np.uint32(7)
        ids = np.where(code > 0, mixed, hashes) % np.uint32(SIZE)
        return ids.astype(np.uint16), np.concatenate([[0], ends[np.asarray(upto) - 1]])

    def _stretches(self, pair: Pair, place: _Place) -> Iterator[tuple[int, int, int]]:
        begin, end, at, to, between = place
        low, length, parts, sets = at + 1, to - at - 1, self.parts, self.sets
        code = _number(pair.first.label) * 8 + _number(pair.second.label)
        for first, last in ((low, to),) if length <= 2 * NEAR else ((low, low + NEAR), (to - NEAR, to)):
            for labels in (0, code + 1):
                yield parts[BETWEEN] + first, last - first, labels
                yield parts[5 + BETWEEN] + sets[first], sets[last] - sets[first], labels
        for part, first, last in (
            (BEFORE_BOTH, max(begin, at - AROUND), at),
            (AFTER_BOTH, to + 1, min(end, to + 1 + AROUND)),
        ):
            if first < last:
                yield parts[part] + first, last - first, 0
                yield parts[5 + part] + sets[first], sets[last] - sets[first], 0
        yield parts[JUST_BEFORE] + (at - 1 if at > begin else self.outside), 1, 0
        yield parts[JUST_AFTER] + (to + 1 if to + 1 < end else self.outside), 1, 0
        yield parts[8] + at, min(to, low + NEAR) - at, 0
        fixed = parts[9]
        yield fixed + _CODES + code, 1, 0
        yield fixed + _COUNTS + min(between, 4), 1, code + 1
        yield fixed + _LENGTHS + (length if length < 8 else length // 8 + 7), 1, code + 1
        yield fixed + _STARTS + (at == begin), 1, 0
        yield fixed + _STANDS + 2 * pair.first.stands + pair.second.stands, 1, 0
        yield parts[10], len(self.hashes) - parts[10], 0


def _number(label: str) -> int:
    return LABELS.index(label) if label in LABELS else len(LABELS)


def _is_mention(word: str) -> bool:
    return word[0] == "<" and word[-1] == ">"


def _told(words: Sequence[int]) -> int:
    """A hash of words in their order."""
    made = 17
    for word in words:
        made = (made * 1000003 ^ word) & 0xFFFFFFFF
    return made


@lru_cache(maxsize=1 << 16)
def _hash(word: str) -> int:
    return crc32(word.encode("utf-8", "surrogatepass"))


@lru_cache(maxsize=1 << 14)
def _hashes(names: tuple[str, ...]) -> tuple[int, ...]:
    return tuple(_hash(f"\0{name}") for name in names)
