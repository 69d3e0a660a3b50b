from __future__ import annotations

import getpass
import threading
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dossier.cli.common import open_workspace, visible, workspace_option
from dossier.errors import UsageError

if TYPE_CHECKING:
    from dossier.review.web.address import Tls
    from dossier.store.db import Store

PORT = 8323
PEM = click.Path(path_type=Path, dir_okay=False, exists=True)


@click.command("review")
@click.option(
    "--port", default=PORT, show_default=True, type=click.IntRange(0, 65535), help="0 takes one that is free."
)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--no-browser", is_flag=True, help="Print the link only.")
@click.option("--user", metavar="NAME", help="Who signs the rulings; by default your name on this machine.")
@click.option(
    "--origin",
    "origins",
    multiple=True,
    metavar="URL",
    help="How browsers reach the server, such as https://review.example.org; may be given several times.",
)
@click.option("--tls-cert", type=PEM, help="A certificate chain (PEM), for other addresses than this machine's own.")
@click.option("--tls-key", type=PEM, help="Its key (PEM).")
@click.option("--behind-proxy", is_flag=True, help="A proxy before the server speaks TLS with the browsers.")
@click.option(
    "--add-user", metavar="NAME", help="Ask for a password, let NAME sign in with it over the network, and end."
)
@click.option("--remove-user", metavar="NAME", help="Let NAME sign in no more, and end.")
@workspace_option
def review_command(
    port: int,
    host: str,
    no_browser: bool,
    user: str | None,
    origins: tuple[str, ...],
    tls_cert: Path | None,
    tls_key: Path | None,
    behind_proxy: bool,
    add_user: str | None,
    remove_user: str | None,
    workspace: Path | None,
) -> None:
    """Open the review page: accept, correct and add.

    It is served to this machine alone, through a link that works once. docs/review.md says how several people work on it.

    \b
    Example: dossier review
    Example: dossier review --no-browser --port 9000 --user "Anna Berg"
    """
    from dossier.review.web.address import check_tls

    with open_workspace(workspace) as store:  # brings the database up to date, and says what is wrong with it
        folder = store.folder
        if add_user is not None or remove_user is not None:
            _change_users(store, add_user, remove_user)
            return
    tls = check_tls(tls_cert, tls_key)
    _serve(folder, _check_name(user or getpass.getuser()), (host, port), origins, tls, behind_proxy, not no_browser)
    click.echo("stopped; what the page showed as saved is saved")


def _serve(
    folder: Path,
    user: str,
    address: tuple[str, int],
    origins: tuple[str, ...],
    tls: Tls,
    behind_proxy: bool,
    browse: bool,
) -> None:
    from dossier.ingest.pdf.plain import draw_plain
    from dossier.review.web.address import bind, find_url, make_rules
    from dossier.review.web.app import Served, make_app
    from dossier.review.web.server import serve
    from dossier.review.web.sessions import Link

    with bind(*address) as sock:
        rules = make_rules(sock, origins=origins, tls=tls, behind_proxy=behind_proxy)
        if rules.passwords:
            _need_users(folder)
        url = find_url(sock, rules)
        link = Link(lambda token: click.echo(f"for another browser: {url}/enter?token={token}"))

        def tell() -> None:
            entry = url if rules.passwords else f"{url}/enter?token={link.token}"
            click.echo(f"review page: {entry}")
            click.echo("it works once; Ctrl-C stops the server" if not rules.passwords else "Ctrl-C stops the server")
            if browse:  # in a thread: a browser of the terminal would not return
                threading.Thread(target=webbrowser.open, args=(entry,), daemon=True).start()

        serve(
            make_app(Served(folder, user, draw_plain), rules, link),
            sock,
            tls=tls,
            behind_proxy=behind_proxy,
            started=tell,
        )


def _change_users(store: Store, add: str | None, remove: str | None) -> None:
    """Each takes effect at once, also on a server that runs."""
    from dossier.review.web.users import make_digest
    from dossier.store.reviewers import remove_password, save_password

    if remove is not None:
        if not remove_password(store, remove):
            raise UsageError(f"nobody signs in as {remove!r}; the names are as they were given to --add-user")
        click.echo(f"{visible(remove)} signs in no more; what was ruled under that name stays")
    if add is not None:
        name = _check_name(add)
        digest = make_digest(click.prompt(f"password of {visible(name)}", hide_input=True, confirmation_prompt=True))
        new = save_password(store, name, digest)
        click.echo(f"{visible(name)} {'can sign in' if new else 'has a new password'}")


def _need_users(folder: Path) -> None:
    from dossier.store.reviewers import count_passwords

    with open_workspace(folder) as store:
        if not count_passwords(store):
            raise UsageError("nobody could sign in; add each reviewer with: dossier review --add-user NAME")


def _check_name(name: str) -> str:
    from dossier.review.web.fields import check_name
    from dossier.review.web.replies import Refusal

    try:
        return check_name(name)
    except Refusal as refusal:
        raise UsageError(refusal.say) from refusal
