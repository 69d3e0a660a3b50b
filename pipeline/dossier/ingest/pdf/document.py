"""A PDF as pdfminer opens it, page by page. Anything may be raised here: `opening` knows what to do about it."""

from __future__ import annotations

from io import BytesIO
from itertools import islice
from typing import Any

from pdfminer.pdftypes import PDFStream, dict_value
from pdfplumber.pdf import PDF

from dossier.ingest.pdf import guards
from dossier.ingest.pdf.content import Interpreter
from dossier.ingest.pdf.fonts import FontNames
from dossier.ingest.pdf.geometry import frame_of
from dossier.ingest.pdf.limits import Budget
from dossier.ingest.pdf.page import Page
from dossier.ingest.pdf.reading import Reading
from dossier.ingest.pdf.resources import FontShelf, Resources, content_of
from dossier.ingest.pdf.tidy import tidy
from dossier.ingest.pdf.tree import PageTree, contents_of

MAX_OBJECTS = 4000  # kept at hand; what is asked for again is read again
MAX_BUNDLES = 16  # object streams


class PlumbedPdf:
    """The pages of a PDF. `read` gives one and forgets what it needed."""

    def __init__(self, data: bytes, budget: Budget, names: FontNames) -> None:
        guards.install()
        self._pdf = PDF(BytesIO(data), stream_is_external=True)
        self._document = self._pdf.doc
        self._document._cached_objs = _Recent(MAX_OBJECTS)
        self._document._parsed_objs = _Recent(MAX_BUNDLES)
        self._budget = budget
        self._fonts = names.names
        self._shelf = FontShelf(names)
        most = budget.limits.pages + 1
        self.tree = tree = PageTree(self._document)
        self._pages = list(islice(tree.pages(), most)) or list(islice(tree.loose_pages(), most))

    def __len__(self) -> int:
        return len(self._pages)

    @property
    def metadata(self) -> dict[str, Any]:
        return dict(self._pdf.metadata)

    def read(self, index: int) -> Reading:
        """Read a page. Raises TooMuch when it asks for more than the budget has, and whatever pdfminer raises."""
        node, inherited = self._pages[index]
        try:
            attributes = inherited | dict_value(node)
            frame = frame_of(attributes)
            page = Page(index + 1, frame.width, frame.height, self._fonts)
            self._budget.begin_page()
            interpreter = Interpreter(
                page, frame.ctm, Resources(attributes.get("Resources"), self._shelf), self._budget
            )
            interpreter.run_all(content_of(content) for content in contents_of(attributes))
            unreadable = tidy(page)
            return Reading(page, interpreter.text.outside, interpreter.paths.painted, interpreter.damaged, unreadable)
        finally:
            self._forget()

    def _forget(self) -> None:
        """Let go of the streams that were read for a page; of a bundle of objects only the objects are needed."""
        cached = self._document._cached_objs
        bundles = self._document._parsed_objs
        for number in [n for n, (found, _) in cached.items() if isinstance(found, PDFStream)]:
            if number in bundles:
                cached[number][0].data = b""  # type: ignore[attr-defined]
            else:
                del cached[number]


class _Recent(dict[int, Any]):
    """A cache that forgets the oldest beyond `most`."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def __setitem__(self, key: int, value: Any) -> None:
        super().__setitem__(key, value)
        if len(self) > self._most:
            del self[next(iter(self))]
