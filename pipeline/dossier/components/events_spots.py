"""Where a sentence tells an event: words of the lexicon that stand as verb or noun, with what they need beside them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from dossier.components.clauses import Sentence
from dossier.components.events_fillers import is_people
from dossier.components.events_frames import Spot, Telling
from dossier.components.events_lexicon import EventLexicon, Told
from dossier.components.phrases import NOUNS
from dossier.records import Span

_COUNTED = frozenset(("QUANTITY", "WEAPON", "DATE"))  # marks that may hold a word that tells
GAP = 12  # words in which the rest of `take ... hostage` follows


def spots(sentence: Sentence, lexicon: EventLexicon) -> Iterator[Spot]:
    """The words of a sentence that tell an event."""
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
            found = _verb(lexicon.verbs.get(sentence.word(number), ()), sentence, number)
            if found is not None:
                yield Spot(found[0], unit.head, found[1], number)
        elif unit.kind == "N":
            for index in range(unit.first, unit.last):
                spot = _noun(sentence, lexicon, number, index) if index not in covered else None
                if spot is not None:
                    yield spot
                    break


def _verb(words: Iterable[Told], sentence: Sentence, number: int) -> tuple[Told, int] | None:
    """The first of some verbs whose further words stand there, and the word after the last of them."""
    phrases, head = sentence.phrases, sentence.units[number].head
    for told in words:
        if not told.rest:
            return told, head + 1
        end = min(phrases.last, head + (GAP if told.gap else 2 + len(told.rest)))
        small = phrases.small[head + 1 - phrases.first : end - phrases.first]
        for at in range(len(small) if told.gap else 1):
            if _same(small[at : at + len(told.rest)], told.rest):
                return told, head + 1 + at + len(told.rest)
    return None


def _same(found: Sequence[str], rest: Sequence[str]) -> bool:
    return len(found) == len(rest) and all(word in (want, f"{want}s") for word, want in zip(found, rest, strict=True))


def _noun(sentence: Sentence, lexicon: EventLexicon, number: int, index: int) -> Spot | None:
    """A noun that tells an event, as the head of its phrase or before another noun that tells one."""
    phrases = sentence.phrases
    word, tag = phrases.small[index - phrases.first], phrases.tags[index - phrases.first]
    for told in lexicon.nouns.get(word, ()) if tag in NOUNS or tag == "VBG" else ():
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
        needs = telling.spot.told.needs
        return not needs or bool(getattr(self, f"_{needs}")(telling))

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
        return "PERSON" in self._label(telling, "target") or any(is_people(head) for head in heads)

    def _person(self, telling: Telling) -> bool:
        return "PERSON" in self._label(telling, "target")

    def _group(self, telling: Telling) -> bool:
        return "ORG" in self._label(telling, "target", "party")

    def _subject(self, telling: Telling) -> bool:
        return bool(telling.roles.get("party"))

    def _accord(self, telling: Telling) -> bool:
        return any(self.sentence.word(at) in self.lexicon.words["accords"] for at in self._objects(telling))

    def _bomb(self, telling: Telling) -> bool:
        return bool(telling.roles.get("weapon"))

    def _at(self, telling: Telling) -> bool:
        return bool(telling.roles.get("target"))
