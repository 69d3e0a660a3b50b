from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dossier.cli.common import open_workspace, print_table, visible, workspace_option
from dossier.errors import UsageError

if TYPE_CHECKING:
    from dossier.store.db import Store
    from dossier.store.documents import InputState


@click.command("show")
@click.argument("file")
@click.option("--text", "only_text", is_flag=True, help="Print the text alone, as offsets count it.")
@click.option("--evidence", is_flag=True, help="Also the words that each relation and event rests on.")
@click.option("--page", type=click.IntRange(1), help="Draw this page of a PDF, with what was made of it, into a PNG.")
@click.option("--output", "-o", type=click.Path(path_type=Path, dir_okay=False),
              help="Where the PNG goes; by default NAME.page-N.png in this folder.")  # fmt: skip
@workspace_option
def show_command(
    file: str, only_text: bool, evidence: bool, page: int | None, output: Path | None, workspace: Path | None
) -> None:
    """Print one report with what was found, or draw a page.

    FILE: a report by its path in the corpus, or a document id; with --page also a PDF that is in no workspace. Lines are as
    wide as the terminal, 80 characters without one; COLUMNS=200 makes them wider.

    \b
    Example: dossier show eta-profile.txt
    Example: dossier show eta-profile.txt --evidence
    Example: dossier show ruf-profile.pdf --page 2
    """
    from dossier.cli.report import print_records
    from dossier.export.traverse import Options, read_report
    from dossier.store.documents import load_document

    if page is not None:
        if only_text:
            raise UsageError("--page draws a picture and --text prints words; give one of them")
        from dossier.cli.page import write_page

        click.echo(visible(write_page(file, page, output, workspace)))
        return
    if output is not None:
        raise UsageError("--output names the picture of a page; say which one with --page N")
    with open_workspace(workspace) as store:
        found = find_report(store, file)
        document = load_document(store, found.document or "")
        if only_text:
            click.echo(document.text, nl=not document.text.endswith("\n"))
            return
        _print_head(found.path, document, find_kin(store, document.id))
        print_records(read_report(store, found.path, document, Options(pending=True)), evidence=evidence)


def find_report(store: Store, file: str) -> InputState:
    """The report that a person means by `file`; it has a document. Raises UsageError where none or several do."""
    from dossier.store.documents import load_inputs

    inputs = load_inputs(store)
    wanted = Path(file).name
    for fits in (
        lambda i: file in (i.path, i.document),
        lambda i: (Path.cwd() / file).absolute() == (store.folder / i.root / i.path),
        lambda i: Path(i.path).name == wanted,
    ):
        found = [i for i in inputs if fits(i)]
        if len(found) == 1 and found[0].document is None:
            raise UsageError(f"{file} is quarantined ({found[0].code}): {found[0].reason}")
        if len(found) == 1:
            return found[0]
        if found:
            raise UsageError(f"{file!r} may be {', '.join(i.path for i in found)}; name one of them")
    raise UsageError(f"no report {file!r} in {store.folder}; `dossier status` lists them")


def find_kin(store: Store, document: str) -> list[tuple[str, str]]:
    """The other documents that count as one source with this one, by path."""
    from dossier.store.copies import Kin, load_kin
    from dossier.store.documents import document_paths

    paths, found = document_paths(store), load_kin(store)
    kin = found.get(document, Kin())
    newer = sorted(each for each, those in found.items() if document in those.supersedes)
    rows = [("same as", kin.same_as), ("supersedes", kin.supersedes), ("superseded by", newer)]
    return [(what, visible(", ".join(paths[each] for each in those))) for what, those in rows if those]


def _print_head(path: str, document: Any, kin: list[tuple[str, str]]) -> None:
    print_table(
        [
            ("file", visible(path)),
            ("document", document.id),
            ("title", visible(document.title or "unknown")),
            ("publisher", visible(document.publisher or "unknown")),
            ("date", document.date or "unknown"),
            ("language", document.language or "unknown"),
            ("format", ", ".join(filter(None, (document.media_type, document.encoding)))),
            *([("pages", f"{document.pages:,} (draw one: dossier show {visible(path)} --page 1)")] if document.pages else []),
            ("text", f"{len(document.text):,} characters, {len(document.blocks):,} blocks, {len(document.sections):,} "
                     f"sections, {len(document.notes):,} notes, {len(document.works):,} works cited"),
            *kin,
            *(("warning", visible(w.message)) for w in document.warnings),
        ]
    )  # fmt: skip
