"""The mentions of the rules and those of the encoder, joined: where they disagree, the surer one stands.

Dates and quantities are the grammar's to border, for their normal form is its reading; what it does not read, the encoder
may still mark. Measured on public dev sets and on the development brief with its names exchanged: the longest mark of
both loses to this on every one of them (`docs/decisions/2026-11-21-rules-join-the-encoder.md`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from spacy.language import Language

from dossier.components.base import register
from dossier.components.confidence import calibrated
from dossier.components.corrections import bordered, without_lists
from dossier.components.lexicon import lexicon_of
from dossier.components.mentions import outside_notes
from dossier.components.places import places_of
from dossier.components.settle import NAMES, again, settle
from dossier.components.view import view_of
from dossier.records import Found

if TYPE_CHECKING:
    from spacy.tokens import Doc

GRAMMAR = ("DATE", "QUANTITY")
RULES_ONLY = (
    "QUANTITY",
    "WEAPON",
)  # the sets mark bare numbers and no weapons: what the encoder learned is not the guide's


@Language.factory(
    "dossier_join",
    requires=["doc._.found"],
    assigns=["doc._.found", "doc.spans"],
    default_config={"spans_key": "mentions", "folders": [], "model": "encoder", "least": 0.5},
)
def make_join(nlp: Language, name: str, spans_key: str, folders: list[str], model: str, least: float) -> Join:
    return Join(name, spans_key=spans_key, folders=folders, model=model, least=least)


class Join:
    """Makes one list of `doc._.found`. `model` names the component whose mentions are joined to the others; of those, what
    is less sure than `least` is left out."""

    def __init__(self, name: str = "join", *, spans_key: str, folders: list[str], model: str, least: float) -> None:
        register()
        self.name = name
        self.spans_key = spans_key
        self.folders = tuple(folders)
        self.model = model
        self.least = least

    def __call__(self, doc: Doc) -> Doc:
        view, lexicon = view_of(doc), lexicon_of(self.folders)
        rules = [one for one in doc._.found if one.by != self.model]
        model = [one for one in doc._.found if one.by == self.model and self._is_heard(one)]
        model = without_lists(view, lexicon, outside_notes(view, model))
        model = bordered(view.text, rules, model)
        rules, model = settle(view.text, rules, model, doc._.links)
        found = outside_notes(view, again(view, join(rules, model), lexicon, self.name))
        doc._.found = calibrated(found, rules, model)
        places_of(self.folders).give_norms(view.text, doc._.found)
        give_norms(view.text, doc._.found)
        spans = (doc.char_span(one.start, one.end, one.label, alignment_mode="expand") for one in doc._.found)
        doc.spans[self.spans_key] = [span for span in spans if span is not None]
        return doc

    def _is_heard(self, one: Found) -> bool:
        return one.confidence >= self.least and one.label not in RULES_ONLY


def join(rules: Iterable[Found], model: Iterable[Found]) -> list[Found]:
    """Keep the surer of overlapping mentions; sorted by place, none overlapping."""
    heard = {(one.start, one.end, one.label): one for one in model}
    offered = [_weighed(one, heard) for one in rules]
    taken = {(one.start, one.end, one.label) for one in offered}
    offered += [one for at, one in heard.items() if at not in taken]
    kept: list[Found] = []
    for one in sorted(offered, key=lambda one: _rank(one, offered, heard.values())):
        if all(one.end <= other.start or one.start >= other.end for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda one: one.start)


def _weighed(rule: Found, heard: dict[tuple[int, int, str], Found]) -> Found:
    """A rule's mention with the weight it goes into the choice with: what both propose is surer than either."""
    same = heard.get((rule.start, rule.end, rule.label))
    if same is not None:
        return replace(rule, confidence=round(1 - (1 - rule.confidence) * (1 - same.confidence), 3))
    return rule


def _in_a_name(one: Found, offered: Iterable[Found]) -> bool:
    """Whether a people's name stands in a longer name; the guide, section 1: then it has no mark."""
    return one.label == "NORP" and any(
        other.label in NAMES
        and other.start <= one.start
        and one.end <= other.end
        and other.end - other.start > one.end - one.start
        for other in offered
    )


def _rank(one: Found, offered: Sequence[Found], heard: Iterable[Found]) -> tuple[bool, bool, float, int, int, str]:
    grammar = one.label in GRAMMAR and one.norm is not None
    # a coordination that shares its head is one mark, though the encoder reads two: `North and West Africa`
    held = one.label == "PLACE" and _holds_two(one, heard)
    return _in_a_name(one, offered), not (grammar or held), -one.confidence, one.start - one.end, one.start, one.label


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
