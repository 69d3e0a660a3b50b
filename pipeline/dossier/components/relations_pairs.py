"""Pairs of mentions as numbers: what the pair classifier knows of two mentions of one sentence.

Sparse features are hashed words between and around the two, with the sets of `relations.toml` that these belong to, always
also together with the labels of the pair. The word lists of a sentence are hashed once; a pair takes stretches of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from zlib import crc32

import numpy as np
import numpy.typing as npt

from dossier.components.relations_match import Match
from dossier.components.relations_skeleton import Item, Skeleton

SIZE = 1 << 13  # rows of the table of features
NEAR, LONG = 14, 45  # words between two mentions that are read from each end; more than that, and the pair is left out
AROUND = 3  # words before the first and after the second
MOST_BETWEEN = 10  # mentions
LABELS = ("ORG", "PERSON", "PLACE", "DATE", "QUANTITY", "NORP")
Ids = npt.NDArray[np.uint32]


class Pair(NamedTuple):
    """Two items of a sentence, in order, as hashed features; `span`: the words of the view between them."""

    first: Item
    second: Item
    features: Ids
    span: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Featurizer:
    """Makes the pairs of sentences. `sets`: the names of the sets that a word belongs to."""

    sets: Mapping[str, tuple[str, ...]]
    allowed: frozenset[tuple[str, str]]  # labels of pairs that some relation joins, in either order

    def pairs(
        self, skeleton: Skeleton, items: Sequence[Item], matches: Sequence[Match], heading: str, kind: str
    ) -> Iterator[Pair]:
        """The pairs of a sentence. skeleton: its plain one, without marks."""
        tokens = skeleton.text.split()
        places = {int(token[2:-1]): at for at, token in enumerate(tokens) if token[0] == "<" and token[-1] == ">"}
        words = np.asarray([_hash("w", token if token[0] != "<" else token[:2]) for token in tokens], dtype=np.uint32)
        twos = np.asarray(
            [_hash("t", a + " " + b) for a, b in zip(map(_plain, tokens), map(_plain, tokens[1:]), strict=False)] + [0],
            dtype=np.uint32,
        )
        named = [
            np.asarray([_hash("s", name) for name in self.sets.get(token, ())], dtype=np.uint32) for token in tokens
        ]
        whole = [_hash("h", word) for word in heading.casefold().split()[:6]] + [_hash("k", kind)]
        order = sorted(places, key=lambda number: places[number])
        for n, one in enumerate(order):
            for m in range(n + 1, min(len(order), n + 2 + MOST_BETWEEN)):
                other = order[m]
                first, second = items[one], items[other]
                low, high = places[one] + 1, places[other]
                if high - low > LONG or (first.label, second.label) not in self.allowed:
                    continue
                yield self._pair(first, second, tokens, words, twos, named, whole, low, high, m - n - 1)

    def _pair(
        self, first: Item, second: Item, tokens: Sequence[str], words: Ids, twos: Ids, named: Sequence[Ids],
        whole: Sequence[int], low: int, high: int, between: int,
    ) -> Pair:  # fmt: skip
        near = (
            list(range(low, high)) if high - low <= 2 * NEAR else [*range(low, low + NEAR), *range(high - NEAR, high)]
        )
        parts = [words[near] * np.uint32(3), twos[max(0, low - 1) : min(high, low + NEAR)]]
        parts += [named[at] * np.uint32(3) for at in near if len(named[at])]
        before = range(max(0, low - 1 - AROUND), low - 1)
        after = range(high + 1, min(len(tokens), high + 1 + AROUND))
        parts.append(words[list(before)] * np.uint32(5))
        parts.append(words[list(after)] * np.uint32(7))
        parts += [named[at] * np.uint32(5) for at in before if len(named[at])]
        parts += [named[at] * np.uint32(7) for at in after if len(named[at])]
        single = [
            _hash("n", str(min(between, 4))), _hash("d", str(min(high - low, 12) if high - low < 8 else (high - low) // 8 + 8)),
            _hash("b1", _plain(tokens[low - 2]) if low > 1 else "^"), _hash("a1", _plain(tokens[high + 1]) if high + 1 < len(tokens) else "$"),
            _hash("start", str(low == 1)), _hash("stand", f"{first.stands}{second.stands}"),
        ]  # fmt: skip
        if high - low <= 5:
            single.append(_hash("all", " ".join(map(_plain, tokens[low:high]))))
        parts.append(np.asarray([*single, *whole], dtype=np.uint32))
        every = np.unique(np.concatenate(parts))
        code = np.uint32(LABELS.index(first.label) * 8 + LABELS.index(second.label) + 1)
        joint = (every * np.uint32(2654435761) + code * np.uint32(40503)) >> np.uint32(7)
        alone = np.asarray([_hash("l", f"{code}")], dtype=np.uint32)
        return Pair(first, second, np.concatenate([every, joint, alone]) % np.uint32(SIZE), (first.last, second.first))


def _plain(token: str) -> str:
    return token[:2] if token[0] == "<" and token[-1] == ">" else token


def _hash(kind: str, words: str) -> int:
    return crc32(f"{kind}\0{words}".encode("utf-8", "surrogatepass"))
