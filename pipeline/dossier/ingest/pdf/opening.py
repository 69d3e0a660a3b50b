"""From the bytes of a PDF to its pages."""

from __future__ import annotations

from collections.abc import Iterator

from dossier.ingest.pdf.page import Page


def open_pages(data: bytes) -> Iterator[Page]:
    """Yield the pages of a PDF in order; each one is let go before the next is read."""
    from dossier.ingest.pdf.document import PlumbedPdf
    from dossier.ingest.pdf.limits import Budget

    pdf = PlumbedPdf(data, Budget(len(data)))
    for i in range(len(pdf)):
        yield pdf.read(i).page
