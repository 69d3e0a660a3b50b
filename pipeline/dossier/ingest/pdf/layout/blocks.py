"""The lines of one column -> blocks: where one ends and the next begins, told by space, indent, size, weight and marks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from dossier.ingest import shapes
from dossier.ingest.pdf.layout.kinds import CAPTION, bullet, is_item, note_label
from dossier.ingest.pdf.layout.lines import Line

APART = 1.26  # times the usual distance of lines: a wider one ends a block
SIZE = 0.08  # relative; lines that differ more are no one block
JITTER, JITTERY = 0.025, 0.25  # relative: lines that differ so by half and more have sizes that were guessed
INDENT = 0.7  # em
MOST_INDENT = 7.0  # em; farther in, a line is centred or stands in a table
SHORT = 0.4  # of the column left free: a line that ends there ends its block, sentence or not
LEANS = frozenset(
    "a an the and or nor but of in on at by for from to with without into onto as than that which who whose its their his her "
    "our this these those is are was were be been has have had not no if when while because between among under over".split()
)
CENTRED = 2.5  # points between the middles of lines that are centred


@dataclass(frozen=True, slots=True)
class Metrics:
    """Of a document: the size of its running text, and the usual distance of lines by their size (in half points)."""

    em: float
    leading: dict[int, float]

    def pitch(self, size: float) -> float:
        return self.leading.get(round(2 * size), 1.2 * size)


def split_blocks(lines: Sequence[Line], x1: float, metrics: Metrics, *, rtl: bool) -> list[list[Line]]:
    """Cut the lines of a column, from top to bottom, into blocks. x1: the right side of the column."""
    if not lines:
        return []
    splitter = _Splitter(lines, x1, metrics, rtl=rtl)
    blocks = [[lines[0]]]
    for i in range(1, len(lines)):
        if splitter.begins(i, blocks[-1]):
            blocks.append([])
        blocks[-1].append(lines[i])
    return blocks


class _Splitter:
    def __init__(self, lines: Sequence[Line], x1: float, metrics: Metrics, *, rtl: bool) -> None:
        self.lines, self.metrics, self.rtl = lines, metrics, rtl
        self.x0 = min(line.x0 for line in lines)
        self.x1 = x1
        self.pitches = _usual_pitches(lines)
        self.loose = _loose(lines)
        ends = Counter(round(line.x1) for line in lines)
        most, times = ends.most_common(1)[0]
        self.justified = len(lines) > 3 and times + ends[most - 1] + ends[most + 1] >= 0.5 * len(lines)

    def begins(self, i: int, block: list[Line]) -> bool:
        """Whether line i begins a new block after `block`."""
        a, b = self.lines[i - 1], self.lines[i]
        em = max(a.size, b.size)
        if abs(a.size - b.size) > self.loose * em or a.leads or b.leads:
            return True
        pitch = b.base - a.base
        usual = self._usual(a, block)
        if pitch > APART * usual + 0.5 or pitch < 0.1 * em:
            return True
        if len(block) > 1 and pitch < 0.7 * usual:
            return True
        if self._set_quote(i, a, b, pitch, usual):
            return True
        if a.bold and a.ends_bold and not b.starts_bold and not (is_item(block[0].text) and pitch <= usual + 0.5):
            return True
        if b.starts_bold and not a.ends_bold and self._ends(a):
            return True
        if is_open(a.text) and not is_item(b.text):
            return False
        return self._by_words(a, b, block) or self._by_indent(i, a, b, block)

    def _usual(self, a: Line, block: list[Line]) -> float:
        if len(block) > 1:
            return min(block[-1].base - block[-2].base, block[1].base - block[0].base)
        return self.pitches.get(round(2 * a.size)) or self.metrics.pitch(a.size)

    def _set_quote(self, i: int, a: Line, b: Line, pitch: float, usual: float) -> bool:
        """Whether line b begins a quotation that is set in on both sides, closer than what stands before it."""
        if b.x0 - a.x0 < 1.5 * b.size or a.x1 - b.x1 < 1.5 * b.size or i + 1 >= len(self.lines):
            return False
        c = self.lines[i + 1]
        return abs(c.x0 - b.x0) < 2 and c.base - b.base < 0.75 * min(pitch, usual)

    def _by_words(self, a: Line, b: Line, block: list[Line]) -> bool:
        text = b.text
        if CAPTION.match(text) and (self._ends(a) or self._is_short(a, b) or CAPTION.match(block[0].text)):
            return True
        if is_item(text) and not (text[0] in "-–—" and text[1:2] != " "):
            strong = (1, True) if bullet(text) and text[0] not in "-–—*" else shapes.bullet(text[:14])
            same = abs(b.x0 - block[0].x0) < 3 and is_item(block[0].text)
            if (strong and strong[1]) or same or self._ends(a) or self._is_short(a, b) or b.x0 > a.x0 + a.size:
                return True
        label, _, raised = note_label(b)
        before = note_label(block[0])[0]
        if label and before and int(label) == int(before) + 1 and abs(b.x0 - block[0].x0) < 3:
            return True
        return bool(label) and (raised or text[0] == "[") and (self._ends(a) or before != "")

    def _by_indent(self, i: int, a: Line, b: Line, block: list[Line]) -> bool:
        if self._centred(a, b):
            return self._ends(a) and self._is_short(a, b) and b.text[0].isupper() and not a.bold
        em = b.size
        step = (a.x1 - b.x1) if self.rtl else (b.x0 - a.x0)
        hangs = self._hangs(block)
        if INDENT * em < step < MOST_INDENT * em:
            if is_item(block[0].text) and len(block) == 1:
                return False
            if hangs or (len(block) == 1 and not self._ends(a) and not self._is_short(a, b)):
                return False
            return self._ends(a) or self._is_short(a, b) or self._steps_back(i)
        if step < -INDENT * em and len(block) > 1:
            if hangs:
                return True
            first = block[0].x1 - b.x1 if self.rtl else b.x0 - block[0].x0
            if first < -INDENT * em:
                return self._ends(a) or self._is_short(a, b)
        if step < -INDENT * em and len(block) == 1 and is_item(a.text):
            return self._ends(a) or self._is_short(a, b)
        return self._ends_short(a, b)

    def _hangs(self, block: list[Line]) -> bool:
        """Whether the lines of a block after its first are set in."""
        if len(block) < 2:
            return False
        step = (block[0].x1 - block[1].x1) if self.rtl else (block[1].x0 - block[0].x0)
        return step > INDENT * block[0].size

    def _steps_back(self, i: int) -> bool:
        """Whether the line after line i is set back out again."""
        if i + 1 >= len(self.lines):
            return False
        b, c = self.lines[i], self.lines[i + 1]
        step = (c.x1 - b.x1) if self.rtl else (b.x0 - c.x0)
        return step > INDENT * b.size and abs(b.size - c.size) <= SIZE * b.size and self._ends(self.lines[i - 1])

    def _centred(self, a: Line, b: Line) -> bool:
        """Whether two lines stand around one middle, set in on both sides."""
        off = abs(a.x0 + a.x1 - b.x0 - b.x1) / 2
        return off < CENTRED and abs(a.x0 - b.x0) > INDENT * b.size / 2 and abs(a.x1 - b.x1) > INDENT * b.size / 2

    def _ends(self, line: Line) -> bool:
        return ends_sentence(line)

    def _is_short(self, a: Line, b: Line) -> bool:
        """Whether line a leaves so much of its column free that its block can only end there."""
        free = (a.x0 - self.x0) if self.rtl else (self.x1 - a.x1)
        if free < SHORT * (self.x1 - self.x0) or (a.bold and b.bold):
            return False
        return not b.text[0].islower() and free > _first_word(b) + b.size

    def _ends_short(self, a: Line, b: Line) -> bool:
        """Whether the first word of line b would have fitted on line a, which ends a sentence."""
        if b.text[0].islower():
            return False
        free = (a.x0 - self.x0) if self.rtl else (self.x1 - a.x1)
        if self._is_short(a, b) and not self._ends(a):
            return len(a.text.split()) <= 6 or len(b.text.split()) <= 6
        if not self._ends(a):
            return False
        need = _first_word(b) + 0.3 * b.size
        return free > need + (0.5 * b.size if self.justified else 2.5 * b.size)


def ends_sentence(line: Line) -> bool:
    """Whether a line ends where a sentence does, raised marks of notes aside."""
    text, last = line.text, line.chunks[-1]
    if last.raised and last.raised[-1][1] == len(last.text) and len(text) > last.raised[-1][1] - last.raised[-1][0]:
        return shapes.ends_sentence(text[: last.raised[-1][0] - last.raised[-1][1]].rstrip())
    return shapes.ends_sentence(text)


def is_open(text: str) -> bool:
    """Whether words can only go on: they end in a hyphen, a comma, a bracket, a small word such as `of`."""
    if text[-1] in "-\u2010\u00ad,(–&/“‘":
        return True
    return text[-1].islower() and text.rsplit(None, 1)[-1] in LEANS


def _first_word(line: Line) -> float:
    """The width of a line's first word, nearly."""
    text = line.text
    return (line.x1 - line.x0) * len(text.split(maxsplit=1)[0]) / len(text)


def _loose(lines: Sequence[Line]) -> float:
    """By how much, relative, the sizes of lines of one block differ: more where they were recognised on a picture."""
    steps = sorted(abs(a.size - b.size) / max(a.size, b.size) for a, b in pairwise(lines))
    usual = steps[len(steps) // 2] if len(steps) > 4 else 0.0
    return JITTERY if JITTER < usual < JITTERY else SIZE


def _usual_pitches(lines: Sequence[Line]) -> dict[int, float]:
    """The most frequent distance of lines of one size, by that size in half points; only where it occurs twice or more."""
    seen: dict[int, Counter[float]] = {}
    for a, b in pairwise(lines):
        if abs(a.size - b.size) < 0.3 and 0 < b.base - a.base < 3.5 * a.size:
            seen.setdefault(round(2 * a.size), Counter())[round(4 * (b.base - a.base)) / 4] += 1
    usual = {}
    for size, counts in seen.items():
        near = {pitch: n + counts[pitch - 0.25] + counts[pitch + 0.25] for pitch, n in counts.items()}
        best = min(near, key=lambda pitch: (-near[pitch], pitch))
        if near[best] > 1:
            usual[size] = best
    return usual


def measure(em: float, columns: Sequence[Sequence[Line]]) -> Metrics:
    """The usual distances of the lines of a document. em: the size of its running text."""
    pitches: dict[int, Counter[float]] = {}
    for lines in columns:
        for a, b in pairwise(lines):
            if abs(a.size - b.size) < 0.3 and 0.8 * a.size < b.base - a.base < 2.6 * a.size:
                pitches.setdefault(round(2 * a.size), Counter())[round(2 * (b.base - a.base)) / 2] += 1
    return Metrics(em, {size: min(c, key=lambda p: (-c[p], p)) for size, c in pitches.items()})
