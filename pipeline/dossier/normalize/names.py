"""Names of organisations and persons: how they are folded, shortened and told apart. Pure functions."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

# words that an acronym may skip, and that do not tell two spellings of a name apart
CONNECTORS = frozenset(
    (
        "a al an and at by d da das de del den der des di do dos du e el en et for from i in into l la las le les "
        "los o of on or pour sur the to und ul van von wa wal with y"
    ).split()
)
ARTICLES = frozenset(["al", "el", "ul", "ar", "as", "ash", "at", "az", "an", "ad", "il"])
# particles that belong to the surname they stand before
PARTICLES = frozenset(
    (
        "abd abou abu ag al aït ait bel ben bin bint da dal de del della den der di do dos du el ibn la le m mac "
        "ould ul um umm van von walad y"
    ).split()
)
# tokens that stand inside names: hyphens, `&`, possessives
GLUE = frozenset(("-", "‐", "‑", "–", "&", "'", "’", "'s", "’s"))
_SPELLINGS = {"el": "al", "ul": "al", "il": "al", "abou": "abu", "oum": "umm", "ben": "bin", "ibn": "bin"}
_APOSTROPHES = re.compile("['’‘ʼ`´ʿʾ]")
_WORD = re.compile(r"\w+")
_DOTTED = re.compile(r"\b(?:\w\.){2,}")


@lru_cache(maxsize=50_000)
def fold(name: str) -> str:
    """Fold a name so that its spellings compare equal: `The Al-Qa’ida`, `al Qaida` -> `al qaida`.

    Case, accents, hyphens, apostrophes, dots of an acronym and a leading English article go; `el`, `ul` become `al`.
    """
    plain = _APOSTROPHES.sub("", name)
    plain = _DOTTED.sub(lambda m: m[0].replace(".", ""), plain)
    plain = unicodedata.normalize("NFKD", plain)
    plain = "".join(char for char in plain if not unicodedata.combining(char)).casefold()
    words = [_SPELLINGS.get(word, word) for word in _WORD.findall(plain)]
    if len(words) > 1 and words[0] == "the":
        words = words[1:]
    return " ".join(words)


def surname(name: str) -> str:
    """Take the surname of a full name with its particles, folded: `Juan van der Berg` -> `van der berg`.

    A name of one word has none: the answer is empty. The first word is always the given name.
    """
    words = fold(name).split()
    if len(words) < 2:
        return ""
    start = len(words) - 1
    while start > 1 and words[start - 1] in PARTICLES:
        start -= 1
    return " ".join(words[start:])


def bare_surname(name: str) -> str:
    """The last word of a full name, folded, or nothing: `Juan van der Berg` -> `berg`."""
    words = fold(name).split()
    return words[-1] if len(words) > 1 else ""


def short_forms(name: str) -> frozenset[str]:
    """What a full name may be shortened to, folded: its surname with and without particles, and the first of two surnames.

    `Carlos Ibáñez Robles` -> `robles`, `ibanez`.
    """
    words = fold(name).split()
    forms = {surname(name), bare_surname(name)}
    if len(words) == 3 and not PARTICLES & set(words):
        forms.add(words[1])
    return frozenset(forms - {""})


def same_person(one: str, other: str) -> bool:
    """Whether two names in one report can be one person: equal once folded, or one is the other's surname."""
    first, second = fold(one), fold(other)
    if first == second:
        return True
    if len(first.split()) < len(second.split()):
        first, second, one, other = second, first, other, one
    if second in short_forms(one):
        return True
    words = second.split()  # `bin Berg` for `Juan bin Berg`: particle and last word
    return len(words) > 1 and words[0] in PARTICLES and first.endswith(f" {second}")


_LISTED = re.compile(r"([^,()]{2,60}),\s+([^,()]{2,60})")


def natural(name: str) -> str:
    """A name as lists write it in its natural order: `MALATESTA, Errico` -> `Errico MALATESTA`; any other as it is."""
    listed = _LISTED.fullmatch(" ".join(name.split()))
    return f"{listed[2]} {listed[1]}" if listed else name


# how one sound is written in names that come from other scripts, in this order; the first letter of a word keeps its vowel
_SOUNDS = (
    ("tch", "ch"), ("dj", "j"), ("gh", "g"), ("kh", "k"), ("dh", "d"), ("th", "t"), ("ph", "f"), ("ck", "k"), ("q", "k"),
    ("x", "ks"), ("ou", "u"), ("oo", "u"), ("ee", "i"), ("ie", "i"), ("ei", "ai"), ("ey", "ai"), ("ay", "ai"), ("y", "i"),
    ("w", "u"), ("v", "u"), ("o", "u"), ("z", "s"), ("e", "a"),
)  # fmt: skip
_DOUBLED = re.compile(r"(.)\1+")


@lru_cache(maxsize=50_000)
def skeleton(word: str) -> str:
    """A folded word as its spellings agree: `mohammed`, `muhamad` -> `muhamad`; `belmokhtar`, `belmoktar` -> `balmuktar`."""
    if len(word) > 4:  # in a short one a vowel is half of it
        for sound, letter in _SOUNDS:
            word = word.replace(sound, letter)
    word = _DOUBLED.sub(r"\1", word)
    return word[:-1] if len(word) > 4 and word.endswith("h") else word


def glued(name: str) -> str:
    """A name as its spellings agree, in one word, without articles: `Mokhtar bel Mokhtar`, `Mokhtar Belmokhtar` are one."""
    words = (word for word in fold(name).split() if word not in ARTICLES)
    return "".join(word.replace("e", "a") if word in PARTICLES else skeleton(word) for word in words)


def is_acronym(word: str) -> bool:
    """Whether a word has the look of an acronym: two capitals or more and few small letters (`PKK`, `EPL-X`, `AoN`)."""
    letters = [char for char in word if char.isalpha()]
    capitals = sum(char.isupper() for char in letters)
    return len(word) <= 14 and capitals >= 2 and 2 * capitals > len(letters) and not word.isspace()


def is_acronym_of(acronym: str, name: str) -> bool:
    """Whether the capitals of an acronym are the initials of a name, in order.

    Small words (`of`, `for`, `and`, `the`, articles) may be skipped; a word may give up to three of its
    first letters; every other word gives at least its initial.
    """
    letters = "".join(char for char in acronym if char.isalpha()).casefold()
    if letters.endswith("s") and acronym.endswith("s"):
        letters = letters[:-1]
    words = _name_words(name)
    return bool(letters) and bool(words) and _fits(letters, 0, words, 0, {})


def _name_words(name: str) -> list[str]:
    words: list[str] = []
    for piece in re.split(r"(?:['’]s(?!\w))?[\s/–—&-]+", name):
        elided = re.sub(r"^[dlDL]['’]", "", piece)
        word = fold(elided).replace(" ", "")
        if word:
            words.append(word)
    return words


def _fits(letters: str, at: int, words: list[str], index: int, seen: dict[tuple[int, int], bool]) -> bool:
    """Whether `letters[at:]` can be read off `words[index:]`."""
    if index == len(words):
        return at == len(letters)
    key = (at, index)
    if key not in seen:
        word = words[index]
        answer = word in CONNECTORS and _fits(letters, at, words, index + 1, seen)
        if not answer and at < len(letters) and letters[at] == word[0]:
            answer = any(
                _fits(letters, at + taken, words, index + 1, seen)
                for taken in range(1, 4)
                if word.startswith(letters[at : at + taken])
            )
        seen[key] = answer
    return seen[key]


def acronym_start(words: list[str], acronym: str) -> int | None:
    """Where the name that an acronym shortens begins in the words before its bracket: the nearest start that fits.

    The first and last word of the name are capitalised; those between are capitalised or small words. Initials in
    another order, as of an acronym made in another language, are taken where none are in order. None fits: None.
    """
    start = _start(words, acronym, is_acronym_of)
    return start if start is not None else _start(words, acronym, same_letters)


def _start(words: list[str], acronym: str, fits: Callable[[str, str], bool]) -> int | None:
    if not words or not _opens(words[-1]):
        return None
    lowest = max(0, len(words) - 2 * len(acronym) - 6)
    for start in range(len(words) - 1, lowest - 1, -1):
        word = words[start]
        if not (_opens(word) or word.casefold() in CONNECTORS or word in GLUE):
            return None
        if _opens(word) and word.casefold() != "the" and fits(acronym, _joined(words[start:])):
            return start
    return None


def _joined(words: list[str]) -> str:
    return re.sub(r" (?=['’](?:s )?)", "", " ".join(words))


def _opens(word: str) -> bool:
    bare = re.sub(r"^[dl]['’]", "", word)
    return bare[:1].isupper()


def same_letters(acronym: str, name: str) -> bool:
    """Whether an acronym has the initials of a name in another order, as one made in another language does."""
    letters = sorted(char for char in acronym.casefold() if char.isalpha())
    initials = sorted(word[0] for word in _name_words(name) if word not in CONNECTORS)
    return len(letters) > 2 and letters == initials


def shares_part(acronym: str, name: str) -> bool:
    """Whether hyphens cut an acronym and a name alike, and one part shortens its counterpart.

    `WR-NK` for `Black Dawn-North Karst`: the first part is an acronym made in another language.
    """
    letters, words = acronym.split("-"), name.split("-")
    return 1 < len(letters) == len(words) and any(
        len(part) > 1 and is_acronym_of(part, whole) for part, whole in zip(letters, words, strict=True)
    )
