"""Killed at any point, spread over any number of workers, stopped by hand: the records come out the same."""

import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from dossier.store.db import create_workspace, open_store

ROOT = Path(__file__).parents[1]
KILLS = 50
SEED = 20261120


def start(desk: Path, *options: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "dossier", "run", "--workspace", str(desk), *options],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip


def finish(desk: Path, *options: str) -> bytes:
    process = start(desk, *options)
    _, said = process.communicate(timeout=120)
    assert process.returncode == 0, said
    return (desk / "out" / "curated.jsonl").read_bytes()


def make_desk(folder: Path, count: int) -> Path:
    create_workspace(folder)
    for path in sorted((ROOT / "corpus" / "examples").glob("*.*"), key=lambda p: (p.stat().st_size, p.name))[:count]:
        shutil.copy(path, folder / "corpus" / path.name)
    return folder


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """A desk, what a whole run of it writes, and how long that takes."""
    desk = make_desk(tmp_path_factory.mktemp("calm") / "desk", 9)
    began = time.monotonic()
    data = finish(desk, "--workers", "1")
    return data, time.monotonic() - began


@pytest.mark.timeout(900)
def test_killed_at_50_random_points_nothing_is_lost(undisturbed, tmp_path):
    """SIGKILL to the run and its workers; each time what was acknowledged is there, and the next run completes it."""
    expected, seconds = undisturbed
    chance = random.Random(SEED)
    cut_short = 0
    for kill in range(KILLS):
        desk = make_desk(tmp_path / f"desk{kill}", 9)
        process = start(desk, "--workers", "1")
        time.sleep(chance.uniform(0.05, seconds))
        os.killpg(process.pid, signal.SIGKILL)
        _, said = process.communicate(timeout=30)
        cut_short += process.returncode == -signal.SIGKILL

        acknowledged = re.findall(r"^ingest \d+/\d+  (\S+)  done", said, re.MULTILINE)
        extracted = re.findall(r"^extract \d+/\d+  (\S+)  done", said, re.MULTILINE)
        with open_store(desk) as store:
            kept = {path for (path,) in store.rows("SELECT path FROM input WHERE document IS NOT NULL")}
            done = {p for (p,) in store.rows("SELECT path FROM input JOIN extraction USING (document)")}
            assert store.one("PRAGMA integrity_check") == "ok"
        assert set(acknowledged) <= kept
        assert set(extracted) <= done
        if (desk / "out" / "curated.jsonl").exists():
            assert (desk / "out" / "curated.jsonl").read_bytes() == expected
        assert finish(desk, "--workers", "1") == expected
        shutil.rmtree(desk)
    assert cut_short >= KILLS * 0.7  # most of them did hit a run at work


def test_one_and_two_workers_write_equal_bytes(undisturbed, tmp_path):
    expected, _ = undisturbed
    assert finish(make_desk(tmp_path / "desk", 9), "--workers", "2") == expected


def test_ctrl_c_stops_cleanly_and_the_next_call_goes_on(undisturbed, tmp_path):
    expected, _ = undisturbed
    desk = make_desk(tmp_path / "desk", 9)
    process = start(desk, "--workers", "1")
    first = process.stderr.readline()
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=30)

    assert first.startswith("ingest 1/")
    assert process.returncode == 130
    assert "Traceback" not in said
    assert "stopped" in said
    assert finish(desk, "--workers", "1") == expected


def test_a_second_run_is_refused_with_the_reason(tmp_path):
    desk = make_desk(tmp_path / "desk", 9)
    first = start(desk, "--workers", "1")
    first.stderr.readline()  # it holds the workspace now
    second = start(desk)
    _, said = second.communicate(timeout=30)
    first.communicate(timeout=120)

    assert second.returncode == 1
    assert "is in use: `dossier run`" in said
    assert first.returncode == 0
