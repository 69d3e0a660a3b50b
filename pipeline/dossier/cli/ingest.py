from __future__ import annotations

import getpass
from pathlib import Path

import click

from dossier.cli.common import QUARANTINED, Progress, batch, batch_options, find_recogniser, ocr_options


@click.command("ingest")
@click.argument("corpus", nargs=-1, type=click.Path(path_type=Path))
@click.option("--retry", type=click.Choice(["quarantined"]), help="Read these again too, changed or not.")
@click.option("--again", is_flag=True, help="Take in again what was forgotten (`dossier forget`).")
@ocr_options
@batch_options
def ingest_command(
    corpus: tuple[Path, ...],
    retry: str | None,
    again: bool,
    ocr: bool,
    ocr_languages: str,
    limit: int | None,
    workers: int | None,
    workspace: Path | None,
) -> int:
    """Read reports into documents.

    CORPUS: folders of reports, or single reports; by default the workspace's corpus/. Only what is new or changed is read.

    \b
    Example: dossier ingest corpus/2024
    """
    from dossier.curate.copies import find_copies
    from dossier.ingest.batch import ingest

    recogniser = find_recogniser(ocr, ocr_languages)
    with batch(workspace, "dossier ingest", workers) as (store, engine, log), Progress() as progress:
        counts = ingest(
            store, engine, corpus or (store.folder / "corpus",), limit=limit, retry=retry is not None,
            again=getpass.getuser() if again else None,
            recogniser=recogniser,
            begin=progress.begin("ingest"), report=progress.read, note=progress.note,
        )  # fmt: skip
        find_copies(store)
        log.update(counts)
    click.echo(", ".join(f"{n} {fate}" for fate, n in sorted(counts.items())) or "there is nothing to read")
    return QUARANTINED if counts["quarantined"] else 0
