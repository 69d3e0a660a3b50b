"""The threads that touch the database: each has a connection of its own, and one of them alone writes.

SQLite has one writer, so writes queue here in the order in which they came, not at the database's lock. A call returns
after the commit, or not at all.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Generic, TypeVar

from dossier.errors import BusyError
from dossier.review.web.replies import Refusal
from dossier.store.db import DATABASE, Store, explained, open_store

D = TypeVar("D")
T = TypeVar("T")
READERS = 4
MOST_WAITING = 512  # calls in one queue


class Workers(Generic[D]):
    """`make(store)` is called once in each thread; what it returns is what the thread's calls are given."""

    def __init__(self, folder: Path, make: Callable[[Store], D], readers: int = READERS) -> None:
        self._folder, self._make = folder, make
        self._mine = threading.local()
        self._open = ExitStack()
        self._lock = threading.Lock()
        self._readers = ThreadPoolExecutor(readers, "reader")
        self._writer = ThreadPoolExecutor(1, "writer")
        self._waiting = {self._readers: 0, self._writer: 0}

    async def read(self, function: Callable[[D], T]) -> T:
        return await self._call(self._readers, function)

    async def write(self, function: Callable[[D], T]) -> T:
        """Run what changes the database. It goes on to its end though the caller is cancelled meanwhile."""
        return await self._call(self._writer, function)

    async def _call(self, threads: ThreadPoolExecutor, function: Callable[[D], T]) -> T:
        if self._waiting[threads] >= MOST_WAITING:
            raise Refusal(503, "busy", "too much is waiting to be done; try again", {"retry-after": "1"})
        self._waiting[threads] += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(threads, self._run, function)
        except BusyError as error:
            raise Refusal(503, "busy", str(error), {"retry-after": "1"}) from error
        finally:
            self._waiting[threads] -= 1

    def _run(self, function: Callable[[D], T]) -> T:
        with explained(self._folder / DATABASE):
            return function(self._desk())

    def _desk(self) -> D:
        """What this thread works with, made when it is first needed."""
        if not hasattr(self._mine, "desk"):
            with self._lock:
                store = self._open.enter_context(open_store(self._folder))
            self._mine.desk = self._make(store)
        desk: D = self._mine.desk
        return desk

    def close(self) -> None:
        """Let what has begun come to its end, and close the connections."""
        for threads in (self._writer, self._readers):
            threads.shutdown(wait=True, cancel_futures=True)
        self._open.close()
