"""One page -> its text in chunks, before anybody asks in which order they are read."""

from __future__ import annotations

import numpy as np

from dossier.ingest.pdf.layout.chunks import Chunk, PageText
from dossier.ingest.pdf.layout.glyphs import Floats, Frame, split_by_turn
from dossier.ingest.pdf.layout.leaders import LEADER, mark_leading
from dossier.ingest.pdf.layout.words import Writer
from dossier.ingest.pdf.page import Box, Page, Shape


def read_page(page: Page) -> PageText:
    """Put the glyphs of a page into chunks. Never raises, whatever stands where."""
    made = PageText(page.number, page.width, page.height)
    frame = Frame(0, page.width, page.height)
    boxes: list[tuple[Floats, Floats, Floats, Floats]] = []
    at = 0
    for number, glyphs in enumerate(split_by_turn(page)):
        if number == 0:
            frame = glyphs.frame
        chunks, laid = Writer(page, glyphs, at).build()
        if number:
            for chunk in chunks:
                _turn_into(chunk, glyphs.frame, frame)
        boxes.append(laid)
        at += len(laid[0])
        for chunk in chunks:
            (made.leaders if LEADER.fullmatch(chunk.text) else made.chunks).append(chunk)
    mark_leading(made)
    made.width, made.height = frame.size
    made.turned = frame.turn != 0
    if boxes:
        made.x0, made.top, made.x1, made.bottom = (np.concatenate([b[k] for b in boxes]) for k in range(4))
    made.shapes = [Shape(frame.box(shape.box), shape.filled, shape.stroked) for shape in page.shapes]
    made.images = [frame.box(image) for image in page.images]
    return made


def _turn_into(chunk: Chunk, own: Frame, frame: Frame) -> None:
    """Move a chunk read in its own frame into the frame of its page."""
    on_page = own.back().box(Box(chunk.x0, chunk.top, chunk.x1, chunk.bottom))
    chunk.x0, chunk.top, chunk.x1, chunk.bottom = frame.box(on_page)
    chunk.base, chunk.turned = chunk.bottom, True
