"""Where the clauses of a sentence begin and end, and what each hangs on."""

from __future__ import annotations

from dossier.components.clauses import (
    BRACKET,
    COORDINATE,
    MAIN,
    MOST_AHEAD,
    PARTICIPLE,
    RELATIVE,
    SUB,
    Clause,
    Sentence,
)  # fmt: skip
from dossier.components.phrases import SUBORDINATORS, Phrases, Unit

SAYING = frozenset(
    "say says said claim claims claimed announce announces announced report reports reported believe believes believed "
    "maintain maintains maintained argue argues argued add adds added state states stated".split()
)
# what one does, and what is done to nobody: active after `was born and`
INTRANSITIVE = frozenset(
    "vanished disappeared escaped fled returned surrendered defected resigned emerged died split deserted withdrew seceded "
    "emigrated moved went followed".split()
)


def read_clauses(phrases: Phrases) -> Sentence:
    """Find the clauses of a sentence and set the clause of each unit."""
    sentence = Sentence(phrases, [Clause(MAIN, 0)])
    _Reader(sentence).run()
    return sentence


class _Reader:
    """Goes through the units with a stack of open clauses."""

    def __init__(self, sentence: Sentence) -> None:
        self.sentence = sentence
        self.clauses, self.units = sentence.clauses, sentence.units
        self.stack = [0]

    @property
    def top(self) -> Clause:
        return self.clauses[self.stack[-1]]

    def run(self) -> None:
        closing = -1
        for at, unit in enumerate(self.units):
            if at == closing or (closing < 0 and unit.kind == "," and self._saying_ends(at) > 0):
                if at == closing:
                    self._close_bracket()
                    closing = -1
                else:
                    closing = self._saying_ends(at)
                    self._open(BRACKET, at)
                unit.clause = self.stack[-1]
                continue
            after = self._step(at, unit)
            unit.clause = self.stack[-1]
            if after:
                self._close_bracket()

    def _saying_ends(self, comma: int) -> int:
        """The comma that ends an aside such as `, the government said,`; -1 where none begins."""
        at = comma + 1
        if self.sentence.kind(at) != "N" or self.sentence.kind(at + 1) != "V":
            return -1
        at += 1
        said = self.units[at].verb
        after = at + 1 + (self.sentence.kind(at + 1) == "A")
        return (
            after
            if self.sentence.word(at) in SAYING and said and said.finite and self.sentence.kind(after) == ","
            else -1
        )

    def _step(self, at: int, unit: Unit) -> bool:
        kind, word = unit.kind, self.sentence.word(at)
        if kind == "(":
            self._open(BRACKET, at)
        elif kind == ")":
            return True
        elif kind == ";":
            self.stack = [0]
            if self.clauses[0].verb >= 0:
                self.clauses.append(Clause(MAIN, at + 1))
                self.stack = [len(self.clauses) - 1]
        elif kind == "W":
            self._open(RELATIVE, at, comma=self.sentence.kind(at - 1) == ",")
        elif kind in ("S", "P") and self._subordinates(at, kind, word) and self._verb_ahead(at):
            self._open(SUB, at, fronted=self.top.verb < 0)
        elif kind == ",":
            self._comma()
        elif kind == "C":
            self._coordinator(at)
        elif kind == "V":
            self._verb(at, unit)
        return False

    def _subordinates(self, at: int, kind: str, word: str) -> bool:
        """Whether a word may open a clause: not the `as` of `whom the army identified as rebels attacked`."""
        return kind == "S" or (word in SUBORDINATORS and not (word == "as" and self.sentence.kind(at - 1) == "V"))

    def _open(self, kind: str, at: int, *, comma: bool = False, fronted: bool = False, shares: bool = False) -> None:
        self.clauses.append(Clause(kind, at, self.stack[-1], comma=comma, fronted=fronted, shares=shares))
        self.stack.append(len(self.clauses) - 1)

    def _close_bracket(self) -> None:
        while len(self.stack) > 1:
            if self.clauses[self.stack.pop()].kind == BRACKET:
                return

    def _comma(self) -> None:
        while len(self.stack) > 1:
            top = self.top
            done = top.kind == PARTICIPLE or (top.verb >= 0 and (top.comma or top.fronted))
            if not done:
                return
            self.stack.pop()

    def _verb_ahead(self, at: int) -> bool:
        """Whether a verb follows a word such as `after` before its clause ends."""
        past = at
        for ahead in range(at + 1, min(len(self.units), at + MOST_AHEAD)):
            unit = self.units[ahead]
            if ahead <= past:
                continue
            if unit.kind == "," and past == at and self._is_aside_at(ahead):  # `while X, arrested in May, was held`
                past = next(end for end in range(ahead + 1, len(self.units)) if self._is_comma(end))
                continue
            joined = unit.kind == "C" and self.sentence.kind(ahead + 1) == "N"  # `when X and Y merged`
            if unit.kind in (",", ";", ".", "S", "W", "C", "(") and not joined:
                return False
            if unit.kind == "V":
                said = unit.verb
                if said is not None and said.form == "VBN" and not said.finite and self.sentence.kind(ahead - 1) == "N":
                    continue  # `until a truce sponsored by Sweden was signed`
                return said is not None and (said.finite or (said.form == "VBG" and ahead == at + 1))
        return False

    def _is_aside_at(self, comma: int) -> bool:
        """Whether a comma opens an aside of a participle or `who` that another closes, with a verb after it."""
        said = self.units[comma + 1].verb if comma + 1 < len(self.units) else None
        opens = self.sentence.kind(comma + 1) == "W" or (said is not None and said.form == "VBN" and not said.finite)
        close = next(
            (at for at in range(comma + 1, min(len(self.units), comma + MOST_AHEAD)) if self._is_comma(at)), -1
        )
        return opens and close > 0 and self.sentence.kind(close + 1) == "V"

    def _coordinator(self, at: int) -> None:
        if self.top.verb < 0 and self.top.kind != BRACKET:
            return  # it joins nouns: what stands before it has no verb
        after = at + 1
        if self.sentence.kind(after) == "," and self._saying_ends(after) > 0:  # `and, the police say, killed`
            after = self._saying_ends(after) + 1
        while self.sentence.kind(after) == "A":
            after += 1
        if self.sentence.kind(after) == "V":
            said = self.units[after].verb
            self._back_to(said.form if said else "", infinitive=bool(said and said.infinitive))
            if self.top.verb >= 0:
                self._like(after, self.top.verb)
                self._open(COORDINATE, at, shares=True)
        elif self.sentence.kind(after) in ("N", "D", "P", ",") and self._own_verb(after):
            own = self._own_subject(after)
            while len(self.stack) > 1 and self.top.kind in (
                (PARTICIPLE, RELATIVE, COORDINATE) if own else (PARTICIPLE,)
            ):
                self.stack.pop()
            self._open(COORDINATE, at, shares=not own)

    def _like(self, verb: int, first: int) -> None:
        """Read a verb after `and` in the voice of the one before it: `was caught and hanged`, `took Oslo and captured Bergen`."""
        said, before = self.units[verb].verb, self.units[first].verb
        if (
            said is None
            or before is None
            or said.form not in ("VBN", "VBD")
            or self.sentence.word(verb) in INTRANSITIVE
            or said.passive
            or said.modal
            or said.perfect
        ):
            return
        takes_object = self.sentence.kind(verb + 1) == "N"
        reduced = (
            before.form == "VBN" and not before.finite and not before.perfect
        )  # `extradited in 2008 and hanged in 2010`
        if (
            (before.passive or reduced)
            and not takes_object
            and self.sentence.kind(verb + 1) in ("P", "D", ".", ",", "")
        ):
            self.units[verb].verb = said._replace(form="VBN", passive=True, finite=said.finite and not reduced)
        elif before.finite and not before.passive and said.form == "VBN" and takes_object:
            self.units[verb].verb = said._replace(form="VBD", finite=True)

    def _back_to(self, form: str, *, infinitive: bool) -> None:
        """Close clauses until one has a verb of the same form as the coordinate one: `which killed 3 and wounded 5`."""
        depth = len(self.stack)
        while depth > 1:
            clause = self.clauses[self.stack[depth - 1]]
            said = self.units[clause.verb].verb if clause.verb >= 0 else None
            if said is not None and (said.form == form or (said.finite and form in ("VBD", "VBZ", "VBP"))):
                break
            depth -= 1
        if depth >= 1 and not infinitive:
            self.stack = self.stack[:depth]

    def _own_verb(self, at: int) -> bool:
        """Whether a finite verb follows `and` before its clause ends; past an aside, `and, after his death, split`."""
        return self._verb_after(at) > 0

    def _verb_after(self, at: int) -> int:
        if self.sentence.kind(at) == ",":
            if self.sentence.kind(at + 1) not in ("P", "D"):
                return -1
            at = next(
                (end + 1 for end in range(at + 1, min(len(self.units), at + MOST_AHEAD)) if self._is_comma(end)), -1
            )
        elif self.sentence.kind(at) == "P" and self.sentence.kind(at + 1) == "D" and self._is_comma(at + 2):
            at += 3  # `and in 2006, its leader founded`
        past = 0
        for ahead in range(at, min(len(self.units), at + MOST_AHEAD)) if at > 0 else ():
            kind = self.sentence.kind(ahead)
            if ahead < past:
                continue
            if kind == "," and self.sentence.kind(ahead + 1) == "W":  # `but X, which did not sign, attacked`
                past = next((end + 1 for end in range(ahead + 1, ahead + MOST_AHEAD) if self._is_comma(end)), 0)
                if past:
                    continue
            if kind in (",", ";", ".", "S", "W", "C", "("):
                return -1
            if kind == "V":
                said = self.units[ahead].verb
                return ahead if said and said.finite else -1
        return -1

    def _is_comma(self, at: int) -> bool:
        return self.sentence.kind(at) == ","

    def _own_subject(self, at: int) -> bool:
        """Whether the verb after `and` has a subject of its own: `and in 2006 its leader`, not `and in 2006 attacked`."""
        verb = self._verb_after(at)
        return any(self.sentence.kind(one) == "N" and self.sentence.kind(one - 1) != "P" for one in range(at, verb))

    def _aside(self, at: int) -> bool:
        """Whether a participle after a comma tells of the noun before it, whose verb is still to come."""
        comma = at - 1
        while self.sentence.kind(comma) == "A":
            comma -= 1
        behind = (self.sentence.kind(after) for after in range(at + 1, len(self.units)))
        return self.sentence.kind(comma) == "," and self.sentence.kind(comma - 1) in ("N", ")") and "," in behind

    def _verb(self, at: int, unit: Unit) -> None:
        said = unit.verb
        if said is None:
            return
        if said.finite and not said.infinitive:
            while len(self.stack) > 1 and self.top.finite and self.top.kind in (RELATIVE, SUB, PARTICIPLE):
                self.stack.pop()
            if self.top.kind == PARTICIPLE:
                self.stack.pop()
            if self.top.finite and self.sentence.kind(at - 1) == "N":  # `said rebels attacked`
                self._open(SUB, at)
                self.units[at - 1].clause = self.stack[-1]
            self.top.finite = True
        elif said.form in ("VBG", "VBN") and not said.infinitive:
            before = self.sentence.kind(at - 1)
            if before == "N" or (before in ("D", ",", ")", "A") and (self.top.verb >= 0 or self._aside(at))):
                self._open(PARTICIPLE, at, comma=before == "," and self.top.verb >= 0)
        if self.top.verb < 0:
            self.top.verb = at
