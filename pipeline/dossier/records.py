"""The typed records of dossier.

What moves between the rooms of the house is a light dataclass: there may be a million of them. What leaves it, the
lines of an export, are the closed models of `contract.py`.


Spans are `start, end`, half-open, in characters of `Document.text` unless a name says otherwise.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any, NamedTuple

# --------------------------------------------------------------------------- what moves inside


class Block(NamedTuple):
    """One block of a document's text.

    `kind`: title, heading, paragraph, list_item, row, caption, quote, note. A `row` is a line of a profile or of a
    table that reads by itself (`Formed: 1998`). `level` is the depth of a heading or list item, from 1.
    """

    kind: str
    start: int
    end: int
    level: int = 0


class Section(NamedTuple):
    """A heading and what stands under it, up to the next heading of its level or above."""

    title: str
    level: int
    start: int
    end: int


class Span(NamedTuple):
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Work:
    """A work that reports cite. `id` comes from its normalised wording, so that one work has one id."""

    id: str
    text: str
    author: str | None = None
    title: str | None = None
    publisher: str | None = None
    date: str | None = None  # EDTF
    accessed: str | None = None  # EDTF


@dataclass(frozen=True, slots=True)
class Note:
    """A numbered note: `list` counts the note lists of the document from 1, `n` is its number as printed.

    `text` is the note without its number; `works` are the ids of the works it cites, in order; `markers` the
    places in the text that point to it.
    """

    list: int
    n: int
    start: int
    end: int
    text: str
    works: tuple[str, ...] = ()
    markers: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Warned:
    """Something was repaired, guessed or left out, and the reader should know."""

    code: str
    message: str


@dataclass(slots=True)
class Document:
    """One report, read: its text in reading order and the way back to the file.

    `offsets` is the packed map back to the file, which `source_map.open_map` reads. `encoding` is None, and `pages` a number,
    where the file is no text but pages.
    """

    id: str
    sha256: str
    media_type: str
    encoding: str | None
    text: str
    offsets: bytes
    ingest: str
    title: str | None = None
    date: str | None = None  # EDTF
    publisher: str | None = None
    url: str | None = None
    reliability: str | None = None
    pages: int | None = None
    language: str | None = None  # ISO 639-1
    blocks: list[Block] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    works: list[Work] = field(default_factory=list)
    warnings: list[Warned] = field(default_factory=list)

    @property
    def text_sha256(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()


@dataclass(slots=True)
class Found:
    """A mention that a component proposes.

    `by` names the component; `confidence` is 0..1; `norm` the normal form of the guide's section 2, or None.
    """

    start: int
    end: int
    label: str
    confidence: float
    by: str
    norm: dict[str, Any] | None = None


@dataclass(slots=True)
class Link:
    """A relation that a component proposes between two marked stretches of the text.

    `subject` and `object` are spans of mentions; `start` and `end` EDTF; `evidence` the sentence or row.
    """

    type: str
    subject: Span
    object: Span
    evidence: Span
    confidence: float
    by: str
    role: str | None = None
    start: str | None = None
    end: str | None = None
    status: str = "asserted"
    holder: str | None = None


@dataclass(slots=True)
class Anaphor:
    """Words that stand for a name: `the group`, `its leader`, `he`.

    `mention` is the span of the nearest mention before it of the referent; `label` the referent's.
    """

    start: int
    end: int
    label: str
    mention: Span
    confidence: float


@dataclass(slots=True)
class Happening:
    """An event that a component proposes. The guide, section 4.

    `trigger` is the word that tells it. `roles`: by role, the spans of its fillers: of mentions, of words that stand for one,
    or of free text; several spans of a toll add up. `when`: EDTF of the date, where its words alone do not give it.
    """

    type: str
    trigger: Span
    evidence: Span
    confidence: float
    by: str
    roles: dict[str, list[Span]] = field(default_factory=dict)
    when: str | None = None
    points_back: bool = False
    status: str = "asserted"
    holder: Span | None = None


@dataclass(slots=True)
class Absence:
    """What a report says there is none of: `about` in its words, `evidence` the sentence."""

    about: str
    evidence: Span
    confidence: float
    by: str


@dataclass(slots=True)
class Extraction:
    """What was proposed for one document: records as exported, without `review`.

    `mentions`, `entities`, `relations`, `events`, `conflicts`, `absences`: dicts of the contract, sorted by position.
    """

    document: str
    mentions: list[dict[str, Any]] = field(default_factory=list)
    entities: list[dict[str, Any]] = field(default_factory=list)
    relations: list[dict[str, Any]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    conflicts: list[dict[str, Any]] = field(default_factory=list)
    absences: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[Warned] = field(default_factory=list)


def make_id(prefix: str, *parts: object) -> str:
    """Mint a stable id from what a record hangs on: `make_id("m", doc_id, 3, 9)` -> `m_5d0c...`.

    Ids with one first part, the document, begin alike: what belongs together lies together in an index of ids.
    """
    first, every = (
        hashlib.sha256("\x1f".join(str(part) for part in some).encode("utf-8", "surrogatepass")).hexdigest()
        for some in (parts[:1], parts)
    )
    return f"{prefix}_{first[:LEAD]}{every[: 20 - LEAD]}"


LEAD = 6  # hexadecimal digits
