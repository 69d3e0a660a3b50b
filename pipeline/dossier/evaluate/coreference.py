"""Whether the names of one referent were grouped: MUC, B-cubed and CEAF-e, and their mean, the CoNLL score; pairs of names.

Definitions: Vilain et al. 1995, Bagga and Baldwin 1998, Luo 2005 (entity-based CEAF with its fourth similarity). Mentions
are any hashable keys, here spans; a mention that only one side has counts against the other.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

from dossier.normalize.names import fold

Cluster = frozenset[Hashable]
Pair = tuple[str, frozenset[str]]  # the label, and two names folded


class Figures(NamedTuple):
    """Precision, recall and their harmonic mean, 0..1."""

    precision: float
    recall: float
    f: float


def figures(right_found: float, found: float, right_wanted: float, wanted: float) -> Figures:
    """Figures from what is right of what was found, and of what was wanted."""
    precision = right_found / found if found else 0.0
    recall = right_wanted / wanted if wanted else 0.0
    return Figures(precision, recall, 2 * precision * recall / (precision + recall) if precision + recall else 0.0)


def clusters(keys: Iterable[tuple[Hashable, Hashable]]) -> list[Cluster]:
    """Clusters from pairs of a mention and the key of its entity."""
    made: dict[Hashable, set[Hashable]] = {}
    for mention, key in keys:
        made.setdefault(key, set()).add(mention)
    return [frozenset(one) for one in made.values()]


def muc(gold: Sequence[Cluster], found: Sequence[Cluster]) -> Figures:
    """Links kept: a cluster of n mentions has n - 1; singletons count for nothing."""

    def kept(one: Sequence[Cluster], other: Sequence[Cluster]) -> tuple[int, int]:
        of = _cluster_of(other)
        right = sum(len(each) - len({of.get(mention, mention) for mention in each}) for each in one)
        return right, sum(len(each) - 1 for each in one)

    return figures(*kept(found, gold), *kept(gold, found))


def b_cubed(gold: Sequence[Cluster], found: Sequence[Cluster]) -> Figures:
    """The share of each mention's cluster that is right, averaged over mentions."""

    def shares(one: Sequence[Cluster], other: Sequence[Cluster]) -> tuple[float, int]:
        of = _cluster_of(other)
        right = sum(len(each & other[of[mention]]) / len(each) for each in one for mention in each if mention in of)
        return right, sum(map(len, one))

    return figures(*shares(found, gold), *shares(gold, found))


def ceaf(gold: Sequence[Cluster], found: Sequence[Cluster]) -> Figures:
    """The best one-to-one match of clusters, each pair worth 2|A and B| / (|A| + |B|)."""
    if not gold or not found:
        return Figures(0.0, 0.0, 0.0)
    worth = [[2 * len(one & other) / (len(one) + len(other)) for other in found] for one in gold]
    total = best_match(worth)
    return figures(total, len(found), total, len(gold))


def conll(gold: Sequence[Cluster], found: Sequence[Cluster]) -> float:
    """The mean F1 of the three measures."""
    return sum(measure(gold, found).f for measure in (muc, b_cubed, ceaf)) / 3


def _cluster_of(all_of: Sequence[Cluster]) -> dict[Hashable, int]:
    return {mention: number for number, each in enumerate(all_of) for mention in each}


def best_match(worth: Sequence[Sequence[float]]) -> float:
    """The greatest sum of `worth[i][j]` over a one-to-one match of rows and columns (the Hungarian method, O(n^3))."""
    if len(worth) > len(worth[0]):
        worth = list(zip(*worth, strict=True))
    rows, columns = len(worth), len(worth[0])
    row_price, column_price = [0.0] * (rows + 1), [0.0] * (columns + 1)
    row_of, way = [0] * (columns + 1), [0] * (columns + 1)
    for row in range(1, rows + 1):
        row_of[0], at = row, 0
        least, used = [float("inf")] * (columns + 1), [False] * (columns + 1)
        while row_of[at]:
            used[at], current, step, after = True, row_of[at], float("inf"), 0
            for column in range(1, columns + 1):
                if not used[column]:
                    slack = -worth[current - 1][column - 1] - row_price[current] - column_price[column]
                    if slack < least[column]:
                        least[column], way[column] = slack, at
                    if least[column] < step:
                        step, after = least[column], column
            for column in range(columns + 1):
                if used[column]:
                    row_price[row_of[column]] += step
                    column_price[column] -= step
                else:
                    least[column] -= step
            at = after
        while at:
            row_of[at] = row_of[way[at]]
            at = way[at]
    return sum(worth[row_of[column] - 1][column - 1] for column in range(1, columns + 1) if row_of[column])


# ------------------------------------------------------------------ names


def name_pairs(names: Mapping[Hashable, Collection[tuple[str, str]]]) -> set[Pair]:
    """The pairs of names, `(label, words)`, that one entity goes by; spellings that fold to one are one name."""
    pairs: set[Pair] = set()
    for all_of in names.values():
        folded = sorted({(label, fold(words)) for label, words in all_of})
        pairs |= {
            (one[0], frozenset((one[1], other[1]))) for one, other in combinations(folded, 2) if one[0] == other[0]
        }
    return pairs


def score_pairs(gold: Collection[Pair], found: Collection[Pair]) -> Figures:
    """Precision, recall and F1 of pairs of names."""
    right = len(set(gold) & set(found))
    return figures(right, len(found), right, len(gold))
