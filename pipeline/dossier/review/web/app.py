"""The application: the gate before the routes, and the errors of both as JSON."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp

from dossier import __version__
from dossier.resources import configs_folders
from dossier.review.web.api import Api, Seat
from dossier.review.web.assets import Assets
from dossier.review.web.gate import Gate, Rules
from dossier.review.web.pages import Pages, PageTask
from dossier.review.web.replies import Refusal, refusal_response
from dossier.review.web.sessions import Link, Sessions
from dossier.review.web.signing import Signing
from dossier.review.web.users import Passwords
from dossier.review.web.workers import Workers
from dossier.schema import load_schema

Draw = Callable[[PageTask], tuple[bytes, float, float]]


@dataclass(frozen=True, slots=True)
class Desk:
    """What is served: the workspace's folder, who signs by default, and what draws pages of PDFs in a child process."""

    folder: Path
    user: str
    draw: Draw
    assets: Assets = field(default_factory=Assets)


def make_app(desk: Desk, rules: Rules, link: Link) -> ASGIApp:
    sessions = Sessions()
    workers = Workers(desk.folder, Seat)
    pages = Pages(desk.draw)
    passwords = Passwords(lambda name: workers.read(lambda seat: None)) if rules.passwords else None
    signing = Signing(rules, sessions, link, desk.user, passwords)
    api = Api(workers, pages, desk.assets, signing, describe(desk.folder, rules))

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        try:
            yield
        finally:
            workers.close()
            pages.close()

    inner = Starlette(
        routes=api.routes(), lifespan=lifespan, exception_handlers={HTTPException: _explain, Refusal: _refuse}
    )
    inner.router.redirect_slashes = False
    return Gate(inner, rules, sessions)


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


async def _refuse(request: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, Refusal)
    return refusal_response(refusal)


async def _explain(request: Request, error: Exception) -> Response:
    """What the router says, in the form that all errors have."""
    assert isinstance(error, HTTPException)
    says = {
        404: ("no_such_path", f"there is nothing at {request.url.path[:120]!r}; open / for the page"),
        405: ("wrong_method", f"{request.method[:20]} does not go with {request.url.path[:120]!r}"),
    }
    code, say = says.get(error.status_code, ("refused", error.detail))
    return refusal_response(Refusal(error.status_code, code, say, error.headers))
