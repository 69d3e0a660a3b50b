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
from dossier.store.copies import Kin, load_kin
from dossier.store.db import Store
from dossier.store.decisions import Decision, load_rulings
from dossier.store.documents import document_paths, iter_documents
from dossier.store.proposals import KINDS, count_proposals, iter_proposals, pipelines_in_use

STATES = {"accept": "accepted", "edit": "edited", "reject": "rejected"}
PENDING = {"state": "pending", "by": None, "at": None}
WITHOUT_REVIEW = frozenset({"absence"})


@dataclass(frozen=True, slots=True)
class Options:
    """`pending`: proposals that nobody ruled on go out too, marked; otherwise only what people accepted."""

    pending: bool = False


def iter_records(store: Store, options: Options) -> Iterator[dict[str, Any]]:
    """Every record of the contract but the manifest: documents, works, then the proposals by kind, by document."""
    works: dict[str, dict[str, Any]] = {}
    kin = load_kin(store)
    for path, document in iter_documents(store):
        yield document_record(path, document, kin.get(document.id, Kin()))
        for work in document.works:
            works.setdefault(work.id, {"kind": "work", **asdict(work)})
    yield from (works[work] for work in sorted(works))
    rulings = load_rulings(store)
    for kind in KINDS:
        for document_id in document_paths(store):
            for record in iter_proposals(store, kind, document_id):
                reviewed = _reviewed(kind, record, rulings.get(record["id"]), options)
                if reviewed is not None:
                    yield reviewed


def _reviewed(kind: str, record: dict[str, Any], ruling: Decision | None, options: Options) -> dict[str, Any] | None:
    review = PENDING
    if ruling is not None and ruling.ruling in STATES:
        review = {"state": STATES[ruling.ruling], "by": ruling.user, "at": ruling.made_at}
    shown = ("accepted", "edited", "pending") if options.pending else ("accepted", "edited")
    if review["state"] not in shown:
        return None
    record = {"kind": kind, **record}
    if kind not in WITHOUT_REVIEW:
        record["review"] = review
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
    """How the proposals stand: proposed = accepted + edited + rejected + pending + superseded; added apart."""
    rulings = load_rulings(store)
    states: Counter[str] = Counter()
    proposed, superseded, ruled_ids = count_proposals(store)
    for proposal in ruled_ids:
        ruling = rulings.get(proposal)
        if ruling is not None and ruling.ruling in STATES:
            states[STATES[ruling.ruling]] += 1
    pending = proposed - superseded - sum(states.values())
    added = sum(1 for ruling in rulings.values() if ruling.ruling == "add")
    return {
        "proposed": proposed,
        **{state: states[state] for state in ("accepted", "edited", "rejected")},
        "pending": pending,
        "superseded": superseded,
        "added": added,
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
