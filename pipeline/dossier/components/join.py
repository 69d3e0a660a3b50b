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
from dossier.components.mentions import outside_notes
from dossier.components.places import places_of
from dossier.components.view import view_of
from dossier.records import Found

if TYPE_CHECKING:
    from spacy.tokens import Doc

Key = tuple[int, int, str]
GRAMMAR = ("DATE", "QUANTITY")
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
        model = [one for one in doc._.found if one.by == self.model and one.confidence >= self.least]
        doc._.found = join(rules, outside_notes(view, model))
        places_of(self.folders).give_norms(view.text, doc._.found)
        give_norms(view.text, doc._.found)
        spans = (doc.char_span(one.start, one.end, one.label, alignment_mode="expand") for one in doc._.found)
        doc.spans[self.spans_key] = [span for span in spans if span is not None]
        return doc


def join(rules: Iterable[Found], model: Iterable[Found]) -> list[Found]:
    """Keep the surer of overlapping mentions; sorted by place, none overlapping, with calibrated confidence."""
    heard = {(one.start, one.end, one.label): one for one in model}
    offered = [_weighed(one, heard) for one in rules]
    taken = {(one.start, one.end, one.label) for one in offered}
    offered += [one for at, one in heard.items() if at not in taken]
    kept: list[Found] = []
    for one in sorted(offered, key=_rank):
        if all(one.end <= other.start or one.start >= other.end for other in kept):
            kept.append(one)
    return [_calibrated(one, heard, taken) for one in sorted(kept, key=lambda one: one.start)]


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


def _rank(one: Found) -> tuple[bool, float, int, int, str]:
    grammar = one.label in GRAMMAR and one.norm is not None
    return not grammar, -one.confidence, one.start - one.end, one.start, one.label


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
