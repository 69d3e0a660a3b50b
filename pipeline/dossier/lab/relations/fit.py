"""Fits the pair classifier to examples; the mean of its weights over the last steps is what is kept."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits

from dossier.components.relations_net import Floats
from dossier.lab.relations.examples import Example
from dossier.lab.relations.network import Network, Shape, batch_of

WARM = 50  # steps


class Recipe(NamedTuple):
    """How to train.

    `public`: the weight of the public sets' pairs; `others`: of their own types; `pairs`: in a batch; `keep`: of the mean;
    `silent`: the share of sentences for which no pattern fires, so that what patterns say is learned from the words too.
    """

    epochs: int = 6
    rate: float = 1e-3
    decay: float = 0.01
    public: float = 0.5
    others: float = 0.3
    pairs: int = 96
    silent: float = 0.5
    keep: float = 0.995
    layer: int = 4
    shape: Shape = Shape()


def fit(
    examples: Sequence[Example], recipe: Recipe, seed: int = 0, start: Mapping[str, Floats] | None = None
) -> Network:
    """Train a network. The result depends on examples, recipe, seed and start alone.

    start: weights of another network to begin with; those of its scores are left out.
    """
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    rng = np.random.default_rng(seed)
    names = {name: n for n, name in enumerate(sorted({x for e in examples for o in e.others for s in o for x in s}))}
    states, outputs = examples[0].case.rows.shape[1], examples[0].wanted.shape[1]
    network = Network(states, outputs, 2 * len(names), recipe.shape)
    if start is not None:
        network.begin_with(start)
    mean = {name: value.clone() for name, value in network.state_dict().items()}
    optimizer = torch.optim.AdamW(network.parameters(), lr=recipe.rate, weight_decay=recipe.decay, fused=True)
    steps, total = 0, recipe.epochs * len(_batches(examples, recipe.pairs, rng))
    for _ in range(recipe.epochs):
        for batch in _batches(examples, recipe.pairs, rng):
            for group in optimizer.param_groups:
                group["lr"] = recipe.rate * min(1.0, (steps + 1) / WARM) * max(0.02, 1 - steps / total)
            loss = _loss(network, [_silenced(e) if rng.random() < recipe.silent else e for e in batch], names, recipe)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            steps += 1
            keep = min(recipe.keep, steps / (steps + 10))
            with torch.no_grad():
                for name, value in network.state_dict().items():
                    mean[name].mul_(keep).add_(value, alpha=1 - keep)
    network.load_state_dict(mean)
    network.eval()
    return network


def _silenced(example: Example) -> Example:
    return example._replace(case=example.case._replace(fired=np.zeros_like(example.case.fired)))


def _loss(network: Network, batch: Sequence[Example], names: dict[str, int], recipe: Recipe) -> Tensor:
    scores, others = network(batch_of([example.case for example in batch]))
    wanted = torch.from_numpy(np.concatenate([example.wanted for example in batch])).float()
    weight = np.concatenate([example.ruled * (1.0 if example.public is False else recipe.public) for example in batch])
    found = (binary_cross_entropy_with_logits(scores, wanted, reduction="none") * torch.from_numpy(weight)).sum()
    if names and recipe.others:
        told = torch.zeros(others.shape)
        ruled = torch.zeros(len(others), 1)
        row = 0
        for example in batch:
            for one, turned in example.others:
                ruled[row] = float(example.public)
                for name in one:
                    told[row, names[name]] = 1.0
                for name in turned:
                    told[row, len(names) + names[name]] = 1.0
                row += 1
        found = found + recipe.others * (binary_cross_entropy_with_logits(others, told, reduction="none") * ruled).sum()
    return found / len(scores)


def _batches(examples: Sequence[Example], pairs: int, rng: np.random.Generator) -> list[list[Example]]:
    """The examples in batches of sentences of about one length, in random order."""
    order = np.argsort([len(example.case.rows) // 10 + rng.random() * 3 for example in examples])
    found: list[list[Example]] = [[]]
    count = 0
    for n in order:
        if count >= pairs:
            found.append([])
            count = 0
        found[-1].append(examples[n])
        count += len(examples[n].ends)
    return [found[n] for n in rng.permutation(len(found))]


def score(network: Network, examples: Sequence[Example], size: int = 32) -> list[Floats]:
    """The scores of every pair of every example."""
    found: list[Floats] = [np.zeros(0, dtype=np.float32)] * len(examples)
    order = sorted(range(len(examples)), key=lambda n: len(examples[n].case.rows))
    with torch.no_grad():
        for at in range(0, len(order), size):
            some = order[at : at + size]
            scores = network(batch_of([examples[n].case for n in some]))[0].numpy()
            bounds = np.cumsum([len(examples[n].ends) for n in some])[:-1]
            for n, each in zip(some, np.split(scores, bounds), strict=True):
                found[n] = each
    return found


def calibrate(scores: Floats, right: Floats) -> tuple[float, float]:
    """Slope and shift of a sigmoid that makes scores probabilities, by Newton's method on the log loss."""
    slope, shift = 1.0, 0.0
    for _ in range(50):
        p = 1 / (1 + np.exp(-np.clip(slope * scores + shift, -30, 30)))
        error, spread = p - right, np.maximum(p * (1 - p), 1e-9)
        gradient = np.asarray([(error * scores).sum(), error.sum()])
        a, b, c = (spread * scores * scores).sum(), (spread * scores).sum(), spread.sum()
        step = np.linalg.solve(np.asarray([[a, b], [b, c]]) + np.eye(2) * 1e-6, gradient)
        slope, shift = slope - float(step[0]), shift - float(step[1])
        if math.hypot(*step) < 1e-7:
            break
    return slope, shift
