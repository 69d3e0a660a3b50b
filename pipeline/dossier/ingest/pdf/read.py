"""One PDF into text in reading order, its blocks, and the box of every character."""

from __future__ import annotations

from dossier.ingest.draft import Draft
from dossier.ingest.meta import Meta
from dossier.ingest.pdf.layout.document import lay_out
from dossier.ingest.pdf.opening import open_pages
from dossier.records import Warned


def read_pdf(data: bytes, meta: Meta) -> Draft:
    """Read a PDF report. Raises InputError where it cannot be read at all."""
    warnings: list[Warned] = []
    laid = lay_out(open_pages(data, warnings=warnings))
    return Draft(laid.text, laid.boxes, laid.blocks, None, laid.pages, warnings, marks=laid.marks)
