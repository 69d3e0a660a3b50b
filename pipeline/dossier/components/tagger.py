"""Parts of speech of the words of a sentence: an averaged perceptron, greedy from left to right, blind to case.

Tags are those of the Penn Treebank, thinned out: names are nouns (NN, NNS), degrees are not told apart (JJ, RB), `W` is every
question or relative word, `P` punctuation, `X` the rest. `train/tagger.py` makes the weights.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from dossier.errors import ConfigError

FILE = "grammar/tags.json.gz"
START, END = "<s>", "</s>"
OPEN = frozenset("CD JJ NN NNS P RB VB VBD VBG VBN VBP VBZ X".split())  # tags that an unknown word may have
BARRED = -(10**9)
WORD, PREVIOUS, AFTER, SECOND, TAGS = "w", "q", "a", "n", "t"  # places of a word, and of the two tags before it
MOST_SUMS = 100_000  # about 30 MB
Weights = Mapping[str, Sequence[tuple[int, int]]]


@dataclass(slots=True)
class Tagger:
    """`weights`: by feature, the tags it speaks for or against; `certain`: words that have but one tag."""

    tags: tuple[str, ...]
    weights: Weights
    certain: Mapping[str, str]
    _sums: dict[tuple[str, str], list[int]] = field(default_factory=dict)  # by place and word, what the word alone says

    def tag(self, words: Sequence[str], fixed: Sequence[str | None] | None = None) -> list[str]:
        """The tag of each word. fixed: tags that are known already, None where they are not."""
        if len(self._sums) > MOST_SUMS:
            self._sums.clear()
        small = [normal(word) for word in words]
        padded = [START, *small, END, END]
        found: list[str] = []
        before, last = START, START
        for index, word in enumerate(small):
            tag = (fixed[index] if fixed else None) or self.certain.get(word) or self._best(padded, index, before, last)
            found.append(tag)
            before, last = last, tag
        return found

    def _best(self, padded: Sequence[str], index: int, before: str, last: str) -> str:
        previous, word, after, second = padded[index : index + 4]
        scores = [
            a + b + c + d + e
            for a, b, c, d, e in zip(
                self._sum(WORD, word), self._sum(PREVIOUS, previous), self._sum(AFTER, after), self._sum(SECOND, second),
                self._sum(TAGS, f"{before} {last}"), strict=True,
            )
        ]  # fmt: skip
        for feature in told_by_both(word, after, last):
            for tag, weight in self.weights.get(feature, ()):
                scores[tag] += weight
        if f"w {word}" not in self.weights:  # a word of a closed class is known
            scores = [score if tag in OPEN else BARRED for tag, score in zip(self.tags, scores, strict=True)]
        return self.tags[scores.index(max(scores))]

    def _sum(self, place: str, word: str) -> list[int]:
        """What a word at a place, or the two tags before it, says of the tag, kept for the next time."""
        found = self._sums.get((place, word))
        if found is None:
            found = [0] * len(self.tags)
            for feature in told_by_word(place, word):
                for tag, weight in self.weights.get(feature, ()):
                    found[tag] += weight
            self._sums[place, word] = found
        return found


def normal(word: str) -> str:
    """The word as the tagger reads it: small, figures as `0`, curly apostrophes as straight ones."""
    small = word.lower().replace("’", "'")
    if small.isalpha():
        return small
    return "".join("0" if char.isdigit() else char for char in small)


def features(padded: Sequence[str], index: int, before: str, last: str) -> Iterator[str]:
    """What is looked at for a word. padded: the words with one START and two ENDs; before, last: the two tags before it."""
    previous, word, after, second = padded[index : index + 4]
    for place, one in ((WORD, word), (PREVIOUS, previous), (AFTER, after), (SECOND, second)):
        yield from told_by_word(place, one)
    yield from told_by_word(TAGS, f"{before} {last}")
    yield from told_by_both(word, after, last)


def told_by_word(place: str, word: str) -> tuple[str, ...]:
    """The features of one word alone: of the one to be tagged, of the one before it, of the two after it; or of two tags."""
    if place == WORD:
        return "b", f"w {word}", f"s {word[-3:]}", f"2 {word[-2:]}", f"p {word[:2]}"
    if place == TAGS:
        return f"l {word.split()[1]}", f"t {word}"
    return (f"a {word}", f"e {word[-3:]}") if place == AFTER else (f"{place} {word}",)


def told_by_both(word: str, after: str, last: str) -> tuple[str, ...]:
    """The features of a word, or the one after it, with the tag before it."""
    return f"v {last} {word}", f"m {last} {after}"


@lru_cache(maxsize=2)
def load_tagger(path: Path) -> Tagger:
    """Read the weights, once a process. Raises ConfigError where they do not read."""
    try:
        raw = json.loads(gzip.decompress(path.read_bytes()))
        weights = {
            feature: tuple(zip(pairs[::2], pairs[1::2], strict=True)) for feature, pairs in raw["weights"].items()
        }
        return Tagger(tuple(raw["tags"]), weights, raw["certain"])
    except (OSError, EOFError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ConfigError(f"{path} does not read as the weights of a tagger: {error}; install dossier again") from error
