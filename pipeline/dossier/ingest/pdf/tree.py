"""The page tree, walked without recursion: deep trees, loops and pages without a type are all met in the wild."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice
from typing import Any

from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdftypes import PDFObjRef, dict_value, resolve1

INHERITED = ("Resources", "MediaBox", "CropBox", "Rotate")
MAX_OBJECTS = 200_000  # looked through for pages that no tree leads to
DEEP = 64  # levels; balanced trees of the largest files have 6
Attributes = dict[str, Any]


class PageTree:
    """The pages of a document, in order. fault: what is wrong with the tree, though it was walked; or None."""

    def __init__(self, document: PDFDocument) -> None:
        self._document = document
        self.fault: str | None = None

    def pages(self) -> Iterator[tuple[Any, Attributes]]:
        """Each page: the reference to it (or itself), and what it inherits."""
        waiting: list[tuple[Any, Attributes, int]] = [(self._document.catalog.get("Pages"), {}, 0)]
        seen: set[int] = set()
        while waiting:
            node, inherited, depth = waiting.pop()
            if isinstance(node, PDFObjRef):
                if node.objid in seen:
                    self.fault = "its page tree refers to itself"
                    continue
                seen.add(node.objid)
            attributes = dict_value(node)
            kids = resolve1(attributes.get("Kids"))
            if isinstance(kids, (list, tuple)):
                if depth == DEEP:
                    self.fault = f"its page tree is over {DEEP} levels deep"
                passed_on = inherited | {key: attributes[key] for key in INHERITED if key in attributes}
                waiting += [(kid, passed_on, depth + 1) for kid in reversed(kids)]
            elif _is_page(attributes):
                yield node, inherited

    def loose_pages(self) -> Iterator[tuple[Any, Attributes]]:
        """The pages of a file whose tree leads nowhere, in the order of their numbers."""
        numbers = chain.from_iterable(xref.get_objids() for xref in self._document.xrefs)
        for number in sorted(set(islice(numbers, MAX_OBJECTS))):
            reference = PDFObjRef(self._document, number)
            attributes = reference.resolve()
            if isinstance(attributes, dict) and _type(attributes) == "Page":
                self.fault = "its page tree leads to no pages"
                yield reference, {}

    @property
    def promised(self) -> int:
        """How many pages the tree says it has."""
        count = dict_value(self._document.catalog.get("Pages")).get("Count")
        return count if isinstance(count, int) else 0


def contents_of(attributes: Attributes) -> list[Any]:
    """The content streams of a page; None for one that is missing from the file."""
    if "Contents" not in attributes:
        return []
    contents = resolve1(attributes["Contents"])
    return list(contents) if isinstance(contents, list) else [contents]


def _is_page(attributes: Attributes) -> bool:
    kind = _type(attributes)
    return kind == "Page" or (kind is None and bool({"Contents", "MediaBox", "Resources"} & attributes.keys()))


def _type(attributes: Attributes) -> str | None:
    return getattr(resolve1(attributes.get("Type")), "name", None)
