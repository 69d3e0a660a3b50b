"""Does an export lead back to its sources? Answered from the file and the corpus alone, without a workspace."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
from pydantic import ValidationError

from dossier.contract import LINE
from dossier.errors import DossierError, VerifyError
from dossier.records import Document

Reader = Callable[[Path], Document]


@dataclass(slots=True)
class Verdict:
    """What was checked, what is wrong, and what could not be checked and why."""

    documents: int = 0
    quotes: int = 0
    offsets: int = 0
    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def verify(export: Path, corpus: Path, *, read: Reader, ingest_version: str) -> Verdict:
    """Check the manifest, every record's form, every quote against the original, and offsets where they can be.

    read: makes a Document of a file again, as `dossier ingest` does. Raises VerifyError where the export cannot be
    read at all; everything else is a fault of the verdict.
    """
    verdict = Verdict()
    records = [record for record in _records(export, verdict) if record is not None]
    originals = {r["id"]: _Original(r, corpus, verdict) for r in records if r["kind"] == "document"}
    for original in originals.values():
        original.read_again(read, ingest_version, verdict)
        verdict.documents += 1
    for record in records:
        for place in _places(record):
            _check(place, originals, verdict)
    return verdict


def _records(export: Path, verdict: Verdict) -> Iterator[dict[str, Any] | None]:
    try:
        manifest_line, _, rest = export.read_bytes().partition(b"\n")
    except OSError as error:
        raise VerifyError(f"{export} cannot be read: {error.strerror}") from error
    manifest = _parse(manifest_line, 1, verdict)
    if manifest is None or manifest["kind"] != "manifest":
        raise VerifyError(f"{export}: the first line is no manifest; is this an export of `dossier export`?")
    found = hashlib.sha256(rest).hexdigest()
    if found != manifest["sha256"]:
        verdict.faults.append(
            f"the lines after the manifest have sha256 {found}, the manifest says {manifest['sha256']}"
        )
    counts: dict[str, int] = {}
    for number, line in enumerate(rest.splitlines(), start=2):
        record = _parse(line, number, verdict)
        if record is not None:
            counts[record["kind"]] = counts.get(record["kind"], 0) + 1
        yield record
    if counts != manifest["counts"]:
        verdict.faults.append(f"the file holds {counts}, the manifest says {manifest['counts']}")


def _parse(line: bytes, number: int, verdict: Verdict) -> dict[str, Any] | None:
    try:
        record: dict[str, Any] = orjson.loads(line)
        LINE.validate_json(line)
    except (orjson.JSONDecodeError, ValidationError) as error:
        verdict.faults.append(f"line {number} is no record of the contract: {str(error).splitlines()[0]}")
        return None
    return record


class _Original:
    """The file that a document record came from, decoded."""

    def __init__(self, record: dict[str, Any], corpus: Path, verdict: Verdict) -> None:
        self.record = record
        self.decoded: str | None = None
        self.text: str | None = None
        self.path = _find(record, corpus)
        if self.path is None:
            verdict.faults.append(f"{record['path']}: no file with sha256 {record['sha256'][:12]}... under {corpus}")
        elif record["encoding"]:
            # near-UTF-8 files were read with U+FFFD for what is broken, so that positions can be found again
            decoded = self.path.read_bytes().decode(record["encoding"], "replace")
            self.decoded = decoded.removeprefix("\ufeff")

    def read_again(self, read: Reader, ingest_version: str, verdict: Verdict) -> None:
        if self.path is None:
            return
        path = self.record["path"]
        if self.record["ingest"] != ingest_version:
            verdict.notes.append(
                f"{path}: offsets not checked, it was ingested by version {self.record['ingest']}, this is {ingest_version}"
            )
            return
        try:
            again = read(self.path)
        except DossierError as error:
            verdict.faults.append(f"{path}: it does not read any more: {error}")
            return
        if again.text_sha256 == self.record["text_sha256"]:
            self.text = again.text
        else:
            verdict.faults.append(f"{path}: its text has sha256 {again.text_sha256[:12]}..., the export says "
                                  f"{self.record['text_sha256'][:12]}...")  # fmt: skip


def _find(record: dict[str, Any], corpus: Path) -> Path | None:
    named = corpus / str(record["path"])
    for path in [named, *sorted(corpus.rglob("*"))]:
        if path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == record["sha256"]:
            return path
    return None


@dataclass(frozen=True, slots=True)
class _Place:
    what: str
    document: str
    start: int
    end: int
    quote: str
    source: dict[str, Any]


def _places(record: dict[str, Any]) -> Iterator[_Place]:
    """Every stretch of a document that a record quotes."""
    what = f"{record['kind']} {record.get('id')}"
    if record["kind"] == "mention":
        yield _Place(what, record["document"], record["start"], record["end"], record["text"], record["source"])
    evidence = list(record.get("evidence", ()))
    for part in (*record.get("names", ()), *record.get("values", ())):
        evidence += part["evidence"]
    if trigger := record.get("trigger"):
        yield _Place(what, _document_of(record), trigger["start"], trigger["end"], trigger["text"], trigger["source"])
    for each in evidence:
        yield _Place(what, each["document"], each["start"], each["end"], each["quote"], each["source"])


def _document_of(record: dict[str, Any]) -> str:
    return str(record["evidence"][0]["document"])


def _check(place: _Place, originals: dict[str, _Original], verdict: Verdict) -> None:
    original = originals.get(place.document)
    if original is None:
        verdict.faults.append(f"{place.what}: its document {place.document} is not in the export")
        return
    if original.decoded is not None:
        words = "".join(original.decoded[start:end] for start, end in place.source["parts"])
        if words.split() != place.quote.split():
            verdict.faults.append(
                f"{place.what}: {original.record['path']} reads {words!r}, the export {place.quote!r}"
            )
        verdict.quotes += 1
    if original.text is not None:
        if original.text[place.start : place.end] != place.quote:
            verdict.faults.append(
                f"{place.what}: characters {place.start}-{place.end} of the text read "
                f"{original.text[place.start : place.end]!r}, the export {place.quote!r}"
            )
        verdict.offsets += 1
