from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dossier.cli.common import open_workspace, print_table, say_copies, visible, workspace_option

if TYPE_CHECKING:
    from dossier.store.db import Store
    from dossier.store.documents import InputState


@click.command("status")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@workspace_option
def status_command(as_json: bool, workspace: Path | None) -> None:
    """Say what is in the workspace and how it stands.

    \b
    Example: dossier status --json
    """
    with open_workspace(workspace) as store:
        found = _look(store)
    if as_json:
        import json

        click.echo(json.dumps(found, ensure_ascii=False, sort_keys=True))
        return
    _print(found)


def _look(store: Store) -> dict[str, Any]:
    from dossier.export.traverse import account
    from dossier.extract import current_pipeline
    from dossier.store.copies import describe_copies
    from dossier.store.documents import count_formats, load_inputs
    from dossier.store.proposals import count_labels, documents_to_extract
    from dossier.store.runs import last_run

    inputs = load_inputs(store)
    return {
        "workspace": str(store.folder),
        "inputs": len(inputs),
        "documents": dict(Counter(i.state for i in inputs)),
        "files": [_file(store, i) for i in inputs],
        "formats": {media_type: {"documents": n, "pages": pages} for media_type, n, pages in count_formats(store)},
        **describe_copies(store),
        "to_extract": len(documents_to_extract(store, current_pipeline(store))),
        "mentions": dict(count_labels(store)),
        "proposals": account(store),
        "last_run": last_run(store),
    }


def _file(store: Store, found: InputState) -> dict[str, Any]:
    from dossier.store.documents import is_missing

    return {
        "path": found.path,
        "state": found.state,
        "code": found.code,
        "reason": found.reason,
        "document": found.document,
        "missing": is_missing(store, found),
    }


def _format(media_type: str, counts: dict[str, int | None]) -> str:
    from dossier.ingest.sniff import NAMES

    pages = f" ({counts['pages']:,} page{'' if counts['pages'] == 1 else 's'})" if counts["pages"] is not None else ""
    return f"{counts['documents']:,} {NAMES.get(media_type, media_type)}{pages}"


def _print(found: dict[str, Any]) -> None:
    states, proposals, run = found["documents"], found["proposals"], found["last_run"]
    rows = [
        ("workspace", found["workspace"]),
        ("files", f"{found['inputs']:,}: {states.get('done', 0):,} done, {states.get('warned', 0):,} done with warnings, "
                  f"{states.get('quarantined', 0):,} quarantined"),
        ("formats", ", ".join(_format(*each) for each in found["formats"].items()) or "none"),
        *say_copies(found),
        ("to extract", f"{found['to_extract']:,} documents"),
        ("mentions", ", ".join(f"{label} {n:,}" for label, n in found["mentions"].items()) or "none"),
        ("proposals", ", ".join(f"{n:,} {state}" for state, n in proposals.items())),
        ("last run", f"{run['command']}, {run['started_at']}, {run['state']}" if run else "none"),
    ]  # fmt: skip
    print_table(rows)
    if found["copies"]:
        click.echo("\ncopies of one report, by their words; they count as one source:")
        for group in found["copies"]:
            click.echo("  " + visible(" = ".join(group)))
    if found["superseded"]:
        click.echo("\nnewer issues of a report; with the older ones they count as one source:")
        for newer, older in found["superseded"]:
            click.echo("  " + visible(f"{newer} replaces {older}"))
    for title, chosen in (
        ("quarantined", [f for f in found["files"] if f["state"] == "quarantined"]),
        ("with warnings", [f for f in found["files"] if f["state"] == "warned"]),
        ("no longer in the corpus (their documents are kept)", [f for f in found["files"] if f["missing"]]),
    ):
        if chosen:
            click.echo(f"\n{title}:")
        for each in chosen:
            click.echo(f"  {visible(each['path'])}" + (f": {visible(each['reason'])}" if each["reason"] else ""))
