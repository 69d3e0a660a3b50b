"""Events against gold: dated events found with date, place and toll, and the precision of all.

A gold event is one of `reports/*.gold/events.jsonl`: `type`, `trigger`, `evidence`, `other_evidence`, and roles whose fillers
have `text` and `norm`. A found event is a record of the contract.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from dossier.gold import GoldRecord
from dossier.normalize.names import fold

Record = dict[str, Any]
ATTACKS = frozenset("attack bombing armed_assault kidnapping hostage_taking assassination military_operation".split())
TOLLS = ("killed", "wounded", "hostages", "ransom")


MANY = ("place", "perpetrator", "target", "claimed_by", "party", "result", "authority", "weapon")


def from_gold(record: GoldRecord) -> list[Record]:
    """The events of a marked text in the form that is scored here."""

    def filler(value: Any) -> Record:
        if isinstance(value, int):
            span = record.spans[value]
            return {"text": record.text[span.start : span.end], "norm": _norm(span.more.get("norm"))}
        return {"text": value["text"], "norm": None}

    made = []
    for event in record.events:
        shown = [{"start": start, "end": end} for start, end in event.more["evidence"]]
        roles = {role: [filler(value) for value in event.more.get(role) or ()] for role in MANY}
        single = {role: event.more.get(role) for role in ("date", *TOLLS)}
        made.append({
            "type": event.type, "trigger": event.trigger._asdict(), "evidence": shown[0], "other_evidence": shown[1:], **roles,
            **{role: None if value is None else filler(value) for role, value in single.items()}, "status": event.more["status"],
        })  # fmt: skip
    return made


def _norm(norm: Any) -> Any:
    return norm["edtf"] if isinstance(norm, dict) and "edtf" in norm else norm


def family(kind: str) -> str:
    """Types that two readers may well choose differently are one family."""
    return "force" if kind in ATTACKS else kind


def is_found(gold: Record, found: Record) -> bool:
    """Whether a found event has a gold event's date, one of its places, and all of its tolls."""
    if family(gold["type"]) != family(found["type"]) or gold["date"]["norm"] != _edtf(found):
        return False
    places = {_word(place) for place in gold["place"]}
    if places and not places & {_word(place) for place in found["place"]}:
        return False
    return all(_same_toll(gold[role]["norm"], found[role]) for role in TOLLS if gold[role] and gold[role].get("norm"))


def _edtf(found: Record) -> str | None:
    return (found["date"]["norm"] or {}).get("edtf") if found["date"] else None


def _word(place: Record) -> str:
    return fold(" ".join(place["text"].split()))


def _same_toll(norm: Record, toll: Record | None) -> bool:
    return toll is not None and (norm["min"], norm["max"]) == (toll["min"], toll["max"])


def is_right(found: Record, gold: Record, place_of: Callable[[Record], Sequence[tuple[int, int]]]) -> bool:
    """Whether a found event is a gold event: of its family, told in the same words, and not of another date."""
    if family(gold["type"]) != family(found["type"]):
        return False
    told = [(one["start"], one["end"]) for one in (gold["evidence"], *gold["other_evidence"])]
    shown = place_of(found)
    touches = any(a < d and c < b for a, b in told for c, d in shown)
    return touches and not (gold["date"] and found["date"] and gold["date"]["norm"] != _edtf(found))


def pairs(wanted: Sequence[Record], found: Sequence[Record], fits: Callable[[Record, Record], bool]) -> int:
    """The most pairs of one wanted and one found that fit, each used once."""
    owner: dict[int, int] = {}

    def seat(one: int, seen: set[int]) -> bool:
        for other, record in enumerate(found):
            if other not in seen and fits(wanted[one], record):
                seen.add(other)
                if other not in owner or seat(owner[other], seen):
                    owner[other] = one
                    return True
        return False

    return sum(seat(one, set()) for one in range(len(wanted)))


def counts(gold: Sequence[Record], found: Sequence[Record]) -> tuple[int, int, int, int, int]:
    """Dated gold events found, dated gold events, found events that are right, found events, gold events."""

    def sources(record: Record) -> list[tuple[int, int]]:
        return [(one["source"]["start"], one["source"]["end"]) for one in record["evidence"]]

    dated = [one for one in gold if one["date"] and one["date"].get("norm")]
    right = pairs(found, gold, lambda one, other: is_right(one, other, sources))
    return pairs(dated, found, is_found), len(dated), right, len(found), len(gold)


def score(gold: Sequence[Record], found: Sequence[Record]) -> dict[str, float]:
    """`dated found`: of the gold events with a date; `precision`: of the found ones, told in the words of a gold one."""
    return sum_scores([(gold, found)])


def sum_scores(documents: Iterable[tuple[Sequence[Record], Sequence[Record]]]) -> dict[str, float]:
    """The scores over several documents, each the gold events and the found ones."""
    each = [counts(gold, found) for gold, found in documents]
    seen, dated, right, found, gold = (sum(numbers) for numbers in zip(*each, strict=True))
    return {
        "dated found": round(seen / max(1, dated), 4),
        "precision": round(right / max(1, found), 4),
        "recall": round(right / max(1, gold), 4),
    }
