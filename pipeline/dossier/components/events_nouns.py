"""Who did what to whom, around a noun: `the kidnapping of two nuns by the front`. The guide, section 4."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dossier.components.events_reading import AGAINST, Reading, Spot, Telling
from dossier.components.tag_fixes import BE
from dossier.records import Span

BACKGROUND = frozenset("during after before since following amid despite until".split())
# of these a person before them is the victim: `Lindqvist's murder`
SUFFERED = frozenset(
    "killing murder kidnapping abduction assassination execution beheading hijacking massacre shooting arrest capture "
    "release".split()
)
DEADLY = frozenset("killing massacre murder execution beheading assassination".split())
UNREAL = frozenset("no any future potential possible planned".split())  # `no evidence of any attacks`
FORMED = frozenset("formed created founded established born made emerged resulted came".split())
FAR = 12  # units between a noun and its verb


@dataclass(slots=True)
class Nouns(Reading):
    """Reads the roles of nouns."""

    def read(self, spot: Spot) -> Telling:
        telling = Telling(spot)
        kind = spot.told.type
        if kind in ("merger", "split"):
            self._union(telling, spot)
        elif kind == "designation":
            self._listing(telling, spot)
            self._of_and_by(
                telling, spot.unit, "authority" if telling.roles.get("authority") else "target", "authority"
            )
        elif kind == "other":
            self._inside_deed(telling, spot)
            self._of_and_by(telling, spot.unit, "target", "party")
        else:
            self._force(telling, spot)
        self._doers(telling, spot.unit)
        before = self.sentence.word(spot.unit - 1) if self.sentence.kind(spot.unit - 1) == "P" else ""
        telling.background = before in BACKGROUND
        telling.denied = self.sentence.words(spot.unit)[0] in UNREAL
        telling.pointing = self._points(telling, spot)
        self.around(telling, spot.unit)
        return telling

    def _points(self, telling: Telling, spot: Spot) -> bool:
        """Whether a noun takes up what was told: `the attack`, with nothing that says which."""
        unit = self.sentence.units[spot.unit]
        first = self.sentence.words(spot.unit)[0]
        if first not in self.lexicon.words["pointing"] or any(mark.label == "DATE" for mark in unit.marks):
            return False
        return not any(telling.roles.get(role) for role in ("target", "place", "killed", "hostages"))

    # ------------------------------------------------------------ by type

    def _union(self, telling: Telling, spot: Spot) -> None:
        telling.add("party", self.fillers.groups(spot.unit))
        for verb, is_object in self._verbs_of(spot.unit):
            if is_object:  # `X and Y announced their merger`
                telling.add(
                    "party", [span for unit in self.sentence.subject(verb) for span in self.fillers.named(unit)]
                )
        self.joined(telling, spot.unit)
        verb = self._verb_before(spot.unit - 1) if self.sentence.kind(spot.unit - 1) == "P" else -1
        if verb >= 0 and self.sentence.word(verb) in FORMED:  # `X was formed from the merger of four groups`
            telling.add("result", [span for unit in self.sentence.subject(verb) for span in self.fillers.groups(unit)])
        for word, units, _ in self.sentence.complements(spot.unit):
            if word == "from":
                for unit in units:
                    telling.add("party", self.fillers.groups(unit))

    def _of_and_by(self, telling: Telling, at: int, of: str, by: str) -> None:
        roles = {"of": of, "by": by, "between": by, "with": by}
        for word, units, _ in self.sentence.complements(at):
            if word in roles:
                for unit in units:
                    telling.add(roles[word], self.fillers.named(unit))

    def _listing(self, telling: Telling, spot: Spot) -> None:
        """`has been on the EU list since 2003`."""
        if self.sentence.word(spot.unit) not in self.lexicon.words["lists"]:
            return
        owners, _ = self.fillers.before(spot.unit, spot.first)
        telling.add("authority", owners)
        for found in self.sentence.complements(spot.unit):
            if found.word == "of":
                telling.add("authority", [span for unit in found.units for span in self.fillers.named(unit)])
        verb = self._verb_before(spot.unit)
        if verb >= 0 and self.sentence.word(verb) in BE:
            telling.add("target", [span for unit in self.sentence.subject(verb) for span in self.fillers.named(unit)])
        telling.left_out = verb < 0

    def _inside_deed(self, telling: Telling, spot: Spot) -> None:
        telling.add("place", self.fillers.places_before(spot.unit, spot.first))  # `the Khartoum accord`
        owners, _ = self.fillers.before(spot.unit, spot.first)
        telling.left_out = self.sentence.words(spot.unit)[0] in ("his", "her", "their", "its") and not owners
        telling.add("target" if spot.told.word in SUFFERED else "party", owners)

    def _force(self, telling: Telling, spot: Spot) -> None:
        self._inside(telling, spot)
        for word, units, at in self.sentence.complements(spot.unit):
            nouns = [unit for unit in units if self.sentence.kind(unit) == "N"]
            if word in ("by", "between"):
                self.by(telling, nouns)
            elif word == "of" and self._is_its_own(spot.unit, at):
                self._of(telling, nouns)
            elif word in AGAINST:
                self.at(telling, nouns)

    def _is_its_own(self, noun: int, preposition: int) -> bool:
        """Whether `of` goes with a noun, past a date or place, and not with another noun between: `by fighters of X`."""
        before = preposition - 1
        if before == noun or self.sentence.kind(before) in (",", "D", ")"):
            return True
        return bool(self.fillers.places_in(before))

    def _of(self, telling: Telling, units: list[int]) -> None:
        """What the noun is of: a kidnapping of two nuns, a bombing of a hotel, a battle of a town."""
        told = telling.spot.told
        for unit in units:
            if told.type in ("kidnapping", "hostage_taking"):
                telling.add("hostages", self.fillers.counts(unit, "people", "hostages"))
            elif told.word in DEADLY:
                telling.add("killed", self.fillers.counts(unit, "people"))
        self.at(telling, units)

    def _inside(self, telling: Telling, spot: Spot) -> None:
        """The words of the noun's own phrase before it: whose attack, where, on what, with what."""
        owners, rest = self.fillers.before(spot.unit, spot.first)
        of = any(found.word == "of" for found in self.sentence.complements(spot.unit))
        suffers = spot.told.word in SUFFERED and not of
        suffered = [span for span in owners if suffers and self.fillers.is_person(spot.unit, span)]
        telling.add("target", suffered)
        places = [span for span in self.fillers.places_before(spot.unit, spot.first) if span not in owners]
        states = [span for span in places if spot.told.type == "military_operation" and self._is_short(span)]
        if spot.told.type == "military_operation" and not owners:
            owners = self.fillers.peoples(spot.unit)  # `a French intervention`
        telling.add("perpetrator", [span for span in (*owners, *states) if span not in suffered])
        telling.add("place", [span for span in places if span not in states])
        telling.add("weapon", self.fillers.weapons(spot.unit))
        telling.add("target", rest)

    def _is_short(self, span: Span) -> bool:
        """Whether a state is named by its letters: `a U.S. air strike` was not in the U.S."""
        return self.sentence.phrases.view.text[span.start : span.end].replace(".", "").isupper()

    # ------------------------------------------------------------ its verb

    def _doers(self, telling: Telling, unit: int) -> None:
        """`X carried out the attack`, `the attack was carried out by X`, `X was responsible for the attack`."""
        for verb, is_object in self._verbs_of(unit):
            if self.lexicon.is_verb(self.sentence.word(verb), "doing"):
                telling.launched = True
                doers = self.sentence.subject(verb) if is_object else self.sentence.agents(verb)
                self.by(telling, doers)
                self.against(telling, verb)
        self._blamed(telling, unit)

    def _verbs_of(self, unit: int) -> Iterator[tuple[int, bool]]:
        """The verb groups that a noun phrase is the object of (True) or the passive subject of (False)."""
        for verb in range(max(0, unit - FAR), min(len(self.sentence.units), unit + FAR)):
            said = self.sentence.units[verb].verb
            if said is None:
                continue
            passive = said.passive or (said.form == "VBN" and not said.finite)
            if passive and unit in self.sentence.subject(verb):
                yield verb, False
            elif not passive and unit in self.sentence.objects(verb):
                yield verb, True

    def _blamed(self, telling: Telling, unit: int) -> None:
        """`X was responsible for`, `blamed X for`, `suspected in`, `blamed on X`, `attributed to X`."""
        if self.sentence.word(unit - 1) in ("for", "in", "of", "to") and self.sentence.kind(unit - 1) == "P":
            verb = self._verb_before(unit - 1)
            if verb < 0:
                return
            if "responsible" in (self.sentence.word(unit - 2), self.sentence.word(unit - 3)):
                self.by(telling, self.sentence.subject(verb))
            elif self.lexicon.is_verb(self.sentence.word(verb), "blaming"):
                said = self.sentence.units[verb].verb
                passive = said is not None and said.passive
                self.by(telling, self.sentence.subject(verb) if passive else self.sentence.objects(verb))
            return
        for verb, _ in self._verbs_of(unit):
            if self.lexicon.is_verb(self.sentence.word(verb), "blaming"):
                for word, units, _ in self.sentence.complements(verb):
                    if word in ("on", "to"):
                        self.by(telling, units)

    def _verb_before(self, at: int) -> int:
        for verb in range(at - 1, max(-1, at - FAR), -1):
            if self.sentence.kind(verb) == "V":
                return verb
            if self.sentence.kind(verb) in (";", "S", "W"):
                break
        return -1
