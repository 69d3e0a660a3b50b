"""A server between us and a real doccano that hands on what comes, but for what a test spoils."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple

import requests

HANDED_ON = ("content-type", "cookie", "x-csrftoken", "accept")
GIVEN_BACK = ("content-type", "content-disposition", "set-cookie", "location")


class Answer(NamedTuple):
    """What goes back. `cut`: after how many bytes the connection breaks, though all were promised."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes
    cut: int | None = None


Spoil = Callable[[str, str, Answer], Answer]


def as_it_is(method: str, path: str, answer: Answer) -> Answer:
    return answer


class Between:
    """`spoil(method, path, answer)` says what goes back; `asked` are the requests so far."""

    def __init__(self, url: str, behind: str) -> None:
        self.url, self.behind = url, behind
        self.spoil: Spoil = as_it_is
        self.asked: list[tuple[str, str]] = []

    def answer(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
        self.asked.append((method, path))
        kept = {name: value for name, value in headers.items() if name.lower() in HANDED_ON}
        got = requests.request(
            method,
            self.behind + path,
            headers={**kept, "referer": self.behind},
            data=body,
            allow_redirects=False,
            timeout=120,
        )
        back = [(name, value) for name, value in got.raw.headers.items() if name.lower() in GIVEN_BACK]
        return self.spoil(method, path, Answer(got.status_code, back, got.content))


@contextmanager
def between(behind: str) -> Iterator[Between]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            answer = server.answer(self.command, self.path, dict(self.headers.items()), self.rfile.read(length))
            self.send_response(answer.status)
            for name, value in answer.headers:
                self.send_header(name, value)
            self.send_header("content-length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body if answer.cut is None else answer.body[: answer.cut])
            self.close_connection = answer.cut is not None

        do_POST = do_DELETE = do_PATCH = do_GET

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        server = Between(f"http://127.0.0.1:{http.server_port}", behind)
        thread = threading.Thread(target=http.serve_forever, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            http.shutdown()
            thread.join()
