from __future__ import annotations

from pathlib import Path

import click

from dossier.cli.common import open_workspace, visible, workspace_option


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@workspace_option
def import_command(file: Path, workspace: Path | None) -> None:
    """Take over the decisions of another copy of a workspace.

    FILE is an export of --format decisions. It is checked as a whole first; what is here already is not taken twice. Rulings find
    their places once the same reports are in the corpus, now or later.

    \b
    Example: dossier import desk-of-ada.jsonl
    """
    from dossier.store.exchange import import_log

    with open_workspace(workspace) as store:
        found = import_log(store, file)
        lost = store.one("SELECT coalesce(sum(n), 0) FROM tally WHERE document = '' AND state = 'lost'")
    click.echo(f"{found.decisions:,} decisions in {visible(str(file))}, {found.new:,} of them new here")
    if found.merged and found.new:
        click.echo("the two logs had gone different ways: the new rows stand at the end of the one here")
    if found.forgotten:
        click.echo(f"{len(found.forgotten)} documents were forgotten there, and now here: {', '.join(found.forgotten)}")
    if lost:
        click.echo(f"{lost:,} rulings whose place was not found; look at them with `dossier review`")
