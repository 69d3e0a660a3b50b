"""What models are measured on: gold files, and marked reports as they came, in offsets of the raw text."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import orjson

from dossier.errors import RecordError, UsageError
from dossier.gold import GoldRecord, parse_gold, read_gold, text_digest
from dossier.records import Span

FOLDER = ".gold"
FILES = ("mentions.jsonl", "extra.jsonl")
# a numbered note: from `[n]` at the head of a line to the next one, or to a blank line
_NOTE = re.compile(r"^[ \t]*\[\d{1,3}\][ \t]+\S.*(?:\n(?![ \t]*(?:\[\d{1,3}\]|\n|$)).+)*", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class GoldSet:
    """Marked texts that are scored together.

    `labels` are those that the set marks: what a model proposes of others says nothing of it. `raw`: the texts are
    reports as they came, to be read by ingest first. `left_out` counts the texts that a model was trained on.
    """

    name: str
    records: tuple[GoldRecord, ...]
    labels: tuple[str, ...]
    raw: bool = False
    left_out: int = 0


def load_sets(
    paths: Sequence[Path],
    report: tuple[Path, Path] | None,
    known: Collection[str],
    *,
    labels: Sequence[str] = (),
    exclude_notes: bool = False,
) -> list[GoldSet]:
    """Read gold files and folders, and `report`, a text with its mentions. `labels`: only these, where given.

    Raises UsageError for a label that the schema does not know, and where there is nothing to score.
    """
    if unknown := [label for label in labels if label not in known]:
        raise UsageError(f"there is no label {unknown[0]!r}; there are: {', '.join(known)}")
    sets = [load_set(path, known, exclude_notes=exclude_notes) for path in paths]
    if report is not None:
        sets.append(load_report(report[0], report[1:], known, exclude_notes=exclude_notes))
    if not sets:
        raise UsageError("there is nothing to score; name a gold file, or --text with --gold-mentions")
    return [only_labels(one, labels) for one in sets] if labels else sets


def load_set(path: Path, known: Collection[str], *, exclude_notes: bool = False) -> GoldSet:
    """Read a gold file, or a folder `NAME.gold` with `NAME.txt` beside it.

    known: the labels of the schema, in the order of the tables.
    Raises RecordError, and UsageError where there is nothing to score.
    """
    if path.is_dir():
        files = [path / name for name in FILES if (path / name).is_file()]
        return load_report(path.with_suffix(".txt"), files or [path / FILES[0]], known, exclude_notes=exclude_notes)
    name = f"{path.resolve().parent.name}/{path.name.removesuffix('.gz').removesuffix('.jsonl')}"
    return _make_set(name, read_gold(path), known, raw=False, exclude_notes=exclude_notes)


def load_report(text: Path, marks: Sequence[Path], known: Collection[str], *, exclude_notes: bool = False) -> GoldSet:
    """Read one report in UTF-8 and its mentions: lines `{"start", "end", "label", "text", ...}` in its characters."""
    try:
        raw = text.read_bytes().decode("utf-8-sig")
        lines = [(path, n, line) for path in marks for n, line in enumerate(path.read_bytes().split(b"\n"), 1)]
    except (OSError, UnicodeDecodeError) as error:
        raise RecordError(
            f"the report {text} and its mentions cannot be read: {error}; name both, the text in UTF-8"
        ) from error
    spans = []
    for path, number, line in lines:
        if not line.strip():
            continue
        try:
            one = orjson.loads(line)
            parse_gold(orjson.dumps({"id": text.name, "text": raw, "spans": [one]}))
        except (RecordError, orjson.JSONDecodeError) as error:
            raise RecordError(f"{path}, line {number}: {error}") from error
        spans.append(one)
    record = parse_gold(orjson.dumps({"id": text.name, "text": raw, "spans": spans}))
    return _make_set(text.stem, [record], known, raw=True, exclude_notes=exclude_notes)


def _make_set(
    name: str, records: Sequence[GoldRecord], known: Collection[str], *, raw: bool, exclude_notes: bool
) -> GoldSet:
    marked = {label for record in records for label in record.meta.get("labels", ())}
    marked = marked or {span.label for record in records for span in record.spans}
    labels = tuple(label for label in known if label in marked)
    if not labels:
        raise UsageError(f"{name} marks none of {', '.join(known)}: nothing can be scored on it; name another set")
    if exclude_notes:
        records = [without_notes(record) for record in records]
    return GoldSet(name, tuple(records), labels, raw)


def only_labels(gold: GoldSet, labels: Sequence[str]) -> GoldSet:
    """The set with the asked labels that it marks. Raises UsageError when it marks none of them."""
    kept = tuple(label for label in gold.labels if label in labels)
    if not kept:
        raise UsageError(
            f"{gold.name} marks {', '.join(gold.labels)}, none of {', '.join(labels)}; ask for one of them"
        )
    return replace(gold, labels=kept)


def without_notes(record: GoldRecord) -> GoldRecord:
    """The record with its numbered notes ignored: nothing is wanted and nothing counted there."""
    notes = tuple(Span(*match.span()) for match in _NOTE.finditer(record.text))
    spans = [not any(n.start < s.end and s.start < n.end for n in notes) for s in record.spans]
    new = {old: at for at, old in enumerate(i for i, kept in enumerate(spans) if kept)}
    return replace(
        record,
        spans=tuple(span for span, kept in zip(record.spans, spans, strict=True) if kept),
        relations=tuple(
            replace(r, head=new[r.head], child=new[r.child])
            for r in record.relations
            if r.head in new and r.child in new
        ),
        ignore=record.ignore + notes,
    )


def leave_out_known(gold: GoldSet, trained_on: Iterable[str], models: str) -> GoldSet:
    """The set without the texts that a model was trained on, as the digests of its card tell.

    Raises UsageError when no text is left: a score on them would say nothing.
    """
    known = frozenset(trained_on)
    kept = tuple(record for record in gold.records if text_digest(record.text) not in known)
    if not kept:
        raise UsageError(
            f"{gold.name}: all {len(gold.records)} texts were in the training data of {models}; "
            "a score on them says nothing: name a set that was held out"
        )
    return replace(gold, records=kept, left_out=len(gold.records) - len(kept))
