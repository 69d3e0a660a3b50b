"""`python -m dossier.lab.relations.own_types MODEL DATA`: the pair classifier with the types of `re3d` for its own.

To compare with published figures: mentions are the gold's, all types of the set count as they stand there, direction and
all, and every relation of the dev part is wanted. The network begins with the shipped weights and is fitted to the train part
of `re3d` alone, with several seeds whose scores are averaged; how sure a relation must be is chosen by folds of the train
part. The result is not shipped.
"""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from dossier.components.relations_net import Floats, read_network
from dossier.gold import GoldRecord, read_gold
from dossier.lab.relations.examples import RE3D, Example, Reader, Set
from dossier.lab.relations.fit import Recipe, fit, score

SEEDS, FOLDS = 3, 3
LEAST = (0.02, 0.04, 0.06, 0.08, *(n / 20 for n in range(2, 15)))
Told = tuple[int, int, int, str]  # record, head, child, type


class EveryPair(frozenset[tuple[str, str]]):
    """Allows any two labels."""

    def __contains__(self, pair: object) -> bool:
        return True


def read(reader: Reader, path: Path, types: Sequence[str]) -> list[Example]:
    """The examples of a file, with the set's own types as outputs: all of them, then all turned."""
    made = []
    for one in reader.read(Set("re3d", path, RE3D), read_gold(path, overlapping=True)):
        wanted = np.asarray([[name in told for told in both for name in types] for both in one.others], dtype=bool)
        case = one.case._replace(fired=np.zeros(wanted.shape, dtype=np.float32))
        none = [(frozenset[str](), frozenset[str]())] * len(wanted)
        made.append(one._replace(case=case, wanted=wanted, ruled=np.ones_like(wanted), others=none, public=False))
    return made


def types_of(records: Sequence[GoldRecord]) -> list[str]:
    return sorted({str(one.more["orig"]) for record in records for one in record.relations})


def relations_of(records: Sequence[GoldRecord]) -> set[Told]:
    return {
        (n, one.head, one.child, str(one.more["orig"])) for n, record in enumerate(records) for one in record.relations
    }


def found_at(told: Sequence[tuple[Example, Floats]], types: Sequence[str], least: float) -> set[Told]:
    """The relations whose probability is at least so high."""
    found: set[Told] = set()
    for example, scores in told:
        for n, k in np.argwhere(1 / (1 + np.exp(-scores)) >= least).tolist():
            i, j = example.ends[n] if k < len(types) else example.ends[n][::-1]
            found.add((example.record, i, j, types[k % len(types)]))
    return found


def f1(found: set[Told], wanted: set[Told]) -> tuple[float, float, float]:
    """Precision, recall, F1."""
    right = len(found & wanted)
    precision, recall = right / max(1, len(found)), right / max(1, len(wanted))
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


def told_by(
    examples: Sequence[Example], held: Sequence[Example], recipe: Recipe, start: dict[str, Floats]
) -> list[tuple[Example, Floats]]:
    """The mean of the scores that networks of several seeds give."""
    scores = [score(fit(examples, recipe, seed, start), held) for seed in range(SEEDS)]
    means = [np.mean(one, axis=0) for one in zip(*scores, strict=True)]
    return list(zip(held, means, strict=True))


def best_least(
    examples: Sequence[Example],
    records: Sequence[GoldRecord],
    types: Sequence[str],
    recipe: Recipe,
    start: dict[str, Floats],
) -> float:
    """The probability from which relations are best told, by folds of documents."""
    told: list[tuple[Example, Floats]] = []
    for fold in range(FOLDS):
        held = [e for e in examples if _fold(records[e.record].id) == fold]
        told += told_by([e for e in examples if _fold(records[e.record].id) != fold], held, recipe, start)
    wanted = relations_of(records)
    rows = {least: f1(found_at(told, types, least), wanted) for least in LEAST}
    least = max(rows, key=lambda least: rows[least][2])
    print(f"folds of train: least {least}, P {rows[least][0]:.3f} R {rows[least][1]:.3f} F {rows[least][2]:.3f}")
    return least


def _fold(name: str) -> int:
    return int(hashlib.sha256(name.encode()).hexdigest(), 16) % FOLDS


def main() -> None:
    parser = argparse.ArgumentParser(prog="dossier.lab.relations.own_types", description=__doc__)
    parser.add_argument("model", type=Path, help="folder of a model with a pair classifier")
    parser.add_argument("data", type=Path, help="folder of the public sets")
    given = parser.parse_args()
    shipped = read_network(given.model)
    reader = Reader(given.model, shipped.layer)
    reader.weigher = replace(reader.weigher, featurizer=replace(reader.weigher.featurizer, allowed=EveryPair()))
    train, dev = (given.data / "re3d" / f"{part}.jsonl.gz" for part in ("train", "dev"))
    records, asked = read_gold(train, overlapping=True), read_gold(dev, overlapping=True)
    types = types_of(records)
    examples, held = read(reader, train, types), read(reader, dev, types)
    recipe = Recipe(epochs=20, others=0.0)
    start = dict(shipped.weights)
    least = best_least(examples, records, types, recipe, start)
    wanted = relations_of(asked)
    found = found_at(told_by(examples, held, recipe, start), types, least)
    print("dev: P {:.3f} R {:.3f} F {:.3f} of {}".format(*f1(found, wanted), len(wanted)))


if __name__ == "__main__":
    main()
