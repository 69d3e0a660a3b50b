"""A real server: killed in the middle, stopped, beside another one and beside a batch; and clients that misbehave."""

import http.client
import signal
import socket
import sqlite3
import ssl
import subprocess
import sys
import threading
import time
import uuid
from contextlib import suppress
from pathlib import Path

import httpx2
import pytest
from tests.review.serving import Server, wait_for
from tests.review.test_web_users import make_certificate

from dossier.review.web.gate import HEADERS
from dossier.store.db import open_store
from dossier.store.decisions import first_fault


@pytest.fixture
def started(run):
    """Start servers over the workspace; what is left of them ends with the test."""
    servers = []

    def start(*arguments, patch=""):
        servers.append(Server(run, *(arguments or ("--port", 0, "--user", "Anna")), patch=patch))
        return servers[-1]

    yield start
    for server in servers:
        server.process.kill()
        server.process.wait()


def client_of(server, **options):
    client = httpx2.Client(base_url=server.url, timeout=30, **options)
    assert client.get(server.entry).status_code == 200
    return client


def changes_of(client, count):
    items = client.get("/api/queue", params={"limit": count, "kind": "mention"}).json()["items"]
    return [
        {"kind": "mention", "target": item["target"], "ruling": "accept", "record": {}, "revision": 0,
         "document": item["document"]["id"]}
        for item in items
    ]  # fmt: skip


def send(client, change):
    return client.post("/api/rulings", json={"request": str(uuid.uuid4()), "changes": [change]})


def targets_ruled(run):
    with open_store(run) as store:
        assert first_fault(store) is None
        return [key for (key,) in store.rows("SELECT key FROM decision ORDER BY id")]


def test_what_was_acknowledged_outlives_kill_9(run, started):
    server = started()
    client = client_of(server)
    changes = changes_of(client, 20)
    acknowledged = []

    def rule_on():
        try:
            for change in changes:
                if send(client, change).status_code == 200:
                    acknowledged.append(change["target"])
        except httpx2.TransportError:
            pass

    thread = threading.Thread(target=rule_on)
    thread.start()
    wait_for(lambda: len(acknowledged) >= 5)
    assert server.stop(signal.SIGKILL) == -signal.SIGKILL
    thread.join()
    assert 5 <= len(acknowledged) < 20
    kept = targets_ruled(run)
    assert kept[: len(acknowledged)] == acknowledged
    assert len(kept) - len(acknowledged) in (0, 1)  # the one that was on its way

    port = server.url.rpartition(":")[2]
    again = started("--port", port, "--user", "Anna")  # the same address: the page's outbox finds it
    assert client.get("/api/queue").status_code == 401  # the session ended with the server
    client = client_of(again)
    for change in changes:  # the outbox sends everything that was not acknowledged
        if change["target"] not in acknowledged:
            assert send(client, change).status_code in (200, 409)
    assert sorted(set(targets_ruled(run))) == sorted(change["target"] for change in changes)


def test_a_request_that_was_saved_but_not_answered_is_done_once(run, started):
    server = started()
    [change] = changes_of(client_of(server), 1)
    body = {"request": str(uuid.uuid4()), "changes": [change]}
    one = client_of(server := started())
    assert one.post("/api/rulings", json=body).status_code == 200
    server.stop(signal.SIGKILL)
    other = client_of(started())
    assert other.post("/api/rulings", json=body).status_code == 200
    assert targets_ruled(run) == [change["target"]]


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_when_told(run, started, how):
    server = started()
    client = client_of(server)
    [change] = changes_of(client, 1)
    assert send(client, change).status_code == 200
    server.process.send_signal(how)
    out, _ = server.process.communicate(timeout=20)
    assert server.process.returncode == 0
    assert "stopped" in out
    assert "Traceback" not in out
    assert targets_ruled(run) == [change["target"]]


def test_what_is_being_saved_when_it_stops_is_saved_and_answered(run, started):
    """Another process holds the database while the ruling waits and the server is told to stop."""
    server = started()
    client = client_of(server)
    [change] = changes_of(client, 1)
    holder = sqlite3.connect(run / "dossier.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    answers = []
    thread = threading.Thread(target=lambda: answers.append(send(client, change)))
    thread.start()
    time.sleep(0.5)
    server.process.send_signal(signal.SIGTERM)
    time.sleep(0.5)
    assert not answers
    holder.execute("ROLLBACK")
    holder.close()
    thread.join(20)
    assert [answer.status_code for answer in answers] == [200]
    assert server.process.wait(20) == 0
    assert targets_ruled(run) == [change["target"]]


def test_two_servers_of_one_workspace_see_each_other(run, started):
    one, other = client_of(started()), client_of(started("--port", 0, "--user", "Berit"))
    changes = changes_of(one, 12)
    threads = [
        threading.Thread(target=lambda c=client, part=part: [send(c, change) for change in part])
        for client, part in ((one, changes[::2]), (other, changes[1::2]))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(targets_ruled(run)) == 12
    for client in (one, other):
        seen = client.get("/api/changes").json()["changes"]
        assert {each["by"] for each in seen} == {"Anna", "Berit"}
        assert len(seen) == 12


def test_a_second_server_does_not_take_the_port(run, started):
    server = started()
    port = server.url.rpartition(":")[2]
    said = subprocess.run(
        [sys.executable, "-m", "dossier", "review", "-w", run, "--no-browser", "--port", port],
        capture_output=True,
        text=True,
    )
    assert said.returncode == 1
    assert f"port {port}" in said.stderr
    client_of(server)


def test_a_batch_runs_meanwhile(run, started):
    server = started()
    client = client_of(server)
    changes = changes_of(client, 10)
    for number in range(6):
        text = f"The Northern Reach Front was led by Ingrid Solheim in {1990 + number}.\n"
        (run / "corpus" / f"more-{number}.txt").write_text(text, "utf-8")
    batch = subprocess.Popen(
        [sys.executable, "-m", "dossier", "run", "-w", run, "--workers", "1"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    answers = []
    for change in changes:
        answers.append(send(client, change).status_code)
        time.sleep(0.3)
    assert batch.wait(120) == 0
    assert answers == [200] * 10
    assert len(targets_ruled(run)) == 10
    assert client.get("/api/documents").json()["total"] == 8


def test_a_database_that_stays_locked_is_busy_and_then_works(run, started):
    server = started(patch="import dossier.store.db as db; db.BUSY_MS = 1000")
    client = client_of(server)
    [change] = changes_of(client, 1)
    holder = sqlite3.connect(run / "dossier.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    assert client.get("/api/queue").status_code == 200  # readers do not wait
    answer = send(client, change)  # after the time that a writer waits
    assert (answer.status_code, answer.json()["error"]) == (503, "busy")
    assert answer.headers["retry-after"]
    holder.execute("ROLLBACK")
    holder.close()
    assert send(client, change).status_code == 200
    assert targets_ruled(run) == [change["target"]]


# ------------------------------------------------------------------ what a client may send


def talk(server, *pieces, pause=0.0):
    """Send bytes, and return what comes back until the server closes, or nothing more has come for 3 s."""
    host, port = server.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=3) as sock, suppress(TimeoutError, ConnectionError):
        said = b""
        for piece in pieces:
            sock.sendall(piece)
            time.sleep(pause)
        while data := sock.recv(65536):
            said += data
    return said


@pytest.mark.parametrize(
    "raw",
    [
        b"\x16\x03\x01\x02\x00\x01\x00", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", b"GET / HTTP/1.1\r\nHost: {host}\r\nX: " + b"a" * 33_500,
        b"POST /api/undo HTTP/1.1\r\nHost: {host}\r\nContent-Length: x\r\n\r\n",
        b"POST /api/undo HTTP/1.1\r\nHost: {host}\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: {host}\r\nX: a\x00b\r\nConnection: close\r\n\r\n",
        b"GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
        b"GET /static/../../web/gate.py HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n",
        b"OPTIONS * HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: {host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
        b"GET / HTTP/1.0\r\n\r\n",
    ],
    ids=range(14),
)  # fmt: skip
def test_what_is_no_good_request_is_refused_with_the_headers(run, started, raw):
    server = started()
    host = server.url.removeprefix("http://").encode()
    raw = raw.replace(b"{host}", host)
    if b"Upgrade" in raw:
        raw = raw.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
    said = talk(server, raw)
    head = said.partition(b"\r\n\r\n")[0].decode().lower()
    assert head.split()[1] in ("400", "401", "403", "404", "405", "431"), head
    for name, value in HEADERS.items():
        assert head.count(f"\r\n{name}: {value.lower()}") == 1, name
    assert "location:" not in head
    assert "server:" not in head
    client_of(server)  # it goes on


def test_head_has_the_headers_and_no_body(run, started):
    server = started()
    client = client_of(server)
    for path in ("/", "/api/queue", "/nothing", "/api/rulings"):
        answer = client.head(path)
        assert answer.content == b""
        for name, value in HEADERS.items():
            assert answer.headers[name] == value


def test_a_client_that_dawdles_is_cut_off_and_holds_up_nobody(run, started):
    patience = "from dossier.review.web import gate, server; server.REQUEST_SECONDS = 1.5; gate.BODY_SECONDS = 1.0"
    server = started(patch=patience)
    client = client_of(server)
    cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    host = server.url.removeprefix("http://")
    began = time.monotonic()
    slow_head = threading.Thread(target=talk, args=(server, b"GET / HTTP/1.1\r\nHo"))
    slow_head.start()
    body = f"POST /api/undo HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\n"
    body += "Content-Type: application/json\r\nContent-Length: 99\r\n\r\n{"
    assert client.get("/api/queue").status_code == 200
    said = talk(server, body.encode())
    assert b" 408 " in said.partition(b"\r\n")[0]
    slow_head.join(10)
    assert time.monotonic() - began < 10
    began = time.monotonic()
    stranger = body.replace(
        cookie, "x=y"
    ).encode()  # refused at once, and then goes on with the body, a space at a time
    talk(server, stranger, *[b" "] * 90, pause=0.1)
    assert time.monotonic() - began < 8


def test_connections_that_do_nothing_leave_room_for_others(run, started):
    server = started()
    host, port = server.url.removeprefix("http://").split(":")
    idle = [socket.create_connection((host, int(port))) for _ in range(100)]
    try:
        client_of(server)
    finally:
        for sock in idle:
            sock.close()


def test_an_answer_does_not_wait_for_the_acknowledgement_of_its_headers(run, started):
    client = client_of(started())
    taken = []
    for _ in range(30):
        began = time.perf_counter()
        client.get("/api/queue?limit=50")
        taken.append(time.perf_counter() - began)
    assert min(taken) < 0.03  # without TCP_NODELAY it is never less than 0.04 s


def test_the_link_is_printed_anew_when_it_was_used(run, started):
    server = started()
    client_of(server)
    server.process.stdout.readline()
    said = server.process.stdout.readline()
    assert "/enter?token=" in said
    other = httpx2.Client()
    assert other.get(server.entry).status_code == 401
    assert other.get(said.split()[-1]).status_code == 200


def test_it_listens_on_loopback_alone(run, started):
    port = int(started().url.rpartition(":")[2])
    listening = []
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        rows = [line.split() for line in Path(table).read_text().splitlines()[1:]] if Path(table).exists() else []
        listening += [row[1] for row in rows if row[3] == "0A" and row[1].endswith(f":{port:04X}")]
    assert listening == [f"0100007F:{port:04X}"]


def test_it_speaks_tls(run, started, tmp_path):
    certificate, key = make_certificate(tmp_path)
    server = started("--port", 0, "--tls-cert", certificate, "--tls-key", key)
    assert server.url.startswith("https://")
    client = client_of(server, verify=ssl.create_default_context(cafile=certificate))
    assert "dossier" in next(iter(client.cookies))
    with pytest.raises((OSError, http.client.HTTPException)):
        plain = http.client.HTTPConnection(*server.url.removeprefix("https://").split(":"), timeout=5)
        plain.request("GET", "/")
        plain.getresponse()
