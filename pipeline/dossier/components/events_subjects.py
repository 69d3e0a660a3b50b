"""Whom a block of a text speaks of, for sentences that leave it out: `Designated a terrorist organization in 1997.`

That is the name that opens the block (`2. Real IRA. Founded ...`, `Lind (1984-1995): Guru.`), else that of its section or list
entry, else that of the title.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field

from dossier.components.clauses import MAIN, Sentence
from dossier.components.events_frames import Verbs
from dossier.components.events_reading import Telling
from dossier.components.view import View
from dossier.records import Found, Span

NAMED = ("ORG", "PERSON")
HEADS = ("title", "heading")
MOST_NUMBER = 4  # words before a name that number it: `(a) 2.`
MOST_ENTRY = 20  # words of a block that is but a name
_AFTER_NAME = frozenset(".;:(")


@dataclass(slots=True)
class Subjects:
    """The name that each block of a text speaks of; `found` is sorted."""

    view: View
    found: Sequence[Found]
    of: dict[int, Found] = field(default_factory=dict)

    def __post_init__(self) -> None:
        profile = section = self._titled()
        starts = [one.start for one in self.found]
        for number, block in enumerate(self.view.frame.blocks):
            inside = self.found[bisect_left(starts, block.start) : bisect_left(starts, block.end)]
            named = [one for one in inside if one.label in NAMED]
            own = named[0] if named and self._opens(block.start, named[0]) else None
            if block.kind == "title":
                profile = section = next((one for one in named if one.label == "ORG"), profile)
            elif block.kind == "heading":
                section = own or profile
            elif own is not None and self._is_entry(Span(block.start, block.end), named):
                section = own
            subject = own if own is not None and self._is_set_off(own) else section
            if subject is not None and block.kind not in HEADS:
                self.of[number] = subject

    def _titled(self) -> Found | None:
        """The organisation that the report's title names, where the title is not in this text."""
        title = (self.view.frame.title or "").casefold()
        text = self.view.text
        return next(
            (one for one in self.found if one.label == "ORG" and text[one.start : one.end].casefold() in title), None
        )

    def _opens(self, start: int, one: Found) -> bool:
        first, _ = self.view.between(start, one.end)
        name, _ = self.view.between(one.start, one.end)
        return name - first <= MOST_NUMBER and not any(self.view.words[at].islower() for at in range(first, name))

    def _is_set_off(self, one: Found) -> bool:
        """Whether a stop or bracket follows a name, and no sentence on it."""
        _, after = self.view.between(one.start, one.end)
        return after < len(self.view) and self.view.words[after][:1] in _AFTER_NAME

    def _is_entry(self, block: Span, named: Sequence[Found]) -> bool:
        first, last = self.view.between(*block)
        taken = {at for one in named for at in range(*self.view.between(one.start, one.end))}
        return last - first <= MOST_ENTRY and not any(
            self.view.words[at].islower() for at in range(first, last) if at not in taken
        )


def give_subject(verbs: Verbs, telling: Telling, subject: Found | None) -> None:
    """Add whom a verb without a subject speaks of: the subject of the clause before it, else that of its block."""
    sentence = verbs.sentence
    spans = _before(sentence, verbs, telling.spot.unit)
    if not spans and subject is not None:
        spans = [Span(subject.start, subject.end)]
    kind, passive = telling.spot.told.type, verbs.is_passive(telling.spot.unit)
    if kind in ("merger", "split"):
        role = "party"
    elif passive:
        role = "target"
    else:
        role = {"other": "party", "designation": "authority"}.get(kind, "perpetrator")
    if not telling.roles.get(role) or role == "party":
        telling.add(role, spans)


def _before(sentence: Sentence, verbs: Verbs, verb: int) -> list[Span]:
    own = sentence.units[verb].clause
    for clause in reversed(sentence.clauses[:own]):
        if clause.kind == MAIN and clause.verb >= 0:
            subjects = sentence.subject(clause.verb)
            return [span for at in subjects for span in verbs.fillers.named(at)]
    return []
