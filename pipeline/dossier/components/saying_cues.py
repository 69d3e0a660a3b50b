"""The words that make a statement less than a fact: lists of `[status]` in `patterns.toml`, as expressions."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from dossier.components.patterns import Patterns

ASSERTED, REPORTED, CLAIMED = "asserted", "reported", "claimed"
UNCERTAIN, DENIED, PLANNED = "uncertain", "denied", "planned"
# lists of verbs of saying, and the status of what follows; where two have a verb, that of the last
CLASSES = {
    "denied": DENIED,
    "claim_verbs": CLAIMED,
    "say_verbs": REPORTED,
    "think_verbs": UNCERTAIN,
    "plan_verbs": PLANNED,
}
HEDGES = (PLANNED, UNCERTAIN, REPORTED)  # in order of weight
_WORD = re.compile(r"\w+")
_MONTH = re.compile(r"May(?=\s+(?:\d|[A-Z]))")


@dataclass(frozen=True, slots=True)
class Cues:
    """The cues of `[status]`: what each list says, `patterns.toml` tells."""

    hedges: dict[str, re.Pattern[str]]
    alone: dict[str, re.Pattern[str]]  # hedges and what stands for a whole sentence
    sentence: dict[str, re.Pattern[str]]  # those that speak of the whole clause
    hedge_words: frozenset[str]  # of each hedge the longest word: a sentence with none of them has no hedge
    verbs: re.Pattern[str]  # of saying, with a subject before them
    verb_words: frozenset[str]
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

        says = {verb: status for name, status in CLASSES.items() for verb in table.get(name, ())}
        return cls(
            {name: pattern(name) for name in HEDGES},
            {name: pattern(name, f"{name}_sentence", f"{name}_alone") for name in HEDGES},
            {name: pattern(f"{name}_sentence") for name in HEDGES},
            _longest(cue for name in HEDGES for kind in ("", "_sentence", "_alone") for cue in table.get(f"{name}{kind}", ())),
            any_of(says, exact=True), _longest(says), says, pattern("sources"), pattern("negated"), pattern("future"),
            frozenset(table.get("between", ())), frozenset(table.get("no_speaker", ())), frozenset(table.get("parties", ())),
        )  # fmt: skip


def _longest(cues: Iterable[str]) -> frozenset[str]:
    return frozenset(max(words_of(cue), key=len) for cue in cues)


def words_of(text: str) -> list[str]:
    """The words of a text in small letters, split at hyphens and apostrophes."""
    return _WORD.findall(text.casefold())


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
