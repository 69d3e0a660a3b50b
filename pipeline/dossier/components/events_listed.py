"""Designations that rows list: `European Union: listed, May 2002`, `Listed by: Home Office, April 23, 2021`, and those that the
rules of profile rows found (`designated_by`)."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from dossier.components.events_rows import ROW_KINDS
from dossier.components.view import View
from dossier.normalize.names import fold
from dossier.records import Block, Found, Happening, Link, Span

LISTED = 0.85  # estimate
ROWS = "rows"  # the component that reads profile rows
MOST_HEAD, MOST_ROW, NEAR = 80, 400, 60  # characters before the colon, of a row, after the colon
_SAID = r"listed|designated|proscribed|banned|outlawed|sanctioned"
_HEAD = re.compile(rf"\s*(?:[-–•*·]\s+)?(?P<said>{_SAID})(?:\s+by)?\s*:\s*", re.IGNORECASE)
_SAYS = re.compile(rf"\b(?:{_SAID}|list|terrorist (?:organi[sz]ation|entity|group)s?)\b", re.IGNORECASE)
AUTHORITIES = ("ORG", "PLACE")
RELATIONS = {"merger": "merged_into", "split": "split_from"}  # what tells the same


def subject(view: View, found: Sequence[Found]) -> Span | None:
    """The organisation that a document is about: of its title."""
    title = next((block for block in view.frame.blocks if block.kind == "title"), None)
    folded = fold(view.frame.title or "")
    for mark in found:
        if mark.label == "ORG":
            inside = title is not None and title.start <= mark.start and mark.end <= title.end
            if inside or (title is None and folded and fold(view.text[mark.start : mark.end]) == folded):
                return Span(mark.start, mark.end)
    return None


def listed(view: View, found: Sequence[Found], links: Sequence[Link], by: str) -> Iterator[Happening]:
    """The designations of a text's rows. found: sorted."""
    seen: set[tuple[int, int]] = set()
    for link in links:
        if link.type == "designated_by" and link.start and link.by == ROWS:
            date = _date(found, link.evidence, link.start)
            if date is not None:
                seen.add(link.evidence)
                roles = {"target": [link.subject], "authority": [link.object], "date": [date]}
                trigger = _trigger(view, link.evidence, link.role) or link.object
                yield Happening(
                    "designation", trigger, link.evidence, LISTED, by, roles, when=link.start, status=link.status
                )
    whom = subject(view, found)
    rows = [
        n
        for n, block in enumerate(view.frame.blocks)
        if block.kind in ROW_KINDS and (block.start, block.end) not in seen
    ]
    many = (
        sum(_HEAD.match(view.text, view.frame.blocks[n].start) is not None for n in rows) > 1
    )  # a list of many organisations
    for number in rows:
        block = view.frame.blocks[number]
        yield from _row(view, found, block, _entry(view, found, number) if many else whom, by)


def _entry(view: View, found: Sequence[Found], number: int) -> Span | None:
    """The organisation of the entry of a list that a row stands in: the first of the heading or block before it."""
    for back in range(number - 1, max(-1, number - 6), -1):
        block = view.frame.blocks[back]
        first = next((mark for mark in _within(found, block.start, block.end) if mark.label == "ORG"), None)
        if first is not None and (first.start - block.start < 8 or block.kind == "heading"):
            return Span(first.start, first.end)
    return None


def date_told(found: Sequence[Found], links: Sequence[Link], one: Happening) -> Span | None:
    """The date of a merger or split that a relation of its sentence has, of the same organisations."""
    kind = RELATIONS.get(one.type)
    spans = {span for role in ("party", "result") for span in one.roles.get(role, ())}
    for link in links:
        here = one.evidence.start <= link.evidence.start < one.evidence.end
        if here and link.type == kind and link.start and spans & {link.subject, link.object}:
            return _date(found, link.evidence, link.start)
    return None


def _date(found: Sequence[Found], evidence: Span, start: str) -> Span | None:
    """The mark of the date that a relation starts with."""
    for mark in _within(found, evidence.start, evidence.end):
        edtf = (mark.norm or {}).get("edtf", "") if mark.label == "DATE" else ""
        if edtf.partition("/")[0] == start:
            return Span(mark.start, mark.end)
    return None


def _within(found: Sequence[Found], start: int, end: int) -> Iterator[Found]:
    for mark in found[bisect_left(found, start, key=lambda mark: mark.start) :]:
        if mark.start >= end:
            return
        yield mark


def _trigger(view: View, evidence: Span, role: str | None) -> Span | None:
    """The words of a list, or `listed`, in a row."""
    text = view.text[evidence.start : evidence.end]
    at = text.find(role) if role else -1
    if role and at >= 0:
        return Span(evidence.start + at, evidence.start + at + len(role))
    said = _SAYS.search(text)
    return Span(evidence.start + said.start(), evidence.start + said.end()) if said else None


def _row(view: View, found: Sequence[Found], block: Block, whom: Span | None, by: str) -> Iterator[Happening]:
    """A row that says who listed, `Listed by: X, date`, or what an authority did, `X: listed, date`."""
    text = view.text[block.start : min(block.end, block.start + MOST_ROW)]
    colon = text.find(":", 0, MOST_HEAD)
    if colon < 0:
        return
    marks = [mark for mark in _within(found, block.start, block.end) if mark.label in (*AUTHORITIES, "DATE")]
    head = _HEAD.match(text)
    if head is not None:
        trigger, pairs = Span(head.start("said"), head.end("said")), _pairs(marks, block.start + head.end())
    else:
        said = _SAYS.search(text, colon, colon + NEAR)
        named = next((mark for mark in marks if mark.label in AUTHORITIES and mark.end == block.start + colon), None)
        date = next(
            (mark for mark in marks if said and mark.label == "DATE" and mark.start >= block.start + said.end()), None
        )
        if said is None or named is None or date is None:
            return
        trigger, pairs = Span(said.start(), said.end()), iter([(named, date)])
    for authority, date in pairs:
        roles = {"authority": [Span(authority.start, authority.end)], "date": [Span(date.start, date.end)]}
        if whom is not None:
            roles["target"] = [whom]
        at = Span(block.start + trigger.start, block.start + trigger.end)
        yield Happening("designation", at, Span(block.start, block.end), LISTED, by, roles)


def _pairs(marks: Sequence[Found], start: int) -> Iterator[tuple[Found, Found]]:
    """Each authority with the date after it."""
    authority: Found | None = None
    for mark in marks:
        if mark.start < start:
            continue
        if mark.label == "DATE":
            if authority is not None:
                yield authority, mark
            authority = None
        elif authority is None:
            authority = mark
