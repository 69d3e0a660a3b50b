"""The pages of a document, laid out one by one and then read as a whole."""

from __future__ import annotations

from collections.abc import Iterable

from dossier.boxes import BoxMap
from dossier.ingest.pdf.layout.chunks import read_page
from dossier.ingest.pdf.layout.flow import Flow, known_words
from dossier.ingest.pdf.layout.lines import Laid, make_line, rows_of
from dossier.ingest.pdf.page import Page
from dossier.records import Block


def lay_out(pages: Iterable[Page]) -> tuple[str, BoxMap, list[Block], int]:
    """Put the pages in reading order. Returns the text, the boxes of its characters, its blocks, and the number of pages."""
    texts = [read_page(page) for page in pages]
    blocks: list[Laid] = []
    for page in texts:
        last = None
        for row in rows_of(page.chunks):
            line = make_line(page, row)
            if last is not None and line.base - last.base < 1.5 * line.size and blocks:
                blocks[-1].lines.append(line)
            else:
                blocks.append(Laid("paragraph", [line]))
            last = line
    flow = Flow(known_words(blocks))
    for block in blocks:
        flow.add(block)
    text, boxes, made = flow.finish()
    return text, boxes, made, len(texts)
