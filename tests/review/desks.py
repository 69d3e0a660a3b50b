"""What the tests of the page have in common: a browser's view of a desk, and documents made to order."""

import hashlib
import time
from pathlib import Path

from dossier.offsets import TextBuilder
from dossier.records import Block, Document, Extraction, Section, make_id
from dossier.store.db import create_workspace, open_store
from dossier.store.decisions import first_fault
from dossier.store.documents import InputState, save_input
from dossier.store.proposals import save_extraction

ROOT = Path(__file__).parents[2]


class Reader:
    """One reviewer at one page. What goes wrong in the page, and every request to elsewhere, is kept in `trouble`."""

    def __init__(self, context, server, link, user):
        self.context, self.server = context, server
        self.page = context.new_page()
        self.trouble = []
        self.page.on("pageerror", lambda error: self.trouble.append(str(error)))
        self.page.on("dialog", lambda dialog: (self.trouble.append(dialog.message), dialog.dismiss()))
        self.page.on("request", self._watch)
        self.page.goto(link)
        self.page.wait_for_selector(".bar")
        if user != self.page.locator(".user").text_content():
            self.evaluate(
                "user => fetch('/api/session', {method: 'POST', headers: {'Content-Type': 'application/json'}, "
                "body: JSON.stringify({user})})", user,
            )  # fmt: skip
            self.page.reload()
            self.page.wait_for_selector(".bar")
        assert self.page.locator(".user").text_content() == user

    def _watch(self, request):
        if not request.url.startswith(self.server.url):
            self.trouble.append(f"asked {request.url}")

    def evaluate(self, script, *arguments):
        return self.page.evaluate(script, *arguments)

    def until(self, script, wanted=True, seconds=8.0):
        """Until the expression has the value. (Playwright's own waiting needs eval, which the page forbids.)"""
        end = time.monotonic() + seconds
        while (found := self.evaluate(script)) != wanted:
            assert time.monotonic() < end, f"{script} is {found!r}, not {wanted!r}"
            time.sleep(0.03)

    def get(self, path):
        """What the server says."""
        return self.evaluate("path => fetch(path).then((answer) => answer.json())", path)

    def records(self, kind="mentions"):
        """The records of the document that is open, as the server has them."""
        id_ = self.evaluate("location.hash.split('/')[2].split('?')[0]")
        return self.get(f"/api/documents/{id_}/records")[kind]

    def mention(self, words):
        """The mention with these words, as the server has it."""
        found = [mention for mention in self.records() if mention["text"] == words]
        return found[0] if found else None

    def go(self, hash_):
        self.evaluate("hash => { window.location.hash = hash }", hash_)

    def open(self, name):
        """Open a document by its path or title."""
        self.go(f"#/documents?q={name}")
        self.page.locator(".documents tbody tr", has_text=name).first.locator("th a").click()
        self.page.wait_for_selector(".text .b")
        self.until("document.querySelector('.counts')?.textContent.includes('to rule on')")

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def choose(self, words):
        """Choose the first mark with these words."""
        self.page.locator(".text .m", has_text=words).first.click()
        self.until("document.querySelector('.chosen-name strong')?.textContent", words)

    @property
    def saved(self):
        return self.page.locator(".saved").inner_text()

    def until_saved(self, seconds=8.0):
        try:
            self.until("document.querySelector('.saved').textContent", "Saved", seconds)
        except AssertionError:
            self.page.locator(".saved").click()
            raise AssertionError(self.page.locator("dialog").inner_text()) from None

    def state(self, words):
        return self.page.locator(".text .m", has_text=words).first.get_attribute("data-state")

    def select(self, words, number=0):
        """Select words of the text as a mouse would: the `number`th time they stand within one text node or block."""
        self.evaluate(
            """([words, number]) => {
              const found = [];
              for (const block of document.querySelectorAll(".text .b")) {
                for (let at = block.textContent.indexOf(words); at >= 0; at = block.textContent.indexOf(words, at + 1)) found.push([block, at]);
              }
              const [block, at] = found[number];
              const point = (offset) => {
                const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
                while (walker.nextNode()) {
                  if (offset <= walker.currentNode.length) return [walker.currentNode, offset];
                  offset -= walker.currentNode.length;
                }
              };
              const selection = getSelection();
              selection.setBaseAndExtent(...point(at), ...point(at + words.length));
            }""", [words, number],
        )  # fmt: skip
        self.page.wait_for_selector(".selection-bar:not([hidden])")


def add_document(store, path, text, marks=(), *, title=None, blocks=None, label="ORG", **fields):
    """Put a document into a store, with a proposed mention of each of `marks`, at the place where it stands first after the one before."""
    builder = TextBuilder(text)
    builder.keep(len(text))
    _, offsets = builder.finish()
    sha256 = hashlib.sha256(f"{path}{text}".encode()).hexdigest()
    id_ = make_id("d", sha256)
    values = {"media_type": "text/plain", "encoding": "utf-8", **fields}
    document = Document(
        id_, sha256, text=text, offsets=offsets.to_bytes(), ingest="1", title=title, language="en",
        blocks=[Block(*block) for block in blocks or lines_of(text)], sections=[Section("All", 1, 0, len(text))], **values,
    )  # fmt: skip
    save_input(store, InputState("corpus", path, len(text), 0, sha256, None, "r", "done", document=id_), document)
    mentions, at = [], 0
    for words in marks:
        at = text.index(words, at)
        span = {"start": at, "end": at + len(words)}
        mentions.append(
            {"kind": "mention", "id": make_id("m", id_, at), "document": id_, **span, "text": words, "label": label, "norm": None,
             "entity": None, "confidence": 0.5, "by": "names", "source": {**span, "parts": [[at, at + len(words)]]}}
        )  # fmt: skip
        at += len(words)
    save_extraction(store, Extraction(id_, mentions=mentions), "f" * 32)
    return id_


def lines_of(text):
    """A paragraph for each line, whichever way lines end."""
    at, blocks = 0, []
    for line in text.splitlines(keepends=True):
        words = line.rstrip("\r\n")
        if words.strip():
            blocks.append(("paragraph", at, at + len(words), 0))
        at += len(line)
    return blocks


def make_workspace(folder, *documents):
    """A workspace with documents: of each the arguments of `add_document`."""
    create_workspace(folder)
    with open_store(folder) as store:
        for arguments, options in documents:
            add_document(store, *arguments, **options)
    return folder


def count_rulings(folder):
    """How many rulings the desk holds, undos apart; and the log is whole."""
    with open_store(folder) as store:
        assert first_fault(store) is None
        return store.one("SELECT count(*) FROM decision WHERE undoes IS NULL")
