"""The records of one document as cards beside its text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from dossier.export.page_text import COLOURS, PageText, Piece
from dossier.export.words import (
    ROLES,
    WHY,
    Record,
    dates_of,
    describe_briefly,
    describe_event,
    describe_norm,
    describe_review,
    describe_toll,
    describe_type,
    describe_value,
)
from dossier.markup import text
from dossier.records import Note

TITLES = {
    "conflict": "Conflicts",
    "relation": "Relations",
    "event": "Events",
    "absence": "Said to be absent",
    "entity": "Names",
}


@dataclass(slots=True)
class Cards:
    """Writes the cards. `page`: where things stand; `records`: those of the document, by kind."""

    page: PageText
    records: dict[str, list[Record]]
    _entities: dict[str, Record] = field(init=False)
    _counts: Counter[str] = field(init=False)
    _disputed: dict[str, str] = field(init=False)
    _known: dict[str, Record] = field(init=False)
    _notes: dict[str, list[tuple[int, Note]]] = field(init=False)
    _works: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        document = self.page.document
        self._entities = {one["id"]: one for one in self.records["entity"]}
        self._counts = Counter(one["entity"] for one in self.page.mentions)
        self._disputed = {one["about"]["record"]: one["id"] for one in self.records["conflict"]}
        self._known = {one["id"]: one for kind in ("relation", "event") for one in self.records[kind]}
        self._works = {work.id: work.text for work in document.works}
        self._notes = {}
        for number, note in enumerate(document.notes):
            for work in note.works:
                self._notes.setdefault(work, []).append((number, note))

    def html(self) -> str:
        makers = {
            "conflict": self._conflict, "relation": self._relation, "event": self._event, "absence": self._absence,
            "entity": self._entity,
        }  # fmt: skip
        groups = []
        for kind, make in makers.items():
            found = self.records[kind]
            if kind == "entity":
                found = sorted(found, key=lambda one: -self._counts[one["id"]])
            if found:
                groups.append(
                    f"<section class=group data-k={kind}><h3>{TITLES[kind]} <span>{len(found):,}</span></h3>\n"
                    f"{''.join(map(make, found))}</section>\n"
                )
        return "".join(groups)

    def triggers(self) -> Iterator[Piece]:
        """The words that tell the events, so that they can be pointed at."""
        for one in self.records["event"]:
            trigger = one["trigger"]
            opened = f'<span class="t trg {one["review"]["state"]}" data-v="{text(one["id"])}" tabindex=-1>'
            yield Piece(trigger["start"], trigger["end"], opened, "</span>")

    # ------------------------------------------------------------ cards

    def _relation(self, one: Record) -> str:
        kind = text(describe_type(one["type"]))
        subject = self._filler(one["subject"], plain=one["type"] == "alias_of")
        said = f"{subject} <i class=rel>{kind}</i> {self._filler(one['object'])}"
        facts = [
            *_role(one["role"]),
            *(f"<span><small>{word}</small> {text(date)}</span>" for word, date in dates_of(one)),
        ]
        marks = self._resting(one["evidence"], (one["subject"], one["object"]))
        return self._card(one, said, facts, marks, one["type"])

    def _event(self, one: Record) -> str:
        head = [f"<i class=rel>{text(describe_event(one))}</i>"]
        if one["date"]:
            head.append(self._filler(one["date"]))
        if one["place"]:
            head.append("in " + ", ".join(map(self._filler, one["place"])))
        facts = []
        for role, words in ROLES.items():
            value = one[role]
            if not value:
                continue
            if "approximate" in value:  # a count: `killed: 3 killed` says it twice
                words = "" if words in value["text"] else words
                shown = f"{text(value['text'])}{_equals(describe_toll(value), value['text'])}"
            else:
                shown = ", ".join(map(self._filler, value if isinstance(value, list) else [value]))
            facts.append(f"<span><small>{words}</small> {shown}</span>")
        ends = [each for value in one.values() for each in (value if isinstance(value, list) else [value])
                if isinstance(each, dict) and ("entity" in each or "norm" in each or "approximate" in each)]  # fmt: skip
        marks = self._resting(one["evidence"], ends)
        trigger = one["trigger"]
        place = f"{self.page.utf16(trigger['start'])}-{self.page.utf16(trigger['end'])}"
        return self._card(one, " · ".join(head), facts, marks, one["type"], f' data-trigger="{place}"')

    def _conflict(self, one: Record) -> str:
        about, values = one["about"], one["values"]
        words = " <i class=rel>or</i> ".join(f"<b>{text(describe_value(each['value']))}</b>" for each in values)
        said = f"{text(WHY.get(about['why'], about['why']))}: {words}"
        field_ = f"<span><small>about</small> {text(about['field'])}</span>"
        subject = self._known.get(about["record"])
        facts = [field_]
        if subject is not None:
            link = f'<a class=go href="#{text(about["record"])}">{text(describe_briefly(subject))}</a>'
            facts.append(f"<span><small>of</small> {link}</span>")
        evidence = [each for value in values for each in value["evidence"]]
        return self._card({**one, "evidence": evidence}, said, facts, [], about["why"])

    def _absence(self, one: Record) -> str:
        return self._card(one, f"The report says there is none: <b>{text(one['about'])}</b>", [], [], "absence")

    def _entity(self, one: Record) -> str:
        colour = self.page.colours.get(one["type"], 0) % COLOURS
        count = self._counts[one["id"]]
        also = [name for name in one["names"] if name["text"] != one["name"]]
        said = f'<b class="nm c{colour}">{text(one["name"])}</b> <small>{text(one["type"])} · {count:,}×</small>'
        listed = ", ".join(f"{text(name['text'])}{_name_note(name)}" for name in also)
        facts = [f"<span><small>also</small> {listed}</span>"] if also else []
        for system, value in sorted(one["links"].items()):
            facts.append(f"<span><small>{text(system)}</small> {text(str(value))}</span>")
        names = "; ".join(name["text"] for name in also)
        extra = f' data-entity="{text(one["id"])}" data-name="{text(one["name"])}" data-also="{text(names)}" data-count={count}'
        evidence = [each for name in one["names"] for each in name["evidence"]]
        return self._card({**one, "evidence": evidence}, said, facts, [], one["type"], extra)

    def _card(
        self, one: Record, said: str, facts: Sequence[str], marks: Sequence[int], kind: str, extra: str = ""
    ) -> str:
        state, status = one["review"]["state"], one.get("status", "")
        stretches = " ".join(f"{self.page.utf16(e['start'])}-{self.page.utf16(e['end'])}" for e in one["evidence"])
        badges = [f'<span class="badge {state}">{state}</span>']
        if status and status != "asserted":
            badges.append(f'<span class="badge status">{text(status)}</span>')
        if one.get("holder"):
            badges.append(f"<span class=holder>says “{text(one['holder'])}”</span>")
        if one["id"] in self._disputed:
            badges.append(f'<a class="badge dispute go" href="#{text(self._disputed[one["id"]])}">disputed</a>')
        if "confidence" in one:
            badges.append(f'<span class=conf title="confidence">{one["confidence"]:.2f}</span>')
        line = f"<p class=facts>{' '.join(facts)}</p>" if facts else ""
        about = [describe_review(one["review"]), *([f"proposed by {one['by']}"] if one.get("by") else [])]
        return (
            f'<details class="card {one["kind"]} {state}" id="{text(one["id"])}" data-m="{" ".join(map(str, marks))}" '
            f'data-v="{stretches}" data-t="{text(kind)}" data-s="{text(status)}"{extra}>'
            f"<summary><p class=say>{said}</p>{line}<p class=badges>{''.join(badges)}</p></summary>"
            f"<div class=body>{''.join(map(self._evidence, one['evidence']))}"
            f"<p class=by>{text('; '.join(about))}</p></div></details>\n"
        )

    # ------------------------------------------------------------ parts

    def _filler(self, filler: Record, *, plain: bool = False) -> str:
        """The words used here, and, if not `plain`, the main name or the normal form where that says more."""
        entity = self._entities.get(filler.get("entity") or "")
        more = entity["name"] if entity else describe_norm(filler.get("norm"))
        guess = entity is not None and entity["review"]["state"] == "pending"
        return f"<b>{text(filler['text'])}</b>{'' if plain else _equals(more, filler['text'], guess=guess)}"

    def _evidence(self, one: Record) -> str:
        unnamed = [words for words in (one["subject_text"], one["object_text"]) if words and words not in one["quote"]]
        note = f"<p class=unnamed>{text(' and '.join(f'“{w}”' for w in unnamed))}: not in these words, inferred from context</p>"
        place = self.page.places.describe(one["start"])
        cited = "".join(map(self._work, one["works"]))
        return (
            f"<div class=ev><p class=quote dir=auto>{text(one['quote'])}</p>{note if unnamed else ''}"
            f'<p class=where><a class=go href="#b{self.page.places.block_at(one["start"])}">{text(place)}</a></p>'
            f"{f'<ul class=cited>{cited}</ul>' if cited else ''}</div>"
        )

    def _work(self, number: str) -> str:
        found = self._notes.get(number)
        link = f'<a class=go href="#note{found[0][0]}">[{found[0][1].n}]</a> ' if found else ""
        return f"<li>{link}{text(self._works.get(number, number))}</li>"

    def _resting(self, evidence: Sequence[Record], ends: Sequence[Record]) -> list[int]:
        """The mentions in the evidence that name an end; where the very words stand there, only these."""
        found: set[int] = set()
        for piece in evidence:
            inside = [(n, self.page.mentions[n]) for n in self.page.mentions_in(piece["start"], piece["end"])]
            for end in ends:
                words = end["text"].split("; ")
                fits = [n for n, one in inside if one["text"] in words]
                if not fits and end.get("entity"):
                    fits = [n for n, one in inside if one["entity"] == end["entity"]]
                found.update(fits)
        return sorted(found)


def _equals(more: str, words: str, *, guess: bool = False) -> str:
    """What the words stand for; a guess shows as one, also where the record itself was accepted."""
    opened = "<small class=guess>" if guess else "<small>"
    return f" {opened}= {text(more)}</small>" if more and more.casefold() != words.casefold() else ""


def _role(role: str | None) -> list[str]:
    return [f"<span><small>role</small> {text(role)}</span>"] if role else []


def _name_note(name: Record) -> str:
    dates = "–".join((name["from"] or "", name["to"] or "")) if name["from"] or name["to"] else ""
    said = ", ".join(filter(None, (name["kind"] if name["kind"] != "name" else "", dates)))
    return f" <small>({text(said)})</small>" if said else ""
