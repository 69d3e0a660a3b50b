"""What there is to learn from: the reviewed gold of `annotations/`, and files of the same form that are named."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from dossier.errors import UsageError
from dossier.gold import GoldRecord, read_gold, text_digest

SUFFIXES = (".jsonl", ".jsonl.gz")


@dataclass(frozen=True, slots=True)
class Source:
    """One file. `labels` are those looked for in each record: its `meta.labels`, or what occurs in the file."""

    name: str
    sha256: str
    records: tuple[GoldRecord, ...]
    labels: tuple[frozenset[str], ...]
    guessed: bool  # no `meta.labels`: the labels are those that occur

    @property
    def licences(self) -> list[str]:
        return sorted({str(record.meta.get("licence") or "none stated") for record in self.records})


def read_sources(annotations: Path, extra: Iterable[Path], known: Collection[str]) -> list[Source]:
    """Read `annotations/` and the named files or folders, in that order; a text that came before is left out.

    known: the labels of the schema; others are not learned, and their words count as no mention. Raises UsageError
    where there is nothing.
    """
    files = [*_files(annotations, required=False)]
    for path in extra:
        files += _files(path, required=True)
    if not files:
        raise UsageError(f"{annotations} holds no reviewed gold; run: dossier export {annotations} --format gold")
    seen: set[str] = set()
    return [_read(path, name, frozenset(known), seen) for name, path in files]


def _files(path: Path, *, required: bool) -> list[tuple[str, Path]]:
    if path.is_file():
        return [(path.name, path)]
    found = sorted(p for p in path.rglob("*") if p.name.endswith(SUFFIXES) and p.is_file()) if path.is_dir() else []
    if required and not found:
        raise UsageError(f"{path} is no gold and holds none; name a .jsonl or .jsonl.gz file, or a folder of them")
    return [(p.relative_to(path.parent).as_posix(), p) for p in found]


def _read(path: Path, name: str, known: frozenset[str], seen: set[str]) -> Source:
    records = []
    every = read_gold(path)
    for record in every:
        digest = text_digest(record.text)
        if digest not in seen:
            seen.add(digest)
            records.append(record)
    occurring = frozenset(span.label for record in every for span in record.spans)
    labels = tuple(frozenset(record.meta.get("labels") or occurring) & known for record in records)
    guessed = any(not record.meta.get("labels") for record in records)
    return Source(name, hashlib.sha256(path.read_bytes()).hexdigest(), tuple(records), labels, guessed)


def join(sources: Sequence[Source]) -> list[tuple[GoldRecord, frozenset[str]]]:
    """All records with their labels, in order; those where nothing was looked for are left out."""
    return [pair for source in sources for pair in zip(source.records, source.labels, strict=True) if pair[1]]
