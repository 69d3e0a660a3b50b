"""Events: what happened, when, where, by whom, to whom, with what toll. The guide, section 4.

A sentence is looked at where a word of `configs/events.toml` stands in it. What several words of it tell together is one
happening; what several sentences tell is joined when the whole document is known (`events_merge`).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from spacy.language import Language

from dossier.components.base import register
from dossier.components.clause_dates import POINTING, ClauseDates, pointed
from dossier.components.clauses import Sentence
from dossier.components.events_deeds import Deed, dates_taken, deeds
from dossier.components.events_fillers import Fillers
from dossier.components.events_frames import Verbs
from dossier.components.events_join import FORCE, Group, group, guess_dates
from dossier.components.events_lexicon import load_events
from dossier.components.events_listed import date_told, listed
from dossier.components.events_lists import split_list
from dossier.components.events_needs import Needs
from dossier.components.events_nouns import Nouns
from dossier.components.events_reading import TOGETHER, Spot, Telling
from dossier.components.events_rows import (
    ROW_KINDS,
    EventRow,
    as_one,
    bracket_tolls,
    event_row,
    fitted,
    head_end,
    places_of_row,
    plain,
)
from dossier.components.events_spots import spots
from dossier.components.events_subjects import Subjects, give_subject
from dossier.components.events_support import add_support
from dossier.components.events_weigh import PLAIN, THIN, Weigher
from dossier.components.lexicon import lexicon_of
from dossier.components.sayings import Judge
from dossier.components.tagger import FILE, load_tagger
from dossier.components.view import SILENT_BLOCKS, TITLE_BLOCKS, View, view_of
from dossier.errors import ConfigError
from dossier.records import Found, Happening, Link, Span

if TYPE_CHECKING:
    from pathlib import Path

    from spacy.tokens import Doc

MOST_WORDS = 150  # of a sentence that is read
SHORT = 3  # characters of an unread date that is none: `the`
NEAR = 80  # characters behind a trigger in which `there` speaks of it
THERE = re.compile(
    r"[^.;:]*?\b(?:there|in (?:the same|that) (?:city|town|village|country|province|region))\b(?! (?:is|are|was|were)\b)"
)
LISTED = 0.9  # of a row of an attack, an estimate
DEED = 0.15  # of acts that no word of the lexicon tells, on own gold: 11 of 49 right


@Language.factory(
    "dossier_events",
    requires=["doc._.found"],
    assigns=["doc._.happenings"],
    default_config={"folders": [], "least": 0.5},
)
def make_events(nlp: Language, name: str, folders: list[str], least: float) -> Events:
    return Events(name, folders=folders, least=least)


class Events:
    """Proposes happenings; `least`: the confidence below which none is."""

    def __init__(self, name: str = "events", *, folders: list[str], least: float = 0.5) -> None:
        register()
        self.name, self.least = name, least
        self.lexicon = load_events(folders)
        self.tagger = load_tagger(_weights(folders))
        self.judge = Judge.of(lexicon_of(tuple(folders)).patterns)

    def __call__(self, doc: Doc) -> Doc:
        view = view_of(doc)
        reader = _Reader(
            self, view, doc._.found, {Span(one.start, one.end): one.label for one in doc._.anaphors}, doc._.links
        )
        found = [*listed(view, reader.found, doc._.links, self.name)]
        rows = {one.evidence for one in found}
        found += [one for one in reader.happenings() if one.type != "designation" or not _inside(one.evidence, rows)]
        if self.least <= DEED:
            found += reader.deeds(dates_taken(reader.found, found, doc._.links))
        doc._.happenings.extend(one for one in found if one.confidence >= self.least)
        return doc

    def sentences(self, view: View, dates: Sequence[int], rows: Collection[int]) -> Iterator[tuple[int, int]]:
        """The sentences that hold a word of the lexicon, as words `[first, last)`.

        dates: where dates begin; rows: numbers of blocks whose sentences a date before them dates.
        """
        tells, last = self.lexicon.tells, 0
        small = [word.casefold() for word in view.words]
        for index, word in enumerate(small):
            if index < last or word not in tells or view.kind(index) in (SILENT_BLOCKS | TITLE_BLOCKS):
                continue
            first, end = view.sentence(index)
            if tells[word] and tells[word].isdisjoint(small[first:end]):
                continue
            if word in self.lexicon.dated and view.block[index] not in rows and not _is_dated(view, dates, first, end):
                continue
            last = end
            if end - first <= MOST_WORDS:
                yield first, end


def _is_dated(view: View, dates: Sequence[int], first: int, last: int) -> bool:
    """Whether the words `[first, last)` hold a date, or words that point back to one."""
    start, end = view.starts[first], view.ends[last - 1]
    at = bisect_left(dates, start)
    return (at < len(dates) and dates[at] < end) or POINTING.search(view.text, start, end) is not None


def _take_tolls(home: Happening, other: Happening) -> None:
    """Give the tolls of what is no happening of its own to the one before: `...; police stormed it (5 killed)`."""
    elsewhere = "place" in other.roles or "date" in other.roles
    for role in ("killed", "wounded"):
        if not elsewhere and role in other.roles and role not in home.roles:
            home.roles[role] = other.roles.pop(role)


def _inside(span: Span, others: Iterable[Span]) -> bool:
    return any(other.start <= span.start and span.end <= other.end for other in others)


def _weights(folders: Sequence[str]) -> Path:
    from pathlib import Path

    for folder in reversed(folders):
        if (Path(folder) / FILE).is_file():
            return Path(folder) / FILE
    raise ConfigError(f"none of {', '.join(folders) or 'no folder'} holds {FILE}; install dossier again")


class _Reader:
    """Reads the happenings of one text."""

    def __init__(
        self, events: Events, view: View, found: Sequence[Found], stands: Mapping[Span, str], links: Sequence[Link]
    ) -> None:
        self.events, self.view, self.stands, self.links = events, view, stands, links
        self.lexicon = events.lexicon
        told = (one for one in found if one.label != "DATE" or one.norm or one.end - one.start > SHORT)
        self.found = sorted(told, key=lambda one: one.start)
        self._starts = [one.start for one in self.found]
        self.labels = {(one.start, one.end): one.label for one in self.found}
        self.weigher = Weigher(view, self.lexicon, self.labels, stands)
        self.clauses = ClauseDates(view, self.found, events.tagger, self.lexicon.known)
        self.subjects = Subjects(view, self.found)

    def happenings(self) -> Iterator[Happening]:
        by_block: dict[int, list[Sentence]] = {}
        kinds = enumerate(block.kind for block in self.view.frame.blocks)
        every = ((at, event_row(self.view, at, self.found, self.lexicon)) for at, kind in kinds if kind in ROW_KINDS)
        rows = {at: row for at, row in every if row is not None}
        dates = [one.start for one in self.found if one.label == "DATE"]
        for first, last in self.events.sentences(self.view, dates, rows):
            sentence = self.clauses.sentence(first, last)
            if sentence.units:
                by_block.setdefault(self.view.block[first], []).append(sentence)
        for number in range(len(self.view.frame.blocks)):
            if number in rows:
                yield from self._row(rows[number], by_block.get(number, ()))
            else:
                after = head_end(self.view, number)
                for sentence in by_block.get(number, ()):
                    yield from self._sentence(sentence, after)

    def deeds(self, taken: set[int]) -> Iterator[Happening]:
        """Dated acts of named participants that no word of the lexicon tells. taken: where the dates begin that are told of."""
        mere, done = self.lexicon.words["mere"], -1
        for one in self.found:
            first, _ = self.view.between(one.start, one.end)
            if (
                one.label != "DATE"
                or one.start in taken
                or first < done
                or self.view.kind(first) in (SILENT_BLOCKS | TITLE_BLOCKS)
            ):
                continue
            first, done = self.view.sentence(first)
            sentence = self.clauses.sentence(first, done) if done - first <= MOST_WORDS else None
            if sentence is None or not sentence.units:
                continue
            fillers = Fillers(sentence, self.lexicon, self.stands)
            for deed in deeds(sentence, fillers, self.labels, taken, mere):
                yield self._deed(sentence, deed)

    def _deed(self, sentence: Sentence, deed: Deed) -> Happening:
        unit = sentence.units[deed.unit]
        trigger = self.view.span(unit.head, unit.head + 1)
        evidence = self.view.span(sentence.phrases.first, sentence.phrases.last)
        date = Span(deed.date.mark.start, deed.date.mark.end)
        roles = {"date": [date], "perpetrator": [], "party": deed.doers, "target": deed.target, "place": deed.places}
        roles = {role: spans for role, spans in roles.items() if spans}
        status, holder = self._said(evidence, trigger, roles)
        made = Happening("other", trigger, evidence, DEED, self.events.name, roles, status=status)
        made.holder = holder
        return made

    # ------------------------------------------------------------ sentences and rows

    def _groups(self, sentence: Sentence, after: int = 0, given: Found | None = None) -> list[Group]:
        """What the words of a sentence tell, those before a character left out. given: the date of what has none."""
        fillers = Fillers(sentence, self.lexicon, self.stands)
        reading = sentence, self.lexicon, fillers
        verbs, nouns, needs = Verbs(*reading), Nouns(*reading), Needs(sentence, self.lexicon, self.labels)
        tellings = []
        for readings in spots(sentence, self.lexicon):
            told = [spot for spot in readings if self.view.starts[spot.first] >= after]
            read = (nouns.read(spot) if spot.told.is_noun else self._verb(verbs, spot) for spot in told)
            first = next((telling for telling in read if needs.is_met(telling)), None)
            tellings += [first] if first is not None else []
        groups = group(sentence, tellings, after, given)
        add_support(sentence, fillers, groups)
        units = {telling.spot.unit for one in groups for telling in one.tellings}
        found = [item for one in groups for item in split_list(sentence, fillers, one, units)]
        guess_dates(sentence, found, after)
        return found

    def _verb(self, verbs: Verbs, spot: Spot) -> Telling:
        telling = verbs.read(spot)
        if telling.bare:
            give_subject(verbs, telling, self.subjects.of.get(self.view.block[spot.first]))
        return telling

    def _sentence(self, sentence: Sentence, after: int) -> Iterator[Happening]:
        evidence = self.view.span(sentence.phrases.first, sentence.phrases.last)
        groups = self._groups(sentence, after)
        made = [self._happening(one, evidence) for one in groups]
        for number, one in enumerate(made):
            if number and one.confidence == THIN and one.type in FORCE and made[number - 1].type in FORCE:
                _take_tolls(made[number - 1], one)
        yield from made

    def _row(self, row: EventRow, sentences: Sequence[Sentence]) -> Iterator[Happening]:
        """A row of an attack is one happening; any other dates what its sentences tell."""
        by_sentence = [(sentence, self._groups(sentence, row.value, row.date)) for sentence in sentences]
        date = [Span(row.date.start, row.date.end)]
        tolls = bracket_tolls(self.view, row, self.found)
        if row.listed or tolls:
            groups = [one for _, groups in by_sentence for one in groups]
            whole = as_one(groups, row, tolls) or (None if groups else self._plain(row, tolls))
            if whole is not None:
                if not whole.roles.get("place"):
                    whole.add("place", places_of_row(self.view, row, self.found))
                block = Span(row.block.start, row.block.end)
                yield self._with_status(whole, self._proposed(whole, block, {**whole.roles, "date": date}, LISTED))
                return
        for sentence, groups in by_sentence:
            evidence = self.view.span(sentence.phrases.first, sentence.phrases.last)
            for one in groups:
                yield self._happening(one, evidence)

    def _plain(self, row: EventRow, tolls: dict[str, list[Span]]) -> Group | None:
        """What a row tells without a word of the lexicon."""
        first, _ = self.view.between(row.value, row.block.end)
        if first >= len(self.view) or self.view.starts[first] >= row.block.end:
            return None
        sentence = self.clauses.sentence(*self.view.sentence(first))
        found = plain(sentence, Fillers(sentence, self.lexicon, self.stands), row)
        if found is None:
            return None
        add_support(sentence, Fillers(sentence, self.lexicon, self.stands), [found])
        return fitted(found, tolls)

    # ------------------------------------------------------------ what is proposed

    def _happening(self, one: Group, evidence: Span) -> Happening:
        """A happening of a sentence."""
        roles = {role: spans for role, spans in one.roles.items() if spans}
        if one.date is not None:
            roles["date"] = [Span(one.date.mark.start, one.date.mark.end)]
        when = None
        if "date" not in roles and one.points is not None:
            when = self._when(one.points)
            roles["date"] = [one.points] if when else []
        if one.date is not None and not (one.date.mark.norm or {}).get("edtf"):
            when = self._when(roles["date"][0])  # `that September`
        made = self._proposed(one, evidence, {k: v for k, v in roles.items() if v}, 0.0)
        made.when = when
        if one.type not in TOGETHER and "place" not in made.roles:
            made.roles |= self._there(made)
        made.points_back = one.points_back and "date" not in made.roles
        made.confidence = PLAIN if made.points_back else self.weigher.confidence(one, made.roles)
        self._with_status(one, made)
        if "date" not in made.roles:
            told = date_told(self.found, self.links, made)
            guess = Span(one.guess.start, one.guess.end) if one.guess is not None else None
            date = told or guess
            made.roles |= {"date": [date]} if date is not None else {}
        return made

    def _there(self, made: Happening) -> dict[str, list[Span]]:
        """The place told last before `there`, `in the same city` and the like, right behind what tells the happening."""
        start = made.trigger.end
        found = THERE.match(self.view.text, start, min(made.evidence.end, start + NEAR))
        if found is None:
            return {}
        at = bisect_left(self._starts, made.trigger.start)
        last = next((one for one in reversed(self.found[:at]) if one.label == "PLACE"), None)
        return {"place": [Span(last.start, last.end)]} if last is not None else {}

    def _when(self, points: Span) -> str | None:
        """The EDTF of words that point back, from the last date before them in the text."""
        at = bisect_left(self._starts, points.start)
        dates = (one.norm["edtf"] for one in reversed(self.found[:at]) if one.label == "DATE" and one.norm)
        return pointed(self.view.text[points.start : points.end], next(dates, None), self.view.frame.date)

    def _proposed(self, one: Group, evidence: Span, roles: dict[str, list[Span]], confidence: float) -> Happening:
        spot = one.main.spot
        trigger = self.view.span(spot.first, spot.last)
        roles = {role: spans for role, spans in roles.items() if spans and role != "list"}
        kind = self.weigher.type_of(one, roles)
        return Happening(kind, trigger, evidence, confidence, self.events.name, roles)

    def _with_status(self, one: Group, made: Happening) -> Happening:
        """A happening with how surely it is told; what is too thin to be proposed needs none."""
        if made.confidence < self.events.least:
            return made
        first, _ = self.view.between(made.trigger.start, made.trigger.end)
        made.status, made.holder = self._said(self.view.sentence_span(first), made.trigger, made.roles)
        if one.main.denied:
            made.status = "denied"
        elif one.main.planned and made.status == "asserted":
            made.status = "planned"
        return made

    def _said(self, told: Span, trigger: Span, roles: dict[str, list[Span]]) -> tuple[str, Span | None]:
        """How surely a sentence tells a happening, and who says so."""
        low = bisect_left(self._starts, told.start)
        high = bisect_left(self._starts, told.end)
        marks = [(one.start - told.start, one.end - told.start, one.label) for one in self.found[low:high]]
        fillers = {
            span for spans in roles.values() for span in spans if told.start <= span.start and span.end <= told.end
        }
        ends = [(span.start - told.start, span.end - told.start) for span in fillers]
        text = self.view.text[told.start : told.end]
        status, holder = self.events.judge.judge(text, trigger.start - told.start, marks, ends)
        return status, Span(holder[0] + told.start, holder[1] + told.start) if holder else None
