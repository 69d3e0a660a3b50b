"""A review server over a workspace, for the tests of the web: in this process, or in one of its own."""

import os
import re
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

from starlette.testclient import TestClient

from dossier.ingest.pdf.plain import draw_plain
from dossier.review.web.app import Served, make_app
from dossier.review.web.gate import Rules
from dossier.review.web.sessions import Link

ORIGIN = "http://127.0.0.1:8323"
RULES = Rules(frozenset({ORIGIN, "http://localhost:8323"}), "dossier_8323")
NETWORK = "https://review.example.org"
NETWORK_RULES = Rules(frozenset({NETWORK}), "__Host-dossier_443", secure=True, passwords=True)


@contextmanager
def serving(folder, rules=RULES, user="Anna", draw=draw_plain):
    """The application, its link, and a client without a session."""
    link = Link()
    app = make_app(Served(folder, user, draw), rules, link)
    with new_client(app, rules) as client:
        client.link = link
        yield client


def new_client(app, rules=RULES):
    return TestClient(app, base_url=min(rules.origins), follow_redirects=False, raise_server_exceptions=False)


def enter(client):
    """Open a session by the link."""
    answer = client.get("/enter", params={"token": client.link.token})
    assert answer.status_code == 200
    return client


class Server:
    """`dossier review` in a process of its own."""

    def __init__(self, folder, *arguments):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "dossier", "review", "-w", str(folder), "--no-browser", *map(str, arguments)],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )  # fmt: skip
        self.said = self.process.stdout.readline()
        found = re.search(r"(https?://[^/\s]+)(\S*)", self.said)
        assert found, self.said + self.process.communicate(timeout=20)[0]
        self.url, self.entry = found[1], found[0]

    def stop(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        code = self.process.wait(20)
        self.process.stdout.close()
        return code


def wait_for(check, seconds=10.0):
    """Until `check` is true."""
    until = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < until, f"not so after {seconds} s"
        time.sleep(0.02)
