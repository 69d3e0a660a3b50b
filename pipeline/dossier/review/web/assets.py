"""The files of the page, read once at the start: a request chooses among them by name and never names a path."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from dossier.errors import WorkspaceError
from dossier.review.web.replies import Refusal

FOLDER = Path(__file__).parents[1] / "static"
SHELL = "index.html"
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
}


@dataclass(frozen=True, slots=True)
class Asset:
    data: bytes
    media_type: str
    etag: str


class Assets:
    """By name relative to the folder, with `/`; files of other endings are not served."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._assets = {
            path.relative_to(folder).as_posix(): _read(path)
            for path in sorted(folder.rglob("*"))
            if path.suffix in TYPES and path.is_file() and not path.is_symlink()
        }
        if SHELL not in self._assets:
            raise WorkspaceError(f"{folder / SHELL} of dossier is missing; install dossier again")

    def names(self) -> list[str]:
        return list(self._assets)

    def respond(self, request: Request, name: str) -> Response:
        found = self._assets.get(name)
        if found is None:
            raise Refusal(404, "no_such_file", f"there is no file {name[:80]!r}; open / for the page")
        return cached(request, found.data, found.media_type, found.etag)


def cached(request: Request, data: bytes, media_type: str, etag: str) -> Response:
    """The data, or 304 where the browser has it already. `etag` with its quotes."""
    headers = {"etag": etag, "cache-control": "no-cache"}
    known = [each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")]
    if etag in known:
        return Response(status_code=304, headers=headers)
    return Response(data, headers=headers, media_type=media_type)


def _read(path: Path) -> Asset:
    data = path.read_bytes()
    return Asset(data, TYPES[path.suffix], f'"{hashlib.sha256(data).hexdigest()[:32]}"')
