"""The result as one page of HTML that needs nothing else: no script, no request, every word of a text escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from dossier import markup
from dossier.evaluate.bootstrap import Difference
from dossier.evaluate.calibration import Bin, Calibration
from dossier.evaluate.compare import LabelScore, ModelResult, SetResult
from dossier.evaluate.errors import BOTH, GOT, WANTED, Group, Mistake
from dossier.evaluate.table import many, percent, verdict
from dossier.markup import text

STYLE = Path(__file__).with_name("page.css")
MEANING = {
    "missed": "marked by people, not proposed",
    "spurious": "proposed, not marked",
    "wrong label": "the right place under another label",
    "wrong border": "the right label, cut elsewhere",
}


def make_page(results: Sequence[SetResult]) -> str:
    """The whole page; `results` of several sets follow each other under a table of all."""
    names = ", ".join(dict.fromkeys(model.name for result in results for model in result.models))
    body = (
        f"<main>\n<h1>Evaluation of {text(names)}</h1>\n"
        "<p class=soft>F1 in percent, with its 95&nbsp;% interval. Strict: the same characters and the same label.</p>\n"
        f"{_overview(results)}{''.join(map(_set, results))}{_about(results)}</main>\n"
    )
    return markup.make_page(f"Evaluation of {names}", body, style=STYLE.read_text("utf-8"))


# ------------------------------------------------------------------ scores


def _overview(results: Sequence[SetResult]) -> str:
    if len(results) < 2:
        return ""
    head = ["Set", *(text(model.name) for model in results[0].models), "Mentions"]
    wide = [*(False for _ in head[1:]), True]
    rows = [
        _cells(text(result.name), *(_f(m.micro) for m in result.models), f"{result.mentions:,}", wide=wide)
        for result in results
    ]
    return _table(head, rows, wide=wide)


def _set(result: SetResult) -> str:
    left = f", {result.left_out:,} left out because a model was trained on them" if result.left_out else ""
    said = [
        f"{many(result.documents, 'text')}{left}",
        many(result.mentions, "mention"),
        "marks " + ", ".join(result.labels),
    ]
    parts = [f"<h2>{text(result.name)}</h2>\n<p class=soft>{text(' · '.join(said))}</p>\n"]
    parts += [_difference(name, result.models[0].name, one) for name, one in result.differences.items()]
    if len(result.models) > 1:
        parts.append(_side_by_side(result))
    return "".join(parts) + "".join(map(_model, result.models))


def _difference(name: str, first: str, difference: Difference | None) -> str:
    said = verdict(difference)
    return (
        f'<p class="verdict {said.rpartition(": ")[2]}"><b>{text(name)}</b> against {text(first)}: {text(said)}</p>\n'
    )


def _side_by_side(result: SetResult) -> str:
    head = ["Label", *(text(model.name) for model in result.models), "Mentions"]
    rows = [
        _cells(text(scores[0].label), *map(_f, scores), f"{scores[0].strict.right + scores[0].strict.missed:,}")
        for scores in zip(*((*model.labels, model.micro) for model in result.models), strict=True)
    ]
    return "<h3>Strict F1 side by side</h3>\n" + _table(head, rows, total=True)


def _model(model: ModelResult) -> str:
    return (
        f"<h3>{text(model.name)}</h3>\n{_scores(model)}"
        f"<h4>Its confidence</h4>\n{_calibration(model.calibration)}"
        f"<h4>What it gets wrong</h4>\n{_KEY}{''.join(map(_group, model.errors))}"
    )


def _scores(model: ModelResult) -> str:
    head = ["Label", "Mentions", "P", "R", "F1", "", "Lenient P", "Lenient R", "Lenient F1"]
    wide = [False, True, False, False, False, True, True, True, False]
    rows = [
        _cells(
            text(row.label), f"{row.strict.right + row.strict.missed:,}", percent(row.strict.precision),
            percent(row.strict.recall), _f(row), _bar(row), percent(row.lenient.precision),
            percent(row.lenient.recall), percent(row.lenient.f), wide=wide,
        )
        for row in (*model.labels, model.micro)
    ]  # fmt: skip
    checks = ", ".join(f"{text(name)} {percent(f)}" for name, f in model.checks.items())
    return _table(head, rows, wide=wide, total=True) + (
        f"<p class=soft>Macro F1 {percent(model.macro_strict)} strict, {percent(model.macro_lenient)} lenient. "
        f"Strict F1 over all labels as counted by {checks}.</p>\n"
    )


def _f(row: LabelScore) -> str:
    between = f"<small>{percent(row.interval.low)}–{percent(row.interval.high)}</small>" if row.interval else ""
    return f"<b>{percent(row.strict.f)}</b>{between}"


def _bar(row: LabelScore) -> str:
    low, high = (row.interval.low, row.interval.high) if row.interval else (row.strict.f, row.strict.f)
    return _svg(("span", low, max(high - low, 0.004)), ("point", row.strict.f - 0.004, 0.008))


def _calibration(found: Calibration) -> str:
    if not found.count:
        return "<p class=soft>It proposed nothing.</p>\n"
    head = ["Confidence", "Proposals", "Said", "Right", "said and right"]
    rows = [
        _cells(
            f"{row.low:.1f}–{row.high:.1f}",
            f"{row.count:,}",
            percent(row.confidence),
            percent(row.right),
            _reliable(row),
        )
        for row in found.bins
    ]
    return _table(head, rows) + (
        f"<p class=soft>Expected calibration error {found.error:.3f}, over {many(found.count, 'proposal')}: "
        "how far, on average, what a confidence says lies from the share that is right.</p>\n"
    )


def _reliable(row: Bin) -> str:
    low, high = sorted((row.confidence, row.right))
    return _svg(
        ("span", low, high - low), ("point", row.confidence - 0.006, 0.012), ("right", row.right - 0.006, 0.012)
    )


def _svg(*stripes: tuple[str, float, float]) -> str:
    """A track from 0 to 1 with stripes on it: class, start, width."""
    drawn = "".join(
        f'<rect class={kind} x="{100 * max(0, at):.2f}" y="0" width="{100 * width:.2f}" height="12"/>'
        for kind, at, width in stripes
    )
    track = '<rect class=track x="0" y="4" width="100" height="4"/>'
    return f'<svg viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true">{track}{drawn}</svg>'


# ------------------------------------------------------------------ errors

_KEY = (
    "<p class=key><span><mark class=wanted>marked by people</mark></span> "
    "<span><mark class=got>proposed</mark></span> <span><mark class=both>both</mark></span></p>\n"
)


def _group(group: Group) -> str:
    items = "".join(map(_mistake, group.mistakes))
    told = sum(mistake.count for mistake in group.mistakes)
    rest = f"<li class=soft>and {group.count - told:,} more</li>" if group.count > told else ""
    return (
        f"<details{' open' if group.count and group.name == 'wrong border' else ''}>"
        f"<summary>{group.count:,} {group.name} <span>· {MEANING[group.name]}</span></summary>"
        f"<ol>{items}{rest}</ol></details>\n"
    )


def _mistake(one: Mistake) -> str:
    labels = [words.label for words in (one.wanted, one.got) if words]
    said = [
        f"<b>{text(' → '.join(dict.fromkeys(labels)))}</b>",
        f"{one.count:,} times" if one.count > 1 else "",
        f"confidence {one.confidence:.2f}" if one.confidence is not None else "",
        f"<bdi>{text(one.document)}</bdi>",
    ]
    pieces = "".join(
        f"<mark class={kind}>{text(words)}</mark>" if kind in (WANTED, GOT, BOTH) else text(words)
        for kind, words in one.context
    )
    return f"<li><div class=what>{''.join(f'<span>{s}</span>' for s in said if s)}</div><bdi>{pieces}</bdi></li>"


# ------------------------------------------------------------------ tables


def _cells(first: str, *others: str, wide: Sequence[bool] = ()) -> str:
    cells = [f"<th scope=row>{first}</th>"]
    for i, cell in enumerate(others, 1):
        names = " ".join([*(["bar"] if cell.startswith("<svg") else []), *(["wide"] if wide and wide[i] else [])])
        cells.append(f'<td class="{names}">{cell}</td>' if names else f"<td>{cell}</td>")
    return "".join(cells)


def _table(head: Sequence[str], rows: Sequence[str], *, wide: Sequence[bool] = (), total: bool = False) -> str:
    heads = "".join(
        f"<th scope=col{' class=wide' if wide and wide[i] else ''}>{name}</th>" for i, name in enumerate(head)
    )
    body = "".join(
        f"<tr{' class=total' if total and i == len(rows) - 1 else ''}>{row}</tr>\n" for i, row in enumerate(rows)
    )
    return f"<div class=scroll><table><thead><tr>{heads}</tr></thead>\n<tbody>\n{body}</tbody></table></div>\n"


def _about(results: Iterable[SetResult]) -> str:
    drawn = "; ".join(
        f"{text(r.name)}: {many(r.units, r.unit[:-1])}" + (" (too few for an interval)" if not _told(r) else "")
        for r in results
    )
    first = next(iter(results))
    return (
        "<h2>How to read this</h2>\n"
        "<p><b>P</b> is the share of proposals that are right, <b>R</b> the share of mentions that were found, <b>F1</b> "
        "their balance. <b>Lenient</b> takes any overlap under the right label. Labels that a set does not mark are not "
        "counted there.</p>\n"
        f"<p>The intervals come from {first.draws:,} random draws with seed {first.seed} ({drawn}). Paragraphs of one "
        "report resemble each other: where they were drawn, the true interval is wider. A difference is significant "
        "when p is below .05.</p>\n"
    )


def _told(result: SetResult) -> bool:
    return result.models[0].micro.interval is not None
