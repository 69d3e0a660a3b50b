"""Notes that stand where they are printed: lists of notes after a section."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dossier.ingest.pdf.layout.kinds import note_label
from dossier.ingest.pdf.layout.lines import Laid
from dossier.ingest.shapes import NOTES_HEADING

_BRACKETED = re.compile(r"\[\d{1,3}\]\s*\S")


def number_notes(blocks: Sequence[Laid]) -> None:
    """Make notes of the blocks that begin `[n]`, and of those numbered from 1 under a heading such as Notes."""
    expected = 0
    for block in blocks:
        if block.kind in ("heading", "title"):
            expected = 1 if NOTES_HEADING.fullmatch(block.text.strip(" :.")) else 0
            continue
        if block.kind not in ("paragraph", "list_item"):
            continue
        if _BRACKETED.match(block.text):
            block.kind, block.level, block.mark = "note", 0, 0
            continue
        label, length, _ = note_label(block.lines[0])
        if expected and label and int(label) == expected:
            block.kind, block.level, block.mark, block.label = "note", 0, 0, length
            expected += 1
