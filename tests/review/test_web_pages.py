"""Pages of PDFs: their pictures, the words on them, and files that are made to do harm."""

import os
import time
import zlib
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas
from tests.conftest import ROOT, call_main
from tests.review.serving import enter, serving

from dossier.engines.processes import Limits
from dossier.review.web import pages
from dossier.review.web.pages import Pages, Place, Recent
from dossier.store.db import create_workspace

REPORT = ROOT / "corpus" / "examples" / "ruf-profile.pdf"


def write_pdf(path, *, size=(595, 842), turn=0, words="The Northern Reach Front met in Oslo."):
    canvas = Canvas(str(path), pagesize=size, invariant=1)
    canvas.setPageRotation(turn)
    unit = size[1] / 70
    canvas.setFont("Helvetica", unit)
    for line in range(12):
        canvas.drawString(6 * unit, size[1] - (8 + 2 * line) * unit, f"{line} {words}")
    canvas.save()


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    desk = tmp_path_factory.mktemp("pages") / "desk"
    create_workspace(desk)
    (desk / "corpus" / "ruf-profile.pdf").write_bytes(REPORT.read_bytes())
    write_pdf(desk / "corpus" / "turned.pdf", turn=90)
    write_pdf(desk / "corpus" / "poster.pdf", size=(7200, 9600), words="A large page of the Northern Reach Front.")
    assert call_main("run", "--workspace", desk) == 0
    return desk


@pytest.fixture(scope="module")
def reviewer(desk):
    with serving(desk) as client:
        yield enter(client)


@pytest.fixture(scope="module")
def ids(reviewer):
    return {each["path"]: each["id"] for each in reviewer.get("/api/documents").json()["items"]}


def image_of(answer):
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "image/png"
    return Image.open(BytesIO(answer.content))


@pytest.mark.parametrize(("asked", "width"), [(1, 400), (800, 800), (801, 1200), (9999, 2400), (None, 1200)])
def test_a_page_comes_in_one_of_a_few_widths(reviewer, ids, asked, width):
    query = {} if asked is None else {"width": asked}
    image = image_of(reviewer.get(f"/api/documents/{ids['ruf-profile.pdf']}/pages/1.png", params=query))
    assert abs(image.width - width) <= 1


@pytest.mark.parametrize("name", ["ruf-profile.pdf", "turned.pdf", "poster.pdf"])
def test_the_words_stand_where_the_picture_is_black(reviewer, ids, name):
    url = f"/api/documents/{ids[name]}/pages/1"
    said = reviewer.get(url).json()
    text = reviewer.get(f"/api/documents/{ids[name]}/text").text
    image = image_of(reviewer.get(f"{url}.png", params={"width": 2400})).convert("L")
    scale = image.width / said["width"]
    assert abs(image.height - said["height"] * scale) <= 2
    assert len(said["words"]) > 20
    dark = 0
    for x0, top, x1, bottom, start, end in said["words"]:
        assert 0 <= x0 < x1 <= said["width"]
        assert 0 <= top < bottom <= said["height"]
        word = text[start:end]
        assert word == word.strip() != ""
        dark += image.crop(tuple(round(edge * scale) for edge in (x0, top, x1, bottom))).getextrema()[0] < 128
    assert dark >= 0.99 * len(said["words"])
    assert [word[4] for word in said["words"]] == sorted(word[4] for word in said["words"])


def test_every_mention_of_the_page_has_its_words(reviewer, ids):
    url = f"/api/documents/{ids['ruf-profile.pdf']}"
    about, records = reviewer.get(url).json(), reviewer.get(f"{url}/records").json()
    covered = set()
    for page in range(1, about["pages"] + 1):
        for *_, start, end in reviewer.get(f"{url}/pages/{page}").json()["words"]:
            covered |= set(range(start, end))
    text = reviewer.get(f"{url}/text").text
    for mention in records["mentions"]:
        places = [at for at in range(mention["start"], mention["end"]) if not text[at].isspace()]
        assert covered.issuperset(places)


@pytest.mark.parametrize("page", ["0", "99", "99999999999999999999", "-1", "x", "1.5"])
def test_a_page_that_is_not_there_is_404(reviewer, ids, page):
    for tail in ("", ".png"):
        assert reviewer.get(f"/api/documents/{ids['ruf-profile.pdf']}/pages/{page}{tail}").status_code == 404


@pytest.mark.parametrize("width", ["0", "-5", "x", "10001", "1e9"])
def test_a_width_that_cannot_be_is_said_so(reviewer, ids, width):
    answer = reviewer.get(f"/api/documents/{ids['ruf-profile.pdf']}/pages/1.png", params={"width": width})
    assert (answer.status_code, answer.json()["field"]) == (400, "width")


def test_a_file_that_was_changed_or_is_gone_has_no_picture_but_its_words(desk, ids):
    path = desk / "corpus" / "turned.pdf"
    kept = path.read_bytes()
    url = f"/api/documents/{ids['turned.pdf']}/pages/1"
    for change in (lambda: path.write_bytes(kept + b" "), path.unlink, lambda: os.mkfifo(path)):
        change()
        with serving(desk) as client:
            enter(client)
            answer = client.get(f"{url}.png")
            assert (answer.status_code, answer.json()["error"]) == (422, "no_picture")
            words = client.get(url).json()
            assert len(words["words"]) > 20
            assert words["width"] >= max(word[2] for word in words["words"])
    path.unlink()
    path.write_bytes(kept)


# ------------------------------------------------------------------ what draws may die, hang or grow


def hang(task):
    time.sleep(60)


def crash(task):
    os._exit(3)


def grow(task):
    return b"x" * (8 << 30), 1.0, 1.0


def fail(task):
    raise RuntimeError("secret")


def count_calls(task):
    with (task.path.parent / "calls").open("a") as file:
        file.write(f"{task.page}\n")
    time.sleep(0.05)
    return b"png", 595.0, 842.0


@pytest.mark.parametrize(
    ("draw", "code"), [(hang, "timeout"), (crash, "crashed"), (grow, "memory"), (fail, "internal_error")]
)
def test_a_page_that_does_harm_costs_its_picture_alone(desk, ids, draw, code, monkeypatch):
    monkeypatch.setattr(pages, "LIMITS", Limits(seconds=2.0, memory_mb=300))
    monkeypatch.setattr(Pages.__init__, "__defaults__", (pages.LIMITS,))
    with serving(desk, draw=draw) as client:
        enter(client)
        url = f"/api/documents/{ids['ruf-profile.pdf']}/pages/1"
        with ThreadPoolExecutor(1) as thread:
            drawn = thread.submit(client.get, f"{url}.png")
            began = time.monotonic()
            assert client.get("/api/queue").status_code == 200  # the others do not wait for it
            assert time.monotonic() - began < 1.5
        answer = drawn.result()
        assert (answer.status_code, answer.json()["error"], answer.json()["reason"]) == (422, "no_picture", code)
        began = time.monotonic()
        assert client.get(f"{url}.png").status_code == 422  # known to fail: it is not tried again at once
        assert len(client.get(url).json()["words"]) > 30
        assert time.monotonic() - began < 2.0 or draw is hang


def test_a_page_asked_for_by_many_is_drawn_once(tmp_path):
    import asyncio

    place = Place(tmp_path / "x.pdf", "sha", 9, "text")
    drawing = Pages(count_calls)

    async def ask():
        wanted = [drawing.picture(place, 1 + number % 3, 100 + number) for number in range(12)]
        return await asyncio.gather(*wanted)

    try:
        assert {picture.png for picture in asyncio.run(ask())} == {b"png"}
    finally:
        drawing.close()
    assert sorted((tmp_path / "calls").read_text().split()) == ["1", "2", "3"]


def bomb(path):
    """A page whose content unpacks to 128 MB of nested states."""
    packed = zlib.compress(b"q " * (64 << 20), 1)
    head = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj "
    head += b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R>>endobj "
    path.write_bytes(
        head
        + b"4 0 obj<</Length %d/Filter/FlateDecode>>stream\n" % len(packed)
        + packed
        + b"\nendstream endobj trailer<</Root 1 0 R>>"
    )


@pytest.mark.parametrize(
    "make", [bomb, lambda path: path.write_bytes(b"%PDF-1.7\n" + os.urandom(5000)), lambda path: path.write_bytes(b"")]
)
def test_a_hostile_file_ends_in_a_failure_or_a_picture(tmp_path, make):
    import asyncio
    import hashlib

    from dossier.ingest.pdf.plain import draw_plain
    from dossier.review.web.replies import Refusal

    path = tmp_path / "hostile.pdf"
    make(path)
    drawing = Pages(draw_plain, Limits(seconds=20, memory_mb=600))
    try:
        place = Place(path, hashlib.sha256(path.read_bytes()).hexdigest(), 1, "text")
        ended = asyncio.run(drawing.picture(place, 1, 400)).png[:4]
    except Refusal as refusal:
        ended = refusal.code
    finally:
        drawing.close()
    assert ended in (b"\x89PNG", "no_picture")


def test_pictures_are_forgotten_when_there_are_too_many():
    recent = Recent[str, bytes](100, len)
    for name in "abcdef":
        recent.put(name, b"x" * 30)
    assert [name for name in "abcdef" if recent.get(name)] == ["d", "e", "f"]
    recent.put("d", b"y")
    recent.put("g", b"x" * 200)
    assert [name for name in "defg" if recent.get(name)] == ["g"]
