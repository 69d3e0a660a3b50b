"""A model's folder: the encoder, its head, the sub-words, the card, and the digests of them all."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dossier.components.encoder import Head, write_head
from dossier.model_config import FILE as CONFIG
from dossier.model_files import CARD, built_whole, final_name
from dossier.train.encoder.data import SOURCES, digest, source_path
from dossier.train.loop import CONFIG_TEXT

if TYPE_CHECKING:
    from dossier.train.encoder.export import Weights


def write_model(models: Path, name: str, weights: Weights, head: Head, tokenizer: Path, card: dict[str, Any]) -> Path:
    """Write a model as the next version of `name`, whole or not at all. Returns its folder."""
    from dossier.train.encoder.export import write_onnx

    with built_whole(models, name) as folder:
        write_onnx(weights, folder / "encoder.onnx")
        write_head(folder, head)
        shutil.copyfile(tokenizer, folder / "tokenizer.json")
        write_about(folder, card)
    return models / final_name(folder)


def write_about(folder: Path, card: dict[str, Any]) -> None:
    """Write the config and the card, for programs and for people, into the folder of a model that is being built."""
    card = {"name": final_name(folder), **card}
    (folder / CONFIG).write_text(CONFIG_TEXT, encoding="utf-8")
    (folder / CARD).write_text(json.dumps(card, indent=1, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")
    (folder / "README.md").write_text("\n".join(_page(card)) + "\n", encoding="utf-8")


def _page(card: dict[str, Any]) -> list[str]:
    sets = card["scores"]["sets"]
    return [
        f"# {card['name']}",
        "",
        f"{card['model']}. Base: {card['base']}. Licence of the weights: {card['licence']}.",
        "",
        f"Labels: {', '.join(card['labels'])}. "
        + " ".join(f"{label}: {note}." for label, note in card["label_notes"].items()),
        "",
        "## Scores",
        "",
        f"{card['scores']['how']}.",
        "",
        "| set | F1 | 95 % |",
        "|---|---|---|",
        *(
            f"| {name} | {row['f1']:.1f} | {row['interval'][0]:.1f} to {row['interval'][1]:.1f} |"
            for name, row in sets.items()
        ),
        "",
        f"Confidence: expected calibration error {card['calibration']['ece']:.3f} ({card['calibration']['how']}).",
        "",
        "## Data",
        "",
        "| file | labels | licence | sha256 |",
        "|---|---|---|---|",
        *(f"| {d['file']} | {', '.join(d['labels'])} | {d['licence']} | {d['sha256'][:16]} |" for d in card["data"]),
        "",
        "Besides these, paragraphs of invented sentences (`configs/train_sentences.txt`, `configs/train_names.toml`).",
    ]


def describe_data(root: Path, names: list[str], splits: tuple[str, ...]) -> list[dict[str, Any]]:
    """What a model was trained on, file by file, with digests and licences."""
    licences = {
        "redocred": "annotations MIT; text Wikipedia, CC BY-SA 3.0",
        "re3d_named": "per source: US public domain, OGL 3.0, CC BY 3.0 AU, EU with acknowledgement, CC BY-SA 3.0",
        "wikigold": "CC BY 4.0",
        "uner_ewt": "CC BY-SA 4.0",
    }
    return [
        {
            "file": source_path(root, SOURCES[name], split).relative_to(root).as_posix(),
            "sha256": digest(source_path(root, SOURCES[name], split)),
            "labels": sorted(SOURCES[name].labels),
            "licence": licences.get(name, "annotations MIT; text Wikipedia, CC BY-SA 3.0"),
        }
        for name in names
        for split in splits
    ]
