from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dossier.cli.common import Progress, visible, workspace_option
from dossier.errors import UsageError, WorkspaceError

if TYPE_CHECKING:
    from dossier.evaluate.compare import SetResult
    from dossier.records import Document

FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command("evaluate")
@click.argument("gold", nargs=-1, type=click.Path(path_type=Path, exists=True))
@click.option("--model", "models", multiple=True,
              help="A model by name, or NAME:bare without the rules; again for more. By default the one in use.")  # fmt: skip
@click.option("--labels", help="Only these labels, as ORG,PERSON.")
@click.option("--exclude-notes", is_flag=True, help="Count nothing inside numbered notes.")
@click.option("--text", type=FILE, help="A report in UTF-8, scored in its own characters.")
@click.option("--gold-mentions", type=FILE, help="The mentions of --text, as JSONL.")
@click.option("--out", multiple=True, type=click.Path(path_type=Path, dir_okay=False),
              help="Write the result: a page to NAME.html, figures to NAME.json; again for both.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print the figures as one JSON object.")
@click.option("--examples", type=click.IntRange(0), default=20, show_default=True, help="Kinds of error told a group.")
@click.option("--draws", type=click.IntRange(100), default=10_000, show_default=True, help="Draws of the bootstrap.")
@click.option("--seed", type=int, default=20261120, show_default=True, help="Seed of the bootstrap.")
@workspace_option
def evaluate_command(
    gold: tuple[Path, ...], models: tuple[str, ...], labels: str | None, exclude_notes: bool, text: Path | None,
    gold_mentions: Path | None, out: tuple[Path, ...], as_json: bool, examples: int, draws: int, seed: int,
    workspace: Path | None,
) -> None:  # fmt: skip
    """Compare models on marked texts.

    GOLD is a file of marked texts (.jsonl, .jsonl.gz), or a folder NAME.gold with NAME.txt beside it. Texts that a model
    was trained on are left out. `dossier models list` has the names of the models.

    \b
    Example: dossier evaluate annotations/gold.jsonl --model rules --out report.html
    """
    from dossier.evaluate.compare import evaluate
    from dossier.evaluate.predictors import current, load_predictor, trained_on
    from dossier.evaluate.sets import leave_out_known, load_sets
    from dossier.evaluate.table import table
    from dossier.resources import configs_folders
    from dossier.schema import load_schema

    _check_places(out)
    folder = _find_folder(workspace)
    names = tuple(dict.fromkeys(models)) or (current(folder),)
    learned = {name: trained_on(name, folder) for name in names}
    known, learners = frozenset[str]().union(*learned.values()), ", ".join(name for name in names if learned[name])
    marked = load_schema(configs_folders(folder and folder / "configs")).labels
    sets = load_sets(gold, _pair(text, gold_mentions), marked, labels=_split(labels), exclude_notes=exclude_notes)
    results: list[SetResult] = []
    for one in [leave_out_known(one, known, learners) for one in sets]:
        predictors = {n: load_predictor(n, workspace=folder, read=_read if one.raw else None) for n in names}
        with Progress(quiet=not sys.stderr.isatty()) as progress:
            progress.begin("evaluate")(len(one.records) * len(names))
            results.append(
                evaluate(one, predictors, draws=draws, seed=seed, examples=examples,
                         report=lambda model, text, bar=progress: bar.line(text, model))  # type: ignore[misc]
            )  # fmt: skip
        if not as_json:
            click.echo("\n".join(map(visible, table(results[-1]))) + "\n")
    if as_json:
        click.echo(_figures(results), nl=False)
    for path in out:
        _write(path, results)
        click.echo(f"-> {visible(str(path))}", err=as_json)


def _check_places(out: tuple[Path, ...]) -> None:
    for path in out:
        if path.suffix not in (".html", ".json"):
            raise UsageError(f"--out {path}: a result is written as .html or .json; name it so")


def _find_folder(workspace: Path | None) -> Path | None:
    """The named workspace, or the nearest one; None outside of any: then what dossier ships counts alone."""
    from dossier.store.db import find_workspace

    try:
        return find_workspace(Path.cwd() if workspace is None else workspace)
    except WorkspaceError:
        if workspace is not None:
            raise
        return None


def _split(labels: str | None) -> tuple[str, ...]:
    return tuple(label.strip() for label in (labels or "").split(",") if label.strip())


def _pair(text: Path | None, mentions: Path | None) -> tuple[Path, Path] | None:
    if text is None and mentions is None:
        return None
    if text is None or mentions is None:
        raise UsageError("--text and --gold-mentions go together: a report and its mentions; give both")
    return text, mentions


def _read(text: str) -> Document:
    from dossier.ingest.read import read_document

    return read_document(text.encode(), name="report.txt")


def _figures(results: list[SetResult]) -> bytes:
    import orjson

    from dossier.evaluate.compare import as_json

    return orjson.dumps(as_json(results), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _write(path: Path, results: list[SetResult]) -> None:
    from dossier.evaluate.page import make_page
    from dossier.export.files import written_whole

    with written_whole(path) as file:
        file.write(make_page(results).encode() if path.suffix == ".html" else _figures(results))
