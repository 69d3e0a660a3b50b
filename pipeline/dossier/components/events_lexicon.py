"""What tells an event: `configs/events.toml`, and what a workspace adds to it, as the event rules look it up."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from dossier.components.tag_fixes import Known
from dossier.errors import ConfigError

FILE = "events.toml"
GAP = "..."
FRAMES = frozenset(
    "act take seize kill wound blast clash rout fall enter upon lay merge absorb join emerge part list enlist stand strike "
    "impose deed".split()
)
NEEDS = frozenset(
    "place thing people person group subject accord at bomb new listed outlawed force captive pieces launched fallen routed "
    "where held union premises craft troops landed on_list splinter dated office expelled echo".split()
)
PARTICLES = frozenset("away down off out over together up".split())
# the list of which a word stands in the sentence where a verb has what it needs
BESIDE = {"splinter": "splinters", "outlawed": "outlawed", "listed": "lists", "accord": "accords", "office": "offices"}
_VOWELS = "aeiou"


class Told(NamedTuple):
    """A word that tells an event: `rest` are the words that must follow, after an object where `gap`."""

    word: str  # as the config has it
    type: str
    frame: str
    needs: str
    rest: tuple[str, ...]
    gap: bool
    weak: bool
    is_noun: bool
    last: bool = False  # what tells but by standing there, `a bomb`: any other word goes before it


@dataclass(frozen=True, slots=True)
class EventLexicon:
    """`verbs` and `nouns`: by the form of their first word, the longest first. `forms`: base form by form."""

    verbs: Mapping[str, tuple[Told, ...]]
    nouns: Mapping[str, tuple[Told, ...]]
    bases: Mapping[str, frozenset[str]]
    words: Mapping[str, frozenset[str]]
    examples: Mapping[tuple[str, str, str], str]  # by verbs or nouns, type and word
    types: frozenset[str]
    known: Known  # forms of its verbs in the past, and its nouns
    own_past: frozenset[str]  # verbs whose base form is their past too: `hit`
    tells: Mapping[
        str, frozenset[str]
    ]  # each form, and the words of which one must stand in its sentence; empty where none must
    dated: frozenset[str]  # forms that tell but acts which a date makes an event

    def is_verb(self, form: str, name: str) -> bool:
        """Whether a form is one of a verb of the list `name`."""
        return not self.bases.get(form, frozenset()).isdisjoint(self.words[name])


def load_events(folders: Iterable[str | Path]) -> EventLexicon:
    """Read `events.toml` of each folder that has one; later ones add to the first. Raises ConfigError for what does not read."""
    return _load(tuple(str(folder) for folder in folders))


@lru_cache(maxsize=2)
def _load(folders: tuple[str, ...]) -> EventLexicon:
    tables: dict[str, Any] = {}
    for folder in folders:
        path = Path(folder) / FILE
        if path.is_file():
            try:
                _lay(tables, tomllib.loads(path.read_text(encoding="utf-8")), str(path))
            except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
                raise ConfigError(f"{path} does not read: {error}") from error
    if not tables:
        raise ConfigError(
            f"none of {', '.join(folders) or 'no folder'} holds an {FILE}; give load_pipeline a configs folder"
        )
    return _Maker(tables).make()


def _lay(tables: dict[str, Any], more: Mapping[str, Any], where: str) -> None:
    """Add tables: a table into the table of its name, a list to the list, a text in place of the text."""
    for name, value in more.items():
        known = tables.get(name)
        if isinstance(value, dict) and isinstance(known, dict | None):
            _lay(tables.setdefault(name, {}), value, f"{where}: {name}")
        elif isinstance(value, list) and isinstance(known, list | None):
            tables[name] = [*(known or ()), *value]
        elif isinstance(value, str) and isinstance(known, str | None):
            tables[name] = value
        else:
            raise ConfigError(f"{where}: {name!r} = {str(value)[:40]!r} is of another kind than {str(known)[:40]!r}")


def _parts(word: str) -> list[str]:
    """The words of an entry as the tokenizer cuts them."""
    return word.replace("-", " - ").split()


class _Maker:
    """Makes the look-ups of the tables."""

    def __init__(self, tables: Mapping[str, Any]) -> None:
        self.tables = tables
        self.given: dict[str, str] = tables.get("forms", {})
        self.frames = tables.get("frames", {})
        self.words = {name: frozenset(words) for name, words in tables.get("words", {}).items()}

    def make(self) -> EventLexicon:
        examples = {
            (kind, event, word): str(example)
            for kind in ("verbs", "nouns")
            for event, table in self.tables.get(kind, {}).items()
            for word, example in table.items()
        }
        bases: dict[str, set[str]] = {}
        for name in ("doing", "claiming", "taking_credit", "blaming", "dying", "leaving", "happening"):
            for phrase in self.words.get(name, ()):
                base = phrase.split()[0]
                for form in self.forms(base):
                    bases.setdefault(form, set()).add(phrase)
        return EventLexicon(
            self._by_form("verbs"),
            self._by_form("nouns"),
            {form: frozenset(phrases) for form, phrases in bases.items()},
            self.words,
            examples,
            frozenset(event for _, event, _ in examples),
            self._known(),
            frozenset(base for base, forms in self.given.items() if base in forms.split()),
            self._tells(bases),
            self._dated(bases),
        )

    def _dated(self, bases: Mapping[str, Iterable[str]]) -> frozenset[str]:
        """So that a sentence without a date is not read for a word that tells nothing without one: `was arrested`."""
        others, more = set[str](), set(bases)
        for look_up in (self._by_form("verbs"), self._by_form("nouns")):
            for form, readings in look_up.items():
                (others if all(told.type == "other" for told in readings) else more).add(form)
        return frozenset(others - more)

    def _tells(self, bases: Mapping[str, Iterable[str]]) -> dict[str, frozenset[str]]:
        """So that a sentence is read only where it may tell an event: `called` where `off` stands too."""
        beside: dict[str, list[frozenset[str]]] = {}
        for look_up in (self._by_form("verbs"), self._by_form("nouns")):
            for form, readings in look_up.items():
                for told in readings:
                    asked = self.words.get("" if told.frame == "impose" else BESIDE.get(told.needs, ""), frozenset())
                    words = told.rest or asked
                    beside.setdefault(form, []).append(frozenset((*words, *(f"{word}s" for word in words))))
        for form, known in bases.items():
            if set(known) & (self.words["claiming"] | self.words["dying"]):
                beside.setdefault(form, []).append(frozenset())
        return {form: frozenset().union(*asked) if all(asked) else frozenset() for form, asked in beside.items()}

    def _known(self) -> Known:
        verbs = {word.split()[0] for table in self.tables.get("verbs", {}).values() for word in table}
        pasts = {form for base in verbs for form in self.forms(base)[1:] if not form.endswith(("s", "ing"))}
        nouns = {
            form for table in self.tables.get("nouns", {}).values() for word in table for form in self._numbers(word)
        }
        return Known(
            frozenset(verbs),
            frozenset(pasts),
            frozenset(nouns) | self.words["sanctions"] | self.words["lists"],
            frozenset(self._particles()),
        )

    def _particles(self) -> Iterator[tuple[str, str]]:
        for table in self.tables.get("verbs", {}).values():
            for base, *rest in (word.split() for word in table):
                if len(rest) == 1 and rest[0] in PARTICLES:
                    yield from ((form, rest[0]) for form in self.forms(base))

    def _by_form(self, kind: str) -> dict[str, tuple[Told, ...]]:
        found: dict[str, list[Told]] = {}
        for event, table in sorted(self.tables.get(kind, {}).items()):
            for word in sorted(table):
                told = self._told(kind, event, word)
                first = _parts(word)[0]
                for form in self.forms(first) if kind == "verbs" else self._numbers(word):
                    found.setdefault(form, []).append(told)
        return {
            form: tuple(sorted(told, key=lambda one: (-len(one.rest), one.word, one.needs != "new")))
            for form, told in found.items()
        }

    def _told(self, kind: str, event: str, word: str) -> Told:
        parts = _parts(word)[1:]
        gap = parts[:1] == [GAP]
        noun = kind == "nouns"
        frame = "" if noun else self._setting("verbs", event, word) or self.frames.get(event, "act")
        needs = (
            self._setting("needs", "noun" if noun else event, word)
            if not noun or f"noun {word}" in self.frames["needs"]
            else ""
        )
        if not noun and (frame not in FRAMES or (needs and needs not in NEEDS)):
            raise ConfigError(f"{FILE}: the frame {frame!r} or need {needs!r} of {word!r} is none that the rules know")
        weak = word in self.words.get("weak", ())
        rest = tuple(parts[1:] if gap else parts)
        return Told(word, event, frame, needs, rest, gap, weak, noun, noun and word in self.words.get("last", ()))

    def _setting(self, table: str, event: str, word: str) -> str:
        """What a table says of a verb, of this type first (`designation enter`)."""
        given: dict[str, str] = self.frames.get(table, {})
        return given.get(f"{event} {word}") or given.get(word, "")

    def _numbers(self, word: str) -> Iterator[str]:
        """The first word of a noun in singular and plural; of two words, only the first, which has no plural."""
        first, *rest = _parts(word)
        yield first
        if not rest:
            yield f"{first}es" if first.endswith(("s", "x", "ch", "sh")) else f"{first}s"

    def forms(self, base: str) -> Sequence[str]:
        """All forms of a verb."""
        if base in self.given:
            return (base, *self.given[base].split())
        stem = base[:-1] if base.endswith("e") else base
        if base.endswith("y") and base[-2] not in _VOWELS:
            return (base, f"{base[:-1]}ies", f"{base[:-1]}ied", f"{base}ing")
        if base.endswith(("s", "x", "ch", "sh", "z")):
            return (base, f"{base}es", f"{base}ed", f"{base}ing")
        return (base, f"{base}s", f"{stem}ed", f"{stem}ing")
