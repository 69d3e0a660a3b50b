"""Who did what to whom: the roles that the phrases around a verb fill. The guide, section 4. Nouns: `events_nouns`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from dossier.components.clauses import MAIN, PARTICIPLE, SUB, Sentence
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
_MAY_COME = frozenset("will would shall can could may might must should 'll to".split())
_DONE = frozenset(
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
    opens its sentence, of which is left out whom it tells of; `left_out`: a pronoun or nothing stands for whom it befell; `launched`: a noun
    with a verb of doing; `by_force`: a state's forces did it.
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
        }
        for word, units, _ in self.sentence.complements(at):
            if word in roles:
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


@dataclass(slots=True)
class Verbs(Reading):
    """Reads the roles of verbs."""

    def read(self, spot: Spot) -> Telling:
        telling, verb = Telling(spot), spot.unit
        frames: dict[str, Callable[[Telling, int], None]] = {
            "act": self._act, "take": self._take, "kill": self._kill, "wound": self._wound, "blast": self._blast,
            "rout": self._rout, "clash": self._clash, "fall": self._fall, "seize": self._seize, "enter": self._enter, "upon": self._upon,
            "lay": self._lay, "merge": self._merge, "absorb": self._absorb, "part": self._part, "list": self._list,
            "enlist": self._enlist, "strike": self._strike, "stand": self._stand, "impose": self._impose, "join": self._join, "emerge": self._emerge,
            "deed": self._deed,
        }  # fmt: skip
        frames[spot.told.frame](telling, verb)
        said = self.sentence.units[verb].verb
        telling.denied = bool(said and said.negated)
        telling.planned = self._is_planned(verb)
        telling.bare = self._is_bare(verb)
        self.around(telling, verb)
        return telling

    def _is_bare(self, verb: int) -> bool:
        """Whether a verb opens its sentence, and nobody is named before it: `Arrested in Oslo.`, `In May 2001, bombed a bank.`"""
        said = self.sentence.units[verb].verb
        clause = self.sentence.clauses[self.sentence.units[verb].clause]
        if said is None or said.form not in ("VBN", "VBD") or said.modal or clause.kind != MAIN or clause.verb != verb:
            return False
        return all(self.sentence.kind(at) in ("A", "P", "D", ",") for at in range(clause.first, verb))

    def _is_planned(self, verb: int) -> bool:
        """Whether a verb tells of what may come: `will attack`, `planned to attack`."""
        said = self.sentence.units[verb].verb
        if said is None or said.perfect:
            return False
        return said.modal in _MAY_COME or (said.infinitive and self.sentence.word(verb - 1) not in _DONE)

    def _parties(self, verb: int) -> tuple[list[int], list[int]]:
        """The units of who acts and of what is acted on, whichever the voice."""
        if self.is_passive(verb):
            return self.sentence.agents(verb), self.sentence.subject(verb)
        return self.sentence.subject(verb), self.sentence.objects(verb)

    def is_passive(self, verb: int) -> bool:
        said = self.sentence.units[verb].verb
        if said is None or said.passive:
            return said is not None
        bare = self._is_bare(verb)
        if said.perfect or said.form not in ("VBN", "VBD") or (said.finite and not bare):
            return False
        # `designated a terrorist group by the EU`, but not `and, they say, carried off six women`
        objects = self.sentence.objects(verb)
        return not objects or bool(self.sentence.agents(verb)) or (bare and self._is_outlawed(objects[0]))

    def _is_outlawed(self, unit: int) -> bool:
        """Whether a phrase is what one is declared: `a terrorist organization`."""
        return not self.lexicon.words["outlawed"].isdisjoint(self.sentence.words(unit))

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

    # ------------------------------------------------------------ mergers, splits

    def _merge(self, telling: Telling, verb: int) -> None:
        subjects, objects = self._parties(verb)
        for unit in (*self._meant(subjects, verb), *objects):
            telling.add("party", self.fillers.groups(unit))
        self.joined(telling, verb)

    def _meant(self, subjects: list[int], verb: int) -> list[int]:
        """The subjects, or whom `they` stands for: `X and Y announced that they were uniting`."""
        clause = self.sentence.clauses[self.sentence.units[verb].clause]
        above = self.sentence.clauses[clause.parent].verb if clause.kind == SUB else -1
        if above >= 0 and [self.sentence.word(at) for at in subjects] == ["they"]:
            return self.sentence.subject(above)
        return subjects

    def _emerge(self, telling: Telling, verb: int) -> None:
        """`X emerged in 2011 as a splinter faction of Y`."""
        doers, done_to = self._parties(verb)
        for unit in done_to or doers:
            telling.add("result", self.fillers.groups(unit))
        for at in range(len(self.sentence.units)):
            if self.sentence.kind(at) == "N" and self.lexicon.words["splinters"] & set(self.sentence.words(at)):
                telling.add("result", self.fillers.groups(at))
                if self.sentence.word(at + 1) in ("of", "from") and self.sentence.kind(at + 2) == "N":
                    telling.add("party", self.fillers.groups(at + 2))
        for word, units, _ in self.sentence.complements(verb):
            if word == "from":
                telling.add("party", [span for unit in units for span in self.fillers.groups(unit)])

    def _absorb(self, telling: Telling, verb: int) -> None:
        """`X absorbed Y`, `Y was absorbed by X`: X is what came of it."""
        whole, parts = self._parties(verb)
        for unit in whole:
            telling.add("result", self.fillers.groups(unit))
        for unit in (*whole, *parts):
            telling.add("party", self.fillers.groups(unit))

    def _part(self, telling: Telling, verb: int) -> None:
        """`X split from Y`, `X left Y and founded Z`, `Y split into X and Z`: of Y came X, or Z."""
        said = self.sentence.units[verb].verb
        subjects = self.sentence.subject(verb)
        left = [] if said is not None and said.passive else self.sentence.objects(verb)
        new: list[Span] = []
        for word, units, _ in self.sentence.complements(verb):
            if word in ("from", "with", "of"):
                left = [*left, *units]
            elif word in ("into", "as"):
                new += [span for unit in units for span in self.fillers.groups(unit)]
        new = new or self.formed(verb)
        old = [span for unit in left for span in self.fillers.groups(unit) if span not in new]
        those = [span for unit in subjects for span in self.fillers.named(unit)]
        groups = [span for unit in subjects for span in self.fillers.groups(unit)]
        if new and not old:
            old = [span for span in groups if span not in new]  # `commanders of X broke with its leaders and founded Y`
        telling.add("party", old)
        those += [span for unit in subjects for span in self.fillers.heads(unit) if not groups]
        if old and groups and not new:
            new, those = groups, [span for span in those if span not in groups]
        telling.add("party", those)
        telling.add("result", new)

    def _join(self, telling: Telling, verb: int) -> None:
        """`X joined Y in 1987`, `X and Y joined`: of the first came Y."""
        objects = self.sentence.objects(verb)
        for unit in (*self.sentence.subject(verb), *objects):
            telling.add("party", self.fillers.groups(unit))
        for unit in objects:
            telling.add("result", self.fillers.groups(unit))
        self.joined(telling, verb)

    # ------------------------------------------------------------ designations

    def _list(self, telling: Telling, verb: int) -> None:
        doers, done_to = self._parties(verb)
        self._by_authority(telling, doers)
        for unit in done_to:
            telling.add("target", self.fillers.named(unit))

    def _by_authority(self, telling: Telling, units: Iterable[int]) -> None:
        for unit in units:
            telling.add("authority", self.fillers.named(unit))

    def _enlist(self, telling: Telling, verb: int) -> None:
        """`put X on its list`, `X was added to the list of the European Union`."""
        self._list(telling, verb)
        self._on_list(telling, verb)

    def _on_list(self, telling: Telling, verb: int) -> None:
        for word, units, _ in self.sentence.complements(verb):
            if word in ("on", "to", "in") and self.sentence.word(units[0]) in self.lexicon.words["lists"]:
                telling.add("list", [self.fillers.words(units[0])])
                self._by_authority(telling, units[:1])
                if self.sentence.word(units[0] + 1) in ("of", "by") and self.sentence.kind(units[0] + 2) == "N":
                    self._by_authority(telling, [units[0] + 2])

    def _stand(self, telling: Telling, verb: int) -> None:
        """`X stands on the list of Y`."""
        for unit in self.sentence.subject(verb):
            telling.add("target", self.fillers.named(unit))
        self._on_list(telling, verb)

    def _strike(self, telling: Telling, verb: int) -> None:
        """`Y removed X from its list`: X is whom it befell, and Y did it."""
        self._deed(telling, verb)
        for word, units, _ in self.sentence.complements(verb):
            if word in ("from", "off") and self.sentence.word(units[0]) in self.lexicon.words["lists"]:
                telling.add("list", [self.fillers.words(units[0])])
                telling.add("party", self.fillers.named(units[0]))

    def _impose(self, telling: Telling, verb: int) -> None:
        """`imposed sanctions on X`."""
        doers, done_to = self._parties(verb)
        self._by_authority(telling, doers)
        if any(self.sentence.word(unit) in self.lexicon.words["sanctions"] for unit in done_to):
            telling.add("list", [self.fillers.words(unit) for unit in done_to])
            for word, units, _ in self.sentence.complements(verb):
                if word in ("on", "against"):
                    for unit in units:
                        telling.add("target", self.fillers.named(unit))

    # ------------------------------------------------------------ other deeds

    def _deed(self, telling: Telling, verb: int) -> None:
        doers, done_to = self._parties(verb)
        telling.by_force = any(self.sentence.word(unit) in self.lexicon.words["state_forces"] for unit in doers)
        for unit in doers:
            telling.add("party", self.fillers.named(unit))
        for unit in done_to:
            telling.add("target", self.fillers.named(unit))
            if self.sentence.word(unit) in ("hostage", "hostages", "captive", "captives"):
                telling.add("hostages", self.fillers.counts(unit, *LIVES))
        clause = self.sentence.clauses[self.sentence.units[verb].clause]
        for word, units, _ in self.sentence.complements(verb):
            if word in ("with", "to") or (word == "by" and clause.kind == PARTICIPLE):
                for unit in units:
                    telling.add("party", self.fillers.named(unit))
