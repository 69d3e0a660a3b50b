"""Sentence bounds by rule: a stop and a capital, a block's end; never inside a name with initials or an abbreviation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from spacy.language import Language

from dossier.components.base import register
from dossier.components.view import CAPITAL, DIGIT, View, view_of

if TYPE_CHECKING:
    from spacy.tokens import Doc

STOPS = frozenset((".", "!", "?", "...", "…", "。", "؟", "۔"))
CLOSERS = frozenset(("”", "’", '"', "'", ")", "]", "»"))
OPENERS = frozenset(("“", "‘", '"', "'", "(", "«", "[", "-", "–", "—", "•"))
# after a word that carries its own dot (`U.S.`, `Inc.`) only these open a sentence
SURE_OPENERS = frozenset(
    (
        "A After Although An As At Both But By During For From He However If In It Its On She Since Some The These "
        "They This Those Under When While"
    ).split()
)
ABBREVIATIONS = frozenset(
    ("No.", "Nos.", "St.", "Mt.", "Gen.", "Col.", "Capt.", "Lt.", "Maj.", "Sgt.", "Mr.", "Dr.", "Mrs.", "v.", "vs.")
)


@Language.factory(
    "dossier_sentences",
    assigns=["token.is_sent_start", "doc.sents"],
    default_config={"stops": sorted(STOPS)},
)
def make_sentences(nlp: Language, name: str, stops: list[str]) -> Sentences:
    return Sentences(name, stops=stops)


class Sentences:
    """Sets where sentences start; a block always starts one."""

    def __init__(self, name: str = "sentences", *, stops: list[str] | None = None) -> None:
        register()
        self.name = name
        self.stops = frozenset(stops) if stops is not None else STOPS

    def __call__(self, doc: Doc) -> Doc:
        view = view_of(doc)
        view.sentences = self.find(view)
        if view.words:
            # token by token, each assignment looks through the whole Doc for a parse: 80 ms for two reports, so 20 times this
            starts = np.full((len(doc), 1), -1, dtype=np.int64).astype(np.uint64)  # -1: no start
            starts[[view.tokens[index] for index in view.sentences]] = 1
            doc.from_array(["SENT_START"], starts)  # type: ignore[arg-type]
        return doc

    def find(self, view: View) -> list[int]:
        """The first words of the sentences, sorted."""
        words = view.words
        found = _block_starts(view)
        stops = self.stops
        for index, word in enumerate(words):
            if word in stops:
                after = _after_stop(view, index)
                if after is not None:
                    found.add(after)
            elif len(word) > 2 and word[-1] == "." and index + 1 < len(words) and words[index + 1] in SURE_OPENERS:
                found.update(() if word in ABBREVIATIONS else (index + 1,))
        return sorted(found)


def _block_starts(view: View) -> set[int]:
    found = {0} if view.words else set()
    last = None
    for index, number in enumerate(view.block):
        if number != last:
            found.add(index)
            last = number
    return found


def _after_stop(view: View, stop: int) -> int | None:
    """The word that opens the next sentence, past closing quotes, brackets and note markers; None when none does."""
    words, at = view.words, stop + 1
    while at < len(words):
        if words[at] in CLOSERS and (view.glued(at) or words[at] == "]"):
            at += 1
        elif words[at] == "[" and at + 2 < len(words) and words[at + 1].isdigit() and words[at + 2] == "]":
            at += 3
        else:
            break
    if at >= len(words) or (at == stop + 1 and view.glued(at) and not view.flags[at] & CAPITAL):
        return None
    first = at
    while at < len(words) - 1 and words[at] in OPENERS:
        at += 1
    return first if view.flags[at] & (CAPITAL | DIGIT) else None
