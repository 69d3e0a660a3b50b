"""Marked texts into words with the tags that are possible for each.

A set that does not mark a label says nothing about it: there, a word that looks like a date or a number may be `O` or a
part of a DATE or QUANTITY. A word inside an `ignore` stretch may be anything.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dossier.components.wordpieces import guess_starts
from dossier.resources import shipped

if TYPE_CHECKING:
    from spacy.language import Language

LABELS = ("ORG", "PERSON", "PLACE", "DATE", "QUANTITY", "NORP", "WEAPON")
NAMES = ("ORG", "PERSON", "PLACE")
_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec"
DATE_LIKE = re.compile(
    rf"\d[\d,.:/-]*(?:st|nd|rd|th|s)?|(?:{_MONTHS})[a-z]{{0,6}}\.?|(?:mon|tues|wednes|thurs|fri|satur|sun)day"
    r"|the|of|to|and|or|in|century|centuries|early|mid|late|spring|summer|autumn|fall|winter|decades?|years?|months?"
    r"|weeks?|days?|following|previous|next|last|same|that|this|present|today|yesterday|tomorrow|[-–,'’]|a\.?d\.?|b\.?c\.?e?\.?",
    re.IGNORECASE,
)
_NUMBER = (
    r"one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty|forty|fifty|sixty|seventy"
    r"|eighty|ninety|hundreds?|thousands?|millions?|billions?|dozens?|half|several|first|second|third|[$€£%]"
)
NUMBER_LIKE = re.compile(rf"[$€£]?\d[\d,.]*(?:st|nd|rd|th|%|k|m|bn)?|{_NUMBER}", re.IGNORECASE)
WEAPON_LIKE = re.compile(
    r"(?:assault|sniper|machine|hand|car|truck|suicide|roadside|anti-\w+|heavy|light|ballistic|surface)?-?"
    r"(?:rifles?|mortars?|v?b?ieds?|rockets?|grenades?|missiles?|bombs?|explosives?|devices?|guns?|pistols?|mines?|landmines?"
    r"|tanks?|drones?|howitzers?|machetes?|launchers?|vests?|belts?|manpads|rpgs?|ak|kalashnikovs?|knives|knife|artillery)?",
    re.IGNORECASE,
)
_DATE_HEART = re.compile(
    rf"(?:1\d|20)\d\d(?:s|th)?|(?:{_MONTHS})[a-z]{{0,6}}\.?|\w+day|\d\d?(?:st|nd|rd|th)?|\d\ds|century|centuries|decade|present",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Marked:
    """A marked text. `labels` are those its set marks; `spans` are `(start, end, label)`, in characters."""

    id: str
    text: str
    spans: tuple[tuple[int, int, str], ...]
    labels: frozenset[str]
    ignore: tuple[tuple[int, int], ...] = ()
    source: str = ""
    meta: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Source:
    """A set, its files without `-train` and `-dev`, and what it marks."""

    name: str
    folder: str
    stem: str
    labels: frozenset[str]


ALL = frozenset((*NAMES, "DATE", "QUANTITY"))
SOURCES = {
    source.name: source
    for source in (
        Source("redocred", "redocred", "", ALL),
        Source("re3d_named", "re3d_named", "", ALL),
        Source("wikigold", "wikigold", "", frozenset(NAMES)),
        Source("uner_ewt", "uner_ewt", "", frozenset(NAMES)),
        *(
            Source(f"crossner-{domain}", "crossner", f"{domain}-", frozenset(NAMES))
            for domain in ("politics", "science", "literature", "music", "ai")
        ),
    )
}


def source_path(root: Path, source: Source, split: str) -> Path:
    return root / source.folder / f"{source.stem}{split}.jsonl.gz"


def read_source(root: Path, name: str, split: str) -> list[Marked]:
    """Read one split of a public set; spans of labels that are not the guide's are dropped."""
    source = SOURCES[name]
    with gzip.open(source_path(root, source, split), "rt", encoding="utf-8") as lines:
        return [_marked(json.loads(line), source) for line in lines]


def _marked(row: dict[str, Any], source: Source) -> Marked:
    spans = [(s["start"], s["end"], s["label"]) for s in row["spans"] if s["label"] in source.labels]
    demonyms = find_demonyms(row["text"], [(s, e) for s, e, _ in spans])
    return Marked(
        id=row["id"],
        text=row["text"],
        spans=tuple(sorted([*spans, *demonyms])),
        labels=source.labels | {"NORP"},
        ignore=tuple((s, e) for s, e in row.get("ignore", ())),
        source=source.name,
        meta={"licence": row["meta"].get("licence"), "source": row["meta"].get("source")},
    )


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


# ------------------------------------------------------------------ NORP by the gazetteer


@cache
def _demonyms() -> re.Pattern[str]:
    folder = shipped("configs") / "gazetteer"
    names: set[str] = set()
    for row in _rows(folder / "countries.tsv"):
        names.update(row.get("demonyms", "").split("|"))
    for row in _rows(folder / "peoples.tsv"):
        names.update([row["name"], *row.get("aliases", "").split("|")])
    names |= {f"{name}s" for name in names if name.endswith(("an", "i", "ish", "ean"))}
    longest_first = sorted((name for name in names if len(name) > 2), key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")


def _rows(path: Path) -> Iterator[dict[str, str]]:
    head, *lines = path.read_text(encoding="utf-8").splitlines()
    names = head.lstrip("# ").split("\t")
    for line in lines:
        if line and not line.startswith("#"):
            yield dict(zip(names, line.split("\t"), strict=False))


def find_demonyms(text: str, taken: Iterable[tuple[int, int]]) -> list[tuple[int, int, str]]:
    """Nationalities and peoples outside the marks of a text."""
    marked = sorted(taken)
    return [
        (m.start(), m.end(), "NORP")
        for m in _demonyms().finditer(text)
        if not any(s < m.end() and m.start() < e for s, e in marked)
    ]


# ------------------------------------------------------------------ words


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text: `offsets`, the tag set possible for each (bit i: tag i), and where sentences begin."""

    record: Marked
    words: list[str]
    offsets: list[tuple[int, int]]
    allowed: list[int]
    breaks: list[int]


@cache
def blank() -> Language:
    """spaCy's English with the project's tokenizer."""
    import spacy

    from dossier.components import tokenizer

    nlp = spacy.blank("en")
    nlp.tokenizer = tokenizer.build(nlp)
    return nlp


def cut_words(record: Marked, labels: tuple[str, ...] = LABELS) -> Words:
    """Cut a text into the words that are no white space, with the tags that each may have."""
    doc = blank().make_doc(record.text)
    words = [token.text for token in doc if not token.is_space]
    offsets = [(token.idx, token.idx + len(token)) for token in doc if not token.is_space]
    return Words(record, words, offsets, _allowed(record, words, offsets, labels), guess_starts(record.text, offsets))


def _allowed(record: Marked, words: list[str], offsets: list[tuple[int, int]], labels: tuple[str, ...]) -> list[int]:
    number = {label: i for i, label in enumerate(labels)}
    every = (1 << (1 + 2 * len(labels))) - 1
    allowed = [_unmarked(record, words, i, number) for i in range(len(words))]
    for i, (start, end) in enumerate(offsets):
        if any(s < end and start < e for s, e in record.ignore):
            allowed[i] = every
    for s, e, label in record.spans:
        inside = [i for i, (start, end) in enumerate(offsets) if s < end and start < e]
        for i in inside:
            allowed[i] = 1 << (2 + 2 * number[label] if i > inside[0] else 1 + 2 * number[label])
    return allowed


def _unmarked(record: Marked, words: list[str], i: int, number: dict[str, int]) -> int:
    """`O`, and what the set would not have marked: DATE, QUANTITY or, everywhere but in own texts, WEAPON."""
    tags = 1
    if "DATE" not in record.labels and DATE_LIKE.fullmatch(words[i]) and _near_date(words, i):
        tags |= 0b11 << (1 + 2 * number["DATE"])
    if "QUANTITY" not in record.labels and NUMBER_LIKE.fullmatch(words[i]):
        tags |= 0b11 << (1 + 2 * number["QUANTITY"])
    if "WEAPON" not in record.labels and WEAPON_LIKE.fullmatch(words[i]):
        tags |= 0b11 << (1 + 2 * number["WEAPON"])
    return tags


def _near_date(words: list[str], i: int) -> bool:
    return any(_DATE_HEART.fullmatch(word) for word in words[max(0, i - 3) : i + 4])


def with_text(
    record: Marked, text: str, spans: Iterable[tuple[int, int, str]], ignore: Iterable[tuple[int, int]]
) -> Marked:
    return replace(record, text=text, spans=tuple(sorted(spans)), ignore=tuple(ignore))
