"""One training: read, split, encode once, fit, calibrate, measure, write. The model in use is never touched."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from dossier import __version__
from dossier.components.encoder import Head, read_head, write_head
from dossier.errors import UsageError
from dossier.gold import GoldRecord, text_digest
from dossier.model_config import FILE as CONFIG
from dossier.model_files import MANIFEST, TELLING, built_whole, final_name, read_manifest
from dossier.models import ModelRef, check_model, read_card
from dossier.store.db import now
from dossier.train.calibrate import calibrate, calibration_row
from dossier.train.card import data_rows, write_card
from dossier.train.measure import gain, score_rows, tally
from dossier.train.settings import Settings
from dossier.train.sources import Source, join
from dossier.train.split import Split, split
from dossier.train.states import Encoder, ModelEncoder, Text, encode_all
from dossier.train.tags import chains_of
from dossier.train.tune import fit_head, fit_labels, mean_loss

# of a dev score, beside F1: while a new label is still found nowhere, only the loss tells one pass from the next
LOSS_COUNTS = 0.2
HEAD_FILES = frozenset(("head.npz", "head.json"))
CONFIG_TEXT = """\
[nlp]
lang = "en"
pipeline = ["encoder"]

[nlp.tokenizer]
@tokenizers = "dossier.Tokenizer.v1"

[components]

[components.encoder]
factory = "dossier_encoder"
"""
Report = Callable[[str, int, int, str], None]  # stage, done, of how many, what


@dataclass(frozen=True, slots=True)
class Base:
    """What a training starts from: an encoder, which stays as it is, and perhaps a head."""

    encoder: Encoder
    head: Head | None = None
    name: str = ""
    digest: str = ""
    folder: Path | None = None
    seen: frozenset[str] = frozenset()  # text digests that it was trained on


@dataclass(slots=True)
class Parts:
    """The encoded texts, by what they are for."""

    train: list[Text] = field(default_factory=list)
    dev: list[Text] = field(default_factory=list)
    test: list[Text] = field(default_factory=list)


def load_base(model: ModelRef) -> Base:
    """Open a model to train from. Raises UsageError for `rules`, which has no encoder."""
    if model.folder is None:
        raise UsageError(f"{model.name!r} has no encoder to train on; name a model with --from (dossier models list)")
    check_model(model)
    seen = frozenset(read_card(model).get("train_texts", ()))
    return Base(ModelEncoder(model.folder), read_head(model.folder), model.name, model.digest, model.folder, seen)


def train(
    models: Path,
    base: Base,
    sources: Sequence[Source],
    settings: Settings,
    *,
    name: str = "desk",
    seed: int = 0,
    curve: bool = False,
    taken: frozenset[str] = frozenset(),
    report: Report = lambda stage, done, total, what: None,
) -> tuple[str, dict[str, Any]]:
    """Train a head and write `models/NAME-VERSION`. Returns its name and its card.

    taken: names of models elsewhere, whose versions are not used again.
    """
    records = join(sources)
    parts = split([r for r, _ in records], seed=seed, dev=settings.dev, test=settings.test, seen=base.seen)
    with built_whole(models, name, taken=taken) as folder:
        began = time.process_time()
        texts = _encode(records, base.encoder, report)
        seconds = time.process_time() - began
        chosen = Parts(*([texts[n] for n in part] for part in (parts.train, parts.dev, parts.test)))
        head, tried = _fit(base, chosen, settings, seed, report)
        card = {
            "name": final_name(folder),
            **_about(base, head, settings, seed),
            **_measured(base, head, chosen, settings, seed),
            "data": data_rows(sources),
            "split": {part: len(getattr(parts, part)) for part in ("train", "dev", "test")},
            "training": tried,
            "train_texts": _learned(base, records, parts),
            "speed": _speed(head, texts, seconds),
        }
        if curve:
            card["curve"] = [
                *_curve(base, chosen, settings, seed, report),
                _curve_row(1.0, chosen, card["scores"]["micro"]),
            ]
        _write(folder, base, head, card)
    return str(card["name"]), card


def _encode(records: Sequence[tuple[GoldRecord, frozenset[str]]], encoder: Encoder, report: Report) -> list[Text]:
    done = 0

    def tell(what: str) -> None:
        nonlocal done
        done += 1
        report("encode", done, len(records), what)

    return list(encode_all(records, encoder, tell))


def _fit(
    base: Base, parts: Parts, settings: Settings, seed: int, report: Report, stage: str = "train"
) -> tuple[Head, dict[str, Any]]:
    labels = sorted(set().union(*(text.labels for text in parts.train)))
    start = fit_labels(base.head, labels, parts.train[0].states.shape[1])
    chains = [chain for text in parts.train for chain in chains_of(text, start.labels)]
    if not chains:
        raise UsageError("the documents to train on mark nothing; review more, or add some with --data")

    def tell(epoch: int, loss: float, score: float) -> None:
        report(stage, epoch, settings.epochs, f"loss {loss:.4f}, dev score {score:.3f}")

    steering = [chain for text in parts.dev for chain in chains_of(text, start.labels)]

    def measure(head: Head) -> float:
        return tally(head, parts.dev).micro - LOSS_COUNTS * mean_loss(head, steering)

    best = fit_head(start, chains, measure, settings, seed=seed, done=tell)
    found = tally(best.head, parts.dev)
    tried = {"epoch": best.epoch, "dev_f": round(found.micro, 4), "sentences": len(chains)}
    return calibrate(best.head, found.found), tried


def _about(base: Base, head: Head, settings: Settings, seed: int) -> dict[str, Any]:
    return {
        "format": 1,
        "kind": "mentions",
        "dossier": __version__,
        "made_at": now(),
        "labels": list(head.labels),
        "seed": seed,
        "config": asdict(settings),
    }


def _measured(base: Base, head: Head, parts: Parts, settings: Settings, seed: int) -> dict[str, Any]:
    found = tally(head, parts.test)
    parent: dict[str, Any] | None = {"name": base.name, "digest": base.digest} if base.name else None
    if parent is not None and base.head is not None:
        shared = base.head.labels
        new, old = tally(head, parts.test, shared), tally(base.head, parts.test, shared)
        parent["gain"] = gain(new, old, draws=settings.draws, seed=seed)
        parent["scores"] = score_rows(old, draws=settings.draws, seed=seed)["micro"]
    return {
        "scores": score_rows(found, draws=settings.draws, seed=seed),
        "calibration": calibration_row(head, found.found),
        "parent": parent,
    }


def _learned(base: Base, records: Sequence[tuple[GoldRecord, frozenset[str]]], parts: Split) -> list[str]:
    """Digests of every text that had a say in this model, or in those it came from."""
    own = {text_digest(records[n][0].text) for n in (*parts.train, *parts.dev)}
    return sorted(own | base.seen)


def _speed(head: Head, texts: Sequence[Text], encoding: float) -> dict[str, int]:
    began = time.process_time()
    tally(head, texts)
    seconds = encoding + time.process_time() - began
    words = sum(len(text.offsets) for text in texts)
    return {"words": words, "words_per_cpu_second": round(words / max(seconds, 1e-6))}


def _curve(base: Base, parts: Parts, settings: Settings, seed: int, report: Report) -> list[dict[str, Any]]:
    rows = []
    for share in settings.shares:
        some = Parts(parts.train[: max(1, round(share * len(parts.train)))], parts.dev, parts.test)
        head, _ = _fit(base, some, settings, seed, report, f"{share:.0%}")
        scores = score_rows(tally(head, parts.test), draws=settings.draws, seed=seed)
        rows.append(_curve_row(share, some, scores["micro"]))
    return rows


def _curve_row(share: float, parts: Parts, micro: dict[str, Any]) -> dict[str, Any]:
    return {"share": share, "documents": len(parts.train), **{name: micro[name] for name in ("f", "low", "high")}}


def _write(folder: Path, base: Base, head: Head, card: dict[str, Any]) -> None:
    if base.folder is not None:
        for name in sorted(set(read_manifest(base.folder).files) - TELLING - HEAD_FILES - {CONFIG, MANIFEST}):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(base.folder / name, folder / name)
    write_head(folder, head)
    (folder / CONFIG).write_text(CONFIG_TEXT, "utf-8")
    write_card(folder, card)
