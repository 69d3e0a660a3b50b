"""Parts of speech of the words of a sentence: an averaged perceptron, greedy from left to right, blind to case.

Tags are those of the Penn Treebank, thinned out: names are nouns (NN, NNS), degrees are not told apart (JJ, RB), `W` is every
question or relative word, `P` punctuation, `X` the rest. `train/tagger.py` makes the weights.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from dossier.errors import ConfigError

FILE = "grammar/tags.json.gz"
START, END = "<s>", "</s>"
OPEN = frozenset("CD JJ NN NNS P RB VB VBD VBG VBN VBP VBZ X".split())  # tags that an unknown word may have
BARRED = -(10**9)
Weights = Mapping[str, Sequence[tuple[int, int]]]


@dataclass(frozen=True, slots=True)
class Tagger:
    """`weights`: by feature, the tags it speaks for or against; `certain`: words that have but one tag."""

    tags: tuple[str, ...]
    weights: Weights
    certain: Mapping[str, str]

    def tag(self, words: Sequence[str], fixed: Sequence[str | None] | None = None) -> list[str]:
        """The tag of each word. fixed: tags that are known already, None where they are not."""
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
        weights = self.weights
        scores = [0] * len(self.tags)
        for feature in features(padded, index, before, last):
            for tag, weight in weights.get(feature, ()):
                scores[tag] += weight
        if f"w {padded[index + 1]}" not in weights:  # a word of a closed class is known
            scores = [score if tag in OPEN else BARRED for tag, score in zip(self.tags, scores, strict=True)]
        return self.tags[scores.index(max(scores))]


def normal(word: str) -> str:
    """The word as the tagger reads it: small, figures as `0`, curly apostrophes as straight ones."""
    small = word.lower().replace("’", "'")
    if small.isalpha():
        return small
    return "".join("0" if char.isdigit() else char for char in small)


def features(padded: Sequence[str], index: int, before: str, last: str) -> Iterator[str]:
    """What is looked at for a word. padded: the words with one START and two ENDs; before, last: the two tags before it."""
    word, after = padded[index + 1], padded[index + 2]
    yield "b"
    yield f"w {word}"
    yield f"s {word[-3:]}"
    yield f"2 {word[-2:]}"
    yield f"p {word[:2]}"
    yield f"l {last}"
    yield f"t {before} {last}"
    yield f"v {last} {word}"
    yield f"q {padded[index]}"
    yield f"a {after}"
    yield f"e {after[-3:]}"
    yield f"m {last} {after}"
    yield f"n {padded[index + 3]}"


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
