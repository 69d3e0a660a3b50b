"""The records of one report on the screen: names, dates, relations, events, and what is disputed or said to be absent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

import click
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from dossier.cli.common import visible
from dossier.export.traverse import Report
from dossier.export.words import (
    ROLES,
    WHY,
    Places,
    dates_of,
    describe_briefly,
    describe_event,
    describe_toll,
    describe_type,
    describe_value,
)

Record = dict[str, Any]
PLACE_WIDTH = 24  # of the column that says where


def print_records(report: Report, *, evidence: bool = False) -> None:
    """Print what was found in a report, with its standing. `evidence`: the quotes, too."""
    _Printer(report, evidence).print()


class _Printer:
    def __init__(self, report: Report, evidence: bool) -> None:
        self.records, self.evidence = report.records, evidence
        self.places = Places(report.document)
        self.known = {one["id"]: one for kind in ("relation", "event") for one in report.records[kind]}
        self.disputed = {one["about"]["record"] for one in report.records["conflict"]}
        self.console = Console(highlight=False, markup=False, emoji=False)

    def print(self) -> None:
        self.mentions()
        self.names()
        self.dates()
        self.relations()
        self.events()
        self.conflicts()
        self.absences()

    # ------------------------------------------------------------ names and dates

    def mentions(self) -> None:
        labels = Counter(one["label"] for one in self.records["mention"])
        said = ", ".join(f"{visible(label)} {n}" for label, n in sorted(labels.items())) or "none"
        self._line(f"\nmentions   {said}")

    def names(self) -> None:
        counts = Counter(one["entity"] for one in self.records["mention"])
        for kind, group in groupby(sorted(self.records["entity"], key=lambda e: e["type"]), key=lambda e: e["type"]):
            self._title(kind)
            rows = []
            for each in sorted(group, key=lambda e: (-counts[e["id"]], e["name"])):
                others = [name["text"] for name in each["names"] if name["text"] != each["name"]]
                also = visible(f"  also: {', '.join(others)}") if others else ""
                rows.append((f"{counts[each['id']]:4}", Text.assemble(visible(each["name"]), (also, "dim"))))
            self._grid(rows)

    def dates(self) -> None:
        dates = [one for one in self.records["mention"] if one["label"] == "DATE"]
        if dates:
            self._title("DATE")
            counted = Counter((one["text"], (one["norm"] or {}).get("edtf", "?")) for one in dates)
            self._grid([(f"{n:4}", visible(f"{words}  = {edtf}")) for (words, edtf), n in counted.most_common()])

    # ------------------------------------------------------------ relations and events

    def relations(self) -> None:
        found = sorted(self.records["relation"], key=lambda one: (one["type"], one["evidence"][0]["start"]))
        self._heading("relations", found)
        for kind, group in groupby(found, key=lambda one: one["type"]):
            self._title(describe_type(kind))
            self._statements([(self._relation(one), one) for one in group])

    def events(self) -> None:
        """In the order of their dates; what has none comes last."""
        found = sorted(self.records["event"], key=lambda one: (not _edtf(one), _edtf(one), one["trigger"]["start"]))
        self._heading("events", found)
        self._statements([(self._event(one), one) for one in found])

    def _relation(self, one: Record) -> Text:
        said = Text.assemble(_words(one["subject"]), (" → ", "dim"), _words(one["object"]))
        facts = [one["role"], *(f"{word} {date}" for word, date in dates_of(one))]
        return self._facts(said, facts, one)

    def _event(self, one: Record) -> Text:
        when = Text.assemble((f"{_edtf(one) or 'no date'}  ", "cyan" if _edtf(one) else "dim"))
        said = Text.assemble(when, (visible(describe_event(one)), "bold"))
        facts = ["in " + ", ".join(place["text"] for place in one["place"])] if one["place"] else []
        for role, word in ROLES.items():
            value = one[role]
            if not value:
                continue
            if "approximate" in value:
                facts.append(value["text"] if word in value["text"] else f"{word}: {value['text']}")
                facts[-1] += f" (= {more})" if (more := describe_toll(value)) else ""
            else:
                facts.append(f"{word} " + ", ".join(f["text"] for f in (value if isinstance(value, list) else [value])))
        return self._facts(said, facts, one)

    def _facts(self, said: Text, facts: Sequence[str | None], one: Record) -> Text:
        told = "; ".join(visible(fact) for fact in facts if fact)
        if told:
            said.append("  " + told)
        if one["status"] != "asserted":
            said.append(f"  {one['status']}" + (f" by “{visible(one['holder'])}”" if one["holder"] else ""), "yellow")
        elif one["holder"]:
            said.append(f"  says “{visible(one['holder'])}”", "yellow")
        if one["id"] in self.disputed:
            said.append("  disputed", "red")
        return said

    # ------------------------------------------------------------ what does not hold, what is not there

    def conflicts(self) -> None:
        found = self.records["conflict"]
        self._heading("conflicts", found)
        rows = []
        for one in found:
            about = self.known.get(one["about"]["record"])
            said = Text(f"{WHY.get(one['about']['why'], one['about']['why'])}: ")
            said.append(" or ".join(visible(describe_value(value["value"])) for value in one["values"]), "bold")
            said.append(
                visible(f"  {one['about']['field']}" + (f" of {describe_briefly(about)}" if about else "")), "dim"
            )
            rows.append((said, {**one, "evidence": [each for value in one["values"] for each in value["evidence"]]}))
        self._statements(rows)

    def absences(self) -> None:
        found = self.records["absence"]
        self._heading("said to be absent", found)
        self._statements([(Text(visible(one["about"])), one) for one in found])

    # ------------------------------------------------------------ the screen

    def _heading(self, name: str, found: Sequence[Record]) -> None:
        if not found:
            return
        states = Counter(one["review"]["state"] for one in found)
        pending = states.pop("pending", 0)
        parts = [*(f"{n:,} {state}" for state, n in sorted(states.items())),
                 *([f"{pending:,} pending, nobody has ruled on them"] if pending else [])]  # fmt: skip
        self.console.print()
        self.console.print(Text.assemble((name, "bold"), f"   {'; '.join(parts)}"))

    def _title(self, words: str) -> None:
        self.console.print()
        self.console.print(Text(visible(words), "bold"))

    def _line(self, words: str) -> None:
        self.console.print(Text(words))

    def _grid(self, rows: Sequence[tuple[str, str | Text]]) -> None:
        table = Table.grid(padding=(0, 2))
        table.add_column(justify="right", no_wrap=True)
        table.add_column(overflow="fold")
        for count, words in rows:
            table.add_row(count, words)
        self._print(table)

    def _statements(self, rows: Sequence[tuple[Text, Record]]) -> None:
        """What is said, its standing where somebody ruled, how sure, and where it stands."""
        for said, one in rows:
            table = Table.grid(padding=(0, 2), expand=True)
            table.add_column(ratio=1, overflow="fold")
            table.add_column(width=4, no_wrap=True)
            table.add_column(width=PLACE_WIDTH, overflow="fold")
            if one["review"]["state"] != "pending":
                said.append(f"  {one['review']['state']} by {visible(str(one['review']['by']))}", "green")
            sure = f"{one['confidence']:.2f}" if "confidence" in one else ""
            table.add_row(said, sure, Text(visible(self._place(one)), "dim"))
            self._print(table, expand=True)
            for words in self._quotes(one):
                self._print(Text(words, "dim"), indent=6)

    def _print(self, what: Table | Text, *, indent: int = 2, expand: bool = False) -> None:
        """Without a terminal, no spaces at the ends of lines."""
        shown = Padding(what, (0, 0, 0, indent), expand=expand)
        if self.console.is_terminal:
            self.console.print(shown)
            return
        with self.console.capture() as caught:
            self.console.print(shown)
        click.echo("\n".join(line.rstrip() for line in caught.get().splitlines()))

    def _place(self, one: Record) -> str:
        places = list(dict.fromkeys(self.places.describe(each["start"]) for each in one["evidence"]))
        return places[0] + (f" and {len(places) - 1} more" if len(places) > 1 else "")

    def _quotes(self, one: Record) -> Iterator[str]:
        if self.evidence:
            for each in one["evidence"]:
                yield visible(f"“{' '.join(each['quote'].split())}”")


def _words(filler: Record) -> str:
    return visible(filler["text"])


def _edtf(event: Record) -> str:
    date = event["date"] or {}
    return str((date.get("norm") or {}).get("edtf") or date.get("text") or "")
