"""The log of activations: which model was put to work, when, by whom, and why. Appended, never rewritten."""

from __future__ import annotations

from dataclasses import dataclass

from dossier.errors import UsageError
from dossier.store.db import Store, now


@dataclass(frozen=True, slots=True)
class Activation:
    """One row. `forced`: the model was below its floors; `undoes`: the activation that a rollback took back."""

    id: int
    model: str
    digest: str
    forced: bool
    reason: str
    user: str
    made_at: str
    undoes: int | None


COLUMNS = "id, model, digest, forced, reason, user, made_at, undoes"


def load_activations(store: Store) -> list[Activation]:
    """The whole log, oldest first."""
    return [_make(row) for row in store.rows(f"SELECT {COLUMNS} FROM activation ORDER BY id")]


def standing(store: Store) -> list[Activation]:
    """The activations that were not rolled back, oldest first: the last is in use, the one before it comes next."""
    log = load_activations(store)
    undone = {row.undoes for row in log}
    return [row for row in log if row.undoes is None and row.id not in undone]


def append_activation(
    store: Store, *, model: str, digest: str, user: str, forced: bool = False, reason: str = ""
) -> Activation:
    """Put a model to work. The row is on the disk when this returns."""
    with store.transaction():
        return _insert(store, (model, digest, forced, reason, user, now(), None))


def append_rollback(store: Store, taken_back: Activation, *, model: str, digest: str, user: str) -> Activation:
    """Take back the activation in use; `model` is the one that this returns to.

    Raises UsageError where another process changed the model in between.
    """
    with store.transaction():
        last = standing(store)
        if not last or last[-1] != taken_back:
            raise UsageError("the model in use was changed meanwhile; look with `dossier models list`, then roll back")
        return _insert(store, (model, digest, False, f"rolled back {taken_back.model}", user, now(), taken_back.id))


def _insert(store: Store, values: tuple[object, ...]) -> Activation:
    names = COLUMNS.removeprefix("id, ")
    row = store.db.execute(
        f"INSERT INTO activation ({names}) VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING {COLUMNS}", values
    ).fetchone()
    return _make(row)


def _make(row: tuple[object, ...] | None) -> Activation:
    assert row is not None
    id_, model, digest, forced, *rest = row
    return Activation(id_, model, digest, bool(forced), *rest)  # type: ignore[arg-type]
