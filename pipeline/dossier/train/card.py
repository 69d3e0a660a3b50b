"""The card of a model: `card.json` for programs, `README.md` for people."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dossier.model_files import CARD
from dossier.train.sources import Source


def data_rows(sources: Sequence[Source]) -> list[dict[str, Any]]:
    """What was learned from, by file."""
    return [
        {
            "name": source.name,
            "sha256": source.sha256,
            "records": len(source.records),
            "labels": sorted(set().union(*source.labels)) if source.labels else [],
            "labels_from": "what occurs in the file" if source.guessed else "meta.labels",
            "licence": ", ".join(source.licences),
        }
        for source in sources
    ]


def write_card(folder: Path, card: dict[str, Any]) -> None:
    """Write both forms into the folder of a model."""
    text = json.dumps(card, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    (folder / CARD).write_text(text, "utf-8")
    (folder / "README.md").write_text("\n".join(_page(card)) + "\n", "utf-8")


def _page(card: dict[str, Any]) -> list[str]:
    parent = card["parent"] or {"name": "nothing"}
    calibration = card["calibration"]
    return [
        f"# {card['name']}",
        "",
        f"Finds {', '.join(card['labels'])}. Trained on {card['made_at']} from {parent['name']}, seed {card['seed']}, with "
        f"dossier {card['dossier']}.",
        "",
        "## Scores on held-out documents",
        "",
        f"Strict spans; {card['split']['test']} documents that neither trained nor steered it. In brackets: 95 % by bootstrap.",
        "",
        "| label | F1 | precision | recall | marked |",
        "|---|---|---|---|---:|",
        *(_score_line(label, row) for label, row in card["scores"]["labels"].items()),
        _score_line("all", card["scores"]["micro"]),
        "",
        *_gain_lines(parent),
        f"Confidence: expected calibration error {calibration['ece']:.3f} on {calibration['mentions']} mentions "
        f"({calibration['ece_before']:.3f} before it was fitted on the dev part).",
        f"Speed: {card['speed']['words_per_cpu_second']:,} words per CPU second.",
        "",
        *_curve_lines(card.get("curve", [])),
        "## Data",
        "",
        f"{card['split']['train']} documents trained, {card['split']['dev']} steered (early stop, calibration), "
        f"{card['split']['test']} measured.",
        "",
        "| file | texts | labels | licence | sha256 |",
        "|---|---:|---|---|---|",
        *(f"| {d['name']} | {d['records']} | {', '.join(d['labels'])} | {d['licence']} | {d['sha256'][:16]} |"
          for d in card["data"]),
    ]  # fmt: skip


def _score_line(label: str, row: dict[str, Any]) -> str:
    return f"| {label} | {_f1(row)} | {row['p']:.3f} | {row['r']:.3f} | {row['support']} |"


def _f1(row: dict[str, Any]) -> str:
    return f"{row['f']:.3f} ({row['low']:.3f} to {row['high']:.3f})"


def _gain_lines(parent: dict[str, Any]) -> list[str]:
    if "gain" not in parent:
        return []
    gain = parent["gain"]
    interval = f"({gain['low']:+.3f} to {gain['high']:+.3f})"
    return [f"Against {parent['name']} on the labels that both know: {gain['f']:+.3f} F1 {interval}.", ""]


def _curve_lines(curve: list[dict[str, Any]]) -> list[str]:
    if not curve:
        return []
    rows = [f"| {row['share']:.0%} | {row['documents']} | {_f1(row)} |" for row in curve]
    return ["## Learning curve", "", "| of the data | documents | F1 |", "|---:|---:|---|", *rows, ""]
