"""Who did what to whom: the roles that the phrases around a verb fill. The guide, section 4. Nouns: `events_nouns`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dossier.components.events_reading import AGAINST, FILLED, LIVES, Spot, Telling
from dossier.components.events_unions import Unions
from dossier.records import Span


@dataclass(slots=True)
class Verbs(Unions):
    """Reads the roles of verbs."""

    def read(self, spot: Spot) -> Telling:
        telling, verb = Telling(spot), spot.unit
        frames: dict[str, Callable[[Telling, int], None]] = {
            "act": self._act, "take": self._take, "kill": self._kill, "wound": self._wound, "blast": self._blast,
            "rout": self._rout, "clash": self._clash, "fall": self._fall, "seize": self._seize, "enter": self._enter,
            "upon": self._upon, "lay": self._lay, "merge": self._merge, "absorb": self._absorb, "part": self._part,
            "list": self._list, "enlist": self._enlist, "strike": self._strike, "stand": self._stand, "impose": self._impose,
            "join": self._join, "emerge": self._emerge, "deed": self._deed,
        }  # fmt: skip
        frames[spot.told.frame](telling, verb)
        said = self.sentence.units[verb].verb
        telling.denied = bool(said and said.negated)
        telling.planned = self._is_planned(verb)
        telling.bare = self._is_bare(verb)
        self.around(telling, verb)
        return telling

    # ------------------------------------------------------------ force

    def _act(self, telling: Telling, verb: int) -> None:
        doers, done_to = self._parties(verb)
        self.by(telling, doers)
        self.at(telling, done_to)

    def _take(self, telling: Telling, verb: int) -> None:
        doers, done_to = self._parties(verb)
        self.by(telling, doers)
        for unit in done_to:
            telling.add("hostages", self.fillers.counts(unit, *LIVES))
        self.at(telling, done_to)
        self._aboard(telling, verb)
        self._from(telling, verb)

    def _seize(self, telling: Telling, verb: int) -> None:
        """`hijacked a plane with 55 people`."""
        self._act(telling, verb)
        self._aboard(telling, verb)

    def _aboard(self, telling: Telling, verb: int) -> None:
        """Those who were in what was taken: `a bus with 30 pilgrims`."""
        for word, units, _ in self.sentence.complements(verb):
            if word == "with" and not telling.roles.get("hostages"):
                for unit in units:
                    telling.add("hostages", self.fillers.counts(unit, *LIVES))

    def _kill(self, telling: Telling, verb: int) -> None:
        self._harm(telling, verb, "killed")

    def _wound(self, telling: Telling, verb: int) -> None:
        self._harm(telling, verb, "wounded")

    def _harm(self, telling: Telling, verb: int, role: str) -> None:
        doers, done_to = self._parties(verb)
        self.by(telling, doers)
        for unit in done_to:
            telling.add(role, self.fillers.counts(unit, *LIVES))
        self.at(telling, done_to)

    def _blast(self, telling: Telling, verb: int) -> None:
        doers, done_to = self._parties(verb)
        if done_to:
            self.by(telling, doers)
        for unit in (*doers, *done_to):
            telling.add("weapon", self.fillers.weapons(unit))
            telling.add("weapon", self._filled_with(unit))
        self.against(telling, verb)

    def _filled_with(self, unit: int) -> list[Span]:
        """The explosive of `a truck packed with dynamite`."""
        after = unit + 1 + (self.sentence.kind(unit + 1) == ",")
        if self.sentence.kind(after) != "V" or self.sentence.word(after) not in FILLED:
            return []
        found = self.sentence.complements(after)
        return [
            span for word, units, _ in found if word == "with" for each in units for span in self.fillers.weapons(each)
        ]

    def _lay(self, telling: Telling, verb: int) -> None:
        """`planted a bomb under a bus`."""
        doers, done_to = self._parties(verb)
        self.by(telling, doers)
        for unit in done_to:
            telling.add("weapon", self.fillers.weapons(unit))
        self.against(telling, verb)

    def _rout(self, telling: Telling, verb: int) -> None:
        """`drove the rebels from Narvik`."""
        self._act(telling, verb)
        self._from(telling, verb)

    def _from(self, telling: Telling, verb: int) -> None:
        for word, units, _ in self.sentence.complements(verb):
            if word in ("from", "of", "out"):
                for unit in units:
                    telling.add("place", self.fillers.places_in(unit))

    def _clash(self, telling: Telling, verb: int) -> None:
        self._enter(telling, verb)
        for unit in self.sentence.objects(verb):
            telling.add("target", self.fillers.targets(unit))
        for word, units, _ in self.sentence.complements(verb):
            if word in ("with", "against"):
                for unit in units:
                    telling.add("target", self.fillers.targets(unit))

    def _fall(self, telling: Telling, verb: int) -> None:
        """`Narvik fell to the rebels`."""
        for unit in self.sentence.subject(verb):
            telling.add("place", self.fillers.places_in(unit))
        for word, units, _ in self.sentence.complements(verb):
            if word == "to":
                self.by(telling, units)

    def _enter(self, telling: Telling, verb: int) -> None:
        for unit in self.sentence.subject(verb):
            telling.add("perpetrator", self.fillers.actors(unit))

    def _upon(self, telling: Telling, verb: int) -> None:
        """Verbs whose object is behind a preposition: `opened fire on a bus`, `set fire to a school`."""
        self.by(telling, self.sentence.subject(verb))
        for word, units, _ in self.sentence.complements(verb):
            if word in AGAINST or word in ("to", "of"):
                self.at(telling, units)
                return
