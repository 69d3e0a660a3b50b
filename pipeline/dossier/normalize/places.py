"""Places to their normal form: GeoNames id, ISO country, latitude, longitude.

Countries, regions and provinces come from the project's own tables; cities from `geonames.tsv`, which is sorted by
key and searched where it lies, so that loading it costs nothing. The tables are those of `gazetteer.py`.
"""

from __future__ import annotations

import mmap
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dossier.errors import ConfigError, PlaceError
from dossier.normalize.gazetteer import CITIES, COMMON, KINDS, Row, check_countries, fold, read_tables

__all__ = ["City", "CityTable", "PlaceNorm", "Places", "fold"]

SEAT: Final = 15_000  # inhabitants from which a bare `Gao` is the city, not the province of the same name
OUTWEIGHS: Final = 50  # times larger: `Cairo` stays in Egypt in a report that names the U.S. (Cairo, Georgia: 1000)
ALIAS_WEIGHT: Final = 0.25  # an alternate name counts as a quarter of its city: many are shared or rare

_WAY = r"(?:north|south|east|west|centr|mid)(?:ern|al|erly)?|(?:north|south) ?(?:east|west|central)(?:ern|erly)?"
_PART = re.compile(
    rf"(?:(?:far|extreme|upper|lower|{_WAY}|and|or|to) )*(?:{_WAY}) (?:part of |of )?(?:the )?(?P<name>.+)"
)
_AREA = "region|province|state|governorate|department|district|county|oblast|prefecture|wilaya|wilayat|cercle"
_AREA += "|republic|territory|division|emirate|peninsula|basin|area|zone|agency"
_TOWN = "city|town|village|municipality|commune|port|camp|capital"
_AFTER = re.compile(rf"(?P<name>.+) (?:(?P<area>{_AREA})|(?P<town>{_TOWN}))")
_BEFORE = re.compile(rf"(?:(?P<area>{_AREA})|(?P<town>{_TOWN})) (?:of|de|du) (?:the )?(?P<name>.+)")
Near = Mapping[str, int]  # ISO code of a country -> how often a document names it
_POSSESSIVE = re.compile(r"(?<=\w)['’]s?\s*$")


@dataclass(frozen=True, slots=True)
class PlaceNorm:
    """Where a place is; `kind`: country, region, province, site, city, or part (a compass part of one)."""

    geonames: int | None
    country: str | None
    lat: float | None
    lon: float | None
    kind: str

    def as_norm(self) -> dict[str, int | str | float | None]:
        """The `norm` of a PLACE, as the exports write it."""
        return {"geonames": self.geonames, "country": self.country, "lat": self.lat, "lon": self.lon}


@dataclass(frozen=True, slots=True)
class City:
    """One row of the city table under one of its keys."""

    norm: PlaceNorm
    population: int
    alias: bool
    name: str = ""  # the main name

    def weight(self) -> float:
        """What ranks homonyms: inhabitants, less for an alternate name."""
        return self.population * (ALIAS_WEIGHT if self.alias else 1.0)


class CityTable:
    """`geonames.tsv`, searched by bisection in the mapped file."""

    def __init__(self, path: Path) -> None:
        try:
            with path.open("rb") as file:
                self._data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError) as error:
            fix = "the build writes it. Run: pip install -e . in the checkout, or install the wheel again"
            raise ConfigError(f"{path}: {error}; {fix}") from error

    def country_id(self, code: str) -> int | None:
        """The GeoNames id of a country, by its ISO code."""
        return next((int(cells[2]) for cells in self._lines(f"@{code.lower()}")), None)

    def find(self, key: str) -> list[City]:
        """Every city under a folded key."""
        return [_make_city(cells) for cells in self._lines(key)] if key[:1].isalnum() else []

    def _lines(self, key: str) -> Iterator[list[str]]:
        start = f"{key}\t".encode()
        at = self._bisect(start)
        while self._data[at : at + len(start)] == start:
            end = self._data.find(b"\n", at)
            yield self._data[at:end].decode().split("\t")
            at = end + 1

    def _bisect(self, start: bytes) -> int:
        """The offset of the first line that does not sort before `start`, a key and its tab."""
        low, high = 0, len(self._data)
        while low < high:
            middle = (low + high) // 2
            line = self._data.rfind(b"\n", low, middle) + 1 or low
            if self._data[line : self._data.find(b"\t", line) + 1] < start:
                low = self._data.find(b"\n", middle) + 1
            else:
                high = line
        return low


class Places:
    """Finds the normal form of a place by its name."""

    def __init__(self, rows: list[Row], cities: CityTable) -> None:
        self._cities = cities
        self._own: dict[str, list[PlaceNorm]] = {}
        self._seat: dict[PlaceNorm, str] = {}  # a province's main name, under which its seat may stand
        self._common = frozenset(fold(row["name"]) for row in rows if row.table == COMMON)
        for table in KINDS:
            for row in rows:
                if row.table == table:
                    self._add(row)

    @classmethod
    def load(cls, folder: Path, *overlays: Path) -> Places:
        """Read the package's tables and those of the workspace that overlay it.

        Raises ConfigError when a table does not read or the city table has not been built.
        """
        return cls(check_countries(read_tables([folder, *overlays], (*KINDS, COMMON))), CityTable(folder / CITIES))

    def resolve(self, words: str, *, near: Collection[str] | Near = ()) -> PlaceNorm:
        """Turn the words of a PLACE into its normal form: `northern Mali` -> ML, the coordinates of Mali.

        near: ISO codes of the countries that the document names, with how often where it is known; among homonyms
        in these, names of the country times inhabitants decide, unless another is 50 times larger. The order is country, region,
        province, city; else the largest. Raises PlaceError when no table has the name.
        """
        found = self._find(words, near if isinstance(near, Mapping) else dict.fromkeys(near, 1))
        if found is None:
            fix = "add it to gazetteer/regions.tsv under the configs of the workspace"
            raise PlaceError(f"{words!r} is in no table of places; {fix}")
        return found

    def province(self, words: str, *, near: Near) -> PlaceNorm | None:
        """The province of exactly this name, or None."""
        areas = [norm for norm in self._own.get(fold(words), []) if norm.kind == "province"]
        return max(areas, key=lambda norm: near.get(norm.country or "", 0), default=None)

    def known(self, words: str) -> bool:
        """Whether `resolve` finds the words."""
        return self._find(words, {}) is not None

    def population(self, words: str) -> int:
        """Inhabitants of the largest city whose main name this is; 0 for an alternate name or no city.

        For choosing which cities to propose: alternate names are full of inflected forms and chance homonyms.
        """
        return max((city.population for city in self._cities.find(fold(words)) if not city.alias), default=0)

    def with_article(self, words: str) -> bool:
        """Whether the article is part of a city's main name: `The Hague`."""
        return any(city.name == words for city in self._cities.find(fold(words)) if city.name.startswith("The "))

    def common(self, words: str) -> bool:
        """Whether the words are an ordinary word or a personal name too, so that they need a cue to be a place.

        Never of a country: `Jordan` and `Chad` are names, but mostly the countries.
        """
        key = fold(words)
        return key in self._common and not any(norm.kind == "country" for norm in self._own.get(key, []))

    def _add(self, row: Row) -> None:
        kind = KINDS[row.table]
        code = row["country"] or None
        number = self._cities.country_id(code) if kind == "country" and code else None
        if "geonames" in row.values:
            number = row.integer("geonames")
        norm = PlaceNorm(number, code, row.number("lat", 90), row.number("lon", 180), kind)
        self._seat.setdefault(norm, fold(row["name"]))
        for name in (row["name"], *row.many("aliases"), *row.many("strict")):
            self._put(fold(name), norm)
        capital = fold(row.values.get("capital", ""))
        if capital and not self._cities.find(capital):
            self._put(capital, PlaceNorm(None, code, norm.lat, norm.lon, "city"))

    def _put(self, key: str, norm: PlaceNorm) -> None:
        homonyms = self._own.setdefault(key, [])
        if not any((other.kind, other.country) == (norm.kind, norm.country) for other in homonyms):
            homonyms.append(norm)

    def _find(self, words: str, near: Near) -> PlaceNorm | None:
        words = _POSSESSIVE.sub("", words)
        key = fold(words)
        steps = (self._named(key, near), self._typed(key, near)) if key else ()
        return next(filter(None, steps), None) or self._inside(words, near) or self._part(key, near)

    def _named(self, key: str, near: Near) -> PlaceNorm | None:
        """The place of exactly this name; a bare province is its seat when that is a city of the same name."""
        own = self._own_named(key, near)
        if own is None:
            return self._city(key, near) or (self._city(f"saint {key[3:]}", near) if key.startswith("st ") else None)
        if own.kind == "province" and own.country:
            return self._seat_of(own, key) or own
        return own

    def _seat_of(self, province: PlaceNorm, key: str) -> PlaceNorm | None:
        """The city of the province's name in its country: `Gao`, but not `Gao Region`."""
        for name in (key, self._seat[province]):
            cities = [city for city in self._cities.find(name) if city.norm.country == province.country]
            largest = max(cities, key=City.weight, default=None)
            if largest and largest.population >= SEAT:
                return largest.norm
        return None

    def _own_named(self, key: str, near: Near) -> PlaceNorm | None:
        """The country, region or province of this name."""
        homonyms = self._own.get(key, [])
        if not homonyms or homonyms[0].kind == "country":
            return next(iter(homonyms), None)
        return max(homonyms, key=lambda norm: near.get(norm.country or "", 0))  # of equals the first

    def _city(self, key: str, near: Near) -> PlaceNorm | None:
        cities = sorted(self._cities.find(key), key=City.weight, reverse=True)
        if not cities:
            return None
        close = max(cities, key=lambda city: near.get(city.norm.country or "", 0) * city.weight())
        return (close if cities[0].weight() <= OUTWEIGHS * close.weight() else cities[0]).norm

    def _typed(self, key: str, near: Near) -> PlaceNorm | None:
        """`Gao Region`, `Helmand Province`, `City of Gao`, `Kidal town`: the area or the town of that name."""
        found = _AFTER.fullmatch(key) or _BEFORE.fullmatch(key)
        if not found:
            return None
        name = found["name"]
        if found["town"]:
            return self._city(name, near) or self._named(name, near)
        return self.province(name, near=near) or self._named(name, near)

    def _inside(self, words: str, near: Near) -> PlaceNorm | None:
        """`Tripoli, Lebanon`: the place before the last comma, in the country of what stands after it."""
        head, comma, tail = words.rpartition(",")
        outer = self._find(tail, near) if comma and fold(head) and fold(tail) else None
        return self._find(head, {outer.country: 1}) if outer and outer.country else None

    def _part(self, key: str, near: Near) -> PlaceNorm | None:
        """`southwest Libya`, `North and West Africa`: the place itself, without its GeoNames id."""
        found = _PART.fullmatch(key)
        if not found or found["name"] in self._common:
            return None
        whole = self._named(found["name"], near) or self._typed(found["name"], near)
        return PlaceNorm(None, whole.country, whole.lat, whole.lon, "part") if whole else None


def _make_city(cells: list[str]) -> City:
    key, name, number, country, lat, lon, population = cells
    norm = PlaceNorm(int(number), country, float(lat), float(lon), "city")
    return City(norm, int(population), fold(name) != key, name)
