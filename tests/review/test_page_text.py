"""Marks where characters are not what they seem, and text that would like to be a program."""

import random

import pytest
from tests.review.desks import make_workspace

FLAGS = "\U0001f1f3\U0001f1f4"
FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
LINES = {
    "emoji": f"Report {FLAGS} of {FAMILY} the Norden Front met \U0001f600Asker Guard\U0001f600 there",
    "accents": "In E\u0301vreux a\u0300 cote\u0301 le Front\u0301 Nord and Asker Guard spoke",
    "arabic": "The name \u062c\u0628\u0647\u0629 \u0627\u0644\u0646\u0635\u0631\u0629 (Nusra) and Asker Guard met",
    "plain": "At last Asker Guard and Norden Front split",
}
TEXT = "\ufeff" + "\r\n".join(LINES.values()) + "\r\n"


@pytest.fixture(scope="module")
def odd_desk(served_once, tmp_path_factory):
    """A desk with the text many times over: a document for each test."""
    marks = ["Asker Guard"] * len(LINES)
    documents = [((f"odd-{n:02}.txt", TEXT, marks), {}) for n in range(20)]
    desk = served_once(make_workspace(tmp_path_factory.mktemp("odd") / "desk", *documents))
    desk.names = iter(arguments[0] for arguments, _ in documents)
    return desk


@pytest.fixture
def odd(odd_desk):
    """A reader before a document of their own."""
    reader = odd_desk.reader()
    reader.open(next(odd_desk.names))
    yield reader
    reader.context.close()


def test_marks_stand_on_their_words_after_odd_characters(odd):
    assert odd.page.locator(".text .m").all_inner_texts() == ["Asker Guard"] * len(LINES)


@pytest.mark.parametrize(
    "words",
    [
        "Norden Front",
        "Front\u0301 Nord",
        "\u062c\u0628\u0647\u0629 \u0627\u0644\u0646\u0635\u0631\u0629",
        FAMILY,
        "split",
    ],
)
def test_a_selection_is_saved_at_its_code_points(odd, words):
    odd.select(words)
    odd.press("1")
    odd.until_saved()
    [added] = [mention for mention in odd.records() if mention["state"] == "added"]
    start = TEXT.index(words)
    assert (added["start"], added["end"], added["text"]) == (start, start + len(words), words)
    assert words in odd.page.locator(".text .m").all_text_contents()
    assert not odd.trouble


def test_half_a_character_cannot_be_marked(odd):
    odd.select("Front\u0301 Nor")
    odd.evaluate(
        """() => { const { startContainer: node, startOffset: at } = getSelection().getRangeAt(0);
        getSelection().setBaseAndExtent(node, at, node, at + 5); }"""
    )
    odd.until("document.querySelector('.selected-words').textContent", "Front\u0301")


def test_ends_move_by_what_people_call_a_character(odd):
    second = odd.page.locator(".text .m").nth(0)
    second.click()
    odd.press("i", "i", "Q")
    odd.until_saved()
    start = TEXT.index("met \U0001f600Asker")
    end = TEXT.index(" there", start) + 2  # over the blank, where no mark ends
    [edited] = [mention for mention in odd.records() if mention["state"] == "edited"]
    assert (edited["start"], edited["end"], edited["text"]) == (start, end, TEXT[start:end])
    odd.press("w", "w", "w", "w")  # e, t, the emoji, A
    odd.until_saved()
    [edited] = [mention for mention in odd.records() if mention["state"] == "edited"]
    assert edited["text"] == TEXT[start + 5 : end]


def test_strokes_faster_than_the_server_are_all_saved(odd):
    odd.page.locator(".text .m").nth(2).click()
    odd.press(*"u" * 8, *"i" * 8)
    odd.until_saved()
    [edited] = [mention for mention in odd.records() if mention["state"] == "edited"]
    assert edited["text"] == "Asker Guard"
    odd.press("z")
    odd.until_saved()
    assert [mention["text"] for mention in odd.records()] == ["Asker Guard", "Asker Guard", "Asker Guar", "Asker Guard"]


def test_a_mention_is_added_with_the_keys_alone(odd):
    odd.press("s", "Home", "Control+ArrowRight", "Control+ArrowRight", "Shift+Control+ArrowRight")
    odd.until("document.querySelector('.selected-words').textContent", f"{FAMILY} the")
    odd.press("ArrowRight", "Shift+Control+ArrowRight", "Shift+Control+ArrowRight", "1")
    odd.until_saved()
    assert odd.mention("Norden Front")["state"] == "added"
    odd.press("Escape", "z")
    odd.until_saved()
    assert odd.mention("Norden Front") is None
    assert "Norden Front" not in odd.page.locator(".text .m").all_text_contents()


def test_a_mark_across_blocks_is_one_mention(odd):
    odd.evaluate(
        """() => { const blocks = document.querySelectorAll(".text .b");
        const last = (node) => { while (node.lastChild) node = node.lastChild; return node; };
        const first = (node) => { while (node.firstChild) node = node.firstChild; return node; };
        getSelection().setBaseAndExtent(last(blocks[1]), last(blocks[1]).length - 5, first(blocks[2]), 8); }"""
    )
    odd.page.wait_for_selector(".selection-bar:not([hidden])")
    odd.press("1")
    odd.until_saved()
    [added] = [mention for mention in odd.records() if mention["state"] == "added"]
    assert added["text"] == "spoke\r\nThe name"
    assert odd.page.locator(f".text .m[data-t='{added['target']}']").count() == 2


HOSTILE = (
    '<img src=x onerror="window.hacked=1"><script>window.hacked=2</script>\'"&amp;</p>\u202e{{7*7}}${window.hacked=3}'
)


def test_text_names_and_comments_stay_text(served, tmp_path):
    path = "<svg onload=window.hacked=4>.txt"
    text = f"{HOSTILE}\nAsker Guard met javascript:window.hacked=5 there.\n"
    desk = served(
        make_workspace(tmp_path / "desk", ((path, text, ["Asker Guard"]), {"title": HOSTILE, "publisher": HOSTILE}))
    )
    anna = desk.reader(HOSTILE[:60])
    anna.page.wait_for_selector(".queue li")
    anna.open("svg")
    assert HOSTILE in anna.page.locator(".text").text_content()
    anna.select(HOSTILE[:40])
    anna.press("1")
    anna.until_saved()
    anna.press("c")
    anna.page.keyboard.type(HOSTILE)
    anna.press("Control+Enter")
    anna.until_saved()
    anna.page.get_by_role("tab", name="Notes 1").click()
    assert HOSTILE in anna.page.locator(".cards").text_content()
    anna.page.hover(".text .m")
    for place in ("#/queue?state=all", "#/documents", "#/agreement"):
        anna.go(place)
        anna.until("document.querySelector('main').textContent.length > 20")
    assert anna.evaluate("window.hacked") is None
    assert anna.evaluate("document.querySelectorAll('main img, main svg, main script, .text script').length") == 0
    assert not anna.trouble


def test_offsets_are_turned_both_ways_for_any_text(odd):
    random.seed(7)
    letters = [
        "a",
        " ",
        "\n",
        "\r\n",
        "e\u0301",
        "\U0001f600",
        FAMILY,
        FLAGS,
        "\u062c",
        "\ufeff",
        "\u2028",
        "\U0010ffff",
        "\ufffd",
    ]
    texts = ["", *("".join(random.choices(letters, k=random.randint(1, 40))) for _ in range(200))]
    wanted = [[len(text[:at].encode("utf-16-le")) // 2 for at in range(len(text) + 1)] for text in texts]
    found = odd.evaluate(
        """async (texts) => {
          const { Text, decode } = await import("/static/codepoints.js");
          return texts.map((text) => {
            const made = new Text(decode(new TextEncoder().encode(text)));
            const points = [...Array(made.length + 1).keys()];
            if (points.some((point) => made.point(made.unit(point)) !== point)) return "not the same way back";
            const pieces = points.slice(0, -1).map((at) => made.slice(at, at + 1));
            if ([...text].join("|") !== pieces.join("|")) return "not the same text";
            return points.map((point) => made.unit(point));
          });
        }""", texts,
    )  # fmt: skip
    assert found == wanted


def test_waiting_rulings_stand_as_undos_and_answers_leave_them(odd):
    """The outbox as plain data: undo takes back the last of its document, an answer's revision reaches those behind it."""
    assert odd.evaluate(
        """async () => {
          const { standing, nextToSend, carryRevisions, RULINGS, UNDO, REDO } = await import("/static/pending.js");
          const entry = (seq, path, document, changes = []) => ({ seq, path, document, state: "waiting", body: { changes } });
          const change = (target, revision) => ({ target, revision });
          const a = entry(1, RULINGS, "d", [change("m", 0)]), b = entry(2, RULINGS, "other", [change("n", 0)]);
          const names = (list) => list.map((each) => each.seq).join();
          const found = [
            names(standing([a, b, entry(3, UNDO, "d")])),
            names(standing([a, b, entry(3, UNDO, "d"), entry(4, REDO, "d")])),
            names(standing([a, b, entry(3, UNDO, null)])),
            names(standing([entry(1, UNDO, "d"), a])),
          ];
          const c = entry(5, RULINGS, "d", [change("m", 0)]), d = entry(6, RULINGS, "d", [change("m", 4)]);
          const carried = carryRevisions([a, c, d], a, { records: [{ target: "m", revision: 9 }] });
          found.push(carried.map((each) => each.body.changes[0].revision).join());
          found.push(nextToSend([{ ...a, state: "stale" }, c, b]).seq);
          found.push(nextToSend([{ ...a, state: "stale" }, c]));
          return found;
        }"""
    ) == ["2", "2,1", "1", "1", "0,9,4", 2, None]


def drag(reader, words, first, last, *held):
    """Drag with the mouse over the block that begins with `words`, from before one character of it to behind another."""
    block = reader.page.locator(".text .b", has_text=words).first
    block.scroll_into_view_if_needed()
    points = block.evaluate(
        """(block, offsets) => offsets.map((offset) => {
          const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
          while (walker.nextNode() && offset > walker.currentNode.length) offset -= walker.currentNode.length;
          const range = document.createRange();
          range.setStart(walker.currentNode, offset);
          range.collapse(true);
          const box = range.getClientRects()[0];
          return [box.left, box.top + box.height / 2];
        })""", [first, last],
    )  # fmt: skip
    for key in held:
        reader.page.keyboard.down(key)
    reader.page.mouse.move(*points[0])
    reader.page.mouse.down()
    reader.page.mouse.move(*points[1], steps=5)
    reader.page.mouse.up()
    for key in held:
        reader.page.keyboard.up(key)


def test_the_mouse_selects_words_and_with_alt_characters(odd):
    line = LINES["plain"]
    selected = "document.querySelector('.selected-words').textContent"
    begin, end = line.index("orden"), line.index("ront") + 2
    drag(odd, line, begin, end)
    odd.until(selected, "Norden Front")
    assert odd.evaluate("getSelection().toString()") == "Norden Front"
    odd.press("Escape")
    drag(odd, line, begin, end, "Alt")
    odd.until(selected, "orden Fro")
    odd.press("Escape")
    drag(odd, line, line.index(" Norden"), line.index(" split"))  # words as they are, without the blanks
    odd.until(selected, "Norden Front")
    odd.press("1")
    odd.until_saved()
    [added] = [mention for mention in odd.records() if mention["state"] == "added"]
    assert (added["text"], TEXT[added["start"] : added["end"]]) == ("Norden Front", "Norden Front")
    assert not odd.trouble


def test_whole_words_are_found_in_any_script(odd):
    assert odd.evaluate(
        """async () => {
          const { wholeWords } = await import("/static/codepoints.js");
          const of = (text, from, to) => text.slice(...wholeWords(text, from, to));
          return [of("(ETA) and", 0, 2), of("(ETA) and", 2, 5), of("cote\u0301 Nord", 1, 2), of("a \u062c\u0628 b", 3, 4),
                  of("\U0001f600Asker\U0001f600", 3, 4), of("60-80", 0, 1), of(".".repeat(900), 450, 460).length, of("a", 0, 1)];
        }"""
    ) == ["(ETA", "ETA)", "cote\u0301", "\u062c\u0628", "Asker", "60", 10, "a"]  # fmt: skip
