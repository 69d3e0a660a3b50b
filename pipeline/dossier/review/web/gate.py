"""What every request must satisfy, and every response carries. It stands before the routes, and before their errors.

A page of another origin can make a browser send requests here; it cannot choose their Host, Origin and Sec-Fetch headers.
So a request passes only with a Host that this server has, no foreign Origin, and a session.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dossier.errors import DossierError, UsageError
from dossier.review.web.replies import Refusal, refusal_response
from dossier.review.web.sessions import Session, Sessions

LOG = logging.getLogger("dossier.review")

POLICY = "; ".join(
    (
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "font-src 'self'",
        "connect-src 'self'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
        "require-trusted-types-for 'script'", "trusted-types 'none'",
    )
)  # fmt: skip
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), usb=()",
}
NO_STORE = "no-store"
SAFE = frozenset({"GET", "HEAD"})
ENTER = "/enter"  # where the one-use link leads
BODY_SECONDS = 30.0  # a whole body must be here by then
SEND_SECONDS = 30.0  # and each piece of a response be taken
MAX_ACTIVE = 256  # requests at a time; a reviewer has a handful


@dataclass(frozen=True, slots=True)
class Rules:
    """origins: as the browser shows them, `http://127.0.0.1:8323`. cookie: the name of the session's cookie.

    secure: browsers reach it over TLS. passwords: users sign in on the page, not through a link.
    """

    origins: frozenset[str]
    cookie: str
    secure: bool = False
    passwords: bool = False

    @property
    def hosts(self) -> frozenset[str]:
        return frozenset(part for origin in self.origins for part in _hosts_of(origin))

    def is_open(self, path: str) -> bool:
        """Whether a path is served without a session."""
        if self.passwords:
            return path in ("/", "/api/session") or path.startswith("/static/")
        return path == ENTER


def _hosts_of(origin: str) -> list[str]:
    """The Host headers that a browser sends to an origin: with its port, and without one where it is the scheme's own."""
    scheme, _, host = origin.partition("://")
    default = {"http": ":80", "https": ":443"}[scheme]
    bare = host.removesuffix(default)
    has_port = ":" in bare.rpartition("]")[2]
    return [host] if has_port else [bare, bare + default]


class Gate:
    """The outermost layer of the application."""

    def __init__(self, app: ASGIApp, rules: Rules, sessions: Sessions) -> None:
        self._app, self._rules, self._sessions = app, rules, sessions
        self._hosts = rules.hosts
        self._active = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        reply = _Reply(send, api=not scope["path"].startswith("/static/") and scope["path"] != "/")
        refusal = self._refuse(scope)
        if refusal is not None:
            await refusal_response(refusal)(scope, receive, reply.send)
            return
        self._active += 1
        scope["app"] = self  # so that the router raises what it refuses
        try:
            await self._app(scope, _timed(receive), reply.send)
        except Exception as error:
            refusal = _as_refusal(error, scope)
            if reply.started:
                raise refusal from error  # the server cuts the connection: half a response must not pass for a whole one
            await refusal_response(refusal)(scope, receive, reply.send)
        finally:
            self._active -= 1

    def _refuse(self, scope: Scope) -> Refusal | None:
        headers = Headers(scope=scope)
        return (
            self._refuse_form(headers)
            or self._refuse_origin(scope, headers)
            or self._refuse_stranger(scope, headers)
            or self._refuse_crowd()
        )

    def _refuse_form(self, headers: Headers) -> Refusal | None:
        if "transfer-encoding" in headers and "content-length" in headers:  # a proxy may read it as two requests
            return Refusal(
                400,
                "two_lengths",
                "the request declares its length in two ways; send it again",
                {"connection": "close"},
            )
        hosts = headers.getlist("host")
        if len(hosts) == 1 and hosts[0].lower() in self._hosts:
            return None
        return Refusal(403, "wrong_host", "this server does not answer to that host name; open the link it printed")

    def _refuse_origin(self, scope: Scope, headers: Headers) -> Refusal | None:
        """Refuse what a page of another origin sent. Following a link to the page itself is no harm: it changes nothing."""
        refusal = Refusal(
            403, "wrong_origin", "this request comes from another web page; open the link the server printed"
        )
        for origin in headers.getlist("origin"):
            if origin not in self._rules.origins:
                return refusal
        site = headers.get("sec-fetch-site")
        if site is None or site == "same-origin" or (site == "none" and scope["method"] in SAFE):
            return None
        navigates = headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") == "document"
        if navigates and scope["method"] == "GET" and scope["path"] in ("/", ENTER) and site != "none":
            return None
        return refusal

    def _refuse_stranger(self, scope: Scope, headers: Headers) -> Refusal | None:
        session = self._session(headers)
        scope.setdefault("state", {})["session"] = session
        if session is not None or self._rules.is_open(scope["path"]):
            return None
        if self._rules.passwords:
            return Refusal(401, "sign_in", "nobody is signed in here; sign in with your name and password")
        return Refusal(401, "no_session", "open the link that `dossier review` printed in its terminal; it works once")

    def _session(self, headers: Headers) -> Session | None:
        for line in headers.getlist("cookie"):
            found = self._sessions.find(cookie_parser(line).get(self._rules.cookie, ""))
            if found is not None:
                return found
        return None

    def _refuse_crowd(self) -> Refusal | None:
        if self._active < MAX_ACTIVE:
            return None
        return Refusal(503, "busy", f"{MAX_ACTIVE} requests are being answered; try again", {"retry-after": "1"})


def _as_refusal(error: Exception, scope: Scope) -> Refusal:
    """What is answered where a route did not."""
    method, path = scope["method"][:20], scope["path"][:120]
    if isinstance(error, Refusal):
        return error
    if isinstance(error, UsageError):
        return Refusal(422, "refused", str(error))
    if isinstance(error, DossierError):
        return Refusal(500, "cannot_be_done", str(error))
    if isinstance(error, HTTPException) and error.status_code == 404:
        return Refusal(404, "no_such_path", f"there is nothing at {path!r}; open / for the page")
    if isinstance(error, HTTPException) and error.status_code == 405:
        return Refusal(405, "wrong_method", f"{method} does not go with {path!r}", error.headers)
    if isinstance(error, HTTPException):
        return Refusal(error.status_code, "refused", error.detail, error.headers)
    LOG.error("%s %r failed", method, path, exc_info=error)
    return Refusal(
        500, "internal_error", f"the server failed on {method} {path!r}; its terminal says more; please report it"
    )


class _Reply:
    """Sends a response with the headers that all have, and gives up on a client that does not take it."""

    def __init__(self, send: Send, *, api: bool) -> None:
        self._send, self._api, self.started = send, api, False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            headers = MutableHeaders(scope=message)
            dress(headers, HEADERS)
            if self._api or message["status"] >= 400:
                headers["cache-control"] = NO_STORE
        async with asyncio.timeout(SEND_SECONDS):
            await self._send(message)


def dress(headers: MutableHeaders, more: Mapping[str, str]) -> None:
    for name, value in more.items():
        headers[name] = value


def _timed(receive: Receive) -> Receive:
    """The same, until BODY_SECONDS have passed since the request began."""
    until = asyncio.get_running_loop().time() + BODY_SECONDS

    async def receive_in_time() -> Message:
        try:
            async with asyncio.timeout_at(until):
                return await receive()
        except TimeoutError:
            say = f"the request was not complete after {BODY_SECONDS:.0f} s; send it again"
            raise Refusal(408, "too_slow", say, {"connection": "close"}) from None

    return receive_in_time
