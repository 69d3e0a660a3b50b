"""The application: its parts, put together."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from starlette.routing import Router
from starlette.types import ASGIApp

from dossier import __version__
from dossier.resources import configs_folders
from dossier.review.web.api import Api, Seat
from dossier.review.web.assets import Assets
from dossier.review.web.gate import Gate, Rules
from dossier.review.web.pages import Pages, PageTask
from dossier.review.web.sessions import Link, Sessions
from dossier.review.web.signing import Signing
from dossier.review.web.users import Passwords
from dossier.review.web.workers import Workers
from dossier.schema import load_schema
from dossier.store.db import open_store
from dossier.store.reviewers import load_password

Draw = Callable[[PageTask], tuple[bytes, float, float]]


@dataclass(frozen=True, slots=True)
class Served:
    """The workspace's folder, who signs by default, and what draws pages of PDFs in a child process."""

    folder: Path
    user: str
    draw: Draw
    assets: Assets = field(default_factory=Assets)


def make_app(served: Served, rules: Rules, link: Link) -> ASGIApp:
    """The application. What an earlier version left to be done in the database is done before it returns."""
    with open_store(served.folder) as store:
        Seat(store)
    sessions = Sessions()
    workers = Workers(served.folder, Seat)
    pages = Pages(served.draw)
    passwords = (
        Passwords(lambda name: workers.read(lambda seat: load_password(seat.store, name))) if rules.passwords else None
    )
    signing = Signing(rules, sessions, link, served.user, passwords)
    api = Api(workers, pages, served.assets, signing, describe(served.folder, rules))

    @asynccontextmanager
    async def lifespan(app: object) -> AsyncIterator[None]:
        try:
            yield
        finally:
            workers.close()
            pages.close()

    return Gate(Router(api.routes(), redirect_slashes=False, lifespan=lifespan), rules, sessions)


def describe(folder: Path, rules: Rules) -> dict[str, Any]:
    """What the page needs to know of the workspace before all else."""
    schema = load_schema(configs_folders(folder / "configs"))
    return {
        "labels": [
            {"name": name, "title": title, "entity": name in schema.entities} for name, title in schema.labels.items()
        ],
        "relations": {
            name: {"subject": list(each.subject), "object": list(each.object), "roles": list(each.roles),
                   "symmetric": each.symmetric, "same": each.same}
            for name, each in schema.relations.items()
        },
        "events": {"types": list(schema.events), "roles": list(schema.roles)},
        "statuses": list(schema.statuses),
        "version": __version__,
        "desk": folder.name,
        "signs_in": "password" if rules.passwords else "link",
    }  # fmt: skip
