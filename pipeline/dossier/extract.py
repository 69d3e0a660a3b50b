"""Documents into proposals: what is new, or was made with another model, config or code, runs; the rest stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from dossier import source_map
from dossier.engines.processes import Failure, ProcessEngine
from dossier.errors import ConfigError
from dossier.models import RULES, ModelRef, active_model
from dossier.records import Document, Extraction
from dossier.resources import PACKAGE, configs_folders, digest_files
from dossier.store.db import Store
from dossier.store.documents import document_paths, load_document, quarantine_document
from dossier.store.proposals import documents_to_extract, note_pipeline, save_extraction

if TYPE_CHECKING:
    from spacy.language import Language

CODE = ("components", "normalize")
PARTS = ("spacy",)
WITHOUT_EFFECT = ("train_", "floors.")  # configs that change no proposal


def extract(
    store: Store,
    engine: ProcessEngine,
    *,
    limit: int | None = None,
    report: Callable[[str, str, str | None], None] = lambda path, state, reason: None,
    begin: Callable[[int], None] = lambda total: None,
) -> Counter[str]:
    """Extract from the documents that need it. Returns how many were `extracted`, `failed` or left `unchanged`.

    A document that cannot be extracted from puts its inputs into quarantine with the reason; the others go on. Raises
    ConfigError where a file of the configs does not read.
    """
    overlay = store.folder / "configs"
    model = active_model(store)
    fingerprint = current_pipeline(store, model)
    todo = documents_to_extract(store, fingerprint)[:limit]
    paths = document_paths(store)
    counts = Counter({"unchanged": len(paths) - len(todo)})
    begin(len(todo))
    with store.lazily():
        for document, result in engine.map(extract_task, _tasks(store, todo, overlay, model.folder)):
            if isinstance(result, Failure):
                if result.code == "config":
                    raise ConfigError(result.reason)
                quarantine_document(
                    store, document[0].id, f"extract_{result.code}", result.reason, made_with=fingerprint
                )
                counts["failed"] += 1
                report(paths[document[0].id], "quarantined", result.reason)
            else:
                save_extraction(store, result, fingerprint)
                counts["extracted"] += 1
                said = "; ".join(w.message for w in result.warnings) or None
                report(paths[document[0].id], "warned" if said else "done", said)
    return counts


def current_pipeline(store: Store, model: ModelRef | None = None) -> str:
    """The fingerprint of what would extract now, with its description kept in the store."""
    return note_pipeline(store, describe_pipeline(store.folder / "configs", model or active_model(store)))


Task = tuple[Document, Path, Path | None]  # the document, the configs of the workspace, the folder of the model


def _tasks(store: Store, todo: list[str], overlay: Path, model: Path | None) -> Iterator[Task]:
    for document_id in todo:
        yield load_document(store, document_id), overlay, model


def describe_pipeline(overlay: Path | None = None, model: ModelRef = RULES) -> dict[str, dict[str, str]]:
    """What proposals are made with: the model, and the digests of the configs. Equal descriptions, equal proposals."""
    code = [p for folder in CODE for p in (PACKAGE / folder).glob("*.py")]
    parts = "".join(f"{name}=={version(name)}\n" for name in PARTS)
    maps = [PACKAGE / name for name in source_map.CODE]
    digest = digest_files((p.relative_to(PACKAGE).as_posix(), p) for p in [*code, *maps])
    return {
        "model": {"name": model.name, "digest": model.digest[:16], "code": digest[:16], "parts": parts.strip()},
        "configs": dict(sorted(_config_digests(overlay).items())),
    }


def _config_digests(overlay: Path | None) -> dict[str, str]:
    shipped, *own = configs_folders(overlay)
    found: dict[str, str] = {}
    for prefix, folder in [("", shipped), *(("workspace/", folder) for folder in own)]:
        for path in sorted(folder.rglob("*")):
            if (
                path.is_file()
                and path.suffix in (".cfg", ".toml", ".tsv", ".gz")
                and not path.name.startswith(WITHOUT_EFFECT)
            ):
                name = prefix + path.relative_to(folder).as_posix()
                found[name] = digest_files([(name, path)])[:16]
    return found


# ------------------------------------------------------------------ in the worker

_loaded: dict[tuple[Path, Path | None], Language] = {}


def extract_task(task: Task) -> Extraction:
    """Extract from one document. Runs in a worker, which loads the pipeline once."""
    from dossier.components.pipeline import extract_document

    document, overlay, model = task
    return extract_document(load(overlay, model), document)


def load(overlay: Path, model: Path | None = None) -> Language:
    """The pipeline of a workspace; `model` is the folder of the trained model that joins the rules, None for none."""
    from dossier.components.pipeline import load_pipeline

    if (overlay, model) not in _loaded:
        with_model = {} if model is None else {"model": model}
        _loaded[overlay, model] = load_pipeline(overlay=overlay, **with_model)
    return _loaded[overlay, model]
