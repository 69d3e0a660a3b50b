"""Copies and newer issues are found by their words, whatever the files are called, and nothing else is."""

import itertools
import json
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.ingest.docx import build

from dossier.curate import copies
from dossier.curate.copies import find_candidates, find_copies, judge, running_text, settle
from dossier.curate.versions import compare_dates, compare_versions, read_version, series_key, title_key
from dossier.ingest.read import read_document
from dossier.normalize.shingles import Likeness, compare, make_sketch
from dossier.store.copies import Issue, Kin, describe_copies, load_kin
from dossier.store.db import create_workspace, open_store
from dossier.store.documents import InputState, save_input

VOCABULARY = [a + b + c for a, b, c in itertools.product("bdfglmnrst", "aeiou", ["n", "r", "l", "nd", "st"])]


def prose(seed, sentences=40):
    """Paragraphs of nonsense that no other seed shares."""
    chance = random.Random(seed)
    made = [" ".join(chance.choices(VOCABULARY, k=12)).capitalize() + "." for _ in range(sentences)]
    return "\n\n".join(" ".join(made[i : i + 4]) for i in range(0, sentences, 4))


def change(text, share, seed=1):
    chance = random.Random(seed)
    return " ".join(chance.choice(VOCABULARY) if chance.random() < share else word for word in text.split(" "))


@pytest.fixture
def store(tmp_path):
    create_workspace(tmp_path)
    with open_store(tmp_path) as store:
        yield store


def add(store, name, data):
    document = read_document(data if isinstance(data, bytes) else data.encode(), name=name)
    state = InputState("corpus", name, 1, 1, document.sha256, None, "r", "done", document=document.id)
    save_input(store, state, document)
    return document.id


def headed(title, publisher, date, text):
    return f"# {title}\n\n*{publisher}, {date}*\n\n{text}\n"


# ------------------------------------------------------------------ from files to kin


def test_one_report_in_three_formats_under_names_that_say_nothing(store):
    text = prose(1)
    paragraphs = [build.p(each) for each in text.split("\n\n")]
    word = build.docx(build.p("Fronts of the North", style="Titel"), *paragraphs, headers=["Nordic Review"])
    ids = [
        add(store, "a.txt", f"Fronts of the North\n\n{text}"), add(store, "b.md", f"# Fronts of the North\n\n{text}"),
        add(store, "scan0001.docx", word), add(store, "fronts-of-the-north.txt", f"Fronts of the North\n\n{prose(2)}"),
    ]  # fmt: skip

    assert find_copies(store)
    kin = load_kin(store)

    assert kin.keys() == set(ids[:3])
    assert kin[ids[0]] == Kin(sorted(ids[1:3]), [])
    assert describe_copies(store) == {"copies": [["a.txt", "b.md", "scan0001.docx"]], "superseded": []}


def test_a_report_that_others_printed_under_another_headline_and_shortened(store):
    text = prose(3)
    first = add(store, "a.md", headed("Talks in Oslo", "Nordic Review", "3 May 2005", text))
    second = add(
        store,
        "b.md",
        headed("Peace at last?", "Fjord Herald", "5 May 2005", change(text[: int(len(text) * 0.7)], 0.01)),
    )
    find_copies(store)

    assert load_kin(store) == {first: Kin([second], []), second: Kin([first], [])}


def test_a_newer_issue_supersedes_an_older_one_by_its_date(store):
    text = prose(4)
    old = add(store, "z.md", headed("Fronts of the North", "Nordic Review", "3 May 2005", text))
    new = add(
        store,
        "a.md",
        headed("Fronts of the North", "Nordic Review", "7 June 2009", change(text, 0.03) + "\n\n" + prose(5, 8)),
    )
    find_copies(store)

    assert load_kin(store)[new] == Kin([], [old])
    assert describe_copies(store)["superseded"] == [["a.md", "z.md"]]


def test_a_revised_report_is_known_by_its_title_where_half_of_it_is_new(store):
    text = prose(6)
    body = change(text[: len(text) // 2], 0.02) + "\n\n" + prose(7, 24)
    old = add(store, "a.md", headed("Fronts of the North", "Nordic Review", "3 May 2005", text))
    new = add(store, "b.md", headed("Fronts of the North: 2nd edition", "Nordic Review", "2009", body))
    add(store, "c.md", headed("Another Matter", "Nordic Review", "2011", body[: len(body) // 3] + prose(8)))
    find_copies(store)

    assert load_kin(store) == {new: Kin([], [old])}


def test_the_version_tells_where_the_dates_do_not(store):
    text = prose(9)
    old = add(store, "b.md", f"# Fronts of the North\n\nVersion 1.9\n\n{text}")
    new = add(store, "a.md", f"# Fronts of the North\n\nVersion 1.10\n\n{change(text, 0.03)}")
    find_copies(store)

    assert load_kin(store)[new].supersedes == [old]


def test_copies_of_an_older_issue_are_superseded_with_it(store):
    text = prose(10)
    olds = [
        add(store, f"old{i}.md", headed("Fronts", "Nordic Review", "2005", text + " " * i + f"\n\nPrinted {i}."))
        for i in range(2)
    ]
    new = add(store, "new.md", headed("Fronts", "Nordic Review", "2009", change(text, 0.03)))
    find_copies(store)

    assert load_kin(store)[new] == Kin([], sorted(olds))
    assert load_kin(store)[olds[0]] == Kin([olds[1]], [])


def test_a_common_notice_a_quotation_and_one_subject_make_no_copies(store):
    notice = prose(11, 8)
    for i in range(12):
        add(store, f"{i}.md", headed(f"Report {i}", "Nordic Review", "2005", f"{prose(100 + i)}\n\n{notice}"))
    long = prose(12, 80)
    add(store, "long.txt", long)
    add(store, "excerpt.txt", long[: len(long) // 4])
    find_copies(store)

    assert load_kin(store) == {}


def test_it_is_found_anew_when_documents_change_and_only_then(store, monkeypatch):
    text = prose(13)
    first = add(store, "a.txt", text)
    assert find_copies(store)
    assert not find_copies(store)
    second = add(store, "b.txt", f"{text}\n\nPrinted in Narvik.")
    made = []
    monkeypatch.setattr(copies, "make_sketch", lambda text: made.append(text) or make_sketch(text))

    assert find_copies(store)
    assert len(made) == 1
    assert load_kin(store) == {first: Kin([second], []), second: Kin([first], [])}

    with store.transaction():
        store.db.execute("DELETE FROM input WHERE path = 'b.txt'")
    assert load_kin(store) == {}
    assert find_copies(store)
    assert store.one("SELECT count(*) FROM copy") == 0


def test_the_order_in_which_files_are_read_makes_no_difference(tmp_path):
    text = prose(14)
    files = [
        (f"{i}.md", headed("Fronts", "Nordic Review", f"{2000 + i // 2}", change(text, 0.02 * (i // 2), seed=i // 2)))
        for i in range(8)
    ]
    found = []
    for seed in range(3):
        create_workspace(tmp_path / str(seed))
        with open_store(tmp_path / str(seed)) as store:
            for name, words in random.Random(seed).sample(files, len(files)):
                add(store, name, words + f"\n\nFile {name}.")
                if seed == 2:
                    find_copies(store)
            find_copies(store)
            found.append(load_kin(store))
    assert found[0] == found[1] == found[2]
    assert found[0]


def test_many_copies_are_one_group(store):
    text = prose(15)
    ids = [add(store, f"{i}.txt", f"{text}\n\nPrinted by press number {i}.") for i in range(40)]
    find_copies(store)

    assert {len(kin.same_as) for kin in load_kin(store).values()} == {39}
    assert load_kin(store).keys() == set(ids)


def test_commands_and_export_say_so(dossier, desk):
    text = prose(16)
    (desk / "corpus" / "one.txt").write_text(text)
    (desk / "corpus" / "two.md").write_text(f"{text}\n\nPrinted in Narvik.")
    said = dossier("run", "--workspace", desk)
    records = [json.loads(line) for line in (desk / "out" / "curated.jsonl").read_text("utf-8").splitlines()]
    documents = {record["path"]: record for record in records if record["kind"] == "document"}

    assert "2 documents are copies of 1 report" in said.out
    assert "one.txt = two.md" in dossier("status", "--workspace", desk).out
    assert json.loads(dossier("status", "--json", "--workspace", desk).out)["copies"] == [["one.txt", "two.md"]]
    assert "same as    one.txt" in dossier("show", "two.md", "--workspace", desk).out
    assert documents["one.txt"]["same_as"] == [documents["two.md"]["id"]]
    assert (documents["north.txt"]["same_as"], documents["north.txt"]["supersedes"]) == ([], [])


# ------------------------------------------------------------------ the parts


@pytest.mark.parametrize(
    ("alike", "shared", "sizes", "titles", "dates", "publishers", "verdict"),
    [
        (1.0, 1.0, 1.0, "AA", ("2005", "2009"), "PP", 0),  # the same words are the same issue, whatever the date
        (0.7, 0.9, 0.9, "AA", ("2005", "2009"), "PP", -1),
        (0.7, 0.9, 0.9, "AA", ("2009", "2005"), "PP", 1),
        (0.7, 0.9, 0.9, "AA", ("2005", "2005-03"), "PP", 0),  # one may lie in the other
        (0.7, 0.9, 0.9, "AA", (None, "2005"), "PP", 0),
        (0.7, 0.9, 0.9, "AB", ("2005", "2009"), "P-", 0),
        (0.7, 0.9, 0.9, "AA", ("2005", "2009"), "PQ", 0),  # another house printed it
        (0.4, 0.6, 0.9, "AA", ("2005", "2009"), "PP", -1),
        (0.4, 0.6, 0.9, "AA", ("2005", "2005"), "PP", None),
        (0.4, 0.6, 0.9, "AB", ("2005", "2009"), "PP", None),
        (0.4, 0.9, 0.6, "AB", (None, None), "--", 0),  # shortened
        (0.2, 1.0, 0.2, "AB", (None, None), "--", None),  # quoted in a longer one
        (0.1, 0.2, 0.9, "AA", ("2005", "2009"), "PP", None),
    ],
)
def test_verdicts(alike, shared, sizes, titles, dates, publishers, verdict):
    one, other = (
        Issue("d", "t", f"Title {title}", date, None if publisher == "-" else publisher)
        for title, date, publisher in zip(titles, dates, publishers, strict=True)
    )

    assert judge(one, other, Likeness(shared, alike), sizes, lambda: 0) == verdict


def test_groups_hold_together_and_contradictions_are_left_out():
    groups, pairs = settle([(1, 2), (4, 2), (7, 8)], [(9, 4), (9, 1), (7, 9), (1, 4), (5, 6), (6, 5)])

    assert groups == {1: 1, 2: 1, 4: 1, 7: 7, 8: 7, 9: 9, 5: 5, 6: 6}
    assert pairs == {(9, 1), (7, 9)}


@pytest.mark.parametrize(
    ("one", "other", "order"),
    [("2005", "2004", 1), ("2004-12", "2005", -1), ("2005", "2005-06", 0), ("2005/2006", "2006-01", 0), ("198X", "1990", -1),
     ("2005/..", "2001", 1), ("../2003", "2004", -1), (None, "2005", 0), ("nonsense", "2005", 0)],
)  # fmt: skip
def test_which_date_is_later(one, other, order):
    assert compare_dates(one, other) == order
    assert compare_dates(other, one) == -order


@pytest.mark.parametrize(
    ("line", "version"),
    [("Version 2.1", (2, 1)), ("Rev. 3", (3,)), ("Second edition", (2,)), ("3rd revised edition, 2004", (3,)),
     ("Update No. 12", (12,)),
     ("v1.10", (1, 10)), ("In 2004, 3 men were killed", ()), ("Edition of 2004", ()), ("Northern Fronts", ())],
)  # fmt: skip
def test_versions_are_read_from_the_first_lines(line, version):
    assert read_version(read_document(f"# Fronts\n\n{line}\n\n{prose(1, 8)}".encode(), name="a.md")) == version


def test_versions_compare_as_numbers():
    assert compare_versions((1, 10), (1, 9)) == 1
    assert compare_versions((), (1, 9)) == 0


def test_titles_without_their_issue():
    assert title_key("Northern Fronts, 2nd edition (updated)") == title_key("NORTHERN FRONTS") == "northern fronts"
    assert (
        series_key("Situation Report 12, May 2016")
        == series_key("Situation report 13, June 2016")
        == "situation report"
    )
    assert title_key("Revised edition") is None
    assert title_key(None) is None


def test_notes_and_their_markers_are_no_part_of_what_is_compared():
    words = b"# Talks\n\nThe Front met[1] in Oslo.[2] It left.\n\n## Notes\n\n[1] Berg 2005.\n[2] Moe 2006.\n"

    assert (
        running_text(read_document(words, name="a.md")).split() == "Talks The Front met in Oslo. It left. Notes".split()
    )


def test_case_accents_punctuation_and_spaces_make_no_difference():
    text = prose(17)

    assert (make_sketch(text) == make_sketch(text.upper().replace(" ", "  \n").replace(".", " –"))).all()
    assert (make_sketch("Le général Évariste à Goma " * 9) == make_sketch("le general evariste a goma " * 9)).all()


def test_a_text_without_spaces_is_compared_by_its_characters():
    chance = random.Random(3)
    text = "".join(chr(0x4E00 + chance.randrange(5000)) for _ in range(400))

    assert len(make_sketch(text)) > 50
    assert compare(make_sketch(text), make_sketch(text[:300])).shared > 0.9


def test_too_little_text_proves_nothing():
    assert len(make_sketch("four words are few")) == 0
    assert list(find_candidates([make_sketch("one two three four five six")] * 2)) == []


def test_numbers_are_spread_evenly():
    numbers = make_sketch(" ".join(f"w{i}" for i in range(40_000)))

    assert len(numbers) == pytest.approx(10_000, rel=0.05)
    assert np.histogram(numbers, bins=8, range=(0, 2.0**62))[0].std() < 80


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10_000), st.floats(0, 0.9))
def test_the_share_is_that_of_the_words_in_common(seed, kept):
    text = prose(seed, 120).replace("\n\n", " ").split()
    other = prose(seed + 20_000, 120).replace("\n\n", " ").split()
    cut = int(len(text) * kept)
    found = compare(make_sketch(" ".join(text)), make_sketch(" ".join(text[:cut] + other[cut:])))

    assert found.shared == pytest.approx(kept, abs=0.13)  # of 360 numbers: five standard deviations
