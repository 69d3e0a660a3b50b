"""The pair classifier: a small network on what the encoder says of the words of a sentence. numpy, no torch.

States of a middle layer of the encoder, where words are still less bound to the labels of mentions than in the last, go
through one layer of attention that knows which words are mentions. Of a pair it takes both mentions and what stands
between, adds the hashed features (`relations_pairs`), and gives each type and direction a score; a pattern that fired adds
its own odds to that of its type. So all is weighed in one place, and calibrated together.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from dossier.components.relations_pairs import LABELS, Ids

FILE, CONFIG = "relations.npz", "relations.json"
HEADS = 4
LOOKS = 2  # at the sentence, by each pair
REACH = 16  # words to either side whose distance attention tells apart
TAGS = len(LABELS) + 2  # none, the labels, any other
MOST_ROWS = 1500  # of the sentences that go through at once; states that stay near the processor
Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]


class Case(NamedTuple):
    """A sentence: `rows` are the states of its topics, then of its words; `tags[i]` says which mention a row is of.

    Pair i joins the rows `[spans[i, 0], spans[i, 1])` and `[spans[i, 2], spans[i, 3])`; `spans[i, 4]` is where what stands
    between begins; its features are `ids[bounds[i] : bounds[i + 1]]`. `fired[i, k]` is how sure a pattern is of output k,
    0 where none fired.
    """

    rows: Floats
    tags: Ints
    spans: Ints
    ids: Ids
    bounds: Ints
    fired: Floats


@dataclass(frozen=True, slots=True)
class Network:
    """`outputs[k]`: the type and direction of a score, 0 where the first of the pair is the subject. `layer`: the encoder's
    layer whose states it reads. A probability is `sigmoid(slope * score + shift)`."""

    outputs: tuple[tuple[str, int], ...]
    layer: int
    slope: float
    shift: float
    weights: Mapping[str, Floats]

    def probabilities(self, cases: Sequence[Case]) -> list[Floats]:
        """Of each case, of each of its pairs, that of every output."""
        found: list[Floats] = [np.zeros((0, len(self.outputs)), dtype=np.float32)] * len(cases)
        for some in _batches([n for n, case in enumerate(cases) if len(case.spans)], cases):
            for n, scores in zip(some, self.scores([cases[n] for n in some]), strict=True):
                found[n] = 1 / (1 + np.exp(-np.clip(self.slope * scores + self.shift, -30, 30)))
        return found

    def scores(self, cases: Sequence[Case]) -> list[Floats]:
        """The scores before calibration of sentences that go through together, each with a pair."""
        hidden = np.concatenate([self._pooled(*each) for each in zip(*self._read(cases), cases, strict=True)])
        hashed = np.concatenate([self._hashed(case) for case in cases])
        scores = _linear(self.weights, "score", np.maximum(_linear(self.weights, "join", hidden) + hashed, 0))
        fired = np.concatenate([case.fired for case in cases])
        odds = np.log(np.clip(fired, 0.01, 0.99) / (1 - np.clip(fired, 0.01, 0.99)))
        scores = scores + (fired > 0) * (self.weights["fired"] + self.weights["odds"] * odds)
        bounds = np.cumsum([len(case.spans) for case in cases])[:-1]
        return list(np.split(scores.astype(np.float32), bounds))

    def _read(self, cases: Sequence[Case]) -> tuple[list[Floats], list[Floats]]:
        """The states of each sentence after the layer of attention, and what they answer to pairs that ask.

        The rows of all sentences lie one after another, so that products are large and nothing is filled up.
        """
        w = self.weights
        x = _linear(w, "reduce", np.concatenate([case.rows for case in cases]))
        x = _norm(w, "norm0", x + w["tags"][np.concatenate([case.tags for case in cases])])
        width = x.shape[1]
        sums = _linear(w, "attention", x)
        sums[:, :width] *= np.float32(1 / np.sqrt(width / HEADS))
        seen = []
        bounds = np.cumsum([len(case.rows) for case in cases])
        near = _near(w["near"], max(len(case.rows) for case in cases))
        for rows in np.split(sums, bounds[:-1]):
            q, k, v = rows.reshape(len(rows), 3, HEADS, -1).transpose(1, 2, 0, 3)
            heat = _softmax(q @ k.transpose(0, 2, 1) + near[:, : len(rows), : len(rows)])
            seen.append((heat @ v).transpose(1, 0, 2))
        x = _norm(w, "norm1", x + _linear(w, "out", np.concatenate(seen).reshape(len(x), width)))
        x = _norm(w, "norm2", x + _linear(w, "down", np.maximum(_linear(w, "up", x), 0)))
        answers = _linear(w, "answer", x) * np.float32(1 / np.sqrt(width // HEADS))
        return np.split(x, bounds[:-1]), np.split(answers, bounds[:-1])

    def _pooled(self, rows: Floats, answers: Floats, case: Case) -> Floats:
        """Both mentions of each pair of a sentence, what stands between, the product of the two, and what they ask for."""
        count, width = len(case.spans), rows.shape[1]
        pooled = np.zeros((count, 4 + LOOKS, width), dtype=np.float32)
        known: dict[tuple[int, int], Floats] = {}  # a mention is in many pairs
        for n, (a, b, c, d, middle) in enumerate(case.spans.tolist()):
            for at, (first, last) in enumerate(((a, b), (c, d), (middle, c))):
                if first < last:
                    if (first, last) not in known:
                        known[first, last] = np.maximum.reduce(rows[first:last])
                    pooled[n, at] = known[first, last]
        np.multiply(pooled[:, 0], pooled[:, 1], out=pooled[:, 3])
        asked = _linear(self.weights, "ask", pooled[:, :2].reshape(count, -1)).reshape(count, LOOKS, -1)
        heat = asked.transpose(1, 0, 2) @ answers.reshape(len(rows), LOOKS, -1).transpose(1, 2, 0)
        pooled[:, 4:] = (_softmax(heat) @ rows).transpose(1, 0, 2)
        return pooled.reshape(count, -1)

    def _hashed(self, case: Case) -> Floats:
        """The sum of each pair's features."""
        rows = self.weights["hashed"].take(case.ids, axis=0)
        bounds = case.bounds.tolist()
        share = np.repeat(np.float32(2) / np.sqrt(np.diff(case.bounds)), np.diff(case.bounds)).astype(np.float32)
        return np.stack([share[a:b] @ rows[a:b] for a, b in pairwise(bounds)])


def _batches(numbers: Sequence[int], cases: Sequence[Case]) -> Iterator[list[int]]:
    """Sentences that go through together: as many as have MOST_ROWS rows."""
    some: list[int] = []
    rows = 0
    for n in numbers:
        some.append(n)
        rows += len(cases[n].rows)
        if rows >= MOST_ROWS:
            yield some
            some, rows = [], 0
    if some:
        yield some


def _softmax(heat: Floats) -> Floats:
    heat = np.exp(heat - heat.max(-1, keepdims=True))
    made: Floats = heat / heat.sum(-1, keepdims=True)
    return made


def _near(table: Floats, rows: int) -> Floats:
    """What distance adds to the heat of each head."""
    distance = np.clip(np.arange(rows)[None] - np.arange(rows)[:, None], -REACH, REACH) + REACH
    found: Floats = table[distance].transpose(2, 0, 1)
    return found


def _linear(weights: Mapping[str, Floats], name: str, x: Floats) -> Floats:
    made: Floats = x @ weights[f"{name}.weight"] + weights[f"{name}.bias"]
    return made


def _norm(weights: Mapping[str, Floats], name: str, x: Floats) -> Floats:
    x = x - x.mean(-1, keepdims=True)
    x = x / np.sqrt((x * x).mean(-1, keepdims=True) + 1e-5)
    made: Floats = x * weights[f"{name}.weight"] + weights[f"{name}.bias"]
    return made


# ------------------------------------------------------------------ files


def has_network(folder: Path) -> bool:
    """Whether a model's folder has a pair classifier."""
    return (folder / CONFIG).is_file()


def read_layer(folder: Path) -> int | None:
    """The layer of the encoder that a model's pair classifier reads; None where it has no classifier."""
    return int(_config(folder)["layer"]) if has_network(folder) else None


def _config(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / CONFIG).read_text("utf-8"))
    return found


def read_network(folder: Path) -> Network:
    """Read `relations.npz` and `relations.json` of a model."""
    config = _config(folder)
    with np.load(folder / FILE, allow_pickle=False) as arrays:
        weights = {name: arrays[name].astype(np.float32) for name in arrays.files if not name.endswith(".scale")}
        for name in arrays.files:
            if name.endswith(".scale"):
                weights[name.removesuffix(".scale")] *= arrays[name].astype(np.float32)
    outputs = tuple((str(kind), int(direction)) for kind, direction in config["outputs"])
    if weights["score.bias"].shape != (len(outputs),):
        raise ValueError(f"{folder / FILE} has {weights['score.bias'].shape} scores; {CONFIG} names {len(outputs)}")
    return Network(outputs, int(config["layer"]), float(config["slope"]), float(config["shift"]), weights)


def write_network(folder: Path, network: Network, **notes: Any) -> None:
    """Write a network: the table of features in eighths of a byte's range, the rest in half precision."""
    arrays: dict[str, npt.NDArray[Any]] = {name: value.astype(np.float16) for name, value in network.weights.items()}
    table = network.weights["hashed"]
    scale = np.maximum(np.abs(table).max(0, keepdims=True), 1e-8) / 127
    arrays["hashed"] = np.round(table / scale).astype(np.int8)
    arrays["hashed.scale"] = scale.astype(np.float32)
    np.savez_compressed(folder / FILE, **arrays)  # type: ignore[arg-type]
    config = {
        **notes, "outputs": [list(each) for each in network.outputs], "layer": network.layer,
        "slope": round(network.slope, 4), "shift": round(network.shift, 4),
    }  # fmt: skip
    (folder / CONFIG).write_text(json.dumps(config, indent=1, sort_keys=True) + "\n", "utf-8")
