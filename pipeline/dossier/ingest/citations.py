"""Notes into the works they cite: one record a work, however often and under whatever number it is cited.

A part that does not fit a known pattern stays in `Work.text` alone; nothing is guessed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from dossier.ingest.citation_parts import Parts, read_parts
from dossier.records import Note, Work, make_id

_IBID = re.compile(r"(?:see )?(?:ibid|ibidem|id)\b\.?(?:,? (?:at |pp?\. ?)?[\d–-]+)?\.?\Z", re.I)
_SHORT = re.compile(
    r"(?:see (?:also )?)?(?P<names>[^\W\d_a-z][\w’'-]+(?:(?:,? (?:and|&) |, )[^\W\d_a-z][\w’'-]+)*)(?: et al\.?)?"
    r"(?:,? \(?(?P<year>(?:19|20)\d\d)\)?|,? “(?P<title>[^”]+?)[.,]?”|,? op\. ?cit)(?:[,:] ?(?:pp?\. ?)?[\d–-]+)?\.?\Z"
)
_CITES = re.compile(
    r"[“\"]|https?://|www\.|\b(?:19|20)\d\d\b|\bn\.d\b|\bdate unknown\b|\bWeb\b|\bop\. ?cit\b|\bpp?\. ?\d", re.I
)
_QUOTES = str.maketrans(dict.fromkeys("“”\"«»„‘’'`´ʼ", ""))


def cite(notes: Sequence[Note]) -> tuple[list[Note], list[Work]]:
    """Fill in `works` of every note, and return the works in the order of their first citation."""
    library = _Library()
    cited: list[Note] = []
    last: tuple[str, ...] = ()
    for note in notes:
        if cited and cited[-1].list != note.list:
            last = ()
        last = library.read(note.text, last)
        cited.append(replace(note, works=last))
    return cited, list(library.works.values())


class _Library:
    """The works of one document."""

    def __init__(self) -> None:
        self.works: dict[str, Work] = {}
        self._seen: dict[str, str] = {}  # wording -> id
        self._keys: dict[str, tuple[str, str, str]] = {}  # id -> author, title, date, normalised

    def read(self, words: str, before: tuple[str, ...]) -> tuple[str, ...]:
        """The ids of the works that a note cites; `before` are those of the note before, for `Ibid.`."""
        found: list[str] = []
        for part in split_works(words):
            again = found[-1:] or list(before)
            if _IBID.match(part) and len(again) == 1:
                found.append(again[0])
            elif _CITES.search(part) or _IBID.match(part):
                found.append(self._seen.get(part) or self._short(part) or self._add(part))
        return tuple(dict.fromkeys(found))

    def _add(self, words: str) -> str:
        parts = read_parts(words)
        work = make_work(words, parts)
        self._seen[words] = work.id
        self.works.setdefault(work.id, work)
        self._keys[work.id] = (normal(parts.author), normal(parts.title), parts.date or "")
        return work.id

    def _short(self, words: str) -> str | None:
        """The one earlier work that `Chivvis and Liepman, 2013` can mean."""
        match = _SHORT.match(words)
        if not match:
            return None
        names = set(normal(re.sub(r"\b(?:and|et al)\b|&", " ", match["names"])).split())
        title = normal(match["title"])
        fit = [
            id
            for id, (author, whole, date) in self._keys.items()
            if names <= set(author.split())
            and (not match["year"] or date.startswith(match["year"]))
            and (not title or whole.startswith(title))
        ]
        return fit[0] if len(fit) == 1 else None


def make_work(words: str, parts: Parts) -> Work:
    """Mint a work. Its id hangs on what it is called, not on when it was looked at or how it is quoted."""
    if parts.title:
        key = "|".join(normal(part) for part in (parts.author, parts.title, parts.publisher, parts.date))
    else:
        key = normal(parts.core)
    return Work(make_id("w", key), words, parts.author, parts.title, parts.publisher, parts.date, parts.accessed)


def normal(words: str | None) -> str:
    """Words without case, accents, quotes, punctuation and double spaces; `&` is `and`."""
    plain = unicodedata.normalize("NFKD", (words or "").translate(_QUOTES).replace("&", " and "))
    plain = "".join(c for c in plain if not unicodedata.combining(c)).casefold()
    plain = re.sub(r"\b(\w)\.(?=\w\.)", r"\1", plain)  # U.S. is US
    return " ".join(re.findall(r"[^\W_]+", re.sub(r"\bnd?\.\s?(?:d\.)?|\bdate unknown\b", " ", plain)))


def split_works(words: str) -> list[str]:
    """A note at its semicolons, where what follows begins a work and no quote or bracket is open."""
    parts, start = [], 0
    for at in _free_semicolons(words):
        ahead = words[at + 1 :].lstrip()
        if (
            ahead[:1].isupper()
            or ahead[:1] in ("“", '"', "‘", "¡", "¿")
            or re.match(r"https?:|see |[a-z]+ al-|al ", ahead)
        ):
            parts.append(words[start:at])
            start = at + 1
    return [part for part in (p.strip() for p in [*parts, words[start:]]) if part]


def _free_semicolons(words: str) -> list[int]:
    """Where semicolons stand outside quotes and brackets; all of them where a quote never ends."""
    found, quoted, depth = [], False, 0
    for at, character in enumerate(words):
        if character == "“" or character == "”":
            quoted = character == "“"
        elif character == '"':
            quoted = not quoted
        elif character in "([":
            depth += 1
        elif character in ")]":
            depth = max(0, depth - 1)
        elif character == ";" and not quoted and not depth:
            found.append(at)
    if quoted or depth:
        return [at for at, character in enumerate(words) if character == ";"]
    return found
