"""The one traversal that feeds every format: the records of a workspace, in their order, with their review."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from dossier import __version__
from dossier.contract import SCHEMA_VERSION
from dossier.records import Document, Note
from dossier.source_map import SourceMap, open_map
from dossier.store import verdicts
from dossier.store.chain import iter_decisions
from dossier.store.copies import Kin, load_kin
from dossier.store.curated import Curated, Item
from dossier.store.db import Store
from dossier.store.documents import document_paths, iter_documents
from dossier.store.identity import join
from dossier.store.proposals import KINDS, iter_proposals, pipelines_in_use
from dossier.store.targets import place_all
from dossier.store.worth import entities_of

OUT = frozenset(("accepted", "edited", "added"))  # the states of what people stand behind
PENDING = {"state": "pending", "by": None, "at": None}


@dataclass(frozen=True, slots=True)
class Options:
    """`pending`: proposals that nobody ruled on go out too, marked; otherwise only what people accepted."""

    pending: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """One document with what goes out of it: `records` by kind, each with its `review`, in the order of the text."""

    path: str
    document: Document
    records: dict[str, list[dict[str, Any]]]


def iter_records(store: Store, options: Options) -> Iterator[dict[str, Any]]:
    """Every record of the contract but the manifest: documents, works, then the proposals by kind, by document."""
    works: dict[str, dict[str, Any]] = {}
    kin = load_kin(store)
    for path, document in iter_documents(store):
        yield document_record(path, document, kin.get(document.id, Kin()))
        for work in document.works:
            works.setdefault(work.id, {"kind": "work", **asdict(work)})
    yield from (works[work] for work in sorted(works))
    place_all(store)
    ruled = {document for (document,) in store.rows("SELECT DISTINCT document FROM vote")}
    for kind in KINDS:
        held: dict[str, list[Item]] = {}  # entities that are one in several documents, until all of them were seen
        shared = _merged_into(store) if kind == "entity" else set()
        for document_id in document_paths(store):
            if document_id in ruled:
                for item in _shown(Curated(store, document_id), kind, options):
                    if item.record["id"] in shared:
                        held.setdefault(item.record["id"], []).append(item)
                    else:
                        yield _reviewed(kind, item.record, item.review)
            elif options.pending:
                for record in iter_proposals(store, kind, document_id):
                    yield _reviewed(kind, record, PENDING)
        for number in sorted(held):
            yield _joined(number, held[number])


def iter_reports(store: Store, options: Options) -> Iterator[Report]:
    """The same records by document, in the order of the paths; one document at a time is in memory."""
    place_all(store)
    for path, document in iter_documents(store):
        yield _report(store, path, document, options)


def read_report(store: Store, path: str, document: Document, options: Options) -> Report:
    """One document with its records."""
    place_all(store)
    return _report(store, path, document, options)


def _report(store: Store, path: str, document: Document, options: Options) -> Report:
    curated = Curated(store, document.id)
    records = {
        kind: [_reviewed(kind, item.record, item.review) for item in _shown(curated, kind, options)] for kind in KINDS
    }
    return Report(path, document, records)


def _shown(curated: Curated, kind: str, options: Options) -> Iterator[Item]:
    """What goes out of a document: what was accepted, edited or added; what waits, where that is asked for; and entities that
    nobody ruled on but that something that goes out names, marked as they stand."""
    named = _named(curated) if kind == "entity" and not options.pending else set()
    seen = set()
    for item in curated.items(kind):
        waits = item.state in (verdicts.PENDING, verdicts.DISPUTED) and item.proposed
        out = item.state in OUT or (waits and (options.pending or item.record["id"] in named))
        if out and item.record["id"] not in seen:
            seen.add(item.record["id"])
            yield item


def _named(curated: Curated) -> set[str]:
    """The entities that what was accepted of a document names."""
    return {
        entity
        for kind in ("mention", "relation", "event")
        for item in curated.items(kind)
        if item.state in OUT
        for entity in entities_of(item.record)
    }


def _merged_into(store: Store) -> set[str]:
    """The entities that others were merged into."""
    rows = iter_decisions(store, "JOIN vote v ON v.decision = d.id WHERE v.kind = 'same' AND d.ruling = 'merge'")
    return {str(row.says().get("into")) for row in rows}


def _joined(number: str, items: list[Item]) -> dict[str, Any]:
    """One entity of several documents; the ruling on the one that gave it its id comes first."""
    first = min(items, key=lambda item: (item.target != number, item.state not in OUT))
    name = first.record["name"]
    record = {**join([item.record for item in items], number), "name": name}
    return _reviewed("entity", record, first.review)


def _reviewed(kind: str, record: dict[str, Any], review: dict[str, Any]) -> dict[str, Any]:
    record = {"kind": kind, **record, "review": review}
    if kind == "entity":
        record["names"] = [{**name, "review": review} for name in record["names"]]
    return record


def make_manifest(store: Store, options: Options, *, counts: dict[str, int], sha256: str) -> dict[str, Any]:
    """The first line of an export; `sha256` is that of the bytes that follow it."""
    used = pipelines_in_use(store)
    return {
        "kind": "manifest",
        "schema": SCHEMA_VERSION,
        "dossier": __version__,
        "model": [each["model"] for each in used],
        "configs": [each["configs"] for each in used],
        "counts": counts,
        "proposals": account(store),
        "include": "pending" if options.pending else "accepted",
        "sha256": sha256,
    }


def account(store: Store) -> dict[str, int]:
    """How the proposals stand: proposed = accepted + edited + rejected + pending + superseded. Apart: what people `added`;
    what they ruled on and no component proposes any more, but stands (`kept`); of the pending, what reviewers rule differently
    on (`disputed`); rulings whose place was not found again (`lost`)."""
    place_all(store)
    stands: Counter[str] = Counter()
    apart: Counter[str] = Counter()
    for state, proposed, number in store.rows(
        "SELECT state, proposed, sum(n) FROM tally WHERE document = '' GROUP BY 1, 2"
    ):
        (stands if proposed else apart)[state] += number
    superseded = store.one(
        "SELECT count(*) FROM proposal WHERE superseded = 1 AND document IN (SELECT document FROM input)"
    )
    settled = {state: stands[state] for state in ("accepted", "edited", "rejected")}
    return {
        "proposed": stands.total() + superseded,
        **settled,
        "pending": stands.total() - sum(settled.values()),
        "superseded": superseded,
        "added": apart["added"],
        "kept": apart["accepted"] + apart["edited"],
        "disputed": stands["disputed"] + apart["disputed"],
        "lost": apart["lost"],
    }


def document_record(path: str, document: Document, kin: Kin) -> dict[str, Any]:
    offsets = open_map(document.offsets)
    return {
        "kind": "document",
        "path": path,
        **{name: getattr(document, name) for name in (
            "id", "sha256", "media_type", "encoding", "title", "date", "publisher", "url", "reliability", "pages",
            "language", "ingest",
        )},
        "sections": [section._asdict() for section in document.sections],
        "notes": [_note_record(note, offsets) for note in document.notes],
        "text_sha256": document.text_sha256,
        "same_as": kin.same_as,
        "supersedes": kin.supersedes,
    }  # fmt: skip


def _note_record(note: Note, offsets: SourceMap) -> dict[str, Any]:
    return {
        "list": note.list,
        "n": note.n,
        "text": note.text,
        "work": note.works[0] if note.works else None,
        "works": list(note.works),
        "markers": [{"start": m.start, "end": m.end, "source": offsets.source(m.start, m.end)} for m in note.markers],
    }
