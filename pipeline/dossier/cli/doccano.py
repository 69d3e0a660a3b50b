from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dossier.cli.common import open_workspace, workspace_option

if TYPE_CHECKING:
    from dossier.review.doccano.remote import Remote
    from dossier.store.db import Store

SHOWN = 20


def server_options(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in (
        click.option(
            "--allow-http", is_flag=True, help="Send the password and the texts over plain http to another machine."
        ),
        click.option("--project", default="dossier", show_default=True, help="The name of the project there."),
        click.option(
            "--user",
            envvar="DOCCANO_USER",
            help="Else DOCCANO_USER, else it is asked for. The password: DOCCANO_PASSWORD.",
        ),
        click.option("--url", envvar="DOCCANO_URL", help="The address of the doccano; else DOCCANO_URL."),
    ):
        command = option(command)
    return workspace_option(command)


@click.group("doccano")
def doccano_command() -> None:
    """Review in a doccano: send documents, fetch what people did.

    The password is taken from DOCCANO_PASSWORD or asked for; it is never written anywhere.

    \b
    Example: dossier doccano push --url https://doccano.example.org --all
    """


@doccano_command.command("push")
@click.argument("documents", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Every document of the workspace.")
@server_options
def push_command(
    documents: tuple[str, ...],
    everything: bool,
    url: str | None,
    user: str | None,
    project: str,
    allow_http: bool,
    workspace: Path | None,
) -> None:
    """Send documents with their mentions and relations.

    DOCUMENTS are names or ids as `dossier status` gives them. Their text and title leave this machine, and nothing else of the
    workspace. A document that was sent before is left alone.
    """
    from dossier.errors import UsageError
    from dossier.review.doccano.push import push

    if bool(documents) == everything:
        raise UsageError("name the documents to send, or send every one with --all")
    with open_workspace(workspace) as store:
        wanted = _find(store, documents)
        remote = _connect(url, user, allow_http=allow_http)
        done = push(store, remote, project, wanted, _say)
    click.echo(
        f"sent         {done.documents:,} documents, {done.marks:,} marks, {done.arcs:,} relations to project {project!r}"
    )
    if done.there:
        click.echo(f"left alone   {done.there:,} documents that were sent before")
    if done.left_out:
        click.echo(
            f"not drawn    {done.left_out:,} relations: an end has no mark in their sentence; review them in `dossier review`"
        )
    click.echo(f"review at    {remote.url}/projects/{done.project}")


@doccano_command.command("pull")
@server_options
def pull_command(url: str | None, user: str | None, project: str, allow_http: bool, workspace: Path | None) -> None:
    """Fetch what people did there, as rulings signed by them.

    Everything is read and checked before anything is changed here. A mark that is gone counts as rejected only where the
    document is confirmed; else it is counted as missing.
    """
    from dossier.review.doccano.apply import apply
    from dossier.review.doccano.pull import read

    with open_workspace(workspace) as store:
        remote = _connect(url, user, allow_http=allow_http)
        found = read(store, remote, project, _say)
        apply(store, found)
    counts = found.counts()
    said = ", ".join(f"{counts[one]:,} {word}" for one, word in WORDS.items() if counts[one]) or "nothing new"
    click.echo(f"rulings      {said}, in {len(found.findings):,} documents; {found.unchanged:,} as they were")
    for count, what in (
        (found.missing, "marks are gone in documents that nobody confirmed; nothing was concluded from that"),
        (len(found.gone), "documents are no longer there; nothing was concluded from that, and they can be sent again"),
        (
            len(found.changed_here),
            "documents read otherwise here now than when they were sent; send them to another project",
        ),
    ):
        if count:
            click.echo(f"note         {count:,} {what}")


WORDS = {"accept": "accepted", "edit": "edited", "add": "added", "reject": "rejected", "comment": "comments"}


@doccano_command.command("status")
@workspace_option
def status_command(workspace: Path | None) -> None:
    """Say what was sent where, from what is known here."""
    from dossier.store.doccano import Place, load_examples, load_items, load_projects

    with open_workspace(workspace) as store:
        projects = load_projects(store)
        for url, number, name in projects:
            place = Place(url, number)
            examples = load_examples(store, place)
            items = [item for each in load_items(store, place).values() for item in each]
            relations = sum(item.kind == "relation" for item in items)
            confirmed = sum(one.confirmed for one in examples)
            click.echo(
                f"{url}/projects/{number}  {name!r}: {len(examples):,} documents, {confirmed:,} of them confirmed when last "
                f"fetched; {len(items) - relations:,} marks, {relations:,} relations"
            )
    if not projects:
        click.echo("nothing was sent to a doccano from here")


def _find(store: Store, documents: tuple[str, ...]) -> list[str]:
    """The ids of the documents named by path or id; all of them where none is named."""
    from dossier.errors import UsageError
    from dossier.store.documents import document_paths

    paths = document_paths(store)
    if not documents:
        return list(paths)
    by_name = {path: document for document, path in paths.items()} | {document: document for document in paths}
    unknown = [name for name in documents if name not in by_name]
    if unknown:
        raise UsageError(f"there is no document {unknown[0]!r}; `dossier status` lists them; nothing was sent")
    return list(dict.fromkeys(by_name[name] for name in documents))


def _connect(url: str | None, user: str | None, *, allow_http: bool) -> Remote:
    from dossier.errors import UsageError
    from dossier.review.doccano.remote import Remote, checked_url

    if not url:
        raise UsageError("which doccano? give --url, or set DOCCANO_URL")
    checked_url(url, allow_http=allow_http)
    name = user or click.prompt("user", err=True)
    password = os.environ.get("DOCCANO_PASSWORD") or click.prompt(f"password of {name}", hide_input=True, err=True)
    return Remote(url, name, password, allow_http=allow_http)


def _say(words: str) -> None:
    click.echo(words, err=True)
