"""The fillers of roles: which words of a noun phrase name an actor, a target, a place, a count. The guide, section 4."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from dossier.components.clauses import Sentence
from dossier.components.events_lexicon import EventLexicon
from dossier.components.phrases import Unit
from dossier.normalize.quantity_words import HEADS, ONE_HEADS, is_people_name
from dossier.records import Found, Span

NAMES = ("ORG", "PERSON")
MONEY = 3  # letters of a currency's code
PRONOUNS = frozenset("it they he she we them him her its their his who which that this these those".split())
_ARTICLES = frozenset(("the", "a", "an", "its", "their", "his", "her", "this", "that", "these", "those", "some"))
_SETTLED = frozenset(
    "town towns city cities village villages port district island province region capital neighborhood neighbourhood hamlet "
    "area suburb suburbs outskirts center centre part parts quarter valley vicinity north south east west northeast northwest "
    "southeast southwest".split()
)
_SOME = frozenset(
    "several most part parts much some many all half members remnants remnant remains rest elements majority leaders commanders "
    "fighters followers supporters dissidents militants veterans wing faction factions".split()
)
_UNDER = frozenset(("under", "by", "of"))
_AFTER_COUNT = re.compile(r"\s+(?:were\s+)?(killed|dead|wounded|injured)\b", re.IGNORECASE)
_FROM = frozenset(("of", "from"))
_GENERAL = frozenset(
    "suicide terrorist terror deadly car truck bomb rocket mortar gun armed bloody twin major alleged joint".split()
)


def is_people(word: str) -> bool:
    """Whether a noun, in small letters, names people: `soldiers`, `nurse`, `mayor`."""
    return (
        HEADS.get(word) == "people"
        or word in ONE_HEADS
        or word.endswith(("sman", "smen", "woman", "women", "eman", "emen"))
    )


@dataclass(slots=True)
class Fillers:
    """Reads the noun phrases of one sentence. `stands`: words that stand for a name, such as `the group`, with its label."""

    sentence: Sentence
    lexicon: EventLexicon
    stands: Mapping[Span, str] = field(default_factory=dict)

    def unit(self, at: int) -> Unit:
        return self.sentence.units[at]

    def span(self, first: int, last: int) -> Span:
        return self.sentence.phrases.view.span(first, last)

    def _small(self, first: int, last: int) -> list[str]:
        start = self.sentence.phrases.first
        return self.sentence.phrases.small[first - start : last - start]

    # ------------------------------------------------------------ names

    def _marks(self, at: int, labels: Collection[str]) -> list[Found]:
        return [mark for mark in self.unit(at).marks if mark.label in labels]

    def _holds_head(self, at: int, mark: Found) -> bool:
        view, head = self.sentence.phrases.view, self.unit(at).head
        return mark.start <= view.starts[head] < mark.end

    def _standing(self, at: int) -> list[Span]:
        """The words that stand for a name as the head of a phrase."""
        head = self.sentence.phrases.view.starts[self.unit(at).head]
        return [each for each in self._inside(at) if each.start <= head < each.end]

    def _inside(self, at: int) -> list[Span]:
        span = self.span(self.unit(at).first, self.unit(at).last)
        return [each for each in self.stands if span.start <= each.start and each.end <= span.end]

    def peoples(self, at: int) -> list[Span]:
        """The peoples that a phrase names: `a French-led operation`."""
        return [Span(mark.start, mark.end) for mark in self._marks(at, ("NORP",))]

    def owners(self, at: int) -> list[Span]:
        """The organisation that fighters belong to: `its` in `its gunmen`, `some of its members`."""
        if self.sentence.word(at) in _SOME and self.sentence.word(at + 1) == "of" and self.sentence.kind(at + 2) == "N":
            return self.owners(at + 2)
        return [each for each in self._inside(at) if self.stands[each] == "ORG"]

    def groups(self, at: int) -> list[Span]:
        """The organisations of a phrase, and what stands for one; of `most of the front` the front."""
        found = [Span(mark.start, mark.end) for mark in self._marks(at, ("ORG",))]
        if not found and self.sentence.word(at) in _SOME and self.sentence.word(at + 1) == "of":
            return self.groups(at + 2) if self.sentence.kind(at + 2) == "N" else []
        standing = [span for span in self._standing(at) if self.stands[span] == "ORG"]
        return found or self._aside(at, ("ORG",)) or standing

    def heads(self, at: int) -> list[Span]:
        """Who leads the part of a group that a phrase names: `a faction under Lindqvist`, `a wing led by Lindqvist`."""
        after = at + 1
        if self.sentence.kind(after) == "V" and self.sentence.word(after) in ("led", "headed", "commanded"):
            after += 1
        if self.sentence.word(after) not in _UNDER or self.sentence.kind(after + 1) != "N":
            return []
        return [Span(mark.start, mark.end) for mark in self._marks(after + 1, ("PERSON",))]

    def _aside(self, at: int, labels: Collection[str]) -> list[Span]:
        """The name that an aside gives: `a splinter group, the Northern Front, broke away`."""
        if self.sentence.kind(at + 1) != "," or self.sentence.kind(at + 2) != "N" or self.unit(at).marks:
            return []
        after = at + 3
        while self.sentence.kind(after) in ("(", ")") or (
            self.sentence.kind(after) == "N" and self.sentence.kind(after - 1) == "("
        ):
            after += 1
        marks = [m for m in self._marks(at + 2, labels) if self._holds_head(at + 2, m)]
        return [Span(m.start, m.end) for m in marks] if self.sentence.kind(after) in (",", ".", "") else []

    def named(self, at: int) -> list[Span]:
        """Organisations, persons and states of a phrase, and what stands for one."""
        found = [
            Span(mark.start, mark.end)
            for mark in self._marks(at, ("ORG", "PERSON", "PLACE"))
            if mark.label != "PLACE" or self._holds_head(at, mark)
        ]
        return found or self._state(at) or self._aside(at, NAMES) or self._standing(at)

    def _state(self, at: int) -> list[Span]:
        """The state of `the U.S. government`."""
        if self.sentence.word(at) not in self.lexicon.words["of_states"]:
            return []
        return [Span(mark.start, mark.end) for mark in self._marks(at, ("PLACE",))]

    def actors(self, at: int) -> list[Span]:
        """Who acts: a name; the organisation that its fighters are of; else the words for people or a group."""
        orgs = [Span(m.start, m.end) for m in self._marks(at, ("ORG",))]
        others = [Span(m.start, m.end) for m in self._marks(at, ("PERSON", "PLACE")) if self._holds_head(at, m)]
        if orgs or others:
            return orgs or others
        standing = self._aside(at, NAMES) or self._standing(at)
        if standing:
            return standing
        if not self._may_act(at):
            return []
        return self.owners(at) or self._of_which(at) or [self._with_members(at)]

    def _with_members(self, at: int) -> Span:
        """The words of a phrase, with those whose group it is: `a group of armed men`."""
        whole = self.words(at)
        gathering = self.sentence.word(at) in self.lexicon.words["gatherings"] and self.sentence.word(at + 1) == "of"
        return Span(whole.start, self.words(at + 2).end) if gathering and self.sentence.kind(at + 2) == "N" else whole

    def _may_act(self, at: int) -> bool:
        head = self.sentence.word(at)
        if head in PRONOUNS:
            return False
        return is_people(head) or head in self.lexicon.words["groups"] or is_people_name(head.capitalize())

    def _of_which(self, at: int) -> list[Span]:
        """`fighters of the front`, `members of X`: the organisation."""
        if (
            self.sentence.word(at + 1) in _FROM
            and self.sentence.kind(at + 1) == "P"
            and self.sentence.kind(at + 2) == "N"
        ):
            return [Span(m.start, m.end) for m in self._marks(at + 2, ("ORG",))] or self._standing(at + 2)
        return []

    # ------------------------------------------------------------ targets

    def targets(self, at: int, *, things: bool = False) -> list[Span]:
        """What is attacked: a name, or the words of the phrase. things: only what is no place and no people."""
        if self.sentence.kind(at) != "N":
            return []
        head = self.sentence.word(at)
        if not things and (person := self.apposed(at)):
            return person
        if head in self.lexicon.words["parts"] and self.sentence.word(at + 1) == "of":
            return self.targets(at + 2, things=things)  # `the front of the building`
        heads = [m for m in self._marks(at, (*NAMES, "PLACE")) if self._holds_head(at, m)]
        if heads:
            return [Span(m.start, m.end) for m in heads if m.label != "PLACE"]
        standing = self._standing(at)
        if standing:
            return standing
        if head in _SETTLED and self._of_place(at):
            return []  # `the town of Bergen` is where
        if not self._may_be_target(at, head) or (things and is_people(head)):
            return []
        return [self._whose(at)]

    def _whose(self, at: int) -> Span:
        """The words of a phrase, with the name whose it is: `the headquarters of the front`."""
        whole = self.words(at)
        if self.sentence.word(at + 1) == "of" and self.sentence.kind(at + 2) == "N" and self._marks(at + 2, NAMES):
            return Span(whole.start, self.words(at + 2).end)
        return whole

    def _may_be_target(self, at: int, head: str) -> bool:
        """Whether a common noun names people or things: `nurse`, `power lines`, but not `responsibility`."""
        if head in ("people", "persons", "others", "person", "hostage", "hostages", "captives"):
            return not self.counts(at, "people", "hostages")  # a count, and nobody in particular
        if is_people(head) or head in self.lexicon.words["groups"] or head in self.lexicon.words["people"]:
            return True
        things = self.lexicon.words["things"]
        singulars = (head, head.removesuffix("s"), head.removesuffix("es"), head.removesuffix("ies") + "y")
        return any(word in things for word in singulars)

    def apposed(self, at: int) -> list[Span]:
        """The person whom a phrase describes: `a judge, Oskar Lind, in Oslo`, `one of the nuns, Eva Lind,`."""
        head = self.sentence.word(at)
        if not {head, head.removesuffix("s")}.isdisjoint(self.lexicon.words["things"]):
            return []
        comma = at + 1
        while self.sentence.word(comma) == "of" and self.sentence.kind(comma + 1) == "N":
            comma += 2
        if self.sentence.kind(comma) != "," or self.sentence.kind(comma + 1) != "N":
            return []
        other = (mark for mark in self.unit(at).marks if mark.label not in ("NORP", "PLACE"))
        if head != "one" and any(self._holds_head(at, mark) for mark in other):
            return []  # a name itself
        units = self.sentence.coordinated(comma + 1)
        marks = [m for unit in units for m in self._marks(unit, ("PERSON",)) if self._holds_head(unit, m)]
        after = self.sentence.kind(units[-1] + 1)
        return [Span(m.start, m.end) for m in marks] if after in (",", ".", "P", "") else []

    def is_person(self, at: int, span: Span) -> bool:
        return any((m.start, m.end) == span for m in self._marks(at, ("PERSON",)))

    def words(self, at: int) -> Span:
        """The words of a phrase without its article."""
        unit = self.unit(at)
        first = unit.first
        small = self._small(unit.first, unit.last)
        while first < unit.last - 1 and small[first - unit.first] in _ARTICLES:
            first += 1
        return self.span(first, unit.last)

    def before(self, at: int, trigger: int) -> tuple[list[Span], list[Span]]:
        """Who and what stand before a noun in its phrase: the owners, `AQIM's attack`, and the target, `the hotel attack`."""
        unit, view = self.unit(at), self.sentence.phrases.view
        stop = view.starts[trigger] if trigger < len(view) else unit.last
        marks = [mark for mark in unit.marks if mark.end <= stop]
        owners = [Span(mark.start, mark.end) for mark in marks if mark.label in NAMES or self._owns(mark)]
        owners = owners or [span for span in self._inside(at) if span.end <= stop]
        covered = {i for mark in unit.marks for i in range(*view.between(mark.start, mark.end))}
        last = trigger
        first = last
        start = self.sentence.phrases.first
        while first > unit.first and first - 1 not in covered:
            word, tag = self.sentence.phrases.small[first - 1 - start], self.sentence.phrases.tags[first - 1 - start]
            if tag not in ("NN", "NNS") or word in _GENERAL or word in self.lexicon.nouns:
                break
            if first == last and not self._may_be_target(at, word):
                break
            first -= 1
        if first == last or owners:
            return owners, []
        return owners, [self.span(first, last)]

    def _owns(self, mark: Found) -> bool:
        """Whether a state stands before `'s`: `Kenya's intervention`."""
        after = self.sentence.phrases.view.text[mark.end : mark.end + 2]
        return mark.label == "PLACE" and after in ("'s", "’s")

    # ------------------------------------------------------------ places, weapons, counts

    def places_in(self, at: int) -> list[Span]:
        """The places that a phrase names as its head, with the larger ones after it: `Bergen, Norway`."""
        heads = [m for m in self._marks(at, ("PLACE",)) if self._holds_head(at, m)]
        if heads:
            return [Span(m.start, m.end) for m in heads] + self._after(at)
        return self._of_place(at) if self.sentence.word(at) in _SETTLED else []

    def places_at(self, at: int) -> list[Span]:
        """The places of a phrase after `in`: also `the Bergen district`, but not `the Swedish embassy`."""
        marks = self._marks(at, ("PLACE",))
        if marks and self.sentence.word(at) in self.lexicon.words["of_states"] and not self._holds_head(at, marks[-1]):
            marks = []
        return [Span(m.start, m.end) for m in marks] + self._after(at) if marks else self._of_place(at)

    def _of_place(self, at: int) -> list[Span]:
        """`the town of Bergen`."""
        if self.sentence.word(at + 1) == "of" and self.sentence.kind(at + 2) == "N":
            return self.places_in(at + 2)
        return []

    def _after(self, at: int) -> list[Span]:
        found: list[Span] = []
        while self.sentence.kind(at + 1) == "," and self.sentence.kind(at + 2) == "N":
            marks = [m for m in self._marks(at + 2, ("PLACE",)) if self._holds_head(at + 2, m)]
            if not marks or self.sentence.kind(at + 3) == "V":
                break
            found += [Span(m.start, m.end) for m in marks]
            at += 2
        return found

    def places_before(self, at: int, trigger: int) -> list[Span]:
        view = self.sentence.phrases.view
        return [Span(m.start, m.end) for m in self._marks(at, ("PLACE",)) if m.end <= view.starts[trigger]]

    def weapons(self, at: int) -> list[Span]:
        """The weapons of a phrase; where none is a mention, the phrase itself if its head is a word such as `bomb`."""
        found = [Span(m.start, m.end) for m in self._marks(at, ("WEAPON",))]
        if found or self.sentence.kind(at) != "N":
            return found
        if self.sentence.word(at) in self.lexicon.words["weapons"]:
            return [self.words(at)]
        unit, start = self.unit(at), self.sentence.phrases.first
        small = self._small(unit.first, unit.last - 1) if unit.last - unit.first > 1 else []
        bombs = [index for index, word in enumerate(small, unit.first) if word in self.lexicon.words["explosive"]]
        return (
            [self.span(bombs[0], bombs[0] + 1)]
            if bombs and self.sentence.phrases.tags[bombs[0] - start] in ("NN", "NNS")
            else []
        )

    def counts(self, at: int, *what: str) -> list[Span]:
        """The counts of a phrase, of what is counted."""
        return [Span(m.start, m.end) for m in self._marks(at, ("QUANTITY",)) if counted(m) in what]


def told_count(text: str, mark: Found) -> str:
    """What a QUANTITY counts, with the word after it: `(14 border guards killed)`."""
    role = counted(mark)
    after = _AFTER_COUNT.match(text, mark.end) if role == "people" else None
    return role if after is None else "killed" if after[1].lower() in ("killed", "dead") else "wounded"


def counted(mark: Found) -> str:
    """What a QUANTITY counts: `killed`, `wounded`, `hostages`, `money`, `people`, `unknown` or, of arms and attacks, nothing."""
    unit = str((mark.norm or {}).get("unit") or "")
    if unit.isupper() and len(unit) == MONEY:
        return "money"
    head = unit.casefold().split()[-1] if unit else ""
    if head in ("killed", "dead", "deaths", "fatalities", "lives", "casualties", "bodies", "corpses"):
        return "killed"
    if head in ("wounded", "injured", "injuries", "hurt"):
        return "wounded"
    if head in ("hostages", "kidnapped", "abducted", "captives", "captured"):
        return "hostages" if head != "captured" else "people"
    if not unit:
        return "people"
    if HEADS.get(head) == "people" or is_people_name(unit.split()[-1]):
        return "people"
    return "" if head in HEADS else "unknown"
