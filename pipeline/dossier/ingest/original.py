"""A report's file as a witness: does it read, at a `source`, what an export quotes?

The way back of the readers. To add a format: a class with `reads`, `where` and `gap`, and a line in ORIGINALS.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from dossier.errors import InputError
from dossier.ingest.docx.original import DocxOriginal
from dossier.ingest.html.references import decode_references
from dossier.ingest.mail import find_body
from dossier.ingest.sniff import DOCX, HTML, MAIL, MARKDOWN, MHTML, PDF, PLAIN

if TYPE_CHECKING:
    from dossier.ingest.pdf.ocr import Recogniser


class Original(Protocol):
    def reads(self, source: dict[str, Any], quote: str) -> str | None:
        """None where the file reads `quote` at `source`; else the words that stand there."""
        ...

    def where(self, source: dict[str, Any]) -> str:
        """`source` in words, for people who look it up: `page 3`."""
        ...

    def gap(self, source: dict[str, Any] | None = None) -> str | None:
        """What of the file, or of a source in it, cannot be read in this way, in words: `page 3 is a picture`."""
        ...


class TextOriginal:
    """A file of text, decoded."""

    def __init__(self, data: bytes, encoding: str | None, recogniser: Recogniser | None = None) -> None:
        # near-UTF-8 files were read with U+FFFD for what is broken, so that positions can be found again
        self._decoded = data.decode(encoding or "utf-8", "replace").removeprefix("\ufeff")

    def reads(self, source: dict[str, Any], quote: str) -> str | None:
        words = "".join(self._decoded[start:end] for start, end in source.get("parts", ()))
        return None if words.split() == quote.split() else words

    def where(self, source: dict[str, Any]) -> str:
        return f"characters {source.get('start')}-{source.get('end')}"

    def gap(self, source: dict[str, Any] | None = None) -> str | None:
        return None


class HtmlOriginal(TextOriginal):
    """A page: references in it are characters. White space makes no difference, for two cells of a table have none between."""

    def reads(self, source: dict[str, Any], quote: str) -> str | None:
        words = "".join(decode_references(self._decoded[start:end]) for start, end in source.get("parts", ()))
        return None if "".join(words.split()) == "".join(quote.split()) else words


def open_saved_page(data: bytes, encoding: str | None, recogniser: Recogniser | None = None) -> Original:
    """The page itself; what else was saved with it is no part of the text."""
    return HtmlOriginal(find_body(data, is_page=True).data, encoding)


def open_mail(data: bytes, encoding: str | None, recogniser: Recogniser | None = None) -> Original:
    """The text of a mail."""
    body = find_body(data, is_page=False)
    return HtmlOriginal(body.data, encoding) if body.is_html else TextOriginal(body.data, encoding)


def open_pdf(data: bytes, encoding: str | None, recogniser: Recogniser | None = None) -> Original:
    from dossier.ingest.pdf.original import PdfOriginal  # takes a while to load, and many desks have no PDF

    return PdfOriginal(data, recogniser)


ORIGINALS: dict[str, Callable[[bytes, str | None, Recogniser | None], Original]] = {
    PLAIN: TextOriginal,
    MARKDOWN: TextOriginal,
    HTML: HtmlOriginal,
    MHTML: open_saved_page,
    MAIL: open_mail,
    PDF: open_pdf,
    DOCX: DocxOriginal,
}


def open_original(data: bytes, media_type: str, encoding: str | None, recogniser: Recogniser | None = None) -> Original:
    """The file of a document record, to look quotes up in; `recogniser` reads pages that are pictures.

    Raises InputError where it does not open, or its format is none that is read.
    """
    if media_type not in ORIGINALS:
        raise InputError("format_not_supported", f"{media_type} is no format that quotes can be looked up in")
    return ORIGINALS[media_type](data, encoding, recogniser)
