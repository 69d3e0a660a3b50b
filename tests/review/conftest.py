"""A real Chromium over a real server, for the tests of the page."""

import re
import shutil

import pytest
from tests.conftest import need
from tests.review.desks import ROOT, Reader
from tests.review.serving import Server

PROGRAM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture(scope="session")
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


@pytest.fixture
def served(chromium):
    """Serve a workspace in a process of its own: `served(folder) -> Desk`, and `desk.reader("Anna")` opens it in a browser."""
    desks: list[Desk] = []

    def serve(folder):
        desks.append(Desk(folder, chromium))
        return desks[-1]

    yield serve
    for desk in desks:
        desk.close()


class Desk:
    """A workspace, the server over it, and the browsers that look at it."""

    def __init__(self, folder, chromium):
        self.folder, self.chromium = folder, chromium
        self.contexts = []
        self.server, self.used = Server(folder, "--port", 0), False

    def reader(self, user="Anna", context=None, **options):
        """A page of a browser of its own, signed as `user`, or of the browser that is given."""
        if context is None:
            context = self.chromium.new_context(**{"viewport": {"width": 1280, "height": 800}, **options})
            self.contexts.append(context)
        return Reader(context, self.server, self.link(), user)

    def link(self):
        """A link that was not used: the server prints another as soon as one is."""
        if self.used:
            while not (found := re.search(r"https?://\S+token=\S+", self.server.process.stdout.readline())):
                pass
            return found[0]
        self.used = True
        return self.server.entry

    def kill(self):
        self.server.stop(9)

    def restart(self):
        """Where it was: the same address, a new link."""
        port = self.server.url.rpartition(":")[2]
        self.server, self.used = Server(self.folder, "--port", port), False

    def close(self):
        for context in self.contexts:
            context.close()
        if self.server.process.poll() is None:
            self.server.stop()
