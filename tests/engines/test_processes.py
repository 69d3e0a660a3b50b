"""A batch goes on when a worker does not."""

import os
import signal
import time

from dossier.engines.processes import Failure, Limits, ProcessEngine
from dossier.errors import InputError


def double(number):
    return number * 2


def treat(word):
    if word == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if word == "hang":
        time.sleep(60)
    if word == "refuse":
        raise InputError("empty", "there is nothing in it")
    if word == "break":
        raise KeyError("unseen")
    if word == "eat":
        return len(bytearray(4 << 30))
    return word.upper()


def test_every_task_comes_back_once():
    with ProcessEngine(2) as engine:
        results = dict(engine.map(double, range(50)))
    assert results == {n: n * 2 for n in range(50)}


def test_workers_are_kept_for_the_next_batch():
    with ProcessEngine(1) as engine:
        first = dict(engine.map(os.path.basename, ["a/b"]))
        pids = {r for _, r in engine.map(pid_of, range(3))} | {r for _, r in engine.map(pid_of, range(3))}
    assert first == {"a/b": "b"}
    assert len(pids) == 1


def pid_of(_):
    return os.getpid()


def test_what_breaks_a_worker_costs_only_its_own_task():
    words = ["one", "die", "two", "refuse", "three", "break", "eat", "hang", "four"]
    with ProcessEngine(2, limits=Limits(seconds=4, memory_mb=1000)) as engine:
        results = dict(engine.map(treat, words))

    assert {w for w in words if results[w] == w.upper()} == {"one", "two", "three", "four"}
    assert results["die"] == Failure("crashed", "the process that worked on it ended (signal SIGKILL)")
    assert results["refuse"] == Failure("empty", "there is nothing in it")
    assert results["break"].code == "internal_error"
    assert "KeyError at test_processes.py" in results["break"].reason
    assert results["eat"].code == "memory"
    assert results["hang"].code == "timeout"


def waste(megabytes):
    """Leave this process larger by so much, and tell its number."""
    kept.append(b"x" * (megabytes << 20))
    return os.getpid()


kept: list[bytes] = []


def test_a_task_has_limits_of_its_own():
    with ProcessEngine(1, limits=Limits(seconds=30)) as engine:
        results = dict(engine.map(treat, ["one", "hang", "eat"], lambda w: Limits(1.5 if w == "hang" else 30, 500)))
    assert results["one"] == "ONE"
    assert results["hang"].code == "timeout"
    assert "1.5 s" in results["hang"].reason or "2 s" in results["hang"].reason
    assert results["eat"].code == "memory"


def test_a_worker_that_a_task_left_large_is_replaced():
    with ProcessEngine(1, limits=Limits(memory_mb=400)) as engine:
        light = [pid for _, pid in engine.map(waste, [1, 2, 3])]
        heavy = [pid for _, pid in engine.map(waste, [300])]
        after = [pid for _, pid in engine.map(waste, [1])]
    assert len({*light, *heavy}) == 1
    assert after[0] != heavy[0]


def niceness(_):
    return os.nice(0)


def test_workers_give_way_to_others_where_they_are_told_to():
    here = os.nice(0)
    for nice in (0, 5):
        with ProcessEngine(1, nice=nice) as engine:
            assert [found for _, found in engine.map(niceness, [0])] == [min(19, here + nice)]
