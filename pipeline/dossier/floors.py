"""The scores below which a model is not put to work: `configs/floors.toml`, and what its card holds against itself."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dossier.errors import ConfigError

FILE = "floors.toml"
KEYS = {"mentions": ("micro", "ece", "held_out", "sure_ece", "sure_label", "not_below_parent"), "labels": None}


def load_floors(folders: Sequence[Path]) -> dict[str, dict[str, Any]]:
    """Read the floors of several configs folders; a value of a later folder wins."""
    floors: dict[str, dict[str, Any]] = {table: {} for table in KEYS}
    for folder in folders:
        path = folder / FILE
        if path.is_file():
            _merge(floors, path)
    return floors


def _merge(floors: dict[str, dict[str, Any]], path: Path) -> None:
    try:
        tables = tomllib.loads(path.read_text("utf-8"))
    except ValueError as error:
        raise ConfigError(f"{path}: {error}; mend the file") from error
    for table, values in tables.items():
        known = KEYS.get(table, ())
        for key, value in values.items() if isinstance(values, dict) and table in KEYS else [(table, None)]:
            if value is None or not isinstance(value, int | float) or (known is not None and key not in known):
                raise ConfigError(
                    f"{path}: [{table}] {key} = {value!r} is no floor; there are: {KEYS['mentions']}, [labels]"
                )
        floors[table].update(values)


def below_floors(card: dict[str, Any], floors: dict[str, dict[str, Any]]) -> list[str]:
    """What a model is below, in words; an empty list lets it pass. An empty card is that of `rules`."""
    if not card:
        return []
    if not isinstance(card.get("scores"), dict):
        return ["its card holds no scores"]
    own = card.get("floors", {})
    mentions = {**floors["mentions"], **_stricter(floors["mentions"], own.get("mentions", {}))}
    labels = {**floors["labels"], **_stricter(floors["labels"], own.get("labels", {}))}
    return [
        *_below_overall(card, mentions),
        *_below_labels(card["scores"], labels, mentions),
        *_below_parent(card, mentions),
    ]


def _stricter(floors: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """The floors of a card that ask for more than the configs do; `ece` is a ceiling."""
    return {
        name: min(value, floors.get(name, value)) if name == "ece" else max(value, floors.get(name, value))
        for name, value in own.items()
    }


def _below_overall(card: dict[str, Any], floors: dict[str, Any]) -> list[str]:
    micro = card["scores"].get("micro", {})
    found, low = micro.get("f", 0.0), []
    if micro.get("support", 0) < floors.get("held_out", 0):
        low.append(f"it was measured on {micro.get('support', 0)} held-out mentions, the floor is {floors['held_out']}")
    if found < floors.get("micro", 0.0):
        low.append(f"micro F1 {found:.3f}, the floor is {floors['micro']}")
    calibration = card.get("calibration", {})
    sure = calibration.get("mentions", 0) >= floors.get("sure_ece", 0)
    if sure and calibration.get("ece", 1.0) > floors.get("ece", 1.0):
        low.append(f"expected calibration error {calibration.get('ece', 1.0):.3f}, at most {floors['ece']} is allowed")
    return low


def _below_labels(scores: dict[str, Any], labels: dict[str, Any], floors: dict[str, Any]) -> list[str]:
    found = scores.get("labels", {})
    return [
        f"{label} F1 {found[label].get('f', 0.0):.3f}, the floor is {floor}"
        for label, floor in sorted(labels.items())
        if label in found
        and found[label].get("support", 0) >= floors.get("sure_label", 0)
        and found[label].get("f", 0.0) < floor
    ]


def _below_parent(card: dict[str, Any], floors: dict[str, Any]) -> list[str]:
    gain = (card.get("parent") or {}).get("gain")
    if not gain or not floors.get("not_below_parent") or gain["high"] >= 0:
        return []
    return [
        f"significantly worse than its parent {card['parent']['name']}: {gain['f']:+.3f} micro F1 "
        f"({gain['low']:+.3f} to {gain['high']:+.3f})"
    ]
