"""The parts of a package as XML, without what XML can be abused for: no DTD, no entities, no bottomless nesting."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol
from xml.parsers import expat

from dossier.errors import InputError

MAX_DEPTH = 400  # elements; a table in a text box in a table has some 30
MAX_ELEMENTS = 6_000_000  # of one part
MAX_WORDS = 10_000  # characters of an element of a small part, such as a title
_SCHEMAS = "http://schemas.openxmlformats.org"
_STRICT = "http://purl.oclc.org/ooxml"  # the same names in files saved as "Strict Open XML"
_PREFIXES = {
    f"{_SCHEMAS}/wordprocessingml/2006/main": "w",
    f"{_STRICT}/wordprocessingml/main": "w",
    f"{_SCHEMAS}/officeDocument/2006/relationships": "r",
    f"{_STRICT}/officeDocument/relationships": "r",
    f"{_SCHEMAS}/officeDocument/2006/math": "m",
    f"{_STRICT}/officeDocument/math": "m",
    f"{_SCHEMAS}/officeDocument/2006/extended-properties": "ep",
    f"{_STRICT}/officeDocument/extendedProperties": "ep",
    f"{_SCHEMAS}/drawingml/2006/picture": "pic",
    f"{_STRICT}/drawingml/picture": "pic",
    f"{_SCHEMAS}/drawingml/2006/chart": "c",
    f"{_STRICT}/drawingml/chart": "c",
    f"{_SCHEMAS}/drawingml/2006/diagram": "dgm",
    f"{_STRICT}/drawingml/diagram": "dgm",
    f"{_SCHEMAS}/package/2006/relationships": "rel",
    f"{_SCHEMAS}/package/2006/content-types": "ct",
    f"{_SCHEMAS}/package/2006/metadata/core-properties": "cp",
    f"{_SCHEMAS}/markup-compatibility/2006": "mc",
    "urn:schemas-microsoft-com:vml": "v",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
}
Attributes = dict[str, str]


class Handler(Protocol):
    """What hears the elements of a part, in their order. Names are like `w:p`; `?:name` where the namespace is unknown."""

    def start(self, name: str, attributes: Attributes) -> None: ...

    def end(self, name: str) -> None: ...

    def text(self, words: str) -> None: ...


def parse(data: bytes, part: str, handler: Handler) -> None:
    """Tell a handler what a part holds.

    Raises InputError: unsafe_xml for a DTD, too_large for too many elements, malformed for all else that is no XML to be read.
    """
    try:
        _Parser(part, handler).parse(data)
    except expat.ExpatError as error:
        said = expat.ErrorString(error.code)
        raise InputError(
            "malformed",
            f"malformed: {part} is no XML ({said}, line {error.lineno}, column {error.offset}); open the file in a word "
            "processor and save it again",
        ) from error
    except (ValueError, LookupError) as error:  # an encoding that Python has no codec for
        raise InputError("malformed", f"malformed: {part} cannot be decoded ({error}); save the file again") from error


class _Parser:
    def __init__(self, part: str, handler: Handler) -> None:
        self._part, self._handler = part, handler
        self._names: dict[str, str] = {}
        self._depth = self._count = 0

    def parse(self, data: bytes) -> None:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._refuse
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._handler.text
        parser.Parse(data, True)

    def _refuse(self, *_: object) -> None:
        raise InputError(
            "unsafe_xml",
            f"unsafe XML: {self._part} begins with a DTD, which no word processor writes; do not open it, ask for another copy",
        )

    def _start(self, raw: str, attributes: Attributes) -> None:
        self._depth += 1
        self._count += 1
        if self._depth > MAX_DEPTH:
            raise InputError(
                "malformed",
                f"malformed: {self._part} is XML nested deeper than {MAX_DEPTH} elements; no report needs that",
            )
        if self._count > MAX_ELEMENTS:
            raise InputError(
                "too_large", f"too large: {self._part} has over {MAX_ELEMENTS:,} elements of XML; split the report"
            )
        if attributes:
            attributes = {self._short(name): value for name, value in attributes.items()}
        self._handler.start(self._short(raw), attributes)

    def _end(self, raw: str) -> None:
        self._depth -= 1
        self._handler.end(self._short(raw))

    def _short(self, raw: str) -> str:
        known = self._names.get(raw)
        if known is None:
            namespace, _, local = raw.rpartition(" ")
            known = f"{_PREFIXES.get(namespace, '?')}:{local}" if namespace else local
            if len(self._names) < 10_000:
                self._names[raw] = known
        return known


@dataclass(slots=True)
class Node:
    """An element of a small part, with what is in it."""

    name: str
    attributes: Attributes
    words: str = ""
    children: list[Node] = field(default_factory=list)

    def find(self, name: str) -> Node | None:
        """The first child of that name."""
        return next(self.all(name), None)

    def all(self, name: str) -> Iterator[Node]:
        return (child for child in self.children if child.name == name)

    def value(self, name: str) -> str | None:
        """`w:val` of the first child of that name."""
        child = self.find(name)
        return None if child is None else child.attributes.get("w:val")


class _Tree:
    def __init__(self) -> None:
        self.open = [Node("", {})]

    def start(self, name: str, attributes: Attributes) -> None:
        node = Node(name, attributes)
        self.open[-1].children.append(node)
        self.open.append(node)

    def end(self, name: str) -> None:
        self.open.pop()

    def text(self, words: str) -> None:
        if len(self.open[-1].words) < MAX_WORDS:
            self.open[-1].words += words


def read_tree(data: bytes, part: str) -> Node:
    """A small part whole. Raises InputError, as `parse` does."""
    tree = _Tree()
    parse(data, part, tree)
    return tree.open[0].children[0]


def is_on(attributes: Attributes) -> bool:
    """Whether a property such as `<w:b/>` is set: it is where it stands, but for `w:val="0"` and its like."""
    return attributes.get("w:val", "1").lower() not in ("0", "false", "off", "none")
