"""Pages of PDFs: their pictures, drawn in a process of its own under limits, and the words on them with their boxes."""

from __future__ import annotations

import asyncio
import re
import threading
import time
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
USUAL = 1200
CACHE_BYTES = 96 << 20
FAILED_FOR = 60.0  # seconds until a page that could not be drawn is tried again
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
    """`draw` runs in the child process: a function of a module, which gets a PageTask and returns what a Picture holds."""

    def __init__(self, draw: Callable[[PageTask], tuple[bytes, float, float]], limits: Limits = LIMITS) -> None:
        self._draw = draw
        self._engine = ProcessEngine(1, limits=limits)
        self._thread = ThreadPoolExecutor(1, "pages")
        self._waiting = 0
        self._pictures: Recent[PageTask, Picture] = Recent(CACHE_BYTES, lambda picture: len(picture.png))
        self._failures: Recent[PageTask, tuple[float, Failure]] = Recent(1000)
        self._maps: Recent[tuple[str, str], BoxMap] = Recent(4)

    async def picture(self, place: Place, page: int, width: int) -> Picture:
        """Raises Refusal where there is no such page, or it cannot be drawn."""
        found = await self._ask(place, page, width)
        if isinstance(found, Failure):
            say = f"page {page} cannot be drawn: {found.reason}; the text beside it is whole"
            raise Refusal(422, "no_picture", say, reason=found.code)
        return found

    async def size(self, place: Place, page: int) -> tuple[float, float] | None:
        """Of a page, in points; None where it cannot be drawn."""
        found = await self._ask(place, page, USUAL)
        return None if isinstance(found, Failure) else (found.width, found.height)

    async def _ask(self, place: Place, page: int, width: int) -> Picture | Failure:
        if not 1 <= page <= place.pages:
            raise Refusal(404, "no_such_page", f"there is no page {page}; the document has {place.pages}")
        task = PageTask(place.path, place.sha256, page, next((w for w in WIDTHS if w >= width), WIDTHS[-1]))
        found = self._find(task)
        if found is not None:
            return found
        if self._waiting >= MOST_WAITING:
            raise Refusal(503, "busy", f"{MOST_WAITING} pages wait to be drawn; try again", {"retry-after": "1"})
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, self._make, task)
        finally:
            self._waiting -= 1

    def _find(self, task: PageTask) -> Picture | Failure | None:
        until, failure = self._failures.get(task) or (0.0, None)
        return failure if failure and time.monotonic() < until else self._pictures.get(task)

    def _make(self, task: PageTask) -> Picture | Failure:
        found = self._find(task)  # another may have asked for the same meanwhile
        if found is not None:
            return found
        [(_, made)] = self._engine.map(self._draw, [task])
        if isinstance(made, Failure):
            self._failures.put(task, (time.monotonic() + FAILED_FOR, made))
            return made
        picture = Picture(*made)
        self._pictures.put(task, picture)
        return picture

    def words(
        self, store: Store, document: str, place: Place, page: int, size: tuple[float, float] | None
    ) -> dict[str, Any]:
        """The size of a page in points, and its words: `[x0, top, x1, bottom, start, end]`, one line of a word each."""
        text = store.one("SELECT text FROM document WHERE id = ?", (document,))
        boxes = self._map(store, document, place)
        words: list[list[float]] = []
        for start, end in boxes.on_page(page):
            for word in WORD.finditer(text, start, end):
                for number, *box in boxes.boxes(word.start(), word.end()):
                    if number == page:
                        words.append([*box, word.start(), word.end()])
        width, height = size or _around(words)
        return {"width": width, "height": height, "words": words}

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


def _around(words: list[list[float]]) -> tuple[float, float]:
    """A page that is large enough, where its size is not known."""
    return max([595.0, *(word[2] + 36 for word in words)]), max([842.0, *(word[3] + 36 for word in words)])


def find_place(store: Store, document: str) -> Place:
    """The file of a document that is a PDF. Raises Refusal where there is none."""
    row = store.db.execute(
        "SELECT d.media_type, d.sha256, json_extract(d.layout, '$.pages'), d.text_sha256, i.root, i.path FROM document d "
        "LEFT JOIN input i ON i.document = d.id WHERE d.id = ? ORDER BY i.path, i.root LIMIT 1",
        (document,),
    ).fetchone()
    assert row is not None  # the caller saw that it is there
    media_type, sha256, pages, text_sha256, root, path = row
    if media_type != PDF:
        raise Refusal(404, "no_pages", f"a file of type {media_type} has no pages; its text is shown")
    if path is None:
        raise Refusal(404, "no_file", "the file is no longer in the corpus; its text is kept")
    return Place(store.folder / root / path, sha256, pages or 0, text_sha256)
