"""The way from the text of a document back to its file, whatever the format.

To add a format with a way back of its own: a class with these methods and `from_bytes`, a line in MAPS under the first
four bytes that it writes, and its form of `source` in `contract.py`.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any, Protocol

from dossier.errors import AlignmentError

MAPS = {
    b"OFF1": "dossier.offsets:OffsetMap",  # text formats
    b"BOX1": "dossier.boxes:BoxMap",  # PDF
    b"PAR1": "dossier.paragraphs:ParagraphMap",  # DOCX
}
CODE = (
    "boxes.py",
    "lines.py",
    "offsets.py",
    "paragraphs.py",
    "source_map.py",
)  # where one of these changes, a source may read otherwise


class SourceMap(Protocol):
    """`start` and `end` are half-open, in characters of `Document.text`."""

    def source(self, start: int, end: int) -> dict[str, Any]:
        """The `source` of the contract for `text[start:end]`."""
        ...

    def anchor(self, start: int, end: int) -> tuple[object, ...]:
        """Where `text[start:end]` stands in the file: what an id hangs on. Stretches apart have anchors apart."""
        ...

    def fits(self, text: str) -> bool:
        """Whether this may be the map of `text`, by its length."""
        ...

    def to_bytes(self) -> bytes: ...


def open_map(data: bytes) -> SourceMap:
    """The map that these bytes hold.

    Raises AlignmentError where they are damaged, or no map that this version knows.
    """
    magic = data[:4]
    if magic not in MAPS:
        known = ", ".join(repr(each) for each in MAPS)
        raise AlignmentError(
            f"a map of {len(data)} bytes begins with {magic!r}, not with one of {known}; run: dossier doctor"
        )
    module, _, name = MAPS[magic].partition(":")
    found: SourceMap = getattr(import_module(module), name).from_bytes(data)
    return found
