"""The workspace: made once, one writer, migrated whole or not at all."""

import multiprocessing
import stat

import apsw
import pytest

from dossier.errors import BusyError, WorkspaceError
from dossier.store import migrations
from dossier.store.db import batch_lock, create_workspace, find_workspace, open_store

NORMAL, FULL = 1, 2  # of `PRAGMA synchronous`


@pytest.fixture
def folder(tmp_path):
    create_workspace(tmp_path / "desk")
    return tmp_path / "desk"


def test_a_workspace_has_its_folders_and_a_private_database(folder):
    assert {p.name for p in folder.iterdir()} >= {"corpus", "annotations", "configs", "models", "out", "dossier.db"}
    assert stat.S_IMODE((folder / "dossier.db").stat().st_mode) == 0o600


def test_init_adds_only_what_is_missing(folder):
    (folder / "corpus" / "a.txt").write_text("kept")
    (folder / "out").rmdir()

    assert create_workspace(folder) == ["out"]
    assert (folder / "corpus" / "a.txt").read_text() == "kept"


def test_the_nearest_workspace_above_is_found(folder):
    deep = folder / "corpus" / "2024" / "may"
    deep.mkdir(parents=True)

    assert find_workspace(deep) == folder


def test_no_workspace_says_how_to_make_one(tmp_path):
    with pytest.raises(WorkspaceError, match="dossier init"):
        find_workspace(tmp_path)


def test_a_broken_database_is_named(folder):
    (folder / "dossier.db").write_bytes(b"not a database at all" * 100)

    with pytest.raises(WorkspaceError, match=r"dossier\.db does not read"), open_store(folder):
        pass


def test_an_empty_database_is_not_taken_for_a_new_one(folder):
    (folder / "dossier.db").write_bytes(b"")

    with pytest.raises(WorkspaceError, match="is empty"), open_store(folder):
        pass


def hold(folder, ready, done):
    with batch_lock(folder, "dossier run"):
        ready.set()
        done.wait(30)


def test_a_second_batch_is_refused_with_the_reason(folder):
    context = multiprocessing.get_context("spawn")
    ready, done = context.Event(), context.Event()
    other = context.Process(target=hold, args=(folder, ready, done))
    other.start()
    try:
        assert ready.wait(30)
        with (
            pytest.raises(BusyError, match=rf"in use: `dossier run`, process {other.pid}, since"),
            batch_lock(folder, "x"),
        ):
            pass
    finally:
        done.set()
        other.join()
    with batch_lock(folder, "x"):
        pass


def test_readers_work_while_another_writes(folder):
    with open_store(folder) as writer, open_store(folder) as reader:
        writer.db.execute("BEGIN IMMEDIATE")
        writer.db.execute("INSERT INTO pipeline VALUES ('a', 'b')")
        assert reader.one("SELECT count(*) FROM pipeline") == 0
        writer.db.execute("COMMIT")
        assert reader.one("SELECT count(*) FROM pipeline") == 1


def test_a_failed_transaction_leaves_nothing(folder):
    with open_store(folder) as store:
        with pytest.raises(RuntimeError), store.transaction():
            store.db.execute("INSERT INTO pipeline VALUES ('a', 'b')")
            raise RuntimeError
        assert store.one("SELECT count(*) FROM pipeline") == 0


def test_a_failing_migration_leaves_the_database_as_it_was(folder, monkeypatch):
    def break_off(db):
        db.execute("CREATE TABLE half (x)")
        raise apsw.SQLError("the second half fails")

    monkeypatch.setattr(migrations, "MIGRATIONS", [*migrations.MIGRATIONS, break_off])
    with pytest.raises(WorkspaceError, match="second half"), open_store(folder):
        pass
    monkeypatch.undo()

    with open_store(folder) as store:
        assert store.one("SELECT count(*) FROM sqlite_schema WHERE name = 'half'") == 0
        assert store.one("SELECT count(*) FROM migration") == len(migrations.MIGRATIONS)


def test_the_database_is_copied_before_a_migration(folder, monkeypatch):
    def add(db):
        db.execute("CREATE TABLE added (x)")

    monkeypatch.setattr(migrations, "MIGRATIONS", [*migrations.MIGRATIONS, add])
    with open_store(folder) as store:
        assert store.one("SELECT name FROM migration ORDER BY number DESC") == "add"
    copy = apsw.Connection(str(folder / f"dossier.db.before-{len(migrations.MIGRATIONS):03}"))
    assert copy.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'added'").fetchone() == (0,)


def test_a_database_of_a_newer_dossier_is_refused(folder):
    with open_store(folder) as store:
        store.db.execute("INSERT INTO migration VALUES (99, 'from_the_future', '2030-01-01T00:00:00Z')")
    with pytest.raises(WorkspaceError, match="from_the_future"), open_store(folder):
        pass


def test_only_what_can_be_made_again_is_committed_without_a_wait_for_the_disk(folder):
    with open_store(folder) as store:
        assert store.one("PRAGMA synchronous") == FULL
        with pytest.raises(ZeroDivisionError), store.lazily():
            assert store.one("PRAGMA synchronous") == NORMAL
            raise ZeroDivisionError
        assert store.one("PRAGMA synchronous") == FULL
