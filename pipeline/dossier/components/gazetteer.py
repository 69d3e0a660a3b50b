"""Names that are looked for as they stand: countries, regions, provinces, peoples, organisations of general knowledge."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from spacy.language import Language

from dossier.components.base import register
from dossier.components.lexicon import lexicon_of
from dossier.components.trie import Trie
from dossier.components.view import ALL_CAPS, CAPITAL, TITLE_BLOCKS, View, view_of
from dossier.records import Found

if TYPE_CHECKING:
    from collections.abc import Callable

    from spacy.tokens import Doc

    from dossier.normalize.gazetteer import Entry

FOLDER = "gazetteer"
# estimates of how often a hit is right, not calibrated; `context` has a cue beside it
CONFIDENCE = {"name": 0.95, "strict": 0.93, "context": 0.75}
_PLAIN = re.compile(r"[A-Za-z]+(?: [A-Za-z]+)*")


@Language.factory(
    "dossier_gazetteer",
    assigns=["doc._.found"],
    default_config={"folders": []},
)
def make_gazetteer(nlp: Language, name: str, folders: list[str]) -> GazetteerNames:
    return GazetteerNames(name, folders=folders, split=lambda text: [token.text for token in nlp.make_doc(text)])


class GazetteerNames:
    """Proposes the names of the gazetteer, the longest at each word."""

    def __init__(self, name: str = "gazetteer", *, folders: list[str], split: Callable[[str], list[str]]) -> None:
        register()
        self.name = name
        self.trie = make_trie(tuple(folders), split)
        self.lexicon = lexicon_of(tuple(folders))

    def __call__(self, doc: Doc) -> Doc:
        view, found = view_of(doc), doc._.found
        for first, last, entry in self.trie.find(view, view.capitals):
            if self._stands(view, first, last, entry):
                span = view.span(first, last)
                found.append(Found(span.start, span.end, entry.label, CONFIDENCE[entry.match], self.name))
        return doc

    def _stands(self, view: View, first: int, last: int, entry: Entry) -> bool:
        if entry.label == "PLACE" and last - first == 1 and self._is_surname(view, first):
            return False
        if entry.match == "strict":
            return not _in_capitals(view, first, last)
        if entry.match == "context":
            cue = self._has_people_cue if entry.label == "NORP" else self._has_cue
            return cue(view, first, last)
        return not (entry.kind == "country" and last - first == 1 and self._is_given(view, first))

    def _is_given(self, view: View, first: int) -> bool:
        """Whether a country's word opens a personal name: `Georgia Smith`, not `Georgia State` nor `Jordan Valley`."""
        after = first + 1
        if after >= len(view) or view.block[after] != view.block[first] or view.kind(first) in TITLE_BLOCKS:
            return False
        word, flags = view.words[after], view.flags[after]
        named = flags & CAPITAL and not flags & ALL_CAPS and len(word) > 2 and not view.opens_sentence(after)
        known = named and self.trie.longest(view.words, after, after + 1)
        return bool(named) and self.lexicon.is_given(view.words[first]) and not (known or self._may_lead(word))

    def _is_surname(self, view: View, first: int) -> bool:
        """Whether a place's word closes a personal name: `Wilma Austria`; a word that opens a sentence must be a given name."""
        before = first - 1
        if first < 1 or not view.flags[before] & CAPITAL or view.block[before] != view.block[first]:
            return False
        word = view.words[before]
        if view.kind(first) in TITLE_BLOCKS or view.flags[before] & ALL_CAPS or view.opens_sentence(first):
            return False
        if self.lexicon.is_given(word) or (word in self.lexicon.titles and word not in self.lexicon.title_parts):
            return True
        return not (view.opens_sentence(before) or self._may_lead(word) or self.trie.longest(view.words, before, first))

    def _may_lead(self, word: str) -> bool:
        lexicon = self.lexicon
        listed = (
            word in lexicon.nameless or word in lexicon.compass or word in lexicon.titles or word in lexicon.weak_heads
        )
        return listed or lexicon.is_head(word) or word in lexicon.not_heads or not word.isalpha()

    def _has_people_cue(self, view: View, first: int, last: int) -> bool:
        """`the Karen`, `ethnic Mon`, `Chin villagers`; no name before or after: not `Karen Smith`, `At Mons the army`."""
        before = view.words[first - 1].casefold() if first and view.block[first - 1] == view.block[first] else ""
        inside = last < len(view) and view.block[last] == view.block[first]
        after = view.words[last] if inside and not view.flags[last] & CAPITAL else ""
        clear = not inside or not view.flags[last] & CAPITAL or view.opens_sentence(last)
        return clear and (before in ("the", "ethnic") or after in self.lexicon.people_words)

    def _has_cue(self, view: View, first: int, last: int) -> bool:
        """A preposition of place before, no capital after: `in Reading`, not `Reading said` or `in Reading Station`."""
        before = view.words[first - 1] if first and view.block[first - 1] == view.block[first] else ""
        before = view.words[first - 2] if before == "the" and first > 1 else before
        after = view.flags[last] & CAPITAL if last < len(view) and view.block[last] == view.block[first] else 0
        return before.casefold() in self.lexicon.prepositions and not after


def _in_capitals(view: View, first: int, last: int) -> bool:
    """Whether the words around are in capitals too, so that `US` and `WHO` may be common words."""
    around = [*view.words[max(0, first - 3) : first], *view.words[last : last + 3]]
    long = [word for word in around if word.isalpha() and len(word) > 2]
    return len(long) > 1 and all(word.isupper() for word in long)


@lru_cache(maxsize=2)
def entries(folders: tuple[str, ...]) -> tuple[Entry, ...]:
    """The entries of the gazetteer folders under the configs folders."""
    from dossier.normalize.gazetteer import Gazetteer

    return tuple(Gazetteer.load([Path(folder) / FOLDER for folder in folders]))


def make_trie(folders: tuple[str, ...], split: Callable[[str], list[str]]) -> Trie[Entry]:
    trie: Trie[Entry] = Trie()
    # `Philippines` is a country, though `Philippine` has that plural
    for entry in sorted(entries(folders), key=lambda entry: entry.label == "NORP"):
        for form in entry.forms():
            if entry.label == "ORG" and " " not in form and form.casefold() != entry.name.casefold():
                continue  # `Libération` without its accent is a common word
            trie.add(form.split() if _PLAIN.fullmatch(form) else split(form), entry)
    return trie
