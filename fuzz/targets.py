"""What is fuzzed: each target takes bytes and raises where something does not hold that must hold for any bytes.

A reader ends with a Document or an InputError. Of a Document: its text can be written, its blocks cover it in order, its map
survives packing, and spans all over it lead back to the same words in the file.
"""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from dossier.contract import Source as SourceOfContract
from dossier.contract import TypeAdapter
from dossier.errors import AlignmentError, InputError
from dossier.ingest.original import open_original
from dossier.ingest.read import read_document
from dossier.ingest.sniff import PDF
from dossier.offsets import OffsetMap, TextBuilder
from dossier.paragraphs import ParagraphMap
from dossier.records import Document
from dossier.source_map import open_map

EXAMPLES = Path(__file__).parents[1] / "corpus" / "examples"
SPANS = 40  # of each document, that are led back
_SOURCE = TypeAdapter(SourceOfContract)


class BrokenError(Exception):
    """Something that must hold does not."""


def read(data: bytes, name: str) -> None:
    """Read a file, and hold what was read to what it must be."""
    try:
        document = read_document(data, name=name)
    except InputError as error:
        if not error.code or not error.reason:
            raise BrokenError("an error without a code or a reason") from error
        return
    check_document(document)
    check_way_back(document, data)


def check_document(document: Document) -> None:
    text = document.text
    text.encode()  # no lone surrogates
    at = 0
    for block in document.blocks:
        words = text[block.start : block.end]
        if not words or words != words.strip() or block.start < at or text[at : block.start].strip():
            raise BrokenError(f"a block of kind {block.kind} does not lie as it should")
        at = block.end
    if text[at:].strip():
        raise BrokenError("words after the last block")
    for note in document.notes:
        if text[note.start : note.end] != note.text or any(m.start >= m.end for m in note.markers):
            raise BrokenError("a note is not where it says")


def check_way_back(document: Document, data: bytes) -> None:
    offsets = open_map(document.offsets)
    if offsets.to_bytes() != document.offsets or not offsets.fits(document.text):
        raise BrokenError("the map is another one when it is packed again, or is of another text")
    original = open_original(data, document.media_type, document.encoding)
    for start, end in spans(document):
        source = offsets.source(start, end)
        _SOURCE.validate_python(source, strict=True)
        quote = document.text[start:end]
        found = original.reads(source, quote)
        # a PDF whose widths are broken prints letters over each other; there, no box tells them apart
        if found is not None and document.media_type != PDF:
            raise BrokenError(f"a span leads to other words: {quote[:40]!r}, {found[:40]!r}")


def spans(document: Document) -> Iterator[tuple[int, int]]:
    """Whole blocks, and stretches of words in them."""
    blocks = [block for block in document.blocks if block.start < block.end]
    for block in blocks[:: max(1, len(blocks) // SPANS)]:
        yield block.start, block.end
        words = document.text[block.start : block.end]
        middle = block.start + (words.find(" ") + 1 or len(words) // 2)
        if not document.text[middle : block.end].isspace() and middle < block.end:
            yield middle, block.end


# --------------------------------------------------------------------------- readers


def text(data: bytes) -> None:
    read(data, "report.txt")


def markdown(data: bytes) -> None:
    read(data, "report.md")


def pdf(data: bytes) -> None:
    read(data, "report.pdf")


def docx(data: bytes) -> None:
    """Parts of a package, parted by NUL: document, footnotes, styles, numbering, header. What begins with PK is a whole file."""
    read(data if data.startswith(b"PK") else package(data.split(b"\0")), "report.docx")


PARTS = ("document", "footnotes", "styles", "numbering", "header")
_SCHEMAS = "http://schemas.openxmlformats.org"
_TYPES = (
    f'<Types xmlns="{_SCHEMAS}/package/2006/content-types"><Override PartName="/word/document.xml" ContentType="application/vnd.'
    'openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)


def package(parts: list[bytes]) -> bytes:
    """A file around parts, so that changes reach the XML and are not stopped by checksums."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr("_rels/.rels", _relations(["officeDocument"], "word/document.xml"))
        archive.writestr("word/_rels/document.xml.rels", _relations(list(PARTS[1:]), "{}.xml"))
        for name, part in zip(PARTS, parts, strict=False):
            archive.writestr(f"word/{name}.xml", part)
    return file.getvalue()


def _relations(kinds: list[str], target: str) -> str:
    inner = "".join(
        f'<Relationship Id="{kind}" Type="{_SCHEMAS}/officeDocument/2006/relationships/{kind}" Target="{target.format(kind)}"/>'
        for kind in kinds
    )
    return f'<Relationships xmlns="{_SCHEMAS}/package/2006/relationships">{inner}</Relationships>'


def html(data: bytes) -> None:
    read(data, "report.html")


def mail(data: bytes) -> None:
    read(data, "report.eml")


# --------------------------------------------------------------------------- the maps


def offsets(data: bytes) -> None:
    """A list of edits to a text, applied, packed, unpacked and undone; and the bytes themselves as packed maps."""
    for kind, magic in ((OffsetMap, b"OFF1"), (ParagraphMap, b"PAR1")):
        with suppress(AlignmentError):
            kind.from_bytes(magic + data)
    count = min(len(data) // 3, 200)
    steps = list(struct.iter_unpack("BBB", data[: 3 * count]))
    source = data[3 * count :].decode("utf-8", "replace")
    builder = TextBuilder(source)
    for step, length, kind in steps:
        end = min(builder.at + length, len(source))
        removed = source[builder.at : end]
        if step % 3 == 0:
            builder.keep(end)
        else:
            builder.replace(end, ("", " ", "\n", "\n\n")[kind % 4] if not removed.strip() and step % 3 == 1 else "")
    made, found = builder.finish()
    if found.restore(made) != source:
        raise BrokenError("undoing the edits does not give the source")
    again = OffsetMap.from_bytes(found.to_bytes())
    if again.to_bytes() != found.to_bytes() or again.restore(made) != source or not again.fits(made):
        raise BrokenError("a map that was packed is another one")
    _check_spans(made, source, found)
    starts = sorted({0, *(at + 1 for at, c in enumerate(source) if c == "\n")})
    paragraphs = ParagraphMap(
        found, ["a", "b"], [i % 2 for i in range(len(starts))], range(1, len(starts) + 1), starts, len(source)
    )
    if ParagraphMap.from_bytes(paragraphs.to_bytes()).to_bytes() != paragraphs.to_bytes():
        raise BrokenError("a map of paragraphs that was packed is another one")
    lines = source.split("\n")
    for start, end in _some_spans(made):
        words = "".join(lines[each.paragraph - 1][each.start : each.end] for each in paragraphs.stretches(start, end))
        if "".join(words.split()) != "".join(made[start:end].split()):
            raise BrokenError("a span leads to other words of the paragraphs")


def _check_spans(made: str, source: str, found: OffsetMap) -> None:
    for start, end in _some_spans(made):
        words = "".join(source[s:e] for s, e in found.parts(start, end))
        if "".join(words.split()) != "".join(made[start:end].split()):
            raise BrokenError("a span leads to other words")
        if not made[start].isspace() and found.in_text(found.start_in_source(start)) != start:
            raise BrokenError("a character does not lead there and back")


def _some_spans(made: str) -> Iterator[tuple[int, int]]:
    for start in range(0, len(made), max(1, len(made) // SPANS)):
        for length in (1, 3, 17, len(made)):
            yield start, min(start + length, len(made))


# --------------------------------------------------------------------------- what to begin with


def seeds(target: str) -> list[bytes]:
    """Files of the project's own writing, and parts of them."""
    if target in ("text", "markdown", "html", "mail"):
        ends = {"text": "*.txt", "markdown": "*.md", "html": "*.htm*", "mail": "*.eml"}[target]
        whole = [path.read_bytes() for path in sorted(EXAMPLES.glob(ends))]
        return [part for data in whole for part in (data[:2000], data[len(data) // 2 : len(data) // 2 + 1500])]
    if target == "pdf":
        return [_first_page(path) for path in sorted(EXAMPLES.glob("*.pdf"))]
    if target == "docx":
        return [seed for path in sorted(EXAMPLES.glob("*.docx")) for seed in (path.read_bytes(), _unpacked(path))]
    text = "The Front was\n founded in\r\n1998.  It grew.\n\nIt left. é🎉ع \u00ad".encode() * 3
    return [bytes([0, 5, 0, 1, 3, 1, 2, 4, 0] * 5) + text, text]


def _first_page(path: Path) -> bytes:
    """One page alone: whole reports take so long to read that few changes are tried."""
    import pypdfium2

    made, file = pypdfium2.PdfDocument.new(), io.BytesIO()
    made.import_pages(pypdfium2.PdfDocument(path), [0])
    made.save(file)
    return file.getvalue()


def _unpacked(path: Path) -> bytes:
    with zipfile.ZipFile(path) as archive:
        names = [f"word/{name}.xml" for name in PARTS]
        return b"\0".join(archive.read(name) for name in names)


TARGETS: dict[str, Callable[[bytes], None]] = {
    each.__name__: each for each in (text, markdown, pdf, docx, html, mail, offsets)
}
