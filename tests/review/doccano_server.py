"""A real doccano 1.8.4 for the tests: its own virtual environment (`make parts`), its own folder, on loopback."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

HOME = Path(__file__).resolve().parents[2] / ".doccano"
START_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Server:
    """A running doccano. `url` has no slash at its end."""

    url: str
    user: str
    password: str


def is_installed() -> bool:
    return (HOME / "bin" / "doccano").is_file()


@contextmanager
def running(folder: Path, others: tuple[str, ...] = ()) -> Iterator[Server]:
    """Start doccano with one administrator, and further users of the names in `others` with the same password."""
    port = _free_port()
    password = secrets.token_hex(8)
    env = {
        "PATH": f"{HOME / 'bin'}:/usr/bin:/bin", "HOME": str(folder), "STANDALONE": "True", "PYTHONUNBUFFERED": "1",
        "DJANGO_SETTINGS_MODULE": "config.settings.production", "DATABASE_URL": f"sqlite:///{folder / 'doccano.sqlite3'}",
        "DOCCANO_HOME": str(folder / "home"), "MEDIA_ROOT": str(folder / "media"), "SECRET_KEY": secrets.token_hex(16),
        "ALLOW_SIGNUP": "False", "DEBUG": "False",
    }  # fmt: skip
    doccano = str(HOME / "bin" / "doccano")
    _call([doccano, "init"], env, folder)
    for name in ("ada", *others):
        _call([doccano, "createuser", "--username", name, "--password", password], env, folder)
    backend = next((HOME / "lib").glob("python3*/site-packages/backend"))
    web = [
        str(HOME / "bin" / "gunicorn"), "--bind", f"127.0.0.1:{port}", "--workers", "2", "--timeout", "300", "config.wsgi",
    ]  # fmt: skip
    with (folder / "web.log").open("wb") as log, (folder / "task.log").open("wb") as tasks:
        jobs = [
            subprocess.Popen(web, cwd=backend, env=env, stdout=log, stderr=log, start_new_session=True),
            subprocess.Popen(
                [doccano, "task", "--concurrency", "1"],
                env=env,
                cwd=folder,
                stdout=tasks,
                stderr=tasks,
                start_new_session=True,
            ),
        ]
        try:
            server = Server(f"http://127.0.0.1:{port}", "ada", password)
            _wait(server.url, jobs, folder)
            yield server
        finally:
            for job in jobs:
                with suppress(ProcessLookupError):
                    os.killpg(job.pid, signal.SIGKILL)
                job.wait(30)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _call(command: list[str], env: dict[str, str], folder: Path) -> None:
    done = subprocess.run(command, env=env, cwd=folder, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command[:2])} failed: {done.stdout[-500:]} {done.stderr[-1500:]}")


def _wait(url: str, jobs: list[subprocess.Popen[bytes]], folder: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if any(job.poll() is not None for job in jobs):
            raise RuntimeError(f"doccano stopped: {(folder / 'web.log').read_text()[-1500:]}")
        try:
            urllib.request.urlopen(f"{url}/v1/health/", timeout=2)
            return
        except OSError as error:
            if getattr(error, "code", 0) in (401, 403, 404):  # it answers
                return
            time.sleep(0.3)
    raise RuntimeError(f"doccano did not start within {START_SECONDS:g} s: {(folder / 'web.log').read_text()[-1500:]}")
