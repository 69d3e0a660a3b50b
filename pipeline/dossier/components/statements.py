"""How a row says what it says: hedged or denied, and in which function. Cues are `[roles]` of patterns.toml."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from dossier.components.patterns import Patterns
from dossier.components.saying_cues import any_of, has_cue
from dossier.components.sayings import Judge

HEDGED = 0.95  # of the confidence of what is told plainly
_SENTENCE = re.compile(r"[.!?][”\"’)]*(?:\s*\[\d+\])*\s+(?=[“\"‘(]?[^\W\d_a-z])")
MOST_ALONE = 3  # words of a clause that is but a cue: `Reportedly, he led it`
_ABBREVIATED = re.compile(r"(?:\b(?:[A-Z]|Mr|Mrs|Dr|Gen|Col|Lt|St|No)\.)\s+\Z")
# before a function that is another's: `killed by the commander`
_ANOTHER_S = re.compile(
    r"\b(?:by|under|with|against|from|of|after|like|his|her|their)\s+(?:(?:the|its|their|his|her|then|former)\s+){0,2}\Z"
)
_ONE_OF = re.compile(r"\bone of\s+(?:the|its|their)\s+\Z")
# how a later sentence of a row gives the function of the person it is about
_STATED = re.compile(
    r"\A(?:He|She|They)\b[^,;]{0,60}\b(?:as|was|is|became|become|remained|remains|named|appointed|elected)"
    r"\s+(?:(?:an?|the|its|their|sole|overall)\s+){0,2}\Z"
)
Bounds = tuple[int, int]


class Role(NamedTuple):
    """A function as the words give it; `leads`: that of a head of the whole or of a part."""

    words: str
    leads: bool
    start: int


@dataclass(frozen=True, slots=True)
class Statements:
    """Reads status and function from the words of a row."""

    judge: Judge
    other: re.Pattern[str]  # what a cue may hedge instead of the leading
    verbs: re.Pattern[str]
    roles: re.Pattern[str]
    heads: frozenset[str]
    below: frozenset[str]
    weak: frozenset[str]

    @classmethod
    def of(cls, patterns: Patterns) -> Statements:
        def one(name: str) -> tuple[str, ...]:
            return patterns.words("roles", name)

        heads, functions, weak = one("heads"), one("functions"), one("weak")
        before = rf"(?:{_choice((*one('below'), *one('modifiers')))}[\s-]+)*"
        return cls(
            Judge.of(patterns),
            any_of(one("other")),
            any_of(one("verbs")),
            re.compile(rf"(?<![\w-]){before}{_choice((*heads, *functions, *weak))}(?![\w’'-])", re.IGNORECASE),
            frozenset(heads), frozenset(one("below")), frozenset(weak),
        )  # fmt: skip

    # ------------------------------------------------------------ functions

    def role(self, text: str, others: Iterable[int] = ()) -> Role | None:
        """The first function in a text, one of a head or an officer before `founder`, `member`.

        others: where names of other persons begin; a function just before one is theirs.
        """
        named = frozenset(others)
        found: list[Role] = []
        for match in self.roles.finditer(text):
            before = text[max(0, match.start() - 40) : match.start()].casefold()
            another_s = _ANOTHER_S.search(before) and not _ONE_OF.search(before)
            if not another_s and match.end() + 1 not in named:
                found.append(self._role(match[0], match.start()))
        return min(found, key=lambda role: (_last(role.words, self.weak) in self.weak, role.start), default=None)

    def _role(self, words: str, start: int) -> Role:
        small = " ".join(words.casefold().split())
        below = any(re.match(rf"{re.escape(word)}\b", small) or f" {word} " in f" {small} " for word in self.below)
        leads = not below and _last(small, self.heads) in self.heads
        return Role(small, leads or small == "founder" or small.endswith("-founder"), start)

    def leading(self, text: str) -> int | None:
        """Where a text says that someone leads: the first verb of leading or function in it."""
        verb, role = self.verbs.search(text), self.role(text)
        found = [verb.start()] if verb else []
        return min([*found, role.start] if role else found, default=None)

    # ------------------------------------------------------------ status

    def role_in_row(self, text: str, others: Iterable[int] = ()) -> Role | None:
        """The function that a row's value gives: in its first sentence, else in one that says `he became`, `as leader`."""
        bounds = sentences(text)
        first = self.role(text[: bounds[0][1]], others)
        if first is not None or self.leading(text[: bounds[0][1]]) is not None:
            return first
        for start, end in bounds[1:]:
            role = self.role(text[start:end])
            if role is not None and _STATED.search(text[start : start + role.start]):
                return role
        return None

    def status_of_leading(self, text: str) -> str:
        """The status of `leads` in a row's value: that of the first sentence that speaks of it, else of the first."""
        bounds = sentences(text)
        for start, end in bounds:
            at = self.leading(text[start:end])
            if at is not None:
                return self.status(text[start:end], at)
        first = text[: bounds[0][1]]
        for name in ("uncertain", "reported"):
            for found in self.judge.cues.hedges[name].finditer(first):
                if not self.other.search(" ".join(first[found.end() :].split()[:MOST_ALONE])):
                    return name if has_cue(self.judge.cues.hedges[name], first, 0, len(first)) else "asserted"
        return "asserted"

    def status(self, sentence: str, at: int) -> str:
        """The status of what a sentence states at a character."""
        return self.judge.judge(sentence, at).status


def sentences(text: str) -> list[Bounds]:
    """The sentences of a row's value, as characters `[start, end)`; at least one."""
    cuts = [
        found.end()
        for found in _SENTENCE.finditer(text)
        if not _ABBREVIATED.search(text, max(0, found.end() - 8), found.end())
    ]
    return list(zip([0, *cuts], [*cuts, len(text)], strict=True))


def _last(words: str, of: frozenset[str]) -> str:
    """The function that ends a group of words: `commander` of `military commander`."""
    return next((word for word in sorted(of, key=len, reverse=True) if re.search(rf"\b{re.escape(word)}\Z", words)), "")


def _choice(words: Iterable[str]) -> str:
    return "(?:" + "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word))) + ")"
