"""Pages of PDFs: their pictures, drawn in a process of its own under limits, and the words on them with their boxes."""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

from dossier.boxes import BoxMap
from dossier.engines.processes import Failure, Limits, ProcessEngine
from dossier.review.web.replies import Refusal
from dossier.store.db import Store

PDF = "application/pdf"
LIMITS = Limits(seconds=30.0, memory_mb=1200)
WIDTHS = (400, 800, 1200, 1600, 2400)  # pixels; few, so that pictures are found again
CACHE_BYTES = 96 << 20
MOST_WAITING = 64
WORD = re.compile(r"\S+")

K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class PageTask:
    """A page to draw. `sha256`: of the file as it was read; `width`: of the picture, pixels."""

    path: Path
    sha256: str
    page: int
    width: int


class Picture(NamedTuple):
    """`width` and `height`: of the page as a person sees it, in points."""

    png: bytes
    width: float
    height: float


class Place(NamedTuple):
    """Where the file of a document lies, and what it must be."""

    path: Path
    sha256: str
    pages: int
    text_sha256: str


class Recent(Generic[K, V]):
    """The last values asked for, up to a weight in all."""

    def __init__(self, most: int, weigh: Callable[[V], int] = lambda value: 1) -> None:
        self._values: OrderedDict[K, V] = OrderedDict()
        self._most, self._weigh, self._weight = most, weigh, 0
        self._lock = threading.Lock()

    def get(self, key: K) -> V | None:
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
            return self._values.get(key)

    def put(self, key: K, value: V) -> None:
        with self._lock:
            if key in self._values:
                self._weight -= self._weigh(self._values.pop(key))
            self._values[key] = value
            self._weight += self._weigh(value)
            while self._weight > self._most and len(self._values) > 1:
                self._weight -= self._weigh(self._values.popitem(last=False)[1])


class Pages:
    """`draw` runs in the child process: a function of a module, which gets a PageTask."""

    def __init__(self, draw: Callable[[PageTask], tuple[bytes, float, float]], limits: Limits = LIMITS) -> None:
        self._draw = draw
        self._engine = ProcessEngine(1, limits=limits)
        self._thread = ThreadPoolExecutor(1, "pages")
        self._waiting = 0
        self._pictures: Recent[PageTask, Picture | Failure] = Recent(CACHE_BYTES, _weigh)
        self._maps: Recent[tuple[str, str], BoxMap] = Recent(4)

    def picture(self, place: Place, page: int, width: int) -> Picture:
        """Blocks until the page is drawn. Raises Refusal where it cannot be."""
        _check_page(place, page)
        wide = next((each for each in WIDTHS if each >= width), WIDTHS[-1])
        task = PageTask(place.path, place.sha256, page, wide)
        found = self._pictures.get(task)
        if found is None:
            found = self._ask(task)
        if isinstance(found, Failure):
            say = f"page {page} cannot be drawn: {found.reason}; the text beside it is whole"
            raise Refusal(422, "no_picture", say, reason=found.code)
        return found

    def _ask(self, task: PageTask) -> Picture | Failure:
        if self._waiting >= MOST_WAITING:
            raise Refusal(503, "busy", f"{MOST_WAITING} pages wait to be drawn; try again", {"retry-after": "1"})
        self._waiting += 1
        try:
            return self._thread.submit(self._make, task).result()
        finally:
            self._waiting -= 1

    def _make(self, task: PageTask) -> Picture | Failure:
        found = self._pictures.get(task)  # another may have asked for the same meanwhile
        if found is None:
            [(_, made)] = self._engine.map(self._draw, [task])
            found = made if isinstance(made, Failure) else Picture(*made)
            self._pictures.put(task, found)
        return found

    def words(self, store: Store, document: str, place: Place, page: int) -> dict[str, Any]:
        """The size of a page in points, and its words: `[x0, top, x1, bottom, start, end]`, one line of a word each."""
        _check_page(place, page)
        text = store.one("SELECT text FROM document WHERE id = ?", (document,))
        boxes = self._map(store, document, place)
        words: list[list[float]] = []
        for start, end in boxes.on_page(page):
            for word in WORD.finditer(text, start, end):
                for number, *box in boxes.boxes(word.start(), word.end()):
                    if number == page:
                        words.append([*box, word.start(), word.end()])
        width, height = self._size(place, page, words)
        return {"width": width, "height": height, "words": words}

    def _size(self, place: Place, page: int, words: list[list[float]]) -> tuple[float, float]:
        try:
            found = self.picture(place, page, WIDTHS[2])
        except Refusal:  # words without a picture keep their places
            edges = words or [[0.0, 0.0, 559.0, 806.0]]
            return max(word[2] for word in edges) + 36, max(word[3] for word in edges) + 36
        return found.width, found.height

    def _map(self, store: Store, document: str, place: Place) -> BoxMap:
        key = document, place.text_sha256
        found = self._maps.get(key)
        if found is None:
            found = BoxMap.from_bytes(store.one("SELECT offsets FROM document WHERE id = ?", (document,)))
            self._maps.put(key, found)
        return found

    def close(self) -> None:
        self._thread.shutdown(wait=True, cancel_futures=True)
        self._engine.__exit__(None, None, None)


def find_place(store: Store, document: str) -> Place:
    """The file of a PDF document. Raises Refusal where there is none."""
    row = store.db.execute(
        "SELECT d.media_type, d.sha256, json_extract(d.layout, '$.pages'), d.text_sha256, i.root, i.path FROM document d "
        "LEFT JOIN input i ON i.document = d.id WHERE d.id = ? ORDER BY i.path, i.root LIMIT 1",
        (document,),
    ).fetchone()
    if row is None:
        raise Refusal(404, "no_document", f"there is no document {document[:80]!r}; the list of documents has them all")
    media_type, sha256, pages, text_sha256, root, path = row
    if media_type != PDF:
        raise Refusal(404, "no_pages", f"a file of type {media_type} has no pages; its text is shown")
    if path is None:
        raise Refusal(404, "no_file", "the file is no longer in the corpus; its text is kept")
    return Place(store.folder / root / path, sha256, pages or 0, text_sha256)


def _check_page(place: Place, page: int) -> None:
    if not 1 <= page <= place.pages:
        raise Refusal(404, "no_such_page", f"there is no page {page}; the document has {place.pages}")


def _weigh(made: Picture | Failure) -> int:
    return 1000 if isinstance(made, Failure) else len(made.png)
