"""Where a sentence tells an event: words of the lexicon that stand as verb or noun, with what they need beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from dossier.components.clauses import Sentence
from dossier.components.events_fillers import is_people
from dossier.components.events_frames import Spot, Telling
from dossier.components.events_lexicon import EventLexicon
from dossier.components.phrases import NOUNS
from dossier.records import Span

_PRONOUNS = frozenset("he she it they him her them both all three two which who whom".split())
_COUNTED = frozenset(("QUANTITY", "WEAPON", "DATE"))  # marks that may hold a word that tells
GAP = 12  # words in which the rest of `take ... hostage` follows


def spots(sentence: Sentence, lexicon: EventLexicon) -> Iterator[list[Spot]]:
    """The words of a sentence that may tell an event, each with its readings, the first to be tried first."""
    view = sentence.phrases.view
    covered = {
        index
        for unit in sentence.units
        for mark in unit.marks
        if mark.label not in _COUNTED
        for index in range(*view.between(mark.start, mark.end))
    }
    for number, unit in enumerate(sentence.units):
        if unit.kind == "V":
            found = list(_verbs(lexicon, sentence, number))
            if found:
                yield found
        elif unit.kind == "N":
            for index in range(unit.first, unit.last):
                spot = _noun(sentence, lexicon, number, index) if index not in covered else None
                if spot is not None:
                    yield [spot]
                    break


def _verbs(lexicon: EventLexicon, sentence: Sentence, number: int) -> Iterator[Spot]:
    """The readings of a verb: those whose further words stand there."""
    phrases, head = sentence.phrases, sentence.units[number].head
    word, tag = sentence.word(number), phrases.tags[head - phrases.first]
    for told in lexicon.verbs.get(word, ()):
        if tag in ("VBD", "VBN") and word == told.word.split()[0] and word not in lexicon.own_past:
            continue  # `wound up`
        if not told.rest:
            yield Spot(told, head, head + 1, number)
            continue
        end = min(phrases.last, head + (GAP if told.gap else 2 + len(told.rest)))
        small = phrases.small[head + 1 - phrases.first : end - phrases.first]
        for at in range(len(small) if told.gap else 1):
            if _same(small[at : at + len(told.rest)], told.rest):
                yield Spot(told, head, head + 1 + at + len(told.rest), number)
                break


def _same(found: Sequence[str], rest: Sequence[str]) -> bool:
    return len(found) == len(rest) and all(word in (want, f"{want}s") for word, want in zip(found, rest, strict=True))


def _noun(sentence: Sentence, lexicon: EventLexicon, number: int, index: int) -> Spot | None:
    """A noun that tells an event, as the head of its phrase or before another noun that tells one."""
    phrases = sentence.phrases
    word, tag = phrases.small[index - phrases.first], phrases.tags[index - phrases.first]
    before = phrases.small[index - 1 - phrases.first] if index > phrases.first else ""
    if (tag not in NOUNS and tag != "VBG") or before in lexicon.words["not_after"]:
        return None
    for told in lexicon.nouns.get(word, ()):
        last = index + 1 + len(told.rest)
        if _same(phrases.small[index + 1 - phrases.first : last - phrases.first], told.rest):
            if last - 1 >= sentence.units[number].head or _tells_after(sentence, lexicon, number):
                return Spot(told, index, last, number)
    return None


def _tells_after(sentence: Sentence, lexicon: EventLexicon, number: int) -> bool:
    """Whether the head of a phrase only says `attempt` or `case` of what stands before it."""
    head = sentence.word(number)
    return head in lexicon.nouns or head.removesuffix("s") in lexicon.words["cases"]


@dataclass(frozen=True, slots=True)
class Needs:
    """Says whether what a verb needs to tell an event is there. labels: of the mentions, by their span."""

    sentence: Sentence
    lexicon: EventLexicon
    labels: Mapping[tuple[int, int], str]

    def is_met(self, telling: Telling) -> bool:
        told = telling.spot.told
        if told.frame in ("kill", "wound", "take") and self._on_itself(telling):
            return False  # `killed himself`
        return not told.needs or bool(getattr(self, f"_{told.needs}")(telling))

    def _on_itself(self, telling: Telling) -> bool:
        return any(self.sentence.word(at).endswith(("self", "selves")) for at in self._objects(telling))

    def _left_out(self, telling: Telling) -> bool:
        """Whether a pronoun or nothing stands for the object: `outlawed it`, `Arrested in Oslo in 2004.`"""
        objects = self._objects(telling)
        groups = self.lexicon.words["groups"]
        pronouns = any(
            self.sentence.word(at) in _PRONOUNS or (self.sentence.word(at) in groups and self.sentence.words(at)[0] == "the")
            for at in objects
        )
        telling.left_out = telling.bare or pronouns
        return telling.left_out

    def _label(self, telling: Telling, *roles: str) -> set[str]:
        return {self.labels.get(span, "") for role in roles for span in telling.roles.get(role, ())}

    def _objects(self, telling: Telling) -> list[int]:
        verb = telling.spot.unit
        said = self.sentence.units[verb].verb
        passive = said is not None and (said.passive or (said.form == "VBN" and not said.finite))
        return self.sentence.subject(verb) if passive else self.sentence.objects(verb)

    def _place(self, telling: Telling) -> bool:
        places: list[Span] = telling.roles.get("place", [])
        marks = [mark for at in self._objects(telling) for mark in self.sentence.units[at].marks]
        return any((mark.start, mark.end) in places for mark in marks)

    def _thing(self, telling: Telling) -> bool:
        if any(telling.roles.get(role) for role in ("target", "killed", "hostages")):
            return True
        return telling.spot.told.type == "attack" and bool(telling.roles.get("place")) and bool(self._objects(telling))

    def _people(self, telling: Telling) -> bool:
        heads = [self.sentence.word(at) for at in self._objects(telling)]
        named = "PERSON" in self._label(telling, "target") or (
            telling.spot.told.type == "other" and self._left_out(telling)
        )
        return named or bool(telling.roles.get("hostages")) or any(is_people(head) for head in heads)

    def _person(self, telling: Telling) -> bool:
        return "PERSON" in self._label(telling, "target") or self._left_out(telling)

    def _group(self, telling: Telling) -> bool:
        named = "ORG" in self._label(telling, "target", "party", "result")
        return named or (telling.spot.told.type == "designation" and self._left_out(telling))

    def _subject(self, telling: Telling) -> bool:
        pronoun = any(self.sentence.word(at) in _PRONOUNS for at in self.sentence.subject(telling.spot.unit))
        return bool(telling.roles.get("party")) or telling.bare or pronoun

    def _new(self, telling: Telling) -> bool:
        """A split that says what came of it, or from what."""
        parted = telling.spot.told.word in ("withdraw", "divide") and telling.roles.get("party")
        return bool(telling.roles.get("result")) and bool(
            parted or telling.roles.get("party") or self._left_out(telling)
        )

    def _listed(self, telling: Telling) -> bool:
        return bool(telling.roles.get("list"))

    def _outlawed(self, telling: Telling) -> bool:
        """`declared X a terrorist organization`: within the words after the verb."""
        phrases = self.sentence.phrases
        start = telling.spot.last - phrases.first
        return not self.lexicon.words["outlawed"].isdisjoint(phrases.small[start : start + GAP])

    def _force(self, telling: Telling) -> bool:
        return bool(telling.roles.get("target")) and bool(telling.roles.get("perpetrator"))

    def _accord(self, telling: Telling) -> bool:
        return any(self.sentence.word(at) in self.lexicon.words["accords"] for at in self._objects(telling))

    def _bomb(self, telling: Telling) -> bool:
        return bool(telling.roles.get("weapon"))

    def _at(self, telling: Telling) -> bool:
        return bool(telling.roles.get("target"))
