"""Where a sentence tells an event: words of the lexicon that stand as verb or noun,."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dossier.components.clauses import Sentence
from dossier.components.events_lexicon import EventLexicon
from dossier.components.events_reading import Spot
from dossier.components.tag_fixes import NOUNS

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
        after = phrases.small[head + 1 - phrases.first : head + 2 - phrases.first]
        if after and f"{word} {after[0]}" in lexicon.words["unlike"]:
            continue
        if not told.rest:
            yield Spot(told, head, head + 1, number)
            continue
        end = min(phrases.last, head + (GAP if told.gap else 2 + len(told.rest)))
        small = phrases.small[head + 1 - phrases.first : end - phrases.first]
        small = small[: next((at for at, one in enumerate(small) if one in (";", ":")), len(small))]
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
        whole = _same(phrases.small[index + 1 - phrases.first : last - phrases.first], told.rest)
        at_end = last - 1 >= sentence.units[number].head or _tells_after(sentence, lexicon, number)
        if whole and (at_end or _names_itself(sentence, number, index)):
            return Spot(told, index, last, number)
    return None


def _names_itself(sentence: Sentence, number: int, index: int) -> bool:
    """Whether a noun opens a name: `Operation Northern Wind`."""
    words = sentence.phrases.view.words[index : sentence.units[number].last]
    return len(words) > 1 and all(word[:1].isupper() for word in words) and index == sentence.units[number].first


def _tells_after(sentence: Sentence, lexicon: EventLexicon, number: int) -> bool:
    """Whether the head of a phrase only says `attempt` or `case` of what stands before it."""
    head = sentence.word(number)
    return head in lexicon.nouns or head.removesuffix("s") in lexicon.words["cases"]
