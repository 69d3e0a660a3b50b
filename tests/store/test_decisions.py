"""Rulings are appended, chained and never rewritten."""

import apsw
import pytest

from dossier.errors import UsageError
from dossier.store.db import create_workspace, open_store
from dossier.store.decisions import append, first_fault, load_rulings, undo


@pytest.fixture
def store(tmp_path):
    create_workspace(tmp_path)
    with open_store(tmp_path) as store:
        yield store


def rule(store, proposal, ruling):
    return append(
        store, kind="mention", key=f"key of {proposal}", proposal=proposal, ruling=ruling, record="{}", user="ada"
    )


def test_the_last_ruling_that_was_not_undone_is_in_force(store):
    rule(store, "m_1", "accept")
    second = rule(store, "m_1", "reject")
    assert load_rulings(store)["m_1"].ruling == "reject"

    undone = undo(store, second.id, user="bo")
    assert load_rulings(store)["m_1"].ruling == "accept"

    undo(store, undone.id, user="ada")
    assert load_rulings(store)["m_1"].ruling == "reject"


def test_a_ruling_is_undone_once(store):
    first = rule(store, "m_1", "accept")
    undo(store, first.id, user="ada")
    with pytest.raises(UsageError, match="decision 1 is undone already"):
        undo(store, first.id, user="ada")


def test_a_row_cannot_be_rewritten_or_deleted(store):
    rule(store, "m_1", "accept")
    with pytest.raises(apsw.ConstraintError, match="never rewritten"):
        store.db.execute("UPDATE decision SET ruling = 'reject'")
    with pytest.raises(apsw.ConstraintError, match="never deleted"):
        store.db.execute("DELETE FROM decision")


@pytest.mark.parametrize(
    ("tamper", "said"),
    [
        ("UPDATE decision SET ruling = 'reject' WHERE id = 2", "decision 2 of ada was altered"),
        ("DELETE FROM decision WHERE id = 2", "decision 2 is missing"),
        ("UPDATE decision SET id = CASE id WHEN 2 THEN 30 WHEN 3 THEN 2 ELSE id END", "decision 2 does not follow"),
    ],
)
def test_the_first_fault_of_the_chain_is_named(store, tamper, said):
    for proposal in ("m_1", "m_2", "m_3"):
        rule(store, proposal, "accept")
    assert first_fault(store) is None

    for trigger in ("decision_is_never_rewritten", "decision_is_never_deleted"):
        store.db.execute(f"DROP TRIGGER {trigger}")
    store.db.execute(tamper)

    assert said in first_fault(store)
