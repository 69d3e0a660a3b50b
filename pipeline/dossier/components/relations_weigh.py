"""What patterns found and what the pair classifier makes of it, weighed together: each relation with one confidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dossier.components.relations_config import Book
from dossier.components.relations_language import CLAUSE_END, ENDS
from dossier.components.relations_match import Match, find
from dossier.components.relations_net import Case, Floats, Network, read_network
from dossier.components.relations_pairs import BEFORE, BLOCK, LABELS, NO_TOPIC, Featurizer, Pair, Pairs, Topic
from dossier.components.relations_skeleton import Item, Token
from dossier.components.view import View
from dossier.normalize.names import fold
from dossier.schema import Signature

LEFT_OUT = frozenset(("alias_of",))  # found by the words that tell it, not by weighing pairs
MOST_TOPICS = 3
# by the guide two things cannot be at once of these types; nor of one type in both directions
EITHER = (("opposes", "allied_with"),)
OTHER_TAG = len(LABELS) + 1


class Sentence(NamedTuple):
    """The words `[first, last)` of a view with their items in order, and whom it may speak of where it does not say.

    `subject` is that of its block; `before` are the actors of the sentence before.
    """

    first: int
    last: int
    items: list[Item]
    subject: Item | None
    before: Sequence[Item] = ()


@dataclass(frozen=True, slots=True)
class Weigher:
    """Finds the relations of sentences; without a network, patterns alone. `featurizer` makes the pairs for the network."""

    book: Book
    network: Network | None
    featurizer: Featurizer

    @classmethod
    def of(cls, book: Book, folder: Path | None) -> Weigher:
        """folder: of a model with a pair classifier."""
        ends = [(a, b) for each in book.signatures.values() for a in each.subject for b in each.object]
        allowed = {pair for a, b in ends if a in LABELS and b in LABELS for pair in ((a, b), (b, a))}
        return cls(book, read_network(folder) if folder else None, Featurizer(book.openers, frozenset(allowed)))

    def weigh(
        self, view: View, states: Floats | None, sentences: Sequence[Sentence], least: float
    ) -> Iterator[list[Match]]:
        """The relations of each sentence, in order: what patterns find, and what the network is at least so sure of.

        states: of the words of the view.
        """
        tokens = [self.tokens(view, each) for each in sentences]
        found = [self.matches(view, *each) for each in zip(sentences, tokens, strict=True)]
        if self.network is None or states is None:
            yield from found
            return
        pairs: list[Sequence[Pair]] = []
        cases: list[Case] = []
        outputs = self.network.outputs  # a type that a workspace added is told by patterns alone
        for n, sentence in enumerate(sentences):
            topics = topics_of(view, sentence)
            made = self.pairs(view, sentence, tokens[n], topics)
            pairs.append(made.every)
            cases.append(case_of(states, sentence, topics, made, found[n], outputs, self.book.signatures))
        sure = self.network.probabilities(cases)
        for n, sentence in enumerate(sentences):
            asked = self._only_best(sure[n], least) | (cases[n].fired > 0)
            yield self._together(view, sentence, pairs[n], found[n], sure[n], asked)

    def tokens(self, view: View, sentence: Sentence) -> list[list[Token]]:
        """The words of a sentence as patterns and pairs read them, then those of its brackets."""
        return self.book.reducer.tokens(view, sentence.first, sentence.last, sentence.items)

    def matches(self, view: View, sentence: Sentence, tokens: Sequence[Sequence[Token]]) -> list[Match]:
        """What patterns find."""
        subject = sentence.subject
        if subject is not None:  # it stands for a mention elsewhere
            subject = subject._replace(first=sentence.first, last=sentence.first + 1, stands=True)
        return find(self.book, view, tokens, sentence.items, subject=subject)

    def pairs(
        self, view: View, sentence: Sentence, tokens: Sequence[Sequence[Token]], topics: Sequence[Topic]
    ) -> Pairs:
        block = view.block[sentence.first]
        heading = view.frame.headings[block] if block >= 0 else ""
        return self.featurizer.pairs(tokens, sentence.items, topics, heading, view.kind(sentence.first))

    def _only_best(self, sure: Floats, least: float) -> npt.NDArray[np.bool_]:
        """Which outputs are at least so sure, without those that a surer one of the same pair rules out."""
        assert self.network is not None
        asked: npt.NDArray[np.bool_] = sure >= least
        best: dict[tuple[int, str], tuple[float, int]] = {}
        for n, k in np.argwhere(asked).tolist():
            kind = self.network.outputs[k][0]
            group = n, next((group[0] for group in EITHER if kind in group), kind)
            known = best.get(group)
            if known is None or sure[n, k] > known[0]:
                best[group] = float(sure[n, k]), k
                k = -1 if known is None else known[1]
            if k >= 0:
                asked[n, k] = False
        return asked

    def _together(
        self,
        view: View,
        sentence: Sentence,
        pairs: Sequence[Pair],
        found: list[Match],
        sure: Floats,
        asked: npt.NDArray[np.bool_],
    ) -> list[Match]:
        """The matches, each as sure as the network is of it, and what that finds besides."""
        assert self.network is not None
        signatures = self.book.signatures
        by_key = {_key(match, signatures): n for n, match in enumerate(found)}
        made = list(found)
        for n, k in np.argwhere(asked).tolist():
            pair, (kind, turned) = pairs[n], self.network.outputs[k]
            first = pair.first
            if pair.topic >= 0:
                first = first._replace(first=sentence.first, last=sentence.first + 1)
            ends = (pair.second, first) if turned else (first, pair.second)
            signature = signatures.get(kind)
            if signature is None or not signature.allows(ends[0].label, ends[1].label) or ends[0].span == ends[1].span:
                continue
            one = Match(self.book.unsaid[kind], *ends, self._core(view, sentence, pair), round(float(sure[n, k]), 3))
            known = by_key.get(_key(one, signatures))
            if known is None:
                by_key[_key(one, signatures)] = len(made)
                made.append(one)
            else:
                made[known] = made[known]._replace(sure=max(one.sure, made[known].sure if known >= len(found) else 0.0))
        return made

    def _core(self, view: View, sentence: Sentence, pair: Pair) -> tuple[int, int]:
        """The words that say what a network found: from the last verb between the two, else the word before the second."""
        first = sentence.first if pair.topic >= 0 else pair.first.last
        marks = self.book.reducer.marks
        for at in range(pair.second.first - 1, first - 1, -1):
            word = view.words[at].casefold()
            if marks[word].startswith(CLAUSE_END) and marks[word] not in ENDS:
                return at, pair.second.first
        return max(first, pair.second.first - 1), pair.second.last


def outputs_of(signatures: Mapping[str, Signature]) -> tuple[tuple[str, int], ...]:
    """What a network scores: each type in both directions, a symmetric one in one."""
    return tuple(
        (kind, turned)
        for kind, signature in signatures.items()
        if kind not in LEFT_OUT
        for turned in ((0,) if signature.symmetric else (0, 1))
    )


def topics_of(view: View, sentence: Sentence) -> list[Topic]:
    """Whom a sentence may speak of without naming them, each once."""
    named = {fold(view.text[slice(*item.span)]) for item in sentence.items}
    found: list[Topic] = []
    for kind, item in ((BLOCK, sentence.subject), *((BEFORE, item) for item in sentence.before)):
        if item is not None and len(found) < MOST_TOPICS:
            words = fold(view.text[slice(*item.span)])
            if words not in named:
                named.add(words)
                found.append(Topic(item._replace(stands=True), kind))
    return found


def case_of(
    states: Floats, sentence: Sentence, topics: Sequence[Topic], pairs: Pairs, matches: Sequence[Match],
    outputs: Sequence[tuple[str, int]], signatures: Mapping[str, Signature],
) -> Case:  # fmt: skip
    """A sentence as the network reads it."""
    shift = len(topics) - sentence.first
    rows = [states[topic.item.first : max(topic.item.last, topic.item.first + 1)].max(0)[None] for topic in topics]
    tags = np.zeros(shift + sentence.last, dtype=np.int64)
    for number, topic in enumerate(topics):
        tags[number] = _tag(topic.item)
    for item in sentence.items:
        tags[item.first + shift : item.last + shift] = _tag(item)
    spans = np.zeros((len(pairs.every), 5), dtype=np.int64)
    fired = np.zeros((len(pairs.every), len(outputs)), dtype=np.float32)
    places: dict[tuple[str, object, object], list[int]] = {}
    for n, pair in enumerate(pairs.every):
        begin, end = pair.first.first + shift, pair.first.last + shift
        middle = end
        if pair.topic >= 0:
            begin, end, middle = pair.topic, pair.topic + 1, len(topics)
        spans[n] = begin, end, pair.second.first + shift, pair.second.last + shift, middle
        places.setdefault(_ends(pair.first, pair.second, pair.topic >= 0), []).append(n)
    column = {output: k for k, output in enumerate(outputs)}
    for match in matches:
        kind, symmetric = match.pattern.type, signatures[match.pattern.type].symmetric
        for turned, (one, other) in enumerate(((match.subject, match.object), (match.object, match.subject))):
            k = column.get((kind, 0 if symmetric else turned))
            if k is not None:
                for n in (*places.get(_ends(one, other, False), ()), *places.get(_ends(one, other, True), ())):
                    fired[n, k] = max(float(fired[n, k]), match.sure)
    inside = states[sentence.first : sentence.last]
    return Case(np.concatenate([*rows, inside]), tags, spans, pairs.ids, pairs.bounds, fired)


def _tag(item: Item) -> int:
    return LABELS.index(item.label) + 1 if item.label in LABELS else OTHER_TAG


def _ends(one: Item, other: Item, topic: bool) -> tuple[str, object, object]:
    """What tells a pair apart from others; a topic by what it names, for a match has it where the sentence begins."""
    return (BLOCK, one.span, other.first) if topic else (NO_TOPIC, one.first, other.first)


def _key(match: Match, signatures: Mapping[str, Signature]) -> tuple[str, object, object]:
    """One relation of a sentence, whoever found it."""
    kind, one, other = match.pattern.type, match.subject, match.object
    if signatures[kind].symmetric and (other.first, other.span) < (one.first, one.span):
        one, other = other, one
    return kind, (one.span, not one.stands and one.first), (other.span, not other.stands and other.first)
