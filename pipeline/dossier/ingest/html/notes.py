"""The notes of a page: which links are markers, which chunks are notes, and what in a note only leads back.

A link with a number, a letter or a sign for its words, to a place below on the same page, is a marker; where it leads is a
note. So is an item of a counted list under a heading such as Notes.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import unquote

from dossier.ingest import shapes
from dossier.ingest.html.chunks import Chunk
from dossier.ingest.html.runs import Run
from dossier.ingest.html.walk import Anchor, Page

NOTE_CHUNKS = 8  # a longer element that a marker leads to is a part of the page, whose beginning is meant
HEAD = 60  # characters, in which the number of a note stands
_LABEL = re.compile(
    r"[\[(]?\s*(?:(?:note|nb|fn|n|ref)\.?\s*)?(?:(?P<n>\d{1,3})|(?P<sign>[*†‡§¶‖#]{1,3})|[a-z]{1,2}|[ivxl]{1,6})\s*[\])]?",
    re.I,
)
_BACK = re.compile(
    r"[\W_]{1,4}|[\[(]?(?:[a-z]{1,2}|(?:back|return|jump up|go back|to text|up|top)\b.{0,24}?)[\])]?", re.I
)
_PERMALINK = re.compile(r"[¶#§🔗\W]{1,2}")  # of a heading to itself
_CARET = re.compile(r"\s*[\^↑]\s*")
_NUMBERS = re.compile(r"\d{1,3}")
_RAISED = re.compile(r"\s*\(?\d{1,3}(?:\s*,\s*\d{1,3})*\)?\s*,?\s*")
_TAIL = re.compile(r"[\s.):\]]*")


class Marker(NamedTuple):
    """A stretch of a run, by its number, that marks a note; `target`: the run and the place in it that it leads to."""

    run: int
    start: int
    end: int
    target: tuple[int, int] | None = None


class _Found(NamedTuple):
    """A link to a place on the page."""

    run: Run
    start: int
    end: int
    words: str
    anchor: Anchor


def find_notes(page: Page) -> list[Marker]:
    """Name the chunks that are notes, and return the markers in order."""
    by_run = {run.number: i for i, chunk in enumerate(page.chunks) for run in chunk.runs}
    markers: list[Marker] = []
    targets: defaultdict[int, set[int]] = defaultdict(set)
    for i, chunk in enumerate(page.chunks):
        for found in _links(page, chunk):
            target = by_run.get(found.anchor.run)
            if target is not None and _leads_down(found) and _is_marker(found, chunk, page.chunks[target], target == i):
                markers.append(_marker(found))
                targets[target].add(found.anchor.at)
    for i, places in targets.items():
        if len(places) == 1 or page.chunks[i].kind or len(page.chunks[i].runs) > 1:
            page.chunks[i].kind = "note"
        else:
            page.chunks[i].notes = sorted(places)
    _name_notes(page.chunks)
    _join(page, {marker.target[0] for marker in markers if marker.target})
    known = {(marker.run, at) for marker in markers for at in range(marker.start, marker.end)}
    for chunk in page.chunks:
        if chunk.kind == "note":
            _find_head(page, chunk)
        elif chunk.kind == "heading":
            for found in _links(page, chunk):
                if _PERMALINK.fullmatch(found.words):
                    _cut(chunk, found)
        else:
            markers += _raised(chunk, known)
    return sorted(set(markers), key=lambda marker: marker[:3])


def _links(page: Page, chunk: Chunk) -> Iterator[_Found]:
    for run in chunk.runs:
        for start, end, link in run.links:
            if link.fragment and end - start <= 40:
                anchor = page.anchors.get(link.fragment) or page.anchors.get(unquote(link.fragment))
                if anchor:
                    yield _Found(run, start, end, run.text[start:end].strip(), anchor)


def _leads_down(found: _Found) -> bool:
    return (found.anchor.run, found.anchor.at) > (found.run.number, found.end)


def _is_marker(found: _Found, chunk: Chunk, target: Chunk, is_same: bool) -> bool:
    """Whether a link is the marker of a note, and no entry of a table of contents or of a row of pages."""
    label = _LABEL.fullmatch(found.words)
    if not label or target.kind == "heading" or chunk.context.notes or (is_same and "\n" not in found.run.text):
        return False
    run = found.run
    raised = run.is_raised(found.start)
    bracketed = "[" in (found.words[0], run.text[max(0, found.start - 1) : found.start])
    plain = not label["n"] and not label["sign"]
    if not plain and (raised or bracketed or label["sign"]):
        return True
    words = target.first.text[:40].lstrip(" [(\n")
    return target.context.notes or ((raised or bracketed) and plain) or words.startswith(found.words.strip(" []()"))


def _marker(found: _Found) -> Marker:
    """The link, with the brackets around it."""
    text, start, end = found.run.text, found.start, found.end
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if text[start - 1 : start] == "[" and text[end : end + 1] == "]":
        start, end = start - 1, end + 1
    return Marker(found.run.number, start, end, (found.anchor.run, found.anchor.at))


def _name_notes(chunks: list[Chunk]) -> None:
    """The other notes: of the lists that have notes, and of the counted lists under a heading that says so."""
    lists = {chunk.context.list for chunk in chunks if chunk.kind == "note" and chunk.context.item is not None}
    under = False
    for chunk in chunks:
        context = chunk.context
        if chunk.kind == "heading":
            under = bool(shapes.NOTES_HEADING.fullmatch(chunk.words.strip().rstrip(":")))
        elif chunk.kind == "list_item" and (context.list in lists or (context.ordered and (under or context.notes))):
            chunk.kind = "note"


def _join(page: Page, targets: set[int]) -> None:
    """Make one chunk of all the paragraphs of a note: of the element that the marker leads to, or of its list item."""
    ends = {anchor.run: anchor.last for anchor in page.anchors.values() if anchor.run in targets and not anchor.at}
    chunks: list[Chunk] = []
    last, joined = -1, 0
    for chunk in page.chunks:
        before = chunks[-1] if chunks else None
        goes_on = (
            before is not None and before.kind == "note" and chunk.kind in ("", "list_item", "quote", "value", "note")
        )
        item = before.context.item if before else None
        same = chunk.first.number <= last or (item is not None and chunk.context.item is item)
        same = same or (chunk.kind == "value" and before is not None and before.context.kind == "term")
        if before is not None and goes_on and same and joined < NOTE_CHUNKS and chunk.first.number not in targets:
            before.cells.append(chunk.runs)
            joined += 1
            continue
        chunks.append(chunk)
        last, joined = ends.get(chunk.first.number, -1), 0
    page.chunks = chunks


def _find_head(page: Page, chunk: Chunk) -> None:
    """Find the number of a note where its form does not tell it, and leave out what only leads back to the text."""
    first = chunk.first
    cuts: list[tuple[int, int]] = []
    if caret := _CARET.match(first.text):
        cuts.append(caret.span())
    for found in _links(page, chunk):
        if _leads_down(found):
            continue
        at_head = found.run is first and found.start < HEAD and not first.text[: found.start].strip(" ^↑[(\t\n")
        if at_head and _NUMBERS.fullmatch(found.words):
            chunk.head = found.start, found.end
        elif not (at_head and _LABEL.fullmatch(found.words) and "[" in found.words) and _BACK.fullmatch(found.words):
            _cut(chunk, found)
    if first.raised and first.raised[0][0] < HEAD and not first.text[: first.raised[0][0]].strip():
        start, end = first.raised[0]
        if _NUMBERS.fullmatch(first.text[start:end].strip()):
            chunk.head = start, end
    if chunk.head and first.text[: chunk.head[0]].strip():
        chunk.head = None  # in brackets: its form tells it
    if chunk.head and (tail := _TAIL.match(first.text, chunk.head[1])):
        chunk.head = chunk.head[0], tail.end()
    if cuts:
        chunk.cuts = chunk.cuts or {}
        chunk.cuts[first.number] = sorted([*cuts, *chunk.cuts.get(first.number, [])])


def _cut(chunk: Chunk, found: _Found) -> None:
    chunk.cuts = chunk.cuts or {}
    chunk.cuts.setdefault(found.run.number, []).append((found.start, found.end))


def _raised(chunk: Chunk, known: set[tuple[int, int]]) -> Iterator[Marker]:
    """Raised numbers that are no links."""
    for run in chunk.runs:
        for start, end in run.raised:
            if not _RAISED.fullmatch(run.text, start, end):
                continue
            for match in _NUMBERS.finditer(run.text, start, end):
                if (run.number, match.start()) not in known:
                    yield Marker(run.number, *match.span())
