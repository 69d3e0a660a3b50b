from __future__ import annotations

import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dossier.cli.common import (
    QUARANTINED,
    Progress,
    batch,
    batch_options,
    find_recogniser,
    ocr_options,
    print_table,
    say_copies,
    short_path,
    visible,
)

if TYPE_CHECKING:
    from dossier.store.db import Store

RESULT = Path("out") / "curated.jsonl"


@click.command("run")
@click.argument("corpus", nargs=-1, type=click.Path(path_type=Path))
@click.option("--retry", type=click.Choice(["quarantined"]), help="Read these again too, changed or not.")
@click.option("--json", "as_json", is_flag=True, help="Print the closing table as one JSON object.")
@ocr_options
@batch_options
def run_command(
    corpus: tuple[Path, ...],
    retry: str | None,
    as_json: bool,
    ocr: bool,
    ocr_languages: str,
    limit: int | None,
    workers: int | None,
    workspace: Path | None,
) -> int:
    """Ingest, extract and export in one go.

    CORPUS: folders of reports, or single reports; by default the workspace's corpus/. Only what changed runs again: a
    file, a config, the model. The result is out/curated.jsonl; proposals are in it, marked as pending.

    \b
    Example: dossier run corpus --workers 2
    """
    from dossier.curate.copies import find_copies
    from dossier.extract import current_pipeline, extract
    from dossier.ingest.batch import ingest

    recogniser = find_recogniser(ocr, ocr_languages)
    began = time.monotonic()
    with batch(workspace, "dossier run", workers) as (store, engine, log):
        with Progress(quiet=as_json) as progress:
            read = ingest(
                store, engine, corpus or (store.folder / "corpus",), limit=limit, retry=retry is not None,
                made_with=current_pipeline(store), recogniser=recogniser,
                begin=progress.begin("ingest"), report=progress.read, note=progress.note,
            )  # fmt: skip
            extract(
                store, engine, limit=limit, begin=progress.begin("extract"),
                report=progress.read,
            )  # fmt: skip
        find_copies(store)
        closing = _close(store, read, began)
        log.update(closing)
    _print(closing, as_json)
    return QUARANTINED if closing["documents"]["quarantined"] else 0


def _close(store: Store, read: Counter[str], began: float) -> dict[str, Any]:
    from dossier.export.jsonl import export_jsonl
    from dossier.export.traverse import Options, account
    from dossier.store.copies import describe_copies
    from dossier.store.documents import is_missing, load_inputs
    from dossier.store.proposals import count_labels

    records = export_jsonl(store, store.folder / RESULT, Options(pending=True))
    inputs = load_inputs(store)
    states = Counter(i.state for i in inputs)
    return {
        "documents": {
            "done": states["done"] + states["warned"],
            "with_warnings": states["warned"],
            "quarantined": states["quarantined"],
            "unchanged": read["unchanged"],
        },
        **describe_copies(store),
        "mentions": dict(count_labels(store)),
        "records": records,
        "proposals": account(store),
        "seconds": round(time.monotonic() - began, 1),
        "output": str(store.folder / RESULT),
        "missing": [i.path for i in inputs if is_missing(store, i)],
        "quarantined": [
            {"path": i.path, "code": i.code, "reason": i.reason} for i in inputs if i.state == "quarantined"
        ],
    }


def _print(closing: dict[str, Any], as_json: bool) -> None:
    if as_json:
        import json

        click.echo(json.dumps(closing, ensure_ascii=False, sort_keys=True))
        return
    documents = closing["documents"]
    click.echo()
    rows = [
        ("documents", f"{documents['done']} done ({documents['with_warnings']} with warnings), "
                      f"{documents['quarantined']} quarantined"
                      + (f"; {documents['unchanged']} unchanged since they were read" if documents["unchanged"] else "")),
        *say_copies(closing),
        ("mentions", f"{sum(closing['mentions'].values()):,}"),
        *((f"  {label}", f"{count:,}") for label, count in closing["mentions"].items()),
        ("entities", f"{closing['records'].get('entity', 0):,}"),
        ("relations", f"{closing['records'].get('relation', 0):,}"),
        ("events", f"{closing['records'].get('event', 0):,}"),
        ("conflicts", f"{closing['records'].get('conflict', 0):,}"),
        ("works cited", f"{closing['records'].get('work', 0):,}"),
        ("review", ", ".join(f"{n:,} {state}" for state, n in closing["proposals"].items() if n) or "nothing proposed"),
        ("seconds", str(closing["seconds"])),
        ("output", short_path(closing["output"])),
    ]  # fmt: skip
    print_table(rows)
    if closing["missing"]:
        click.echo("\nno longer in the corpus; what was found in these is kept:")
        for path in closing["missing"]:
            click.echo(f"  {visible(path)}")
    if closing["quarantined"]:
        click.echo("\nquarantined, nothing was taken from these:")
        for each in closing["quarantined"]:
            click.echo(f"  {visible(each['path'])}: {visible(each['reason'])} [{each['code']}]")
