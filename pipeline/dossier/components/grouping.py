"""Which names of one document are one referent's though nothing in it says so: acronyms far from their name, short forms,
spellings. Careful rather than complete: two names that one sentence sets side by side, or that two referents share, stay apart.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from rapidfuzz.fuzz import ratio

from dossier.normalize.names import (
    ARTICLES,
    PARTICLES,
    fold,
    glued,
    is_acronym,
    is_acronym_of,
    natural,
    same_letters,
    short_forms,
    skeleton,
)
from dossier.records import Found

Key = tuple[str, str]
ALIKE, SAME = 80.0, 88.0  # of 100: two spellings of a word, of a whole name
LEAST_SHUFFLED = 4  # letters of an acronym from which their order may differ from the name's
SHORTEST = 4  # letters of a word that alone may stand for a name
NEAR = 160  # characters: within them, and no stop between, two names stand in one sentence
_STOP = re.compile(r"[.!?;:]\s|\n\s*\n|\n")
_SPELLED = ((re.compile("isation"), "ization"), (re.compile("defence"), "defense"), (re.compile("centre"), "center"))
# words of a part, of which the rest of the name is the whole: `X Faction` is not X
PARTS = frozenset(
    """
    faction wing branch command brigade brigades battalion cell cells unit division column bloc section province committee council
    commandos autonomous independent real continuity
    new provisional official dissident reformed united unified north south east west
    northern southern eastern western central greater military political youth women students international
    """.split()
)


@dataclass(slots=True)
class Name:
    """One name of a label, folded, with where its mentions stand."""

    key: Key
    written: str
    words: tuple[str, ...]
    short: bool = False  # an acronym by its look
    at: list[Found] = field(default_factory=list)

    @property
    def first(self) -> int:
        return self.at[0].start


Find = Callable[[Key], Key]
Join = Callable[[Key, Key], None]


class Grouping:
    """Joins the names of one text by their form. heads: whether a word is a head noun of organisations."""

    def __init__(
        self, text: str, names: Sequence[Name], find: Find, join: Join, is_head: Callable[[str], bool]
    ) -> None:
        self.text, self.find, self.join, self.is_head = text, find, join, is_head
        self.by_label = {label: [name for name in names if name.key[0] == label] for label in ("ORG", "PERSON")}
        self._apart = _side_by_side(text, names)

    def organisations(self) -> None:
        """Join acronyms, short forms and spellings of organisations."""
        names = self.by_label["ORG"]
        self._by_form(names, lambda name: _plain(name.words))
        long = [name for name in names if len(name.words) > 1]
        for short in names:
            if short.short and len(short.written) > 2:
                fitting = [name for name in long if self._acronym_of(short, name)]
                self._join_only(short, fitting or [one for one in long if self._shuffled(short, one)], apart=False)
        by_word: dict[str, list[Name]] = {}
        for name in long:
            for word in dict.fromkeys(name.words):
                by_word.setdefault(word, []).append(name)
        for short in names:
            if not short.short:
                self._join_only(
                    short, [name for name in by_word.get(short.words[0], ()) if self._shortened_to(short, name)]
                )

    def persons(self) -> Iterator[tuple[Found, Key]]:
        """Join spellings and short forms of persons' names; yields the mentions whose owner depends on their place."""
        names = self.by_label["PERSON"]
        self._by_form(names, lambda name: glued(" ".join(name.words)))
        full = [name for name in names if len(name.words) > 1]
        self._spellings(full)
        for short in full:
            self._join_only(
                short, [long for long in full if len(long.words) > len(short.words) and _inside(short, long)]
            )
        owners: dict[str, list[Name]] = {}
        for name in full:
            for form in short_forms(" ".join(name.words)):
                owners.setdefault(form, []).append(name)
                owners.setdefault(form.replace(" ", ""), []).append(name)
        by_word: dict[str, list[Name]] = {}
        for name in full:
            for word in name.words:
                by_word.setdefault(word, []).append(name)
        for short in names:
            yield from self._owned(short, owners.get(" ".join(short.words), []), by_word)

    # ------------------------------------------------------------ joining

    def _join_only(self, short: Name, long: Iterable[Name], *, apart: bool = True) -> None:
        """Join a name to the one referent that it may stand for. apart: not where a sentence has both."""
        mine = self.find(short.key)
        others = {self.find(name.key) for name in long} - {mine}
        if len(others) == 1 and not (apart and self._told_apart(mine, others)):
            self.join(short.key, others.pop())

    def _told_apart(self, one: Key, others: Iterable[Key]) -> bool:
        pairs = ({self.find(first), self.find(second)} for first, second in self._apart)
        wanted = [{one, other} for other in others]
        return any(pair in wanted for pair in pairs)

    def _by_form(self, names: Sequence[Name], form: Callable[[Name], str]) -> None:
        seen: dict[str, Name] = {}
        for name in names:
            shape = form(name)
            if len(shape) > SHORTEST and self.find(seen.setdefault(shape, name).key) != self.find(name.key):
                self._join_only(name, [seen[shape]])

    # ------------------------------------------------------------ organisations

    def _acronym_of(self, short: Name, long: Name) -> bool:
        if is_acronym_of(short.written, long.written):
            return not any(self._has_another(short, name) for name in (short, long))
        head, _, tail = short.written.partition("-")
        rest = long.written[len(head) :].lstrip(" -")
        return bool(tail) and long.written.startswith(head) and is_acronym_of(tail.upper(), rest) and rest != tail

    def _has_another(self, short: Name, name: Name) -> bool:
        """Whether the referent of a name goes by another acronym, or the acronym by another long name."""
        mine = self.find(name.key)
        others = [one for one in self.by_label["ORG"] if one is not short and self.find(one.key) == mine]
        if name is short:
            return any(len(one.words) > 1 for one in others)
        return any(one.short for one in others)

    def _shuffled(self, short: Name, long: Name) -> bool:
        """An acronym made in another language: `UNITA` of `National Union for the Total Independence of Angola`."""
        if len(short.written) < LEAST_SHUFFLED or not same_letters(short.written, long.written):
            return False
        return not any(self._has_another(short, name) for name in (short, long))

    def _acronyms(self, name: Name) -> set[str]:
        mine = self.find(name.key)
        return {one.key[1] for one in self.by_label["ORG"] if one.short and self.find(one.key) == mine}

    def _shortened_to(self, short: Name, long: Name) -> bool:
        """`Polisario` of `Polisario Front`, `the Tigers` of `Liberation Tigers of ...`, named before."""
        if len(short.words) >= len(long.words) or len(short.words[-1]) < SHORTEST:
            return False
        if not self._is_short_form(short, long):
            return False
        return len(self._acronyms(short) | self._acronyms(long)) < 2  # each has one of its own otherwise

    def _is_short_form(self, short: Name, long: Name) -> bool:
        size, later = len(short.words), long.first < short.first
        opens, ends = long.words[:size] == short.words, long.words[-size:] == short.words
        rest = long.words[size:] if opens else long.words[:-size]
        if any(word in PARTS for word in rest) or re.search(r"[-–(/]", long.written):
            return False
        if opens and all(self.is_head(word.capitalize()) for word in rest):
            return True
        if opens and later and size > 1:
            return rest[0] == "of"
        if not later or size > 1:
            return ends and later and size > 1 and not self.is_head(rest[-1].capitalize()) and len(rest) == 1
        return short.words[0] in long.words and short.words[0].endswith("s") and self._with_article(short)

    def _with_article(self, name: Name) -> bool:
        return all(self.text[max(0, one.start - 4) : one.start].casefold() == "the " for one in name.at)

    # ------------------------------------------------------------ persons

    def _spellings(self, full: Sequence[Name]) -> None:
        """Join full names of which every word is a spelling of the other's."""
        buckets: dict[str, list[Name]] = {}
        for name in full:
            buckets.setdefault(skeleton(name.words[-1])[:2], []).append(name)
        for bucket in buckets.values():
            for one, other in combinations(bucket, 2):
                if self.find(one.key) != self.find(other.key) and _same_spelled(one.words, other.words):
                    self._join_only(one, [other])

    def _owned(self, short: Name, owners: list[Name], by_word: dict[str, list[Name]]) -> Iterator[tuple[Found, Key]]:
        """Give a name that is part of full names to the one that has it, else mention by mention to the one named last."""
        if len(short.words) == 1 and not owners:
            word = short.words[0]
            inside = [name for name in by_word.get(word, ()) if name.first < short.first]
            owners = inside if len(word) >= SHORTEST and word not in PARTICLES | ARTICLES else []
        owners = [name for name in owners if name is not short]
        mine = self.find(short.key)
        if len({self.find(name.key) for name in owners} - {mine}) < 2:
            self._join_only(short, owners, apart=False)
            return
        places = sorted((one.start, self.find(name.key)) for name in owners for one in name.at)
        for one in short.at:
            before = [key for start, key in places if start < one.start]
            if before:
                yield one, before[-1]


def _side_by_side(text: str, names: Sequence[Name]) -> set[tuple[Key, Key]]:
    """Pairs of names that stand in one sentence, as the first and the second of neighbours: what tells them apart."""
    places = sorted(((one.start, one.end, name.key) for name in names for one in name.at), key=lambda place: place[:2])
    pairs = set()
    for number, (_, end, key) in enumerate(places):
        for start, _, other in places[number + 1 : number + 6]:
            if start - end > NEAR or _STOP.search(text, end, start):
                break
            if other != key and other[0] == key[0] and text[end:start].strip() not in ("(", ", or", "(or"):
                pairs.add((key, other))
    return pairs


def _plain(words: Sequence[str]) -> str:
    """An organisation's name as its spellings agree: British or American, one or many."""
    name = " ".join(words)
    for pattern, instead in _SPELLED:
        name = pattern.sub(instead, name)
    name = "".join(skeleton(word) for word in name.split())
    return name[:-1] if len(name) > 6 and name.endswith("s") else name


def _alike(one: str, other: str) -> bool:
    first, second = skeleton(one), skeleton(other)
    if first == second:
        return True
    return min(len(one), len(other)) > SHORTEST and first[0] == second[0] and ratio(first, second) >= ALIKE


def _same_spelled(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two full names are one, spelled in two ways: the same number of words, each alike."""
    same = len(one) == len(other) and all(_alike(first, second) for first, second in zip(one, other, strict=True))
    return same and ratio(" ".join(map(skeleton, one)), " ".join(map(skeleton, other))) >= SAME


def _inside(short: Name, long: Name) -> bool:
    """Whether the words of a name stand in a longer one in the same order, its last word or its first two among them."""
    rest = iter(long.words)
    if not all(any(_same(word, other) for other in rest) for word in short.words):
        return False
    return _same(short.words[-1], long.words[-1]) or (
        short.words == long.words[: len(short.words)] and long.first < short.first
    )


def _same(one: str, other: str) -> bool:
    return one == other or (len(one) > SHORTEST and skeleton(one) == skeleton(other))


def names_of(text: str, mentions: Iterable[Found], key: Callable[[Found], Key | None]) -> list[Name]:
    """The names of organisations and persons, each with its mentions, in the order of their first."""
    made: dict[tuple[Key, str], Name] = {}
    for one in mentions:
        its = key(one)
        if its is None or its[0] not in ("ORG", "PERSON"):
            continue
        written = " ".join(text[one.start : one.end].split())
        folded = fold(natural(written) if its[0] == "PERSON" else written)
        made.setdefault(
            (its, folded), Name(its, written, tuple(folded.split()), " " not in written and is_acronym(written))
        ).at.append(one)
    return list(made.values())
