"""Happenings as the records of the curated JSONL: `event`, and `conflict` where tellings disagree."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from dossier.components.events_merge import Facts, Sources, added, facts_of, merge
from dossier.components.output import Record, Writer
from dossier.components.places import tables
from dossier.errors import PlaceError
from dossier.normalize.names import fold
from dossier.records import Anaphor, Found, Happening, Span, make_id

MANY = ("place", "perpetrator", "target", "claimed_by", "party", "weapon")
ONE = ("result", "authority")
COUNTS = ("killed", "wounded", "hostages", "ransom")
ACTING = frozenset(("perpetrator", "claimed_by", "party", "result", "authority"))  # roles of names, and of peoples
FREE = frozenset(("target",))  # roles whose filler may be free text; the guide, section 4
TOLD_AGAIN = 0.25  # of the doubt that a second telling takes away


@dataclass(slots=True)
class EventWriter:
    """Writes the events of one document. `stands`: words that stand for a name."""

    writer: Writer
    mentions: Sequence[Found]
    anaphors: Sequence[Anaphor] = ()
    folders: tuple[str, ...] = ()
    _by_span: dict[tuple[int, int], Found] = field(init=False)
    _stands: dict[tuple[int, int], Anaphor] = field(init=False)
    _starts: list[int] = field(init=False)
    _mention_starts: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self._by_span = {(one.start, one.end): one for one in self.mentions}
        self._stands = {(one.start, one.end): one for one in self.anaphors}
        self._mention_starts = [one.start for one in self.mentions]
        self._starts = [block.start for block in self.writer.document.blocks]

    def write(self, happenings: Sequence[Happening]) -> list[tuple[Record, list[Facts]]]:
        """The records in the order of the text, each with its tellings."""
        sources = Sources(self.writer.document.text, self._norm, self._entity, self._kind, self._block)
        groups = merge([facts_of(one, sources) for one in happenings])
        seen: Counter[tuple[object, ...]] = Counter()
        made = []
        for group in groups:
            record = self._record(group, seen)
            made.append((record, group))
        return made

    # ------------------------------------------------------------ look-ups

    def _norm(self, span: Span) -> dict[str, Any] | None:
        one = self._by_span.get(span)
        return one.norm if one else None

    def _entity(self, span: Span) -> str | None:
        stands = self._stands.get(span)
        return self.writer.entities.get(stands.mention if stands else span)

    def _kind(self, words: str) -> str:
        return _kind_of(self.folders, words)

    def _block(self, at: int) -> int:
        return bisect_right(self._starts, at) - 1

    # ------------------------------------------------------------ one record

    def _record(self, group: list[Facts], seen: Counter[tuple[object, ...]]) -> Record:
        main = _main(group)
        trigger = main.happening.trigger
        anchor = self.writer.anchor(trigger)
        seen[anchor] += 1  # of a list that one word opens, the second and later have a number too
        number = (seen[anchor],) if seen[anchor] > 1 else ()
        doubt = 1 - main.happening.confidence
        evidence = [self.writer.evidence(one.happening.evidence) for one in group]
        return {
            "kind": "event",
            "id": make_id("v", self.writer.document.id, *anchor, *number),
            "type": main.happening.type,
            "trigger": {
                "start": trigger.start, "end": trigger.end, "text": self._words(trigger), "source": self.writer.source(trigger),
            },
            "date": self._date(group),
            **{role: self._fillers(group, role) for role in MANY},
            **{role: next(iter(self._fillers(group, role)), None) for role in ONE},
            **{role: self._toll(group, role) for role in COUNTS},
            "status": main.happening.status,
            "holder": self._words(main.happening.holder) if main.happening.holder else None,
            "confidence": round(1 - doubt * (1 - TOLD_AGAIN) ** (len(group) - 1), 3),
            "by": main.happening.by,
            "evidence": list({shown["start"]: shown for shown in evidence}.values()),
        }  # fmt: skip

    def _words(self, span: Span) -> str:
        return self.writer.document.text[span.start : span.end]

    def _date(self, group: list[Facts]) -> Record | None:
        dated = [one for one in group if one.happening.roles.get("date")]
        if not dated:
            return None
        best = min(dated, key=lambda one: (one.days is None, one.length, one.happening.trigger))
        return {
            "text": self._words(best.happening.roles["date"][0]),
            "norm": {"edtf": best.edtf} if best.edtf else None,
        }

    def _fillers(self, group: list[Facts], role: str) -> list[Record]:
        found: dict[str, Record] = {}
        for one in group:
            for span in one.happening.roles.get(role, ()):
                filler = self._filler(span, role)
                if filler is not None:
                    found.setdefault(filler.get("entity") or fold(filler["text"]), filler)
        return list(found.values())

    def _filler(self, span: Span, role: str) -> Record | None:
        entity, mention = self._entity(span), self._by_span.get(span)
        if entity is not None:
            return {"entity": entity, "text": self._words(span)}
        if role in ACTING:
            people = self._people_in(span)  # of `Rwandan commandos` the people, of `U.S. forces` the state
            if people is None:
                return None
            state = self._entity(people)
            return (
                {"entity": state, "text": self._words(people)} if state else {"text": self._words(people), "norm": None}
            )
        if mention is None and role not in FREE:
            return None
        return {"text": self._words(span), "norm": mention.norm if mention else None}

    def _people_in(self, span: Span) -> Span | None:
        found = self.mentions[bisect_left(self._mention_starts, span.start) :]
        one = next((one for one in found if one.label in ("NORP", "PLACE") or one.start >= span.end), None)
        inside = one is not None and one.end <= span.end and one.label in ("NORP", "PLACE")
        return Span(one.start, one.end) if one is not None and inside else None

    def _toll(self, group: list[Facts], role: str) -> Record | None:
        """The count of the most exact telling, the first of equals."""
        told = [one.happening.roles[role] for one in group if one.happening.roles.get(role)]
        counts = [count for spans in told if (count := self._count(spans)) is not None]
        return min(counts, key=_vagueness, default=None)

    def _count(self, spans: Sequence[Span]) -> Record | None:
        norms = [norm for span in spans if (norm := self._norm(span)) and "min" in norm]
        if not norms:
            return None
        units = list(dict.fromkeys(norm["unit"] for norm in norms))
        return {
            "min": added([norm["min"] for norm in norms]),
            "max": added([norm["max"] for norm in norms]),
            "unit": units[0] if len(units) == 1 else None,
            "approximate": any(norm["approximate"] for norm in norms),
            "text": "; ".join(self._words(span) for span in spans),
        }


def _main(group: Sequence[Facts]) -> Facts:
    """The telling that names the happening: the first that is dated and says most, else the first."""
    return max(group, key=lambda one: (not one.happening.points_back, one.days is not None, one.happening.confidence))


def _vagueness(count: Record) -> tuple[bool, bool, bool]:
    known = count["min"] is not None or count["max"] is not None
    return not known, count["approximate"], count["min"] != count["max"]


@lru_cache(maxsize=5_000)
def _kind_of(folders: tuple[str, ...], words: str) -> str:
    """The kind of a place by its name: `city`, `country`; empty for one that no table has."""
    try:
        return tables(folders).resolve(words).kind
    except PlaceError:
        return "city"
