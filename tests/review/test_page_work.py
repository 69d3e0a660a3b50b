"""What several reviewers, several names and the pages of a PDF ask of the page."""

import shutil
from itertools import pairwise

import pytest
from tests.conftest import ROOT, call_main

from dossier.store.db import create_workspace


def test_a_disagreement_is_settled_by_taking_a_version(served, run):
    desk = served(run)
    anna, bea = desk.reader("Anna"), desk.reader("Bea")
    for each, key in ((anna, "a"), (bea, "r")):
        each.open("north.txt")
        each.until("document.querySelector('.text .m') !== null")
        each.choose("Norway")
        each.press(key)
        each.until_saved()
    assert anna.mention("Norway")["state"] == "disputed"
    anna.go("#/agreement")
    anna.page.wait_for_selector(".disagreements li[aria-current]")
    versions = anna.page.locator(".disagreements li .version")
    assert [text.split()[:2] for text in versions.all_inner_texts()] == [["Anna", "accept"], ["Bea", "reject"]]
    anna.press("2")
    anna.until_saved()
    assert anna.get("/api/disagreements")["total"] == 0
    anna.open("north.txt")
    anna.until("document.querySelector('.text .m') !== null")
    assert anna.mention("Norway")["state"] == "rejected"
    assert not anna.trouble


def test_names_are_merged_and_split_and_both_taken_back(served, run):
    anna = served(run).reader()
    anna.open("north.txt")
    before = {entity["name"] for entity in anna.records("entities")}
    assert {"Narvik", "Norway"} <= before
    anna.choose("Narvik")
    anna.press("m")
    dialog = anna.page.locator("dialog")
    dialog.locator("li", has_text="Norway").locator("input").check()
    dialog.get_by_label("Main name").fill("Norway")
    merged = dialog.locator("section", has_text="Merge").locator(".preview").inner_text()  # shown before it is done
    assert "2 names become one" in merged
    assert [line for line in merged.split("\n") if line in ("Norway × 2", "Narvik × 1")] == ["Norway × 2", "Narvik × 1"]
    assert anna.saved == "Saved"
    dialog.get_by_role("button", name="Merge").click()
    anna.until_saved()
    found = {each["id"]: each for each in anna.records("entities")}
    [merged] = [each for each in found.values() if {"Narvik", "Norway"} <= {name["text"] for name in each["names"]}]
    assert merged["name"] == "Norway"
    assert anna.mention("Narvik")["entity"] == anna.mention("Norway")["entity"]
    anna.until("document.querySelector('.panel [role=tab]:nth-child(2)').textContent", f"Names {len(found)}")
    anna.press("m")
    split = dialog.locator("section", has_text="Split")
    assert split.get_by_role("button", name="Split off").is_disabled()
    split.locator("li", has_text="Norway").nth(0).locator("input").check()
    split.locator("li", has_text="Norway").nth(1).locator("input").check()
    assert "Nothing would be left" in split.locator(".preview").inner_text()
    assert split.get_by_role("button", name="Split off").is_disabled()
    split.locator("li").nth(1).locator("input").uncheck()
    outcomes = split.locator(".outcome .fact").all_inner_texts()
    assert outcomes == ["Norway × 1", "Narvik × 1"]
    dialog.get_by_role("button", name="Split off").click()
    anna.until_saved()
    assert anna.mention("Narvik")["entity"] != anna.mention("Norway")["entity"]
    anna.press("z", "z")
    anna.until_saved()
    assert {entity["name"] for entity in anna.records("entities")} == before
    assert not anna.trouble


def test_names_are_merged_with_the_keys_alone(served, run):
    anna = served(run).reader()
    anna.open("north.txt")
    anna.choose("Narvik")
    anna.press("m")
    anna.page.keyboard.type("norw")  # the focus is where names are looked for
    anna.press("Tab", "Space")
    anna.until("document.querySelector('dialog .preview h4')?.textContent", "2 names become one")
    anna.press("Control+Enter")
    anna.until_saved()
    assert anna.mention("Narvik")["entity"] == anna.mention("Norway")["entity"]
    anna.press("z")
    anna.until_saved()
    assert anna.mention("Narvik")["entity"] != anna.mention("Norway")["entity"]
    assert not anna.trouble


def test_a_document_is_assigned_found_and_finished(served, run):
    desk = served(run)
    anna = desk.reader()
    anna.go("#/documents")
    row = anna.page.locator(".documents tbody tr", has_text="north.txt")
    row.get_by_label("Assign").select_option("Anna")
    row.locator(".chip", has_text="Anna").wait_for()
    anna.press("S")
    anna.page.get_by_label("Reviewers").fill("Anna, Bea")
    anna.page.get_by_label("Documents for two").fill("50")
    anna.page.get_by_role("button", name="Share out").last.click()
    anna.until("[...document.querySelectorAll('.documents .chip')].some((chip) => chip.textContent.startsWith('Bea'))")
    anna.go("#/documents?reviewer=Anna&q=north")
    anna.until("document.querySelectorAll('.documents tbody tr').length", 1)
    anna.open("north.txt")
    anna.press("f")
    anna.until_saved()
    anna.until("document.querySelector('.finish').firstChild.textContent", "Reopen")
    anna.go("#/documents?state=finished")
    anna.until("document.querySelectorAll('.documents .finished').length", 1)
    assert not anna.trouble


@pytest.fixture(scope="module")
def typeset(tmp_path_factory):
    folder = tmp_path_factory.mktemp("typeset") / "desk"
    create_workspace(folder)
    shutil.copy(ROOT / "corpus" / "examples" / "aceh-chronology.pdf", folder / "corpus")
    assert call_main("run", "--workspace", folder) == 0
    return folder


def test_the_page_image_shows_the_mark_and_a_drag_on_it_selects_the_words(served, typeset):
    anna = served(typeset).reader()
    anna.open("Aceh")
    anna.until("document.querySelector('.sheet img').naturalWidth > 0", seconds=20)
    anna.press("n")
    anna.until("document.querySelectorAll('.box.lit').length > 0")
    mention = anna.evaluate("document.querySelector('.chosen-name strong').textContent")
    document = anna.evaluate("location.hash.split('/')[2].split('?')[0]")
    page = anna.get(f"/api/documents/{document}/pages/1")
    text = anna.evaluate("path => fetch(path).then((answer) => answer.text())", f"/api/documents/{document}/text")
    [lit] = anna.evaluate(
        "[...document.querySelectorAll('.box.lit')].slice(0, 1).map((box) => box.getBoundingClientRect().toJSON())"
    )
    sheet = anna.evaluate("document.querySelector('.sheet').getBoundingClientRect().toJSON()")
    middle = ((lit["x"] + lit["width"] / 2 - sheet["x"]) / sheet["width"] * page["width"],
              (lit["y"] + lit["height"] / 2 - sheet["y"]) / sheet["height"] * page["height"])  # fmt: skip
    hit = [
        text[start:end]
        for x0, top, x1, bottom, start, end in page["words"]
        if x0 <= middle[0] <= x1 and top <= middle[1] <= bottom
    ]
    assert hit
    assert hit[0].strip("(),.:") in mention

    words = [word for word in page["words"] if text[word[4] : word[5]].isalpha()][20:]
    first, last = next((a, b) for a, b in pairwise(words) if abs(a[1] - b[1]) < 1 and b[5] - a[4] < 40)

    def at(word):
        x = sheet["x"] + (word[0] + word[2]) / 2 / page["width"] * sheet["width"]
        return x, sheet["y"] + (word[1] + word[3]) / 2 / page["height"] * sheet["height"]

    anna.page.mouse.move(*at(first))
    anna.page.mouse.down()
    anna.page.mouse.move(*at(last), steps=4)
    anna.page.mouse.up()
    anna.until("document.querySelector('.selected-words').textContent", text[first[4] : last[5]])
    anna.press("1")
    anna.until_saved()
    added = [each for each in anna.records() if each["text"] == text[first[4] : last[5]]]
    assert added
    assert added[0]["label"] == "ORG"
    assert not anna.trouble
