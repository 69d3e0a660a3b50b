"""Labels, relation signatures, event roles and statuses, read from `configs/schema.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from dossier.errors import ConfigError
from dossier.resources import configs_folders

FILE = "schema.toml"


@dataclass(frozen=True, slots=True)
class Signature:
    """Which labels a relation joins. `same`: both ends carry one label; `symmetric`: the order says nothing."""

    subject: tuple[str, ...]
    object: tuple[str, ...]
    same: bool = False
    symmetric: bool = False
    roles: tuple[str, ...] = ()

    def allows(self, subject: str, object: str) -> bool:
        return subject in self.subject and object in self.object and (not self.same or subject == object)


@dataclass(frozen=True, slots=True)
class Schema:
    """What a desk marks. `labels`: name -> title; `entities`: the labels whose mentions name an entity."""

    labels: dict[str, str]
    entities: frozenset[str]
    relations: dict[str, Signature]
    events: tuple[str, ...]
    roles: tuple[str, ...]
    statuses: tuple[str, ...]


def load_schema(folders: Sequence[Path] | None = None) -> Schema:
    """Read the schema of several configs folders; a table of a later folder replaces one of the same name.

    Raises ConfigError with the file, the table and what is wrong with it.
    """
    paths = [folder / FILE for folder in (folders if folders is not None else configs_folders())]
    return _made(tuple((path, _text(path)) for path in paths if path.is_file()))


@lru_cache(4)
def _made(files: tuple[tuple[Path, str], ...]) -> Schema:
    """The schema of files with these texts. A server asks for it with every ruling, and the texts hardly ever change."""
    tables: dict[str, dict[str, Any]] = {"labels": {}, "relations": {}, "events": {}, "status": {}}
    for path, text in files:
        _merge(tables, _parsed(path, text), path)
    return Schema(
        labels={name: table.get("title", name) for name, table in tables["labels"].items()},
        entities=frozenset(name for name, table in tables["labels"].items() if table.get("entity")),
        relations={name: _signature(name, table, tables["labels"]) for name, table in tables["relations"].items()},
        events=tuple(tables["events"].get("types", ())),
        roles=tuple(tables["events"].get("roles", ())),
        statuses=tuple(tables["status"].get("values", ())),
    )


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: {error}; mend the file") from error


def _parsed(path: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: {error}; mend the file") from error


def _merge(tables: dict[str, dict[str, Any]], new: dict[str, Any], path: Path) -> None:
    for kind, entries in new.items():
        if kind not in tables or not isinstance(entries, dict):
            raise ConfigError(f"{path}: [{kind}] is not one of {', '.join(tables)}; take it out or rename it")
        tables[kind].update(entries)


def _signature(name: str, table: dict[str, Any], labels: dict[str, Any]) -> Signature:
    for end in ("subject", "object"):
        unknown = [label for label in table.get(end, ()) if label not in labels]
        if unknown or not table.get(end):
            raise ConfigError(
                f"{FILE}: [relations.{name}] {end} = {table.get(end)!r} must list labels of [labels]; add or correct them"
            )
    return Signature(
        subject=tuple(table["subject"]),
        object=tuple(table["object"]),
        same=bool(table.get("same", False)),
        symmetric=bool(table.get("symmetric", False)),
        roles=tuple(table.get("roles", ())),
    )
