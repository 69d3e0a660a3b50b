"""What is drawn on a page, as far as it tells how the text is laid out: rules, and rectangles that frame text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from dossier.ingest.pdf.page import Box, Shape

THIN = 3.0  # points; a thinner rectangle is a rule
SHORTEST = 12.0  # points of a rule
TOUCH = 2.5  # points between rules that meet
MOST = 800  # rules of a page that are looked at; a drawing has more
MOST_RECTANGLES = 300


@dataclass(slots=True)
class Drawn:
    """The rules of a page, `across` and `down`, and its rectangles, the filled and framed ones apart."""

    across: list[Box] = field(default_factory=list)
    down: list[Box] = field(default_factory=list)
    filled: list[Box] = field(default_factory=list)
    framed: list[Box] = field(default_factory=list)


def read_drawn(shapes: Iterable[Shape], width: float, height: float) -> Drawn:
    """Sort the shapes of a page of this size. What is drawn is cut at the page's edge."""
    drawn = Drawn()
    for box, filled, stroked in shapes:
        x0, x1 = max(0.0, box.x0), min(width, box.x1)
        top, bottom = max(0.0, box.top), min(height, box.bottom)
        wide, high = x1 - x0, bottom - top
        if wide < 0 or high < 0:
            continue
        box = Box(x0, top, x1, bottom)
        if high <= THIN or wide <= THIN:
            if max(wide, high) >= SHORTEST:
                (drawn.across if wide > high else drawn.down).append(box)
            continue
        if wide * high > 0.9 * width * height:
            continue
        if filled and len(drawn.filled) < MOST_RECTANGLES:
            drawn.filled.append(box)
        if stroked and len(drawn.framed) < MOST_RECTANGLES:
            drawn.framed.append(box)
    drawn.across = _whole(drawn.across)
    return drawn


def _whole(across: list[Box]) -> list[Box]:
    """Rules across, those that continue each other as one."""
    whole: list[Box] = []
    for rule in sorted(across, key=lambda r: (round(r.top), r.x0)):
        last = whole[-1] if whole else None
        if last is not None and abs(rule.top - last.top) < 1.5 and rule.x0 <= last.x1 + TOUCH:
            whole[-1] = Box(last.x0, last.top, max(last.x1, rule.x1), max(last.bottom, rule.bottom))
        else:
            whole.append(rule)
    return whole


def edges(boxes: Sequence[Box]) -> tuple[list[Box], list[Box]]:
    """The four sides of rectangles, as rules across and down."""
    across = [Box(b.x0, y, b.x1, y) for b in boxes for y in (b.top, b.bottom) if b.x1 - b.x0 >= SHORTEST]
    down = [Box(x, b.top, x, b.bottom) for b in boxes for x in (b.x0, b.x1) if b.bottom - b.top >= SHORTEST / 2]
    return across, down


def connect(across: Sequence[Box], down: Sequence[Box]) -> list[tuple[list[Box], list[Box]]]:
    """Groups of rules that meet, one after the other."""
    rules = [*across, *down]
    if len(rules) > MOST:
        return []
    group = list(range(len(rules)))

    def find(i: int) -> int:
        while group[i] != i:
            group[i] = group[group[i]]
            i = group[i]
        return i

    order = sorted(range(len(rules)), key=lambda i: rules[i].top)
    live: list[int] = []
    for i in order:
        rule = rules[i]
        live = [j for j in live if rules[j].bottom >= rule.top - TOUCH]
        for j in live:
            other = rules[j]
            if other.x0 <= rule.x1 + TOUCH and rule.x0 <= other.x1 + TOUCH:
                group[find(i)] = find(j)
        live.append(i)
    members: dict[int, tuple[list[Box], list[Box]]] = {}
    for i, rule in enumerate(rules):
        pair = members.setdefault(find(i), ([], []))
        pair[i >= len(across)].append(rule)
    return list(members.values())


def places(values: Iterable[float], near: float = 3.0) -> list[float]:
    """Sorted values, those nearer than `near` to the one before them taken as one."""
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > near:
            found.append(value)
    return found
