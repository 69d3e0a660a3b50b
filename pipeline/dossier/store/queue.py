"""Lists of what can be ruled on, a page at a time, however much there is.

A page begins after its cursor, found through an index; totals are sums of counters. The order is that of `worth.py`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import islice
from typing import Any

import orjson

from dossier.errors import UsageError
from dossier.store.db import Store
from dossier.store.verdicts import OPEN

STATES = ("pending", "disputed", "lost", "accepted", "edited", "rejected", "added")
AROUND = 60  # characters shown on each side of a mention
QUOTE = 300  # characters of what is shown itself
MOST = 500
WORD = re.compile(r"[^\W_]+")
FEW = 20_000  # targets of a reviewer's documents that are sorted rather than looked for in order
RULED = ("accepted", "edited", "rejected")
ASSIGNED = "SELECT document FROM assignment WHERE user = ?"
SHARED = (
    "SELECT a.document FROM assignment a WHERE a.user = ? AND EXISTS (SELECT 1 FROM assignment b WHERE b.document = a.document "
    "AND b.user <> ?) AND EXISTS (SELECT 1 FROM tally c WHERE c.document = a.document AND c.n > 0 AND c.state IN ('accepted', "
    "'edited', 'rejected'))"
)
COLUMNS = 't.rank, t.seq, t.target, t.key, t.kind, t.label, t.text, t.confidence, t.why, t.state, t.component, t.document, t.start, t."end", t.revision'  # noqa: E501

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Filters:
    """What is asked for; None asks for all. `state` None: what waits.

    `reviewer`: of what waits, what they were assigned; of the rest, what they ruled on. `order`: `worth` (default) or `text`,
    which needs a document. `blind`: with what others ruled on in documents that the reviewer is to mark as well.
    """

    kind: str | None = None
    label: str | None = None
    document: str | None = None
    state: str | None = None
    reviewer: str | None = None
    q: str | None = None
    order: str | None = None
    blind: bool = False

    @classmethod
    def of(cls, given: dict[str, Any]) -> Filters:
        """From the words of a request: `type` is a label, too. Raises UsageError for a state or an order there is not."""
        label = given.get("label") or given.get("type")
        kind, document, state, reviewer = (given.get(name) for name in ("kind", "document", "state", "reviewer"))
        waits = state in (None, "open", *OPEN)
        made = cls(kind, label, document, state, reviewer, given.get("q"), given.get("order"), bool(reviewer and waits))
        if made.state not in (None, "all", "open", *STATES):
            raise UsageError(f"state is {made.state!r}; name one of all, open, {', '.join(STATES)}")
        if made.order not in (None, "worth", "text"):
            raise UsageError(f"order is {made.order!r}; name worth or text")
        return made

    @property
    def open(self) -> bool:
        """Whether only what waits is asked for."""
        return self.state in (None, "open", *OPEN)

    @property
    def states(self) -> Sequence[str]:
        if self.state == "all":
            return STATES
        return OPEN if self.state in (None, "open") else (self.state,)


def words_query(words: str, *, prefix: bool = True) -> str:
    """What a person typed as a question to FTS5: every word, with `prefix` the last one perhaps not to its end.

    Words end where the index ends them, for it knows no phrases: `al-Qaida` is two.
    """
    quoted = [f'"{word}"' for word in WORD.findall(unicodedata.normalize("NFC", words))]
    return " ".join(quoted) + "*" * prefix if quoted else '""'


def page(store: Store, filters: Filters, cursor: str | None, limit: int) -> dict[str, Any]:
    """Targets in the order of the queue: `items`, the cursor of the `next` page, and the `total` of all pages."""
    limit = max(1, min(limit, MOST))
    total = count(store, filters)
    after = read_cursor(cursor)
    rows = list(islice(_rows(store, filters, after, limit + 1, total), limit + 1)) if total else []
    shown = rows[:limit]
    next_ = f"{shown[-1][0]!r}:{shown[-1][1]}" if len(rows) > limit else None
    items = show(store, shown)
    for item in items if filters.blind else ():  # to a reviewer who is to mark it as well, it waits
        item["state"] = "pending" if item["state"] in RULED else item["state"]
    return {"items": items, "next": next_, "total": total}


def read_cursor(cursor: str | None) -> tuple[float, int]:
    if cursor is None:
        return float("-inf"), -1
    try:
        rank, _, seq = cursor.partition(":")
        return float(rank), int(seq)
    except ValueError as error:
        raise UsageError(f"cursor is {cursor[:60]!r}; send back `next` as it came") from error


# ------------------------------------------------------------------ how many


def count(store: Store, filters: Filters) -> int:
    """How many targets there are: a sum of counters, but counted where a search or what a reviewer ruled narrows it."""
    if filters.q or (filters.reviewer and not filters.open):
        sql, bindings = _query(filters, "count(*)", filters.states)
        return int(store.one(sql, bindings) or 0)
    found = _sum(store, filters)
    if filters.blind:
        sql, bindings = _query(filters, "count(*)", RULED)
        found += int(store.one(sql, bindings) or 0)
    return found


def _sum(store: Store, filters: Filters) -> int:
    """What the counters say."""
    where, bindings = ["document = ?"], [filters.document or ""]
    if filters.reviewer:
        where, bindings = [f"document IN ({ASSIGNED})"], [filters.reviewer]
        if filters.document:
            where, bindings = [*where, "document = ?"], [*bindings, filters.document]
    for name in ("kind", "label"):
        if value := getattr(filters, name):
            where, bindings = [*where, f"{name} = ?"], [*bindings, value]
    sql = f"SELECT sum(n) FROM tally WHERE {' AND '.join(where)} AND state IN ({_marks(filters.states)})"
    return int(store.one(sql, (*bindings, *filters.states)) or 0)


def counts(store: Store, document: str = "") -> dict[str, int]:
    """How many targets of a document, or of all, stand how; `proposed` are those that a component made."""
    found = dict.fromkeys(("proposed", *STATES), 0)
    for state, proposed, number in store.rows(
        "SELECT state, proposed, sum(n) FROM tally WHERE document = ? GROUP BY state, proposed", (document,)
    ):
        found[state] = found.get(state, 0) + number
        found["proposed"] += number if proposed else 0
    return found


# ------------------------------------------------------------------ which


def _rows(store: Store, filters: Filters, after: tuple[float, int], limit: int, total: int) -> Iterator[Row]:
    if filters.order == "text" and filters.document:
        sql, bindings = _query(filters, COLUMNS.replace("t.rank", "CAST(t.start AS REAL)"), filters.states)
        sql += " AND (CAST(t.start AS REAL), t.seq) > (?, ?) ORDER BY t.start, t.seq LIMIT ?"
        return store.rows(sql, (*bindings, *after, limit))
    sources = [_in_order(store, filters, (state,), after, limit, total) for state in filters.states]
    if filters.blind:
        sources.append(_in_order(store, filters, RULED, after, limit, 0))
    return merge(*sources)


def _in_order(
    store: Store, filters: Filters, states: Sequence[str], after: tuple[float, int], limit: int, total: int
) -> Iterator[Row]:
    """Targets in the order of the queue: as an index has them, or sorted where what is asked for is found first."""
    few = filters.q or filters.document or (filters.reviewer and total < FEW) or len(states) > 1
    index = "" if few else f" INDEXED BY {_index(store, filters)}"
    sql, bindings = _query(filters, COLUMNS, states, index)
    order = "+t.rank, +t.seq" if few else "t.rank, t.seq"
    return store.rows(f"{sql} AND (t.rank, t.seq) > (?, ?) ORDER BY {order} LIMIT ?", (*bindings, *after, limit))


def _index(store: Store, filters: Filters) -> str:
    """The index in whose order what is asked for is densest."""
    if filters.kind and filters.label:
        kind, label = (_sum(store, Filters(**{name: getattr(filters, name)})) for name in ("kind", "label"))
        return "target_kind" if kind < label else "target_label"
    return "target_label" if filters.label else "target_kind" if filters.kind else "target_queue"


def _query(filters: Filters, columns: str, states: Sequence[str], index: str = "") -> tuple[str, tuple[Any, ...]]:
    """Columns of the targets asked for. The order of the joins is ours: there are no statistics to plan by."""
    where, bindings = [f"t.state IN ({_marks(states)})"], [*states]
    shared = filters.blind and states is RULED  # what others ruled on and this reviewer is to rule on, too
    if filters.q:
        source = "target_words w CROSS JOIN target t ON t.seq = w.rowid"
        where, bindings = ["target_words MATCH ?", *where], [words_query(filters.q), *bindings]
    elif filters.document:
        source = "target t INDEXED BY target_document"
    elif filters.reviewer and (shared or (filters.open and not index)):
        source = f"({SHARED if shared else ASSIGNED}) a CROSS JOIN target t INDEXED BY target_document ON t.document = a.document"
        bindings = [filters.reviewer] * (1 + shared) + bindings
    else:
        source = f"target t{index}"
    for name in ("kind", "label", "document"):
        if value := getattr(filters, name):
            where.append(f"t.{name} = ?")
            bindings.append(value)
    if filters.reviewer:
        own = "EXISTS (SELECT 1 FROM vote v WHERE v.user = ? AND v.kind = t.kind AND v.key = t.key)"
        inside = f"t.document IN ({SHARED if shared else ASSIGNED})"
        where.append(f"NOT {own}" if shared else inside if filters.open else own)
        bindings.append(filters.reviewer)
        if shared:
            where.append(inside)
            bindings += [filters.reviewer, filters.reviewer]
    return f"SELECT {columns} FROM {source} WHERE {' AND '.join(where)}", tuple(bindings)


def _marks(values: Sequence[str]) -> str:
    return ", ".join("?" * len(values))


# ------------------------------------------------------------------ as a page shows it


def show(store: Store, rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Rows of COLUMNS with the words around them."""
    return [_show(store, *row[2:]) for row in rows]


def find(store: Store, where: str, bindings: tuple[Any, ...]) -> list[Row]:
    """Rows of COLUMNS, `where` being the rest of the query over `t`."""
    return list(store.rows(f"SELECT {COLUMNS} FROM target t {where}", bindings))


def _show(
    store: Store, target: str, key: str, kind: str, label: str, text: str, confidence: float | None, why: str, state: str,
    component: str | None, document: str, start: int, end: int, revision: int,
) -> dict[str, Any]:  # fmt: skip
    at = max(0, start - AROUND)
    words, path, title = store.db.execute(
        "SELECT substr(d.text, ?, ?), s.path, s.title FROM document d JOIN shelf s ON s.document = d.id WHERE d.id = ?",
        (at + 1, end - at + AROUND, document),
    ).fetchone() or ("", "", None)
    reasons = orjson.loads(why)
    if state == "disputed":
        who = [
            user
            for (user,) in store.rows("SELECT user FROM vote WHERE kind = ? AND key = ? ORDER BY user", (kind, key))
        ]
        reasons = [f"{' and '.join(who)} differ", *reasons]
    quote = words[start - at : end - at]
    quote = quote if len(quote) <= QUOTE else quote[: QUOTE - 1] + "…"
    return {
        "target": target, "kind": kind, "label": label, "text": text, "before": words[: start - at],
        "quote": quote, "after": words[end - at :], "confidence": confidence, "why": reasons, "state": state, "by": component,
        "document": {"id": document, "path": path, "title": title}, "start": start, "end": end, "revision": revision,
    }  # fmt: skip


# ------------------------------------------------------------------ documents


def documents(store: Store, given: dict[str, Any], cursor: str | None, limit: int) -> dict[str, Any]:
    """The documents in the order of their paths, with how far each is. `state`: finished, unfinished, disputed or started."""
    limit = max(1, min(limit, MOST))
    source, where, bindings = "shelf s", ["s.standing = 1"], list[Any]()
    if q := given.get("q"):
        where.append(
            "(s.number IN (SELECT rowid FROM document_words WHERE document_words MATCH ?) OR s.path LIKE ? ESCAPE '\\')"
        )
        like = str(q).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        bindings += [words_query(str(q)), f"%{like}%"]
    if reviewer := given.get("reviewer"):
        where.append("s.document IN (SELECT document FROM assignment WHERE user = ?)")
        bindings.append(reviewer)
    if state := given.get("state"):
        where.append(_document_state(str(state)))
    total = store.one(f"SELECT count(*) FROM {source} WHERE {' AND '.join(where)}", tuple(bindings))
    if cursor is not None:
        path, _, number = cursor.rpartition("\x1f")
        where.append("(s.path, s.document) > (?, ?)")
        bindings += [path, number]
    rows = list(
        store.rows(
            "SELECT s.document, s.path, s.title, s.date, s.pages, s.media_type, s.finished, s.seconds FROM "
            f"{source} WHERE {' AND '.join(where)} ORDER BY s.path, s.document LIMIT ?",
            (*bindings, limit + 1),
        )
    )
    shown = rows[:limit]
    next_ = f"{shown[-1][1]}\x1f{shown[-1][0]}" if len(rows) > limit else None
    return {"items": [_document(store, row) for row in shown], "next": next_, "total": total}


def _document_state(state: str) -> str:
    """What a document of a state has."""
    having = "EXISTS (SELECT 1 FROM tally t WHERE t.document = s.document AND t.n > 0 AND t.state {})"
    found = {
        "finished": "s.finished = 1", "unfinished": "s.finished = 0", "pending": having.format("= 'pending'"),
        "disputed": having.format("= 'disputed'"), "lost": having.format("= 'lost'"),
        "started": having.format("NOT IN ('pending')"),
    }  # fmt: skip
    if state not in found:
        raise UsageError(f"state is {state!r}; name one of {', '.join(found)}")
    return found[state]


def _document(store: Store, row: Row) -> dict[str, Any]:
    document, path, title, date, pages, media_type, finished, seconds = row
    users = store.rows("SELECT user FROM assignment WHERE document = ? ORDER BY user", (document,))
    return {
        "id": document, "path": path, "title": title, "date": date, "pages": pages, "media_type": media_type,
        "counts": counts(store, document), "minutes": round(seconds / 60, 1), "assigned": [user for (user,) in users],
        "finished": bool(finished),
    }  # fmt: skip
