from __future__ import annotations

import getpass
from pathlib import Path

import click

from dossier.cli.common import open_workspace, workspace_option
from dossier.errors import UsageError

PORT = 8323
LOOPBACK = ("127.0.0.1", "localhost", "::1")


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
@click.option(
    "--tls-cert", type=click.Path(path_type=Path, dir_okay=False, exists=True), help="A certificate chain (PEM)."
)
@click.option("--tls-key", type=click.Path(path_type=Path, dir_okay=False, exists=True), help="Its key (PEM).")
@click.option("--behind-proxy", is_flag=True, help="A proxy before the server speaks TLS with the browsers.")
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
    workspace: Path | None,
) -> None:
    """Open the review page: read, accept, correct and add.

    The page is served to this machine alone, through a link that works once. The manual is docs/review.md.

    \b
    Example: dossier review
    Example: dossier review --no-browser --port 9000 --user "Anna Berg"
    """
    from dossier.ingest.pdf.plain import draw_plain
    from dossier.review.web.app import Desk, make_app
    from dossier.review.web.gate import Rules
    from dossier.review.web.server import bind, serve
    from dossier.review.web.sessions import Link

    with open_workspace(workspace) as store:  # brings the database up to date, and says what is wrong with it
        folder = store.folder
    if host not in LOOPBACK:
        raise UsageError("not yet")
    sock = bind(host, port)
    port = sock.getsockname()[1]
    shown = f"[{host}]" if ":" in host else host
    known = frozenset({f"http://{shown}:{port}", f"http://localhost:{port}"})
    rules = Rules(known, f"dossier_{port}")

    def say(token: str) -> None:
        click.echo(f"review page: http://{shown}:{port}/enter?token={token}")

    link = Link(say)

    def started() -> None:
        say(link.token)
        if not no_browser:
            import webbrowser

            webbrowser.open(f"http://{shown}:{port}/enter?token={link.token}")

    app = make_app(Desk(folder, user or getpass.getuser(), draw_plain), rules, link)
    serve(app, sock, started=started)
