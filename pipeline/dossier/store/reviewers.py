"""Reviewers who sign in with a password, and everybody who ever ruled."""

from __future__ import annotations

from dossier.store.db import Store, now


def save_password(store: Store, name: str, digest: str) -> bool:
    """Keep the digest of a reviewer's password. Returns whether the name is new."""
    with store.transaction():
        new = store.one("SELECT 1 FROM reviewer WHERE name = ?", (name,)) is None
        store.db.execute("INSERT OR REPLACE INTO reviewer VALUES (?, ?, ?)", (name, digest, now()))
    return new


def remove_password(store: Store, name: str) -> bool:
    """Let nobody sign in under a name any more; what was ruled under it stays. Returns whether somebody could."""
    with store.transaction():
        store.db.execute("DELETE FROM reviewer WHERE name = ?", (name,))
        return bool(store.db.changes())


def load_password(store: Store, name: str) -> str | None:
    """The digest, or None where nobody signs in under this name."""
    found: str | None = store.one("SELECT digest FROM reviewer WHERE name = ?", (name,))
    return found


def count_passwords(store: Store) -> int:
    return int(store.one("SELECT count(*) FROM reviewer"))
