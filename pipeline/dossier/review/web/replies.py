"""What the server answers: JSON, and errors as JSON. Bodies of requests are read here, within limits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

MAX_BODY = 64 * 1024
MAX_RULINGS = 4 * 1024 * 1024  # thousands of changes in one group
MAX_DEPTH = 16


class Refusal(Exception):
    """A request that is not done. `code` for programs, `say` for people: what is wrong, with the value, what to do next."""

    def __init__(self, status: int, code: str, say: str, headers: Mapping[str, str] | None = None, **more: Any) -> None:
        super().__init__(say)
        self.status, self.code, self.say, self.headers, self.more = status, code, say, dict(headers or {}), more


def refusal_response(refusal: Refusal) -> Response:
    return json_response(
        {"error": refusal.code, "say": refusal.say, **refusal.more}, refusal.status, headers=refusal.headers
    )


def json_response(payload: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    return Response(encode(payload), status, dict(headers or {}), "application/json")


def encode(payload: Any) -> bytes:
    """JSON that is harmless even where a browser takes it for HTML: no `<`, `>`, `&` stands in it as itself."""
    raw = orjson.dumps(payload)
    for sign, escape in ((b"<", b"\\u003c"), (b">", b"\\u003e"), (b"&", b"\\u0026")):
        raw = raw.replace(sign, escape)  # outside of strings JSON has none of them
    return raw


async def read_json(request: Request, limit: int = MAX_BODY) -> dict[str, Any]:
    """The body, an object. Raises Refusal where it is too long, too deep, no JSON, or not declared to be JSON.

    A form of another site cannot declare it without asking first, and is told no.
    """
    declared = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if declared != "application/json":
        raise Refusal(415, "not_json", f"content-type is {declared[:80]!r}; send application/json")
    raw = await _read(request, limit)
    try:
        body = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise Refusal(400, "bad_json", f"the body is no JSON: {error}; send one object") from error
    if not isinstance(body, dict):
        raise Refusal(400, "bad_json", f"the body is a {type(body).__name__}; send one object")
    if _depth(body) > MAX_DEPTH:
        raise Refusal(400, "bad_json", f"the body is nested more than {MAX_DEPTH} deep; send it flatter")
    return body


async def _read(request: Request, limit: int) -> bytes:
    too_long = Refusal(
        413, "too_large", f"the body is longer than {limit:,} bytes; send it in parts", {"connection": "close"}
    )
    try:
        declared = int(request.headers.get("content-length", "0"))
    except ValueError as error:
        raise Refusal(400, "bad_length", "content-length is no number; send the request again") from error
    if declared > limit:
        raise too_long
    body = bytearray()
    try:
        async for piece in request.stream():
            body += piece
            if len(body) > limit:
                raise too_long
    except ClientDisconnect as error:
        raise Refusal(400, "cut_off", "the request was cut off; send it again") from error
    return bytes(body)


def _depth(value: Any) -> int:
    """How deep lists and objects are nested, without recursion; counting stops beyond MAX_DEPTH."""
    depth, level = 0, [value]
    while level and depth <= MAX_DEPTH:
        level = [
            child
            for each in level
            if isinstance(each, (dict, list))
            for child in (each.values() if isinstance(each, dict) else each)
        ]
        depth += 1
    return depth
