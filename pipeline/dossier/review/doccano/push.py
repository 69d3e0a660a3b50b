"""Sending documents to a doccano: a project with our labels and relation types, texts with marks, all compared afterwards."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from dossier.errors import RemoteError, UsageError
from dossier.records import Document
from dossier.resources import configs_folders
from dossier.review.doccano.remote import Remote, Row
from dossier.review.doccano.rows import Seen, Sheet, add_arcs, add_marks, read_row
from dossier.schema import Schema, load_schema
from dossier.store.curated import Curated
from dossier.store.db import Store
from dossier.store.doccano import (
    Example,
    Item,
    Place,
    drop_examples,
    load_examples,
    load_project,
    save_project,
    save_sent,
)
from dossier.store.documents import load_document
from dossier.store.verdicts import LOST

FILE_BYTES = 32 << 20  # of one upload
WHITE, BLACK = "#ffffff", "#000000"
# dark enough for white words, and apart from each other for most eyes
COLOURS = (
    "#1b5e9b", "#9b3d12", "#1f6b3a", "#6a3d9a", "#8a1c4a", "#4d5a00", "#00646e", "#7a4f00", "#40407a", "#8c2f2f", "#2f5f5f",
    "#5c4033", "#004d80", "#556b2f", "#702963", "#3b3b3b",
)  # fmt: skip
PROJECT = {
    "project_type": "SequenceLabeling", "resourcetype": "SequenceLabelingProject", "use_relation": True,
    "allow_overlapping": False, "grapheme_mode": False, "collaborative_annotation": True, "random_order": False, "tags": [],
}  # fmt: skip
GUIDELINE = (
    "Marks are proposals of dossier. Take a wrong one away, move or rename one that is nearly right, add what is missing, "
    "and confirm the document when all of it was read: only then does a mark that is gone count as rejected."
)
Say = Callable[[str], None]


@dataclass(slots=True)
class Pushed:
    """What came of a push. `there`: documents that had been sent before; `left_out`: relations that could not be drawn."""

    project: int
    documents: int = 0
    marks: int = 0
    arcs: int = 0
    there: int = 0
    left_out: int = 0


def push(store: Store, remote: Remote, name: str, documents: Sequence[str], say: Say) -> Pushed:
    """Send documents, by id, to the project `name`, which is made when it is missing. Sent before, they are left alone."""
    schema = load_schema(configs_folders(store.folder / "configs"))
    place = Place(remote.url, _project(store, remote, name, schema))
    known = {one.document: one for one in load_examples(store, place)}
    there = list(remote.pages(f"/v1/projects/{place.project}/examples"))
    numbers = {row["id"] for row in there}
    gone = [one for one in known.values() if one.number not in numbers]
    drop_examples(store, place, [one.number for one in gone])
    wanted = [each for each in documents if each not in known or known[each] in gone]
    done = Pushed(place.project, there=len(documents) - len(wanted))
    sheets = {sheet.document: sheet for sheet in make_sheets(store, wanted)}
    done.left_out = sum(sheet.left_out for sheet in sheets.values())
    left = _settle(store, remote, place, sheets, [row for row in there if _id_of(row) in sheets], schema)
    for part in _parts([sheets[each] for each in left]):
        say(f"sending {len(part)} documents")
        _send(store, remote, place, part, schema)
    done.documents = len(sheets)
    done.marks = sum(len(sheet.marks) for sheet in sheets.values())
    done.arcs = sum(len(sheet.arcs) for sheet in sheets.values())
    return done


# ------------------------------------------------------------------ what is sent


def make_sheets(store: Store, documents: Iterable[str]) -> Iterator[Sheet]:
    """The documents as they stand here: what was rejected is left out, what was edited or added goes as it is now."""
    for each in documents:
        curated = Curated(store, each)
        marks, relations = (
            [{**item.record, "id": item.target} for item in curated.items(kind) if item.state not in ("rejected", LOST)]
            for kind in ("mention", "relation")
        )
        yield make_sheet(load_document(store, each), marks, relations)


def make_sheet(document: Document, mentions: Sequence[Row], relations: Iterable[Row]) -> Sheet:
    if not document.text.strip():
        raise UsageError(f"{document.id} has no text; doccano takes none without")
    sheet = Sheet(document.id, document.title or "", document.text, document.text_sha256)
    try:
        add_marks(sheet, mentions)
    except ValueError as error:
        raise UsageError(f"{error}; reject one of them before it is sent") from error
    add_arcs(sheet, mentions, relations)
    return sheet


def _parts(sheets: Sequence[Sheet]) -> Iterator[list[Sheet]]:
    part: list[Sheet] = []
    size = 0
    for sheet in sheets:
        if part and size + len(sheet.text) > FILE_BYTES // 4:
            yield part
            part, size = [], 0
        part.append(sheet)
        size += len(sheet.text)
    if part:
        yield part


# ------------------------------------------------------------------ the project


def _project(store: Store, remote: Remote, name: str, schema: Schema) -> int:
    number = load_project(store, remote.url, name)
    if number is None:
        made = remote.post(
            "/v1/projects", {"name": name, "description": "Made by dossier.", "guideline": GUIDELINE, **PROJECT}
        )
        number = made.get("id") if isinstance(made, dict) else None
        if not isinstance(number, int):
            raise RemoteError(f"{remote.url}: the new project has no number; is it a doccano 1.8?")
        save_project(store, Place(remote.url, number), name)
    _check_project(remote, number, name)
    _add_types(remote, f"/v1/projects/{number}/span-types", schema.labels)
    _add_types(remote, f"/v1/projects/{number}/relation-types", schema.relations)
    return number


def _check_project(remote: Remote, number: int, name: str) -> None:
    """Raise RemoteError where the settings of a project would spoil what is sent."""
    found = remote.get(f"/v1/projects/{number}")
    if not isinstance(found, dict):
        raise RemoteError(f"{remote.url}: project {number} does not read; is it a doccano 1.8?")
    for setting, wanted in PROJECT.items():
        if setting not in ("tags", "random_order") and found.get(setting, wanted) != wanted:
            raise RemoteError(
                f"{remote.url}: project {number} {name!r} has {setting} {found[setting]!r}; it must be {wanted!r}, "
                "or marks would not come back as they are; name another project with --project"
            )


def _add_types(remote: Remote, path: str, names: Iterable[str]) -> None:
    there = {row.get("text") for row in remote.rows(path)}
    for number, name in enumerate(names):
        if name not in there:
            colour = COLOURS[number % len(COLOURS)]
            remote.post(
                path,
                {"text": name, "background_color": colour, "text_color": WHITE, "prefix_key": None, "suffix_key": None},
            )


# ------------------------------------------------------------------ sending, and looking at what came


def _send(store: Store, remote: Remote, place: Place, sheets: Sequence[Sheet], schema: Schema) -> None:
    """Send some documents and compare. What does not stand there as it was sent is deleted there, and said."""
    token = uuid.uuid4().hex
    body = b"\n".join(orjson.dumps(sheet.row(token)) for sheet in sheets)
    by_id = {sheet.document: sheet for sheet in sheets}
    try:
        upload = remote.put_file("dossier.jsonl", body)
        asked = remote.post(
            f"/v1/projects/{place.project}/upload",
            {"format": "JSONL", "task": "RelationExtraction", "uploadIds": [upload], "encoding": "utf_8"},
        )
        result = remote.wait(asked.get("task_id") if isinstance(asked, dict) else None, "the upload")
        errors = result.get("error") if isinstance(result, dict) else None
        if errors:
            raise RemoteError(f"{remote.url} refuses {len(errors)} rows: {json.dumps(errors)[:300]}")
        export = remote.begin_export(place.project)  # it takes the server longer than the list does
        rows = [row for row in remote.pages(f"/v1/projects/{place.project}/examples") if _id_of(row) in by_id]
        missing = _settle(store, remote, place, by_id, rows, schema, export)
        if missing:
            raise RemoteError(
                f"{remote.url} took {len(missing)} documents otherwise than they were sent, {missing[0]} for one"
            )
    except BaseException as error:
        left = _clean_up(remote, place, token)
        if left:
            raise RemoteError(
                f"{error}; {left} documents that were sent are still there; push again, and they are looked after"
            ) from error
        raise


def _clean_up(remote: Remote, place: Place, token: str) -> int:
    """Delete what a push that failed has left; how many documents could not be deleted."""
    rows: list[Row] = []
    try:
        rows = [row for row in remote.pages(f"/v1/projects/{place.project}/examples") if _token_of(row) == token]
        remote.delete_examples(place.project, [row["id"] for row in rows])
    except RemoteError:
        return max(1, len(rows))
    return 0


def _settle(
    store: Store,
    remote: Remote,
    place: Place,
    sheets: dict[str, Sheet],
    rows: Sequence[Row],
    schema: Schema,
    export: Any = None,
) -> list[str]:
    """Note the examples that stand there as the sheets say, and delete other copies of them; the documents that have none.

    export: the task of one that was begun after the sheets were sent.
    Raises RemoteError, and deletes nothing, where somebody has confirmed a copy that reads otherwise.
    """
    if not rows:
        return list(sheets)
    task = remote.begin_export(place.project) if export is None else export
    exported = {row.get("id"): row for row in remote.fetch_export(place.project, task)}
    good: dict[str, tuple[Example, list[Item]]] = {}
    bad: list[int] = []
    for row in rows:
        document = _id_of(row)
        items = _items(sheets[document], row["id"], exported.get(row["id"]), schema) if document not in good else None
        if items is not None:
            good[document] = Example(row["id"], document, sheets[document].text_sha256), items
        elif row.get("is_confirmed"):
            raise RemoteError(
                f"{remote.url}: example {row['id']} holds {document} in another form than here, and somebody has confirmed it; "
                "delete it there, or push to another project with --project"
            )
        else:
            bad.append(row["id"])
    remote.delete_examples(place.project, bad)
    save_sent(store, place, [one for one, _ in good.values()], [item for _, items in good.values() for item in items])
    return [each for each in sheets if each not in good]


def _items(sheet: Sheet, number: int, row: Row | None, schema: Schema) -> list[Item] | None:
    """What stands there for each mark and relation of a sheet; None where it is not just these."""
    if row is None:
        return None
    try:
        seen = read_row(row, sheet.text, frozenset(schema.labels), frozenset(schema.relations), sheet.document)
    except RemoteError:
        return None
    spans = {(span.start, span.end, label): each for each, (span, label) in seen.spans.items()}
    marks = {mark.target: spans.get((mark.start, mark.end, mark.label)) for mark in sheet.marks}
    arcs = {one: each for each, one in seen.arcs.items()}
    drawn = {arc.target: arcs.get((arc.type, marks[arc.subject] or 0, marks[arc.object] or 0)) for arc in sheet.arcs}
    whole = len(seen.spans) == len(sheet.marks) and len(seen.arcs) == len(sheet.arcs)
    if not whole or None in marks.values() or None in drawn.values():
        return None
    states = states_of(seen)
    found = [("mention", target, each) for target, each in marks.items()] + [
        ("relation", t, each) for t, each in drawn.items()
    ]
    return [
        Item(kind, each, number, target, states[kind, each], states[kind, each])
        for kind, target, each in found
        if each is not None
    ]


def states_of(seen: Seen) -> dict[tuple[str, int], str]:
    """How each span and relation stands, as JSON, by kind and number."""
    states = {
        ("mention", each): orjson.dumps([span.start, span.end, label]).decode()
        for each, (span, label) in seen.spans.items()
    }
    return states | {("relation", each): orjson.dumps(list(arc)).decode() for each, arc in seen.arcs.items()}


def _id_of(row: Row) -> str:
    meta = row.get("meta")
    return str(meta.get("doc_id")) if isinstance(meta, dict) else ""


def _token_of(row: Row) -> Any:
    meta = row.get("meta")
    source = meta.get("src") if isinstance(meta, dict) else None
    return source.get("push") if isinstance(source, dict) else None
