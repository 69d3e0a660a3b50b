"""A workspace of before review: its decisions stay whole and in force, and everything is found and counted."""

import hashlib

import apsw
import orjson
import pytest
from tests.store.reports import add_report

from dossier.review.desk import Desk
from dossier.store import migrations
from dossier.store.chain import FIRST, first_fault
from dossier.store.db import create_workspace, open_store
from dossier.store.queue import counts


@pytest.fixture
def old(tmp_path):
    """A workspace as the version before wrote it, with three decisions in the chain."""
    create_workspace(tmp_path / "new")
    with open_store(tmp_path / "new") as store:
        add_report(store)
        tables = {
            name: list(store.rows(f"SELECT * FROM {name}")) for name in ("document", "input", "extraction", "proposal")
        }
    folder = tmp_path / "old"
    folder.mkdir()
    db = apsw.Connection(str(folder / "dossier.db"))
    for number, step in enumerate(migrations.MIGRATIONS[:2]):
        step(db)
        db.execute("INSERT INTO migration VALUES (?, ?, '')", (number, step.__name__))
    for name, rows in tables.items():
        for row in rows:
            db.execute(f"INSERT INTO {name} VALUES ({', '.join('?' * len(row))})", row)
    mentions = [id_ for (id_,) in db.execute("SELECT id FROM proposal WHERE kind = 'mention' ORDER BY position")]
    previous = FIRST
    for number, (id_, ruling, record, undoes) in enumerate(
        [(mentions[0], "accept", "{}", None), (mentions[1], "edit", '{"label":"PLACE"}', None), (mentions[0], "undo", "{}", 1),
         (mentions[2], "reject", "{}", None)], 1,
    ):  # fmt: skip
        row = [number, "mention", f"key {id_}", id_, ruling, record, "ada", "2026-01-01T00:00:00Z", undoes, previous]
        previous = hashlib.sha256(orjson.dumps(row)).hexdigest()
        db.execute("INSERT INTO decision VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", (*row, previous))
    db.close()
    return folder, mentions


def test_old_decisions_stay_whole_and_in_force(old):
    folder, mentions = old
    with open_store(folder) as store:
        desk = Desk(store)
        assert first_fault(store) is None
        assert {"edited": 1, "rejected": 1, "pending": counts(store)["proposed"] - 2}.items() <= counts(store).items()
        states = dict(store.rows("SELECT target, state FROM target WHERE kind = 'mention'"))
        assert [states[id_] for id_ in mentions[:3]] == ["pending", "edited", "rejected"]
        assert desk.documents({"q": "bridge"})["total"] == desk.queue({"q": "berg", "kind": "entity"})["total"] == 1
        assert desk.undo("ada", "r")["decisions"] == [5]
        assert first_fault(store) is None
        assert counts(store)["rejected"] == 0
