"""What will be a block of the document: runs of a page that belong together, before it is known which of them are kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dossier.ingest.html.runs import Run
from dossier.ingest.html.stack import Context


@dataclass(slots=True)
class Chunk:
    """`kind` is a block's, or empty where the words have to tell it; `term` and `value` are the two sides of a `dl`.

    `cells`: of a row; everything else has one. `cuts`: stretches of runs, by their number, that are left out; `head`: the
    stretch of its first run that numbers it, where it is a note; `notes`: where in its one run the lines of several notes begin.
    """

    kind: str
    cells: list[list[Run]]
    level: int = 0
    cuts: dict[int, list[tuple[int, int]]] | None = None
    head: tuple[int, int] | None = None
    notes: Sequence[int] = ()

    @property
    def runs(self) -> list[Run]:
        return [run for cell in self.cells for run in cell]

    @property
    def first(self) -> Run:
        return self.cells[0][0]

    @property
    def context(self) -> Context:
        return self.first.context

    @property
    def length(self) -> int:
        return sum(run.length for run in self.runs)

    @property
    def words(self) -> str:
        return " ".join(run.text.strip() for run in self.runs)
