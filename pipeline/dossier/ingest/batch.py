"""A folder of reports into documents: find the files, read what changed in worker processes, note what became of each."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from dossier import source_map
from dossier.engines.processes import Failure, ProcessEngine
from dossier.errors import InputError
from dossier.ingest.tasks import Task, find_tasks, member_task
from dossier.ingest.worker import Reading, limits_of, read_task
from dossier.records import Document
from dossier.resources import PACKAGE, digest_files
from dossier.store.containers import Container, drop_container, load_containers, save_container
from dossier.store.db import Store
from dossier.store.documents import InputState, drop_input, load_inputs, quarantined, save_input
from dossier.store.forget import CODE as FORGOTTEN
from dossier.store.forget import reason as forgotten_reason
from dossier.store.forget import remember
from dossier.store.shelf import is_forgotten

if TYPE_CHECKING:
    from dossier.ingest.pdf.ocr import Recogniser

OCR_MARK = "+ocr."
_OCR_PART = re.compile(re.escape(OCR_MARK) + r"[A-Za-z_.]+")

Report = Callable[[str, str, str | None], None]  # a path, what became of it, and the reason


def ingest(
    store: Store,
    engine: ProcessEngine,
    corpus: Sequence[Path],
    *,
    limit: int | None = None,
    retry: bool = False,
    again: str | None = None,
    made_with: str = "",
    recogniser: Recogniser | None = None,
    report: Report = lambda path, fate, reason: None,
    note: Report = lambda path, fate, reason: None,
    begin: Callable[[int], None] = lambda total: None,
) -> Counter[str]:
    """Read the files under `corpus` that are new or changed. Returns how many ended how (`unchanged` among them).

    What an archive or a mail holds is read after it, each member an input of its own.

    limit: read at most so many; retry: read the quarantined ones again too; again: the name of who wants back what was
    forgotten; made_with: the fingerprint of the extraction that follows, so that what it failed on is not tried again in the
    same way; recogniser: reads pages that are pictures, and has files read again that were read without it. `begin` hears the
    number of files to read, and then of their members; `report` of each one, after it is on the disk; `note` of folders that
    belong to a saved page and are no reports.
    """
    reader = fingerprint() + (OCR_MARK + recogniser.languages.replace("+", ".") if recogniser else "")
    batch = _Batch(store, reader, (reader, f"{reader}+{made_with}"), retry=retry, again=again, report=report, note=note)
    passed: dict[str, int] = {}
    todo = [
        replace(task, recogniser=recogniser) for task in find_tasks(store.folder, corpus, passed) if batch.is_new(task)
    ]
    batch.pass_over(passed)
    begin(len(todo[:limit]))
    while todo:
        if limit is not None:  # what is but opened again does not count
            again_opened = [task for task in todo if batch.is_unfinished(task)]
            fresh = [task for task in todo if not batch.is_unfinished(task)]
            batch.leave(fresh[limit:])
            todo, limit = again_opened + fresh[:limit], max(0, limit - len(fresh))
        with store.lazily():
            for task, result in _read_all(engine, todo):
                batch.save(task, result)
        todo = batch.members()
        if todo:
            begin(len(todo[:limit]))
    batch.finish()
    return batch.counts


def fingerprint() -> str:
    """The code that reads: where it changed, files are read again."""
    code = [p for folder in ("ingest", "normalize") for p in (PACKAGE / folder).rglob("*.py")]
    maps = [PACKAGE / name for name in source_map.CODE]
    return digest_files((p.relative_to(PACKAGE).as_posix(), p) for p in [*code, *maps])[:16]


def _read_all(engine: ProcessEngine, todo: list[Task]) -> Iterator[tuple[Task, Reading | Failure]]:
    for task in todo:
        if task.fault:
            yield task, Failure(*task.fault)
    yield from engine.map(read_task, [task for task in todo if not task.fault], limits_of)


UNFINISHED = ""  # the reader of a container until all that it holds is read


@dataclass(slots=True)
class _Opened:
    """A file that holds others: how many so far, with those in its members, of how many bytes; whether all of them are read."""

    task: Task
    members: int = 0
    size: int = 0
    whole: bool = True


class _Batch:
    """What is known of the inputs, and what becomes of them."""

    def __init__(
        self, store: Store, reader: str, readers: Collection[str], *, retry: bool, again: str | None, report: Report,
        note: Report,
    ) -> None:  # fmt: skip
        self.store, self.reader, self.readers, self.retry, self.again = store, reader, readers, retry, again
        self.report, self.note = report, note
        self.counts: Counter[str] = Counter()
        self.known = {(i.root, i.path): i for i in load_inputs(store)}
        self.containers = {(c.root, c.path): c for c in load_containers(store)}
        self._held = _by_container(self.known.values(), self.containers.keys())
        self._opened: dict[Path, _Opened] = {}
        self._waiting: list[tuple[Task, Reading]] = []
        self._inner: list[Task] = []  # members that hold others

    def is_new(self, task: Task) -> bool:
        """Whether a file is to be read; counts what is not."""
        key = task.root, task.relative
        container = self.containers.get(key)
        if self.is_unfinished(task):
            return True
        if container is None or task.inside:
            done = self._is_done(self.known.get(key), task)
            self._count_unchanged(int(done))
            return not done
        held = [i for i in self._held[key] if (i.size, i.mtime_ns) == (container.size, container.mtime_ns)]
        as_it_was = (container.size, container.mtime_ns, container.meta_sha256, container.reader) == (
            task.size,
            task.mtime_ns,
            task.meta_sha256,
            self.reader,
        )
        done = as_it_was and all(self._is_done(i, task) for i in held)
        self._count_unchanged(len(held) if done else 0)
        return not done

    def _count_unchanged(self, count: int) -> None:
        if count:
            self.counts["unchanged"] += count

    def _is_done(self, known: InputState | None, task: Task) -> bool:
        if known is None or (self.retry and known.state == "quarantined"):
            return False
        if self.again is not None and known.code == FORGOTTEN:
            return False
        if not any(OCR_MARK in reader for reader in self.readers):  # words that were recognised once are kept
            known = replace(known, reader=_OCR_PART.sub("", known.reader))
        return known.same_file(task.size, task.mtime_ns, task.meta_sha256, self.readers)

    def is_unfinished(self, task: Task) -> bool:
        """Whether a run before this ended when it had read a file, and not yet all that it holds."""
        container = self.containers.get((task.root, task.relative))
        return container is not None and container.reader == UNFINISHED

    def save(self, task: Task, result: Reading | Failure) -> None:
        """Note what became of a file. What it holds waits for `members`."""
        outcome = (result.document or result.failure) if isinstance(result, Reading) else result
        holds = isinstance(result, Reading) and result.holds
        if holds:  # first: a mail that is read has its attachments still to come
            save_container(self.store, _container(task, UNFINISHED))
            if task.inside:
                self._inner.append(task)
        if outcome is not None:
            self._save(task, outcome)
        if isinstance(result, Reading) and holds:
            self._waiting.append((task, result))
            if outcome is None:  # it is no report itself
                drop_input(self.store, task.root, task.relative)
                count = len(result.members)
                self.report(task.relative, "opened", f"{count} file{'' if count == 1 else 's'} in it")
        elif (task.root, task.relative) in self.containers:
            drop_container(self.store, task.root, task.relative)

    def _save(self, task: Task, result: Document | Failure) -> None:
        state = InputState(
            task.root,
            task.relative,
            task.size,
            task.mtime_ns,
            None,
            task.meta_sha256,
            self.reader,
            "quarantined",
            "x",
            "x",
        )
        if isinstance(result, Document) and is_forgotten(self.store, result.id):
            if self.again is None:
                state = replace(state, sha256=result.sha256)
                result = Failure(FORGOTTEN, forgotten_reason())
            else:
                remember(self.store, result.id, user=self.again)
        if isinstance(result, Failure):
            state = quarantined(state, InputError(result.code, result.reason))
            save_input(self.store, state, None)
        else:
            state = replace(
                state,
                sha256=result.sha256,
                state="warned" if result.warnings else "done",
                code=None,
                reason="; ".join(w.message for w in result.warnings) or None,
                document=result.id,
            )
            save_input(self.store, state, result)
        self.counts[state.state] += 1
        self.report(task.relative, state.state, state.reason)

    def members(self) -> list[Task]:
        """The tasks of what the files hold that were read since this was asked last."""
        from dossier.ingest.containers import refuse_too_much

        todo: list[Task] = []
        for task, reading in sorted(self._waiting, key=lambda waiting: waiting[0].relative):
            top = self._opened.setdefault(task.path, _Opened(task))
            count = top.members + len(reading.members)
            size = top.size + sum(member.size for member in reading.members if not member.fault)
            try:
                refuse_too_much(count, size)
            except InputError as error:
                self._save(task, Failure(error.code, error.reason))
                continue
            top.members, top.size = count, size
            self.pass_over({f"{task.relative}/{folder}": count for folder, count in reading.passed.items()})
            todo += [each for member in reading.members if self.is_new(each := member_task(task, member))]
        self._waiting.clear()
        return todo

    def pass_over(self, passed: dict[str, int]) -> None:
        """Tell of files that belong to a saved page."""
        for folder, count in sorted(passed.items()):
            self.counts["passed over"] += count
            self.note(f"{folder}/", "passed over", f"{count} file{'' if count == 1 else 's'} of a saved page")

    def leave(self, tasks: Sequence[Task]) -> None:
        """Tell of what this run does not get to."""
        for task in tasks:
            if task.path in self._opened:
                self._opened[task.path].whole = False

    def finish(self) -> None:
        """Note the files whose members are all read: while they do not change, they are not opened again."""
        for opened in self._opened.values():
            if opened.whole:
                task = opened.task
                save_container(self.store, _container(task, self.reader))
        for task in self._inner:
            if self._opened[task.path].whole:  # only what is not finished is kept of these
                drop_container(self.store, task.root, task.relative)


def _container(task: Task, reader: str) -> Container:
    return Container(task.root, task.relative, task.size, task.mtime_ns, task.meta_sha256, reader)


def _by_container(
    inputs: Collection[InputState], containers: Collection[tuple[str, str]]
) -> defaultdict[tuple[str, str], list[InputState]]:
    """The inputs that are a container's own, or lie in it."""
    found: defaultdict[tuple[str, str], list[InputState]] = defaultdict(list)
    for each in inputs:
        path = each.path
        while path:
            if (each.root, path) in containers:
                found[each.root, path].append(each)
            path = path.rpartition("/")[0]
    return found
