"""Whether what a verb or noun needs beside it to tell an event is there: a place that was seized, a person who was arrested."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dossier.components.clause_dates import dated_by
from dossier.components.clauses import Sentence
from dossier.components.events_fillers import is_people
from dossier.components.events_lexicon import EventLexicon
from dossier.components.events_reading import Telling

REACH = 12  # words after a verb in which `a terrorist organization` stands
_PRONOUNS = frozenset("he she it they him her them both all three two which who whom".split())
ENDING = frozenset("collapse expire end resume begin".split())
_REST = frozenset("last rest most some all one two three both".split())  # `the last of them`
_PIECES = frozenset("two three four several pieces factions".split())


@dataclass(frozen=True, slots=True)
class Needs:
    """Says whether a telling has what its word asks for. labels: of the mentions, by their span."""

    sentence: Sentence
    lexicon: EventLexicon
    labels: Mapping[tuple[int, int], str]

    def is_met(self, telling: Telling) -> bool:
        told = telling.spot.told
        if told.frame in ("kill", "wound", "take") and self._on_itself(telling):
            return False  # `killed himself`
        if told.is_noun and self._is_headline(telling):
            return False
        telling.left_out = telling.left_out or self._is_left_out(telling)
        return not told.needs or bool(getattr(self, f"_{told.needs}")(telling))

    # ------------------------------------------------------------ what is beside it

    def _objects(self, telling: Telling) -> list[int]:
        verb = telling.spot.unit
        said = self.sentence.units[verb].verb
        passive = said is not None and (said.passive or (said.form == "VBN" and not said.finite))
        return self.sentence.subject(verb) if passive else self.sentence.objects(verb)

    def _on_itself(self, telling: Telling) -> bool:
        return any(self.sentence.word(at).endswith(("self", "selves")) for at in self._objects(telling))

    def _is_headline(self, telling: Telling) -> bool:
        """Whether a noun only announces those that are named next: `its deadliest attacks include ...`."""
        after = telling.spot.unit + 1
        return self.sentence.kind(after) == "V" and self.sentence.word(after) in ("include", "included", "includes")

    def _is_left_out(self, telling: Telling) -> bool:
        """Whether a pronoun, `the group` or nothing stands for whom it befell: `outlawed it`, `Arrested in Oslo in 2004.`"""
        if telling.spot.told.is_noun:
            return False
        units = self._objects(telling)
        if telling.spot.told.type in ("merger", "split", "other"):
            units = [*units, *self.sentence.subject(telling.spot.unit)]
        return telling.bare or any(self._stands_for(at) for at in units)

    def _stands_for(self, at: int) -> bool:
        word = self.sentence.word(at)
        rest = word in _REST and self.sentence.word(at + 1) == "of"
        return (
            word in _PRONOUNS or rest or (word in self.lexicon.words["groups"] and self.sentence.words(at)[0] == "the")
        )

    def _labels(self, telling: Telling, *roles: str) -> set[str]:
        return {self.labels.get(span, "") for role in roles for span in telling.roles.get(role, ())}

    # ------------------------------------------------------------ the needs, by name

    def _place(self, telling: Telling) -> bool:
        """A place is what was taken, not only where."""
        places = telling.roles.get("place", [])
        told = telling.spot.told
        if told.type == "military_operation" and told.word != "take" and self._is_of(telling, "premises"):
            return True
        return any(span in places for at in self._objects(telling) for span in self._places_of(at))

    def _places_of(self, at: int) -> list[tuple[int, int]]:
        marks = list(self.sentence.units[at].marks)
        if self.sentence.word(at + 1) == "of" and self.sentence.kind(at + 2) == "N":
            marks += self.sentence.units[at + 2].marks  # `the town of Bergen`
        return [(mark.start, mark.end) for mark in marks]

    def _thing(self, telling: Telling) -> bool:
        if any(telling.roles.get(role) for role in ("target", "killed", "hostages")):
            return True
        return telling.spot.told.type == "attack" and bool(telling.roles.get("place")) and bool(self._objects(telling))

    def _people(self, telling: Telling) -> bool:
        if "PERSON" in self._labels(telling, "target") or telling.roles.get("hostages"):
            return True
        if telling.spot.told.type == "other" and self._befell_left_out(telling):
            return True
        heads = [self.sentence.word(at) for at in self._objects(telling)]
        return any(is_people(head) or head in self.lexicon.words["people"] for head in heads)

    def _captive(self, telling: Telling) -> bool:
        """`took the reporter X`: people, and nobody to whom or with whom."""
        objects = self._objects(telling)
        along = (found.word for at in objects[-1:] for found in self.sentence.complements(at))
        return self._people(telling) and not any(word in ("to", "with", "as", "for", "into") for word in along)

    def _held(self, telling: Telling) -> bool:
        """People taken by others than a state's forces."""
        doers = [self.sentence.word(at) for at in self.sentence.subject(telling.spot.unit)]
        state = any(word in self.lexicon.words["state_forces"] for word in doers)
        return bool(telling.roles.get("hostages")) and bool(telling.roles.get("perpetrator")) and not state

    def _person(self, telling: Telling) -> bool:
        if "PERSON" in self._labels(telling, "target") or self._befell_left_out(telling):
            return True
        return any(self.sentence.word(at) in self.lexicon.words["rulers"] for at in self._objects(telling))

    def _befell_left_out(self, telling: Telling) -> bool:
        """Whether a pronoun or nothing stands for whom it befell: `arrested him`, not `it released a video`."""
        if telling.spot.told.is_noun:
            return telling.left_out
        objects = self._objects(telling)
        return telling.left_out and (not objects or any(self._stands_for(at) for at in objects))

    def _group(self, telling: Telling) -> bool:
        labels = self._labels(telling, "target", "party", "result")
        person = telling.spot.told.type == "designation" or (
            telling.spot.told.type == "split" and self._is_piece(telling)
        )
        named = "ORG" in labels or (person and "PERSON" in labels)
        return named or telling.left_out

    def _where(self, telling: Telling) -> bool:
        return bool(telling.roles.get("place")) or (telling.spot.told.is_noun and bool(telling.roles.get("target")))

    def _launched(self, telling: Telling) -> bool:
        harms = any(
            telling.spot.unit in self.sentence.subject(verb)
            for verb in range(telling.spot.unit + 1, len(self.sentence.units))
            if self.sentence.word(verb) in self.lexicon.verbs and self.sentence.kind(verb) == "V"
        )
        own = telling.spot.told.word == "operation" and dated_by(self.sentence, telling.spot.unit) is not None
        return telling.launched or harms or own or any(telling.roles.get(role) for role in ("killed", "wounded"))

    def _fallen(self, telling: Telling) -> bool:
        return bool(telling.roles.get("place")) and (bool(telling.roles.get("perpetrator")) or self._is_over(telling))

    def _is_over(self, telling: Telling) -> bool:
        """`Narvik fell in June 2013`."""
        after = self.sentence.kind(telling.spot.unit + 1), self.sentence.word(telling.spot.unit + 1)
        return telling.spot.told.frame == "fall" and (
            after[0] in ("D", ".", ",") or after in (("P", "in"), ("P", "on"))
        )

    def _routed(self, telling: Telling) -> bool:
        return bool(telling.roles.get("place")) and (bool(telling.roles.get("target")) or telling.left_out)

    def _expelled(self, telling: Telling) -> bool:
        """`the army expelled the front from Narvik`: by force, and not a person from a party."""
        return self._routed(telling) and bool(telling.roles.get("perpetrator"))

    def _subject(self, telling: Telling) -> bool:
        where = telling.spot.told.is_noun and bool(telling.roles.get("place"))  # `a coup in Norway`
        return bool(telling.roles.get("party")) or telling.left_out or where

    def _new(self, telling: Telling) -> bool:
        """A split that says what came of it, or who left what."""
        if telling.roles.get("result"):
            return bool(telling.roles.get("party")) or telling.left_out or self._is_piece(telling)
        if self._is_piece(telling):
            return "ORG" in self._labels(telling, "party") or telling.left_out  # `a minority left the front`
        if any(found.word == "into" for found in self.sentence.complements(telling.spot.unit)):
            return "ORG" in self._labels(telling, "party")  # `divided into two rival wings`
        said = self.sentence.units[telling.spot.unit].verb
        parties = [self.labels.get(span) for span in telling.roles.get("party", ())]
        several = len(self.sentence.subject(telling.spot.unit)) > 1 and "PERSON" in parties  # `X and Y left the front`
        return not (said and said.passive) and parties.count("ORG") > (0 if several else 1)

    def _is_piece(self, telling: Telling) -> bool:
        return any(
            self.sentence.word(at) in self.lexicon.words["pieces"] for at in self.sentence.subject(telling.spot.unit)
        )

    def _union(self, telling: Telling) -> bool:
        """Two organisations, or one and what came of it."""
        spans = {span for role in ("party", "result") for span in telling.roles.get(role, ())}
        labels = [self.labels.get(span) for span in spans]
        persons = (
            telling.spot.told.is_noun and "ORG" in labels and "PERSON" in labels
        )  # `Lindqvist announced a union with`
        made = telling.spot.told.is_noun and "ORG" in self._labels(
            telling, "result"
        )  # `came of a union of three bodies`
        return labels.count("ORG") > 1 or persons or made or (telling.left_out and bool(spans))

    def _is_of(self, telling: Telling, name: str) -> bool:
        """Whether what was taken is of a list of things."""
        heads = (self.sentence.word(at) for at in self._objects(telling))
        return any(
            head in self.lexicon.words[name] or head.removesuffix("s") in self.lexicon.words[name] for head in heads
        )

    def _splinter(self, telling: Telling) -> bool:
        """`emerged as a splinter faction`."""
        words = self.lexicon.words["splinters"]
        return bool(telling.roles.get("result")) and not words.isdisjoint(self.sentence.phrases.small)

    def _landed(self, telling: Telling) -> bool:
        """`paratroopers landed in Narvik`: who, and not what they brought."""
        return self._fallen(telling) and not self.sentence.objects(telling.spot.unit)

    def _premises(self, telling: Telling) -> bool:
        """`seized an embassy`: a building, not what stands in it."""
        return self._is_of(telling, "premises")

    def _craft(self, telling: Telling) -> bool:
        """`seized an airliner`."""
        return self._is_of(telling, "craft")

    def _troops(self, telling: Telling) -> bool:
        """`sent 400 soldiers to Narvik`."""
        heads = [self.sentence.word(at) for at in self._objects(telling)]
        return any(head in self.lexicon.words["state_forces"] for head in heads)

    def _on_list(self, telling: Telling) -> bool:
        """`on the list of the European Union`."""
        at = telling.spot.unit
        on = self.sentence.kind(at - 1) == "P" and self.sentence.word(at - 1) == "on"
        return on and bool(telling.roles.get("authority"))

    def _pieces(self, telling: Telling) -> bool:
        """`fell into two`."""
        start = telling.spot.last - self.sentence.phrases.first
        return not _PIECES.isdisjoint(self.sentence.phrases.small[start : start + 2])

    def _dated(self, telling: Telling) -> bool:
        """A noun with a date of its own: `the Khartoum accord of February 6, 2019`, `the May 2018 election`."""
        return dated_by(self.sentence, telling.spot.unit) is not None

    def _echo(self, telling: Telling) -> bool:
        """`Norway listed X in May 2002, and Sweden followed in June 2003`: an authority, and what it followed in."""
        if not telling.roles.get("authority") or (
            not telling.spot.told.rest and self.sentence.objects(telling.spot.unit)
        ):
            return False
        telling.left_out = True
        verbs = (self.sentence.word(at) for at in range(telling.spot.unit) if self.sentence.kind(at) == "V")
        return any(told.type == "designation" for word in verbs for told in self.lexicon.verbs.get(word, ()))

    def _office(self, telling: Telling) -> bool:
        """`was appointed prime minister`."""
        start = telling.spot.last - self.sentence.phrases.first
        after = self.sentence.phrases.small[start : start + REACH]
        return not self.lexicon.words["offices"].isdisjoint(after)

    def _listed(self, telling: Telling) -> bool:
        return bool(telling.roles.get("list"))

    def _outlawed(self, telling: Telling) -> bool:
        """`declared X a terrorist organization`."""
        objects = self.sentence.objects(telling.spot.unit)
        last = self.sentence.units[objects[-1]].last if objects else telling.spot.last
        start, end = (at - self.sentence.phrases.first for at in (telling.spot.last, last + REACH))
        return not self.lexicon.words["outlawed"].isdisjoint(self.sentence.phrases.small[start:end])

    def _accord(self, telling: Telling) -> bool:
        units = list(self._objects(telling))
        if not units and telling.spot.told.word in ENDING:
            units = self.sentence.subject(telling.spot.unit)  # `talks collapsed`
        units += [at + 1 for at in units[-1:] if self.sentence.kind(at + 1) == "N"]  # `offered the front an amnesty`
        units += [
            at
            for found in self.sentence.complements(telling.spot.unit)
            if found.word in ("on", "to")
            for at in found.units
        ]
        named = (" ".join(self.sentence.words(at)).replace(" - ", "-").split()[-1] for at in units)
        accords = self.lexicon.words["accords"]
        return any(word in accords or word.removesuffix("s") in accords for word in named)

    def _force(self, telling: Telling) -> bool:
        return bool(telling.roles.get("target")) and bool(telling.roles.get("perpetrator"))

    def _bomb(self, telling: Telling) -> bool:
        return bool(telling.roles.get("weapon"))

    def _at(self, telling: Telling) -> bool:
        return bool(telling.roles.get("target"))
