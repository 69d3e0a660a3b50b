"""The page tree, walked without recursion: deep trees, loops and pages without a type are all met in the wild."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdftypes import PDFObjRef, dict_value, list_value, resolve1

INHERITED = ("Resources", "MediaBox", "CropBox", "Rotate")
Attributes = dict[str, Any]


def walk_pages(document: PDFDocument) -> Iterator[tuple[Any, Attributes]]:
    """Each page of the tree, in order: the reference to it (or itself), and what it inherits."""
    waiting: list[tuple[Any, Attributes]] = [(document.catalog.get("Pages"), {})]
    seen: set[int] = set()
    while waiting:
        node, inherited = waiting.pop()
        if isinstance(node, PDFObjRef):
            if node.objid in seen:
                continue
            seen.add(node.objid)
        attributes = dict_value(node)
        if not attributes:
            continue
        kids = resolve1(attributes.get("Kids"))
        if isinstance(kids, (list, tuple)):
            passed_on = inherited | {key: attributes[key] for key in INHERITED if key in attributes}
            waiting += [(kid, passed_on) for kid in reversed(kids)]
        elif _is_page(attributes):
            yield node, inherited


def loose_pages(document: PDFDocument) -> Iterator[tuple[Any, Attributes]]:
    """The pages of a file whose tree leads nowhere, in the order of their numbers."""
    numbers = sorted({number for xref in document.xrefs for number in xref.get_objids()})
    for number in numbers:
        reference = PDFObjRef(document, number)
        attributes = reference.resolve()
        if isinstance(attributes, dict) and getattr(attributes.get("Type"), "name", None) == "Page":
            yield reference, {}


def contents_of(attributes: Attributes) -> list[Any]:
    contents = resolve1(attributes.get("Contents"))
    return list(list_value(contents)) if isinstance(contents, list) else [contents] if contents is not None else []


def _is_page(attributes: Attributes) -> bool:
    kind = getattr(resolve1(attributes.get("Type")), "name", None)
    return kind == "Page" or (kind is None and bool({"Contents", "MediaBox", "Resources"} & attributes.keys()))
