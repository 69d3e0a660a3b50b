"""A trie over words: many names looked for in one pass."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar

from dossier.components.view import View

Value = TypeVar("Value")
_END = 0
_SAME = str.maketrans("‘’ʼ‐‑", "'''--")


def key(word: str) -> str:
    """A word as it is compared: apostrophes and hyphens of one kind."""
    return word.translate(_SAME) if not word.isascii() else word


class Trie(Generic[Value]):
    """Names as sequences of words, each with a value; the longest that begins at a word is found."""

    def __init__(self, *, fold_case: bool = False) -> None:
        self.fold_case = fold_case
        self._root: dict[str, dict[object, object]] = {}
        self._keys: dict[str, str] = {}

    def add(self, words: Iterable[str], value: Value) -> None:
        """Put a name in; one that is there already keeps its value."""
        node: dict[object, object] | None = None
        for word in words:
            branch: dict[object, object] = self._root if node is None else node  # type: ignore[assignment]
            node = branch.setdefault(self._key(word), {})  # type: ignore[assignment]
        if node is not None:
            node.setdefault(_END, value)

    def _key(self, word: str) -> str:
        known = self._keys.get(word)
        if known is None:
            known = key(word)
            if self.fold_case:
                known = known.casefold()
            if len(self._keys) < 100_000:
                self._keys[word] = known
        return known

    def longest(self, words: list[str], first: int, limit: int) -> tuple[int, Value] | None:
        """The end and value of the longest name among `words[first:limit]` that begins at `first`."""
        node: dict[object, object] | None = self._root.get(self._key(words[first]))
        if node is None:
            return None
        best: tuple[int, Value] | None = None
        at = first + 1
        while node is not None:
            if _END in node:
                best = at, node[_END]  # type: ignore[assignment]
            if at >= limit:
                break
            node = node.get(self._key(words[at]))  # type: ignore[assignment]
            at += 1
        return best

    def find(self, view: View, indices: Iterable[int] | None = None) -> Iterator[tuple[int, int, Value]]:
        """The names in a view, as words `[first, last)` with their value; none crosses a block's end, none overlap."""
        words, block = view.words, view.block
        keys, root = self._keys, self._root
        openers = {word for word in set(words) if (keys.get(word) or self._key(word)) in root}
        at_least = 0
        for first in range(len(words)) if indices is None else indices:
            if words[first] not in openers or first < at_least or block[first] < 0:
                continue
            hit = self.longest(words, first, block_limit(view, first))
            if hit is not None:
                yield first, hit[0], hit[1]
                at_least = hit[0]


def block_limit(view: View, index: int, *, most: int = 24) -> int:
    """The word after the last one of the same block, `most` words away at the furthest."""
    number, block = view.block[index], view.block
    limit = min(len(block), index + most)
    if block[limit - 1] == number:
        return limit
    at = index + 1
    while at < limit and block[at] == number:
        at += 1
    return at
