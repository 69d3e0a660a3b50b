"""Events from rows: `May 31, 2015: A bomb exploded at a market in Bergen (3 killed, unknown wounded).[6]`.

The date before the colon is that of the row, and a list of tolls in brackets at its end is that of the event.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from dossier.components.clause_reader import SAYING
from dossier.components.clauses import Sentence
from dossier.components.events_fillers import Fillers, told_count
from dossier.components.events_frames import Verbs
from dossier.components.events_join import FORCE, Group
from dossier.components.events_lexicon import EventLexicon, Told
from dossier.components.events_nouns import Nouns
from dossier.components.events_reading import Spot
from dossier.components.row_shapes import Row
from dossier.components.view import View
from dossier.records import Block, Found, Span

_ATTACK = Told("attack", "attack", "act", "", (), False, True, False)
ROW_KINDS = frozenset(("row", "list_item", "paragraph"))
MOST_HEAD = 60  # characters before the colon
TOLLS = ("killed", "wounded", "hostages")
_FIRST_OR_LAST = re.compile(r"(?:first|last|latest|most recent)\s+(?:known\s+|recorded\s+)?attack", re.IGNORECASE)
_END = re.compile(r"[\s.\]\d\[]*\Z")
_WHERE = re.compile(
    r"\b(?:in|at|near|outside|of|on|around)\s+(?:the\s+)?(?:\w+\s+(?:of|in)\s+)?\Z|,\s*\Z", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class EventRow:
    """A row that a date opens. `value`: where what it tells begins; `listed`: its heading or head says that it is an attack."""

    block: Block
    date: Found
    value: int
    listed: bool


def event_row(view: View, number: int, marks: Sequence[Found], lexicon: EventLexicon) -> EventRow | None:
    """The row that a block is, None for one without a date before its colon. marks: those of the text, sorted."""
    block, heading = view.frame.blocks[number], view.frame.headings[number]
    if block.kind not in ROW_KINDS:
        return None
    colon = view.text.find(":", block.start, min(block.end, block.start + MOST_HEAD))
    if colon < 0:
        return None
    row = Row.of(view.text, block, heading, list(marks))
    listed = row.is_under(lexicon.words["attack_headings"])
    if row.is_dated and row._date is not None:
        return EventRow(block, row._date, row.value_start, listed)
    if _FIRST_OR_LAST.fullmatch(row.head):
        date = row.mark_at(row.value_start, ("DATE",))
        if date is not None:
            after = re.compile(r"\s*:\s*").match(view.text, date.end)
            return EventRow(block, date, after.end() if after else date.end, True)
    return None


def head_end(view: View, number: int) -> int:
    """Where the value of a row begins, if the block has a short head with a colon: a tenure there dates no event."""
    block = view.frame.blocks[number]
    found = re.compile(r"[^:\n]{1,120}?\)?\s*:(?=\s)").match(view.text, block.start, block.end)
    return found.end() if found and "(" in found[0] else block.start


def bracket_tolls(view: View, row: EventRow, marks: Sequence[Found]) -> dict[str, list[Span]]:
    """The counts of the bracket that ends a row."""
    text, block = view.text, row.block
    stop = _END.search(text, block.start, block.end)
    end = stop.start() if stop else block.end
    start = text.rfind("(", row.value, end)
    if start < 0 or text[end - 1 : end] != ")":
        return {}
    found: dict[str, list[Span]] = {}
    low = bisect_left(marks, start, key=lambda mark: mark.start)
    for mark in marks[low:]:
        if mark.start >= end:
            break
        role = told_count(view.text, mark) if mark.label == "QUANTITY" else ""
        if role in TOLLS:
            found.setdefault(role, []).append(Span(mark.start, mark.end))
    return found


def as_one(groups: Sequence[Group], row: EventRow, tolls: dict[str, list[Span]]) -> Group | None:
    """What the tellings of an attack's row say together; None where they are of no attack."""
    violent = [one for one in groups if one.type in FORCE and (one.date is None or one.date.mark is row.date)]
    if not violent:
        return None
    home = max(violent, key=lambda one: (not one.main.spot.told.weak, -one.main.spot.first))
    whole = Group([*home.tellings], roles={role: list(spans) for role, spans in home.roles.items()})
    for one in violent:
        if one is not home:
            for role, spans in one.roles.items():
                if not (role in TOLLS and whole.roles.get(role)):
                    whole.add(role, spans)
    whole.roles.update(tolls)
    return whole


def fitted(one: Group, tolls: dict[str, list[Span]]) -> Group:
    """A row's happening with the tolls of its bracket in the place of others."""
    for role, spans in one.tellings[0].roles.items():
        one.add(role, spans)
    one.roles.update(tolls)
    return one


def plain(sentence: Sentence, fillers: Fillers, row: EventRow) -> Group | None:
    """What a row of an attack tells when no word of the lexicon stands in it: its first verb, with who and whom."""
    view = sentence.phrases.view
    for verb, unit in enumerate(sentence.units):
        if unit.kind != "V" or unit.verb is None or view.starts[unit.first] < row.value:
            continue
        if sentence.word(verb) in SAYING or unit.verb.form == "VBN":
            continue
        spot = Spot(_ATTACK, unit.head, unit.head + 1, verb)
        return Group([Verbs(sentence, fillers.lexicon, fillers).read(spot)])
    first = next((unit for unit in sentence.units if unit.kind == "N" and view.starts[unit.first] >= row.value), None)
    if first is None:
        return None
    number = sentence.units.index(first)
    return Group(
        [
            Nouns(sentence, fillers.lexicon, fillers).read(
                Spot(_ATTACK._replace(is_noun=True), first.head, first.head + 1, number)
            )
        ]
    )


def places_of_row(view: View, row: EventRow, marks: Sequence[Found]) -> list[Span]:
    """The places after `in`, `at` and the like in a row's first sentence, with those behind a comma after them."""
    first, _ = view.between(row.value, row.block.end)
    if first >= len(view):
        return []
    end = view.sentence_span(first).end
    low = bisect_left(marks, row.value, key=lambda mark: mark.start)
    found: list[Span] = []
    for mark in marks[low:]:
        if mark.start >= end:
            break
        before = view.text[max(row.value, mark.start - 30) : mark.start]
        if mark.label == "PLACE" and _WHERE.search(before) and (not before.rstrip().endswith(",") or found):
            found.append(Span(mark.start, mark.end))
    return found
