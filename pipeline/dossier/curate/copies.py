"""Documents that are one report: the same text in another format or place, and newer issues of an older text.

Found by their words, never by the names of their files. Such documents count as one source.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import astuple
from functools import partial

import numpy as np
import numpy.typing as npt
import orjson

from dossier.curate.versions import Version, compare_dates, compare_versions, read_version, series_key, title_key
from dossier.normalize.names import fold
from dossier.normalize.shingles import SKETCH_VERSION, Likeness, Sketch, compare, make_sketch
from dossier.records import Document
from dossier.store.copies import Issue, are_current, load_issues, load_sketches, save_copies, save_sketches
from dossier.store.db import Store
from dossier.store.documents import load_document

RULES = 1  # raised whenever the same documents would be judged otherwise
FEWEST = 8  # numbers, from some 40 words; less text proves nothing
ALIKE = 0.6  # of both texts together: one report in which a tenth of the words were changed
SHARED = 0.8  # of the smaller text: a copy that was shortened, or has more around it
HALF = 0.5  # of the larger text, that a shortened copy has at least; a collection of reports is no copy of each
REVISED = 0.3  # of the smaller text, where title and date say that it is another issue
UNCHANGED = 0.95  # of both together: the same issue, whatever its date; two formats differ by a heading or a caption
LOWEST = 64  # numbers of a text by which others with the same ones are looked for
WINDOW = 8  # texts with a number in common that are compared with each other; of more, each with its neighbours
BATCH = 500  # sketches that are saved at a time
Pair = tuple[int, int]


def find_copies(store: Store) -> bool:
    """Find copies and newer issues among the documents that stand. Returns whether there was anything new to look at."""
    issues = load_issues(store)
    digest = hashlib.sha256(orjson.dumps([RULES, SKETCH_VERSION, *map(astuple, issues)])).hexdigest()
    if are_current(store, digest):
        return False
    sketches = _sketches(store, issues)
    versions: dict[int, Version] = {}

    def by_version(i: int, j: int) -> int:
        for each in {i, j} - versions.keys():
            versions[each] = read_version(load_document(store, issues[each].document))
        return compare_versions(versions[i], versions[j])

    same: list[Pair] = []
    newer: list[Pair] = []
    for i, j in find_candidates(sketches):
        sizes = min(len(sketches[i]), len(sketches[j])) / max(len(sketches[i]), len(sketches[j]))
        order = judge(issues[i], issues[j], compare(sketches[i], sketches[j]), sizes, partial(by_version, i, j))
        if order:
            newer.append((i, j) if order > 0 else (j, i))
        elif order is not None:
            same.append((i, j))
    groups, pairs = settle(same, newer)
    ids = [issue.document for issue in issues]
    save_copies(store, {ids[i]: ids[g] for i, g in groups.items()}, {(ids[a], ids[b]) for a, b in pairs}, digest)
    return True


def judge(one: Issue, other: Issue, likeness: Likeness, sizes: float, versions: Callable[[], int]) -> int | None:
    """0 for two copies of one issue, 1 or -1 where the first or the second is a newer issue of the other, None for two reports.

    sizes: the smaller text as a share of the larger; versions: how the versions that they state compare, asked where the dates
    do not tell.
    """
    is_near = likeness.alike >= ALIKE or (likeness.shared >= SHARED and sizes >= HALF)
    if not is_near and (likeness.shared < REVISED or not _agree(title_key(one.title), title_key(other.title))):
        return None
    if likeness.alike < UNCHANGED and _is_one_series(one, other):
        order = compare_dates(one.date, other.date) or versions()
        if order:
            return order
    return 0 if is_near else None


def _is_one_series(one: Issue, other: Issue) -> bool:
    """Whether two reports can be issues of one: of one publisher, as far as that is known, and of one title or publisher."""
    publishers = [each.publisher and fold(each.publisher) for each in (one, other)]
    if all(publishers):
        return publishers[0] == publishers[1]
    return _agree(series_key(one.title), series_key(other.title))


def _agree(one: str | None, other: str | None) -> bool:
    return one is not None and one == other


# --------------------------------------------------------------------------- many texts


def find_candidates(sketches: Sequence[Sketch]) -> Iterator[Pair]:
    """Pairs of texts that have enough in common to be compared, in order.

    The lowest numbers of all texts are sorted together, so that equal ones stand side by side; each is paired with the next few.
    """
    lowest = [sketch[:LOWEST] if len(sketch) >= FEWEST else sketch[:0] for sketch in sketches]
    numbers = np.concatenate([*lowest, np.empty(0, np.uint64)])
    owners = np.repeat(np.arange(len(lowest)), [len(each) for each in lowest])
    order = np.argsort(numbers, kind="stable")  # and by text, as they came
    numbers, owners = numbers[order], owners[order]
    found: list[npt.NDArray[np.int64]] = []
    for step in range(1, WINDOW):
        at = np.flatnonzero(numbers[step:] == numbers[:-step])
        found.append(owners[at] * len(lowest) + owners[at + step])
    pairs, counts = np.unique(np.concatenate(found), return_counts=True)
    for pair, count in zip(pairs.tolist(), counts.tolist(), strict=True):
        i, j = divmod(pair, len(lowest))
        fewest = min(len(lowest[i]), len(lowest[j]))
        if count >= 2 or fewest < LOWEST // 2:
            yield i, j


def settle(same: Sequence[Pair], newer: Sequence[Pair]) -> tuple[dict[int, int], set[Pair]]:
    """Groups of copies, and which group is newer than which.

    Returns the group of each text that has any kin, named by its first text, and pairs of groups. What would have a group
    newer than itself, or two groups each newer than the other, is left out.
    """
    leader: dict[int, int] = {}

    def find(i: int) -> int:
        leader.setdefault(i, i)
        while leader[i] != i:
            leader[i] = leader[leader[i]]
            i = leader[i]
        return i

    for i, j in same:
        a, b = sorted((find(i), find(j)))
        leader[b] = a
    pairs = {(find(i), find(j)) for i, j in newer}
    pairs = {(a, b) for a, b in pairs if a != b and (b, a) not in pairs}
    return {i: find(i) for i in list(leader)}, pairs


def _sketches(store: Store, issues: Sequence[Issue]) -> list[Sketch]:
    """The sketch of every document; those that are missing are made and kept."""
    known = load_sketches(store, SKETCH_VERSION)
    missing = [issue for issue in issues if issue.document not in known]
    for start in range(0, len(missing), BATCH):
        made = [(issue, _pack(load_document(store, issue.document))) for issue in missing[start : start + BATCH]]
        save_sketches(store, SKETCH_VERSION, made)
        known |= {issue.document: numbers for issue, numbers in made}
    return [np.frombuffer(known[issue.document], "<u8").astype(np.uint64) for issue in issues]


def _pack(document: Document) -> bytes:
    return make_sketch(running_text(document)).astype("<u8").tobytes()


def running_text(document: Document) -> str:
    """The text without notes and their markers, which copies in other formats have elsewhere or not at all."""
    markers = sorted({(marker.start, marker.end) for note in document.notes for marker in note.markers})
    pieces: list[str] = []
    number = 0
    for block in document.blocks:
        at = block.start
        while number < len(markers) and markers[number][0] < block.end:
            start, end = markers[number]
            if start >= at and block.kind != "note":
                pieces.append(document.text[at:start])
                at = end
            number += 1
        if block.kind != "note":
            pieces += (document.text[at : block.end], "\n")
    return "".join(pieces)
