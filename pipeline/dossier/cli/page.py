"""One page of a PDF into a PNG. The file is read and drawn in a process of its own: a broken one takes nothing down."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from dossier.cli.common import open_workspace, short_path
from dossier.cli.show import find_report
from dossier.engines.processes import Failure, Limits, ProcessEngine
from dossier.errors import DossierError, UsageError, WorkspaceError
from dossier.export.files import written_whole
from dossier.export.originals import is_file
from dossier.records import Document, Span

LIMITS = Limits(seconds=120.0, memory_mb=1500)  # to read a file and draw one page


@dataclass(frozen=True, slots=True)
class Task:
    """`path`: the file, or the archive or mail that it lies in. `document` is None where the file is not in the workspace and has
    yet to be read."""

    path: Path
    page: int
    document: Document | None = None
    mentions: tuple[Span, ...] = ()


def write_page(file: str, page: int, output: Path | None, workspace: Path | None) -> str:
    """Draw a page of a report of the workspace, or of a PDF outside one. Returns what was written, in words."""
    task = _find(file, page, workspace)
    if output is None:
        output = Path.cwd() / f"{task.path.stem[:200]}.page-{page}.png"
    with ProcessEngine(1, limits=LIMITS) as engine:
        [(_, result)] = engine.map(draw, [task])
    if isinstance(result, Failure):
        raise UsageError(f"{file}: {result.reason}")
    picture, said = result
    with written_whole(output) as png:
        png.write(picture)
    return f"page {page} of {short_path(task.path)}: {said} -> {short_path(output)}"


def _find(file: str, page: int, workspace: Path | None) -> Task:
    try:
        return _find_stored(file, page, workspace)
    except (UsageError, WorkspaceError) as error:
        if workspace is not None:
            raise
        if Path(file).is_file():
            return Task(Path(file).absolute(), page)
        if isinstance(error, UsageError):
            raise
        raise UsageError(
            f"{file} is no file, and there is no workspace here that may know it; check the name"
        ) from error


def _find_stored(file: str, page: int, workspace: Path | None) -> Task:
    from dossier.store.documents import load_document
    from dossier.store.proposals import iter_proposals

    with open_workspace(workspace) as store:
        found = find_report(store, file)
        document = load_document(store, found.document or "")
        mentions = tuple(Span(m["start"], m["end"]) for m in iter_proposals(store, "mention", document.id))
        base, path = store.folder / found.root, store.folder / found.root / found.path
    lies_in = next((each for each in (path, *path.parents) if is_file(each) and base in each.parents), None)
    if lies_in is None:
        raise DossierError(f"{found.path} is no longer in {found.root}; put it back to see its pages")
    return Task(lies_in, page, document, mentions)


# ------------------------------------------------------------------ in the worker


def draw(task: Task) -> tuple[bytes, str]:
    """The PNG, and what is on it in words. Raises InputError."""
    import hashlib

    from dossier.errors import InputError
    from dossier.ingest.sniff import NAMES, PDF
    from dossier.ingest.worker import find_members, read_bytes, read_report

    document = task.document or read_report(task.path)
    if document.media_type != PDF:
        name = NAMES.get(document.media_type, document.media_type)
        raise InputError("not_a_pdf", f"it is {name}, which has no pages; without --page its text is shown")
    if not 1 <= task.page <= (document.pages or 0):
        pages = f"{document.pages} page{'' if document.pages == 1 else 's'}"
        raise InputError("no_such_page", f"there is no page {task.page}: it has {pages}")
    data = read_bytes(task.path)
    if hashlib.sha256(data).hexdigest() != document.sha256:
        member = find_members(task.path).get(document.sha256)
        if member is None:
            raise InputError("changed", "the file was changed since it was read; run: dossier run")
        data = member.read_bytes()

    from dossier.ingest.pdf.picture import draw_page
    from dossier.ingest.pdf.view import view_page

    view = view_page(document, task.page, task.mentions)
    blocks = sum(area.label.isdigit() for area in view.areas)
    said = f"{blocks} blocks, {len(view.left)} pieces left out, {len(view.mentions)} boxes of mentions"
    return draw_page(data, view, task.path.name), said
