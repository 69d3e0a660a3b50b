"""One DOCX into text in reading order, its blocks and notes, and the way back to its paragraphs."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace

from dossier.errors import InputError
from dossier.ingest.docx.emit import Source, emit
from dossier.ingest.docx.lay import Laid, lay_note, lay_out
from dossier.ingest.docx.package import Package
from dossier.ingest.docx.properties import read_properties
from dossier.ingest.docx.story import Notes, Story, read_story
from dossier.ingest.docx.styles import Lists, Styles, read_styles
from dossier.ingest.draft import Draft
from dossier.ingest.meta import Meta, find_header
from dossier.ingest.reflow import warn_of_marks
from dossier.records import Warned

NOTE_KINDS = ("endnotes", "footnotes")  # footnotes stand at the end of the document
_LEFT_OUT = ("pictures", "charts", "diagrams", "objects", "files", "comments")
_NAMED = {"objects": "embedded objects", "files": "inserted files"}


@dataclass(slots=True)
class Stories:
    """The parts of a package that hold text. `notes`: their numbers, as the main part points to them."""

    package: Package
    styles: Styles = field(default_factory=Styles)
    lists: Lists = field(default_factory=Lists)
    notes: Notes = field(default_factory=Notes)
    read: dict[str, Story] = field(default_factory=dict)
    warnings: list[Warned] = field(default_factory=list)

    def of_kind(self, kind: str) -> list[tuple[str, Story]]:
        """The parts of a kind that the main part is related to, by name; a broken one is left out with a warning."""
        found = []
        for part in self._related(kind):
            if part not in self.read:
                self._read(part)
            if part in self.read:
                found.append((part, self.read[part]))
        return found

    def _related(self, kind: str) -> list[str]:
        try:
            return self.package.of_kind(self.package.main, kind)
        except InputError as error:
            self._warn(error)
            return []

    def _read(self, part: str) -> None:
        try:
            data = self.package.read(part)
            if data is not None:
                self.read[part] = read_story(data, part, self.styles, self.notes)
        except InputError as error:
            self._warn(error)

    def _warn(self, error: InputError) -> None:
        if error.code != "malformed":
            raise error
        warning = Warned("part_unreadable", f"{error.reason}; what it says is missing")
        if warning not in self.warnings:
            self.warnings.append(warning)


def open_stories(data: bytes) -> Stories:
    """Read the main part of a DOCX. Raises InputError, as `Package` and `read_story` do."""
    package = Package(data)
    stories = Stories(package)
    try:
        stories.styles, stories.lists = read_styles(package)
    except InputError as error:
        stories._warn(error)
    main = package.read(package.main) or b""
    stories.read[package.main] = read_story(main, package.main, stories.styles, stories.notes)
    return stories


def read_docx(data: bytes, meta: Meta) -> Draft:
    """Read a DOCX report. Raises InputError where nothing can be read."""
    stories = open_stories(data)
    main = stories.package.main
    source, seen = Source(), Counter(stories.read[main].seen)
    source.add(main, stories.read[main].items)
    blocks = lay_out(stories.read[main].items, stories.styles, stories.lists)
    for part, story in [each for kind in NOTE_KINDS for each in stories.of_kind(kind)]:
        blocks += _lay_notes(source, part, story, stories.notes)
        seen += story.seen
    for part, story in [*stories.of_kind("header"), *stories.of_kind("footer")]:
        source.add(part, story.items)  # not in the text, and kept in the map
    text, offsets, made, marks = emit(source, blocks)
    if not made:
        raise InputError("empty", _say_empty(seen))
    warnings = [*stories.warnings, *_warn(source, seen), *warn_of_marks(source.text)]
    stated = read_properties(stories.package)
    shown = find_header(text, made)  # what the report shows is better than what its file notes
    stated = replace(
        stated,
        title=shown.title or stated.title,
        date=shown.date or stated.date,
        publisher=shown.publisher or stated.publisher,
    )
    return Draft(text, offsets, made, None, None, warnings, stated, marks)


def _lay_notes(source: Source, part: str, story: Story, notes: Notes) -> list[Laid]:
    """The notes of a part in the order of their marks. One that nothing points to is not shown, and left out."""
    blocks = []
    last = len(notes.pointed)
    for key in sorted(story.notes, key=lambda key: notes.pointed.get(key, last)):
        source.add(part, story.notes[key])
        laid = lay_note(key, story.notes[key]) if key in notes.pointed else None
        if laid is not None:
            blocks.append(laid)
    return blocks


def _warn(source: Source, seen: Counter[str]) -> list[Warned]:
    warnings = []
    if seen["insertions"] + seen["deletions"] + seen["moves"]:
        words = (
            f"tracked changes: {_count(seen, 'insertions')} in the text, {_count(seen, 'deletions')} "
            f"({seen['deleted characters']:,} characters) left out"
        )
        words += f", {_count(seen, 'moves')} carried out" if seen["moves"] else ""
        warnings.append(Warned("tracked_changes", f"{words}; it may be a draft: look for the final version"))
    if left := [_count(seen, what) for what in _LEFT_OUT if seen[what]]:
        warnings.append(Warned("not_read", f"not read: {', '.join(left)}; words in them are missing from the text"))
    hidden = sum(end - start for paragraph in source.paragraphs for start, end in paragraph.hidden)
    if hidden:
        warnings.append(Warned("hidden_text", f"hidden text: {hidden:,} characters that are not shown were left out"))
    return warnings


def _count(seen: Counter[str], what: str) -> str:
    """`1 picture`, `2 pictures`."""
    name = _NAMED.get(what, what)
    return f"{seen[what]:,} {name.removesuffix('s') if seen[what] == 1 else name}"


def _say_empty(seen: Counter[str]) -> str:
    pictures = f", only {_count(seen, 'pictures')}" if seen["pictures"] else ""
    return f"empty: the document has no text{pictures}; print it to PDF and use --ocr, or look for a better copy"
