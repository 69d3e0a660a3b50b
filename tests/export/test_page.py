"""The page per document: complete without script, equal bytes, safe names, and no word of a report obeyed."""

import base64
import hashlib
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from tests.export.paper import Paper, harbour_paper

from dossier.export.files import distinct_names
from dossier.export.page import STATIC
from dossier.export.page_text import COLOURS, PageText, Piece
from dossier.export.words import describe_amount
from dossier.offsets import TextBuilder
from dossier.records import Block, Document
from dossier.store.db import create_workspace, open_store
from dossier.store.decisions import append


@pytest.fixture
def desk(tmp_path) -> Path:
    folder = tmp_path / "desk"
    create_workspace(folder)
    with open_store(folder) as store:
        harbour_paper().save(store, publisher="Coast Post", date="1996", url="https://coast.example/league")
    return folder


class Read(HTMLParser):
    """What a page shows and the tags it has; every tag must close."""

    VOID = ("meta", "input")

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags, self.ids, self.text, self.open = [], [], "", []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.ids += [value for name, value in attrs if name == "id"]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open[-1:] not in (["script"], ["style"]):
            self.text += data

    def all(self, tag, name=""):
        return [a for t, a in self.tags if t == tag and (not name or name in a.get("class", "").split())]


def export(dossier, desk, out="pages", *options):
    said = dossier("export", out, "--format", "page", "-w", desk, *options)
    assert said.code == 0, said.err
    return desk.parent / out


def page_of(dossier, desk, *options) -> str:
    return (export(dossier, desk, "pages", *options) / "paper.txt.html").read_text("utf-8")


def test_the_whole_text_stands_in_the_page_as_it_is(dossier, desk):
    page = page_of(dossier, desk, "--include", "pending")
    main = page[page.index("<main") : page.index("</main>")]
    words = re.sub(r"\s+", "", Read(main).text)

    assert words == re.sub(r"\s+", "", harbour_paper().text)


def test_every_record_is_there_with_its_evidence_and_works(dossier, desk):
    read = Read(page_of(dossier, desk, "--include", "pending"))
    cards = [a for a in read.all("details") if "card" in a["class"]]

    paper = harbour_paper()
    wanted = {
        one["id"] for kind in ("entity", "relation", "event", "conflict", "absence") for one in paper.records[kind]
    }
    assert {card["id"] for card in cards} == wanted
    assert len(read.ids) == len(set(read.ids))
    for words in ("Mara Lind founded the Harbour League (HL) in Westport in 1991.[1]", "says “Coast Post”", "reported",
                  "The report says there is none: estimates of its income", "Tolls that differ: 3 or 5", "disputed",
                  "killed three people = 3 people"):  # fmt: skip
        assert words in re.sub(r"\s+", " ", read.text), words
    assert read.text.count("Berg, Ada. “The League.” Coast Post, 1996.") == 2  # the note, and what the evidence cites


def test_marks_and_records_know_each_other(dossier, desk):
    page = page_of(dossier, desk, "--include", "pending")
    marked = dict(re.findall(r"<mark [^>]*data-m=(\d+)[^>]*>([^<]+)</mark>", page))
    cards = {a["id"]: a for a in Read(page).all("details", "card")}

    founded = cards["relation0_d_1"]["data-m"].split()
    assert [marked[m] for m in founded] == ["Mara Lind", "Harbour League"]
    attack = cards["event0_d_1"]["data-m"].split()
    assert [marked[m] for m in attack] == ["4 May 1995", "HL", "Westport", "three people"]


def test_what_is_pending_is_marked_and_what_was_accepted_says_by_whom(dossier, desk):
    accept(desk, "relation0_d_1")
    pending = Read(page_of(dossier, desk, "--include", "pending"))
    states = {a["id"]: a["class"].split()[-1] for a in pending.all("details", "card")}

    assert states.pop("relation0_d_1") == "accepted"
    assert set(states.values()) == {"pending"}
    assert "accepted by ada" in pending.text
    assert all("pending" in mark["class"] for mark in pending.all("mark") if "data-m" in mark)
    assert "nobody has ruled on them" in pending.text


def accept(desk: Path, *numbers: str) -> None:
    with open_store(desk) as store:
        for number in numbers:
            kind = number.removesuffix("_d_1").rstrip("0123456789")
            append(store, kind=kind, key=number, proposal=number, ruling="accept", record="{}", user="ada")


def test_in_an_accepted_record_a_pending_name_is_marked_as_a_guess(dossier, desk):
    accept(desk, "event0_d_1", "relation1_d_1")
    for options in ((), ("--include", "pending")):
        page = page_of(dossier, desk, *options)
        assert page.count("<b>HL</b> <small class=guess>= Harbour League</small>") == 2

    accept(desk, "entity0_d_1")
    page = page_of(dossier, desk)
    assert page.count("<b>HL</b> <small>= Harbour League</small>") == 2
    assert "class=guess>= Harbour" not in page


def test_by_default_only_what_people_accepted_is_there_and_the_names_it_uses(dossier, desk):
    accept(desk, "relation0_d_1")
    read = Read(page_of(dossier, desk))
    states = {a["id"]: a["class"].split()[-1] for a in read.all("details", "card")}

    assert states == {"relation0_d_1": "accepted", "entity0_d_1": "pending", "entity1_d_1": "pending"}
    assert read.all("mark") == []
    assert "Only what people accepted: 1 record. 2 names that they use wait for a ruling, and are dashed." in read.text


def test_an_accepted_absence_is_accepted(dossier, desk):
    number = harbour_paper().records["absence"][0]["id"]
    accept(desk, number)
    cards = {a["id"]: a for a in Read(page_of(dossier, desk, "--include", "pending")).all("details", "card")}

    assert cards[number]["class"].split()[-1] == "accepted"


def test_two_exports_are_equal_bytes(dossier, desk):
    one, two = (export(dossier, desk, name, "--include", "pending") for name in ("one", "two"))

    for name in ("index.html", "paper.txt.html"):
        assert (one / name).read_bytes() == (two / name).read_bytes()
    assert str(desk.parent).encode() not in (one / "paper.txt.html").read_bytes()


def test_the_index_leads_to_every_page_and_back(dossier, desk):
    with open_store(desk) as store:
        harbour_paper("2").save(store, "sub/100% why? #1.txt")
    out = export(dossier, desk, "pages", "--include", "pending")
    links = [a["href"] for a in Read((out / "index.html").read_text("utf-8")).all("a")]

    assert links == ["paper.txt.html", "sub/100%25%20why_%20%231.txt.html"]
    assert (out / "sub" / "100% why_ #1.txt.html").is_file()
    assert 'href="../index.html"' in (out / "sub" / "100% why_ #1.txt.html").read_text("utf-8")


def test_a_page_asks_for_nothing_and_lets_only_its_own_code_act(dossier, desk):
    out = export(dossier, desk, "pages", "--include", "pending")
    for path in out.glob("*.html"):
        page = path.read_text("utf-8")
        read = Read(page)
        policy = next(a["content"] for a in read.all("meta") if a.get("http-equiv") == "Content-Security-Policy")
        for tag in ("style", "script"):
            code = page[page.index(f"<{tag}>") + len(tag) + 2 : page.index(f"</{tag}>")]
            digest = base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()
            assert f"{tag}-src 'sha256-{digest}'" in policy
        assert policy.startswith("default-src 'none'; ")
        assert "unsafe" not in policy
        assert not {tag for tag, _ in read.tags} & {"img", "link", "iframe", "object", "base", "form", "video"}
        names = {name for _, attributes in read.tags for name in attributes}
        assert not {n for n in names if n.startswith("on")} | names & {"src", "style", "srcset", "action"}
        assert read.open == []


def test_a_link_to_the_original_is_one_of_the_web(dossier, desk):
    with open_store(desk) as store:
        harbour_paper("2").save(store, "evil.txt", url="javascript:alert(1)")
    out = export(dossier, desk, "pages")

    assert 'href="https://coast.example/league"' in (out / "paper.txt.html").read_text("utf-8")
    assert "javascript:" not in (out / "evil.txt.html").read_text("utf-8")


def test_a_report_without_proposals_is_still_readable(dossier, desk):
    paper = Paper("3")
    paper.add("paragraph", "Nothing was found here.")
    with open_store(desk) as store:
        paper.save(store, "bare.txt")
    read = Read((export(dossier, desk, "pages", "--include", "pending") / "bare.txt.html").read_text("utf-8"))

    assert "Nothing was found here." in read.text
    assert "Nothing was proposed for this report." in read.text


# ------------------------------------------------------------------ file names


def test_names_are_distinct_safe_and_inside_the_folder():
    paths = {
        "d_1": "index", "d_2": "a.txt", "d_3": "A.TXT", "d_4": "../../etc/passwd", "d_5": "x", "d_6": "x.html/y",
        "d_7": "é" * 300, "d_8": "é" * 299, "d_9": "a\u202etxt.exe", "d_10": 'con<>:"|?*\\.txt', "d_11": "/abs",
        "d_12": "index.html/z",
    }  # fmt: skip
    found = distinct_names(paths, ".html", taken=("index.html",))
    names = [path.as_posix() for path in found.values()]

    assert len({name.casefold() for name in names} | {"index.html"}) == len(names) + 1
    assert not [p for p in found.values() if p.is_absolute() or ".." in p.parts or p.parts[0] == "index.html"]
    assert all(len(part.encode()) <= 230 for path in found.values() for part in path.parts)
    folders = {parent.as_posix() for path in found.values() for parent in path.parents}
    assert not folders & set(names)
    assert found["d_2"] == Path("a.txt.html")
    assert not [name for name in names if re.search(r'[<>:"|?*\\\u202e]', name)]


def test_texts_of_the_same_name_do_not_overwrite_each_other(dossier, desk):
    with open_store(desk) as store:
        harbour_paper("2").save(store, "PAPER.txt")
    dossier("export", "texts", "--format", "text", "-w", desk)

    assert len(list((desk.parent / "texts").iterdir())) == 2


# ------------------------------------------------------------------ parts


def make_page_text(words: str, *blocks: tuple[int, int]) -> PageText:
    made = [Block("paragraph", *block) for block in blocks or [(0, len(words))]]
    offsets = TextBuilder(words).finish()[1].to_bytes()
    return PageText(Document("d", "0", "text/plain", "utf-8", words, offsets, "1", blocks=made), [], {})


def test_pieces_that_cross_are_cut_and_nest():
    html = make_page_text("one two three").html([Piece(0, 7, "<u>", "</u>"), Piece(4, 13, "<s>", "</s>")])

    assert "<u>one </u><u><s>two</s></u><s> three</s>" in html


def test_words_outside_every_block_are_shown():
    html = make_page_text("lost words and found", (15, 20)).html([])

    assert "lost words and" in html


def test_a_piece_over_two_blocks_stands_in_both():
    html = make_page_text("one\n\ntwo", (0, 3), (5, 8)).html([Piece(0, 8, "<u>", "</u>")])

    assert "<u>one</u>" in html
    assert "<u>two</u>" in html


def test_characters_that_turn_the_text_are_boxes_of_one_character():
    html = make_page_text("a\u202eb\x00c").html([])

    assert 'a<i class=ctl data-c="U+202E">\ufffd</i>b<i class=ctl data-c="U+0000">\ufffd</i>c' in html


def test_places_count_as_the_script_does():
    words = "🙂 one 🙂 two"
    page = make_page_text(words)

    for at in range(len(words) + 1):
        assert page.utf16(at) == len(words[:at].encode("utf-16-le")) // 2


@pytest.mark.parametrize(
    ("low", "high", "approximate", "unit", "said"),
    [
        (3, 3, False, "killed", "3 killed"),
        (60, None, False, "wounded", "at least 60 wounded"),
        (200, 900, True, "fighters", "about 200 to 900 fighters"),
        (None, 999, False, None, "at most 999"),
        (None, None, False, "wounded", "number unknown wounded"),
    ],
)
def test_amounts_in_words(low, high, approximate, unit, said):
    assert describe_amount({"min": low, "max": high, "approximate": approximate, "unit": unit}) == said


# ------------------------------------------------------------------ colours


def luminance(colour: str) -> float:
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, two: str) -> float:
    low, high = sorted((luminance(one), luminance(two)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_colour_passes_wcag_aa(scheme):
    style = (STATIC / "page.css").read_text("utf-8")
    parts = style.split("@media (prefers-color-scheme: dark)")[:2]
    light, dark = (dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", part)) for part in parts)
    colours = light if scheme == "light" else dark

    assert light.keys() == dark.keys()
    for number in range(COLOURS):
        line, wash = colours[f"i{number}"], colours[f"c{number}"]
        assert contrast(colours["ink"], wash) >= 4.5
        assert contrast(line, colours["paper"]) >= 4.5  # a label's name
        assert contrast(line, colours["card"]) >= 4.5
        assert contrast(line, wash) >= 3  # the line under its wash
    for words in ("ink", "soft", "accent", "warn-ink", "good", "bad"):
        assert contrast(colours[words], colours["paper"]) >= 4.5, words
        assert contrast(colours[words], colours["card"]) >= 4.5, words
    for words, ground in (("ink", "wash"), ("soft", "wash"), ("accent", "wash"), ("warn-ink", "warn"), ("ink", "warn")):
        assert contrast(colours[words], colours[ground]) >= 4.5, (words, ground)
    assert contrast(colours["edge"], colours["card"]) >= 3
