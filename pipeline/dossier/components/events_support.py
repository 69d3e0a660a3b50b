"""What the rest of a sentence says of its happenings: who claimed them, who died, what was left, what was paid.

Where the sentence tells of none itself, that goes to the happening told just before: such a group points back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dossier.components.clauses import BRACKET, COORDINATE, PARTICIPLE, RELATIVE, Sentence
from dossier.components.events_fillers import Fillers, counted, told_count
from dossier.components.events_join import FORCE, TAKEN, Group
from dossier.components.events_lexicon import Told
from dossier.components.events_reading import LIVES, TOGETHER, WHERE, Spot, Telling
from dossier.records import Span

_PAID = frozenset("ransom ransoms paid pay demanded demand asked ask got received sought wanted".split())
_HELD = frozenset("ransom release freedom hostages hostage captives captive kidnappers".split())
_POINTING = Told("attack", "attack", "act", "", (), False, True, False)


def add_support(sentence: Sentence, fillers: Fillers, groups: list[Group]) -> None:
    """Add roles to the happenings of a sentence from its other verbs and from tolls in brackets, or make one that points back."""
    violent = [one for one in groups if one.type in FORCE]
    for verb, role, spans in _said(sentence, fillers):
        if not spans:
            continue
        if not violent and role == "target":
            continue  # that somebody died is no event yet
        if not violent:
            violent = [_pointing(verb, sentence)]
            groups += violent
        home = _nearest(violent, verb, sentence)
        if role in ("claimed_by", "target") or not home.roles.get(role):
            home.add(role, spans)
    for one in groups:
        if one.type not in TOGETHER and not one.roles.get("place"):
            taken = {span for other in groups if other is not one for span in other.roles.get("place", ())}
            one.add("place", _place(sentence, fillers, one, taken, alone=len(groups) == 1))
    if violent:
        _leftover(sentence, violent)
    elif _PAID & set(sentence.phrases.small) and _HELD & set(sentence.phrases.small):
        verb = next((at for at, unit in enumerate(sentence.units) if unit.kind == "V"), -1)
        violent = [_pointing(verb, sentence)] if verb >= 0 else []
        groups += violent
    _ransom(sentence, violent)


def _pointing(verb: int, sentence: Sentence) -> Group:
    head = sentence.units[verb].head
    return Group([Telling(Spot(_POINTING, head, head + 1, verb), pointing=True)])


def _said(sentence: Sentence, fillers: Fillers) -> Iterator[tuple[int, str, list[Span]]]:
    """The verbs that say more of a happening: the unit, the role, the fillers."""
    for verb, unit in enumerate(sentence.units):
        word = sentence.word(verb)
        if unit.kind == "P" and word == "including" and sentence.kind(verb + 1) == "N":
            yield verb, "target", _persons(sentence, fillers, sentence.coordinated(verb + 1))
        elif unit.kind == "N" and word in ("death", "deaths") and sentence.word(verb + 1) == "of":
            units = sentence.coordinated(verb + 2) if sentence.kind(verb + 2) == "N" else []
            yield verb, "killed", [span for at in units for span in fillers.counts(at, "people", "hostages")]
        elif unit.kind == "V":
            if fillers.lexicon.is_verb(word, "claiming") or fillers.lexicon.is_verb(word, "taking_credit"):
                yield verb, "claimed_by", _claimants(sentence, fillers, verb)
            elif fillers.lexicon.is_verb(word, "leaving"):
                yield from _left(sentence, fillers, verb)
            elif fillers.lexicon.is_verb(word, "dying") or (word in ("lost", "lose") and _lives(sentence, verb)):
                counts = [span for at in sentence.subject(verb) for span in fillers.counts(at, *LIVES)]
                yield verb, "killed", counts
                yield verb, "target", _persons(sentence, fillers, sentence.subject(verb))


def _left(sentence: Sentence, fillers: Fillers, verb: int) -> Iterator[tuple[int, str, list[Span]]]:
    """`left two men dead and nine wounded`."""
    for at in sentence.objects(verb):
        counts = fillers.counts(at, "people")
        after = set(sentence.words(at)[-1:]) | set(
            sentence.words(at + 1) if sentence.kind(at + 1) in ("A", "V", "N") else ()
        )
        for role in ("killed", "wounded"):
            if after & fillers.lexicon.words[role]:
                yield verb, role, counts


def _persons(sentence: Sentence, fillers: Fillers, units: Sequence[int]) -> list[Span]:
    return [span for at in units for span in fillers.named(at) if fillers.is_person(at, span)]


def _lives(sentence: Sentence, verb: int) -> bool:
    return any(sentence.word(at) in ("life", "lives") for at in sentence.objects(verb))


def _nearest(groups: Sequence[Group], unit: int, sentence: Sentence) -> Group:
    """The happening that a verb speaks of: the next one named after it, else the last one before; of `in which` that before."""
    backwards = sentence.clauses[sentence.units[unit].clause].kind == RELATIVE

    def far(one: Group) -> tuple[int, int]:
        return min((int((t.spot.unit >= unit) == backwards), abs(t.spot.unit - unit)) for t in one.tellings)

    return min(groups, key=far)


def _claimants(sentence: Sentence, fillers: Fillers, verb: int) -> list[Span]:
    """`X claimed responsibility for`, `claimed by X`, `for which X took credit`, `X claimed it`, `X claimed the attack`."""
    said = sentence.units[verb].verb
    if said is None or said.negated:
        return []
    claims = fillers.lexicon.is_verb(sentence.word(verb), "claiming")
    objects = [sentence.word(at) for at in sentence.objects(verb)]
    if said.passive or (said.form == "VBN" and not said.finite and not said.perfect):
        return [span for at in sentence.agents(verb) for span in fillers.named(at)] if claims else []
    clause = sentence.clauses[sentence.units[verb].clause]
    if claims and not objects and clause.kind == RELATIVE and sentence.kind(clause.first - 1) != "P":
        return [span for at in sentence.subject(verb) for span in fillers.named(at)]  # `a strike which X claimed`
    credit = any(word in fillers.lexicon.words["credit"] for word in objects)
    nouns = any(word in fillers.lexicon.nouns or word in ("it", "them", "act", "both") for word in objects)
    if not credit and not (claims and nouns and len(objects) == 1):
        return []
    return [span for at in sentence.subject(verb) for span in fillers.named(at)]


def _leftover(sentence: Sentence, groups: Sequence[Group]) -> None:
    """Counts that say what they count, `(12 killed, 3 wounded)`, `left 12 people dead`: of the last happening before them."""
    taken = {span for one in groups for spans in one.roles.values() for span in spans}
    for at, unit in enumerate(sentence.units):
        for mark in unit.marks:
            text = sentence.phrases.view.text
            role = told_count(text, mark) if mark.label == "QUANTITY" else ""
            span = Span(mark.start, mark.end)
            if role not in ("killed", "wounded", "hostages") or span in taken:
                continue
            before = [one for one in groups if min(t.spot.unit for t in one.tellings) <= at]
            home = (before or groups)[-1]
            if not home.roles.get(role):
                home.add(role, [span])


def _place(sentence: Sentence, fillers: Fillers, one: Group, taken: set[Span], *, alone: bool) -> list[Span]:
    """The place of a happening's clause, after `in` and the like; else of its sentence, where it tells of nothing else, or after
    `of` behind the target."""
    clauses = {sentence.units[telling.spot.unit].clause for telling in one.tellings}
    unit_of_noun = (
        one.main.spot.unit if one.main.spot.told.is_noun else 0
    )  # the place of another before it is not its own
    if unit_of_noun and sentence.word(unit_of_noun - 1) in ("in", "during"):
        taken = set()  # `was caught in Oslo in a gunfight`
    targets = set(one.roles.get("target", ()))
    above = {
        sentence.clauses[each].parent for each in clauses if sentence.clauses[each].kind in (PARTICIPLE, COORDINATE)
    }
    hanging: list[Span] = []
    elsewhere: list[Span] = []
    behind: list[Span] = []
    for at, unit in enumerate(sentence.units):
        if unit.kind != "P" or sentence.kind(at + 1) != "N":
            continue
        if sentence.word(at) in WHERE:
            found = fillers.places_at(at + 1)
            own = _clause(sentence, at)
            if found and own in clauses and not (unit_of_noun and set(found) & taken and at < unit_of_noun):
                return found
            if found and own in above:
                hanging = hanging or found
            elsewhere = elsewhere or found
        elif sentence.word(at) == "of" and not behind and fillers.words(at - 1) in targets:
            behind = fillers.places_in(at + 1)
    return hanging or (elsewhere if alone else []) or behind


def _clause(sentence: Sentence, at: int) -> int:
    """The clause of a unit; of one in a bracket, the clause around that."""
    clause = sentence.units[at].clause
    return sentence.clauses[clause].parent if sentence.clauses[clause].kind == BRACKET else clause


def _ransom(sentence: Sentence, groups: Sequence[Group]) -> None:
    """A sum of money in a sentence on hostages that speaks of paying."""
    homes = [one for one in groups if one.type in TAKEN or one.main.pointing]
    if not homes or _PAID.isdisjoint(sentence.phrases.small):
        return
    for unit in sentence.units:
        for mark in unit.marks:
            if mark.label == "QUANTITY" and counted(mark) == "money":
                homes[-1].add("ransom", [Span(mark.start, mark.end)])
