"""One report file, in bytes, into one Document. Pure: nothing is opened, fetched or run."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

from dossier.errors import InputError
from dossier.ingest.citations import cite
from dossier.ingest.docx.read import read_docx
from dossier.ingest.draft import Draft, Reader
from dossier.ingest.html.read import read_html
from dossier.ingest.language import find_language, warn_of_language
from dossier.ingest.mail import read_mail, read_saved_page
from dossier.ingest.markdown import read_markdown
from dossier.ingest.meta import Meta, find_header
from dossier.ingest.notes import link_notes
from dossier.ingest.pdf.read import read_pdf
from dossier.ingest.sniff import DOCX, HTML, MAIL, MARKDOWN, MHTML, NAMES, PDF, PLAIN, mismatch, sniff
from dossier.ingest.text import read_text
from dossier.records import Block, Document, Section, Warned

if TYPE_CHECKING:
    from dossier.ingest.pdf.ocr import Recogniser

INGEST_VERSION = "2"  # raised whenever the text, blocks or offsets of the same bytes would change
MAX_TEXT = 64 << 20  # bytes of a text file
TEXTS = frozenset([PLAIN, MARKDOWN, HTML])

READERS: dict[str, Reader] = {
    PLAIN: read_text,
    MARKDOWN: read_markdown,
    HTML: read_html,
    MHTML: read_saved_page,
    MAIL: read_mail,
    PDF: read_pdf,
    DOCX: read_docx,
}


def read_document(
    data: bytes, *, name: str, meta: Meta | None = None, recogniser: Recogniser | None = None
) -> Document:
    """Read a report.

    name: the file's name, for its extension only; meta: its NAME.meta.toml, which wins over what the report says;
    recogniser: reads the pages of a PDF that are pictures.
    Raises InputError: empty, not_text, format_not_supported, too_large, malformed, password_needed.
    """
    meta = meta or Meta()
    if not data.strip(b" \t\r\n\f\v\0"):
        raise InputError(
            "empty", f"empty: there is nothing in its {len(data)} bytes; remove it or look for a better copy"
        )
    media_type = sniff(data, name)
    reader = _find_reader(media_type, len(data))
    draft = read_pdf(data, meta, recogniser) if reader is read_pdf else reader(data, meta)
    if media_type in (PLAIN, MARKDOWN) and not draft.blocks:
        raise InputError("empty", "empty: nothing is left of it when its marks are taken out; look for a better copy")
    warnings = list(draft.warnings)
    if words := mismatch(name, media_type):
        warnings.insert(0, Warned("content_mismatch", words))
    return _make_document(data, media_type, draft, meta, warnings)


def _find_reader(media_type: str, size: int) -> Reader:
    if media_type not in READERS:
        reads = ", ".join(sorted(NAMES[known] for known in READERS))
        raise InputError(
            "format_not_supported",
            f"format not supported: it is {NAMES[media_type]}; this version reads {reads}: save it as one of these",
        )
    if media_type in TEXTS and size > MAX_TEXT:
        raise InputError(
            "too_large", f"too large: {size >> 20} MB of text; at most {MAX_TEXT >> 20} MB are read; split it"
        )
    return READERS[media_type]


def _make_document(data: bytes, media_type: str, draft: Draft, meta: Meta, warnings: list[Warned]) -> Document:
    digest = hashlib.sha256(data).hexdigest()
    notes, unlinked = link_notes(draft.text, draft.blocks, draft.marks)
    notes, works = cite(notes)
    header = find_header(draft.text, draft.blocks)
    stated = draft.stated
    language = meta.language or stated.language or find_language(draft.text, draft.blocks)
    return Document(
        id=f"d_{digest[:20]}",
        sha256=digest,
        media_type=media_type,
        encoding=draft.encoding,
        text=draft.text,
        offsets=draft.offsets.to_bytes(),
        ingest=INGEST_VERSION,
        title=meta.title or stated.title or header.title,
        date=meta.date or stated.date or header.date,
        publisher=meta.publisher or stated.publisher or header.publisher,
        url=meta.url or stated.url,
        reliability=meta.reliability,
        pages=draft.pages,
        language=language,
        blocks=draft.blocks,
        sections=find_sections(draft.text, draft.blocks),
        notes=notes,
        works=works,
        warnings=[*warnings, *unlinked, *warn_of_language(language)],
    )


def find_sections(text: str, blocks: Sequence[Block]) -> list[Section]:
    """The section tree: every heading with what stands under it, up to the next one of its level or above."""
    headings = [block for block in blocks if block.kind == "heading"]
    ends = [len(text)] * len(headings)
    still_open: list[int] = []
    for i, heading in enumerate(headings):
        while still_open and headings[still_open[-1]].level >= heading.level:
            ends[still_open.pop()] = heading.start
        still_open.append(i)
    return [Section(text[h.start : h.end], h.level, h.start, end) for h, end in zip(headings, ends, strict=True)]
