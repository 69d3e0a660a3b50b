from __future__ import annotations

from pathlib import Path

import click

from dossier.cli.common import open_workspace, visible, workspace_option


@click.command("verify-log")
@click.option("--head", help="A hash that this command printed before: it must still be in the log.")
@workspace_option
def verify_log_command(head: str | None, workspace: Path | None) -> int:
    """Check that no decision was altered, dropped or moved.

    Names the first row where that is not so. Rows dropped from the end may leave a whole chain: note the hash that is
    printed, and give it as --head the next time.

    \b
    Example: dossier verify-log --head 3f0c8a...
    """
    from dossier.store.chain import FIRST, first_fault

    with open_workspace(workspace) as store:
        fault = first_fault(store)
        count, last = store.db.execute("SELECT count(*), max(id) FROM decision").fetchone()
        hash_ = store.one("SELECT hash FROM decision WHERE id = ?", (last,)) or FIRST
        known = head is None or head == FIRST or store.one("SELECT id FROM decision WHERE hash = ?", (head,))
        lost = store.one("SELECT max(revision) FROM target WHERE revision > ?", (last or 0,))
    if fault is None and not known:
        fault = f"no decision has the hash {head}: rows were dropped from the end, or this is another log"
    if fault is None and lost:
        fault = f"decision {lost} bears on something and is not in the log: rows were dropped from the end"
    if fault:
        click.echo(visible(fault))
        return 1
    click.echo(f"{count:,} decisions, each as it was made and in its place; the last is {hash_}")
    return 0
