"""Relations that were found against those of a gold, by entity: type, subject and object, each fact counted once.

An end is an entity of the gold, by any of its names, or free words: a date, a quantity, a people. Two tellings of one
fact count once, and a symmetric relation has no order. Dates, roles and status are measured on what was found rightly.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dossier.components.pipeline import extract_document
from dossier.gold import GoldRecord
from dossier.normalize.gazetteer import read_tables
from dossier.normalize.names import fold
from dossier.records import Document
from dossier.schema import Signature

if TYPE_CHECKING:
    from spacy.language import Language

BY_NAME = ("alias_of", "renamed_to")  # their ends are names, not entities
ENDS = ("subject", "object")
Record = dict[str, Any]
Fact = tuple[str, str, str]  # type, subject, object


@dataclass(frozen=True, slots=True)
class Gold:
    """What a text says. `names`: the key of an entity by label and folded name; `told`: what is said of each fact."""

    facts: frozenset[Fact]
    names: Mapping[tuple[str, str], str]
    told: Mapping[Fact, Sequence[Record]]
    symmetric: frozenset[str]


@dataclass(slots=True)
class Score:
    """Counts over texts: right, found, wanted; of the right ones, those with the right status and start."""

    right: int = 0
    found: int = 0
    wanted: int = 0
    status: int = 0
    start: int = 0
    by_type: dict[str, Counter[str]] = field(default_factory=dict)

    def figures(self) -> dict[str, float]:
        """Precision, recall, F1; the share of the right ones with the right status and the right start."""
        precision, recall = self.right / max(1, self.found), self.right / max(1, self.wanted)
        f = 2 * precision * recall / max(1e-9, precision + recall)
        rest = {"status": self.status / max(1, self.right), "start": self.start / max(1, self.right)}
        return {name: round(value, 4) for name, value in {"P": precision, "R": recall, "F": f, **rest}.items()}

    def add(self, gold: Gold, found: Mapping[Fact, Sequence[Record]], types: Iterable[str] = ()) -> None:
        """Count one text. types: those that count; all of them without."""
        only = frozenset(types)
        wanted = {fact for fact in gold.facts if not only or fact[0] in only}
        got = {fact for fact in found if not only or fact[0] in only}
        right = wanted & got
        self.right, self.found, self.wanted = self.right + len(right), self.found + len(got), self.wanted + len(wanted)
        for name, facts in (("right", right), ("found", got), ("wanted", wanted)):
            for fact in facts:
                self.by_type.setdefault(fact[0], Counter())[name] += 1
        for fact in right:
            self.status += _agree(gold.told[fact], found[fact], "status")
            self.start += _agree(gold.told[fact], found[fact], "start")


def _agree(one: Iterable[Record], other: Iterable[Record], what: str) -> bool:
    return bool({each.get(what) for each in one} & {each.get(what) for each in other})


# ------------------------------------------------------------------ gold


def gold_of_report(folder: Path, relations: Mapping[str, Signature]) -> Gold:
    """The gold of a folder `NAME.gold`: `entities.jsonl` and `relations.jsonl`."""
    entities, told = (_lines(folder / f"{name}.jsonl") for name in ("entities", "relations"))
    names = {(one["type"], fold(name)): one["key"] for one in entities for name in (*one["names"], one["canonical"])}
    keys = {one["key"] for one in entities}
    rows = [
        (one, one["type"], _end(one["type"], one["subject"], keys), _end(one["type"], one["object"], keys))
        for one in told
    ]
    return _gold(rows, names, relations)


def _end(kind: str, words: str, keys: set[str]) -> str:
    return words if words in keys and kind not in BY_NAME else f"“{fold(words)}”"


def gold_of_record(record: GoldRecord, relations: Mapping[str, Signature]) -> Gold:
    """The gold of one marked text: entities are spans of one `entity`."""
    names = {
        (span.label, fold(record.text[span.start : span.end])): str(span.more["entity"])
        for span in record.spans
        if span.more.get("entity") is not None
    }
    rows = [
        (one.more, one.label, _end_of(record, one.label, one.head), _end_of(record, one.label, one.child))
        for one in record.relations
        if one.label is not None
    ]
    return _gold(rows, names, relations)


def fact_of(record: GoldRecord, kind: str, subject: int, object_: int, relations: Mapping[str, Signature]) -> Fact:
    """What a relation of two spans of a record says, in the keys of its gold."""
    symmetric = frozenset((kind,)) if relations[kind].symmetric else frozenset[str]()
    return _fact(kind, _end_of(record, kind, subject), _end_of(record, kind, object_), symmetric)


def _end_of(record: GoldRecord, kind: str, at: int) -> str:
    span = record.spans[at]
    key = span.more.get("entity")
    return f"“{fold(record.text[span.start : span.end])}”" if kind in BY_NAME or key is None else str(key)


def _gold(
    rows: Iterable[tuple[Record, str, str, str]],
    names: Mapping[tuple[str, str], str],
    relations: Mapping[str, Signature],
) -> Gold:
    symmetric = frozenset(name for name, signature in relations.items() if signature.symmetric)
    told: dict[Fact, list[Record]] = {}
    for more, kind, subject, object_ in rows:
        told.setdefault(_fact(kind, subject, object_, symmetric), []).append(more)
    return Gold(frozenset(told), names, told, symmetric)


def _fact(kind: str, subject: str, object_: str, symmetric: frozenset[str]) -> Fact:
    one, other = sorted((subject, object_)) if kind in symmetric else (subject, object_)
    return kind, one, other


def _lines(path: Path) -> list[Record]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


# ------------------------------------------------------------------ what was found


def score_texts(
    nlp: Language, texts: Iterable[tuple[Gold, Document]], *, countries: Mapping[str, str], types: Iterable[str] = ()
) -> Score:
    """What a pipeline finds in texts, from their words to their entities. types: those that count; all of them without."""
    counts, only = Score(), tuple(types)
    for gold, document in texts:
        made = extract_document(nlp, document)
        counts.add(gold, facts_of(gold, made.entities, made.mentions, made.relations, countries=countries), only)
    return counts


def nationalities(gazetteer: Path) -> dict[str, str]:
    """The country of each nationality of `countries.tsv`, folded: `peruvian` -> `peru`."""
    rows = read_tables([gazetteer], ("countries.tsv",))
    return {fold(demonym): fold(row["name"]) for row in rows for demonym in row.many("demonyms")}


def facts_of(
    gold: Gold, entities: Iterable[Record], mentions: Iterable[Record], relations: Iterable[Record],
    *, countries: Mapping[str, str] | None = None, least: float = 0.0,
) -> dict[Fact, list[Record]]:  # fmt: skip
    """The facts of an extraction in the gold's keys, with what is said of each.

    countries: the country of each nationality, folded (`peruvian` -> `peru`): both stand for one end. least: the
    confidence below which a relation does not count.
    """
    keys = _keys(gold, entities, mentions)
    found: dict[Fact, list[Record]] = {}
    for one in relations:
        if one["confidence"] >= least:
            subject, object_ = (_filler(gold, keys, one["type"], one[end], countries or {}) for end in ENDS)
            found.setdefault(_fact(one["type"], subject, object_, gold.symmetric), []).append(one)
    return found


def _keys(gold: Gold, entities: Iterable[Record], mentions: Iterable[Record]) -> dict[str, str]:
    """The gold's key of each entity found: that of most of its mentions; its own id where the gold knows none."""
    votes: dict[str, Counter[str]] = {}
    for one in mentions:
        key = gold.names.get((one["label"], fold(one["text"])))
        if one["entity"] and key is not None:
            votes.setdefault(one["entity"], Counter())[key] += 1
    return {one["id"]: votes[one["id"]].most_common(1)[0][0] if one["id"] in votes else one["id"] for one in entities}


def _filler(gold: Gold, keys: Mapping[str, str], kind: str, filler: Record, countries: Mapping[str, str]) -> str:
    if kind not in BY_NAME and filler.get("entity"):
        return keys.get(filler["entity"], filler["entity"])
    words = fold(filler["text"])
    country = countries.get(words)
    if kind not in BY_NAME and country is not None and ("PLACE", country) in gold.names:
        return gold.names["PLACE", country]
    return f"“{words}”"
