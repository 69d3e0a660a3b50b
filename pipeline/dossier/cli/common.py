"""What the commands share: the workspace option, the progress of a batch, words for the screen."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from rich.progress import TaskID

    from dossier.engines.processes import ProcessEngine
    from dossier.ingest.pdf.ocr import Recogniser
    from dossier.store.db import Store

F = TypeVar("F", bound=Callable[..., Any])

QUARANTINED = 3  # exit code: finished, and some files were put aside


def workspace_option(command: F) -> F:
    return click.option(
        "--workspace",
        "-w",
        type=click.Path(path_type=Path, file_okay=False),
        help="The workspace folder; by default the nearest one above this folder.",
    )(command)


def batch_options(command: F) -> F:
    command = click.option(
        "--workers", type=click.IntRange(1, 64), help="Processes to work in; by default one a core."
    )(command)
    command = click.option("--limit", type=click.IntRange(1), help="Work on at most so many documents.")(command)
    return workspace_option(command)


def ocr_options(command: F) -> F:
    command = click.option(
        "--ocr-languages", default="eng", show_default=True, metavar="LANGUAGES",
        help="As tesseract names them, joined by +, such as eng+fra.",
    )(command)  # fmt: skip
    return click.option(
        "--ocr", is_flag=True, help="Recognise the words of PDF pages that are pictures, with tesseract (slow)."
    )(command)


def find_recogniser(ocr: bool, languages: str) -> Recogniser | None:
    """What reads pictures, where that is asked for. Raises UsageError, before anything has begun, where it is missing."""
    if not ocr:
        return None
    from dossier.ingest.pdf.ocr import find_recogniser as find

    return find(languages)


def open_workspace(workspace: Path | None) -> Any:
    """The store of the named workspace, or of the nearest one above this folder."""
    from dossier.store.db import find_workspace, open_store

    return open_store(workspace if workspace is not None else find_workspace(Path.cwd()))


GIVE_WAY = 10  # nice: whoever reviews while a batch runs does not wait for it


@contextmanager
def batch(
    workspace: Path | None, command: str, workers: int | None
) -> Iterator[tuple[Store, ProcessEngine, dict[str, Any]]]:
    """One batch in a workspace: the lock, the log, and the processes."""
    import os

    from dossier.engines.processes import ProcessEngine
    from dossier.store.db import batch_lock
    from dossier.store.runs import logged_run

    with (
        open_workspace(workspace) as store,
        batch_lock(store.folder, command),
        logged_run(store, command) as log,
        ProcessEngine(workers or os.cpu_count() or 1, nice=GIVE_WAY) as engine,
    ):
        yield store, engine, log


class Progress:
    """A bar on a terminal, plain lines elsewhere; on the error stream, so that output can be piped."""

    def __init__(self, *, quiet: bool = False) -> None:
        self._bar: Any = None
        self._task: TaskID | None = None
        self._total = self._done = 0
        self._verb = ""
        self._quiet = quiet
        self._terminal = sys.stderr.isatty()

    def __enter__(self) -> Progress:
        if self._terminal and not self._quiet:
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
            from rich.progress import Progress as Bar

            columns = [TextColumn("{task.description:8}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
                       TextColumn("{task.fields[file]}")]  # fmt: skip
            self._bar = Bar(*columns, console=Console(stderr=True))
            self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def begin(self, verb: str) -> Callable[[int], None]:
        def start(total: int) -> None:
            self._verb, self._total, self._done = verb, total, 0
            if self._bar is not None:
                self._task = self._bar.add_task(verb, total=total, file="")

        return start

    def read(self, path: str, state: str, reason: str | None) -> None:
        """Tell how one file ended, in the words of `dossier status`."""
        self.line(path, "done with warnings" if state == "warned" else state, reason)

    def note(self, path: str, fate: str, reason: str | None) -> None:
        """Tell of something that is no document."""
        if not self._quiet and self._bar is None:
            click.echo(f"{visible(path)}  {fate}" + (f": {visible(reason)}" if reason else ""), err=True)

    def step(self, what: str, done: int, *, shown: bool) -> None:
        """Tell how far a stage is; `shown` is whether it is worth a line where there is no bar."""
        self._done = done
        if self._quiet:
            return
        if self._bar is None:
            if shown:
                click.echo(f"{self._verb} {done}/{self._total}  {visible(what)}", err=True)
        elif self._task is not None:
            self._bar.update(self._task, completed=done, file=visible(what)[:40])

    def line(self, path: str, fate: str, reason: str | None = None) -> None:
        """Tell that one document is done and on the disk."""
        self._done += 1
        said = f"{visible(path)}  {fate}" + (f": {visible(reason)}" if reason else "")
        if self._quiet:
            return
        if self._bar is None:
            click.echo(f"{self._verb} {self._done}/{self._total}  {said}", err=True)
        elif self._task is not None:
            self._bar.update(self._task, advance=1, file=visible(path)[:40])
            if fate == "quarantined":
                self._bar.console.print(said, style="red", markup=False, highlight=False)


def visible(words: str) -> str:
    """Words for a screen: what would move the cursor, colour the screen or turn the reading direction is shown as \\u...."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in words)


def short_path(path: str | Path) -> str:
    """A path as a person would type it from here."""
    path = Path(path)
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)


def print_table(rows: list[tuple[str, str]]) -> None:
    """Two columns, the first aligned."""
    width = max((len(name) for name, _ in rows), default=0)
    for name, value in rows:
        click.echo(f"{name.ljust(width)}  {value}".rstrip())


def say_copies(found: dict[str, Any]) -> list[tuple[str, str]]:
    """A line of a table where documents count as one source; `found` holds the groups of `describe_copies`."""
    copies, older = found["copies"], found["superseded"]
    if not copies and not older:
        return []
    several = sum(map(len, copies))
    said = [
        f"{several:,} documents are copies of {len(copies):,} report{'' if len(copies) == 1 else 's'}"
        if copies
        else "",
        f"{len(older):,} {'is an older issue' if len(older) == 1 else 'are older issues'}" if older else "",
    ]
    return [("one source", f"{'; '.join(filter(None, said))} (dossier status names them)")]
