"""What the readings of verbs and of nouns share: where a trigger stands, what it tells, and the phrases around it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from dossier.components.clauses import Sentence
from dossier.components.events_fillers import Fillers
from dossier.components.events_lexicon import EventLexicon, Told
from dossier.components.phrases import SIDES
from dossier.records import Span

AGAINST = frozenset("on against at upon into toward towards under beneath through".split())
BESIDE = frozenset("outside near inside in at next opposite by behind front beside".split())
WHERE = SIDES | frozenset("in at near outside around inside off across within between on along over".split())
TOGETHER = frozenset(("merger", "split", "designation"))  # types that have no place of their own
LIVES = ("people", "hostages", "unknown")  # what is counted of those who are killed or taken
FILLED = frozenset("packed loaded filled laden rigged".split())
FORMING = frozenset(
    "form formed forming create created creating found founded founding establish established start started launch launched "
    "launching proclaim proclaimed become".split()
)
NAMING = frozenset("called calling named naming christened christening".split())
MAY_COME = frozenset("will would shall can could may might must should 'll to".split())
FREED = frozenset(("free", "release", "rescue", "set ... free", "return"))
DONE = frozenset(
    "managed proceeded helped went used tried attempted trying failed".split()
)  # `managed to seize`: it came about


class Spot(NamedTuple):
    """Where a trigger stands: the words `[first, last)` of the view, in a unit."""

    told: Told
    first: int
    last: int
    unit: int


@dataclass(slots=True)
class Telling:
    """What one trigger tells: roles by name, as spans.

    `background`: a noun after `during`, `after` and the like; `pointing`: it takes up what was told; `bare`: a verb that
    opens its sentence, of which is left out whom it tells of; `left_out`: a pronoun or nothing stands for whom it befell;
    `launched`: a noun with a verb of doing; `by_force`: a state's forces did it.
    """

    spot: Spot
    roles: dict[str, list[Span]] = field(default_factory=dict)
    denied: bool = False
    planned: bool = False
    background: bool = False
    pointing: bool = False
    bare: bool = False
    left_out: bool = False
    launched: bool = False
    by_force: bool = False

    def add(self, role: str, spans: Iterable[Span]) -> None:
        known = self.roles.setdefault(role, [])
        known += [span for span in spans if span not in known]


@dataclass(slots=True)
class Reading:
    """What the readings of verbs and of nouns share."""

    sentence: Sentence
    lexicon: EventLexicon
    fillers: Fillers

    def by(self, telling: Telling, doers: Iterable[int]) -> None:
        for unit in doers:
            telling.add("perpetrator", self.fillers.actors(unit))
            telling.add("weapon", self.fillers.weapons(unit))

    def at(self, telling: Telling, units: Iterable[int]) -> None:
        for unit in units:
            places = self.fillers.places_in(unit)
            telling.add("place", places)
            if not places or telling.spot.told.type != "military_operation":
                telling.add("target", self.fillers.targets(unit))

    def against(self, telling: Telling, at: int) -> None:
        """`... on a police station`, `... outside an embassy`."""
        for word, units, _ in self.sentence.complements(at):
            if word in AGAINST or word in BESIDE:
                for unit in units:
                    if word in AGAINST or not self.fillers.places_in(unit):
                        telling.add("target", self.fillers.targets(unit, things=word not in AGAINST))

    def joined(self, telling: Telling, at: int) -> None:
        """The parties and the result of a merger behind its verb or noun."""
        roles = {
            "with": "party",
            "of": "party",
            "between": "party",
            "into": "result",
            "as": "result",
            "under": "result",
            "to": "result",
            "in": "party" if telling.spot.told.is_noun else "",  # `a split in the front`
            "within": "party",
        }
        for word, units, _ in self.sentence.complements(at):
            if roles.get(word):
                for unit in units:
                    telling.add(roles[word], self.fillers.groups(unit))
        telling.add("result", self.formed(at))

    def formed(self, at: int) -> list[Span]:
        """What a merger or split made: `... to form X`, `... and set up X`."""
        for verb in range(at + 1, len(self.sentence.units)):
            if self.sentence.kind(verb) == "V" and self._forms(verb):
                return [span for unit in self.sentence.objects(verb) for span in self.fillers.groups(unit)]
            if (
                self.sentence.kind(verb) == "V"
                and self.sentence.word(verb) in NAMING
                and self.sentence.kind(verb + 2) == "N"
            ):
                return self.fillers.groups(verb + 2)  # `called his following the Northern Front`
        return []

    def _forms(self, verb: int) -> bool:
        word = self.sentence.word(verb)
        return word in FORMING or (word in ("set", "setting") and self.sentence.words(verb)[-1] == "up")

    def around(self, telling: Telling, unit: int) -> None:
        """Where it was, and with what: the phrases after it, and one that opens its clause."""
        told = telling.spot.told
        for word, units, _ in self.sentence.complements(unit):
            moved = word in ("to", "into", "from")
            if word in WHERE or (moved and not told.is_noun and told.word.split()[0] in self.lexicon.words["moving"]):
                for each in units:
                    if self.sentence.kind(each) == "N":
                        telling.add("place", self.fillers.places_at(each))
            if word in ("with", "using", "by") and told.type not in TOGETHER:
                for each in units:
                    telling.add("weapon", self.fillers.weapons(each))
        if told.type not in TOGETHER and not telling.roles.get("place"):
            telling.add("place", self._fronted(unit) or self._where(unit))

    def _where(self, unit: int) -> list[Span]:
        """The place that `where` stands for: `to Narvik, where soldiers shot him`."""
        clause = self.sentence.clauses[self.sentence.units[unit].clause]
        if self.sentence.word(clause.first) != "where":
            return []
        before = clause.first - 1 - (self.sentence.kind(clause.first - 1) == ",")
        return self.fillers.places_at(before) if self.sentence.kind(before) == "N" else []

    def _fronted(self, unit: int) -> list[Span]:
        """The place of `In Oslo, gunmen attacked ...`."""
        clause, found = self.sentence.units[unit].clause, list[Span]()
        for at, one in enumerate(self.sentence.units[:unit]):
            if one.clause == clause and one.kind == "P" and self.sentence.word(at) in ("in", "at", "near", "outside"):
                found += self.fillers.places_at(at + 1) if self.sentence.kind(at + 1) == "N" else []
            if one.kind == "V" and one.clause == clause:
                break
        return found
