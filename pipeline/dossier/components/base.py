"""What every component shares: the extensions of a `Doc` and the frame it stands in.

A `Doc` is a working view of one chunk of a document. Components read `doc._.frame` and add to `doc._.found`
(`list[Found]`), `doc._.links` (`list[Link]`), `doc._.absences` (`list[Absence]`), `doc._.anaphors` (`list[Anaphor]`) and
`doc._.happenings` (`list[Happening]`); all spans count characters of `doc.text`. `doc._.middle` has a row of states of a
middle layer of the encoder for each token, where a model's pair classifier asks for them, else None.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dossier.records import Block

if TYPE_CHECKING:
    from spacy.tokens import Doc


@dataclass(slots=True)
class Frame:
    """What a component may know of the document around its chunk.

    `blocks` are those of the chunk, in characters of the chunk's text; `headings[i]` is the title of the section that
    `blocks[i]` stands in; `title`, `date` (EDTF) and `publisher` are the report's.
    """

    blocks: list[Block] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    title: str | None = None
    date: str | None = None
    publisher: str | None = None


def prepare(doc: Doc, frame: Frame | None = None) -> Doc:
    """Give a `Doc` its frame; without one, its whole text is one paragraph."""
    register()
    doc._.frame = frame or Frame(blocks=[Block("paragraph", 0, len(doc.text))], headings=[""])
    return doc


def register() -> None:
    """Set the extensions, once a process."""
    from spacy.tokens import Doc

    if not Doc.has_extension("frame"):
        Doc.set_extension("frame", default=None)
        Doc.set_extension("found", default=[])  # spaCy copies a mutable default for each Doc
        Doc.set_extension("links", default=[])
        Doc.set_extension("absences", default=[])
        Doc.set_extension("anaphors", default=[])
        Doc.set_extension("happenings", default=[])
        Doc.set_extension("middle", default=None)
