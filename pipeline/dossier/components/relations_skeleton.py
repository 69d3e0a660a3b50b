"""The skeleton of a sentence: its words in small letters, every mention one word, and what says nothing of who did what left out.

    The PKK (Kurdistan Workers' Party) was reportedly founded in 1978 by Abdullah Öcalan.
    <O0> be founded in <D1> by <P2> .

Brackets, quotes, note markers, `the`, adverbs and auxiliaries go; `is`, `was`, `been` are `be`; hedges such as `is believed to
have` go too: what they say is the status's to read. A sentence has further skeletons: one without relative clauses, dates
and places in between, and one for each later verb of its subject (`X split from Y and joined Z`: `X joined Z`).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import NamedTuple

from dossier.components.relations_language import LETTERS, OTHER, Marks, as_tokens
from dossier.components.view import View
from dossier.records import Span

QUOTES = frozenset("“”\"‘«»„‟`’'")
DASHES = frozenset(("–", "—", "―", "--"))
POSSESSIVES = frozenset(("its", "their", "his", "her", "whose"))
BREAKS = frozenset((";", ":"))
BEFORE_DATE = frozenset("in on since by during from until around after before about till through".split())
BEFORE_PLACE = frozenset("in near at outside around across throughout inside".split())
COORDINATORS = frozenset(("and", "but", ",", "then", "before", "after", "or"))
OPENERS = frozenset("in on by since after before during when while although though as but and then that".split())
MOST_ASIDE = 25  # words
BRACKET = "["  # before the words of a bracket, behind the mention before it
MOST_CLAUSES = 5
Token = tuple[str, int]  # the word as the skeleton has it, and where it stands in the view


class Item(NamedTuple):
    """What a relation may join: the words `[first, last)` of a view. `span` is the mention that they are, or stand for."""

    label: str
    span: Span
    first: int
    last: int
    stands: bool = False  # for a mention elsewhere
    norm: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True)
class Skeleton:
    """`words[i]` is the word of the view that the i-th token comes from; `begins[i]` where that token is in `text`.

    `far`: its subject stands with an earlier verb of the sentence.
    """

    text: str
    words: tuple[int, ...]
    begins: tuple[int, ...]
    far: bool = False

    def word_at(self, character: int) -> int:
        """The word of the view that a character comes from."""
        return self.words[max(0, bisect_right(self.begins, character) - 1)]


@dataclass(frozen=True, slots=True)
class Reducer:
    """What skeletons leave out, and the verbs that open a clause; `[skeleton]` of `configs/relations.toml`."""

    drop: frozenset[str]
    forms: Mapping[str, str]  # of `be` and `have`, by the form
    phrases: Mapping[str, tuple[tuple[str, ...], ...]]  # to leave out, by their first word, the longest first
    asides: frozenset[str]  # what opens an aside between commas
    verbs: frozenset[str]
    states: frozenset[str]  # `government`: beside a place they are it
    controls: frozenset[str]  # after these an infinitive is no fact, or another's
    marks: Marks
    _forms: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, lists: Mapping[str, Sequence[str]], verbs: frozenset[str], marks: Marks) -> Reducer:
        phrases: dict[str, list[tuple[str, ...]]] = {}
        for phrase in sorted(lists["phrases"], key=lambda phrase: (-len(phrase.split()), phrase)):
            words = tuple(as_tokens(phrase))
            phrases.setdefault(words[0], []).append(words)
        by_first = {word: tuple(found) for word, found in phrases.items()}
        forms = {"an": "a"} | {form: name for name in ("be", "have") for form in lists[name]}
        drop, asides, states, controls = (frozenset(lists[name]) for name in ("drop", "asides", "states", "controls"))
        return cls(drop, forms, by_first, asides, verbs | {"be"}, states, controls, marks)

    def skeletons(self, plain: Sequence[Token]) -> list[Skeleton]:
        """The skeletons of a sentence, the plain one first. plain: its tokens."""
        whole = list(_without(plain, lambda tokens, at: _aside(tokens, at, self.asides)))
        short = list(_without(whole, _adverbial))
        made = [plain, *(one for one, before in ((whole, plain), (short, whole)) if len(one) < len(before))]
        return [*map(self.made, made), *(self.made(clause, far=True) for clause in self._clauses(whole))]

    # ------------------------------------------------------------ words

    def tokens(self, view: View, first: int, last: int, items: Sequence[Item]) -> list[list[Token]]:
        """The words `[first, last)` as tokens, then those of each bracket behind the mention that it stands after.

        items: those of the sentence, in order.
        """
        starts = {item.first: number for number, item in enumerate(items)}
        brackets: list[list[Token]] = []
        return [self._tokens(view, first, last, items, starts, brackets), *brackets]

    def _tokens(
        self, view: View, first: int, last: int, items: Sequence[Item], starts: Mapping[int, int],
        brackets: list[list[Token]],
    ) -> list[Token]:  # fmt: skip
        found: list[Token] = []
        at = first
        while at < last:
            word, number = view.words[at], starts.get(at)
            step = 1
            if word in "([":
                end = _closing(view, at, last)
                if found and found[-1][0].startswith("<"):
                    inside = self._tokens(view, at + 1, end, items, starts, [])
                    if len(inside) > 1 and any(token.startswith("<") for token, _ in inside):
                        brackets.append([found[-1], (BRACKET, at), *inside])
                step = end + 1 - at
            elif word in ")]":
                pass
            elif number is not None:
                item = items[number]
                if item.label == "PLACE":
                    self._drop_state(found)
                found.append((f"<{LETTERS.get(item.label, OTHER)}{number}>", at))
                step = max(1, item.last - at)
                if item.label == "PLACE" and at + step < last and view.words[at + step].casefold() in self.states:
                    step += 1
                if item.stands and view.words[item.last - 1].casefold() in POSSESSIVES:
                    found.append(("'s", at))
            else:
                step = self._word(found, view, at, last)
            at += step
        return found

    def _drop_state(self, found: list[Token]) -> None:
        """Leave out `government of` before a place that acts: it is the state that does."""
        if len(found) > 1 and found[-1][0] == "of" and found[-2][0] in self.states:
            del found[-2:]

    def _word(self, found: list[Token], view: View, at: int, last: int) -> int:
        """Add a word that is no mention; returns how many words were read."""
        form = self._form(view, at)
        for phrase in self.phrases.get(form, ()):
            if at + len(phrase) <= last and tuple(map(str.casefold, view.words[at : at + len(phrase)])) == phrase:
                return len(phrase)
        before = found[-1][0] if found else ","
        if form == "have" and before == "be":  # `is believed to have`
            found.pop()
        if form and not (form == before and form in (",", "be")) and not (form == "," and not found):
            found.append((form, at))
        return 1

    def _form(self, view: View, at: int) -> str:
        word = view.words[at]
        if word == "whose":
            return "'s"
        if word in QUOTES:
            return "'s" if word in "’'" and view.glued(at) and view.words[at - 1][-1] in "sS" else ""
        form = self._forms.get(word)
        if form is None:
            small = word.casefold().replace("’", "'").replace("<", "‹")
            form = "" if small in self.drop else self.forms.get(small, small)
            form = "," if word in DASHES else form
            if len(self._forms) < 100_000:
                self._forms[word] = form
        return form

    def made(self, tokens: Sequence[Token], *, far: bool = False) -> Skeleton:
        marked = [self.marks[word] for word, _ in tokens]
        begins = list(accumulate((len(word) + 1 for word in marked), initial=0))
        text = "".join([f"{word} " for word in marked])
        return Skeleton(text, tuple(index for _, index in tokens), tuple(begins[:-1]), far)

    # ------------------------------------------------------------ later verbs

    def _clauses(self, tokens: Sequence[Token]) -> Iterator[list[Token]]:
        """The subject of a clause with each of its later verbs: `X split from Y and joined Z` -> `X joined Z`."""
        subject: list[Token] = []
        made, at, opening = 0, 0, True
        control = -1
        while at < len(tokens) and made < MOST_CLAUSES:
            word = tokens[at][0]
            if opening and is_actor(word):
                end = _end_of_list(tokens, at)
                subject, at, opening, control = list(tokens[at:end]), end, False, -1
                continue
            if word in BREAKS:
                opening, subject = True, []
            elif word in self.controls:
                control = at
            elif opening and word not in OPENERS and word != "," and not word.startswith(("<D", "<L", "<N")):
                opening = False
            before = tokens[at - 1][0] if at else ""
            if word in ("but", "while", "whereas") or (before == "," and word == "and"):
                opening = is_actor(tokens[at + 1][0]) if at + 1 < len(tokens) else False
            joined = before in COORDINATORS or (before == "to" and control < 0)
            if subject and word in self.verbs and joined and tokens[at - 1] != subject[-1]:
                made += 1
                yield [*subject, *tokens[at:]]
            at += 1


def _closing(view: View, at: int, last: int) -> int:
    """The word that closes the bracket at a word; the last one, where none does."""
    depth = 0
    for end in range(at, last):
        depth += (view.words[end] in "([") - (view.words[end] in ")]")
        if depth == 0:
            return end
    return last


def is_actor(token: str) -> bool:
    return token[:2] in ("<O", "<P", "<L") and token[-1] == ">"


def _end_of_list(tokens: Sequence[Token], at: int) -> int:
    """Where the list of actors that begins at a token ends: `A, B and C`."""
    end = at + 1
    while end + 1 < len(tokens) and tokens[end][0] in (",", "and"):
        after = end + 2 if tokens[end][0] == "," and tokens[end + 1][0] == "and" else end + 1
        if after >= len(tokens) or not is_actor(tokens[after][0]):
            break
        end = after + 1
    return end


def _without(tokens: Sequence[Token], length: Callable[[Sequence[Token], int], int]) -> Iterator[Token]:
    """The tokens without those stretches that `length` gives at their first token."""
    at = 0
    while at < len(tokens):
        skip = length(tokens, at)
        if not skip:
            yield tokens[at]
        at += skip or 1


def _adverbial(tokens: Sequence[Token], at: int) -> int:
    """How many tokens `in 2003`, `, in Mali,` has, and `of Ana Duarte` after an organisation; none for anything else."""
    if _is_owner(tokens, at):
        return 2
    start = at + (tokens[at][0] == ",")
    if start + 1 >= len(tokens):
        return 0
    word, after = tokens[start][0], tokens[start + 1][0]
    if not ((word in BEFORE_DATE and after[:2] == "<D") or (word in BEFORE_PLACE and after[:2] == "<L")):
        return 0
    end = start + 2
    if end < len(tokens) and tokens[end][0] in ("'s", "-"):
        return 0
    opens = at == 0 or start > at
    if end < len(tokens) and tokens[end][0] == "," and opens:
        end += 1
    elif start > at and end < len(tokens):
        end, at = end, start  # the comma before it stays, none closed it
        return 0
    return end - at


def _is_owner(tokens: Sequence[Token], at: int) -> bool:
    """Whether `of X` only says which organisation is meant."""
    if tokens[at][0] != "of" or at == 0 or at + 1 >= len(tokens) or not tokens[at - 1][0].startswith("<O"):
        return False
    after = tokens[at + 2][0] if at + 2 < len(tokens) else ""
    return tokens[at + 1][0][:2] in ("<P", "<L") and after not in ("'s", "-")


def _aside(tokens: Sequence[Token], at: int, asides: frozenset[str]) -> int:
    """How many tokens `, which was founded in 1990,` after a mention has; none for anything else."""
    if tokens[at][0] != "," or at == 0 or at + 1 >= len(tokens):
        return 0
    if not tokens[at - 1][0].startswith("<") or tokens[at + 1][0] not in asides:
        return 0
    for end in range(at + 1, min(len(tokens), at + MOST_ASIDE)):
        if tokens[end][0] in BREAKS:
            return 0
        if tokens[end][0] == ",":
            return end + 1 - at
    return 0
