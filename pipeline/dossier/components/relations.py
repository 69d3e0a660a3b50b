"""Relations between mentions: what patterns find in a sentence, with dates, role, status and evidence. The guide, section 3."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from spacy.language import Language

from dossier.components.base import register
from dossier.components.patterns import load_patterns
from dossier.components.relations_config import Book, load_book
from dossier.components.relations_dates import Clock
from dossier.components.relations_match import Match, find
from dossier.components.relations_rows import Subjects
from dossier.components.relations_said import Sayings
from dossier.components.relations_skeleton import Item
from dossier.components.statements import HEDGED
from dossier.components.view import SILENT_BLOCKS, View, view_of
from dossier.records import Anaphor, Found, Link, Span

if TYPE_CHECKING:
    from spacy.tokens import Doc

MOST_WORDS = 150  # of a sentence that is read; longer ones are tables and lists without stops


@Language.factory(
    "dossier_relations",
    requires=["doc._.found", "doc._.anaphors"],
    assigns=["doc._.links"],
    default_config={"folders": [], "least": 0.5},
)
def make_relations(nlp: Language, name: str, folders: list[str], least: float) -> Relations:
    return Relations(name, folders=folders, least=least)


class Relations:
    """Proposes relations of the final mentions, and of the words that stand for them; none less sure than `least`."""

    def __init__(self, name: str = "relations", *, folders: Sequence[str], least: float = 0.5) -> None:
        register()
        self.name = name
        self.least = least
        self.book: Book = load_book(folders)
        self.sayings = Sayings(load_patterns(folders))

    def __call__(self, doc: Doc) -> Doc:
        view = view_of(doc)
        known = {(link.type, link.subject, link.object) for link in doc._.links}
        for sentence in sentences(view, doc._.found, doc._.anaphors):
            first, last, items, subject = sentence
            clock = Clock(view, first, last, [item for item in items if item.label == "DATE"], self.book.reducer.verbs)
            for match in find(self.book, view, first, last, items, subject=subject):
                link = self._link(view, first, last, match, clock, items)
                ends = {(link.type, link.subject, link.object)}
                if self.book.signatures[link.type].symmetric:
                    ends.add((link.type, link.object, link.subject))
                if link.confidence >= self.least and not ends & known:
                    known |= ends
                    doc._.links.append(link)
        return doc

    def _link(self, view: View, first: int, last: int, match: Match, clock: Clock, items: Sequence[Item]) -> Link:
        status, holder = self.sayings.read(view, first, last, match.core[0], items, (match.subject, match.object))
        start, end = clock.when(match)
        return Link(
            match.pattern.type, match.subject.span, match.object.span, view.span(first, last),
            round(match.sure * (HEDGED if status != "asserted" else 1.0), 3), self.name,
            role=match.role, start=start, end=end, status=status, holder=holder,
        )  # fmt: skip


class Sentence(NamedTuple):
    """The words `[first, last)` of a view with their items in order, and whom its block speaks of where it does not say."""

    first: int
    last: int
    items: list[Item]
    subject: Item | None


def sentences(view: View, found: Sequence[Found], anaphors: Sequence[Anaphor]) -> Iterator[Sentence]:
    """The sentences that may hold a relation: of two items, or of one and the subject of the block."""
    items = items_of(view, found, anaphors)
    begins = [item.first for item in items]
    subjects = Subjects(view, items)
    bounds = [*view.sentences, len(view)]
    for first, last in zip(bounds, bounds[1:], strict=False):
        low, high = bisect_left(begins, first), bisect_left(begins, last)
        if low == high or last - first > MOST_WORDS or view.kind(first) in SILENT_BLOCKS:
            continue
        subject = subjects.of.get(view.block[first])
        if subject is not None:  # it stands for a mention elsewhere
            subject = subject._replace(first=first, last=first + 1, stands=True)
        if high - low > 1 or subject is not None:
            yield Sentence(first, last, items[low:high], subject)


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
