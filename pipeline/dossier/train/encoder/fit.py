"""Fine-tune the encoder: marked texts in, weights out. The only part of dossier, with `network`, that needs torch."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import torch
from torch import Tensor

from dossier.components.tagging import NEVER, tags_of, transitions_of
from dossier.components.wordpieces import WordPieces, cut_windows
from dossier.train.encoder.augment import Augmenter
from dossier.train.encoder.data import LABELS, Marked, Words, cut_words
from dossier.train.encoder.network import Network, base_folder, layer_of, load_base


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a training goes. The defaults are the plain recipe of `findings.md`."""

    labels: tuple[str, ...] = LABELS
    seed: int = 0
    epochs: int = 4
    batch: int = 32
    rate: float = 1e-4
    head_rate: float = 1e-3
    warmup: float = 0.0  # share of the steps
    decay: bool = True  # linear, to nothing
    layer_decay: float = 1.0  # factor of the rate from one layer to the one below
    weight_decay: float = 0.01
    dropout: float = 0.1
    shapes: bool = False
    crf: bool = False
    average: float = 0.0  # of weights: decay of the moving average, 0 for none
    smooth: float = 0.0
    augment: dict[str, float] = field(default_factory=dict)


class Example(NamedTuple):
    """A window: ids and shapes with [CLS] and [SEP], the position of each word, the tags that each may have (bits)."""

    ids: list[int]
    shapes: list[int]
    positions: list[int]
    allowed: list[int]


def examples_of(text: Words, pieces: WordPieces) -> Iterator[Example]:
    cut = pieces.cut(text.words)
    place = {word: i for i, word in enumerate(cut.words)}
    for window in cut_windows(cut.first, [place[b] for b in text.breaks if b in place]):
        low, high = cut.first[window.start], cut.first[window.end]
        shapes = [0]
        for i in range(window.start, window.end):
            shapes.extend([1 + cut.shapes[i]] * (cut.first[i + 1] - cut.first[i]))
        yield Example(
            ids=[pieces.cls, *cut.ids[low:high], pieces.sep],
            shapes=[*shapes, 0],
            positions=[1 + cut.first[i] - low for i in range(window.start, window.end)],
            allowed=[text.allowed[cut.words[i]] for i in range(window.start, window.end)],
        )


class Batch(NamedTuple):
    ids: Tensor
    shapes: Tensor
    mask: Tensor
    positions: Tensor
    allowed: Tensor  # rows, words, tags: 0 where a tag is possible, NEVER where not; all 0 for padding


def collate(examples: Sequence[Example], tags: int) -> Batch:
    rows, length = len(examples), max(len(e.ids) for e in examples)
    width = max(len(e.positions) for e in examples)
    ids, shapes = torch.zeros(rows, length, dtype=torch.long), torch.zeros(rows, length, dtype=torch.long)
    mask = torch.zeros(rows, length, dtype=torch.bool)
    positions = torch.zeros(rows, width, dtype=torch.long)
    bits = torch.full((rows, width), (1 << tags) - 1, dtype=torch.long)
    for row, example in enumerate(examples):
        n, w = len(example.ids), len(example.positions)
        ids[row, :n] = torch.tensor(example.ids)
        shapes[row, :n] = torch.tensor(example.shapes)
        mask[row, :n] = True
        positions[row, :w] = torch.tensor(example.positions)
        bits[row, :w] = torch.tensor(example.allowed)
    possible = (bits[:, :, None] >> torch.arange(tags)) & 1
    return Batch(ids, shapes, mask, positions, (1 - possible).float() * NEVER)


def scores_of(network: Network, batch: Batch) -> Tensor:
    states = network(batch.ids, batch.shapes, batch.mask)
    at = batch.positions[:, :, None].expand(-1, -1, states.shape[2])
    scores: Tensor = network.head(states.gather(1, at)).float()
    return scores


def loss_by_word(scores: Tensor, allowed: Tensor, smooth: float = 0.0) -> Tensor:
    """Minus the log of the summed probability of the possible tags, over the words that say anything."""
    told = (allowed < 0).any(dim=2)
    logp = scores.log_softmax(dim=2)
    loss = -(logp + allowed).logsumexp(dim=2)
    if smooth:
        loss = (1 - smooth) * loss - smooth * logp.mean(dim=2)
    return loss[told].mean()


def loss_by_path(scores: Tensor, allowed: Tensor, transitions: Tensor) -> Tensor:
    """The same over whole paths: a linear-chain CRF whose transitions are learned."""
    told = (allowed < 0).any(dim=2)
    both = torch.cat([scores + allowed, scores])
    total = both[:, 0]
    for t in range(1, both.shape[1]):
        step = (total[:, :, None] + transitions).logsumexp(dim=1) + both[:, t]
        # padding is all possible in both halves, so that it adds the same to both
        total = step
    ours, every = total.logsumexp(dim=1).chunk(2)
    return (every - ours).sum() / told.sum()


def train(
    records: Sequence[Marked],
    recipe: Recipe,
    *,
    extra: Callable[[random.Random], list[Marked]] = lambda rng: [],
    report: Callable[[str], None] = print,
) -> tuple[Network, dict[str, Tensor]]:
    """Fine-tune on marked texts; `extra` gives each epoch's further texts. Returns the network and its mean weights."""
    torch.manual_seed(recipe.seed)
    rng = random.Random(recipe.seed)
    tags = tags_of(recipe.labels)
    network = Network(len(tags), dropout=recipe.dropout, shapes=recipe.shapes)
    load_base(network, base_folder() / "model.safetensors")
    pieces = WordPieces(base_folder() / "tokenizer.json")
    augment = Augmenter(recipe.augment, records, seed=recipe.seed)
    optimizer = make_optimizer(network, recipe)
    rates = [group["lr"] for group in optimizer.param_groups]
    mean = {name: p.detach().clone() for name, p in network.named_parameters()} if recipe.average else {}
    fixed = torch.from_numpy(transitions_of(recipe.labels))
    steps, step = 0, 0
    network.train()
    for epoch in range(recipe.epochs):
        began, summed = time.perf_counter(), 0.0
        texts = [augment.change(record, rng) for record in records] + extra(rng)
        examples = [e for record in texts for e in examples_of(cut_words(record, recipe.labels), pieces)]
        examples = [augment.change_shapes(e, rng) for e in examples]
        batches = make_batches(examples, recipe.batch, rng)
        steps = steps or recipe.epochs * len(batches)
        for chosen in batches:
            factor = rate_factor(min(1.0, step / steps), recipe)
            for group, rate in zip(optimizer.param_groups, rates, strict=True):
                group["lr"] = rate * factor
            batch = collate(chosen, len(tags))
            with torch.autocast("cpu", dtype=torch.bfloat16):
                scores = scores_of(network, batch)
            if recipe.crf:
                loss = loss_by_path(scores, batch.allowed, network.transitions + fixed)
            else:
                loss = loss_by_word(scores, batch.allowed, recipe.smooth)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            step += 1
            summed += loss.item()
            for name, p in network.named_parameters() if recipe.average else ():
                mean[name].lerp_(p.detach(), 1 - min(recipe.average, (1 + step) / (10 + step)))
        report(
            f"epoch {epoch + 1}: loss {summed / len(batches):.4f}, {len(batches)} steps, {time.perf_counter() - began:.0f} s"
        )
    return network.eval(), mean


def rate_factor(share: float, recipe: Recipe) -> float:
    if share < recipe.warmup:
        return share / recipe.warmup
    return (1 - share) / (1 - recipe.warmup) if recipe.decay else 1.0


def make_optimizer(network: Network, recipe: Recipe) -> torch.optim.Optimizer:
    """AdamW; the head learns at its own rate, lower layers slower by `layer_decay`; no decay for biases and norms."""
    groups = []
    for name, parameter in network.named_parameters():
        layer = layer_of(name)
        top = layer > len(network.layers)
        rate = recipe.head_rate if top else recipe.rate * recipe.layer_decay ** (len(network.layers) - layer)
        if name == "shapes.weight":
            rate = recipe.head_rate
        decay = recipe.weight_decay if parameter.dim() > 1 else 0.0
        groups.append({"params": [parameter], "lr": rate, "weight_decay": decay})
    return torch.optim.AdamW(groups, fused=True)


def make_batches(examples: Sequence[Example], size: int, rng: random.Random) -> list[list[Example]]:
    """Batches of examples of like length, in random order."""
    mixed = list(examples)
    rng.shuffle(mixed)
    pool = size * 16
    batches = []
    for start in range(0, len(mixed), pool):
        part = sorted(mixed[start : start + pool], key=lambda e: len(e.ids))
        batches += [part[i : i + size] for i in range(0, len(part), size)]
    rng.shuffle(batches)
    return batches
