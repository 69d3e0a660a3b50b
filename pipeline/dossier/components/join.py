"""The mentions of the rules and those of the encoder, joined: where they disagree, the surer one stands.

Dates and quantities are the grammar's to border, for their normal form is its reading; what it does not read, the encoder
may still mark. Measured on public dev sets and on the development brief with its names exchanged: the longest mark of
both loses to this on every one of them (`docs/decisions/2026-11-21-rules-join-the-encoder.md`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from math import exp, log
from typing import TYPE_CHECKING

from spacy.language import Language

from dossier.components.base import register
from dossier.components.lexicon import Lexicon, lexicon_of
from dossier.components.mentions import outside_notes
from dossier.components.places import places_of
from dossier.components.view import View, view_of
from dossier.records import Found

if TYPE_CHECKING:
    from spacy.tokens import Doc

Key = tuple[int, int, str]
GRAMMAR = ("DATE", "QUANTITY")
RULES_ONLY = (
    "QUANTITY",
    "WEAPON",
)  # the sets mark bare numbers and no weapons: what the encoder learned is not the guide's
FAR = 2.0  # times the summed confidence of one label against the other's
# Confidence after joining, fitted on what the encoder trained without them found in five public dev sets (4,700 mentions):
# a + b * log-odds of the encoder's confidence. A rule that the encoder does not second was right in 30 % of the cases there
# and in 86 % on name-exchanged reports; it keeps four fifths of its own.
BOTH, MODEL, ALONE = (0.91, 0.90), (-0.24, 0.875), 0.8


@Language.factory(
    "dossier_join",
    requires=["doc._.found"],
    assigns=["doc._.found", "doc.spans"],
    default_config={"spans_key": "mentions", "folders": [], "model": "encoder", "least": 0.5},
)
def make_join(nlp: Language, name: str, spans_key: str, folders: list[str], model: str, least: float) -> Join:
    return Join(spans_key=spans_key, folders=folders, model=model, least=least)


class Join:
    """Makes one list of `doc._.found`. `model` names the component whose mentions are joined to the others; of those, what
    is less sure than `least` is left out."""

    def __init__(self, *, spans_key: str, folders: list[str], model: str, least: float) -> None:
        register()
        self.spans_key = spans_key
        self.folders = tuple(folders)
        self.model = model
        self.least = least

    def __call__(self, doc: Doc) -> Doc:
        view = view_of(doc)
        rules = [one for one in doc._.found if one.by != self.model]
        model = [one for one in doc._.found if one.by == self.model and self._is_heard(one)]
        model = without_lists(view, lexicon_of(self.folders), outside_notes(view, model))
        doc._.found = settle(view.text, join(rules, model))
        places_of(self.folders).give_norms(view.text, doc._.found)
        give_norms(view.text, doc._.found)
        spans = (doc.char_span(one.start, one.end, one.label, alignment_mode="expand") for one in doc._.found)
        doc.spans[self.spans_key] = [span for span in spans if span is not None]
        return doc

    def _is_heard(self, one: Found) -> bool:
        return one.confidence >= self.least and one.label not in RULES_ONLY


def join(rules: Iterable[Found], model: Iterable[Found]) -> list[Found]:
    """Keep the surer of overlapping mentions; sorted by place, none overlapping, with calibrated confidence."""
    heard = {(one.start, one.end, one.label): one for one in model}
    offered = [_weighed(one, heard) for one in rules]
    taken = {(one.start, one.end, one.label) for one in offered}
    offered += [one for at, one in heard.items() if at not in taken]
    kept: list[Found] = []
    for one in sorted(offered, key=lambda one: _rank(one, heard.values())):
        if all(one.end <= other.start or one.start >= other.end for other in kept):
            kept.append(one)
    return [_calibrated(one, heard, taken) for one in sorted(kept, key=lambda one: one.start)]


def without_lists(view: View, lexicon: Lexicon, model: Iterable[Found]) -> list[Found]:
    """Leave out what reads like an organisation and is a list, a law or an operation (`not_names`, `not_heads`), with the
    acronym that follows it in brackets. No public set teaches an encoder the difference."""
    kept, listed = [], set()
    for one in sorted(model, key=lambda one: one.start):
        first, last = view.between(one.start, one.end)
        words = view.words[first:last]
        if one.label == "ORG" and (lexicon.is_listed(words) or {words[0], words[-1]} & lexicon.not_heads):
            if view.words[last : last + 1] == ["("] and view.words[last + 2 : last + 3] == [")"]:
                listed.add(view.words[last + 1])
        else:
            kept.append(one)
    return [one for one in kept if view.text[one.start : one.end] not in listed]


def settle(text: str, found: Iterable[Found]) -> list[Found]:
    """Give a name that is an organisation here and a person there, in the same words, the label that is surer by far."""
    found = list(found)
    weights: dict[str, dict[str, float]] = {}
    for one in found:
        if one.label in ("ORG", "PERSON"):
            words = " ".join(text[one.start : one.end].split())
            weight = weights.setdefault(words, {})
            weight[one.label] = weight.get(one.label, 0.0) + one.confidence
    surest = {
        words: max(weight, key=lambda label: weight[label])
        for words, weight in weights.items()
        if len(weight) > 1 and max(weight.values()) >= FAR * min(weight.values())
    }
    words_of = (" ".join(text[one.start : one.end].split()) for one in found)
    return [
        replace(one, label=surest[words]) if one.label in ("ORG", "PERSON") and words in surest else one
        for one, words in zip(found, words_of, strict=True)
    ]


def _calibrated(one: Found, heard: dict[Key, Found], ruled: set[Key]) -> Found:
    at = (one.start, one.end, one.label)
    if at not in heard:
        return replace(one, confidence=round(one.confidence * ALONE, 3))
    p = min(max(heard[at].confidence, 0.001), 0.999)
    intercept, slope = BOTH if at in ruled else MODEL
    return replace(one, confidence=round(1 / (1 + exp(-intercept - slope * log(p / (1 - p)))), 3))


def _weighed(rule: Found, heard: dict[Key, Found]) -> Found:
    """A rule's mention with the weight it goes into the choice with: what both propose is surer than either."""
    same = heard.get((rule.start, rule.end, rule.label))
    if same is not None:
        return replace(rule, confidence=round(1 - (1 - rule.confidence) * (1 - same.confidence), 3))
    return rule


def _rank(one: Found, heard: Iterable[Found]) -> tuple[bool, float, int, int, str]:
    grammar = one.label in GRAMMAR and one.norm is not None
    # a coordination that shares its head is one mark, though the encoder reads two: `North and West Africa`
    held = one.label == "PLACE" and _holds_two(one, heard)
    return not (grammar or held), -one.confidence, one.start - one.end, one.start, one.label


def _holds_two(one: Found, heard: Iterable[Found]) -> bool:
    inside = [
        other for other in heard if one.start <= other.start and other.end <= one.end and other.label == one.label
    ]
    return len(inside) > 1


def give_norms(text: str, found: Iterable[Found]) -> None:
    """Read the dates and quantities that have no normal form yet."""
    from dossier.errors import NormalFormError
    from dossier.normalize.dates import parse_date
    from dossier.normalize.quantities import parse_quantity

    for one in found:
        if one.norm is None and one.label in GRAMMAR:
            words = text[one.start : one.end]
            try:
                one.norm = {"edtf": parse_date(words)} if one.label == "DATE" else parse_quantity(words).as_norm()
            except NormalFormError:
                continue
