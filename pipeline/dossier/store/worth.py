"""What comes first in the queue: the doubtful and the consequential.

    worth = (0.2 + doubt) * (1 + log2(1 + reach)) + 2 * clash

`doubt`: 1 at a confidence of one half or none, 0 at 0 and 1. `reach`: what hangs on it: of a mention, the relations and events
that name its entity; of an entity, its mentions and twice those; of a relation or event, 4 and what hangs on its entities; of a
conflict, 8. `clash`: components read the same words of the report differently. What reviewers dispute comes before all that,
then what a new reading lost.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from dossier.records import Extraction
from dossier.store.verdicts import DISPUTED, LOST

FLOOR, CLASH = 0.2, 2.0
FACT, CONFLICT = 4, 8  # the reach of a fact, and of two passages that cannot both hold
PLACES = 1  # decimal places of a rank
BONUS = {DISPUTED: 1000.0, LOST: 500.0}
ROLES = ("subject", "object", "place", "perpetrator", "target", "claimed_by", "party", "result", "authority", "weapon")

Record = Mapping[str, Any]


class Worth(NamedTuple):
    """How much a look at something is worth, and why, in words."""

    worth: float
    why: list[str]


def rank(worth: float, state: str) -> float:
    """The place in the queue: the lowest comes first, and of one rank what came first.

    In steps, so that the proposals of a document lie close together in the indexes of the queue: one that is added to a desk of
    a million writes a quarter of the pages.
    """
    return -round(worth + BONUS.get(state, 0.0), PLACES)


def entities_of(record: Record) -> Iterator[str]:
    """The ids of the entities that a record names."""
    if isinstance(record.get("entity"), str):
        yield record["entity"]
    for role in ROLES:
        filler = record.get(role)
        for each in filler if isinstance(filler, list) else [filler]:
            if isinstance(each, Mapping) and each.get("entity"):
                yield str(each["entity"])


class Weigher:
    """Weighs the proposals of one document against each other."""

    def __init__(self, extraction: Extraction) -> None:
        self.facts: Counter[str] = Counter()
        for record in (*extraction.relations, *extraction.events):
            self.facts.update(set(entities_of(record)))
        self.mentions: Counter[str] = Counter(str(r["entity"]) for r in extraction.mentions if r.get("entity"))
        self.readings: dict[str, set[str]] = defaultdict(set)
        for record in extraction.mentions:
            self.readings[str(record.get("text", "")).casefold()].add(str(record.get("label")))
        self.pairs: dict[tuple[str, ...], set[str]] = defaultdict(set)
        for record in extraction.relations:
            self.pairs[_pair(record)].add(str(record.get("type")))

    def weigh(self, kind: str, record: Record) -> Worth:
        confidence = record.get("confidence")
        doubt = 1.0 if confidence is None else 1 - abs(2 * confidence - 1)
        why = [] if confidence is None else [f"confidence {confidence:.2f}"]
        reach, said = self._reach(kind, record)
        clash = self._clash(kind, record)
        worth = (FLOOR + doubt) * (1 + math.log2(1 + reach)) + CLASH * bool(clash)
        return Worth(round(worth, 3), [*why, *said, *clash])

    def _reach(self, kind: str, record: Record) -> tuple[int, list[str]]:
        if kind == "mention":
            facts = self.facts[str(record.get("entity"))]
            return facts, [f"named by {_facts(facts)}"] if facts else []
        if kind == "entity":
            number = str(record.get("id"))
            facts, mentions = self.facts[number], self.mentions[number]
            return mentions + 2 * facts, [f"{mentions} mention{'' if mentions == 1 else 's'}, {_facts(facts)}"]
        if kind in ("relation", "event"):
            others = sum(self.facts[entity] - 1 for entity in set(entities_of(record)))
            return FACT + others, ["a fact of a profile"] if others else []
        return (CONFLICT, ["two passages cannot both hold"]) if kind == "conflict" else (0, [])

    def _clash(self, kind: str, record: Record) -> list[str]:
        mine = str(record.get("label") or record.get("type"))
        if kind == "mention":
            found = self.readings[str(record.get("text", "")).casefold()]
        elif kind == "relation":
            found = self.pairs[_pair(record)]
        else:
            return []
        others = sorted(found - {mine})
        return [f"also read as {', '.join(others)}"] if others else []


def _facts(n: int) -> str:
    return "1 relation or event" if n == 1 else f"{n} relations and events"


def _pair(record: Record) -> tuple[str, ...]:
    """The two ends of a relation, whichever way round."""
    ends = (record.get("subject") or {}, record.get("object") or {})
    return tuple(sorted(str(end.get("entity") or end.get("text")) for end in ends))
