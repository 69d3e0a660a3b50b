"""Groups of rulings: once each, undone and redone as one, and the same as a plain replay of the log."""

import signal
import subprocess
import sys
import uuid
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.store.reports import add_report

from dossier.errors import UsageError
from dossier.review.desk import Desk, Stale
from dossier.store.chain import first_fault, iter_decisions
from dossier.store.db import create_workspace, open_store
from dossier.store.queue import counts
from dossier.store.targets import place_document
from dossier.store.verdicts import resolve

ROOT = Path(__file__).parents[2]


def number():
    return str(uuid.uuid4())


@pytest.fixture
def desk(store):
    return Desk(store)


def accept(target, **more):
    return {"kind": "mention", "target": target, "ruling": "accept", **more}


def targets(store, kind="mention"):
    return [t for (t,) in store.rows("SELECT target FROM target WHERE kind = ? ORDER BY start, target", (kind,))]


def test_a_request_that_comes_again_gets_the_same_answer_and_writes_nothing(store, desk):
    add_report(store)
    request, changes = number(), [accept(target) for target in targets(store)[:3]]
    first = desk.rule("ada", request, changes)

    assert desk.rule("ada", request, changes) == first
    assert len(first["decisions"]) == len(list(iter_decisions(store))) == 3
    with pytest.raises(UsageError, match="ada's"):
        desk.rule("bo", request, changes)


def test_a_group_is_one_step_of_undo_and_redo(store, desk):
    add_report(store)
    some = targets(store)
    desk.rule("ada", number(), [accept(some[0])])
    desk.rule("ada", number(), [accept(target) for target in some[1:4]])
    request = number()
    undone = desk.undo("ada", request)

    assert undone["said"] == "accept of Northern Reach and 2 more"
    assert counts(store)["accepted"] == 1
    assert desk.undo("ada", request)["decisions"] == undone["decisions"]
    assert counts(store)["accepted"] == 1
    assert desk.redo("ada", number())["said"].startswith("accept of")
    assert counts(store)["accepted"] == 4
    desk.undo("ada", number())
    desk.undo("ada", number())
    assert counts(store)["accepted"] == 0
    assert desk.undo("ada", number())["error"] == "nothing"
    for wanted in (1, 4):
        desk.redo("ada", number())
        assert counts(store)["accepted"] == wanted
    assert desk.redo("ada", number())["error"] == "nothing"


def test_a_ruling_after_an_undo_ends_what_can_be_redone(store, desk):
    add_report(store)
    some = targets(store)
    desk.rule("ada", number(), [accept(some[0])])
    desk.undo("ada", number())
    desk.rule("ada", number(), [accept(some[1])])

    assert desk.redo("ada", number())["error"] == "nothing"


def test_reviewers_undo_their_own_and_in_a_document_only_its_own(store, desk):
    one, other = add_report(store), add_report(store, name="b.txt")
    mentions = "SELECT target FROM target WHERE document = ? AND kind = 'mention'"
    some = {d: [t for (t,) in store.rows(mentions, (d,))] for d in (one, other)}
    desk.rule("ada", number(), [accept(some[one][0])])
    desk.rule("ada", number(), [accept(some[other][0])])
    desk.rule("bo", number(), [accept(some[one][1])])

    desk.undo("ada", number(), one)
    assert [r.undoes for r in iter_decisions(store, "WHERE d.undoes IS NOT NULL")] == [1]


def test_a_stale_ruling_is_refused_whole_and_shows_both_versions(store, desk):
    add_report(store)
    some = targets(store)
    desk.rule("bo", number(), [{"kind": "mention", "target": some[0], "ruling": "edit", "record": {"label": "ORG"}}])

    with pytest.raises(Stale) as caught:
        desk.rule("ada", number(), [accept(some[1], revision=0), accept(some[0], revision=0)])
    (stale,) = caught.value.stale
    assert stale["target"] == some[0]
    assert stale["theirs"]["by"] == "bo"
    assert stale["theirs"]["record"]["label"] == "ORG"
    assert counts(store)["accepted"] == 0
    assert desk.rule("ada", number(), [accept(some[0], revision=stale["theirs"]["revision"])])["decisions"]


def test_two_reviewers_agree_differ_and_are_settled(store, desk):
    add_report(store)
    target = targets(store)[0]
    for user, ruling, state in (
        ("ada", "accept", "accepted"),
        ("bo", "accept", "accepted"),
        ("bo", "reject", "disputed"),
    ):
        desk.rule(user, number(), [{"kind": "mention", "target": target, "ruling": ruling}])
        assert desk.queue({"state": "all"})["items"][0]["state"] == state or state == "accepted"
        assert store.one("SELECT state FROM target WHERE target = ?", (target,)) == state
    item = desk.queue({})["items"][0]
    assert (item["target"], item["why"][0]) == (target, "ada and bo differ")
    desk.rule("cy", number(), [accept(target, record={"adjudicates": True})])
    assert store.one("SELECT state FROM target WHERE target = ?", (target,)) == "accepted"


# ------------------------------------------------------------------ the log says it all

USERS = ("ada", "bo")
STEPS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(("accept", "reject", "ORG", "PERSON")), st.sampled_from(USERS), st.integers(0, 2)),
        st.tuples(st.just("add"), st.sampled_from(USERS), st.integers(0, 2)),
        st.tuples(st.sampled_from(("undo", "redo")), st.sampled_from(USERS), st.just(0)),
        st.tuples(st.just("extract"), st.just(""), st.integers(0, 2)),
    ),
    max_size=14,
)
SPOTS = ((15, 18), (38, 42), (43, 47))


class Model:
    """The plain way: for each reviewer a stack of groups done and one of groups undone."""

    def __init__(self):
        self.done = {user: [] for user in USERS}
        self.undone = {user: [] for user in USERS}
        self.at = 0

    def rule(self, user, thing, said):
        self.at += 1
        self.done[user].append((self.at, thing, said))
        self.undone[user].clear()

    def undo(self, user):
        if self.done[user]:
            self.undone[user].append(self.done[user].pop())

    def redo(self, user):
        if self.undone[user]:
            self.done[user].append(self.undone[user].pop())

    def states(self):
        last = {}
        for user in USERS:
            for _, thing, said in sorted(self.done[user]):
                last[thing, user] = said
        found = {}
        for (thing, _), said in last.items():
            found.setdefault(thing, set()).add(said)
        return {thing: said.pop() if len(said) == 1 else "disputed" for thing, said in found.items()}


@settings(max_examples=40, deadline=None)
@given(steps=STEPS)
def test_any_sequence_of_rulings_comes_to_what_a_plain_replay_comes_to(tmp_path_factory, steps):
    folder = tmp_path_factory.mktemp("desk")
    create_workspace(folder)
    with open_store(folder) as store:
        document = add_report(store)
        desk, model = Desk(store), Model()
        spans = {t: store.one("SELECT start FROM target WHERE target = ?", (t,)) for t in targets(store)[:3]}
        for what, user, which in steps:
            if what in ("undo", "redo"):
                getattr(desk, what)(user, number())
                getattr(model, what)(user)
            elif what == "extract":
                from tests.store.reports import extract_report

                extract_report(store, document, ids=str(which))
            else:
                _step(store, desk, model, document, what, user, sorted(spans.values())[which], SPOTS[which])
        found = {m["start"]: m for m in desk.records(document, "nobody")["mentions"] if m["state"] != "pending"}
        told = {start: said for start, m in found.items() if (said := _told(m))}
        assert told == {thing: said for thing, said in model.states().items() if said}
        assert first_fault(store) is None
        _tallies_are_right(store)
        _made_anew_it_is_the_same(store, document)


def _step(store, desk, model, document, what, user, start, spot):
    if what == "add":
        desk.rule(user, number(), [{"kind": "mention", "target": None, "document": document, "ruling": "add",
                                    "record": {"start": spot[0], "end": spot[1], "label": "ORG"}}])  # fmt: skip
        model.rule(user, spot[0], "ORG")
        return
    (shown,) = [m for m in desk.records(document, "nobody")["mentions"] if m["start"] == start]
    target, label = shown["target"], shown["label"]  # who accepts, accepts what is shown
    if what in ("accept", "reject"):
        change, said = {"ruling": what}, "rejected" if what == "reject" else label
    else:
        change, said = {"ruling": "edit", "record": {"label": what}}, what
    desk.rule(user, number(), [{"kind": "mention", "target": target, **change}])
    model.rule(user, start, said)


def _told(mention):
    if mention["state"] in ("rejected", "disputed"):
        return mention["state"]
    return mention["label"]


def _tallies_are_right(store):
    counted = dict(store.rows("SELECT state, count(*) FROM target GROUP BY state"))
    summed = dict(store.rows("SELECT state, sum(n) FROM tally WHERE document = '' GROUP BY state HAVING sum(n) > 0"))
    assert counted == summed


def _made_anew_it_is_the_same(store, document):
    columns = 'target, key, kind, label, start, "end", state, revision, proposed'
    before = sorted(store.rows(f"SELECT {columns} FROM target"))
    votes = sorted(store.rows("SELECT * FROM vote WHERE decision > 0"))
    with store.transaction():
        place_document(store, document)
    assert sorted(store.rows(f"SELECT {columns} FROM target")) == before
    replayed = {}
    for row in iter_decisions(store, "ORDER BY d.id"):
        replayed.setdefault((row.kind, row.key), []).append(row)
    from dossier.store.verdicts import in_force

    again = sorted(
        (kind, key, user, vote.id)
        for (kind, key), rows in replayed.items()
        for user, vote in in_force(rows[::-1]).items()
    )
    assert [row[:4] for row in votes] == again
    assert all(resolve(rows[-1:]).state for rows in replayed.values())


# ------------------------------------------------------------------ a process that is killed

WRITER = """
import sys, uuid
from pathlib import Path
from dossier.review.desk import Desk
from dossier.store.db import open_store
with open_store(Path(sys.argv[1])) as store:
    desk = Desk(store)
    targets = [t for (t,) in store.rows("SELECT target FROM target ORDER BY seq")]
    while True:
        for target in targets:
            request = str(uuid.uuid4())
            desk.rule("ada", request, [{"kind": "mention", "target": target, "ruling": "accept"}] * 3)
            print(request, flush=True)
"""


def test_a_process_that_is_killed_loses_nothing_that_it_acknowledged(tmp_path):
    create_workspace(tmp_path)
    with open_store(tmp_path) as store:
        add_report(store)
    for wait in (3, 17, 40):
        process = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE, text=True, cwd=ROOT
        )
        said = [process.stdout.readline().strip() for _ in range(wait)]
        process.send_signal(signal.SIGKILL)
        said += process.stdout.read().split("\n")[:-1]
        process.wait()
        with open_store(tmp_path) as store:
            kept = dict(store.rows("SELECT request, count(*) FROM decision GROUP BY request"))
            assert set(said) <= set(kept)
            assert set(kept.values()) == {3}  # no group in part
            assert first_fault(store) is None
            _tallies_are_right(store)
