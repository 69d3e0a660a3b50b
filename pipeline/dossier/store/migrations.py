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


@migration
def add_review(db: apsw.Connection) -> None:
    """How every target of review stands, kept by the transaction that changes it; what decisions say, apart from their chain.

    `said`: the record of a decision by the digest that the chain covers; it is null once its document was forgotten.
    `vote`: the ruling of each reviewer that is in force. `target`: what can be ruled on; `rank` is lowest for what comes
    first. `tally`: how many targets stand how, by document ('' for all). `to_place`: documents whose targets must be made.
    """
    db.execute(
        """
        ALTER TABLE decision ADD COLUMN request TEXT;  -- null in rows of before; rows with one request are one group
        CREATE INDEX decision_user ON decision (user);
        CREATE INDEX decision_request ON decision (request) WHERE request IS NOT NULL;

        CREATE TABLE said (
          digest TEXT PRIMARY KEY, document TEXT, salt TEXT NOT NULL, record TEXT
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX said_document ON said (document);

        CREATE TABLE vote (
          kind TEXT NOT NULL, key TEXT NOT NULL, user TEXT NOT NULL, decision INTEGER NOT NULL,
          document TEXT, PRIMARY KEY (kind, key, user)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX vote_document ON vote (document, kind);
        CREATE INDEX vote_user ON vote (user, kind, key);

        CREATE TABLE target (
          seq INTEGER PRIMARY KEY, target TEXT NOT NULL UNIQUE, key TEXT NOT NULL, kind TEXT NOT NULL,
          document TEXT NOT NULL, label TEXT NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL, text TEXT NOT NULL,
          confidence REAL, component TEXT, proposed INTEGER NOT NULL, state TEXT NOT NULL,
          worth REAL NOT NULL, rank REAL NOT NULL, why TEXT NOT NULL, revision INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX target_queue ON target (state, rank, seq);
        CREATE INDEX target_kind ON target (state, kind, rank, seq);
        CREATE INDEX target_label ON target (state, label, rank, seq);
        CREATE INDEX target_document ON target (document, kind, start);
        CREATE INDEX target_key ON target (key) WHERE key <> target;

        CREATE INDEX proposal_superseded ON proposal (document) WHERE superseded = 1;
        CREATE TABLE tally (
          document TEXT NOT NULL, kind TEXT NOT NULL, label TEXT NOT NULL, state TEXT NOT NULL, proposed INTEGER NOT NULL,
          n INTEGER NOT NULL, PRIMARY KEY (document, kind, label, state, proposed)
        ) STRICT, WITHOUT ROWID;
        CREATE TRIGGER target_comes AFTER INSERT ON target BEGIN
          INSERT INTO tally VALUES (new.document, new.kind, new.label, new.state, new.proposed, 1),
            ('', new.kind, new.label, new.state, new.proposed, 1) ON CONFLICT DO UPDATE SET n = n + 1;
          INSERT INTO target_words (rowid, text) VALUES (new.seq, new.text);
        END;
        CREATE TRIGGER target_goes AFTER DELETE ON target BEGIN
          UPDATE tally SET n = n - 1 WHERE document IN (old.document, '') AND kind = old.kind AND label = old.label
            AND state = old.state AND proposed = old.proposed;
          INSERT INTO target_words (target_words, rowid, text) VALUES ('delete', old.seq, old.text);
        END;
        CREATE TRIGGER target_turns AFTER UPDATE OF label, state, proposed ON target
          WHEN (old.label, old.state, old.proposed) <> (new.label, new.state, new.proposed) BEGIN
          UPDATE tally SET n = n - 1 WHERE document IN (old.document, '') AND kind = old.kind AND label = old.label
            AND state = old.state AND proposed = old.proposed;
          INSERT INTO tally VALUES (new.document, new.kind, new.label, new.state, new.proposed, 1),
            ('', new.kind, new.label, new.state, new.proposed, 1) ON CONFLICT DO UPDATE SET n = n + 1;
        END;
        CREATE VIRTUAL TABLE target_words USING fts5 (
          text, content = 'target', content_rowid = 'seq', detail = 'none', columnsize = 0,
          tokenize = 'unicode61 remove_diacritics 2'
        );

        CREATE TABLE shelf (
          number INTEGER PRIMARY KEY, document TEXT NOT NULL UNIQUE, path TEXT NOT NULL, title TEXT, date TEXT,
          pages INTEGER, media_type TEXT NOT NULL, standing INTEGER NOT NULL, finished INTEGER NOT NULL DEFAULT 0,
          seconds INTEGER NOT NULL DEFAULT 0
        ) STRICT;
        CREATE INDEX shelf_path ON shelf (standing, path, document);
        CREATE VIEW document_text AS
          SELECT s.number AS number, coalesce(s.title, '') AS title, d.text AS text
          FROM shelf s JOIN document d ON d.id = s.document;
        CREATE VIRTUAL TABLE document_words USING fts5 (
          title, text, content = 'document_text', content_rowid = 'number', tokenize = 'unicode61 remove_diacritics 2'
        );

        CREATE TABLE minutes (
          request TEXT PRIMARY KEY, user TEXT NOT NULL, document TEXT NOT NULL, seconds INTEGER NOT NULL,
          made_at TEXT NOT NULL, upto INTEGER NOT NULL  -- the last decision when it was added
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX minutes_document ON minutes (document, user, upto);
        CREATE TABLE profile_seconds (name TEXT PRIMARY KEY, shown TEXT NOT NULL, seconds REAL NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE user_seconds (user TEXT PRIMARY KEY, seconds INTEGER NOT NULL) STRICT, WITHOUT ROWID;

        CREATE TABLE assignment (
          document TEXT NOT NULL, user TEXT NOT NULL, made_by TEXT NOT NULL, made_at TEXT NOT NULL,
          PRIMARY KEY (document, user)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX assignment_user ON assignment (user, document);

        -- the target that an addition became, by the name it was sent under
        CREATE TABLE alias (given TEXT PRIMARY KEY, target TEXT NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE to_place (document TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
        INSERT INTO shelf (document, path, title, date, pages, media_type, standing)
          SELECT d.id, coalesce(i.path, ''), json_extract(d.layout, '$.title'), json_extract(d.layout, '$.date'),
            json_extract(d.layout, '$.pages'), d.media_type, i.path IS NOT NULL
          FROM document d LEFT JOIN (SELECT document, min(path) AS path FROM input GROUP BY document) i ON i.document = d.id
          ORDER BY d.id;
        INSERT INTO document_words (document_words) VALUES ('rebuild');
        INSERT INTO document_words (document_words, rank) VALUES ('secure-delete', 1);
        INSERT INTO target_words (target_words, rank) VALUES ('secure-delete', 1);
        INSERT INTO to_place SELECT document FROM extraction;
        """
    )


@migration
def add_passwords(db: apsw.Connection) -> None:
    """The reviewers who sign in over a network. `digest`: argon2id of the password."""
    db.execute(
        "CREATE TABLE reviewer (name TEXT PRIMARY KEY, digest TEXT NOT NULL, made_at TEXT NOT NULL) STRICT, WITHOUT ROWID"
    )


@migration
def add_doccano(db: apsw.Connection) -> None:
    """What was sent to which doccano, and what of it is known to stand there."""
    db.execute(
        """
        CREATE TABLE doccano_project (url TEXT NOT NULL, project INTEGER NOT NULL, name TEXT NOT NULL,
          PRIMARY KEY (url, project)) STRICT, WITHOUT ROWID;

        CREATE TABLE doccano_example (
          url TEXT NOT NULL, project INTEGER NOT NULL, example INTEGER NOT NULL,
          document TEXT NOT NULL, text_sha256 TEXT NOT NULL, pushed_at TEXT NOT NULL,
          confirmed INTEGER NOT NULL DEFAULT 0 CHECK (confirmed IN (0, 1)),
          PRIMARY KEY (url, project, example), UNIQUE (url, project, document)
        ) STRICT, WITHOUT ROWID;

        -- `number`: of a span or relation there; `target`: what it is here; `state`: how it stood when last looked at; `sent`: as
        -- it was sent, null for what was added there; both JSON
        CREATE TABLE doccano_item (
          url TEXT NOT NULL, project INTEGER NOT NULL, kind TEXT NOT NULL CHECK (kind IN ('mention', 'relation')),
          number INTEGER NOT NULL, example INTEGER NOT NULL, target TEXT NOT NULL, state TEXT NOT NULL, sent TEXT,
          PRIMARY KEY (url, project, kind, number)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX doccano_item_example ON doccano_item (url, project, example);
        """
    )
