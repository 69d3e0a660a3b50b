from __future__ import annotations

from pathlib import Path

import click


@click.command("init")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=".")
def init_command(folder: Path) -> None:
    """Make a workspace, or add what is missing to one.

    \b
    Example: dossier init desk
    """
    from dossier.store.db import create_workspace

    added = create_workspace(folder)
    where = "this folder" if folder == Path() else str(folder)
    if added:
        click.echo(f"{where} is a workspace ({', '.join(added)} added)")
        click.echo(f"next: put reports into {folder / 'corpus'} and call `dossier run`")
    else:
        click.echo(f"{where} is a workspace already, and complete")
