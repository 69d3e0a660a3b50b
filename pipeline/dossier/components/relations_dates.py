"""When a relation held: the dates of its own clause, not the nearest ones.

`since 2012`, `from 2003 to 2007`, `until 2010`; `in 2007` beside a verb that happens once is its start. A date at the
head of a sentence goes with its first clause.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from dossier.components.relations_match import Match
from dossier.components.relations_skeleton import Item
from dossier.components.view import View

FROM = frozenset(("since", "from"))
TO = frozenset(("until", "till", "through", "to"))
AT = frozenset(("in", "on", "during", "around", "about", "circa", "late", "early", "mid", "of", "at", "for"))
OUTSIDE = frozenset(("by", "before", "after", "than"))  # the date borders it, but is not its own
RELATIVE = frozenset(
    ("who", "which", "whose", "that", "when", "while", "where", "because", "whereas", "although", "though")
)
CUTS = RELATIVE | frozenset((";", ":", "(", "but", "before", "after", "and", "or", "with", "including", "despite"))
LEFT_CUTS = RELATIVE | frozenset((";", ":", "but", "or"))
NEAR, FAR = 12, 30  # words after what is said, and before it
DATED_BY_OBJECT = frozenset(("died_on", "formed_on", "dissolved_on"))
TIMELESS = frozenset(("alias_of", "origin"))
# they hold for a time: of `1998-2003` both ends are told
LASTING = frozenset(
    (
        "leads",
        "member_of",
        "part_of",
        "affiliated_with",
        "allied_with",
        "opposes",
        "supports",
        "based_in",
        "operates_in",
    )
)


class When(NamedTuple):
    """EDTF; None is unknown."""

    start: str | None = None
    end: str | None = None


@dataclass(frozen=True, slots=True)
class Clock:
    """The dates of one sentence, the words `[first, last)` of a view, and the words that say what happens in it."""

    view: View
    first: int
    last: int
    dates: Sequence[Item]
    verbs: frozenset[str]

    def when(self, match: Match) -> When:
        """The dates of a match."""
        kind = match.pattern.type
        if kind in TIMELESS:
            return When()
        if kind in DATED_BY_OBJECT:
            return When(_edtf(match.object))
        taken = {match.subject.first, match.object.first}
        for date in self._candidates(match):
            if date.first not in taken and _edtf(date) is not None:
                found = self._read(match, date)
                if found != When():
                    return found
        return When()

    # ------------------------------------------------------------ which date

    def _candidates(self, match: Match) -> Iterator[Item]:
        """The dates of a match's clause: those inside it, after it, between it and its subject, then one before all."""
        first, last = match.core
        yield from (date for date in reversed(self.dates) if first <= date.first < last)
        after = next((date for date in self.dates if date.first >= last), None)
        if after is not None and self._reaches(last, after):
            yield after
        if match.aside:
            return
        if match.subject.last < first and not match.far:
            yield from (
                date for date in self.dates if match.subject.last <= date.first < first and self._opens(date, first)
            )
        before = [date for date in self.dates if date.last <= min(first, match.subject.first, match.object.first)]
        if before and self._is_head(before[-1]) and self._opens(before[-1], first):
            yield before[-1]

    def _word(self, index: int) -> str:
        return self.view.words[index].casefold()

    def _reaches(self, last: int, date: Item) -> bool:
        """Whether nothing between a match's last word and a date after it begins another clause."""
        start = self._preposition(date)
        if start - last > NEAR:
            return False
        for index in range(last, start):
            word = self._word(index)
            if word in CUTS and not (word == "and" and self._is_mention(index + 1)):
                return False
            if word in self.verbs and not self._is_participle(index):
                return False
            if word == "," and index + 1 < start and not self._is_mention(index + 1):
                return False
        return True

    def _opens(self, date: Item, first: int) -> bool:
        """Whether a date before a match stands at the head of its clause."""
        if first - date.last > FAR:
            return False
        return not any(
            self._word(index) in LEFT_CUTS or self._word(index) in self.verbs for index in range(date.last, first)
        )

    def _is_head(self, date: Item) -> bool:
        head = self._preposition(date) - 1
        return head < self.first or self._word(head) in (",", ";", ":", "and", "but")

    def _preposition(self, date: Item) -> int:
        """The first of the small words before a date: of `in the early`, `in`."""
        at = date.first
        small = FROM | TO | AT | OUTSIDE | {"the", "between", "as", "until", "a"}
        while at > self.first and self._word(at - 1) in small:
            at -= 1
        return at

    def _is_mention(self, index: int) -> bool:
        return index < self.last and self.view.words[index][:1].isupper()

    def _is_participle(self, index: int) -> bool:
        return index + 1 < self.last and self._word(index + 1) == "by"

    # ------------------------------------------------------------ what it says

    def _read(self, match: Match, date: Item) -> When:
        value = _edtf(date)
        if value is None:
            return When()
        words = [self._word(index) for index in range(self._preposition(date), date.first)]
        start, slash, end = value.partition("/")
        lasting = match.pattern.type in LASTING or match.pattern.type == "size_of"
        if slash and lasting:
            return When(start or None, end or None)
        if FROM & set(words):
            return When(value, self._until(date))
        if TO & set(words):
            return When(None, value)
        if match.aside and date.first >= match.core[1]:
            return When()  # `the leader of X, was arrested in 2003`
        if OUTSIDE & set(words) or match.pattern.when == "none":
            return When()
        if match.pattern.when == "end":
            return When(None, value)
        return When(value, self._until(date) if lasting else None)

    def _until(self, date: Item) -> str | None:
        """The end that follows a start: `from 2003 until his death in 2010`."""
        later = next((other for other in self.dates if other.first >= date.last), None)
        if later is None or later.first - date.last > 6:
            return None
        between = [self._word(index) for index in range(date.last, later.first)]
        return _edtf(later) if TO & set(between) else None


def _edtf(date: Item) -> str | None:
    value = (date.norm or {}).get("edtf")
    return value if isinstance(value, str) else None
