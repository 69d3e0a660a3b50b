"""The date that governs a word of a sentence: that of its clause, not the nearest.

He led the front until 2003 and joined the army in 2005.      `joined`: 2005
In May 2001, rebels attacked Oslo and killed six people.      `killed`: May 2001
Lindqvist, who was arrested in 1999, founded the front.       `founded`: none
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from datetime import timedelta
from typing import NamedTuple

from dossier.components.clause_reader import read_clauses
from dossier.components.clauses import BRACKET, COORDINATE, PARTICIPLE, SUB, Sentence
from dossier.components.phrases import read
from dossier.components.tag_fixes import Known
from dossier.components.tagger import Tagger
from dossier.components.view import View
from dossier.records import Found, Span

# before these a date is the border of a stretch of time, not the time of what is told
BORDERS = frozenset("since until till before by through after from".split())
_COUNT = r"(?:an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d{1,3})"
_DAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_MONTH = re.compile(_MONTHS)
_THAT_MONTH = re.compile(rf"that (?=(?:{_MONTHS})\Z)")
# what points back to a day, and is no mark of its own
POINTING = re.compile(
    rf"\b(?:(?:last\s+|on\s+)?(?:{'|'.join(_DAYS)})|today|yesterday|{_COUNT}\s+(?:day|week|month|year)s?\s+(?:later|earlier|before|after)(?=\W)(?!\s+(?:the|an?|his|her|its|their)\b)"
    r"|(?:the\s+)?(?:next|following|previous|preceding|same)\s+day|that\s+(?:same\s+)?day"
    rf"|that\s+(?:{_MONTHS}))\b",
    re.IGNORECASE,
)


# a noun behind these, with its date, tells of another time: `following its formation in 1998`
BACKGROUND = frozenset("since until till before after following upon amid despite".split())
YEAR = len("2008")
_AFTER = frozenset("after following upon amid despite".split())  # where nothing else is said, it came then
_STRETCHES = frozenset(
    "summer winter spring autumn fall start end beginning course middle close eve years months weeks".split()
)
_WITHIN = frozenset("in during by with at".split())
_SAID = frozenset("say said says claim claimed claims report reported reports".split())


class Governing(NamedTuple):
    """A date that governs a word: its mark, and the small word before it (`in`, `since`, empty)."""

    mark: Found
    before: str


class _Date(NamedTuple):
    """A date of a sentence: the unit it stands in, and the noun behind `after` and the like that it goes with, -1 for none."""

    unit: int
    date: Governing
    noun: int = -1


def date_of(sentence: Sentence, at: int, *, borders: bool = False, after: int = 0) -> Governing | None:
    """The date that governs a unit. borders: also one after `since`, `until` and the like; after: none before that character."""
    inside = [mark for mark in sentence.units[at].marks if mark.label == "DATE"]
    if inside:
        return Governing(inside[0], "")
    dates = [
        found
        for found in _dates(sentence)
        if (borders or found.date.before not in BORDERS or _opens(sentence, found.unit, at))
        and found.date.mark.start >= after
    ]
    own = next((found.date for found in dates if found.noun >= 0 and found.noun <= at < found.unit), None)
    chained = dated_by(sentence, at) if own is None and sentence.kind(at) == "N" else None
    own = own or next((found.date for found in dates if found.unit == chained and found.noun < 0), None)
    return (
        own
        or _governing(sentence, at, [found for found in dates if found.noun < 0])
        or _within(sentence, at, after)
        or _below(sentence, at, [found for found in dates if found.noun < 0])
        or _governing(
            sentence,
            at,
            [found for found in dates if found.date.before == "of" or sentence.word(found.noun - 1) in _AFTER],
        )
        or _upon(sentence, at, after)
    )


def dated_by(sentence: Sentence, noun: int) -> int | None:
    """The unit of the date in a noun's phrase or behind it, with but phrases that hang on it between."""
    if any(mark.label == "DATE" for mark in sentence.units[noun].marks):
        return noun
    for at in range(noun + 1, len(sentence.units)):
        if sentence.kind(at) == "D":
            return at
        elsewhere = sentence.kind(at) == "N" and sentence.word(at - 1) == "in"
        if sentence.kind(at) not in ("P", "N") or (elsewhere and not sentence.is_place(at)):
            break  # `any pact with the front in a letter of June 2003`
    return None


def _governing(sentence: Sentence, at: int, dates: Sequence[_Date]) -> Governing | None:
    """The date of a unit's clause, or of one above it that reaches down to it."""
    clause, depth = sentence.units[at].clause, 0
    while clause >= 0 and depth < 6:
        here = [found for found in dates if _stands_in(sentence, found.unit, clause)]
        if depth and not _reaches(sentence, at, depth):
            here = [found for found in here if _is_fronted(sentence, found.unit)]
        elif depth and _describes_subject(sentence, at):
            here = [found for found in here if found.unit < at]
        if here:
            found = min(here, key=lambda found: _distance(sentence, found.unit, at))
            return (_of_object(sentence, at, found.unit) if not depth else None) or found.date
        kind = sentence.clauses[clause].kind
        if kind not in (PARTICIPLE, SUB, COORDINATE, BRACKET) or (kind == SUB and is_told(sentence, clause)):
            break
        clause, depth = sentence.clauses[clause].parent, depth + 1
    return None


def _of_object(sentence: Sentence, at: int, date: int) -> Governing | None:
    """The date of a verb's object, where that of its clause is of a verb after it: `won the 2006 vote, seized Gaza in 2007`."""
    if sentence.kind(at) != "V" or not any(sentence.kind(between) == "V" for between in range(at + 1, date)):
        return None
    marks = [mark for unit in sentence.objects(at) for mark in sentence.units[unit].marks if mark.label == "DATE"]
    return Governing(marks[0], "") if marks else None


def _below(sentence: Sentence, at: int, dates: Sequence[_Date]) -> Governing | None:
    """The date of the clauses that hang on a unit's clause, where they have but one."""
    below = [found.date for found in dates if _hangs_below(sentence, found.unit, at)]
    return below[0] if len(below) == 1 else None


def _within(sentence: Sentence, at: int, after: int) -> Governing | None:
    """The date of what a verb happened in: `was ousted in a March 2012 coup`."""
    if sentence.kind(at) != "V":
        return None
    for word, units, _ in sentence.complements(at):
        for mark in sentence.units[units[0]].marks if word in _WITHIN else ():
            if mark.label == "DATE" and mark.start >= after and sentence.kind(units[0]) == "N":
                return Governing(mark, "")
    return None


def _upon(sentence: Sentence, at: int, after: int) -> Governing | None:
    """The date of what a verb came after, of its clause: `following a March 2012 coup, rebels seized Oslo`."""
    for unit in sentence.units if sentence.kind(at) == "V" else ():
        number = sentence.phrases.unit_at(unit.first) if unit.kind == "N" and unit.marks else 0
        if number and unit.clause == sentence.units[at].clause and sentence.word(number - 1) in _AFTER:
            for mark in unit.marks:
                if mark.label == "DATE" and mark.start >= after:
                    return Governing(mark, "")
    return None


def _describes_subject(sentence: Sentence, at: int) -> bool:
    """Whether a participle tells of the subject of the verb that follows it: `hostages taken in Oslo were freed in 2003`."""
    clause = sentence.clauses[sentence.units[at].clause]
    above = sentence.clauses[clause.parent].verb if clause.parent >= 0 else -1
    return (
        clause.kind == PARTICIPLE
        and not clause.comma
        and sentence.kind(clause.first - 1) == "N"
        and above > clause.first
    )


def is_told(sentence: Sentence, clause: int) -> bool:
    """Whether a clause was told by the one above it, of a time before: `said in May 2011 that it had bombed`."""
    inner = sentence.clauses[clause]
    said = sentence.units[inner.verb].verb if inner.verb >= 0 else None
    above = sentence.clauses[inner.parent].verb if inner.parent >= 0 else -1
    return said is not None and said.perfect and above >= 0 and sentence.word(above) in _SAID


def only_unused(sentence: Sentence, used: Collection[int], after: int = 0) -> Found | None:
    """The one date of a sentence that is none of those which begin at `used`; None where there are more."""
    marks = [found.date.mark for found in _dates(sentence) if found.date.mark.start >= after]
    left = [mark for mark in marks if mark.start not in used and (mark.norm or {}).get("edtf")]
    return left[0] if len(left) == 1 else None


def _opens(sentence: Sentence, unit: int, at: int) -> bool:
    """Whether a date is the time after all: `Since May 2008, when the army bombed`, `and from May 2008 they occupied`."""
    clause = sentence.units[at].clause
    fronted = sentence.units[unit].clause == clause and unit < sentence.clauses[clause].verb
    if sentence.word(unit - 1) == "from" and fronted:
        edtf = str((sentence.units[unit].marks[0].norm or {}).get("edtf"))
        return len(edtf) > YEAR
    when = unit + 1 + (sentence.kind(unit + 1) == ",")
    return sentence.word(when) == "when" and sentence.units[when].clause == sentence.units[at].clause


def _dates(sentence: Sentence) -> Iterator[_Date]:
    for at, unit in enumerate(sentence.units):
        if unit.kind == "D":
            before = sentence.word(at - 1) if sentence.kind(at - 1) == "P" else ""
            yield _Date(at, Governing(unit.marks[0], before), _background(sentence, at - bool(before)))


def _background(sentence: Sentence, at: int) -> int:
    """The noun behind `after` and the like with which a date goes that stands before the unit `at`; -1 where there is none."""
    noun = at - 1
    if sentence.word(at) == "of" and sentence.kind(noun) == "N" and sentence.word(noun) not in _STRETCHES:
        return noun  # `the amnesty law of 1999`
    while sentence.kind(noun) == "N" and sentence.kind(noun - 1) == "P":
        if sentence.word(noun - 1) in BACKGROUND:
            return noun
        noun -= 2
    return -1


def is_background(sentence: Sentence, date: int) -> bool:
    """Whether a date goes with a noun behind `after` and the like: `after the death of Lindqvist in May 2013`."""
    return sentence.word(date - 1) != "of" and _background(sentence, date - (sentence.kind(date - 1) == "P")) >= 0


def _stands_in(sentence: Sentence, unit: int, clause: int) -> bool:
    own = sentence.units[unit].clause
    inner = sentence.clauses[own]
    return own == clause or (inner.kind == BRACKET and inner.parent == clause and inner.verb < 0)


def _reaches(sentence: Sentence, at: int, depth: int) -> bool:
    """Whether any date of the clause above governs a unit: of `..., killing 12`, but not of `and joined the army`."""
    clause = sentence.clauses[sentence.units[at].clause]
    return depth == 1 and (clause.kind in (PARTICIPLE, BRACKET) or (clause.kind == SUB and not clause.fronted))


def _is_fronted(sentence: Sentence, unit: int) -> bool:
    """Whether a date stands before the first verb of its clause: it goes on for what is coordinate."""
    verb = sentence.clauses[sentence.units[unit].clause].verb
    return verb < 0 or unit < verb


def _hangs_below(sentence: Sentence, unit: int, at: int) -> bool:
    own, clause = sentence.units[unit].clause, sentence.units[at].clause
    if sentence.clauses[own].kind == PARTICIPLE and unit < at:
        return False  # `the front, formed in 2017, attacked`
    inner = sentence.clauses[own]
    if inner.kind == SUB and sentence.word(inner.first) not in ("when", "while", "as"):
        return False
    return inner.parent == clause and inner.kind in (PARTICIPLE, SUB, COORDINATE) and own != clause and (
        inner.kind != COORDINATE or inner.shares
    )  # fmt: skip


def _distance(sentence: Sentence, unit: int, at: int) -> int:
    """How far a date stands from a unit; what stands after it is nearer than what stands before it."""
    low, high = sorted((unit, at))
    between = sum(sentence.kind(index) in ("V", ";", ",") for index in range(low + 1, high))
    return abs(unit - at) + 4 * between + (2 if unit < at else 0)


def pointed(words: str, before: str | None, report_date: str | None) -> str | None:
    """The EDTF of words that point back: from the date told before, or for `yesterday` and a weekday from the report's day."""
    from dossier.errors import DateError
    from dossier.normalize.dates import parse_date
    from dossier.normalize.edtf import single_day

    small = " ".join(words.casefold().split()).removeprefix("on ").removeprefix("last ")
    month = _THAT_MONTH.sub("", small)
    try:
        if _MONTH.fullmatch(month):
            return parse_date(month.capitalize(), anchor=before) if before else None
        if small not in ("today", "yesterday", *_DAYS):
            return parse_date(words, anchor=before)
        day = single_day(report_date or "")
        back = {"today": 0, "yesterday": 1}.get(small)
        back = (day.weekday() - _DAYS.index(small)) % 7 if back is None else back
        return (day - timedelta(days=back)).isoformat()
    except DateError:
        return None


def points_nearer(sentence: Sentence, at: int, points: Span, date: Governing) -> bool:
    """Whether words that point back stand right behind a unit, and its date before it: `but attacked Oslo a month later`."""
    phrases = sentence.phrases
    first, _ = phrases.view.between(*points)
    unit = phrases.unit_at(first)
    here = sentence.units[at].clause
    if sentence.units[unit].clause == here and not any(
        found.date.mark is date.mark and sentence.units[found.unit].clause == here for found in _dates(sentence)
    ):
        return (
            date.mark not in sentence.units[at].marks
        )  # `named him in May, and on the following day the UN listed him`
    clear = not any(sentence.kind(between) in ("V", ";", "W", "S") for between in range(at + 1, unit))
    return at < unit and clear and date.mark.start < phrases.view.starts[sentence.units[at].first]


def pointing(sentence: Sentence) -> list[Span]:
    """The words of a sentence that point back to a day: `two days later`, `the next day`."""
    phrases, view = sentence.phrases, sentence.phrases.view
    start, end = view.starts[phrases.first], view.ends[phrases.last - 1]
    return [Span(found.start(), found.end()) for found in POINTING.finditer(view.text, start, end)]


def pointing_in(sentence: Sentence, at: int, points: Sequence[Span]) -> Span | None:
    """Those of the words that point back which stand in a unit's clause, or in the main one."""
    for span in points:
        first, _ = sentence.phrases.view.between(*span)
        unit = sentence.units[sentence.phrases.unit_at(first)]
        if unit.clause == sentence.units[at].clause or sentence.clauses[unit.clause].parent < 0:
            return span
    return None


class ClauseDates:
    """For rules that know characters only: the date that governs a character in its clause."""

    def __init__(self, view: View, marks: Sequence[Found], tagger: Tagger, known: Known | None = None) -> None:
        self.view, self.tagger, self.known = view, tagger, known
        self.marks = sorted(marks, key=lambda mark: mark.start)
        self._starts = [mark.start for mark in self.marks]
        self._read: dict[int, Sentence] = {}

    def sentence(self, first: int, last: int) -> Sentence:
        """The clauses of the sentence of the words `[first, last)`, read once."""
        if first not in self._read:
            view = self.view
            low = bisect_left(self._starts, view.starts[first])
            high = bisect_left(self._starts, view.ends[last - 1])
            self._read[first] = read_clauses(read(view, self.tagger, first, last, self.marks[low:high], self.known))
        return self._read[first]

    def date_at(self, character: int, *, borders: bool = True) -> Governing | None:
        """The date that governs the word at a character, None where its clause has none."""
        index, _ = self.view.between(character, character + 1)
        if index >= len(self.view):
            return None
        sentence = self.sentence(*self.view.sentence(index))
        if not sentence.units:
            return None
        return date_of(sentence, sentence.phrases.unit_at(index), borders=borders)
