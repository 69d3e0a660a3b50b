"""Files that hold inputs: archives, and mails with what is attached."""

from __future__ import annotations

from dataclasses import astuple, dataclass

from dossier.store.db import Store


@dataclass(frozen=True, slots=True)
class Container:
    """A file that holds inputs. Its fields are those of `InputState`; `reader` is empty until all of its members were read, which
    have its size and time."""

    root: str
    path: str
    size: int
    mtime_ns: int
    meta_sha256: str | None
    reader: str


def load_containers(store: Store) -> list[Container]:
    rows = store.rows("SELECT root, path, size, mtime_ns, meta_sha256, reader FROM container ORDER BY root, path")
    return [Container(*row) for row in rows]


def save_container(store: Store, container: Container) -> None:
    with store.transaction():
        store.db.execute(
            "INSERT OR REPLACE INTO container (root, path, size, mtime_ns, meta_sha256, reader) VALUES (?, ?, ?, ?, ?, ?)",
            astuple(container),
        )


def drop_container(store: Store, root: str, path: str) -> None:
    """Forget that a file holds others: it is another file now."""
    with store.transaction():
        store.db.execute("DELETE FROM container WHERE root = ? AND path = ?", (root, path))
