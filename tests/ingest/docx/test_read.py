"""What is read from a DOCX, what is left out, and what is said of it."""

import pytest
from tests.ingest.docx.build import (
    box,
    dele,
    docx,
    field,
    ins,
    item,
    note,
    p,
    pack,
    r,
    ref,
    root,
    table,
)

from dossier.errors import InputError
from dossier.ingest.read import read_document
from dossier.source_map import open_map

FILLER = p("The office in Narvik was closed, and nobody was told where its papers had been taken.")


def read(*body, **parts):
    return read_document(docx(*body, **parts), name="report.docx")


def blocks(document):
    return [(block.kind, document.text[block.start : block.end]) for block in document.blocks]


def texts(document):
    return [words for _, words in blocks(document)]


def codes(document):
    return [warning.code for warning in document.warnings]


def said(document, code):
    return next(warning.message for warning in document.warnings if warning.code == code)


# ------------------------------------------------------------------ characters


def test_runs_are_joined_as_they_stand():
    document = read(FILLER, p(r("The Front was foun"), r("ded in "), r("1998", "<w:b/>"), r(".")))

    assert texts(document)[1] == "The Front was founded in 1998."


def test_tabs_breaks_hyphens_and_signs():
    signs = '<w:r><w:sym w:font="Symbol" w:char="F0B3"/></w:r>'
    inner = "<w:r><w:t>North</w:t><w:tab/><w:t>Reach</w:t><w:br/><w:t>Al</w:t><w:noBreakHyphen/><w:t>Hadi</w:t></w:r>"
    soft = "<w:r><w:t>gov</w:t><w:softHyphen/><w:t>ernment</w:t></w:r>"
    document = read(FILLER, p(inner, " ", soft, " ", signs, r("5")))

    assert texts(document)[1] == "North Reach Al-Hadi government ≥5"


def test_a_sign_that_is_no_character_is_left_out():
    bad = "".join(
        f'<w:r><w:sym w:font="Symbol" w:char="{code}"/></w:r>' for code in ("D800", "0000", "zz", "", "F0B7F")
    )

    assert texts(read(FILLER, p("a ", bad, "b")))[1] == "a b"


def test_white_space_is_one_space_and_none_at_the_ends():
    assert texts(read(FILLER, p("  one \u00a0 two\u2003\n three  ")))[1] == "one two three"


def test_the_text_of_links_and_forms_stands_in_the_flow():
    link = f'<w:hyperlink w:history="1">{r("the statement")}</w:hyperlink>'
    form = f"<w:sdt><w:sdtPr/><w:sdtContent>{r(' of 2005')}</w:sdtContent></w:sdt>"
    empty = f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{r('Click here to enter text')}</w:sdtContent></w:sdt>"

    assert texts(read(FILLER, p("See ", link, form, empty, ".")))[1] == "See the statement of 2005."


def test_of_a_field_the_result_is_read_and_not_the_instruction():
    inner = field('HYPERLINK "https://example.org/a"', r("the paper"), field(" DATE ", r("2005")))
    simple = f'<w:fldSimple w:instr=" AUTHOR "><w:r>{"<w:t>Berg</w:t>"}</w:r></w:fldSimple>'

    assert texts(read(FILLER, p("In ", inner, " by ", simple)))[1] == "In the paper2005 by Berg"


def test_a_field_that_never_ends_takes_no_more_than_its_paragraph():
    broken = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>XE</w:instrText></w:r>'

    assert texts(read(FILLER, p("before", broken, "lost"), p("after")))[1:] == ["before", "after"]


def test_an_index_entry_has_no_result():
    entry = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>XE "Solheim"</w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )

    assert texts(read(FILLER, p("Solheim", entry, " led it")))[1] == "Solheim led it"


def test_hidden_text_is_left_out_and_said():
    document = read(
        FILLER,
        p(
            "seen ",
            r("unseen", "<w:vanish/>"),
            r("secret", '<w:rStyle w:val="Geheim"/>'),
            r("too", '<w:vanish w:val="0"/>'),
        ),
    )

    assert texts(document)[1] == "seen too"
    assert "12 characters" in said(document, "hidden_text")


def test_how_to_pronounce_a_word_is_no_text():
    ruby = f"<w:r><w:ruby><w:rt>{r('oslo')}</w:rt><w:rubyBase>{r('奥斯陆')}</w:rubyBase></w:ruby></w:r>"

    assert texts(read(FILLER, p(ruby)))[1] == "奥斯陆"


def test_formulas_are_read_as_letters():
    assert texts(read(FILLER, p("<m:oMath><m:r><m:t>x=2</m:t></m:r></m:oMath>")))[1] == "x=2"


# ------------------------------------------------------------------ tracked changes


def test_insertions_are_in_and_deletions_out():
    document = read(
        FILLER,
        p("The Front ", dele("was "), ins(r("has been ")), "led by ", ins(r("Ingrid "), dele("Anna ")), "Solheim"),
    )

    assert texts(document)[1] == "The Front has been led by Ingrid Solheim"
    assert "2 insertions in the text, 2 deletions (9 characters) left out" in said(document, "tracked_changes")


def test_moved_text_stands_once_where_it_was_moved_to():
    away = f"<w:moveFrom w:id='1'>{r('It met in Oslo. ')}</w:moveFrom>"
    here = f"<w:moveTo w:id='2'>{r('It met in Oslo.')}</w:moveTo>"
    document = read(FILLER, p(away, "First."), p("Last. ", here))

    assert texts(document)[1:] == ["First.", "Last. It met in Oslo."]
    assert "1 move carried out" in said(document, "tracked_changes")


def test_a_deleted_paragraph_end_joins_two_paragraphs():
    document = read(
        FILLER, p("The Front was", mark="<w:del/>"), p(" led by Solheim."), p(dele("Gone"), mark="<w:del/>"), p("Next")
    )

    assert texts(document)[1:] == ["The Front was led by Solheim.", "Next"]


def test_a_deleted_row_is_out_and_old_properties_say_nothing():
    rows = table(["Leader", "Solheim"], ["Founded", "1998"]).replace("<w:tr>", "<w:tr><w:trPr><w:del/></w:trPr>", 1)
    changed = p("plain words", props='<w:pPrChange><w:pPr><w:pStyle w:val="berschrift1"/></w:pPr></w:pPrChange>')
    document = read(FILLER, rows, changed)

    assert blocks(document)[1:] == [("row", "Founded\t1998"), ("paragraph", "plain words")]


# ------------------------------------------------------------------ blocks


def test_title_and_headings_by_style_whatever_its_name_on_screen():
    document = read(
        p("Talks in Oslo", style="Titel"), p("Origins", style="berschrift1"), FILLER, p("Leaders", style="H2"), FILLER,
        p("Aims", style="Own"), FILLER, p("By outline", props='<w:outlineLvl w:val="2"/>'), FILLER,
        p("Not one", style="berschrift1", props='<w:outlineLvl w:val="9"/>'),
    )  # fmt: skip

    assert document.title == "Talks in Oslo"
    levels = [(block.kind, block.level) for block in document.blocks if block.kind in ("title", "heading")]
    assert levels == [("title", 0), ("heading", 1), ("heading", 2), ("heading", 1), ("heading", 3)]
    assert [section.title for section in document.sections] == ["Origins", "Leaders", "Aims", "By outline"]


def test_a_short_bold_line_is_a_heading_and_a_bold_sentence_is_none():
    bold = "<w:b/>"
    document = read(
        p("Talks in Oslo", style="Titel"),
        p(r("Group Narrative", bold)),
        FILLER,
        p(r("It was never the same again after that day in May.", bold)),
    )

    assert [kind for kind, _ in blocks(document)] == ["title", "heading", "paragraph", "paragraph"]


def test_lists_by_style_and_by_themselves_with_their_depth():
    document = read(
        FILLER, p("one", style="Punkt"), item("two", level=1), item("three", numbered=True), p("• typed bullet")
    )

    found = [(block.kind, block.level, words) for block, words in zip(document.blocks, texts(document), strict=True)][
        1:
    ]
    assert found == [
        ("list_item", 1, "one"),
        ("list_item", 2, "two"),
        ("list_item", 1, "three"),
        ("list_item", 1, "typed bullet"),
    ]


def test_a_row_of_a_table_is_a_block_with_its_cells_apart():
    rows = table(["Name", "Post"], [p("Ingrid") + p("Solheim"), "leader"], ["", ""])

    assert blocks(read(FILLER, rows))[1:] == [("row", "Name\tPost"), ("row", "Ingrid Solheim\tleader")]


def test_a_grid_that_a_page_is_laid_out_in_is_no_table():
    long = "".join(p(f"Paragraph {i} of the left column, which says nothing of a table.") for i in range(9))
    inner = table(["Formed", "1998"])
    document = read(FILLER, table([long + inner, "Right column"]))

    assert [kind for kind, _ in blocks(document)][1:] == ["paragraph"] * 9 + ["row", "paragraph"]


def test_a_table_of_one_column_is_paragraphs():
    assert [kind for kind, _ in blocks(read(FILLER, table(["A box with a sentence in it."])))][1:] == ["paragraph"]


def test_a_text_box_is_read_once_after_its_paragraph():
    document = read(FILLER, p("Before ", box(p("“A quote set apart from the text”"), p("in two lines")), "after"))

    assert blocks(document)[1:] == [
        ("paragraph", "Before after"), ("quote", "“A quote set apart from the text”"), ("paragraph", "in two lines")
    ]  # fmt: skip


def test_the_older_form_is_read_where_there_is_no_newer_one():
    only = box(p("newer")).replace("mc:Choice", "mc:Other")

    assert "newer" in read(FILLER, p("text", only)).text


def test_a_table_of_contents_running_heads_and_feet_are_kept_out_of_the_text():
    document = read(
        FILLER, p("Origins 3", style="Inhalt1"),
        f'<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr><w:sdtContent>'
        f"{p('Leaders 5')}</w:sdtContent></w:sdt>",
        p("End."), headers=["Nordic Review"], footers=["Page 7"],
    )  # fmt: skip

    assert texts(document)[1:] == ["End."]
    kept = [(each.where.part, each.text) for each in open_map(document.offsets).left_out()]
    assert kept == [
        ("word/document.xml", "Origins 3"), ("word/document.xml", "Leaders 5"), ("word/header1.xml", "Nordic Review"),
        ("word/footer1.xml", "Page 7"),
    ]  # fmt: skip


def test_a_drop_cap_belongs_to_its_word():
    cap = p("T", props='<w:framePr w:dropCap="drop"/>')

    assert texts(read(FILLER, cap, p("he Front was founded in 1998.")))[1] == "The Front was founded in 1998."


def test_profile_rows_and_captions_by_their_words():
    document = read(FILLER, p("Formed: March 1998"), p("Figure 1. The north"), p("Sparks", style="Zitat"))

    assert [kind for kind, _ in blocks(document)][1:] == ["row", "caption", "quote"]


# ------------------------------------------------------------------ notes


def test_footnotes_and_endnotes_are_linked_to_their_markers():
    document = read(
        p("The Front was founded in 1998.", ref(7), " Solheim led it", ref(3), " to the end.", ref(2, "endnote")),
        notes=[note(3, "Berg, Anna. “The North in Arms.” 2005.", "With a second paragraph."), note(7, "Ibid.")],
        endnotes=[note(2, "An endnote of 2006.", kind="endnote")],
    )

    assert texts(document) == [
        "The Front was founded in 1998.[1] Solheim led it[2] to the end.[1]", "[1] An endnote of 2006.", "[1] Ibid.",
        "[2] Berg, Anna. “The North in Arms.” 2005. With a second paragraph.",
    ]  # fmt: skip
    marked = [(each.text[:12], [document.text[m.start : m.end] for m in each.markers]) for each in document.notes]
    places = [each.markers[0].start for each in document.notes]
    assert marked == [("An endnote o", ["[1]"]), ("Ibid.", ["[1]"]), ("Berg, Anna. ", ["[2]"])]
    assert places == [document.text.index(words) for words in ("[1]\n", "[1] Solheim", "[2] to")]
    assert codes(document) == []


def test_a_note_with_a_mark_of_its_own():
    custom = '<w:r><w:footnoteReference w:customMarkFollows="1" w:id="1"/><w:t>*</w:t></w:r>'
    document = read(
        p("The Front", custom, " was founded in 1998.", ref(2)),
        notes=[f'<w:footnote w:id="1">{p("* In Norwegian: Fronten.")}</w:footnote>', note(2, "Berg 2005.")],
    )

    assert texts(document)[0] == "The Front* was founded in 1998.[1]"
    assert [(document.text[m.start : m.end], each.text) for each in document.notes for m in each.markers] == [
        ("*", "* In Norwegian: Fronten."), ("[1]", "Berg 2005.")
    ]  # fmt: skip


def test_a_note_that_only_deleted_text_points_to_is_left_out():
    gone = f"<w:del>{ref(1)}</w:del>"
    document = read(p("Founded in 1998.", gone, ref(2)), notes=[note(1, "Old."), note(2, "New.")])

    assert [each.text for each in document.notes] == ["New."]


def test_a_marker_without_its_note_is_said():
    document = read(p("Founded in 1998.", ref(9), " It grew."), notes=[note(1, "Another.")])

    assert codes(document) == ["note_unlinked"]


def test_typed_notes_and_raised_numbers_are_linked_too():
    raised = r("2", '<w:vertAlign w:val="superscript"/>')
    document = read(
        p("Founded in 1998.[1] It grew.", raised),
        p("Notes", style="berschrift1"),
        p("[1] Berg 2005."),
        p("[2] Moe 2006."),
    )

    assert [(each.n, len(each.markers)) for each in document.notes] == [(1, 1), (2, 1)]


def test_a_numbered_list_under_references_is_a_list_of_notes():
    document = read(
        p("Founded in 1998.[2]"),
        p("References", style="berschrift1"),
        item("Berg 2005.", numbered=True),
        item("Moe 2006.", numbered=True),
    )

    assert [(each.n, each.text, len(each.markers)) for each in document.notes] == [
        (1, "Berg 2005.", 0),
        (2, "Moe 2006.", 1),
    ]


# ------------------------------------------------------------------ what the file says of itself


CORE = (
    "<dc:title>Fronts of the North</dc:title><dc:creator>Anna Berg</dc:creator>"
    "<dcterms:created>2006-01-02T08:00:00Z</dcterms:created>"
)


def test_title_day_and_organisation_from_the_properties():
    document = read(FILLER, FILLER, core=CORE, app="<Company>Nordic Review</Company>")

    assert (document.title, document.date, document.publisher) == ("Fronts of the North", "2006-01-02", "Nordic Review")


def test_what_the_report_shows_is_better_than_what_its_file_notes():
    document = read(
        p("Talks in Oslo", style="Titel"),
        p("Northern Desk, 3 May 2005"),
        FILLER,
        core=CORE,
        app="<Company>Nordic Review</Company>",
    )

    assert (document.title, document.date, document.publisher) == ("Talks in Oslo", "2005-05-03", "Northern Desk")


@pytest.mark.parametrize("title", ["Microsoft Word - Document1", "draft_final.docx", "Untitled", "Document3", ""])
def test_what_programs_fill_in_is_no_title(title):
    core = f"<dc:title>{title}</dc:title><dcterms:created>1601-01-01T00:00:00Z</dcterms:created>"
    document = read(FILLER, FILLER, core=core, app="<Company>Microsoft</Company>")

    assert (document.title, document.date, document.publisher) == (None, None, None)


def test_broken_properties_say_nothing():
    assert read(FILLER, FILLER, core=CORE, extra=[("docProps/core.xml", "<broken")]).title is None


# ------------------------------------------------------------------ what is not read


def test_pictures_objects_comments_are_named_in_a_warning():
    pictures = (
        "<w:r><w:drawing><pic:pic/></w:drawing></w:r><w:r><w:pict><v:shape><v:imagedata/></v:shape></w:pict></w:r>"
    )
    sheet = "<w:r><w:object><v:shape><v:imagedata/></v:shape></w:object></w:r>"
    comment = '<w:r><w:commentReference w:id="0"/></w:r>'
    document = read(FILLER, p("words", pictures, sheet, comment))

    assert (
        said(document, "not_read")
        == "not read: 2 pictures, 1 embedded object, 1 comment; words in them are missing from the text"
    )


def test_a_broken_part_beside_the_text_costs_only_what_it_holds():
    document = read(
        p("Founded in 1998.", ref(1)), FILLER, notes=[note(1, "Berg.")], extra=[("word/footnotes.xml", "<w:footnotes")]
    )

    assert document.text.startswith("Founded in 1998.[1]")
    assert codes(document) == ["part_unreadable", "note_unlinked"]


def test_a_document_without_words_is_empty():
    with pytest.raises(InputError, match="only 1 picture") as caught:
        read(p("<w:r><w:drawing><pic:pic/></w:drawing></w:r>"))
    assert caught.value.code == "empty"


def test_strict_files_are_read_alike():
    usual, strict = "schemas.openxmlformats.org/wordprocessingml/2006/main", "purl.oclc.org/ooxml/wordprocessingml/main"
    main = root("document", f"<w:body>{FILLER}</w:body>").replace(f"http://{usual}", f"http://{strict}")
    data = docx(extra=[("word/document.xml", main)])

    assert "Narvik" in read_document(data, name="a.docx").text


def test_content_and_not_the_name_tells_the_format():
    document = read_document(docx(FILLER), name="report.txt")

    assert document.media_type.endswith("wordprocessingml.document")
    assert codes(document) == ["content_mismatch"]


def test_a_sheet_embedded_in_a_document_does_not_make_it_one():
    sheet = pack([("[Content_Types].xml", "<Types/>"), ("xl/workbook.xml", "<workbook/>")])

    assert "Narvik" in read_document(docx(FILLER, extra=[("word/embeddings/sheet1.xlsx", sheet)]), name="a.docx").text
