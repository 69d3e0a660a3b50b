"""The pair classifier: a small network on what the encoder says of the words of a sentence. numpy, no torch.

States of a middle layer of the encoder, where words are still less bound to the labels of mentions than in the last, go
through one layer of attention that knows which words are mentions. Of a pair it takes both mentions and what stands
between, adds the hashed features (`relations_pairs`), and gives each type and direction a score; a pattern that fired adds
its own odds to that of its type. So all is weighed in one place, and calibrated together.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from dossier.components.relations_pairs import LABELS, Ids

FILE, CONFIG = "relations.npz", "relations.json"
HEADS = 4
REACH = 16  # words to either side whose distance attention tells apart
TAGS = len(LABELS) + 2  # none, the labels, any other
MOST_ROWS = 24  # sentences that go through at once
Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]
SHAPES = ("reduce", "attention", "out", "up", "down", "norm0", "norm1", "norm2", "join", "score")


class Case(NamedTuple):
    """A sentence: `rows` are the states of its topics, then of its words; `tags[i]` says which mention a row is of.

    Pair i joins the rows `[spans[i, 0], spans[i, 1])` and `[spans[i, 2], spans[i, 3])`; `spans[i, 4]` is where what stands
    between begins. `fired[i, k]` is how sure a pattern is of output k, 0 where none fired.
    """

    rows: Floats
    tags: Ints
    spans: Ints
    features: Sequence[Ids]
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
        order = sorted((n for n, case in enumerate(cases) if len(case.spans)), key=lambda n: len(cases[n].rows))
        for at in range(0, len(order), MOST_ROWS):
            some = order[at : at + MOST_ROWS]
            for n, scores in zip(some, self.scores([cases[n] for n in some]), strict=True):
                found[n] = 1 / (1 + np.exp(-np.clip(self.slope * scores + self.shift, -30, 30)))
        return found

    def scores(self, cases: Sequence[Case]) -> list[Floats]:
        """The scores before calibration of sentences that go through together."""
        seen = self._read(cases)
        hidden = np.concatenate([self._joined(seen[n], case) for n, case in enumerate(cases)])
        scores = _linear(self.weights, "score", np.maximum(hidden, 0))
        fired = np.concatenate([case.fired for case in cases])
        odds = np.log(np.clip(fired, 0.01, 0.99) / (1 - np.clip(fired, 0.01, 0.99)))
        scores = scores + (fired > 0) * (self.weights["fired"] + self.weights["odds"] * odds)
        bounds = np.cumsum([len(case.spans) for case in cases])[:-1]
        return list(np.split(scores.astype(np.float32), bounds))

    def _read(self, cases: Sequence[Case]) -> Floats:
        """The states of all rows after the layer of attention, filled up to the longest."""
        lengths = np.asarray([len(case.rows) for case in cases])
        longest = int(lengths.max())
        x = np.zeros((len(cases), longest, cases[0].rows.shape[1]), dtype=np.float32)
        tags = np.zeros((len(cases), longest), dtype=np.int64)
        for n, case in enumerate(cases):
            x[n, : lengths[n]], tags[n, : lengths[n]] = case.rows, case.tags
        w = self.weights
        x = _norm(w, "norm0", _linear(w, "reduce", x) + w["tags"][tags])
        count, width = len(cases), x.shape[2]
        q, k, v = _linear(w, "attention", x).reshape(count, longest, 3, HEADS, -1).transpose(2, 0, 3, 1, 4)
        near = np.clip(np.arange(longest)[None] - np.arange(longest)[:, None], -REACH, REACH) + REACH
        heat = q @ k.transpose(0, 1, 3, 2) / np.float32(np.sqrt(width / HEADS)) + w["near"][near].transpose(2, 0, 1)
        heat[np.broadcast_to((np.arange(longest)[None] >= lengths[:, None])[:, None, None], heat.shape)] = -1e4
        heat = np.exp(heat - heat.max(-1, keepdims=True))
        heat /= heat.sum(-1, keepdims=True)
        x = _norm(w, "norm1", x + _linear(w, "out", (heat @ v).transpose(0, 2, 1, 3).reshape(count, longest, width)))
        return _norm(w, "norm2", x + _linear(w, "down", np.maximum(_linear(w, "up", x), 0)))

    def _joined(self, rows: Floats, case: Case) -> Floats:
        """What is known of each pair of a sentence, before the last layer."""
        pooled = np.zeros((len(case.spans), 4, rows.shape[1]), dtype=np.float32)
        hashed = np.zeros((len(case.spans), self.weights["hashed"].shape[1]), dtype=np.float32)
        for n, (a, b, c, d, middle) in enumerate(case.spans.tolist()):
            pooled[n, 0], pooled[n, 1] = rows[a:b].max(0), rows[c:d].max(0)
            if middle < c:
                pooled[n, 2] = rows[middle:c].max(0)
            ids = case.features[n]
            hashed[n] = self.weights["hashed"][ids].sum(0) * np.float32(2 / np.sqrt(len(ids)))
        pooled[:, 3] = pooled[:, 0] * pooled[:, 1]
        return _linear(self.weights, "join", pooled.reshape(len(case.spans), -1)) + hashed


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
