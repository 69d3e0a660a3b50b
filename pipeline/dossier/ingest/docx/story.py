"""The paragraphs of one part of a document, with all that stands in them, in the order of the file.

The text of a paragraph is that of its runs: `w:t` and `m:t` as they are; `w:tab` a tab, `w:br` and `w:cr` a line break,
`w:noBreakHyphen` a hyphen, `w:softHyphen` U+00AD, `w:sym` its character; a mark of a note `[n]`, n counted from the beginning
of the document. No part of it are what tracked changes took out (`w:del`, `w:moveFrom`), the instructions of fields, how to
pronounce a word (`w:rt`), the second form of what stands there twice (`mc:Fallback`), what a form asks for, and paragraphs in
text boxes, which are paragraphs of their own. Paragraphs are counted from 1, every `w:p` of the part by where it begins.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from dossier.errors import InputError
from dossier.ingest.docx.styles import ListPlace, Look, Styles, number
from dossier.ingest.docx.xml import Attributes, is_on, parse
from dossier.ingest.symbol_fonts import sign

MAX_PARAGRAPHS = 500_000  # of one part
MAX_FIELDS = 50  # in each other
NoteKey = tuple[str, str]  # `footnote` or `endnote`, and its id in the file


@dataclass(slots=True)
class Mark:
    """Characters `start` to `end` of a paragraph that point to a note; without one, a raised number."""

    start: int
    end: int
    note: NoteKey | None = None


@dataclass(slots=True)
class Paragraph:
    """`goes_on`: its end was taken out, so the next one belongs to it. `hidden`: characters that are not shown.

    `contents`: it belongs to a table of contents; `in_box`: to a text box; `bold`: how many characters are.
    """

    number: int
    text: str = ""
    style: str = ""
    place: ListPlace | None = None
    outline: int | None = None
    goes_on: bool = False
    in_box: bool = False
    contents: bool = False
    bold: int = 0
    hidden: list[tuple[int, int]] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)


@dataclass(slots=True)
class Table:
    rows: list[list[list[Item]]] = field(default_factory=list)


Item = Paragraph | Table


@dataclass(slots=True)
class Notes:
    """The notes that the document points to, in that order, and their numbers. One with a mark of its own has none."""

    pointed: dict[NoteKey, int] = field(default_factory=dict)  # -> its place in the order
    numbers: dict[NoteKey, int] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)

    def point(self, key: NoteKey) -> None:
        self.pointed.setdefault(key, len(self.pointed))

    def number(self, key: NoteKey) -> int:
        if key not in self.numbers:
            self.counts[key[0]] += 1
            self.numbers[key] = self.counts[key[0]]
        return self.numbers[key]


@dataclass(slots=True)
class Story:
    """A part, read. `notes`: the items of each note where it is a part of notes; `seen`: what else there was, counted."""

    items: list[Item] = field(default_factory=list)
    notes: dict[NoteKey, list[Item]] = field(default_factory=dict)
    seen: Counter[str] = field(default_factory=Counter)


def every_paragraph(items: Sequence[Item]) -> list[Paragraph]:
    """The paragraphs of items and of the tables in them, in their order."""
    found: list[Paragraph] = []
    waiting = list(reversed(items))
    while waiting:
        item = waiting.pop()
        if isinstance(item, Table):
            waiting += [each for row in reversed(item.rows) for cell in reversed(row) for each in reversed(cell)]
        else:
            found.append(item)
    return found


def read_story(data: bytes, part: str, styles: Styles, notes: Notes) -> Story:
    """Read a part. `notes` gets the numbers of notes as the document points to them, and gives them in a part of notes.

    Raises InputError, as `xml.parse` does, and too_large for too many paragraphs.
    """
    walker = _Walker(part, styles, notes)
    parse(data, part, walker)
    return walker.story


_SKIPPED = frozenset(
    """w:pPrChange w:rPrChange w:sectPrChange w:tblPrChange w:tblPrExChange w:tcPrChange w:trPrChange w:tblGridChange
    w:numberingChange w:instrText w:delInstrText w:rt w:sectPr w:tblPr w:tblGrid""".split()
)
_TAKEN_OUT = {"w:del": "deletions", "w:moveFrom": "moves"}
_CHARACTERS = {
    "w:tab": "\t", "w:ptab": "\t", "w:br": "\n", "w:cr": "\n", "w:noBreakHyphen": "-", "w:softHyphen": "\u00ad",
}  # fmt: skip
_COUNTED = {
    "w:ins": "insertions", "pic:pic": "pictures", "w:commentReference": "comments", "w:altChunk": "files",
    "c:chart": "charts", "dgm:relIds": "diagrams", "w:object": "objects",
}  # fmt: skip
_TEXT = frozenset(["w:t", "m:t", "w:delText"])


@dataclass(slots=True)
class _Frame:
    """What is open in a text box, or in the part itself: the run, and the fields, True where an instruction is."""

    look: Look = field(default_factory=Look)
    fields: list[bool] = field(default_factory=list)
    custom: Mark | None = None


class _Walker:
    def __init__(self, part: str, styles: Styles, notes: Notes) -> None:
        self.story = Story()
        self._part, self._styles, self._notes = part, styles, notes
        self._open: list[str] = []  # the names of the elements around
        self._skipped = 0  # the depth at which what is passed over began
        self._is_text = False
        self._count = 0
        self._paragraphs: list[Paragraph] = []
        self._pieces: list[list[str]] = []
        self._lengths: list[int] = []
        self._containers: list[list[Item]] = [self.story.items]
        self._boxes: list[list[Item]] = []  # of each open paragraph
        self._tables: list[Table] = []
        self._rows: list[bool] = []  # whether each open one was taken out
        self._frames = [_Frame()]
        self._alternatives: list[bool] = []  # whether one was taken
        self._forms: list[Attributes] = []
        self._note: NoteKey | None = None
        self._begin: dict[str, Callable[[Attributes], None]] = {
            "w:p": self._begin_paragraph, "w:r": self._begin_run, "m:r": self._begin_run, "w:sym": self._put_sign,
            "w:tbl": self._begin_table, "w:tr": self._begin_row, "w:tc": self._begin_cell, "w:txbxContent": self._begin_box,
            "w:fldChar": self._turn_field, "w:footnoteReference": self._point, "w:endnoteReference": self._point,
            "w:footnoteRef": self._put_label, "w:endnoteRef": self._put_label, "w:footnote": self._begin_note,
            "w:endnote": self._begin_note, "w:sdt": self._forms.append, "w:sdtContent": self._begin_form,
            "mc:AlternateContent": self._begin_alternatives,
            "mc:Choice": self._choose, "mc:Fallback": self._choose, "v:imagedata": self._count_picture,
        }  # fmt: skip
        self._finish: dict[str, Callable[[], object]] = {
            "w:p": self._end_paragraph, "w:r": self._end_run, "m:r": self._end_run, "w:tbl": self._end_table,
            "w:tr": self._end_row, "w:tc": self._end_cell, "w:txbxContent": self._end_box, "w:sdt": self._forms.pop,
            "w:footnote": self._end_note, "w:endnote": self._end_note, "mc:AlternateContent": self._alternatives.pop,
        }  # fmt: skip
        self._property: dict[str, Callable[[Attributes], None]] = {
            "w:pStyle": self._set_style, "w:numId": self._set_list, "w:ilvl": self._set_level, "w:outlineLvl": self._set_outline,
            "w:framePr": self._set_frame, "w:vanish": self._hide, "w:b": self._set_bold, "w:vertAlign": self._raise,
            "w:rStyle": self._set_look, "w:showingPlcHdr": self._set_placeholder, "w:docPartGallery": self._set_gallery,
        }  # fmt: skip

    # ------------------------------------------------------------ what the parser says

    def start(self, name: str, attributes: Attributes) -> None:
        around = self._open[-1] if self._open else ""
        self._open.append(name)
        if name == "w:p":
            self._count += 1
            if self._count > MAX_PARAGRAPHS:
                raise InputError(
                    "too_large", f"too large: {self._part} has over {MAX_PARAGRAPHS:,} paragraphs; split the report"
                )
        if name in _TEXT:
            self._is_text = True
            return
        if self._skipped:
            return
        if name in _TAKEN_OUT:
            self._take_out(name, around)
        elif name in _SKIPPED:
            self._skipped = len(self._open)
        elif name in self._property:
            self._property[name](attributes)
        else:
            if name in _COUNTED and around != "w:rPr":
                self.story.seen[_COUNTED[name]] += 1
            if name in _CHARACTERS and around == "w:r":
                self._put(_CHARACTERS[name])
            elif begin := self._begin.get(name):
                begin(attributes)

    def end(self, name: str) -> None:
        if name in _TEXT:
            self._is_text = False
        if self._skipped:
            if self._skipped == len(self._open):
                self._skipped = 0
        elif finish := self._finish.get(name):
            finish()
        self._open.pop()

    def text(self, words: str) -> None:
        if not self._is_text:
            return
        if not self._skipped:
            self._put(words)
        elif self._open[self._skipped - 1] == "w:del":
            self.story.seen["deleted characters"] += len(words)

    def _take_out(self, name: str, around: str) -> None:
        """A tracked change that took something out: words, the end of a paragraph, or a row."""
        if around == "w:rPr":
            if self._paragraphs:
                self._paragraphs[-1].goes_on = True
        elif around == "w:trPr":
            self.story.seen[_TAKEN_OUT[name]] += 1
            if self._rows:
                self._rows[-1] = True
        else:
            self.story.seen[_TAKEN_OUT[name]] += 1
        self._skipped = len(self._open)

    # ------------------------------------------------------------ paragraphs and what they stand in

    def _begin_paragraph(self, _: Attributes) -> None:
        made = Paragraph(self._count, in_box=len(self._frames) > 1)
        made.contents = any("contents" in form for form in self._forms)
        self._paragraphs.append(made)
        self._pieces.append([])
        self._lengths.append(0)
        self._boxes.append([])

    def _end_paragraph(self) -> None:
        made = self._paragraphs.pop()
        made.text = "".join(self._pieces.pop())
        self._lengths.pop()
        self._frames[-1].fields = [False] * len(self._frames[-1].fields)
        self._containers[-1].append(made)
        self._containers[-1] += self._boxes.pop()

    def _begin_box(self, _: Attributes) -> None:
        self._frames.append(_Frame())
        self._containers.append([])

    def _end_box(self) -> None:
        self._frames.pop()
        found = self._containers.pop()
        if self._boxes:
            self._boxes[-1] += found
        else:
            self._containers[-1] += found

    def _begin_table(self, _: Attributes) -> None:
        self._tables.append(Table())

    def _end_table(self) -> None:
        self._containers[-1].append(self._tables.pop())

    def _begin_row(self, _: Attributes) -> None:
        if self._tables:
            self._tables[-1].rows.append([])

        self._rows.append(False)

    def _end_row(self) -> None:
        if self._rows.pop() and self._tables and self._tables[-1].rows:
            self._tables[-1].rows.pop()

    def _begin_cell(self, _: Attributes) -> None:
        self._containers.append([])

    def _end_cell(self) -> None:
        found = self._containers.pop()
        if not self._tables:
            self._containers[-1] += found
            return
        if not self._tables[-1].rows:
            self._tables[-1].rows.append([])
        self._tables[-1].rows[-1].append(found)

    def _begin_note(self, attributes: Attributes) -> None:
        self._containers.append([])
        is_note = attributes.get("w:type", "normal") == "normal"
        self._note = (self._open[-1].removeprefix("w:"), attributes.get("w:id", "")) if is_note else None

    def _end_note(self) -> None:
        found = self._containers.pop()
        if self._note:
            self.story.notes.setdefault(self._note, found)
        self._note = None

    def _begin_form(self, _: Attributes) -> None:
        if self._forms and "placeholder" in self._forms[-1]:
            self._skipped = len(self._open)

    def _begin_alternatives(self, _: Attributes) -> None:
        self._alternatives.append(False)

    def _choose(self, _: Attributes) -> None:
        """Of forms for newer and older programs, the first."""
        if self._alternatives and self._alternatives[-1]:
            self._skipped = len(self._open)
        elif self._alternatives:
            self._alternatives[-1] = True

    def _count_picture(self, _: Attributes) -> None:
        self.story.seen["pictures"] += "w:object" not in self._open

    # ------------------------------------------------------------ properties

    def _set_style(self, attributes: Attributes) -> None:
        if self._paragraphs and self._open[-2] == "w:pPr":
            self._paragraphs[-1].style = attributes.get("w:val", "")

    def _set_list(self, attributes: Attributes) -> None:
        if self._paragraphs:
            level = self._paragraphs[-1].place
            self._paragraphs[-1].place = (attributes.get("w:val", ""), level[1] if level else 0)

    def _set_level(self, attributes: Attributes) -> None:
        if self._paragraphs:
            place = self._paragraphs[-1].place
            self._paragraphs[-1].place = (place[0] if place else "", number(attributes.get("w:val")) or 0)

    def _set_outline(self, attributes: Attributes) -> None:
        if self._paragraphs:
            self._paragraphs[-1].outline = number(attributes.get("w:val"))

    def _set_frame(self, attributes: Attributes) -> None:
        if self._paragraphs and attributes.get("w:dropCap", "none") != "none":
            self._paragraphs[-1].goes_on = True

    def _set_placeholder(self, attributes: Attributes) -> None:
        if self._forms and is_on(attributes):
            self._forms[-1] = {**self._forms[-1], "placeholder": ""}

    def _set_gallery(self, attributes: Attributes) -> None:
        if self._forms and attributes.get("w:val") == "Table of Contents":
            self._forms[-1] = {**self._forms[-1], "contents": ""}

    def _of_run(self) -> bool:
        return self._open[-2:-1] == ["w:rPr"] and self._open[-3:-2] == ["w:r"]

    def _set_look(self, attributes: Attributes) -> None:
        if self._of_run():
            frame = self._frames[-1]
            frame.look = frame.look.over(self._styles.look(attributes.get("w:val", "")))

    def _hide(self, attributes: Attributes) -> None:
        if self._of_run():
            self._frames[-1].look = replace(self._frames[-1].look, hidden=is_on(attributes))

    def _set_bold(self, attributes: Attributes) -> None:
        if self._of_run():
            self._frames[-1].look = replace(self._frames[-1].look, bold=is_on(attributes))

    def _raise(self, attributes: Attributes) -> None:
        if self._of_run():
            self._frames[-1].look = replace(self._frames[-1].look, raised=attributes.get("w:val") == "superscript")

    # ------------------------------------------------------------ characters

    def _begin_run(self, _: Attributes) -> None:
        self._frames[-1].look, self._frames[-1].custom = Look(), None

    def _end_run(self) -> None:
        frame = self._frames[-1]
        if frame.custom and self._paragraphs:
            frame.custom.end = self._lengths[-1]
            if frame.custom.end > frame.custom.start:
                self._paragraphs[-1].marks.append(frame.custom)
        frame.look, frame.custom = Look(), None

    def _turn_field(self, attributes: Attributes) -> None:
        fields = self._frames[-1].fields
        turn = attributes.get("w:fldCharType")
        if turn == "begin" and len(fields) < MAX_FIELDS:
            fields.append(True)
        elif turn == "separate" and fields:
            fields[-1] = False
        elif turn == "end" and fields:
            fields.pop()

    def _put(self, words: str) -> None:
        frame = self._frames[-1]
        if not self._paragraphs or any(frame.fields):
            return
        paragraph, start = self._paragraphs[-1], self._lengths[-1]
        end = start + len(words)
        self._pieces[-1].append(words)
        self._lengths[-1] = end
        if frame.look.hidden:
            paragraph.hidden.append((start, end))
            return
        if frame.look.bold:
            paragraph.bold += len(words)
        if frame.look.raised and not frame.custom and words.strip().isdecimal() and len(words.strip()) <= 3:
            lead = len(words) - len(words.lstrip())
            paragraph.marks.append(Mark(start + lead, start + lead + len(words.strip())))

    def _put_sign(self, attributes: Attributes) -> None:
        code = attributes.get("w:char", "")
        if len(code) <= 4 and code.isalnum() and code.isascii():
            try:
                shown = sign(int(code, 16), attributes.get("w:font", ""))
            except ValueError:
                return
            self._put(shown if shown.isprintable() or shown.isspace() or shown >= "\ue000" else "")

    def _point(self, attributes: Attributes) -> None:
        key = (self._open[-1].removeprefix("w:").removesuffix("Reference"), attributes.get("w:id", ""))
        if not self._paragraphs or any(self._frames[-1].fields):
            return
        start = self._lengths[-1]
        self._notes.point(key)
        if is_on({"w:val": attributes.get("w:customMarkFollows", "0")}):
            self._frames[-1].custom = Mark(start, start, key)
            return
        words = f"[{self._notes.number(key)}]"
        self._paragraphs[-1].marks.append(Mark(start, start + len(words), key))
        self._frames[-1].look = replace(self._frames[-1].look, raised=False)
        self._put(words)

    def _put_label(self, _: Attributes) -> None:
        if self._note in self._notes.numbers:
            self._put(f"[{self._notes.numbers[self._note]}]")
