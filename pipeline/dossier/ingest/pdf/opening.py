"""The pages of a PDF, one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from dossier.ingest.pdf.page import Page


def open_pages(data: bytes) -> Iterator[Page]:
    """Yield the pages of a PDF in order; each one is let go before the next is read."""
    import pdfplumber
    from pdfminer.pdfinterp import PDFPageInterpreter

    from dossier.ingest.pdf.device import GlyphDevice, upright

    with pdfplumber.open(BytesIO(data)) as pdf:
        device = GlyphDevice(pdf.rsrcmgr)
        interpreter = PDFPageInterpreter(pdf.rsrcmgr, device)
        fonts: list[str] = []
        for number, plumbed in enumerate(pdf.pages, 1):
            raw: Any = plumbed.page_obj
            turn = raw.rotate % 360 // 90 * 90
            x0, y0, x1, y1 = raw.cropbox
            width, height = (y1 - y0, x1 - x0) if turn % 180 else (x1 - x0, y1 - y0)
            device.page = Page(number, width, height, fonts)
            interpreter.render_contents(raw.resources, raw.contents, ctm=upright(raw.cropbox, turn))  # type: ignore[arg-type]
            plumbed.close()
            yield device.page
