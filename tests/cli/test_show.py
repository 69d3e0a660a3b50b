"""What `dossier show` prints of a report: names, relations, events, conflicts and absences, each with where it stands."""

import re

import pytest
from tests.export.paper import Paper, harbour_paper

from dossier.store.db import create_workspace, open_store
from dossier.store.decisions import append

COLOUR = re.compile(r"\x1b\[[\d;]*[34]\d")


@pytest.fixture
def desk(tmp_path):
    folder = tmp_path / "desk"
    create_workspace(folder)
    with open_store(folder) as store:
        harbour_paper().save(store)
    return folder


@pytest.fixture(autouse=True)
def plain(monkeypatch):
    for name in ("COLUMNS", "FORCE_COLOR", "NO_COLOR", "TTY_COMPATIBLE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def wide(monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")


def show(dossier, desk, *options, file="paper.txt"):
    said = dossier("show", file, "-w", desk, *options)
    assert said.code == 0, said.err
    return said.out


def joined(words: str) -> str:
    return " ".join(words.split())


def test_relations_by_type_with_status_holder_confidence_and_place(dossier, desk, wide):
    said = show(dossier, desk)

    assert "relations   2 pending, nobody has ruled on them" in said
    assert re.search(r"^founded\n  Mara Lind → Harbour League  from 1991 +0\.80  Origins$", said, re.MULTILINE)
    assert "HL → Coast Guard Union reported by “Coast Post” 0.80 Attacks" in joined(said)


def test_events_with_their_roles(dossier, desk, wide):
    said = joined(show(dossier, desk))

    assert (
        "1995-05-04 attack in Westport; by HL; against customs house; killed: three people (= 3 people) disputed 0.70 Attacks"
        in said
    )


def test_conflicts_and_absences(dossier, desk, wide):
    said = joined(show(dossier, desk))

    assert "Tolls that differ: 3 or 5 killed of attack, 4 May 1995, Westport Attacks" in said
    assert "said to be absent 1 pending, nobody has ruled on them estimates of its income" in said


def test_quotes_are_printed_where_asked_for(dossier, desk):
    quote = "“Mara Lind founded the Harbour League (HL) in Westport in 1991.[1]”"

    assert quote not in joined(show(dossier, desk))
    assert quote in joined(show(dossier, desk, "--evidence"))


def test_a_ruling_is_told_and_what_was_rejected_is_left_out(dossier, desk):
    with open_store(desk) as store:
        append(store, kind="relation", key="a", proposal="relation0_d_1", ruling="accept", record="{}", user="ada")
        append(store, kind="event", key="b", proposal="event0_d_1", ruling="reject", record="{}", user="ada")
    said = joined(show(dossier, desk))

    assert "1 accepted; 1 pending, nobody has ruled on them" in said
    assert "accepted by ada" in said
    assert "events" not in said


def test_lines_fit_80_columns_without_a_terminal_or_what_columns_says(dossier, desk, monkeypatch):
    lines = show(dossier, desk, "--evidence").splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith("relations"))

    assert max(map(len, lines[start:])) <= 80
    assert not [line for line in lines if line != line.rstrip()]
    assert "\x1b" not in "".join(lines)
    monkeypatch.setenv("COLUMNS", "200")
    assert "killed: three people" in next(
        line for line in show(dossier, desk).splitlines() if "1995-05-04  attack" in line
    )


def test_no_color_takes_the_colours_away(dossier, desk, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    assert COLOUR.search(show(dossier, desk))

    monkeypatch.setenv("NO_COLOR", "1")
    assert not COLOUR.search(show(dossier, desk))


def test_hostile_words_neither_colour_nor_move_the_screen(dossier, desk):
    paper = Paper("2", title="[red]x[/red]")
    words = "Evil\x1b[2J\u202e[bold]Name"
    paper.add("paragraph", f"{words} met {words} here.")
    end = {"text": words, "norm": None}
    paper.mention(words, "ORG", paper.entity(words, "ORG"))
    paper.relation("opposes", end, end, f"{words} met {words} here.", holder=words, role=words)
    with open_store(desk) as store:
        paper.save(store, "evil.txt")
    said = show(dossier, desk, "--evidence", file="evil.txt")

    assert "\x1b" not in said
    assert "\u202e" not in said
    assert "[bold]Name" in said


def test_a_report_without_proposals_says_so(dossier, desk):
    paper = Paper("3")
    paper.add("paragraph", "Nothing here.")
    with open_store(desk) as store:
        paper.save(store, "bare.txt")

    assert show(dossier, desk, file="bare.txt").endswith("mentions   none\n")
