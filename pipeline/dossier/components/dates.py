"""DATE mentions with their EDTF value; what points back is read from the date before it in its block."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING

from spacy.language import Language

from dossier.components.base import Frame, register
from dossier.components.view import SILENT_BLOCKS, view_of
from dossier.records import Block, Found

if TYPE_CHECKING:
    from spacy.tokens import Doc

# estimates: with a month or more, a bare year, the year from a dateline, without a normal form
EXACT, YEAR, BY_REPORT, UNREAD = 0.97, 0.93, 0.8, 0.6


@Language.factory("dossier_dates", assigns=["doc._.found"], default_config={})
def make_dates(nlp: Language, name: str) -> Dates:
    return Dates(name)


class Dates:
    """Proposes dates."""

    def __init__(self, name: str = "dates") -> None:
        register()
        self.name = name

    def __call__(self, doc: Doc) -> Doc:
        from dossier.normalize.dates import find_dates

        view = view_of(doc)
        frame: Frame = view.frame
        by_block: dict[int, list[tuple[int, int]]] = {}
        for span in find_dates(view.text):
            number = block_at(frame.blocks, span.start, span.end)
            if number is not None:
                by_block.setdefault(number, []).append((span.start, span.end))
        dateline = _has_dateline(view.text, by_block, frame)
        carried: str | None = None
        for number, block in enumerate(frame.blocks):
            in_list = block.kind == "list_item"
            found = self._read(view.text, by_block.get(number, []), frame.date, carried if in_list else None)
            if dateline:
                self._read_by_report(view.text, found, str(frame.date))
            doc._.found.extend(found)
            if not in_list:  # `In 1977:` dates the items under it
                opens_list = view.text[block.start : block.end].rstrip().endswith(":")
                carried = found[-1].norm["edtf"] if opens_list and found and found[-1].norm else None
        return doc

    def _read_by_report(self, text: str, found: list[Found], report_date: str) -> None:
        """In a news note with a dateline, a day or month without a year is the last one up to the note's date."""
        from dossier.errors import DateError
        from dossier.normalize.dates import bounds, parse_date

        for one in found:
            if one.norm is None:
                try:
                    value = parse_date(text[one.start : one.end], anchor=report_date)
                    last = bounds(value)[0]
                except DateError:
                    continue
                if last is not None and last <= report_date:
                    one.norm, one.confidence = {"edtf": value}, BY_REPORT

    def _read(
        self, text: str, spans: list[tuple[int, int]], report_date: str | None, carried: str | None = None
    ) -> list[Found]:
        """The dates of one block, in order. carried: the date that a list's items stand under."""
        from dossier.errors import DateError
        from dossier.normalize.dates import parse_date

        values: list[str | None] = []
        for start, end in spans:
            anchor = next((value for value in reversed(values) if value), None) or _only_year(text, spans) or carried
            try:
                values.append(parse_date(text[start:end], report_date=report_date, anchor=anchor))
            except DateError:
                values.append(None)
        return [
            Found(start, end, "DATE", _confidence(value), self.name, {"edtf": value} if value else None)
            for (start, end), value in zip(spans, values, strict=True)
        ]


def _has_dateline(text: str, by_block: dict[int, list[tuple[int, int]]], frame: Frame) -> bool:
    """Whether one of the first blocks opens with the report's own day and a dash: `LIMA, 3 May 1992 - `."""
    from dossier.errors import DateError
    from dossier.normalize.dates import parse_date

    if frame.date is None or not re.fullmatch(r"\d{4}-\d\d-\d\d", frame.date):
        return False
    for number in sorted(by_block)[:3]:
        start, end = by_block[number][0]
        near = start - frame.blocks[number].start < 60 and re.match(r"\)?\s*[-–—]", text[end : end + 6])
        try:
            if near and parse_date(text[start:end]) == frame.date:
                return True
        except DateError:
            continue
    return False


def _only_year(text: str, spans: list[tuple[int, int]]) -> str | None:
    """The year that all the full dates of a block share, if they do: the anchor of a day before the first of them."""
    years = {year for start, end in spans for year in re.findall(r"\b\d{4}\b", text[start:end])}
    return years.pop() if len(years) == 1 else None


def _confidence(value: str | None) -> float:
    if value is None:
        return UNREAD
    return YEAR if len(value) == 4 else EXACT


def block_at(blocks: list[Block], start: int, end: int) -> int | None:
    """The number of the block that holds the characters `[start, end)`; None for a note and outside of all."""
    number = bisect_right(blocks, start, key=lambda block: block.start) - 1
    if number < 0 or end > blocks[number].end or blocks[number].kind in SILENT_BLOCKS:
        return None
    return number
