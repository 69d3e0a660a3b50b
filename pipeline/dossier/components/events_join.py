"""The tellings of one sentence as happenings: what belongs together, of which type it is, and whether it says enough."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from dossier.components.clause_dates import (
    Governing,
    date_of,
    is_told,
    only_unused,
    pointing,
    pointing_in,
    points_nearer,
)
from dossier.components.clauses import BRACKET, COORDINATE, PARTICIPLE, RELATIVE, SUB, Sentence
from dossier.components.events_reading import Telling
from dossier.components.tag_fixes import BE
from dossier.records import Found, Span

ATTACKS = frozenset("attack bombing armed_assault kidnapping hostage_taking assassination".split())
FORCE = ATTACKS | {"military_operation"}
TAKEN = frozenset(("kidnapping", "hostage_taking"))
LINKED = frozenset((PARTICIPLE, RELATIVE, SUB, COORDINATE, BRACKET))
TOLLS = ("killed", "wounded", "hostages", "ransom")
# types that tell more win over those that tell less
_BY_RANK = (
    "attack", "military_operation", "armed_assault", "bombing", "kidnapping", "hostage_taking", "assassination", "merger",
    "split", "designation", "other",
)  # fmt: skip
RANK = {name: rank for rank, name in enumerate(_BY_RANK)}


@dataclass(slots=True)
class Group:
    """Tellings of one happening in a sentence. `date`: the mark that governs them; `points`: words such as `a week later`."""

    tellings: list[Telling]
    date: Governing | None = None
    points: Span | None = None
    guess: Found | None = None  # the one date of its sentence that tells of nothing else
    roles: dict[str, list[Span]] = field(default_factory=dict)

    @property
    def main(self) -> Telling:
        """The telling whose word says most: of deeds the verb, of force the noun."""
        return max(self.tellings, key=self._weight)

    def _weight(self, one: Telling) -> tuple[bool, bool, int, bool]:
        told = one.spot.told
        return not told.last, not told.weak, RANK[told.type], told.is_noun == (told.type in FORCE)

    @property
    def type(self) -> str:
        return self.main.spot.told.type

    @property
    def points_back(self) -> bool:
        """Whether all of its tellings take up what was told, or only count who was hurt."""
        return all(telling.pointing or self._only_counts(telling) for telling in self.tellings) and any(
            self.roles.values()
        )

    def _only_counts(self, telling: Telling) -> bool:
        counts = {span.end for role in ("killed", "wounded") for span in telling.roles.get(role, ())}
        filled = {role for role, spans in telling.roles.items() if spans}
        if {span.end for span in telling.roles.get("target", ())} <= counts:
            filled.discard("target")
        return telling.spot.told.frame in ("kill", "wound") and filled <= {"killed", "wounded"} and bool(filled)

    def add(self, role: str, spans: Sequence[Span]) -> None:
        known = self.roles.setdefault(role, [])
        known += [span for span in spans if span not in known]


def group(sentence: Sentence, tellings: Sequence[Telling], after: int = 0, given: Found | None = None) -> list[Group]:
    """Put the tellings of one sentence together.

    after: the character before which a date is not that of an event; given: the date of what has none.
    """
    groups: list[Group] = []
    points = pointing(sentence) if tellings else []
    for telling in tellings:
        unit = telling.spot.unit
        one = Group(
            [telling],
            date_of(sentence, unit, after=after)
            or _since(sentence, telling, after)
            or (Governing(given, "") if given else None),
            pointing_in(sentence, unit, points),
        )
        if one.points is not None and one.date is not None and points_nearer(sentence, unit, one.points, one.date):
            one.date = None
        for role, spans in telling.roles.items():
            one.add(role, spans)
        home = _told_of(sentence, groups, telling)
        if home is not None and not {told.spot.unit for told in home.tellings} & set(sentence.about(unit)):
            one.roles.pop("perpetrator", None)  # the verb's subject is but what stands before it
        home = home or next((known for known in groups if _together(sentence, known, one)), None)
        if home is None:
            groups.append(one)
        else:
            _merge(home, one)
    return groups


def guess_dates(sentence: Sentence, groups: Sequence[Group], after: int = 0) -> None:
    """Give what has no date the one date of its sentence that nothing else has."""
    used = {one.date.mark.start for one in groups if one.date is not None}
    for one in groups:
        hidden = (
            one.main.planned
            or _is_lasting(sentence, one)
            or is_told(sentence, sentence.units[one.main.spot.unit].clause)
        )
        if one.date is None and one.points is None and not hidden:
            one.guess = only_unused(sentence, used, after) or _of_the_first(sentence, one, after)


def _of_the_first(sentence: Sentence, one: Group, after: int) -> Found | None:
    """The date of the verb that a verb goes on from: `was captured in Oslo on 9 May 1990 and put to death`."""
    clause = sentence.clauses[sentence.units[one.main.spot.unit].clause]
    first = sentence.clauses[clause.parent].verb if clause.kind == COORDINATE and clause.shares else -1
    date = date_of(sentence, first, after=after) if first >= 0 else None
    return date.mark if date is not None else None


def _is_lasting(sentence: Sentence, one: Group) -> bool:
    """Whether a verb tells of what has come since: `has since merged with`."""
    head = sentence.units[one.main.spot.unit]
    return head.verb is not None and head.verb.perfect and "had" not in sentence.phrases.words(head)


def _since(sentence: Sentence, telling: Telling, after: int) -> Governing | None:
    """The date from which something that lasts has been so: `designated since March 2008`."""
    if telling.spot.told.type != "designation":
        return None
    found = date_of(sentence, telling.spot.unit, borders=True, after=after)
    return found if found is not None and found.before in ("since", "from") else None


def _told_of(sentence: Sentence, groups: Sequence[Group], telling: Telling) -> Group | None:
    """The happening whose noun a verb of harm is about: `a bombing that killed 12`, `a siege in which 67 people were killed`."""
    if telling.spot.told.is_noun or telling.spot.told.frame not in ("kill", "wound"):
        return None
    about = sentence.about(telling.spot.unit)
    clause = sentence.clauses[sentence.units[telling.spot.unit].clause]
    best: tuple[int, Group] | None = None
    for one in groups:
        for other in one.tellings:
            at = other.spot.unit
            if other.spot.told.is_noun and (
                at in about or (clause.kind == RELATIVE and _runs_on(sentence, at, clause.first))
            ):
                best = max(best or (at, one), (at, one), key=lambda found: found[0])
    return best[1] if best else None


def _runs_on(sentence: Sentence, noun: int, relative: int) -> bool:
    """Whether but phrases that hang on a noun stand between it and a relative word: `an assault on a base at X that killed`."""
    between = [sentence.kind(at) for at in range(noun + 1, relative)]
    return noun < relative and not {"V", ";", "W", "S"} & set(between)


def _merge(home: Group, other: Group) -> None:
    home.tellings += other.tellings
    home.date, home.points = home.date or other.date, home.points or other.points
    for role, spans in other.roles.items():
        if role in TOLLS and home.roles.get(role):
            continue
        home.add(role, spans)


def _together(sentence: Sentence, one: Group, other: Group) -> bool:
    kinds = {one.type, other.type}
    if any(telling.background for telling in (*one.tellings, *other.tellings)):
        return False
    if len(kinds) > 1 and not kinds <= FORCE:
        return False
    if "military_operation" in kinds and len(kinds) > 1 and not (one.main.spot.told.weak or other.main.spot.told.weak):
        return False
    if one.date and other.date and one.date.mark is not other.date.mark:
        return False
    if _apart(one, other, "perpetrator"):
        return False
    if _apart(one, other, "place") and not (one.main.spot.told.weak and other.main.spot.told.weak):
        return False
    if not any(_linked(sentence, a.spot.unit, b.spot.unit) for a in one.tellings for b in other.tellings):
        return False
    if not _is_seizure(one, other) and _taken_apart(sentence, one, other):
        return False
    if one.main.spot.told.is_noun and other.main.spot.told.is_noun and not _apposed(sentence, one, other):
        return False
    if one.main.spot.told.weak or other.main.spot.told.weak or _is_seizure(one, other):
        return True
    return len(kinds) == 1 and not _apart(one, other, "target")


def _is_seizure(one: Group, other: Group) -> bool:
    """Whether a building or craft was seized, and hostages in it: `seized the embassy and held its staff hostage`."""
    things = [each.main.spot.told.needs in ("premises", "craft") for each in (one, other)]
    return things[0] != things[1] and bool({one.type, other.type} & TAKEN)


def _taken_apart(sentence: Sentence, one: Group, other: Group) -> bool:
    """Whether one verb tells of people who were taken, and one beside it of something else that befell others."""
    takes = [each.main.spot.told.frame == "take" for each in (one, other)]
    if takes[0] == takes[1] or one.main.spot.told.is_noun or other.main.spot.told.is_noun:
        return False
    first, second = (sentence.units[each.main.spot.unit].clause for each in (one, other))
    beside = sentence.clauses[max(first, second)].kind == COORDINATE
    whole = all(each.roles.get("target") or each.roles.get("killed") for each in (one, other))
    return beside and whole and not set(one.roles.get("target", ())) & set(other.roles.get("target", ()))


def _apposed(sentence: Sentence, one: Group, other: Group) -> bool:
    """Whether one noun tells the other again: `the deadliest attack to date, a bombing in Oslo`."""
    low, high = sorted((one.main.spot.unit, other.main.spot.unit))
    between = [sentence.kind(at) for at in range(low + 1, high)]
    if between == ["V"] and sentence.word(low + 1) in BE:
        return True  # `its first attack was the hijacking of ...`
    return "," in between and not {"C", "V", "W", "S", ";"} & set(between)


def _apart(one: Group, other: Group, role: str) -> bool:
    """Whether both name something in a role, and nothing that is the same."""
    first, second = one.roles.get(role, ()), other.roles.get(role, ())
    return bool(first) and bool(second) and not set(first) & set(second)


def _linked(sentence: Sentence, one: int, other: int) -> bool:
    """Whether two units stand in one clause, or one's clause hangs on the other's."""
    first, second = sentence.units[one].clause, sentence.units[other].clause
    return _above(sentence, first, second) or _above(sentence, second, first) or _siblings(sentence, first, second)


def _above(sentence: Sentence, high: int, low: int) -> bool:
    steps = 0
    while low >= 0 and low != high and steps < 3:
        clause = sentence.clauses[low]
        if clause.kind not in LINKED or (clause.kind == COORDINATE and not clause.shares):
            return False
        low, steps = clause.parent, steps + 1
    return low == high


def _siblings(sentence: Sentence, one: int, other: int) -> bool:
    first, second = sentence.clauses[one], sentence.clauses[other]
    return first.parent == second.parent >= 0 and {first.kind, second.kind} <= {PARTICIPLE, RELATIVE, COORDINATE}
