"""The words that make a statement less than a fact: lists of `[status]` in `patterns.toml`, as expressions."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from dossier.components.patterns import Patterns

ASSERTED, REPORTED, CLAIMED, UNCERTAIN, DENIED, PLANNED = (
    "asserted",
    "reported",
    "claimed",
    "uncertain",
    "denied",
    "planned",
)
# lists of verbs of saying, and the status of what follows; where two have a verb, that of the last
CLASSES = {
    "denied": DENIED,
    "claim_verbs": CLAIMED,
    "say_verbs": REPORTED,
    "think_verbs": UNCERTAIN,
    "plan_verbs": PLANNED,
}
HEDGES = (PLANNED, UNCERTAIN, REPORTED)  # in order of weight
_MONTH = re.compile(r"May(?=\s+(?:\d|[A-Z]))")


@dataclass(frozen=True, slots=True)
class Cues:
    """The cues of `[status]`: what each list says, `patterns.toml` tells."""

    hedges: dict[str, re.Pattern[str]]
    alone: dict[str, re.Pattern[str]]  # hedges and what stands for a whole sentence
    sentence: dict[str, re.Pattern[str]]  # those that speak of the whole clause
    verbs: re.Pattern[str]  # of saying, with a subject before them
    says: dict[str, str]  # verb -> the status of what follows
    sources: re.Pattern[str]  # `according to`
    never: re.Pattern[str]
    would: re.Pattern[str]
    skip: frozenset[str]  # auxiliaries and adverbs between a speaker and the verb
    nobody: frozenset[str]  # words that no speaker ends with
    parties: frozenset[str]  # `the government`: a speaker that has a side

    @classmethod
    def of(cls, patterns: Patterns) -> Cues:
        table = patterns.tables.get("status", {})

        def pattern(*names: str) -> re.Pattern[str]:
            return any_of(word for name in names for word in table.get(name, ()))

        classes = {
            DENIED: "denied",
            CLAIMED: "claim_verbs",
            REPORTED: "say_verbs",
            UNCERTAIN: "think_verbs",
            PLANNED: "plan_verbs",
        }
        says = {verb: status for status, name in classes.items() for verb in table.get(name, ())}
        return cls(
            {name: pattern(name) for name in HEDGES},
            {name: pattern(name, f"{name}_sentence", f"{name}_alone") for name in HEDGES},
            {name: pattern(f"{name}_sentence") for name in HEDGES},
            any_of(says, exact=True), says, pattern("sources"), pattern("negated"), pattern("future"),
            frozenset(table.get("between", ())), frozenset(table.get("no_speaker", ())), frozenset(table.get("parties", ())),
        )  # fmt: skip


def has_cue(cue: re.Pattern[str], text: str, start: int, end: int) -> bool:
    """Whether a cue stands in a stretch; `May` with a number or a name after it is the month."""
    return any(not _MONTH.match(text, found.start()) for found in cue.finditer(text, start, end))


@lru_cache(maxsize=64)
def _compiled(words: tuple[str, ...], exact: bool) -> re.Pattern[str]:
    if not words:
        return re.compile(r"(?!)")
    return re.compile(
        r"\b(?:" + "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in words) + r")\b",
        0 if exact else re.IGNORECASE,
    )


def any_of(words: Iterable[str], *, exact: bool = False) -> re.Pattern[str]:
    """One expression of many cues, longest first; of none, one that never matches. exact: in small letters only."""
    return _compiled(tuple(sorted(set(words), key=lambda word: (-len(word), word))), exact)
