"""One page of HTML into text, its blocks and notes, and the way back to the characters of the file."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from dossier.errors import InputError
from dossier.ingest.draft import Draft
from dossier.ingest.html.charset import decode_page
from dossier.ingest.html.emit import emit
from dossier.ingest.html.lay import Laid, lay_out
from dossier.ingest.html.notes import find_notes
from dossier.ingest.html.region import choose
from dossier.ingest.html.stated import read_stated
from dossier.ingest.html.walk import read_page
from dossier.ingest.language import find_language
from dossier.ingest.meta import Meta
from dossier.ingest.reflow import warn_of_marks

TITLE_BLOCKS = 12  # the headline stands among the first blocks


def read_html(data: bytes, meta: Meta, charset: str | None = None) -> Draft:
    """Read a page; `charset` is the encoding that what it came in names. Raises InputError (empty, not_text, too_large)."""
    with _without_collecting():
        return _read(data, meta, charset)


def _read(data: bytes, meta: Meta, charset: str | None) -> Draft:
    source, encoding, warnings = decode_page(data, declared=meta.encoding, named=charset)
    page = read_page(source)
    markers = find_notes(page)
    blocks = lay_out(page.chunks, {(marker.run, marker.start) for marker in markers})
    if not blocks:
        raise InputError(
            "empty", "empty: the page shows no words (scripts are not run); save it from a browser as text or PDF"
        )
    kept = [block for block, keep in zip(blocks, choose(page, blocks), strict=True) if keep]
    _name_title(kept)
    text, offsets, made, marks = emit(source, kept, markers)
    stated = read_stated(page, next((block.words for block in kept[:TITLE_BLOCKS] if block.kind == "title"), None))
    # the words tell it better than a template that says `en` of every page
    stated = replace(stated, language=find_language(text, made) or stated.language)
    seen = [w for w in warn_of_marks(source) if w.code == "control_characters"]
    turned = [w for w in warn_of_marks(text) if w.code == "direction_marks"]
    return Draft(text, offsets, made, encoding, None, [*warnings, *seen, *turned], stated, marks)


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Leave the collector of cycles out: a page makes a million objects and no cycle, and looking for some takes 40 % of the
    time that reading it does."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _name_title(blocks: list[Laid]) -> None:
    """The first headline is the title; the headings under it keep their depth."""
    for block in blocks[:TITLE_BLOCKS]:
        if block.kind == "heading" and block.level == 1:
            block.kind, block.level = "title", 0
            return
    if blocks[0].kind == "heading":
        blocks[0].kind, blocks[0].level = "title", 0
