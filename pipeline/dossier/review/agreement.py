"""How far reviewers agree: Krippendorff's alpha by label, and F1 of each pair.

A unit is a proposal, or something that a reviewer added, in a document that two or more reviewers ruled on. A reviewer's value
for it is the label that their ruling gives it, or none; for alpha by label, that it has the label, or not. What a reviewer did
not rule on is missing, not a no. Rulings of an adjudicator do not count.

Source: K. Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), nominal data, any number of observers, missing data.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from dossier.store.chain import iter_decisions
from dossier.store.db import Store
from dossier.store.verdicts import says

NONE = ""  # the value of what a reviewer rejected
KINDS = ("mention", "relation", "event")

Unit = Mapping[str, Hashable]  # reviewer -> value


@dataclass(frozen=True, slots=True)
class Pair:
    """Two reviewers on the things that both ruled on: F1 of what each has, the one taken as the answer of the other."""

    a: str
    b: str
    f1: float | None
    n: int


def alpha(units: Iterable[Iterable[Hashable]]) -> float | None:
    """Krippendorff's alpha of nominal values: for each unit the values that observers gave it, in any order.

    1 is perfect agreement, 0 what chance gives. Units with less than two values say nothing. None where nothing can be said:
    no unit with two values, or one value throughout.
    """
    weights: dict[tuple[Hashable, Hashable], float] = defaultdict(float)
    for unit in units:
        values = Counter(unit)
        observers = values.total()
        if observers < 2:
            continue
        for one, count in values.items():
            for other, other_count in values.items():
                weights[one, other] += count * (other_count - (one == other)) / (observers - 1)
    totals: dict[Hashable, float] = defaultdict(float)
    for (one, _), weight in weights.items():
        totals[one] += weight
    n = sum(totals.values())
    observed = sum(weight for (one, other), weight in weights.items() if one != other)
    expected = sum(totals[one] * totals[other] for one in totals for other in totals if one != other)
    if n < 2 or expected == 0:
        return None
    return 1 - (n - 1) * observed / expected


def f1(units: Iterable[Unit], a: str, b: str) -> Pair:
    """How two reviewers' marks match on the units that both ruled on."""
    both = [(unit[a], unit[b]) for unit in units if a in unit and b in unit]
    same = sum(1 for one, other in both if one == other != NONE)
    marks = sum((one != NONE) + (other != NONE) for one, other in both)
    return Pair(a, b, 2 * same / marks if marks else None, len(both))


def measure(units: Iterable[Unit]) -> dict[str, Any]:
    """Alpha and F1 over all, and by label."""
    units = [unit for unit in units if len(unit) > 1]
    labels = sorted({str(value) for unit in units for value in unit.values() if value != NONE})
    users = sorted({user for unit in units for user in unit})

    def of(shown: list[Unit]) -> dict[str, Any]:
        pairs = [f1(shown, a, b) for a, b in combinations(users, 2)]
        found = alpha(unit.values() for unit in shown)
        return {
            "alpha": None if found is None else round(found, 3),
            "units": len(shown),
            "f1": [
                {"a": p.a, "b": p.b, "f1": None if p.f1 is None else round(p.f1, 3), "n": p.n} for p in pairs if p.n
            ],
        }

    return {**of(units), "by_label": {label: of([_only(unit, label) for unit in units]) for label in labels}}


def _only(unit: Unit, label: str) -> Unit:
    """A unit with one label against all else."""
    return {user: label if value == label else NONE for user, value in unit.items()}


# ------------------------------------------------------------------ of a workspace


def iter_units(store: Store, kind: str) -> Iterator[Unit]:
    """What each reviewer rules on each thing of a kind, in the documents that two or more ruled on.

    Who moved the ends of a mention says that there is none where it was, and one where it is now. Something that one of them
    added or moved is a unit for all who ruled on things of the document: for who did not mark it, it is none.
    """
    rows = store.rows(
        "SELECT v.decision, v.document, t.label FROM vote v LEFT JOIN target t ON t.key = v.key AND t.kind = v.kind WHERE "
        "v.kind = ? AND v.document IS NOT NULL",
        (kind,),
    )
    about = {decision: (str(document), str(label or "")) for decision, document, label in rows}
    users: dict[str, set[str]] = defaultdict(set)
    units: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    marked: set[tuple[str, str]] = set()
    for row in iter_decisions(store, "JOIN vote v ON v.decision = d.id WHERE v.kind = ? ORDER BY d.id", (kind,)):
        if row.id not in about or row.says().get("adjudicates"):
            continue
        document, label = about[row.id]
        users[document].add(row.user)
        said = says(row)
        value = NONE if row.ruling == "reject" else str(said.get("label") or said.get("type") or label)
        moved = kind == "mention" and row.ruling == "edit" and {"start", "end"} & set(said)
        if moved:
            units[document, row.key][row.user] = NONE
            place = document, f"{said.get('start')}-{said.get('end')}"
            units[place][row.user] = value
            marked.add(place)
        else:
            units[document, row.key][row.user] = value
            marked |= {(document, row.key)} if row.ruling == "add" else set()
    for (document, key), unit in units.items():
        if len(users[document]) > 1:
            yield {**dict.fromkeys(users[document], NONE), **unit} if (document, key) in marked else unit


def agreement(store: Store) -> dict[str, Any]:
    """The agreement on mentions, relations and events."""
    return {kind: measure(iter_units(store, kind)) for kind in KINDS}
