"""Train the pair classifier of a model by folds of organisations, calibrate it, fit it on everything, put it into the model."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from dossier.components.relations_net import Floats, write_network
from dossier.components.relations_net import Network as Shipped
from dossier.components.relations_weigh import LEFT_OUT
from dossier.evaluate.relations import Fact, Score, fact_of, gold_of_record
from dossier.gold import GoldRecord
from dossier.lab.relations.examples import RE3D, REDOCRED, Example, Reader, Set, read_set
from dossier.lab.relations.fit import Recipe, calibrate, fit, score
from dossier.lab.relations.renamed import renamed
from dossier.lab.relations.taught import records_of
from dossier.model_files import CARD, seal_again
from dossier.resources import shipped

AT = (0.3, 0.35, 0.4, 0.45, 0.5, 0.6)
LICENCES = {
    "own": "Apache-2.0, own writing",
    "own, other names": "Apache-2.0, own writing",
    "patterns": "Apache-2.0, own writing",
    "redocred": "annotations MIT; text Wikipedia, CC BY-SA 3.0",
    "re3d": "per source: US public domain, OGL 3.0, CC BY 3.0 AU, EU with acknowledgement, CC BY-SA 3.0",
}
RENAMED = "own, other names"
Report = Callable[[str], None]


class Read(NamedTuple):
    """A set with its records and what was made of them."""

    set: Set
    records: list[GoldRecord]
    examples: list[Example]


def sets_of(own: Path, data: Path, reader: Reader) -> list[Set]:
    """What there is to learn from: our own gold, the same under other names, the examples of our patterns, and the train
    parts of two public sets."""
    every = frozenset(kind for kind, _ in reader.outputs)
    return [
        Set("own", own, every, own=True),
        Set(RENAMED, own, every, own=True),
        Set("patterns", shipped("configs") / "relations.toml", every, own=True),
        Set("redocred", data / "redocred" / "train.jsonl.gz", REDOCRED),
        Set("re3d", data / "re3d" / "train.jsonl.gz", RE3D),
    ]


def read_all(sets: Sequence[Set], reader: Reader, report: Report) -> list[Read]:
    found = []
    for one in sets:
        records = read_set(one) if one.path.suffix != ".toml" else list(records_of(reader.weigher.book.patterns))
        if one.name == RENAMED:
            records = [renamed(record, RENAMED) for record in records]
        found.append(Read(one, records, reader.read(one, records)))
        report(f"{one.name}: {len(records)} texts, {len(found[-1].examples)} sentences")
    return found


def fold_of(group: str, folds: int) -> int:
    """The fold in which an organisation is held out; it hangs on its name alone."""
    return int(hashlib.sha256(group.encode()).hexdigest(), 16) % folds


def cross_validate(
    sets: Sequence[Read], reader: Reader, recipe: Recipe, folds: int, report: Report, only: Sequence[int] = ()
) -> tuple[float, float, dict[str, Any]]:
    """Slope, shift and figures of networks on the organisations of our own gold that each has not seen."""
    own = sets[0]
    everything = [example for one in sets for example in one.examples]
    told: list[tuple[Example, Floats]] = []
    seen: set[str] = set()
    for fold in only or range(folds):
        held = [e for e in own.examples if fold_of(e.group, folds) == fold]
        groups = {e.group for e in held}
        network = fit([e for e in everything if e.group not in groups], recipe, seed=fold)
        told += zip(held, score(network, held), strict=True)
        seen |= groups
        report(f"fold {fold}: {figures(told, own.records, seen, reader, 1.0, 0.0)}")
    every = np.concatenate([scores[example.ruled] for example, scores in told])
    right = np.concatenate([example.wanted[example.ruled] for example, _ in told])
    slope, shift = calibrate(every.astype(np.float64), right.astype(np.float64))
    found = figures(told, own.records, seen, reader, slope, shift)
    report(f"slope {slope:.3f}, shift {shift:.3f}: {found}")
    return (
        slope,
        shift,
        {"folds": folds, "facts": found, "types": by_type(told, own.records, seen, reader, slope, shift)},
    )


def figures(
    told: Sequence[tuple[Example, Floats]], records: Sequence[GoldRecord], seen: set[str], reader: Reader,
    slope: float, shift: float,
) -> dict[str, dict[str, float]]:  # fmt: skip
    """Precision, recall and F1 over facts, by the confidence that they need; and of patterns alone."""
    rows = {"patterns": _scored(told, records, seen, reader, lambda e, s: e.case.fired > 0).figures()}
    for least in AT:
        asked = _scored(told, records, seen, reader, lambda e, s, t=least: _sure(s, slope, shift) >= t)  # type: ignore[misc]
        rows[f"{least}"] = asked.figures()
    return {name: {key: row[key] for key in ("P", "R", "F")} for name, row in rows.items()}


def by_type(
    told: Sequence[tuple[Example, Floats]], records: Sequence[GoldRecord], seen: set[str], reader: Reader,
    slope: float, shift: float, least: float = 0.4,
) -> dict[str, dict[str, int]]:  # fmt: skip
    made = _scored(told, records, seen, reader, lambda e, s: _sure(s, slope, shift) >= least)
    return {kind: dict(counts) for kind, counts in sorted(made.by_type.items())}


def _sure(scores: Floats, slope: float, shift: float) -> Floats:
    made: Floats = 1 / (1 + np.exp(-np.clip(slope * scores + shift, -30, 30)))
    return made


def _scored(
    told: Sequence[tuple[Example, Floats]], records: Sequence[GoldRecord], seen: set[str], reader: Reader,
    says: Callable[[Example, Floats], Any],
) -> Score:  # fmt: skip
    found: dict[int, set[Fact]] = {}
    for example, scores in told:
        for n, k in np.argwhere(says(example, scores) & example.ruled).tolist():
            kind, turned = reader.outputs[k]
            ends = example.ends[n][::-1] if turned else example.ends[n]
            found.setdefault(example.record, set()).add(
                fact_of(records[example.record], kind, *ends, reader.signatures)
            )
    counts = Score()
    types = [kind for kind in reader.signatures if kind not in LEFT_OUT]
    for number, record in enumerate(records):
        if str(record.meta.get("org") or record.id) in seen:
            gold = gold_of_record(record, reader.signatures)
            counts.add(gold, {fact: gold.told.get(fact, ()) for fact in found.get(number, ())}, types)
    return counts


def make(
    model: Path, own: Path, data: Path, recipe: Recipe, *, folds: int = 5, seed: int = 0, report: Report = print
) -> None:
    """Train the pair classifier of a model and put it into its folder, with what was measured into its card."""
    reader = Reader(model, recipe.layer)
    sets = read_all(sets_of(own, data, reader), reader, report)
    slope, shift, measured = cross_validate(sets, reader, recipe, folds, report)
    network = fit([e for one in sets for e in one.examples], recipe, seed)
    write_network(model, Shipped(reader.outputs, recipe.layer, slope, shift, network.arrays()))
    card = json.loads((model / CARD).read_text("utf-8"))
    card["relations"] = {
        "measured": measured,
        "recipe": {**recipe._asdict(), "shape": recipe.shape._asdict()},
        "seed": seed,
        "data": [
            {
                "name": one.set.name,
                "sha256": hashlib.sha256(one.set.path.read_bytes()).hexdigest(),
                "texts": len(one.records),
                "licence": LICENCES[one.set.name],
            }
            for one in sets
        ],
    }
    (model / CARD).write_text(json.dumps(card, indent=1, ensure_ascii=False, sort_keys=True) + "\n", "utf-8")
    page = (model / "README.md").read_text("utf-8").split(HEAD)[0].rstrip()
    (model / "README.md").write_text(f"{page}\n\n{_page(card['relations'])}\n", "utf-8")
    seal_again(model)
    report(f"wrote the pair classifier into {model}")


HEAD = "## Relations"


def _page(about: dict[str, Any]) -> str:
    facts = about["measured"]["facts"]
    return "\n".join(
        [
            HEAD,
            "",
            "`relations.npz`: a pair classifier on a middle layer of the encoder (`docs/relations.md`). Facts of our own gold,",
            f"train part, given mentions, in {about['measured']['folds']} folds by organisation:",
            "",
            "| confidence at least | P | R | F1 |",
            "|---|---|---|---|",
            *(f"| {name} | {row['P']:.3f} | {row['R']:.3f} | {row['F']:.3f} |" for name, row in facts.items()),
            "",
            "| learned from | texts | licence | sha256 |",
            "|---|---|---|---|",
            *(f"| {d['name']} | {d['texts']} | {d['licence']} | {d['sha256'][:16]} |" for d in about["data"]),
        ]
    )
