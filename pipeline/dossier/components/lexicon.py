"""The word lists of `configs/patterns.toml` as the name rules look them up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from dossier.components.patterns import Patterns, load_patterns
from dossier.components.trie import key
from dossier.normalize.names import fold

Phrases = dict[str, tuple[tuple[str, ...], ...]]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Sets of words; a name says the list it comes from. Phrases are kept by their last or first word, longest first."""

    patterns: Patterns
    heads: frozenset[str]
    first_heads: frozenset[str]  # of `heads`, those that open a name
    weak_heads: frozenset[str]
    standalone: frozenset[str]
    state_heads: frozenset[str]
    genitives: frozenset[str]
    connectors: frozenset[str]
    inner: frozenset[str]
    told_of: frozenset[str]
    not_names: Phrases  # by their last word
    not_heads: frozenset[str]
    operations: frozenset[str]  # of these, the ones that open the name of what they are
    titles: frozenset[str]
    title_parts: frozenset[str]
    roles: frozenset[str]
    particles: frozenset[str]
    strong_particles: frozenset[str]
    given: frozenset[str]
    common: frozenset[str]
    nameless: frozenset[str]  # `common` and words that alone are no name
    compass: frozenset[str]
    org_before: frozenset[str]
    org_list: frozenset[str]  # `two rebel factions, `
    org_after: frozenset[str]
    org_possessive: frozenset[str]
    passives: frozenset[str]
    appositives: frozenset[str]
    org_phrases: Phrases  # by their last word
    org_either: Phrases
    org_verbs: Phrases  # by their first word
    person_after: Phrases
    person_sure: Phrases
    place_heads: frozenset[str]
    prepositions: frozenset[str]
    city_prepositions: frozenset[str]
    place_kinds: frozenset[str]
    place_areas: frozenset[str]  # `State`, `Region` after a province's name
    people_words: frozenset[str]

    def is_head(self, word: str) -> bool:
        return key(word) in self.heads or (word.isupper() and len(word) > 3 and word.capitalize() in self.heads)

    def is_given(self, word: str) -> bool:
        """Whether a word is a frequent given name, with or without its accents."""
        return fold(word) in self.given

    def is_weak_head(self, word: str) -> bool:
        return word in self.weak_heads

    def is_listed(self, words: Sequence[str]) -> bool:
        """Whether a run of words ends in the name of a list, a law or an office (`not_names`)."""
        phrases = self.not_names.get(words[-1].casefold(), ())
        small = tuple(word.casefold() for word in words) if phrases else ()
        return any(small[-len(phrase) :] == phrase for phrase in phrases)


@lru_cache(maxsize=4)
def lexicon_of(folders: tuple[str, ...]) -> Lexicon:
    """The lexicon of a list of configs folders, made once a process."""
    patterns = load_patterns(folders)
    org, person = _Reader(patterns, "org"), _Reader(patterns, "person")
    opening = {key(head) for head in org("first_heads")}
    opening |= {form for head in org("arabic_heads") for form in (key(head), key(f"{head}u"), key(f"{head}ul"))}
    common = person("common")
    return Lexicon(
        patterns,
        heads=frozenset({key(head) for head in org("heads")} | opening),
        first_heads=frozenset(opening),
        weak_heads=org("weak_heads"),
        standalone=org("standalone"),
        state_heads=org("state_heads"),
        genitives=org("genitives"),
        connectors=org("right_connectors"),
        inner=org("inner_words"),
        told_of=org("told_of"),
        not_names=_by_word(patterns, "org", "not_names", -1),
        not_heads=org("not_heads"),
        operations=org("operations"),
        titles=person("titles"),
        title_parts=person("title_parts"),
        roles=person("roles"),
        particles=person("particles"),
        strong_particles=person("strong_particles"),
        given=frozenset(fold(name) for name in person("given_names")),
        common=common,
        nameless=common | person("adjectives"),
        compass=patterns.one_of("place", "compass"),
        org_before=org("before"),
        org_list=org("before_list"),
        org_after=org("after"),
        org_possessive=org("after_possessive"),
        passives=person("passives"),
        appositives=person("after_comma"),
        org_phrases=_by_word(patterns, "org", "before_phrases", -1),
        org_either=_by_word(patterns, "org", "before_either", -1),
        org_verbs=_by_word(patterns, "org", "verbs", 0),
        person_after=_by_word(patterns, "person", "after", 0),
        person_sure=_by_word(patterns, "person", "after_sure", 0),
        place_heads=patterns.one_of("place", "heads"),
        prepositions=patterns.one_of("place", "prepositions"),
        city_prepositions=patterns.one_of("place", "city_prepositions"),
        place_kinds=patterns.one_of("place", "kinds"),
        place_areas=patterns.one_of("place", "areas"),
        people_words=patterns.one_of("place", "people_words"),
    )


class _Reader:
    """The lists of one table, as sets."""

    def __init__(self, patterns: Patterns, table: str) -> None:
        self.patterns, self.table = patterns, table

    def __call__(self, name: str) -> frozenset[str]:
        return self.patterns.one_of(self.table, name)


def _by_word(patterns: Patterns, table: str, name: str, at: int) -> Phrases:
    found: dict[str, list[tuple[str, ...]]] = {}
    for phrase in sorted(patterns.phrases(table, name), key=lambda phrase: (-len(phrase), phrase)):
        found.setdefault(phrase[at], []).append(phrase)
    return {word: tuple(phrases) for word, phrases in found.items()}
