"""Plain text: paragraphs, headings, rows and lists, and the way back to the source."""

import json
from pathlib import Path

import pytest

from dossier.errors import InputError
from dossier.ingest.decode import source_of
from dossier.ingest.read import read_document
from dossier.offsets import OffsetMap


def read(text, name="report.txt"):
    return read_document(text.encode(), name=name)


def shape(document):
    return [(b.kind, document.text[b.start : b.end]) for b in document.blocks]


def test_a_name_across_a_line_break_is_one_run_of_text():
    d = read("The fighters of the Islamic\nState attacked the town and then\nwent back over the border.\n")

    assert d.text == "The fighters of the Islamic State attacked the town and then went back over the border."


def test_one_paragraph_a_line_keeps_the_lines_apart():
    d = read("It began in Mali.\nThen it spread to Niger.\nNobody knows why.\n\nThe end came late.\n")

    assert d.text.split("\n\n")[:3] == ["It began in Mali.", "Then it spread to Niger.", "Nobody knows why."]


def test_paragraphs_run_together_are_split_after_a_short_last_line():
    d = read(
        "The group was formed in the north of the country by former\nsoldiers who had left the army after the war with the\n"
        "neighbours.\nAfter that, it moved to the south and recruited among the\nherders of the plain, who had lost their land.\n"
    )

    assert [words.split()[0] for _, words in shape(d)] == ["The", "After"]


def test_a_list_of_names_is_not_run_together():
    d = read("Report on Some Group\n\nIts leaders have been many over the years.\n\nHassan Hattab\nNabil Sahraoui\n"
             "Abdelmalek Droukdel\n\nNone of them is at large.\n")  # fmt: skip

    assert ("row", "Nabil Sahraoui") in shape(d)


@pytest.mark.parametrize(
    "line",
    [
        "Formed: 1998",
        "Disbanded: Group is active.",
        "First Attack: April 2003: AQIM leader Mokhtar led an operation. It took 32 hostages (1 dead).[1]",
        "Hassan Hattab (1998-August 2003): Hattab founded it when he split from the rest. He led it for years.",
        "2013: 600-800 Fighters (BBC News)[6]",
        "May 31, 2015: A mine went off. It was claimed (3 killed, unknown wounded).[6]",
        "The early 1990s: Lord’s Resistance Army (LRA). It had another name before.",
    ],
)
def test_rows_of_a_profile(line):
    d = read(f"Some Armed Group\n\nOverview\n{line}\nIt was the largest group of all in the region.\n")

    assert ("row", line) in shape(d)


def test_a_key_before_long_prose_is_a_paragraph():
    line = "Disclaimer: This is a partial list of the bases of the group. It does not include where it has influence."
    d = read(f"Some Armed Group\n\nMajor Attacks\n{line}\nApril 2003: The group attacked a town (1 killed).\n")

    assert shape(d)[2][0] == "paragraph"


def test_list_marks_go_and_numbers_stay():
    marked = "- the first one;\n• the second one;\n\n1. Third group.\n2. Fourth.\n"
    d = read(f"A Report on Groups\n\nThere are several of them:\n\n{marked}")

    assert [words for kind, words in shape(d) if kind == "list_item"] == [
        "the first one;",
        "the second one;",
        "1. Third group.",
        "2. Fourth.",
    ]


def test_white_space_and_line_ends_of_every_kind():
    d = read("one two\t \u00a0three\u2009four\r\nfive six\u2028seven eight\x0cnine\n\n\nten.\n")

    assert d.text == "one two three four five six seven eight nine\n\nten."


def test_control_characters_go_with_a_warning_and_direction_marks_stay():
    d = read("It was left\0right of \u202e000,01\u202c dollars, they said in the report.")

    assert "leftright of \u202e000" in d.text
    assert [w.code for w in d.warnings] == ["control_characters", "direction_marks"]


def test_sections_follow_the_numbering():
    words = "It is a paragraph about this and that, and it ends here."
    d = read(f"Title of It\n\n1. Origins\n\n{words}\n\n1.1 The North\n\n{words}\n\n2. Present\n\n{words}\n")

    assert [(s.title, s.level) for s in d.sections] == [("1. Origins", 1), ("1.1 The North", 2), ("2. Present", 1)]
    assert d.sections[0].end == d.sections[2].start
    assert d.sections[1].end == d.sections[2].start


def test_paragraphs_marked_by_an_indent():
    d = read(
        "   The group was formed in the north of the country by\nformer soldiers who had left the army after the war there.\n"
        "   It later moved to the south and recruited among the\nherders of the plain, who had lost all of their land.\n"
    )

    assert [words.split()[0] for _, words in shape(d)] == ["The", "It"]


def test_too_many_lines_are_refused():
    with pytest.raises(InputError, match="2,100,000 lines"):
        read("a\n" * 2_100_000)


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "a.txt", "empty"),
        (b" \n\t\r\n" * 50, "a.txt", "empty"),
        (b"\xef\xbb\xbf", "a.txt", "empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "a.txt", "not_text"),
        (b"GIF89a" + bytes(100), "a.xyz", "format_not_supported"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4000), "a.docx", "format_not_supported"),
        (b"x" * (64 << 20) + b"xx", "a.txt", "too_large"),
    ],
    ids=["nothing", "blank", "mark-only", "png", "gif", "ole", "large"],
)
def test_what_is_no_report_is_refused(data, name, code):
    with pytest.raises(InputError) as refused:
        read_document(data if code != "too_large" else data + b"x" * (1 << 20), name=name)
    assert refused.value.code == code


def test_content_that_does_not_match_its_name_is_read_as_what_it_is():
    d = read("The group was founded in the north of the country.", name="report.pdf")

    assert d.media_type == "text/plain"
    assert d.warnings[0].code == "content_mismatch"


# ------------------------------------------------------------------ the sample reports


@pytest.fixture(scope="module")
def brief(shared):
    return read_document((shared / "reports/aqim-crs-brief.txt").read_bytes(), name="aqim-crs-brief.txt")


@pytest.fixture(scope="module")
def profile(shared):
    return read_document((shared / "reports/aqim-profile.txt").read_bytes(), name="aqim-profile.txt")


def test_every_gold_mention_of_the_brief_is_in_one_block(brief, shared):
    offsets = OffsetMap.from_bytes(brief.offsets)
    wrong = []
    for line in (shared / "reports/aqim-crs-brief.gold/mentions.jsonl").read_text().splitlines():
        mention = json.loads(line)
        start, end = offsets.in_text(mention["start"]), offsets.in_text(mention["end"] - 1) + 1
        inside = [b for b in brief.blocks if b.start <= start and end <= b.end]
        if len(inside) != 1 or brief.text[start:end] != " ".join(mention["text"].split()):
            wrong.append(mention)
    assert not wrong


def test_headings_of_the_brief(brief):
    assert brief.title == "Al Qaeda in the Islamic Maghreb (AQIM) and Related Groups"
    assert [s.title for s in brief.sections] == [
        "Leadership and Related Groups",
        "Objectives",
        "Size and Financing",
        "Attacks against U.S. Persons",
        "International Responses to AQIM",
        "Relationship with Al Qaeda/Islamic State",
    ]


def test_other_blocks_of_the_brief(brief):
    kinds = [b.kind for b in brief.blocks]
    items = [words.split(" (")[0] for kind, words in shape(brief) if kind == "list_item"]

    assert (kinds.count("caption"), kinds.count("quote")) == (1, 1)
    assert [i[:14] for i in items] == [
        "Al Murabitoun",
        "Ansar al Dine",
        "Jama’at Nusrat",
        "Okba Ibn Nafaa",
        "Ansarul Islam",
        "Islamic State-",
    ]


def test_notes_and_sections_of_the_profile(profile):
    assert len(profile.notes) == 80
    assert sum(len(note.markers) for note in profile.notes) == 80
    assert all(note.works for note in profile.notes)
    assert [s.title for s in profile.sections] == [
        "Key Statistics",
        "Profile Contents",
        "Organizational Overview",
        "Executive Summary",
        "Group Narrative",
        "Organizational Structure",
        "Strategy",
        "Major Attacks",
        "Interactions",
    ]


@pytest.mark.parametrize("name", ["aqim-crs-brief.txt", "aqim-profile.txt"])
def test_the_samples_are_restored_to_the_character(shared, name):
    data = (shared / "reports" / name).read_bytes()
    d = read_document(data, name=name)

    assert OffsetMap.from_bytes(d.offsets).restore(d.text) == source_of(data, d.encoding)
    assert not d.warnings


@pytest.mark.parametrize(
    "path", sorted((Path(__file__).parents[2] / "corpus/examples").glob("*.[tm][xd]*")), ids=lambda p: p.name
)
def test_the_examples_read_whole(path):
    if path.suffix not in (".txt", ".md"):
        pytest.skip("no text file")
    d = read_document(path.read_bytes(), name=path.name)

    assert OffsetMap.from_bytes(d.offsets).restore(d.text) == source_of(path.read_bytes(), d.encoding)
    assert not [w for w in d.warnings if w.code == "note_unlinked"]
    assert all(note.works for note in d.notes)


@pytest.mark.parametrize("name", ["aqim-profile.txt", "aqim-crs-brief.txt"])
def test_every_character_of_the_sample_reports_leads_back(shared, name):
    data = (shared / "reports" / name).read_bytes()
    source = data.decode("utf-8")
    d = read_document(data, name=name)
    offsets = OffsetMap.from_bytes(d.offsets)

    assert offsets.restore(d.text) == source
    wrong = [i for i, c in enumerate(d.text) if not c.isspace() and source[offsets.start_in_source(i)] != c]
    assert wrong == []
