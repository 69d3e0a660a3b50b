"""The parts of a DOCX, to look up what stands in a paragraph. How paragraphs were laid out makes no difference here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from dossier.ingest.docx.read import NOTE_KINDS, open_stories
from dossier.ingest.docx.story import every_paragraph
from dossier.ingest.reflow import CONTROLS, SOFT

_UNSEEN = re.compile(rf"[\s{CONTROLS}{SOFT}]+")


class DocxOriginal:
    """The text of every paragraph, by part and number."""

    def __init__(self, data: bytes, encoding: str | None, recogniser: object = None) -> None:
        stories = open_stories(data)
        found = [(stories.package.main, stories.read[stories.package.main])]
        found += [each for kind in (*NOTE_KINDS, "header", "footer") for each in stories.of_kind(kind)]
        self._paragraphs: dict[tuple[str, int], str] = {}
        for part, story in found:
            for items in (story.items, *story.notes.values()):
                self._paragraphs.update({(part, each.number): each.text for each in every_paragraph(items)})

    def reads(self, source: dict[str, Any], quote: str) -> str | None:
        """White space, and marks that show nothing, make no difference."""
        words = [self._paragraphs.get((p, n), "")[max(s, 0) : max(e, 0)] for p, n, s, e in _stretches(source)]
        return None if _letters("".join(words)) == _letters(quote) else " ".join(words)

    def where(self, source: dict[str, Any]) -> str:
        places: dict[str, list[int]] = {}
        for part, number, *_ in _stretches(source):
            places.setdefault(part, []).append(number)
        return ", ".join(
            f"{part}, paragraph {min(n)}" + (f" to {max(n)}" if max(n) > min(n) else "") for part, n in places.items()
        )

    def gap(self, source: dict[str, Any] | None = None) -> str | None:
        return None


def _stretches(source: dict[str, Any]) -> Iterator[tuple[str, int, int, int]]:
    for each in (source, *source.get("more", ())):
        yield each.get("part", ""), each.get("paragraph", 0), each.get("start", 0), each.get("end", 0)


def _letters(words: str) -> str:
    return _UNSEEN.sub("", words)
