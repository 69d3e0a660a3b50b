"""The result for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from dossier.evaluate.bootstrap import Difference
from dossier.evaluate.compare import ALL, LabelScore, ModelResult, SetResult


def table(result: SetResult) -> Iterator[str]:
    """The lines that tell of one set."""
    yield summary(result)
    names = (model.name for model in result.models)
    width = max(map(len, (*result.labels, ALL, "macro", *names)))
    for model in result.models:
        yield ""
        yield f"{model.name:{width}}      P      R      F  95 %           lenient F"
        yield from (f"{row.label:{width}} {_row(row)}" for row in (*model.labels, model.micro))
        yield f"{'macro':{width}} {'':13} {percent(model.macro_strict):>6}  {'':13} {percent(model.macro_lenient):>10}"
        yield _aside(model)
    for name, difference in result.differences.items():
        yield f"{name} against {result.models[0].name}: {verdict(difference)}"


def summary(result: SetResult) -> str:
    left = f", {result.left_out:,} left out (a model was trained on them)" if result.left_out else ""
    return f"{result.name}: {many(result.documents, 'text')}, {many(result.mentions, 'mention')}{left}"


def _row(row: LabelScore) -> str:
    between = f"{percent(row.interval.low)} to {percent(row.interval.high)}" if row.interval else "-"
    figures = " ".join(f"{percent(x):>6}" for x in (row.strict.precision, row.strict.recall, row.strict.f))
    return f"{figures}  {between:13} {percent(row.lenient.f):>10}"


def _aside(model: ModelResult) -> str:
    checks = ", ".join(f"{name} {percent(f)}" for name, f in model.checks.items())
    return f"calibration error {model.calibration.error:.3f}; strict F by {checks}; {model.speed:,.0f} words/s"


def verdict(difference: Difference | None) -> str:
    """What the difference between two models amounts to, in words."""
    if difference is None:
        return "too few texts to tell"
    low, high = 100 * difference.interval.low, 100 * difference.interval.high
    points = f"{100 * difference.f:+.1f} points (95 %: {low:+.1f} to {high:+.1f}), "
    said = ("better" if difference.f > 0 else "worse") if difference.significant else "no significant difference"
    return f"{points}p = {difference.p:.4f}: {said}"


def percent(share: float) -> str:
    return f"{100 * share:.1f}"


def many(count: int, thing: str) -> str:
    return f"{count:,} {thing}{'' if count == 1 else 's'}"
