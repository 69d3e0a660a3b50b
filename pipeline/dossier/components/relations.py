"""Relations between mentions: what patterns and the pair classifier find in a sentence, with dates, role, status and evidence.
The guide, section 3."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from spacy.language import Language

from dossier.components.base import register
from dossier.components.encoder import find_model
from dossier.components.patterns import load_patterns
from dossier.components.relations_config import Book, load_book
from dossier.components.relations_dates import Clock
from dossier.components.relations_match import Match
from dossier.components.relations_net import has_network
from dossier.components.relations_rows import Subjects
from dossier.components.relations_said import Sayings
from dossier.components.relations_skeleton import Item
from dossier.components.relations_weigh import Sentence, Weigher
from dossier.components.statements import HEDGED
from dossier.components.view import SILENT_BLOCKS, View, view_of
from dossier.records import Anaphor, Found, Link, Span

if TYPE_CHECKING:
    from spacy.tokens import Doc

MOST_WORDS = 150  # of a sentence that is read; longer ones are tables and lists without stops
MOST_BEFORE = 2  # actors of the sentence before of whom the next may speak
ACTORS = frozenset(("ORG", "PERSON"))


@Language.factory(
    "dossier_relations",
    requires=["doc._.found", "doc._.anaphors"],
    assigns=["doc._.links"],
    default_config={"folders": [], "least": 0.5, "model": ""},
)
def make_relations(nlp: Language, name: str, folders: list[str], least: float, model: str) -> Relations:
    return Relations(name, folders=folders, least=least, model=model)


class Relations:
    """Proposes relations of the final mentions, and of the words that stand for them; none less sure than `least`.

    model: the name or path of a model whose encoder has read the text; with its pair classifier, where it has one, what
    patterns find is weighed and more is found.
    """

    def __init__(self, name: str = "relations", *, folders: Sequence[str], least: float = 0.5, model: str = "") -> None:
        register()
        self.name = name
        self.least = least
        self.book: Book = load_book(folders)
        folder = find_model(model) if model else None
        self.weigher = Weigher.of(self.book, folder if folder and has_network(folder) else None)
        self.sayings = Sayings(load_patterns(folders))

    def __call__(self, doc: Doc) -> Doc:
        view = view_of(doc)
        known = {(link.type, link.subject, link.object) for link in doc._.links}
        some = list(sentences(view, doc._.found, doc._.anaphors))
        states = None if doc._.middle is None else doc._.middle[view.tokens]
        for sentence, matches in zip(some, self.weigher.weigh(view, states, some, self.least), strict=True):
            dates = [item for item in sentence.items if item.label == "DATE"]
            clock = Clock(view, sentence.first, sentence.last, dates, self.book.reducer.verbs)
            for match in matches:
                ends = {(match.pattern.type, match.subject.span, match.object.span)}
                if self.book.signatures[match.pattern.type].symmetric:
                    ends.add((match.pattern.type, match.object.span, match.subject.span))
                if ends & known:
                    continue
                link = self._link(view, sentence, match, clock)
                if link.confidence >= self.least:
                    known |= ends
                    doc._.links.append(link)
        return doc

    def _link(self, view: View, sentence: Sentence, match: Match, clock: Clock) -> Link:
        first, last, items = sentence.first, sentence.last, sentence.items
        status, holder = self.sayings.read(view, first, last, match.core[0], items, (match.subject, match.object))
        start, end = clock.when(match)
        return Link(
            match.pattern.type, match.subject.span, match.object.span, view.span(first, last),
            round(match.sure * (HEDGED if status != "asserted" else 1.0), 3), self.name,
            role=match.role, start=start, end=end, status=status, holder=holder,
        )  # fmt: skip


def sentences(view: View, found: Sequence[Found], anaphors: Sequence[Anaphor]) -> Iterator[Sentence]:
    """The sentences that may hold a relation: those with a mention, and with another one or whom else they may speak of."""
    items = items_of(view, found, anaphors)
    begins = [item.first for item in items]
    subjects = Subjects(view, items)
    bounds = [*view.sentences, len(view)]
    before: list[Item] = []
    block = -1
    for first, last in pairwise(bounds):
        if view.kind(first) in SILENT_BLOCKS:
            continue
        inside = items[bisect_left(begins, first) : bisect_left(begins, last)]
        earlier = before if view.block[first] == block else []
        before, block = [item for item in inside if item.label in ACTORS][:MOST_BEFORE], view.block[first]
        subject = subjects.of.get(block)
        if inside and last - first <= MOST_WORDS and (len(inside) > 1 or subject is not None or earlier):
            yield Sentence(first, last, inside, subject, earlier)


def items_of(view: View, found: Sequence[Found], anaphors: Sequence[Anaphor]) -> list[Item]:
    """Mentions, and anaphors outside of them, by their place."""
    items = []
    taken: set[int] = set()
    for one in found:
        first, last = view.between(one.start, one.end)
        taken.update(range(first, last))
        items.append(Item(one.label, Span(one.start, one.end), first, last, False, one.norm))
    for anaphor in anaphors:
        first, last = view.between(anaphor.start, anaphor.end)
        if first < last and not taken & set(range(first, last)):
            taken.update(range(first, last))
            items.append(Item(anaphor.label, anaphor.mention, first, last, True))
    return sorted(items, key=lambda item: item.first)
