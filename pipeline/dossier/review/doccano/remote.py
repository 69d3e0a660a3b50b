"""A doccano server, spoken to with care: deadlines, bounds on what it may send, pages that must not repeat.

The session and the login are those of doccano-client; the calls are made here, for its own upload leaves entities out and its
download writes a file of a name that the server chooses. Nothing that a server sends is written to disk or names a file.
"""

from __future__ import annotations

import io
import ipaddress
import json
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar
from urllib.parse import urlsplit

import requests
from doccano_client.beta.client import DoccanoClient

from dossier.errors import RemoteError, UsageError

PAGE = 500
CONNECT_SECONDS, READ_SECONDS = 10.0, 120.0  # of a connection, and of a silence
WHOLE_SECONDS, TASK_SECONDS = 600.0, 900.0  # of an answer, and of a task
MOST_JSON = 256 << 20  # bytes of one answer
MOST_EXPORT = 2 << 30  # bytes of an export, unpacked
TRIES, WAIT_SECONDS = 3, 0.5
MOST_PAUSE = 0.25  # seconds between two looks at a task
DELETED_AT_ONCE = 200
UNCHANGED = "nothing was changed here"
Row = dict[str, Any]
T = TypeVar("T")


class Remote:
    """A server with somebody logged in. Raises RemoteError; what it says has no password and no cookie in it."""

    def __init__(self, url: str, user: str, password: str, *, allow_http: bool = False) -> None:
        self.url = checked_url(url, allow_http=allow_http)
        self.user = user
        self._session = DoccanoClient(self.url).client_session
        self._session.trust_env = False  # no proxy, and no password of a .netrc, from the environment
        try:
            self._json("POST", "/v1/auth/login/", json={"username": user, "password": password})
        except _Refusal as error:
            raise RemoteError(f"{self.url} does not let {user!r} in; check the name and the password") from error
        self._session.headers["X-CSRFToken"] = self._session.cookies.get("csrftoken") or ""

    # ------------------------------------------------------------ calls

    def get(self, path: str, **parameters: Any) -> Any:
        """The JSON of a GET, tried again when the server stumbles."""
        return self._again(lambda: self._json("GET", path, params=parameters))

    def post(self, path: str, body: Any) -> Any:
        """The JSON of a POST, sent once: what became of one that broke off is for the caller to find out."""
        return self._json("POST", path, json=body)

    def put_file(self, name: str, data: bytes) -> str:
        """Leave a file on the server for an upload to take up; its number there."""
        found = self._raw(
            "POST", "/v1/fp/process/", files={"filepond": (name, data)}, headers={"content-type": None, "accept": "*/*"}
        )
        return self._words(found).strip()

    def delete_examples(self, project: int, examples: Sequence[int]) -> None:
        """Delete examples by number. An empty list would delete all of them there, so none is ever sent."""
        for at in range(0, len(examples), DELETED_AT_ONCE):
            ids = list(examples[at : at + DELETED_AT_ONCE])
            answer = self._raw("DELETE", f"/v1/projects/{project}/examples", json={"ids": ids})
            self._words(answer)

    def pages(self, path: str, **parameters: Any) -> Iterator[Row]:
        """The rows of a list that comes in pages, by our own counting: a row that comes twice is an error, and so is a lack."""
        seen: set[int] = set()
        total: int | None = None
        while total is None or len(seen) < total:
            answer = self.get(path, limit=PAGE, offset=len(seen), **parameters)
            if not isinstance(answer, dict) or not isinstance(answer.get("results"), list):
                raise self._strange(path, "a list in pages", answer)
            count = answer.get("count")
            if not isinstance(count, int) or (total is not None and count != total):
                raise RemoteError(f"{self.url}{path}: its list changed while it was read, or has no count; try again")
            total = count
            if not answer["results"] and len(seen) < total:
                raise RemoteError(f"{self.url}{path}: it gave {len(seen)} of {total} rows and then none; {UNCHANGED}")
            for row in answer["results"]:
                number = row.get("id") if isinstance(row, dict) else None
                if not isinstance(number, int) or number in seen:
                    raise RemoteError(f"{self.url}{path}: row {number!r} came twice, or has no number; {UNCHANGED}")
                seen.add(number)
                yield row

    def rows(self, path: str, **parameters: Any) -> list[Row]:
        """The rows of a list that comes whole."""
        answer = self.get(path, **parameters)
        if not isinstance(answer, list) or not all(isinstance(row, dict) for row in answer):
            raise self._strange(path, "a list", answer)
        return answer

    def wait(self, task: Any, what: str) -> Any:
        """Wait for a task of the server's worker; its result."""
        deadline = time.monotonic() + TASK_SECONDS
        pause = 0.1
        while time.monotonic() < deadline:
            state = self.get(f"/v1/tasks/status/{self._task(task)}")
            if not isinstance(state, dict):
                raise self._strange("/v1/tasks/status", "a state", state)
            if state.get("error"):
                raise RemoteError(f"{self.url}: {what} failed there: {_short(state['error'])}")
            if state.get("ready"):
                return state.get("result")
            time.sleep(pause)
            pause = min(pause * 1.5, MOST_PAUSE)
        raise RemoteError(
            f"{self.url}: {what} did not end within {TASK_SECONDS:g} s; is `doccano task` running beside the server?"
        )

    def export(self, project: int) -> list[Row]:
        """Every example with its spans and relations, by the server's own export, read in memory."""
        return self.fetch_export(project, self.begin_export(project))

    def begin_export(self, project: int) -> Any:
        """Let the server begin an export, and go on meanwhile; the task, for `fetch_export`."""
        asked = self.post(f"/v1/projects/{project}/download", {"format": "JSONL", "exportApproved": False})
        return asked.get("task_id") if isinstance(asked, dict) else None

    def fetch_export(self, project: int, task: Any) -> list[Row]:
        path = f"/v1/projects/{project}/download"
        self.wait(task, "the export")
        data = self._again(
            lambda: self._bytes(self._raw("GET", path, params={"taskId": self._task(task)}, stream=True), MOST_EXPORT)
        )
        return read_export(data, f"{self.url}{path}")

    # ------------------------------------------------------------ one request

    def _raw(self, method: str, path: str, **options: Any) -> requests.Response:
        try:
            return self._session.request(
                method, f"{self.url}{path}", timeout=(CONNECT_SECONDS, READ_SECONDS), allow_redirects=False, **options
            )
        except (requests.RequestException, ValueError) as error:
            raise _Stumble(f"{self.url}{path}: {_plain(error)}") from None

    def _json(self, method: str, path: str, **options: Any) -> Any:
        data = self._bytes(self._raw(method, path, stream=True, **options), MOST_JSON)
        try:
            return json.loads(data)
        except (ValueError, RecursionError) as error:
            raise _Stumble(f"{self.url}{path}: the answer is no JSON ({_short(error)})") from None

    def _words(self, answer: requests.Response) -> str:
        return self._bytes(answer, MOST_JSON).decode("utf-8", "replace")

    def _bytes(self, answer: requests.Response, most: int) -> bytes:
        """The body of an answer that says it went well, whole."""
        with answer:
            if not 200 <= answer.status_code < 300:
                raise self._refused(answer)
            kept = bytearray()
            deadline = time.monotonic() + WHOLE_SECONDS
            try:
                for part in answer.iter_content(1 << 16):
                    kept += part
                    if time.monotonic() > deadline:
                        raise RemoteError(f"{_bare(answer.url)}: it took over {WHOLE_SECONDS:g} s to answer")
                    if len(kept) > most:
                        raise RemoteError(f"{answer.url}: more than {most >> 20} MB; that is no answer of doccano")
            except (requests.RequestException, ValueError) as error:
                raise _Stumble(f"{_bare(answer.url)}: it broke off after {len(kept)} bytes: {_plain(error)}") from None
            said = answer.headers.get("content-length", "")
            if said.isdigit() and not answer.headers.get("content-encoding") and len(kept) < int(said):
                raise _Stumble(f"{_bare(answer.url)}: it broke off after {len(kept)} of {said} bytes")
            return bytes(kept)

    def _refused(self, answer: requests.Response) -> RemoteError:
        try:
            body = next(answer.iter_content(2_000), b"").decode("utf-8", "replace")
        except (requests.RequestException, ValueError):
            body = ""
        said = f"{_bare(answer.url)}: it answers {answer.status_code}"
        if answer.status_code >= 500:
            return _Stumble(said)
        if answer.is_redirect:
            return RemoteError(f"{said} and points elsewhere, which is not followed; give the address it lies at")
        hint = {401: "log in again", 403: "this user may not do that; make them an administrator of the project",
                404: "it is not there (any more)"}.get(answer.status_code, _short(body))  # fmt: skip
        return _Refusal(f"{said}: {hint}")

    def _again(self, call: Callable[[], T]) -> T:
        for tries in range(TRIES):
            try:
                return call()
            except _Stumble:
                if tries == TRIES - 1:
                    raise
                time.sleep(WAIT_SECONDS * 2**tries)
        raise AssertionError("not reached")

    def _task(self, name: Any) -> str:
        if not isinstance(name, str) or not name.replace("-", "").isalnum():
            raise RemoteError(f"{self.url} names its task {_short(name)}; that is none of doccano's")
        return name

    def _strange(self, path: str, wanted: str, got: Any) -> RemoteError:
        return RemoteError(f"{self.url}{path}: expected {wanted}, got {_short(got)}; is it a doccano 1.8?")


class _Stumble(RemoteError):
    """It may go well another time."""


class _Refusal(RemoteError):
    """It will not do it for this user, or does not understand what was sent."""


def read_export(data: bytes, where: str) -> list[Row]:
    """The rows of an export: a zip of JSON lines. Names in it are not looked at, and nothing is unpacked to disk."""
    rows: list[Row] = []
    left = MOST_EXPORT
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            for info in packed.infolist():
                with packed.open(info) as file:
                    body = file.read(left + 1)
                left -= len(body)
                if left < 0:
                    raise RemoteError(f"{where}: the export unpacks to more than {MOST_EXPORT >> 20} MB")
                rows += [json.loads(line) for line in body.split(b"\n") if line.strip()]
    except (
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
        RuntimeError,
        EOFError,
        ValueError,
        RecursionError,
    ) as error:
        raise RemoteError(f"{where}: the export does not read ({_short(error)}); {UNCHANGED}") from error
    if not all(isinstance(row, dict) for row in rows):
        raise RemoteError(f"{where}: a line of the export is no object; {UNCHANGED}")
    return rows


def checked_url(url: str, *, allow_http: bool) -> str:
    """The address without a slash at its end. Plain http leaves this machine only when that is asked for."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise UsageError(f"{url!r} is no address of a doccano; give one such as https://doccano.example.org")
    if parts.username or parts.password:
        raise UsageError(
            "leave user and password out of the address; they are asked for, or taken from the environment"
        )
    if parts.scheme == "http" and not allow_http and not _is_loopback(parts.hostname):
        raise UsageError(f"{url} would send the password and the texts in clear; use https, or add --allow-http")
    return url.rstrip("/")


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _plain(error: Exception) -> str:
    """What went wrong, without the address of a request, which may carry what is nobody's business."""
    if isinstance(error, requests.Timeout):
        return "it did not answer in time"
    if isinstance(error, requests.ConnectionError):
        return "the connection was refused or broke off; is the server running there?"
    return type(error).__name__


def _bare(url: str) -> str:
    return url.partition("?")[0]


def _short(what: Any) -> str:
    words = (
        what if isinstance(what, str) else str(what) if isinstance(what, Exception) else json.dumps(what, default=str)
    )
    return words if len(words) <= 300 else f"{words[:300]}..."
