"""Notes of a page and their markers: by where links lead, else by how they are set."""

from dossier.ingest.read import read_document

WORDS = "The group was founded in the north of the country"


def read(html):
    return read_document(html.encode(), name="a.html")


def linked(document):
    return [(n.list, n.n, n.text, [document.text[m.start - 3 : m.end] for m in n.markers]) for n in document.notes]


def test_raised_links_and_a_counted_list_with_ways_back():
    d = read(
        f"<p>{WORDS}.<sup id=r1><a href='#n1'>1</a></sup> {WORDS}.<sup><a id=r2 href='#n2'>2</a>, <a href='#n1'>1</a></sup>"
        "<h2>Notes</h2><ol><li id=n1>Smith, 2001. <a href='#r1'>↩</a></li><li id=n2><p>Brown, 2002.</p><p>And more."
        " <a href='#r2'>[back]</a></p></li></ol><p>After."
    )

    assert linked(d) == [
        (1, 1, "Smith, 2001.", ["ry.1", "2, 1"]),
        (1, 2, "Brown, 2002. And more.", ["ry.2"]),
    ]
    assert [b.kind for b in d.blocks] == ["paragraph", "heading", "note", "note", "paragraph"]
    assert not d.warnings


def test_references_of_an_encyclopedia():
    d = read(
        f"<p>{WORDS}.<sup id='cite_ref-a_1-0' class=reference><a href='#cite_note-a-1'><span>[</span>1<span>]</span></a></sup> It"
        " moved.<sup id='cite_ref-a_1-1'><a href='#cite_note-a-1'>[1]</a></sup><sup><a href='#cite_note-2'>[note 1]</a></sup>"
        "<h2><span id=References>References</span><span class=mw-editsection>[<a href=e>edit</a>]</span></h2>"
        "<ol class=references><li id='cite_note-a-1'><span>^ <a href='#cite_ref-a_1-0'><sup><i><b>a</b></i></sup></a> "
        "<a href='#cite_ref-a_1-1'><sup><i><b>b</b></i></sup></a></span> <cite>Smith, J. “It.” Press, 2001.</cite></li>"
        "<li id='cite_note-2'><b><a href='#r'>^</a></b> So it says.</li><li>Not cited.</li></ol>"
    )

    assert [(n, text) for _, n, text, _ in linked(d)] == [
        (1, "Smith, J. “It.” Press, 2001."),
        (2, "So it says."),
        (3, "Not cited."),
    ]
    assert [markers for *_, markers in linked(d)] == [["ry.[1]", "ed.[1]"], ["[1][note 1]"], []]
    assert d.text.count("edit") == 0


def test_notes_as_a_word_processor_writes_them():
    d = read(
        f"<p>{WORDS}<a href='#_ftn1' name='_ftnref1'><span><sup>[1]</sup></span></a>."
        f"<p>{WORDS}<a href='#_ftn2' name='_ftnref2'>[2]</a>."
        "<div><hr><div id=ftn1><p><a href='#_ftnref1' name='_ftn1'>[1]</a> Smith, 2001.</p></div>"
        "<div id=ftn2><p><a href='#_ftnref2' name='_ftn2'>[2]</a> Brown, 2002.</p></div></div>"
    )

    assert linked(d) == [(1, 1, "Smith, 2001.", ["try[1]"]), (1, 2, "Brown, 2002.", ["try[2]"])]


def test_notes_by_lines_in_one_paragraph():
    d = read(
        f"<p>{WORDS}.<a href=#a>[1]</a> {WORDS}.<a href=#b>[2]</a>"
        "<p><a name=a></a>[1] Smith, 2001.<br><a name=b></a>[2] Brown, 2002."
    )

    assert linked(d) == [(1, 1, "Smith, 2001.", ["ry.[1]"]), (1, 2, "Brown, 2002.", ["ry.[2]"])]


def test_numbers_without_links():
    d = read(
        f"<p>{WORDS}.[1] {WORDS}.<sup>2</sup> It has 40 km<sup>2</sup>."
        "<h3>Endnotes</h3><ol><li>Smith, 2001.<li>Brown, 2002.</ol>"
    )

    assert linked(d) == [(1, 1, "Smith, 2001.", ["ry.[1]"]), (1, 2, "Brown, 2002.", ["ry.2"])]


def test_footnotes_with_a_raised_number_at_their_head():
    d = read(
        f"<p>{WORDS}.<sup><a href=#f1>1</a></sup><p id=f1><sup>1</sup> Smith, 2001.<p id=f2><a href=#x>2</a>. Brown, 2002."
    )

    assert linked(d)[0] == (1, 1, "Smith, 2001.", ["ry.1"])


def test_signs_and_asides():
    d = read(f"<article><p>{WORDS}.<a href=#s>*</a> {WORDS}.<sup><a href=#t>†</a></sup><p>More of it, and then some."
             "<aside id=s role=doc-footnote><p>* By its own account.</p></aside>"
             "<aside id=t role=doc-footnote><p>Not so.</p></aside>")  # fmt: skip

    assert [(text, markers) for _, _, text, markers in linked(d)] == [
        ("* By its own account.", ["ry.*"]),
        ("Not so.", ["ry.†"]),
    ]


def test_tables_of_contents_and_pages_are_no_markers():
    d = read(
        "<article><ul><li><a href=#s1>1</a><li><a href=#s2>2 Origins</a></ul><h2 id=s1>One</h2>"
        f"<p>{WORDS}.<h2 id=s2>Two</h2><p>{WORDS}. See <a href=#p3>3</a>.<p id=p3>{WORDS}.</article>"
    )

    assert not d.notes


def test_the_words_of_a_page_may_link_to_its_notes_by_its_full_address():
    d = read(f"<p>{WORDS}.<sup><a href='https://x.example/a.html#n%201'>1</a></sup><p id='n 1'>1. Smith, 2001.")

    assert linked(d) == [(1, 1, "Smith, 2001.", ["ry.1"])]
