"""Does an export lead back to its sources? Answered from the file and the corpus alone, without a workspace."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import orjson
from pydantic import ValidationError

from dossier.contract import LINE
from dossier.engines.processes import Failure, ProcessEngine
from dossier.errors import DossierError, VerifyError
from dossier.export.originals import File, Files
from dossier.records import Document

ANY = "record"
REFERENCES = {"entity": "entity", "work": "work", "record": ANY}  # fields that hold an id, and of what
WITH_OCR = "if their words were recognised, verify with --ocr, in the same languages"


class Original(Protocol):
    """The file of a document, to look up what it reads at a `source`: None where it reads the quote. `gap` says what of it
    cannot be read without more ado, as pages that are pictures."""

    def reads(self, source: dict[str, Any], quote: str) -> str | None: ...

    def where(self, source: dict[str, Any]) -> str: ...

    def gap(self, source: dict[str, Any] | None = None) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Ways:
    """How files are read. `read`: a file into a Document, as `dossier ingest` does, by the code of version `ingest_version`;
    `open_original`: bytes, media type and encoding into what quotes are looked up in; `find_members`: what an archive or a mail
    holds, by sha256. They run in the workers."""

    read: Callable[[Any], Document]
    open_original: Callable[..., Original]
    ingest_version: str
    find_members: Callable[[Path], dict[str, Any]]


@dataclass(slots=True)
class Verdict:
    """What was checked, what is wrong, and what could not be checked and why."""

    documents: int = 0
    quotes: int = 0
    offsets: int = 0
    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, other: Verdict) -> None:
        self.documents += other.documents
        self.quotes += other.quotes
        self.offsets += other.offsets
        self.faults += other.faults
        self.notes += other.notes


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of a document that a record quotes; `quote` is None for a note's marker, whose words are the text's."""

    what: str
    start: int
    end: int
    quote: str | None
    source: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Task:
    """One document for a worker."""

    record: dict[str, Any]
    path: File
    places: list[Place]


def verify(export: Path, corpus: Path, engine: ProcessEngine, ways: Ways) -> Verdict:
    """Check the manifest, every record's form, what records name of each other, every quote against the original, and offsets
    where they can be.

    Raises VerifyError where the export cannot be read at all; everything else is a fault of the verdict.
    """
    verdict = Verdict()
    documents: dict[str, dict[str, Any]] = {}
    places: defaultdict[str, list[Place]] = defaultdict(list)
    held: set[tuple[str, str]] = set()  # records by kind and id, and all of them by id
    named: dict[tuple[str, str], str] = {}
    for record in _records(export, verdict):
        held |= {(record["kind"], record["id"]), (ANY, record["id"])}
        for reference in _references(record):
            named.setdefault(reference, f"{record['kind']} {record['id']}")
        if record["kind"] == "document":
            documents[record["id"]] = record
        for document, place in _places(record):
            places[document].append(place)
    verdict.documents = len(documents)
    verdict.faults += [
        f"{place.what}: its document {missing} is not in the export"
        for missing in places.keys() - documents.keys()
        for place in places[missing]
    ]
    verdict.faults += [
        f"{what} names the {kind} {number}, which is not in the export"
        for (kind, number), what in named.items()
        if (kind, number) not in held
    ]
    files = Files(corpus, engine, ways.find_members).find(documents.values())
    tasks = list(_tasks(documents, places, files, corpus, verdict))
    found = {
        task.record["id"]: _failed(task, result) if isinstance(result, Failure) else result
        for task, result in engine.map(partial(check_document, ways=ways), tasks)
    }
    for task in tasks:
        verdict.add(found[task.record["id"]])
    return verdict


def _failed(task: Task, failure: Failure) -> Verdict:
    return Verdict(faults=[f"{task.record['path']}: it could not be checked ({failure.code}): {failure.reason}"])


def _records(export: Path, verdict: Verdict) -> Iterator[dict[str, Any]]:
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


def _places(record: dict[str, Any]) -> Iterator[tuple[str, Place]]:
    """Every stretch of a document that a record quotes, with the document's id."""
    what = f"{record['kind']} {record.get('id')}"
    if record["kind"] == "mention":
        yield record["document"], Place(what, record["start"], record["end"], record["text"], record["source"])
    for note in record.get("notes", ()):
        for marker in note["markers"]:
            where = f"marker of note {note['n']} in list {note['list']}"
            yield record["id"], Place(where, marker["start"], marker["end"], None, marker["source"])
    evidence = list(record.get("evidence", ()))
    for part in (*record.get("names", ()), *record.get("values", ())):
        evidence += part["evidence"]
    if trigger := record.get("trigger"):
        yield (
            record["evidence"][0]["document"],
            Place(what, trigger["start"], trigger["end"], trigger["text"], trigger["source"]),
        )
    for each in evidence:
        yield each["document"], Place(what, each["start"], each["end"], each["quote"], each["source"])


def _references(part: Any) -> Iterator[tuple[str, str]]:
    """What a record, or a part of one, names by kind and id."""
    if isinstance(part, list):
        for each in part:
            yield from _references(each)
    elif isinstance(part, dict):
        for name, value in part.items():
            if isinstance(value, str):
                if name in REFERENCES:
                    yield REFERENCES[name], value
            elif name == "works":
                yield from (("work", work) for work in value)
            else:
                yield from _references(value)


def _tasks(
    documents: dict[str, dict[str, Any]],
    places: dict[str, list[Place]],
    files: dict[str, File],
    corpus: Path,
    verdict: Verdict,
) -> Iterator[Task]:
    for number, record in documents.items():
        if number in files:
            yield Task(record, files[number], places.get(number, []))
        else:
            verdict.faults.append(f"{record['path']}: no file with sha256 {record['sha256'][:12]}... under {corpus}")


# ------------------------------------------------------------------ in the worker


def check_document(task: Task, ways: Ways) -> Verdict:
    """Look every quote of one document up in its file. Raises InputError where that does not open."""
    verdict = Verdict()
    record = task.record
    original = ways.open_original(task.path.read_bytes(), record["media_type"], record["encoding"])
    text = _read_again(task, ways, original, verdict)
    unread = 0
    for place in task.places:
        quote = place.quote
        if quote is None:
            if text is None:
                continue
            quote = text[place.start : place.end]
        words = original.reads(place.source, quote)
        if words is not None and original.gap(place.source):
            unread += 1
            continue
        if words is not None:
            where = original.where(place.source)
            verdict.faults.append(f"{place.what}: {record['path']}, {where}, reads {words!r}, the export {quote!r}")
        verdict.quotes += 1
        if text is None:
            continue
        if text[place.start : place.end] != quote:
            verdict.faults.append(
                f"{place.what}: characters {place.start}-{place.end} of the text of {record['path']} read "
                f"{text[place.start : place.end]!r}, the export {quote!r}"
            )
        verdict.offsets += 1
    if unread:
        verdict.notes.append(f"{record['path']}: {unread} quotes not checked, for {original.gap()}; {WITH_OCR}")
    return verdict


def _read_again(task: Task, ways: Ways, original: Original, verdict: Verdict) -> str | None:
    """The text of the document as it was read, where this version reads it the same way."""
    record = task.record
    path = record["path"]
    if record["ingest"] != ways.ingest_version:
        verdict.notes.append(
            f"{path}: offsets not checked, it was ingested by version {record['ingest']}, this is {ways.ingest_version}"
        )
        return None
    try:
        again = ways.read(task.path)
    except DossierError as error:
        verdict.faults.append(f"{path}: it does not read any more: {error}")
        return None
    if again.text_sha256 != record["text_sha256"] and (gap := original.gap()):
        verdict.notes.append(f"{path}: offsets not checked, for {gap}; {WITH_OCR}")
        return None
    if again.text_sha256 != record["text_sha256"]:
        verdict.faults.append(f"{path}: its text has sha256 {again.text_sha256[:12]}..., the export says "
                              f"{record['text_sha256'][:12]}...")  # fmt: skip
        return None
    return again.text
