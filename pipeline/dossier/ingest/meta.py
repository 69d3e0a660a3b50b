"""What is known about a report: from its NAME.meta.toml, its own head and its byline."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from urllib.parse import urlsplit

from dossier.errors import ConfigError, DateError
from dossier.ingest.shapes import DATE, date_line, issued_by
from dossier.records import Block, Warned

META = ".meta.toml"
HEAD_BLOCKS = 4  # after the title, where a date line or byline stands
FOOT_BLOCKS = 3
MAX_VALUE = 1000  # characters
_POINT = r"(?:\d{4}|\d{3}X|\d{2}XX)(?:-\d\d){0,2}[~?%]?"
_EDTF = re.compile(rf"{_POINT}(?:/(?:{_POINT}|\.\.)?)?|(?:\.\.)?/{_POINT}", re.ASCII)

_UPDATED = re.compile(
    r"(?:last )?(?:updated|revised|published)(?: on)?:? (?P<day>[^.;,]{3,12},? ?[^.;,]{4,14})\.?\Z", re.I
)
_DATELINE = re.compile(
    rf"[^\W\d_a-z][^\W\d_]+(?:[ ,.’'-]+[^\W\d_]+){{0,4}}?,? \(?(?P<date>{DATE})\)?(?: \([^)]{{1,30}}\))? ?[-–—:] ?\S"
)


@dataclass(frozen=True, slots=True)
class Meta:
    """What someone wrote down about a report. `date` is EDTF, `language` ISO 639-1, `encoding` a Python codec."""

    title: str | None = None
    publisher: str | None = None
    date: str | None = None
    url: str | None = None
    reliability: str | None = None
    language: str | None = None
    encoding: str | None = None


def read_meta(toml_text: str, *, where: str) -> Meta:
    """Read a NAME.meta.toml. Raises ConfigError naming `where`, the key, the value and what to do."""
    try:
        table = tomllib.loads(toml_text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f'{where} is no TOML: {error}; write lines such as: title = "The title"') from error
    known = [field.name for field in fields(Meta)]
    values = {}
    for key, value in table.items():
        if key not in known:
            raise ConfigError(f"{where}: unknown key {key!r}; the keys are {', '.join(known)}")
        values[key] = _read_value(key, value, where)
    return Meta(**values)


def _read_value(key: str, value: object, where: str) -> str:
    if key == "date" and isinstance(value, date):
        return value.isoformat()[:10]
    if not isinstance(value, str) or not value.strip() or len(value) > MAX_VALUE:
        raise ConfigError(f'{where}: {key} = {value!r:.80} is no words; write {key} = "..." or leave the line out')
    words = " ".join(value.split())
    fault = _CHECKS[key](words) if key in _CHECKS else None
    if fault:
        raise ConfigError(f"{where}: {key} = {value!r:.80} {fault}")
    return words.lower() if key == "language" else words


def read_stated(lines: Sequence[str], *, where: str) -> tuple[Meta, list[Warned]]:
    """What `key: value` lines that stand apart from the text say about a report. Keys we have no use for are passed over.

    A value that does not read is left out, with a warning: it is the report's own, and no reason to refuse it.
    """
    values: dict[str, str] = {}
    warnings: list[Warned] = []
    for line in lines:
        key, _, value = line.partition(":")
        key, value = key.strip().lower(), value.strip().strip("\"'")
        if key not in _STATED or not value:
            continue
        if key == "date":
            value = to_edtf(value) or value
        try:
            values[key] = _read_value(key, value, where)
        except ConfigError as error:
            warnings.append(Warned("header_unread", f"{error}, or say it in NAME.meta.toml"))
    return Meta(**values), warnings


def first_read(key: str, values: Iterable[str]) -> str | None:
    """The first of several values that a report gives for one particular which reads; a report's own metadata may be wrong.

    key: of `_STATED`. A date may be in words.
    """
    for value in values:
        words = (to_edtf(value) or value) if key == "date" else value
        try:
            return _read_value(key, words, "")
        except ConfigError:
            continue
    return None


def _date_fault(words: str) -> str | None:
    fault = 'is no ISO 8601 or EDTF date; write "2016", "2016-05" or "2016-05-03"'
    if not _EDTF.fullmatch(words):
        return fault
    for point in re.findall(r"\d{4}-\d\d(?:-\d\d)?", words):
        try:
            date.fromisoformat(f"{point}-01"[:10])
        except ValueError:
            return fault
    return None


def _language_fault(words: str) -> str | None:
    return None if re.fullmatch("[a-zA-Z]{2}", words) else 'is no ISO 639-1 code; write two letters, such as "en"'


def _url_fault(words: str) -> str | None:
    try:
        parts = urlsplit(words)
    except ValueError:
        return 'is no web address; write "https://..."'
    if parts.scheme not in ("http", "https") or not parts.netloc or " " in words:
        return 'is no web address; write "https://..."'
    return None


def _encoding_fault(words: str) -> str | None:
    from dossier.ingest.decode import known_encoding

    return None if known_encoding(words) else 'is no encoding known; write "utf-8", "windows-1252", "gb18030" ...'


_STATED = ("title", "publisher", "date", "url", "language")
_CHECKS = {"date": _date_fault, "language": _language_fault, "url": _url_fault, "encoding": _encoding_fault}


# --------------------------------------------------------------------------- from the report itself


def to_edtf(words: str) -> str | None:
    """A date in words -> EDTF, or None where the date grammar does not know it."""
    try:
        from dossier.normalize.dates import parse_date
    except ImportError:
        return None
    try:
        return str(parse_date(words))
    except DateError:
        return None


def find_header(text: str, blocks: Sequence[Block]) -> Meta:
    """Title, publisher and date that a report states about itself, in its first and last lines.

    Only a line that is nothing but a date, `Publisher, date`, `Published by X`, `Date: ...` or `PLACE, date -` counts.
    """
    title = next((text[b.start : b.end] for b in blocks[:8] if b.kind == "title"), None)
    body = [b for b in blocks if b.kind not in ("note", "title")]
    publisher = day = None
    for block in [*body[:HEAD_BLOCKS], *body[HEAD_BLOCKS:][-FOOT_BLOCKS:]]:
        words = text[block.start : min(block.end, block.start + 200)]
        if len(words) < 200 and block.kind != "list_item":
            key, named, stated = _read_line(words)
            title = title or (named if key == "title" else None)
            publisher, day = publisher or (None if key == "title" else named), day or stated
        if not day and block.kind == "paragraph":
            day = _dateline(words)
    return Meta(title=title, publisher=publisher, date=day)


def _read_line(words: str) -> tuple[str, str | None, str | None]:
    """What a line says about the report: the key of a row if it is one, a name, a date."""
    if match := re.match(r"(title|publisher|date|published|updated): (?P<value>.+)\Z", words, re.I):
        key, value = match[1].lower(), match["value"].strip("\"' ")
        return key, *((value, None) if key in ("title", "publisher") else (None, to_edtf(value)))
    if match := _UPDATED.search(words):
        return "", issued_by(words) or _named(words), to_edtf(match["day"])
    if match := re.match(r"By [^,]{3,60}, (?P<rest>.+)\Z", words.strip("*_ ")):
        words = match["rest"]
    found = date_line(words)
    day = to_edtf(found[1]) if found else None
    return "", (_named(words) if day else None) or issued_by(words), day


def _named(words: str) -> str | None:
    """The publisher of a date line. A single plain word may be a place."""
    found = date_line(words)
    name = found[0].strip("*_ ") if found and found[0] else ""
    return name if len(name.split()) > 1 or name.isupper() or re.search(r"[a-z][A-Z]", name) else None


def _dateline(words: str) -> str | None:
    """`BOGOTÁ, 24 November 2016 - The government ...`"""
    match = _DATELINE.match(words)
    if not match or not words.split(",")[0].split("(")[0].strip().isupper():
        return None
    return to_edtf(match["date"])
