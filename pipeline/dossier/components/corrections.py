"""What the encoder marks, put right where the guide is another than the sets that it learned from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from dossier.components.lexicon import Lexicon
from dossier.components.view import View
from dossier.records import Found

CLOSING = {"“": "”", "«": "»", '"': '"', "‘": "’"}
ARTICLE = "The "


def without_lists(view: View, lexicon: Lexicon, model: Iterable[Found]) -> list[Found]:
    """Leave out what reads like an organisation and is a list, a law or an operation (`not_names`, `not_heads`), with the
    acronym that follows it in brackets. No public set teaches an encoder the difference."""
    kept, listed = [], set()
    for one in sorted(model, key=lambda one: one.start):
        first, last = view.between(one.start, one.end)
        words = view.words[first:last]
        is_list = lexicon.is_listed(words) or {words[0], words[-1]} & lexicon.not_heads
        if (one.label == "ORG" and is_list) or (last - first > 1 and words[0] in lexicon.operations):
            if view.words[last : last + 1] == ["("] and view.words[last + 2 : last + 3] == [")"]:
                listed.add(view.words[last + 1])
        else:
            kept.append(one)
    return [one for one in kept if view.text[one.start : one.end] not in listed]


def bordered(text: str, rules: Iterable[Found], model: Sequence[Found]) -> list[Found]:
    """Take in the article of a quoted name (`“The Sentinels”`), and cut small words off the end of a name that is known
    without them: `media` off `Karst Front media`."""
    names = {text[one.start : one.end] for one in (*rules, *model)}
    return [_trimmed(text, _with_article(text, one), names) for one in model]


def _with_article(text: str, one: Found) -> Found:
    start = one.start - len(ARTICLE)
    closing = CLOSING.get(text[start - 1 : start]) if start > 0 and text.startswith(ARTICLE, start) else None
    return replace(one, start=start) if closing and text.startswith(closing, one.end) else one


def _trimmed(text: str, one: Found, names: set[str]) -> Found:
    words = text[one.start : one.end]
    while words.rpartition(" ")[2].islower():
        words = words.rpartition(" ")[0]
        if words in names:
            return replace(one, end=one.start + len(words))
    return one
