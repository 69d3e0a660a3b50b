"""Runs the patterns on the skeletons of a sentence, and tells what each match joins.

A match is refused where its words are another's: `members of X founded Y` says nothing of X, nor does `joined X's youth wing`
of joining X.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from operator import itemgetter
from typing import NamedTuple

from dossier.components.relations_config import Book, Pattern
from dossier.components.relations_language import BE, Slot, bare
from dossier.components.relations_rows import whole_sentences
from dossier.components.relations_skeleton import Item, Skeleton, Token
from dossier.components.view import View

FAR, ASIDE = 0.9, 0.97  # of a pattern's confidence: its subject stands with an earlier verb; before an apposition
BEFORE_NEGATION, FAR_BACK = 5, 7  # words
_NUMBER = re.compile(r"<\w(\d+)>")
_PLAIN = re.compile(rf"(?:, )?{BE}\Z")  # a link without a relative pronoun or an apposition
_IS = re.compile(r"(?:_be|became|becomes?|becoming|remain\w*) \Z")
_WHO = re.compile(r"\^(?:who|which|that) ")


class Match(NamedTuple):
    """What a pattern found: `core` are the words `[first, last)` of the view that say it, without a subject before them."""

    pattern: Pattern
    subject: Item
    object: Item
    core: tuple[int, int]
    sure: float
    role: str | None = None
    far: bool = False  # its subject stands with an earlier verb
    aside: bool = False  # said beside what the sentence tells: `X, the leader of Y, ...`

    @property
    def key(self) -> tuple[str, int, int]:
        """One relation of a sentence: its type, and where its ends stand."""
        return self.pattern.type, self.subject.first, self.object.first


def find(
    book: Book, view: View, rows: Sequence[Sequence[Token]], items: Sequence[Item],
    *, subject: Item | None = None, only: int | None = None,
) -> list[Match]:  # fmt: skip
    """The relations that patterns find in a sentence, each pair and type once, in order of their words.

    rows: the tokens of the sentence with its items, then of its brackets; subject: whom the sentence speaks of where it does
    not say; only: the number of a pattern to try alone.
    """
    tokens, *brackets = rows
    skeletons = book.reducer.skeletons(tokens)
    for bracket in brackets:
        aside = [bracket[0], (",", bracket[1][1]), *bracket[2:]]
        skeletons += [book.reducer.made(bracket), book.reducer.made(aside)]
    if subject is not None:
        items = [*items, subject]
    spoken_of = len(items) - 1 if subject is not None else None
    for whole in whole_sentences(tokens, items, spoken_of, book.rows):
        skeletons += book.reducer.skeletons(whole)
    best: dict[tuple[str, int, int], Match] = {}
    for number, skeleton in sorted(_called(book, skeletons), key=itemgetter(0)):
        if only is None or number == only:
            for match in _matches(book, book.patterns[number], skeleton, items, view):
                known = best.get(match.key)
                if known is None or (match.sure, match.role is not None) > (known.sure, known.role is not None):
                    best[match.key] = match
    return sorted(best.values(), key=lambda match: (match.core, match.subject.first, match.object.first))


def _called(book: Book, skeletons: Sequence[Skeleton]) -> Iterator[tuple[int, Skeleton]]:
    """The patterns that each skeleton has the words for."""
    for skeleton in skeletons:
        words = {word[:2] if word[0] == "<" else bare(word) for word in skeleton.text.split()}
        for number in {number for word in words & book.by_word.keys() for number in book.by_word[word]}:
            if not any(map(words.isdisjoint, book.patterns[number].compiled.anchors)):
                yield number, skeleton


def _matches(book: Book, pattern: Pattern, skeleton: Skeleton, items: Sequence[Item], view: View) -> Iterator[Match]:
    at = 0
    while (found := pattern.compiled.regex.search(skeleton.text, at)) is not None:
        at = found.start() + 1
        if _is_anothers(book, pattern, found) or _is_negated(book, found):
            continue
        core = _core(pattern, skeleton, found)
        sure = pattern.sure * (FAR if skeleton.far else 1.0)
        if pattern.compiled.link == "-" and not _PLAIN.match(found["link"]):
            sure *= ASIDE
        role = _role(pattern, skeleton, found, view)
        for subject, object_ in _pairs(book, pattern, found, items):
            if subject.span != object_.span and _may_be(book, pattern, found, subject, object_, view):
                aside = pattern.compiled.link == "=" and not _IS.search(found["link"])
                yield Match(pattern, subject, object_, core, round(sure, 3), role, skeleton.far, aside)


# ------------------------------------------------------------ whose words they are


def _is_anothers(book: Book, pattern: Pattern, found: re.Match[str]) -> bool:
    text = found.string
    if pattern.compiled.link and _is_below(book, pattern, found):
        return True
    slot = next((slot for slot in pattern.compiled.slots if _end(found, slot) == found.end()), None)
    after = bare(text[found.end() :].split(" ", 1)[0])
    return slot is not None and not slot.loose and after in book.guards["after"]


def _is_below(book: Book, pattern: Pattern, found: re.Match[str]) -> bool:
    """Whether the first mention only hangs on another noun, whose verb this is: `members of X joined Y`."""
    link = found["link"]
    if pattern.compiled.link == "=":
        tells = not _IS.search(link) or bool(_WHO.search(link))  # `a friend of X, the leader of Y`
    else:
        tells = bool(_WHO.search(link)) or (pattern.compiled.passive and link in ("", ", "))
    if tells:
        return False
    before = [bare(word) for word in found.string[: found.start()].split()]
    last = before[-1] if before else ""
    if last == "and":  # `between Oslo and X`, `fighters of the army and X`
        clause = " ".join(before[-FAR_BACK:]).rsplit(",", 1)[-1].split()
        return not book.guards["before"].isdisjoint(clause)
    return last in book.guards["before"]


def _is_negated(book: Book, found: re.Match[str]) -> bool:
    clause = re.split(r"[,;:]", found.string[: found.start()])[-1]
    before = [bare(word) for word in clause.split()[-BEFORE_NEGATION:]]
    for number, word in enumerate(before):
        if word in book.guards["negations"]:
            follows = before[number + 1] if number + 1 < len(before) else ""
            return follows not in book.guards["doubts"]
    return False


def _last_word(text: str) -> str:
    return bare(text.rstrip().rsplit(" ", 1)[-1])


def _end(found: re.Match[str], slot: Slot) -> int:
    return found.end(slot.name) if slot.name != "B" or "B2" not in found.re.groupindex else found.end("B2")


def _may_be(book: Book, pattern: Pattern, found: re.Match[str], subject: Item, object_: Item, view: View) -> bool:
    """Whether the ends hold a word that the pattern needs, and none that its type refuses."""
    ends = [view.text[slice(*item.span)] for item in (subject, object_)]
    if book.refused.get(pattern.type, frozenset()) & set(ends):
        return False
    if pattern.needs is None:
        return True
    told = found["list"] if "list" in found.re.groupindex else ends[0].casefold()
    return told is None or not book.guards[pattern.needs].isdisjoint(map(bare, told.split()))


# ------------------------------------------------------------ what they join


def _pairs(book: Book, pattern: Pattern, found: re.Match[str], items: Sequence[Item]) -> Iterator[tuple[Item, Item]]:
    named = [name for name in ("S", "O", "B", "B2") if name in found.re.groupindex]
    if any(found[name] is None for name in named):  # it stands in a part of the pattern that is not there
        return
    groups = {name: _listed(book, found, name, items) for name in named}
    if "B" not in groups:
        yield from ((one, other) for one in groups["S"] for other in groups["O"])
    elif "B2" in groups:
        yield from ((one, other) for one in groups["B"] for other in groups["B2"])
    else:
        every = groups["B"]
        yield from ((one, other) for n, one in enumerate(every) for other in every[n + 1 :])


def _listed(book: Book, found: re.Match[str], name: str, items: Sequence[Item]) -> list[Item]:
    """The items of a slot. Two with a comma between are no list but an apposition, or two clauses: the nearer is meant."""
    text = found[name]
    every = [items[int(number)] for number in _NUMBER.findall(text) if items[int(number)].label not in ("NORP",)]
    every = every or [items[int(number)] for number in _NUMBER.findall(text)]
    at_end = found.end(name) == found.end()
    after = [bare(word) for word in found.string[found.end(name) :].split(" ", 2)[:2]]
    if name == "O" and at_end and len(every) > 1 and after[0] in book.reducer.verbs - {"be"} and after[1:] != ["by"]:
        every = every[:-1]  # `fought A and B joined C`
    if len(every) == 2 and "," in text.split():
        return every[:1] if at_end else every[-1:]
    return every


def _core(pattern: Pattern, skeleton: Skeleton, found: re.Match[str]) -> tuple[int, int]:
    start = found.end("link") if pattern.compiled.link else found.start()
    first, last = skeleton.word_at(start), skeleton.word_at(max(start, found.end() - 1))
    return min(first, last), max(first, last) + 1


def _role(pattern: Pattern, skeleton: Skeleton, found: re.Match[str], view: View) -> str | None:
    """The words of the role: a function in small letters, a list as it is written."""
    for name in ("role", "list"):
        if found.re.groupindex.get(name) and found[name]:
            first, last = skeleton.word_at(found.start(name)), skeleton.word_at(found.end(name) - 1)
            words = " ".join(view.text[view.starts[first] : view.ends[last]].split())
            return words.casefold() if name == "role" else words
    return pattern.role
