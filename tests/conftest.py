"""Fixtures that every test may use."""

import os
import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

from dossier.cli import main
from dossier.store.db import create_workspace

ROOT = Path(__file__).parents[1]


class Said(NamedTuple):
    """What a command ended with and printed."""

    code: int
    out: str
    err: str


def need(available: bool, what: str) -> None:
    """Skip aloud when a part is missing; in CI that is a failure."""
    if available:
        return
    if os.environ.get("CI"):
        pytest.fail(f"{what} is missing, and CI must not skip")
    pytest.skip(f"{what} is missing")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of sample reports, reference annotations and public data beside the checkout."""
    folder = ROOT.parent / "shared"
    need(folder.is_dir(), f"{folder} with the sample reports")
    return folder


REPORT = """\
Northern Reach Front (NRF)

Executive Summary
The Northern Reach Front (NRF) was founded by Ingrid Solheim in March 1998 in Narvik, Norway.[1] It was
reportedly led by Solheim until late 2004 and had 60-80 fighters.[2]

[1] Berg, Anna. “The North in Arms.” Nordic Review, 3 May 2005. Web. 6 June 2010.
[2] “Profile: Northern Reach Front.” Nordic Review, 2006. Web. 6 June 2010.
"""

NOTE = """\
# Talks in Oslo

*Nordic Review, 3 May 2005*

The **NRF** and the Government of Norway met on 2 May 2005.
"""


@pytest.fixture
def dossier(tmp_path, monkeypatch, capsys):
    """Call the command line in this process: `dossier("run", ...) -> Said(code, out, err)`, inside `tmp_path`."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments: object) -> Said:
        code = call_main(*arguments)
        caught = capsys.readouterr()
        return Said(code, caught.out, caught.err)

    return call


def call_main(*arguments: object) -> int:
    with pytest.raises(SystemExit) as stop:
        main([str(a) for a in arguments])
    return int(stop.value.code or 0)


def make_desk(folder: Path) -> Path:
    """A workspace with two reports in its corpus."""
    create_workspace(folder)
    (folder / "corpus" / "north.txt").write_text(REPORT, "utf-8")
    (folder / "corpus" / "sub").mkdir()
    (folder / "corpus" / "sub" / "note.md").write_text(NOTE, "utf-8")
    return folder


@pytest.fixture
def desk(tmp_path) -> Path:
    """A workspace with two reports, not yet run."""
    return make_desk(tmp_path / "desk")


@pytest.fixture(scope="session")
def first_run(tmp_path_factory) -> Path:
    desk = make_desk(tmp_path_factory.mktemp("first") / "desk")
    assert call_main("run", "--workspace", desk) == 0
    return desk


@pytest.fixture
def run(first_run, tmp_path) -> Path:
    """A copy of a workspace whose two reports were run."""
    return Path(shutil.copytree(first_run, tmp_path / "desk", copy_function=shutil.copy2))
