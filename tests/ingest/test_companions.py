"""What a browser saves beside a page is no report, in a folder as in an archive; anything else there is one."""

import io
import json

import pytest
from tests.ingest.test_containers import PAGE, WORDS, pack

from dossier.ingest.companions import may_belong, pages_of
from dossier.ingest.containers import open_container
from dossier.ingest.tasks import find_tasks
from dossier.store.db import create_workspace

BESIDE = ("ad.html", "style.css", "code.js", "saved_resource.html", "pic.png", "data.json", "deep/frame.html")


@pytest.mark.parametrize(
    ("folder", "page"),
    [
        ("The Front_files", "The Front.html"),
        ("The Front_files", "The Front.htm"),
        ("The Front-Dateien", "The Front.html"),
        ("Le Front_fichiers", "Le Front.htm"),
        ("x.files", "x.html"),
    ],
)
def test_the_page_of_a_folder_is_known_by_its_name(folder, page):
    assert page in pages_of(folder)


def test_no_folder_of_a_page():
    assert pages_of("files") == pages_of("_files") == pages_of("2016") == []
    assert may_belong("saved_resource.html")
    assert not may_belong("annex.pdf")


def save(folder, page="The Front.html", beside="The Front_files"):
    """A page as browsers save it, with reports that somebody put into its folder."""
    if page:
        (folder / page).write_text(PAGE)
    for name in (*BESIDE, "annex.docx", "letter.eml"):
        (folder / beside / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / beside / name).write_text(WORDS)


def test_what_belongs_to_a_page_is_passed_over(tmp_path):
    save(tmp_path)
    passed = {}

    found = {task.relative for task in find_tasks(tmp_path, [tmp_path], passed)}

    assert found == {"The Front.html", "The Front_files/annex.docx", "The Front_files/letter.eml"}
    assert passed == {"The Front_files": len(BESIDE)}


def test_a_folder_without_its_page_is_read(tmp_path):
    save(tmp_path, page=None)
    passed = {}

    assert len(find_tasks(tmp_path, [tmp_path], passed)) == len(BESIDE) + 2
    assert passed == {}


def test_the_same_holds_in_an_archive():
    members = [(f"in/Front_files/{name}", WORDS) for name in (*BESIDE, "annex.pdf")]
    container = open_container(io.BytesIO(pack(("in/Front.html", PAGE), *members)), "a.zip")

    assert [member.name for member in container.members] == ["in/Front.html", "in/Front_files/annex.pdf"]
    assert container.passed == {"in/Front_files": len(BESIDE)}


def test_the_run_says_what_it_passed_over(dossier, tmp_path):
    create_workspace(tmp_path / "desk")
    save(tmp_path / "desk" / "corpus")
    said = dossier("ingest", "-w", tmp_path / "desk")

    assert f"The Front_files/  passed over: {len(BESIDE)} files of a saved page" in said.err
    assert f"{len(BESIDE)} passed over" in said.out
    files = json.loads(dossier("status", "--json", "-w", tmp_path / "desk").out)["files"]
    assert {each["path"]: each["state"] for each in files}["The Front.html"] == "done"
