"""Rows of dots, as in tables of contents: they leave the flow, and what they lead from is marked."""

from __future__ import annotations

import re

from dossier.ingest.pdf.layout.chunks import Chunk, PageText
from dossier.ingest.pdf.layout.glyphs import Floats, Frame

LEADER = re.compile(r"\s?(?:[.…·_‥]\s?){6,}")


def cut_leaders(chunk: Chunk, laid: tuple[Floats, Floats, Floats, Floats], frame: Frame, offset: int) -> list[Chunk]:
    """Cut a chunk before and after rows of dots."""
    text = chunk.text
    if ".." not in text and ". ." not in text and "__" not in text and "…" not in text and "·" not in text:
        return [chunk]
    parts: list[tuple[int, int]] = []
    at = 0
    for match in LEADER.finditer(text):
        parts += [(at, match.start()), match.span()]
        at = match.end()
    if not parts:
        return [chunk]
    cut = []
    for begin, end in [*parts, (at, len(text))]:
        words = text[begin:end]
        begin += len(words) - len(words.lstrip())
        words = words.strip()
        if not words:
            continue
        a, b = chunk.at - offset + begin, chunk.at - offset + begin + len(words)
        x0, _, x1, _ = frame.boxes(*(side[a:b] for side in laid))
        raised = tuple((s - begin, e - begin) for s, e in chunk.raised if s >= begin and e <= begin + len(words))
        cut.append(
            Chunk(
                float(x0.min()), chunk.top, float(x1.max()), chunk.bottom, chunk.base, chunk.size, words, a + offset,
                chunk.bold, chunk.starts_bold, chunk.ends_bold, chunk.italic, chunk.turned, False, False, raised,
            )
        )  # fmt: skip
    return cut


def mark_leading(made: PageText) -> None:
    """Mark the chunks from which a row of dots leads on."""
    for leader in made.leaders:
        if leader.text[0] in "_‥" or leader.turned:
            continue
        before = [
            chunk for chunk in made.chunks
            if abs(chunk.base - leader.base) < 0.3 * leader.size and chunk.x1 <= leader.x0 + leader.size and not chunk.turned
        ]  # fmt: skip
        if before:
            max(before, key=lambda chunk: chunk.x1).leads = True
