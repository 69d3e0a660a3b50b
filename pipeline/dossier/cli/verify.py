from __future__ import annotations

import os
from functools import partial
from pathlib import Path

import click

from dossier.cli.common import find_recogniser, ocr_options

SHOWN = 20  # faults that are printed; the rest is counted
OCR_SECONDS = 3600.0  # for one document, which is read twice


@click.command("verify")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--corpus", type=click.Path(path_type=Path, exists=True, file_okay=False), required=True,
              help="The folder of the original reports.")  # fmt: skip
@ocr_options
@click.option("--workers", type=click.IntRange(1, 64), help="Processes to work in; by default one a core.")
def verify_command(file: Path, corpus: Path, workers: int | None, ocr: bool, ocr_languages: str) -> int:
    """Check that an export leads back to its sources.

    Needs no workspace: the manifest is checked, every quote is rebuilt from the original file, and text offsets are
    checked where the same version of dossier reads the file. In a PDF the words are those that stand in the boxes of
    `source`, whatever order they were read in.

    \b
    Example: dossier verify out/curated.jsonl --corpus corpus
    """
    from dossier.cli.common import visible
    from dossier.engines.processes import Limits, ProcessEngine
    from dossier.export.verify import Ways, verify
    from dossier.ingest.original import open_original
    from dossier.ingest.read import INGEST_VERSION
    from dossier.ingest.worker import find_members, read_report

    recogniser = find_recogniser(ocr, ocr_languages)
    read, look_up = partial(read_report, recogniser=recogniser), partial(open_original, recogniser=recogniser)
    limits = Limits(seconds=OCR_SECONDS) if ocr else Limits()
    with ProcessEngine(workers or os.cpu_count() or 1, limits=limits) as engine:
        verdict = verify(file, corpus, engine, Ways(read, look_up, INGEST_VERSION, find_members))
    for line in [*verdict.notes[:SHOWN], *verdict.faults[:SHOWN]]:
        click.echo(visible(line))
    if len(verdict.faults) > SHOWN:
        click.echo(f"... and {len(verdict.faults) - SHOWN} more")
    click.echo(
        f"{verdict.documents} document{'' if verdict.documents == 1 else 's'}, "
        f"{verdict.quotes:,} quotes rebuilt from the originals, "
        f"{verdict.offsets:,} text offsets checked, {len(verdict.faults)} fault{'' if len(verdict.faults) == 1 else 's'}"
    )
    return 1 if verdict.faults else 0
