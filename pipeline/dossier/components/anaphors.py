"""Words that stand for a name: `the group`, `its`, `he`, `the latter`; each with the referent that stands out, if one does.

Referents have a weight: where the grammar puts a mention (subject, object, after a preposition), halved with every sentence;
a section's heading and the title of a profile keep theirs. The heaviest that fits is taken where it is heavier by far.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from spacy.language import Language

from dossier.components.anaphor_referents import LEAST, Place, Referent, clear, fits, is_plural
from dossier.components.anaphor_words import Words, words_of
from dossier.components.base import register
from dossier.components.entities import group
from dossier.components.lexicon import lexicon_of
from dossier.components.view import SILENT_BLOCKS, TITLE_BLOCKS, View, view_of
from dossier.normalize.names import fold
from dossier.records import Anaphor, Span

if TYPE_CHECKING:
    from spacy.tokens import Doc

LABELS = ("ORG", "PERSON", "PLACE")
Choice = tuple[Referent, float] | None
# weights of a mention, all estimates
SUBJECT, OBJECT, OBLIQUE, POSSESSOR = 1.0, 0.6, 0.35, 0.5
HEADING, TITLE = 0.8, 0.35
THING, PERSON_UNNAMED = 0.9, 0.8  # a subject that is no name: `The bomb`, `A soldier`
NEW_SECTION = 0.2
MOST_ENTRY, MOST_BESIDE, MOST_NUMBER = 20, 6, 4  # words: of an entry's head, of it that are no name, before its name
MOST_BACK = 3  # sentences that a pronoun for a person reaches back


@Language.factory(
    "dossier_anaphors",
    requires=["doc._.found", "doc._.links"],
    assigns=["doc._.anaphors"],
    default_config={"folders": []},
)
def make_anaphors(nlp: Language, name: str, folders: list[str]) -> Anaphors:
    return Anaphors(folders=folders)


class Anaphors:
    """Fills `doc._.anaphors`."""

    def __init__(self, *, folders: Sequence[str]) -> None:
        register()
        self.lexicon = lexicon_of(tuple(folders))
        self.words = words_of(self.lexicon.patterns)

    def __call__(self, doc: Doc) -> Doc:
        view = view_of(doc)
        if any(one.label in ("ORG", "PERSON") for one in doc._.found):
            groups = group(view.text, doc._.found, doc._.links, {}, is_head=self.lexicon.is_head)
            referents = [
                Referent(
                    one.label,
                    frozenset(word for name in one.names for word in name.split()),
                    one.mentions,
                    plural=any(is_plural(name.text) for name in one.names.values()),
                )
                for one in groups
                if one.label in LABELS
            ]
            doc._.anaphors.extend(_Reader(view, referents, self.words).anaphors())
        return doc


@dataclass(slots=True)
class _Reader:
    """Walks through one text."""

    view: View
    referents: list[Referent]
    words: Words
    places: list[Place] = field(init=False)
    thing: Referent = field(init=False)
    unnamed: Referent = field(init=False)
    roles: dict[str, Referent] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.places = sorted(
            (
                Place(*self.view.between(one.start, one.end), referent)
                for referent in self.referents
                for one in referent.mentions
            ),
            key=lambda place: place.first,
        )
        self.thing, self.unnamed = Referent("", frozenset(), []), Referent("", frozenset(), [])

    def anaphors(self) -> Iterator[Anaphor]:
        view = self.view
        self._title()
        at, block = 0, -1
        bounds = [*view.sentences, len(view)]
        for number, (first, last) in enumerate(pairwise(bounds)):
            while at < len(self.places) and self.places[at].first < first:
                at += 1
            inside = at
            while inside < len(self.places) and self.places[inside].first < last:
                inside += 1
            places = self.places[at:inside]
            kind = view.kind(first)
            if kind in SILENT_BLOCKS:
                continue
            if kind in TITLE_BLOCKS or self._is_entry(first, last, places):
                self._heading(places)
            else:
                if kind == "row" and view.block[first] != block:
                    self._fade()
                yield from self._sentence(first, last, places, number)
            block = view.block[first]

    # ------------------------------------------------------------ where referents stand

    def _title(self) -> None:
        """The profile's subject: the first organisation of the title, else one whose name it is."""
        view = self.view
        title = next((block for block in view.frame.blocks if block.kind == "title"), None)
        subject = None
        if title is not None:
            inside = (place for place in self.places if title.start <= view.starts[place.first] < title.end)
            subject = next((place.referent for place in inside if place.referent.label == "ORG"), None)
        elif view.frame.title:
            words = fold(view.frame.title).split()
            named = [one for one in self.referents if one.label == "ORG" and set(words) <= one.words]
            subject = named[0] if len(named) == 1 else None
        if subject is not None:
            subject.standing += TITLE

    def _heading(self, places: Sequence[Place]) -> None:
        """A heading: what went before fades, and what it names stays in mind."""
        named = [place.referent for place in places if place.referent.label != "PLACE"]
        self._fade()
        for referent in self.referents:
            if named and referent.standing > TITLE:
                referent.standing -= HEADING
        if named and self.view.kind(places[0].first) != "title":
            named[0].standing += HEADING
        self.roles.clear()

    def _is_entry(self, first: int, last: int, places: Sequence[Place]) -> bool:
        """Whether a name is all that a sentence has that opens its block: `4. Red Hand (RH).`"""
        if not places or last - first > MOST_ENTRY or (first and self.view.block[first - 1] == self.view.block[first]):
            return False
        named = {at for place in places for at in range(place.first, place.last)}
        rest = [self.view.words[at] for at in range(first, last) if at not in named]
        return len(rest) <= MOST_BESIDE and places[0].first - first <= MOST_NUMBER and not any(map(str.islower, rest))

    def _fade(self) -> None:
        for referent in (*self.referents, self.thing, self.unnamed):
            referent.weight *= NEW_SECTION

    def _sentence(self, first: int, last: int, places: Sequence[Place], number: int) -> Iterator[Anaphor]:
        waiting = list(places)
        self._unnamed_subject(first, last, places, number)
        at = first
        while at < last:
            if waiting and waiting[0].first <= at:
                place = waiting.pop(0)
                self._named(place, first, last, number)
                at = max(at + 1, place.last)
                continue
            end, label, choice = self._read(at, first, last, places, number)
            if choice is not None and label:
                referent, confidence = choice
                mention = referent.before(self.view.starts[at])
                if mention is not None:
                    span = self.view.span(at, end)
                    referent.add(self._weight(at, end, first), number)
                    yield Anaphor(span.start, span.end, label, Span(mention.start, mention.end), confidence)
            at = max(end, at + 1)

    def _named(self, place: Place, first: int, last: int, number: int) -> None:
        place.referent.add(self._weight(place.first, place.last, first), number)
        if place.referent.label == "PERSON":
            before = place.first - 2 if self.view.words[place.first - 1] == "," else place.first - 1
            for at in (*range(max(first, before), place.first), *range(place.last, min(last, place.last + 5))):
                word = self.view.words[at].casefold()
                if word in self.words.roles:
                    self.roles[word] = place.referent

    def _weight(self, first: int, last: int, opens: int) -> float:
        """What the place of a name in its sentence says."""
        words, before = self.view.words, first - 1
        while before >= opens and (
            words[before].casefold() in ("the", "a", "an", "“", '"') or self.view.flags[before] & 2
        ):
            before -= 1
        after = words[last] if last < len(words) else ""
        if after in ("'s", "’s", "'", "’"):
            return POSSESSOR
        word = words[before].casefold() if before >= opens else ""
        if before < opens or word in self.words.clause_openers:
            return SUBJECT
        return OBLIQUE if word in self.words.prepositions else OBJECT

    def _unnamed_subject(self, first: int, last: int, places: Sequence[Place], number: int) -> None:
        """A sentence whose subject is a thing or a person without a name: neither `it` nor `he` is sure after it."""
        words = self.view.words
        if first >= last or words[first] not in ("The", "A", "An", "One", "Two", "This", "Another"):
            return
        noun = next((at for at in range(first + 1, min(first + 5, last)) if self._ends_noun(words[at])), None)
        if noun is None or any(place.first < noun for place in places):
            return
        head = words[noun - 1].casefold()
        if head in self.words.kinds or head in self.words.roles:
            return
        (self.unnamed if head in self.words.persons else self.thing).add(
            PERSON_UNNAMED if head in self.words.persons else THING, number
        )

    def _ends_noun(self, word: str) -> bool:
        """Whether a noun phrase is over at a word, as far as its form tells."""
        return word.casefold() in self.words.after_noun or (word.islower() and word.endswith("ed"))

    # ------------------------------------------------------------ what stands for a name

    def _read(self, at: int, first: int, last: int, places: Sequence[Place], number: int) -> tuple[int, str, Choice]:
        """What begins at a word: where it ends, the label of its referent, and the choice."""
        view, words = self.view, self.words
        word = view.words[at].casefold()
        if word in words.person:
            return at + 1, "PERSON", self._person(at, first, word, number)
        if word in words.organisation:
            if word == "it" and self._impersonal(at, last):
                return at + 1, "", None
            before = view.words[at - 1].casefold() if at > first else ""
            after = view.words[at + 1].casefold() if at + 1 < last else "."
            is_object = word == "it" and (
                before in words.prepositions or after in words.after_object or after in words.prepositions
            )
            if is_object and before in words.deeds:
                return at + 1, "", None
            barred = [] if word == "itself" else self._barred(at, first, is_object=is_object)
            return at + 1, "ORG", self._organisation(at, number, None, barred)
        if word in words.many:
            return at + 1, "ORG", self._organisation(at, number, "many", [])
        if word in words.determiners:
            return self._noun(at, last, places, number)
        return at + 1, "", None

    def _impersonal(self, at: int, last: int) -> bool:
        after = " ".join(word.casefold() for word in self.view.words[at + 1 : min(last, at + 5)])
        return any(after == phrase or after.startswith(f"{phrase} ") for phrase in self.words.impersonal)

    def _noun(self, at: int, last: int, places: Sequence[Place], number: int) -> tuple[int, str, Choice]:
        """`the armed group`, `the party`, `the latter`, `the commander`."""
        view, words = self.view, self.words
        end = at + 1
        while end < last and view.words[end].casefold() in words.modifiers and view.words[end].casefold() != "latter":
            end += 1
        if end >= last:
            return at + 1, "", None
        kind = view.words[end].casefold()
        after = view.words[end + 1].casefold() if end + 1 < last else ""
        if kind in ("latter", "former") and (kind == "latter" or after in (",", "'s", "’s", "was", "is", "had", "has")):
            return end + 1, *self._of_two(end, kind, number)
        named = any(place.first == end + 1 for place in places)
        described = after in words.described or named or self.view.flags[end] & 2
        if described or (after and view.flags[end + 1] & 2 and after not in ("'s", "’s")):
            return at + 1, "", None
        if kind in words.kinds:
            return end + 1, "ORG", self._organisation(end, number, kind, [])
        if kind in words.roles and end == at + 1:
            referent = self.roles.get(kind)
            apposed = view.words[at - 1] == "," and any(place.last == at - 1 for place in places)
            if (
                referent is not None
                and not apposed
                and number - referent.last <= MOST_BACK
                and after not in ("of", "'s", "’s")
            ):
                return end + 1, "PERSON", (referent, 0.7)
        return at + 1, "", None

    def _of_two(self, at: int, kind: str, number: int) -> tuple[str, Choice]:
        """`the former`, `the latter` of the last two that were named, of one label."""
        back = [place for place in self.places if place.last <= at][-6:]
        seen: list[Referent] = []
        for place in reversed(back):
            if place.referent not in seen and number - place.referent.last <= 1 and place.referent.label != "PLACE":
                seen.append(place.referent)
        pair = [one for one in seen if one.label == seen[0].label][:2] if seen else []
        if len(pair) < 2:
            return "", None
        return pair[0].label, (pair[0] if kind == "latter" else pair[1], 0.75)

    # ------------------------------------------------------------ choosing

    def _person(self, at: int, first: int, word: str, number: int) -> Choice:
        female = word in self.words.female
        barred = self._barred(at, first, is_object=word in self.words.object or (word == "her" and self._is_object(at)))
        weights = [
            (one.now(number) - one.standing * 0.5, one)
            for one in self.referents
            if one.label == "PERSON"
            and number - one.last <= MOST_BACK
            and one.female in (None, female)
            and one not in barred
        ]
        weights.append((self.unnamed.now(number), self.unnamed))
        choice = clear(weights)
        if choice is not None:
            choice[0].female = female
        return choice

    def _is_object(self, at: int) -> bool:
        """Whether `her` ends a phrase: no noun follows it."""
        after = self.view.words[at + 1] if at + 1 < len(self.view) else "."
        return not after[:1].isalnum() or after.casefold() in self.words.prepositions

    def _barred(self, at: int, first: int, *, is_object: bool) -> list[Referent]:
        """Who a word cannot stand for: the subject of its clause, in `X killed him`, `X was its rival`."""
        view, words = self.view, self.words
        own = not is_object and any(
            view.words[index].casefold() in words.relational for index in range(at + 1, min(at + 5, len(view)))
        )
        if not (is_object or own):
            return []
        start = at
        while start > first and view.words[start - 1].casefold() not in words.clause_ends:
            start -= 1
        return [place.referent for place in self.places if start <= place.first < at]

    def _organisation(self, at: int, number: int, kind: str | None, barred: Sequence[Referent]) -> Choice:
        """The organisation that `it`, `the group` (kind: `group`) or `they` stands for."""
        weights = []
        for one in self.referents:
            weight = one.now(number)
            if one.label == "PERSON" or weight < LEAST or one in barred:
                continue
            if one.label == "PLACE":
                if kind is None:
                    weights.append((weight * 0.5, one))
                continue
            fit = fits(one, kind, self.words)
            if fit:
                weights.append((weight * fit, one))
        if kind is None:
            weights.append((self.thing.now(number), self.thing))
        choice = clear(weights)
        return choice if choice is not None and choice[0].label == "ORG" else None
