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
MOST = 500
WORD = re.compile(r"[^\W_]+")
FEW = 4000  # matches that are sorted rather than found in order
COLUMNS = 't.rank, t.seq, t.target, t.key, t.kind, t.label, t.text, t.confidence, t.why, t.state, t.component, t.document, t.start, t."end", t.revision'  # noqa: E501

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Filters:
    """What is asked for; None asks for all. `state` None: what waits. `reviewer`: what is theirs to look at, or what they ruled.

    `order`: `worth` (default) or `text`, which needs a document.
    """

    kind: str | None = None
    label: str | None = None
    document: str | None = None
    state: str | None = None
    reviewer: str | None = None
    q: str | None = None
    order: str | None = None

    @classmethod
    def of(cls, given: dict[str, Any]) -> Filters:
        """From the words of a request: `type` is a label, too. Raises UsageError for a state or an order there is not."""
        label = given.get("label") or given.get("type")
        names = ("kind", "document", "state", "reviewer", "q", "order")
        made = cls(label=label, **{name: given.get(name) for name in names})
        if made.state not in (None, "all", "open", *STATES):
            raise UsageError(f"state is {made.state!r}; name one of all, open, {', '.join(STATES)}")
        if made.order not in (None, "worth", "text"):
            raise UsageError(f"order is {made.order!r}; name worth or text")
        return made

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
    return {"items": show(store, shown), "next": next_, "total": total}


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
    """How many targets there are; where a search or a reviewer narrows it, they are counted, else it is summed up."""
    if filters.q or filters.reviewer:
        sql, bindings = _query(filters, "count(*)", filters.states)
        return int(store.one(sql, bindings) or 0)
    sql = f"SELECT sum(n) FROM tally WHERE document = ? AND state IN ({_marks(filters.states)})"
    bindings = (filters.document or "", *filters.states)
    for name in ("kind", "label"):
        if value := getattr(filters, name):
            sql, bindings = f"{sql} AND {name} = ?", (*bindings, value)
    return int(store.one(sql, bindings) or 0)


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
    if filters.q or filters.reviewer or filters.document or total <= FEW:
        sql, bindings = _query(filters, COLUMNS, filters.states)
        return store.rows(
            sql + " AND (t.rank, t.seq) > (?, ?) ORDER BY +t.rank, +t.seq LIMIT ?", (*bindings, *after, limit)
        )
    return merge(*(_in_order(store, filters, state, after, limit) for state in filters.states))


def _in_order(store: Store, filters: Filters, state: str, after: tuple[float, int], limit: int) -> Iterator[Row]:
    """The targets in one state, as the index has them."""
    sql, bindings = _query(filters, COLUMNS, (state,))
    return store.rows(f"{sql} AND (t.rank, t.seq) > (?, ?) ORDER BY t.rank, t.seq LIMIT ?", (*bindings, *after, limit))


def _query(filters: Filters, columns: str, states: Sequence[str]) -> tuple[str, tuple[Any, ...]]:
    """Columns of the targets asked for."""
    source, where, bindings = "target t", [f"t.state IN ({_marks(states)})"], [*states]
    if filters.q:
        source = "target_words w JOIN target t ON t.seq = w.rowid"
        where, bindings = ["target_words MATCH ?", *where], [words_query(filters.q), *bindings]
    for name in ("kind", "label", "document"):
        if value := getattr(filters, name):
            where.append(f"t.{name} = ?")
            bindings.append(value)
    if filters.reviewer:
        where.append(
            "(EXISTS (SELECT 1 FROM vote v WHERE v.kind = t.kind AND v.key = t.key AND v.user = ?) OR t.state IN ('pending', "
            "'disputed', 'lost') AND t.document IN (SELECT document FROM assignment WHERE user = ?))"
        )
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
    return {
        "target": target, "kind": kind, "label": label, "text": text, "before": words[: start - at],
        "after": words[end - at :], "confidence": confidence, "why": reasons, "state": state, "by": component,
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
