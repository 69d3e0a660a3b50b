"""Runs of glyphs -> what continues each other on one baseline. The order in which the file draws them does not matter."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

SPLIT = 0.6  # em; a wider gap ends a chunk. Narrow gutters have .7, the word spaces of justified lines up to 1.5
OVERLAP = 0.35  # em by which neighbours may overlap
ALIKE = 2.1  # ratio of sizes inside a chunk; a drop cap has more, a raised mark less
RAISED = 0.14  # em of the line: a smaller run that stands this much higher is a mark
LOOK_BACK = 24  # chunks of a bucket that a run is tried on
BUCKET = 6.0  # points


@dataclass(slots=True)
class Run:
    """Glyphs `first` up to `last` of the file, on one baseline in one size. Of an open chunk: its last run and its whole."""

    x0: float
    x1: float
    top: float
    bottom: float
    size: float
    first: int
    last: int


@dataclass(slots=True)
class Open:
    """A chunk that still grows: the box, size and number of glyphs of its main run, and all its runs from left to right."""

    x1: float
    top: float
    bottom: float
    size: float
    count: int
    runs: list[Run]
    mixed: bool = False  # a run stands in a gap of another one


def is_raised(size: float, bottom: float, line: float, base: float) -> bool:
    """Whether glyphs are set smaller and higher than a line of this size and baseline."""
    return size < 0.85 * line and base - (bottom - 0.22 * size) > RAISED * line


def sweep(runs: list[Run]) -> list[Open]:
    """Join runs, given from left to right, that continue each other."""
    buckets: dict[int, list[Open]] = defaultdict(list)
    made: list[Open] = []
    for run in runs:
        key = int((run.top + run.bottom) / 2 // BUCKET)
        best: Open | None = None
        within: Open | None = None
        nearest = 0.0
        for near in (key, key - 1, key + 1):
            if near not in buckets:
                continue
            for chunk in buckets[near][-LOOK_BACK:]:
                if (miss := _miss(chunk, run)) is not None and (best is None or miss < nearest):
                    best, nearest = chunk, miss
                elif best is None and _is_within(chunk, run):
                    within = chunk
        if best is None and within is not None:
            within.runs.append(run)
            within.mixed = True
            continue
        if best is None:
            chunk = Open(run.x1, run.top, run.bottom, run.size, run.last - run.first, [run])
            made.append(chunk)
            buckets[key].append(chunk)
            continue
        old = int((best.top + best.bottom) / 2 // BUCKET)
        _grow(best, run)
        new = int((best.top + best.bottom) / 2 // BUCKET)
        if new != old:
            buckets[new].append(best)
    return made


def _miss(chunk: Open, run: Run) -> float | None:
    """How badly a run fits the end of a chunk; None where it does not."""
    em = chunk.size if chunk.size > run.size else run.size
    gap = run.x0 - chunk.x1
    if gap > SPLIT * em or gap < -OVERLAP * em - 0.2:
        return None
    small = chunk.size + run.size - em
    if em > ALIKE * small:
        return None
    top = chunk.top if chunk.top > run.top else run.top
    bottom = chunk.bottom if chunk.bottom < run.bottom else run.bottom
    lower = min(chunk.bottom - chunk.top, run.bottom - run.top)
    if bottom - top < 0.5 * lower:
        return None
    drift = abs((chunk.bottom - 0.22 * chunk.size) - (run.bottom - 0.22 * run.size))
    if small > 0.85 * em and drift > 0.3 * em:
        return None
    return abs(gap) + 2 * drift


def _is_within(chunk: Open, run: Run) -> bool:
    """Whether a run stands in a gap of a line, as a raised mark that is drawn after it."""
    if not (run.x1 < chunk.x1 and 0.4 * chunk.size < run.size < 0.9 * chunk.size and run.last - run.first < 6):
        return False
    shared = min(chunk.bottom, run.bottom) - max(chunk.top, run.top)
    return shared > 0.5 * (run.bottom - run.top) and run.x0 > chunk.runs[0].x0


def _grow(chunk: Open, run: Run) -> None:
    """Add a run to a chunk. The run with the most glyphs gives the chunk its height and size."""
    count = run.last - run.first
    bigger = run.size > 1.15 * chunk.size and chunk.count < 5
    alike = count > chunk.count and run.size > 0.87 * chunk.size
    drift = abs((chunk.bottom - 0.22 * chunk.size) - (run.bottom - 0.22 * run.size))
    after_mark = count > 2 * chunk.count and drift < RAISED * chunk.size
    if bigger or alike or after_mark:
        chunk.top, chunk.bottom, chunk.size = run.top, run.bottom, run.size
        chunk.count = count
    chunk.runs.append(run)
    if run.x1 > chunk.x1:
        chunk.x1 = run.x1
