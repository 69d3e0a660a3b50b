"""The curated JSONL as closed models: the contract of the export, and its JSON Schema.

Apart from `records.py` because pydantic takes a while to load and most commands do not need it.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator

SCHEMA_VERSION = "1"

Confidence = Annotated[float, Field(ge=0, le=1)]
Status = Literal["asserted", "reported", "claimed", "uncertain", "denied", "planned"]


class Record(BaseModel):
    """Frozen, strict, closed: a field that is wrong or unknown is named and refused."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")


class TextSource(Record):
    """Characters of `bytes.decode(encoding)`, BOM dropped; `parts` are the stretches the words stand in."""

    start: int = Field(ge=0)
    end: int
    parts: list[Annotated[list[int], Field(min_length=2, max_length=2)]]


class DocxStretch(Record):
    """Characters of a paragraph of a part of the package; `ingest/docx/story.py` says what its characters are.

    Paragraphs of a part are counted from 1.
    """

    part: str
    paragraph: int
    start: int
    end: int


class DocxSource(DocxStretch):
    """`more`: the stretches that follow, where the words stand in several: a row of a table, a word around a soft hyphen."""

    more: list[DocxStretch] = []


class PdfSource(Record):
    """`[page, x0, top, x1, bottom]` in points, origin top left; pages from 1."""

    boxes: list[Annotated[list[int | float], Field(min_length=5, max_length=5)]]


Source = TextSource | DocxSource | PdfSource


class Review(Record):
    state: Literal["pending", "accepted", "edited", "rejected"]
    by: str | None
    at: str | None


class DateNorm(Record):
    edtf: str


class PlaceNorm(Record):
    geonames: int | None
    country: str | None
    lat: float | None
    lon: float | None


class QuantityNorm(Record):
    min: int | float | None
    max: int | float | None
    unit: str | None
    approximate: bool


Norm = DateNorm | PlaceNorm | QuantityNorm


class Evidence(Record):
    """The words that a value rests on; `works` are the cited works whose marker covers them."""

    document: str
    start: int
    end: int
    quote: str
    subject_text: str | None
    object_text: str | None
    source: Source
    works: list[str]


class Filler(Record):
    """The end of a relation: an entity and the words used here, or words with their normal form."""

    text: str
    entity: str | None = None
    norm: Norm | None = None


class Marker(Record):
    start: int
    end: int
    source: Source


# named here, for the field `list` hides the type in the class below
Strings = list[str]
Markers = list[Marker]


class NoteRecord(Record):
    """`work` is the first work that the note cites, `works` all of them, in order."""

    list: int
    n: int
    text: str
    work: str | None
    works: Strings
    markers: Markers


class SectionRecord(Record):
    title: str
    level: int
    start: int
    end: int


class DocumentRecord(Record):
    """One report. `same_as`: the documents that are copies of it, in another format or place; `supersedes`: older issues of it.

    All of them count as one source. Both hold ids, found by the words of the texts.
    """

    kind: Literal["document"]
    id: str
    sha256: str
    path: str
    media_type: str
    encoding: str | None
    title: str | None
    date: str | None
    publisher: str | None
    url: str | None
    reliability: str | None
    pages: int | None
    language: str | None
    sections: list[SectionRecord]
    notes: list[NoteRecord]
    text_sha256: str
    ingest: str
    same_as: list[str]
    supersedes: list[str]


class MentionRecord(Record):
    kind: Literal["mention"]
    id: str
    document: str
    start: int = Field(ge=0)
    end: int
    text: str
    label: str
    norm: Norm | None
    entity: str | None
    confidence: Confidence
    by: str
    review: Review
    source: Source

    @model_validator(mode="after")
    def _text_fits_span(self) -> MentionRecord:
        if len(self.text) != self.end - self.start:
            raise ValueError(f"span {self.start}-{self.end} does not fit {self.text!r}")
        return self


class NameRecord(Record):
    """A name of an entity. `kind`: name, acronym, translation, spelling, nom_de_guerre, former, short; `lang` ISO 639-1."""

    text: str
    kind: str
    lang: str | None
    from_: str | None = Field(alias="from")
    to: str | None
    confidence: Confidence
    by: str
    review: Review
    evidence: list[Evidence]


class EntityRecord(Record):
    kind: Literal["entity"]
    id: str
    type: str
    name: str
    names: list[NameRecord]
    links: dict[str, Any]
    confidence: Confidence
    by: str
    review: Review


class RelationRecord(Record):
    kind: Literal["relation"]
    id: str
    type: str
    subject: Filler
    object: Filler
    start: str | None
    end: str | None
    role: str | None
    status: Status
    holder: str | None
    confidence: Confidence
    by: str
    review: Review
    evidence: list[Evidence]


class Trigger(Record):
    """The word that tells an event: what a ruling on it hangs on."""

    start: int = Field(ge=0)
    end: int
    text: str
    source: Source


class Toll(Record):
    """A count of people or a sum of money with the words that give it; several words where they add up."""

    min: int | float | None
    max: int | float | None
    unit: str | None
    approximate: bool
    text: str


# named here, for the fields below have such names themselves
Fillers = list[Filler]


class EventRecord(Record):
    """One happening, however often the report tells it: `evidence` holds each telling, the first of them the trigger.

    Where tellings disagree, the value is that of the most exact one, and a `conflict` shows them all.
    """

    kind: Literal["event"]
    id: str
    type: str
    trigger: Trigger
    date: Filler | None
    place: Fillers
    perpetrator: Fillers
    target: Fillers
    claimed_by: Fillers
    party: Fillers
    result: Filler | None
    authority: Filler | None
    killed: Toll | None
    wounded: Toll | None
    hostages: Toll | None
    ransom: Toll | None
    weapon: Fillers
    status: Status
    holder: str | None
    confidence: Confidence
    by: str
    review: Review
    evidence: list[Evidence] = Field(min_length=1)  # the first says which document the trigger stands in


class ConflictValue(Record):
    """One of the values that cannot all hold: of the record's field, as the words of its evidence give it."""

    value: str | QuantityNorm
    evidence: list[Evidence]


class About(Record):
    """What a conflict is about: a field of a record; `why` is one of the kinds that `components/conflicts.py` looks for."""

    record: str
    field: str
    why: Literal["dates", "tolls", "succession", "after_end"]


class ConflictRecord(Record):
    """Passages of one report that cannot all hold."""

    kind: Literal["conflict"]
    id: str
    about: About
    values: list[ConflictValue]
    review: Review


class WorkRecord(Record):
    kind: Literal["work"]
    id: str
    text: str
    author: str | None
    title: str | None
    publisher: str | None
    date: str | None
    accessed: str | None


class AbsenceRecord(Record):
    """The report says that there is none of `about`."""

    kind: Literal["absence"]
    id: str
    about: str
    document: str
    review: Review
    evidence: list[Evidence]


class Manifest(Record):
    """The first line. `sha256` is that of all the bytes after this line.

    `counts`: records by kind; `proposals`: how the proposals of the workspace stand
    (proposed = accepted + edited + rejected + pending + superseded). Apart: `added` by people; `kept`, rulings that stand on
    what is no longer proposed; `disputed`, of the pending and the added, what reviewers rule differently on; `lost`, rulings
    whose place was not found again.
    `model` and `configs` say what the proposals were made with: one entry for each state in use.
    """

    kind: Literal["manifest"]
    schema_: str = Field(alias="schema")
    dossier: str
    model: list[dict[str, str]]
    configs: list[dict[str, str]]
    counts: dict[str, int]
    proposals: dict[str, int]
    include: Literal["accepted", "pending"]
    sha256: str


Line = Annotated[
    Manifest
    | DocumentRecord
    | MentionRecord
    | EntityRecord
    | RelationRecord
    | EventRecord
    | ConflictRecord
    | WorkRecord
    | AbsenceRecord,
    Field(discriminator="kind"),
]
LINE: TypeAdapter[Any] = TypeAdapter(Line)


def json_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of one line."""
    schema = LINE.json_schema(by_alias=True)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:dossier:curated:{SCHEMA_VERSION}",
        "title": "One line of a curated dossier export",
        **schema,
    }
