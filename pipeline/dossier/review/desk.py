"""The desk: everything that the review page and other ways of reviewing ask for. One for each connection.

A call that changes something is one transaction, and on the disk when it returns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from dossier.errors import UsageError
from dossier.review.agreement import agreement
from dossier.review.fields import Target, find_target
from dossier.review.rows import WHOLE, Rows
from dossier.store import queue, work
from dossier.store.chain import Decision, New, iter_decisions
from dossier.store.curated import Curated, Item
from dossier.store.db import Store
from dossier.store.decisions import comments, last_group, opposite, record, record_all
from dossier.store.documents import load_document
from dossier.store.targets import place_all
from dossier.store.verdicts import COMMENT, says

Answer = dict[str, Any]
LISTS = {"mention": "mentions", "entity": "entities", "relation": "relations", "event": "events", "conflict": "conflicts",
         "absence": "absences"}  # fmt: skip
MOST_IDENTICAL = 5000
SHOWN = 200  # records that come with the changes of one answer
WORDS = {"accept": "accept of", "reject": "reject of", "edit": "change of", "add": "addition of", "comment": "comment on",
         "merge": "merge of", "split": "split of", "finish": "finishing of", "reopen": "reopening of"}  # fmt: skip


class Stale(UsageError):
    """Somebody ruled on what was being ruled on. `stale`: the targets, each with what was sent and what stands."""

    def __init__(self, stale: list[Answer]) -> None:
        names = ", ".join(str(each["target"]) for each in stale[:5])
        super().__init__(f"{len(stale)} changed since you saw them ({names}); look at both versions and rule again")
        self.stale = stale


class Desk:
    """Reads and rules in one workspace."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._agreement: tuple[int, Answer] | None = None
        place_all(store)

    # ------------------------------------------------------------ lists

    def queue(self, filters: Mapping[str, Any], cursor: str | None = None, limit: int = 50) -> Answer:
        """What waits, the doubtful and the consequential first: items, the cursor of the next page, the total."""
        return queue.page(self.store, queue.Filters.of(dict(filters)), cursor, limit)

    def documents(self, filters: Mapping[str, Any], cursor: str | None = None, limit: int = 50) -> Answer:
        return queue.documents(self.store, dict(filters), cursor, limit)

    def progress(self) -> Answer:
        """How far everything is, and what it took."""
        documents, finished = self.store.db.execute(
            "SELECT count(*), coalesce(sum(finished), 0) FROM shelf WHERE standing = 1"
        ).fetchone() or (0, 0)
        return {"counts": queue.counts(self.store), "documents": documents, "finished": finished,
                "minutes": work.minutes(self.store)}  # fmt: skip

    def identical(self, document: str | None, target: str) -> list[Answer]:
        """The pending mentions of the same words and label as a target, itself included where it waits."""
        found = self._find(target)
        label, text = self.store.db.execute(
            "SELECT label, text FROM target WHERE target = ?", (found.target,)
        ).fetchone()  # type: ignore[misc]
        where = ("JOIN target_words w ON w.rowid = t.seq WHERE target_words MATCH ? AND t.state = 'pending' AND "
                 "t.kind = 'mention' AND t.label = ? AND t.text = ?")  # fmt: skip
        bindings: tuple[Any, ...] = (queue.words_query(text, prefix=False), label, text)
        if document is not None:
            where, bindings = where + " AND t.document = ?", (*bindings, document)
        order = " ORDER BY t.document, t.start LIMIT ?"
        return queue.show(self.store, queue.find(self.store, where + order, (*bindings, MOST_IDENTICAL)))

    def disagreements(self, filters: Mapping[str, Any], cursor: str | None = None, limit: int = 50) -> Answer:
        """What reviewers rule differently on, with everybody's version; with the first page, how far they agree on mentions."""
        page = self.queue({**filters, "state": "disputed"}, cursor, limit)
        for item in page["items"]:
            found = self._find(item["target"])
            item["versions"] = [self._version(vote) for vote in self._votes(found)]
        if cursor is None:
            measured = self.agreement()["mention"]
            alphas = {label: one["alpha"] for label, one in measured["by_label"].items()}
            page["agreement"] = {"alpha": {"all": measured["alpha"], **alphas}, "f1": measured["f1"]}
        return page

    def agreement(self) -> Answer:
        """How far reviewers agree, by kind and label; measured anew when there are new decisions."""
        revision = self.store.one("SELECT max(id) FROM decision") or 0
        if self._agreement is None or self._agreement[0] != revision:
            self._agreement = revision, agreement(self.store)
        return self._agreement[1]

    # ------------------------------------------------------------ one document

    def document(self, id_: str) -> Answer:
        document = load_document(self.store, id_)
        row = self.store.db.execute("SELECT path, finished, seconds FROM shelf WHERE document = ?", (id_,)).fetchone()
        path, finished, seconds = row or (None, 0, 0)
        return {
            "id": id_, "path": path, "title": document.title, "date": document.date, "publisher": document.publisher,
            "media_type": document.media_type, "pages": document.pages, "language": document.language,
            "length": len(document.text), "blocks": [list(block) for block in document.blocks],
            "sections": [section._asdict() for section in document.sections],
            "notes": [{"list": n.list, "n": n.n, "start": n.start, "end": n.end, "text": n.text, "works": list(n.works),
                       "markers": [list(m) for m in n.markers]} for n in document.notes],
            "revision": self.revision(id_), "finished": bool(finished), "minutes": round(seconds / 60, 1),
        }  # fmt: skip

    def text(self, id_: str) -> str:
        return load_document(self.store, id_).text

    def revision(self, document: str) -> int:
        """The last decision that bears on a document."""
        rows = self.store.one("SELECT max(revision) FROM target WHERE document = ?", (document,)) or 0
        whole = self.store.one("SELECT max(id) FROM decision WHERE kind = 'document' AND key = ?", (document,)) or 0
        return max(int(rows), int(whole))

    def records(self, id_: str, user: str) -> Answer:
        """Everything found in a document as it stands: for a reviewer who is to mark it blindly, with their rulings only."""
        load_document(self.store, id_)
        seen = self._seen(id_, user)
        found: Answer = {"revision": self.revision(id_), "lost": []}
        for kind, name in LISTS.items():
            items = seen.items(kind)
            found[name] = [show(item) for item in once(items) if item.state != "lost"]
            found["lost"] += [show(item) for item in items if item.state == "lost"]
        found["comments"] = [
            {"target": self._target_of(row), "kind": row.kind, "text": row.says().get("text", ""), "by": row.user,
             "at": row.made_at, "decision": row.id}
            for row in comments(self.store, id_)
        ]  # fmt: skip
        return found

    def changes(self, since: int, document: str | None = None, limit: int = 500, user: str | None = None) -> Answer:
        """The decisions after one, for a live view; with a document its own, and the records they changed.

        user: who looks; of documents that they are to mark blindly they see their own.
        """
        where, bindings = "WHERE d.id > ?", (since,)
        if document is not None:
            where, bindings = where + " AND s.document = ?", (since, document)  # type: ignore[assignment]
        rows = list(iter_decisions(self.store, f"{where} ORDER BY d.id LIMIT ?", (*bindings, limit)))
        last = rows[-1].id if rows else self.store.one("SELECT max(id) FROM decision") or 0
        told = {row.id: self.store.one("SELECT document FROM said WHERE digest = ?", (row.said,)) for row in rows}
        if user is not None:
            blind = {each for each in {document, *told.values()} if each and work.is_blind(self.store, each, user)}
            rows = [row for row in rows if row.user == user or not blind & {document, told[row.id]}]
        found = [
            {"decision": row.id, "kind": row.kind, "target": self._target_of(row), "ruling": row.ruling, "by": row.user,
             "at": row.made_at, "document": told[row.id]}
            for row in rows
        ]  # fmt: skip
        if document is not None and rows:
            records = {item["target"]: item for item in self._changed(rows, user)[0]}
            for each in found:
                if each["target"] in records:
                    each["record"] = records[each["target"]]
        return {"revision": max(last, since), "changes": found}

    def _seen(self, document: str, user: str | None, only: Sequence[str] | None = None) -> Curated:
        """A document as a reviewer is to see it: to be marked blindly, with their rulings only."""
        blind = user is not None and work.is_blind(self.store, document, user)
        return Curated(self.store, document, user=user if blind else None, only=only)

    # ------------------------------------------------------------ ruling

    def rule(self, user: str, request: str, changes: Sequence[Mapping[str, Any]], comment: str | None = None) -> Answer:
        """Rule on several things as one group. A request that came before gets the same answer, and nothing is written.

        Raises Stale where a target was ruled on after the revision that a change names, UsageError for what cannot be.
        """

        def make() -> list[New]:
            self._refuse_stale(changes)
            rows = Rows(self.store, request, user)
            made = [row for number, change in enumerate(changes) for row in rows.make(number, change)]
            if comment is not None and changes:
                made += rows.make(len(changes), {**changes[0], "ruling": COMMENT, "record": {"text": comment}})
            return made

        made = record(self.store, make, user=user, request=request)
        sent = [str(change["target"]) for change in changes if change.get("target")]
        return self._applied(user, request, made, sent)

    def rule_all(
        self, groups: Sequence[tuple[str, str, Sequence[Mapping[str, Any]]]], then: Callable[[], None]
    ) -> list[Decision]:
        """Rule for several reviewers (user, request, changes) as they ruled elsewhere, and do `then`, in one transaction."""

        def maker(request: str, changes: Sequence[Mapping[str, Any]]) -> Callable[[], Sequence[New]]:
            rows = Rows(self.store, request)
            return lambda: [row for number, change in enumerate(changes) for row in rows.make(number, change)]

        made = [(user, request, maker(request, changes)) for user, request, changes in groups]
        return record_all(self.store, made, then)

    def _refuse_stale(self, changes: Iterable[Mapping[str, Any]]) -> None:
        stale = []
        for change in changes:
            found = find_target(self.store, str(change["target"])) if change.get("target") else None
            known = change.get("revision")
            if (
                found is None
                or known is None
                or found.revision <= int(known)
                or change["ruling"] in WHOLE | {COMMENT, "add"}
            ):
                continue
            rows = iter_decisions(
                self.store, "WHERE d.kind IN (?, 'same') AND d.key = ? AND d.id > ? AND d.ruling <> 'comment' ORDER BY d.id DESC",
                (found.kind, found.key, int(known)),
            )  # fmt: skip
            last = next(rows, None)
            if last is not None:
                item = self._item(found)
                theirs = {**self._version(last), "record": show(item) if item else {}, "revision": found.revision}
                yours = {"ruling": change["ruling"], "record": change.get("record") or {}}
                stale.append({"target": change["target"], "yours": yours, "theirs": theirs})
        if stale:
            raise Stale(stale)

    def undo(self, user: str, request: str, document: str | None = None) -> Answer:
        """Take back the last group of a reviewer that is in force. `said` tells what it was; without one, `error`: nothing."""
        return self._back(user, request, document, redo=False)

    def redo(self, user: str, request: str, document: str | None = None) -> Answer:
        """Bring back the group that was undone last, unless the reviewer ruled since."""
        return self._back(user, request, document, redo=True)

    def _back(self, user: str, request: str, document: str | None, *, redo: bool) -> Answer:
        def make() -> list[New]:
            group = last_group(self.store, user, redo=redo, document=document)
            return [opposite(self.store, row) for row in reversed(group)]

        made = record(self.store, make, user=user, request=request)
        if not made:
            return {"error": "nothing", "say": f"there is nothing to {'redo' if redo else 'undo'}"}
        return {**self._applied(user, request, made, []), "said": self._said(made)}

    def _said(self, made: Sequence[Decision]) -> str:
        """What was taken back or brought back, in words."""
        first = made[-1]
        while first.undoes is not None:
            first = next(iter_decisions(self.store, "WHERE d.id = ?", (first.undoes,)))
        text = self.store.one("SELECT text FROM target WHERE target = ?", (self._target_of(first),))
        more = f" and {len(made) - 1} more" if len(made) > 1 else ""
        words = text or first.says().get("text") or first.says().get("name") or first.kind
        return f"{WORDS.get(first.ruling, first.ruling)} {words}{more}"

    # ------------------------------------------------------------ what a group did

    def _applied(self, user: str, request: str, made: Sequence[Decision], sent: Sequence[str]) -> Answer:
        records, removed = self._changed(made, user)
        there = {each["target"] for each in records}
        gone = [
            each
            for each in sent
            if each not in there and (found := find_target(self.store, each)) and found.target != each
        ]
        return {"group": request, "decisions": [row.id for row in made], "revision": made[-1].id if made else 0,
                "records": records, "removed": sorted({*removed, *gone})}  # fmt: skip

    def _changed(self, made: Sequence[Decision], user: str | None) -> tuple[list[Answer], list[str]]:
        """The records that decisions changed, as they stand, and the targets that are no more."""
        records: list[Answer] = []
        removed: list[str] = []
        by_document: dict[str, list[str]] = {}
        kinds: dict[str, dict[str, None]] = {}
        whole: set[str] = set()
        for row in made:
            if row.kind == "document":
                continue
            found = find_target(self.store, row.key)
            if found is None:
                removed.append(row.key)
            else:
                by_document.setdefault(found.document, []).append(found.target)
                kinds.setdefault(found.document, {})[found.kind] = None
            document = (
                found.document if found else self.store.one("SELECT document FROM said WHERE digest = ?", (row.said,))
            )
            if document and self._moves(row, document):
                whole.add(document)
        for document in {*by_document, *whole}:
            targets = dict.fromkeys(by_document.get(document, ()))
            seen = self._seen(document, user, only=None if document in whole else list(targets))
            for kind in LISTS if document in whole else kinds[document]:
                named = {row.key for row in made if row.kind == "same"}
                items = [item for item in seen.items(kind) if item.target in targets or item.target in named]
                shown = once(items)
                records += [show(item) for item in shown]
                removed += [item.target for item in items if item not in shown]
            if document in whole:
                records += [
                    show(item) for item in seen.mentions if self._moved(item, made) and item.target not in targets
                ]
        return records, removed

    def _moves(self, row: Decision, document: str) -> bool:
        """Whether a decision may change what other records say: those that name an entity."""
        if row.kind != "entity" or "type" in says(row) or row.ruling not in ("accept", "edit", COMMENT):
            return row.kind in ("entity", "same")
        merged = "SELECT 1 FROM vote WHERE document = ? AND kind = 'same' AND decision > 0"
        return bool(self.store.one(merged, (document,)))

    def _moved(self, item: Item, made: Sequence[Decision]) -> bool:
        """Whether the entity of a mention is one that decisions merged or split."""
        named = {str(says(row).get(name)) for row in made for name in ("into", "from", "entity")} | {
            row.key for row in made
        }
        return item.record.get("entity") in named

    def _item(self, found: Target) -> Item | None:
        only = None if found.kind == "entity" else [found.target]
        items = Curated(self.store, found.document, only=only).items(found.kind)
        return next((item for item in items if item.target == found.target), None)

    def _target_of(self, row: Decision) -> str:
        found = find_target(self.store, row.key) if row.kind != "document" else None
        return found.target if found else row.key

    def _votes(self, found: Target) -> list[Decision]:
        where = "JOIN vote v ON v.decision = d.id WHERE v.kind = ? AND v.key = ? ORDER BY d.user"
        return list(iter_decisions(self.store, where, (found.kind, found.key)))

    def _version(self, row: Decision) -> Answer:
        record = {name: value for name, value in says(row).items() if name not in ("was", "places")}
        return {
            "user": row.user,
            "by": row.user,
            "ruling": row.ruling,
            "record": record,
            "at": row.made_at,
            "decision": row.id,
        }

    def _find(self, target: str) -> Target:
        found = find_target(self.store, target)
        if found is None:
            raise UsageError(f"there is no target {target!r}; load the document again")
        return found

    # ------------------------------------------------------------ who and how long

    def add_minutes(self, user: str, request: str, document: str, seconds: int) -> Answer:
        added = work.add_seconds(self.store, user, request, document, seconds)
        total = self.store.one("SELECT seconds FROM shelf WHERE document = ?", (document,))
        return {"added": added, "document": document, "minutes": round((total or 0) / 60, 1)}

    def assign(self, by: str, document: str, user: str, assigned: bool = True) -> Answer:
        work.assign(self.store, by, document, user, assigned=assigned)
        return {"items": self.assignments()}

    def share_out(self, by: str, users: Sequence[str], share: float) -> dict[str, int]:
        return work.share_out(self.store, by, users, share)

    def assignments(self) -> list[Answer]:
        return work.assignments(self.store)


def once(items: Sequence[Item]) -> list[Item]:
    """Items without those that were merged into another: of one record, the target that has its id, else the first."""
    first: dict[str, Item] = {}
    for item in sorted(items, key=lambda item: item.target != item.record["id"]):
        first.setdefault(item.record["id"], item)
    return [item for item in items if first[item.record["id"]] is item]


def show(item: Item) -> Answer:
    """A record as the page has it: the fields of the contract, and how it stands. An event's targets are its `targets`."""
    record = dict(item.record)
    if item.kind == "event":
        record["targets"] = record.pop("target", [])
    votes = [{"user": vote.user, "ruling": vote.ruling, "at": vote.made_at} for vote in item.votes]
    return {**record, "kind": item.kind, "target": item.target, "state": item.state, "revision": item.revision,
            "review": item.review, "why": item.why, "votes": votes}  # fmt: skip
