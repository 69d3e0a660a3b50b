"""Sentences of marked texts as the pair classifier reads them, with what the gold says of each pair."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from dossier.components.base import prepare
from dossier.components.chunks import cut
from dossier.components.encoder import Encoder
from dossier.components.pipeline import load_pipeline
from dossier.components.relations import Relations, sentences
from dossier.components.relations_net import Case
from dossier.components.relations_weigh import Weigher, case_of, outputs_of, topics_of
from dossier.components.view import view_of
from dossier.evaluate.predictors import as_document
from dossier.evaluate.relations import BY_NAME
from dossier.evaluate.within import Marked, of_record
from dossier.gold import GoldRecord, read_gold
from dossier.ingest.meta import Meta
from dossier.ingest.read import read_document
from dossier.lab.relations.taught import TYPES
from dossier.offsets import OffsetMap
from dossier.records import Found

if TYPE_CHECKING:
    from spacy.tokens import Doc

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Set:
    """A file of gold. `types`: those it rules on; `own`: written for the guide, with blocks, evidence, and pronouns unmarked."""

    name: str
    path: Path
    types: frozenset[str]
    own: bool = False


# what each public set says of the guide's types (its README)
RE3D = frozenset("member_of part_of leads opposes allied_with operates_in".split())
REDOCRED = frozenset(
    "member_of founded leads part_of origin died_on formed_on dissolved_on based_in operates_in".split()
)


class Example(NamedTuple):
    """A sentence with its pairs. `wanted[i, k]`: output k holds for pair i; `ruled[i, k]`: the gold says whether it does.

    `ends[i]`: the pair's spans in the record; `others[i]`: names of the set's own types between them, and turned.
    """

    case: Case
    wanted: Bools
    ruled: Bools
    ends: list[tuple[int, int]]
    others: list[tuple[frozenset[str], frozenset[str]]]
    record: int
    group: str
    public: bool  # of a set that was written for other ends


class Reader:
    """Makes examples with the pipeline of a model and the states of one layer of its encoder."""

    def __init__(self, model: Path, layer: int) -> None:
        self.nlp = load_pipeline(model=model)
        self.encoder = Encoder(folder=model)
        self.encoder.middle = layer
        relations = self.nlp.get_pipe("relations")
        assert isinstance(relations, Relations)
        self.weigher: Weigher = relations.weigher
        self.signatures = relations.book.signatures
        self.outputs = outputs_of(self.signatures)

    def read(self, one: Set, records: Sequence[GoldRecord]) -> list[Example]:
        return [made for number, record in enumerate(records) for made in self._record(one, number, record)]

    def _record(self, one: Set, number: int, record: GoldRecord) -> Iterator[Example]:
        if one.own:
            meta = Meta(language="en", date=record.meta.get("date"))
            document = read_document(record.text.encode(), name="own.txt", meta=meta)
        else:
            document = as_document(record.text)
        text = of_record(record, document)
        gold = _Gold(record, text, self.signatures)
        group = str(record.meta.get("org") or record.id)
        for chunk in cut(document):
            doc = prepare(self.nlp.make_doc(document.text[chunk.start : chunk.end]), chunk.frame)
            doc = self.encoder(self.nlp.get_pipe("sentences")(doc))
            doc._.found = [
                Found(span.start - chunk.start, span.end - chunk.start, label, 1.0, "gold")
                for span, label, _ in sorted(text.mentions)
                if chunk.start <= span.start and span.end <= chunk.end
            ]
            doc._.links = []
            if one.own:
                doc = self.nlp.get_pipe("anaphors")(doc)
            yield from self._sentences(one, gold, doc, chunk.start, number, group)

    def _sentences(self, one: Set, gold: _Gold, doc: Doc, by: int, number: int, group: str) -> Iterator[Example]:
        view = view_of(doc)
        states = doc._.middle[view.tokens]
        types = frozenset(gold.record.meta.get(TYPES, one.types))
        for sentence in sentences(view, doc._.found, doc._.anaphors):
            topics = topics_of(view, sentence)
            tokens = self.weigher.tokens(view, sentence)
            made = self.weigher.pairs(view, sentence, tokens, topics)
            pairs = made.every
            if not pairs:
                continue
            matches = self.weigher.matches(view, sentence, tokens)
            case = case_of(states, sentence, topics, made, matches, self.outputs, self.signatures)
            place = view.span(sentence.first, sentence.last)
            ends = [(gold.at[p.first.span.start + by], gold.at[p.second.span.start + by]) for p in pairs]
            ruled = np.zeros((len(pairs), len(self.outputs)), dtype=bool)
            wanted = ruled.copy()
            for n, (pair, (i, j)) in enumerate(zip(pairs, ends, strict=True)):
                for k, (kind, turned) in enumerate(self.outputs):
                    a, b = (j, i) if turned else (i, j)
                    if kind in types and gold.allows(kind, a, b):
                        told = gold.tells(kind, a, b, place.start + by, place.end + by, pair.topic >= 0)
                        wanted[n, k], ruled[n, k] = told is True, told is not None
            others = [gold.others(i, j) if pair.topic < 0 else _NONE for pair, (i, j) in zip(pairs, ends, strict=True)]
            yield Example(case, wanted, ruled, ends, others, number, group, not one.own)


_NONE: tuple[frozenset[str], frozenset[str]] = (frozenset(), frozenset())


class _Gold:
    """What a record says of its spans, in the text as it was read."""

    def __init__(self, record: GoldRecord, text: Marked, signatures: Mapping[str, Any]) -> None:
        self.record, self.signatures = record, signatures
        self.at = {span.start: n for n, (span, _, _) in enumerate(text.mentions)}
        self.keys = [
            f"#{n}" if (key := span.more.get("entity")) is None else str(key) for n, span in enumerate(record.spans)
        ]
        offsets = OffsetMap.from_bytes(text.document.offsets)
        self.told: dict[tuple[str, str, str], list[Any]] = {}
        self.orig: dict[tuple[str, str], set[str]] = {}
        for one in record.relations:
            ends = self.keys[one.head], self.keys[one.child]
            if one.more.get("orig"):
                self.orig.setdefault(ends, set()).add(str(one.more["orig"]))
            if one.label is not None:
                evidence = one.more.get("evidence")
                if evidence is not None:
                    evidence = [(offsets.in_text(a), offsets.in_text(b)) for a, b in evidence]
                self.told.setdefault(self._key(one.label, one.head, one.child), []).append(evidence)

    def _key(self, kind: str, a: int, b: int) -> tuple[str, str, str]:
        ends = (f"#{a}", f"#{b}") if kind in BY_NAME else (self.keys[a], self.keys[b])
        one, other = sorted(ends) if self.signatures[kind].symmetric else ends
        return kind, one, other

    def allows(self, kind: str, a: int, b: int) -> bool:
        return bool(self.signatures[kind].allows(self.record.spans[a].label, self.record.spans[b].label))

    def tells(self, kind: str, a: int, b: int, start: int, end: int, topic: bool) -> bool | None:
        """Whether a sentence tells a relation of two spans; None where the gold has it from elsewhere, or does not say where."""
        told = self.told.get(self._key(kind, a, b))
        if told is None:
            return False
        here = [evidence is not None and any(x < end and start < y for x, y in evidence) for evidence in told]
        if any(here) or (not topic and any(evidence is None for evidence in told)):
            return True
        return None

    def others(self, a: int, b: int) -> tuple[frozenset[str], frozenset[str]]:
        one, other = self.keys[a], self.keys[b]
        return frozenset(self.orig.get((one, other), ())), frozenset(self.orig.get((other, one), ()))


def read_set(one: Set) -> list[GoldRecord]:
    return read_gold(one.path, overlapping=not one.own)
