"""Sets a report in type: lines, columns, footnotes, tables, running heads, a turned page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

ROMAN, BOLD, ITALIC = "Times-Roman", "Times-Bold", "Times-Italic"
RAISED = 0.62  # of the size of the text: note markers
LEADING = 1.2


class Style(NamedTuple):
    font: str
    size: float
    before: float = 0.0  # points above
    indent: float = 0.0


@dataclass(frozen=True)
class Layout:
    """margins: left and right, top, bottom; gutter between columns, all in points. `justified`: with hyphens at line ends."""

    columns: int
    margins: tuple[float, float, float]
    gutter: float
    justified: bool
    styles: dict[str, Style]


def _styles(size: float) -> dict[str, Style]:
    return {
        "title": Style(BOLD, size + 6),
        "heading": Style(BOLD, size + 2, 10),
        "text": Style(ROMAN, size, 5),
        "bullet": Style(ROMAN, size, 3, 12),
        "endnote": Style(ROMAN, size - 1.5, 2),
        "footnote": Style(ROMAN, size - 2),
        "cell": Style(ROMAN, size - 0.5),
        "caption": Style(ITALIC, size - 0.5, 3),
    }


LAYOUTS = {
    "brief": Layout(2, (54, 78, 66), 20, True, _styles(10)),
    "profile": Layout(1, (80, 84, 72), 0, False, _styles(10.5)),
    "sheet": Layout(1, (72, 80, 70), 0, True, _styles(11)),
}


class Item(NamedTuple):
    kind: str
    text: str


@dataclass
class Report:
    about: dict[str, str] = field(default_factory=dict)
    items: list[Item] = field(default_factory=list)
    footnotes: dict[str, str] = field(default_factory=dict)


# ------------------------------------------------------------ words and lines


class Word(NamedTuple):
    """Words of a line: what stands there, its raised marker, and the space after it as a part of the usual one."""

    text: str
    raised: str = ""


# words that may be broken at a line's end, where dictionaries break them
BREAKS = """
ac-counts af-ri-can agree-ment an-nounced an-nu-al ap-proved at-tacked at-ten-tion au-thor-i-ties back-ground
bar-racks bro-kered cam-paign cap-tured cease-fire cen-ter cer-tif-i-cate chair-man chair-man-ship civil-ians
com-man-der com-man-ders com-mis-sion com-plete con-fer-ence con-flict con-ser-va-tive con-vict-ed con-vic-tions
coun-try cus-to-dy cus-toms dead-li-est de-clared de-com-mis-sion-ing de-scribes de-serve de-stroyed dis-ar-ma-ment
dis-armed dis-si-dent dis-si-dents di-vid-ed em-bar-go en-tered es-ti-mates ex-pelled ex-plod-ed ex-tor-tion fight-ers
for-mal-ly found-ed freight-er gov-ern-ment gov-er-nor hos-tage in-de-pend-ence in-de-pend-ent in-fil-trat-ed in-jured
in-tel-li-gence in-ter-cept-ed in-ter-na-tion-al jour-nal-ist lib-er-a-tion me-mo-ri-al mem-bers mem-o-ran-dum
mil-i-tary min-er-als move-ment nar-row-ly na-tion-al ne-go-ti-a-tions north-ern of-fi-cers op-er-a-tions op-posed
or-gan-i-za-tion par-lia-ment par-lia-ments peo-ple po-lit-i-cal pris-on-ers pro-vi-sion-al quar-ter-mas-ter
rec-og-nize re-cruit-ment re-gard-ed re-leased re-main re-mem-bered re-port-ed re-pub-li-can re-signed
re-spon-si-bil-i-ty re-stored sen-tenced ship-ments small-er smug-gling so-cial-ist sol-diers sup-port sym-pa-thiz-ers
ter-ror-ism them-selves thou-sands to-geth-er vil-lage vi-o-lence vol-un-teers weap-ons wheth-er
"""
_BREAKS = {word.replace("-", ""): word for word in BREAKS.split()}


def soft_points(word: str) -> list[int]:
    """Where a word may be broken: three letters stay together on either side."""
    known = _BREAKS.get(word.rstrip(".,;:").lower(), "")
    points = [len(known[: match.start()].replace("-", "")) for match in re.finditer("-", known)]
    return [at for at in points if 3 <= at <= len(known.replace("-", "")) - 3]


def break_lines(words: list[Word], style: Style, width: float, *, hyphens: bool) -> list[list[Word]]:
    """Fill lines as far as they go; a word may end a line with a hyphen, its own or a new one."""
    space = stringWidth(" ", style.font, style.size)
    lines: list[list[Word]] = [[]]
    used = 0.0
    waiting = words[::-1]
    while waiting:
        word = waiting.pop()
        gap = space if lines[-1] else 0.0
        if used + gap + _width(word, style) <= width:
            lines[-1].append(word)
            used += gap + _width(word, style)
            continue
        cut = _cut(word, style, width - used - gap) if hyphens and lines[-1] else None
        if cut:
            lines[-1].append(cut[0])
            waiting.append(cut[1])
        elif not lines[-1]:
            lines[-1].append(word)
            continue
        else:
            waiting.append(word)
        lines.append([])
        used = 0.0
    return [line for line in lines if line]


def _cut(word: Word, style: Style, room: float) -> tuple[Word, Word] | None:
    own = [match.end() for match in re.finditer(r"(?<=\w\w)-(?=\w\w)", word.text)]
    for at, hyphen in sorted([(at, "") for at in own] + [(at, "-") for at in soft_points(word.text)], reverse=True):
        head = Word(word.text[:at] + hyphen)
        if _width(head, style) <= room:
            return head, Word(word.text[at:], word.raised)
    return None


def _width(word: Word, style: Style) -> float:
    return stringWidth(word.text, style.font, style.size) + stringWidth(word.raised, style.font, style.size * RAISED)


def split_words(text: str) -> list[Word]:
    """The words of a paragraph, `^1` as a raised marker of the word before it."""
    return [Word(*each.split("^", 1)) for each in text.split()]


# ------------------------------------------------------------ pages


class Press:
    """Sets a report, column after column; what is printed last in a column is its footnotes."""

    def __init__(self, path: Path, report: Report) -> None:
        self.report = report
        self.layout = LAYOUTS[report.about["layout"]]
        self.canvas = Canvas(str(path), pagesize=A4, invariant=1, pageCompression=1)
        self.canvas.setTitle(report.about["title"])
        self.canvas.setAuthor("dossier examples desk")
        self.page = self.column = 0
        self.turned = False
        self.y = 0.0
        self.notes: list[list[list[Word]]] = []  # of this column

    def run(self) -> None:
        self._begin_page()
        for kind, group in groupby(self.report.items, key=lambda item: item.kind):
            items = list(group)
            if kind == "row":
                self._table([[cell.strip() for cell in item.text.strip("| ").split("|")] for item in items])
            elif kind == "page":
                self._end_page()
                self._begin_page(turned=True)
            else:
                for item in items:
                    self._item(item)
        self._end_page()
        self.canvas.save()

    # -------------------------------------------------------- the frame

    @property
    def _size(self) -> tuple[float, float]:
        return (A4[1], A4[0]) if self.turned else (A4[0], A4[1])

    @property
    def _width(self) -> float:
        left, _, _ = self.layout.margins
        columns = self.layout.columns
        return (self._size[0] - 2 * left - self.layout.gutter * (columns - 1)) / columns

    @property
    def _left(self) -> float:
        return self.layout.margins[0] + self.column * (self._width + self.layout.gutter)

    def _begin_page(self, *, turned: bool = False) -> None:
        self.page += 1
        self.column, self.turned = 0, turned
        if turned:  # printed upwards on an upright sheet that the reader's program turns
            self.canvas.setPageRotation(90)
            self.canvas.setPageSize((A4[1], A4[0]))
            self.canvas.translate(A4[0], 0)
            self.canvas.rotate(90)
        else:
            self.canvas.setPageRotation(0)
            self.canvas.setPageSize(A4)
        self.y = self.layout.margins[1]
        for key, height in (("head", 44.0), ("foot", self._size[1] - 40)):
            left, _, right = self.report.about[key].replace("{page}", str(self.page)).partition(" | ")
            self._put(left, ROMAN, 8.5, self.layout.margins[0], height)
            self._put(
                right, ROMAN, 8.5, self._size[0] - self.layout.margins[0] - stringWidth(right, ROMAN, 8.5), height
            )
        if self.page > 1 or self.layout.columns > 1:
            self._rule(self.layout.margins[0], 50, self._size[0] - self.layout.margins[0])

    def _end_page(self) -> None:
        self._print_notes()
        self.canvas.showPage()

    def _next_column(self) -> None:
        self._print_notes()
        self.column += 1
        if self.column == self.layout.columns:
            self.canvas.showPage()
            self._begin_page(turned=self.turned)
        self.y = self._top

    @property
    def _top(self) -> float:
        """Where columns begin: under the title on the first page."""
        return self._under_title if self.page == 1 else self.layout.margins[1]

    _under_title = 0.0

    def _room(self, notes: list[list[list[Word]]]) -> float:
        """How far down the text of this column may go with these notes under it."""
        style = self.layout.styles["footnote"]
        lines = sum(map(len, notes))
        return self._size[1] - self.layout.margins[2] - (lines * style.size * LEADING + 8 if lines else 0)

    # -------------------------------------------------------- what is printed

    def _item(self, item: Item) -> None:
        style = self.layout.styles[item.kind]
        wide = item.kind == "title"
        width = self._size[0] - 2 * self.layout.margins[0] if wide else self._width - style.indent
        justified = self.layout.justified and item.kind in ("text", "bullet", "endnote")
        lines = break_lines(split_words(item.text), style, width, hyphens=justified)
        needed = min(len(lines), 2) + (3 if item.kind == "heading" else 0)
        if self.y + style.before + needed * style.size * LEADING > self._room(self.notes):
            self._next_column()
        elif self.y > self._top:
            self.y += style.before
        for number, line in enumerate(lines):
            self._make_room(line, style)
            if item.kind == "bullet" and number == 0:
                self._put("•", style.font, style.size, self._left + 2, self.y)
            last = number == len(lines) - 1
            self._line(line, style, self._left + style.indent, width if justified and not last else None)
        if wide:
            self.y += 8
            self._under_title = self.y

    def _make_room(self, line: list[Word], style: Style) -> None:
        """Go on in the next column where this line, with the notes that it asks for, does not fit; then one line down."""
        width = self._width
        notes = [
            break_lines([Word("", word.raised), *split_words(self.report.footnotes[word.raised])],
                        self.layout.styles["footnote"], width, hyphens=False)
            for word in line if word.raised
        ]  # fmt: skip
        if self.y + style.size * LEADING > self._room(self.notes + notes):
            self._next_column()
        self.notes += notes
        self.y += style.size * LEADING

    def _line(self, words: list[Word], style: Style, x: float, width: float | None) -> None:
        space = stringWidth(" ", style.font, style.size)
        if width is not None and len(words) > 1:
            space = (width - sum(_width(word, style) for word in words)) / (len(words) - 1)
        for word in words:
            self._put(word.text, style.font, style.size, x, self.y)
            if word.raised:
                beside = x + stringWidth(word.text, style.font, style.size)
                self._put(word.raised, style.font, style.size * RAISED, beside, self.y - style.size * 0.35)
            x += _width(word, style) + space

    def _print_notes(self) -> None:
        if not self.notes:
            return
        style = self.layout.styles["footnote"]
        self.y = self._room(self.notes) + 4
        self._rule(self._left, self.y, self._left + 60)
        for lines in self.notes:
            for line in lines:
                self.y += style.size * LEADING
                self._line(line, style, self._left, None)
        self.notes = []

    def _table(self, rows: list[list[str]]) -> None:
        """A table with a ruled head. Its columns share the width as their longest words and cells ask for."""
        style = self.layout.styles["cell"]
        wants = [max(min(stringWidth(row[i], BOLD, style.size), 260) for row in rows) + 14 for i in range(len(rows[0]))]
        widths = [want * self._width / sum(wants) for want in wants]
        set_rows: list[tuple[Style, list[list[list[Word]]]]] = []
        for number, row in enumerate(rows):
            font = style._replace(font=BOLD) if number == 0 else style
            cells = [break_lines(split_words(cell), font, width - 8, hyphens=False)
                     for cell, width in zip(row, widths, strict=True)]  # fmt: skip
            set_rows.append((font, cells))
        heights = [max(map(len, cells)) * style.size * LEADING + 6 for _, cells in set_rows]
        if self.y + sum(heights) + 30 > self._room(self.notes):
            self._next_column()
        self.y += 6
        for number, ((font, cells), height) in enumerate(zip(set_rows, heights, strict=True)):
            top = self.y
            for cell, left in zip(cells, _starts(widths), strict=True):
                self.y = top
                for line in cell:
                    self.y += style.size * LEADING
                    self._line(line, font, self._left + left + 4, None)
            self.y = top + height - 1
            self._rule(self._left, self.y, self._left + self._width, 1.0 if number == 0 else 0.4)
            self.y += 1

    def _put(self, text: str, font: str, size: float, x: float, y: float) -> None:
        if text:
            self.canvas.setFont(font, size)
            self.canvas.drawString(x, self._size[1] - y, text)

    def _rule(self, x0: float, y: float, x1: float, thick: float = 0.5) -> None:
        self.canvas.setLineWidth(thick)
        self.canvas.line(x0, self._size[1] - y, x1, self._size[1] - y)


def _starts(widths: list[float]) -> Iterator[float]:
    at = 0.0
    for width in widths:
        yield at
        at += width
