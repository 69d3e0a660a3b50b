"""What a document says about itself apart from its text: title, date and organisation, as the word processor noted them."""

from __future__ import annotations

import re

from dossier.errors import InputError
from dossier.ingest.docx.package import Package
from dossier.ingest.docx.xml import Node, read_tree
from dossier.ingest.meta import Meta, read_stated

# what programs put there by themselves
_EMPTY_TITLE = re.compile(
    r"(?:microsoft )?word(?: document)?|microsoft word - .*|document\s?\d*|untitled.*|title|report|.*\.(?:docx?|dotx?|rtf|odt)",
    re.I,
)
_PROGRAM = re.compile(
    r"microsoft|hewlett|dell|lenovo|home|company|organi[sz]ation|unknown|user|n/?a|none|[-.\s]*", re.I
)
_DAY = re.compile(r"((?:19[89]|20\d)\d-\d\d-\d\d)T")


def read_properties(package: Package) -> Meta:
    """Title, day of creation, and the organisation that the program was set up for.

    The author's name is no publisher, and is passed over. Parts that do not read say nothing.
    """
    core, extended = _tree(package, "core-properties"), _tree(package, "extended-properties")
    title, company = _words(core, "dc:title"), _words(extended, "ep:Company")
    day = _DAY.match(_words(core, "dcterms:created"))
    lines = [
        f"title: {title}" if not _EMPTY_TITLE.fullmatch(title) else "",
        f"publisher: {company}" if not _PROGRAM.fullmatch(company) else "",
        f"date: {day[1]}" if day else "",
    ]
    return read_stated(lines, where="the properties of the document")[0]


def _words(root: Node | None, name: str) -> str:
    node = root.find(name) if root else None
    return " ".join(node.words.split()) if node else ""


def _tree(package: Package, kind: str) -> Node | None:
    for part in package.of_kind("", kind):
        try:
            data = package.read(part)
            return read_tree(data, part) if data is not None else None
        except InputError as error:
            if error.code == "unsafe_xml":
                raise
    return None
