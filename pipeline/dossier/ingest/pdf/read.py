"""One PDF into text in reading order, its blocks, and the box of every character."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dossier.ingest.draft import Draft
from dossier.ingest.meta import Meta
from dossier.ingest.pdf.layout.document import lay_out
from dossier.ingest.pdf.opening import open_pages
from dossier.records import Warned

if TYPE_CHECKING:
    from dossier.ingest.pdf.ocr import Recogniser


def read_pdf(data: bytes, meta: Meta, recogniser: Recogniser | None = None) -> Draft:
    """Read a PDF report; `recogniser` reads its pages that are pictures. Raises InputError where nothing can be read."""
    warnings: list[Warned] = []
    laid = lay_out(open_pages(data, warnings=warnings, recogniser=recogniser))
    return Draft(laid.text, laid.boxes, laid.blocks, None, laid.pages, warnings, marks=laid.marks)
