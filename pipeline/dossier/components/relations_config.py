"""The patterns of `configs/relations.toml`, checked and compiled, and what a workspace adds to them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from dossier.components.patterns import Patterns, load_patterns
from dossier.components.relations_language import NOTHING, Compiled, Function, Language, Marks, as_tokens
from dossier.components.relations_rows import RowWords
from dossier.components.relations_skeleton import Reducer
from dossier.errors import ConfigError
from dossier.schema import Signature, load_schema

FILE = "relations.toml"
TABLES = ("skeleton", "sets", "guards", "refused", "rows")
KEYS = {"is": str, "yes": list, "no": list, "sure": float, "when": str, "role": str, "needs": str}
WHEN = ("start", "end", "none", "auto")
LEAST_LETTERS = 3  # of a word that tells by which sets it is in
SURE = 0.8  # of a pattern that says no other: an estimate, until the calibration


@dataclass(frozen=True, slots=True)
class Pattern:
    """A way to say a relation. `when`: what a date with `in` or `on` gives (`auto`: by the type); `role`: a fixed role;
    `needs`: a list of `[guards]`, of which a list's name, or else the subject, must hold a word.

    `yes` and `no` are its examples: sentences with marks, `S[John Roe|PERSON] founded O[Green Front|ORG].`
    """

    number: int
    type: str
    source: str
    compiled: Compiled
    sure: float
    when: str
    role: str | None
    needs: str | None
    yes: tuple[str, ...]
    no: tuple[str, ...]

    @property
    def name(self) -> str:
        return f"{self.type} {self.source!r}"


@dataclass(frozen=True, slots=True)
class Book:
    """All patterns with what they need. `by_word`: numbers of the patterns that a word of a sentence calls up.

    `unsaid`: by type, what stands for a pattern where none says it; `openers`: names of the sets by a phrase's first word.
    """

    patterns: tuple[Pattern, ...]
    by_word: Mapping[str, tuple[int, ...]]
    reducer: Reducer
    guards: Mapping[str, frozenset[str]]
    refused: Mapping[str, frozenset[str]]
    rows: RowWords
    signatures: Mapping[str, Signature]
    unsaid: Mapping[str, Pattern]
    openers: Mapping[str, tuple[str, ...]]


def load_book(folders: Sequence[str | Path]) -> Book:
    """Read `relations.toml` of each folder that has one; later folders add patterns, and words to the lists.

    Raises ConfigError with the file, the pattern and what does not read.
    """
    return _load(tuple(str(folder) for folder in folders))


@lru_cache(maxsize=4)
def _load(folders: tuple[str, ...]) -> Book:
    tables: dict[str, dict[str, tuple[str, ...]]] = {name: {} for name in TABLES}
    entries: list[tuple[str, dict[str, Any], str]] = []
    signatures = load_schema([Path(folder) for folder in folders]).relations
    for folder in folders:
        path = Path(folder) / FILE
        if path.is_file():
            _read(path, tables, entries, signatures)
    if not entries:
        raise ConfigError(f"none of {', '.join(folders) or 'no folder'} holds a {FILE}; give a configs folder")
    marks = Marks(tables["skeleton"]["finite"], tables["skeleton"]["adjectives"])
    verbs = frozenset(as_tokens(form)[0] for name in tables["skeleton"]["verbs"] for form in tables["sets"][name])
    reducer = Reducer.of(tables["skeleton"], verbs, marks)
    language = _language(tables["sets"], load_patterns(folders), reducer)
    patterns = tuple(_pattern(n, *entry, signatures, language) for n, entry in enumerate(entries))
    by_word: dict[str, list[int]] = {}
    for pattern in patterns:
        for word in pattern.compiled.anchors[0]:
            by_word.setdefault(word, []).append(pattern.number)
    return Book(
        patterns, {word: tuple(numbers) for word, numbers in by_word.items()},
        reducer,
        _sets(tables["guards"]),
        _sets(tables["refused"]),
        RowWords.of(tables["rows"]),
        signatures,
        {kind: Pattern(-1, kind, "", NOTHING, 0.0, "auto", None, None, (), ()) for kind in signatures},
        _openers(tables["sets"]),
    )  # fmt: skip


def _sets(table: Mapping[str, Sequence[str]]) -> dict[str, frozenset[str]]:
    return {name: frozenset(words) for name, words in table.items()}


def _openers(sets: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """The names of the sets that have a phrase which begins with a word, by the word."""
    found: dict[str, set[str]] = {}
    for name, phrases in sets.items():
        for phrase in phrases:
            word = as_tokens(phrase)[0]
            if len(word) >= LEAST_LETTERS:
                found.setdefault(word, set()).add(name)
    return {word: tuple(sorted(names)) for word, names in found.items()}


def _read(
    path: Path,
    tables: dict[str, dict[str, tuple[str, ...]]],
    entries: list[tuple[str, dict[str, Any], str]],
    signatures: Mapping[str, Signature],
) -> None:
    try:
        read = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} does not read: {error}; mend the file") from error
    for name, value in read.items():
        if name in TABLES and isinstance(value, dict):
            for key, words in value.items():
                new = words.split() if isinstance(words, str) else words
                tables[name][key] = (*tables[name].get(key, ()), *(str(word) for word in new))
        elif name in signatures and isinstance(value, list):
            entries += [(name, entry, str(path)) for entry in value]
        else:
            raise ConfigError(
                f"{path}: [{name}] is neither one of {', '.join(TABLES)} nor [[a type of relation]] of schema.toml"
            )


def _pattern(
    number: int, kind: str, entry: dict[str, Any], path: str, signatures: Mapping[str, Signature], language: Language
) -> Pattern:
    source = str(entry.get("is", ""))
    where = f"{path}: [[{kind}]] is = {source!r}"
    for key, value in entry.items():
        if key not in KEYS or not isinstance(value, KEYS[key]):
            raise ConfigError(f"{where}: {key} = {value!r} is none of {', '.join(KEYS)}, or of another kind")
    if entry.get("when", "auto") not in WHEN:
        raise ConfigError(f"{where}: when = {entry['when']!r} is none of {', '.join(WHEN)}")
    signature = signatures[kind]
    try:
        compiled = language.compile(source, {"S": signature.subject, "O": signature.object})
    except ConfigError as error:
        raise ConfigError(f"{where}: {error}") from error
    return Pattern(
        number, kind, source, compiled, float(entry.get("sure", SURE)), entry.get("when", "auto"), entry.get("role"),
        entry.get("needs"), tuple(entry.get("yes", ())), tuple(entry.get("no", ())),
    )  # fmt: skip


def _language(sets: Mapping[str, Sequence[str]], patterns: Patterns, reducer: Reducer) -> Language:
    """The language with the functions of `[roles]` in `patterns.toml`: heads, and those below them."""
    language = Language(sets, {}, reducer.marks, reducer.forms, reducer.drop)

    def words(name: str) -> tuple[str, ...]:
        every = (*patterns.tables.get("roles", {}).get(name, ()), *sets.get(name, ()))
        return tuple(phrase for phrase in every if reducer.drop.isdisjoint(as_tokens(phrase)))

    one_of = language.expression
    heads, functions, weak = words("heads"), words("functions"), words("weak")
    outer = f"(?:{one_of(words('outer'))})*"
    inner, below = f"(?:{one_of((*words('modifiers'), *words('inner')))})*", rf"{one_of(words('below'))}(?:- )?"
    not_below = "".join(
        rf"(?<!{re.escape(' '.join(as_tokens(word)))} )(?<!{re.escape(word)} - )" for word in words("below")
    )
    every = (*heads, *functions, *weak)
    kinds = {
        "heads": (f"{not_below}{inner}{one_of(heads)}", heads),
        "functions": (f"(?:{inner}{one_of(functions)}|{inner}{below}{inner}{one_of((*heads, *functions))})", every),
        "weak": (f"{inner}{one_of(weak)}", weak),
        "any": (f"{inner}(?:{below})?{inner}{one_of(every)}", every),
    }
    return replace(language, roles={kind: Function(outer, *each) for kind, each in kinds.items()})
