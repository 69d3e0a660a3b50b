"""Opening a workspace: the folder, its database, the lock of the one writer.

`dossier.db` is the one truth of a desk: SQLite through apsw, write-ahead log, `synchronous=FULL`, mode 0600. Many
processes may read and record single decisions; one at a time may run a batch, and holds `dossier.lock` while it does.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import apsw

from dossier.errors import BusyError, WorkspaceError
from dossier.store.migrations import migrate

DATABASE = "dossier.db"
LOCK = "dossier.lock"
FOLDERS = ("corpus", "annotations", "configs", "models", "out")
CACHE = "cache_size=-32768"  # KiB of pages kept in memory: a long document is read again and again
DURABLE = "PRAGMA synchronous=FULL"
BUSY_MS = 15_000  # how long a writer waits for another's short transaction
PAUSE = 0.002  # seconds between its tries


class Store:
    """An open workspace. `folder` is absolute; `db` the connection, in autocommit outside `transaction()`."""

    def __init__(self, folder: Path, db: apsw.Connection) -> None:
        self.folder = folder
        self.db = db

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """One state change: committed and on the disk when the block ends, or undone whole."""
        self.db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self.db.execute("ROLLBACK")
            raise
        self.db.execute("COMMIT")

    @contextmanager
    def lazily(self) -> Iterator[None]:
        """Let commits within the block reach the disk when they do: for what a run makes again from the reports.

        A process that is killed loses none of them. A power cut may undo the last ones, each whole and in order; a commit of
        another connection, or the next one after the block, brings all before it to the disk.
        """
        self.db.execute("PRAGMA synchronous=NORMAL")
        try:
            yield
        finally:
            self.db.execute(DURABLE)

    def rows(self, sql: str, bindings: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
        return iter(self.db.execute(sql, bindings))

    def one(self, sql: str, bindings: tuple[Any, ...] = ()) -> Any:
        """The first column of the first row, or None."""
        row = self.db.execute(sql, bindings).fetchone()
        return None if row is None else row[0]


def now() -> str:
    """The time of a ruling or a run, UTC, to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def find_workspace(start: Path) -> Path:
    """The nearest folder from `start` upwards that holds `dossier.db`."""
    start = start.absolute()
    for folder in (start, *start.parents):
        if (folder / DATABASE).is_file():
            return folder
    raise WorkspaceError(
        f"{start} and the folders above it hold no {DATABASE}; make a workspace with `dossier init .`, "
        "or name one with --workspace"
    )


def create_workspace(folder: Path) -> list[str]:
    """Make a workspace, or add what is missing to one. Returns the names of what was added."""
    if folder.exists() and not folder.is_dir():
        raise WorkspaceError(f"{folder} is a file; name a folder")
    added = [name for name in (*FOLDERS, DATABASE) if not (folder / name).exists()]
    try:
        for name in FOLDERS:
            (folder / name).mkdir(parents=True, exist_ok=True)
        os.close(os.open(folder / DATABASE, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise WorkspaceError(f"{folder} cannot become a workspace: {error.strerror} ({error.filename})") from error
    with open_store(folder, new=True):
        return added


@contextmanager
def open_store(folder: Path, *, new: bool = False) -> Iterator[Store]:
    """Open the workspace in `folder`, bringing its database up to this version of dossier.

    new: an empty database is one to be made, not one that was lost.
    """
    path = folder / DATABASE
    if not path.is_file():
        raise WorkspaceError(f"{folder} holds no {DATABASE}; make a workspace with: dossier init {folder}")
    if not new and path.stat().st_size == 0:
        raise WorkspaceError(f"{path} is empty; put back a copy, or remove it and call: dossier init {folder}")
    with explained(path):
        db = _connect(path)
        try:
            yield Store(folder.absolute(), db)
        finally:
            db.close()


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn what SQLite says of the database as a whole into what a person can do about it."""
    try:
        yield
    except apsw.BusyError as error:
        raise BusyError(
            f"{path} stayed locked for {BUSY_MS // 1000} s by another process; try again when it ends"
        ) from error
    except (apsw.CorruptError, apsw.NotADBError) as error:
        raise _damaged(path, error) from error
    except apsw.FullError as error:
        raise WorkspaceError(
            f"{path}: the disk is full; free some space and run the command again, nothing is lost"
        ) from error
    except (apsw.ReadOnlyError, apsw.CantOpenError, apsw.PermissionsError, apsw.IOError) as error:
        raise WorkspaceError(
            f"{path} cannot be opened for writing ({error}); check owner and mode of the file and of its folder"
        ) from error


def _connect(path: Path) -> apsw.Connection:
    db = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READWRITE)
    try:
        db.set_busy_handler(_Patience())
        for pragma in ("journal_mode=WAL", "foreign_keys=ON", "trusted_schema=OFF", CACHE):
            db.execute(f"PRAGMA {pragma}")
        db.execute(DURABLE)
        migrate(db, path)
    except BaseException:
        db.close()
        raise
    return db


class _Patience:
    """Waits for another's transaction, a little at a time: SQLite's own pauses grow, and whoever sleeps long finds that a batch
    has begun the next one."""

    _until = 0.0

    def __call__(self, tries: int) -> bool:
        if tries == 0:
            self._until = time.monotonic() + BUSY_MS / 1000
        time.sleep(PAUSE)
        return time.monotonic() < self._until


def _damaged(path: Path, error: Exception) -> WorkspaceError:
    return WorkspaceError(
        f"{path} does not read as a database ({error}); put back a copy ({path.name}.before-* holds the state before "
        "the last upgrade), or move it away and run again: the corpus is read anew"
    )


@contextmanager
def batch_lock(folder: Path, command: str) -> Iterator[None]:
    """Hold the workspace for a batch. Raises BusyError that names the process holding it.

    The kernel drops the lock when its holder ends, however it ends.
    """
    path = folder / LOCK
    with path.open("a+", encoding="utf-8") as file:
        path.chmod(0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise BusyError(f"{folder} is in use: {_holder(file)}; wait for it to end, or stop it") from error
        file.truncate(0)
        file.write(f"`{command}`, process {os.getpid()}, since {now()}\n")
        file.flush()
        try:
            yield
        finally:
            file.truncate(0)


def _holder(file: IO[str]) -> str:
    file.seek(0)
    return file.read().strip() or "another batch is starting"
