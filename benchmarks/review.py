"""Reviewers at work: 25 of them on 10,000 documents and 1,000,000 proposals, with a batch running beside them.

    python benchmarks/review.py                                 five minutes, into benchmarks/results.md
    python benchmarks/review.py --seconds 60 --desk FOLDER      printed only; the workspace is made once and used again

Each reviewer rules every 2 s on average (twice as fast as people do), polls for the rulings of others every 2 s, opens a
document every 20 s and a page of the queue for each ten rulings. Beside them, in the same process and the same seconds, a
yardstick: a request that does nothing, then 4 KiB written and brought to the disk with fsync. Times are seen by the client.
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson
from desk import EXAMPLES, make_desk, stamp  # benchmarks/desk.py, beside this script

from dossier.store.db import open_store
from dossier.store.decisions import first_fault

RESULTS = Path(__file__).parent / "results.md"
DOCUMENTS, FEW = 10_000, 100
REVIEWERS = 25
SECONDS = 300.0
PACE = 2.0  # seconds between two rulings of one reviewer, and between two polls
BATCH = 300  # copies of each profile of the examples, that the batch reads
ROUNDS = 60  # of each list


class Client:
    """One reviewer's browser: a connection that is kept, a session, and the times of what it asked."""

    def __init__(self, server: Server, user: str) -> None:
        self._host = server.host
        self._socket = self._connect()
        self.times: dict[str, list[float]] = {}
        self.codes: Counter[int] = Counter()
        self.errors: list[str] = []
        self._cookie = server.cookie
        with server.lock:
            self._cookie = server.enter()
        self.ask("session", "POST", "/api/session", {"user": user})

    def ask(self, what: str, method: str, path: str, body: Any = None) -> Any:
        """The JSON of an answer, timed under `what`. A conflict with another reviewer is an answer, too."""
        raw = b"" if body is None else orjson.dumps(body)
        head = f"{method} {path} HTTP/1.1\r\nHost: {self._host}\r\nCookie: {self._cookie}\r\n"
        if body is not None:
            head += f"Content-Type: application/json\r\nContent-Length: {len(raw)}\r\n"
        began = time.perf_counter()
        try:
            self._socket.sendall(head.encode() + b"\r\n" + raw)  # at once, as browsers send what is short
            answer = http.client.HTTPResponse(self._socket, method=method)
            answer.begin()
            data = answer.read()
        except (OSError, http.client.HTTPException) as error:
            self.errors.append(f"{what}: {error!r}")
            self._socket = self._connect()
            return None
        self.times.setdefault(what, []).append(time.perf_counter() - began)
        self.codes[answer.status] += 1
        if answer.status not in (200, 409):
            self.errors.append(f"{what}: {answer.status} {data[:200]!r}")
            return None
        return orjson.loads(data) if answer.headers.get_content_type() == "application/json" else data

    def _connect(self) -> socket.socket:
        host, port = self._host.split(":")
        made = socket.create_connection((host, int(port)), timeout=60)
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return made


class Server:
    """`dossier review` in a process of its own."""

    def __init__(self, desk: Path) -> None:
        command = [sys.executable, "-m", "dossier", "review", "-w", str(desk), "--no-browser", "--port", "0"]
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"}
        )
        self.lock = threading.Lock()
        self.cookie = ""
        self._link = self._next_link()
        found = re.search(r"//([^/]+)/", self._link)
        assert found
        self.host = found[1]

    def _next_link(self) -> str:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if "/enter?token=" in line:
                return line.split()[-1]
        raise SystemExit("dossier review did not start")

    def enter(self) -> str:
        """Use the link up for a session, and return its cookie."""
        connection = http.client.HTTPConnection(self.host, timeout=60)
        connection.request("GET", self._link[self._link.index("/enter") :])
        answer = connection.getresponse()
        answer.read()
        connection.close()
        self._link = self._next_link()
        return str(answer.headers["set-cookie"]).partition(";")[0]

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(60)


class Reviewer(threading.Thread):
    """Rules on documents of their own and, now and then, on what all see first in the queue."""

    def __init__(self, server: Server, number: int, until: float) -> None:
        super().__init__(daemon=True)
        self._random = random.Random(number)
        self._number, self._until = number, until
        self.client = Client(server, f"reviewer {number}")
        self.saved: dict[str, int] = {}  # what was acknowledged: the request, and how many decisions it made
        self.conflicts = 0

    def run(self) -> None:
        since = self.client.ask("poll", "GET", "/api/changes?since=9007199254740000")["revision"]
        time.sleep(self._random.random() * PACE)
        while time.time() < self._until:
            document = self._open()
            for item in self._queue(document):
                if time.time() >= self._until:
                    return
                self._rule(item)
                said = self.client.ask("poll", "GET", f"/api/changes?since={since}")
                since = said["revision"] if said else since
                time.sleep(self._random.uniform(0, 2 * PACE))

    def _open(self) -> str:
        cursor = self._random.choice(("", "&q=accord", "&q=aum"))
        found = self.client.ask("list", "GET", f"/api/documents?limit=50{cursor}")["items"]
        document: str = self._random.choice(found)["id"]
        self.client.ask("open", "GET", f"/api/documents/{document}/text")
        self.client.ask("open", "GET", f"/api/documents/{document}/records")
        return document

    def _queue(self, document: str) -> list[dict[str, Any]]:
        where = f"&document={document}" if self._random.random() < 0.8 else ""
        found = self.client.ask("queue", "GET", f"/api/queue?kind=mention&limit=50{where}")["items"]
        self._random.shuffle(found)
        return found[:10]

    def _rule(self, item: dict[str, Any]) -> None:
        request = str(uuid.uuid4())
        ruling = self._random.choice(("accept", "accept", "accept", "reject", "edit"))
        change = {"kind": item["kind"], "target": item["target"], "ruling": ruling, "revision": item["revision"],
                  "document": item["document"]["id"], "record": {"label": "NORP"} if ruling == "edit" else {}}  # fmt: skip
        said = self.client.ask("save", "POST", "/api/rulings", {"request": request, "changes": [change]})
        if said is None:
            return
        if "decisions" in said:
            self.saved[request] = len(said["decisions"])
        else:
            self.conflicts += 1


class Yardstick(threading.Thread):
    """A request that does nothing, then 4 KiB brought to the disk that the workspace is on."""

    def __init__(self, server: Server, folder: Path, until: float) -> None:
        super().__init__(daemon=True)
        self.client = Client(server, "yardstick")
        self._file = folder / "yardstick"
        self._until = until
        self.times: list[float] = []

    def run(self) -> None:
        with self._file.open("wb", buffering=0) as file:
            while time.time() < self._until:
                began = time.perf_counter()
                self.client.ask("nothing", "GET", "/static/icon.svg")
                file.seek(0)
                file.write(os.urandom(4096))
                os.fsync(file.fileno())
                self.times.append(time.perf_counter() - began)
                time.sleep(0.25)
        self._file.unlink()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seconds", type=float, default=SECONDS)
    options.add_argument("--desk", type=Path, help="where the large workspace is, or is to be made")
    options.add_argument("--documents", type=int, default=DOCUMENTS)
    given = options.parse_args()
    with _folder(given.desk) as folder:
        rows = measure(folder, given.documents, given.seconds)
    table = "\n".join(["| what | figure | against | ratio |", "|---|---|---|---|", *rows])
    print(table)
    if given == options.parse_args([]):
        _keep(rows)


@contextmanager
def _folder(named: Path | None) -> Iterator[Path]:
    if named is not None:
        named.mkdir(parents=True, exist_ok=True)
        yield named
        return
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def measure(folder: Path, documents: int, seconds: float) -> list[str]:
    large, few = folder / f"desk-{documents}", folder / f"desk-{FEW}"
    for desk, count in ((large, documents), (few, FEW)):
        if not (desk / "dossier.db").exists():
            print(f"making {desk} of {count:,} documents", file=sys.stderr)
            make_desk(desk, count)
    return [*load(large, seconds), *lists(large, few)]


def load(desk: Path, seconds: float) -> list[str]:
    with open_store(desk) as store:
        proposals = store.one("SELECT count(*) FROM proposal")
        documents = store.one("SELECT count(*) FROM document")
        stamp(store)  # the code may have changed since the workspace was made: the batch is to read new reports only
    server = Server(desk)
    try:
        with _batch(desk) as batch:
            until = time.time() + seconds
            reviewers = [Reviewer(server, number, until) for number in range(REVIEWERS)]
            yardstick = Yardstick(server, desk, until)
            for thread in (*reviewers, yardstick):
                thread.start()
            for thread in (*reviewers, yardstick):
                thread.join(seconds + 120)
            assert batch.poll() is None, "the batch ended before the reviewers did"
    finally:
        server.stop()
    errors = [error for each in reviewers for error in each.client.errors]
    print(*errors[:10], sep="\n", file=sys.stderr)
    times: dict[str, list[float]] = {}
    for each in reviewers:
        for what, taken in each.client.times.items():
            times.setdefault(what, []).extend(taken)
    lost = _lost(desk, {request: n for each in reviewers for request, n in each.saved.items()})
    saved, conflicts = sum(len(each.saved) for each in reviewers), sum(each.conflicts for each in reviewers)
    half, most = _middle(yardstick.times), _late(yardstick.times)
    name = f"{REVIEWERS} reviewers, {seconds:.0f} s, {documents:,} documents, {proposals:,} proposals, a batch running"
    return [
        f"| {name} | {saved:,} rulings saved, {lost} lost, {len(errors)} errors, {conflicts} conflicts shown | | |",
        f"| a request that does nothing and an fsync of 4 KiB, p50 and p99 | {half:.1f} and {most:.1f} ms | | 1 |",
        f"| save of a ruling, p50 | {_middle(times['save']):.1f} ms | the same p50 | {_middle(times['save']) / half:.2f} |",
        f"| save of a ruling, p99 | {_late(times['save']):.1f} ms | the same p99 | {_late(times['save']) / most:.2f} |",
        *(f"| {what}, p50 and p99 | {_middle(times[key]):.1f} and {_late(times[key]):.1f} ms | | |"
          for key, what in (("poll", "poll for others' rulings"), ("queue", "page of the queue"), ("list", "page of documents"),
                            ("open", "text or records of a document")) if key in times),
    ]  # fmt: skip


def _middle(times: list[float]) -> float:
    return statistics.median(times) * 1000


def _late(times: list[float]) -> float:
    return statistics.quantiles(times, n=100)[98] * 1000


def _lost(desk: Path, saved: dict[str, int]) -> int:
    """How many of the requests that were acknowledged are not in the log as they were; the chain must be whole."""
    with open_store(desk) as store:
        assert first_fault(store) is None, first_fault(store)
        kept = dict(store.rows("SELECT request, count(*) FROM decision WHERE request IS NOT NULL GROUP BY request"))
    return sum(kept.get(request) != count for request, count in saved.items())


@contextmanager
def _batch(desk: Path) -> Iterator[subprocess.Popen[bytes]]:
    """`dossier run` over new reports, more than it can do in the time."""
    inbox = (
        desk / "corpus" / f"inbox-{uuid.uuid4()}"
    )  # new paths: a file that replaces another one takes its targets away
    inbox.mkdir(parents=True)
    for number in range(BATCH):
        for path in EXAMPLES.glob("*-profile.txt"):
            (inbox / f"{number:04}-{path.name}").write_bytes(path.read_bytes() + f"\n\nCopy {uuid.uuid4()}.\n".encode())
    process = subprocess.Popen(
        [sys.executable, "-m", "dossier", "run", str(inbox), "-w", str(desk), "--workers", "1"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        time.sleep(5)
        yield process
    finally:
        process.terminate()
        process.wait(60)
        shutil.rmtree(inbox, ignore_errors=True)


def lists(large: Path, few: Path) -> list[str]:
    """The first page of each list, of a large and of a small workspace, taken in turns."""
    servers = {desk: Server(desk) for desk in (large, few)}
    try:
        clients = {desk: Client(server, "lister") for desk, server in servers.items()}
        paths = {"documents": "/api/documents?limit=50", "queue": "/api/queue?limit=50"}
        for number in range(ROUNDS):
            for desk in (large, few):
                for what, path in paths.items():
                    clients[desk].ask(what if number else "warm-up", "GET", path)
    finally:
        for server in servers.values():
            server.stop()
    rows = []
    for what in paths:
        much, little = (_middle(clients[desk].times[what]) for desk in (large, few))
        rows.append(
            f"| list of {what}, large workspace | {much:.2f} ms | with {FEW} documents {little:.2f} ms | {much / little:.2f} |"
        )
    return rows


def _keep(rows: list[str]) -> None:
    """Put the rows in the place of those of an earlier run."""
    names = {_name(row) for row in rows}
    lines = [line for line in RESULTS.read_text("utf-8").splitlines() if _name(line) not in names]
    RESULTS.write_text("\n".join([*lines, *rows]) + "\n", "utf-8")


def _name(row: str) -> str | None:
    """What a row of the table is about, without its counts; None for other lines."""
    return re.sub(r"[0-9][0-9,]*", "", row.split("|")[1]).strip() if row.startswith("| ") else None


if __name__ == "__main__":
    main()
