from __future__ import annotations

from pathlib import Path

import click

from dossier.cli.common import QUARANTINED, Progress, batch, batch_options


@click.command("extract")
@batch_options
def extract_command(limit: int | None, workers: int | None, workspace: Path | None) -> int:
    """Propose mentions, names and relations for every document.

    Only what was not yet extracted with this model, these configs and this version runs.

    \b
    Example: dossier extract --workers 2
    """
    from dossier.extract import extract

    with batch(workspace, "dossier extract", workers) as (store, engine, log), Progress() as progress:
        counts = extract(
            store, engine, limit=limit, begin=progress.begin("extract"),
            report=progress.read,
        )  # fmt: skip
        log.update(counts)
    click.echo(", ".join(f"{n} {fate}" for fate, n in sorted(counts.items())))
    return QUARANTINED if counts["failed"] else 0
