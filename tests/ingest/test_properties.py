"""Whatever the text: the source comes back, spans read the same words, blocks are in order."""

import re

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dossier.errors import InputError
from dossier.ingest.decode import source_of
from dossier.ingest.original import open_original
from dossier.ingest.read import read_document
from dossier.offsets import OffsetMap

PIECES = re.split(
    r"(?<!\\)\|",
    "a|The |AQIM|Al Qaeda|gov|ernment|led|-|- |\n|\n\n|\n\n\n\n|\r\n|\r|\x0c|\u2028|  |\t|\u00a0|\u00ad|\ufeff|\x00|\x1f|\u202e|"
    '[1]|[1] |[2, 3]|[^a]|[^1]: |¹|.|: |; |“|”|"|’|*|**|_|__|`|```|~~~|# |## |> |1. |2) |• |[x](http://a.b/c)|![i](u)|'
    "<!-- |-->|<b>|\\*|&amp;|---|===|2013|May 3, 2016|Formed: 1998|Figure 1. |By John Smith|é|مالي|中国|🎉|    |"
    "https://x.y/|(|)|–|—|/|Smith, John. Title. Press, 2013",
)
TAGS = [
    "<p>", "</p>", "<br>", "<b>", "</b>", "<h1>", "<h2>x</h2>", "<ul>", "<li>", "</ul>", "<ol>", "<li id=f1>",
    "<li id=f2>", "<table>", "<tr>", "<td>", "</table>", "<dl><dt>", "<dd>", "</dl>", "<pre>", "</pre>", "<div>",
    "</div>", "<a href=#f1>", "</a>", "<a href='#r1'>", "<sup>", "</sup>", "<span id=r1>", "</span>", "<blockquote>",
    "</blockquote>", "<aside>", "</aside>", "<nav>", "</nav>", "<p hidden>", "<script>", "</script>", "<!--", "-->",
    "<![CDATA[", "<a title='", "'>", "<", "</", "&amp;", "&eacute;", "&#8217;", "&nbsp;", "&#10;", "&#0;", "&shy;",
    "&notit;", "&ampx", "&", "&#", "&am", "p;", "&bogus;", "<figcaption>", "<title>", "<plaintext>", "<img>", "<hr>",
    "<caption>", "<!doctype html>", "<body>", "<main>", "<footer>", "</footer>", "<th>", "word ",
]  # fmt: skip
TEXTS = st.lists(st.one_of(st.sampled_from([*PIECES, "| ", "|---|---|\n"]), st.text(max_size=3)), max_size=60).map(
    "".join
)
PAGES = st.lists(st.one_of(st.sampled_from([*PIECES, *TAGS]), st.text(max_size=3)), max_size=60).map(
    lambda pieces: "<html>" + "".join(pieces)
)
SOURCES = st.one_of(
    st.tuples(TEXTS, st.sampled_from(["report.txt", "report.md"])), st.tuples(PAGES, st.just("report.html"))
)
slowly = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])


def read_any(text, name):
    data = text.encode("utf-8", "replace")
    try:
        document = read_document(data, name=name)
    except InputError:
        return None, "", None
    return document, source_of(data, document.encoding), OffsetMap.from_bytes(document.offsets)


def letters(words):
    """Words without white space and soft hyphens, which edits may take from inside a word."""
    return re.sub(r"[\s\u00ad]", "", words)


@slowly
@given(SOURCES)
def test_the_source_comes_back(made):
    document, source, offsets = read_any(*made)
    assert document is None or offsets.restore(document.text) == source


@slowly
@given(SOURCES, st.data())
def test_any_span_reads_the_same_words_in_the_source(made, data):
    document, source, offsets = read_any(*made)
    if document is None:
        return
    start = data.draw(st.integers(0, len(document.text)))
    end = data.draw(st.integers(start, len(document.text)))
    quote = document.text[start:end]
    if document.media_type == "text/html":
        original = open_original(source.encode("utf-8"), document.media_type, "utf-8")
        assert original.reads(offsets.source(start, end), quote) is None
        return
    assert letters("".join(source[s:e] for s, e in offsets.parts(start, end))) == letters(quote)


@slowly
@given(SOURCES)
def test_blocks_cover_the_text_in_order(made):
    document, _, _ = read_any(*made)
    if document is None:
        return
    at = 0
    for i, block in enumerate(document.blocks):
        words = document.text[block.start : block.end]
        assert words == words.strip()
        assert words
        assert "\n" not in words
        assert "  " not in words
        assert document.text[at : block.start] in (("\n", "\n\n") if i else ("",))
        at = block.end
    assert at == len(document.text)


@slowly
@given(SOURCES)
def test_notes_lie_where_they_say(made):
    document, _, _ = read_any(*made)
    for note in document.notes if document else ():
        assert document.text[note.start : note.end] == note.text
        assert all(document.text[m.start : m.end] for m in note.markers)
