"""Roles of events in sentences, rows and whole documents. The names are made up."""

from __future__ import annotations

import pytest

from dossier.components.pipeline import extract_document
from dossier.records import Anaphor, Span

BEFORE = "Oskar Lindqvist was born in Narvik, Norway. The Karst Liberation Front (KLF) has its seat there."
COUNTS = ("killed", "wounded", "hostages", "ransom")


@pytest.fixture
def told(read):
    """The events of a paragraph as `(type, {role: words})`, those that point back too."""

    def told(text, kind="paragraph", heading="", **frame):
        doc = read(BEFORE, (kind, text), heading=heading, **frame)
        return [
            (one.type, {role: [doc.text[slice(*span)] for span in spans] for role, spans in one.roles.items()})
            for one in doc._.happenings
            if one.trigger.start > len(BEFORE)
        ]

    return told


@pytest.mark.parametrize(
    ("text", "kind", "roles"),
    [
        (
            "On May 3, 2011, KLF fighters attacked a police station in Bergen, killing three officers and wounding nine others.",
            "attack",
            {"perpetrator": ["KLF"], "place": ["Bergen"], "target": ["police station", "three officers"],
             "killed": ["three officers"], "wounded": ["nine others"], "date": ["May 3, 2011"]},
        ),
        (
            "The KLF claimed responsibility for a 2009 bombing in Oslo that killed 12 and wounded 30.",
            "bombing",
            {"claimed_by": ["KLF"], "place": ["Oslo"], "killed": ["12"], "wounded": ["30"], "date": ["2009"]},
        ),
        (
            "Two Swedish engineers were kidnapped by the KLF near Narvik in January 2009; a ransom of $2 million was paid.",
            "kidnapping",
            {"perpetrator": ["KLF"], "place": ["Narvik"], "hostages": ["Two Swedish engineers"],
             "target": ["Two Swedish engineers"], "ransom": ["$2 million"], "date": ["January 2009"]},
        ),
        (
            "A KLF attack on a hotel in Oslo in June 2003 left five people dead.",
            "attack",
            {"perpetrator": ["KLF"], "place": ["Oslo"], "target": ["hotel"], "killed": ["five people"], "date": ["June 2003"]},
        ),
        (
            "The KLF carried out a bombing of the Danish embassy in Oslo on 2 June 2008.",
            "bombing",
            {"perpetrator": ["KLF"], "place": ["Oslo"], "target": ["Danish embassy"], "date": ["2 June 2008"]},
        ),
        (
            "The KLF was responsible for the 2004 hijacking of an airliner in Oslo.",
            "hostage_taking",
            {"perpetrator": ["KLF"], "place": ["Oslo"], "target": ["airliner"], "date": ["2004"]},
        ),
        (
            "Swedish troops drove the KLF from Narvik in late 2012.",
            "military_operation",
            {"perpetrator": ["Swedish troops"], "place": ["Narvik"], "target": ["KLF"], "date": ["late 2012"]},
        ),
        (
            "The KLF merged with the Northern Reach Front in May 2001 to form the Polar Union.",
            "merger",
            {"party": ["KLF", "Northern Reach Front"], "result": ["Polar Union"], "date": ["May 2001"]},
        ),
        (
            "Oskar Lindqvist left the KLF in 2004 and founded the Northern Reach Front.",
            "split",
            {"party": ["KLF", "Oskar Lindqvist"], "result": ["Northern Reach Front"], "date": ["2004"]},
        ),
        (
            "The State Department added the KLF to its list of terrorist organizations on March 27, 2002.",
            "designation",
            {"authority": ["State Department"], "target": ["KLF"], "date": ["March 27, 2002"]},
        ),
        (
            "Oskar Lindqvist was arrested in Oslo on 3 May 2004.",
            "other",
            {"target": ["Oskar Lindqvist"], "place": ["Oslo"], "date": ["3 May 2004"]},
        ),
    ],
)  # fmt: skip
def test_roles_are_read_from_active_passive_and_nominal_words(told, text, kind, roles):
    (found,) = [one for one in told(text) if one[0] == kind]

    assert found[1] == roles


def test_a_claim_does_not_make_a_perpetrator(told):
    ((_, roles),) = told("The bombing of a bank in Oslo on 2 June 2008 was claimed by the KLF.")

    assert roles["claimed_by"] == ["KLF"]
    assert "perpetrator" not in roles


def test_a_list_of_places_with_dates_is_several_events(told):
    found = told("The KLF claimed attacks on hotels in Oslo (May 2015), Stockholm (June 2016) and Berlin (July 2016).")

    assert [(roles["place"], roles["date"]) for _, roles in found] == [
        (["Oslo"], ["May 2015"]),
        (["Stockholm"], ["June 2016"]),
        (["Berlin"], ["July 2016"]),
    ]


def test_two_deeds_of_one_sentence_are_two_events(told):
    found = told("The KLF bombed a bank in Oslo on 2 June 2008 and kidnapped two nuns in Bergen in July 2009.")

    assert [(kind, roles["place"], roles["date"]) for kind, roles in found] == [
        ("bombing", ["Oslo"], ["2 June 2008"]),
        ("kidnapping", ["Bergen"], ["July 2009"]),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "The KLF finances itself by kidnapping for ransom and by attacks on convoys.",
        "Lindqvist died of a heart attack in Oslo in May 2001.",
        "There is no evidence of any attacks by the KLF in Sweden.",
        "They wound up the front at a meeting in Oslo in May 2001.",
        "The KLF has killed more than 800 people.",
        "Oskar Lindqvist was killed in May 2001.",
    ],
)
def test_what_happens_in_general_or_is_no_event_is_none(told, text):
    assert told(text) == []


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("The KLF bombed a bank in Oslo in June 2008.", "asserted"),
        ("The KLF reportedly bombed a bank in Oslo in June 2008.", "reported"),
        ("The KLF may have bombed a bank in Oslo in June 2008.", "uncertain"),
        ("The KLF did not bomb a bank in Oslo in June 2008.", "denied"),
        ("The KLF planned to bomb a bank in Oslo in June 2008.", "planned"),
    ],
)
def test_an_event_keeps_how_it_is_said(read, text, status):
    (one,) = read(BEFORE, text)._.happenings

    assert one.status == status


def test_a_day_that_points_back_is_dated_from_what_was_told(read):
    text = "On May 3, 2011, the KLF bombed a bank in Oslo. Two days later it bombed a hotel in Bergen."
    _, second = read(BEFORE, text)._.happenings

    assert second.when == "2011-05-05"


def test_a_weekday_is_that_before_the_report(read):
    (one,) = read(BEFORE, "The KLF bombed a bank in Oslo on Monday.", date="2013-01-16")._.happenings

    assert one.when == "2013-01-14"


# ------------------------------------------------------------ rows


def test_a_row_of_an_attack_is_one_event_with_the_tolls_of_its_bracket(told):
    row = (
        "May 31, 2015: KLF gunmen attacked a market in Bergen and took two nuns hostage (3 killed, unknown wounded).[6]"
    )
    ((kind, roles),) = told(row, "row", heading="Major Attacks")

    assert kind == "hostage_taking"
    assert (roles["date"], roles["place"], roles["perpetrator"]) == (["May 31, 2015"], ["Bergen"], ["KLF"])
    assert (roles["killed"], roles["wounded"], roles["hostages"]) == (["3 killed"], ["unknown wounded"], ["two nuns"])


def test_a_row_of_an_attack_needs_no_known_word(told):
    ((kind, roles),) = told("June 27, 1994: KLF men released gas in Bergen (8 killed).", "row", heading="Major Attacks")

    assert (kind, roles["date"], roles["place"], roles["killed"]) == (
        "attack",
        ["June 27, 1994"],
        ["Bergen"],
        ["8 killed"],
    )


def test_the_first_attack_of_a_profile_is_an_event(told):
    ((_, roles),) = told(
        "First Attack: May 27, 1964: Guerrillas attacked a post in Bergen (unknown casualties).[1]", "row"
    )

    assert (roles["date"], roles["killed"]) == (["May 27, 1964"], ["unknown casualties"])


def test_a_tenure_dates_no_event(told):
    row = "Oskar Lindqvist (1998-August 2003): Lindqvist led the KLF when it bombed a bank in Oslo."

    assert all("date" not in roles for _, roles in told(row, "row"))


@pytest.mark.parametrize(
    "row",
    [
        "European Union: listed, May 2002",
        "Listed by: European Union, May 2002",
        "European Union terrorist list: May 2002 to Present.[3]",
    ],
)
def test_a_row_of_a_listing_is_a_designation(read, row):
    doc = read(("title", "Karst Liberation Front"), ("row", row))
    (one,) = doc._.happenings
    roles = {role: [doc.text[slice(*span)] for span in spans] for role, spans in one.roles.items()}

    assert one.type == "designation"
    assert (roles["authority"], roles["target"]) == (["European Union"], ["Karst Liberation Front"])
    assert roles["date"][0].startswith("May 2002")


# ------------------------------------------------------------ the records


def events(nlp, make_document, text, **fields):
    return extract_document(nlp, make_document(text, **fields)).events


def test_one_happening_told_twice_is_one_event_with_two_pieces_of_evidence(nlp, make_document):
    text = (
        "The Karst Liberation Front (KLF) bombed a bank in Oslo on 2 June 2008. It grew fast. "
        "The bombing killed six people. In July 2009 it split. The June 2008 bombing in Oslo killed six people."
    )
    (event,) = [one for one in events(nlp, make_document, text) if one["type"] == "bombing"]

    assert len(event["evidence"]) == 3
    assert (event["date"]["norm"], event["killed"]["min"]) == ({"edtf": "2008-06-02"}, 6)
    assert event["trigger"]["text"] == text[event["trigger"]["start"] : event["trigger"]["end"]] == "bombed"


def test_two_attacks_in_one_town_and_month_of_other_targets_are_two(nlp, make_document):
    text = (
        "Gunmen attacked a bank in Oslo on 2 June 2008, killing six people. "
        "Gunmen attacked a hotel in Oslo on 20 June 2008, killing two people."
    )

    assert len(events(nlp, make_document, text)) == 2


def test_fillers_are_entities_and_free_text_stands_only_for_a_target(nlp, make_document):
    text = "The Karst Liberation Front (KLF) bombed a bank in Oslo, Norway, on 2 June 2008. Two gunmen attacked a hotel in Oslo."
    first = events(nlp, make_document, text)[0]

    assert set(first["perpetrator"][0]) == {"entity", "text"}
    assert first["target"] == [{"text": "bank", "norm": None}]
    assert all(
        filler["text"] != "Two gunmen" for one in events(nlp, make_document, text) for filler in one["perpetrator"]
    )


def test_words_that_stand_for_a_name_are_its_entity(nlp, make_document, monkeypatch):
    text = "The Karst Liberation Front was founded in Oslo. In June 2008 the group bombed a bank in Bergen."
    found = text.index("Karst"), text.index(" was")
    stands = text.index("the group"), text.index(" bombed")
    anaphors = nlp.get_pipe("anaphors")
    monkeypatch.setattr(
        type(anaphors), "__call__",
        lambda self, doc: (doc._.anaphors.append(Anaphor(*stands, "ORG", Span(*found), 0.9)), doc)[1],
    )  # fmt: skip
    extraction = extract_document(nlp, make_document(text))
    (event,) = extraction.events
    (group,) = [entity for entity in extraction.entities if entity["name"] == "Karst Liberation Front"]

    assert event["perpetrator"] == [{"entity": group["id"], "text": "the group"}]


def test_a_second_reading_gives_the_same_ids(nlp, make_document):
    text = "The KLF claimed attacks on hotels in Oslo (May 2015), Stockholm (June 2016) and Berlin (July 2016)."
    one, other = (events(nlp, make_document, text) for _ in range(2))

    assert [event["id"] for event in one] == [event["id"] for event in other]
    assert len({event["id"] for event in one}) == len(one) == 3


# ------------------------------------------------------------------ one sentence, several things told


def dated(events):
    """The type, date and places of what was told."""
    return [(kind, " ".join(roles.get("date", [])), roles.get("place", [])) for kind, roles in events]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "Swedish troops retook Narvik in September 2012, and captured Bergen in October 2014.",
            [("military_operation", "September 2012", ["Narvik"]), ("military_operation", "October 2014", ["Bergen"])],
        ),
        (
            "Lindqvist was captured in Oslo on February 23, 2010 and hanged in Bergen on June 20, 2010.",
            [("other", "February 23, 2010", ["Oslo"]), ("other", "June 20, 2010", ["Bergen"])],
        ),
        (
            "Its deeds include the May 2015 bombing of a hotel in Oslo (20 killed) and a June 2016 raid on a camp in Bergen.",
            [("bombing", "May 2015", ["Oslo"]), ("attack", "June 2016", ["Bergen"])],
        ),
        (
            "The KLF carried out attacks on hotels frequented by tourists in Oslo (May 2015) and Sweden (June 2016).",
            [("attack", "May 2015", ["Oslo"]), ("attack", "June 2016", ["Sweden"])],
        ),
        ("Since May 2008, when the army bombed a camp in Bergen, the KLF has been quiet.", [("bombing", "May 2008", ["Bergen"])]),
        ("Jets struck a training camp north of Oslo in March 2016.", [("attack", "March 2016", ["Oslo"])]),
        ("Five men hijacked an airliner to Narvik in May 1999.", [("hostage_taking", "May 1999", ["Narvik"])]),
        (
            "Lindqvist fled to Narvik, where soldiers shot him on May 4, 1999.",
            [("military_operation", "May 4, 1999", ["Narvik"])],
        ),
        ("In the 1990s the KLF fought the army in Norway.", []),
        ("The State Department has listed the KLF since March 2008.", [("designation", "March 2008", [])]),
    ],
)  # fmt: skip
def test_dates_and_places_go_to_what_they_are_of(told, text, wanted):
    assert dated(one for one in told(text)) == wanted


@pytest.mark.parametrize(
    ("text", "role", "words"),
    [
        ("The May 1997 siege of a theater in Oslo, in which 41 people, including two policemen, were killed, led to war.",
         "killed", ["41 people"]),
        ("A bombing of a ferry in Oslo in October 1996 resulted in the deaths of nine sailors.", "killed", ["nine sailors"]),
        ("In July 1970 gunmen hijacked an airliner in Oslo with 55 people.", "hostages", ["55 people"]),
        ("On May 1, 1980 the KLF took 25 hostages in Oslo; police stormed the building (5 killed).", "hostages", ["25 hostages"]),
        ("In June 1988 it executed a Danish hostage, Edvin Dahl, in Oslo.", "target", ["Edvin Dahl"]),
        ("A drone strike killed his successor, Edvin Dahl, in Oslo in June 1988.", "target", ["Edvin Dahl"]),
        ("In March 2017 the KLF and the Northern Reach Front announced their merger as the Polar Union.", "party",
         ["KLF", "Northern Reach Front"]),
        ("In March 2017 leaders of the KLF and the Northern Reach Front said that they were uniting as the Polar Union.",
         "result", ["Polar Union"]),
        ("In 1998 commanders of the KLF broke with its leaders and founded the Northern Reach Front.", "party", ["KLF"]),
        ("In October 2015 a small faction under Oskar Lindqvist broke away.", "party", ["Oskar Lindqvist"]),
        ("In May 1987 most of the Northern Reach Front joined the KLF.", "result", ["KLF"]),
    ],
)  # fmt: skip
def test_who_and_how_many_are_read_past_what_stands_between(told, text, role, words):
    assert told(text)[0][1].get(role) == words
