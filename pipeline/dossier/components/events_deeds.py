"""Dated acts of named participants that no word of the lexicon tells: `Norway closed its offices in Oslo in June 1987.`

The guide's `other`: an act that no relation holds. So verbs that say a relation, a state or a saying are left out, and dates
that a relation of the sentence took.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from dossier.components.clause_dates import Governing, date_of
from dossier.components.clauses import Sentence
from dossier.components.events_fillers import Fillers
from dossier.records import Found, Happening, Link, Span

NAMED = frozenset(("ORG", "PERSON", "PLACE"))
PAST = frozenset(("VBD", "VBN"))


class Deed(NamedTuple):
    """What a verb tells: its unit, who did it, to whom, and when."""

    unit: int
    doers: list[Span]
    target: list[Span]
    date: Governing
    places: list[Span]


def deeds(
    sentence: Sentence,
    fillers: Fillers,
    labels: Mapping[tuple[int, int], str],
    taken: Collection[int],
    mere: Collection[str],
) -> Iterator[Deed]:
    """The acts of a sentence. taken: where dates begin that events or relations took; mere: verbs that tell no act."""
    used = set(taken)
    for at, unit in enumerate(sentence.units):
        said = unit.verb
        if unit.kind != "V" or said is None or sentence.word(at) in mere:
            continue
        if not said.finite or said.form not in PAST or said.modal or said.negated or said.infinitive:
            continue
        date = date_of(sentence, at)
        if date is None or date.mark.start in used or not _is_point(date.mark):
            continue
        subject = [span for each in sentence.subject(at) for span in fillers.actors(each) if labels.get(span) in NAMED]
        objects = [span for each in sentence.objects(at) for span in fillers.named(each) if labels.get(span) in NAMED]
        if said.passive:
            agents = [span for each in sentence.agents(at) for span in fillers.actors(each)]
            doers, target = agents, subject
        else:
            doers, target = subject, objects
        if subject:
            used.add(date.mark.start)
            yield Deed(at, doers, target, date, _places(sentence, fillers, at))


def _is_point(mark: Found) -> bool:
    edtf = (mark.norm or {}).get("edtf", "")
    return bool(edtf) and "/" not in edtf and "X" not in edtf


def _places(sentence: Sentence, fillers: Fillers, at: int) -> list[Span]:
    return [
        span
        for word, units, _ in sentence.complements(at)
        if word in ("in", "at", "near", "outside")
        for each in units
        if sentence.kind(each) == "N"
        for span in fillers.places_at(each)
    ]


def dates_taken(found: Sequence[Found], happenings: Sequence[Happening], links: Sequence[Link]) -> set[int]:
    """Where the dates begin that events took, or relations of their sentence."""
    taken = {span.start for one in happenings for span in one.roles.get("date", ())}
    told = {(link.evidence, edtf) for link in links for edtf in (link.start, link.end) if edtf}
    ends = {(span.start, span.end) for link in links for span in (link.subject, link.object)}
    for one in found:
        edtf = (one.norm or {}).get("edtf") if one.label == "DATE" else None
        of_link = any(when == edtf and span.start <= one.start < span.end for span, when in told)
        if edtf and (of_link or (one.start, one.end) in ends):
            taken.add(one.start)
    return taken
