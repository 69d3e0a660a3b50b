"""Several happenings behind one word: `attacks in Oslo (May 2015), Bergen (June 2016) and Narvik (July 2016)`.

Each item of such a list has a date of its own, and a place, a name or a target before it.
"""

from __future__ import annotations

from collections.abc import Collection

from dossier.components.clause_dates import Governing, is_background
from dossier.components.clauses import BRACKET, PARTICIPLE, Sentence
from dossier.components.events_fillers import Fillers, counted
from dossier.components.events_join import TOLLS, Group
from dossier.records import Span

OWN = ("place", "target", "killed", "wounded", "hostages", "weapon", "claimed_by")  # roles that an item has of its own
MOST_ITEMS = 12
MOST_BRACKET = 14  # units of a bracket behind a date
DAY = len("2015-05-31")
_JOINS = frozenset((",", "C", ")", ";"))


def split_list(sentence: Sentence, fillers: Fillers, one: Group, told: Collection[int]) -> list[Group]:
    """The happenings of a group: itself, or one for each item of the list behind its word. told: units that tell something."""
    inside = sentence.units[one.main.spot.unit].marks
    if one.date is not None and any(one.date.mark is mark for mark in inside):
        return [one]  # `the 2002 bombing in Oslo and that of 2004`: the date is its own
    items = _items(sentence, fillers, one, told)
    return [_item(sentence, fillers, one, *item) for item in items] if len(items) > 1 else [one]


def _items(sentence: Sentence, fillers: Fillers, one: Group, told: Collection[int]) -> list[tuple[int, int, int]]:
    """The units `[first, last)` of each item, and its date."""
    first = one.main.spot.unit + 1
    others = set(told) - {telling.spot.unit for telling in one.tellings}
    dates: list[int] = []
    end = first
    for at in range(first, len(sentence.units)):
        kind = sentence.kind(at)
        if _in_bracket(sentence, at):
            end = at + 1
            if kind == "D":
                dates.append(at)
            continue
        if at == first and kind == "V" and fillers.lexicon.is_verb(sentence.word(at), "happening"):
            continue  # `attacks followed in ...`
        if kind == "V" and at not in others and _describes(sentence, at):
            continue  # `attacks on hotels frequented by tourists in ...`
        if kind in ("V", "S", "W", ".") or at in others or len(dates) == MOST_ITEMS:
            break
        end = at + 1
        if kind == "D" and is_background(sentence, at):
            break
        if kind == "D" and sentence.word(at - 1) not in ("since", "until", "from", "to"):
            dates.append(at)
    front = _front_date(sentence, one, dates)
    if front is not None:
        cut = dates[0] - 1 - (sentence.kind(dates[0] - 1) == "P")
        return _checked(sentence, fillers, [(first, cut, front), (cut, end, dates[0])])
    if len(dates) < 2:
        return []
    if not _names(sentence, fillers, first, dates[0]):  # `in May 2015 in Oslo, June 2016 in Bergen`
        starts = [_with_preposition(sentence, date) for date in dates]
        return _checked(sentence, fillers, list(zip(starts, [*starts[1:], end], dates, strict=True)))
    ends = [_past_bracket(sentence, date) for date in dates]
    return _checked(sentence, fillers, list(zip([first, *ends[:-1]], ends, dates, strict=True)))


def _in_bracket(sentence: Sentence, at: int) -> bool:
    """Whether a unit stands in a bracket, or in a clause of one: `(four killed, not counting the assailants)`."""
    clause = sentence.units[at].clause
    while clause >= 0 and sentence.clauses[clause].kind != BRACKET:
        clause = sentence.clauses[clause].parent
    return clause >= 0


def _front_date(sentence: Sentence, one: Group, dates: list[int]) -> int | None:
    """The date before the verb, where one more behind it opens another item: `On 1 May X seized A, and on 3 May B`."""
    if len(dates) != 1 or one.date is None:
        return None
    before = dates[0] - 1 - (sentence.kind(dates[0] - 1) == "P")
    here = sentence.units[dates[0]].clause == sentence.units[one.main.spot.unit].clause
    if not here or sentence.kind(before) != "C" or sentence.kind(dates[0] + 1) != "N":
        return None
    units = (at for at in range(one.main.spot.unit) if sentence.kind(at) == "D")
    return next((at for at in units if sentence.units[at].marks[0] is one.date.mark), None)


def _describes(sentence: Sentence, verb: int) -> bool:
    """Whether a participle describes the noun right before it."""
    clause = sentence.clauses[sentence.units[verb].clause]
    return clause.kind == PARTICIPLE and clause.first == verb and not clause.comma and sentence.kind(verb - 1) == "N"


def _with_preposition(sentence: Sentence, date: int) -> int:
    return date - 1 if sentence.kind(date - 1) == "P" else date


def _past_bracket(sentence: Sentence, date: int) -> int:
    """The unit after a date and what stands with it in a bracket: `(May 2015, 20 dead)`."""
    if sentence.clauses[sentence.units[date].clause].kind == BRACKET or sentence.kind(date + 1) == "(":
        for at in range(date + 1, min(len(sentence.units), date + MOST_BRACKET)):
            if sentence.kind(at) == ")":
                return at + 1
    return date + 1


def _checked(sentence: Sentence, fillers: Fillers, items: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """The items up to the first that is none: each after the first follows a comma or `and`, and has a name or place."""
    kept = items[:1]
    for start, end, date in items[1:]:
        joined = any(sentence.kind(at) in _JOINS for at in range(start - 3, min(start + 3, end)))
        alone = (
            _is_day(sentence, date) and _is_day(sentence, kept[-1][2]) and date - kept[-1][2] < 4
        )  # `on 5 May and 7 June`
        if not joined or not (alone or _names(sentence, fillers, start, end)):
            break
        kept.append((start, end, date))
    return kept


def _is_day(sentence: Sentence, date: int) -> bool:
    return len(str((sentence.units[date].marks[0].norm or {}).get("edtf"))) == DAY


def _names(sentence: Sentence, fillers: Fillers, start: int, end: int) -> bool:
    nouns = (at for at in range(start, end) if sentence.kind(at) == "N")
    return any(fillers.places_in(at) or fillers.named(at) or fillers.targets(at) for at in nouns)


def _item(sentence: Sentence, fillers: Fillers, one: Group, start: int, end: int, date: int) -> Group:
    """What one item tells: what is its own, and what it shares with the others."""
    view = sentence.phrases.view
    low, high = view.starts[sentence.units[start].first], view.ends[sentence.units[end - 1].last - 1]
    before = view.starts[one.main.spot.first]

    def mine(span: Span) -> bool:
        return low <= span.start < high

    item = Group(one.tellings, Governing(sentence.units[date].marks[0], ""))
    named = _names(sentence, fillers, start, end)
    for role, spans in one.roles.items():
        if not named:  # `on 5 May and 7 June`
            item.add(role, spans if role not in TOLLS else [])
            continue
        own = [span for span in spans if mine(span)]
        item.add(
            role,
            own
            if role in OWN and own
            else [span for span in spans if mine(span) or span.start < before or role not in OWN],
        )
    for at in range(start, end):
        if sentence.kind(at) != "N":
            continue
        for mark in sentence.units[at].marks:
            role = counted(mark) if mark.label == "QUANTITY" else ""
            if role in ("killed", "wounded", "hostages"):
                item.add(role, [Span(mark.start, mark.end)])
        places = fillers.places_in(at)
        item.add("place", places)
        beside = sentence.kind(at - 1) != "P" or sentence.word(at - 1) in ("on", "at", "against", "near", "outside")
        if not places and not item.roles.get("target") and beside and not _in_bracket(sentence, at):
            item.add("target", fillers.targets(at))
    return item
