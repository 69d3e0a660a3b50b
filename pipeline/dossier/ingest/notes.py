"""Numbered notes, and the markers in the text that point to them.

Numbers start again in every section, so a marker belongs to the next list of notes below it that has its number, unless the
page itself says to which note it points.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from dossier.ingest.draft import Mark
from dossier.ingest.shapes import NOTE, NUMBERED, RAISED
from dossier.records import Block, Note, Span, Warned

MAX_WARNINGS = 20  # places named; the rest are counted
MAX_RANGE = 50  # notes that one `[a-b]` can stand for
_MARKER = re.compile(
    r"\[(?P<n>\d{1,3}(?:\s?[,;–-]\s?\d{1,3})*)\]|\[\^(?P<label>[\w.-]{1,40})\]|(?<=[^\s⁰¹²³⁴-⁹])(?P<raised>[⁰¹²³⁴-⁹]{1,3})"
)
_UNIT = re.compile(r"\b[kcdm]?m\Z")  # km², m³


@dataclass(slots=True)
class _Entry:
    in_list: int  # counted from 1
    label: str
    n: int
    block: int  # where its block begins
    start: int
    end: int
    markers: list[Span] = field(default_factory=list)


def link_notes(text: str, blocks: Sequence[Block], marks: Sequence[Mark] = ()) -> tuple[list[Note], list[Warned]]:
    """Read the note blocks of a text and link every marker of its other blocks.

    marks: numbers that are markers, or head a note, by how they are printed. A note's `start` and `end` are the span of its
    words without its number, `text` those words.
    """
    entries = _read_notes(text, blocks, {mark.start: mark.end for mark in marks})
    missed = _link(text, blocks, marks, entries)
    notes = [Note(e.in_list, e.n, e.start, e.end, text[e.start : e.end], (), tuple(e.markers)) for e in entries]
    return notes, _warn(missed)


def _read_notes(text: str, blocks: Sequence[Block], heads: Mapping[int, int]) -> list[_Entry]:
    """Notes in order; a list ends where another block stands between, or where numbers start again."""
    entries: list[_Entry] = []
    before: Block | None = None
    count = place = last = 0
    for block in blocks:
        if block.kind == "note":
            label, start = _head(text, block, heads)
            fresh = before is None or before.kind != "note"
            place = 1 if fresh else place + 1
            n = int(label) if label.isdecimal() else place
            if fresh or n <= last:
                count += 1
                place = 1
            last = n
            if start < block.end:
                entries.append(_Entry(count, label or str(n), n, block.start, start, block.end))
        before = block
    return entries


def _head(text: str, block: Block, heads: Mapping[int, int]) -> tuple[str, int]:
    """The label of a note, empty where it has none, and where its words begin."""
    if (end := heads.get(block.start)) is not None:
        words = text[block.start : end].translate(RAISED).strip(" ()[].")
        return words, min(block.end, end + len(text[end : block.end]) - len(text[end : block.end].lstrip()))
    match = NOTE.match(text, block.start, block.end) or NUMBERED.match(text, block.start, block.end)
    return _label(match), match.end() if match else block.start


def _label(match: re.Match[str] | None) -> str:
    if match is None:
        return ""
    groups = match.groupdict()
    return groups.get("n") or groups.get("label") or (groups.get("raised") or "").translate(RAISED)


def _link(text: str, blocks: Sequence[Block], marks: Sequence[Mark], entries: list[_Entry]) -> list[str]:
    """Give the entries their markers. Returns what could not be linked, or only over another list, in words."""
    by_label: dict[str, list[_Entry]] = defaultdict(list)
    begins: list[int] = []
    for entry in entries:
        by_label[entry.label].append(entry)
        while len(begins) < entry.in_list:
            begins.append(entry.start)
    missed = []
    by_block = {entry.block: entry for entry in entries}
    for span, label, is_raised, note in _markers(text, blocks, marks):
        if note is not None and note in by_block:
            by_block[note].markers.append(span)
            continue
        below = by_label.get(label, [])
        at = bisect_right(below, span.start, key=lambda entry: entry.start)
        if at < len(below):
            below[at].markers.append(span)
        words = f"note marker {text[span.start : span.end]!r} at character {span.start}"
        nearest = bisect_right(begins, span.start) + 1
        if at == len(below) and not is_raised:
            missed.append(f"{words} has no note {label} below it")
        elif at < len(below) and below[at].in_list > nearest:
            missed.append(
                f"{words} was linked over note list {nearest}, which has no {label}, to list {below[at].in_list}"
            )
    return missed


def _markers(text: str, blocks: Sequence[Block], marks: Sequence[Mark]) -> Iterator[tuple[Span, str, bool, int | None]]:
    """Every marker outside the notes: its span, one label at a time, whether it is a raised number, and its note if known."""
    printed = iter(marks)
    covered = {mark.start: mark.end for mark in marks if mark.note is not None}
    mark = next(printed, None)
    for block in blocks:
        while mark is not None and mark.start < block.start:
            mark = next(printed, None)
        if block.kind == "note":
            continue
        found: list[tuple[Span, str, bool, int | None]] = []
        for match in _MARKER.finditer(text, block.start, block.end):
            if match["raised"] and _is_unit(text, block, match.start()):
                continue
            if covered.get(match.start(), 0) >= match.end():
                continue  # it is one by where it leads, too
            found += [(Span(*match.span()), label, bool(match["raised"]), None) for label in _labels(match)]
        while mark is not None and mark.start < block.end:
            if not _is_unit(text, block, mark.start):
                found.append((Span(mark.start, mark.end), text[mark.start : mark.end], True, mark.note))
            mark = next(printed, None)
        yield from sorted(found, key=lambda each: each[0])


def _is_unit(text: str, block: Block, at: int) -> bool:
    return bool(_UNIT.search(text, max(block.start, at - 3), at))


def _labels(match: re.Match[str]) -> list[str]:
    """`[2, 4-6]` -> 2, 4, 5, 6."""
    if match["n"] is None:
        return [match["label"] or match["raised"].translate(RAISED)]
    found: list[int] = []
    for part in re.split("[,;]", match["n"]):
        first, *last = (int(n) for n in re.split("[–-]", part))
        found += range(first, min((last or [first])[-1], first + MAX_RANGE) + 1)
    return [str(n) for n in found]


def _warn(missed: list[str]) -> list[Warned]:
    warnings = [Warned("note_unlinked", f"{words}; what it cites is not known") for words in missed[:MAX_WARNINGS]]
    if len(missed) > MAX_WARNINGS:
        warnings.append(Warned("note_unlinked", f"{len(missed) - MAX_WARNINGS} more note markers like these"))
    return warnings
