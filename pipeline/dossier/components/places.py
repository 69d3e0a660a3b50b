"""PLACE mentions: compass words and coordinations around known names, cities from the table, and the normal form of all."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from spacy.language import Language

from dossier.components.base import register
from dossier.components.gazetteer import FOLDER, entries
from dossier.components.lexicon import lexicon_of
from dossier.components.runs import HYPHENS, Ground, Run, find_runs
from dossier.components.view import TITLE_BLOCKS, view_of
from dossier.records import Found

if TYPE_CHECKING:
    from spacy.tokens import Doc

    from dossier.normalize.places import PlaceNorm
    from dossier.normalize.places import Places as Tables

CITY, LARGE, AGAIN, HEADED, COMPASS = 0.8, 0.7, 0.65, 0.75, 0.93  # estimates
MOST_PARTS = 4  # words of a city's name
LARGE_CITY = 100_000  # inhabitants from which a city needs no country beside it
DASHES = frozenset(("-", "–", "—"))


@Language.factory(
    "dossier_places",
    requires=["doc._.found"],
    assigns=["doc._.found"],
    default_config={"folders": []},
)
def make_places(nlp: Language, name: str, folders: list[str]) -> Places:
    return Places(name, folders=folders)


@lru_cache(maxsize=2)
def tables(folders: tuple[str, ...]) -> Tables:
    from dossier.normalize.places import Places as Tables

    return Tables.load(*(Path(folder) / FOLDER for folder in folders))


Counts = tuple[tuple[str, int], ...]  # how often a text names each country, by its ISO code


@lru_cache(maxsize=2)
def demonyms_of(folders: tuple[str, ...]) -> dict[str, str]:
    """The country of each demonym: `Malians` -> Mali."""
    return {entry.name: entry.entity_name for entry in entries(folders) if entry.kind == "demonym"}


@lru_cache(maxsize=2)
def places_of(folders: tuple[str, ...]) -> Places:
    """The tables of some configs folders, for who only wants normal forms."""
    return Places(folders=list(folders))


class Places:
    """Proposes places that the gazetteer does not name as they stand, and gives every PLACE its norm."""

    def __init__(self, name: str = "places", *, folders: list[str]) -> None:
        register()
        self.name = name
        self.folders = tuple(folders)
        self.tables = tables(self.folders)
        self._norms: dict[tuple[str, Counts], PlaceNorm | None] = {}

    def __call__(self, doc: Doc) -> Doc:
        view = view_of(doc)
        ground = Ground.of(view, lexicon_of(self.folders), doc._.found)
        near = self._countries(view.text, doc._.found)
        doc._.found.extend(self._compass(ground))
        doc._.found.extend(self._cities(ground, near))
        self._give_norms(view.text, doc._.found, near)
        return doc

    def give_norms(self, text: str, found: list[Found]) -> None:
        """Give every PLACE without one its normal form."""
        self._give_norms(text, found, self._countries(text, found))

    def _give_norms(self, text: str, found: list[Found], near: Counts) -> None:
        for one in found:
            if one.label == "PLACE" and one.norm is None:
                norm = self._norm(text[one.start : one.end], near)
                one.norm = norm.as_norm() if norm else None

    def _countries(self, text: str, found: list[Found]) -> Counts:
        """How often the text names each country, also by its demonym or a part of it that was a state; sorted."""
        demonyms = demonyms_of(self.folders)
        counts: Counter[str] = Counter()
        for one in found:
            words = text[one.start : one.end]
            name = demonyms.get(words) if one.label == "NORP" else words if one.label == "PLACE" else None
            norm = self._norm(name, ()) if name else None
            if norm and norm.country and norm.kind in ("country", "region"):
                counts[norm.country] += 1
        return tuple(sorted(counts.items()))

    def _norm(self, words: str, near: Counts) -> PlaceNorm | None:
        from dossier.errors import PlaceError

        at = (" ".join(words.split()), near)
        if at not in self._norms:
            if len(self._norms) > 20_000:
                self._norms.clear()
            try:
                self._norms[at] = self.tables.resolve(at[0], near=dict(near))
            except PlaceError:
                self._norms[at] = None
        return self._norms[at]

    # ------------------------------------------------------------ compass words

    def _compass(self, ground: Ground) -> list[Found]:
        """`Northern Mali`, and `North and West Africa`, whose last part the gazetteer knows."""
        view, compass = ground.view, ground.lexicon.compass
        found = []
        for first, last in sorted(ground.ends.items()):
            if ground.known[first] != "PLACE":
                continue
            start = first
            while start and self._leads(ground, start):
                start -= 1
            while start < first and (view.words[start] not in compass or not ground.is_name_word(start)):
                start += 1
            if start < first and self._shares_head(ground, start, first):
                span = view.span(start, last)
                found.append(Found(span.start, span.end, "PLACE", COMPASS, self.name))
        return found

    def _leads(self, ground: Ground, start: int) -> bool:
        words = ground.view.words
        word = words[start - 1]
        inner = word in HYPHENS or word in ("and", "or")
        return ground.continues(start, start - 1) and (
            word in ground.lexicon.compass or (inner and start > 1 and words[start - 2] in ground.lexicon.compass)
        )

    def _shares_head(self, ground: Ground, start: int, first: int) -> bool:
        """Whether the words before a place are compass words of it: `North and` only before `West Africa`."""
        words = ground.view.words
        if any(word in ("and", "or") for word in words[start:first]):
            return words[first] in ground.lexicon.compass or words[first - 1] in ground.lexicon.compass
        return True

    # ------------------------------------------------------------ cities and named regions

    def _cities(self, ground: Ground, near: Counts) -> list[Found]:
        found: list[Found] = []
        countries = frozenset(country for country, _ in near)
        cities: dict[tuple[str, ...], Found] = {}
        others: list[Run] = []
        for run in find_runs(ground):
            labels = set(ground.known[run.first : run.last])
            if ground.view.kind(run.first) in TITLE_BLOCKS or labels - {"", "PLACE"}:
                continue
            span = ground.view.span(run.first, run.last)
            headed = _without_opener(ground, run)
            if self._is_headed(ground, headed) or self._is_area(ground, headed, near):
                span = ground.view.span(headed.first, headed.last)
                found.append(Found(span.start, span.end, "PLACE", HEADED, self.name))
            elif "PLACE" not in labels and run.last - run.first <= MOST_PARTS:
                words = " ".join(ground.view.text[span.start : span.end].split())
                confidence = self._city(ground, run, words, near, countries)
                if confidence:
                    norm = self._norm(words, near)
                    known = norm.as_norm() if norm else None
                    city = Found(span.start, span.end, "PLACE", confidence, self.name, known)
                    found.append(city)
                    cities.setdefault(tuple(ground.view.words[run.first : run.last]), city)
                    ground.known[run.first : run.last] = ["PLACE"] * (run.last - run.first)
                else:
                    others.append(run)
        return found + self._again(ground, cities, others)

    def _again(self, ground: Ground, cities: dict[tuple[str, ...], Found], runs: list[Run]) -> list[Found]:
        """The cities that were found, where no preposition stands before them: `Belfast police`."""
        found = []
        for run in (_without_opener(ground, run) for run in runs):
            city = cities.get(tuple(ground.view.words[run.first : run.last]))
            if city is not None:
                span = ground.view.span(run.first, run.last)
                found.append(replace(city, start=span.start, end=span.end, confidence=AGAIN))
        return found

    def _city(self, ground: Ground, run: Run, words: str, near: Counts, countries: frozenset[str]) -> float:
        """How sure a run is a city of the table: its country is named, or it is a large one where a place stands; or 0."""
        with_article = words.startswith("The ") and self.tables.with_article(words)
        in_place = self._in_place(ground, run, with_article=with_article)
        large = self._stands_large(ground, run, with_article=with_article)
        if not (in_place or large):
            return 0.0
        norm = self._norm(words, near)
        if norm is None or norm.kind != "city" or self.tables.common(words):
            return 0.0
        if in_place and (norm.country in countries or self._before_country(ground, run, norm)):
            return CITY
        return LARGE if large and self.tables.population(words) >= LARGE_CITY else 0.0

    def _stands_large(self, ground: Ground, run: Run, *, with_article: bool) -> bool:
        """Whether `in`, `near` or the like stands before a run, or the run opens a dateline: `LIMA, 3 May 1992 -`."""
        view, first, last = ground.view, run.first, run.last
        if view.words[first] in ground.lexicon.nameless and not with_article:
            return False
        if not ground.breaks[first]:
            return view.words[first - 1] in ground.lexicon.city_prepositions or self._is_joined(ground, first)
        opens_block = first == 0 or view.block[first - 1] != view.block[first]
        if not opens_block or last + 1 >= len(view) or view.block[last] != view.block[first]:
            return False
        if view.words[last] == "," and ground.known[last + 1] == "DATE":
            return True
        close = next((at for at in range(last, min(last + 4, len(view))) if view.words[at] == ")"), None)
        dash = close + 1 if view.words[last] == "(" and close else last
        return dash < len(view) and view.words[dash] in DASHES and not view.glued(dash)

    def _is_headed(self, ground: Ground, run: Run) -> bool:
        """`Sierra Maestra Mountains`: the last word is the noun of a place; or `the town of` stands before."""
        words, first = ground.view.words, run.first
        if first > 1 and words[first - 1] == "of" and words[first - 2] in ground.lexicon.place_kinds:
            return ground.continues(first, first - 2) and "PLACE" not in ground.known[first : run.last]
        return run.last - first > 1 and words[run.last - 1] in ground.lexicon.place_heads

    def _is_area(self, ground: Ground, run: Run, near: Counts) -> bool:
        """`Bayelsa State`: a province of the tables and the word for one, which no other name follows."""
        view = ground.view
        if run.last - run.first < 2 or view.words[run.last - 1] not in ground.lexicon.place_areas:
            return False
        span = view.span(run.first, run.last - 1)
        norm = self.tables.province(" ".join(view.text[span.start : span.end].split()), near=dict(near))
        return norm is not None and norm.country != "US"  # `Ohio State` is a university

    def _in_place(self, ground: Ground, run: Run, *, with_article: bool) -> bool:
        """Whether a preposition of place, or a place and a comma or `and`, stands before a run; or a country after it."""
        words, first = ground.view.words, run.first
        if (words[first] in ground.lexicon.nameless and not with_article) or ground.breaks[first]:
            return False
        return words[first - 1] in ground.lexicon.prepositions or self._is_joined(ground, first)

    def _is_joined(self, ground: Ground, first: int) -> bool:
        """Whether a place and a comma or `and` stand before a word."""
        words = ground.view.words
        joined = words[first - 1] in (",", "and", "or", "/") and first > 1
        if joined and words[first - 2] == "," and words[first - 1] == "and" and first > 2:
            return ground.known[first - 3] == "PLACE"
        return joined and ground.known[first - 2] == "PLACE"

    def _before_country(self, ground: Ground, run: Run, norm: PlaceNorm) -> bool:
        """Whether the country that a city lies in follows it after a comma."""
        view, after = ground.view, run.last + 1
        if after >= len(view) or view.words[run.last] != "," or ground.known[after] != "PLACE":
            return False
        span = view.span(after, ground.ends.get(after, after + 1))
        country = self._norm(view.text[span.start : span.end], ())
        return country is not None and country.country == norm.country


def _without_opener(ground: Ground, run: Run) -> Run:
    """A run without a `The` or the like that opens its sentence."""
    first = run.first
    while first < run.last - 1 and ground.view.words[first] in ground.lexicon.common:
        first += 1
    return Run(first, run.last, run.titled)
