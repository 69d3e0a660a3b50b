"""Pages: what is shown stays, in blocks, and leads back to the characters of the file."""

import pytest

from dossier.errors import InputError
from dossier.ingest.original import open_original
from dossier.ingest.read import read_document
from dossier.source_map import open_map


def read(html, **kwargs):
    data = html if isinstance(html, bytes) else html.encode()
    return read_document(data, name="a.html", **kwargs)


def shape(document):
    return [(b.kind, b.level, document.text[b.start : b.end]) for b in document.blocks]


def words(html):
    return [text for _, _, text in shape(read(html))]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>the <b>Islamic\n   State</b>&nbsp;of <i>Al</i>Qaeda", "the Islamic State of AlQaeda"),
        ("<p>caf&eacute; &amp;amp; R&D 5 < 6", "café &amp; R&D 5 < 6"),
        ("<p>gov&shy;ern\u00adment &zwnj;x", "government \u200cx"),
        ("<p>one<!-- two --> three<script>4</script>", "one three"),
        (
            "<p>a <span hidden>b</span><span style='color:red; display: none'>c</span><span class='sr-only x'>d</span>e",
            "a e",
        ),
        ("<p>a <svg><title>b</title><text>c</text></svg><select><option>d</select><button>e</button>f", "a f"),
        ("<p>a<noscript>turn it on</noscript><template>t</template> b", "a b"),
        ("<p>the gro\0up was founded in the north of it\x01.", "the group was founded in the north of it."),
        ("<p>x<wbr>y <img alt=no>z", "xy z"),
        ("<p>open <b>bold <i>both</b> after</i> end", "open bold both after end"),
        ("<plaintext>a <b> c", "a <b> c"),
    ],
)
def test_words_of_a_paragraph(html, text):
    assert read(html).text == text


def test_blocks_of_every_kind():
    d = read(
        "<title>T</title><article><h1>The<br>Title</h1><p>Words of it\ngo on here.<h3>Deeper</h3><ul><li>one<ul><li>two</ul>"
        "<li>three<p>goes on</ul><ol><li>first<li>second</ol><blockquote><p>A quote.</p><p>More.</blockquote>"
        "<aside>Pulled out.</aside><figure><img><figcaption>A map</figcaption></figure>"
        "<table><caption>Leaders</caption><thead><tr><th>Name<th>From<tbody><tr><td>Aleph<td><p>2000</p><tr><td><td>2007</table>"
        "<p><b>Formed:</b> 1998<br><b>Disbanded:</b> 2009<dl><dt>Base<dd>Narvik<dt>History<dd>Long.<dd>And more.</dl>"
        "<p><strong>Bold Heading</strong><p>Last."
    )

    assert shape(d) == [
        ("title", 0, "The Title"),
        ("paragraph", 0, "Words of it go on here."),
        ("heading", 3, "Deeper"),
        ("list_item", 1, "one"),
        ("list_item", 2, "two"),
        ("list_item", 1, "three"),
        ("paragraph", 0, "goes on"),
        ("list_item", 1, "first"),
        ("list_item", 1, "second"),
        ("quote", 0, "A quote."),
        ("quote", 0, "More."),
        ("quote", 0, "Pulled out."),
        ("caption", 0, "A map"),
        ("caption", 0, "Leaders"),
        ("row", 0, "Name\tFrom"),
        ("row", 0, "Aleph\t2000"),
        ("row", 0, "2007"),
        ("row", 0, "Formed: 1998"),
        ("row", 0, "Disbanded: 2009"),
        ("row", 0, "Base\tNarvik"),
        ("list_item", 1, "History"),
        ("paragraph", 0, "Long."),
        ("paragraph", 0, "And more."),
        ("heading", 4, "Bold Heading"),
        ("paragraph", 0, "Last."),
    ]
    assert [(s.title, s.level) for s in d.sections] == [("Deeper", 3), ("Bold Heading", 4)]


def test_a_table_that_only_lays_the_page_out_is_no_rows():
    long = "A sentence of the report that goes on for a while. " * 20
    made = shape(read(f"<table><tr><td><p>Left<p>menu<td><h2>Head</h2><p>{long}<p>{long}</table>"))

    assert [kind for kind, _, _ in made] == ["paragraph", "paragraph", "heading", "paragraph", "paragraph"]


def test_lines_of_a_page_that_wraps_its_text_are_joined():
    html = "<pre>The group was founded in the north of the\ncountry by soldiers, who had left the army\nin 1998.\n\nIt moved."
    assert words(html) == [
        "The group was founded in the north of the country by soldiers, who had left the army in 1998.",
        "It moved.",
    ]
    html = "<p>The group was founded in the north of the gov-<br>ernment, by soldiers who had<br>left it in 1998."
    assert words(html) == ["The group was founded in the north of the government, by soldiers who had left it in 1998."]


def test_every_word_leads_back_to_the_characters_of_the_file():
    data = "<p>caf&eacute; <b>Al</b>Qaeda&nbsp;&amp; <!-- x -->Sons</p><table><tr><td>a<td>b</table>".encode("cp1252")
    d = read(data)
    offsets, original = open_map(d.offsets), open_original(data, d.media_type, d.encoding)

    assert offsets.source(0, 4) == {"start": 3, "end": 14, "parts": [[3, 14]]}
    assert offsets.parts(5, 12) == [[18, 20], [24, 29]]
    assert all(
        original.reads(offsets.source(s, e), d.text[s:e]) is None
        for s in range(len(d.text))
        for e in range(s, len(d.text) + 1)
    )
    assert original.reads(offsets.source(0, 4), "cafe") == "café"


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 5000 + "deep down" + "</div>" * 5000,
        "<p>" + "<b>" * 5000 + "deep down",
        "<table><tr><td>" * 500 + "deep down",
        "<ul><li>" * 2000 + "deep down",
    ],
    ids=["div", "b", "table", "ul"],
)
def test_what_stands_deep_is_not_lost(html):
    assert words(html) == ["deep down"]


def test_nothing_to_see_is_empty():
    with pytest.raises(InputError, match="no words") as error:
        read("<html><script>var a='text'</script><style>p{}</style><p hidden>x</p></html>")
    assert error.value.code == "empty"


@pytest.mark.parametrize(
    ("html", "kept"),
    [
        ("<p>a<p>b<ul><li>c<p>d</ul>e", ["a", "b", "c", "d", "e"]),
        ("<h2>Never closed<p>a</p><p>b", ["Never closed", "a", "b"]),
        ("<div><p>a</div>b</section>c", ["a", "b", "c"]),
        ("<table><tr><td>a</div><td>b<tr><td>c<td>d", ["a\tb", "c\td"]),
        ("a</p>b<br></br>c", ["a", "b", "c"]),
        ("a<noscript><p>b</noscript>c", ["a", "c"]),
        ("a<button><div>b</button>c<object><p>d</object>e", ["a", "c", "e"]),
        ("<nav>nothing else but this and it goes on", ["nothing else but this and it goes on"]),
        ("<body style='display:none'><p>a", ["a"]),
    ],
)
def test_tags_left_out_or_mixed_up(html, kept):
    assert words(html) == kept
