"""What makes the page easy: the mouse does what the keys do, one is told why nothing happened and finds one's place again."""

import shutil

import pytest
from tests.review.desks import make_workspace

OWN = ["VESSEL", "COMMODITY", "LANGUAGE", "LAW"]


@pytest.fixture(scope="module")
def desk(served_once, first_run, tmp_path_factory):
    return served_once(shutil.copytree(first_run, tmp_path_factory.mktemp("ease") / "desk"))


@pytest.fixture(scope="module")
def long_desk(served_once, tmp_path_factory):
    """More proposals than a page of the queue holds, over documents that are longer than the screen."""
    names = [f"Asker Guard {n:02}" for n in range(30)]
    text = "\n".join(f"{name} was here and there and everywhere, as far as anybody can tell. " * 4 for name in names)
    documents = [((f"long-{n}.txt", text, names), {}) for n in range(5)]
    folder = make_workspace(tmp_path_factory.mktemp("long") / "desk", *documents)
    titles = "".join(f'[labels.{name}]\ntitle = "{name.lower()}"\n' for name in OWN)
    (folder / "configs" / "schema.toml").write_text(titles, "utf-8")
    return served_once(folder)


SAID = "document.querySelector('.said')?.textContent ?? ''"


def test_the_whole_round_with_the_mouse_alone(served, run):
    desk = served(run)
    anna = desk.reader()
    page = anna.page

    def press(name, within=page):
        within.get_by_role("button", name=name).first.click()

    queue = page.locator(".queue li")
    queue.first.wait_for()
    press("Reject", queue.first)
    anna.until_saved()
    assert queue.first.get_attribute("data-state") == "rejected"
    press("Undo")
    anna.until("document.querySelector('.queue li').dataset.state", "pending")
    anna.until(f"({SAID}).startsWith('Taken back: ')")
    press("Redo")
    anna.until("document.querySelector('.queue li').dataset.state", "rejected")
    anna.until(f"({SAID}).startsWith('Done again: ')")
    press("Undo")

    page.get_by_role("link", name="Documents").click()
    page.locator(".documents tbody tr", has_text="north.txt").locator("th a").click()
    page.wait_for_selector(".text .m")
    hands = page.get_by_role("region", name="Chosen")
    anna.choose("Norway")
    press("Reject", hands)
    anna.choose("60-80 fighters")
    press("End one word back", hands)
    anna.until_saved()
    assert (anna.state("Norway"), anna.mention("60-80")["state"]) == ("rejected", "edited")

    page.locator(".text .b", has_text="Executive Summary").dblclick(position={"x": 20, "y": 15})
    anna.until("document.querySelector('.selected-words').textContent", "Executive")
    press("person", page.get_by_role("toolbar"))
    anna.until_saved()
    assert (anna.mention("Executive")["state"], anna.mention("Executive")["label"]) == ("added", "PERSON")

    before = len(anna.records("relations"))
    anna.choose("Ingrid Solheim")
    press("Relation", hands)
    form = page.locator("form.record")
    press("In the text", form.locator(".picker").nth(1))
    page.locator(".text .m", has_text="NRF").first.click()
    press("Save", form)
    anna.until_saved()
    assert len(anna.records("relations")) == before + 1

    anna.choose("NRF")
    press("All same", hands)
    press("Accept all chosen", page.locator("dialog"))
    anna.until_saved()
    assert anna.state("NRF") == "accepted"
    press("Undo")
    anna.until_saved()
    anna.until(
        "[...document.querySelectorAll('.text .m')].find((m) => m.textContent === 'NRF').dataset.state", "pending"
    )
    press("Finish")
    anna.until("document.querySelector('.finish').firstChild.textContent", "Reopen")
    press("Keys")
    assert "Alt drag" in page.locator("dialog").inner_text()
    press("Close", page.locator("dialog"))
    assert not anna.trouble


def test_the_queue_relabels_and_comments_with_the_mouse(desk):
    anna = desk.reader()
    kinds = (
        "[...new Set([...document.querySelectorAll('.queue li .what small')].map((kind) => kind.textContent))].join()"
    )
    anna.go("#/queue?kind=mention")
    anna.until(kinds, "mention")
    bar = anna.page.get_by_role("group", name="For the chosen proposal")
    row = anna.page.locator(".queue li").nth(1)
    row.locator(".passage").click(position={"x": 2, "y": 2})
    bar.get_by_role("button", name="weapon").click()
    anna.until_saved()
    assert "weapon" in row.locator(".tag").inner_text()
    anna.page.get_by_role("button", name="Undo").click()
    anna.until_saved()
    anna.go("#/queue?kind=relation")
    anna.until(kinds, "relation")
    assert not bar.get_by_role("button", name="weapon").is_visible()
    anna.press("7")
    anna.until(SAID, "Only mentions have a label")
    assert not anna.trouble


def test_one_is_told_why_nothing_happened(desk):
    anna = desk.reader()
    anna.open("north.txt")
    anna.press("a")
    anna.until(SAID, "Choose a mark or a card first (j, or a click)")
    assert anna.page.locator(".said").is_visible()
    anna.press("z")
    anna.until(SAID, "there is nothing to undo")


def test_an_undo_leads_to_what_it_took_back(desk):
    anna = desk.reader()
    anna.open("north.txt")
    anna.choose("Norway")
    anna.press("a")
    anna.until_saved()
    anna.choose("Ingrid Solheim")
    anna.press("z")
    anna.until("document.querySelector('.chosen-name strong').textContent", "Norway")
    assert anna.state("Norway") == "pending"


def test_lists_are_found_again_where_they_were_left(long_desk):
    anna = long_desk.reader()
    rows = anna.page.locator(".queue li")
    rows.first.wait_for()
    rows.nth(49).scroll_into_view_if_needed()
    rows.nth(49).locator(".passage").click(position={"x": 2, "y": 2})
    anna.press("j", "j")  # on the second page
    anna.until("document.querySelectorAll('.queue li').length", 100)
    anna.press("j")
    here = "document.querySelector('.queue li[aria-current] a').href"
    left = anna.evaluate(here)
    anna.press("Enter")
    anna.page.wait_for_selector(".text .m.current")
    anna.page.go_back()
    anna.until(f"document.querySelector('.queue li[aria-current]') && {here}", left)
    box = anna.page.locator(".queue li[aria-current]").bounding_box()
    assert 100 < box["y"] < 700
    anna.go("#/documents")
    anna.page.wait_for_selector(".documents tbody tr")
    anna.evaluate("window.scrollTo(0, 9999)")
    anna.page.locator(".documents th a").last.click()
    anna.page.wait_for_selector(".text .b")
    anna.until("scrollY", 0)  # a document begins at its beginning
    assert not anna.trouble


def test_a_filter_keeps_the_focus_when_it_is_set_with_the_keys(desk):
    anna = desk.reader()
    anna.page.wait_for_selector(".queue li")
    for kind in ("mention", "relation", "event"):
        anna.page.get_by_label("What", exact=True).focus()
        anna.press("ArrowDown")
        anna.until("location.hash", f"#/queue?kind={kind}")
        anna.until("document.activeElement.name", "kind")


COLOURS = """() => {
  const paint = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgb = (colour, ground) => {
    paint.fillStyle = ground ?? "white"; paint.fillRect(0, 0, 1, 1);
    paint.fillStyle = colour; paint.fillRect(0, 0, 1, 1);
    return [...paint.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  return [...document.querySelectorAll(".actions button.tag")].map((tag) => {
    const { color, backgroundColor } = getComputedStyle(tag);
    return [tag.dataset.label, rgb(color), rgb(backgroundColor)];
  });
}"""


def contrast(one, two):
    """The contrast ratio of WCAG 2.2."""

    def luminance(rgb):
        lit = [
            value / 255 / 12.92 if value / 255 <= 0.04045 else ((value / 255 + 0.055) / 1.055) ** 2.4 for value in rgb
        ]
        return 0.2126 * lit[0] + 0.7152 * lit[1] + 0.0722 * lit[2]

    dark, light = sorted((luminance(one), luminance(two)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_label_has_a_colour_of_its_own(long_desk, scheme):
    anna = long_desk.reader(color_scheme=scheme)
    anna.open("long-1")
    anna.page.locator(".text .m").first.click()
    anna.until("document.querySelectorAll('.actions button.tag').length", 7 + len(OWN))
    found = {label: (ink, ground) for label, ink, ground in anna.evaluate(COLOURS)}
    assert set(OWN) < set(found)
    assert all(contrast(ink, ground) >= 4.5 for ink, ground in found.values()), found
    inks = [ink if label != "ORG" else ground for label, (ink, ground) in found.items()]  # the mark's own is pressed
    apart = [sum(abs(a - b) for a, b in zip(one, two, strict=True)) for n, one in enumerate(inks) for two in inks[:n]]
    assert min(apart) >= 30, found
    bar = anna.page.locator(".actions")
    bar.locator("button.tag", has_text="law").click()  # the eleventh, which has no digit
    anna.until_saved()
    assert anna.records()[0]["label"] == "LAW"
    assert not anna.trouble


def test_a_narrow_page_reaches_name_theme_and_keys(desk):
    anna = desk.reader(viewport={"width": 390, "height": 844})
    anna.page.wait_for_selector(".queue li")
    assert anna.page.locator(".bar").bounding_box()["height"] < 60  # one row
    assert not anna.page.get_by_role("button", name="Anna").is_visible()
    anna.page.get_by_role("button", name="Redo, name, theme, keys").click()
    assert anna.page.get_by_role("button", name="Anna").is_visible()
    anna.page.locator(".help").click()
    assert anna.page.locator("dialog kbd").first.is_visible()


def test_a_relation_is_changed_by_touch_beside_its_text(desk):
    anna = desk.reader(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    anna.open("north.txt")
    hands = anna.page.get_by_role("region", name="Chosen")
    hands.get_by_role("button", name="Cards").tap()
    card = anna.page.locator(".card[data-kind=relation]").first
    fact = card.locator(".fact").inner_text()
    card.tap()
    hands.get_by_role("button", name="Edit").tap()
    form = anna.page.locator("form.record")
    evidence = "[...CSS.highlights.get('evidence')][0].getBoundingClientRect()"
    top = anna.page.locator(".bar").bounding_box()["height"]
    assert top < anna.evaluate(f"{evidence}.top") < form.bounding_box()["y"]  # the form leaves its text in sight
    form.locator(".picker").nth(1).get_by_role("button", name="In the text").tap()
    anna.page.locator(".text .m", has_text="Norway").tap()
    anna.until("document.querySelectorAll('form.record .picker select')[1].selectedOptions[0].text", "Norway · PLACE")
    form.get_by_role("button", name="Save").tap()
    anna.until_saved()
    anna.until("document.querySelector('.card.current .fact')?.textContent.endsWith('→ Norway')")
    anna.page.get_by_role("button", name="Undo").tap()
    anna.until(f"[...document.querySelectorAll('.card .fact')].some((each) => each.textContent === {fact!r})")
    assert not anna.trouble
