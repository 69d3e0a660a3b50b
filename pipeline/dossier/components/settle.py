"""One name, one label: what a whole text says of a name outweighs what one place in it says.

The rules decide on a name once and mark it wherever it stands; the encoder reads each place by itself. Both are heard
before their mentions are joined.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from dossier.components.entities import Groups
from dossier.components.lexicon import Lexicon
from dossier.components.mentions import Names, resolve, spread, stands_alone
from dossier.components.trie import key
from dossier.components.view import View
from dossier.records import Found, Link, Span

NAMES = ("ORG", "PERSON", "PLACE")
# From so many mentions of this mean confidence a name is marked wherever it stands. Against three of .8: a little better
# on redocred, no difference on the other dev sets.
OFTEN, SURE = 2, 0.7
LISTED = ("gazetteer", "places")  # components whose marks rest on tables: a name keeps the label that it has there
FAR = 2.0  # times the summed confidence of one label against that of the others


class Verdict(NamedTuple):
    """The label of a name that is surer by far, and its share of all that was said."""

    label: str
    share: float


def settle(
    text: str, rules: Sequence[Found], model: Sequence[Found], links: Iterable[Link] = ()
) -> tuple[list[Found], list[Found]]:
    """Relabel the mentions of rules and encoder whose name is another thing elsewhere, and surer by far.

    A name and its other names (`alias_of`) are judged together.
    """
    words = {(one.start, one.end): " ".join(text[one.start : one.end].split()) for one in (*rules, *model)}
    names = _grouped(words, links)
    listed = {(one.start, one.end) for one in rules if one.by in LISTED}
    verdicts = _judge(names, rules, model)

    def judged(one: Found) -> Found:
        at = one.start, one.end
        verdict = verdicts.get(names[at])
        if verdict is None or one.label not in NAMES or one.label == verdict.label or at in listed:
            return one
        return replace(one, label=verdict.label, confidence=min(one.confidence, verdict.share))

    return [judged(one) for one in rules], [judged(one) for one in model]


def _grouped(words: dict[tuple[int, int], str], links: Iterable[Link]) -> dict[tuple[int, int], str]:
    """The name that stands for a mention's own and its other names, by the place of the mention."""
    groups = Groups()
    for link in links:
        ends: list[Span] = [link.subject, link.object]
        if link.type == "alias_of" and all((end.start, end.end) in words for end in ends):
            groups.join(*(("", words[end.start, end.end]) for end in ends))
    return {at: groups.find(("", name))[1] for at, name in words.items()}


def _judge(names: dict[tuple[int, int], str], rules: Iterable[Found], model: Iterable[Found]) -> dict[str, Verdict]:
    """What the encoder says counts at each place, what the rules say once for each name."""
    weights: dict[str, dict[str, float]] = {}
    ruled: dict[tuple[str, str], float] = {}
    for one in model:
        if one.label in NAMES:
            weight = weights.setdefault(names[one.start, one.end], dict.fromkeys(NAMES, 0.0))
            weight[one.label] += one.confidence
    for one in rules:
        if one.label in NAMES:
            key = names[one.start, one.end], one.label
            ruled[key] = max(ruled.get(key, 0.0), one.confidence)
    for (name, label), confidence in ruled.items():
        weights.setdefault(name, dict.fromkeys(NAMES, 0.0))[label] += confidence
    verdicts = {}
    for name, weight in weights.items():
        best, second, third = sorted(weight, key=lambda label: -weight[label])
        total = sum(weight.values())
        if weight[best] >= FAR * (weight[second] + weight[third]):
            verdicts[name] = Verdict(best, round(weight[best] / total, 3))
    return verdicts


def again(view: View, found: Sequence[Found], lexicon: Lexicon, by: str) -> list[Found]:
    """What was found, and a name that was found more than once wherever else it stands."""
    marks: dict[tuple[str, ...], list[Found]] = {}
    for one in found:
        if one.label in NAMES:
            first, last = view.between(one.start, one.end)
            marks.setdefault(tuple(key(word) for word in view.words[first:last]), []).append(one)
    names: Names = {}
    for words, ones in marks.items():
        sure = sum(one.confidence for one in ones) / len(ones)
        if len(ones) >= OFTEN and sure >= SURE and len({one.label for one in ones}) == 1:
            names[words] = ones[0].label, sure
    marked = spread(view, names, found, lexicon, by)
    return resolve(one for one in marked if one.by != by or _alone(view, one, lexicon))


def _alone(view: View, one: Found, lexicon: Lexicon) -> bool:
    first, last = view.between(one.start, one.end)
    return stands_alone(view, first, last, lexicon)
