"""How surely a sentence says something, and who says it: cues of `[status]` in `patterns.toml`, each with its scope.

A sentence falls into clauses (`; but`, `, which`) and these into pieces between commas. A hedge (`reportedly`, `is said to`)
counts for its piece, up to the end of what is stated; `X said that` for what follows in its clause; `, X said` and
`according to X` for their clause.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from dossier.components.patterns import Patterns
from dossier.components.saying_cues import ASSERTED, CLAIMED, DENIED, HEDGES, PLANNED, REPORTED, Cues, has_cue, words_of

Bounds = tuple[int, int]
Mark = tuple[int, int, str]  # a mention in the sentence, and its label
HOLDERS = ("ORG", "PERSON", "PLACE")
MOST_HOLDER = 7  # words before a verb that may say who speaks
BEFORE_SPEAKER = frozenset(", ; : ( ) and but that which though although as while".split())
MOST_ALONE = 3  # words of a piece that is but a cue: `Reportedly, he led it`
_STRONG = re.compile(
    r"[;–—]\s*|(?<!\d):\s+|,\s+(?=(?:but|though|although|while|whereas|yet)\s)|,\s+(?=(?:a|an)\s(?:\w+\s)?(?:claim|charge|assertion|view|statement)\b)"
    r"|\s+(?=(?:although|though|but|whereas)\s)"
)
_PIECE = re.compile(
    r"[,()]\s*|\s+(?=(?:until|before|after|when|who|which)\s)|\s+(?=and\s+(?!the\b|its\b|his\b)[a-z]+(?:ed|ly)\b)"
)
_COMMA = re.compile(r"[,()]\s*")
_OWN = re.compile(
    r"\b(?:by|in|on|according to)\s+(?:its|his|her|their)\s+own\s+(?:\w+\s+)?"
    r"(?:count|claim|account|admission|description|word|words|statement|telling|figures|reckoning|estimate)\b"
    r"|\bby\s+(?:its|his|her|their)\s+own\b"
)
_ROW_SOURCE = re.compile(r"\(([^()]{2,70})\)\s*(?:\[\d+\]\s*)*[.;]?(?=\s|\Z)")
_ROW = re.compile(r"\s*(?:[^\W\d_]+\s)?(?:\d{4}s?|[^\W\d_]+ \d{4})(?:\s*[-–]\s*\d{2,4})?\s*:")
# `gunmen said to be`, `claimed the attack`, `claimed responsibility`
_NO_SAYING = re.compile(
    r"(?:said|reported|believed|thought|alleged|estimated|considered)\s+to\s"
    r"|claim(?:s|ed)?\s+(?:the|responsibility|it|credit|both|part|an?)\b"
)
_RELATIVE = re.compile(r"\s*(?:for |of |to )?(?:which|who|whom|whose|whatever|what|an?)\s")
_PRONOUN = re.compile(r"(?:it|he|she|they|which|who)\Z", re.IGNORECASE)
_AS = re.compile(r"\s*as\s")
_OTHER_PIECE = re.compile(r",\s+(?:\w+ly\s+)?\w{2,}ing\s[^,]*,")
_TRAILING = re.compile(r"\s*(?:\[\d+\]\s*)*[.”\"]*\s*\Z")


class Said(NamedTuple):
    """A status of the guide, and where the words of who says it stand in the sentence."""

    status: str
    holder: Bounds | None = None


class Judge:
    """Reads status and holder of what a sentence states."""

    def __init__(self, cues: Cues) -> None:
        self.cues = cues

    @classmethod
    def of(cls, patterns: Patterns) -> Judge:
        return cls(Cues.of(patterns))

    def judge(self, sentence: str, at: int, marks: Sequence[Mark] = (), ends: Sequence[Bounds] = ()) -> Said:
        """The status of what a sentence states at a character, and its holder.

        marks: the mentions in the sentence; ends: those that the statement joins, or the roles of an event.
        """
        reader = _Reader(self.cues, sentence, at, sorted(marks), sorted(ends))
        return reader.judge()


class _Reader:
    def __init__(self, cues: Cues, text: str, at: int, marks: Sequence[Mark], ends: Sequence[Bounds]) -> None:
        self.cues, self.text, self.at, self.marks = cues, text, at, marks
        self.words = words_of(text)
        self.clause = self._bounds(_STRONG, at, (0, len(text)))
        self.ends = [end for end in ends if self.clause[0] <= end[0] < self.clause[1]]
        self.piece = self._bounds(_PIECE, at, self.clause)
        self.stop = max([at + 1, *(end[1] for end in self.ends)])

    def judge(self) -> Said:
        if len(self.ends) > 1 and not self.text[self.ends[0][1] : self.ends[-1][0]].strip(' (“"'):
            return Said(ASSERTED)  # `Red Hand (RH)`
        said = self._attributed() or self._own()
        hedge = self._hedged()
        if hedge == PLANNED and (said is None or said.status != DENIED):
            return Said(PLANNED, said.holder if said else None)
        if said is not None:
            return said
        if hedge is not None:
            return Said(hedge)
        if self.cues.never.search(self.text, self.piece[0], self.at):
            return Said(DENIED)
        return self._row_source() or (Said(REPORTED) if self._denied_after() else Said(ASSERTED))

    # ------------------------------------------------------------ scopes

    def _bounds(self, cut: re.Pattern[str], at: int, inside: Bounds) -> Bounds:
        cuts = [inside[0], *(found.end() for found in cut.finditer(self.text, *inside))]
        number = max(index for index, start in enumerate(cuts) if start <= max(at, inside[0]))
        return cuts[number], cuts[number + 1] if number + 1 < len(cuts) else inside[1]

    def _hedged(self) -> str | None:
        """A hedge in the piece of the statement, one that is a piece of its own beside it, or one of the whole clause."""
        if self.cues.hedge_words.isdisjoint(self.words):
            return None
        first = self.piece[0]
        for name in HEDGES:
            if has_cue(self.cues.hedges[name], self.text, first, min(self.stop, self._reach())):
                return name
            if has_cue(self.cues.sentence[name], self.text, *self.clause):
                return name
            # `is said to have joined it and led it`: the second verb is said, too
            wide = self._bounds(_COMMA, self.at, self.clause)[0]
            hedged = self.cues.hedges[name].finditer(self.text, wide, first) if wide < first else ()
            if any(found[0].endswith(" to") or self.text.startswith(" to ", found.end()) for found in hedged):
                return name
        for start, end in self._beside():
            words = self.text[start:end].strip(" ,.;()")
            if 0 < len(words.split()) <= MOST_ALONE:
                for name in HEDGES:
                    cue = self.cues.alone[name]
                    # after a statement a cue with more is another's: `joined it and reportedly fled`
                    if cue.fullmatch(words) or (start < self.at and has_cue(cue, words, 0, len(words))):
                        return name
        return None

    def _reach(self) -> int:
        """How far to the right of a statement a hedge counts: to the end of its piece, or the last of its ends."""
        inside = [end[1] for end in self.ends if end[0] < self.piece[1]]
        return max([self.piece[1] if self.ends else self.at + 1, *inside])

    def _beside(self) -> Iterable[Bounds]:
        """The pieces just before and after that of the statement."""
        if self.piece[0] > self.clause[0]:
            yield self._bounds(_PIECE, self.piece[0] - 1, self.clause)
        if self.piece[1] < self.clause[1]:
            yield self._bounds(_PIECE, self.piece[1], self.clause)
        if self.clause[1] < len(self.text) and self.text[self.clause[1] - 1 : self.clause[1]] in (",", "("):
            yield self._bounds(_PIECE, self.clause[1], (self.clause[1], len(self.text)))

    # ------------------------------------------------------------ who says so

    def _attributed(self) -> Said | None:
        """`X said that ...`, `..., X said`, `according to X, ...`."""
        low, high = self.clause
        source = self.cues.sources.search(self.text, low, high)
        if source is not None and not _OWN.match(self.text, source.start()):
            holder = self._named_after(source.end(), high)
            if holder is not None and self._is_open(source.start()):
                return self._said(REPORTED, holder)
        best: Said | None = None
        told = () if self.cues.verb_words.isdisjoint(self.words) else self.cues.verbs.finditer(self.text, low, high)
        for verb in told:
            trailing = self._is_trailing(verb, low, high)
            if verb.start() >= self.at and not trailing:
                continue
            if _NO_SAYING.match(self.text, verb.start()) or not self._is_open(verb.start()):
                continue
            if verb.end() <= self.at and not self._governs(verb.end()):
                continue
            status = self.cues.says[" ".join(verb[0].casefold().split())]
            if trailing and status == DENIED and not _TRAILING.match(self.text, verb.end()):
                continue  # `X, headed by Y, disclaims continuity with Z`
            if status == PLANNED and verb.end() <= self.at:
                return Said(PLANNED, self._speaker(verb.start(), low))
            holder = self._speaker(verb.start(), low) or (self._named_after(verb.end(), high) if trailing else None)
            if holder is None or (status != DENIED and holder[1] - holder[0] < 2):
                continue
            if best is None or status == DENIED:
                best = self._said(status, holder)
            if status != DENIED and self.cues.would.search(self.text, verb.end(), max(self.at, verb.end())):
                return Said(PLANNED, holder)
        return best

    def _is_open(self, at: int) -> bool:
        """Whether a source is not in a bracket of its own: `(40 killed, according to X)` says nothing of the rest."""
        opened = self.text.rfind("(", self.clause[0], at)
        return opened < 0 or self.text.rfind(")", opened, at) > 0 or opened < self.at <= self.text.find(")", at)

    def _governs(self, verb_end: int) -> bool:
        """Whether what a verb says reaches the statement: nothing but its complement stands between."""
        between = self.text[verb_end : self.at]
        if re.match(r"(?:\s+\w+)?\s+that\b", between):
            return True
        return not re.search(r",\s+(?:and|which|who)\s|\sand\s+(?:has|have|was|is|had|[a-z]+ed)\b|\.\s", between)

    def _is_trailing(self, verb: re.Match[str], low: int, high: int) -> bool:
        """`..., the army said.`, `..., says X.`: the last piece of the clause, with nothing said after the verb."""
        start = self.text.rfind(",", low, verb.start())
        if _RELATIVE.match(self.text, start + 1):
            return False
        if start < 0 or verb.start() < self.at or start < self.stop - 1:
            return False
        if _OTHER_PIECE.search(self.text, self.stop, start + 1):
            return False  # `renounced X, taking with him, he claimed, 6,000 men`
        rest = self.text[verb.end() : high]
        if _AS.match(self.text, start + 1) and not _TRAILING.match(rest):
            return False  # `with, as diplomats maintain, the help of X`
        return bool(_TRAILING.match(rest)) or len(rest.split()) <= MOST_HOLDER or rest.lstrip()[:1] in (",", ";")

    def _said(self, status: str, holder: Bounds) -> Said:
        return Said(CLAIMED if status == REPORTED and self._is_party(holder) else status, holder)

    def _is_party(self, holder: Bounds) -> bool:
        """Whether who says it is one of those it is about."""
        words = self.text[holder[0] : holder[1]].casefold()
        own = words in ("it", "he", "she", "they") or re.match(r"(?:its|his|her|their)\s", words) is not None
        sided = any(word in self.cues.parties for word in words.split())
        state = any(mark[:2] == holder and mark[2] == "PLACE" for mark in self.marks)
        return own or sided or state or any(holder[0] < end[1] and end[0] < holder[1] for end in self.ends)

    def _speaker(self, verb: int, low: int) -> Bounds | None:
        """Who stands before a verb of saying: a mention, or a few words up to the comma before."""
        words = [(found.start(), found.end()) for found in re.finditer(r"[^\s,;:()]+|[,;:()]", self.text[low:verb])]
        words = [(start + low, end + low) for start, end in words]
        while words and self.text[slice(*words[-1])].casefold() in self.cues.skip:
            words.pop()
        if not words or self.text[words[-1][0]] in ";:(":
            return None
        end = words[-1][1]
        if self.text[words[-1][0]] in ",)":
            return self._before_aside(words[-1][0], low)
        start = end
        for at, stop in reversed(words[-MOST_HOLDER:]):
            if self.text[at:stop].casefold() in BEFORE_SPEAKER:
                break
            start = at
        return self._holder(start, end)

    def _before_aside(self, comma: int, low: int) -> Bounds | None:
        """The mention that opens the clause, where an aside stands between it and the verb."""
        first = next((mark for mark in self.marks if mark[0] >= low and mark[2] in HOLDERS), None)
        opens = first is not None and first[1] < comma and len(self.text[low : first[0]].split()) <= 1
        return (first[0], first[1]) if first is not None and opens else None

    def _named_after(self, start: int, high: int) -> Bounds | None:
        """Who is named after `according to`, `says`."""
        while start < high and self.text[start] == " ":
            start += 1
        end = re.compile(r"[,;:()\[]|\.(?:\s|\Z)|\s(?:and|which|who|that|in\s\d{4}|in\sthe)\b|\Z").search(
            self.text, start, high
        )
        stop = end.start() if end else high
        return self._holder(start, stop) if stop > start and len(self.text[start:stop].split()) <= MOST_HOLDER else None

    def _holder(self, start: int, end: int) -> Bounds | None:
        """The words of a speaker: the mention they are, without a leading article, or as they stand."""
        words = self.text[start:end].split()
        if not words or words[-1].casefold() in self.cues.nobody:
            return None
        dates = [mark[1] for mark in self.marks if mark[2] == "DATE" and start <= mark[0] and mark[1] < end]
        start = max([start, *dates])
        while start < end and not self.text[start].isalnum():
            start += 1
        words = self.text[start:end].split()
        if not words or words[0].casefold() in ("whom", "whatever", "what", "how", "whether"):
            return None
        pronoun = _PRONOUN.search(self.text[start:end])
        if pronoun:
            return start + pronoun.start(), end
        inside = [mark for mark in self.marks if start <= mark[0] and mark[1] <= end and mark[2] in HOLDERS]
        for mark in inside:
            rest = f"{self.text[start : mark[0]]} {self.text[mark[1] : end]}".casefold().split()
            if all(word in ("the", "a", "in") or word.startswith("spokes") for word in rest):
                return mark[0], mark[1]
        if words[0].casefold() in ("in", "on", "by", "from", "of", "for", "with", "to", "at", "as", "it", "that"):
            return None
        return start, end

    def _own(self) -> Said | None:
        """`by its own count`: a claim of whom it is about."""
        found = _OWN.search(self.text, *self.clause)
        if found is None or self._is_of_another(found):
            return None
        party = next(
            (end for end in self.ends if any(mark[:2] == end and mark[2] in HOLDERS for mark in self.marks)), None
        )
        before = [mark for mark in self.marks if mark[1] <= found.start() and mark[2] in HOLDERS]
        return Said(CLAIMED, party or (before[-1][:2] if before else None))

    def _is_of_another(self, own: re.Match[str]) -> bool:
        """Whether `by its own account` is of what follows: `founded by X and, by its own account, armed by Y`."""
        if own.start() < self.stop:
            return False
        before = self.text[self.stop : own.start()]
        return before.rstrip().endswith((" and,", " and")) or before.count(",") > 1

    # ------------------------------------------------------------ around the clause

    def _row_source(self) -> Said | None:
        """`2013: 600-800 fighters (Nordic Review)`."""
        if not _ROW.match(self.text):
            return None
        for found in _ROW_SOURCE.finditer(self.text, min([self.at, *(end[1] for end in self.ends)])):
            holder = self._holder(*found.span(1))
            if holder is not None and holder not in self.ends and any(mark[:2] == holder for mark in self.marks):
                return Said(REPORTED, holder)
        return None

    def _denied_after(self) -> bool:
        """Whether the next clause denies what this one states."""
        after = self.text[self.clause[1] : self.clause[1] + 90]
        found = re.search(
            r"\b(?:denied|denies|deny|denying)\b(?:\s+(?:it|this|that|any|the|having|each)\b|[.,;]|\Z)", after
        )
        tail = re.search(
            r",\s+which\s[^,;]{0,40}\b(?:denied|denies|deny|disputes|rejects)\b", self.text[self.at : self.clause[1]]
        )
        return bool((found and ";" not in after[: found.start()]) or tail)
