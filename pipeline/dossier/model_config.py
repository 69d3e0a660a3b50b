"""The `config.cfg` of a model, read without running anything: known sections, known factories, known references only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dossier.errors import ModelError

FILE = "config.cfg"
MAX_BYTES = 1 << 20
# spaCy's trained components keep their state as msgpack of thinc, which was not examined: not here
FACTORIES = re.compile(r"dossier_[a-z0-9_]+|sentencizer")
REFERENCES = re.compile(r"dossier\.[A-Za-z0-9_.]+|spacy\.Tokenizer\.v1")
SECTIONS = frozenset(("nlp", "components"))
NLP = frozenset(("lang", "pipeline", "tokenizer"))
LANGUAGE = re.compile(r"[a-z]{2,3}")
# words that make spaCy run code or fetch another pipeline
RUNNING = frozenset(
    ("code", "source", "before_init", "after_init", "before_creation", "after_creation", "after_pipeline_creation",
     "before_update", "replace_listeners", "module")
)  # fmt: skip


def load_config(folder: Path) -> dict[str, Any]:
    """Read and check the config of a model. Raises ModelError that names what is refused."""
    path = folder / FILE
    if path.is_symlink() or not path.is_file() or path.stat().st_size > MAX_BYTES:
        raise ModelError(f"{path} is no plain file of at most {MAX_BYTES} bytes")
    from confection import Config
    from confection.util import ConfigValidationError  # type: ignore[attr-defined, unused-ignore]

    try:
        config = Config().from_str(path.read_text("utf-8"), interpolate=False)
    except (ValueError, KeyError, TypeError, ConfigValidationError) as error:
        raise ModelError(f"{path} does not read: {error}") from error
    found: dict[str, Any] = dict(config)
    check_config(found, path)
    return found


def check_config(config: dict[str, Any], path: Path) -> None:
    """Refuse a config by the name of what it must not have."""
    for where, key, value in _entries(config):
        if key in RUNNING:
            raise ModelError(f"{path}: [{where}] {key} would run code or load another pipeline; it is refused")
        if key.startswith("@") and not (isinstance(value, str) and REFERENCES.fullmatch(value)):
            raise ModelError(f"{path}: [{where}] {key} = {value!r} is no function that a model may name")
        if isinstance(value, str) and "${" in value:
            raise ModelError(f"{path}: [{where}] {key} = {value!r}: a model's config refers to nothing outside itself")
    for section in sorted(set(config) - SECTIONS):
        raise ModelError(f"{path}: the section [{section}] is refused; a model has [nlp] and [components]")
    _check_nlp(config.get("nlp", {}), path)
    _check_components(config, path)


def _check_nlp(nlp: dict[str, Any], path: Path) -> None:
    for key in sorted(set(nlp) - NLP):
        raise ModelError(f"{path}: [nlp] {key} is refused; a model sets {', '.join(sorted(NLP))}")
    if not LANGUAGE.fullmatch(str(nlp.get("lang", ""))):
        raise ModelError(f"{path}: [nlp] lang = {nlp.get('lang')!r} is no language code")


def _check_components(config: dict[str, Any], path: Path) -> None:
    components = config.get("components", {})
    for name, component in components.items():
        factory = component.get("factory") if isinstance(component, dict) else None
        if not (isinstance(factory, str) and FACTORIES.fullmatch(factory)):
            raise ModelError(f"{path}: [components.{name}] factory = {factory!r} is not one that a model may name")
    pipeline = config.get("nlp", {}).get("pipeline", [])
    if not isinstance(pipeline, list) or sorted(map(str, pipeline)) != sorted(components):
        raise ModelError(f"{path}: [nlp] pipeline = {pipeline!r} does not list the components {sorted(components)}")


def _entries(table: dict[str, Any], where: str = "") -> Iterator[tuple[str, str, Any]]:
    for key, value in table.items():
        yield where or key, str(key), value
        if isinstance(value, dict):
            yield from _entries(value, f"{where}.{key}" if where else str(key))
