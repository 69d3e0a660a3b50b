from __future__ import annotations

import getpass
from pathlib import Path

import click

from dossier.cli.common import open_workspace, visible, workspace_option
from dossier.errors import UsageError

IN_USE = "others use the database, so its file may still hold the words: stop them, then call: dossier forget --wipe"


@click.command("forget")
@click.argument("document", required=False)
@click.option("--user", default=getpass.getuser, help="Who rules so; by default the user of this account.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--wipe", is_flag=True, help="Only write the database anew, without what was deleted from it.")
@workspace_option
def forget_command(document: str | None, user: str, yes: bool, wipe: bool, workspace: Path | None) -> None:
    """Remove a document and everything made of it.

    DOCUMENT: its id, or its path. Its text, proposals, index and what rulings quote of it are wiped from the database; a
    ruling that says so stays in the log, and the same bytes are not read again without `dossier ingest --again`. Files are
    yours to remove: the report itself, exports, copies of the database.

    \b
    Example: dossier forget 2019/report.pdf
    """
    from dossier.store.db import DATABASE
    from dossier.store.forget import find_document, forget
    from dossier.store.forget import wipe as write_anew

    if wipe == (document is not None):
        raise UsageError("name a document to forget, or give --wipe alone")
    with open_workspace(workspace) as store:
        if document is None:
            click.echo("the database was written anew" if write_anew(store) else IN_USE)
            return
        number = find_document(store, document)
        if not yes:
            click.confirm(f"forget {visible(document)} for good?", abort=True, err=True)
        gone = forget(store, number, user=user)
        copies = sorted(path.name for path in store.folder.glob(f"{DATABASE}.before-*"))
    click.echo(
        f"{gone.document} is forgotten: its text, {gone.proposals:,} proposals, the words of {gone.rulings:,} rulings"
    )
    if gone.unreached:
        click.echo(f"{gone.unreached:,} rulings of an earlier version hold their record in the chain itself; they stay")
    if not gone.wiped:
        click.echo(IN_USE)
    left = [
        *(f"the file {path}" for path in gone.paths),
        *(f"the copy {name}" for name in copies),
        "exports made before",
    ]
    click.echo(f"what is left to you to remove: {visible(', '.join(left))}")
