"""What a document says of its styles and lists: the depth of a heading, what is an item of a list, what is hidden."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from dossier.ingest.docx.package import Package
from dossier.ingest.docx.xml import Node, is_on, read_tree

MAX_CHAIN = 20  # styles that one rests on; a circle of them ends here
BODY = 9  # the outline level of what is no heading
_HEADING = re.compile(r"heading\s?([1-9])")
ListPlace = tuple[str, int]  # the id of a list, and the level in it from 0


@dataclass(frozen=True, slots=True)
class Look:
    """What a style, or a run of text, says of characters; None where it says nothing."""

    hidden: bool | None = None
    bold: bool | None = None
    raised: bool | None = None

    def over(self, other: Look) -> Look:
        """This look where it says something, else the other."""
        return Look(
            *(mine if mine is not None else theirs for mine, theirs in zip(_tuple(self), _tuple(other), strict=True))
        )


def _tuple(look: Look) -> tuple[bool | None, bool | None, bool | None]:
    return look.hidden, look.bold, look.raised


@dataclass(frozen=True, slots=True)
class Style:
    name: str
    based_on: str
    outline: int | None
    place: ListPlace | None
    look: Look


class Styles:
    """The styles of a document by their ids. A style that is not there says nothing."""

    def __init__(self, root: Node | None = None) -> None:
        nodes = root.all("w:style") if root else ()
        self._styles = {node.attributes.get("w:styleId", ""): _read_style(node) for node in nodes}
        self._looks: dict[str, Look] = {}

    def name(self, style: str) -> str:
        """The name in small letters, which is the same in every language; its id where it has none."""
        found = self._styles.get(style)
        return (found.name if found else style).strip().lower()

    def names(self, style: str) -> list[str]:
        """The name of a style and of those that it rests on."""
        return [self.name(style), *(each.name for each in list(self._chain(style))[1:])]

    def heading(self, style: str) -> int:
        """The depth of a heading from 1, or 0 for what is none."""
        for each in self._chain(style):
            if each.outline is not None:
                return each.outline + 1 if each.outline < BODY else 0
        match = _HEADING.fullmatch(self.name(style))
        return int(match[1]) if match else 0

    def place(self, style: str) -> ListPlace | None:
        return next((each.place for each in self._chain(style) if each.place), None)

    def look(self, style: str) -> Look:
        """How a style of characters looks."""
        if style not in self._looks:
            found = Look()
            for each in self._chain(style):
                found = found.over(each.look)
            self._looks[style] = found
        return self._looks[style]

    def _chain(self, style: str) -> Iterator[Style]:
        for _ in range(MAX_CHAIN):
            found = self._styles.get(style)
            if found is None:
                return
            yield found
            style = found.based_on


def _read_style(node: Node) -> Style:
    paragraph = node.find("w:pPr") or Node("", {})
    name = (node.value("w:name") or node.attributes.get("w:styleId", "")).strip().lower()
    outline = number(paragraph.value("w:outlineLvl"))
    listed = paragraph.find("w:numPr")
    place = None
    if listed is not None and (list_id := listed.value("w:numId")):
        place = (list_id, number(listed.value("w:ilvl")) or 0)
    return Style(name, node.value("w:basedOn") or "", outline, place, _read_look(node.find("w:rPr")))


def _read_look(node: Node | None) -> Look:
    if node is None:
        return Look()
    hidden, bold = node.find("w:vanish"), node.find("w:b")
    raised = node.value("w:vertAlign")
    return Look(
        None if hidden is None else is_on(hidden.attributes),
        None if bold is None else is_on(bold.attributes),
        None if raised is None else raised == "superscript",
    )


def number(words: str | None) -> int | None:
    """A whole number of a few digits, or None for anything else."""
    return int(words) if words and words.isascii() and words.isdecimal() and len(words) <= 6 else None


class Lists:
    """The lists of a document: which of their levels are numbered, and which have bullets."""

    def __init__(self, root: Node | None = None) -> None:
        self._formats: dict[ListPlace, str] = {}
        self._abstract: dict[str, str] = {}
        for node in root.children if root else ():
            if node.name == "w:abstractNum":
                of = node.attributes.get("w:abstractNumId", "")
                for level in node.all("w:lvl"):
                    self._formats[of, number(level.attributes.get("w:ilvl")) or 0] = (
                        level.value("w:numFmt") or "decimal"
                    )
            elif node.name == "w:num":
                self._abstract[node.attributes.get("w:numId", "")] = node.value("w:abstractNumId") or ""

    def is_numbered(self, place: ListPlace) -> bool:
        """Whether an item has a number or a letter before it."""
        found = self._formats.get((self._abstract.get(place[0], ""), place[1]), "none")
        return found not in ("bullet", "none")


def read_styles(package: Package) -> tuple[Styles, Lists]:
    """Raises InputError where a part is no XML that can be read."""
    return Styles(_tree(package, "styles")), Lists(_tree(package, "numbering"))


def _tree(package: Package, kind: str) -> Node | None:
    part = next(iter(package.of_kind(package.main, kind)), None)
    data = package.read(part) if part else None
    return read_tree(data, part) if part and data is not None else None
