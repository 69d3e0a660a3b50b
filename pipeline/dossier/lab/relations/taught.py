"""The examples of `configs/relations.toml` as gold: each rules on the type of its pattern alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from dossier.components.relations_config import Pattern
from dossier.gold import GoldRecord, GoldRelation, GoldSpan

_MARK = re.compile(r"([SO]?)\[([^\[\]|]+)\|([A-Z]+)\]")
TYPES = "types"  # in `meta`: what the record rules on


def records_of(patterns: Iterable[Pattern]) -> Iterator[GoldRecord]:
    """One record for each sentence of a pattern that it must, or must not, read; the same sentence once."""
    seen: set[tuple[str, str]] = set()
    for pattern in patterns:
        for source in (*pattern.yes, *pattern.no):
            record = _record(pattern, source)
            if (pattern.type, record.text) not in seen:
                seen.add((pattern.type, record.text))
                yield record


def _record(pattern: Pattern, source: str) -> GoldRecord:
    marked = source.partition(" => ")[0]
    text, at = "", 0
    spans: list[GoldSpan] = []
    ends: dict[str, list[int]] = {"S": [], "O": [], "": []}
    for mark in _MARK.finditer(marked):
        text += marked[at : mark.start()]
        ends[mark[1]].append(len(spans))
        spans.append(GoldSpan(len(text), len(text) + len(mark[2]), mark[3]))
        text += mark[2]
        at = mark.end()
    text += marked[at:]
    evidence = {"evidence": [[0, len(text)]]}
    relations = [GoldRelation(one, other, pattern.type, evidence) for one in ends["S"] for other in ends["O"]]
    name = f"{pattern.name}: {text}"
    return GoldRecord(name, text, tuple(spans), tuple(relations), {TYPES: [pattern.type], "org": name})
