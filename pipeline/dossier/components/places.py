"""PLACE mentions: compass words and coordinations around known names, cities from the table, and the normal form of all."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from spacy.language import Language

from dossier.components.base import register
from dossier.components.gazetteer import FOLDER
from dossier.components.lexicon import lexicon_of
from dossier.components.runs import HYPHENS, Ground, Run, find_runs
from dossier.components.view import TITLE_BLOCKS, view_of
from dossier.records import Found

if TYPE_CHECKING:
    from spacy.tokens import Doc

    from dossier.normalize.places import PlaceNorm
    from dossier.normalize.places import Places as Tables

CITY, HEADED, COMPASS = 0.8, 0.75, 0.93  # estimates
MOST_PARTS = 4  # words of a city's name


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


class Places:
    """Proposes places that the gazetteer does not name as they stand, and gives every PLACE its norm."""

    def __init__(self, name: str = "places", *, folders: list[str]) -> None:
        register()
        self.name = name
        self.folders = tuple(folders)
        self.tables = tables(self.folders)
        self._norms: dict[tuple[str, tuple[str, ...]], PlaceNorm | None] = {}

    def __call__(self, doc: Doc) -> Doc:
        view = view_of(doc)
        ground = Ground.of(view, lexicon_of(self.folders), doc._.found)
        near = self._countries(view.text, doc._.found)
        doc._.found.extend(self._compass(ground))
        doc._.found.extend(self._cities(ground, near))
        for found in doc._.found:
            if found.label == "PLACE" and found.norm is None:
                norm = self._norm(view.text[found.start : found.end], near)
                found.norm = norm.as_norm() if norm else None
        return doc

    def _countries(self, text: str, found: list[Found]) -> tuple[str, ...]:
        """The ISO codes of the countries that the text names, sorted."""
        names = {text[one.start : one.end] for one in found if one.label == "PLACE"}
        norms = [self._norm(name, ()) for name in sorted(names)]
        return tuple(sorted({norm.country for norm in norms if norm and norm.country and norm.kind == "country"}))

    def _norm(self, words: str, near: tuple[str, ...]) -> PlaceNorm | None:
        from dossier.errors import PlaceError

        at = (" ".join(words.split()), near)
        if at not in self._norms:
            if len(self._norms) > 20_000:
                self._norms.clear()
            try:
                self._norms[at] = self.tables.resolve(at[0], near=near)
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

    def _cities(self, ground: Ground, near: tuple[str, ...]) -> list[Found]:
        found = []
        for run in find_runs(ground):
            labels = set(ground.known[run.first : run.last])
            if ground.view.kind(run.first) in TITLE_BLOCKS or labels - {"", "PLACE"}:
                continue
            span = ground.view.span(run.first, run.last)
            if self._is_headed(ground, run):
                found.append(Found(span.start, span.end, "PLACE", HEADED, self.name))
            elif "PLACE" not in labels and run.last - run.first <= MOST_PARTS and self._in_place(ground, run):
                norm = self._city(ground, run, near)
                if norm is not None:
                    found.append(Found(span.start, span.end, "PLACE", CITY, self.name, norm.as_norm()))
        return found

    def _city(self, ground: Ground, run: Run, near: tuple[str, ...]) -> PlaceNorm | None:
        """The city of the table that a run names, when its country is named in the text."""
        span = ground.view.span(run.first, run.last)
        text = ground.view.text[span.start : span.end]
        norm = self._norm(text, near)
        if norm is None or self.tables.common(text):
            return None
        return norm if norm.country in near or self._before_country(ground, run, norm) else None

    def _is_headed(self, ground: Ground, run: Run) -> bool:
        """`Sierra Maestra Mountains`: the last word is the noun of a place; or `the town of` stands before."""
        words, first = ground.view.words, run.first
        if first > 1 and words[first - 1] == "of" and words[first - 2] in ground.lexicon.place_kinds:
            return ground.continues(first, first - 2) and "PLACE" not in ground.known[first : run.last]
        return run.last - first > 1 and words[run.last - 1] in ground.lexicon.place_heads

    def _in_place(self, ground: Ground, run: Run) -> bool:
        """Whether a preposition of place, or a place and a comma or `and`, stands before a run; or a country after it."""
        words, first = ground.view.words, run.first
        if words[first] in ground.lexicon.nameless or ground.breaks[first]:
            return False
        if words[first - 1] in ground.lexicon.prepositions:
            return True
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
