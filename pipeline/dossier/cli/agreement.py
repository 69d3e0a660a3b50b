from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from dossier.cli.common import open_workspace, visible, workspace_option

SHOWN = 20  # disagreements that are printed


@click.command("agreement")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@workspace_option
def agreement_command(as_json: bool, workspace: Path | None) -> None:
    """Measure how far reviewers agree.

    Krippendorff's alpha (nominal; 1 is perfect, 0 is chance) and the F1 of each pair of reviewers, over all and by label, on what
    two or more reviewers ruled on; then what they rule differently on.

    \b
    Example: dossier agreement --json
    """
    from dossier.review.desk import Desk

    with open_workspace(workspace) as store:
        desk = Desk(store)
        found, differ = desk.agreement(), desk.disagreements({}, None, 500)
    if as_json:
        import json

        click.echo(json.dumps({**found, "disagreements": differ["items"]}, ensure_ascii=False, sort_keys=True))
        return
    for kind, measured in found.items():
        if measured["units"]:
            _print(kind, measured)
    if not any(measured["units"] for measured in found.values()):
        click.echo("no document was ruled on by two reviewers; `dossier review` gives a share of them to two")
    for item in differ["items"][:SHOWN]:
        sides = "; ".join(f"{one['user']}: {one['ruling']} {_said(one['record'])}".strip() for one in item["versions"])
        click.echo(visible(f"{item['document']['path']}: {item['kind']} {item['text']!r}: {sides}"))
    if differ["total"] > SHOWN:
        click.echo(f"... and {differ['total'] - SHOWN:,} more")


def _said(record: dict[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in sorted(record.items()) if isinstance(value, str | int))


def _print(kind: str, measured: dict[str, Any]) -> None:
    click.echo(f"{kind}s: {measured['units']:,} ruled on by two or more")
    rows = [("all", measured), *sorted(measured["by_label"].items())]
    width = max(len(name) for name, _ in rows)
    for name, one in rows:
        alpha = "  n/a" if one["alpha"] is None else f"{one['alpha']:5.3f}"
        pairs = ", ".join(f"{p['a']}/{p['b']} {p['f1']:.3f} ({p['n']})" for p in one["f1"] if p["f1"] is not None)
        click.echo(visible(f"  {name.ljust(width)}  alpha {alpha}  F1 {pairs}"))
