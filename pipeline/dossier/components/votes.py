"""What the words around a candidate say of it: an organisation, a person or a place. Added up over a text.

The weights are estimates, to be replaced when the encoder comes: 1 is a sign that suffices alone, less needs company.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from dossier.components.lexicon import Lexicon, Phrases
from dossier.components.orgs import acronym_in
from dossier.components.runs import HYPHENS, OPENING_QUOTES, POSSESSIVES, Ground, Run
from dossier.components.view import ALL_CAPS
from dossier.normalize.names import is_acronym

ENOUGH = 1.0
MARGIN = 0.4
ABD = "Abd"
DASHES = frozenset(("–", "—"))
CLOSING_QUOTES = frozenset(("”", '"', "»"))
# before a place more often than before a group
LOCATIVE = frozenset(("across", "at", "in", "inside", "near", "outside", "throughout"))
_NUMBERED = re.compile(r"[A-Z]\d{1,2}")  # G7, M23


@dataclass(slots=True)
class Votes:
    """The score of a candidate, and where it stands; `inside`: it was seen within a sentence, so its capital counts."""

    org: float = 0.0
    person: float = 0.0
    place: float = 0.0
    inside: bool = False
    at: list[Run] = field(default_factory=list)

    def winner(self) -> tuple[str, float] | None:
        """The label and score that win clearly, or None."""
        ranked = sorted((("ORG", self.org), ("PERSON", self.person)), key=lambda pair: -pair[1])
        (label, best), (_, second) = ranked
        if best < ENOUGH or best - max(second, self.place) < MARGIN:
            return None
        return label, best


def cast(ground: Ground, run: Run, votes: Votes) -> None:
    """Add the votes of one occurrence."""
    votes.at.append(run)
    votes.inside |= not ground.breaks[run.first]
    votes.org += _org_before(ground, run) + _org_after(ground, run)
    if run.titled or not _has_acronym(ground, run):
        votes.person += _person_before(ground, run) + _person_after(ground, run)
    votes.place += _place_before(ground, run)


def _has_acronym(ground: Ground, run: Run) -> bool:
    return any(
        ground.view.flags[index] & ALL_CAPS for index in range(run.first, run.last) if len(ground.view.words[index]) > 2
    )


def form_votes(ground: Ground, run: Run) -> tuple[float, float]:
    """What the form of a name says, once for all its occurrences: votes for organisation, for person."""
    words, lexicon = ground.view.words[run.first : run.last], ground.lexicon
    if _NUMBERED.fullmatch(words[0]):
        return 0.5, 0.0
    if len(words) == 1:
        return (0.5, 0.0) if is_acronym(words[0]) and ground.view.flags[run.first] & ALL_CAPS else (0.0, 0.0)
    if any(lexicon.is_weak_head(word) for word in words):
        return 0.5, 0.0
    return 0.0, _person_form(words, lexicon)


def _person_form(words: list[str], lexicon: Lexicon) -> float:
    names = [word for word in words if word[:1].isupper()]
    if len(words) > 8 or len(names) > 5 or any(len(name) > 3 and name.isupper() for name in names):
        return 0.0
    if any(word.casefold() in lexicon.strong_particles for word in words[:-1]):
        return 1.0
    opens = lexicon.is_given(words[0]) or (words[0].startswith(ABD) and len(words[0]) > 4)
    return 1.0 if opens and len(names) > 1 and not any(word in lexicon.nameless for word in names) else 0.0


def _before(ground: Ground, run: Run) -> tuple[list[str], bool]:
    """Up to four words before a run in its sentence, small, without an article; and whether there was one."""
    first = run.first
    if ground.breaks[first]:
        return [], False
    start = first
    while start > 0 and first - start < 5 and ground.continues(start, start - 1):
        start -= 1
    words = [word.casefold() for word in ground.view.words[start:first]]
    while words and words[-1] in OPENING_QUOTES:
        words.pop()
    if len(words) > 1 and words[-1] in POSSESSIVES and ground.known[first - 2] == "PLACE":
        del words[-2:]  # `elements of Ruritania's Red Hand`
    if words and words[-1] in ("the", "a", "an"):
        return words[:-1], words[-1] == "the"
    return words, False


def _after(ground: Ground, run: Run) -> list[str]:
    """Up to five words after a run in its sentence, small."""
    last = run.last
    end = last
    while end < len(ground.view) and end - last < 5 and ground.continues(end, run.first):
        end += 1
    return [word.casefold() for word in ground.view.words[last:end]]


def _org_before(ground: Ground, run: Run) -> float:
    words, article = _before(ground, run)
    lexicon = ground.lexicon
    score = 0.3 if article and not _is_locative(words) else 0.5 if _ends_quote(ground, run) else 0.0
    if not words:
        return score
    if _ends_with(words, lexicon.org_either):
        score += 0.5
    first = run.first - (2 if article else 1)
    if ground.view.words[first] in POSSESSIVES and first and ground.known[first - 1] == "PLACE":
        score += 0.4  # a country's: a group or a person, but no place
    if words[-2:] == ["known", "as"]:
        score += 0.4
    if words[-2:] == ["such", "as"] or words[-1] == "including":
        score += 0.3
    if len(words) > 1 and words[-1] == "," and words[-2] in lexicon.org_list:
        score += 0.6
    if words[-1] in lexicon.org_before or _ends_with(words, lexicon.org_phrases):
        score += 1.0
    return score


def _ends_quote(ground: Ground, run: Run) -> bool:
    """Whether a quotation and a dash stand before a run: `... in force.” – KFI, Annual Review`."""
    words, first = ground.view.words, run.first
    return first > 1 and words[first - 1] in DASHES and words[first - 2] in CLOSING_QUOTES


def _org_after(ground: Ground, run: Run) -> float:
    words = _after(ground, run)
    lexicon = ground.lexicon
    if not words:
        return 0.0
    if words[0] in POSSESSIVES:
        return 1.0 if len(words) > 1 and words[1] in lexicon.org_possessive else 0.0
    if words[0] in HYPHENS and len(words) > 1:
        return 1.0 if f"-{words[1]}" in lexicon.org_after else 0.0
    if words[0] in lexicon.org_after:
        return 1.5 if words[0] in lexicon.roles and ground.is_name_word(run.last + 1) else 1.0
    if _starts_with(words, lexicon.org_verbs):
        return 0.6
    if words[0] == "(" and run.last - run.first > 1 and acronym_in(ground, run.last):
        return 0.6
    quoted = words[0] == "(" and len(words) > 1 and words[1] in OPENING_QUOTES
    return 1.0 if quoted and ground.is_name_word(run.last + 2) else 0.0


def _person_before(ground: Ground, run: Run) -> float:
    if run.titled:
        return 1.5
    words, article = _before(ground, run)
    lexicon = ground.lexicon
    if not words or article:
        return 0.0
    if words[-1] in lexicon.roles:
        return 1.2
    if words[-1] == "by" and len(words) > 1 and words[-2] in lexicon.passives:
        return 1.0 if run.last - run.first > 1 else 0.6
    if words[-1] == "," and len(words) > 1 and words[-2] in lexicon.roles:
        return 1.0 if run.last - run.first > 1 else 0.8
    return 0.0


def _person_after(ground: Ground, run: Run) -> float:
    words = _after(ground, run)
    lexicon = ground.lexicon
    if len(words) < 2:
        return 0.0
    if words[0] == "," and words[1] in lexicon.appositives:
        sure = words[1] in ("who", "whose", "aged", "born") or words[1] in lexicon.roles
        return 0.8 if sure or any(word in lexicon.roles or word == "ethnic" for word in words[2:]) else 0.0
    if _starts_with(words, lexicon.person_sure):
        return 1.0
    return 0.8 if _starts_with(words, lexicon.person_after) else 0.0


def _place_before(ground: Ground, run: Run) -> float:
    words, _ = _before(ground, run)
    return 0.4 if _is_locative(words) or (words and words[-1] in ground.lexicon.place_kinds) else 0.0


def _is_locative(words: list[str]) -> bool:
    return bool(words) and words[-1] in LOCATIVE


def beside(ground: Ground, run: Run, firsts: set[int], lasts: set[int]) -> float:
    """The vote of a list: an organisation ends just before `, X` or `and X`, or begins just after `X and`, `X,`."""
    words = ground.view.words
    before, after = run.first, run.last
    while before and words[before - 1] in ("the", ",", "and", "or", "/") and not ground.breaks[before]:
        before -= 1
    while after < len(words) and words[after] in ("the", ",", "and", "or", "/") and ground.continues(after, run.first):
        after += 1
    if form_votes(ground, run)[1]:
        return 0.0
    return 0.6 * ((before < run.first and before in lasts) + (after > run.last and after in firsts))


def _ends_with(words: list[str], phrases: Phrases) -> bool:
    return any(tuple(words[-len(phrase) :]) == phrase for phrase in phrases.get(words[-1], ()))


def _starts_with(words: list[str], phrases: Phrases) -> bool:
    return any(tuple(words[: len(phrase)]) == phrase for phrase in phrases.get(words[0], ()))
