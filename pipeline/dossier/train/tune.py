"""Train a head on states: thinc's linear layer and Adam, a CRF loss, and an early stop."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from dossier.components.encoder import Head
from dossier.components.tagging import tags_of, transitions_of
from dossier.train.crf import Batch, crf_loss, make_batch
from dossier.train.settings import Settings
from dossier.train.tags import Chain

AVERAGE = 0.95  # share of the old in the moving average of the weights, at each step
NEW_BIAS = -2.0  # of the tags of a label that the parent does not know: rare, until seen


@dataclass(slots=True)
class Best:
    """The best head so far, its score on the dev part, and the pass that made it."""

    head: Head
    score: float
    epoch: int


def fit_head(
    start: Head,
    chains: Sequence[Chain],
    measure: Callable[[Head], float],
    settings: Settings,
    *,
    seed: int,
    done: Callable[[int, float, float], None] = lambda epoch, loss, score: None,
) -> Best:
    """Train from `start` and return the head that scored best, `start` included.

    measure: higher is better; called after each pass. done: told the pass, its loss by word and its score.
    """
    rng = np.random.default_rng(seed)
    learner = _Learner(start, settings)
    best = Best(start, measure(start), 0)
    for epoch in range(1, settings.epochs + 1):
        losses = [learner.step(batch) for batch in _batches(chains, settings.batch, rng)]
        head = learner.head()
        score = measure(head)
        done(epoch, float(np.mean(losses)), score)
        if score > best.score:
            best = Best(head, score, epoch)
        elif epoch - best.epoch >= settings.patience:
            break
    return best


def mean_loss(head: Head, chains: Sequence[Chain]) -> float:
    """The loss of a head by word; lower is better."""
    if not chains:
        return 0.0
    batch = make_batch(chains)
    scores = batch.states @ head.weight + head.bias
    return crf_loss(scores, head.transitions, batch).value / len(scores)


class _Learner:
    """A head on its way: the weights of a linear layer and of the transitions, held near those it starts from."""

    def __init__(self, start: Head, settings: Settings) -> None:
        from thinc.api import Adam, Linear

        self.start = start
        self.forbidden = transitions_of(start.labels)
        self.moves = start.transitions - self.forbidden
        layer: Any = Linear(nO=start.weight.shape[1], nI=start.weight.shape[0])
        layer.set_param("W", np.ascontiguousarray(start.weight.T))
        layer.set_param("b", start.bias.copy())
        self.adam: Any = Adam(settings.rate, L2=0.0, grad_clip=1.0)
        self.pull = np.float32(settings.rate * settings.hold)
        self.layer = layer
        self.held = {name: layer.get_param(name).copy() for name in ("W", "b")} | {"moves": self.moves.copy()}
        self.mean = dict(self.held)
        self.steps = 0

    def step(self, batch: Batch) -> float:
        """Learn from a batch; returns the loss by word before it."""
        scores, backprop = self.layer.begin_update(batch.states)
        loss = crf_loss(scores, self.moves + self.forbidden, batch)
        words = np.float32(len(scores))
        backprop(loss.scores / words)
        self.layer.finish_update(self.adam)
        self.moves, _ = self.adam((0, "moves"), self.moves, loss.transitions / words)
        self.moves = np.where(self.forbidden < 0, np.float32(0), self.moves)
        for name in ("W", "b"):
            value = self.layer.get_param(name)
            value -= self.pull * (value - self.held[name])
        self.moves -= self.pull * (self.moves - self.held["moves"])
        self._average()
        return loss.value / float(words)

    def _average(self) -> None:
        self.steps += 1
        keep = np.float32(min(AVERAGE, self.steps / (self.steps + 9)))  # short at first, so that the start is forgotten
        now = {name: self.layer.get_param(name) for name in ("W", "b")} | {"moves": self.moves}
        self.mean = {name: keep * old + (1 - keep) * now[name] for name, old in self.mean.items()}

    def head(self) -> Head:
        """The head of now: the moving average of its last steps, which a few sentences throw about less."""
        weight = np.ascontiguousarray(self.mean["W"].T)
        return replace(self.start, weight=weight, bias=self.mean["b"], transitions=self.mean["moves"] + self.forbidden)


def _batches(chains: Sequence[Chain], size: int, rng: np.random.Generator) -> Iterator[Batch]:
    """Shuffled batches of chains of like length."""
    order = rng.permutation(len(chains))
    order = order[np.argsort([len(chains[i].states) + rng.random() * 4 for i in order], kind="stable")]
    groups = [order[at : at + size] for at in range(0, len(order), size)]
    for number in rng.permutation(len(groups)):
        yield make_batch([chains[i] for i in groups[number]])


def fit_labels(parent: Head | None, labels: Sequence[str], width: int) -> Head:
    """A head with columns for `labels`: those of the parent where it has them, new ones for the rest.

    Labels of the parent come first and all stay: a desk's own label is added to them.
    """
    known = parent.labels if parent is not None else ()
    every = (*known, *sorted(set(labels) - set(known)))
    tags = len(tags_of(every))
    weight, bias = np.zeros((width, tags), dtype=np.float32), np.full(tags, NEW_BIAS, dtype=np.float32)
    moves = np.zeros((tags, tags), dtype=np.float32)
    bias[0] = 0.0
    if parent is None:
        return Head(every, weight, bias, moves + transitions_of(every))
    old = len(tags_of(known))
    weight[:, :old], bias[:old] = parent.weight, parent.bias
    moves[:old, :old] = parent.transitions - transitions_of(known)
    return Head(every, weight, bias, moves + transitions_of(every), parent.slope, parent.shift)
