"""A marked text with other names: how much of a score hangs on the names themselves."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from dossier.train.encoder.data import Marked


def exchange(record: Marked, names: Mapping[str, str]) -> Marked:
    """Replace the marked stretches that `names` knows (white space as one blank), and move the other marks along.

    The marks must not overlap. A name that `names` does not know stays.
    """
    parts: list[str] = []
    spans: list[tuple[int, int, str]] = []
    at = length = 0
    for start, end, label in sorted(record.spans):
        old = " ".join(record.text[start:end].split())
        new = names.get(old, record.text[start:end])
        parts += [record.text[at:start], new]
        length += start - at
        spans.append((length, length + len(new), label))
        length += len(new)
        at = end
    parts.append(record.text[at:])
    return replace(record, text="".join(parts), spans=tuple(spans))


def exchanged(record: Marked, table: Path = Path("/work/b/exchange.json")) -> list[Marked]:
    tables = json.loads(table.read_text(encoding="utf-8"))
    return [replace(exchange(record, names), id=f"{record.id}-{region}") for region, names in tables.items()]
