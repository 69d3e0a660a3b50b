"""Models on a set: scores with their intervals, what differs, how sure they are, what they get wrong."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from dossier.evaluate import bootstrap
from dossier.evaluate.bootstrap import DRAWS, SEED, Difference, Interval, Units
from dossier.evaluate.calibration import Calibration, calibrate
from dossier.evaluate.crosscheck import check
from dossier.evaluate.errors import Group, group_errors
from dossier.evaluate.predictors import Predictor
from dossier.evaluate.scoring import Judged, Score, judge, macro, pair_lenient, pair_strict, score
from dossier.evaluate.sets import GoldSet

ALL = "all labels"


@dataclass(frozen=True, slots=True)
class LabelScore:
    """`interval` is that of the strict F1; None where there are too few texts to tell."""

    label: str
    strict: Score
    lenient: Score
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class ModelResult:
    """`checks`: strict micro F1 as other libraries count it; `speed`: words per second of this run, unsteady."""

    name: str
    micro: LabelScore
    labels: tuple[LabelScore, ...]
    macro_strict: float
    macro_lenient: float
    calibration: Calibration
    checks: dict[str, float]
    errors: tuple[Group, ...]
    speed: float


@dataclass(frozen=True, slots=True)
class SetResult:
    """`differences`: each further model against the first, strict micro F1; None where there are too few texts."""

    name: str
    documents: int
    left_out: int
    mentions: int
    labels: tuple[str, ...]
    unit: str
    units: int
    draws: int
    seed: int
    models: tuple[ModelResult, ...]
    differences: dict[str, Difference | None]


def evaluate(
    gold: GoldSet,
    predictors: Mapping[str, Predictor],
    *,
    draws: int = DRAWS,
    seed: int = SEED,
    examples: int = 20,
    report: Callable[[str, str], None] = lambda model, document: None,
) -> SetResult:
    """Score each model on the set; `report` hears of every text that a model has read."""
    units = Units(gold.records)
    read = {name: _read(gold, predict, name, report) for name, predict in predictors.items()}
    counts = [bootstrap.count(units, [pair_strict(j) for j in texts], gold.labels) for texts, _ in read.values()]
    sample = bootstrap.resample(counts, draws=draws, seed=seed) if units.count >= bootstrap.MIN_UNITS else None
    models = tuple(
        _measure(name, texts, speed, gold.labels, None if sample is None else sample[:, i], examples)
        for i, (name, (texts, speed)) in enumerate(read.items())
    )
    return SetResult(
        name=gold.name,
        documents=len(gold.records),
        left_out=gold.left_out,
        mentions=models[0].micro.strict.right + models[0].micro.strict.missed,
        labels=gold.labels,
        unit=units.kind,
        units=units.count,
        draws=draws,
        seed=seed,
        models=models,
        differences={
            model.name: None
            if sample is None
            else bootstrap.compare(sample[:, 0, -1], sample[:, i, -1], model.micro.strict.f - models[0].micro.strict.f)
            for i, model in enumerate(models)
            if i
        },
    )


def _read(
    gold: GoldSet, predict: Predictor, name: str, report: Callable[[str, str], None]
) -> tuple[list[Judged], float]:
    texts, words = [], 0
    began = time.perf_counter()
    for record in gold.records:
        texts.append(judge(record, predict(record.text), gold.labels))
        words += len(record.text.split())
        report(name, record.id)
    return texts, words / max(1e-9, time.perf_counter() - began)


def _measure(
    name: str, texts: list[Judged], speed: float, labels: tuple[str, ...], sample: Any, examples: int
) -> ModelResult:
    strict = [pair for judged in texts for pair in pair_strict(judged)]
    lenient = [pair for judged in texts for pair in pair_lenient(judged)]
    rows = [
        LabelScore(
            label,
            score(pair for pair in strict if label in (ALL, pair.label)),
            score(pair for pair in lenient if label in (ALL, pair.label)),
            None if sample is None else bootstrap.interval(sample[:, column]),
        )
        for column, label in enumerate((*labels, ALL))
    ]
    return ModelResult(
        name=name,
        micro=rows[-1],
        labels=tuple(rows[:-1]),
        macro_strict=macro(row.strict for row in rows[:-1]),
        macro_lenient=macro(row.lenient for row in rows[:-1]),
        calibration=calibrate((pair.got.confidence, pair.wanted is not None) for pair in strict if pair.got),
        checks=check(texts, labels),
        errors=group_errors(texts, examples=examples),
        speed=speed,
    )


def as_json(results: list[SetResult]) -> dict[str, Any]:
    """The figures and examples as plain values, fractions to four places."""
    rounded: dict[str, Any] = _round({"sets": [asdict(result) for result in results]})
    return rounded


def _round(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, dict):
        return {key: _round(of) for key, of in value.items()}
    return [_round(of) for of in value] if isinstance(value, list | tuple) else value
