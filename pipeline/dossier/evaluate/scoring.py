"""What a model proposed against what people marked.

Strict: the same characters and the same label. Lenient: any overlap under the same label; one proposal answers one
mention, so that a proposal over two names counts once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import NamedTuple

from dossier.gold import GoldRecord, GoldSpan
from dossier.records import Found, Span

_PLACE = attrgetter("start", "end")


@dataclass(frozen=True, slots=True)
class Judged:
    """One text with what is wanted in it and what of a model's proposals counts, both in order."""

    record: GoldRecord
    wanted: tuple[GoldSpan, ...]
    got: tuple[Found, ...]


class Pair(NamedTuple):
    """A mention and its proposal; one of them is None where it was missed, or is spurious."""

    wanted: GoldSpan | None
    got: Found | None

    @property
    def label(self) -> str:
        return (self.wanted or self.got).label  # type: ignore[union-attr]

    @property
    def start(self) -> int:
        return (self.wanted or self.got).start  # type: ignore[union-attr]


@dataclass(frozen=True, slots=True)
class Score:
    """Counts, and the precision, recall and F1 that follow; 0 where there is nothing to divide."""

    right: int
    spurious: int
    missed: int
    precision: float = field(init=False)
    recall: float = field(init=False)
    f: float = field(init=False)

    def __post_init__(self) -> None:
        set_ = object.__setattr__
        set_(self, "precision", _share(self.right, self.right + self.spurious))
        set_(self, "recall", _share(self.right, self.right + self.missed))
        set_(self, "f", _share(2 * self.right, 2 * self.right + self.spurious + self.missed))


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def judge(record: GoldRecord, found: Iterable[Found], labels: Sequence[str]) -> Judged:
    """Leave out what says nothing: other labels, and proposals in ignored stretches.

    Where a mention shares characters with an ignored stretch (`re3d_named` lists a mention that it also keeps), the
    mention holds, and only the rest of the stretch is ignored. The same proposal twice counts once.
    """
    wanted = sorted((s for s in record.spans if s.label in labels), key=_PLACE)
    marked = {(s.start, s.end, s.label) for s in wanted}
    silent = _silent(record)
    best: dict[tuple[int, int, str], Found] = {}
    for one in found:
        key = (one.start, one.end, one.label)
        if one.label not in labels or (key not in marked and _touches(one, silent)):
            continue
        if key not in best or one.confidence > best[key].confidence:
            best[key] = one
    return Judged(record, tuple(wanted), tuple(sorted(best.values(), key=_PLACE)))


def _silent(record: GoldRecord) -> list[Span]:
    """The ignored stretches without the characters of mentions."""
    left = list(record.ignore)
    for span in record.spans:
        cut = []
        for one in left:
            if one.end <= span.start or span.end <= one.start:
                cut.append(one)
                continue
            cut += [Span(s, e) for s, e in ((one.start, span.start), (span.end, one.end)) if record.text[s:e].strip()]
        left = cut
    return left


def _touches(one: Found, stretches: Iterable[Span]) -> bool:
    return any(s.start < one.end and one.start < s.end for s in stretches)


def pair_strict(judged: Judged) -> list[Pair]:
    """Pair what is equal in characters and label; the rest stands alone."""
    got = {(one.start, one.end, one.label): one for one in judged.got}
    pairs = [Pair(span, got.pop((span.start, span.end, span.label), None)) for span in judged.wanted]
    return pairs + [Pair(None, one) for one in got.values()]


def pair_lenient(judged: Judged) -> list[Pair]:
    """Pair what overlaps under one label, from left to right, which gives the most pairs."""
    pairs: list[Pair] = []
    for label in sorted({s.label for s in judged.wanted} | {f.label for f in judged.got}):
        wanted = [s for s in judged.wanted if s.label == label]
        got = [f for f in judged.got if f.label == label]
        while wanted and got:
            if wanted[0].start < got[0].end and got[0].start < wanted[0].end:
                pairs.append(Pair(wanted.pop(0), got.pop(0)))
            elif wanted[0].end <= got[0].start:
                pairs.append(Pair(wanted.pop(0), None))
            else:
                pairs.append(Pair(None, got.pop(0)))
        pairs += [Pair(s, None) for s in wanted] + [Pair(None, f) for f in got]
    return pairs


def score(pairs: Iterable[Pair]) -> Score:
    """Count pairs, mentions without a proposal and proposals without a mention."""
    right = spurious = missed = 0
    for wanted, got in pairs:
        right += wanted is not None and got is not None
        spurious += wanted is None
        missed += got is None
    return Score(right, spurious, missed)


def macro(scores: Iterable[Score]) -> float:
    """The mean F1 of the labels that the gold has."""
    found = [one.f for one in scores if one.right + one.missed]
    return sum(found) / len(found) if found else 0.0
