"""How rows say what they say: hedges, denials and functions."""

from __future__ import annotations

import pytest

from dossier.components.lexicon import lexicon_of
from dossier.components.statements import Statements
from dossier.resources import configs_folders

TITLE = ("title", "Karst Liberation Front")


@pytest.fixture(scope="module")
def statements():
    return Statements.of(lexicon_of(tuple(str(folder) for folder in configs_folders())).patterns)


def row_of(read, words, heading="Leadership"):
    (link,) = (link for link in read(TITLE, ("row", words), heading=heading)._.links if link.by == "rows")
    return link


@pytest.mark.parametrize(
    ("value", "status"),
    [
        ("Lindqvist was allegedly the leader of the KLF, though he denied it.", "reported"),
        ("Lindqvist was the leader of the KLF, though he denied it.", "reported"),
        ("Lindqvist denied that he led it.", "denied"),
        ("Reportedly, he led it.", "reported"),
        ("Lindqvist may have been its chief of staff.", "uncertain"),
        ("According to Nordic Review, he led it.", "reported"),
        ("He led it. He may have died in 2012.", "asserted"),
        ("He led it until 2009 and reportedly moved to Oslo.", "asserted"),
        ("Lindqvist reportedly moved to Oslo in 2001. He headed the front.", "asserted"),
        ("In May 2006 he became its leader.", "asserted"),
    ],
)
def test_a_hedged_leader_is_not_asserted(read, value, status):
    link = row_of(read, f"Oskar Lindqvist (2006-2010): {value}")

    assert (link.type, link.status) == ("leads", status)
    assert (link.confidence < 0.93) == (status != "asserted")


def test_a_size_that_may_be_is_uncertain_and_keeps_its_holder(read):
    link = row_of(read, "2012: May have hundreds of members (Nordic Review)", "Size Estimates")

    assert (link.type, link.status, link.holder) == ("size_of", "uncertain", "Nordic Review")


def test_a_year_of_may_is_no_hedge(read):
    link = row_of(read, "2015: In May 2015, 500 fighters (Nordic Review)", "Size Estimates")

    assert link.status == "reported"


def test_a_founding_that_is_reported_is_not_lost_nor_asserted(read):
    link = row_of(read, "Formed: Reportedly in 1998")

    assert (link.type, link.start, link.status) == ("formed_on", "1998", "reported")


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("Anna Lund (1998-2001): Lund was the spokesman of the KLF.", ("member_of", "spokesman")),
        ("Anna Lund (1998-2001): Lund, a teacher, was its deputy leader.", ("member_of", "deputy leader")),
        ("Anna Lund (1998-2001): A founder and ideologue of the movement.", ("member_of", "ideologue")),
        ("Anna Lund (1998-2001): Lund was commander of the Northern Bloc.", ("leads", "commander")),
        ("Anna Lund (1998-2001): Founder of the KLF.", ("leads", "founder")),
        ("Anna Lund (spokesman, 1998-2001): She met Otto Wolf.", ("member_of", "spokesman")),
        ("Anna Lund (1998-2001): She was killed by the commander of the Red Hand.", ("leads", None)),
        ("Anna Lund (1998-2001): She was from Oslo. She became the leader of the KLF.", ("leads", "leader")),
        ("Commander Anna Lund (1998-2001): She was from Oslo.", ("leads", "commander")),
    ],
)
def test_the_function_of_a_leader_row_is_its_role(read, row, expected):
    link = row_of(read, row)

    assert (link.type, link.role) == expected


def test_a_title_before_a_leader_s_name_is_not_part_of_it(read):
    doc = read(TITLE, ("row", "Commander Anna Lund (1998-2001): She led it."))

    assert doc.text[slice(*doc._.links[0].subject)] == "Anna Lund"


def test_a_cue_after_the_statement_is_another_s(statements):
    sentence = "He led it and may have fled"

    assert statements.status(sentence, sentence.index("led")) == "asserted"
