"""Plain reads and rulings over the store, until `dossier.review.desk` is there. Not for many reviewers."""

from __future__ import annotations

from typing import Any

import orjson

from dossier.records import make_id
from dossier.store.db import Store
from dossier.store.decisions import append, load_rulings
from dossier.store.documents import document_paths, load_document
from dossier.store.proposals import KINDS, iter_proposals

STATES = {"accept": "accepted", "edit": "edited", "reject": "rejected", "add": "added"}


class InterimDesk:
    def __init__(self, store: Store) -> None:
        self._store = store

    def queue(self, filters: dict[str, Any], cursor: str | None, limit: int) -> dict[str, Any]:
        rulings, paths = load_rulings(self._store), document_paths(self._store)
        items: list[dict[str, Any]] = []
        after = int(cursor or 0)
        where = "superseded = 0 AND confidence IS NOT NULL"
        total = self._store.one(f"SELECT count(*) FROM proposal WHERE {where}")
        rows = self._store.rows(
            f"SELECT document, kind, id, label, confidence, record FROM proposal WHERE {where} ORDER BY confidence, id "
            "LIMIT ? OFFSET ?",
            (limit, after),
        )
        for document, kind, id_, label, confidence, record in rows:
            said = orjson.loads(record)
            text = self._store.one("SELECT text FROM document WHERE id = ?", (document,))
            span = said if "start" in said and "end" in said and isinstance(said["start"], int) else None
            if span is None:
                span = (said.get("evidence") or [{}])[0]
            start, end = span.get("start"), span.get("end")
            found = rulings.get(id_)
            has = isinstance(start, int) and isinstance(end, int)
            items.append(
                {"target": id_, "kind": kind, "label": label, "confidence": confidence, "why": ["low confidence"],
                 "text": text[start:end] if has else said.get("name"),
                 "before": text[max(0, start - 60):start] if has else "", "after": text[end:end + 60] if has else "",
                 "state": STATES.get(found.ruling, "pending") if found else "pending", "by": found and found.user,
                 "document": {"id": document, "path": paths.get(document), "title": None}, "start": start, "end": end,
                 "revision": found.id if found else 0}
            )  # fmt: skip
        return {"items": items, "next": str(after + limit) if after + limit < total else None, "total": total}

    def documents(self, filters: dict[str, Any], cursor: str | None, limit: int) -> dict[str, Any]:
        found = list(document_paths(self._store).items())
        after = int(cursor or 0)
        items: list[dict[str, Any]] = []
        for id_, path in found[after : after + limit]:
            document = load_document(self._store, id_)
            count = self._store.one("SELECT count(*) FROM proposal WHERE document = ? AND superseded = 0", (id_,))
            items.append(
                {"id": id_, "path": path, "title": document.title, "date": document.date, "pages": document.pages,
                 "media_type": document.media_type, "minutes": 0, "assigned": [], "finished": False,
                 "counts": {"proposed": count, "pending": count, "accepted": 0, "edited": 0, "rejected": 0, "added": 0,
                            "disputed": 0}}
            )  # fmt: skip
        more = after + limit < len(found)
        return {"items": items, "next": str(after + limit) if more else None, "total": len(found)}

    def progress(self) -> dict[str, Any]:
        return {"counts": {}, "documents": len(document_paths(self._store)), "finished": 0,
                "minutes": {"by_user": {}, "by_document": {}, "by_profile": {}}}  # fmt: skip

    def document(self, id_: str) -> dict[str, Any]:
        document = load_document(self._store, id_)
        return {
            "id": id_, "path": document_paths(self._store).get(id_), "title": document.title, "date": document.date,
            "publisher": document.publisher, "media_type": document.media_type, "pages": document.pages,
            "language": document.language, "length": len(document.text),
            "blocks": [list(block) for block in document.blocks],
            "sections": [section._asdict() for section in document.sections],
            "notes": [{"list": n.list, "n": n.n, "start": n.start, "end": n.end, "text": n.text,
                       "works": list(n.works), "markers": [list(m) for m in n.markers]} for n in document.notes],
            "revision": self._revision(), "finished": False,
        }  # fmt: skip

    def text(self, id_: str) -> str:
        return load_document(self._store, id_).text

    def records(self, id_: str, user: str) -> dict[str, Any]:
        load_document(self._store, id_)
        rulings = load_rulings(self._store)
        found: dict[str, Any] = {"revision": self._revision()}
        for kind, name in KINDS.items():
            found[name] = [
                self._shown(each, rulings.get(each["id"])) for each in iter_proposals(self._store, kind, id_)
            ]
        return {**found, "comments": [], "lost": []}

    def _shown(self, record: dict[str, Any], ruling: Any) -> dict[str, Any]:
        said = orjson.loads(ruling.record) if ruling else {}
        said.pop("anchor", None)
        state = STATES.get(ruling.ruling, "pending") if ruling else "pending"
        review = {"state": state, "by": ruling and ruling.user, "at": ruling and ruling.made_at}
        return {
            **record,
            **said,
            "target": record["id"],
            "state": state,
            "revision": ruling.id if ruling else 0,
            "review": review,
        }

    def _revision(self) -> int:
        return int(self._store.one("SELECT max(id) FROM decision") or 0)

    def rule(
        self, user: str, request: str, changes: list[dict[str, Any]], comment: str | None = None
    ) -> dict[str, Any]:
        done, records = [], []
        for number, change in enumerate(changes):
            target = change.get("target") or make_id("a", request, number)
            made = append(
                self._store, kind=change["kind"], key=target, ruling=change["ruling"], proposal=target, user=user,
                record=orjson.dumps(change.get("record") or {}).decode(),
            )  # fmt: skip
            done.append(made.id)
            row = self._store.one("SELECT record FROM proposal WHERE id = ?", (target,))
            records.append(self._shown(orjson.loads(row) if row else {"id": target}, made))
        return {"group": request, "decisions": done, "revision": self._revision(), "records": records, "removed": []}

    def changes(self, since: int, document: str | None = None, limit: int = 500) -> dict[str, Any]:
        rows = self._store.rows(
            "SELECT id, kind, key, ruling, user, made_at FROM decision WHERE id > ? ORDER BY id LIMIT ?", (since, limit)
        )
        names = ("decision", "kind", "target", "ruling", "by", "at")
        found = [dict(zip(names, row, strict=True)) for row in rows]
        return {"revision": found[-1]["decision"] if found else max(since, 0), "changes": found}
