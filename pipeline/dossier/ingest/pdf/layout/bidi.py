"""Writing from right to left: from the order in which glyphs stand on the page to the order in which they are read."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

_NUMBER = frozenset(("EN", "AN"))
_JOINS = frozenset(("ES", "CS", "ET", "BN", "NSM"))


def is_rtl(code: npt.NDArray[np.uint32]) -> npt.NDArray[np.bool_]:
    """Letters of Hebrew, Arabic and their relatives; their digits read from left to right and are left out."""
    rtl = (code >= 0x590) & (code <= 0x8FF)
    rtl |= ((code >= 0xFB1D) & (code <= 0xFDFF)) | ((code >= 0xFE70) & (code <= 0xFEFC))
    digits = ((code >= 0x660) & (code <= 0x66C)) | ((code >= 0x6F0) & (code <= 0x6F9))
    return np.asarray(rtl & ~digits, np.bool_)


def count_rtl(text: str) -> int:
    """How many letters of a text are read from right to left."""
    if not text:
        return 0
    return int(is_rtl(np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)).sum())


def logical_order(pieces: Sequence[str]) -> list[int]:
    """The order in which glyphs are read that stand in this order from left to right.

    pieces: a glyph's characters each, " " for a space. Letters decide by majority which way the line runs; stretches of the
    other direction, numbers among them, keep their own order.
    """
    kinds = _kinds(pieces)
    rtl = kinds.count("R") >= kinds.count("L")
    n = len(kinds)
    _settle(kinds, "R" if rtl else "L")
    order: list[int] = []
    i = 0
    runs = []
    while i < n:
        j = i
        while j < n and kinds[j] == kinds[i]:
            j += 1
        runs.append((i, j))
        i = j
    for i, j in reversed(runs) if rtl else runs:
        order += range(j - 1, i - 1, -1) if kinds[i] == "R" else range(i, j)
    return order


def _kinds(pieces: Sequence[str]) -> list[str]:
    """L, R, N (a number) or - (neutral) for every piece."""
    kinds = []
    for piece in pieces:
        known = {unicodedata.bidirectional(c) for c in piece}
        if known & {"R", "AL"}:
            kinds.append("R")
        elif "L" in known:
            kinds.append("L")
        elif known & _NUMBER:
            kinds.append("N")
        else:
            kinds.append("j" if known <= _JOINS else "-")
    return kinds


def _settle(kinds: list[str], base: str) -> None:
    """Give numbers and what stands between them L, neutrals between two L the L as well, all else the base."""
    n = len(kinds)
    i = 0
    while i < n:
        if kinds[i] not in "j-":
            kinds[i] = "L" if kinds[i] == "N" else kinds[i]
            i += 1
            continue
        j = i
        while j < n and kinds[j] in "j-":
            j += 1
        left = kinds[i - 1] if i else base
        right = ("L" if kinds[j] == "N" else kinds[j]) if j < n else base
        kinds[i:j] = [left if left == right else base] * (j - i)
        i = j
