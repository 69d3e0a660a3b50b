"""Profile rows: `Formed: 1998`, leaders with tenures, sizes by year, designations, former names, and what is absent.

The organisation that a row does not name is the profile's subject: that of its title. The guide, section 3.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from spacy.language import Language

from dossier.components.base import register
from dossier.components.lexicon import lexicon_of
from dossier.components.mentions import resolve
from dossier.components.row_shapes import Leader, Row, Tenure, Words, read_designation, read_leader, tenures
from dossier.components.statements import HEDGED, Statements, sentences
from dossier.components.view import View, view_of
from dossier.normalize.names import fold
from dossier.records import Absence, Block, Found, Link, Span

if TYPE_CHECKING:
    from spacy.tokens import Doc

ROW_KINDS = frozenset(("row", "list_item", "paragraph"))
SURE, LIKELY = 0.93, 0.85  # estimates: the row's own head says it; its shape does
TITLE = 0.8
MOST_HOLDER, MOST_ABSENCE, MOST_TITLE = 200, 400, 300  # characters that are read
_HOLDER = re.compile(r"\(([A-Z][^()]{1,80})\)\s*(?:\[\d+\]\s*)*\.?\s*\Z")
MOST_HEDGE = 4  # words: `reportedly some time in`
_CASUALTIES = re.compile(r"\b(?:killed|wounded|injured|dead|casualt|hostage|arrest|captur)", re.IGNORECASE)
_ABOUT_END = re.compile(r"\s+(?:for|of|by|on|in|within|regarding)\s+(?:this|the)\s+|\s+(?:for|by)\s+[A-Z]|[.;\[]|\s*\Z")


@Language.factory(
    "dossier_rows",
    requires=["doc._.found"],
    assigns=["doc._.found", "doc._.links", "doc._.absences"],
    default_config={"folders": []},
)
def make_rows(nlp: Language, name: str, folders: list[str]) -> Rows:
    return Rows(name, folders=folders)


class Subject(NamedTuple):
    """The organisation that a profile is about: a mention of it, and the names it goes by."""

    span: Span
    names: frozenset[str]


class Rows:
    """Proposes what the rows of a profile say of its subject."""

    def __init__(self, name: str = "rows", *, folders: list[str]) -> None:
        register()
        self.name = name
        patterns = lexicon_of(tuple(folders)).patterns
        self.words = Words.of(patterns)
        self.statements = Statements.of(patterns)

    def __call__(self, doc: Doc) -> Doc:
        view = view_of(doc)
        doc._.absences.extend(self._absences(view))
        rows = [row for row in self._rows(doc, view) if row.is_dated or row.head]
        leaders = [(row, read_leader(row, self.words)) for row in rows]
        named = [row for row in rows if row.head in self.words.formed or row.head in self.words.dissolved]
        subject = self._subject(doc, view, is_profile=bool(named) or sum(bool(found) for _, found in leaders) > 1)
        if subject is None:
            return doc
        for row, leader in leaders:
            if leader is not None:
                self._leads(doc, row, leader, subject)
            else:
                self._fact(doc, row, subject)
        self._renamings(doc, rows, subject)
        return doc

    def _rows(self, doc: Doc, view: View) -> Iterator[Row]:
        marks = resolve(doc._.found)
        for block, heading in zip(view.frame.blocks, view.frame.headings, strict=True):
            if block.kind in ROW_KINDS:
                yield Row.of(view.text, block, heading, marks)

    def _subject(self, doc: Doc, view: View, *, is_profile: bool) -> Subject | None:
        """The first organisation of the title; without one, the title itself when the rows make it a profile."""
        marks = resolve(doc._.found)
        title = next((block for block in view.frame.blocks if block.kind == "title"), None)
        if title is not None:
            for mark in marks:
                if mark.label == "ORG" and title.start <= mark.start and mark.end <= title.end:
                    return self._named(doc, view, mark)
            return self._from_title(doc, view, title) if is_profile else None
        folded = fold(view.frame.title or "")
        for mark in marks:
            if mark.label == "ORG" and folded and fold(view.text[mark.start : mark.end]) == folded:
                return self._named(doc, view, mark)
        return None

    def _from_title(self, doc: Doc, view: View, title: Block) -> Subject | None:
        words = re.match(
            r"[^(|:\n]*?(?=\s*(?:[(|:\n]|\s[-–—]\s|\Z))",
            view.text[title.start : min(title.end, title.start + MOST_TITLE)],
        )
        text = words[0] if words else ""
        skip = 4 if text.startswith("The ") else len(text) - len(text.lstrip())
        if len(text.strip()) < 3 or not text[skip:][:1].isupper():
            return None
        mark = Found(title.start + skip, title.start + len(text.rstrip()), "ORG", TITLE, self.name)
        doc._.found.append(mark)
        return self._named(doc, view, mark)

    def _named(self, doc: Doc, view: View, mark: Found) -> Subject:
        """A subject with the names that aliases give it, folded."""
        names = {fold(view.text[mark.start : mark.end])}
        for link in doc._.links:
            ends = {fold(view.text[end.start : end.end]) for end in (link.subject, link.object)}
            if link.type == "alias_of" and ends & names:
                names |= ends
        return Subject(Span(mark.start, mark.end), frozenset(names))

    # ------------------------------------------------------------ facts of single rows

    def _fact(self, doc: Doc, row: Row, subject: Subject) -> None:
        if row.head in self.words.formed or row.head in self.words.dissolved:
            self._dated(doc, row, subject)
        elif row.is_dated:
            self._size(doc, row, subject)
        else:
            self._designation(doc, row, subject)

    def _dated(self, doc: Doc, row: Row, subject: Subject) -> None:
        date = row.mark_at(row.value_start, ("DATE",)) or self._hedged_date(row)
        if date is not None:
            kind = "formed_on" if row.head in self.words.formed else "dissolved_on"
            start = date.norm["edtf"] if date.norm else None
            status = self._status(row, date)
            ends = subject.span, Span(date.start, date.end)
            self._link(doc, kind, *ends, row, SURE, Tenure(start, None), status=status)

    def _hedged_date(self, row: Row) -> Found | None:
        """The date of `Formed: reportedly in 1998`: nothing but a cue and small words before it."""
        date = row.mark_near(row.value_start, "DATE")
        if date is None or self._status(row, date) == "asserted":
            return None
        before = row.text[row.value_start - row.start : date.start - row.start]
        small = before[:1].casefold() + before[1:]
        return date if small.islower() and len(small.split()) <= MOST_HEDGE else None

    def _status(self, row: Row, mark: Found) -> str:
        """The status of what a row's value states with a mark."""
        value, at = row.text[row.value_start - row.start :], mark.start - row.value_start
        start, end = next(bounds for bounds in reversed(sentences(value)) if bounds[0] <= at)
        return self.statements.status(value[start:end], at - start)

    def _size(self, doc: Doc, row: Row, subject: Subject) -> None:
        """`2013: 600-800 Fighters (BBC News)`: the row's source, or a heading on size, says that it is an estimate."""
        quantity = row.mark_near(row.value_start, "QUANTITY")
        holder = _HOLDER.search(row.text.rstrip()[-MOST_HOLDER:])
        if quantity is None or not (holder or row.is_under(self.words.size_headings)):
            return
        if _CASUALTIES.search(row.text[: quantity.end - row.start]):
            return
        span = Span(quantity.start, quantity.end)
        self._link(
            doc, "size_of", span, subject.span, row, SURE if holder else LIKELY, Tenure(row.date, None),
            holder=re.split(r",\s+(?=[a-z])", holder[1])[0].strip() if holder else None,
            status=self._status(row, quantity),
        )  # fmt: skip

    def _leads(self, doc: Doc, row: Row, leader: Leader, subject: Subject) -> None:
        """`leads` for a head of it or of a part, `member_of` for another function; the row's words say which."""
        said = self.statements
        head = view_of(doc).text[leader.name.start : leader.name.end]
        titled = said.role(head)
        span = leader.name
        if titled is not None and titled.start == 0 and head[len(titled.words) :].strip()[:1].isupper():
            rest = head[len(titled.words) :]
            span = Span(span.end - len(rest.lstrip()), span.end)
        else:
            titled = None
        doc._.found.append(Found(span.start, span.end, "PERSON", SURE, self.name))
        others = [
            mark.start - leader.value_start
            for mark in row.marks
            if mark.label == "PERSON" and mark.start >= leader.value_start
        ]
        role = said.role(leader.function) or titled or said.role_in_row(leader.value, others)
        kind = "leads" if role is None or role.leads else "member_of"
        status = said.status_of_leading(leader.value)
        words = role.words if role else None
        for tenure in tenures(leader.tenure):
            self._link(doc, kind, span, subject.span, row, SURE, tenure, role=words, status=status)

    def _designation(self, doc: Doc, row: Row, subject: Subject) -> None:
        found = read_designation(row, self.words)
        if found is None or re.search(r"\([^)]*[a-z]", found.role):
            return  # `... Terrorist (Jane Doe)` lists a member, not the subject
        known = row.mark_at(found.authority.start, ("ORG", "PLACE"))
        if known is None or known.end != found.authority.end:
            doc._.found.append(Found(*found.authority, "ORG", LIKELY, self.name))
        self._link(doc, "designated_by", subject.span, found.authority, row, SURE, found.tenure, role=found.role)

    # ------------------------------------------------------------ former names

    def _renamings(self, doc: Doc, rows: list[Row], subject: Subject) -> None:
        """Rows that each give a date and a name: every name was dropped for the next."""
        dated = [(row, row.name_after_date()) for row in rows]
        named = [(row, name) for row, name in dated if name is not None]
        text = view_of(doc).text
        under = any(row.is_under(self.words.name_headings) for row, _ in named)
        if len(named) < 2 or not (under or any(fold(text[n.start : n.end]) in subject.names for _, n in named)):
            return
        for (_, former), (row, later) in pairwise(named):
            ends = Span(former.start, former.end), Span(later.start, later.end)
            self._link(doc, "renamed_to", *ends, row, SURE, Tenure(row.date, None))

    def _link(
        self, doc: Doc, kind: str, subject: Span, object_: Span, row: Row, confidence: float, tenure: Tenure,
        *, role: str | None = None, holder: str | None = None, status: str = "asserted",
    ) -> None:  # fmt: skip
        if status != "asserted":
            confidence = round(confidence * HEDGED, 3)
        elif holder:
            status = "reported"
        evidence = Span(row.start, row.end)
        link = Link(kind, subject, object_, evidence, confidence, self.name, role, *tenure, status, holder)
        doc._.links.append(link)

    # ------------------------------------------------------------ absences

    def _absences(self, view: View) -> Iterator[Absence]:
        """`There are no recorded political activities for this group.`: the report says that there are none."""
        for block in view.frame.blocks:
            if block.kind not in ROW_KINDS:
                continue
            text = view.text[block.start : min(block.end, block.start + MOST_ABSENCE)]
            small = text.lstrip().casefold()
            phrase = next((phrase for phrase in self.words.absent if small.startswith(phrase)), None)
            if phrase is not None:
                start = len(text) - len(text.lstrip()) + len(phrase)
                end = _ABOUT_END.search(text, start)
                about = text[start : end.start() if end else len(text)].strip()
                if about:
                    first, _ = view.between(block.start, block.end)
                    yield Absence(about, view.sentence_span(first), LIKELY, self.name)
