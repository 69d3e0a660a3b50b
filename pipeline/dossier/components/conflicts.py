"""Passages of one report that cannot all hold, as `conflict` records.

| why | about | the values |
|---|---|---|
| `dates` | an event's date | dates of its tellings that share no day |
| `tolls` | an event's count | counts of its tellings that share no number |
| `succession` | the start of a `succeeded` | the predecessor's end, and a start of the successor before it |
| `after_end` | an event's date | the date, and the end of an organisation that took part in it |
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from dossier.components.events_join import TOLLS
from dossier.components.events_merge import Facts, overlap, tolls_clash
from dossier.components.output import Record, Writer
from dossier.errors import DateError
from dossier.normalize.edtf import bounds
from dossier.records import Extraction, make_id

TAKING_PART = ("perpetrator", "claimed_by", "party")
UNSAID = frozenset(("denied",))  # a relation or event that is said not to be conflicts with nothing


def find_conflicts(
    extraction: Extraction, events: Sequence[tuple[Record, list[Facts]]], writer: Writer
) -> list[Record]:
    """The conflicts of one document, in the order of what they are about."""
    made: list[Record] = []
    for record, tellings in events:
        if record["status"] not in UNSAID:
            made += _dates(record, tellings, writer)
            made += _tolls(record, tellings, writer)
            made += _after_end(record, extraction)
    made += _successions(extraction)
    return made


def _conflict(record: Record, field: str, why: str, values: list[Record]) -> Record:
    return {
        "kind": "conflict",
        "id": make_id("c", record["id"], field, why),
        "about": {"record": record["id"], "field": field, "why": why},
        "values": values,
    }


def _value(value: Any, evidence: Sequence[Record]) -> Record:
    return {"value": value, "evidence": list(evidence)}


# ------------------------------------------------------------ tellings of one event


def _dates(record: Record, tellings: Sequence[Facts], writer: Writer) -> Iterator[Record]:
    dated = [one for one in tellings if one.days and one.edtf]
    clash = any(
        not overlap(a.days, b.days) for i, a in enumerate(dated) for b in dated[i + 1 :] if a.days and b.days
    )  # fmt: skip
    if clash:
        by_value: dict[str, list[Record]] = {}
        for one in dated:
            by_value.setdefault(str(one.edtf), []).append(writer.evidence(one.happening.evidence))
        yield _conflict(record, "date", "dates", [_value(edtf, shown) for edtf, shown in by_value.items()])


def _tolls(record: Record, tellings: Sequence[Facts], writer: Writer) -> Iterator[Record]:
    for role in TOLLS:
        told = [one for one in tellings if role in one.tolls]
        if any(tolls_clash(a.tolls[role], b.tolls[role]) for i, a in enumerate(told) for b in told[i + 1 :]):
            by_value: dict[tuple[float | None, float | None], list[Record]] = {}
            for one in told:
                by_value.setdefault(one.tolls[role], []).append(writer.evidence(one.happening.evidence))
            values = [
                _value({"min": low, "max": high, "unit": None, "approximate": low != high}, shown)
                for (low, high), shown in by_value.items()
            ]
            yield _conflict(record, role, "tolls", values)


# ------------------------------------------------------------ the time line


def _after_end(record: Record, extraction: Extraction) -> Iterator[Record]:
    """An event after the end of an organisation that took part in it."""
    days = _bounds(record["date"]["norm"]["edtf"]) if record["date"] and record["date"]["norm"] else None
    if days is None:
        return
    actors = {filler.get("entity") for role in TAKING_PART for filler in record[role]} - {None}
    for relation in extraction.relations:
        ended = relation["type"] == "dissolved_on" and relation["status"] == "asserted"
        if ended and relation["subject"].get("entity") in actors:
            end = _bounds(relation["start"] or (relation["object"].get("norm") or {}).get("edtf"))
            if end is not None and end[1] is not None and days[0] is not None and days[0] > end[1]:
                dissolved = relation["start"] or relation["object"]["norm"]["edtf"]
                yield _conflict(
                    record, "date", "after_end",
                    [_value(record["date"]["norm"]["edtf"], record["evidence"]), _value(dissolved, relation["evidence"])],
                )  # fmt: skip
                return


def _successions(extraction: Extraction) -> Iterator[Record]:
    """A successor who heads an organisation before the predecessor's end."""
    heads = [one for one in extraction.relations if one["type"] == "leads" and one["status"] not in UNSAID]
    for relation in extraction.relations:
        if relation["type"] != "succeeded" or relation["status"] in UNSAID:
            continue
        later = [one for one in heads if one["subject"].get("entity") == relation["subject"].get("entity") is not None]
        earlier = [one for one in heads if one["subject"].get("entity") == relation["object"].get("entity") is not None]
        for old in earlier:
            for new in later:
                if _too_early(old, new):
                    yield _conflict(
                        relation, "start", "succession",
                        [_value(old["end"], old["evidence"]), _value(new["start"], new["evidence"])],
                    )  # fmt: skip


def _too_early(old: Record, new: Record) -> bool:
    """Whether a tenure of the same organisation begins before the other can have ended."""
    if old["object"].get("entity") != new["object"].get("entity") or not old["end"] or not new["start"]:
        return False
    end, start = _bounds(old["end"]), _bounds(new["start"])
    return bool(end and start and end[0] and start[1] and start[1] < end[0])


def _bounds(edtf: str | None) -> tuple[str | None, str | None] | None:
    if not edtf or edtf == "..":
        return None
    try:
        return bounds(edtf)
    except DateError:
        return None
