"""Nobody is kept out: axe-core on every view, light and dark, wide and narrow; the keyboard reaches what the mouse does."""

import pytest

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDE, NARROW = {"width": 1280, "height": 800}, {"width": 390, "height": 844}


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
def test_no_view_keeps_anybody_out(served, run, axe, scheme, size):
    anna = served(run).reader(color_scheme=scheme, viewport=size, reduced_motion="reduce")
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
    assert not any(found.values()), found
    assert anna.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page is wider than the screen"


def test_every_key_is_shown_and_used_once(served, run):
    anna = served(run).reader()
    anna.open("north.txt")
    anna.press("?")
    keys = [key.split("\n")[0] for key in anna.page.locator("dialog .keys dt").all_inner_texts()]
    assert len(keys) == len(set(keys)) > 35
    anna.page.get_by_label("Single keys act").click()
    anna.press("Escape", "n")
    assert anna.page.locator(".text .m.current").count() == 0  # switched off
    anna.press("?")
    anna.page.get_by_label("Single keys act").click()
    anna.press("Escape", "n")
    assert anna.page.locator(".text .m.current").count() == 1


def test_the_focus_is_seen_and_goes_where_the_work_is(served, run):
    anna = served(run).reader()
    anna.open("north.txt")
    anna.press("n")
    focused = "getComputedStyle(document.activeElement).outlineStyle + ' ' + document.activeElement.className"
    assert anna.evaluate(focused).startswith("solid m ")
    anna.press("?", "Escape")
    assert anna.evaluate(focused).startswith("solid m ")  # a dialog gives the focus back
    anna.press("a")
    anna.until_saved()
    assert anna.evaluate(focused).startswith("solid m ")
    anna.until("document.querySelector('[role=status][aria-live]').textContent", "Saved")
