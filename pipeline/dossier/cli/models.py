from __future__ import annotations

import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dossier.cli.common import open_workspace, print_table, visible, workspace_option

if TYPE_CHECKING:
    from dossier.models import Listed


@click.group("models")
def models_command() -> None:
    """List, check, activate and roll back models.

    `rules`, extraction without a trained model, is always there.

    \b
    Example: dossier models list
    Example: dossier models activate desk-1
    """


@models_command.command("list")
@workspace_option
def list_command(workspace: Path | None) -> None:
    """Say which models there are and which one is in use.

    \b
    Example: dossier models list
    """
    from dossier.models import default_model, list_models
    from dossier.store.models import standing

    with open_workspace(workspace) as store:
        log = standing(store)
        used = log[-1].model if log else default_model(store.folder).name
        rows = [(f"{'*' if each.name == used else ' '} {each.name}", _line(each)) for each in list_models(store.folder)]
        print_table(rows)
        since = f"since {log[-1].made_at}, by {log[-1].user}{', forced' * log[-1].forced}" if log else "from the start"
    click.echo(f"\n* in use {visible(since)}")


def _line(each: Listed) -> str:
    from dossier.errors import ModelError
    from dossier.models import read_card

    if each.model is None:
        return f"{each.origin}, DAMAGED: {visible(each.fault)}"
    try:
        micro = read_card(each.model).get("scores", {}).get("micro")
    except ModelError as error:
        return f"{each.origin}, DAMAGED: {visible(str(error))}"
    return each.origin + (f", F1 {micro['f']:.3f} on {micro['support']} held-out mentions" if micro else "")


@models_command.command("show")
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Print the card as one JSON object.")
@workspace_option
def show_command(name: str, as_json: bool, workspace: Path | None) -> None:
    """Print the card of a model: its data, labels, scores and parents.

    \b
    Example: dossier models show desk-1
    """
    import json

    from dossier.floors import below_floors, load_floors
    from dossier.models import find_model, read_card
    from dossier.resources import configs_folders

    with open_workspace(workspace) as store:
        model = find_model(store.folder, name)
        card = read_card(model)
        low = below_floors(card, load_floors(configs_folders(store.folder / "configs")))
    if as_json:
        click.echo(json.dumps(card, ensure_ascii=False, sort_keys=True))
        return
    print_table(
        [("model", model.name), ("origin", model.origin), ("digest", model.digest[:16] or "none"), *_card_rows(card)]
    )
    click.echo("\n" + ("below its floors: " + "; ".join(low) if low else "at or above its floors"))


def _card_rows(card: dict[str, Any]) -> list[tuple[str, str]]:
    if not card:
        return [("what", "extraction by rules and names alone")]
    scores = card.get("scores", {})
    rows = {**scores.get("labels", {}), "all": scores.get("micro", {})}
    parent = card.get("parent") or {}
    return [
        ("trained", f"{card.get('made_at')}, seed {card.get('seed')}, from {parent.get('name', 'nothing')}"),
        *(("data", visible(f"{d['name']}: {d['records']} texts, {d['licence']}")) for d in card.get("data", [])),
        *((f"  {visible(label)}", _score(row)) for label, row in rows.items()),
    ]


def _score(row: dict[str, Any]) -> str:
    if not row.get("support"):
        return "none held out"
    interval = f"({row['low']:.3f} to {row['high']:.3f})"
    return f"F1 {row['f']:.3f} {interval}, P {row['p']:.3f}, R {row['r']:.3f}, {row['support']} held out"


@models_command.command("activate")
@click.argument("name")
@click.option("--force", is_flag=True, help="Also below its floors; this is logged.")
@click.option("--reason", default="", help="Why; kept in the log.")
@click.option("--user", default=getpass.getuser, help="Who does it; by default the user of this account.")
@workspace_option
def activate_command(name: str, force: bool, reason: str, user: str, workspace: Path | None) -> None:
    """Put a model to work; the next `dossier run` extracts with it.

    \b
    Example: dossier models activate desk-1 --reason "half the edits of last month"
    """
    from dossier.models import activate

    with open_workspace(workspace) as store:
        done = activate(store, name, user=user, force=force, reason=reason)
    click.echo(f"{done.model} is in use" + (f", forced: {visible(done.reason)}" if done.forced else ""))


@models_command.command("rollback")
@click.option("--user", default=getpass.getuser, help="Who does it; by default the user of this account.")
@workspace_option
def rollback_command(user: str, workspace: Path | None) -> None:
    """Return to the model that was in use before.

    \b
    Example: dossier models rollback
    """
    from dossier.models import rollback

    with open_workspace(workspace) as store:
        done = rollback(store, user=user)
    click.echo(f"{done.model} is in use again")


@models_command.command("log")
@workspace_option
def log_command(workspace: Path | None) -> None:
    """Print every activation and rollback, oldest first.

    \b
    Example: dossier models log
    """
    from dossier.store.models import load_activations

    with open_workspace(workspace) as store:
        for row in load_activations(store):
            what = "back to" if row.undoes else "forced" if row.forced else "activated"
            said = f"{row.made_at}  {row.user}  {what} {row.model}" + (f": {row.reason}" if row.reason else "")
            click.echo(visible(said))


@models_command.command("verify")
@workspace_option
def verify_command(workspace: Path | None) -> int:
    """Check the files of every model against its manifest.

    \b
    Example: dossier models verify
    """
    from dossier.errors import ModelError
    from dossier.models import check_model, list_models

    faults = 0
    with open_workspace(workspace) as store:
        for each in list_models(store.folder):
            try:
                if each.model is None:
                    raise ModelError(each.fault)
                check_model(each.model)
                click.echo(f"ok     {each.name}")
            except ModelError as error:
                faults += 1
                click.echo(f"FAULT  {each.name}: {visible(str(error))}")
    return 1 if faults else 0
