"""The words of `[anaphor]` in `patterns.toml`, as `dossier_anaphors` looks them up."""

from __future__ import annotations

from dataclasses import dataclass

from dossier.components.patterns import Patterns

TABLE = "anaphor"
# what a subject may follow, and what may follow a noun: small closed classes of English
CLAUSE_OPENERS = frozenset(", ; : and but or that when while although though because since if where as whether".split())
AFTER_NOUN = frozenset(
    """
    is was are were has had have will would may might can could did does do in on at of to from by with near for that which who
    whose , ; killed went
    hit exploded blew came took began ended said struck targeted left destroyed followed met shot led took won
    """.split()
)
CLAUSE_ENDS = frozenset("; : and but or while whereas which who that when where after before until".split())
# after `it`, these say that it is an object
AFTER_OBJECT = frozenset(
    ", . ; : ) and but or as when since because until while where who which whom if though although later again too".split()
)
SINGULAR = frozenset("forces press congress news christians status us".split())


@dataclass(frozen=True, slots=True)
class Words:
    """Sets of words; a name says the list it comes from."""

    organisation: frozenset[str]
    person: frozenset[str]
    female: frozenset[str]
    object: frozenset[str]
    many: frozenset[str]
    determiners: frozenset[str]
    modifiers: frozenset[str]
    kinds_any: frozenset[str]
    kinds: frozenset[str]  # with `kinds_any`
    kin: tuple[frozenset[str], ...]
    described: frozenset[str]
    not_groups: frozenset[str]
    roles: frozenset[str]
    impersonal: tuple[str, ...]
    prepositions: frozenset[str]
    persons: frozenset[str]
    strict: frozenset[str]
    relational: frozenset[str]
    deeds: frozenset[str]
    clause_openers: frozenset[str] = CLAUSE_OPENERS
    after_noun: frozenset[str] = AFTER_NOUN
    singular: frozenset[str] = SINGULAR
    clause_ends: frozenset[str] = CLAUSE_ENDS
    after_object: frozenset[str] = AFTER_OBJECT


def words_of(patterns: Patterns) -> Words:
    """The words of a desk's patterns."""

    def one(name: str) -> frozenset[str]:
        return patterns.one_of(TABLE, name)

    return Words(
        one("organisation"), one("person"), one("female"), one("object"), one("many"), one("determiners"), one("modifiers"),
        one("kinds_any"), one("kinds") | one("kinds_any"),
        tuple(frozenset(line.split()) for line in patterns.words(TABLE, "kin")),
        one("described"), frozenset(word.casefold() for word in one("not_groups")), one("roles"),
        patterns.words(TABLE, "impersonal"), one("prepositions"), one("persons"), one("strict"), one("relational"), one("deeds"),
    )  # fmt: skip
