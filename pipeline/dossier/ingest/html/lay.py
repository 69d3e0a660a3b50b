"""Chunks of a page into blocks: which lines make one, and what it is."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property

from dossier.ingest import shapes
from dossier.ingest.html.chunks import Chunk
from dossier.ingest.html.runs import Run
from dossier.ingest.reflow import Laid as LaidLines
from dossier.ingest.reflow import Lines, glue, known_words
from dossier.ingest.text import classify, split_blocks

MAX_VALUE = 240  # characters of what stands beside a term, for the two to be a row
_WHOLE = frozenset(["heading", "caption", "list_item", "note", "row"])  # a line end in one is only where a line ends


@dataclass(slots=True)
class Part:
    """Characters `start` to `end` of a run; `before` is what stands between them and the part before."""

    run: Run
    start: int
    end: int
    before: str = " "


@dataclass
class Laid:
    """A block to be: its kind, its words, and the chunk that it is of."""

    kind: str
    level: int
    parts: list[Part]
    chunk: Chunk

    @cached_property
    def words(self) -> str:
        """Its text, as it will stand in the document."""
        first, *others = self.parts
        return first.run.text[first.start : first.end] + "".join(
            part.before + part.run.text[part.start : part.end] for part in others
        )


def lay_out(chunks: list[Chunk], marked: Collection[tuple[int, int]] = ()) -> list[Laid]:
    """The blocks of a page, in order, with their kinds. marked: the runs, and the places in them, where markers begin."""
    blocks = [block for chunk in _join_terms(chunks) for block in _split(chunk) if block.parts]
    before, level = "", 1
    expected = 0
    for i, block in enumerate(blocks):
        if not block.kind:
            starts = block.parts[0].run.number, block.parts[0].start
            block.kind = _kind_of(block, before, i + 1 < len(blocks), starts in marked)
            block.level = min(level + 1, 6) if block.kind == "heading" else 0
        if block.kind == "heading":
            level = block.level
            expected = 1 if shapes.NOTES_HEADING.fullmatch(block.words.rstrip(":")) else 0
        elif expected and block.kind in ("paragraph", "list_item", "row") and _number(block.words) == expected:
            block.kind, block.level, expected = "note", 0, expected + 1
        before = block.kind
    return blocks


def _join_terms(chunks: list[Chunk]) -> Iterator[Chunk]:
    """The two sides of a `dl` into rows where they are short, else an item and its paragraphs."""
    i = 0
    while i < len(chunks):
        chunk = chunks[i]
        after = chunks[i + 1] if i + 1 < len(chunks) else None
        alone = i + 2 >= len(chunks) or chunks[i + 2].kind != "value"
        i += 1
        if chunk.kind == "term" and after is not None and after.kind == "value" and alone and after.length <= MAX_VALUE:
            yield Chunk("row", [*chunk.cells, *after.cells])
            i += 1
        elif chunk.kind in ("term", "value"):
            yield Chunk("list_item" if chunk.kind == "term" else "", chunk.cells, 1 if chunk.kind == "term" else 0)
        else:
            yield chunk


def _split(chunk: Chunk) -> list[Laid]:
    if chunk.kind in _WHOLE:
        return [Laid(chunk.kind, chunk.level if chunk.kind != "note" else 0, _all_parts(chunk), chunk)]
    run = chunk.first
    if "\n" not in run.text:
        start, end = run.trim(0, run.length)
        return [Laid(chunk.kind, chunk.level, [Part(run, start, end)] if start < end else [], chunk)]
    lines = Lines(run.text)
    if not len(lines):
        return []
    laid = classify(lines, split_blocks(lines))
    known = known_words(lines, laid)
    blocks = []
    before = -1
    for each in laid:
        kind, level = each.kind, each.level
        if kind in ("title", "paragraph") or (kind == "heading" and not run.context.pre):
            kind, level = chunk.kind, 0
        at = bisect_right(chunk.notes, before)
        before = lines.end[each.last]
        if at < len(chunk.notes) and chunk.notes[at] < before:
            kind, level = "note", 0
        if chunk.kind == "quote" and kind != "note":
            kind, level = "quote", 0
        blocks.append(Laid(kind, level, _line_parts(run, lines, each, known), chunk))
    return blocks


def _line_parts(run: Run, lines: Lines, laid: LaidLines, known: frozenset[str]) -> list[Part]:
    parts: list[Part] = []
    before = ""
    for i in range(laid.first, laid.last + 1):
        end, space = lines.end[i], ""
        if i < laid.last:
            end, space = glue(run.text, end, lines.start[i + 1], known)
        if lines.start[i] < end:
            parts.append(Part(run, lines.start[i], end, before))
        before = space
    return parts


def _all_parts(chunk: Chunk) -> list[Part]:
    """The words of a chunk that is one block, whatever lines and cells it has."""
    parts: list[Part] = []
    cell_mark = "\t" if chunk.kind == "row" else " "
    for cell in chunk.cells:
        before = cell_mark
        for run in cell:
            for part in _run_parts(run, (chunk.cuts or {}).get(run.number, [])):
                if before:
                    part.before = before if parts else ""
                    before = ""
                parts.append(part)
            before = before or " "
    return parts


def _run_parts(run: Run, cuts: list[tuple[int, int]]) -> Iterator[Part]:
    """The lines of a run, without the stretches to be left out. The first part has yet to be told what stands before it."""
    lines = Lines(run.text)
    whole = [LaidLines("", 0, len(lines) - 1)] if len(lines) else []
    known = known_words(lines, whole)
    cut = 0
    for part in (part for laid in whole for part in _line_parts(run, lines, laid, known)):
        at, before = part.start, part.before
        while at < part.end:
            while cut < len(cuts) and cuts[cut][1] <= at:
                cut += 1
            start, end = cuts[cut] if cut < len(cuts) else (part.end, part.end)
            low, high = run.trim(at, min(max(start, at), part.end))
            if low < high:
                yield Part(run, low, high, before)
                before = " "
            at = max(end, at) if start < part.end else part.end


def _kind_of(block: Laid, before: str, goes_on: bool, is_marker: bool) -> str:
    words = block.words
    if not is_marker and words[0] in "[⁰¹²³⁴⁵⁶⁷⁸⁹" and shapes.note_label(words):
        return "note"
    if shapes.CAPTION.match(words):
        return "caption"
    strength = shapes.row(words)
    if strength == 2 or (strength == 1 and before == "row"):
        return "row"
    return "heading" if goes_on and _is_bold(block) and shapes.heading(words) else "paragraph"


def _is_bold(block: Laid) -> bool:
    run = block.chunk.first
    return run.bold >= run.length - 1 and len(block.parts) == 1


def _number(words: str) -> int:
    match = shapes.NUMBERED.match(words)
    return int(match["n"]) if match else -1
