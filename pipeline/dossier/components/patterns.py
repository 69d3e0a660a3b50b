"""The words that the rules look for: `configs/patterns.toml`, and what a workspace adds to it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from dossier.errors import ConfigError

FILE = "patterns.toml"


@dataclass(frozen=True, slots=True)
class Patterns:
    """Lists of words by table and name; `words` keeps their order, `one_of` is for look-ups."""

    tables: dict[str, dict[str, tuple[str, ...]]]

    def words(self, table: str, name: str) -> tuple[str, ...]:
        try:
            return self.tables[table][name]
        except KeyError:
            raise ConfigError(f"{FILE} has no list {name!r} under [{table}]") from None

    def one_of(self, table: str, name: str) -> frozenset[str]:
        return frozenset(self.words(table, name))

    def phrases(self, table: str, name: str) -> frozenset[tuple[str, ...]]:
        """The list as tuples of words, in small letters."""
        return frozenset(tuple(phrase.casefold().split()) for phrase in self.words(table, name))


def load_patterns(folders: Iterable[str | Path]) -> Patterns:
    """Read `patterns.toml` of each folder that has one; the lists of later folders are added to those of the first."""
    return _load(tuple(str(folder) for folder in folders))


@lru_cache(maxsize=4)
def _load(folders: tuple[str, ...]) -> Patterns:
    tables: dict[str, dict[str, tuple[str, ...]]] = {}
    for folder in folders:
        path = Path(folder) / FILE
        if path.is_file():
            _add(tables, path)
    if not tables:
        raise ConfigError(
            f"none of {', '.join(folders) or 'no folder'} holds a {FILE}; give load_pipeline a configs folder"
        )
    return Patterns(tables)


def _add(tables: dict[str, dict[str, tuple[str, ...]]], path: Path) -> None:
    try:
        read: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} does not read: {error}") from error
    for table, lists in read.items():
        if not isinstance(lists, dict):
            raise ConfigError(f"{path}: {table!r} is not a table")
        for name, words in lists.items():
            known = tables.setdefault(table, {}).get(name, ())
            tables[table][name] = tuple(dict.fromkeys((*known, *_as_words(words, f"{path}: [{table}] {name}"))))


def _as_words(value: object, where: str) -> list[str]:
    if isinstance(value, str):
        return value.split()
    if isinstance(value, list) and all(isinstance(word, str) for word in value):
        return [str(word) for word in value]
    raise ConfigError(f"{where} is neither a list of words nor a text of words")
