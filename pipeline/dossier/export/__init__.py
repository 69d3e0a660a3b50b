"""The ways out. To add one: a file here, a line in EXPORTERS, a round-trip test."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

# format -> module:function; a module is loaded only when its format is asked for
EXPORTERS = {
    "jsonl": "dossier.export.jsonl:export_jsonl",
    "gold": "dossier.export.gold:export_gold",
    "page": "dossier.export.page:export_page",
    "decisions": "dossier.export.decisions:export_decisions",
    "text": "dossier.export.text:export_text",
}


def load_exporter(fmt: str) -> Callable[[Any, Path, Any], dict[str, int]]:
    module, _, function = EXPORTERS[fmt].partition(":")
    found: Callable[[Any, Path, Any], dict[str, int]] = getattr(import_module(module), function)
    return found
