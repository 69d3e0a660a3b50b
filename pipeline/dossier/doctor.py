"""What can be wrong with a workspace, and what to do about it."""

from __future__ import annotations

import stat
import tomllib
from collections.abc import Callable, Iterator

from dossier.errors import AlignmentError, DossierError, ModelError
from dossier.models import active_model, check_model, list_models
from dossier.resources import configs_folders
from dossier.schema import load_schema
from dossier.source_map import open_map
from dossier.store.db import DATABASE, FOLDERS, Store
from dossier.store.decisions import first_fault
from dossier.store.documents import is_missing, iter_documents, load_inputs

AGAIN = "touch the file, so that it counts as changed, and run: dossier run"


def check_database(store: Store) -> Iterator[str]:
    for (line,) in store.rows("PRAGMA integrity_check(10)"):
        if line != "ok":
            yield f"{DATABASE}: {line}; put back a copy"
    for table, row, parent, _ in store.rows("PRAGMA foreign_key_check"):
        yield f"{DATABASE}: row {row} of {table} points to a missing {parent}; put back a copy"


def check_decisions(store: Store) -> Iterator[str]:
    fault = first_fault(store)
    if fault:
        yield f"{fault}; compare with a copy of {DATABASE}"


def check_files(store: Store) -> Iterator[str]:
    for name in FOLDERS:
        if not (store.folder / name).is_dir():
            yield f"the folder {name}/ is missing; run: dossier init {store.folder}"
    mode = stat.S_IMODE((store.folder / DATABASE).stat().st_mode)
    if mode & 0o077:
        yield f"{DATABASE} may be read by others (mode {mode:o}); run: chmod 600 {store.folder / DATABASE}"
    for path in (store.folder / "out").rglob(".*.part"):
        yield f"{path.name} is left over from an export that was killed; remove it"


def check_corpus(store: Store) -> Iterator[str]:
    for found in load_inputs(store):
        if is_missing(store, found):
            yield f"{found.path} is no longer in {found.root}; its document is kept, put the file back to verify it"
    corpus = store.folder / "corpus"
    for path in sorted(corpus.rglob("*.meta.toml")) if corpus.is_dir() else ():
        stem = path.name.removesuffix(".meta.toml")
        if not any(p.name == stem or p.stem == stem for p in path.parent.iterdir() if p != path):
            yield f"{path.relative_to(corpus)} belongs to no report; name it after one"


def check_documents(store: Store) -> Iterator[str]:
    for path, document in iter_documents(store):
        try:
            if not open_map(document.offsets).fits(document.text):
                yield f"{path}: its way back to the file is that of another text; {AGAIN}"
        except AlignmentError as error:
            yield f"{path}: {error}"
        stored = store.one("SELECT text_sha256 FROM document WHERE id = ?", (document.id,))
        if stored != document.text_sha256:
            yield f"{path}: its text is not the one that was stored; {AGAIN}"
        if any(not 0 <= b.start <= b.end <= len(document.text) for b in document.blocks):
            yield f"{path}: a block lies outside its text; {AGAIN}"


def check_proposals(store: Store) -> Iterator[str]:
    for document, bad in store.rows(
        "SELECT p.document, count(*) FROM proposal p JOIN document d ON d.id = p.document WHERE p.kind = 'mention' AND "
        "superseded = 0 AND substr(d.text, json_extract(record, '$.start') + 1, json_extract(record, '$.end') - "
        "json_extract(record, '$.start')) <> json_extract(record, '$.text') AND instr(d.text, char(0)) = 0 GROUP BY 1"
    ):
        yield f"{bad} mentions of {document} do not read what they say; run: dossier extract"


def check_configs(store: Store) -> Iterator[str]:
    from dossier.components.pipeline import load_pipeline

    overlay = store.folder / "configs"
    for path in sorted(overlay.rglob("*.toml")) if overlay.is_dir() else ():
        try:
            tomllib.loads(path.read_text("utf-8"))
        except (OSError, ValueError) as error:
            yield f"{path.relative_to(store.folder)}: {error}; mend it"
    try:
        load_schema(configs_folders(overlay))
        load_pipeline(overlay=overlay)
    except DossierError as error:
        yield str(error)


def check_models(store: Store) -> Iterator[str]:
    for each in list_models(store.folder):
        try:
            if each.model is None:
                raise ModelError(each.fault)
            check_model(each.model)
        except ModelError as error:
            yield f"{error}"
    try:
        active_model(store)
    except ModelError as error:
        yield f"{error}"


CHECKS: dict[str, Callable[[Store], Iterator[str]]] = {
    "the database is whole": check_database,
    "the chain of decisions is whole": check_decisions,
    "folders, modes, leftovers": check_files,
    "the corpus is where it was": check_corpus,
    "documents and their offsets": check_documents,
    "proposals read what they say": check_proposals,
    "configs read": check_configs,
    "models are what was written": check_models,
}
