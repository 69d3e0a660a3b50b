from __future__ import annotations

import copy
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from dossier.components.chunks import cut
from dossier.components.pipeline import extract_document, load_pipeline
from dossier.contract import LINE
from dossier.errors import ConfigError
from dossier.records import Block, Note, Section, Span

REVIEW = {"state": "pending", "by": None, "at": None}
REPORT = (
    "The Front for the Defence of Karst (FDK) was founded by Oskar Lindqvist in Bergen, Norway, in May 1999.[1] "
    "Lindqvist left the FDK in 2003; it then had 300 fighters."
)
ATTACKS = (
    " The FDK attacked a bank in Oslo on 2 June 2008, killing six people. "
    "The attack on a bank in Oslo on 2 June 2008 killed nine."
)


def as_lines(extraction):
    """The records with the review that an export adds."""
    for mention in extraction.mentions:
        yield mention | {"review": REVIEW}
    for entity in extraction.entities:
        yield entity | {"review": REVIEW, "names": [name | {"review": REVIEW} for name in entity["names"]]}
    for relation in extraction.relations:
        yield relation | {"review": REVIEW}
    for record in (*extraction.events, *extraction.conflicts):
        yield record | {"review": REVIEW}
    yield from extraction.absences


def test_every_record_fits_the_contract(nlp, make_document):
    extraction = extract_document(nlp, make_document(REPORT + ATTACKS))

    assert {LINE.validate_python(line).kind for line in as_lines(extraction)} >= {
        "mention",
        "entity",
        "event",
        "conflict",
    }
    assert [LINE.validate_python(line).kind for line in as_lines(extraction)]


def test_a_surname_and_an_acronym_share_the_entity_of_the_full_name(nlp, make_document):
    extraction = extract_document(nlp, make_document(REPORT))
    by_text: dict[str, set[str]] = {}
    for mention in extraction.mentions:
        by_text.setdefault(mention["text"], set()).add(mention["entity"])

    assert by_text["Lindqvist"] == by_text["Oskar Lindqvist"]
    assert by_text["FDK"] == by_text["Front for the Defence of Karst"]


def test_evidence_lists_the_works_of_the_note_that_covers_it(nlp, make_document):
    marker = Span(REPORT.index("[1]"), REPORT.index("[1]") + 3)
    document = make_document(REPORT, notes=[Note(1, 1, 0, 0, "A book.", ("w_book",), (marker,))])
    (relation,) = (one for one in extract_document(nlp, document).relations if one["type"] == "alias_of")

    assert relation["evidence"][0]["works"] == ["w_book"]


def test_a_marker_covers_no_words_after_it(nlp, make_document):
    text = "It met.[1] The Front for the Defence of Karst (FDK) split."
    document = make_document(text, notes=[Note(1, 1, 0, 0, "A book.", ("w_book",), (Span(7, 10),))])
    (relation,) = extract_document(nlp, document).relations

    assert relation["evidence"][0]["works"] == []


def test_one_fact_told_twice_is_one_relation_with_two_pieces_of_evidence(nlp, make_document):
    text = "The Front for the Defence of Karst (FDK) split. Later the Front for the Defence of Karst (FDK) ended."
    (relation,) = extract_document(nlp, make_document(text)).relations

    assert len(relation["evidence"]) == 2


def test_a_document_in_another_language_is_kept_and_reported(nlp, make_document):
    extraction = extract_document(nlp, make_document("El Frente se fundó en Oslo.", language="es"))

    assert extraction.mentions == []
    assert [warning.code for warning in extraction.warnings] == ["language_other"]


def test_the_same_document_gives_the_same_proposals(nlp, make_document):
    one, other = (extract_document(nlp, make_document(REPORT)) for _ in range(2))

    assert one == other


def test_extraction_does_not_change_the_document(nlp, make_document):
    document = make_document(REPORT)
    before = copy.deepcopy(document)
    extract_document(nlp, document)

    assert document == before


def test_a_name_found_in_one_chunk_is_marked_in_the_next(nlp, make_document):
    filler = "Nothing of note happened in that year, they say. " * 1500
    text = f"The Front for the Defence of Karst (FDK) split.\n{filler}\nThen the FDK met Oskar."
    second = text.index(filler)
    third = text.rindex("Then")
    blocks = [
        Block("paragraph", 0, second - 1),
        Block("paragraph", second, third - 1),
        Block("paragraph", third, len(text)),
    ]
    extraction = extract_document(nlp, make_document(text, blocks))

    assert [m["start"] > third for m in extraction.mentions if m["text"] == "FDK"] == [False, True]
    assert len({m["entity"] for m in extraction.mentions if m["label"] == "ORG"}) == 1


@given(
    lengths=st.lists(st.integers(1, 300), min_size=1, max_size=12),
    limit=st.integers(20, 400),
)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_chunks_are_the_whole_text_and_none_is_too_long(make_document, lengths, limit):
    blocks, at = [], 0
    for length in lengths:
        blocks.append(Block("paragraph", at, at + length))
        at += length + 1
    text = "".join("ab c. D"[i % 7] for i in range(at))
    document = make_document(text, blocks, sections=[Section("S", 1, blocks[len(blocks) // 2].start, at)])
    chunks = list(cut(document, limit))

    assert "".join(text[chunk.start : chunk.end] for chunk in chunks) == text
    assert all(0 < chunk.end - chunk.start <= limit for chunk in chunks)
    assert all(0 <= block.start <= block.end <= c.end - c.start for c in chunks for block in c.frame.blocks)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(alphabet=st.characters(codec="utf-8"), max_size=400))
@example(text="")
@example(text="\n \n")
@example(text="(" * 300)
@example(text="A (B) (C-D, “E”) aka The (aka")
@example(text="The Al - 's General of and ( “")
def test_extraction_takes_any_text(nlp, make_document, text):
    extraction = extract_document(nlp, make_document(text))

    assert all(text[m["start"] : m["end"]] == m["text"] for m in extraction.mentions)


NAMEY = st.lists(
    st.sampled_from(
        "The Karst Front Army of for and ( ) , . “ ” ’s - al Abu FDK aka also known as formerly Gen. by 1998 : in [ 1 ]".split()
    ),
    max_size=60,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=NAMEY, kind=st.sampled_from(["paragraph", "row", "title", "list_item"]))
def test_extraction_takes_any_order_of_name_words(nlp, make_document, words, kind):
    text = " ".join(words)
    document = make_document(text, [Block(kind, 0, len(text))] if text else [])
    extraction = extract_document(nlp, document)

    assert all(LINE.validate_python(line) for line in as_lines(extraction))


@pytest.mark.parametrize(
    "text",
    [
        "x" * 200_000,
        "AB, A" + "x" * 50_000,
        "Formed: (Abc)" + " " * 50_000 + "x",
        "There are no recorded" + " " * 50_000 + "x",
        "الجبهة الشعبية " * 50,
        "🙂 Karst Front 🙂 " * 20,
        "the army met and " * 1800,
        "A" * 30_000 + " (" * 100,
    ],
    ids=[
        "long word",
        "long given name",
        "long gap",
        "long gap in an absence",
        "Arabic",
        "emoji",
        "long paragraph",
        "long capitals",
    ],
)
def test_extraction_takes_odd_texts(nlp, make_document, text):
    assert extract_document(nlp, make_document(text)).document == "d_test"


def test_a_workspace_adds_words_and_changes_settings(tmp_path: Path, make_document):
    (tmp_path / "patterns.toml").write_text("[org]\nheads = ['Choir']\n")
    (tmp_path / "extract.cfg").write_text('[components]\n[components.mentions]\nspans_key = "marks"\n')
    nlp = load_pipeline(overlay=tmp_path)

    assert nlp.get_pipe("mentions").spans_key == "marks"
    assert [m["text"] for m in extract_document(nlp, make_document("The Karst Choir sang.")).mentions] == [
        "Karst Choir"
    ]


def test_a_broken_config_is_named(tmp_path: Path):
    path = tmp_path / "extract.cfg"
    path.write_text('[nlp]\nlang = "en"\npipeline = ["x"]\n')

    with pytest.raises(ConfigError, match=r"extract\.cfg"):
        load_pipeline(path)


def extracted_names(nlp, make_document, *blocks):
    text, made = "", []
    for kind, words in blocks:
        made.append(Block(kind, len(text), len(text) + len(words)))
        text += words + "\n"
    return [entity["name"] for entity in extract_document(nlp, make_document(text, made)).entities]


def test_a_renamed_organisation_goes_by_the_name_of_the_title(nlp, make_document):
    renamed = "The Karst Liberation Front was renamed the Karst Alternative Party in 2017."

    assert extracted_names(nlp, make_document, ("title", "Karst Liberation Front"), ("paragraph", renamed)) == [
        "Karst Liberation Front"
    ]


def test_a_renamed_organisation_goes_by_the_name_used_most(nlp, make_document):
    told = "The Karst Liberation Front was renamed the Karst Party in 2017. The Karst Liberation Front had fought."

    assert extracted_names(nlp, make_document, ("paragraph", told)) == ["Karst Liberation Front"]


def test_a_heading_in_capitals_does_not_name_the_entity(nlp, make_document):
    told = "The Karst Liberation Front fought on."

    assert extracted_names(nlp, make_document, ("title", "KARST LIBERATION FRONT"), ("paragraph", told)) == [
        "Karst Liberation Front"
    ]


def test_a_workspace_may_set_one_component_without_the_section_around_it(tmp_path):
    (tmp_path / "extract.cfg").write_text("[components.names]\nleast = 0.9\n")

    assert load_pipeline(overlay=tmp_path).get_pipe("names").least == 0.9


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[components.names]\nleest = 0.9\n", "no setting 'leest'"),
        ("[components.nmaes]\nleast = 0.9\n", r"\[components.nmaes\] has the factory None"),
        ("[nlp]\nbatchsize = 4\n", "no setting 'batchsize'"),
    ],
)
def test_a_setting_that_nothing_reads_is_named(tmp_path, text, message):
    (tmp_path / "extract.cfg").write_text(text)

    with pytest.raises(ConfigError, match=message):
        load_pipeline(overlay=tmp_path)


def test_a_label_that_the_schema_does_not_have_is_named(tmp_path):
    (tmp_path / "gazetteer").mkdir()
    (tmp_path / "gazetteer" / "names.tsv").write_text("# label\tname\taliases\tstrict\nORGG\tKarst Hand\t\t\n")

    with pytest.raises(ConfigError, match=r"names.tsv line 2: label 'ORGG'; use one of ORG, PERSON"):
        load_pipeline(overlay=tmp_path)
