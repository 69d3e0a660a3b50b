"""Nobody is kept out: axe-core on every view, light and dark, wide and narrow; the keyboard reaches what the mouse does."""

import shutil

import pytest

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDE, NARROW = {"width": 1280, "height": 800}, {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def desk(served_once, first_run, tmp_path_factory):
    return served_once(shutil.copytree(first_run, tmp_path_factory.mktemp("access") / "desk"))


def look(reader, axe):
    """What axe-core finds wrong, in words."""
    if not reader.evaluate("typeof axe === 'object'"):
        reader.evaluate(axe + "; 0")
    said = reader.evaluate(
        "rules => axe.run(document, {runOnly: rules}).then(({violations, passes}) => ({violations, passes: passes.length}))",
        RULES,
    )
    found = said["violations"]
    assert said["passes"] > 15  # it looked
    return [
        f"{each['id']}: {node['html'][:200]} {node['failureSummary']}" for each in found for node in each["nodes"][:3]
    ]


@pytest.mark.parametrize(("scheme", "size"), [("light", WIDE), ("dark", WIDE), ("light", NARROW), ("dark", NARROW)])
def test_no_view_keeps_anybody_out(desk, axe, scheme, size):
    anna = desk.reader(color_scheme=scheme, viewport=size, reduced_motion="reduce")
    anna.page.wait_for_selector(".queue li")
    found = {"queue": look(anna, axe)}
    anna.go("#/documents")
    anna.page.wait_for_selector(".documents tbody tr")
    found["documents"] = look(anna, axe)
    anna.go("#/agreement")
    anna.page.wait_for_selector(".disagreements", state="attached")
    found["agreement"] = look(anna, axe)
    anna.open("north.txt")
    anna.choose("Norway")
    anna.press("a", "t", "b", "J", "e")
    found["document"] = look(anna, axe)
    anna.press("Escape", "?")
    anna.page.wait_for_selector("dialog[open]")
    found["keys"] = look(anna, axe)
    anna.press("Escape")
    anna.page.wait_for_selector("dialog", state="detached")
    anna.choose("Narvik")
    anna.press("m")
    anna.page.locator("dialog input[type=checkbox]").first.check()
    found["names"] = look(anna, axe)
    anna.press("Escape")
    anna.page.wait_for_selector("dialog", state="detached")
    anna.press("z")
    anna.page.wait_for_selector(".said:not(:empty)")
    if size == NARROW:
        anna.page.locator(".bar .more").click()
    found["bar"] = look(anna, axe)
    assert not any(found.values()), found
    assert anna.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page is wider than the screen"


def test_every_key_is_shown_and_used_once(desk):
    anna = desk.reader()
    anna.open("north.txt")
    anna.press("?")
    keys = [key.split("\n")[0] for key in anna.page.locator("dialog .keys dt").all_inner_texts()]
    assert len(keys) == len(set(keys)) > 35
    anna.page.get_by_label("Single keys act").click()
    anna.press("Escape")
    anna.page.wait_for_selector("dialog", state="detached")
    anna.press("n")
    assert anna.page.locator(".text .m.current").count() == 0  # switched off
    anna.press("?")
    anna.page.get_by_label("Single keys act").click()
    anna.press("Escape")
    anna.page.wait_for_selector("dialog", state="detached")
    anna.press("n")
    assert anna.page.locator(".text .m.current").count() == 1


def test_marks_are_reached_and_ruled_on_without_single_keys(desk):
    anna = desk.reader()
    anna.open("north.txt")
    anna.page.locator(".text .m").first.focus()
    anna.press("ArrowRight", "ArrowRight", "ArrowLeft", "Enter")
    second = anna.page.locator(".text .m").nth(1)
    assert "current" in second.get_attribute("class")
    assert anna.evaluate("document.activeElement.textContent").startswith("Accept")
    anna.press("Enter")
    anna.until_saved()
    assert second.get_attribute("data-state") == "accepted"


def test_the_focus_is_seen_and_goes_where_the_work_is(desk):
    anna = desk.reader()
    anna.open("north.txt")
    anna.press("n")
    focused = "getComputedStyle(document.activeElement).outlineStyle + ' ' + document.activeElement.className"
    assert anna.evaluate(focused).startswith("solid m ")
    anna.press("?", "Escape")
    anna.page.wait_for_selector("dialog", state="detached")
    assert anna.evaluate(focused).startswith("solid m ")  # a dialog gives the focus back
    anna.press("a")
    anna.until_saved()
    assert anna.evaluate(focused).startswith("solid m ")
    anna.until("document.querySelector('[role=status][aria-live]').textContent", "Saved")


def test_a_note_is_told_on_hover_and_on_focus_and_a_relation_draws_its_arc(desk):
    anna = desk.reader()
    anna.open("north.txt")
    anna.page.hover(".noteref")
    anna.until("document.querySelector('.tip').hidden", False)
    assert "The North in Arms" in anna.page.locator(".tip").inner_text()
    anna.press("Escape")
    assert anna.page.locator(".tip").is_hidden()
    anna.page.locator(".noteref").nth(1).focus()
    assert "Profile: Northern Reach Front" in anna.page.locator(".tip").inner_text()
    assert anna.page.locator(".arcs-layer path").count() == 0
    anna.press("J")
    assert anna.page.locator(".arcs-layer path").count() > 0
    assert not anna.trouble


def test_a_view_tells_its_name_and_takes_the_focus(desk):
    anna = desk.reader()
    anna.until("document.title", "Queue · dossier review")
    anna.page.wait_for_selector(".queue li")
    anna.press("H")
    anna.page.wait_for_selector(".documents tbody tr")
    anna.press("j", "Enter")
    anna.page.wait_for_selector(".text .b")
    anna.until("document.title.endsWith(' · dossier review') && document.title !== 'Documents · dossier review'")
    anna.until("document.activeElement.id", "main")


def test_names_are_gone_through_with_the_keys(desk):
    anna = desk.reader()
    anna.open("north.txt")
    anna.press("m")  # nothing is chosen: the names are shown
    anna.until("document.querySelector('.said').textContent", "Choose a name here, then m")
    first = anna.evaluate("document.activeElement.dataset.card")
    anna.press("J")
    assert anna.evaluate("document.activeElement.matches('.card.name')")
    assert anna.evaluate("document.activeElement.dataset.card") != first
    anna.press("m")
    anna.page.wait_for_selector("dialog .names-dialog")
    assert not anna.trouble
