"""The tables of names in `configs/gazetteer/`: what is read from them, and what a bad line says.

A table is a UTF-8 file of tab separated columns under one `# ` line that names them; lists inside a column are
separated by `|`. A workspace may hold a folder of the same shape: its rows are added, and win.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Literal

from dossier.errors import ConfigError

Match = Literal["name", "strict", "context"]

COMMON: Final = "common.tsv"
CITIES: Final = "geonames.tsv"  # built by hatch_build.py; read by places.py
TABLES: Final[dict[str, tuple[str, ...]]] = {
    "countries.tsv": ("name", "country", "lat", "lon", "capital", "aliases", "strict", "demonyms"),
    "regions.tsv": ("name", "country", "lat", "lon", "geonames", "aliases", "strict"),
    "provinces.tsv": ("name", "country", "lat", "lon", "aliases", "strict"),
    "sites.tsv": ("name", "country", "lat", "lon", "aliases", "strict"),
    "peoples.tsv": ("name", "aliases", "strict"),
    "organisations.tsv": ("name", "aliases", "strict"),
    COMMON: ("name",),
    "names.tsv": ("label", "name", "aliases", "strict"),
}
KINDS: Final = {
    "countries.tsv": "country",
    "regions.tsv": "region",
    "provinces.tsv": "province",
    "sites.tsv": "site",
}

_DROPPED = "'’‘`´ʻʼʽʾʿˈ′.\u00ad\u200b\u200c\u200d\ufeff"
_SPACED = '-‐‑‒–—−,;:/()[]_·"“”«»'
_LETTERS = {
    "ø": "o",
    "ł": "l",
    "đ": "d",
    "ð": "d",
    "þ": "th",
    "æ": "ae",
    "œ": "oe",
    "ı": "i",
    "ħ": "h",
    "ə": "a",
}
_FOLDS = str.maketrans(dict.fromkeys(_DROPPED, "") | dict.fromkeys(_SPACED, " ") | _LETTERS | {"&": " and "})
_NO_PLURAL = ("s", "sh", "ch", "ese", "x", "z", "man", "men")


def fold(name: str) -> str:
    """Turn a name into its lookup key: `Côte d’Ivoire` -> `cote divoire`, `the U.S.` -> `us`.

    Letters lose case and marks, apostrophes and full stops go, dashes and white space become one space, a
    leading `the` goes. Folding a key gives the key.
    """
    plain = name.casefold()
    if not plain.isascii():
        plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", plain).casefold())
        plain = "".join(c for c in plain if not unicodedata.combining(c))
    words = plain.translate(_FOLDS).split()
    while len(words) > 1 and words[0] == "the":
        words = words[1:]
    return " ".join(words)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table, with where it stands."""

    path: Path
    line: int
    values: dict[str, str]

    @property
    def table(self) -> str:
        return self.path.name

    def __getitem__(self, column: str) -> str:
        return self.values[column]

    def many(self, column: str) -> list[str]:
        """The parts of a list column, without empty ones."""
        return [part.strip() for part in self.values[column].split("|") if part.strip()]

    def number(self, column: str, limit: float) -> float | None:
        """A coordinate in degrees between -limit and limit; None for an empty column."""
        text = self.values[column]
        if not text:
            return None
        try:
            value = float(text)
        except ValueError:
            value = limit + 1
        if not -limit <= value <= limit:
            raise self.error(column, f"write degrees between -{limit:g} and {limit:g}, or leave it empty")
        return value

    def integer(self, column: str) -> int | None:
        """A whole positive number; None for an empty column."""
        text = self.values[column]
        if text and not (text.isascii() and text.isdigit()):
            raise self.error(column, "write digits only, or leave it empty")
        return int(text) if text else None

    def error(self, column: str, fix: str) -> ConfigError:
        """The error for one column of this line."""
        return ConfigError(f"{self.path} line {self.line}: {column} {self.values[column]!r}; {fix}")


def read_table(path: Path) -> Iterator[Row]:
    """Read one table, line by line.

    path: a file whose name is one of TABLES. Raises ConfigError for what is not UTF-8, for another header and
    for a line with too many columns, no name or an unknown shape of country code.
    """
    columns = TABLES[path.name]
    lines = _read_lines(path)
    header = "# " + "\t".join(columns)
    if not lines or lines[0].rstrip() != header:
        found = lines[0] if lines else ""
        raise ConfigError(f"{path} line 1: {found!r}; the first line must read {header!r}, with tabs")
    for number, text in enumerate(lines[1:], start=2):
        if text.strip() and not text.startswith("#"):
            yield _parse_line(path, number, text, columns)


def read_tables(folders: Iterable[Path], tables: Iterable[str] = tuple(TABLES)) -> Iterator[Row]:
    """Read the tables of the folders, the last folder first, so that the first row of a name wins.

    tables: the file names wanted. Raises ConfigError for a file that is none of TABLES, and as `read_table` does.
    """
    wanted = tuple(tables)
    for folder in reversed(list(folders)):
        for path in _files(folder):
            if path.name not in TABLES and path.name != CITIES:
                raise ConfigError(f"{path}: {path.name!r} is no table; name it one of {', '.join(TABLES)}")
        for name in wanted:
            if (folder / name).is_file():
                yield from read_table(folder / name)


def check_countries(rows: Iterable[Row]) -> list[Row]:
    """Return the rows when every country code is one that a countries table names; else raise ConfigError."""
    kept = list(rows)
    known = {row["country"] for row in kept if row.table == "countries.tsv"}
    for row in kept:
        if row.values.get("country", "") not in known | {""}:
            raise row.error("country", "use an ISO 3166-1 alpha-2 code that countries.tsv has, or leave it empty")
    return kept


@dataclass(frozen=True, slots=True)
class Entry:
    """One written form of a name and what it is proposed as.

    `entity_name` is the main name of the same thing (`UN` -> `United Nations`, `Malian` -> `Mali`). `match`:
    `name` as written or in capitals; `strict` as written only, and not in a line of capitals (`US`, `WHO`);
    `context` as `name`, but an ordinary word or personal name too, so a cue must stand beside it. `plain`: the form
    without its accents is looked for too.
    """

    name: str
    label: str
    kind: str
    entity_name: str
    match: Match
    plain: bool = True

    def forms(self) -> tuple[str, ...]:
        """Every spelling to look for: straight and curly apostrophe, without marks, in capitals."""
        spellings = {self.name, _without_marks(self.name)} if self.plain else {self.name}
        spellings |= {form.replace("'", "’") for form in spellings} | {form.replace("’", "'") for form in spellings}
        if self.match != "strict":
            spellings |= {form.upper() for form in spellings}
        return tuple(sorted(spellings))


class Gazetteer:
    """All names that are looked for as they stand; cities are not among them, save capitals."""

    def __init__(self, entries: Iterable[Entry], folders: Sequence[Path] = ()) -> None:
        first: dict[tuple[str, str], Entry] = {}
        for entry in entries:
            first.setdefault((entry.label, entry.name), entry)
        self._entries = tuple(first[key] for key in sorted(first))
        self._folders = tuple(folders)

    @classmethod
    def load(cls, folders: Sequence[Path]) -> Gazetteer:
        """Read the folders: the package's first, then those that overlay it.

        A folder that is not there adds nothing. Raises ConfigError for a line that does not read, with the
        file, the line, the value and the fix.
        """
        rows = check_countries(read_tables(folders))
        common = frozenset(fold(row["name"]) for row in rows if row.table == COMMON)
        return cls((entry for row in rows for entry in _make_entries(row, common)), folders)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def digest(self) -> str:
        """SHA-256, in hex, over the name, length and bytes of every table, the built city table too."""
        seen = hashlib.sha256()
        for folder in self._folders:
            for path in _files(folder):
                data = path.read_bytes()
                seen.update(f"{path.name}\0{len(data)}\0".encode())
                seen.update(data)
        return seen.hexdigest()


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.tsv"), key=lambda path: path.name)


def _read_lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: {error}; save it as UTF-8 text") from error


def _parse_line(path: Path, number: int, text: str, columns: tuple[str, ...]) -> Row:
    cells = [cell.strip() for cell in text.rstrip("\r").split("\t")]
    extra = [cell for cell in cells[len(columns) :] if cell]
    if extra:
        fix = f"a line has {len(columns)} columns: {', '.join(columns)}; names in a list are separated by |"
        raise ConfigError(f"{path} line {number}: one column too many, {extra[0]!r}; {fix}")
    cells += [""] * (len(columns) - len(cells))
    row = Row(path, number, dict(zip(columns, cells, strict=False)))
    if not fold(row["name"]):
        raise row.error("name", "give the row a name, with tabs between the columns")
    _check_cells(row)
    return row


def _check_cells(row: Row) -> None:
    code = row.values.get("country", "")
    if code and not (len(code) == 2 and code.isascii() and code.isupper()):
        raise row.error("country", "use two capitals, the ISO 3166-1 alpha-2 code")
    if row.table == "countries.tsv" and not code:
        raise row.error("country", "every country has its ISO 3166-1 alpha-2 code")
    if row.table == "names.tsv" and not (row["label"].isascii() and row["label"].isupper()):
        raise row.error("label", "use a label of configs/schema.toml, in capitals, such as ORG")
    if "lat" in row.values:
        row.number("lat", 90)
        row.number("lon", 180)
    if "geonames" in row.values:
        row.integer("geonames")


def _make_entries(row: Row, common: frozenset[str]) -> Iterator[Entry]:
    """Yield the entries of one row: name, aliases and strict forms; capital and demonyms of a country."""
    if row.table == COMMON:
        return
    name = row["name"]
    label, kind = _label_and_kind(row)
    for form, match in _forms(row):
        yield from _guarded(Entry(form, label, kind, name, match), common)
    if row.table == "countries.tsv":
        if capital := row["capital"]:
            yield from _guarded(Entry(capital, "PLACE", "capital", capital, "name"), common)
        for demonym in row.many("demonyms"):
            yield from _guarded(Entry(demonym, "NORP", "demonym", name, "name"), common)


def _without_marks(name: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))


def _guarded(entry: Entry, common: frozenset[str]) -> Iterator[Entry]:
    """Yield the entry, and its plural; a form that is an ordinary word too needs a cue.

    Of an accented name only the form without accents is one: `Aïr` stands by itself, `Air` needs the cue. A country
    is never an ordinary word, nor is a people, unless its row calls the form strict.
    """
    guarded = entry.label in ("PLACE", "NORP") and entry.kind not in ("country", "name") and fold(entry.name) in common
    plain = _without_marks(entry.name)
    if guarded and plain != entry.name:
        yield from _with_plural(replace(entry, plain=False), common)
        yield replace(entry, name=plain, match="context")
        return
    weak = guarded and (entry.match == "name" if entry.kind != "people" else entry.match == "strict")
    yield from _with_plural(replace(entry, match="context") if weak else entry, common)


def _forms(row: Row) -> Iterator[tuple[str, Match]]:
    strict = row.many("strict")
    for form in [row["name"], *row.many("aliases")]:
        if form not in strict:
            yield form, "name"
    for form in strict:
        yield form, "strict"


def _label_and_kind(row: Row) -> tuple[str, str]:
    if row.table == "names.tsv":
        return row["label"], "name"
    if row.table == "peoples.tsv":
        return "NORP", "people"
    if row.table == "organisations.tsv":
        return "ORG", "organisation"
    return "PLACE", KINDS[row.table]


def _with_plural(entry: Entry, common: frozenset[str]) -> Iterator[Entry]:
    """Yield the entry and, for a NORP, its regular plural, `Malian`, `Malians`, but not `Was` of the Wa."""
    yield entry
    if entry.label == "NORP" and entry.kind != "name" and not entry.name.endswith(_NO_PLURAL):
        plural = f"{entry.name}s"
        if entry.match == "name" or fold(plural) not in common:
            yield replace(entry, name=plural)
