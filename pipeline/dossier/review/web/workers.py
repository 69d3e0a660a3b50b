"""The threads that touch the database: each has a connection of its own, and one of them alone writes.

SQLite has one writer, so writes queue here in the order in which they came, not at the database's lock. A call returns
after the commit, or not at all.
"""

from __future__ import annotations

import asyncio
import os
import threading
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Generic, TypeVar

from dossier.errors import BusyError
from dossier.review.web.replies import Refusal
from dossier.store.db import DATABASE, Store, explained, open_store

D = TypeVar("D")
T = TypeVar("T")
READERS = max(2, min(4, os.cpu_count() or 1))
MOST_WAITING = 512  # calls in one queue
CHECKPOINT = 25  # writes


class Workers(Generic[D]):
    """`make(store)` is called once in each thread; what it returns is what the thread's calls are given."""

    def __init__(self, folder: Path, make: Callable[[Store], D], readers: int = READERS) -> None:
        self._folder, self._make = folder, make
        self._mine = threading.local()
        self._open = ExitStack()
        self._lock = threading.Lock()
        self._readers = ThreadPoolExecutor(readers, "reader")
        self._writer = ThreadPoolExecutor(1, "writer")
        self._written = 0
        self._waiting = {self._readers: 0, self._writer: 0}

    async def read(self, function: Callable[[D], T]) -> T:
        return await self._call(self._readers, function)

    async def write(self, function: Callable[[D], T]) -> T:
        """Run what changes the database. It goes on to its end though the caller is cancelled meanwhile."""
        done = await self._call(self._writer, function)
        self._written += 1
        if self._written % CHECKPOINT == 0:
            with suppress(RuntimeError):  # the server ends
                self._readers.submit(self._checkpoint)
        return done

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
        try:
            with explained(self._folder / DATABASE):
                return function(self._desk())
        except BaseException as error:
            # a cursor that a frame of the error keeps open would hold the connection at what it read then
            traceback.clear_frames(error.__traceback__)
            if error.__cause__ is not None:
                traceback.clear_frames(error.__cause__.__traceback__)
            raise

    def _desk(self) -> D:
        """What this thread works with, made when it is first needed."""
        if not hasattr(self._mine, "desk"):
            with self._lock:
                store = self._open.enter_context(open_store(self._folder))
            self._mine.desk = self._make(store)
        desk: D = self._mine.desk
        return desk

    def _checkpoint(self) -> None:
        """Move what was written from the log into the database, so that no writer has to."""
        with self._lock, open_store(self._folder) as store:
            store.db.execute("PRAGMA wal_checkpoint(PASSIVE)")

    def close(self) -> None:
        """Let what has begun come to its end, and close the connections."""
        for threads in (self._writer, self._readers):
            threads.shutdown(wait=True, cancel_futures=True)
        self._open.close()
