"""What a file is, by its content. Its name only decides between plain text and Markdown."""

from __future__ import annotations

import codecs
import re
import struct
from io import BytesIO
from pathlib import PurePath

from dossier.errors import InputError
from dossier.ingest.archive import refuse_long_list
from dossier.ingest.ole import refuse_ole

PLAIN = "text/plain"
MARKDOWN = "text/markdown"
HTML = "text/html"
PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MAIL = "message/rfc822"
MHTML = "multipart/related"
ZIP = "application/zip"

EXTENSIONS = {
    ".txt": PLAIN,
    ".text": PLAIN,
    ".md": MARKDOWN,
    ".markdown": MARKDOWN,
    ".html": HTML,
    ".htm": HTML,
    ".xhtml": HTML,
    ".pdf": PDF,
    ".docx": DOCX,
    ".eml": MAIL,
    ".mht": MHTML,
    ".mhtml": MHTML,
    ".zip": ZIP,
}
NAMES = {
    PLAIN: "plain text",
    MARKDOWN: "Markdown",
    HTML: "HTML",
    PDF: "PDF",
    DOCX: "a Word document (DOCX)",
    MAIL: "a mail (EML)",
    MHTML: "a saved page (MHTML)",
    ZIP: "an archive (ZIP)",
}

HEAD = 4096  # bytes; the longest run of comments seen before <html> in saved pages is under 3,000
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF87a", "a GIF image"),
    (b"GIF89a", "a GIF image"),
    (b"II*\0", "a TIFF image"),
    (b"MM\0*", "a TIFF image"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an OLE file (of old Office programs)"),
    (b"{\\rtf", "an RTF document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ\0", "an xz archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\x7fELF", "a program (ELF)"),
    (b"SQLite format 3\0", "an SQLite database"),
    (b"%!PS", "a PostScript document"),
)
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_PDF_WITHIN = 1024  # bytes before %PDF- that readers forgive
_PDF_PARTS = re.compile(rb"\btrailer\s*<<|\b\d+\s+\d+\s+obj\b|\bstartxref\b|/Type\s*/(?:Page|Catalog)\b")
_FEW_WORDS = 5
_PAGE = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->).)*+-->\s*+)*+<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
_HEADERS = re.compile(r"(?:[!-9;-~]+:[^\n]*\n(?:[ \t][^\n]*\n)*+)++(?:\r?\n)?")
_ENVELOPE = frozenset(["to", "cc", "received", "delivered-to", "return-path", "message-id"])  # of a mail that was sent
_TAG = re.compile(r"<(?:[a-zA-Z][a-zA-Z0-9]*[\s/>]|!doctype|!--)", re.I)


def extension(name: str) -> str:
    return PurePath(name).suffix.lower()


def sniff(data: bytes, name: str) -> str:
    """Return the media type of a file's content.

    name: decides only between plain text and Markdown, and helps where HTML begins without its first tags.
    Raises InputError (format_not_supported, not_text) for a format that is known and not a report's.
    """
    named = EXTENSIONS.get(extension(name))
    _refuse_known(data, named)
    if data.startswith(_ZIP):
        return _zip_type(data, named)
    if b"%PDF-" in data[:_PDF_WITHIN] or (named == PDF and _is_wreck_of_pdf(data)):
        return PDF
    head = _head(data)
    if kind := _mail_type(head, named):
        return kind
    if _PAGE.match(head) or (named == HTML and _TAG.search(head)):
        return HTML
    if re.match(r"\s*<\?xml\b", head):
        raise InputError("format_not_supported", f"format not supported: it is XML; {_save_as()}")
    return MARKDOWN if named == MARKDOWN else PLAIN


def mismatch(name: str, media_type: str) -> str | None:
    """Say so where a name promises another format than the content has."""
    named = EXTENSIONS.get(extension(name))
    if named is None or named == media_type:
        return None
    return (
        f"content does not match name: the name ends in {extension(name)} ({NAMES[named]}), "
        f"the content is {NAMES[media_type]} and was read as that; rename the file if it is the right one"
    )


def _is_wreck_of_pdf(data: bytes) -> bool:
    """Whether a file with the name of a PDF and without its first line was one, or is too short to be a text instead."""
    return bool(_PDF_PARTS.search(data)) or len(data.split(None, _FEW_WORDS)) < _FEW_WORDS


def _refuse_known(data: bytes, named: str | None) -> None:
    what = next((what for magic, what in _MAGIC if data.startswith(magic)), None)
    if what is None and data[:4] == b"RIFF" and data[8:12] in (b"WEBP", b"WAVE", b"AVI "):
        what = "an image, sound or film (RIFF)"
    if what is None and data[:2] == b"MZ" and b"\0" in data[:64]:
        what = "a program (Windows)"
    if what is None:
        return
    refuse_ole(data)
    if named in (PLAIN, MARKDOWN) and not what.startswith(("an RTF", "a PostScript")):
        raise InputError("not_text", f"not text: it is {what}, whatever its name says; format not supported")
    raise InputError("format_not_supported", f"format not supported: it is {what}; {_save_as()}")


def _save_as() -> str:
    return "save it as plain text, Markdown, HTML, PDF or DOCX"


def _mail_type(head: str, named: str | None) -> str | None:
    """Whether a file is a mail or a page saved as one, by its headers; without its name they must say that it has parts."""
    match = _HEADERS.match(head.removeprefix("\ufeff").replace("\r\n", "\n"))
    if not match:
        return None
    lines = re.findall(r"^([!-9;-~]+):[ \t]*(.*)", match.group(), re.M)
    headers = {name.lower(): value for name, value in lines}
    if named not in (MAIL, MHTML) and not {"mime-version", "content-type"} <= headers.keys():
        return None
    if not headers.keys() & {"mime-version", "content-type", "from", "date", "subject", *_ENVELOPE}:
        return None
    if named == MHTML or (named != MAIL and "related" in headers["content-type"] and not headers.keys() & _ENVELOPE):
        return MHTML
    return MAIL


def _zip_type(data: bytes, named: str | None) -> str:
    """By the names of its members; nothing is unpacked to look at them."""
    members = _zip_names(data)
    if "[Content_Types].xml" in members or (not members and (named == DOCX or b"[Content_Types].xml" in data[:HEAD])):
        for part, what in (("xl/workbook", "a spreadsheet (XLSX)"), ("ppt/presentation", "slides (PPTX)")):
            if any(name.startswith(part) for name in members):
                raise InputError("format_not_supported", f"format not supported: it is {what}; {_save_as()}")
        return DOCX
    if named == DOCX:
        return DOCX
    if data[30:38] == b"mimetype":
        raise InputError(
            "format_not_supported", f"format not supported: it is an OpenDocument or EPUB file; {_save_as()}"
        )
    return ZIP


def _zip_names(data: bytes) -> frozenset[str]:
    """The names in an archive's list of members; none where the list is broken. Raises InputError where it is too long."""
    from zipfile import BadZipFile, ZipFile

    refuse_long_list(BytesIO(data))
    try:
        with ZipFile(BytesIO(data)) as archive:
            return frozenset(archive.namelist())
    except (BadZipFile, ValueError, NotImplementedError, struct.error, OSError):
        return frozenset()


def _head(data: bytes) -> str:
    """The first characters, good enough to look for tags."""
    head = data[:HEAD]
    for bom, codec in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if head.startswith(bom):
            return head[len(bom) :].decode(codec, "replace")
    return head.replace(b"\0", b"").decode("latin-1")
