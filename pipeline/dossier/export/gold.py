"""What people ruled, as gold to learn from: one line a document, in the form of `dossier.gold`.

Only what was looked at is gold. In a document that a reviewer declared finished that is the whole text. In another it is
each sentence with a ruling and without a proposal still waiting; every other sentence is an `ignore` stretch, neither a
mention nor a counter-example. Notes are never looked at for mentions (the guide, section 1).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dossier.components.wordpieces import guess_starts
from dossier.export.files import written_whole
from dossier.export.traverse import Options
from dossier.gold import GoldRecord, GoldSpan, write_gold
from dossier.records import Document, Span
from dossier.resources import configs_folders, shipped
from dossier.schema import load_schema
from dossier.store.db import Store
from dossier.store.documents import iter_documents
from dossier.store.rulings import Ruled, iter_finished, load_mentions

FILE = "reviewed.jsonl"
MARKS = frozenset(("accept", "edit", "add"))
SILENT = frozenset(("note",))
LICENCE = "the desk's own marks; the text is its publisher's"


@dataclass(slots=True)
class _Marks:
    """What the rulings on one document come to. `touched` and `waiting` are stretches with and without a ruling."""

    spans: list[GoldSpan] = field(default_factory=list)
    touched: list[Span] = field(default_factory=list)
    waiting: list[Span] = field(default_factory=list)
    labels: set[str] = field(default_factory=set)
    unplaced: int = 0


def export_gold(store: Store, out: Path, options: Options) -> dict[str, int]:
    """Write the reviewed gold into the folder `out`, or into the file `out` where it ends in `.jsonl`."""
    counts: Counter[str] = Counter()
    records = list(iter_gold(store, counts))
    with written_whole(out if out.suffix == ".jsonl" else out / FILE) as file:
        file.writelines(write_gold(records))
    return dict(counts)


def iter_gold(store: Store, counts: Counter[str]) -> Iterator[GoldRecord]:
    """The gold of every document that has some, in the order of the paths."""
    known = load_schema(configs_folders(store.folder / "configs")).labels
    always = load_schema([shipped("configs")]).labels
    finished = dict(iter_finished(store))
    ruled = {document for (document,) in store.rows("SELECT DISTINCT document FROM vote")}
    for path, document in iter_documents(store):
        if document.id not in ruled:
            continue
        marks = _marks(document, load_mentions(store, document.id), known)
        counts["unplaced"] += marks.unplaced
        ignore = _ignored(document, marks, whole=document.id in finished)
        spans = tuple(s for s in marks.spans if not any(i.start < s.end and s.start < i.end for i in ignore))
        if document.id not in finished and not spans and _covers(ignore, document):
            continue
        looked_for = {*always, *(marks.labels | set(finished.get(document.id, {}).get("labels", ()))) & set(known)}
        counts["text"] += 1
        counts["mention"] += len(spans)
        meta = {"source": path, "document": document.id, "licence": LICENCE, "labels": sorted(looked_for),
                "finished": document.id in finished}  # fmt: skip
        yield GoldRecord(document.id, document.text, spans, (), meta, tuple(ignore))


def _marks(document: Document, mentions: Sequence[Ruled], known: Collection[str]) -> _Marks:
    marks = _Marks()
    kept: list[tuple[int, GoldSpan]] = []
    for each in mentions:
        span = _place(document, each.record)
        if span is None:
            marks.unplaced += each.decision is not None
        elif each.decision is None:
            marks.waiting.append(span)
        else:
            marks.touched.append(span)
            marks.labels.add(str(each.record.get("label")))
            if each.decision.ruling in MARKS and each.record.get("label") in known:
                kept.append((each.decision.id, GoldSpan(span.start, span.end, each.record["label"])))
    marks.spans = _without_overlaps(kept)
    return marks


def _place(document: Document, record: dict[str, Any]) -> Span | None:
    """Where a mention stands; None where the text no longer reads what was ruled on."""
    start, end = record.get("start"), record.get("end")
    if not isinstance(start, int) or not isinstance(end, int) or not 0 <= start < end <= len(document.text):
        return None
    words = document.text[start:end]
    return Span(start, end) if record.get("text", words) == words and words == words.strip() else None


def _without_overlaps(kept: list[tuple[int, GoldSpan]]) -> list[GoldSpan]:
    """Of marks that share characters, the one ruled on last."""
    spans: list[GoldSpan] = []
    for _, span in sorted(kept, key=lambda pair: -pair[0]):
        if not any(other.start < span.end and span.start < other.end for other in spans):
            spans.append(span)
    return sorted(spans, key=lambda span: span.start)


def _ignored(document: Document, marks: _Marks, *, whole: bool) -> list[Span]:
    """The stretches that nobody looked at, joined where they touch."""
    gold = []
    for block in document.blocks:
        if block.kind not in SILENT:
            units = [Span(block.start, block.end)] if whole else _sentences(document.text, block.start, block.end)
            gold += [unit for unit in units if whole or (_any(unit, marks.touched) and not _any(unit, marks.waiting))]
    ignore, at = [], 0
    for unit in sorted(gold):
        if document.text[at : unit.start].strip():
            ignore.append(Span(at, unit.start))
        at = max(at, unit.end)
    if document.text[at:].strip():
        ignore.append(Span(at, len(document.text)))
    return ignore


def _sentences(text: str, start: int, end: int) -> list[Span]:
    words = [(m.start(), m.end()) for m in re.compile(r"\S+").finditer(text, start, end)]
    starts = guess_starts(text, words)
    return [Span(words[a][0], words[b - 1][1]) for a, b in zip(starts, [*starts[1:], len(words)], strict=True)]


def _any(unit: Span, spans: Sequence[Span]) -> bool:
    return any(span.start < unit.end and unit.start < span.end for span in spans)


def _covers(ignore: Sequence[Span], document: Document) -> bool:
    return bool(ignore) and ignore[0].start == 0 and ignore[0].end == len(document.text)
