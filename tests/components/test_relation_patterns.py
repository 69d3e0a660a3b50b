"""Every pattern of `configs/relations.toml` reads its own examples, and not its counter-examples."""

from __future__ import annotations

import re
from typing import NamedTuple

import pytest

from dossier.components.base import prepare
from dossier.components.join import give_norms
from dossier.components.relations import sentences
from dossier.components.relations_config import load_book
from dossier.components.relations_dates import Clock
from dossier.components.relations_match import find
from dossier.components.sentences import Sentences
from dossier.components.view import view_of
from dossier.records import Found
from dossier.resources import shipped

MARK = re.compile(r"([SO]?)\[([^\[\]|]+)\|([A-Z]+)\]")
BOOK = load_book([shipped("configs")])


class Example(NamedTuple):
    """A marked sentence: its text, mentions, the words marked S and O, and what is told after `=>`."""

    text: str
    found: list[Found]
    subjects: list[str]
    objects: list[str]
    told: dict[str, str]


def read_example(source: str) -> Example:
    marked, _, after = source.partition(" => ")
    text, at = "", 0
    found: list[Found] = []
    ends: dict[str, list[str]] = {"S": [], "O": [], "": []}
    for mark in MARK.finditer(marked):
        text += marked[at : mark.start()]
        found.append(Found(len(text), len(text) + len(mark[2]), mark[3], 1.0, "test"))
        ends[mark[1]].append(mark[2])
        text += mark[2]
        at = mark.end()
    text += marked[at:]
    give_norms(text, found)
    told = dict(part.split("=") for part in after.split("; ")) if after else {}
    return Example(text, found, ends["S"], ends["O"], told)


def read_with(number: int, example: Example, nlp) -> list[tuple[str, str, dict[str, str | None]]]:
    """What one pattern finds: subject, object, and role, start, end."""
    doc = Sentences()(prepare(nlp.make_doc(example.text)))
    view = view_of(doc)
    told = []
    for first, last, items, *_ in sentences(view, with_dates(doc, example, nlp), []):
        clock = Clock(view, first, last, [item for item in items if item.label == "DATE"], BOOK.reducer.verbs)
        for match in find(BOOK, view, BOOK.reducer.tokens(view, first, last, items), items, only=number):
            when = clock.when(match)
            words = [doc.text[slice(*item.span)] for item in (match.subject, match.object)]
            told.append((*words, {"role": match.role, "start": when.start, "end": when.end}))
    return told


def with_dates(doc, example: Example, nlp) -> list[Found]:
    """The marks, and the dates that the grammar finds besides: examples mark only what takes part."""
    more = nlp.get_pipe("dates")(prepare(nlp.make_doc(example.text)))._.found
    taken = [(one.start, one.end) for one in example.found]
    clear = [one for one in more if all(one.end <= start or end <= one.start for start, end in taken)]
    return sorted([*example.found, *clear], key=lambda one: one.start)


def ids(pattern) -> str:
    return f"{pattern.number}-{pattern.type}"


@pytest.mark.parametrize("pattern", BOOK.patterns, ids=ids)
def test_a_pattern_reads_its_examples(pattern, nlp):
    assert pattern.yes, f"{pattern.name} has no example"
    for source in pattern.yes:
        example = read_example(source)
        found = read_with(pattern.number, example, nlp)
        wanted = {frozenset((s, o)) for s in example.subjects for o in example.objects}
        exact = {(s, o) for s in example.subjects for o in example.objects}
        if "{B" in pattern.source:
            assert {frozenset(one[:2]) for one in found} == wanted, source
        else:
            assert {one[:2] for one in found} == exact, source
        for _, _, values in found:
            assert {key: values[key] for key in example.told} == example.told, source


@pytest.mark.parametrize("pattern", BOOK.patterns, ids=ids)
def test_a_pattern_leaves_its_counter_examples(pattern, nlp):
    assert pattern.no, f"{pattern.name} has no counter-example"
    for source in pattern.no:
        assert read_with(pattern.number, read_example(source), nlp) == [], source
