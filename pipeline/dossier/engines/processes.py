"""A batch spread over processes of this machine.

Each worker is a fresh process (`spawn`) that takes one task after another. A worker that dies, hangs or outgrows its
memory costs the one task it held: the task comes back as a `Failure`, and a new worker takes its place. So does one that
a task left large. Workers ignore Ctrl-C, which is the parent's to handle, and end by themselves when the parent is gone.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

from dossier.errors import ConfigError, InputError

T = TypeVar("T")
R = TypeVar("R")

MEGABYTE = 1 << 20
WORN = 0.5  # of its limit, that a task left a process larger
# a worker is one thread: more would fight over the cores that the other workers have
ONE_THREAD = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "TOKENIZERS_PARALLELISM": "false",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """What one task may use: wall-clock `seconds`, and `memory_mb` of address space beyond the loaded program."""

    seconds: float = 300.0
    memory_mb: int = 3000


@dataclass(frozen=True, slots=True)
class Failure:
    """A task that gave no result. `code`: an InputError's, or timeout, memory, crashed, internal_error; or config, when a file
    of configs does not read and no task can go well."""

    code: str
    reason: str


class ProcessEngine:
    """`workers` processes that stay for the life of the engine; started when the first task needs them.

    `initializer(*arguments)` runs once in each new worker, inside its first task's time. nice: how far they give way to other
    processes of the machine, 0 to 19.
    """

    def __init__(
        self,
        workers: int,
        *,
        limits: Limits | None = None,
        initializer: Callable[..., None] | None = None,
        arguments: tuple[Any, ...] = (),
        nice: int = 0,
    ) -> None:
        self._context = multiprocessing.get_context("spawn")
        self._limits = limits or Limits()
        self._setup = (initializer, arguments, nice)
        self._size = max(1, workers)
        self._workers: list[_Worker[Any]] = []

    def map(
        self, function: Callable[[T], R], tasks: Iterable[T], limits_of: Callable[[T], Limits] | None = None
    ) -> Iterator[tuple[T, R | Failure]]:
        """Run `function` on every task; pairs come back as they are done, one for each task, in no fixed order.

        limits_of: what a task may use, where that is not the engine's own limits.
        """
        source = iter(tasks)
        more = True
        while more or any(w.busy for w in self._workers):
            more = more and self._fill(function, source, limits_of or (lambda task: self._limits))
            yield from self._collect()

    def _fill(self, function: Callable[[T], R], source: Iterator[T], limits_of: Callable[[T], Limits]) -> bool:
        """Give every idle worker a task, and tell whether there may be more; a task is made only when it is given."""
        while len(idle := [w for w in self._workers if not w.busy]) or len(self._workers) < self._size:
            try:
                task = next(source)
            except StopIteration:
                return False
            if not idle:
                idle = [_Worker[Any](self._context, self._setup)]
                self._workers += idle
            idle[0].give(function, task, limits_of(task))
        return True

    def _collect(self) -> Iterator[tuple[Any, Any]]:
        busy = [worker for worker in self._workers if worker.busy]
        patience = min((worker.seconds_left() for worker in busy), default=0.0)
        ready = set(wait([worker.pipe for worker in busy], timeout=max(0.0, patience)))
        for worker in busy:
            if worker.pipe in ready:
                yield worker.take()
            elif worker.seconds_left() <= 0:
                yield worker.task, Failure("timeout", f"no result after {worker.limits.seconds:.0f} s; it was stopped")
                worker.stop()
        self._workers = [worker for worker in self._workers if not worker.broken]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        for worker in self._workers:
            worker.stop()
        self._workers.clear()


class _Worker(Generic[T]):
    def __init__(self, context: Any, setup: tuple[Any, ...]) -> None:
        self.pipe, far = context.Pipe()
        self._process = context.Process(target=_work, args=(far, setup), daemon=True)
        self._process.start()
        far.close()
        self.limits = Limits()
        self.busy = self.broken = False
        self.task: Any = None
        self._began = 0.0

    def give(self, function: Callable[[T], Any], task: T, limits: Limits) -> None:
        self.task, self.limits, self.busy, self._began = task, limits, True, time.monotonic()
        with suppress(BrokenPipeError, ConnectionResetError):  # it died while idle: take() reports it
            self.pipe.send((function, task, limits.memory_mb))

    def take(self) -> tuple[T, Any]:
        task, self.busy = self.task, False
        try:
            result, worn = self.pipe.recv()
            if worn:
                self.stop()
            return task, result
        except (EOFError, ConnectionResetError):
            self._process.join(5)
            code = self._process.exitcode
            self.stop()
            how = f"signal {signal.Signals(-code).name}" if code is not None and code < 0 else f"exit code {code}"
            return task, Failure("crashed", f"the process that worked on it ended ({how})")

    def seconds_left(self) -> float:
        return self._began + self.limits.seconds - time.monotonic()

    def stop(self) -> None:
        self.broken, self.busy = True, False
        self._process.kill()
        self._process.join(5)
        self.pipe.close()


def _work(pipe: Connection, setup: tuple[Callable[..., None] | None, tuple[Any, ...], int]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for name, value in ONE_THREAD.items():  # before numpy or tokenizers is imported
        os.environ.setdefault(name, value)
    initializer, arguments, nice = setup
    os.nice(nice)
    began = False
    while True:
        try:
            function, task, memory_mb = pipe.recv()
        except (EOFError, OSError):
            os._exit(0)  # the parent is gone
        if not began:
            began = True
            if initializer is not None:
                initializer(*arguments)
        before, resident = _pages_in_use()
        _limit_memory(before, memory_mb)
        result = _attempt(function, task)
        # a process gives little back of what it once took: one that a task left large would fail the next ones
        grown = (_pages_in_use()[1] - resident) * os.sysconf("SC_PAGE_SIZE")
        worn = grown > memory_mb * MEGABYTE * WORN or (isinstance(result, Failure) and result.code == "memory")
        try:
            pipe.send((result, worn))
        except (BrokenPipeError, ConnectionResetError):
            os._exit(0)


def _attempt(function: Callable[[Any], Any], task: Any) -> Any:
    try:
        return function(task)
    except InputError as error:
        return Failure(error.code, error.reason)
    except ConfigError as error:
        return Failure("config", str(error))
    except MemoryError:
        return Failure("memory", "it needs more memory than a worker may use")
    except Exception as error:
        where = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{os.path.basename(where.filename)}:{where.lineno}"  # noqa: PTH119
        return Failure(
            "internal_error", f"{type(error).__name__} at {place}: {error}; please report this with the file"
        )


def _pages_in_use() -> tuple[int, int]:
    """The pages of address space and of memory that this process has; zeros where the system does not count them."""
    try:
        with open("/proc/self/statm") as file:  # noqa: PTH123
            mapped, resident = file.read().split()[:2]
        return int(mapped), int(resident)
    except (OSError, ValueError):
        return 0, 0


def _limit_memory(mapped: int, memory_mb: int) -> None:
    """Cap the address space at the pages mapped now plus `memory_mb`, where the system counts them."""
    if mapped == 0:
        return
    ceiling = mapped * os.sysconf("SC_PAGE_SIZE") + memory_mb * MEGABYTE
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (ceiling if hard == resource.RLIM_INFINITY else min(ceiling, hard), hard))
