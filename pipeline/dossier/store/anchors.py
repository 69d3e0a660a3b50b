"""What a ruling hangs on, and finding it again in another reading of the same file.

An anchor of a stretch: the sha256 of the file, where the stretch stands in it, its words, and 32 characters on each side.
The words are looked for where they stood, then where the file says, then by their surroundings, where one place fits best.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from dossier.records import Span
from dossier.source_map import SourceMap, open_map
from dossier.store.db import Store

CONTEXT = 32  # characters on each side
LIKE = 0.5  # of the characters around it, how many a place must share with the anchor to be taken for it
MOST = 2000  # places of the same words that are looked at
_WORD = re.compile(r"\s+")

Anchor = dict[str, Any]
Record = Mapping[str, Any]


@dataclass(slots=True)
class Reading:
    """A document as it is read now; `mentions` are its standing proposals, by their span."""

    document: str
    sha256: str
    text: str
    offsets: SourceMap
    mentions: dict[tuple[int, int], Record] = field(default_factory=dict)


_opened: OrderedDict[tuple[str, ...], tuple[str, str, SourceMap]] = OrderedDict()
_KEPT = 16  # documents whose way back stays open


def load_reading(store: Store, document: str) -> Reading | None:
    """The text of a document and its way back; None where there is none, as after `forget`."""
    row = store.db.execute("SELECT reader, text_sha256 FROM document WHERE id = ?", (document,)).fetchone()
    if row is None:
        return None
    key = (str(store.folder), document, *row)
    found = _opened.get(key)
    if found is None:
        sha256, text, packed = store.db.execute(
            "SELECT sha256, text, offsets FROM document WHERE id = ?", (document,)
        ).fetchone()  # type: ignore[misc]
        found = _opened[key] = (sha256, text, open_map(packed))
        with suppress(KeyError):
            if len(_opened) > _KEPT:
                _opened.popitem(last=False)
    return Reading(document, *found)


# ------------------------------------------------------------------ making


def anchor_of(reading: Reading, start: int, end: int) -> Anchor:
    """The anchor of `text[start:end]`."""
    text = reading.text
    return {
        "sha256": reading.sha256,
        "source": list(reading.offsets.anchor(start, end)),
        "start": start,
        "end": end,
        "quote": text[start:end],
        "before": text[max(0, start - CONTEXT) : start],
        "after": text[end : end + CONTEXT],
    }


def anchor_record(reading: Reading, kind: str, record: Record) -> Anchor:
    """The anchor of a record of a document, by its kind; empty where it quotes nothing of it."""
    if kind == "mention":
        return anchor_of(reading, record["start"], record["end"])
    if kind == "entity":
        first = first_mention(reading, str(record.get("id")))
        return {"mention": anchor_of(reading, first["start"], first["end"])} if first else {}
    if kind == "relation":
        ends = {end: _end_anchor(reading, record, end) for end in ("subject", "object")}
        return {end: anchor for end, anchor in ends.items() if anchor}
    if kind == "event" and record.get("trigger"):
        return {"trigger": anchor_of(reading, record["trigger"]["start"], record["trigger"]["end"])}
    if kind == "absence" and record.get("evidence"):
        return {"evidence": anchor_of(reading, record["evidence"][0]["start"], record["evidence"][0]["end"])}
    if kind == "conflict":
        return {"about": record.get("about")}
    return {}


def first_mention(reading: Reading, entity: str) -> Record | None:
    """The mention that comes first in the text of those of an entity."""
    spans = [span for span, record in reading.mentions.items() if record.get("entity") == entity]
    return reading.mentions[min(spans)] if spans else None


def _end_anchor(reading: Reading, record: Record, end: str) -> Anchor | None:
    span = end_span(reading, record, end)
    return anchor_of(reading, span.start, span.end) if span else None


def end_span(reading: Reading, record: Record, end: str) -> Span | None:
    """Where the words of one end of a relation stand in its evidence: a mention's, else the first such words."""
    given = record.get(end) or {}
    if isinstance(given.get("start"), int) and isinstance(given.get("end"), int):
        return Span(given["start"], given["end"])
    words = given.get("text") or ""
    for shown in record.get("evidence", ()):
        if shown["document"] != reading.document or not words:
            continue
        found = list(_finditer(reading.text, words, shown["start"], shown["end"]))
        named = [span for span in found if span in reading.mentions]
        if named or found:
            return (named or found)[0]
    return None


# ------------------------------------------------------------------ finding again


def locate(reading: Reading, anchor: Anchor) -> Span | None:
    """Where the words of an anchor stand now; None where no place, or no single one, fits."""
    text, quote = reading.text, str(anchor.get("quote") or "")
    start = anchor.get("start")
    if not quote.strip() or anchor.get("sha256") not in (None, reading.sha256):
        return None
    if (
        isinstance(start, int)
        and text.startswith(quote, start)
        and _likeness(text, start, start + len(quote), anchor) == 1
    ):
        return Span(start, start + len(quote))
    places = list(_finditer(text, quote))
    source = list(anchor.get("source") or ())
    for place in places:
        if source and list(reading.offsets.anchor(place.start, place.end)) == source:
            return place
    ranked = sorted(((_likeness(text, *place, anchor), place) for place in places), key=lambda each: -each[0])
    if ranked and ranked[0][0] >= LIKE and (len(ranked) == 1 or ranked[0][0] > ranked[1][0]):
        return ranked[0][1]
    return None


def _finditer(text: str, words: str, start: int = 0, end: int | None = None) -> Iterator[Span]:
    """The places of some words, however their white space falls; the first MOST of them."""
    pattern = re.compile(r"\s+".join(re.escape(word) for word in words.split()))
    for count, found in enumerate(pattern.finditer(text, start, len(text) if end is None else end)):
        if count == MOST:
            return
        yield Span(*found.span())


def _likeness(text: str, start: int, end: int, anchor: Anchor) -> float:
    """How much of the words around a place is as the anchor says: 0 to 1, white space apart."""
    before, after = (_WORD.sub("", str(anchor.get(side) or "")) for side in ("before", "after"))
    here = _WORD.sub("", text[max(0, start - 2 * CONTEXT) : start]), _WORD.sub("", text[end : end + 2 * CONTEXT])
    if not before and not after:
        return 1.0
    same = _common(before[::-1], here[0][::-1]) + _common(after, here[1])
    return same / (len(before) + len(after))


def _common(one: str, other: str) -> int:
    count = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        count += 1
    return count
