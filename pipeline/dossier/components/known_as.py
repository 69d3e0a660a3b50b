"""Other names among the final mentions, by the words between two of them: `X, whose nom de guerre is Y`, `X, or Y,`.

`dossier_aliases` finds names that stand beside names; this component joins those that it, the other rules and the encoder
found. Phrases are `[alias]` of `patterns.toml`; they are compared without quotes, dates and the words of `small`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from rapidfuzz.fuzz import ratio
from spacy.language import Language

from dossier.components.base import register
from dossier.components.patterns import Patterns, load_patterns
from dossier.components.view import SILENT_BLOCKS, TITLE_BLOCKS, View, view_of
from dossier.normalize.names import fold, is_acronym, is_acronym_of
from dossier.records import Found, Link, Span

if TYPE_CHECKING:
    from spacy.tokens import Doc

LABELS = ("ORG", "PERSON")
KINDS = ("known", "person", "former", "renamed")
NEAR, FAR = 12, 25  # words between two names
MOST_PHRASE = 6  # words
SAID, BRACKET, DISTANT = 0.88, 0.8, 0.75  # estimates
ALIKE = 85.0  # of 100: two spellings of one name
QUOTES = frozenset("“”\"«»‘’'")
ALONE = (("alias",), ("aka",), ("a.k.a.",))
OPENERS = frozenset((",", ";", ":", "(", "who", "and", "–", "—", "-"))


@Language.factory(
    "dossier_known_as",
    requires=["doc._.found"],
    assigns=["doc._.links"],
    default_config={"folders": []},
)
def make_known_as(nlp: Language, name: str, folders: list[str]) -> KnownAs:
    return KnownAs(name, folders=folders)


class Mark(NamedTuple):
    """A mention as the words `[first, last)` of a view."""

    found: Found
    first: int
    last: int


class Phrases:
    """The phrases of `[alias]` by their words, with the small ones left out; `{name}` stands for each of `name_words`."""

    def __init__(self, patterns: Patterns) -> None:
        self.languages = frozenset(word.casefold() for word in patterns.words("alias", "languages"))
        self.spoken = self.languages | {"original"}
        self.small = patterns.one_of("alias", "small") | self.languages
        self.kinds: dict[tuple[str, ...], str] = {}
        for kind in KINDS:
            for phrase in (*patterns.words("alias", kind), *patterns.words("alias", f"{kind}_by")):
                for word in patterns.words("alias", "name_words") if "{name}" in phrase else ("",):
                    for form in self._forms(phrase.replace("{name}", word)):
                        self.kinds.setdefault(form, kind)
        self.kinds.pop((), None)

    def _forms(self, phrase: str) -> Iterator[tuple[str, ...]]:
        """The words that are compared; the last dot of `a.k.a.` may be a word of its own."""
        words = tuple(word for word in phrase.casefold().split() if word not in self.small)
        yield words
        if words and words[-1].endswith(".") and len(words[-1]) > 1:
            yield (*words[:-1], words[-1][:-1], ".")


class KnownAs:
    """Proposes `alias_of` and `renamed_to` between mentions of one label."""

    def __init__(self, name: str = "known_as", *, folders: Sequence[str]) -> None:
        register()
        self.name = name
        self.phrases = Phrases(load_patterns(folders))

    def __call__(self, doc: Doc) -> Doc:
        view = view_of(doc)
        before = [link for link in doc._.links if link.type in ("alias_of", "renamed_to")]
        reader = _Reader(
            self, view, doc._.found, {link.subject: link.object for link in before if link.type == "alias_of"}
        )
        told = {frozenset((link.subject, link.object)) for link in before}
        for link in reader.links():
            ends = frozenset((link.subject, link.object))
            if ends not in told:
                told.add(ends)
                doc._.links.append(link)
        return doc


class _Reader:
    """Reads one text."""

    def __init__(self, component: KnownAs, view: View, found: Sequence[Found], aliases: dict[Span, Span]) -> None:
        self.view, self.name, self.phrases = view, component.name, component.phrases
        self.marks = [Mark(one, *view.between(one.start, one.end)) for one in sorted(found, key=lambda one: one.start)]
        self.starts = [mark.first for mark in self.marks]
        at = {Span(mark.found.start, mark.found.end): mark for mark in self.marks}
        # first word of another name -> the name it stands for
        self.main = {at[short].first: at[long] for short, long in aliases.items() if short in at and long in at}

    def links(self) -> Iterator[Link]:
        for number, one in enumerate(self.marks):
            if one.found.label in LABELS and self.view.kind(one.first) not in SILENT_BLOCKS:
                other = self._next(number)
                if other is not None:
                    yield from self._between(one, other)
        yield from self._rows()

    def _rows(self) -> Iterator[Link]:
        """`Also known as: X; Y` under an entry: names of whom the block before begins with."""
        for number in range(1, len(self.view.frame.blocks)):
            start, end = self.view.frame.blocks[number][1:3]
            first, last = self.view.between(start, end)
            colon = next(
                (at for at in range(first, min(first + MOST_PHRASE, last)) if self.view.words[at] == ":"), None
            )
            if colon is None or self.phrases.kinds.get(self._words(first, colon)[0]) not in ("known", "person"):
                continue
            main = next(self._inside(*self.view.between(*self.view.frame.blocks[number - 1][1:3])), None)
            others = list(self._inside(colon, last)) if main else []
            for other in others:
                if main and other.found.label == main.found.label and fold(self._text(main)) != fold(self._text(other)):
                    yield self._link("known", self.main.get(main.first, main), other, None, SAID)

    def _inside(self, first: int, last: int) -> Iterator[Mark]:
        """The names among the words `[first, last)`."""
        for mark in self.marks[bisect_left(self.starts, first) : bisect_left(self.starts, last)]:
            if mark.found.label in LABELS:
                yield mark

    def _next(self, number: int) -> Mark | None:
        """The next mention of the same label in the block, with none of another name between."""
        one, block = self.marks[number], self.view.block
        for other in self.marks[number + 1 :]:
            if other.first - one.last > FAR or block[other.first] != block[one.first]:
                return None
            if other.found.label == one.found.label:
                return other if fold(self._text(other)) != fold(self._text(one)) else None
            if other.found.label in LABELS:
                return None
        return None

    def _text(self, mark: Mark) -> str:
        return self.view.text[mark.found.start : mark.found.end]

    # ------------------------------------------------------------ between two names

    def _between(self, one: Mark, other: Mark) -> Iterator[Link]:
        words, date = self._words(one.last, other.first)
        main = self.main.get(one.first, one)
        kind = self._phrase(words)
        label = one.found.label
        if kind == "person" and label != "PERSON":
            kind = None
        near = other.first - one.last <= NEAR
        confidence = SAID
        if kind is None and near and self._beside(one, other, words):
            kind, confidence = "known", BRACKET
        if kind is None:
            kind, confidence = self._at_end(one, other, words), DISTANT
        if kind is None:
            return
        if "until" in self._small(one.last, other.first) and kind == "known" and label == "ORG":
            kind = "former"
        yield self._link(kind, main, other, date, confidence)
        if kind != "renamed":
            self.main[other.first] = main

    def _phrase(self, words: tuple[str, ...]) -> str | None:
        """The kind of the phrase that a gap is; one of a single word needs a comma or a bracket before it."""
        opened = words[:1] in ((",",), ("(",), (";",))
        kind = self.phrases.kinds.get(words[1:] if opened else words)
        return kind if opened or len(words) > 1 or words in ALONE else None

    def _small(self, first: int, last: int) -> list[str]:
        return [word.casefold() for word in self.view.words[first:last]]

    def _words(self, first: int, last: int) -> tuple[tuple[str, ...], str | None]:
        """The words of a gap that are compared, and the date in it."""
        date, at = None, first
        kept: list[str] = []
        while at < last:
            number = bisect_left(self.starts, at)
            mark = self.marks[number] if number < len(self.marks) and self.starts[number] == at else None
            if mark is not None and mark.found.label == "DATE":
                date = (mark.found.norm or {}).get("edtf")
                at = mark.last
                while kept and kept[-1] in ("until", "since", "in", "from", "after"):
                    kept.pop()
                continue
            word = self.view.words[at].casefold()
            if word == ")" and not kept:  # a bracket after the name
                at += 1
                continue
            if word not in QUOTES and word not in self.phrases.small:
                kept.append(word)
            at += 1
        return tuple(kept), date

    def _beside(self, one: Mark, other: Mark, words: tuple[str, ...]) -> bool:
        """`X (Y)`, `X, or Y,`, `X, Y in Spanish`, `X, Y for short`: no phrase, but a sign around the other name."""
        view = self.view
        after = [word for word in self._small(other.last, other.last + 4) if word not in QUOTES]
        closed = after[:1] in ([")"], [";"], [","])
        if words == ("(",) or words == ("(", ":"):
            spoken = any(word in self.phrases.spoken for word in self._small(one.last, other.first))
            return closed and self._fits(one, other, spoken=spoken)
        if words == (",", "or"):
            return after[:1] == [","] and len(self._text(other).split()) == 1
        if words in ((",",), ()) and view.words[one.last : one.last + 1] == [","]:
            spoken = after[:1] == ["in"] and len(after) > 1 and after[1] in self.phrases.languages
            return spoken or after[:2] == ["for", "short"]
        return False

    def _fits(self, one: Mark, other: Mark, *, spoken: bool) -> bool:
        """Whether a name alone in the bracket after another is one of its names."""
        long, short = self._text(one), self._text(other)
        if spoken or (one.found.label == "ORG" and is_acronym(short)) or is_acronym_of(short, long):
            return True
        if self.view.kind(one.first) in TITLE_BLOCKS:
            return False
        fewer = len(short.split()) == 1 < len(long.split())
        return fewer and not is_acronym(long)

    def _at_end(self, one: Mark, other: Mark, words: tuple[str, ...]) -> str | None:
        """`General X, a native of Y, led it under the alias Z`: the phrase just before a name, one person before it."""
        if one.found.label != "PERSON" or self._is_second(one):
            return None
        for length in range(min(MOST_PHRASE, len(words)), 0, -1):
            kind = self.phrases.kinds.get(words[-length:])
            if kind in ("known", "person"):
                before = words[-length - 1] if len(words) > length else ""
                opened = before in OPENERS or words[-length] in ("under", "alias", "who")
                return kind if opened and "." not in words[:-length] else None
        return None

    def _is_second(self, one: Mark) -> bool:
        """Whether another person stands before a name in its sentence or row."""
        first, _ = self.view.sentence(one.first)
        number = bisect_left(self.starts, first)
        return any(mark.found.label == "PERSON" for mark in self.marks[number : bisect_left(self.starts, one.first)])

    # ------------------------------------------------------------ what is proposed

    def _link(self, kind: str, main: Mark, other: Mark, date: str | None, confidence: float) -> Link:
        spans = [Span(mark.found.start, mark.found.end) for mark in (main, other)]
        evidence = self.view.sentence_span(main.first)
        evidence = Span(evidence.start, max(evidence.end, self.view.sentence_span(other.first).end))
        if kind == "renamed":
            return Link(
                "renamed_to", spans[0], spans[1], evidence, confidence, self.name, start=date or self._after(other)
            )
        if kind == "former" and main.found.label == "ORG":
            return Link("renamed_to", spans[1], spans[0], evidence, confidence, self.name, start=date)
        return Link("alias_of", spans[1], spans[0], evidence, confidence, self.name, role=self._role(main, other))

    def _after(self, other: Mark) -> str | None:
        """The date of `in May 1999` after a name."""
        at = other.last + 1
        number = bisect_left(self.starts, at)
        if number < len(self.marks) and self.starts[number] == at and self._small(other.last, at) in (["in"], ["on"]):
            norm = self.marks[number].found.norm
            return norm.get("edtf") if norm else None
        return None

    def _role(self, main: Mark, other: Mark) -> str | None:
        long, short = self._text(main), self._text(other)
        if main.found.label == "PERSON":
            return "spelling" if ratio(fold(long), fold(short)) >= ALIKE else "nom_de_guerre"
        if " " not in short and is_acronym(short):
            return "acronym"
        if ratio(fold(long), fold(short)) >= ALIKE:
            return "spelling"
        around = (*self._small(main.last, other.first), *self._small(other.last, other.last + 2))
        said = any(word in self.phrases.languages or word in ("means", "meaning", "translates") for word in around)
        return "translation" if said else None
