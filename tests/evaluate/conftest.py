"""Texts with brackets for gold, and predictors that answer from a table."""

import re

import pytest

from dossier.gold import GoldRecord, GoldSpan
from dossier.records import Found

MARK = re.compile(r"\[([^\[\]]+)\|([A-Z]+)\]")


def unmark(marked: str) -> tuple[str, list[tuple[int, int, str]]]:
    """`the [NRF|ORG] left` -> `the NRF left` and its spans."""
    text, spans, at = "", [], 0
    for found in MARK.finditer(marked):
        text += marked[at : found.start()]
        spans.append((len(text), len(text) + len(found[1]), found[2]))
        text += found[1]
        at = found.end()
    return text + marked[at:], spans


@pytest.fixture
def gold():
    """`gold("the [NRF|ORG] left")` is a record; `ignore` and `meta` as they stand."""

    def make(marked: str, *, id: str = "a", **more) -> GoldRecord:
        text, spans = unmark(marked)
        return GoldRecord(id, text, tuple(GoldSpan(*s) for s in spans), **more)

    return make


@pytest.fixture
def proposed():
    """`proposed("the [NRF|ORG] left")` is what a model found there."""

    def make(marked: str, *, confidence: float = 0.9) -> list[Found]:
        return [Found(*s, confidence, "test") for s in unmark(marked)[1]]

    return make
