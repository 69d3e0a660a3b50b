"""Names of one referent, grouped by their form and by what stands between them."""

from __future__ import annotations

import pytest

from dossier.components.entities import group
from dossier.components.known_as import KnownAs
from dossier.normalize.names import glued, natural, skeleton
from dossier.records import Found
from dossier.resources import configs_folders

HEADS = frozenset(("Front", "Army", "Group", "Movement", "Party", "Organization"))


def mark(marked: str) -> tuple[str, list[Found]]:
    """`O[Red Front] met P[Anna Lund]`: the text, and its mentions."""
    text, found, at = "", [], 0
    while (start := marked.find("[", at)) >= 0 and marked[start - 1] in "OPD":
        end = marked.index("]", start)
        text += marked[at : start - 1]
        label = {"O": "ORG", "P": "PERSON", "D": "DATE"}[marked[start - 1]]
        name = marked[start + 1 : end]
        found.append(Found(len(text), len(text) + len(name), label, 0.9, "test"))
        text += name
        at = end + 1
    return text + marked[at:], found


def groups_of(marked: str) -> list[set[str]]:
    text, found = mark(marked)
    made = group(text, found, [], {}, is_head=HEADS.__contains__)
    return [{text[one.start : one.end] for one in each.mentions} for each in made]


def together(marked: str) -> bool:
    return len(groups_of(marked)) == 1


@pytest.mark.parametrize(
    "marked",
    [
        "O[Karst Liberation Front] rose in May. It rained. The O[KLF] split.",
        "The O[FLK] split. It was the O[Front for the Liberation of Karst], once.",
        "O[Union of the Total Independence for Norland] rose. O[UTIN] split.",
        "O[Nordal Front] rose. Then O[Nordal] split.",
        "O[Defence Organisation of Karst] rose. O[Defense Organization of Karst] split.",
        "O[Liberation Wolves of Karst] rose. The O[Wolves] split.",
        "P[Anna Berit Lund] came. Then P[Anna Lund] left.",
        "P[Omar bel Moktar] came. Then P[Omar Belmokhtar] left.",
        "P[Omar bel Mokhtar] came. Then P[Belmokhtar] left.",
        "P[Mohammed Gadafi] came. Later P[Muhammad Gaddafi] left.",
        "P[LUND, Anna] is listed. P[Anna Lund] came.",
        "P[Movsar Lund] came. P[Movsar] left.",
    ],
)
def test_names_of_one_referent_are_together(marked):
    assert together(marked)


@pytest.mark.parametrize(
    "marked",
    [
        "O[Karst Liberation Front] rose. O[Karst Literary Front] too. The O[KLF] split.",
        "O[Red Army] rose. The O[Red Army Faction] split.",
        "O[Red Front-North] rose. O[Red Front] split.",
        "O[Base in Karst] rose. O[Base] split.",
        "O[Jund Norland] rose. O[Norland] split.",
        "P[Abu Nordal] came. The O[Abu Nordal Organization] rose.",
        "P[Anna Lund] and P[Anne Lund] came.",
        "P[Hassan Lund] came. P[Hussein Lund] left.",
        "P[Son Lann] came. P[Son Len] left.",
    ],
)
def test_names_that_are_not_sure_to_be_one_s_stay_apart(marked):
    assert not together(marked)


def test_a_surname_that_two_have_is_theirs_who_was_named_last():
    made = groups_of("P[Anna Lund] came. P[Lund] sat. P[Otto Lund] came. He and P[Lund] left.")

    assert made == [{"Anna Lund", "Lund"}, {"Otto Lund", "Lund"}]


def test_a_denied_alias_joins_nothing():
    text, found = mark("O[Red Front] is O[Blue Army], it denies.")
    from dossier.records import Link, Span

    ends = [Span(one.start, one.end) for one in found]
    link = Link("alias_of", *ends, Span(0, len(text)), 0.9, "test", status="denied")

    assert len(group(text, found, [link], {})) == 2


# ------------------------------------------------------------ what stands between two names


@pytest.fixture(scope="module")
def known_as():
    return KnownAs(folders=[str(folder) for folder in configs_folders()])


@pytest.fixture
def said(known_as, nlp):
    """The links of a marked sentence, as `(type, subject, object, role, start)`."""
    from dossier.components.base import prepare

    def said(marked: str):
        text, found = mark(marked)
        doc = prepare(nlp.make_doc(text))
        doc = nlp.get_pipe("sentences")(doc)
        for one in found:
            if one.label == "DATE":
                one.norm = {"edtf": text[one.start : one.end]}
        doc._.found = found
        known_as(doc)
        return [
            (link.type, text[slice(*link.subject)], text[slice(*link.object)], link.role, link.start)
            for link in doc._.links
        ]

    return said


@pytest.mark.parametrize(
    ("marked", "role"),
    [
        ("O[Red Karst Front], or O[Sirel], rose.", None),
        ("O[Red Karst Front] (in Spanish: O[Frente Rojo]) rose.", "translation"),
        ("O[Red Karst Front], O[Frente Rojo] in Spanish, rose.", "translation"),
        ("O[Red Karst Front], generally known by the Spanish acronym O[FRK], rose.", "acronym"),
        ("O[Red Karst Front], whose name means “O[Red Peaks]”, rose.", "translation"),
        ("O[Red Karst Front] (O[RZ]) rose.", "acronym"),
        ("P[Anna Lund], better known as P[Zina], came.", "nom_de_guerre"),
        ("P[Anna Lund], whose real name is P[Ida Berg], came.", "nom_de_guerre"),
        ("P[Anna Lund], born P[Ida Berg] in Oslo, came.", "nom_de_guerre"),
        ("P[Anna Lund], better known by her nom de guerre P[Zina], came.", "nom_de_guerre"),
        ("P[Anna Lund], a native of Oslo, led it under the alias P[Zina].", "nom_de_guerre"),
        ("P[Anna Lund] (P[Zina]) came.", "nom_de_guerre"),
    ],
)
def test_another_name_is_read_between_two_mentions(said, marked, role):
    _, found = mark(marked)
    text = mark(marked)[0]
    names = [text[one.start : one.end] for one in found]

    assert said(marked) == [("alias_of", names[1], names[0], role, None)]


def test_names_one_after_another_in_a_bracket_are_the_first_s(said):
    found = said("O[Red Front] (a.k.a. O[Sirel Army]; a.k.a. O[Wolves of Karst]; formerly O[Blue Front]) rose.")

    assert {link[2] for link in found if link[0] == "alias_of"} == {"Red Front"}
    assert ("renamed_to", "Blue Front", "Red Front", None, None) in found


def test_a_former_name_has_the_date_of_its_end(said):
    found = said("O[Nordal], known until D[2001] as O[Red Nordal], was banned.")

    assert found == [("renamed_to", "Red Nordal", "Nordal", None, "2001")]


def test_a_change_of_name_has_its_date(said):
    assert said("O[Red Front] renamed itself O[Blue Front] in D[1999].") == [
        ("renamed_to", "Red Front", "Blue Front", None, "1999")
    ]


@pytest.mark.parametrize(
    "marked",
    [
        "O[Red Front] called O[Blue Front] a traitor.",
        "O[Red Front] and O[Blue Front] rose.",
        "P[Anna Lund], born in Oslo, met P[Otto Berg].",
        "P[Anna Lund] met P[Otto Berg], who went by P[Zina].",
        "O[Red Front] (Oslo) met O[Blue Front].",
    ],
)
def test_other_words_between_make_no_alias_of_the_first(said, marked):
    text, found = mark(marked)
    first = text[found[0].start : found[0].end]

    assert first not in [link[2] for link in said(marked)]


def test_sounds_of_other_scripts_are_spelled_alike():
    assert skeleton("mohammed") == skeleton("muhamad")
    assert glued("Omar Bel-Moktar") == glued("Omar Belmokhtar")
    assert glued("Djamel Khaled") == glued("Jamal Kaled")
    assert natural("LUND, Anna") == "Anna LUND"
    assert natural("Anna Lund") == "Anna Lund"
