"""Who did what to whom: the roles that the phrases around a verb or noun fill. The guide, section 4."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from dossier.components.clauses import Sentence
from dossier.components.events_fillers import Fillers
from dossier.components.events_lexicon import EventLexicon, Told
from dossier.records import Span

AGAINST = frozenset("on against at upon into toward towards under beneath".split())
BESIDE = frozenset("outside near inside in at next opposite by behind front".split())
BACKGROUND = frozenset("during after before since following amid despite".split())
SUFFERED = frozenset("killing murder kidnapping abduction assassination execution beheading hijacking massacre shooting".split())
FILLED = frozenset("packed loaded filled laden rigged".split())
WHERE = frozenset("in at near outside around inside off across within between on along from".split())
SOURCE = frozenset(("from", "with"))
HARM = frozenset(("kill", "wound"))


class Spot(NamedTuple):
    """Where a trigger stands: the words `[first, last)` of the view, in a unit."""

    told: Told
    first: int
    last: int
    unit: int


@dataclass(slots=True)
class Telling:
    """What one trigger tells: roles by name, as spans; `background`: a noun after `during`, `after` and the like."""

    spot: Spot
    roles: dict[str, list[Span]] = field(default_factory=dict)
    denied: bool = False
    planned: bool = False
    background: bool = False

    def add(self, role: str, spans: Iterable[Span]) -> None:
        known = self.roles.setdefault(role, [])
        known += [span for span in spans if span not in known]


class Frames:
    """Reads the roles of the triggers of one sentence."""

    def __init__(self, sentence: Sentence, lexicon: EventLexicon, fillers: Fillers) -> None:
        self.sentence, self.lexicon, self.fillers = sentence, lexicon, fillers
        self._frames: dict[str, Callable[[Telling, int], None]] = {
            "act": self._act, "take": self._take, "kill": self._kill, "wound": self._wound, "blast": self._blast,
            "clash": self._clash, "enter": self._enter, "upon": self._upon, "lay": self._lay, "merge": self._merge, "part": self._part,
            "list": self._list, "deed": self._deed,
        }  # fmt: skip

    def read(self, spot: Spot) -> Telling:
        telling = Telling(spot)
        if spot.told.is_noun:
            self._noun(telling, spot)
        else:
            self._frames[spot.told.frame](telling, spot.unit)
            said = self.sentence.units[spot.unit].verb
            telling.denied = bool(said and said.negated)
            telling.planned = self._is_planned(spot.unit)
        self._around(telling, spot.unit)
        return telling

    def _is_planned(self, verb: int) -> bool:
        """Whether a verb tells of what may come: `will attack`, `planned to attack`."""
        said = self.sentence.units[verb].verb
        if said is None:
            return False
        if said.modal is not None and not said.perfect:
            return said.modal in ("will", "would", "shall", "can", "could", "may", "might", "must", "should", "'ll", "to")
        return said.infinitive and not said.perfect and self.sentence.word(verb - 1) not in ("managed", "proceeded", "helped")

    # ------------------------------------------------------------ verbs

    def _parties(self, verb: int) -> tuple[list[int], list[int]]:
        """The units of who acts and of what is acted on, whichever the voice."""
        said = self.sentence.units[verb].verb
        reduced = said is not None and said.form == "VBN" and not said.perfect and not said.finite
        if said is not None and (said.passive or reduced):
            return self.sentence.agents(verb), self.sentence.subject(verb)
        return self.sentence.subject(verb), self.sentence.objects(verb)

    def _act(self, telling: Telling, verb: int) -> None:
        doers, done_to = self._parties(verb)
        self._by(telling, doers)
        if telling.spot.told.type == "military_operation":
            self._on_place(telling, done_to)
        else:
            self._at(telling, done_to)

    def _by(self, telling: Telling, doers: Iterable[int]) -> None:
        for unit in doers:
            telling.add("perpetrator", self.fillers.actors(unit))
            telling.add("weapon", self.fillers.weapons(unit))

    def _at(self, telling: Telling, units: Iterable[int]) -> None:
        for unit in units:
            telling.add("place", self.fillers.places_in(unit))
            telling.add("target", self.fillers.targets(unit))

    def _on_place(self, telling: Telling, units: Iterable[int]) -> None:
        for unit in units:
            places = self.fillers.places_in(unit)
            telling.add("place", places)
            if not places:
                telling.add("target", self.fillers.targets(unit))

    def _take(self, telling: Telling, verb: int) -> None:
        doers, done_to = self._parties(verb)
        self._by(telling, doers)
        for unit in done_to:
            telling.add("hostages", self.fillers.counts(unit, "people"))
        self._at(telling, done_to)

    def _kill(self, telling: Telling, verb: int) -> None:
        self._harm(telling, verb, "killed")

    def _wound(self, telling: Telling, verb: int) -> None:
        self._harm(telling, verb, "wounded")

    def _harm(self, telling: Telling, verb: int, role: str) -> None:
        doers, done_to = self._parties(verb)
        self._by(telling, doers)
        for unit in done_to:
            telling.add(role, self.fillers.counts(unit, "people"))
        self._at(telling, done_to)

    def _blast(self, telling: Telling, verb: int) -> None:
        doers, done_to = self._parties(verb)
        if done_to:
            self._by(telling, doers)
        for unit in (*doers, *done_to):
            telling.add("weapon", self.fillers.weapons(unit))
            telling.add("weapon", self._filled_with(unit))
        self._against(telling, verb)

    def _filled_with(self, unit: int) -> list[Span]:
        """The explosive of `a truck packed with dynamite`."""
        after = unit + 1 + (self.sentence.kind(unit + 1) == ",")
        if self.sentence.kind(after) != "V" or self.sentence.word(after) not in FILLED:
            return []
        found = self.sentence.complements(after)
        return [span for word, units in found if word == "with" for each in units for span in self.fillers.weapons(each)]

    def _against(self, telling: Telling, at: int) -> None:
        for word, units in self.sentence.complements(at):
            if word in AGAINST or word in BESIDE:
                for unit in units:
                    if word in AGAINST or not self.fillers.places_in(unit):
                        telling.add("target", self.fillers.targets(unit, things=word not in AGAINST))

    def _lay(self, telling: Telling, verb: int) -> None:
        """`planted a bomb under a bus`."""
        doers, done_to = self._parties(verb)
        self._by(telling, doers)
        for unit in done_to:
            telling.add("weapon", self.fillers.weapons(unit))
        self._against(telling, verb)

    def _clash(self, telling: Telling, verb: int) -> None:
        for unit in self.sentence.subject(verb):
            telling.add("perpetrator", self.fillers.actors(unit))
        for word, units in self.sentence.complements(verb):
            if word in ("with", "against"):
                for unit in units:
                    telling.add("target", self.fillers.targets(unit))

    def _enter(self, telling: Telling, verb: int) -> None:
        self._by(telling, self.sentence.subject(verb))

    def _upon(self, telling: Telling, verb: int) -> None:
        """Verbs whose object is behind a preposition: `opened fire on a bus`, `set fire to a school`."""
        self._by(telling, self.sentence.subject(verb))
        for word, units in self.sentence.complements(verb):
            if word in AGAINST or word == "to":
                self._at(telling, units)
                return

    def _merge(self, telling: Telling, verb: int) -> None:
        subjects, objects = self._parties(verb)
        for unit in (*subjects, *objects):
            telling.add("party", self.fillers.groups(unit))
        self._joined(telling, verb)

    def _joined(self, telling: Telling, at: int) -> None:
        for word, units in self.sentence.complements(at):
            role = {"with": "party", "into": "result", "as": "result", "under": "result", "of": "party", "between": "party"}
            if word in role:
                for unit in units:
                    telling.add(role[word], self.fillers.groups(unit))
        telling.add("result", self._formed(at))

    def _formed(self, at: int) -> list[Span]:
        """What a merger or split made: `... to form X`, `... and formed X`, `..., forming X`."""
        for verb in range(at + 1, len(self.sentence.units)):
            if self.sentence.kind(verb) == "V" and self.sentence.word(verb) in ("form", "formed", "forming", "create", "creating"):
                return [span for unit in self.sentence.objects(verb) for span in self.fillers.groups(unit)]
        return []

    def _part(self, telling: Telling, verb: int) -> None:
        for unit in (*self.sentence.subject(verb), *self.sentence.objects(verb)):
            telling.add("party", self.fillers.groups(unit))
        for word, units in self.sentence.complements(verb):
            for unit in units:
                if word in ("from", "with"):
                    telling.add("party", self.fillers.groups(unit))
                elif word in ("into", "as"):
                    telling.add("result", self.fillers.groups(unit))
        telling.add("result", self._formed(verb))

    def _list(self, telling: Telling, verb: int) -> None:
        doers, done_to = self._parties(verb)
        for unit in doers:
            telling.add("authority", self.fillers.actors(unit))
        for unit in done_to:
            telling.add("target", self.fillers.named(unit))

    def _deed(self, telling: Telling, verb: int) -> None:
        doers, done_to = self._parties(verb)
        for unit in doers:
            telling.add("party", self.fillers.named(unit))
        for unit in done_to:
            telling.add("target", self.fillers.named(unit))
            telling.add("hostages", self.fillers.counts(unit, "people") if self._are_hostages(unit) else ())
        for word, units in self.sentence.complements(verb):
            if word in ("with", "to"):
                for unit in units:
                    telling.add("party", self.fillers.named(unit))

    def _are_hostages(self, unit: int) -> bool:
        return self.sentence.word(unit).startswith(("hostage", "captive"))

    # ------------------------------------------------------------ nouns

    def _noun(self, telling: Telling, spot: Spot) -> None:
        kind = spot.told.type
        if kind in ("merger", "split"):
            for unit in (spot.unit,):
                telling.add("party", self.fillers.groups(unit))
            self._joined(telling, spot.unit)
            for word, units in self.sentence.complements(spot.unit):
                if word == "from":
                    for unit in units:
                        telling.add("party", self.fillers.groups(unit))
            return
        if kind == "designation":
            for word, units in self.sentence.complements(spot.unit):
                role = {"of": "target", "by": "authority"}.get(word)
                for unit in units if role else ():
                    telling.add(str(role), self.fillers.named(unit))
            return
        self._inside(telling, spot)
        for word, units in self.sentence.complements(spot.unit):
            if word == "by":
                self._by(telling, units)
            elif word == "of" and self.sentence.kind(units[0]) == "N":
                self._of(telling, units)
            elif word in AGAINST:
                for unit in units:
                    if self.sentence.kind(unit) == "N":
                        self._at(telling, [unit])
            elif word in ("with", "using", "involving"):
                for unit in units:
                    telling.add("weapon", self.fillers.weapons(unit))
            elif word == "between":
                self._by(telling, units)
        self._doers(telling, spot.unit)
        telling.background = self.sentence.kind(spot.unit - 1) == "P" and self.sentence.word(spot.unit - 1) in BACKGROUND

    def _of(self, telling: Telling, units: list[int]) -> None:
        """What the noun is of: a kidnapping of two nuns, a bombing of a hotel, a battle of a town."""
        kind = telling.spot.told.type
        for unit in units:
            if kind in ("kidnapping", "hostage_taking"):
                telling.add("hostages", self.fillers.counts(unit, "people"))
            elif telling.spot.told.word in ("killing", "massacre", "murder", "execution", "beheading", "assassination"):
                telling.add("killed", self.fillers.counts(unit, "people"))
            if kind == "military_operation":
                self._on_place(telling, [unit])
            else:
                self._at(telling, [unit])

    def _inside(self, telling: Telling, spot: Spot) -> None:
        """The words of the noun's own phrase before it: whose attack, where, on what, with what."""
        owners, rest = self.fillers.before(spot.unit, spot.first)
        suffered = [span for span in owners if spot.told.word in SUFFERED and self.fillers.is_person(spot.unit, span)]
        telling.add("target", suffered)
        telling.add("perpetrator", [span for span in owners if span not in suffered])
        telling.add("place", self.fillers.places_before(spot.unit, spot.first))
        telling.add("weapon", self.fillers.weapons(spot.unit))
        telling.add("target", rest)

    def _doers(self, telling: Telling, unit: int) -> None:
        """`X carried out the attack`, `the attack was carried out by X`."""
        for verb, is_object in self._verbs_of(unit):
            word = self.sentence.word(verb)
            if self.lexicon.is_verb(word, "doing"):
                doers = self.sentence.subject(verb) if is_object else self.sentence.agents(verb)
                self._by(telling, doers)
                self._against(telling, verb)

    def _verbs_of(self, unit: int) -> list[tuple[int, bool]]:
        """The verb groups that a noun phrase is the object of (True) or the passive subject of (False)."""
        found = []
        for verb, other in enumerate(self.sentence.units):
            if other.kind == "V" and other.verb is not None and abs(verb - unit) < 12:
                if not other.verb.passive and unit in self.sentence.objects(verb):
                    found.append((verb, True))
                elif (other.verb.passive or other.verb.form == "VBN") and unit in self.sentence.subject(verb):
                    found.append((verb, False))
        return found

    # ------------------------------------------------------------ both

    def _around(self, telling: Telling, unit: int) -> None:
        """Where it was, and with what: the phrases after it, and one that opens its clause."""
        told = telling.spot.told
        for word, units in self.sentence.complements(unit):
            if word in WHERE and told.type not in ("merger", "split", "designation"):
                for each in units:
                    if word != "from" and self.sentence.kind(each) == "N":
                        telling.add("place", self.fillers.places_at(each))
            if word in ("with", "using", "by"):
                for each in units:
                    telling.add("weapon", self.fillers.weapons(each))
        if told.type in ("merger", "split", "designation"):
            return
        if not telling.roles.get("place"):
            telling.add("place", self._fronted(unit))

    def _fronted(self, unit: int) -> list[Span]:
        """The place of `In Oslo, gunmen attacked ...`."""
        clause = self.sentence.units[unit].clause
        found: list[Span] = []
        for at, one in enumerate(self.sentence.units[:unit]):
            if one.clause == clause and one.kind == "P" and self.sentence.word(at) in ("in", "at", "near", "outside"):
                if self.sentence.kind(at + 1) == "N":
                    found += self.fillers.places_at(at + 1)
            if one.kind == "V" and one.clause == clause:
                break
        return found
