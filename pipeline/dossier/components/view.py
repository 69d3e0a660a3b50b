"""A `Doc` as plain lists: what the rules read, since a loop over Python lists is many times faster than one over tokens.

White-space tokens are left out, so a name that runs over a line break is one run of words.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dossier.components.base import Frame, prepare
from dossier.records import Block, Span

if TYPE_CHECKING:
    from spacy.tokens import Doc

SPACE, CAPITAL, ALL_CAPS, SMALL, DIGIT, WORD = 1, 2, 4, 8, 16, 32
SILENT_BLOCKS = frozenset(("note",))  # the guide, section 1: notes carry no mentions
TITLE_BLOCKS = frozenset(("title", "heading"))  # all their words may be capitalised
_KEY = "dossier.view"
_SHAPES: dict[str, tuple[str, int]] = {}  # words of all documents with their flags
MOST_SHAPES = 200_000  # words, about 30 MB


@dataclass(slots=True)
class View:
    """Words of a text with their place: `words[i]` is `text[starts[i]:ends[i]]`; `flags[i]` says how it is written.

    `tokens[i]` is the index in the `Doc`; `block[i]` the block it stands in, -1 for none and for the silent ones;
    `sentences` the first words of sentences, sorted.
    """

    text: str
    words: list[str]
    starts: list[int]
    ends: list[int]
    flags: list[int]
    tokens: list[int]
    frame: Frame
    block: list[int] = field(default_factory=list)
    sentences: list[int] = field(default_factory=list)
    capitals: list[int] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.words)

    def glued(self, index: int) -> bool:
        """Whether no space stands before a word."""
        return index > 0 and self.starts[index] == self.ends[index - 1]

    def span(self, first: int, last: int) -> Span:
        """The characters of the words `[first, last)`."""
        return Span(self.starts[first], self.ends[last - 1])

    def between(self, start: int, end: int) -> tuple[int, int]:
        """The words `[first, last)` that touch the characters `[start, end)`."""
        return bisect_right(self.ends, start), bisect_left(self.starts, end)

    def sentence(self, index: int) -> tuple[int, int]:
        """The words `[first, last)` of the sentence that a word stands in."""
        at = bisect_right(self.sentences, index)
        first = self.sentences[at - 1] if at else 0
        return first, self.sentences[at] if at < len(self.sentences) else len(self.words)

    def sentence_span(self, index: int) -> Span:
        first, last = self.sentence(index)
        return self.span(first, last)

    def opens_sentence(self, index: int) -> bool:
        at = bisect_left(self.sentences, index)
        return at < len(self.sentences) and self.sentences[at] == index

    def kind(self, index: int) -> str:
        """The kind of the block that a word stands in; `note` outside of all."""
        number = self.block[index]
        return self.frame.blocks[number].kind if number >= 0 else "note"

    def block_of(self, index: int) -> Block | None:
        number = self.block[index]
        return self.frame.blocks[number] if number >= 0 else None


def view_of(doc: Doc) -> View:
    """The view of a `Doc`, made once."""
    view: View | None = doc.user_data.get(_KEY)
    if view is None:
        if not doc.has_extension("frame") or doc._.frame is None:
            prepare(doc)
        view = doc.user_data[_KEY] = _make(doc)
    return view


def drop_view(doc: Doc) -> None:
    doc.user_data.pop(_KEY, None)


def shape(word: str) -> int:
    """How a word is written, as flags."""
    if word.isspace():
        return SPACE
    first = word[0]
    bare = word[2:3] if word[1:2] in ("'", "’") and first in "dlDL" else first
    flags = 0
    if bare.isupper() or first.isupper():
        flags |= CAPITAL | WORD
        letters = [char for char in word if char.isalpha()]
        if len(letters) > 1 and all(char.isupper() for char in letters if char != "s" or char is not letters[-1]):
            flags |= ALL_CAPS
    elif first.isalpha():
        flags |= SMALL | WORD
    if first.isdigit():
        flags |= DIGIT
    return flags


def _make(doc: Doc) -> View:
    if len(_SHAPES) > MOST_SHAPES:
        _SHAPES.clear()
    cache = _Shapes(doc.vocab.strings)
    # one array each: a mixed one costs more, and `doc.text` makes a Token of every word
    orths, at, spaces = ([] if not len(doc) else doc.to_array(name).tolist() for name in ("ORTH", "IDX", "SPACY"))
    pairs = [cache[orth] for orth in orths]
    text = "".join([word + " " if space else word for (word, _), space in zip(pairs, spaces, strict=True)])
    keep = [i for i, (_, flags) in enumerate(pairs) if flags != SPACE]
    words = [pairs[i][0] for i in keep]
    starts = [at[i] for i in keep]
    view = View(
        text,
        words,
        starts,
        [start + len(word) for start, word in zip(starts, words, strict=True)],
        [pairs[i][1] for i in keep],
        keep,
        doc._.frame,
    )
    view.block = _blocks(view)
    view.capitals = [i for i, flags in enumerate(view.flags) if flags & CAPITAL and view.block[i] >= 0]
    return view


class _Shapes(dict[int, tuple[str, int]]):
    """Word and flags by the number of the word, each looked up once."""

    def __init__(self, strings: object) -> None:
        self._strings = strings

    def __missing__(self, orth: int) -> tuple[str, int]:
        word = self._strings[orth]  # type: ignore[index]
        known = _SHAPES.get(word)
        if known is None:
            known = _SHAPES[word] = word, shape(word)
        self[orth] = known
        return known


def _blocks(view: View) -> list[int]:
    numbers = [-1] * len(view.words)
    for number, block in enumerate(view.frame.blocks):
        if block.kind not in SILENT_BLOCKS:
            first, last = bisect_left(view.starts, block.start), bisect_left(view.starts, block.end)
            numbers[first:last] = [number] * (last - first)
    return numbers
