"""The review page in Chromium: a document of 300,000 characters and 5,000 mentions opened, scrolled and ruled on.

By itself: `python benchmarks/page.py`.
"""

from __future__ import annotations

import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
CHARACTERS, MENTIONS, RELATIONS = 300_000, 5_000, 600
WORDS = (
    "the council said that talks in its northern camps had ended after a week while the guard kept to the road and the river"
).split()
NAMES = ["Norden Front", "Asker Guard", "Ingrid Solheim", "Narvik", "3 May 2005", "60-80 fighters"]
LABELS = ["ORG", "ORG", "PERSON", "PLACE", "DATE", "QUANTITY"]
TIMES = 5

OPENED = """async (hash) => {
  const start = performance.now();
  location.hash = hash;
  const seen = () => document.querySelectorAll(".text .m").length >= MENTIONS;
  while (!seen() && performance.now() - start < 20000) await new Promise((resolve) => setTimeout(resolve, 4));
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  return performance.now() - start;
}"""
SCROLLED = """async () => {
  const times = [];
  let last = performance.now();
  for (let at = 0; at < document.documentElement.scrollHeight && times.length < 300; at += 900) {
    window.scrollTo(0, at);
    await new Promise(requestAnimationFrame);
    const now = performance.now();
    times.push(now - last);
    last = now;
  }
  return times;
}"""
RULED = """async (number) => {
  const mark = document.querySelectorAll(".text .m")[number];
  const target = mark.dataset.t;
  mark.click();
  await new Promise(requestAnimationFrame);
  const start = performance.now();
  document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key: "a", bubbles: true }));
  const state = () => document.querySelector(`.m[data-t="${target}"]`).dataset.state;
  while (state() !== "accepted" && performance.now() - start < 5000) await new Promise((resolve) => setTimeout(resolve, 1));
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  return performance.now() - start;
}"""


def rows() -> list[str]:
    """Rows of the table of results; none where there is no Chromium."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        return ["| the review page | not measured: no chromium | | |"]
    with tempfile.TemporaryDirectory() as folder:
        opened, frames, ruled = measure(Path(folder), program)
    slow = sum(each > 50 for each in frames) / len(frames)
    return [
        f"| the page: {CHARACTERS:,} characters, {MENTIONS:,} mentions, {RELATIONS} relations open | "
        f"{statistics.median(opened):.0f} ms (worst of {len(opened)}: {max(opened):.0f}) | | |",
        f"| the page: a step of 900 px through that document | {statistics.median(frames):.0f} ms a frame, "
        f"{slow:.1%} over 50 ms | | |",
        f"| the page: from the key to the painted ruling in it | {statistics.median(ruled):.0f} ms | | |",
    ]


def measure(folder: Path, program: str) -> tuple[list[float], list[float], list[float]]:
    """Milliseconds: of each opening, of each frame while scrolling, of each ruling."""
    from playwright.sync_api import sync_playwright

    document = make_desk(folder)
    command = [sys.executable, "-m", "dossier", "review", "-w", str(folder), "--no-browser", "--port", "0"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        link = re.search(r"http\S+", server.stdout.readline() if server.stdout else "")
        assert link is not None
        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=program, args=["--no-sandbox"])
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            page.goto(link[0])
            page.wait_for_selector(".documents, .queue li")
            opened = []
            for _ in range(TIMES):
                page.evaluate("location.hash = '#/documents'")
                page.wait_for_selector(".documents tbody tr")
                opened.append(page.evaluate(OPENED.replace("MENTIONS", str(MENTIONS)), f"#/doc/{document}"))
            frames = page.evaluate(SCROLLED)
            ruled = [page.evaluate(RULED, number) for number in range(10, 2_000, 400)]
            browser.close()
    finally:
        server.terminate()
        server.wait(20)
    return opened, frames, ruled


def make_desk(folder: Path) -> str:
    """A workspace with the long document; returns its id."""
    from dossier.offsets import TextBuilder
    from dossier.records import Block, Document, Extraction, Section, make_id
    from dossier.store.db import create_workspace, open_store
    from dossier.store.documents import InputState, save_input
    from dossier.store.proposals import save_extraction

    text, blocks, mentions = make_text()
    builder = TextBuilder(text)
    builder.keep(len(text))
    sections = [Section(f"Part {n}", 1, blocks[n][1], blocks[n][2]) for n in range(0, len(blocks), 20)]
    id_ = make_id("d", "long")
    document = Document(id_, "0" * 64, "text/plain", "utf-8", text, builder.finish()[1].to_bytes(), "1", title="A long report",
                        language="en", blocks=[Block(*block) for block in blocks], sections=sections)  # fmt: skip
    for mention in mentions:
        mention["id"], mention["document"] = make_id("m", id_, mention["start"]), id_
    create_workspace(folder)
    with open_store(folder) as store:
        save_input(store, InputState("corpus", "long.txt", 1, 0, "0" * 64, None, "r", "done", document=id_), document)
        save_extraction(store, Extraction(id_, mentions=mentions, relations=make_relations(id_, mentions)), "f" * 32)
    return id_


def make_text() -> tuple[str, list[tuple[str, int, int, int]], list[dict[str, Any]]]:
    """Paragraphs of plain words with names among them, blocks and mentions."""
    random.seed(11)
    parts: list[str] = []
    blocks, mentions, at, begun = [], [], 0, 0
    while len(mentions) < MENTIONS:
        words = "\U0001f4cc " if not parts else " "
        number = random.randrange(len(NAMES))
        until = CHARACTERS * (len(mentions) + 1) // MENTIONS - len(NAMES[number]) - 4
        while at + len(words) < until:
            words += random.choice(WORDS) + " "
        start = at + len(words)
        span = {"start": start, "end": start + len(NAMES[number])}
        mentions.append({
            "kind": "mention", **span, "text": NAMES[number], "label": LABELS[number], "norm": None, "entity": None,
            "confidence": 0.7, "by": "names", "source": source_of(**span),
        })  # fmt: skip
        words += NAMES[number]
        at += len(words)
        parts.append(words)
        if at - begun > 900:
            blocks.append(("paragraph", begun, at, 0))
            parts.append(".\n\n")
            at += 3
            begun = at
    text = "".join(parts)
    blocks.append(("paragraph", begun, len(text), 0))
    return text, [block for block in blocks if block[1] < block[2]], mentions


def source_of(start: int, end: int) -> dict[str, Any]:
    return {"start": start, "end": end, "parts": [[start, end]]}


def make_relations(document: str, mentions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    from dossier.records import make_id

    found = []
    for number in range(0, RELATIONS * 8, 8):
        subject, object_ = mentions[number]["text"], mentions[number + 1]["text"]
        span = {"start": mentions[number]["start"], "end": mentions[number + 1]["end"]}
        evidence = {"document": document, **span, "quote": "", "subject_text": subject, "object_text": object_,
                    "source": source_of(**span), "works": []}  # fmt: skip
        found.append({
            "kind": "relation", "id": make_id("r", document, span["start"]), "type": "allied_with", "subject": {"text": subject},
            "object": {"text": object_}, "start": None, "end": None, "role": None, "status": "asserted", "holder": None,
            "confidence": 0.7, "by": "relations", "evidence": [evidence],
        })  # fmt: skip
    return found


if __name__ == "__main__":
    print("\n".join(rows()))
