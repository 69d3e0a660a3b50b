from __future__ import annotations

from pathlib import Path

import click

from dossier.cli.common import open_workspace, workspace_option
from dossier.export import EXPORTERS, load_exporter

APART = {  # what is told where there is some
    "kept": "kept that are no longer proposed",
    "disputed": "disputed (left out)",
    "lost": "whose place was not found again (left out)",
}


@click.command("export")
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--format", "fmt", type=click.Choice(sorted(EXPORTERS)), default="jsonl", show_default=True)
@click.option("--include", type=click.Choice(["pending"]), help="Also proposals that nobody ruled on, marked.")
@workspace_option
def export_command(out: Path, fmt: str, include: str | None, workspace: Path | None) -> None:
    """Write the curated records.

    OUT is a file for jsonl and for decisions (the log of all rulings, which `dossier import` reads), a folder for page (a page of
    HTML per report that opens offline), for text and for gold (what people ruled, as marked texts to train on: see
    docs/training.md). Only what people accepted goes out, unless --include pending is given. See docs/export.md.

    \b
    Example: dossier export curated.jsonl --include pending
    Example: dossier export pages --format page --include pending
    """
    from dossier.export.files import refuse_workspace_files
    from dossier.export.traverse import Options, account

    with open_workspace(workspace) as store:
        refuse_workspace_files(store.folder, out)
        counts = load_exporter(fmt)(store, out, Options(pending=include is not None))
        states = account(store)
    said = ", ".join(_many(kind, n) for kind, n in sorted(counts.items())) or "nothing"
    click.echo(f"{said} -> {out}")
    click.echo(
        f"{states['proposed']:,} proposed = {states['accepted']:,} accepted + {states['edited']:,} edited + "
        f"{states['rejected']:,} rejected + {states['pending']:,} pending + {states['superseded']:,} superseded; "
        f"{states['added']:,} added by people"
        + "".join(f", {states[name]:,} {said}" for name, said in APART.items() if states[name])
    )


def _many(kind: str, n: int) -> str:
    plural = f"{kind[:-1]}ies" if kind.endswith("y") else kind if kind == "unplaced" else f"{kind}s"
    return f"{n:,} {kind if n == 1 else plural}"
