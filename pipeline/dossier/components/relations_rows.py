"""Sentences without whom they speak of: rows (`Founder: X`), entries (`Active in Peru.`), lists (`X; born in Lima; head of Y`).

Their subject is that of the entry or section, else of the profile; of a row that begins with a name, that name. Each
becomes a skeleton of a whole sentence, for the same patterns to read: `<O0> 's founder be <P1>`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from dossier.components.relations_language import LETTERS, as_tokens
from dossier.components.relations_skeleton import Item, Token
from dossier.components.view import View
from dossier.normalize.names import fold

HEADED = frozenset(("title", "heading"))
MOST_HEAD = 6  # words before the colon of a row
MOST_ENTRY, MOST_NUMBER = 20, 4  # words of a block that is but a name; before that name
OWN_HEAD = "*"  # in `[rows]`: the words of the row's own head


@dataclass(frozen=True, slots=True)
class RowWords:
    """`[rows]` of `relations.toml`: what a row's head puts between subject and value, and what opens an elliptic sentence."""

    between: Mapping[str, tuple[str, ...]]  # by head: `founder` -> ("'s", "founder", "be")
    openers: frozenset[str]

    @classmethod
    def of(cls, rows: Mapping[str, Sequence[str]]) -> RowWords:
        between: dict[str, tuple[str, ...]] = {}
        for words, heads in rows.items():
            for head in heads if words != "openers" else ():
                own = words.replace(OWN_HEAD, head.casefold())
                between[" ".join(as_tokens(head))] = tuple(as_tokens(own))
        return cls(between, frozenset(rows.get("openers", ())))


@dataclass(slots=True)
class Subjects:
    """Whom each block of a text speaks of: `of[number of the block]`, where it is known."""

    view: View
    items: Sequence[Item]
    of: dict[int, Item] = field(default_factory=dict)

    def __post_init__(self) -> None:
        begins = [item.first for item in self.items]
        profile = section = self._titled()
        for number, block in enumerate(self.view.frame.blocks):
            first, last = self.view.between(block.start, block.end)
            inside = self.items[bisect_left(begins, first) : bisect_left(begins, last)]
            named = [item for item in inside if item.label in ("ORG", "PERSON") and not item.stands]
            if block.kind == "title":
                profile = section = next((item for item in named if item.label == "ORG"), profile)
            elif block.kind == "heading":
                section = named[0] if named else profile
            elif named and self._is_entry(first, last, named):
                section = named[0]
            if section is not None and block.kind not in HEADED:
                self.of[number] = section

    def _titled(self) -> Item | None:
        """The organisation that the report's title names, where the title is not in this text."""
        title = fold(self.view.frame.title or "")
        named = (item for item in self.items if item.label == "ORG" and not item.stands)
        return next((item for item in named if title and fold(self.view.text[slice(*item.span)]) in title), None)

    def _is_entry(self, first: int, last: int, named: Sequence[Item]) -> bool:
        """Whether a block is but a name: `4. Red Hand (RH)`."""
        if last - first > MOST_ENTRY or named[0].first - first > MOST_NUMBER:
            return False
        taken = {at for item in named for at in range(item.first, item.last)}
        return not any(self.view.words[at].islower() for at in range(first, last) if at not in taken)


def whole_sentences(
    tokens: Sequence[Token], items: Sequence[Item], subject: int | None, words: RowWords
) -> Iterator[list[Token]]:
    """The elliptic parts of a sentence, each with its subject before it.

    tokens: those of the plain skeleton; subject: the number of the item that the block speaks of.
    """
    if not tokens:
        return
    colon = next((at for at, (word, _) in enumerate(tokens[: MOST_HEAD + 1]) if word == ":"), -1)
    own = tokens[0][0]
    if own.startswith("<P") and len(tokens) > 1 and tokens[1][0] in (":", ";"):
        for part in _parts(tokens[2:]):
            yield [tokens[0], ("be", part[0][1]), *part]
        return
    if subject is None:
        return
    at = tokens[0][1]
    named = (f"<{LETTERS[items[subject].label]}{subject}>", at)
    if colon > 0:
        between = words.between.get(" ".join(word for word, _ in tokens[:colon] if word != "the"))
        if between is not None:
            yield [named, *((word, at) for word in between), *tokens[colon + 1 :]]
        elif tokens[0][0].startswith("<D") and colon == 1:  # `1994: dissolved by decree`
            yield from _opened(tokens[2:], named, words)
    else:
        yield from _opened(tokens, named, words)


def _opened(tokens: Sequence[Token], subject: Token, words: RowWords) -> Iterator[list[Token]]:
    for part in _parts(tokens):
        if part[0][0] in words.openers:
            yield [subject, ("be", part[0][1]), *part]


def _parts(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """The parts between semicolons."""
    part: list[Token] = []
    for token in tokens:
        if token[0] == ";":
            if part:
                yield part
            part = []
        else:
            part.append(token)
    if part:
        yield part
