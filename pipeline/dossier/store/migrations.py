"""The shape of the database, step by step. A step and the note that it ran share one transaction."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import apsw

from dossier.errors import WorkspaceError

Step = Callable[[apsw.Connection], None]
MIGRATIONS: list[Step] = []


def migration(step: Step) -> Step:
    MIGRATIONS.append(step)
    return step


def migrate(db: apsw.Connection, path: Path) -> None:
    """Run the steps that are missing, each in a transaction of its own; a database with data is copied first."""
    done = applied(db)
    unknown = done[len(MIGRATIONS) :]
    if unknown:
        raise WorkspaceError(
            f"{path} was written by a newer dossier (step {unknown[0]!r} is unknown to this one); upgrade dossier"
        )
    if done and len(done) < len(MIGRATIONS):
        _copy(db, path.with_name(f"{path.name}.before-{len(MIGRATIONS):03}"))
    for number in range(len(done), len(MIGRATIONS)):
        try:
            _run(db, number)
        except apsw.SQLError as error:
            name = MIGRATIONS[number].__name__
            raise WorkspaceError(
                f"{path} could not be upgraded: step {name!r} failed ({error}); it is as it was"
            ) from error


def applied(db: apsw.Connection) -> list[str]:
    """The names of the steps that ran, in order."""
    if not db.execute("SELECT 1 FROM sqlite_schema WHERE name = 'migration'").fetchone():
        return []
    return [name for (name,) in db.execute("SELECT name FROM migration ORDER BY number")]


def _run(db: apsw.Connection, number: int) -> None:
    db.execute("BEGIN IMMEDIATE")
    try:
        if len(applied(db)) <= number:  # another process may have come first
            MIGRATIONS[number](db)
            db.execute(
                "INSERT INTO migration (number, name, ran_at) VALUES (?, ?, strftime('%Y-%m-%dT%H:%M:%SZ'))",
                (number, MIGRATIONS[number].__name__),
            )
    except BaseException:
        db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")


def _copy(db: apsw.Connection, to: Path) -> None:
    if to.exists():
        return
    to.touch(mode=0o600)
    target = apsw.Connection(str(to))
    try:
        with target.backup("main", db, "main") as backup:
            backup.step()
    finally:
        target.close()


@migration
def begin(db: apsw.Connection) -> None:
    """Inputs, documents, proposals, decisions, runs."""
    db.execute(
        """
        CREATE TABLE migration (number INTEGER PRIMARY KEY, name TEXT NOT NULL, ran_at TEXT NOT NULL) STRICT;

        CREATE TABLE document (
          id TEXT PRIMARY KEY, sha256 TEXT NOT NULL UNIQUE, reader TEXT NOT NULL,
          media_type TEXT NOT NULL, encoding TEXT, language TEXT,
          text TEXT NOT NULL, text_sha256 TEXT NOT NULL, offsets BLOB NOT NULL,
          layout TEXT NOT NULL  -- JSON: metadata, blocks, sections, notes, works, warnings
        ) STRICT;

        CREATE TABLE input (
          root TEXT NOT NULL, path TEXT NOT NULL, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL,
          sha256 TEXT, meta_sha256 TEXT, reader TEXT NOT NULL,
          state TEXT NOT NULL CHECK (state IN ('done', 'warned', 'quarantined')), code TEXT, reason TEXT,
          document TEXT REFERENCES document (id),
          PRIMARY KEY (root, path),
          CHECK ((state = 'quarantined') = (document IS NULL)),
          CHECK ((state = 'quarantined') = (code IS NOT NULL))
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX input_document ON input (document);

        -- what proposals were made with: model, configs, code
        CREATE TABLE pipeline (fingerprint TEXT PRIMARY KEY, description TEXT NOT NULL) STRICT;

        CREATE TABLE extraction (
          document TEXT PRIMARY KEY REFERENCES document (id), fingerprint TEXT NOT NULL, warnings TEXT NOT NULL
        ) STRICT;

        CREATE TABLE proposal (
          document TEXT NOT NULL REFERENCES document (id), kind TEXT NOT NULL, id TEXT NOT NULL,
          position INTEGER NOT NULL, label TEXT NOT NULL, confidence REAL, component TEXT,
          record TEXT NOT NULL, superseded INTEGER NOT NULL DEFAULT 0,
          PRIMARY KEY (kind, id)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX proposal_document ON proposal (document, kind, position);

        -- One row per ruling, appended only. `hash` covers the row and the hash before it.
        CREATE TABLE decision (
          id INTEGER PRIMARY KEY, kind TEXT NOT NULL, key TEXT NOT NULL,
          proposal TEXT,  -- the id of the proposal that was ruled on, when it was made; null for an addition
          ruling TEXT NOT NULL, record TEXT NOT NULL,
          user TEXT NOT NULL, made_at TEXT NOT NULL, undoes INTEGER REFERENCES decision (id),
          previous TEXT NOT NULL, hash TEXT NOT NULL UNIQUE
        ) STRICT;
        CREATE TRIGGER decision_is_never_rewritten BEFORE UPDATE ON decision
          BEGIN SELECT RAISE(ABORT, 'a decision is never rewritten'); END;
        CREATE TRIGGER decision_is_never_deleted BEFORE DELETE ON decision
          BEGIN SELECT RAISE(ABORT, 'a decision is never deleted'); END;
        CREATE INDEX decision_key ON decision (kind, key);
        CREATE INDEX decision_proposal ON decision (proposal);
        CREATE UNIQUE INDEX decision_undone_once ON decision (undoes) WHERE undoes IS NOT NULL;

        CREATE TABLE run (
          id INTEGER PRIMARY KEY, command TEXT NOT NULL, started_at TEXT NOT NULL, finished_at TEXT,
          state TEXT NOT NULL CHECK (state IN ('running', 'finished', 'stopped', 'failed')), summary TEXT
        ) STRICT;
        """
    )


@migration
def add_activations(db: apsw.Connection) -> None:
    """Which model was put to work, by whom and why; appended only. A rollback is a row that undoes another."""
    db.execute(
        """
        CREATE TABLE activation (
          id INTEGER PRIMARY KEY, model TEXT NOT NULL, digest TEXT NOT NULL,
          forced INTEGER NOT NULL CHECK (forced IN (0, 1)), reason TEXT NOT NULL,
          user TEXT NOT NULL, made_at TEXT NOT NULL, undoes INTEGER REFERENCES activation (id)
        ) STRICT;
        CREATE TRIGGER activation_is_never_rewritten BEFORE UPDATE ON activation
          BEGIN SELECT RAISE(ABORT, 'an activation is never rewritten'); END;
        CREATE TRIGGER activation_is_never_deleted BEFORE DELETE ON activation
          BEGIN SELECT RAISE(ABORT, 'an activation is never deleted'); END;
        CREATE UNIQUE INDEX activation_undone_once ON activation (undoes) WHERE undoes IS NOT NULL;
        """
    )


@migration
def add_containers(db: apsw.Connection) -> None:
    """Archives and mails whose members are inputs: while one does not change, it is not opened again."""
    db.execute(
        """
        CREATE TABLE container (
          root TEXT NOT NULL, path TEXT NOT NULL, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL,
          meta_sha256 TEXT, reader TEXT NOT NULL, PRIMARY KEY (root, path)
        ) STRICT, WITHOUT ROWID;
        """
    )


@migration
def add_copies(db: apsw.Connection) -> None:
    """Which documents are one report: sketches of their texts, groups of copies, and which group is a newer issue of which.

    All of it is derived from the documents, and made anew when they change. `same` is the first id of the group.
    """
    db.execute(
        """
        CREATE TABLE sketch (
          document TEXT PRIMARY KEY REFERENCES document (id), of TEXT NOT NULL, numbers BLOB NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE copy (document TEXT PRIMARY KEY REFERENCES document (id), same TEXT NOT NULL) STRICT, WITHOUT ROWID;
        CREATE INDEX copy_same ON copy (same);
        CREATE TABLE issue (newer TEXT NOT NULL, older TEXT NOT NULL, PRIMARY KEY (newer, older)) STRICT, WITHOUT ROWID;
        CREATE TABLE derived (name TEXT PRIMARY KEY, digest TEXT NOT NULL) STRICT, WITHOUT ROWID;
        """
    )
