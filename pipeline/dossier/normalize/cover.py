"""Which works a report cites for what it says: its notes, by where their markers stand."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import groupby

from dossier.records import Document, Span


class Cover:
    """Which works the markers of a document cite for a stretch of it: a marker covers back to the one before it."""

    def __init__(self, document: Document) -> None:
        blocks = document.blocks
        starts = [block.start for block in blocks]
        markers = sorted((marker.start, marker.end, note.works) for note in document.notes for marker in note.markers)
        self.covered: list[tuple[int, int, list[str]]] = []
        for number, inside in groupby(markers, key=lambda marker: bisect_right(starts, marker[0]) - 1):
            self._add(document.text, blocks[number].start if number >= 0 else 0, list(inside))
        self._starts = [start for start, _, _ in self.covered]

    def _add(self, text: str, at: int, markers: list[tuple[int, int, tuple[str, ...]]]) -> None:
        """The markers of one block; those that touch each other cover the same words."""
        last_end = -1
        for start, end, works in markers:
            if self.covered and last_end >= 0 and not text[last_end:start].strip():
                self.covered[-1][2].extend(works)
            else:
                self.covered.append((at, start, list(works)))
            at = last_end = end

    def works(self, span: Span) -> list[str]:
        """The works that are cited for a stretch of text, each once, in the order of their markers."""
        first = max(0, bisect_right(self._starts, span.start) - 1)
        last = bisect_left(self._starts, span.end)
        found = [
            work
            for start, end, works in self.covered[first:last]
            if start < span.end and end > span.start
            for work in works
        ]
        return list(dict.fromkeys(found))
