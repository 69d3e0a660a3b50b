"""The marks inside Markdown text - emphasis, links, code, comments - as stretches to leave out."""

from __future__ import annotations

import re

from dossier.ingest.reflow import Laid, Lines

Cut = tuple[int, int]

MAX_BLOCK = 100_000  # characters; marks that pair over more are none
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.S)
_CODE = re.compile(r"(?<!`)(`{1,3})(?!`)(?P<code>[^`]{1,2000})\1(?!`)")
_ESCAPE = re.compile(r"\\(?=[\\`*_{}\[\]()#+.!|<>~-])")
_URL = r"\(\s*(?:<[^<>]*>|(?:[^\s()<>]|\([^\s()]*\))*)(?:\s+(?:\"[^\"]*\"|'[^']*'|\([^()]*\)))?\s*\)"
_LINK = re.compile(rf"(?P<open>!?\[)(?P<words>(?:[^\[\]]|\[[^\[\]]*\]){{0,1000}})(?P<close>\]{_URL})")
_REFERRED = re.compile(
    r"(?P<open>!?\[)(?P<words>(?!\^|\d+\])[^\[\]]{1,400})"
    r"(?P<close>\](?:\[(?P<label>[^\[\]\d^][^\[\]]*)\]|(?=\[\d{1,3}\])))"
)
_AUTO = re.compile(r"(?P<open><)(?:https?://|mailto:)[^\s<>]+(?P<close>>)")
_TAG = re.compile(r"</?[a-zA-Z][a-zA-Z0-9]{0,15}(?:\s[^<>]{0,1000})?/?>")
_ENTITY = re.compile(r"(?<=&)amp;")
_DELIMITER = re.compile(r"\*+|_+|~~")
_BREAK = re.compile(r"\\\Z")


def take_out_comments(lines: Lines) -> None:
    """Leave `<!-- ... -->` out: whole lines become empty, others begin or end where the comment does.

    A comment inside a line is cut later, as a tag is.
    """
    i = 0
    for match in _COMMENT.finditer(lines.source):
        start, end = match.span()
        while i < len(lines) and lines.end[i] <= start:
            i += 1
        k = i
        while k < len(lines) and lines.start[k] < end:
            if start <= lines.start[k]:
                lines.start[k] = min(end, lines.end[k])
                lines.trim(k)
            elif end >= lines.end[k]:
                lines.end[k] = start
                lines.trim(k)
            k += 1


def find_cuts(lines: Lines, block: Laid) -> list[Cut]:
    """What is to be left out of a block's lines, in places of the source, sorted and apart."""
    start, end = lines.start[block.first], lines.end[block.last]
    if end - start > MAX_BLOCK:
        return []
    words = lines.source[start:end]
    if not re.search(r"[*_`\[<\\&~]", words):
        return []
    cuts: list[Cut] = []
    closed = _code(words, cuts)
    _tags(words, cuts, closed)
    _links(words, cuts, closed)
    _emphasis(words, cuts, closed)
    return [(start + a, start + b) for a, b in _apart(cuts)]


def _code(words: str, cuts: list[Cut]) -> bytearray:
    """Cut back-ticks and backslashes. Returns which characters are code, escaped or cut: no marks to anything else."""
    closed = bytearray(len(words))
    for match in _CODE.finditer(words):
        cuts += [(match.start(), match.start("code")), (match.end("code"), match.end())]
        closed[match.start() : match.end()] = b"\1" * (match.end() - match.start())
    for match in _ESCAPE.finditer(words):
        if not closed[match.start()]:
            cuts.append(match.span())
            closed[match.start() : match.end() + 1] = b"\1" * (min(len(words), match.end() + 1) - match.start())
    last = _BREAK.search(words)
    if last and not closed[last.start()]:
        cuts.append(last.span())
    return closed


def _tags(words: str, cuts: list[Cut], closed: bytearray) -> None:
    for match in _AUTO.finditer(words):
        cuts += [match.span("open"), match.span("close")]
        closed[match.start() : match.end()] = b"\1" * (match.end() - match.start())
    for pattern in (_COMMENT, _TAG, _ENTITY):
        for match in pattern.finditer(words):
            if not closed[match.start()]:
                cuts.append(match.span())
                closed[match.start() : match.end()] = b"\1" * (match.end() - match.start())


def _links(words: str, cuts: list[Cut], closed: bytearray) -> None:
    """`[words](address)` -> words. Twice, for an image inside a link."""
    for pattern in (_LINK, _LINK, _REFERRED):
        for match in pattern.finditer(words):
            if closed[match.start()] or closed[match.start("close")]:
                continue
            for part in ("open", "close"):
                a, b = match.span(part)
                if a < b:
                    cuts.append((a, b))
                    closed[a:b] = b"\1" * (b - a)
            _inner(match, words, cuts, closed)


def _inner(match: re.Match[str], words: str, cuts: list[Cut], closed: bytearray) -> None:
    """An image that is a link's words."""
    for image in _LINK.finditer(words, match.start("words"), match.end("words")):
        for part in ("open", "close"):
            a, b = image.span(part)
            if not closed[a]:
                cuts.append((a, b))
                closed[a:b] = b"\1" * (b - a)


def _emphasis(words: str, cuts: list[Cut], closed: bytearray) -> None:
    """Pair the runs of `*`, `_` and `~~`; what finds no partner is no mark and stays."""
    still_open: list[list[int]] = []  # start, length
    for match in _DELIMITER.finditer(words):
        start, end = match.span()
        if closed[start]:
            continue
        opens, closes = _flanks(words, start, end)
        if closes:
            start = _close(words, start, end, still_open, cuts)
        if opens and start < end:
            still_open.append([start, end - start])
            del still_open[:-64]  # deeper nesting is no emphasis


def _close(words: str, start: int, end: int, still_open: list[list[int]], cuts: list[Cut]) -> int:
    """Pair a closing run with the openers of its character, the nearest first. Returns where what is left begins."""
    while start < end:
        found = next((i for i in range(len(still_open) - 1, -1, -1) if words[still_open[i][0]] == words[start]), None)
        if found is None:
            break
        begin, length = still_open[found]
        count = min(length, end - start)
        cuts += [(begin + length - count, begin + length), (start, start + count)]
        start += count
        if length == count:
            del still_open[found:]
        else:
            still_open[found][1] = length - count
            del still_open[found + 1 :]
    return start


def _flanks(words: str, start: int, end: int) -> tuple[bool, bool]:
    """Whether a run can open and can close emphasis."""
    before = words[start - 1] if start else " "
    after = words[end] if end < len(words) else " "
    opens, closes = not after.isspace(), not before.isspace()
    if words[start] == "_":
        return opens and not before.isalnum(), closes and not after.isalnum()
    return opens and (after.isalnum() or not before.isalnum()), closes and (before.isalnum() or not after.isalnum())


def _apart(cuts: list[Cut]) -> list[Cut]:
    made: list[Cut] = []
    for start, end in sorted(cuts):
        if made and start <= made[-1][1]:
            made[-1] = (made[-1][0], max(made[-1][1], end))
        else:
            made.append((start, end))
    return made


def fit_cuts(lines: Lines, block: Laid, cuts: list[Cut], by_line: dict[int, list[Cut]]) -> None:
    """Give each line its cuts; what touches a line's end moves that end instead."""
    at = 0
    for i in range(block.first, block.last + 1):
        while at < len(cuts) and cuts[at][1] <= lines.start[i]:
            at += 1
        inside = []
        k = at
        while k < len(cuts) and cuts[k][0] < lines.end[i]:
            inside.append((max(cuts[k][0], lines.start[i]), min(cuts[k][1], lines.end[i])))
            k += 1
        if inside:
            kept = _at_ends(lines, i, inside)
            if kept:
                by_line[i] = kept


def _at_ends(lines: Lines, i: int, cuts: list[Cut]) -> list[Cut]:
    while cuts and cuts[0][0] == lines.start[i]:
        lines.start[i] = cuts.pop(0)[1]
        lines.trim(i)
    while cuts and cuts[-1][1] >= lines.end[i]:
        lines.end[i] = max(lines.start[i], min(lines.end[i], cuts.pop()[0]))
        lines.trim(i)
    return [(max(a, lines.start[i]), b) for a, b in cuts if b > lines.start[i]]


def clean(lines: Lines, block: Laid, cuts: dict[int, list[Cut]], most: int = 400) -> str:
    """The first words of a block without its marks."""
    taken: list[str] = []
    for i in range(block.first, block.last + 1):
        at = lines.start[i]
        for start, end in cuts.get(i, []):
            taken.append(lines.source[at:start])
            at = end
        taken.append(lines.source[at : max(at, lines.end[i])] + " ")
        if sum(map(len, taken)) >= most:
            break
    return "".join(taken).strip()[:most]
