"""A sentence as phrases: noun phrases, verb groups, dates and the small words between them.

A shallow reading, made from parts of speech (`tagger`) and the mentions that are known; the event rules walk over it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from dossier.components.tag_fixes import (
    BE,
    FINITE,
    HAVE,
    NOUNS,
    QUOTES,
    VERBS,
    Known,
    correct,
    correct_known,
    find_possessives,
    finite_words,
)  # fmt: skip
from dossier.components.tagger import Tagger
from dossier.components.view import View
from dossier.records import Found

DO = frozenset("do does did".split())
GET = frozenset("get gets got getting".split())
NEGATIONS = frozenset("not n't never".split())
# words that open a clause of their own when a verb follows
SUBORDINATORS = frozenset(
    "after before when while because although though as since if that until unless whereas once where whereupon how why".split()
)
# what stands for a time and is no mark: `today`, `last week`
TIMES = frozenset(
    "today yesterday tomorrow tonight monday tuesday wednesday thursday friday saturday sunday morning afternoon evening "
    "night midnight noon dawn dusk week weeks weekend day days hour hours minutes minute moment times time year years "
    "month months".split()
)
SIDES = frozenset("north south east west northeast northwest southeast southwest".split())
_REFLEXIVE = frozenset("himself herself itself themselves".split())
_NOW = frozenset(("today", "yesterday", "tonight", "tomorrow"))
LONG_PREPOSITIONS = (
    ("in", "front", "of"),
    ("on", "top", "of"),
    ("on", "behalf", "of"),
    ("at", "the", "hands", "of"),
    ("because", "of"),
)
_INSIDE = frozenset(("JJ", "CD", "NN", "NNS", "VBN", "VBG", "POS", "PRP$", "DT", "HYPH", "RB", "X"))
_OPENING = frozenset(("DT", "PRP$", "CD", "JJ", "NN", "NNS"))


class Verb(NamedTuple):
    """What a verb group says besides its main verb, which is the group's head."""

    passive: bool
    finite: bool
    form: str  # tag of the main verb
    negated: bool
    modal: str | None
    infinitive: bool
    perfect: bool


@dataclass(slots=True)
class Unit:
    """The words `[first, last)` of a view.

    `kind`: N noun phrase, D date, V verb group, P preposition, C coordinator, S word that opens a clause, W relative
    pronoun, A adverb, and a stop or bracket as it stands. `head` is the last noun or the main verb; `marks` the mentions
    inside.
    """

    kind: str
    first: int
    last: int
    head: int
    marks: list[Found] = field(default_factory=list)
    verb: Verb | None = None
    clause: int = 0


@dataclass(slots=True)
class Phrases:
    """The units of the words `[first, last)` of one sentence; `small` and `tags` count from `first`."""

    view: View
    first: int
    last: int
    small: list[str]
    tags: list[str]
    units: list[Unit]

    def word(self, unit: Unit) -> str:
        """The head of a unit, in small letters."""
        return self.small[unit.head - self.first]

    def words(self, unit: Unit) -> list[str]:
        return self.small[unit.first - self.first : unit.last - self.first]

    def unit_at(self, index: int) -> int:
        """The number of the unit that holds a word of the view, or of the one after it."""
        at = bisect_left(self.units, index + 1, key=lambda unit: unit.last)
        return min(at, len(self.units) - 1)


def read(
    view: View, tagger: Tagger, first: int, last: int, marks: Sequence[Found], known: Known | None = None
) -> Phrases:
    """Read the words `[first, last)` of a view. marks: the mentions in them, in order."""
    at = [(*view.between(mark.start, mark.end), mark) for mark in marks]
    small = [word.casefold() for word in view.words[first:last]]
    fixed: list[str | None] = [None] * len(small)
    for start, end, mark in at:
        if mark.label in ("ORG", "PERSON", "PLACE"):
            for index in range(max(start, first), min(end, last)):
                fixed[index - first] = "NN"
        elif mark.label == "DATE":
            for index in range(max(start, first), min(end, last)):
                fixed[index - first] = "CD"
        elif mark.label == "NORP":
            fixed[start - first] = "NNS" if small[end - 1 - first].endswith("s") else "JJ"
    tags = tagger.tag(small, fixed)
    correct(small, tags)
    if known is not None:
        correct_known(small, tags, fixed, known)
    find_possessives(view, first, small, tags)
    phrases = Phrases(view, first, last, small, tags, [])
    phrases.units = _Chunker(phrases, at).units()
    return phrases


class _Chunker:
    """Cuts a sentence into units from left to right."""

    def __init__(self, phrases: Phrases, marks: Sequence[tuple[int, int, Found]]) -> None:
        self.phrases = phrases
        self.first, self.small, self.tags = phrases.first, phrases.small, phrases.tags
        self.size = len(self.small)
        self.dates: dict[int, tuple[int, Found]] = {}
        self.held: dict[int, tuple[int, Found]] = {}  # first word of a mention -> the word after it
        for start, end, mark in marks:
            start, end = start - self.first, min(end - self.first, self.size)
            if 0 <= start < end:
                (self.dates if mark.label == "DATE" else self.held)[start] = (end, mark)

    def units(self) -> list[Unit]:
        found: list[Unit] = []
        at = 0
        while at < self.size:
            unit = self._next(at)
            if unit is not None:
                found.append(unit)
            at = unit.last - self.first if unit else at + 1
        return found

    def _next(self, at: int) -> Unit | None:
        if at in self.dates:
            end, mark = self.dates[at]
            return self._unit("D", at, end, end - 1, [mark])
        tag, word = self.tags[at], self.small[at]
        if at in self.held:
            return self._noun_phrase(at)
        if word in ("in", "on", "at", "because", "as") or word in SIDES:
            longer = self._long(at)
            if longer is not None:
                return longer
        if tag != "POS" and (tag == "P" or not word[0].isalnum()):
            return None if word in QUOTES else self._unit(_punctuation(word), at, at + 1, at)
        if tag == "CC":
            return self._unit("C", at, at + 1, at)
        if tag == "W":
            return self._unit("S" if word in ("when", "where", "while", "how", "why") else "W", at, at + 1, at)
        if word in _REFLEXIVE and at and self.tags[at - 1] in NOUNS:
            return self._unit("A", at, at + 1, at)  # `Lindqvist himself was caught`
        if tag == "PRP" or tag == "EX":
            return self._unit("N", at, at + 1, at)
        if word == "that" and self.small[at + 1 : at + 2] == ["of"]:
            return self._unit("N", at, at + 1, at)  # `the bombing of a bank and that of a hotel`
        if word == "that" and tag in ("IN", "DT") and (tag == "IN" or self._tag(at + 1) in (VERBS | {"MD"})):
            after_noun = bool(at) and self.tags[at - 1] in NOUNS and not self._is_name(at)
            return self._unit("W" if after_noun else "S", at, at + 1, at)
        if tag in VERBS or tag in ("MD", "TO"):
            verb = self._verb_group(at)
            if verb is not None:
                return verb
        if tag in _OPENING or (tag in ("VBN", "VBG", "RB") and self._opens_noun_phrase(at)):
            return self._noun_phrase(at)
        if tag == "RB":
            return self._unit("A", at, at + 1, at)
        if tag in ("IN", "TO", "RP"):
            return self._unit("P", at, at + 1, at)
        return self._unit("A", at, at + 1, at)

    def _long(self, at: int) -> Unit | None:
        """A preposition of several words, its noun as its head; `as well as` joins like `and`."""
        if self.small[at : at + 3] == ["as", "well", "as"]:
            return self._unit("C", at, at + 3, at + 1)
        if self._is_side(at):
            return self._unit("P", at, at + 2, at)
        for words in LONG_PREPOSITIONS:
            if tuple(self.small[at : at + len(words)]) == words:
                return self._unit("P", at, at + len(words), at + len(words) - 2 if len(words) > 2 else at)
        return None

    def _is_side(self, at: int) -> bool:
        """Whether a word tells on which side of a place: `a camp north of Oslo`, but not `in the north of Norway`."""
        of = self.small[at + 1 : at + 2] == ["of"]
        return self.small[at] in SIDES and of and at > 0 and self.tags[at - 1] not in ("DT", "PRP$", "JJ")

    def _is_name(self, end: int) -> bool:
        """Whether a name of a person or place ends before a word: what is said of one with `that` is rare."""
        return any(after == end and mark.label in ("PERSON", "PLACE") for after, mark in self.held.values())

    def _tag(self, at: int) -> str:
        return self.tags[at] if at < self.size else ""

    # ------------------------------------------------------------ noun phrases

    def _is_glued(self, hyphen: int) -> bool:
        """Whether a hyphen joins the words on both sides of it."""
        view, index = self.phrases.view, self.first + hyphen
        return view.glued(index) and hyphen + 1 < self.size and view.glued(index + 1)

    def _opens_noun_phrase(self, at: int) -> bool:
        """Whether an adverb or participle begins a noun phrase: `heavily armed men`, `about 50 peasants`."""
        index = at
        while index < self.size and self.tags[index] in ("RB", "JJ", "VBN", "VBG", "CD"):
            if index in self.dates:
                return False
            index += 1
        return index > at and self._tag(index) in NOUNS and (self.tags[at] != "RB" or index - at <= 3)

    def _noun_phrase(self, at: int) -> Unit:
        end, head, marks = at, at, []
        while end < self.size:
            if end in self.held:
                after, mark = self.held[end]
                if end > at and mark.label == "QUANTITY" and head != end - 1:
                    break
                marks.append(mark)
                end, head = after, after - 1
                continue
            if end in self.dates:
                after, mark = self.dates[end]
                # `the June 2016 attack`, but not `killed 12 people June 3`
                if (
                    end > at
                    and self.tags[end - 1] in ("DT", "JJ", "POS", "PRP$")
                    and self._tag(after) in (*NOUNS, "JJ")
                ):
                    marks.append(mark)
                    end = after
                    continue
                break
            if not self._goes_on(at, end, head):
                break
            if self.tags[end] in NOUNS or self.tags[end] in ("CD", "JJ"):
                head = end
            end += 1
        end = max(end, at + 1)
        while end > at + 1 and self.tags[end - 1] in ("RB", "POS", "HYPH") and head < end - 1:
            end -= 1
        time = not marks and self.small[min(head, end - 1)] in TIMES
        return self._unit("A" if time else "N", at, end, min(head, end - 1), marks)

    def _goes_on(self, at: int, end: int, head: int) -> bool:
        tag, word = self.tags[end], self.small[end]
        if end == at:
            return True
        if (word in _NOW and self._tag(end + 1) != "POS") or self._is_side(end):
            return False
        if word in ("-", "‐", "‑") and self._is_glued(end):
            if self._tag(end + 1) in ("RP", "IN", "VBG", "VB"):
                self.tags[end + 1] = "NN"  # `shoot-out`, `hostage-taking`
            return True
        if tag == "P":
            return word in ("-", "–") and self._tag(end + 1) in _INSIDE and end + 1 not in self.dates
        if tag not in _INSIDE or (tag == "X" and not word[0].isalnum()):
            return False
        before = self.tags[end - 1]
        if tag == "POS":
            return before in NOUNS
        if tag in ("DT", "PRP$"):
            return before == "DT" and word not in ("the", "a", "an", "this", "that", "these", "those")
        if tag == "VBN" and before == "DT" and self._tag(end + 1) not in VERBS:
            return True  # `the wounded`
        if tag in ("VBN", "VBG"):
            return before not in (*NOUNS, "PRP") and self._tag(end + 1) in ("NN", "NNS", "JJ")
        if tag == "RB":
            return before in ("DT", "PRP$", "POS") and self._tag(end + 1) in ("JJ", "CD", "VBN")
        if tag == "CD":
            return before not in NOUNS or self.small[end - 1] in ("some", "about")
        return True

    # ------------------------------------------------------------ verb groups

    def _verb_group(self, at: int) -> Unit | None:
        index, infinitive, modal, negated = at, False, None, False
        if self.tags[at] == "TO":
            after = self._past_adverbs(at + 1)
            if self._tag(after) not in ("VB", "VBP"):
                return None
            infinitive, index = True, after
        seen: list[int] = []
        while index < self.size:
            tag, word = self.tags[index], self.small[index]
            if word in NEGATIONS:
                negated = True
            elif tag == "MD":
                modal = word
            elif tag in VERBS:
                if seen and not self._is_auxiliary(seen[-1], index):
                    break
                if index in self.held or (
                    tag in ("VBG", "VBN") and not seen and not infinitive and self._is_adjective(index)
                ):
                    break
                seen.append(index)
            elif tag != "RB":
                break
            index += 1
        if not seen and modal is None:
            return None
        if not seen:
            return self._unit("A", at, at + 1, at)
        main = seen[-1]
        form, before = self.tags[main], [self.small[i] for i in seen[:-1]]
        passive = form in ("VBN", "VBD") and bool(before) and (before[-1] in BE or before[-1] in GET)
        if form == "VBD" and before and before[-1] in HAVE:
            form = "VBN"
        finite = modal is not None or self.tags[seen[0]] in FINITE or (self.tags[seen[0]] == "VB" and not infinitive)
        last = main + 1
        if self._tag(last) == "RP":
            last += 1
        unit = self._unit("V", at, last, main)
        negated = negated or (at > 0 and self.small[at - 1] in NEGATIONS)
        perfect = any(word in HAVE for word in before)
        unit.verb = Verb(passive, finite, form, negated, modal, infinitive, perfect)
        return unit

    def _past_adverbs(self, at: int) -> int:
        while at < self.size and self.tags[at] == "RB":
            at += 1
        return at

    def _is_auxiliary(self, index: int, main: int) -> bool:
        word, tag = self.small[index], self.tags[main]
        if word in BE:
            return tag in ("VBN", "VBG", "VBD")
        if word in HAVE:
            return tag in ("VBN", "VBD")
        if word in GET:
            return tag == "VBN"
        return word in DO and tag == "VB"

    def _is_adjective(self, at: int) -> bool:
        """Whether a participle stands before the noun it describes: `armed men`, not `killing policemen`."""
        before = self.tags[at - 1] if at else ""
        if before in ("DT", "PRP$", "POS", "JJ", "CD") and self._tag(at + 1) in (*NOUNS, "JJ"):
            return True
        if before == "IN" and self.small[at - 1] not in SUBORDINATORS:  # `by hired gunmen`
            return self.tags[at] == "VBN" and self._tag(at + 1) in NOUNS
        described = at == 0 and self.tags[at] == "VBN" and self._tag(at + 1) in NOUNS
        return described and any(
            True for _ in finite_words(self.small, self.tags)
        )  # `Armed men attacked`, `Bombed Oslo in 1998.`

    def _unit(self, kind: str, at: int, end: int, head: int, marks: list[Found] | None = None) -> Unit:
        return Unit(kind, self.first + at, self.first + end, self.first + head, marks or [])


def _punctuation(word: str) -> str:
    if word in ("(", "["):
        return "("
    if word in (")", "]"):
        return ")"
    if word in (";", ":", "-", "–", "—", "--"):
        return ";"
    return "," if word == "," else "."
