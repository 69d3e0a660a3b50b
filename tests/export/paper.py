"""A report put together by hand, with every kind of block and record, for the tests of the exports."""

from __future__ import annotations

from typing import Any

from dossier.offsets import TextBuilder
from dossier.records import Block, Document, Extraction, Note, Section, Span, Work
from dossier.store.db import Store
from dossier.store.documents import InputState, save_input
from dossier.store.proposals import save_extraction

Record = dict[str, Any]
REVIEWED = ("mention", "entity", "relation", "event", "conflict", "absence")


class Paper:
    """`add` writes a block; `mention` and the others mark the first stretch of those words at or after `since`."""

    def __init__(self, number: str = "1", title: str | None = None) -> None:
        self.id, self.title = f"d_{number}", title
        self.text, self.blocks, self.sections = "", list[Block](), list[Section]()
        self.notes, self.works = list[Note](), list[Work]()
        self.records: dict[str, list[Record]] = {kind: [] for kind in REVIEWED}

    def add(self, kind: str, words: str, level: int = 0) -> Span:
        self.text += "\n\n" if self.text else ""
        start = len(self.text)
        self.text += words
        self.blocks.append(Block(kind, start, len(self.text), level))
        if kind == "heading":
            self.sections = [s._replace(end=start) if s.end == 10**9 else s for s in self.sections]
            self.sections.append(Section(words, level, start, 10**9))
        return Span(start, len(self.text))

    def find(self, words: str, since: int = 0) -> Span:
        start = self.text.index(words, since)
        return Span(start, start + len(words))

    def note(self, n: int, words: str, work: Work) -> None:
        """A note with its block, cited by the first `[n]` in the text."""
        marker = self.find(f"[{n}]")
        span = self.add("note", f"[{n}] {words}")
        self.works.append(work)
        self.notes.append(Note(1, n, span.start, span.end, words, (work.id,), (marker,)))

    def source(self, span: Span) -> Record:
        return {"start": span.start, "end": span.end, "parts": [list(span)]}

    def evidence(self, words: str, subject: str | None = None, object_: str | None = None, works: Any = ()) -> Record:
        span = self.find(words)
        return {
            "document": self.id, "start": span.start, "end": span.end, "quote": words, "subject_text": subject,
            "object_text": object_, "source": self.source(span), "works": list(works),
        }  # fmt: skip

    def _keep(self, kind: str, **fields: Any) -> str:
        number = f"{kind}{len(self.records[kind])}_{self.id}"
        self.records[kind].append({"kind": kind, "id": number, **fields})
        return number

    def mention(self, words: str, label: str, entity: str | None = None, norm: Any = None, since: int = 0) -> str:
        span = self.find(words, since)
        return self._keep(
            "mention", document=self.id, start=span.start, end=span.end, text=words, label=label, norm=norm,
            entity=entity, confidence=0.9, by="test", source=self.source(span),
        )  # fmt: skip

    def entity(self, name: str, type_: str, *others: str) -> str:
        names = [
            {"text": each, "kind": "name", "lang": None, "from": None, "to": None, "confidence": 0.9, "by": "test",
             "evidence": [self.evidence(each)]}
            for each in (name, *others)
        ]  # fmt: skip
        return self._keep("entity", type=type_, name=name, names=names, links={}, confidence=0.9, by="test")

    def relation(self, type_: str, subject: Record, object_: Record, sentence: str, **more: Any) -> str:
        works = more.pop("works", ())
        return self._keep(
            "relation", **{
                "type": type_, "subject": subject, "object": object_, "start": None, "end": None, "role": None,
                "status": "asserted", "holder": None, "confidence": 0.8, "by": "test",
                "evidence": [self.evidence(sentence, subject["text"], object_["text"], works)], **more,
            },
        )  # fmt: skip

    def event(self, type_: str, trigger: str, sentence: str, **roles: Any) -> str:
        span = self.find(trigger, self.find(sentence).start)
        empty: Record = {role: [] for role in ("place", "perpetrator", "target", "claimed_by", "party", "weapon")}
        empty |= dict.fromkeys(("date", "result", "authority", "killed", "wounded", "hostages", "ransom"))
        return self._keep(
            "event", **{
                "type": type_, "status": "asserted", "holder": None, "confidence": 0.7, "by": "test", **empty, **roles,
                "trigger": {"start": span.start, "end": span.end, "text": trigger, "source": self.source(span)},
                "evidence": [self.evidence(sentence)],
            },
        )  # fmt: skip

    def conflict(self, record: str, field: str, why: str, *values: tuple[Any, str]) -> str:
        shown = [{"value": value, "evidence": [self.evidence(words)]} for value, words in values]
        return self._keep("conflict", about={"record": record, "field": field, "why": why}, values=shown)

    def absence(self, about: str, sentence: str) -> str:
        return self._keep("absence", about=about, document=self.id, evidence=[self.evidence(sentence)])

    def save(self, store: Store, path: str = "paper.txt", **fields: Any) -> None:
        """Put the report and what was proposed for it into a store."""
        built = TextBuilder(self.text).finish()[1].to_bytes()
        sections = [s._replace(end=min(s.end, len(self.text))) for s in self.sections]
        document = Document(
            self.id, self.id.ljust(64, "0"), "text/plain", "utf-8", self.text, built, "1", title=self.title,
            blocks=self.blocks, sections=sections, notes=self.notes, works=self.works, **fields,
        )  # fmt: skip
        state = InputState("corpus", path, 1, 1, document.sha256, None, "reader", "done", document=self.id)
        save_input(store, state, document)
        found = self.records
        found["mention"].sort(key=lambda one: one["start"])
        save_extraction(
            store,
            Extraction(
                self.id, found["mention"], found["entity"], found["relation"], found["event"], found["conflict"],
                found["absence"],
            ),
            "f" * 32,
        )  # fmt: skip


def harbour_paper(number: str = "1") -> Paper:
    """A short report about invented people and groups; one relation has a holder, one event two tolls."""
    paper = Paper(number, title="The Harbour League")
    founded = "Mara Lind founded the Harbour League (HL) in Westport in 1991.[1]"
    raid = "On 4 May 1995 the HL attacked the customs house in Westport and killed three people."
    again = "Five people were killed in the attack on the customs house, the Coast Post says."
    fights = "The League opposes the Coast Guard Union, the Coast Post reported."
    none = "There are no estimates of its income."
    paper.add("title", "The Harbour League")
    paper.add("heading", "Origins", 1)
    paper.add("paragraph", founded)
    paper.add("row", "Leader: Mara Lind")
    paper.add("heading", "Attacks", 1)
    paper.add("paragraph", f"{raid} {again}")
    paper.add("row", "Year\tFighters")
    paper.add("row", "1995\t60-80")
    paper.add("list_item", fights, 1)
    paper.add("list_item", none, 1)
    paper.note(
        1, "Berg, Ada. “The League.” Coast Post, 1996.", Work("w_1", "Berg, Ada. “The League.” Coast Post, 1996.")
    )
    league = paper.entity("Harbour League", "ORG", "HL")
    mara = paper.entity("Mara Lind", "PERSON")
    westport = paper.entity("Westport", "PLACE")
    since = paper.find("Attacks").start
    body = paper.find(founded).start
    paper.mention("Mara Lind", "PERSON", mara)
    paper.mention("Harbour League", "ORG", league, since=body)
    paper.mention("HL", "ORG", league, since=body)
    paper.mention("Westport", "PLACE", westport, since=body)
    paper.mention("1991", "DATE", None, {"edtf": "1991"}, since=body)
    paper.mention("4 May 1995", "DATE", None, {"edtf": "1995-05-04"}, since=since)
    paper.mention("HL", "ORG", league, since=since)
    paper.mention("Westport", "PLACE", westport, since=since)
    paper.mention("three people", "QUANTITY", None, since=since)
    paper.mention("Coast Guard Union", "ORG", None, since=since)
    person, group = {"entity": mara, "text": "Mara Lind"}, {"entity": league, "text": "Harbour League"}
    paper.relation("founded", person, group, founded, start="1991", works=["w_1"])
    paper.relation(
        "opposes", {"entity": league, "text": "HL"}, {"text": "Coast Guard Union", "norm": None}, fights,
        status="reported", holder="Coast Post",
    )  # fmt: skip
    toll = {"min": 3, "max": 3, "unit": "people", "approximate": False, "text": "three people"}
    attack = paper.event(
        "attack", "attacked", raid, date={"text": "4 May 1995", "norm": {"edtf": "1995-05-04"}},
        place=[{"entity": westport, "text": "Westport"}], perpetrator=[{"entity": league, "text": "HL"}],
        target=[{"text": "customs house", "norm": None}], killed=toll,
    )  # fmt: skip
    three = {"min": 3, "max": 3, "unit": None, "approximate": False}
    five = {"min": 5, "max": 5, "unit": None, "approximate": False}
    paper.conflict(attack, "killed", "tolls", (three, raid), (five, again))
    paper.absence("estimates of its income", none)
    return paper
