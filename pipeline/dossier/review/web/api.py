"""The routes: what is asked over HTTP, checked for its form, and what the desk answers. What it means is the desk's to check."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dossier.review.web.assets import SHELL, Assets, cached
from dossier.review.web.fields import check_changes, check_request, number, query, words
from dossier.review.web.interim import InterimDesk
from dossier.review.web.pages import Pages, find_place
from dossier.review.web.replies import MAX_RULINGS, Refusal, json_response, read_json
from dossier.review.web.signing import Signing
from dossier.review.web.workers import Workers

FILTERS = ("kind", "label", "type", "document", "state", "reviewer", "q", "order")
PAGE = 50
MOST = 500  # items of a list in one answer


class Seat:
    """What a thread works with: the desk, and the store below it."""

    def __init__(self, store: Any) -> None:
        self.store = store
        self.desk = InterimDesk(store)


Endpoint = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Api:
    """The routes and what they need. `about`: what GET /api/session says of the workspace."""

    workers: Workers[Seat]
    pages: Pages
    assets: Assets
    signing: Signing
    about: dict[str, Any]

    def routes(self) -> list[Route]:
        get: dict[str, Endpoint] = {
            "/": self.shell,
            "/enter": self.signing.enter,
            "/static/{name:path}": self.static,
            "/api/queue": self.queue,
            "/api/documents": self.documents,
            "/api/progress": self.progress,
            "/api/documents/{id}": self.document,
            "/api/documents/{id}/text": self.text,
            "/api/documents/{id}/records": self.records,
            "/api/documents/{id}/pages/{page:int}.png": self.picture,
            "/api/documents/{id}/pages/{page:int}": self.page,
            "/api/changes": self.changes,
        }
        post: dict[str, Endpoint] = {
            "/api/rulings": self.rulings,
        }
        return [
            *(Route(path, endpoint, methods=["GET"]) for path, endpoint in get.items()),
            *(Route(path, endpoint, methods=["POST"]) for path, endpoint in post.items()),
            Route("/api/session", self.session, methods=["GET", "POST", "DELETE"]),
        ]

    # ------------------------------------------------------------ the page

    async def shell(self, request: Request) -> Response:
        return self.assets.respond(request, SHELL)

    async def static(self, request: Request) -> Response:
        return self.assets.respond(request, request.path_params["name"])

    async def session(self, request: Request) -> Response:
        return await self.signing.session(request, self._introduce)

    async def _introduce(self, user: str) -> dict[str, Any]:
        users = await self.workers.read(lambda seat: known_users(seat.store))
        return {"user": user, "users": sorted({*users, user}), **self.about}

    # ------------------------------------------------------------ reading

    async def queue(self, request: Request) -> Response:
        return await self._list(request, lambda seat, *asked: seat.desk.queue(*asked))

    async def documents(self, request: Request) -> Response:
        return await self._list(request, lambda seat, *asked: seat.desk.documents(*asked))

    async def _list(self, request: Request, ask: Callable[..., Any]) -> Response:
        filters = {name: value for name in FILTERS if (value := query(request, name)) is not None}
        cursor, limit = query(request, "cursor"), number(request, "limit", PAGE, 1, MOST)
        return json_response(await self.workers.read(lambda seat: ask(seat, filters, cursor, limit)))

    async def progress(self, request: Request) -> Response:
        return json_response(await self.workers.read(lambda seat: seat.desk.progress()))

    async def document(self, request: Request) -> Response:
        id_ = request.path_params["id"]
        return json_response(await self.workers.read(lambda seat: found(id_, seat.desk.document)))

    async def text(self, request: Request) -> Response:
        id_ = request.path_params["id"]

        def read(seat: Seat) -> tuple[str, str]:
            sha256 = seat.store.one("SELECT text_sha256 FROM document WHERE id = ?", (id_,))
            return found(id_, seat.desk.text), sha256

        text, sha256 = await self.workers.read(read)
        return cached(request, text.encode(), "text/plain; charset=utf-8", f'"{sha256}"')

    async def records(self, request: Request) -> Response:
        id_, user = request.path_params["id"], self._user(request)
        return json_response(
            await self.workers.read(lambda seat: found(id_, lambda each: seat.desk.records(each, user)))
        )

    async def changes(self, request: Request) -> Response:
        since, document = number(request, "since", 0, 0, 1 << 53), query(request, "document")
        return json_response(await self.workers.read(lambda seat: seat.desk.changes(since, document)))

    # ------------------------------------------------------------ pages of a PDF

    async def page(self, request: Request) -> Response:
        id_, page = request.path_params["id"], request.path_params["page"]
        place = await self.workers.read(lambda seat: find_place(seat.store, id_))
        await self._drawn(place, page, 1200, quietly=True)  # its size is the page's; no reader waits for it
        return json_response(await self.workers.read(lambda seat: self.pages.words(seat.store, id_, place, page)))

    async def picture(self, request: Request) -> Response:
        id_, page = request.path_params["id"], request.path_params["page"]
        width = number(request, "width", 1200, 1, 10_000)
        place = await self.workers.read(lambda seat: find_place(seat.store, id_))
        png = await self._drawn(place, page, width)
        return Response(png, media_type="image/png")

    async def _drawn(self, place: Any, page: int, width: int, *, quietly: bool = False) -> bytes:
        try:
            return (await asyncio.to_thread(self.pages.picture, place, page, width)).png
        except Refusal as refusal:
            if not quietly or refusal.status != 422:
                raise
            return b""

    # ------------------------------------------------------------ ruling

    async def rulings(self, request: Request) -> Response:
        user = self._user(request)
        body = await read_json(request, MAX_RULINGS)
        key, changes = check_request(body), check_changes(body)
        comment = words(body, "comment", most=10_000, optional=True)
        return json_response(await self.workers.write(lambda seat: seat.desk.rule(user, key, changes, comment)))

    def _user(self, request: Request) -> str:
        user: str = request.state.session.user
        return user


def found(id_: str, read: Callable[[str], Any]) -> Any:
    """What `read` says of a document. Raises Refusal where there is none."""
    from dossier.errors import WorkspaceError

    try:
        return read(id_)
    except WorkspaceError as error:
        say = f"there is no document {id_[:80]!r}; the list of documents has them all"
        raise Refusal(404, "no_document", say) from error


def known_users(store: Any) -> list[str]:
    return [user for (user,) in store.rows("SELECT DISTINCT user FROM decision ORDER BY user LIMIT 1000")]
