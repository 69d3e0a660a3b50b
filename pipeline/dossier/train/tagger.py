"""Make the weights of `components/tagger.py` from trees in CoNLL-U.

    python -m dossier.train.tagger TRAIN.conllu.gz DEV.conllu.gz OUT.json.gz

The shipped weights were made so from the English Web Treebank (`configs/grammar/README.md`): about three minutes on one core.
"""

from __future__ import annotations

import gzip
import json
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from dossier.components.tagger import END, START, Tagger, features, normal

Sentence = tuple[list[str], list[str]]  # words as the tagger reads them, tags
ROUNDS, SEED = 6, 1
CERTAIN, OFTEN = 0.995, 8  # a word seen this often, with one tag in this share of cases, is not weighed
LEAST = 100  # hundredths of a weight that are kept: a third of the file, and a thousandth less right
_THINNED = {
    "NNP": "NN", "NNPS": "NNS", "JJR": "JJ", "JJS": "JJ", "RBR": "RB", "RBS": "RB", "PDT": "DT", "WDT": "W", "WP": "W",
    "WP$": "W", "WRB": "W", "GW": "X", "AFX": "X", "FW": "X", "SYM": "X", "LS": "X", "ADD": "X", "UH": "X", "NFP": "P",
    "$": "CD",
}  # fmt: skip


def read_conllu(lines: Iterable[str]) -> Iterator[Sentence]:
    """The sentences of a CoNLL-U file, with thinned tags; a word of several parts (`don't`) as its parts."""
    words: list[str] = []
    tags: list[str] = []
    for line in lines:
        if not line.strip():
            if words:
                yield words, tags
            words, tags = [], []
            continue
        fields = line.split("\t")
        if line.startswith("#") or not fields[0].isdigit():
            continue
        words.append(normal(fields[1]))
        tags.append(_thin(fields[4]))
    if words:
        yield words, tags


def _thin(tag: str) -> str:
    return _THINNED.get(tag, tag) if tag[:1].isalpha() or tag == "$" else "P"


class Averager:
    """Perceptron weights and their sums over all steps."""

    def __init__(self, tags: Sequence[str]) -> None:
        self.tags = tuple(tags)
        self.weights: dict[str, list[float]] = {}
        self._sums: dict[str, list[float]] = {}
        self._since: dict[str, list[int]] = {}
        self.step = 0

    def best(self, found: Sequence[str]) -> int:
        scores = [0.0] * len(self.tags)
        for feature in found:
            for tag, weight in enumerate(self.weights.get(feature, ())):
                scores[tag] += weight
        return scores.index(max(scores))

    def learn(self, found: Sequence[str], right: int, guess: int) -> None:
        self.step += 1
        if right != guess:
            for feature in found:
                self._add(feature, right, 1.0)
                self._add(feature, guess, -1.0)

    def _add(self, feature: str, tag: int, value: float) -> None:
        if feature not in self.weights:
            empty = len(self.tags)
            self.weights[feature], self._sums[feature] = [0.0] * empty, [0.0] * empty
            self._since[feature] = [0] * empty
        weights, sums, since = self.weights[feature], self._sums[feature], self._since[feature]
        sums[tag] += (self.step - since[tag]) * weights[tag]
        since[tag] = self.step
        weights[tag] += value

    def averaged(self) -> dict[str, list[tuple[int, int]]]:
        """The means in hundredths, without the small ones."""
        kept: dict[str, list[tuple[int, int]]] = {}
        for feature, weights in sorted(self.weights.items()):
            pairs = []
            for tag, weight in enumerate(weights):
                total = self._sums[feature][tag] + (self.step - self._since[feature][tag]) * weight
                mean = round(100 * total / self.step)
                if abs(mean) >= LEAST:
                    pairs.append((tag, mean))
            if pairs:
                kept[feature] = pairs
        return kept


def train(sentences: Sequence[Sentence], *, rounds: int = ROUNDS, seed: int = SEED) -> Tagger:
    """Train a tagger. The same sentences and seed give the same weights."""
    certain = _certain(sentences)
    model = Averager(sorted({tag for _, tags in sentences for tag in tags}))
    number = {tag: index for index, tag in enumerate(model.tags)}
    order, shuffle = list(sentences), random.Random(seed).shuffle
    for _ in range(rounds):
        shuffle(order)
        for words, tags in order:
            padded, before, last = [START, *words, END, END], START, START
            for index, (word, tag) in enumerate(zip(words, tags, strict=True)):
                guess = certain.get(word)
                if guess is None:
                    found = tuple(features(padded, index, before, last))
                    best = model.best(found)
                    model.learn(found, number[tag], best)
                    guess = model.tags[best]
                before, last = last, guess
    return Tagger(model.tags, model.averaged(), certain)


def _certain(sentences: Iterable[Sentence]) -> dict[str, str]:
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for words, tags in sentences:
        for word, tag in zip(words, tags, strict=True):
            counts[word][tag] += 1
    found = {}
    for word, by_tag in sorted(counts.items()):
        (tag, count), total = by_tag.most_common(1)[0], by_tag.total()
        if total >= OFTEN and count >= CERTAIN * total:
            found[word] = tag
    return found


def accuracy(tagger: Tagger, sentences: Iterable[Sentence]) -> float:
    """The share of words that get their tag."""
    right = total = 0
    for words, tags in sentences:
        right += sum(one == other for one, other in zip(tagger.tag(words), tags, strict=True))
        total += len(tags)
    return right / max(1, total)


def as_bytes(tagger: Tagger) -> bytes:
    """The weights as `load_tagger` reads them; equal weights give equal bytes."""
    flat = {feature: [value for pair in pairs for value in pair] for feature, pairs in tagger.weights.items()}
    whole = {"tags": tagger.tags, "weights": flat, "certain": tagger.certain}
    return gzip.compress(json.dumps(whole, sort_keys=True, separators=(",", ":")).encode(), mtime=0)


def main(train_file: str, dev_file: str, out: str) -> None:
    with gzip.open(train_file, "rt", encoding="utf-8") as lines:
        tagger = train(list(read_conllu(lines)))
    Path(out).write_bytes(as_bytes(tagger))
    with gzip.open(dev_file, "rt", encoding="utf-8") as lines:
        print(f"{len(tagger.weights)} features; right on {dev_file}: {accuracy(tagger, read_conllu(lines)):.4f}")


if __name__ == "__main__":
    main(*sys.argv[1:])
