"""`python -m dossier.train.encoder DATA OUT [--config FILE] [--folds N]`: fine-tune the encoder. Needs the extra `train`."""

from __future__ import annotations

import argparse
from pathlib import Path

from dossier.resources import shipped


def main() -> None:
    parser = argparse.ArgumentParser(prog="dossier.train.encoder", description=__doc__)
    parser.add_argument("data", type=Path, help="folder of the public sets")
    parser.add_argument("out", type=Path, help="the folder of models that it goes into")
    parser.add_argument("--config", type=Path, default=shipped("configs") / "train_encoder.cfg")
    parser.add_argument("--folds", type=int, default=3)
    given = parser.parse_args()
    from dossier.train.encoder.program import make_model, read_plan

    make_model(given.data, given.out, read_plan(given.config), folds=given.folds)


if __name__ == "__main__":
    main()
