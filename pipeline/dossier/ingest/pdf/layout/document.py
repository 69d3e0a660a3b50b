"""The pages of a document, read one by one, then laid out as a whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from dossier.boxes import BoxMap
from dossier.ingest.draft import Mark
from dossier.ingest.pdf.layout import bidi
from dossier.ingest.pdf.layout.blocks import Metrics, measure, split_blocks
from dossier.ingest.pdf.layout.chunks import PageText
from dossier.ingest.pdf.layout.flow import Flow
from dossier.ingest.pdf.layout.footnotes import SMALL, cut_notes, join_notes, raised_numbers, take_notes
from dossier.ingest.pdf.layout.furniture import take_furniture
from dossier.ingest.pdf.layout.headings import set_headings
from dossier.ingest.pdf.layout.hyphens import LineEnds
from dossier.ingest.pdf.layout.kinds import CAPTION, bullet, is_bare_caption, is_item, note_label
from dossier.ingest.pdf.layout.lines import Laid, Line, led_cells
from dossier.ingest.pdf.layout.notes import number_notes
from dossier.ingest.pdf.layout.pagetext import read_page
from dossier.ingest.pdf.layout.regions import Region, read_regions
from dossier.ingest.pdf.layout.stitch import stitch
from dossier.ingest.pdf.page import Page
from dossier.records import Block

QUOTES = frozenset("“\"«„'‘")
MOST_CAPTION = 600  # characters; a longer block that begins like a caption is prose about it


@dataclass(slots=True)
class LaidOut:
    """A document in reading order: its text, the boxes of its characters, its blocks, and the marks of its notes."""

    text: str
    boxes: BoxMap
    blocks: list[Block]
    marks: list[Mark]
    pages: int


@dataclass(slots=True)
class _Sheet:
    """A page on its way: its regions, what was taken out of them, and the notes at the foot of its columns."""

    page: PageText
    regions: list[Region]
    labels: list[Line]
    table_markers: set[str]
    feet: list[list[Laid]] = field(default_factory=list)


def lay_out(pages: Iterable[Page]) -> LaidOut:
    """Put pages in reading order."""
    texts = [read_page(page) for page in pages]
    take_furniture(texts)
    em = _running_size(texts)
    rtl = _is_rtl(texts)
    sheets = [_read_sheet(page, em, rtl=rtl) for page in texts]
    metrics = measure(em, [r.lines for sheet in sheets for r in sheet.regions if r.kind == "column"])
    blocks = [
        block for sheet in sheets for region in sheet.regions for block in _blocks(sheet, region, metrics, rtl=rtl)
    ]
    set_headings(blocks, metrics)
    number_notes(blocks)
    blocks = stitch(blocks, rtl=rtl)
    notes = join_notes([foot for sheet in sheets for foot in sheet.feet])
    flow = Flow(LineEnds(texts))
    dropped = {sheet.page.number: sheet for sheet in sheets}
    for block in blocks:
        for number in [n for n in dropped if n <= block.page]:
            _drop(flow, dropped.pop(number))
        flow.add(block)
    for sheet in dropped.values():
        _drop(flow, sheet)
    for note in notes:
        flow.add(note)
    text, boxes, made, marks = flow.finish()
    return LaidOut(text, boxes, made, marks, len(texts))


def _running_size(pages: Sequence[PageText]) -> float:
    """The size that most characters have, in half points."""
    sizes: Counter[float] = Counter()
    for page in pages:
        for chunk in page.chunks:
            sizes[round(2 * chunk.size) / 2] += len(chunk.text)
    return min(sizes, key=lambda size: (-sizes[size], size)) if sizes else 10.0


def _is_rtl(pages: Sequence[PageText]) -> bool:
    """Whether most letters are read from right to left."""
    sample = "".join(chunk.text for page in pages[:20] for chunk in page.chunks[:200])
    return bidi.count_rtl(sample) > 0.5 * sum(c.isalpha() for c in sample)


def _read_sheet(page: PageText, em: float, *, rtl: bool) -> _Sheet:
    regions, labels, drawn = read_regions(page, em, rtl=rtl)
    sheet = _Sheet(page, regions, labels, raised_numbers(regions, "table"))
    markers = raised_numbers(regions, "column")
    for region in regions:
        notes = take_notes(region, drawn, em, page.height, markers)
        if notes:
            sheet.feet.append(cut_notes(notes))
    return sheet


def _blocks(sheet: _Sheet, region: Region, metrics: Metrics, *, rtl: bool) -> list[Laid]:
    if region.table is not None:
        rows = [row for row in region.table.rows if any(row)]
        return [_laid(region, "row", [line for cell in row for line in cell], row) for row in rows]
    made: list[Laid] = []
    for lines in split_blocks(region.lines, region.x1, metrics, rtl=rtl):
        if made and is_bare_caption(made[-1], lines):
            made[-1].lines += lines
            continue
        made.append(_laid(region, "paragraph", lines))
        _set_kind(made[-1], sheet.table_markers, metrics)
    if made:
        made[0].first = made[-1].last = True
    return made


def _laid(region: Region, kind: str, lines: list[Line], cells: list[list[Line]] | None = None) -> Laid:
    return Laid(kind, lines, cells=cells or [], x0=region.x0, x1=region.x1, frame=region.frame)


def _set_kind(block: Laid, table_markers: Collection[str], metrics: Metrics) -> None:
    """What the first words of a block, its size and its frame say of its kind."""
    line = block.lines[0]
    words = line.text
    label, length, raised = note_label(line)
    if line.leads:
        block.kind, block.cells = "row", led_cells(line)
    elif CAPTION.match(words) and len(block.text) < MOST_CAPTION:
        block.kind = "caption"
    elif label in table_markers and raised and line.size < SMALL * metrics.em:
        block.kind, block.label = "note", length
    elif is_item(words):
        block.kind, block.level, block.mark = "list_item", 1, bullet(words)
    elif words[0] in QUOTES and len(block.lines) > 1 and (block.frame or _is_set_in(block)):
        block.kind = "quote"


def _is_set_in(block: Laid) -> bool:
    """Whether a quotation stands by itself, set in on both sides of its column."""
    em = block.lines[0].size
    inside = (
        block.x0 + em < min(line.x0 for line in block.lines) and max(line.x1 for line in block.lines) < block.x1 - em
    )
    return inside and block.text.rstrip(" .")[-1:] in "”\"»“’'"


def _drop(flow: Flow, sheet: _Sheet) -> None:
    """Keep what a page holds that is no text."""
    for chunk, why in sheet.page.furniture:
        flow.drop(sheet.page, [chunk], why)
    flow.drop(sheet.page, sheet.page.leaders, "leader")
    for line in sheet.labels:
        flow.drop(sheet.page, line.chunks, "figure")
