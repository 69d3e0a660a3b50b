"""verify-log, export and import of decisions, forget, agreement: what they say and end with."""

import uuid

import pytest
from tests.store.reports import add_report

from dossier.review.desk import Desk
from dossier.store.db import create_workspace, open_store


@pytest.fixture
def desk(tmp_path):
    """A workspace with one report that two reviewers ruled on."""
    folder = tmp_path / "desk"
    create_workspace(folder)
    with open_store(folder) as store:
        add_report(store)
        reviewing = Desk(store)
        targets = [t for (t,) in store.rows("SELECT target FROM target WHERE kind = 'mention' ORDER BY start")]
        for user, ruling in (("ada", "accept"), ("bo", "reject")):
            for target in targets[:2]:
                change = {"kind": "mention", "target": target, "ruling": ruling if target == targets[0] else "accept"}
                reviewing.rule(user, str(uuid.uuid4()), [change])
    return folder


def test_verify_log_names_the_first_row_that_is_wrong(dossier, desk):
    said = dossier("verify-log", "-w", desk)
    assert said.code == 0
    assert "4 decisions" in said.out
    head = said.out.split()[-1]
    assert dossier("verify-log", "--head", head, "-w", desk).code == 0

    with open_store(desk) as store:
        for trigger in ("decision_is_never_rewritten", "decision_is_never_deleted"):
            store.db.execute(f"DROP TRIGGER {trigger}")
        store.db.execute("DELETE FROM decision WHERE id = 4")
    said = dossier("verify-log", "--head", head, "-w", desk)
    assert (said.code, "no decision has the hash" in said.out) == (1, True)
    assert "decision 4 bears on something" in dossier("verify-log", "-w", desk).out

    with open_store(desk) as store:
        store.db.execute("UPDATE decision SET user = 'cy' WHERE id = 2")
    assert dossier("verify-log", "-w", desk).out == "decision 2 of cy was altered after it was made\n"


def test_decisions_go_to_another_copy(dossier, desk, tmp_path):
    assert "4 decision" in dossier("export", "log.jsonl", "--format", "decisions", "-w", desk).out
    create_workspace(tmp_path / "other")
    said = dossier("import", "log.jsonl", "-w", tmp_path / "other")
    assert said.code == 0, said.err
    assert "4 of them new here" in said.out
    dossier("export", "again.jsonl", "--format", "decisions", "-w", tmp_path / "other")
    assert (tmp_path / "again.jsonl").read_bytes() == (tmp_path / "log.jsonl").read_bytes()

    (tmp_path / "log.jsonl").write_bytes(b"{}\n")
    said = dossier("import", "log.jsonl", "-w", tmp_path / "other")
    assert (said.code, "no head of a log" in said.err) == (1, True)


def test_agreement_is_shown_with_what_differs(dossier, desk):
    said = dossier("agreement", "-w", desk)
    assert said.code == 0
    assert "mentions: 2 ruled on by two or more" in said.out
    assert "a.txt: mention 'Ada Berg': ada: accept; bo: reject" in said.out
    assert '"by_label"' in dossier("agreement", "--json", "-w", desk).out


def test_forget_asks_and_tells_what_is_left(dossier, desk):
    said = dossier("forget", "a.txt", "--yes", "--user", "ada", "-w", desk)
    assert said.code == 0, said.err
    assert "the words of 4 rulings" in said.out
    assert "the file a.txt" in said.out
    assert dossier("verify-log", "-w", desk).code == 0
    assert dossier("forget", "a.txt", "--yes", "-w", desk).code == 1
    assert dossier("forget", "--wipe", "-w", desk).out == "the database was written anew\n"
    assert "name a document" in dossier("forget", "-w", desk).err


def test_a_forgotten_report_is_not_read_again_unless_asked_for(dossier, tmp_path):
    dossier("init", "desk")
    (tmp_path / "desk" / "corpus" / "a.txt").write_text("Ada Berg met Carl Ek in Oslo on 3 May 2005.\n")
    dossier("ingest", "-w", "desk")
    dossier("forget", "a.txt", "--yes", "-w", "desk")
    (tmp_path / "desk" / "corpus" / "copy.txt").write_text("Ada Berg met Carl Ek in Oslo on 3 May 2005.\n")
    said = dossier("ingest", "-w", "desk")
    assert said.code == 3
    assert "copy.txt  quarantined: it was forgotten" in said.err

    said = dossier("ingest", "--again", "-w", "desk")
    assert said.code == 0, said.err
    assert "2 done" in said.out
    assert dossier("verify-log", "-w", "desk").code == 0
