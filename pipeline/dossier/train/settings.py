"""What `configs/train_mentions.cfg` says."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from dossier.errors import ConfigError

FILE = "train_mentions.cfg"


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a training, as the config's comments explain them."""

    dev: float = 0.15
    test: float = 0.15
    rate: float = 0.01
    batch: int = 8
    epochs: int = 40
    patience: int = 6
    hold: float = 1.0
    draws: int = 1000
    shares: tuple[float, ...] = (0.25, 0.5, 0.75)


SECTIONS = {
    "split": ("dev", "test"),
    "head": ("rate", "batch", "epochs", "patience", "hold"),
    "scores": ("draws",),
    "curve": ("shares",),
}
KINDS = {field.name: type(field.default) for field in fields(Settings)}


def load_settings(path: Path) -> Settings:
    """Read a config. Raises ConfigError with the section, the value and what it should be."""
    from confection import Config, ConfigValidationError

    try:
        config = Config().from_str(path.read_text("utf-8"))
    except (OSError, ValueError, ConfigValidationError) as error:
        raise ConfigError(f"{path} does not read: {error}") from error
    values: dict[str, Any] = {}
    for section, entries in config.items():
        if section not in SECTIONS:
            raise ConfigError(f"{path}: [{section}] is not one of {', '.join(SECTIONS)}")
        for key, value in entries.items():
            if key not in SECTIONS[section]:
                raise ConfigError(f"{path}: [{section}] {key} is not one of {', '.join(SECTIONS[section])}")
            values[key] = _value(key, value, f"{path}: [{section}] {key}")
    settings = Settings(**values)
    _check_shares(settings, path)
    return settings


def _value(key: str, value: Any, where: str) -> Any:
    kind = KINDS[key]
    if kind is tuple and isinstance(value, list) and all(isinstance(each, int | float) for each in value):
        return tuple(float(each) for each in value)
    if kind is float and isinstance(value, int | float) and not isinstance(value, bool) and value >= 0:
        return float(value)
    if kind is int and isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return value
    raise ConfigError(f"{where} = {value!r} must be a {kind.__name__}, not below 0")


def _check_shares(settings: Settings, path: Path) -> None:
    if not 0 < settings.dev + settings.test < 0.9 or not all(0 < share < 1 for share in settings.shares):
        raise ConfigError(f"{path}: shares lie between 0 and 1, and dev and test leave at least a tenth to train on")
