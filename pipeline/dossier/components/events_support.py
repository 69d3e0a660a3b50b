"""What the rest of a sentence says of its happenings: who claimed them, who died, what was left, what was paid."""

from __future__ import annotations

from collections.abc import Sequence

from dossier.components.clauses import Sentence
from dossier.components.events_fillers import Fillers, counted
from dossier.components.events_join import FORCE, Group
from dossier.records import Span

KINDS = {"killed": "killed", "wounded": "wounded", "hostages": "hostages"}


def add_support(sentence: Sentence, fillers: Fillers, groups: Sequence[Group]) -> None:
    """Add roles to the happenings of a sentence from its other verbs and from tolls in brackets."""
    violent = [one for one in groups if one.type in FORCE]
    if not violent:
        return
    for verb, unit in enumerate(sentence.units):
        if unit.kind != "V":
            continue
        word = sentence.word(verb)
        if fillers.lexicon.is_verb(word, "claiming") or fillers.lexicon.is_verb(word, "taking_credit"):
            _claim(sentence, fillers, verb, _nearest(sentence, violent, verb))
        elif fillers.lexicon.is_verb(word, "dying"):
            _counts(fillers, sentence.subject(verb), _nearest(sentence, violent, verb))
    _leftover(sentence, violent)


def _nearest(sentence: Sentence, groups: Sequence[Group], unit: int) -> Group:
    """The happening that a verb speaks of: the next one named after it, else the last one before."""
    def far(one: Group) -> tuple[int, int]:
        return min((0 if t.spot.unit > unit else 1, abs(t.spot.unit - unit)) for t in one.tellings)

    return min(groups, key=far)


def _claim(sentence: Sentence, fillers: Fillers, verb: int, one: Group) -> None:
    """`X claimed responsibility for`, `claimed by X`, `for which X took credit`."""
    said = sentence.units[verb].verb
    if said is None or said.negated:
        return
    word = sentence.word(verb)
    passive = said.passive or (said.form == "VBN" and not said.finite and not said.perfect)
    objects = sentence.objects(verb)
    credit = any(sentence.word(at) in fillers.lexicon.words["credit"] for at in objects)
    nouns = any(telling.spot.told.is_noun and telling.spot.unit in objects for telling in one.tellings)
    if passive:
        claimants = sentence.agents(verb) if fillers.lexicon.is_verb(word, "claiming") else []
    elif credit or (nouns and fillers.lexicon.is_verb(word, "claiming")):
        claimants = sentence.subject(verb)
    else:
        return
    for unit in claimants:
        one.add("claimed_by", fillers.named(unit))


def _counts(fillers: Fillers, units: Sequence[int], one: Group) -> None:
    for unit in units:
        if not one.roles.get("killed"):
            one.add("killed", fillers.counts(unit, "people"))


def _leftover(sentence: Sentence, groups: Sequence[Group]) -> None:
    """Counts that say what they count, `(12 killed, 3 wounded)`, `left 12 people dead`, go to the one happening, or the last before."""
    taken = {span for one in groups for spans in one.roles.values() for span in spans}
    for at, unit in enumerate(sentence.units):
        for mark in unit.marks:
            role = KINDS.get(counted(mark)) if mark.label == "QUANTITY" else None
            span = Span(mark.start, mark.end)
            if role is None or span in taken:
                continue
            before = [one for one in groups if min(t.spot.unit for t in one.tellings) <= at]
            home = (before or groups)[-1]
            if not home.roles.get(role):
                home.add(role, [span])
