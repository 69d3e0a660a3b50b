"""Holds pdfminer to limits, to its own tables, and to silence.

It has no limits of its own: a few bytes can make it unpack gigabytes, or count to four billion. What it makes of them by
the names of its modules is replaced here, in whatever process reads a PDF.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable
from typing import Any

import pdfminer.pdffont
import pdfminer.pdfparser
from pdfminer.cmapdb import FileUnicodeMap
from pdfminer.pdftypes import resolve1
from pdfminer.psexceptions import PSEOF

from dossier.ingest.pdf.streams import Stream

MAX_CODES = 0x20000  # of a font; the format has two bytes for them


def install() -> None:
    """Set the guards. Done again, it changes nothing."""
    os.environ.pop("CMAP_PATH", None)  # where else pdfminer would look for maps
    for name in ("pdfminer", "pdfplumber"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # its remarks are not for the user
    vars(pdfminer.pdfparser)["PDFStream"] = Stream
    vars(pdfminer.pdffont).update(FileUnicodeMap=UnicodeMap, get_widths=read_widths)


class UnicodeMap(FileUnicodeMap):
    """The characters of a font's codes, up to a limit; what a map has beyond it is not read."""

    def add_cid2unichr(self, cid: int, code: Any) -> None:
        if len(self.cid2unichr) >= MAX_CODES:
            raise PSEOF("a map of characters without end")
        super().add_cid2unichr(cid, code)


def read_widths(entries: Iterable[object]) -> dict[str | int, float]:
    """The widths of a composite font: a code and the widths from it on, or two codes and the width of all between."""
    widths: dict[str | int, float] = {}
    numbers: list[Any] = []
    for entry in map(resolve1, entries):
        if isinstance(entry, list):
            if numbers:
                first = int(numbers[-1])
                widths.update((first + i, width) for i, width in enumerate(entry[:MAX_CODES]))
            numbers = []
        elif isinstance(entry, (int, float)):
            numbers.append(entry)
            if len(numbers) == 3:
                first, last, width = int(numbers[0]), int(numbers[1]), numbers[2]
                widths.update((code, width) for code in range(first, min(last, first + MAX_CODES) + 1))
                numbers = []
        if len(widths) > MAX_CODES:
            break
    return widths
