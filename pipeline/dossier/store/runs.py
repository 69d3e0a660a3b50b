"""The log of batches: what ran, when, how it ended."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import orjson

from dossier.store.db import Store, now


@contextmanager
def logged_run(store: Store, command: str) -> Iterator[dict[str, Any]]:
    """Log a batch; what the block puts into the dict it is given becomes the summary."""
    with store.transaction():
        # one batch holds the lock: whatever still says it is running was killed
        store.db.execute("UPDATE run SET state = 'failed' WHERE state = 'running'")
        store.db.execute("INSERT INTO run (command, started_at, state) VALUES (?, ?, 'running')", (command, now()))
        run = store.db.last_insert_rowid()
    summary: dict[str, Any] = {}
    state = "failed"
    try:
        yield summary
        state = "finished"
    except KeyboardInterrupt:
        state = "stopped"
        raise
    finally:
        with store.transaction():
            store.db.execute(
                "UPDATE run SET state = ?, finished_at = ?, summary = ? WHERE id = ?",
                (state, now(), orjson.dumps(summary).decode(), run),
            )


def last_run(store: Store) -> dict[str, Any] | None:
    """The newest batch: command, started_at, finished_at, state."""
    row = store.db.execute(
        "SELECT command, started_at, finished_at, state FROM run ORDER BY id DESC LIMIT 1"
    ).fetchone()
    return None if row is None else dict(zip(("command", "started_at", "finished_at", "state"), row, strict=True))
