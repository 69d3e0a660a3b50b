"""Notes at the foot of a page or column: found, cut into single notes, and joined where they run over a page's end."""

from __future__ import annotations

from collections.abc import Sequence

from dossier.ingest.pdf.layout.kinds import MARKER, NUMBER, note_label
from dossier.ingest.pdf.layout.lines import Laid, Line
from dossier.ingest.pdf.layout.regions import Region
from dossier.ingest.pdf.layout.rules import Drawn
from dossier.ingest.pdf.page import Box

SMALL = 0.94  # of the running text; notes are set smaller
RULE_LEAST, RULE_MOST, RULE_WHOLE = 18.0, 0.75, 1.05  # points, and of the column: how long the rule over notes is
LOWER = 0.4  # of the page's height: notes without a rule end below


def raised_numbers(regions: Sequence[Region], kind: str) -> set[str]:
    """The numbers that stand raised inside the lines of the columns or tables of a page: what points to its notes."""
    found: set[str] = set()
    for region in regions:
        if region.kind != kind:
            continue
        for line in region.lines:
            for number, chunk in enumerate(line.chunks):
                for start, end in chunk.raised:
                    words = chunk.text[start:end].strip()
                    if (start or number) and MARKER.fullmatch(words):
                        found.update(NUMBER.findall(words))
    return found


def take_notes(region: Region, drawn: Drawn, em: float, height: float, markers: set[str]) -> list[Line]:
    """Take the lines of notes off the foot of a column. height: of the page."""
    lines = region.lines
    if region.kind != "column" or region.frame:
        return []
    start = len(lines)
    for i in range(len(lines) - 1, -1, -1):
        line = lines[i]
        label, _, raised = note_label(line)
        small = line.size <= SMALL * em
        short = not (small and label and (raised or label in markers))
        ruled = _is_ruled(lines[i - 1] if i else None, line, region, drawn.across, short=short)
        if line.size > (1.02 if ruled else SMALL) * em:
            break
        told = label in markers and (raised or line.text[0] != "[") and lines[-1].bottom > LOWER * height
        if (ruled and (label or small)) or (label and told):
            start = i
        if ruled:
            break
    region.lines = lines[:start]
    return lines[start:]


def _is_ruled(before: Line | None, line: Line, region: Region, across: Sequence[Box], *, short: bool) -> bool:
    """Whether a rule stands over a line, as over the notes of a column; a short one, or one of the column's width."""
    upper = before.base + 0.4 * before.size if before is not None else line.top - 1.5 * line.size
    most = max((RULE_MOST if short else RULE_WHOLE) * (region.x1 - region.x0), 3 * RULE_LEAST)
    return any(
        upper <= rule.top <= line.top + 0.35 * line.size
        and line.top - rule.top < 2.2 * line.size
        and RULE_LEAST <= rule.x1 - rule.x0 <= most
        and (abs(rule.x0 - region.x0) < 1.5 * line.size or abs(rule.x1 - region.x1) < 1.5 * line.size)
        for rule in across
    )


def cut_notes(lines: Sequence[Line]) -> list[Laid]:
    """The single notes of a foot. The first has no `label` where it goes on with a note begun before."""
    notes: list[Laid] = []
    last = 0
    style: bool | None = None
    for line in lines:
        label, length, raised = note_label(line)
        number = int(label) if label else 0
        follows = bool(label) and ((style is None) or (raised == style and (raised or last < number <= last + 2)))
        if follows:
            style, last = raised, number
            notes.append(Laid("note", [line], label=length))
        elif notes:
            notes[-1].lines.append(line)
        else:
            notes.append(Laid("note", [line]))
    return notes


def join_notes(feet: Sequence[Sequence[Laid]]) -> list[Laid]:
    """The notes of all feet, in order; what goes on from one foot to the next is one note."""
    notes: list[Laid] = []
    for foot in feet:
        for number, note in enumerate(foot):
            if number == 0 and not note.label and notes:
                notes[-1].lines += note.lines
            else:
                notes.append(note)
    return notes
