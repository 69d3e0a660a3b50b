"""The small language in which `configs/relations.toml` writes patterns, and what it becomes: regular expressions.

A pattern is a row of words, read against the skeleton of a sentence (`relations_skeleton`), where every mention is one word:

    {S:PERSON} {-} {found} {O+:ORG}

| in a pattern | stands for |
|---|---|
| `word` `,` `'s` `-` | itself, with or without `a` before it; `the` is in no skeleton |
| `{S}` `{O}` `{S:ORG}` `{O:ORG PLACE}` | a mention, the relation's subject or object; without labels, those of its signature |
| `{S+}` | one or several, joined by commas, `and`, `as well as` |
| `{B+}` | several that stand to each other: each pair is a relation |
| `{S*}` | a mention, whatever stands next to it (see `relations_match`) |
| `{any:PLACE}` | a mention that takes no part |
| `{-}` | what may stand between a subject and its verb: `be`, `, who`, an apposition, or nothing |
| `{=}` | what must stand between a subject and a noun that says what it is: `be`, `became`, a comma |
| `{~}` `{~5}` | up to three, or five, words of one clause, no mentions |
| `{~~}` `{~~9}` | up to six, or nine, words and mentions of one clause |
| `{mod}` | adjectives and the like before a noun, also nationalities and places |
| `{opens}` | where a sentence or clause begins; takes no word |
| `{stop}` | where an apposition ends; takes no word |
| `{unless:name}` | none of a set's phrases follows in the sentence; takes no word |
| `{role:heads}` | a function of `[roles]` in `patterns.toml` (`heads`, `functions`, `weak`, `any`), which becomes the role |
| `{list}` | words that name a list; they become the role |
| `{name}` | one of the words or phrases of `[sets]` |
| `(a\\|b c)` | one of several; `?` after it, after a word or after braces: or nothing |
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from dossier.errors import ConfigError

LETTERS = {"ORG": "O", "PERSON": "P", "PLACE": "L", "DATE": "D", "QUANTITY": "Q", "NORP": "N", "WEAPON": "W"}
OTHER = "X"  # the letter of a desk's own labels
_PARTS = re.compile(r"\{[^{}]*\}|[()|?]|[^\s(){}|?]+")
# Two kinds of words are marked in skeletons and patterns, so that expressions need not look them up: those that never stand
# before a noun, and those that no gap holds either, verbs and what ends a clause
NO_MODIFIER, CLAUSE_END = "_", "^"
_SMALL = (
    "of in on at by to from with for as into against under over than be it he she they his her its their have".split()
)
_ENDS = "and or but nor who which that where when while before after since until because not no never".split()
ENDS = frozenset(f"{CLAUSE_END}{word}" for word in _ENDS)  # those that are no verbs
MOST_MARKS = 100_000  # words that are remembered
# small words that are met in most sentences: of the words that a pattern must have, these tell least
COMMON = frozenset("of by in to and , 's - with as for from on at be former into against who which that a have".split())

_WORD = r"(?:[\w'‹][^\s<>]* |- )"  # `\w` is also the mark of a word that is no modifier
PLAIN, ANYTHING = _WORD, rf"(?:{_WORD}|, |<\w\d+> )"
MODIFIER = r"(?:<[NL]\d+> (?:'s |- )?|(?![_'])[\w‹][^\s<>]* |- )"
_IS = (
    r"(?:_have )?(?:_be|\^became|\^becomes?|becoming|\^?remain(?:s|ed|ing)?) "
    r"(?:\^?(?:regarded|considered|seen|described|viewed|recogni[sz]ed) (?:_as )?)?"
)
BE = rf"(?:_have )?(?:{_IS})?"
_WHO = r"\^(?:who|which|that) "
_NOUNS = rf"(?:{MODIFIER}){{1,7}}(?:_(?:of|in|from) (?:{MODIFIER}|<\w\d+> ){{1,3}})?"
_ASIDE = rf", {_NOUNS}{_WHO}{BE}|, (?:then )?(?:a|one) {_NOUNS}(?:, )?{BE}"
# before a verb: `X`, `X was`, `X, who`, `X, a small group that was`, `X, a teacher,`, `X and two friends`, `X is a group that`
_IS_ONE_WHO = rf"(?:, )?{_IS}(?:a |one _of )?{_NOUNS}{_WHO}{BE}"
LINK = rf"(?P<link>(?:, )?{_WHO}{BE}|{_ASIDE}|{_IS_ONE_WHO}|\^and (?:a )?{_NOUNS}{BE}|(?:, )?{BE})"
# before a noun: `X is`, `X,`, `X, who was`, `X, a small group that is`
IS_LINK = rf"(?P<link>(?:, )?{_WHO}{_IS}|{_ASIDE}{_IS}|(?:, )?{_IS}|, )"
AND = r"(?:, \^and |, \^or |, _as well _as |, along _with |, |\^and |\^or |_as well _as |along _with )"
_OPENS = r"(?:\A|(?<=; )|(?<=: )|(?<=\^but ))"
_STOP = r"(?=[,.;:?!] |\^and |\^who |$)"
_LISTED = r"(?:(?!_(?:by|in|on|be|it|for) )[\w'][^\s<>]* |- |<[LN]\d+> )"


class Slot(NamedTuple):
    """An end of the relation as a pattern asks for it: `many`, a list of them; `loose`, whatever stands beside it."""

    name: str
    labels: tuple[str, ...]
    many: bool
    loose: bool


@dataclass(frozen=True, slots=True)
class Compiled:
    """`anchors`: sets of words, of each of which a sentence must hold one (`<N`: a NORP), the rarest first; `link`: `-` or `=`,
    where there is one; `passive`: the subject stands after `by`."""

    regex: re.Pattern[str]
    slots: tuple[Slot, ...]
    anchors: tuple[frozenset[str], ...]
    link: str
    passive: bool


NOTHING = Compiled(re.compile(r"(?!)"), (), (), "", False)  # what no sentence has


class _Piece(NamedTuple):
    """An expression, and sets of words of each of which one must stand in the sentence."""

    expression: str
    anchors: tuple[frozenset[str], ...] = ()


class Function(NamedTuple):
    """A kind of function: what may stand before it and is no part of it, its expression, and the words it can end in."""

    before: str
    expression: str
    phrases: Sequence[str]


def as_tokens(phrase: str) -> list[str]:
    """The words of a phrase as the tokenizer has them: small letters, hyphens and `'s` as words of their own."""
    spaced = re.sub(r"(?<=\w)-(?=\w)", " - ", phrase.casefold().replace("’", "'"))
    return re.sub(r"(?<=\w)('s)\b", r" \1", spaced).split()


class Marks(dict[str, str]):
    """Words as skeletons write them: marked where they modify no noun (small words), or end a clause (verbs and others).

    A form in `-ed` is a verb, unless it is one of `adjectives`.
    """

    def __init__(self, finite: Sequence[str], adjectives: Sequence[str]) -> None:
        super().__init__({word: NO_MODIFIER + word for word in _SMALL})
        self.update({word: CLAUSE_END + word for word in (*finite, *_ENDS)})
        self.adjectives = frozenset(adjectives)

    def __missing__(self, word: str) -> str:
        verb = word.endswith("ed") and len(word) > 4 and word.isalpha() and word not in self.adjectives
        if len(self) > MOST_MARKS:
            return CLAUSE_END + word if verb else word
        self[word] = CLAUSE_END + word if verb else word
        return self[word]


def bare(word: str) -> str:
    """A word of a skeleton without its mark."""
    return word[1:] if word[:1] in (NO_MODIFIER, CLAUSE_END) and len(word) > 1 else word


@dataclass(frozen=True, slots=True)
class Language:
    """Compiles patterns. `sets`: phrases by name; `roles`: functions by kind; `marks`: how words are written.

    `forms` and `drop` are those of the skeletons: words that they write otherwise, or not at all.
    """

    sets: Mapping[str, Sequence[str]]
    roles: Mapping[str, Function]
    marks: Marks
    forms: Mapping[str, str]
    drop: frozenset[str]

    def compile(self, source: str, labels: Mapping[str, Sequence[str]]) -> Compiled:
        """Compile a pattern. labels: those that its relation's signature allows for `S` and `O`.

        Raises ConfigError with what does not read.
        """
        parts = _PARTS.findall(source)
        reader = _Reader(self, labels, parts)
        whole = reader.row()
        if reader.at < len(parts):
            raise ConfigError(f"{parts[reader.at]!r} stands where nothing opened it")
        names = sorted(slot.name for slot in reader.slots)
        if names not in (["O", "S"], ["B"], ["B", "B"]):
            raise ConfigError(f"it has the slots {names}; a pattern has one {{S}} and one {{O}}, or {{B+}}")
        passive = re.search(r"\bby (?:\{(?:mod|~\d*)\} )?\{S", source) is not None
        try:
            regex = re.compile(rf"(?<!\S){whole.expression}")
        except re.error as error:
            raise ConfigError(f"it makes no expression: {error}") from error
        link = next((part[1] for part in parts if part in ("{-}", "{=}")), "")
        return Compiled(regex, tuple(reader.slots), tuple(sorted(whole.anchors, key=_rarity)), link, passive)

    def expression(self, phrases: Sequence[str]) -> str:
        """An expression of phrases, the longest first."""
        forms = {"".join(f"{self.marks[word]} " for word in self.words(phrase)) for phrase in phrases}
        ranked = sorted(forms, key=lambda form: (-len(form), form))
        return "(?:" + "|".join(re.escape(form).replace("\\ ", " ") for form in ranked) + ")"

    def words(self, phrase: str) -> list[str]:
        """The words of a phrase as skeletons write them. Raises ConfigError for one that no skeleton has."""
        words = [self.forms.get(word, word) for word in as_tokens(phrase)]
        if dropped := [word for word in words if word in self.drop]:
            raise ConfigError(f"{phrase!r} has {dropped[0]!r}, which skeletons leave out; take it out of the phrase")
        return words


def _rarity(words: frozenset[str]) -> tuple[int, int, int]:
    """How often a set of words is met: a label most, then common small words, then by their number."""
    return sum(word.startswith("<") for word in words), len(words & COMMON), len(words)


class _Reader:
    """Reads the parts of one pattern from left to right."""

    def __init__(self, language: Language, labels: Mapping[str, Sequence[str]], parts: Sequence[str]) -> None:
        self.language, self.labels, self.parts = language, labels, parts
        self.at = 0
        self.slots: list[Slot] = []

    def row(self) -> _Piece:
        expression: list[str] = []
        anchors: list[frozenset[str]] = []
        while self.at < len(self.parts) and self.parts[self.at] not in (")", "|"):
            piece = self._element()
            if self.at < len(self.parts) and self.parts[self.at] == "?":
                self.at += 1
                piece = _Piece(f"(?:{piece.expression})?")
            expression.append(piece.expression)
            anchors += piece.anchors
        return _Piece("".join(expression), tuple(anchors))

    def _element(self) -> _Piece:
        part = self.parts[self.at]
        self.at += 1
        if part == "(":
            return self._group()
        if part == "?":
            raise ConfigError("`?` stands after nothing")
        return self._braces(part[1:-1]) if part.startswith("{") else self._words([part])

    def _words(self, phrases: Sequence[str]) -> _Piece:
        firsts = frozenset(self.language.words(phrase)[0] for phrase in phrases)
        if phrases == ["'s"]:
            return _Piece("(?:, )?'s ", (firsts,))  # also of `, whose`
        article = "" if firsts <= {",", "-", "a"} else "(?:a )?"
        return _Piece(f"{article}{self.language.expression(phrases)}", (firsts,))

    def _group(self) -> _Piece:
        found = [self.row()]
        while self.at < len(self.parts) and self.parts[self.at] == "|":
            self.at += 1
            found.append(self.row())
        if self.at >= len(self.parts):
            raise ConfigError("a bracket is not closed")
        self.at += 1
        anchors: tuple[frozenset[str], ...] = ()
        if all(piece.anchors for piece in found):
            least = [min(piece.anchors, key=_rarity) for piece in found]
            anchors = (frozenset(word for words in least for word in words),)
        return _Piece(f"(?:{'|'.join(piece.expression for piece in found)})", anchors)

    def _braces(self, inside: str) -> _Piece:
        name, _, asked = inside.partition(":")
        kinds: dict[str, Callable[[], _Piece]] = {
            "-": lambda: _Piece(LINK),
            "=": lambda: _Piece(IS_LINK),
            "mod": lambda: _Piece(rf"(?:{MODIFIER}){{0,6}}?(?<!- )"),
            "opens": lambda: _Piece(_OPENS),
            "stop": lambda: _Piece(_STOP),
            "list": lambda: _Piece(f"(?:a )?(?P<list>{_LISTED}{{1,9}})"),
            "unless": lambda: _Piece(rf"(?![^.;]*(?<!\S){self.language.expression(self._set(asked))})"),
            "any": lambda: _Piece(_mention(asked.split())),
            "role": lambda: self._role(asked),
        }
        if name in kinds:
            return kinds[name]()
        if gap := re.fullmatch(r"(~~?)(\d*)", inside):
            most = int(gap[2] or (3 if gap[1] == "~" else 6))
            words = PLAIN if gap[1] == "~" else ANYTHING
            return _Piece(f"(?:(?!'s |- )(?:{words}){{1,{most}}}?)??")  # a gap does not begin amid a name
        if re.fullmatch(r"[SOB][+*]*(:.*)?", inside):
            return self._slot(name, asked)
        return self._words(self._set(inside))

    def _set(self, name: str) -> Sequence[str]:
        if not self.language.sets.get(name):
            raise ConfigError(f"{{{name}}} is no set of [sets]; there are: {', '.join(sorted(self.language.sets))}")
        return self.language.sets[name]

    def _slot(self, marked: str, asked: str) -> _Piece:
        name, flags = marked[0], marked[1:]
        labels = tuple(asked.split()) or tuple(self.labels["S" if name == "B" else name])
        self.slots.append(Slot(name, labels, "+" in flags, "*" in flags))
        number = sum(slot.name == name for slot in self.slots)
        one = _mention(labels)
        expression = rf"{one}(?:{AND}(?:\w+ _of )?(?:{MODIFIER}){{0,3}}?(?<!- ){one})*" if "+" in flags else one
        letters = frozenset(f"<{letter}" for letter in _letters(labels))
        return _Piece(f"(?P<{name}{number if number > 1 else ''}>{expression})", (letters,))

    def _role(self, kind: str) -> _Piece:
        if kind not in self.language.roles:
            raise ConfigError(f"{{role:{kind}}} is none of {', '.join(self.language.roles)}")
        every, asked = self.language.roles["any"], self.language.roles[kind]
        one = f"{every.before}{every.expression}"
        and_ = r"(?:, \^and |, |\^and )(?:a )?"
        before, after = rf"(?:{one}{and_}){{0,2}}?", rf"(?:{and_}{one}){{0,2}}"
        expression = rf"(?:a |one _of )?{before}{asked.before}(?P<role>{asked.expression}){after}"
        return _Piece(expression, (frozenset(self.language.words(phrase)[-1] for phrase in asked.phrases),))


def _letters(labels: Sequence[str]) -> list[str]:
    return sorted({LETTERS.get(label, OTHER) for label in labels})


def _mention(labels: Sequence[str]) -> str:
    return rf"(?:a )?<[{''.join(_letters(labels))}]\d+> "
