"""`python -m dossier.lab.relations MODEL OWN DATA`: train the pair classifier of a model. Needs the extra `train`."""

from __future__ import annotations

import argparse
from pathlib import Path


def main() -> None:
    parser = argparse.ArgumentParser(prog="dossier.lab.relations", description=__doc__)
    parser.add_argument("model", type=Path, help="folder of the model that it goes into: models/minilm-1")
    parser.add_argument("own", type=Path, help="our own gold: annotations/own/train.jsonl")
    parser.add_argument("data", type=Path, help="folder of the public sets")
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    from dossier.lab.relations.fit import Recipe
    from dossier.lab.relations.program import make

    make(given.model, given.own, given.data, Recipe(), folds=given.folds, seed=given.seed)


if __name__ == "__main__":
    main()
