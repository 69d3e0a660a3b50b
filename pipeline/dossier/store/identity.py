"""Which names are one entity in a document once people ruled on that.

An entity's id is given once. A merge lets several go by the id of the first named; a split gives some mentions an entity of their
own; a name that a person marked has the entity of that name, or one of its own. What a rejected entity was named by stays words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from dossier.store.verdicts import says

if TYPE_CHECKING:
    from dossier.store.curated import Curated, Item

Record = dict[str, Any]


def unite(curated: Curated) -> list[Item]:
    """The entities of a document as they stand: one item a target; those that were merged away have the record of the whole."""
    items = curated.plain("entity")
    whole: dict[str, list[Item]] = {}
    for item in items:
        number = curated.renamed.get(item.target, item.target)
        merge = curated.merged.get(curated.key(item.target))
        if merge is not None and item.decision is None:
            item.decision, item.state = merge, "edited"
        item.record["id"] = number
        if item.state != "rejected":
            whole.setdefault(number, []).append(item)
    used = _names_in_use(curated)
    for number, parts in whole.items():
        record = join([item.record for item in parts], number)
        if any({item.target, curated.key(item.target)} & curated.drained for item in parts):
            record["names"] = [n for n in record["names"] if n["text"] in used.get(number, ())] or record["names"]
        if not record["names"]:
            record["names"] = _names(curated, number)
        chosen = [says(curated.merged[key]) for item in parts if (key := curated.key(item.target)) in curated.merged]
        record["name"] = next((said["name"] for said in reversed(chosen) if said.get("name")), record["name"])
        for item in parts:
            item.record = record
    return items + _marked(curated, set(whole) | curated.rejected)


def join(records: Iterable[Mapping[str, Any]], number: str) -> Record:
    """Several records of one entity as one: the first that has its id leads, each name stands once."""
    ordered = sorted(records, key=lambda record: record["id"] != number)
    names: dict[tuple[str, str], Record] = {}
    links: Record = {}
    for record in ordered:
        links = {**record.get("links", {}), **links}
        for name in record["names"]:
            known = names.setdefault((name["text"], name["kind"]), {**name, "evidence": []})
            known["evidence"] = known["evidence"] + [e for e in name["evidence"] if e not in known["evidence"]]
    confidence = max(record["confidence"] for record in ordered)
    return {**ordered[0], "id": number, "names": list(names.values()), "links": links, "confidence": confidence}


def _names_in_use(curated: Curated) -> dict[str, set[str]]:
    """The words that the mentions of each entity have."""
    found: dict[str, set[str]] = {}
    for item in curated.mentions:
        if item.state != "rejected" and item.record.get("entity"):
            found.setdefault(item.record["entity"], set()).add(item.record["text"])
    return found


def _names(curated: Curated, number: str) -> list[Record]:
    """Names of an entity that no component named: the words of its mentions, each with the first place."""
    from dossier.records import Span

    found: dict[str, Record] = {}
    for item in curated.mentions:
        record = item.record
        if record.get("entity") == number and item.state not in ("rejected", "lost") and record["text"] not in found:
            shown = curated.evidence("mention", Span(record["start"], record["end"]), record)
            found[record["text"]] = {
                "text": record["text"], "kind": "name", "lang": None, "from": None, "to": None,
                "confidence": record["confidence"], "by": record["by"], "evidence": [{**shown, "subject_text": record["text"]}],
            }  # fmt: skip
    return list(found.values())


def _marked(curated: Curated, known: set[str]) -> list[Item]:
    """Entities of names that people marked and no component knew."""
    from dossier.store.applied import PERSON
    from dossier.store.curated import Item

    first: dict[str, Item] = {}
    for item in curated.mentions:
        number = item.record.get("entity")
        if number and number not in known and number == curated.own_entity(item.record) and item.state != "rejected":
            first.setdefault(number, item)
    return [
        Item(
            "entity", number,
            {"kind": "entity", "id": number, "type": item.record["label"], "name": item.record["text"],
             "names": _names(curated, number), "links": {}, "confidence": 1.0, "by": PERSON},
            item.state, proposed=False, revision=item.revision, decision=item.decision,
        )
        for number, item in first.items()
    ]  # fmt: skip
