"""The roles of verbs that tell mergers, splits, designations and other deeds, and how a verb is read: passive, planned, bare."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dossier.components.clause_reader import INTRANSITIVE
from dossier.components.clauses import MAIN, PARTICIPLE, SUB
from dossier.components.events_reading import DONE, FREED, LIVES, MAY_COME, Reading, Telling
from dossier.records import Span


@dataclass(slots=True)
class Unions(Reading):
    """Reads verbs by which organisations join, part and are listed."""

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
        return said.modal in MAY_COME or (said.infinitive and self.sentence.word(verb - 1) not in DONE)

    def _parties(self, verb: int) -> tuple[list[int], list[int]]:
        """The units of who acts and of what is acted on, whichever the voice."""
        if self.is_passive(verb):
            return self.sentence.agents(verb), self.sentence.subject(verb)
        return self.sentence.subject(verb), self.sentence.objects(verb)

    def is_passive(self, verb: int) -> bool:
        said = self.sentence.units[verb].verb
        if said is None or said.passive or self.sentence.word(verb) in INTRANSITIVE:
            return said is not None and self.sentence.word(verb) not in INTRANSITIVE
        bare = self._is_bare(verb)
        if said.perfect or said.form not in ("VBN", "VBD") or (said.finite and not bare):
            return False
        # `designated a terrorist group by the EU`, but not `and, they say, carried off six women`
        objects = self.sentence.objects(verb)
        return not objects or bool(self.sentence.agents(verb)) or (bare and self._is_outlawed(objects[0]))

    def _is_outlawed(self, unit: int) -> bool:
        """Whether a phrase is what one is declared: `a terrorist organization`."""
        return not self.lexicon.words["outlawed"].isdisjoint(self.sentence.words(unit))

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
        self.joined(telling, verb)

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
            telling.add("party", self.fillers.named(unit) or self.fillers.groups(unit) or self.fillers.owners(unit))
        for unit in done_to:
            telling.add("target", self.fillers.apposed(unit) or self.fillers.named(unit) or self.fillers.owners(unit))
            if self.sentence.word(unit) in ("hostage", "hostages", "captive", "captives"):
                telling.add("hostages", self.fillers.counts(unit, *LIVES))
                telling.add("target", self.fillers.targets(unit))
            if telling.spot.told.word in FREED and not telling.roles.get("target"):
                telling.add("hostages", self.fillers.counts(unit, *LIVES))
        clause = self.sentence.clauses[self.sentence.units[verb].clause]
        for unit in (*doers, *done_to):
            if self.sentence.kind(unit + 1) == "P" and self.sentence.word(unit + 1) in ("with", "between"):
                for other in (
                    self.sentence.coordinated(unit + 2, both=True) if self.sentence.kind(unit + 2) == "N" else ()
                ):
                    telling.add("party", self.fillers.named(other))  # `a truce with X`
        for word, units, _ in self.sentence.complements(verb):
            if word in ("with", "to") or (word == "by" and clause.kind == PARTICIPLE):
                for unit in units:
                    telling.add("party", self.fillers.named(unit))
