"""The routes: what is asked over HTTP, checked for its form, and what the desk answers. What it means is the desk's to check."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dossier.errors import WorkspaceError
from dossier.review.desk import Desk, Stale
from dossier.review.web.assets import SHELL, Assets, cached
from dossier.review.web.fields import bad, check_changes, check_name, check_request, needed, number, query, words
from dossier.review.web.pages import Pages, Place, find_place
from dossier.review.web.replies import MAX_RULINGS, Refusal, json_response, read_json
from dossier.review.web.sessions import Session
from dossier.review.web.signing import Signing
from dossier.review.web.workers import Workers
from dossier.store.db import Store
from dossier.store.reviewers import load_password

FILTERS = ("kind", "label", "type", "document", "state", "reviewer", "q", "order")
PAGE = 50
MOST_ID = 200
MOST = 500  # items of a list in one answer
MOST_SECONDS = 3600  # of work told at a time
MOST_COMMENT = 10_000
MOST_USERS = 100

T = TypeVar("T")
Endpoint = Callable[[Request], Awaitable[Response]]


class Seat:
    """What a thread works with: the desk, and the store below it."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.desk = Desk(store)


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
            "/api/identical": self.identical,
            "/api/changes": self.changes,
            "/api/disagreements": self.disagreements,
            "/api/agreement": self.agreement,
        }
        post: dict[str, Endpoint] = {
            "/api/rulings": self.rulings,
            "/api/undo": self.undo,
            "/api/redo": self.redo,
            "/api/minutes": self.minutes,
        }
        return [
            *(Route(path, endpoint, methods=["GET"]) for path, endpoint in get.items()),
            *(Route(path, endpoint, methods=["POST"]) for path, endpoint in post.items()),
            Route("/api/assignments", self.assignments, methods=["GET", "POST"]),
            Route("/api/session", self.session, methods=["GET", "POST", "DELETE"]),
        ]

    async def _read(self, request: Request, function: Callable[[Seat], T]) -> T:
        return await self.workers.read(_known(request.state.session, function))

    async def _write(self, request: Request, function: Callable[[Seat], T]) -> T:
        try:
            return await self.workers.write(_known(request.state.session, function))
        except Stale as error:
            raise Refusal(409, "stale", str(error), stale=error.stale) from error

    # ------------------------------------------------------------ the page

    async def shell(self, request: Request) -> Response:
        return self.assets.respond(request, SHELL)

    async def static(self, request: Request) -> Response:
        return self.assets.respond(request, request.path_params["name"])

    async def session(self, request: Request) -> Response:
        return await self.signing.session(request, self._introduce)

    async def _introduce(self, session: Session) -> dict[str, Any]:
        users, revision = await self.workers.read(_known(session, lambda seat: _people(seat.store)))
        return {"user": session.user, "users": sorted({*users, session.user}), "revision": revision, **self.about}

    # ------------------------------------------------------------ lists

    async def queue(self, request: Request) -> Response:
        return await self._list(request, lambda seat, *asked: seat.desk.queue(*asked))

    async def documents(self, request: Request) -> Response:
        return await self._list(request, lambda seat, *asked: seat.desk.documents(*asked))

    async def disagreements(self, request: Request) -> Response:
        return await self._list(request, lambda seat, *asked: seat.desk.disagreements(*asked))

    async def _list(self, request: Request, ask: Callable[..., Any]) -> Response:
        filters = {name: value for name in FILTERS if (value := query(request, name)) is not None}
        cursor, limit = query(request, "cursor"), number(request, "limit", PAGE, 1, MOST)
        return json_response(await self._read(request, lambda seat: ask(seat, filters, cursor, limit)))

    async def progress(self, request: Request) -> Response:
        return json_response(await self._read(request, lambda seat: seat.desk.progress()))

    async def agreement(self, request: Request) -> Response:
        return json_response(await self._read(request, lambda seat: seat.desk.agreement()))

    async def identical(self, request: Request) -> Response:
        target, document = query(request, "target"), query(request, "document")
        if target is None:
            raise bad("target", target, "give the target's id")
        return json_response(await self._read(request, lambda seat: seat.desk.identical(document, target)))

    async def changes(self, request: Request) -> Response:
        since, document = number(request, "since", 0, 0, 1 << 53), query(request, "document")
        return json_response(await self._read(request, lambda seat: seat.desk.changes(since, document)))

    # ------------------------------------------------------------ one document

    async def document(self, request: Request) -> Response:
        return json_response(await self._about(request, lambda seat, id_: seat.desk.document(id_)))

    async def records(self, request: Request) -> Response:
        user = request.state.session.user
        return json_response(await self._about(request, lambda seat, id_: seat.desk.records(id_, user)))

    async def text(self, request: Request) -> Response:
        def read(seat: Seat, id_: str) -> tuple[str, str]:
            return seat.desk.text(id_), seat.store.one("SELECT text_sha256 FROM document WHERE id = ?", (id_,))

        text, sha256 = await self._about(request, read)
        return cached(request, text.encode(), "text/plain; charset=utf-8", f'"{sha256}"')

    async def _about(self, request: Request, ask: Callable[[Seat, str], T]) -> T:
        id_ = request.path_params["id"]
        try:
            return await self._read(request, lambda seat: _of_document(seat, id_, ask))
        except UnicodeEncodeError as error:  # bytes of a path that are no UTF-8
            raise _no_document(id_) from error

    # ------------------------------------------------------------ pages of a PDF

    async def page(self, request: Request) -> Response:
        """The words of a page. Its size is that of its picture; where there is none, it is guessed from the words."""
        place, page = await self._place(request), request.path_params["page"]
        size = await self.pages.size(place, page)
        id_ = request.path_params["id"]
        return json_response(
            await self._read(request, lambda seat: self.pages.words(seat.store, id_, place, page, size))
        )

    async def picture(self, request: Request) -> Response:
        width = number(request, "width", 1200, 1, 10_000)
        place = await self._place(request)
        found = await self.pages.picture(place, request.path_params["page"], width)
        return Response(found.png, media_type="image/png")

    async def _place(self, request: Request) -> Place:
        return await self._about(request, lambda seat, id_: find_place(seat.store, id_))

    # ------------------------------------------------------------ what changes something

    async def rulings(self, request: Request) -> Response:
        user, body = request.state.session.user, await read_json(request, MAX_RULINGS)
        key, changes = check_request(body), check_changes(body)
        comment = words(body, "comment", MOST_COMMENT)
        return json_response(await self._write(request, lambda seat: seat.desk.rule(user, key, changes, comment)))

    async def undo(self, request: Request) -> Response:
        return await self._step(request, lambda seat, *asked: seat.desk.undo(*asked))

    async def redo(self, request: Request) -> Response:
        return await self._step(request, lambda seat, *asked: seat.desk.redo(*asked))

    async def _step(self, request: Request, ask: Callable[..., Any]) -> Response:
        user, body = request.state.session.user, await read_json(request)
        key, document = check_request(body), words(body, "document", MOST_ID)
        done = await self._write(request, lambda seat: ask(seat, user, key, document))
        return json_response(done, 404 if "error" in done else 200)

    async def minutes(self, request: Request) -> Response:
        user, body = request.state.session.user, await read_json(request)
        key, document, seconds = check_request(body), needed(body, "document"), body.get("seconds")
        if not isinstance(seconds, int) or isinstance(seconds, bool) or not 1 <= seconds <= MOST_SECONDS:
            raise bad("seconds", seconds, f"give a whole number from 1 to {MOST_SECONDS}")
        await self._write(request, lambda seat: seat.desk.add_minutes(user, key, document, seconds))
        return json_response({"request": key})

    async def assignments(self, request: Request) -> Response:
        """POST: {document, user, assigned} for one document, or {users, share} to give each of them a share of all."""
        if request.method == "POST":
            by, body = request.state.session.user, await read_json(request)
            await self._write(request, _assigner(by, body))
        return json_response(await self._read(request, lambda seat: seat.desk.assignments()))


def _assigner(by: str, body: dict[str, Any]) -> Callable[[Seat], Any]:
    if "users" in body:
        users, share = body["users"], body.get("share")
        if not isinstance(users, list) or not 0 < len(users) <= MOST_USERS:
            raise bad("users", users, f"give a list of 1 to {MOST_USERS} names")
        if not isinstance(share, int | float) or isinstance(share, bool) or not 0 < share <= 1:
            raise bad("share", share, "give a number above 0, at most 1")
        names = [check_name(user) for user in users]
        return lambda seat: seat.desk.share_out(by, names, share)
    document, user, assigned = needed(body, "document"), check_name(body.get("user")), body.get("assigned", True)
    if not isinstance(assigned, bool):
        raise bad("assigned", assigned, "give true or false")
    return lambda seat: seat.desk.assign(by, document, user, assigned)


def _known(session: Session | None, function: Callable[[Seat], T]) -> Callable[[Seat], T]:
    """The function, done only while whoever asks for it may still sign in: a name that was removed is out at once."""

    def checked(seat: Seat) -> T:
        if session is None or (session.digest and load_password(seat.store, session.user) != session.digest):
            raise Refusal(401, "sign_in", "you are signed in no more; sign in with your name and password")
        return function(seat)

    return checked


def _of_document(seat: Seat, id_: str, ask: Callable[[Seat, str], T]) -> T:
    """Raises Refusal where there is no such document."""
    if seat.store.one("SELECT 1 FROM document WHERE id = ?", (id_,)) is None:
        raise _no_document(id_)
    try:
        return ask(seat, id_)
    except WorkspaceError as error:  # it was forgotten meanwhile
        if seat.store.one("SELECT 1 FROM document WHERE id = ?", (id_,)) is None:
            raise _no_document(id_) from error
        raise


def _no_document(id_: str) -> Refusal:
    say = f"there is no document {id_[:80]!r}; the list of documents has them all"
    return Refusal(404, "no_document", say)


def _people(store: Store) -> tuple[list[str], int]:
    """Everybody who ever ruled or may sign in, and the last decision: what came after it is to be polled."""
    rows = store.rows(  # from name to name in the index, however many decisions each has made
        "WITH RECURSIVE ruled (user) AS (SELECT min(user) FROM decision UNION ALL SELECT (SELECT min(user) FROM decision d "
        "WHERE d.user > ruled.user) FROM ruled WHERE ruled.user IS NOT NULL) "
        "SELECT user FROM ruled WHERE user IS NOT NULL UNION SELECT name FROM reviewer ORDER BY 1 LIMIT 1000"
    )
    return [user for (user,) in rows], store.one("SELECT max(id) FROM decision") or 0
