"""Events: what happened, when, where, by whom, to whom, with what toll. The guide, section 4.

A sentence is looked at where a word of `configs/events.toml` stands in it. What several words of it tell together is one
happening; what several sentences tell is joined when the whole document is known (`events_merge`).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from spacy.language import Language

from dossier.components.base import register
from dossier.components.clause_dates import ClauseDates
from dossier.components.clauses import Sentence
from dossier.components.events_fillers import Fillers, counted, is_people
from dossier.components.events_frames import Frames, Spot, Telling
from dossier.components.events_join import FORCE, Group, group
from dossier.components.events_lexicon import EventLexicon, Told, load_events
from dossier.components.events_support import add_support
from dossier.components.lexicon import lexicon_of
from dossier.components.phrases import NOUNS
from dossier.components.statements import Statements
from dossier.components.tagger import FILE, load_tagger
from dossier.components.view import SILENT_BLOCKS, TITLE_BLOCKS, View, view_of
from dossier.errors import ConfigError
from dossier.records import Found, Happening, Span

if TYPE_CHECKING:
    from pathlib import Path

    from spacy.tokens import Doc

MOST_WORDS = 150  # of a sentence that is read
DATED, TOLD, PLAIN = 0.8, 0.65, 0.5  # estimates: with a date and more, with a toll or date, with names alone


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
        self.statements = Statements.of(lexicon_of(tuple(folders)).patterns)
        self._tell = frozenset((*self.lexicon.verbs, *self.lexicon.nouns))

    def __call__(self, doc: Doc) -> Doc:
        view = view_of(doc)
        reader = _Reader(self, view, doc._.found, [Span(one.start, one.end) for one in doc._.anaphors])
        doc._.happenings.extend(one for one in reader.happenings() if one.confidence >= self.least)
        return doc

    def sentences(self, view: View) -> Iterator[tuple[int, int]]:
        """The sentences that hold a word of the lexicon, as words `[first, last)`."""
        tell, last = self._tell, 0
        for index, word in enumerate(view.words):
            if index >= last and word.casefold() in tell and view.kind(index) not in (SILENT_BLOCKS | TITLE_BLOCKS):
                first, last = view.sentence(index)
                if last - first <= MOST_WORDS:
                    yield first, last


def _weights(folders: Sequence[str]) -> Path:
    from pathlib import Path

    for folder in reversed(folders):
        if (Path(folder) / FILE).is_file():
            return Path(folder) / FILE
    raise ConfigError(f"none of {', '.join(folders) or 'no folder'} holds {FILE}; install dossier again")


class _Reader:
    """Reads the happenings of one text."""

    def __init__(self, events: Events, view: View, found: Sequence[Found], stands: Sequence[Span]) -> None:
        self.events, self.view, self.stands = events, view, stands
        self.lexicon = events.lexicon
        self.found = sorted(found, key=lambda one: one.start)
        self._starts = [one.start for one in self.found]
        self.clauses = ClauseDates(view, self.found, events.tagger)

    def happenings(self) -> Iterator[Happening]:
        for first, last in self.events.sentences(self.view):
            sentence = self.clauses.sentence(first, last)
            if sentence.units:
                yield from self._read(sentence)

    def _read(self, sentence: Sentence) -> Iterator[Happening]:
        phrases = sentence.phrases
        fillers = Fillers(sentence, self.lexicon, self.stands)
        frames = Frames(sentence, self.lexicon, fillers)
        tellings = [frames.read(spot) for spot in spots(sentence, self.lexicon)]
        tellings = [one for one in tellings if self._is_met(one, sentence)]
        groups = group(sentence, tellings)
        add_support(sentence, fillers, groups)
        evidence = self.view.span(phrases.first, phrases.last)
        for one in groups:
            happening = self._happening(one, evidence)
            if happening is not None:
                yield happening

    def _is_met(self, telling: Telling, sentence: Sentence) -> bool:
        """Whether what a verb needs to tell an event is there."""
        roles, needs = telling.roles, telling.spot.told.needs
        if not needs:
            return True
        targets = [self._label(span) for span in roles.get("target", ())]
        if needs == "place":
            return bool(roles.get("place")) and any(sentence.units[at].marks for at in self._objects(telling, sentence))
        if needs == "thing":
            return any(roles.get(role) for role in ("target", "killed", "hostages")) or bool(
                telling.spot.told.type == "attack" and roles.get("place") and self._objects(telling, sentence)
            )
        if needs == "people":
            heads = [sentence.word(at) for at in self._objects(telling, sentence)]
            return "PERSON" in targets or any(is_people(head) for head in heads)
        if needs == "person":
            return "PERSON" in targets
        if needs == "group":
            return any(self._label(span) == "ORG" for role in ("target", "party") for span in roles.get(role, ()))
        if needs == "subject":
            return bool(roles.get("party"))
        if needs == "accord":
            return any(sentence.word(at) in self.lexicon.words["accords"] for at in self._objects(telling, sentence))
        return bool(roles.get("target"))

    def _objects(self, telling: Telling, sentence: Sentence) -> list[int]:
        said = sentence.units[telling.spot.unit].verb
        verb = telling.spot.unit
        passive = said is not None and (said.passive or (said.form == "VBN" and not said.finite))
        return sentence.subject(verb) if passive else sentence.objects(verb)

    def _label(self, span: Span) -> str:
        at = bisect_left(self._starts, span.start)
        if at < len(self.found) and (self.found[at].start, self.found[at].end) == span:
            return self.found[at].label
        return ""

    # ------------------------------------------------------------ what is proposed

    def _happening(self, one: Group, evidence: Span) -> Happening | None:
        roles = {role: spans for role, spans in one.roles.items() if spans}
        if one.date is not None:
            roles["date"] = [Span(one.date.mark.start, one.date.mark.end)]
        elif one.points is not None:
            roles["date"] = [one.points]
        confidence = self._confidence(one, roles)
        if confidence is None:
            return None
        spot = one.main.spot
        trigger = self.view.span(spot.first, spot.last)
        text = self.view.text[evidence.start : evidence.end]
        status = self.events.statements.status(text, trigger.start - evidence.start)
        if one.main.denied:
            status = "denied"
        return Happening(one.type, trigger, evidence, confidence, self.events.name, roles, status=status)

    def _confidence(self, one: Group, roles: dict[str, list[Span]]) -> float | None:
        """How sure it is that something happened; None where the words say too little."""
        dated = "date" in roles
        tolled = any(role in roles for role in ("killed", "wounded", "hostages", "ransom"))
        who = any(self._label(span) for role in ("perpetrator", "party", "authority", "claimed_by") for span in roles.get(role, ()))
        whom = any(role in roles for role in ("target", "place", "result", "weapon"))
        if one.type in FORCE:
            if dated and (who or whom or tolled):
                return DATED
            if tolled and (who or whom):
                return TOLD
            return PLAIN if who and whom and not one.main.spot.told.is_noun else None
        if one.type == "other":
            return TOLD if dated and (who or "target" in roles) else None
        if not (who or whom):
            return None
        return DATED if dated else PLAIN


def spots(sentence: Sentence, lexicon: EventLexicon) -> Iterator[Spot]:
    """The words of a sentence that tell an event."""
    phrases = sentence.phrases
    covered = {
        index
        for unit in sentence.units
        for mark in unit.marks
        if mark.label not in ("QUANTITY", "WEAPON", "DATE")
        for index in range(*phrases.view.between(mark.start, mark.end))
    }
    for number, unit in enumerate(sentence.units):
        if unit.kind == "V":
            told = _first(lexicon.verbs.get(sentence.word(number), ()), sentence, number)
            if told is not None:
                yield Spot(told[0], unit.head, told[1], number)
        elif unit.kind == "N":
            for index in range(unit.first, unit.last):
                spot = _noun(sentence, lexicon, number, index) if index not in covered else None
                if spot is not None:
                    yield spot
                    break


def _first(words: Iterable[Told], sentence: Sentence, number: int) -> tuple[Told, int] | None:
    """The first of some verbs whose further words stand there, and the word after the last of them."""
    phrases = sentence.phrases
    unit = sentence.units[number]
    for told in words:
        if not told.rest:
            return told, unit.head + 1
        end = min(phrases.last, unit.head + (12 if told.gap else 2 + len(told.rest)))
        small = phrases.small[unit.head + 1 - phrases.first : end - phrases.first]
        for at in range(len(small)):
            found = small[at : at + len(told.rest)]
            if _same(found, told.rest):
                return told, unit.head + 2 + at + len(told.rest) - 1
            if not told.gap and at:
                break
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
            if last - 1 >= sentence.units[number].head or _tells_after(sentence, lexicon, number, last):
                return Spot(told, index, last, number)
    return None


def _tells_after(sentence: Sentence, lexicon: EventLexicon, number: int, index: int) -> bool:
    """Whether the head of a phrase only says `campaign` or `attempt` of what stands before it."""
    return sentence.word(number) in lexicon.nouns or sentence.word(number) in ("incident", "attempt", "spree", "case")


def tolls_of(marks: Iterable[Found]) -> dict[str, list[Span]]:
    """The counts among marks that say by themselves what they count."""
    found: dict[str, list[Span]] = {}
    for mark in marks:
        what = counted(mark) if mark.label == "QUANTITY" else ""
        if what in ("killed", "wounded", "hostages"):
            found.setdefault(what, []).append(Span(mark.start, mark.end))
    return found
