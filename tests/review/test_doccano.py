"""The way to a real doccano and back: sent, worked on through its API and its page, fetched; and one that does not play fair."""

import hashlib
import io
import json
import shutil
import zipfile
from pathlib import Path

import pytest
from tests.conftest import NOTE, call_main, need
from tests.review.crooked import between
from tests.review.doccano_server import is_installed, running

from dossier.review.doccano import remote as remote_module
from dossier.review.doccano.remote import Remote

AWKWARD = (
    "# Talks \U0001f600 in Oslo\n\nThe **Northern Reach Front** (NRF) and the Government of Norway met in É́vora on 2 May 2005. "
    "The NRF \U0001f1f3\U0001f1f4 operates in Norway. The NRF was founded by Ingrid Solheim in Narvik.\r\n\r\n"
    "حزب آزادی was there.\n"
)


@pytest.fixture(scope="session")
def doccano(tmp_path_factory):
    """A real doccano with the users ada and bob."""
    need(is_installed(), "doccano 1.8.4 in .doccano (`make parts`)")
    with running(tmp_path_factory.mktemp("doccano"), ("bob",)) as server:
        yield server


@pytest.fixture(scope="session")
def read_reports(tmp_path_factory):
    """A workspace of two reports, with its extraction."""
    folder = tmp_path_factory.mktemp("template") / "desk"
    (folder / "corpus").mkdir(parents=True)
    (folder / "corpus" / "talks.md").write_bytes(AWKWARD.encode())
    (folder / "corpus" / "note.md").write_text(NOTE, encoding="utf-8")
    assert call_main("init", folder) == 0
    assert call_main("run", "-w", folder) == 0
    return folder


@pytest.fixture
def desk(tmp_path, read_reports, doccano, monkeypatch):
    """That workspace to work in, with what a person would have set."""
    setup(doccano, monkeypatch)
    return copied(read_reports, tmp_path)


def setup(doccano, monkeypatch):
    for name, value in (("URL", doccano.url), ("USER", doccano.user), ("PASSWORD", doccano.password)):
        monkeypatch.setenv(f"DOCCANO_{name}", value)
    monkeypatch.setattr(remote_module, "WAIT_SECONDS", 0.0)


def copied(folder, tmp_path):
    return Path(shutil.copytree(folder, tmp_path / "desk"))


def push_all(desk, name) -> int:
    """Send everything; the number of the project there."""
    from dossier.store.db import open_store
    from dossier.store.doccano import load_projects

    assert call_main("doccano", "push", "--all", "--project", name, "-w", desk) == 0
    with open_store(desk) as store:
        return load_projects(store)[-1][1]


@pytest.fixture
def sent(desk, request):
    """The desk with its reports sent to a project of this test's own: the desk, the project's name and number."""
    name = request.node.name[:90]
    return desk, name, push_all(desk, name)


@pytest.fixture(scope="session")
def sent_once(tmp_path_factory, read_reports, doccano):
    """A desk whose reports were sent to a project in which nothing changes."""
    folder = copied(read_reports, tmp_path_factory.mktemp("sent"))
    with pytest.MonkeyPatch.context() as patch:
        setup(doccano, patch)
        push_all(folder, "quiet")
    return folder


@pytest.fixture
def quiet(tmp_path, sent_once, doccano, monkeypatch):
    """That desk, to work in."""
    setup(doccano, monkeypatch)
    return copied(sent_once, tmp_path)


def log_of(desk: Path) -> list[tuple[str, ...]]:
    from dossier.store.db import open_store

    with open_store(desk) as store:
        return [(*row,) for row in store.rows("SELECT kind, ruling, user FROM decision ORDER BY id")]


def state_of(folder: Path) -> dict[str, str]:
    """Every file of a folder by its digest; the database by what it holds."""
    from dossier.store.db import open_store

    files = {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith("dossier.db")
    }
    with open_store(folder) as store:
        tables = [
            name
            for (name,) in store.rows(
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '%\\_fts%' ESCAPE '\\'"
            )
        ]
        rows = {table: repr(sorted(map(repr, store.rows(f"SELECT * FROM {table}")))) for table in tables}
    return files | {table: hashlib.sha256(held.encode()).hexdigest() for table, held in rows.items()}


def colleague(doccano, project) -> tuple[Remote, str]:
    """Bob, made a member of the project."""
    ada = Remote(doccano.url, doccano.user, doccano.password)
    number = next(row["id"] for row in ada.rows("/v1/users") if row["username"] == "bob")
    ada.post(f"/v1/projects/{project}/members", {"user": number, "role": 1})
    return Remote(doccano.url, "bob", doccano.password), f"/v1/projects/{project}"


def test_what_was_sent_comes_back_without_a_change(dossier, quiet):
    desk, name = quiet, "quiet"
    before = log_of(desk)

    said = dossier("doccano", "pull", "--project", name, "-w", desk)

    assert said.code == 0, said.err
    assert "nothing new" in said.out
    assert log_of(desk) == before
    assert "2 documents" in dossier("doccano", "status", "-w", desk).out
    again = dossier("doccano", "push", "--all", "--project", name, "-w", desk)
    assert "2 documents that were sent before" in again.out


def test_what_a_colleague_did_becomes_signed_rulings(dossier, sent, doccano):
    desk, name, project = sent
    bob, path = colleague(doccano, project)
    example = next(row for row in bob.pages(f"{path}/examples") if "Talks \U0001f600" in row["text"])
    text, where = example["text"], f"{path}/examples/{example['id']}"
    types = {row["text"]: row["id"] for row in bob.rows(f"{path}/span-types")}
    kinds = {row["text"]: row["id"] for row in bob.rows(f"{path}/relation-types")}
    spans = bob.rows(f"{where}/spans")

    def units(at):
        return len(text[:at].encode("utf-16-le")) // 2

    def find(words):
        return next((one for one in spans if one["start_offset"] == units(text.rindex(words))), None)

    added = bob.post(
        f"{where}/spans",
        {
            "start_offset": units(text.index("آزادی")),
            "end_offset": units(text.index("آزادی") + 5),
            "label": types["ORG"],
        },
    )
    assert bob._raw("PATCH", f"{where}/spans/{find('Narvik')['id']}", json={"label": types["ORG"]}).status_code == 200
    assert bob._raw("DELETE", f"{where}/spans/{find('Ingrid Solheim')['id']}").status_code == 204
    arc = {
        "from_id": added["id"],
        "to_id": find("Norway")["id"],
        "type": kinds["operates_in"],
        "example": example["id"],
    }
    bob.post(f"{where}/relations", arc)

    said = dossier("doccano", "pull", "--project", name, "-w", desk)
    assert said.code == 0, said.err
    assert "nobody confirmed" in said.out
    assert ("mention", "add", "bob") in log_of(desk)
    assert ("relation", "add", "bob") in log_of(desk)
    assert not any(ruling in ("reject", "accept") for _, ruling, _ in log_of(desk))

    bob.post(f"{where}/states", {})
    said = dossier("doccano", "pull", "--project", name, "-w", desk)
    assert said.code == 0, said.err
    done = log_of(desk)
    assert ("mention", "reject", "bob") in done
    assert ("mention", "accept", "bob") in done
    assert dossier("doccano", "pull", "--project", name, "-w", desk).out.count("nothing new") == 1
    assert log_of(desk) == done

    out = desk / "out" / "reviewed.jsonl"
    assert dossier("export", out, "-w", desk).code == 0
    mentions = [one for one in map(json.loads, out.read_text("utf-8").splitlines()) if one["kind"] == "mention"]
    words = {(one["text"], one["label"], one["review"]["state"]) for one in mentions}
    assert any(text == "آزادی" and label == "ORG" for text, label, _ in words)
    assert ("Narvik", "ORG", "edited") in words
    assert not any(text == "Ingrid Solheim" for text, _, _ in words)


def test_what_is_done_in_the_page_of_doccano_comes_back(dossier, sent, doccano, chromium):
    """A person takes a mark away with the right button of the mouse, and confirms the document."""
    desk, name, project = sent
    page = chromium.new_page(viewport={"width": 1300, "height": 900})
    page.goto(f"{doccano.url}/auth")
    page.fill("input[name=username]", doccano.user)
    page.fill("input[name=password]", doccano.password)
    page.keyboard.press("Enter")
    page.wait_for_url("**/projects**")
    page.goto(f"{doccano.url}/projects/{project}/sequence-labeling?page=1")
    page.locator("svg text", has_text="ORG").first.wait_for()
    if not page.locator("svg text", has_text="PERSON").count():  # the other of the two reports
        page.goto(f"{doccano.url}/projects/{project}/sequence-labeling?page=2")
    with page.expect_response(lambda answer: answer.request.method == "DELETE"):
        page.locator("svg text", has_text="PERSON").first.click(button="right")
    cross = page.locator('svg path[d^="M19,6.41L17.59,5"]')
    with page.expect_response(lambda answer: answer.request.method == "POST" and "/states" in answer.url):
        page.locator("button.v-btn").filter(has=cross).first.click()
    page.close()

    said = dossier("doccano", "pull", "--project", name, "-w", desk)

    assert said.code == 0, said.err
    assert "2 rejected" in said.out  # the mark, and the relation that ended in it
    assert ("mention", "reject", "ada") in log_of(desk)
    assert ("mention", "accept", "ada") in log_of(desk)


def test_a_document_that_is_gone_there_is_missing_and_not_rejected(dossier, sent, doccano):
    desk, name, project = sent
    ada = Remote(doccano.url, doccano.user, doccano.password)
    first = next(ada.pages(f"/v1/projects/{project}/examples"))
    ada.delete_examples(project, [first["id"]])
    before = log_of(desk)

    said = dossier("doccano", "pull", "--project", name, "-w", desk)

    assert "1 documents are no longer there" in said.out
    assert log_of(desk) == before
    assert "sent         1 documents" in dossier("doccano", "push", "--all", "--project", name, "-w", desk).out


def test_no_list_of_examples_is_ever_deleted_whole(doccano, quiet):
    from dossier.store.db import open_store
    from dossier.store.doccano import load_projects

    with open_store(quiet) as store:
        project = load_projects(store)[0][1]
    ada = Remote(doccano.url, doccano.user, doccano.password)

    ada.delete_examples(project, [])

    assert len(list(ada.pages(f"/v1/projects/{project}/examples"))) == 2


def test_the_password_is_in_no_file_and_no_message(dossier, quiet, doccano, monkeypatch):
    desk, name = quiet, "quiet"
    held = b"".join(path.read_bytes() for path in desk.rglob("*") if path.is_file())
    assert doccano.password.encode() not in held

    monkeypatch.setenv("DOCCANO_PASSWORD", "wrong-word")
    said = dossier("doccano", "pull", "--project", name, "-w", desk)
    assert said.code == 1
    assert "check the name and the password" in said.err
    assert "wrong-word" not in said.err + said.out


def spoiled(path_part, change):
    return lambda method, path, answer: change(answer) if path_part in path and (method == "GET") else answer


def repacked(answer, names):
    rows = zipfile.ZipFile(io.BytesIO(answer.body)).read("all.jsonl")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        for name in names:
            file.writestr(name, rows)
    return answer._replace(body=packed.getvalue())


CROOKED = {
    "500s": spoiled("/examples", lambda answer: answer._replace(status=500, body=b"<h1>no</h1>")),
    "pages that repeat": spoiled(
        "/examples?",
        lambda a: a._replace(
            body=json.dumps({**json.loads(a.body), "count": 4, "results": json.loads(a.body)["results"] * 2}).encode()
        ),
    ),
    "pages without an end": spoiled(
        "/examples?", lambda a: a._replace(body=json.dumps({**json.loads(a.body), "count": 10**9}).encode())
    ),
    "an export twice over": spoiled("taskId", lambda a: repacked(a, ["all.jsonl", "../../evil.jsonl"])),
    "no zip": spoiled("taskId", lambda a: a._replace(body=b"PK\x03\x04 no")),
    "other texts": spoiled("taskId", lambda a: repacked(a, [])),
    "a way elsewhere": spoiled(
        "/examples", lambda a: a._replace(status=302, headers=[("location", "http://127.0.0.1:9/")], body=b"")
    ),
    "no json": spoiled("/examples", lambda a: a._replace(body=b"[" * 100_000)),
    "a task of a strange name": lambda m, p, a: (
        a._replace(body=b'{"task_id": "../../../etc"}') if (m, p[-9:]) == ("POST", "/download") else a
    ),
}


@pytest.mark.parametrize("how", CROOKED)
def test_a_server_that_does_not_play_fair_changes_nothing_here(dossier, quiet, how, tmp_path):
    desk, name = quiet, "quiet"
    before, around = state_of(desk), sorted(p for p in tmp_path.rglob("*") if desk not in (p, *p.parents))
    with between_here(desk) as server:
        server.spoil = CROOKED[how]
        said = dossier("doccano", "pull", "--project", name, "--url", server.url, "-w", desk)

    assert said.code == 1, said.out
    assert "Traceback" not in said.err
    assert server.url in said.err
    assert state_of(desk) == before
    assert sorted(p for p in tmp_path.rglob("*") if desk not in (p, *p.parents)) == around


def test_an_export_with_a_name_that_climbs_is_read_and_written_nowhere(dossier, quiet, tmp_path):
    desk, name = quiet, "quiet"
    with between_here(desk) as server:
        server.spoil = spoiled("taskId", lambda answer: repacked(answer, ["../../evil.jsonl"]))
        said = dossier("doccano", "pull", "--project", name, "--url", server.url, "-w", desk)

    assert said.code == 0, said.err
    assert "nothing new" in said.out
    assert not list(tmp_path.rglob("evil.jsonl"))


@pytest.mark.parametrize("part", ["/examples?", "taskId", "/spans"])
def test_answers_that_break_off_at_any_kib_change_nothing_here(dossier, sent, doccano, part):
    desk, name, project = sent
    bob, path = colleague(doccano, project)
    example = next(bob.pages(f"{path}/examples"))
    bob.post(f"{path}/examples/{example['id']}/states", {})
    sizes: list[int] = []
    with between_here(desk) as server:
        before = state_of(desk)

        def cut(at):
            def spoil(method, path, answer):
                if part not in path or method != "GET":
                    return answer
                sizes.append(len(answer.body))
                return answer._replace(cut=min(at, len(answer.body) - 1))

            return spoil

        at = 0
        while not sizes or at < min(sizes):
            server.spoil = cut(at)
            said = dossier("doccano", "pull", "--project", name, "--url", server.url, "-w", desk)
            assert said.code == 1
            assert "broke off" in said.err
            assert state_of(desk) == before
            at += 1024
    assert sizes
    assert dossier("doccano", "pull", "--project", name, "-w", desk).code == 0
    assert log_of(desk)


@pytest.mark.parametrize("part", ["/fp/process", "/upload", "/tasks/", "/download"])
def test_a_push_that_breaks_off_leaves_nothing_half_done(dossier, desk, part, doccano):
    name = f"broken {part}"
    with between_here(desk) as server:
        done = {"n": 0}

        def spoil(method, path, answer):
            if part in path:
                done["n"] += 1
                return answer._replace(status=500)
            return answer

        server.spoil = spoil
        said = dossier("doccano", "push", "--all", "--project", name, "--url", server.url, "-w", desk)
        assert said.code == 1, said.out
        assert done["n"]
        assert "Traceback" not in said.err
        server.spoil = lambda method, path, answer: answer
        said = dossier("doccano", "push", "--all", "--project", name, "--url", server.url, "-w", desk)
        assert said.code == 0, said.err
        project = int(said.out.rsplit("/", 1)[1])
        there = list(Remote(doccano.url, doccano.user, doccano.password).pages(f"/v1/projects/{project}/examples"))
        assert len(there) == 2
        assert "nothing new" in dossier("doccano", "pull", "--project", name, "--url", server.url, "-w", desk).out


def between_here(desk):
    """A server between, for which the desk's projects count as its own."""
    from contextlib import contextmanager

    from dossier.store.db import open_store

    @contextmanager
    def made():
        import os

        with between(os.environ["DOCCANO_URL"]) as server:
            with open_store(desk) as store:
                for table in ("doccano_project", "doccano_example", "doccano_item"):
                    store.db.execute(f"UPDATE {table} SET url = ?", (server.url,))
            yield server
            with open_store(desk) as store:
                for table in ("doccano_project", "doccano_example", "doccano_item"):
                    store.db.execute(f"UPDATE {table} SET url = ?", (os.environ["DOCCANO_URL"],))

    return made()


def test_the_commands_are_told_what_they_need(dossier, desk, monkeypatch):
    assert "name the documents" in dossier("doccano", "push", "-w", desk).err
    assert "there is no document 'none.md'" in dossier("doccano", "push", "none.md", "-w", desk).err
    assert "nothing was sent from here" in dossier("doccano", "pull", "--project", "other", "-w", desk).err
    monkeypatch.delenv("DOCCANO_URL")
    assert "which doccano?" in dossier("doccano", "pull", "-w", desk).err
