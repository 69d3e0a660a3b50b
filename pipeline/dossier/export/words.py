"""Values of records in words, and where things stand in a report: for the pages and for the screen."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from dossier.records import Block, Document
from dossier.source_map import open_map

Record = dict[str, Any]

# what a conflict is about, by `about.why`
WHY = {
    "dates": "Two dates for one happening",
    "tolls": "Tolls that differ",
    "succession": "A successor before the end of the predecessor",
    "after_end": "Something after its actor’s end",
}
# an event's roles beside date and place, in the order they are told
ROLES = {
    "perpetrator": "by",
    "target": "against",
    "party": "parties",
    "result": "result",
    "authority": "authority",
    "killed": "killed",
    "wounded": "wounded",
    "hostages": "hostages",
    "ransom": "ransom",
    "weapon": "with",
    "claimed_by": "claimed by",
}


@dataclass(slots=True)
class Places:
    """Says on which page and in which section a character of a document stands."""

    document: Document
    blocks: list[Block] = field(init=False)
    _starts: list[int] = field(init=False)
    _pages: list[int | None] = field(init=False)

    def __post_init__(self) -> None:
        self.blocks = list(_without_gaps(self.document))
        self._starts = [block.start for block in self.blocks]
        offsets = open_map(self.document.offsets)
        self._pages = [_page_of(offsets.source(b.start, b.end)) for b in self.blocks] if self.document.pages else []

    def block_at(self, at: int) -> int:
        return max(bisect_right(self._starts, at) - 1, 0)

    def page(self, block: int) -> int | None:
        """The page a block begins on; None where the report has no pages."""
        return self._pages[block] if self._pages else None

    def describe(self, at: int) -> str:
        """Where a character stands: page and section."""
        page = self.page(self.block_at(at))
        section = next((s.title for s in reversed(self.document.sections) if s.start <= at < s.end), None)
        return " · ".join(filter(None, (f"p. {page}" if page else None, section))) or "opening"


def describe_type(name: str) -> str:
    return name.replace("_", " ")


def describe_event(one: Record) -> str:
    """What happened in a word or two: its type, or the word that tells it where the type says nothing."""
    return describe_type(one["type"]) if one["type"] != "other" else f"“{one['trigger']['text']}”"


def describe_briefly(one: Record) -> str:
    """A relation or event in a few words."""
    if one["kind"] == "relation":
        return f"{one['subject']['text']} {describe_type(one['type'])} {one['object']['text']}"
    where = (place["text"] for place in one["place"][:1])
    return ", ".join(filter(None, (describe_event(one), one["date"] and one["date"]["text"], *where)))


def describe_norm(norm: Record | None) -> str:
    """A normal form of the guide's section 2; empty where there is none."""
    if not norm:
        return ""
    if "edtf" in norm:
        return str(norm["edtf"])
    if "geonames" in norm:
        where = f"{norm['lat']}, {norm['lon']}" if norm["lat"] is not None and norm["lon"] is not None else ""
        known = (norm["country"], where, f"GeoNames {norm['geonames']}" if norm["geonames"] else "")
        return " · ".join(str(one) for one in known if one)
    return describe_amount(norm)


def describe_amount(norm: Record) -> str:
    """`{min, max, unit, approximate}`: `at least 60 wounded`, `about 200 to 900`."""
    low, high = (f"{n:,}" if n is not None else None for n in (norm["min"], norm["max"]))
    if low is None and high is None:
        said = "number unknown"
    elif low == high:
        said = str(low)
    elif high is None:
        said = f"at least {low}"
    else:
        said = f"at most {high}" if low is None else f"{low} to {high}"
    about = "about " if norm["approximate"] and norm["max"] is not None else ""
    return f"{about}{said}" + (f" {norm['unit']}" if norm["unit"] else "")


def describe_toll(toll: Record) -> str:
    """What a toll's words come to; empty where they say as much themselves, or give no number."""
    said = describe_amount(toll)
    known = toll["min"] is not None or toll["max"] is not None
    return said if known and said.casefold() != toll["text"].casefold() else ""


def describe_value(value: str | Record) -> str:
    """One of the values of a conflict."""
    return value if isinstance(value, str) else describe_amount(value)


def describe_review(review: Record) -> str:
    if review["state"] == "pending":
        return "pending: nobody has ruled on it"
    return f"{review['state']} by {review['by']}" + (f", {str(review['at'])[:10]}" if review["at"] else "")


def dates_of(relation: Record) -> list[tuple[str, str]]:
    """`from` and `until` of a relation; `formed on` a date needs no `from` that says it again."""
    norm = relation["object"].get("norm") or {}
    start = relation["start"] if relation["start"] != norm.get("edtf") else None
    return [(word, date) for word, date in (("from", start), ("until", relation["end"])) if date]


def _without_gaps(document: Document) -> Iterator[Block]:
    """The blocks in order, none overlapping; words outside every block become paragraphs, for nothing may be hidden."""
    at = 0
    for block in [*sorted(document.blocks, key=lambda b: (b.start, b.end)), Block("", *[len(document.text)] * 2)]:
        if document.text[at : block.start].strip():
            yield Block("paragraph", at, block.start)
        start = max(at, block.start)
        if start < block.end:
            yield block._replace(start=start)
        at = max(at, block.end)


def _page_of(source: Record) -> int | None:
    boxes = source.get("boxes")
    return boxes[0][0] if boxes else None
