from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dossier.cli.common import Progress, open_workspace, print_table, visible, workspace_option

if TYPE_CHECKING:
    from dossier.models import ModelRef
    from dossier.store.db import Store

LINES = 20  # of a stage, where the output is no terminal


@click.command("train")
@click.option(
    "--config", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="Another train_mentions.cfg."
)
@click.option("--data", multiple=True, type=click.Path(path_type=Path, exists=True), help="Gold besides annotations/.")
@click.option("--name", default="desk", show_default=True, help="The model becomes models/NAME-VERSION.")
@click.option("--from", "parent", help="The model to start from; by default the one in use, or the shipped one.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Equal seeds give equal weights.")
@click.option(
    "--curve", is_flag=True, help="Also train on 25, 50 and 75 % of the documents, to see what more would bring."
)
@workspace_option
def train_command(
    config: Path | None,
    data: tuple[Path, ...],
    name: str,
    parent: str | None,
    seed: int,
    curve: bool,
    workspace: Path | None,
) -> None:
    """Train a model from what was reviewed.

    Reads annotations/ (fill it with `dossier export annotations --format gold`) and what --data names. The model in use
    is not touched: look at the new one with `dossier models show`, then `dossier models activate` it.

    \b
    Example: dossier train --name desk --curve
    """
    from dossier.models import list_models
    from dossier.resources import configs_folders, shipped
    from dossier.schema import load_schema
    from dossier.train.loop import load_base, train
    from dossier.train.settings import FILE, load_settings
    from dossier.train.sources import read_sources

    with open_workspace(workspace) as store, Progress() as progress:
        overlay = store.folder / "configs"
        own = overlay / FILE
        settings = load_settings(config or (own if own.is_file() else shipped("configs") / FILE))
        known = load_schema(configs_folders(overlay)).labels
        sources = read_sources(store.folder / "annotations", data, known)
        base = load_base(_parent(store, parent))
        full, card = train(
            store.folder / "models", base, sources, settings, name=name, seed=seed, curve=curve,
            taken=frozenset(each.name for each in list_models(store.folder)), report=_Stages(progress).tell,
        )  # fmt: skip
    _print(full, card)


def _parent(store: Store, name: str | None) -> ModelRef:
    from dossier.models import RULES, active_model, default_model, find_model

    if name is not None:
        return find_model(store.folder, name)
    used = active_model(store)
    return default_model(store.folder) if used == RULES else used


class _Stages:
    """Stages of a training as the progress of a batch."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._stage = ""

    def tell(self, stage: str, done: int, total: int, what: str) -> None:
        if stage != self._stage:
            self._stage = stage
            self._progress.begin(stage)(total)
        self._progress.step(what, done, shown=done == total or done % max(1, total // LINES) == 0)


def _print(name: str, card: dict[str, Any]) -> None:
    rows = [*card["scores"]["labels"].items(), ("all", card["scores"]["micro"])]
    click.echo()
    print_table(
        [(visible(label), f"F1 {row['f']:.3f} ({row['low']:.3f} to {row['high']:.3f}), {row['support']} held out")
         for label, row in rows]
    )  # fmt: skip
    for row in card.get("curve", ()):
        click.echo(f"{row['share']:>5.0%} of the documents: F1 {row['f']:.3f}")
    gain = (card["parent"] or {}).get("gain")
    if gain:
        click.echo(f"against {card['parent']['name']}: {gain['f']:+.3f} ({gain['low']:+.3f} to {gain['high']:+.3f})")
    for each in card["data"]:
        if each["labels_from"] != "meta.labels":
            click.echo(
                f"{visible(each['name'])} does not say what was looked for; taken: {visible(', '.join(each['labels']))}"
            )
    click.echo(f"\nmodels/{name} is written; put it to work with: dossier models activate {name}")
