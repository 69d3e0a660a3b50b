from __future__ import annotations

from pathlib import Path

import click

from dossier.cli.common import open_workspace, visible, workspace_option


@click.command("doctor")
@workspace_option
def doctor_command(workspace: Path | None) -> int:
    """Check a workspace and say what is wrong.

    \b
    Example: dossier doctor --workspace desk
    """
    from dossier.doctor import CHECKS

    faults = 0
    with open_workspace(workspace) as store:
        click.echo(f"workspace {store.folder}")
        for title, check in CHECKS.items():
            found = list(check(store))
            faults += len(found)
            click.echo(f"  {'ok   ' if not found else 'FAULT'}  {title}")
            for line in found:
                click.echo(f"           {visible(line)}")
    click.echo("nothing is wrong" if not faults else f"{faults} fault{'' if faults == 1 else 's'}")
    return 1 if faults else 0
