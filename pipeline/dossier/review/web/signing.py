"""Signing in: by the one-use link of a start, or with a name and a password; and under which name one rules."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from dossier.review.web.fields import check_name
from dossier.review.web.gate import Rules
from dossier.review.web.replies import Refusal, json_response, read_json
from dossier.review.web.sessions import LONGEST, Link, Session, Sessions
from dossier.review.web.users import Passwords

Introduce = Callable[[Session], Awaitable[dict[str, Any]]]
# a browser that follows the link from elsewhere sends a strict cookie only with what this page itself asks for next
ENTERED = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>dossier</title><meta http-equiv="refresh" content="0; url=/"></head>
<body><p><a href="/">Go to the review page</a></p></body></html>
"""


class Signing:
    """`user`: who is signed in by the link. `passwords`: None where there is no network but this machine."""

    def __init__(self, rules: Rules, sessions: Sessions, link: Link, user: str, passwords: Passwords | None) -> None:
        self._rules, self._sessions, self._link = rules, sessions, link
        self._user, self._passwords = user, passwords

    async def enter(self, request: Request) -> Response:
        """Open a session with the token of the link."""
        if self._passwords is not None:
            raise Refusal(404, "no_such_path", "there is no link here; sign in at / with your name and password")
        if request.method != "GET" or not self._link.use(request.query_params.get("token", "")):
            say = (
                "this link was used before, or is of an earlier start; the terminal of `dossier review` shows one that "
                "works. If nobody of yours has used it, stop the server"
            )
            raise Refusal(401, "used_link", say)
        response = Response(ENTERED, media_type="text/html; charset=utf-8")
        self._set_cookie(response, self._sessions.open(self._user))
        return response

    async def session(self, request: Request, introduce: Introduce) -> Response:
        """GET: who is signed in. POST: sign in, or rule under another name. DELETE: sign out."""
        session: Session | None = request.state.session
        if request.method == "POST":
            return await self._sign_in(request, session, introduce)
        if session is None:
            raise Refusal(401, "sign_in", "nobody is signed in here; sign in with your name and password")
        if request.method == "DELETE":
            self._sessions.close(session)
            response = Response(status_code=204)
            response.delete_cookie(self._rules.cookie, secure=self._rules.secure, httponly=True, samesite="strict")
            return response
        return json_response(await introduce(session))

    async def _sign_in(self, request: Request, session: Session | None, introduce: Introduce) -> Response:
        body = await read_json(request)
        name = check_name(body.get("user"))
        if self._passwords is None:
            assert session is not None  # the gate let nobody else through
            session.user = name
            return json_response(await introduce(session))
        address = request.client.host if request.client else ""
        digest = await self._passwords.check(name, body.get("password"), address)
        secret = self._sessions.open(name, digest)
        if session is not None:
            self._sessions.close(session)
        opened = self._sessions.find(secret)
        assert opened is not None
        response = json_response(await introduce(opened))
        self._set_cookie(response, secret)
        return response

    def _set_cookie(self, response: Response, secret: str) -> None:
        response.set_cookie(
            self._rules.cookie, secret, max_age=int(LONGEST), path="/", secure=self._rules.secure, httponly=True,
            samesite="strict",
        )  # fmt: skip
