"""Our own gold told of others: the same reports with other names, so that a network leans on what is said of whom."""

from __future__ import annotations

import random
from dataclasses import replace

from dossier.gold import GoldRecord
from dossier.train.encoder.augment import exchange_names
from dossier.train.encoder.data import ALL, Marked

SHARE = 0.8  # of the names of a report that change


def renamed(record: GoldRecord, seed: str) -> GoldRecord:
    """A report with most of its organisations, persons and places under invented names. `seed` and the report's id say which."""
    evidence = [list(one.more.get("evidence") or ()) for one in record.relations]
    marked = Marked(
        record.id,
        record.text,
        tuple((span.start, span.end, span.label) for span in record.spans),
        ALL,
        tuple((start, end) for each in evidence for start, end in each),
    )
    made = exchange_names(marked, random.Random(f"{seed} {record.id}"), SHARE)
    moved = iter(made.ignore)
    relations = []
    for one, each in zip(record.relations, evidence, strict=True):
        more = {**one.more, "evidence": [list(next(moved)) for _ in each]} if each else one.more
        relations.append(replace(one, more=more))
    spans = [
        replace(span, start=start, end=end) for span, (start, end, _) in zip(record.spans, made.spans, strict=True)
    ]
    return replace(record, text=made.text, spans=tuple(spans), relations=tuple(relations), events=())
