"""A real Chromium over a real server, for the tests of the page."""

import shutil
from contextlib import contextmanager

import pytest
from tests.conftest import need
from tests.review.desks import ROOT, Desk

PROGRAM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture(scope="module")  # while it lives, its loop runs, and no test can run one of its own
def chromium():
    playwright = pytest.importorskip("playwright.sync_api") if PROGRAM else None
    need(PROGRAM is not None, "chromium (`make parts` installs it)")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=PROGRAM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def axe() -> str:
    """The program that looks for what keeps people out."""
    file = ROOT / ".parts" / "node_modules" / "axe-core" / "axe.min.js"
    need(file.is_file(), "axe-core (`make parts` installs it)")
    return file.read_text("utf-8")


@contextmanager
def serving_all(chromium):
    """Serve workspaces, each by a process of its own: `serve(folder) -> Desk`; `desk.reader("Anna")` opens it in a browser."""
    desks: list[Desk] = []

    def serve(folder):
        desks.append(Desk(folder, chromium))
        return desks[-1]

    yield serve
    for desk in desks:
        desk.close()


@pytest.fixture
def served(chromium):
    with serving_all(chromium) as serve:
        yield serve


@pytest.fixture(scope="module")
def served_once(chromium):
    """As `served`, for all tests of a module."""
    with serving_all(chromium) as serve:
        yield serve
