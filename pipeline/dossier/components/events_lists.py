"""Several happenings behind one word: `attacks in Oslo (May 2015), Bergen (June 2016) and Narvik (July 2016)`.

Each item of such a list has a date of its own, and a place, a name or a target before it.
"""

from __future__ import annotations

from collections.abc import Collection

from dossier.components.clause_dates import Governing
from dossier.components.clauses import Sentence
from dossier.components.events_fillers import Fillers
from dossier.components.events_join import Group
from dossier.records import Span

OWN = ("place", "target", "killed", "wounded", "hostages", "weapon", "claimed_by")  # roles that an item has of its own
MOST_ITEMS = 12
_JOINS = frozenset((",", "C", ")", ";"))


def split_list(sentence: Sentence, fillers: Fillers, one: Group, told: Collection[int]) -> list[Group]:
    """The happenings of a group: itself, or one for each item of the list behind its word. told: units that tell something."""
    inside = sentence.units[one.main.spot.unit].marks
    if one.date is not None and any(one.date.mark is mark for mark in inside):
        return [one]  # `the 2002 bombing in Oslo and that of 2004`: the date is its own
    items = _items(sentence, fillers, one, told)
    return [_item(sentence, fillers, one, *item) for item in items] if len(items) > 1 else [one]


def _items(sentence: Sentence, fillers: Fillers, one: Group, told: Collection[int]) -> list[tuple[int, int]]:
    """The units `[first, last]` of each item, `last` its date."""
    found: list[tuple[int, int]] = []
    first = one.main.spot.unit + 1
    told = set(told) - {telling.spot.unit for telling in one.tellings}
    start = first
    for at in range(first, len(sentence.units)):
        kind = sentence.kind(at)
        if kind in ("V", "S", "W", ".") or at in told:
            break
        if kind == "D" and sentence.word(at - 1) not in ("since", "until", "from", "to"):
            if not _is_item(sentence, fillers, start, at, first=not found):
                break
            found.append((start, at))
            start = at + 1
        if len(found) == MOST_ITEMS:
            break
    return found


def _is_item(sentence: Sentence, fillers: Fillers, start: int, date: int, *, first: bool) -> bool:
    """Whether the units before a date are an item: after a comma or `and`, with a name or a place."""
    if not first and not any(sentence.kind(at) in _JOINS for at in range(start, min(start + 3, date))):
        return False
    if first:
        return True
    named = (
        bool(fillers.places_in(at) or fillers.named(at) or fillers.targets(at))
        for at in range(start, date)
        if sentence.kind(at) == "N"
    )
    return any(named)


def _item(sentence: Sentence, fillers: Fillers, one: Group, start: int, date: int) -> Group:
    """What one item tells: what is its own, and what it shares with the others."""
    view = sentence.phrases.view
    low, high = view.starts[sentence.units[start].first], view.ends[sentence.units[date].last - 1]
    before = view.starts[one.main.spot.first]

    def mine(span: Span) -> bool:
        return low <= span.start < high

    item = Group(one.tellings, Governing(sentence.units[date].marks[0], ""))
    for role, spans in one.roles.items():
        own = [span for span in spans if mine(span)]
        item.add(
            role,
            own
            if role in OWN and own
            else [span for span in spans if mine(span) or span.start < before or role not in OWN],
        )
    for at in range(start, date):
        if sentence.kind(at) != "N":
            continue
        places = fillers.places_in(at)
        item.add("place", places)
        if not places and not item.roles.get("target") and sentence.kind(at - 1) != "P":
            item.add("target", fillers.targets(at))
    return item
