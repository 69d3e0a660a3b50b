"""WEAPON mentions: a model (`AK-47`), a named weapon (`Semtex`) or a type (`mortar`), with the type words around it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from spacy.language import Language

from dossier.components.base import register
from dossier.components.patterns import load_patterns
from dossier.components.trie import Trie
from dossier.components.view import View, view_of
from dossier.records import Found

if TYPE_CHECKING:
    from spacy.tokens import Doc

NAMED, TYPED = 0.85, 0.75  # estimates
# `AK-47`, `M16A2`, `RPG-7V2`; a word of few capitals and digits counts only before a type word
_MODEL = re.compile(r"[A-Z]{1,4}[a-z]?-?\d{1,4}[A-Z]?\d?s?")
_SURE = re.compile(r"(?:AK[MS]?-?(?:47|74|M)|M-?(?:16|60|79)(?:A\d)?|SA-\d{1,2}|RPG-?\d{1,2}|RPK-?\d*|PKM?|FN-?FAL)s?")
_BORE = re.compile(r"[.,]?\d{1,3}(?:[.,]\d{1,2})?")
UNITS = frozenset(("mm", "caliber", "calibre"))
HYPHENS = frozenset(("-", "‐", "‑"))
BETWEEN = frozenset(("-", "to", "surface", "air", "anti", "tank", "aircraft"))  # `SA-7` surface-to-air `missiles`


@Language.factory("dossier_weapons", assigns=["doc._.found"], default_config={"folders": []})
def make_weapons(nlp: Language, name: str, folders: list[str]) -> Weapons:
    return Weapons(name, folders=folders, split=lambda text: [token.text for token in nlp.make_doc(text)])


class Weapons:
    """Proposes weapons."""

    def __init__(self, name: str = "weapons", *, folders: list[str], split: object) -> None:
        register()
        self.name = name
        patterns = load_patterns(folders)
        self.qualifiers = patterns.one_of("weapon", "qualifiers")
        self.shy = patterns.one_of("weapon", "needs_context")
        self.trie: Trie[str] = Trie(fold_case=True)
        for word in patterns.words("weapon", "types"):
            self.trie.add(split(word), "type")  # type: ignore[operator]
        self.names: Trie[str] = Trie()
        for word in patterns.words("weapon", "names"):
            self.names.add(split(word), "name")  # type: ignore[operator]

    def __call__(self, doc: Doc) -> Doc:
        view = view_of(doc)
        for first, last, confidence in self._find(view):
            span = view.span(first, last)
            doc._.found.append(Found(span.start, span.end, "WEAPON", confidence, self.name))
        return doc

    def _find(self, view: View) -> list[tuple[int, int, float]]:
        typed = {first: last for first, last, _ in self.trie.find(view)}
        found = [(first, self._with_type(view, last, typed), NAMED) for first, last, _ in self.names.find(view)]
        found += self._models(view, typed)
        for first, last in typed.items():
            start = self._with_qualifiers(view, first)
            if start < first or view.words[first].casefold() not in self.shy or last - first > 1:
                found.append((start, last, TYPED))
        return found

    def _models(self, view: View, typed: dict[int, int]) -> list[tuple[int, int, float]]:
        found = []
        for index in view.capitals:
            last, word = index + 1, view.words[index]
            if (
                last + 1 < len(view)
                and view.words[last] in "-‐‑"
                and view.words[last + 1][:1].isdigit()
                and view.glued(last + 1)
            ):
                last, word = last + 2, f"{word}-{view.words[last + 1]}"
            end = self._with_type(view, last, typed)
            if _SURE.fullmatch(word) or (end > last and _MODEL.fullmatch(word)):
                found.append((index, end, NAMED))
        return found

    def _with_type(self, view: View, last: int, typed: dict[int, int]) -> int:
        """Where a model ends once its type words are taken in: `SA-7` + `surface-to-air missiles`."""
        at = last
        while at < len(view) and at - last < 6 and view.block[at] == view.block[last - 1]:
            if at in typed:
                return typed[at]
            if view.words[at] not in self.qualifiers and view.words[at] not in BETWEEN:
                break
            at += 1
        return last

    def _with_qualifiers(self, view: View, first: int) -> int:
        while (
            first and view.words[first - 1].casefold() in self.qualifiers and view.block[first - 1] == view.block[first]
        ):
            first -= 1
        return _with_bore(view, first)


def _with_bore(view: View, first: int) -> int:
    """A mark that begins with a unit takes in its number, `81 mm mortars`, `.50 caliber ...`, or leaves the unit out."""
    if view.words[first].casefold() not in UNITS:
        return first
    at = first - 1
    hyphen = at > 0 and view.words[at] in HYPHENS
    at -= hyphen
    if at < 0 or view.block[at] != view.block[first] or not _BORE.fullmatch(view.words[at]):
        return first + 1
    point = at > 0 and view.words[at - 1] == "." and view.glued(at) and not view.glued(at - 1)
    return at - 1 if point else at
