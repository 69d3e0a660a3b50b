"""Every input ends in one place, whatever it is."""

import os

import pytest

from dossier.errors import InputError
from dossier.ingest.tasks import find_tasks
from dossier.ingest.worker import read_bytes


def test_hidden_files_and_metadata_are_no_reports(tmp_path):
    for name in ("a.txt", "a.meta.toml", ".hidden.txt"):
        (tmp_path / name).write_text("x")

    assert [task.relative for task in find_tasks(tmp_path, [tmp_path])] == ["a.txt"]


def test_the_longer_name_of_the_metadata_wins(tmp_path):
    for name in ("a.txt", "a.meta.toml", "a.txt.meta.toml", "a.md"):
        (tmp_path / name).write_text("x")

    metas = {task.relative: task.meta.name for task in find_tasks(tmp_path, [tmp_path])}
    assert metas == {"a.txt": "a.txt.meta.toml", "a.md": "a.meta.toml"}


def test_a_file_named_twice_is_one_input(tmp_path):
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "a.txt").write_text("x")

    tasks = find_tasks(tmp_path, [corpus, corpus / "a.txt"])

    assert [(task.root, task.relative) for task in tasks] == [("corpus", "a.txt")]


def test_pipes_and_links_are_put_aside_with_the_reason(tmp_path):
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    os.mkfifo(corpus / "pipe.txt")
    (corpus / "loop").symlink_to(corpus / "loop")
    (corpus / "out.txt").symlink_to("/etc/hostname")
    (corpus / "around").symlink_to(corpus)
    (corpus / "inside.txt").symlink_to(corpus / "a.txt")
    (corpus / "a.txt").write_text("x")

    faults = {task.relative: task.fault and task.fault[0] for task in find_tasks(tmp_path, [corpus])}

    assert faults == {
        "a.txt": None,
        "around": "not_a_file",
        "inside.txt": None,
        "loop": "unreadable",
        "out.txt": "link_outside",
        "pipe.txt": "not_a_file",
    }


def test_strange_names_are_kept_as_text(tmp_path):
    names = ["new\nline.txt", "b" * 251 + ".txt", "right\u202eleft.txt"]
    for name in names:
        (tmp_path / name).write_text("x")
    (tmp_path / os.fsdecode(b"bad\xff.txt")).write_text("x")

    found = [task.relative for task in find_tasks(tmp_path, [tmp_path])]

    assert sorted(found) == sorted([*names, "bad\\xff.txt"])


def test_a_file_that_grows_while_it_is_read_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "growing.txt"
    path.write_text("x" * 10)
    real = os.fstat
    calls = []

    def grow(descriptor):
        found = real(descriptor)
        if not calls:
            calls.append(1)
            with path.open("a") as file:
                file.write("more")
        return found

    monkeypatch.setattr(os, "fstat", grow)
    with pytest.raises(InputError) as error:
        read_bytes(path)
    assert error.value.code == "changed_while_read"


def test_the_same_bytes_twice_are_one_document(dossier, desk):
    (desk / "corpus" / "copy.txt").write_bytes((desk / "corpus" / "north.txt").read_bytes())
    (desk / "corpus" / "copy.meta.toml").write_text('title = "The copy"\n')
    dossier("run", "-w", desk)

    lines = (desk / "out" / "curated.jsonl").read_text().splitlines()
    documents = [line for line in lines if '"kind":"document"' in line]

    assert len(documents) == 2
    assert sum('"title":"The copy"' in line for line in documents) == 1  # the first path's metadata counts


def test_bad_metadata_puts_the_report_aside(dossier, desk):
    (desk / "corpus" / "north.meta.toml").write_text("titel = 'x'\n")

    said = dossier("run", "-w", desk)

    assert said.code == 3
    assert "[meta_invalid]" in said.out
    assert "titel" in said.out


def dig(folder, depth=30, name="d" * 200):
    """Folders in each other, deeper than a path can name."""
    at = os.open(folder, os.O_RDONLY)
    for _ in range(depth):
        os.mkdir(name, dir_fd=at)
        below = os.open(name, os.O_RDONLY, dir_fd=at)
        os.close(at)
        at = below
    os.close(at)


def test_a_folder_deeper_than_paths_can_be_is_put_aside(tmp_path):
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "a.txt").write_text("x")
    dig(corpus)

    tasks = find_tasks(tmp_path, [corpus])

    assert [(task.relative[:5], task.fault and task.fault[0]) for task in tasks] == [
        ("a.txt", None),
        ("ddddd", "unreadable"),
    ]


def test_a_folder_that_cannot_be_looked_into_is_put_aside(tmp_path, monkeypatch):
    (tmp_path / "closed").mkdir()
    (tmp_path / "a.txt").write_text("x")
    real = os.scandir

    def scandir(path):
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)

    faults = {task.relative: task.fault for task in find_tasks(tmp_path, [tmp_path])}

    assert faults["a.txt"] is None
    assert faults["closed"][0] == "unreadable"
    assert "a folder that cannot be looked into" in faults["closed"][1]
