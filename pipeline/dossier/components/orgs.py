"""Organisations by their form: a head noun, what hangs on it, and an acronym in brackets."""

from __future__ import annotations

from dataclasses import dataclass

from dossier.components.runs import HYPHENS, OPENING_QUOTES, Ground, Run, run_end
from dossier.components.trie import key
from dossier.components.view import ALL_CAPS
from dossier.normalize.names import acronym_start, is_acronym, is_acronym_of

MOST_INNER = 3  # small words between a connector and the next capital: `for the liberation of the`
MOST_WORDS = 20  # how far before a bracket a name may begin
BEFORE_ACRONYM = frozenset(("aka", "a.k.a.", "or", "the", "known", "as", "acronym", "hereafter", "abbreviated"))
AFTER_ACRONYM = frozenset((")", ",", ";", "/", "or"))


@dataclass(frozen=True, slots=True)
class Marked:
    """A run with its label; `shortened`: the acronym that its bracket gives, if any."""

    run: Run
    label: str
    confidence: float
    shortened: Run | None = None


def organisation(ground: Ground, part: Run) -> Marked | None:
    """The organisation that a part of a run is by its head noun, with `of ...`, `for ...` after it; or None."""
    words, lexicon = ground.view.words[part.first : part.last], ground.lexicon
    if lexicon.is_listed(words) or words[0] in lexicon.not_heads or words[-1] in lexicon.not_heads:
        return None
    heads = [index for index, word in enumerate(words) if lexicon.is_head(word)]
    weak = words[-1] in lexicon.weak_heads
    if not heads and not weak:
        return None
    opening = next((index for index in heads if key(words[index]) in lexicon.first_heads), None)
    if opening is not None:
        first = part.first + opening if opening and ground.known[part.first + opening - 1] == "NORP" else part.first
        return _strong(words, Run(first, extended(ground, part.last)))
    if len(words) == 1 and heads:
        named = _dated_name(ground, part)
        return named if named and not lexicon.is_listed(ground.view.words[named.run.first : named.run.last]) else None
    if (
        heads and heads[-1] > 0 and not weak
    ):  # in English the head noun ends the name: `Government` of `U.S. Government Efforts`
        words = words[: heads[-1] + 1]
    last = part.first + len(words)
    if weak or lexicon.is_head(words[-1]):
        last = extended(ground, last)
    run = Run(part.first, last)
    if lexicon.is_listed(ground.view.words[run.first : run.last]):
        return None
    return _strong(words, run) if heads else _weak(ground, words, run)


def _dated_name(ground: Ground, part: Run) -> Marked | None:
    """`March 23 Movement`: a day without a year, right before a head noun; a head noun alone is no name otherwise."""
    view = ground.view
    last = extended(ground, part.last)
    if last > part.last:
        return Marked(Run(part.first, last), "ORG", 0.85)
    start = part.first
    while start and ground.known[start - 1] == "DATE" and ground.continues(start, start - 1):
        start -= 1
    yearless = start < part.first and not any(
        len(word) == 4 and word.isdigit() for word in view.words[start : part.first]
    )
    return Marked(Run(start, part.last), "ORG", 0.85) if yearless else None


def _strong(words: list[str], run: Run) -> Marked | None:
    if run.last - run.first > 1:
        return Marked(run, "ORG", 0.9 if run.last - run.first > len(words) or len(words) > 2 else 0.85)
    return None


def _weak(ground: Ground, words: list[str], run: Run) -> Marked | None:
    """A name with a weak head noun: three words or more, or `... Group for ...`."""
    grown = run.last - run.first > len(words)
    if grown and (ground.view.words[run.first + len(words)] != "of" or len(words) > 1):
        return Marked(run, "ORG", 0.85) if len(words) > 1 else None
    return Marked(Run(run.first, run.first + len(words)), "ORG", 0.7) if len(words) > 2 else None


def extended(ground: Ground, last: int) -> int:
    """Where an organisation's name ends once `of X`, `for X and Y` after its head noun are taken in."""
    while True:
        further = _extension(ground, last)
        if further == last:
            return last
        last = further


def _extension(ground: Ground, last: int) -> int:
    view, lexicon = ground.view, ground.lexicon
    if not ground.continues(last, last - 1):
        return last
    if view.words[last] not in lexicon.connectors:
        return _in_place(ground, last)
    start = last + 1
    while start < len(view) and start - last <= MOST_INNER and view.words[start] in lexicon.inner:
        start += 1
    if not ground.continues(start, last) or not ground.is_name_word(start) or view.words[start] in lexicon.titles:
        return last
    end = run_end(ground, start)
    if ground.known[start] == "NORP" and ground.ends.get(start) == end:
        return last  # `the Brigade of South African and Malawian troops`
    if ground.known[start] == "PLACE" and view.words[last - 1] in lexicon.state_heads:
        return ground.ends.get(start, last)
    return _conjunct(ground, end)


def _conjunct(ground: Ground, last: int) -> int:
    """`and Combat` after `for Preaching`: one or two words that are no name by themselves."""
    view, lexicon = ground.view, ground.lexicon
    start = last + 1
    if not ground.continues(last, last - 1) or view.words[last] not in ("and", "&") or not ground.is_name_word(start):
        return last
    if ground.known[last - 1] or ground.known[start] or view.flags[start] & ALL_CAPS:
        return last
    end = run_end(ground, start)
    if end - start > 2 or any(lexicon.is_head(word) or lexicon.is_weak_head(word) for word in view.words[start:end]):
        return last
    return end


def _in_place(ground: Ground, last: int) -> int:
    """`in West Africa` belongs to a name when a bracket with its acronym or another name follows."""
    view = ground.view
    if view.words[last] != "in" or last + 1 >= len(view):
        return last
    start = last + 2 if view.words[last + 1] == "the" else last + 1
    if not ground.continues(start, last) or not ground.is_name_word(start):
        return last
    end = run_end(ground, start)
    if end + 1 >= len(view) or view.words[end] != "(":
        return last
    return end if acronym_in(ground, end) or view.words[end + 1] in ("aka", "a.k.a.") else last


def acronym_in(ground: Ground, bracket: int) -> Run | None:
    """The acronym that an opening bracket begins with: `(GPC)`, `(GPC, "..."`, `(aka GPC)`; None when none does."""
    view = ground.view
    start = bracket + 1
    while start < len(view) and (view.words[start].casefold() in BEFORE_ACRONYM or view.words[start] in OPENING_QUOTES):
        start += 1
    end = start
    while end < len(view) and end - start < 5 and (ground.is_name_word(end) or view.words[end] in HYPHENS):
        end += 1
    if end >= len(view) or end == start or not (view.words[end] in AFTER_ACRONYM or view.words[end] in ("”", '"', "’")):
        return None
    text = view.text[view.starts[start] : view.ends[end - 1]]
    return Run(start, end) if is_acronym(text) and " " not in text else None


def defined(ground: Ground, bracket: int, acronym: Run) -> Run | None:
    """The name before a bracket whose initials make the acronym in it, or None."""
    view = ground.view
    first, _ = view.sentence(bracket)
    first = max(first, bracket - MOST_WORDS)
    text = view.text[view.starts[acronym.first] : view.ends[acronym.last - 1]]
    start = acronym_start(view.words[first:bracket], text)
    return Run(first + start, bracket) if start is not None else None


def shortens_small_words(ground: Ground, bracket: int, acronym: Run) -> bool:
    """Whether the acronym is that of a common noun: `improvised explosive device (IED)`."""
    view = ground.view
    text = view.text[view.starts[acronym.first] : view.ends[acronym.last - 1]]
    return any(
        view.words[start][:1].islower() and is_acronym_of(text, " ".join(view.words[start:bracket]))
        for start in range(max(0, bracket - len(text) - 2), bracket)
    )
