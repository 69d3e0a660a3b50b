"""Gold: texts with their mentions and relations as people marked them, one JSON object a line, plain or gzipped.

    {"id", "text", "spans": [{"start", "end", "label", ...}], "relations": [{"head", "child", "label", ...}],
     "events": [{"type", "trigger": {"start", "end"}, ...}], "meta", "ignore"}

`start, end` count characters of `text`, half-open; `head` and `child` are indexes into `spans`; a relation's `label` is
a type of the guide or null. `ignore`, where a set has it, lists stretches `[start, end]` that are neither mention nor
counter-example. The roles of an event (the guide, section 4) hold indexes into `spans` or stretches
`{"start", "end", "text"}`. Further keys of a span or relation (`orig`, `entity`, `norm`) are kept as they stand in `more`.
`meta.labels`, where given, says which labels were looked for; without it they are the labels that occur.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from dossier.errors import RecordError
from dossier.records import Span

GZIP = b"\x1f\x8b"
KEYS = {"id": str, "text": str, "spans": list, "relations": list, "events": list, "meta": dict, "ignore": list}
NEEDED = ("id", "text", "spans")


@dataclass(frozen=True, slots=True)
class GoldSpan:
    """A mention as marked; `more` is whatever else its line says of it."""

    start: int
    end: int
    label: str
    more: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GoldRelation:
    """`head` and `child` are indexes into the record's spans: subject and object."""

    head: int
    child: int
    label: str | None
    more: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GoldEvent:
    """A happening as marked; `more` is its roles, status, holder and evidence."""

    type: str
    trigger: Span
    more: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GoldRecord:
    """One marked text."""

    id: str
    text: str
    spans: tuple[GoldSpan, ...] = ()
    relations: tuple[GoldRelation, ...] = ()
    meta: dict[str, Any] = field(default_factory=dict)
    ignore: tuple[Span, ...] = ()
    events: tuple[GoldEvent, ...] = ()


# ------------------------------------------------------------------ files


def read_gold(path: Path, *, overlapping: bool = False) -> list[GoldRecord]:
    """Read a gold file, plain or gzipped.

    overlapping: allow mentions to share characters, as the role fillers of `muc4` do; the guide does not.
    Raises RecordError with the file, the line, the value and what is wrong with it.
    """
    records: dict[str, GoldRecord] = {}
    for number, line in _lines(path):
        try:
            record = parse_gold(line, overlapping=overlapping)
            if record.id in records:
                raise RecordError(f"id {record.id!r} stands on an earlier line too; give each text its own id")
        except RecordError as error:
            raise RecordError(f"{path}, line {number}: {error}") from error
        records[record.id] = record
    return list(records.values())


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    try:
        data = path.read_bytes()
        if data.startswith(GZIP):
            data = gzip.decompress(data)
    except (OSError, EOFError) as error:
        raise RecordError(f"{path} cannot be read as gold: {error}; name a .jsonl or .jsonl.gz file") from error
    for number, line in enumerate(data.split(b"\n"), 1):
        if line.strip():
            yield number, line


def write_gold(records: Iterable[GoldRecord]) -> Iterator[bytes]:
    """The lines of a gold file, in the order of the records, keys sorted."""
    for record in records:
        yield orjson.dumps(as_json(record), option=orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE)


def compress_gold(lines: Iterable[bytes]) -> bytes:
    """The lines gzipped; equal lines give equal bytes."""
    buffer = io.BytesIO()
    with gzip.GzipFile(fileobj=buffer, mode="wb", mtime=0, filename="") as file:
        file.writelines(lines)
    return buffer.getvalue()


# ------------------------------------------------------------------ one record


def parse_gold(line: bytes, *, overlapping: bool = False) -> GoldRecord:
    """Read one line. Raises RecordError with the field, its value and what to do."""
    try:
        raw = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise RecordError(f"{line[:60]!r} is no JSON: {error}; write one object a line") from error
    _check_keys(raw)
    text: str = raw["text"]
    spans = tuple(_span(one, text, f"spans[{i}]") for i, one in enumerate(raw["spans"]))
    if not overlapping:
        _check_overlaps(spans, text)
    relations = (_relation(one, len(spans), f"relations[{i}]") for i, one in enumerate(raw.get("relations", ())))
    ignore = (_stretch(one, text, f"ignore[{i}]") for i, one in enumerate(raw.get("ignore", ())))
    meta = raw.get("meta", {})
    labels = meta.get("labels", [])
    if not isinstance(labels, list) or not all(isinstance(label, str) and label for label in labels):
        raise RecordError(f'meta.labels = {labels!r} is no list of labels; write it as ["ORG", "PERSON"]')
    events = (_event(one, text, f"events[{i}]") for i, one in enumerate(raw.get("events", ())))
    return GoldRecord(raw["id"], text, spans, tuple(relations), meta, tuple(ignore), tuple(events))


def as_json(record: GoldRecord) -> dict[str, Any]:
    """The object of one line; `events` and `ignore` only where there are any."""
    events = [{**e.more, "type": e.type, "trigger": e.trigger._asdict()} for e in record.events]
    ignore = {"ignore": [list(stretch) for stretch in record.ignore]} if record.ignore else {}
    return {
        "id": record.id,
        "text": record.text,
        "spans": [{**s.more, "start": s.start, "end": s.end, "label": s.label} for s in record.spans],
        "relations": [{**r.more, "head": r.head, "child": r.child, "label": r.label} for r in record.relations],
        "meta": record.meta,
        **({"events": events} if events else {}),
        **ignore,
    }


def _check_keys(raw: Any) -> None:
    if not isinstance(raw, dict):
        raise RecordError(f'{str(raw)[:60]!r} is no object; a line is {{"id", "text", "spans", ...}}')
    for key in NEEDED:
        if key not in raw:
            raise RecordError(f"there is no {key!r} among {sorted(raw)}; add it")
    for key, value in raw.items():
        if key not in KEYS:
            raise RecordError(f"{key!r} is no field of gold; there are: {', '.join(KEYS)}")
        if not isinstance(value, KEYS[key]):
            raise RecordError(f"{key} = {str(value)[:60]!r} must be a {KEYS[key].__name__}")
    if not raw["id"]:
        raise RecordError("id is empty; give each text its own id")


def _span(raw: Any, text: str, where: str) -> GoldSpan:
    label = _object(raw, where).get("label")
    if not isinstance(label, str) or not label:
        raise RecordError(f"{where}.label = {label!r} must be the name of a label")
    start, end = _stretch((raw.get("start"), raw.get("end")), text, where)
    words = text[start:end]
    if words != words.strip():
        raise RecordError(f"{where} {start}-{end} reads {words[:60]!r}: a mention begins and ends with a word; trim it")
    if raw.get("text", words) != words:
        raise RecordError(
            f"{where} {start}-{end} reads {words[:60]!r}, the annotation says {str(raw['text'])[:60]!r}; "
            "the text changed since it was annotated"
        )
    return GoldSpan(start, end, label, {k: v for k, v in raw.items() if k not in ("start", "end", "label")})


def _stretch(raw: Any, text: str, where: str) -> Span:
    if not isinstance(raw, list | tuple) or len(raw) != 2 or not all(type(at) is int for at in raw):
        raise RecordError(f"{where} = {str(raw)[:60]} must be a start and an end, in characters of the text")
    start, end = raw
    if not 0 <= start < end <= len(text):
        raise RecordError(
            f"{where} {start}-{end} does not lie in a text of {len(text)} characters; correct its offsets"
        )
    return Span(start, end)


def _check_overlaps(spans: Iterable[GoldSpan], text: str) -> None:
    last: GoldSpan | None = None
    for span in sorted(spans, key=lambda s: (s.start, s.end)):
        if last is not None and span.start < last.end:
            raise RecordError(
                f"the mentions {last.start}-{last.end} {text[last.start : last.end]!r} and {span.start}-{span.end} "
                f"{text[span.start : span.end]!r} share characters; keep the longer one"
            )
        last = span


def _relation(raw: Any, count: int, where: str) -> GoldRelation:
    _object(raw, where)
    for end in ("head", "child"):
        if type(raw.get(end)) is not int or not 0 <= raw[end] < count:
            raise RecordError(f"{where}.{end} = {raw.get(end)!r} is no index into the {count} spans")
    if not isinstance(raw.get("label"), str | None) or raw.get("label") == "":
        raise RecordError(f"{where}.label = {raw.get('label')!r} must be a type of relation, or null")
    more = {k: v for k, v in raw.items() if k not in ("head", "child", "label")}
    return GoldRelation(raw["head"], raw["child"], raw.get("label"), more)


def _event(raw: Any, text: str, where: str) -> GoldEvent:
    kind = _object(raw, where).get("type")
    if not isinstance(kind, str) or not kind:
        raise RecordError(f"{where}.type = {kind!r} must be the name of a type of event")
    trigger = _object(raw.get("trigger"), f"{where}.trigger")
    stretch = _stretch((trigger.get("start"), trigger.get("end")), text, f"{where}.trigger")
    return GoldEvent(kind, stretch, {k: v for k, v in raw.items() if k not in ("type", "trigger")})


def _object(raw: Any, where: str) -> dict[str, Any]:
    if not isinstance(raw, dict):
        raise RecordError(f"{where} = {str(raw)[:60]!r} is no object")
    return raw


# ------------------------------------------------------------------ the same text


def text_digest(text: str) -> str:
    """What a text is known by, whatever its case, white space and Unicode form: 16 hexadecimal digits of its sha256.

    A model's card lists these of the texts it was trained on, so that it is never scored on one of them.
    """
    plain = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()[:16]
