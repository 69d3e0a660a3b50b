"""What was sent to a doccano, and how it stood there when it was last looked at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dossier.store.db import Store, now


@dataclass(frozen=True, slots=True)
class Place:
    """A project on a server."""

    url: str
    project: int


@dataclass(frozen=True, slots=True)
class Example:
    """A document there. `confirmed`: somebody had declared it finished when it was last looked at."""

    number: int
    document: str
    text_sha256: str
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """A span or a relation there. `kind`: mention or relation; `state`: JSON of where it stood and what it was called when it was
    looked at last, `sent`: as it was sent; None for what was added there."""

    kind: str
    number: int
    example: int
    target: str
    state: str
    sent: str | None


def load_project(store: Store, url: str, name: str) -> int | None:
    """The number of the project of that name on that server, where this workspace made it."""
    found: int | None = store.one("SELECT max(project) FROM doccano_project WHERE url = ? AND name = ?", (url, name))
    return found


def load_projects(store: Store) -> list[tuple[str, int, str]]:
    """Server, number and name of every project that this workspace made."""
    rows = store.rows("SELECT url, project, name FROM doccano_project ORDER BY url, project")
    return [(url, project, name) for url, project, name in rows]


def save_project(store: Store, place: Place, name: str) -> None:
    with store.transaction():
        store.db.execute("INSERT INTO doccano_project VALUES (?, ?, ?)", (place.url, place.project, name))


def load_examples(store: Store, place: Place) -> list[Example]:
    rows = store.rows(
        "SELECT example, document, text_sha256, confirmed FROM doccano_example WHERE url = ? AND project = ? ORDER BY example",
        (place.url, place.project),
    )
    return [Example(number, document, digest, bool(confirmed)) for number, document, digest, confirmed in rows]


def load_items(store: Store, place: Place) -> dict[int, list[Item]]:
    """What stood there, by example."""
    found: dict[int, list[Item]] = {}
    for row in store.rows(
        "SELECT kind, number, example, target, state, sent FROM doccano_item WHERE url = ? AND project = ? ORDER BY kind, number",
        (place.url, place.project),
    ):
        item = Item(*row)
        found.setdefault(item.example, []).append(item)
    return found


def save_sent(store: Store, place: Place, examples: Iterable[Example], items: Iterable[Item]) -> None:
    """Note documents that were sent, in one transaction."""
    at = now()
    with store.transaction():
        store.db.executemany(
            "INSERT INTO doccano_example (url, project, example, document, text_sha256, pushed_at) VALUES (?, ?, ?, ?, ?, ?)",
            [(place.url, place.project, one.number, one.document, one.text_sha256, at) for one in examples],
        )
        _insert(store, place, items)


def write_seen(store: Store, place: Place, examples: Iterable[Example], items: Iterable[Item]) -> None:
    """Put how examples stand now in the place of how they stood. To be called within the transaction of the rulings."""
    for one in examples:
        where = (place.url, place.project, one.number)
        store.db.execute("DELETE FROM doccano_item WHERE url = ? AND project = ? AND example = ?", where)
        store.db.execute(
            "UPDATE doccano_example SET confirmed = ? WHERE url = ? AND project = ? AND example = ?",
            (int(one.confirmed), *where),
        )
    _insert(store, place, items)


def drop_examples(store: Store, place: Place, numbers: Iterable[int]) -> None:
    """Forget examples that are no longer there, so that their documents can be sent again."""
    with store.transaction():
        for number in numbers:
            where = (place.url, place.project, number)
            store.db.execute("DELETE FROM doccano_item WHERE url = ? AND project = ? AND example = ?", where)
            store.db.execute("DELETE FROM doccano_example WHERE url = ? AND project = ? AND example = ?", where)


def _insert(store: Store, place: Place, items: Iterable[Item]) -> None:
    store.db.executemany(
        "INSERT INTO doccano_item (url, project, kind, number, example, target, state, sent) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (place.url, place.project, one.kind, one.number, one.example, one.target, one.state, one.sent)
            for one in items
        ],
    )
