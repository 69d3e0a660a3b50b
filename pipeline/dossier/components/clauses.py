"""The clauses of a sentence, and the phrases that belong to a verb: its subject, its objects, what follows it.

Read from the units of `phrases`, without a parse: right for the plain sentences of reports, and silent where they are not plain.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from dossier.components.phrases import Phrases, Unit

MAIN, RELATIVE, SUB, PARTICIPLE, COORDINATE, BRACKET = "main", "relative", "sub", "participle", "coordinate", "bracket"
MOST_AHEAD = 14  # units that are looked at for a verb
FOLLOWING = 12  # units after a verb or noun that may be its complements
_OFF = frozenset("call called calling break broke broken breaking".split())


@dataclass(slots=True)
class Clause:
    """`first` is the unit that opens it; `parent` the clause it hangs on; `verb` its first verb group; a coordinate clause
    `shares` the subject of its parent, or has its own. `fronted`: a subordinate clause before its main clause."""

    kind: str
    first: int
    parent: int = -1
    verb: int = -1
    finite: bool = False
    comma: bool = False
    fronted: bool = False
    shares: bool = False


class Complement(NamedTuple):
    """A preposition and the noun phrases or date after it."""

    word: str
    units: list[int]
    at: int  # the unit of the preposition


@dataclass(slots=True)
class Sentence:
    """The phrases of a sentence with its clauses."""

    phrases: Phrases
    clauses: list[Clause]
    units: list[Unit] = field(init=False)
    _kinds: list[str] = field(init=False)  # of the units, looked up often; one more for what is outside
    _heads: list[str] = field(init=False)

    def __post_init__(self) -> None:
        self.units = self.phrases.units
        self._kinds = [*(unit.kind for unit in self.units), ""]
        self._heads = [*(self.phrases.word(unit) for unit in self.units), ""]

    def kind(self, at: int) -> str:
        return self._kinds[at] if -1 <= at < len(self._kinds) else ""

    def word(self, at: int) -> str:
        """The head of a unit in small letters; empty outside of the sentence."""
        return self._heads[at] if -1 <= at < len(self._heads) else ""

    def words(self, at: int) -> list[str]:
        """The words of a unit in small letters."""
        return self.phrases.words(self.units[at])

    # ------------------------------------------------------------ what belongs to a verb

    def subject(self, verb: int, depth: int = 3) -> list[int]:
        """The noun phrases that are the subject of a verb group, passive or active; empty where it is not plain."""
        unit = self.units[verb]
        clause = self.clauses[unit.clause]
        said = unit.verb
        if said is None or not depth:
            return []
        if (
            clause.verb != verb
            and clause.verb >= 0
            and clause.verb < verb
            and not self._noun_between(clause.verb, verb)
        ):
            return self.subject(clause.verb, depth - 1)  # `is believed to have killed`
        if said.infinitive:
            return [at for at in (self._before(verb),) if at >= 0] or self._governor_s(unit.clause, depth)
        if clause.kind == PARTICIPLE and clause.first == verb:
            if not clause.comma:
                return self._antecedent(verb)
            return self._governor_s(unit.clause, depth)
        if clause.kind == RELATIVE and not self._noun_between(clause.first, verb):
            return self._antecedent(clause.first)
        if clause.kind == COORDINATE and clause.shares:
            return self._governor_s(unit.clause, depth)
        if clause.kind == SUB and said.form == "VBG" and not said.finite:
            return self._governor_s(unit.clause, depth)  # `after leaving the front, he ...`
        at = self._before(verb)
        return self.coordinated_back(at) if at >= 0 else []

    def _governor_s(self, clause: int, depth: int) -> list[int]:
        parent = self.clauses[clause].parent
        verb = self.clauses[parent].verb if parent >= 0 else -1
        return self.subject(verb, depth - 1) if verb >= 0 else []

    def _noun_between(self, start: int, end: int) -> bool:
        return any(
            self.units[at].kind == "N"
            and (self.kind(at - 1) != "P" or self._opens_clause(at - 1, self.units[end].clause))
            and self.units[at].clause == self.units[end].clause
            for at in range(start + 1, end)
        )

    def _antecedent(self, at: int) -> list[int]:
        """The noun phrase before a relative word or a participle, past a comma and past what hangs on it with `of`."""
        before = at - 1
        if self.kind(before) == "P":  # `from which`
            before -= 1
        while self.kind(before) in (",", "A"):
            before -= 1
        if self.kind(before) == ")" and self.kind(before - 2) == "(":
            before -= 3  # `the Northern Front (NF), which`
        while self.kind(before) in ("N", "D") and self.kind(before - 1) == "P" and self.kind(before - 2) == "N":
            if self.kind(before) == "N" and self.word(before - 1) != "of" and not self.is_place(before):
                break
            if self.word(at) == "which" and any(mark.label == "ORG" for mark in self.units[before].marks):
                break  # `the armed wing of the Northern Front, which the army drove out`
            before -= 2
        return self.coordinated_back(before) if self.kind(before) == "N" else []

    def is_place(self, at: int) -> bool:
        return any(mark.label == "PLACE" for mark in self.units[at].marks)

    def _before(self, verb: int) -> int:
        """The noun phrase that stands before a verb as its subject, -1 for none."""
        at, clause, past = verb - 1, self.units[verb].clause, False
        while at >= 0:
            kind = self.kind(at)
            if self.units[at].clause != clause and kind not in (",", "A", "(", ")"):
                inner = self.units[at].clause
                if not self._hangs_on(inner, clause):
                    return -1
                at = min(at, self.clauses[inner].first) - 1
                past = self.clauses[inner].kind in (RELATIVE, PARTICIPLE)
                at -= self.kind(at) == "," and past  # it opens that aside
            elif kind == ",":
                at = self._past_aside(at)
            elif kind in ("A", "(", ")") or (kind == "C" and past):  # `X, who ... and who ..., was caught`
                at -= 1
            elif kind == "D":
                at -= 2 if self.kind(at - 1) == "P" else 1
            elif kind == "N":
                first = self._listed_places(at)
                if self.kind(first - 1) != "P" or self._opens_clause(first - 1, clause):
                    return at - 2 if past and self._describes_name(at) else at
                at = first - 2
            else:
                return -1
        return -1

    def _opens_clause(self, at: int, clause: int) -> bool:
        """Whether a small word such as `after` opens a clause, and is no preposition."""
        return self.clauses[clause].kind == SUB and self.clauses[clause].first == at

    def _describes_name(self, at: int) -> bool:
        """Whether a noun phrase only says who the name before it is: `X, a doctor who had fled, was caught`."""
        return (
            self.kind(at - 1) == "," and self._is_named(at - 2) and self.kind(at - 2) == "N" and not self._is_named(at)
        )

    def _listed_places(self, at: int) -> int:
        """The first of the places that are listed up to a noun phrase, `in Oslo, Bergen and Narvik`; else the phrase itself."""
        first = at
        if self.kind(at - 1) == "C" and self.kind(at - 2) == "N":
            first = at - 2
            while self.kind(first - 1) == "," and self.kind(first - 2) == "N":
                first -= 2
        return first if all(self.is_place(each) for each in range(first, at, 2)) else at

    def _hangs_on(self, clause: int, other: int) -> bool:
        while clause >= 0 and clause != other:
            clause = self.clauses[clause].parent
        return clause == other

    def _past_aside(self, comma: int) -> int:
        """The unit before an aside that a comma closes: `X, a leader of Y, was killed`; of several asides, before the first."""
        named = -1
        for at in range(comma - 1, max(-1, comma - 2 * MOST_AHEAD), -1):
            if self.kind(at) in ("V", ";", "S", "W"):
                break
            if self.kind(at) == "," and self._is_named(at - 1) and self.kind(at - 2) != "P":
                named = at - 1
        if named >= 0:
            return named
        for at in range(comma - 1, max(-1, comma - MOST_AHEAD), -1):
            if self.kind(at) == "," and self.kind(at - 1) in ("N", ")"):
                return at - 1 if not self._is_listed(at) else comma - 1
            if self.kind(at) in ("V", ";"):
                break
        return comma - 1

    def _is_named(self, at: int) -> bool:
        if self.kind(at) == ")":
            at -= 3
        return self.kind(at) == "N" and any(mark.label in ("PERSON", "ORG") for mark in self.units[at].marks)

    def _is_listed(self, comma: int) -> bool:
        """Whether a comma stands in a list that ends in `and`."""
        for at in range(comma + 1, len(self.units)):
            if self.kind(at) == "C":
                return True
            if at > comma + 3 and self.kind(at) not in ("N", ","):
                return False
        return False

    def objects(self, verb: int) -> list[int]:
        """The noun phrases right after a verb group."""
        at = verb + 1
        while self.kind(at) == "A" or (self.kind(at) == "N" and self.words(at) == ["dead"]):
            at += 1
        at += self.kind(at) == "P" and self.word(at) == "off" and self.word(verb) in _OFF  # `called off its truce`
        return self.coordinated(at) if self.kind(at) == "N" else self._object_before(verb)

    def _object_before(self, verb: int) -> list[int]:
        """What `which` before the subject of a relative clause stands for: `the camp, which the army bombed`."""
        clause, said = self.clauses[self.units[verb].clause], self.units[verb].verb
        plain = said is not None and said.finite and not said.passive
        if clause.kind != RELATIVE or clause.verb != verb or not plain or self.kind(clause.first - 1) == "P":
            return []
        return self._antecedent(clause.first) if self._noun_between(clause.first, verb) else []

    def agents(self, at: int) -> list[int]:
        """The noun phrases after `by`, among what follows a verb or a noun."""
        return [unit for found in self.complements(at) if found.word == "by" for unit in found.units]

    def complements(self, at: int) -> list[Complement]:
        """The prepositions after a verb or noun, in its clause or asides of it, with what they stand before."""
        return list(self._complements(at))

    def _complements(self, start: int) -> Iterator[Complement]:
        at, clause = start + 1, self.units[start].clause
        if self.units[start].kind == "V":
            at = (self.objects(start) or [start])[-1] + 1
        while at < min(len(self.units), start + FOLLOWING):
            unit = self.units[at]
            if self._ends(at, clause):
                return
            if unit.kind == "P":
                after = at + 1
                while self.kind(after) in ("P", "A"):
                    after += 1
                if self.kind(after) == "N":
                    units = self.coordinated(after, both=self.word(at) == "between")
                    yield Complement(self.word(at), units, at)
                    at = units[-1]
                elif self.kind(after) == "D":
                    yield Complement(self.word(at), [after], at)
                    at = after
            at += 1

    def _ends(self, at: int, clause: int) -> bool:
        """Whether a unit ends what belongs to a verb or noun of a clause."""
        unit = self.units[at]
        if unit.kind in ("S", "W", ";", ".") or (unit.kind == "V" and unit.clause == clause):
            return True
        if unit.kind == "C":
            return self.kind(at + 1) not in ("P", "D")
        if unit.kind == ",":
            aside = self.kind(at + 1) == "A" and self.kind(at + 2) == "P"  # `was killed, reportedly by the army`
            return self.kind(at + 1) not in ("P", "D", "(") and not aside and not self._goes_on(at)
        outside = unit.clause != clause and unit.kind not in ("(", ")")
        return outside and self.clauses[unit.clause].kind != BRACKET

    def _goes_on(self, comma: int) -> bool:
        """Whether what follows a comma is a larger place or an aside, and a preposition follows that."""
        after = comma + 1
        return self.kind(after) == "N" and self.is_place(after) and self.kind(after + 1) in (",", "P")

    def about(self, verb: int) -> list[int]:
        """What a verb is said of: its subject, or what `in which` before it stands for."""
        clause = self.clauses[self.units[verb].clause]
        if clause.kind == RELATIVE and self.kind(clause.first - 1) == "P":
            return self._antecedent(clause.first)
        return self.subject(verb)

    # ------------------------------------------------------------ lists

    def coordinated(self, at: int, *, both: bool = False) -> list[int]:
        """A noun phrase and those that are listed after it: `two policemen, a nurse and three children`; of `between` both."""
        found, after = [at], self._past_of(at)
        while True:
            step = after
            if self.kind(step) == ",":
                step += 1
            if self.kind(step) == "C" and self.word(step) != "but":
                step += 1
            other = both and len(found) == 1 and self.kind(step - 1) == "C"
            if step == after or self.kind(step) != "N" or not (other or self._is_member(step, after)):
                return found
            found.append(step)
            after = self._past_of(step)

    def _past_of(self, at: int) -> int:
        after = at + 1
        while self.kind(after) == "P" and self.word(after) == "of" and self.kind(after + 1) == "N":
            after += 2
        return after

    def _is_member(self, at: int, after: int) -> bool:
        """Whether a noun phrase goes on with a list, and is not the subject of what comes next, nor an apposition."""
        if self.is_place(after - 1) and self.kind(after - 2) == "P" and not self.is_place(at):
            return False  # `a bombing in Oslo and an assault on ...`
        end = self._past_of(at)
        if self.kind(end) == "V":
            said = self.units[end].verb
            if said is not None and said.finite:
                return False
        if self.kind(after) == "," and self.kind(after + 1) != "C":
            # a list has an `and` further on; without it the phrase after a comma tells the one before again
            return self._is_listed(after) and self.kind(end) in (",", "C")
        return True

    def coordinated_back(self, at: int) -> list[int]:
        """A noun phrase and those that are listed before it."""
        found = [at]
        before = at - 1
        if self.kind(before) == "P":
            return found
        while True:
            step, joined = before, False
            if self.kind(step) == "C" and self.word(step) != "but":
                step, joined = step - 1, True
            if self.kind(step) == ",":
                step, joined = step - 1, joined or len(found) > 1
            if not joined or self.kind(step) != "N":
                return found
            while self.kind(step - 1) == "P" and self.word(step - 1) == "of" and self.kind(step - 2) == "N":
                step -= 2
            if self.kind(step - 1) in ("P", "V"):
                return found
            found.insert(0, step)
            before = step - 1
