"""The elements that are open at a place of a page, and which tags end which of them.

Pages leave tags out and mix their order up. As browsers do, a tag that ends nothing is passed over, and a new item, row or
paragraph ends the one before it. Every question is answered from positions that are kept by name: nesting is never walked.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import NamedTuple

from dossier.ingest.html.elements import BLOCKS, CELLS, ENDS_HEADING, HEADINGS, LISTS, UNSEEN

_ROW_GROUPS = frozenset(["tbody", "thead", "tfoot"])
_SCOPES = CELLS | {"caption", "table"}  # no end tag in one ends what is outside it
_BOUND_ITEMS = _SCOPES | LISTS
_TABLE = CELLS | _ROW_GROUPS | {"tr", "caption", "colgroup"}
# any of these ends any other: they are one name
_SAME = {**dict.fromkeys(HEADINGS, "h"), "th": "td", "dd": "dt"}
_IN_ROWS = ("tr", "td", "caption", "colgroup")
_ENDED: dict[str, tuple[str, ...]] = {
    "li": ("li",),
    "dt": ("dt",),
    "dd": ("dt",),
    "td": ("td",),
    "th": ("td",),
    "tr": _IN_ROWS,
    **dict.fromkeys(_ROW_GROUPS, (*_IN_ROWS, *sorted(_ROW_GROUPS))),
    **dict.fromkeys(ENDS_HEADING, ("h",)),
}


@dataclass(slots=True)
class Item:
    """A list item, and how many runs of text it has so far."""

    runs: int = 0


@dataclass(slots=True)
class Link:
    """A link; `fragment` is the place on this page that it may lead to."""

    fragment: str = ""


class Context(NamedTuple):
    """What an element is for the text in it, with all that it stands in.

    `part`: of the furniture of the page; `inside`: in `main` or `article`; `sectioned`: in a part that may have a head and a
    foot of its own; `lists`: how many lists around it; `list`: the number of the innermost one, `ordered` whether it counts;
    `container`: the number of the innermost element that is only there to hold others.
    """

    shown: bool = True
    kind: str = ""
    level: int = 0
    pre: bool = False
    part: str = ""
    inside: bool = False
    sectioned: bool = False
    lists: int = 0
    list: int = 0
    ordered: bool = False
    item: Item | None = None
    container: int = 0
    notes: bool = False
    link: Link | None = None
    raised: bool = False
    bold: bool = False


class Open(NamedTuple):
    name: str
    context: Context
    anchor: str | None  # its id


class Stack:
    def __init__(self) -> None:
        self.open: list[Open] = []
        self.depth = 0  # the most there were at once
        self._where: defaultdict[str, list[int]] = defaultdict(list)
        self._blocks: list[int] = [-1]
        self._scopes: list[int] = [-1]
        self._lists: list[int] = [-1]

    @property
    def context(self) -> Context:
        return self.open[-1].context if self.open else _OUTSIDE

    def push(self, opened: Open) -> None:
        at, name = len(self.open), opened.name
        self.open.append(opened)
        if at >= self.depth:
            self.depth = at + 1
        self._where[_SAME.get(name, name)].append(at)
        if name in BLOCKS:
            self._blocks.append(at)
            if name in _SCOPES:
                self._scopes.append(at)
            if name in _BOUND_ITEMS:
                self._lists.append(at)

    def pop(self) -> Open:
        opened = self.open.pop()
        name = opened.name
        self._where[_SAME.get(name, name)].pop()
        if name in BLOCKS:
            self._blocks.pop()
            if name in _SCOPES:
                self._scopes.pop()
            if name in _BOUND_ITEMS:
                self._lists.pop()
        return opened

    def _within(self, name: str, bound: int) -> int:
        """Where the innermost element of that name is open, if that is inside `bound`, else -1."""
        places = self._where[name]
        return places[-1] if places and places[-1] > bound else -1

    def ended_by_start(self, name: str) -> int:
        """The place of the outermost element that a start tag ends, or -1."""
        if name not in BLOCKS and name != "hr":
            return self._within("a", self._blocks[-1]) if name == "a" else -1
        found = self._within("p", self._scopes[-1])
        for other in _ENDED.get(name, ()):
            at = self._within(other, self._bound(name))
            if at >= 0 and (found < 0 or at < found):
                found = at
        return found

    def ended_by_end(self, name: str) -> int:
        """The place of the element that an end tag ends, or -1."""
        same = _SAME.get(name, name)
        if name in UNSEEN:  # what stands open in one ends with it, or the rest of the page would not be seen
            return self._within(same, -1)
        if name not in BLOCKS:
            return self._within(same, self._blocks[-1])
        at = self._within(same, -1 if name in _SCOPES and same != "td" else self._bound(name))
        return at if at < 0 or same != "td" or self.open[at].name == name else -1

    def _bound(self, name: str) -> int:
        """The element that no tag of that name ends anything outside of."""
        if name in _TABLE:
            return (
                self._within("table", -1)
                if name not in CELLS
                else max(self._within("table", -1), self._within("tr", -1))
            )
        if name in ("dt", "dd"):
            return max(self._within("dl", -1), self._scopes[-1])
        return self._lists[-1] if name == "li" else self._scopes[-1]


_OUTSIDE = Context()
