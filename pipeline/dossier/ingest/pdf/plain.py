"""A page of a PDF as a picture, and nothing over it: for the review page. It runs in a process of its own."""

from __future__ import annotations

import hashlib
from io import BytesIO
from typing import Any

import pypdfium2

from dossier.errors import InputError
from dossier.ingest.worker import read_bytes

MAX_SIDE = 6000  # pixels
_OPEN: dict[str, Any] = {}  # the last file, by its sha256: a reviewer turns its pages


def draw_plain(task: Any) -> tuple[bytes, float, float]:
    """A PNG of a page, `task.width` pixels wide, and the size of the page in points.

    task: with `path`, `sha256`, `page` (from 1), `width`. Raises InputError.
    """
    document = _open(task)
    try:
        page = document[task.page - 1]
        width, height = page.get_size()
        scale = min(task.width / max(1.0, width), MAX_SIDE / max(1.0, width, height))
        picture = page.render(scale=scale).to_pil().convert("RGB")
        page.close()
    except (pypdfium2.PdfiumError, IndexError, ValueError) as error:
        raise InputError("pdf_page", f"PDFium cannot draw it ({error})") from error
    made = BytesIO()
    picture.save(made, "PNG", compress_level=3)
    return made.getvalue(), float(width), float(height)


def _open(task: Any) -> Any:
    if task.sha256 not in _OPEN:
        data = read_bytes(task.path)
        if hashlib.sha256(data).hexdigest() != task.sha256:
            raise InputError("changed", "the file was changed since it was read; run: dossier run")
        for former in list(_OPEN):
            _OPEN.pop(former).close()
        try:
            _OPEN[task.sha256] = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            raise InputError("pdf_broken", f"PDFium cannot open it ({error})") from error
    return _OPEN[task.sha256]
