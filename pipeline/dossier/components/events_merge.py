"""One record for one happening: which tellings of a document are of the same, by type, date, place and roles."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from dossier.components.events_join import ATTACKS, FORCE, TAKEN, TOLLS
from dossier.errors import DateError
from dossier.normalize.edtf import bounds
from dossier.normalize.names import fold
from dossier.records import Happening, Span

WIDE = frozenset(("country", "region", "part", "continent", ""))  # kinds of places in which much may happen at one time
CLOSE, MONTH, YEAR = 1, 31, 366  # days: a stretch of at most so many is known to the day, the month, the year
NEAR = 600  # characters back to what `the attack` may point to
ACTORS = ("perpetrator", "claimed_by", "party", "authority", "result")
_DEFINITE = re.compile(r"\b(?:the|this|that|these|those)\s+(?:[\w-]+\s+)?\Z")
_SMALL = frozenset("the a an of in at near on and its their his her to for from".split())


class Place(NamedTuple):
    """A place by what it is known as, whether much may happen in it at one time, and its country."""

    key: str
    wide: bool
    country: str | None


@dataclass(slots=True)
class Facts:
    """What is compared of a telling."""

    happening: Happening
    family: str
    edtf: str | None = None
    days: tuple[str, str] | None = None
    places: list[Place] = field(default_factory=list)
    actors: frozenset[str] = frozenset()
    targets: frozenset[str] = frozenset()
    parties: frozenset[str] = frozenset()
    word: str = ""
    definite: bool = False  # `the attack killed 12`
    tolls: dict[str, tuple[float | None, float | None]] = field(default_factory=dict)
    block: int = -1

    @property
    def length(self) -> int:
        """How many days its date covers; 0 without a date."""
        if self.days is None:
            return 0
        from datetime import date

        first, last = (date.fromisoformat(day) for day in self.days)
        return (last - first).days + 1


class Sources(NamedTuple):
    """Where the facts of a span come from: the norm and entity of the mention there, and the kind of a place by name."""

    text: str
    norm: Callable[[Span], dict[str, Any] | None]
    entity: Callable[[Span], str | None]
    kind: Callable[[str], str]
    block: Callable[[int], int]


def family(kind: str) -> str:
    return "attack" if kind in ATTACKS else kind


def facts_of(one: Happening, sources: Sources) -> Facts:
    """Look up what the roles of a telling stand for."""
    words = {
        role: [" ".join(sources.text[slice(*span)].split()) for span in spans] for role, spans in one.roles.items()
    }

    def keys(role: str) -> list[str]:
        return [
            sources.entity(span) or fold(text)
            for span, text in zip(one.roles.get(role, ()), words.get(role, ()), strict=True)
        ]

    found = Facts(one, family(one.type), block=sources.block(one.trigger.start))
    dates = one.roles.get("date", ())
    found.edtf = one.when or next(
        (norm["edtf"] for span in dates if (norm := sources.norm(span)) and "edtf" in norm), None
    )
    found.days = _days(found.edtf)
    for span, text, key in zip(one.roles.get("place", ()), words.get("place", ()), keys("place"), strict=True):
        found.places.append(Place(key, sources.kind(text) in WIDE, (sources.norm(span) or {}).get("country")))
    found.parties = frozenset(key for role in ("party", "result", "target") for key in keys(role))
    found.word = sources.text[one.trigger.start : one.trigger.end].casefold()[:5]
    before = sources.text[max(0, one.trigger.start - 30) : one.trigger.start].casefold()
    found.definite = bool(_DEFINITE.search(before))
    found.actors = frozenset(key for role in ACTORS for key in keys(role))
    found.targets = frozenset(
        word.casefold() for text in words.get("target", ()) for word in text.split() if word.casefold() not in _SMALL
    ) | frozenset(keys("target"))
    for role in TOLLS:
        norms = [norm for span in one.roles.get(role, ()) if (norm := sources.norm(span)) and "min" in norm]
        if norms:
            found.tolls[role] = added([norm["min"] for norm in norms]), added([norm["max"] for norm in norms])
    return found


def added(values: Sequence[float | None]) -> float | None:
    """The sum, None where one of them is not known."""
    return None if any(value is None for value in values) else sum(value for value in values if value is not None)


def _days(edtf: str | None) -> tuple[str, str] | None:
    if edtf is None:
        return None
    try:
        first, last = bounds(edtf)
    except DateError:
        return None
    return (first, last) if first and last else None


def merge(tellings: Sequence[Facts]) -> list[list[Facts]]:
    """Group the tellings of a document by happening, in the order of their first words.

    What only points back joins the nearest telling before it that it fits, or goes.
    """
    groups: list[list[Facts]] = []
    for one in sorted(tellings, key=lambda facts: facts.happening.trigger):
        if one.happening.points_back:
            home = _pointed_to(groups, one)
        else:
            home = next((group for group in groups if _same_as(group, one)), None)
            if home is None:
                groups.append([one])
                continue
        if home is not None:
            home.append(one)
    return groups


def _pointed_to(groups: Sequence[list[Facts]], one: Facts) -> list[Facts] | None:
    """What `the attack` is: the last telling before it in its block, or at the end of the one before."""
    start = one.happening.trigger.start
    best: tuple[int, list[Facts]] | None = None
    for group in groups:
        for told in group:
            back = start - told.happening.trigger.start
            if "ransom" in one.happening.roles and told.happening.type not in TAKEN:
                continue
            near = 0 < back < NEAR and one.block - told.block in (0, 1) and not _counted_already(told, one)
            if near and _kinds_fit(told, one) and (best is None or back < best[0]) and _no_clash(told, one):
                best = back, group
    return best[1] if best else None


def _counted_already(told: Facts, one: Facts) -> bool:
    """Whether a telling that but counts would count again what was counted: it is of something else."""
    by_count = one.happening.roles.keys() <= {"killed", "wounded"} and not one.definite
    return by_count and bool(told.tolls.keys() & one.tolls.keys())


def _kinds_fit(told: Facts, one: Facts) -> bool:
    if told.family == one.family:
        return True
    return {told.family, one.family} == {"attack", "military_operation"}


def _no_clash(told: Facts, one: Facts) -> bool:
    return (one.days is None or told.days is None or overlap(told.days, one.days)) and not _elsewhere(told, one)


def _same_as(group: Sequence[Facts], one: Facts) -> bool:
    return any(same(told, one) for told in group) and not any(_elsewhere(told, one) for told in group)


def same(one: Facts, other: Facts) -> bool:
    """Whether two tellings are of one happening: nothing against it, and enough for it."""
    if not _kinds_fit(one, other) or _elsewhere(one, other) or _told_apart(one.happening, other.happening):
        return False
    if one.family not in FORCE:
        return _same_deed(one, other)
    here = _share_place(one, other)
    roles = _share_roles(one, other)
    toll = _share_toll(one, other)
    if one.days and other.days:
        if not overlap(one.days, other.days):
            return here and toll and roles and _close(one, other)
        length = max(one.length, other.length)
        if length <= CLOSE:
            return here or toll or (roles and not (one.places and other.places))
        if length <= MONTH:
            return (here and (toll or roles or one.family == other.family)) or (
                toll and (roles or _same_region(one, other))
            )
        if length <= YEAR:
            return here and (toll or roles or min(one.length, other.length) > MONTH)
        return here and roles and toll
    if one.days or other.days:
        return here and (toll or (roles and _names(one, other)))
    return here and toll and roles


def _told_apart(one: Happening, other: Happening) -> bool:
    """Whether one sentence tells of people taken and of something else: `attacked a base and kidnapped five nurses`."""
    return one.evidence == other.evidence and (one.type in TAKEN) != (other.type in TAKEN)


def _same_deed(one: Facts, other: Facts) -> bool:
    """Mergers, designations and the like: of the same parties, at one time; in one word or under one authority."""
    if not one.days or not other.days or not overlap(one.days, other.days):
        return False
    parties = one.parties & other.parties
    if one.family == "other":
        return bool(parties) and one.word == other.word
    return bool(parties) and max(one.length, other.length) <= YEAR


def overlap(one: tuple[str, str], other: tuple[str, str]) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


def _close(one: Facts, other: Facts) -> bool:
    """Whether two dates that differ may be of one happening: within a year, and both known to the month or better."""
    from datetime import date

    if one.days is None or other.days is None or max(one.length, other.length) > YEAR:
        return False
    return abs((date.fromisoformat(one.days[0]) - date.fromisoformat(other.days[0])).days) <= YEAR


def _share_place(one: Facts, other: Facts) -> bool:
    """Whether both name a place in which little else happens at one time."""
    return bool({p.key for p in one.places if not p.wide} & {p.key for p in other.places if not p.wide})


def _same_region(one: Facts, other: Facts) -> bool:
    return bool({p.key for p in one.places} & {p.key for p in other.places})


def _elsewhere(one: Facts, other: Facts) -> bool:
    """Whether both have a place, and no two of these are the same or in one another."""
    if not one.places or not other.places:
        return False
    return not any(_fit(p, q) for p in one.places for q in other.places)


def _fit(one: Place, other: Place) -> bool:
    if one.key == other.key:
        return True
    wide = one.wide or other.wide
    return wide and (one.country == other.country or one.country is None or other.country is None)


def _share_roles(one: Facts, other: Facts) -> bool:
    return bool(one.actors & other.actors or one.targets & other.targets)


def _names(one: Facts, other: Facts) -> bool:
    return bool(one.targets & other.targets)


def _share_toll(one: Facts, other: Facts) -> bool:
    """Whether both give a count of more than one, and an equal one."""
    return any(
        one.tolls[role] == other.tolls[role] and (one.tolls[role][0] or 0) > 1
        for role in one.tolls.keys() & other.tolls.keys()
    )


def tolls_clash(one: tuple[float | None, float | None], other: tuple[float | None, float | None]) -> bool:
    """Whether two counts cannot both hold: `12` and `20 to 30`."""
    low, high = (0 if one[0] is None else one[0]), (float("inf") if one[1] is None else one[1])
    least, most = (0 if other[0] is None else other[0]), (float("inf") if other[1] is None else other[1])
    return high < least or most < low
