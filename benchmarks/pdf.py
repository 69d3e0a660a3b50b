"""PDF: the whole reading (glyphs, layout, boxes) against pdfplumber's `extract_words`, and its memory.

Of the sample files beside the checkout where they are there, else of the examples.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
TIMED = [SHARED / "reports" / "aqim-profile.pdf", SHARED / "pdfs" / "real" / "federal-register-3col.pdf"]
LONG = SHARED / "pdfs" / "real" / "usaid-report-179p.pdf"
COPIES = 8  # of the timed files, for two processes

Interleaved = Callable[..., dict[str, float]]


def rows(interleaved: Interleaved) -> list[str]:
    timed = [path for path in TIMED if path.exists()] or sorted((ROOT / "corpus" / "examples").glob("*.pdf"))
    lines = [line for path in timed for line in speed(path, interleaved)]
    return [*lines, two_processes(timed), *memory(LONG if LONG.exists() else timed[-1])]


def speed(path: Path, interleaved: Interleaved) -> list[str]:
    """Pages a CPU second of one process."""
    from dossier.ingest.meta import Meta
    from dossier.ingest.pdf.opening import open_pages
    from dossier.ingest.pdf.read import read_pdf

    data = path.read_bytes()
    pages = sum(1 for _ in open_pages(data))
    taken = interleaved(
        {
            "words": lambda _: extract_words(data),
            "glyphs": lambda _: sum(1 for _ in open_pages(data)),
            "whole": lambda _: read_pdf(data, Meta()),
        },
        1,
    )
    base = taken["words"]
    return [
        f"| `extract_words` with `page.close()`, {path.name} | {pages / base:.1f} pages per CPU s | | 1 |",
        f"| glyphs, rules and pictures alone | {pages / taken['glyphs']:.1f} pages per CPU s | extract_words | "
        f"{base / taken['glyphs']:.1f} |",
        f"| the whole PDF reading | {pages / taken['whole']:.1f} pages per CPU s | extract_words | "
        f"{base / taken['whole']:.1f} |",
    ]


def extract_words(data: bytes) -> None:
    import pdfplumber

    with pdfplumber.open(BytesIO(data)) as pdf:
        for page in pdf.pages:
            page.extract_words()
            page.close()


def two_processes(paths: list[Path]) -> str:
    """Wall-clock seconds to read the same files with one and with two workers, which are up already."""
    import time

    from dossier.engines.processes import ProcessEngine
    from dossier.ingest.worker import read_report

    tasks = [path for path in paths for _ in range(COPIES)]
    taken: dict[int, list[float]] = {1: [], 2: []}
    for _ in range(3):
        for workers in taken:
            with ProcessEngine(workers) as engine:
                list(engine.map(read_report, paths[:1] * workers))  # up, and everything imported
                began = time.perf_counter()
                list(engine.map(read_report, tasks))
                taken[workers].append(time.perf_counter() - began)
    one, two = min(taken[1]), min(taken[2])
    return f"| PDF reading, two processes | {two:.1f} s | one process, {one:.1f} s | {one / two:.2f} times as fast |"


def memory(path: Path) -> list[str]:
    """The peak of a fresh process that reads one file, and of the same after its imports."""
    code = (
        "import re, sys; from pathlib import Path; from dossier.ingest.worker import read_report\n"
        "import dossier.ingest.read\n"
        # getrusage would count this process, which the fresh one was forked from
        "peak = lambda: int(re.search(r'VmHWM:\\s+(\\d+)', Path('/proc/self/status').read_text())[1]) / 1024\n"
        "before = peak(); pages = read_report(Path(sys.argv[1])).pages\n"
        "print(before, peak(), pages)"
    )
    said = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    before, peak, pages = said.stdout.split()
    return [
        f"| peak memory to read {path.name}, {pages} pages | {float(peak):.0f} MB | once imported | {float(before):.0f} MB |"
    ]
