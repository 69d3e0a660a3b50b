"""Changes of marked texts and windows that leave their meaning.

Chances, by name: `names` (a text gets other names), `each` (share of its names that change), `notes` (a text gets note
markers), `acronyms` (an organisation gets an acronym in brackets), `quotes` (a name gets quotes), `upper`, `lower` and
`title` (the shapes of a window become those of capitals, small letters, a heading).
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from dossier.components.wordpieces import SHAPES
from dossier.train.encoder.data import NAMES, Marked
from dossier.train.encoder.invent import Inventor

if TYPE_CHECKING:
    from dossier.train.encoder.fit import Example

_SHAPE = {name: 1 + number for number, name in enumerate(SHAPES)}
_CASED = frozenset(_SHAPE[name] for name in ("lower", "title", "upper", "mixed", "initial"))
_STOP = re.compile(r"[.,;](?=\s|$)")


class Augmenter:
    def __init__(self, chances: dict[str, float], records: Sequence[Marked], *, seed: int) -> None:
        self.chances = chances

    def hits(self, name: str, rng: random.Random) -> bool:
        return name in self.chances and rng.random() < self.chances[name]

    def change(self, record: Marked, rng: random.Random) -> Marked:
        if self.hits("names", rng):
            record = exchange_names(record, rng, self.chances.get("each", 0.6))
        if self.hits("acronyms", rng):
            record = add_acronyms(record, rng)
        if self.hits("quotes", rng):
            record = _insert(record, _quoted(record, rng))
        if self.hits("notes", rng):
            markers = [m.end() for m in _STOP.finditer(record.text) if rng.random() < 0.3]
            record = _insert(record, [(at, f"[{rng.randint(1, 99)}]") for at in markers])
        return record

    def change_shapes(self, example: Example, rng: random.Random) -> Example:
        for name in ("upper", "lower", "title"):
            if self.hits(name, rng):
                return example._replace(shapes=[_SHAPE[name] if s in _CASED else s for s in example.shapes])
        return example


def exchange_names(record: Marked, rng: random.Random, share: float) -> Marked:
    """Give some of a text's names to others of one region; a surname follows its full name."""
    inventor = Inventor(rng)
    new: dict[tuple[str, str], str] = {}
    names = sorted(
        {(record.text[s:e], label) for s, e, label in record.spans if label in NAMES}, key=lambda n: -len(n[0])
    )
    for text, label in names:
        if (text, label) in new or rng.random() > share:
            continue
        if label == "PERSON" and " " not in text:
            new[text, label] = rng.choice((inventor.given, inventor.family))()
        elif label == "PERSON":
            given, family = inventor.given(), inventor.family()
            new[text, label] = f"{given} {family}"
            new.setdefault((text.rsplit(" ", 1)[-1], label), family)
            new.setdefault((text.split(" ", 1)[0], label), given)
        elif label == "ORG" and text.isupper() and len(text) < 7:
            new[text, label] = inventor.acr("")
        else:
            new[text, label] = inventor.org() if label == "ORG" else inventor.place()
    return _replace(record, new)


def _replace(record: Marked, new: dict[tuple[str, str], str]) -> Marked:
    """Put new names into a text; nested or crossing marks leave the record as it is."""
    spans = sorted(record.spans)
    if any(a[1] > b[0] for a, b in pairwise(spans)):
        return record
    edits = [(s, e, new[record.text[s:e], label]) for s, e, label in spans if (record.text[s:e], label) in new]
    return _edit(record, edits)


def add_acronyms(record: Marked, rng: random.Random) -> Marked:
    """Give some organisations of three or more words an acronym in brackets, itself a mention."""
    inventor = Inventor(rng)
    new: list[tuple[int, str]] = []
    for _, e, label in record.spans:
        words = record.text[_:e].split()
        if label == "ORG" and len(words) > 2 and not record.text[e:].lstrip().startswith("(") and rng.random() < 0.5:
            new.append((e, f" ({inventor.acr(' '.join(words))})"))
    changed = _insert(record, new)
    extra, moved = [], 0
    for at, text in sorted(new):
        extra.append((at + moved + 2, at + moved + len(text) - 1, "ORG"))
        moved += len(text)
    return replace(changed, spans=tuple(sorted({*changed.spans, *extra})))


def _quoted(record: Marked, rng: random.Random) -> list[tuple[int, str]]:
    pairs = rng.choice((("“", "”"), ('"', '"')))
    inserts = []
    for s, e, label in record.spans:
        if label in {"ORG", "PERSON"} and rng.random() < 0.2 and record.text[s - 1 : s] in {" ", ""}:
            inserts += [(s, pairs[0]), (e, pairs[1])]
    return inserts


def _insert(record: Marked, inserts: Sequence[tuple[int, str]]) -> Marked:
    return _edit(record, [(at, at, text) for at, text in inserts])


def _edit(record: Marked, edits: Sequence[tuple[int, int, str]]) -> Marked:
    """Replace stretches of a text and move its marks. What is put in where a mark begins or ends stays outside it; an
    insert inside a mark is left out."""
    kept = [
        (s, e, t)
        for s, e, t in sorted(edits, key=lambda x: x[:2])
        if s < e or not any(a < s < b for a, b, _ in record.spans)
    ]

    def move(at: int, *, start: bool) -> int:
        shift = 0
        for s, e, text in kept:
            if e < at or (e == at and (s < e or start)):
                shift += len(text) - (e - s)
            elif s < at < e:  # inside what is replaced
                return s + shift
        return at + shift

    parts, at = [], 0
    for s, e, text in kept:
        parts += [record.text[at:s], text]
        at = e
    parts.append(record.text[at:])
    return replace(
        record,
        text="".join(parts),
        spans=tuple((move(s, start=True), move(e, start=False), label) for s, e, label in record.spans),
        ignore=tuple((move(s, start=True), move(e, start=False)) for s, e in record.ignore),
    )
