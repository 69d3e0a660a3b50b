"""The log of decisions as a file and back; what was forgotten stays forgotten, and the chain whole."""

import json
import shutil
import uuid

import apsw
import pytest
from tests.store.reports import TEXT, add_report

from dossier.errors import RecordError, UsageError
from dossier.export.jsonl import export_jsonl
from dossier.export.traverse import Options
from dossier.review.desk import Desk
from dossier.store.chain import first_fault
from dossier.store.db import create_workspace, open_store
from dossier.store.exchange import dump_log, import_log
from dossier.store.forget import find_document, forget, remember
from dossier.store.shelf import is_forgotten


def number():
    return str(uuid.uuid4())


def review(store, document):
    """Rulings of every sort, some of them undone."""
    desk = Desk(store)
    records = desk.records(document, "ada")
    mentions, text = records["mentions"], desk.text(document)

    def rule(user, kind, ruling, target=None, **record):
        change = {"kind": kind, "target": target, "document": document, "ruling": ruling, "record": record}
        return desk.rule(user, number(), [change])

    rule("ada", "mention", "accept", mentions[0]["target"])
    rule("bo", "mention", "reject", mentions[0]["target"])
    rule("ada", "mention", "edit", mentions[1]["target"], label="PLACE")
    rule("ada", "mention", "reject", mentions[2]["target"])
    desk.undo("ada", number())
    at = text.index("bridge")
    rule("ada", "mention", "add", start=at, end=at + 6, label="WEAPON")
    entities = [e["target"] for e in records["entities"] if e["type"] == "PERSON"]
    rule("bo", "entity", "merge", entities=entities[:2], name="Both")
    rule("bo", "relation", "add", type="allied_with", subject={"text": "x", "mention": mentions[0]["target"]},
         object={"text": "y", "mention": mentions[1]["target"]})  # fmt: skip
    rule("bo", "event", "edit", records["events"][0]["target"], status="claimed")
    rule("bo", "mention", "comment", mentions[3]["target"], text="who says so?")
    rule("ada", "document", "finish")


def workspace(folder, **options):
    create_workspace(folder)
    with open_store(folder) as store:
        return add_report(store, **options)


def lines(store):
    return b"".join(dump_log(store))


def curated(store, folder):
    export_jsonl(store, folder / "out" / "x.jsonl", Options(pending=True))
    return (folder / "out" / "x.jsonl").read_bytes()


@pytest.fixture
def desks(tmp_path):
    """Two workspaces with the same report; the first is reviewed, its log in log.jsonl."""
    document = workspace(tmp_path / "a")
    workspace(tmp_path / "b")
    with open_store(tmp_path / "a") as store:
        review(store, document)
        (tmp_path / "log.jsonl").write_bytes(lines(store))
    return tmp_path


def test_a_log_goes_round_to_the_byte_and_has_the_same_effect(desks):
    with open_store(desks / "b") as store:
        assert import_log(store, desks / "log.jsonl").new > 10
        assert lines(store) == (desks / "log.jsonl").read_bytes()
        assert first_fault(store) is None
        assert import_log(store, desks / "log.jsonl").new == 0
        here = curated(store, desks / "b")
    with open_store(desks / "a") as store:
        assert curated(store, desks / "a") == here


def test_a_log_may_come_before_its_reports(desks):
    create_workspace(desks / "c")
    with open_store(desks / "c") as store:
        import_log(store, desks / "log.jsonl")
        add_report(store)
        here = curated(store, desks / "c")
    with open_store(desks / "a") as store:
        assert curated(store, desks / "a") == here


def test_rulings_of_another_model_are_placed(desks):
    create_workspace(desks / "c")
    with open_store(desks / "c") as store:
        add_report(store, ids="other")
        import_log(store, desks / "log.jsonl")
        states = sorted(store.rows("SELECT kind, text, state FROM target WHERE state <> 'pending'"))
    with open_store(desks / "b") as store:
        import_log(store, desks / "log.jsonl")
        assert sorted(store.rows("SELECT kind, text, state FROM target WHERE state <> 'pending'")) == states


def test_only_what_is_new_is_taken_over_and_logs_that_parted_are_joined(desks):
    shutil.copytree(desks / "a", desks / "c")
    document = [None]
    for name, user in (("a", "ada"), ("c", "cy")):
        with open_store(desks / name) as store:
            desk = Desk(store)
            item = desk.queue({"kind": "mention", "state": "pending"}, None, 50)["items"][0 if user == "ada" else 1]
            document[0] = item["document"]["id"]
            desk.rule(user, number(), [{"kind": "mention", "target": item["target"], "ruling": "accept"}])
            if user == "cy":
                desk.undo(user, number())
                desk.redo(user, number())
            (desks / f"{name}.jsonl").write_bytes(lines(store))
    with open_store(desks / "a") as store:
        found = import_log(store, desks / "c.jsonl")
        assert (found.new, found.merged) == (3, True)
        assert import_log(store, desks / "c.jsonl").new == 0
        assert first_fault(store) is None
        assert {"ada", "cy"} <= {user for (user,) in store.rows("SELECT user FROM vote WHERE kind = 'mention'")}


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (
            lambda rows: [{**r, "ruling": "reject"} if r.get("id") == 3 else r for r in rows],
            "decision 3 of ada was altered",
        ),
        (lambda rows: [r for r in rows if r.get("id") != 4], "decision 4 is missing"),
        (lambda rows: rows[:-1], "the file was cut"),
        (lambda rows: [*rows[:2], rows[3], rows[2], *rows[4:]], "decision 2 is missing"),
        (
            lambda rows: [r | {"said": {**r["said"], "record": "{}"}} if r.get("id") == 1 else r for r in rows],
            "says was altered",
        ),
        (
            lambda rows: [r | {"said": {**r["said"], "record": None}} if r.get("id") == 5 else r for r in rows],
            "nobody had its",
        ),
        (lambda rows: [{**r, "request": None} if r.get("id") == 6 else r for r in rows], "decision 6 of"),
        (lambda rows: [{**r, "id": "x"} if r.get("id") == 6 else r for r in rows], "line 7: id is 'x'"),
        (lambda rows: rows[1:], "no head of a log"),
        (lambda rows: [], "is no JSON"),
    ],
)
def test_a_log_that_is_not_whole_changes_nothing(desks, harm, said):
    rows = [json.loads(line) for line in (desks / "log.jsonl").read_text().splitlines()]
    (desks / "log.jsonl").write_text("".join(json.dumps(row) + "\n" for row in harm(rows)))
    with open_store(desks / "b") as store:
        with pytest.raises(RecordError, match=said):
            import_log(store, desks / "log.jsonl")
        assert store.one("SELECT count(*) FROM decision") == 0


# ------------------------------------------------------------------ forgetting


def test_what_was_forgotten_is_nowhere_and_the_chain_is_whole(desks):
    with open_store(desks / "a") as store:
        document = find_document(store, "a.txt")
        quoted = [t for (t,) in store.rows("SELECT DISTINCT text FROM target WHERE kind = 'mention'")]
        gone = forget(store, document, user="cy")
        assert (gone.wiped, gone.unreached) == (True, 0)
        assert first_fault(store) is None
        assert is_forgotten(store, document)
        left = {
            table: store.one(f"SELECT count(*) FROM {table}") for table in ("document", "proposal", "target", "shelf")
        }
        assert set(left.values()) == {0}
        assert store.one("SELECT sum(n) FROM tally") == 0
        assert Desk(store).queue({"q": "Ada"})["total"] == 0
        assert store.one("SELECT code FROM input") == "forgotten"
        assert curated(store, desks / "a").count(b"\n") == 1
    data = b"".join(path.read_bytes() for path in (desks / "a").glob("dossier.db*"))
    assert len(quoted) > 6
    for words in [*quoted, "who says so?", "Both", TEXT[20:40]]:
        assert words.encode() not in data.replace(b"2004", b"" if words == "2004" else b"2004").replace(b"2005", b"")


def test_a_log_with_a_forgotten_document_goes_round_and_has_it_forgotten_there(desks):
    with open_store(desks / "a") as store:
        forget(store, find_document(store, "a.txt"), user="cy")
        log = lines(store)
    assert b"Ada Berg" not in log
    (desks / "log2.jsonl").write_bytes(log)
    with open_store(desks / "b") as store:
        import_log(store, desks / "log.jsonl")
        found = import_log(store, desks / "log2.jsonl")
        assert found.new == 1
        assert len(found.forgotten) == 1
        assert store.one("SELECT count(*) FROM document") == 0
        assert lines(store) == log
        assert first_fault(store) is None


def test_what_is_taken_in_again_begins_anew(desks):
    with open_store(desks / "a") as store:
        document = find_document(store, "a.txt")
        for _ in range(2):
            forget(store, document, user="cy")
            remember(store, document, user="cy")
            assert not is_forgotten(store, document)
            add_report(store)
            states = {state for (state,) in store.rows("SELECT DISTINCT state FROM target")}
            assert states == {"pending"}
        assert first_fault(store) is None


def test_only_a_document_that_is_there_can_be_forgotten(desks):
    with open_store(desks / "a") as store:
        with pytest.raises(UsageError, match="no such document"):
            find_document(store, "b.txt")
        with pytest.raises(UsageError, match="nothing was forgotten"):
            forget(store, "d_0", user="cy")


def test_dropped_words_show_in_the_log(desks):
    with open_store(desks / "a") as store:
        store.db.execute("UPDATE said SET record = NULL WHERE digest = (SELECT record FROM decision WHERE id = 2)")
        assert "decision 2" in first_fault(store)
        store.db.execute("DELETE FROM said WHERE digest = (SELECT record FROM decision WHERE id = 2)")
        assert first_fault(store) == "what decision 2 of bo says is missing"
        with pytest.raises(apsw.ConstraintError):
            store.db.execute("DELETE FROM decision")
