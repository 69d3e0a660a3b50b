"""What went wrong, in four groups: missed, spurious, wrong label, wrong border."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from dossier.evaluate.scoring import Judged, Pair, pair_strict
from dossier.gold import GoldSpan
from dossier.records import Found

GROUPS = ("missed", "spurious", "wrong label", "wrong border")
AROUND = 70  # characters of context on each side
BOTH, WANTED, GOT, PLAIN = "both", "wanted", "got", ""

Piece = tuple[str, str]  # how it was marked, and its words


@dataclass(frozen=True, slots=True)
class Words:
    """A mention or a proposal, by its words."""

    text: str
    label: str


@dataclass(frozen=True, slots=True)
class Mistake:
    """One kind of slip: what was wanted and what was proposed, how often, and the first place in its context."""

    wanted: Words | None
    got: Words | None
    count: int
    document: str
    start: int
    confidence: float | None
    context: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    count: int
    mistakes: tuple[Mistake, ...]


def group_errors(texts: Iterable[Judged], *, examples: int = 20) -> tuple[Group, ...]:
    """Sort the slips of a model into GROUPS; those with the same words and labels are told once, the frequent first."""
    slips: dict[str, dict[tuple[Words | None, Words | None], list[tuple[Judged, Pair]]]] = {g: {} for g in GROUPS}
    for judged in texts:
        for name, pair in _slips(judged):
            key = (_words(judged, pair.wanted), _words(judged, pair.got))
            slips[name].setdefault(key, []).append((judged, pair))
    return tuple(
        Group(
            name,
            sum(map(len, kinds.values())),
            tuple(
                _mistake(key, places)
                for key, places in sorted(kinds.items(), key=lambda item: -len(item[1]))[:examples]
            ),
        )
        for name, kinds in slips.items()
    )


def _slips(judged: Judged) -> list[tuple[str, Pair]]:
    """What strict pairing leaves over: first the same characters, then the same label, then any overlap, then alone."""
    left = [pair for pair in pair_strict(judged) if pair.wanted is None or pair.got is None]
    wanted = [pair.wanted for pair in left if pair.wanted]
    got = [pair.got for pair in left if pair.got]
    slips: list[tuple[str, Pair]] = []

    def take(name: str, fits: Callable[[GoldSpan, Found], bool]) -> None:
        for span in list(wanted):
            one = next((f for f in got if fits(span, f)), None)
            if one is not None:
                slips.append((name, Pair(span, one)))
                wanted.remove(span)
                got.remove(one)

    take("wrong label", lambda s, f: (s.start, s.end) == (f.start, f.end))
    take("wrong border", lambda s, f: s.label == f.label and s.start < f.end and f.start < s.end)
    take("wrong label", lambda s, f: s.start < f.end and f.start < s.end)
    slips += [("missed", Pair(span, None)) for span in wanted]
    slips += [("spurious", Pair(None, one)) for one in got]
    return slips


def _words(judged: Judged, span: GoldSpan | Found | None) -> Words | None:
    return None if span is None else Words(judged.record.text[span.start : span.end], span.label)


def _mistake(key: tuple[Words | None, Words | None], places: Sequence[tuple[Judged, Pair]]) -> Mistake:
    judged, pair = places[0]
    confidence = pair.got.confidence if pair.got else None
    return Mistake(*key, len(places), judged.record.id, pair.start, confidence, _context(judged.record.text, pair))


def _context(text: str, pair: Pair) -> tuple[Piece, ...]:
    """The words around a slip, whole ones, cut where a mark begins or ends."""
    ends = [at for span in pair if span for at in (span.start, span.end)]
    first, last = _begin(text, min(ends)), _end(text, max(ends))
    cuts = sorted({first, last, *ends})
    pieces = [(PLAIN, "… ")] if first else []
    for start, end in pairwise(cuts):
        here = [span is not None and span.start <= start and end <= span.end for span in pair]
        kind = BOTH if all(here) else WANTED if here[0] else GOT if here[1] else PLAIN
        pieces.append((kind, text[start:end]))
    return tuple([*pieces, (PLAIN, " …")] if last < len(text) else pieces)


def _begin(text: str, at: int) -> int:
    """Where the context before `at` begins: after a space, where there is one."""
    first = max(0, at - AROUND)
    return first and (text.find(" ", first, at) + 1 or first)


def _end(text: str, at: int) -> int:
    last = min(len(text), at + AROUND)
    space = text.rfind(" ", at, last) if last < len(text) else -1
    return space if space >= 0 else last
