"""What the end of a line means, hyphens above all: the typesetter's go, the writer's stay.

The document itself decides first: what it writes inside its lines, joined or with a hyphen. Then, in English, a dictionary:
two words whose compound nobody lists (`Department-administered`) keep their hyphen. Last the rules that hold for all text.
"""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files

from dossier.ingest.pdf.layout.chunks import PageText
from dossier.ingest.reflow import HYPHENS, SOFT, glue

REACH = 80  # characters on both sides of a line's end that are looked at
ENGLISH = 0.1  # of the words of a document; its seven commonest make up a fifth of English prose
_COMMON = ("the", "of", "and", "to", "in", "that", "for")
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_CUT = re.compile(r"[^\W_]+[-\u2010\u00ad]\n")  # the first part of a word at a line's end
_LEFT = re.compile(r"[^\W\d_]+\Z")
_LAST = re.compile(r"(?<![-\u2010.])\b[^\W\d_]+\Z")
_RIGHT = re.compile(r"[^\W\d_]+")
_ENDINGS = (
    ("ies", "y"),
    ("s", ""),
    ("es", ""),
    ("ed", ""),
    ("d", ""),
    ("ing", ""),
    ("ing", "e"),
    ("ly", ""),
    ("er", ""),
)


class LineEnds:
    """Decides how the lines of a document meet. Its words are counted when the first hyphen asks for them."""

    def __init__(self, pages: Iterable[PageText]) -> None:
        self._pages = list(pages)
        self._counted: Counter[str] | None = None
        self._english = False

    def __contains__(self, word: object) -> bool:
        """Whether a word, or a compound with its hyphen, is one that the document writes so, and not more often the other
        way."""
        seen = self._words.get(str(word), 0)
        return seen > 0 and ("-" not in str(word) or seen >= self._words.get(str(word).replace("-", ""), 0))

    def __iter__(self):  # type: ignore[no-untyped-def]
        return iter(self._words)

    def __len__(self) -> int:
        return len(self._words)

    @property
    def _words(self) -> Counter[str]:
        if self._counted is None:
            self._counted = Counter()
            for page in self._pages:
                text = _CUT.sub("", "\n".join(chunk.text for chunk in page.chunks) + "\n")
                self._counted.update(_WORD.findall(text.lower().replace("\u2010", "-")))
            common = sum(self._counted[word] for word in _COMMON)
            self._english = common > ENGLISH * self._counted.total()
            self._pages = []
        return self._counted

    def meet(self, left: str, right: str) -> tuple[int, str]:
        """How a line that ends in `left` meets one that begins with `right`: how much of `left` stays, what comes between."""
        if left[-1] == SOFT:
            return len(left) - 1, ""
        if left[-1].isascii() and left[-1].isalnum():
            return len(left), " "
        near = left[-REACH:]
        end, space = glue(f"{near}\n{right[:REACH]}", len(near), len(near) + 1, self)
        if end < len(near) and not self._joins(near[:-1], right):
            return len(left), ""
        if end == len(near) and not space and near[-1] in HYPHENS and self._is_one_word(near[:-1], right):
            return len(left) - 1, ""
        return len(left) - len(near) + end, space

    def _joins(self, left: str, right: str) -> bool:
        """Whether a word that the rules would join at its hyphen is one."""
        before, after = _LEFT.search(left), _RIGHT.match(right)
        if left[-1:] in HYPHENS or not before or not after:
            return True
        one, two = before.group().lower(), after.group().lower()
        words = self._words
        if words.get(one + two) or not self._english or _is_word(one + two):
            return True
        both = (words.get(one) or _is_word(one)) and (words.get(two, 0) > 1 or _is_word(two))
        return not (both and len(two) > 2)

    def _is_one_word(self, left: str, right: str) -> bool:
        """Whether two halves in small letters, which the rules keep apart, make a word that the dictionary lists."""
        before, after = _LAST.search(left), _RIGHT.match(right)
        if not before or not after or not before.group().islower() or not after.group().islower():
            return False
        one, two = before.group(), after.group()
        if self._words.get(f"{one}-{two}"):
            return False
        return self._english and _is_word(one + two)


@lru_cache(maxsize=4096)
def _is_word(word: str) -> bool:
    """Whether a word in small letters is an English one, or a form of one."""
    known = _dictionary()
    if word in known:
        return True
    for ending, basic in _ENDINGS:
        if word.endswith(ending) and len(word) > len(ending) + 2:
            stem = word[: -len(ending)] + basic
            if stem in known or (stem[-1:] == stem[-2:-1] and stem[:-1] in known):
                return True
    return False


@lru_cache(maxsize=1)
def _dictionary() -> frozenset[str]:
    """The words that WordNet lists, as spaCy's lookups carry them: 40 ms and 10 MB, once a process. Empty without them."""
    try:
        path = files("spacy_lookups_data") / "data" / "en_lemma_index.json.gz"
        lists = json.loads(gzip.decompress(path.read_bytes()))
    except (OSError, ImportError, ValueError):
        return frozenset()
    return frozenset(word for words in lists.values() for word in words if "_" not in word)
