"""Other names: in brackets after a name (acronym, translation, aka), after `also known as`, and former names.

`alias_of` goes from the other name to the main one, `renamed_to` from the former name to the later. The guide, section 3.
"""

from __future__ import annotations

from difflib import SequenceMatcher
from heapq import heappop, heappush
from typing import TYPE_CHECKING, NamedTuple

from spacy.language import Language

from dossier.components.base import register
from dossier.components.lexicon import lexicon_of
from dossier.components.mentions import resolve
from dossier.components.orgs import acronym_in, extended
from dossier.components.runs import LEADING, Ground, Run, run_end
from dossier.components.view import view_of
from dossier.normalize.names import fold, is_acronym, is_acronym_of
from dossier.records import Found, Link

if TYPE_CHECKING:
    from spacy.tokens import Doc

LABELS = frozenset(("ORG", "PERSON", "PLACE"))
QUOTES = {"“": "”", "«": "»", '"': '"', "‘": "’"}
STOPS = frozenset((".", ",", ";", ":", "!", "?"))
ALIKE = 0.85  # share of letters that two spellings of one name have in common
IN_BRACKETS, BY_PHRASE, PLAIN_BRACKET = 0.9, 0.88, 0.7  # estimates
MOST_QUOTED = 12  # words
ONCE = frozenset(("formerly", "initially", "originally", "previously"))
# what may stand between a name and `renamed`, `known as`
_FILLERS = "officially formally later subsequently then soon eventually also was were is , ;"
FILLERS = frozenset(_FILLERS.split())


@Language.factory(
    "dossier_aliases",
    requires=["doc._.found"],
    assigns=["doc._.found", "doc._.links"],
    default_config={"folders": []},
)
def make_aliases(nlp: Language, name: str, folders: list[str]) -> Aliases:
    return Aliases(name, folders=folders)


class Item(NamedTuple):
    """Another name: its words and how it was written."""

    run: Run
    quoted: bool


def _past_titles(ground: Ground, at: int) -> int:
    """The word after the titles that stand at a word, if a name follows: `Colonel Joe`, but `Chairman` alone stays."""
    titles, end = ground.lexicon.titles, at
    while end < len(ground.view) and ground.view.words[end] in titles:
        end += 1
    return end if ground.is_name_word(end) else at


def _as_tokens(phrase: tuple[str, ...]) -> tuple[str, ...]:
    """A phrase with the last dot of `a.k.a.` a word of its own, as the tokenizer may have it."""
    *words, last = phrase
    return (*words, last[:-1], ".") if last.endswith(".") else phrase


class Aliases:
    """Proposes other names, as mentions and as links to the name they stand beside."""

    def __init__(self, name: str = "aliases", *, folders: list[str]) -> None:
        register()
        self.name = name
        self.folders = tuple(folders)
        patterns = lexicon_of(self.folders).patterns
        self.phrases: dict[str, list[tuple[str, tuple[str, ...]]]] = {}  # by their first word, the longest first
        for kind in ("former", "known", "renamed"):
            for phrase in sorted(patterns.phrases("alias", kind), key=lambda words: (-len(words), words)):
                for form in dict.fromkeys((phrase, _as_tokens(phrase))):
                    self.phrases.setdefault(form[0], []).append((kind, form))
        self.languages = frozenset(word.casefold() for word in patterns.words("alias", "languages"))

    def __call__(self, doc: Doc) -> Doc:
        view = view_of(doc)
        ground = Ground.of(view, lexicon_of(self.folders), resolve(doc._.found))
        self._dates = {found.start: found.norm["edtf"] for found in doc._.found if found.label == "DATE" and found.norm}
        waiting = sorted(ground.ends)
        self._new: list[int] = []
        self._chained: set[int] = set()  # first words of names after `aka`: the next `aka` is not theirs
        while waiting:
            first = heappop(waiting)
            label = ground.known[first]
            if label in LABELS and ground.view.block[first] >= 0:
                self._beside(doc, ground, Run(first, ground.ends[first]), label)
            while self._new:
                heappush(waiting, self._new.pop())
        return doc

    def _beside(self, doc: Doc, ground: Ground, name: Run, label: str) -> None:
        words, at = ground.view.words, name.last
        if at < len(words) and words[at] in QUOTES.values() and at + 1 < len(words) and words[at + 1] == "(":
            at += 1
        if at < len(words) and words[at] == "(" and ground.view.block[at] == ground.view.block[name.first]:
            self._in_brackets(doc, ground, name, label, at)
            at = self._past_bracket(ground, at)
        if name.first not in self._chained:
            self._after_phrase(doc, ground, name, label, at)

    # ------------------------------------------------------------ brackets

    def _in_brackets(self, doc: Doc, ground: Ground, name: Run, label: str, bracket: int) -> None:
        kind, at = self._phrase(ground, bracket + 1)
        at = self._past_language(ground, at)
        plain = kind is None
        while (item := self._item(ground, at, label)) is not None:
            role = self._role(ground, name, item, label, said=not plain)
            if role == "" or (plain and not self._fits_plain(ground, name, item, label, bracket)):
                return
            confidence = IN_BRACKETS if item.quoted or role == "acronym" or not plain else PLAIN_BRACKET
            self._add(doc, ground, name, item, label, role, confidence, former=kind == "former")
            at = self._next_item(ground, item)

    def _past_language(self, ground: Ground, at: int) -> int:
        """Past `in Arabic`, `Arabic:`, `French for`."""
        words, start = ground.view.words, at
        while at < len(words) and words[at].casefold() in ("in", "from", "the"):
            at += 1
        if at < len(words) and words[at].casefold() in self.languages:
            at += 1
            return at + 1 if at < len(words) and words[at] in (":", "for", ",") else at
        return start

    def _fits_plain(self, ground: Ground, name: Run, item: Item, label: str, bracket: int) -> bool:
        """Whether a bracket without `aka` gives a name: an acronym, a quoted name, or two capitals and nothing else."""
        if self._is_acronym(ground, item.run):
            short, full = (ground.view.text[slice(*ground.view.span(*run[:2]))] for run in (item.run, name))
            return label != "PLACE" or is_acronym_of(short, full)
        if item.quoted:
            return True
        words = ground.view.words
        whole = item.run.first == bracket + 1 and item.run.last < len(words) and words[item.run.last] in (")", ";")
        strange = any(ground.known[item.run.first : item.run.last])
        return label == "ORG" and whole and item.run.last - item.run.first > 1 and not strange

    def _next_item(self, ground: Ground, item: Item) -> int:
        words, at = ground.view.words, item.run.last
        while at < len(words) and (words[at] in (",", ";", "or", "and", "”", '"', "»")):
            at += 1
        return at if at > item.run.last else len(words)

    def _item(self, ground: Ground, at: int, label: str) -> Item | None:
        """The other name that begins at a word, in quotes or capitalised."""
        view = ground.view
        if at >= len(view) or view.block[at] < 0:
            return None
        if view.words[at] in QUOTES:
            return self._quoted(ground, at)
        if view.words[at] in ("the", "as", "its"):
            at += 1
        if at >= len(view) or (
            ground.known[at] == "NORP" and ground.ends.get(at) == at + 1 and not ground.is_name_word(at + 1)
        ):
            return None
        if label == "PERSON":
            at = _past_titles(ground, at)
        particle = view.words[at] in LEADING and ground.is_name_word(at + 1)
        if not (ground.is_name_word(at) or particle or ground.known[at] == label):
            return None
        last = max(run_end(ground, at + particle), ground.ends.get(at, 0))
        last = extended(ground, last) if label == "ORG" else last
        alone = last == at + 1 and ground.lexicon.is_head(view.words[at])  # `Mouvement` of a name with small words
        return None if alone else Item(Run(at, last), False)

    def _quoted(self, ground: Ground, at: int) -> Item | None:
        """The name inside quotes, without the stop before the closing one; it begins with a capital."""
        view, closing = ground.view, QUOTES[ground.view.words[at]]
        end = at + 1
        while end < len(view) and end - at <= MOST_QUOTED and view.words[end] != closing:
            end += 1
        if end >= len(view) or view.words[end] != closing:
            return None
        last = end
        while last > at + 1 and view.words[last - 1] in STOPS:
            last -= 1
        at = _past_titles(ground, at + 1) - 1
        inside = last > at + 1 and ground.is_name_word(at + 1) and ground.is_name_word(last - 1)
        return Item(Run(at + 1, last), True) if inside and view.block[at + 1] == view.block[last - 1] else None

    # ------------------------------------------------------------ phrases

    def _phrase(self, ground: Ground, at: int) -> tuple[str | None, int]:
        """Which kind of phrase (`former`, `known`, `renamed`) stands at a word, and the word after it."""
        words = ground.view.words
        phrases = self.phrases.get(words[at].casefold(), ()) if at < len(words) else ()
        for kind, phrase in phrases:
            if tuple(word.casefold() for word in words[at : at + len(phrase)]) == phrase:
                return kind, at + len(phrase)
        return None, at

    def _after_phrase(self, doc: Doc, ground: Ground, name: Run, label: str, at: int) -> None:
        """`X, also known as Y`, `X, originally known as the Y`, `X was renamed Y in 2007`, `X, or “Y”`; several in a row."""
        first = True
        while (step := self._next_phrase(ground, name, at)) is not None:
            kind, was, after = step
            item = self._item(ground, after, label)
            if item is None or ground.view.block[item.run.first] != ground.view.block[name.first]:
                return
            if kind == "renamed" and first:
                self._rename(doc, ground, name, item, label)
            elif kind != "renamed":
                role = self._role(ground, name, item, label, said=True)
                if role == "":
                    return
                former = kind == "former" or was
                self._add(doc, ground, name, item, label, role, BY_PHRASE, former=former)
            self._chained.add(item.run.first)
            at, first = self._past_bracket(ground, item.run.last), False

    def _next_phrase(self, ground: Ground, name: Run, at: int) -> tuple[str, bool, int] | None:
        """The kind of the phrase after a name, whether `was` stands before it, and the word after it."""
        view, words = ground.view, ground.view.words
        start = at
        kind, after = self._phrase(ground, at)
        while kind is None and at - start < 3 and ground.continues(at, name.first) and words[at].casefold() in FILLERS:
            at += 1
            kind, after = self._phrase(ground, at)
        if kind is None:
            quoted = start < at < len(view) - 1 and words[at] == "or" and words[at + 1] in QUOTES
            return ("known", False, at + 1) if quoted else None
        was = kind == "known" and any(words[index] in ("was", "were") for index in range(start, at))
        if was and words[view.sentence(name.first)[0]].casefold() not in ONCE:
            return None  # `was known as`: a former name or another one; which, the sentence does not say
        return kind, was, after

    def _past_bracket(self, ground: Ground, at: int) -> int:
        """The word after a closing quote and a short bracket."""
        words = ground.view.words
        while at < len(words) and (words[at] in QUOTES.values() or words[at] == ","):
            at += 1
        if at < len(words) and words[at] == "(":
            end = next((index for index in range(at, min(at + 6, len(words))) if words[index] == ")"), None)
            at = end + 1 if end is not None else at
        return at

    # ------------------------------------------------------------ what is proposed

    def _is_acronym(self, ground: Ground, run: Run) -> bool:
        text = ground.view.text[slice(*ground.view.span(run.first, run.last))]
        return " " not in text and is_acronym(text)

    def _role(self, ground: Ground, name: Run, item: Item, label: str, *, said: bool) -> str | None:
        """What the other name is to the main one; "" where it is none (a known name of another label)."""
        view = ground.view
        known = ground.known[item.run.first]
        covers = ground.ends.get(item.run.first) == item.run.last
        if covers and known in ("PLACE", "NORP", "DATE", "QUANTITY") and known != label:
            return ""
        if item.run.first < name.last and item.run.last > name.first:
            return ""
        if label != "PERSON" and self._is_acronym(ground, item.run):
            return "acronym"
        one, other = (fold(view.text[slice(*view.span(*run[:2]))]) for run in (name, item.run))
        fewer, more = sorted((frozenset(one.split()), frozenset(other.split())), key=len)
        if SequenceMatcher(None, one, other).ratio() >= ALIKE or (
            label == "PERSON" and len(fewer) > 1 and fewer <= more
        ):
            return "spelling"
        if label == "PERSON":
            return "nom_de_guerre"
        return "translation" if item.quoted or not said else None

    def _add(
        self,
        doc: Doc,
        ground: Ground,
        name: Run,
        item: Item,
        label: str,
        role: str | None,
        confidence: float,
        *,
        former: bool,
    ) -> None:
        self._mark(doc, ground, item, label, confidence)
        if former and label == "ORG":
            self._link(doc, ground, "renamed_to", item.run, name, None, confidence)
        else:
            self._link(doc, ground, "alias_of", item.run, name, role, confidence)
        bracket = item.run.last
        if not item.quoted and bracket < len(ground.view) and ground.view.words[bracket] == "(":
            short = acronym_in(ground, bracket)
            if short is not None and label == "ORG":
                self._mark(doc, ground, Item(short, False), label, confidence)
                self._link(doc, ground, "alias_of", short, item.run, "acronym", confidence)

    def _rename(self, doc: Doc, ground: Ground, name: Run, item: Item, label: str) -> None:
        if label != "ORG":
            return
        self._mark(doc, ground, item, label, BY_PHRASE)
        start = self._date_after(ground, item.run.last)
        self._link(doc, ground, "renamed_to", name, item.run, None, BY_PHRASE, start=start)

    def _date_after(self, ground: Ground, at: int) -> str | None:
        """The date of `in January 2007` just after a name, past a bracket with its acronym."""
        view, words = ground.view, ground.view.words
        if at < len(view) and words[at] == "(":
            while at < len(view) and words[at] != ")" and ground.continues(at, at - 1):
                at += 1
            at += 1
        if at + 1 < len(view) and words[at] in ("in", "on") and ground.continues(at + 1, at):
            value: str | None = self._dates.get(view.starts[at + 1])
            return value
        return None

    def _mark(self, doc: Doc, ground: Ground, item: Item, label: str, confidence: float) -> None:
        first, last = item.run[:2]
        span = ground.view.span(first, last)
        doc._.found.append(Found(span.start, span.end, label, confidence, self.name))
        if ground.ends.get(first) != last:
            self._new.append(first)
        ground.ends[first] = last
        ground.known[first:last] = [label] * (last - first)

    def _link(
        self, doc: Doc, ground: Ground, kind: str, subject: Run, object_: Run, role: str | None, confidence: float,
        *, start: str | None = None,
    ) -> None:  # fmt: skip
        view = ground.view
        one, other = view.span(subject.first, subject.last), view.span(object_.first, object_.last)
        evidence = view.sentence_span(object_.first)
        doc._.links.append(Link(kind, one, other, evidence, confidence, self.name, role=role, start=start))
