"""Every damaged and hostile input of `shared/bad_inputs.py`, files that want to call out, and odd names, in one run of the
real command between good reports. What each must end as stands in the manifest that comes with them."""

import json
import os
import shutil
import socket
import stat
import subprocess
import sys
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest
from tests.ingest.test_batch import dig
from tests.ingest.traps import WORDS, traps
from tests.ingest.watched import watch

from dossier.store.db import create_workspace, open_store
from dossier.store.documents import load_inputs

EXAMPLES = Path(__file__).parents[2] / "corpus" / "examples"
GOOD = ("lra-profile.txt", "shining-path.md", "aceh-chronology.pdf", "bougainville-brief.docx")
SECONDS, MEMORY_MB = 30, 1000
SECRET = "Tromsø-4711"
STATES = {"accept": "done", "warn": "warned", "reject": "quarantined"}
ODD = {  # names, and what must become of the files
    "new\nline\r.txt": "done",
    "b" * 251 + ".txt": "done",
    "b" * 250 + "c.txt": "done",
    "right\u202eleft\u2066.txt": "done",
    "colour\x1b[31m.txt": "done",
    "  spaces .txt": "done",
    "-w": "done",
    "$(touch ran); `touch ran`.txt": "done",
    "%s%n{}.txt": "done",
    "bad\\xff.txt": "done",
}


@pytest.fixture(scope="module")
def run(shared, tmp_path_factory):
    folder = tmp_path_factory.mktemp("bad")
    desk = folder / "desk"
    create_workspace(desk)
    subprocess.run([sys.executable, shared / "bad_inputs.py", folder / "in"], check=True, capture_output=True)
    manifest = json.loads((folder / "in" / "manifest.json").read_text("utf-8"))
    for name in manifest:
        shutil.copy(folder / "in" / name, desk / "corpus")
    good(desk)
    (folder / "secret.txt").write_text(SECRET)
    heard = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=hear, args=(listener, heard), daemon=True).start()
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        for name, data in traps(address, str(folder / "secret.txt")).items():
            (desk / "corpus" / name).write_bytes(data)
        odd(desk / "corpus" / "odd", folder)
        seen = watch(folder, "run", "--workspace", desk, "--workers", "2")
    return SimpleNamespace(desk=desk, manifest=manifest, heard=heard, seen=seen, ended=read_ended(desk), folder=folder)


def hear(listener, heard):
    while True:
        try:
            heard.append(listener.accept())
        except OSError:  # it was closed
            return


def good(desk):
    """Good reports, first, last and in the middle of the run."""
    for i, name in enumerate(GOOD):
        shutil.copy(EXAMPLES / name, desk / "corpus" / f"{'Amnz'[i]}-{name}")


def odd(corpus, outside):
    """Files with odd names, each with words of its own, and what is no file."""
    corpus.mkdir()
    for i, name in enumerate(ODD):
        path = corpus / (os.fsdecode(b"bad\xff.txt") if name.startswith("bad") else name)
        path.write_text(f"{WORDS} They were {i + 20} men from ship number {i}.\n")
    os.mkfifo(corpus / "pipe.txt")
    dig(corpus)
    (corpus / "loop").symlink_to(corpus / "loop")
    (corpus / "around").symlink_to(corpus)
    (corpus / "out.txt").symlink_to(outside / "secret.txt")
    (corpus / "gone.txt").symlink_to(corpus / "nowhere.txt")
    os.mknod(corpus / "socket.txt", 0o644 | stat.S_IFSOCK)


def read_ended(desk):
    """What became of each file, with its text."""
    with open_store(desk) as store:
        texts = dict(store.rows("SELECT id, text FROM document"))
        return {
            i.path: SimpleNamespace(
                state=i.state, code=i.code, said=i.reason or "", text=texts.get(i.document, ""), id=i.document
            )
            for i in load_inputs(store)
        }


def test_every_case_ends_as_its_manifest_says(run):
    wrong = {}
    for name, must in run.manifest.items():
        ended = run.ended[name]
        allowed = {STATES[each] for each in must["expect"].split("|")}
        told = must["expect"] not in ("warn", "reject") or must["reason"] in ended.said
        whole = ended.state == "quarantined" or all(words in ended.text for words in must["contains"])
        if ended.state not in allowed or not told or not whole:
            wrong[name] = (ended.state, ended.code, ended.said, must)
    assert wrong == {}
    assert len(run.manifest) >= 82


def test_none_takes_long_or_much(run):
    assert max(run.seen.costs.values()) < SECONDS, run.seen.costs
    assert set(run.manifest) <= set(run.seen.costs)
    assert run.seen.peak_mb < MEMORY_MB


def test_no_traceback_and_no_worker_lost(run):
    assert run.seen.code == 3  # some were quarantined
    assert "Traceback" not in run.seen.err + run.seen.out
    lost = {"internal_error", "crashed", "timeout", "memory"}
    assert not [path for path, ended in run.ended.items() if (ended.code or "").removeprefix("extract_") in lost]
    assert all(ended.code and ended.said for ended in run.ended.values() if ended.state == "quarantined")


def test_odd_names_are_read_and_what_is_no_file_is_put_aside(run):
    found = {path.removeprefix("odd/"): ended for path, ended in run.ended.items() if path.startswith("odd/")}
    (deep,) = (name for name in found if name.startswith("ddd"))
    assert "File name too long" in found.pop(deep).said
    assert {name: found[name].state for name in ODD} == ODD
    assert {name: ended.code for name, ended in found.items() if name not in ODD} == {
        "pipe.txt": "not_a_file",
        "socket.txt": "not_a_file",
        "around": "not_a_file",
        "loop": "unreadable",
        "gone.txt": "unreadable",
        "out.txt": "link_outside",
    }
    assert len({ended.id for name, ended in found.items() if name in ODD}) == len(ODD)


def test_no_name_and_no_text_moves_the_screen(run):
    assert "new\\nline\\r.txt" in run.seen.err
    assert "right\\u202eleft\\u2066.txt" in run.seen.err
    assert not {c for c in run.seen.err + run.seen.out if not c.isprintable()} - {"\n"}


def test_the_good_reports_are_the_same_to_the_byte_without_the_bad_ones(run, tmp_path, dossier):
    create_workspace(tmp_path / "alone")
    good(tmp_path / "alone")
    assert dossier("run", "--workspace", tmp_path / "alone").code == 0
    ids = {ended.id for ended in read_ended(tmp_path / "alone").values()}
    assert len(ids) == len(GOOD)

    def lines(desk):
        return [line for line in (desk / "out" / "curated.jsonl").read_bytes().splitlines() if documents_of(line) & ids]

    assert lines(run.desk) == lines(tmp_path / "alone")
    assert len(lines(run.desk)) > 100


def documents_of(line):
    record = json.loads(line)
    named = [record.get("document"), record["id"] if record["kind"] == "document" else None]
    parts = (record, *record.get("names", ()), *record.get("values", ()))
    return {*named, *(each["document"] for part in parts for each in part.get("evidence", ()))}


# ------------------------------------------------------------------ nothing goes out, nothing comes in


def test_nobody_is_called_and_no_secret_is_read(run):
    assert run.heard == []
    for name in ("trap.html", "trap.mhtml", "trap.eml", "trap.docx", "trap.md", "trap.zip/inside.html"):
        assert "left Narvik" in run.ended[name].text, name
    assert run.ended["trap.pdf"].state == "done"
    assert run.ended["trap.eml/note.txt"].code == "unsafe_name"
    assert not [path for path, ended in run.ended.items() if SECRET in ended.text]


def test_nothing_is_written_outside_the_workspace(run):
    seen = run.seen
    # where the table of the language finder is unpacked, into a file without a name
    temporary = f"{seen.folder}/tmp"
    allowed = (f"{run.desk}/", temporary, f"{seen.folder}/costs.json", f"{seen.folder}/audit/", "/dev/null", "/dev/tty")
    assert {path for path in seen.written() if not path.startswith(allowed)} == set()
    assert f"{run.desk}/dossier.lock" in seen.written()  # it sees what is written
    # os.walk passes over what is too deep for a path
    assert not [name for _, _, files in os.walk(run.folder) for name in files if name.startswith("slipped")]
    assert [*(seen.folder / "work").iterdir(), *(seen.folder / "tmp").iterdir()] == []


def test_no_process_calls_out_or_starts_another_by_the_audit_of_python(run):
    """The command itself starts its workers by a way that the audit does not show; nothing else starts anything."""
    events = [(event, words) for found in run.seen.audited.values() for event, words in found if event != "write"]
    assert events == []
    assert len(run.seen.audited) >= 3


def test_no_process_calls_out_or_starts_another_by_strace(run):
    if not run.seen.traced:  # in CI too: containers may forbid it, and the audit above is held everywhere
        pytest.skip("strace is missing, or may not trace: what C code does was not looked at")
    starts = {}
    for process, calls in run.seen.calls.items():
        made = [call for call, _, _ in calls]
        assert not {"connect", "listen", "sendto", "sendmsg", "sendmmsg", "execveat", "mknod", "mknodat"} & set(made)
        begun = [arguments for call, arguments, _ in calls if call == "execve"]
        forks = [a for call, a, _ in calls if call in ("fork", "vfork", "clone", "clone3") and "CLONE_THREAD" not in a]
        starts[process] = (begun, forks)
    mains = [process for process, (begun, _) in starts.items() if begun and "multiprocessing" not in begun[0]]
    assert len(mains) == 1
    for process, (begun, forks) in starts.items():
        if process not in mains:  # a worker, or a thread: it is started, and starts nothing
            assert len(begun) <= 1
            assert not forks
    assert sum(len(begun) for begun, _ in starts.values()) == 1 + sum(len(forks) for _, forks in starts.values())
    secret = str(run.folder / "secret.txt")
    opened = [a for calls in run.seen.calls.values() for call, a, _ in calls if call.startswith("open")]
    assert len(opened) > 100
    assert not [arguments for arguments in opened if secret in arguments or "/etc/passwd" in arguments]
