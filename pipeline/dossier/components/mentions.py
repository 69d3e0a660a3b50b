"""The last word on mentions: names found once are marked wherever they stand, the longest mark wins, none overlap."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterable
from typing import TYPE_CHECKING

from spacy.language import Language

from dossier.components.base import register
from dossier.components.lexicon import Lexicon, lexicon_of
from dossier.components.trie import Trie, key
from dossier.components.view import ALL_CAPS, CAPITAL, SILENT_BLOCKS, TITLE_BLOCKS, View, view_of
from dossier.normalize.names import PARTICLES
from dossier.records import Found

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span

SPREAD = ("ORG", "PERSON")  # labels whose names are marked wherever they stand
SURE = 0.85  # a name below it is not marked inside a longer run of capitals
REPEATED, SURNAME = 0.97, 0.85  # of the confidence of the name: again as it stands, by its last word
SHORTEST_SURNAME = 4  # letters
Names = dict[tuple[str, ...], tuple[str, float]]


@Language.factory(
    "dossier_mentions",
    requires=["doc._.found"],
    assigns=["doc._.found", "doc.spans"],
    default_config={"spans_key": "mentions", "folders": [], "least": 0.6},
)
def make_mentions(nlp: Language, name: str, spans_key: str, folders: list[str], least: float) -> Mentions:
    return Mentions(name, spans_key=spans_key, folders=folders, least=least)


class Mentions:
    """Makes `doc._.found` final and writes `doc.spans`; `least`: the confidence from which a name is spread."""

    def __init__(
        self, name: str = "mentions", *, spans_key: str = "mentions", folders: list[str], least: float = 0.6
    ) -> None:
        register()
        self.name = name
        self.spans_key = spans_key
        self.folders = tuple(folders)
        self.least = least

    def __call__(self, doc: Doc) -> Doc:
        view, lexicon = view_of(doc), lexicon_of(self.folders)
        found = [one for one in doc._.found if one.confidence >= self.least or one.label not in SPREAD]
        found = spread(view, names_in(view, found, lexicon), found, lexicon, self.name)
        doc._.found = resolve(outside_notes(view, found))
        doc.spans[self.spans_key] = [_as_span(doc, view, one) for one in doc._.found]
        return doc


def _as_span(doc: Doc, view: View, one: Found) -> Span:
    """The tokens of a mention, those that it holds a part of with them."""
    from spacy.tokens import Span

    first, last = view.between(one.start, one.end)
    return Span(doc, view.tokens[first], view.tokens[last - 1] + 1, label=one.label)


def names_in(view: View, found: Iterable[Found], lexicon: Lexicon) -> Names:
    """The names of organisations and persons that were found, as words, each with the label that is surest."""
    names: Names = {}
    for one in found:
        if one.label in SPREAD:
            first, last = view.between(one.start, one.end)
            words = tuple(key(word) for word in view.words[first:last])
            if len(words) == 1 and (words[0] in lexicon.titles or words[0] in lexicon.nameless):
                continue  # `“Major”` may be a nom de guerre where it says so, not wherever it stands
            if words and one.confidence > names.get(words, ("", 0.0))[1]:
                names[words] = one.label, one.confidence
    return names


def surnames(names: Names, lexicon: Lexicon) -> Names:
    """The surnames of the persons among names, where a surname is no other name and no word of the lists."""
    more: Names = {}
    for words, (label, confidence) in names.items():
        surname = words[-1]
        if label != "PERSON" or len(words) < 2 or not _tells(surname, lexicon):
            continue
        start = len(words) - 1
        while start > 1 and words[start - 1].casefold() in PARTICLES:
            start -= 1
        middle = (
            len(words) == 3
            and start == 2
            and words[1] not in PARTICLES
            and _tells(words[1], lexicon)
            and not lexicon.is_given(words[1])
        )
        for short in (words[start:], words[-1:], *((words[1:2],) if middle else ())):
            if short not in names and confidence * SURNAME > more.get(short, ("", 0.0))[1]:
                more[short] = "PERSON", round(confidence * SURNAME, 3)
    return more


def _tells(surname: str, lexicon: Lexicon) -> bool:
    listed = (
        surname in lexicon.nameless
        or surname in lexicon.titles
        or lexicon.is_head(surname)
        or surname in lexicon.weak_heads
    )
    return len(surname) >= SHORTEST_SURNAME and surname[:1].isupper() and not surname.isupper() and not listed


def spread(view: View, names: Names, found: Iterable[Found], lexicon: Lexicon, by: str) -> list[Found]:
    """What was found, and names wherever they stand unmarked: whole words, same case; surnames where they stand alone.

    A name takes the place of a people's, and a surname that of a place's with no preposition before: `Salamat died`.
    """
    marks = {(one.start, one.end): one for one in found}
    kept = list(found)
    short = surnames(names, lexicon)
    trie: Trie[tuple[str, float, bool]] = Trie()
    for words, (label, confidence) in names.items():
        trie.add(words, (label, confidence, False))
    for words, (label, confidence) in short.items():
        trie.add(words, (label, confidence, True))
    replaced: set[int] = set()
    for first, last, (label, confidence, is_short) in trie.find(view):
        span = view.span(first, last)
        mark = marks.get((span.start, span.end))
        if (
            _in_title_case(view, first, last)
            or (confidence < SURE and _goes_on(view, first, last, lexicon))
            or (is_short and not stands_alone(view, first, last, lexicon))
        ):
            continue
        if (
            mark is None
            or mark.label == "NORP"
            or (is_short and mark.label == "PLACE" and not _after_preposition(view, first, lexicon))
        ):
            kept.append(Found(span.start, span.end, label, round(confidence * REPEATED, 3), by))
            replaced.add(id(mark))
    return [one for one in kept if id(one) not in replaced]


def _goes_on(view: View, first: int, last: int, lexicon: Lexicon) -> bool:
    """Whether a name of several words, none a head noun, runs on: `Eelam Freedom` in `Eelam Freedom Falcons`."""
    if last - first < 2 or any(map(lexicon.is_head, view.words[first:last])) or last >= len(view):
        return False
    after = view.words[last]
    runs_on = view.flags[last] & CAPITAL and view.block[last] == view.block[first] and not view.opens_sentence(last)
    return bool(runs_on) and after not in lexicon.titles and view.kind(first) not in TITLE_BLOCKS


def stands_alone(view: View, first: int, last: int, lexicon: Lexicon) -> bool:
    """Whether no other capitalised word of a name stands beside a surname: not `Pedro Marín` for another Marín."""
    before, after = first - 1, last
    if (
        first
        and not view.opens_sentence(first)
        and view.flags[before] & CAPITAL
        and view.block[before] == view.block[first]
    ):
        word = view.words[before]
        if not (word in lexicon.titles or word in lexicon.common or view.flags[before] & ALL_CAPS):
            return False
    follows = after < len(view) and view.flags[after] & CAPITAL and view.block[after] == view.block[first]
    return not follows or view.opens_sentence(after)


def _after_preposition(view: View, first: int, lexicon: Lexicon) -> bool:
    before = view.words[first - 1].casefold() if first else ""
    return before in lexicon.prepositions or before == ","


def _in_title_case(view: View, first: int, last: int) -> bool:
    """Whether a single capitalised word of a heading may be a common word there."""
    return last - first == 1 and view.kind(first) in TITLE_BLOCKS and not view.words[first].isupper()


def outside_notes(view: View, found: Iterable[Found]) -> list[Found]:
    """What does not touch a note, and does not run over a block's end."""
    kept = []
    for one in found:
        first, last = view.between(one.start, one.end)
        numbers = set(view.block[first:last])
        if len(numbers) == 1 and -1 not in numbers and view.kind(first) not in SILENT_BLOCKS:
            kept.append(one)
    return kept


def resolve(found: Iterable[Found]) -> list[Found]:
    """Keep the longest of overlapping mentions, the surest of equals; sorted by place. The guide, section 1.

    A name wins over a people of the same words: a surname may be one.
    """
    ranked = sorted(
        found, key=lambda one: (one.start - one.end, one.label == "NORP", -one.confidence, one.start, one.label, one.by)
    )
    starts: list[int] = []
    ends: dict[int, int] = {}
    kept = []
    for one in ranked:
        at = bisect_right(starts, one.start)
        clear_before = at == 0 or ends[starts[at - 1]] <= one.start
        if clear_before and (at == len(starts) or starts[at] >= one.end):
            insort(starts, one.start)
            ends[one.start] = one.end
            kept.append(one)
    return sorted(kept, key=lambda one: one.start)
