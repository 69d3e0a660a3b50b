"""The whole round in a real browser: ruling, undoing, reloading, losing the server and finding it again."""

from tests.review.desks import count_rulings


def test_rulings_are_made_undone_and_still_there_after_a_reload(served, run):
    desk = served(run)
    anna = desk.reader()
    anna.open("north.txt")
    anna.choose("Ingrid Solheim")
    anna.press("a")
    anna.choose("Norway")
    anna.press("r")
    anna.until_saved()
    assert (anna.state("Ingrid Solheim"), anna.state("Norway")) == ("accepted", "rejected")
    anna.choose("60-80 fighters")
    anna.press("U")  # the end one word back
    anna.until_saved()
    assert (anna.mention("60-80")["state"], anna.mention("60-80")["end"]) == (
        "edited",
        anna.mention("60-80")["start"] + 5,
    )
    anna.press("z")
    anna.until("document.querySelector('.chosen-name strong')?.textContent", "60-80 fighters")
    anna.press("y")
    anna.until("document.querySelector('.chosen-name strong')?.textContent", "60-80")
    anna.press("z", "z")
    anna.until_saved()
    anna.page.reload()
    anna.page.wait_for_selector(".text .m")
    assert (anna.state("Ingrid Solheim"), anna.state("Norway"), anna.state("60-80 fighters")) == (
        "accepted",
        "pending",
        "pending",
    )
    anna.press("y")  # also after a reload
    anna.until_saved()
    anna.until(
        "[...document.querySelectorAll('.text .m')].find((m) => m.textContent === 'Norway').dataset.state", "rejected"
    )
    assert not anna.trouble


def test_a_relation_an_event_and_a_comment_are_added_with_the_keys_alone(served, run):
    anna = served(run).reader()
    anna.open("north.txt")
    before = len(anna.records("relations"))
    anna.choose("Narvik")
    anna.press("l")
    form = anna.page.locator("form.record")
    form.locator(".picker").nth(1).get_by_role("button", name="In the text").press("Enter")
    anna.press("j", "Enter")  # the next mark, taken into the form
    anna.until("document.querySelectorAll('form.record .picker select')[1].selectedOptions[0].text", "Norway · PLACE")
    form.get_by_label("Relation", exact=True).select_option(
        "part_of" if form.locator("option[value=part_of]").count() else None
    )
    form.get_by_label("Who says so").fill("Nordic Review")
    anna.press("Control+Enter")
    anna.until_saved()
    added = [each for each in anna.records("relations") if each["state"] == "added"]
    assert len(added) == 1
    assert len(anna.records("relations")) == before + 1
    assert (added[0]["subject"]["text"], added[0]["object"]["text"], added[0]["holder"]) == (
        "Narvik",
        "Norway",
        "Nordic Review",
    )
    assert anna.page.locator(".card.current .fact").inner_text().startswith("Narvik")

    anna.press("e")
    form.get_by_label("Status").select_option("claimed")
    form.get_by_label("Begins").fill("1998-03")
    anna.press("Control+Enter")
    anna.until_saved()
    [changed] = [each for each in anna.records("relations") if each["target"] == added[0]["target"]]
    assert (changed["status"], changed["start"], changed["holder"]) == ("claimed", "1998-03", "Nordic Review")

    anna.select("founded")
    anna.press("v")
    form.get_by_label("place", exact=True).select_option(label="Narvik · PLACE")
    anna.press("Control+Enter")
    anna.until_saved()
    [event] = [each for each in anna.records("events") if each["state"] == "added"]
    assert (event["trigger"]["text"], event["place"][0]["text"]) == ("founded", "Narvik")

    anna.press("c")
    anna.page.keyboard.type("See the second edition")
    anna.press("Control+Enter")
    anna.until_saved()
    assert anna.records("comments")[0]["text"] == "See the second edition"
    notes = "[...document.querySelectorAll('[role=tab]')].at(-1).textContent"
    anna.until(notes, "Notes 1")
    anna.press("z")
    anna.until_saved()
    anna.until(notes, "Notes 0")
    assert anna.records("comments") == []
    assert not anna.trouble


def test_nothing_is_lost_when_the_server_dies(served, run):
    desk = served(run)
    anna = desk.reader()
    anna.open("north.txt")
    anna.choose("Ingrid Solheim")
    anna.press("a")
    anna.until_saved()
    desk.kill()
    for words, key in (("Norway", "r"), ("60-80 fighters", "U"), ("March 1998", "a")):
        anna.choose(words)
        anna.press(key)
    anna.select("Executive")
    anna.press("1")
    anna.until("document.querySelector('.saved').textContent", "Offline · waiting (4)")
    assert (anna.state("Norway"), anna.state("Executive")) == ("rejected", "added")  # shown, and said to wait
    anna.page.close()
    desk.restart()
    again = desk.reader(context=anna.context)
    again.until_saved()
    again.open("north.txt")
    assert [again.mention(words)["state"] for words in ("Ingrid Solheim", "Norway", "60-80", "March 1998", "Executive")] == [
        "accepted", "rejected", "edited", "accepted", "added",
    ]  # fmt: skip
    assert count_rulings(run) == 5
    assert not again.trouble


def test_an_open_page_sends_what_waits_when_the_server_is_back(served, run):
    desk = served(run)
    anna = desk.reader()
    anna.open("north.txt")
    desk.kill()
    anna.choose("Norway")
    anna.press("r")
    anna.until("document.querySelector('.saved').textContent", "Offline · waiting (1)")
    desk.restart()
    anna.until(
        "document.querySelector('.saved').textContent", "Signed out · waiting (1)", 15
    )  # its session went with it
    anna.context.new_page().goto(desk.link())
    anna.until_saved(15)
    assert anna.mention("Norway")["review"]["by"] == "Anna"  # under her name, though the link is someone else's
    assert anna.mention("Norway")["state"] == "rejected"
    assert not anna.trouble


def test_an_answer_lost_on_the_way_makes_no_second_ruling(served, run):
    desk = served(run)
    anna = desk.reader()
    anna.open("north.txt")
    lost = []

    def lose(route):
        lost.append(route.fetch().status)  # the server has it on its disk
        route.abort()

    anna.page.route("**/api/rulings", lose, times=1)
    anna.choose("Norway")
    anna.press("r")
    anna.until_saved(15)
    assert lost == [200]
    assert count_rulings(run) == 1


def test_a_stale_view_shows_both_versions_and_either_can_be_kept(served, run):
    desk = served(run)
    anna, bea = desk.reader("Anna"), desk.reader("Bea")
    for each in (anna, bea):
        each.open("north.txt")
    anna.page.route("**/api/changes*", lambda route: route.abort())
    for words in ("Norway", "Narvik"):
        bea.choose(words)
        bea.press("a")
        bea.until_saved()
    for number, words in enumerate(("Norway", "Narvik"), 1):
        anna.choose(words)
        anna.press("r")
        anna.until(f"document.querySelector('.saved').textContent === 'Look ({number})'")
    anna.page.locator(".saved").click()
    stuck = anna.page.locator(".stuck-entry")
    assert stuck.count() == 2
    assert stuck.first.locator(".version").all_inner_texts()[0].split() == ["Yours", "reject"]
    assert "Theirs: Bea" in stuck.first.locator(".version").all_inner_texts()[1]
    stuck.first.get_by_role("button", name="Keep mine").click()
    anna.until("document.querySelectorAll('.stuck-entry').length", 1)
    stuck.first.get_by_role("button", name="Take theirs").click()
    anna.until("document.querySelectorAll('.stuck-entry').length", 0)
    votes = {
        words: [(vote["user"], vote["ruling"]) for vote in anna.mention(words)["votes"]]
        for words in ("Norway", "Narvik")
    }
    assert sorted(votes["Norway"]) == [("Anna", "reject"), ("Bea", "accept")]
    assert votes["Narvik"] == [("Bea", "accept")]
    assert not anna.trouble


def test_another_reviewers_rulings_arrive_and_nothing_moves(served, run):
    desk = served(run)
    anna, bea = desk.reader("Anna"), desk.reader("Bea")
    for each in (anna, bea):
        each.open("north.txt")
    place = "[scrollY, document.querySelector('.text').getBoundingClientRect().top]"
    before = anna.evaluate(place)
    bea.choose("Norway")
    bea.press("a")
    bea.until_saved()
    anna.until(
        "[...document.querySelectorAll('.text .m')].find((m) => m.textContent === 'Norway').dataset.state", "accepted"
    )
    assert "Bea" in anna.page.locator(".arrived").inner_text()
    assert anna.evaluate(place) == before


def test_all_identical_strings_are_shown_ruled_on_and_taken_back_together(served, run):
    desk = served(run)
    anna = desk.reader()
    anna.open("note.md")
    words = "NRF"
    anna.choose(words)
    anna.press("x")
    anna.page.wait_for_selector("dialog .same li")
    listed = anna.page.locator("dialog .same li").count()
    assert listed > 0
    anna.page.get_by_role("button", name="Accept all chosen").click()
    anna.until_saved()
    assert count_rulings(run) == listed
    assert anna.state(words) == "accepted"
    anna.press("z")
    anna.until_saved()
    anna.until(
        f"[...document.querySelectorAll('.text .m')].find((m) => m.textContent === {words!r}).dataset.state", "pending"
    )


def test_the_queue_is_worked_with_the_keys(served, run):
    desk = served(run)
    anna = desk.reader()
    anna.page.wait_for_selector(".queue li[aria-current]")
    first, second = (anna.page.locator(".queue li").nth(n) for n in (0, 1))
    anna.press("a")
    assert second.get_attribute("aria-current") == "true"
    anna.press("r")
    anna.until_saved()
    assert (first.get_attribute("data-state"), second.get_attribute("data-state")) == ("accepted", "rejected")
    anna.press("z")
    anna.until("document.querySelectorAll('.queue li')[1].dataset.state", "pending")
    assert first.get_attribute("data-state") == "accepted"
    anna.press("k", "k", "k", "Enter")
    anna.page.wait_for_selector(".text .b")
    assert anna.evaluate("document.querySelector('.chosen-name') !== null")
    assert not anna.trouble


def test_only_what_another_changed_is_fetched(served, run):
    desk = served(run)
    anna, bea = desk.reader("Anna"), desk.reader("Bea")
    for each in (anna, bea):
        each.open("north.txt")
    asked = []
    anna.page.on("request", lambda request: asked.append(request.url.partition("/api/")[2]))
    state = "words => [...document.querySelectorAll('.text .m')].find((m) => m.textContent === words)?.dataset.state"
    anna.page.route("**/api/changes*", lambda route: route.abort())  # hers comes later, and is known first
    bea.choose("Norway")
    bea.press("a")
    bea.until_saved()
    anna.choose("Narvik")
    anna.press("r")
    anna.until_saved()
    anna.page.unroute("**/api/changes*")
    anna.until(f"({state})('Norway')", "accepted", 10)
    bea.choose("March 1998")
    bea.press("r")
    bea.select("Executive")
    bea.press("1")
    bea.until_saved()
    anna.until(f"({state})('March 1998')", "rejected")
    anna.until(f"({state})('Executive')", "added")
    assert not [path for path in asked if path.endswith("/records")]
    assert anna.state("Narvik") == "rejected"
    bea.press("z")  # what is taken back may be a comment or a merge: then all is asked for
    bea.until_saved()
    anna.until(f"({state})('Executive') ?? 'gone'", "gone")
    assert not anna.trouble


def test_another_reviewers_rulings_arrive_in_the_queue(served, run):
    desk = served(run)
    anna, bea = desk.reader("Anna"), desk.reader("Bea")
    for each in (anna, bea):
        each.page.wait_for_selector(".queue li[aria-current]")
    bea.press("r")
    bea.until_saved()
    state = "[...document.querySelectorAll('.queue li')].slice(0, 2).map((item) => item.dataset.state).join()"
    anna.until(state, "rejected,pending")
    assert "Bea" in anna.page.locator(".queue li .state").first.inner_text()
    anna.press("a")  # with hers in view: both count, and none is held up
    anna.until_saved()
    anna.until(state, "disputed,pending")
    bea.until(state, "disputed,pending")
    assert not anna.trouble + bea.trouble
