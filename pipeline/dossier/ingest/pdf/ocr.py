"""The words of pages that are pictures, recognised by tesseract, a program of the system. Only when it is asked for.

The picture goes in by a pipe and the words come back by one; the program runs under limits of its own, and nothing is
written to the disk.
"""

from __future__ import annotations

import os
import re
import resource
import shutil
import statistics
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from dossier.errors import InputError, UsageError
from dossier.ingest.pdf.page import Box, Page

if TYPE_CHECKING:
    from dossier.ingest.pdf.fonts import FontNames
    from dossier.ingest.pdf.pdfium import PdfiumPdf

PROGRAM = "tesseract"
FONT = "OCR"  # the name of the font of recognised words
DPI = 300  # what tesseract is trained on
MAX_PIXELS = 30_000_000  # of a page: A3 at 300 dpi is 17 million
SURE = 30.0  # of 100: below it, a word is a speck in a picture more often than a word
TALL = 0.9  # of the em, that a line of capitals and descenders measures
SECONDS = 120  # for a page
MEMORY = 1500 << 20
_LANGUAGES = re.compile(r"[A-Za-z_]+(?:\+[A-Za-z_]+)*")


class Word(NamedTuple):
    """A recognised word; `line` tells the lines of a page apart. The box is in pixels, as high as the line."""

    text: str
    line: tuple[int, ...]
    box: Box
    size: float


@dataclass(frozen=True, slots=True)
class Recogniser:
    """program: the path of tesseract. languages: as it names them, joined by `+`."""

    program: str
    languages: str = "eng"

    def read(self, pdfium: PdfiumPdf, index: int, page: Page, names: FontNames) -> int:
        """Add the words of a page's picture to its glyphs; returns how many. Raises InputError where it fails."""
        scale = min(DPI / 72, (MAX_PIXELS / (page.width * page.height)) ** 0.5)
        words = read_words(self._run(pdfium.picture(index, scale), round(scale * 72)))
        font = names.index(FONT)
        there = [Box(*edges) for edges in zip(page.x0, page.top, page.x1, page.bottom, strict=True)]
        last: Word | None = None
        added = 0
        for word in words:
            placed = word._replace(box=Box(*(edge / scale for edge in word.box)), size=word.size / scale)
            if any(_holds(placed.box, glyph) for glyph in there):
                continue
            if last is not None and last.line == placed.line and last.box.x1 < placed.box.x0:
                _put(page, " ", Box(last.box.x1, placed.box.top, placed.box.x0, placed.box.bottom), placed.size, font)
            _put_word(page, placed, font)
            last, added = placed, added + 1
        return added

    def _run(self, picture: bytes, dpi: int) -> str:
        command = [self.program, "stdin", "stdout", "-l", self.languages, "--dpi", str(dpi), "tsv"]
        try:
            done = subprocess.run(
                command, input=picture, capture_output=True, timeout=SECONDS, check=False, preexec_fn=_limit,
                env={**os.environ, "OMP_THREAD_LIMIT": "1"},
            )  # fmt: skip
        except subprocess.TimeoutExpired as error:
            raise InputError("ocr_failed", f"{PROGRAM} found no end in {SECONDS} s") from error
        except OSError as error:
            raise InputError("ocr_failed", f"{PROGRAM} does not run: {error.strerror}") from error
        if done.returncode != 0:
            said = " ".join(done.stderr.decode("utf-8", "replace").split())[-120:]
            raise InputError("ocr_failed", f"{PROGRAM} ended with code {done.returncode}: {said}")
        return done.stdout.decode("utf-8", "replace")


def find_recogniser(languages: str = "eng") -> Recogniser:
    """Tesseract with these languages. Raises UsageError, saying what to install, where one of them is missing."""
    if not _LANGUAGES.fullmatch(languages):
        raise UsageError(f"--ocr-languages takes names such as eng or eng+fra, not {languages!r}")
    program = shutil.which(PROGRAM)
    if program is None:
        raise UsageError(
            f"--ocr needs {PROGRAM}, which is not on the PATH; install it (Debian: apt install tesseract-ocr)"
        )
    listed = subprocess.run([program, "--list-langs"], capture_output=True, text=True, check=False, timeout=60)
    known = set(listed.stdout.split()) | set(listed.stderr.split())
    for language in languages.split("+"):
        if language not in known:
            raise UsageError(
                f"--ocr: {PROGRAM} does not know the language {language!r}; install it (Debian: apt install "
                f"tesseract-ocr-{language.replace('_', '-').lower()})"
            )
    return Recogniser(program, languages)


def read_words(table: str) -> Iterator[Word]:
    """The words in tesseract's table (TSV), in its order. Rows that do not read, and words it is not sure of, are left out."""
    rows = [row for line in table.splitlines()[1:] if (row := _read_row(line))]
    lines = {row["line"]: row["box"] for row in rows if row["level"] == 4}
    heights: dict[tuple[int, ...], list[float]] = {}
    for key, box in lines.items():
        heights.setdefault(key[:-1], []).append(box.bottom - box.top)
    for row in rows:
        text = row["text"].strip()
        if row["level"] != 5 or not text or row["sure"] < SURE:
            continue
        line = lines.get(row["line"], row["box"])
        own = row["box"]
        size = statistics.median(heights.get(row["line"][:-1], [own.bottom - own.top])) / TALL
        yield Word(text, row["line"], Box(own.x0, line.top, own.x1, line.bottom), size)


def _read_row(line: str) -> dict[str, Any]:
    """level, page, block, paragraph, line, word, left, top, width, height, confidence, text."""
    cells = line.split("\t")
    try:
        level, page, block, paragraph, number, _, left, top, width, height = map(int, cells[:10])
        sure = float(cells[10])
    except (ValueError, IndexError):
        return {}
    box = Box(float(left), float(top), float(left + width), float(top + height))
    where = (page, block, paragraph, number)
    return {"level": level, "line": where, "box": box, "sure": sure, "text": cells[11] if len(cells) > 11 else ""}


def _put_word(page: Page, word: Word, font: int) -> None:
    """A glyph for each character, equally wide: tesseract's table tells no more."""
    wide = (word.box.x1 - word.box.x0) / len(word.text)
    for i, character in enumerate(word.text):
        x0 = word.box.x0 + i * wide
        _put(page, character, Box(x0, word.box.top, x0 + wide, word.box.bottom), word.size, font)


def _put(page: Page, text: str, box: Box, size: float, font: int) -> None:
    page.text.append(text)
    for values, edge in zip((page.x0, page.top, page.x1, page.bottom), box, strict=True):
        values.append(edge)
    page.size.append(size)
    page.font.append(font)
    page.turn.append(0)


def _holds(word: Box, glyph: Box) -> bool:
    """Whether the middle of a glyph lies in the box of a word: it is there as text already."""
    x, y = (glyph.x0 + glyph.x1) / 2, (glyph.top + glyph.bottom) / 2
    return word.x0 <= x <= word.x1 and word.top <= y <= word.bottom


def _limit() -> None:
    """In the child, before tesseract begins: it outlives no worker by much, and takes no machine down."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    ceiling = MEMORY if hard == resource.RLIM_INFINITY else min(MEMORY, hard)
    resource.setrlimit(resource.RLIMIT_AS, (ceiling, hard))
