"""What the tagger gets wrong in reports, put right: its corpus is the web's, and reports are full of participles and raids."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from dossier.components.view import View

NOUNS = frozenset(("NN", "NNS"))
VERBS = frozenset(("VB", "VBD", "VBG", "VBN", "VBP", "VBZ"))
FINITE = frozenset(("VBD", "VBP", "VBZ", "MD"))
BE = frozenset("be am is are was were been being 's 're".split())
HAVE = frozenset("have has had having".split())
QUOTES = frozenset("\"“”‘’'`") | {"``", "''"}
_REFLEXIVE = frozenset(("himself", "herself", "itself", "themselves"))
_PLACING = frozenset(("near", "outside", "inside", "off", "opposite"))
_PARTICIPLES = frozenset("understood thought held said found known taken seen shot".split())
_OFF = frozenset("into from off away apart".split())  # after these words `split` is a verb
# of these a participle may stand before a name: `X, named Y in 2004`
_NAMING = frozenset(
    "named called renamed dubbed known elected designated declared listed labeled labelled branded deemed proclaimed".split()
)
_OBJECT = frozenset(("DT", "PRP$", "CD", "PRP"))  # tags that open an object, and nothing else


class Known(NamedTuple):
    """Words that the rules know better than the tagger: verbs, in their base form and in the past, and nouns."""

    bases: frozenset[str] = frozenset()
    pasts: frozenset[str] = frozenset()
    nouns: frozenset[str] = frozenset()
    particles: frozenset[tuple[str, str]] = frozenset()  # forms of a verb with the small word that belongs to it


def correct(small: list[str], tags: list[str]) -> None:
    """Put right the tags of a sentence. small: its words in small letters."""
    for index in range(len(tags)):
        tags[index] = _corrected(small, tags, index)


def _corrected(small: list[str], tags: list[str], index: int) -> str:
    word, tag, before = small[index], tags[index], tags[index - 1] if index else ""
    if word in QUOTES:
        return "P"
    if (
        word in _PLACING
        and tag in ("JJ", "RB", "NN", "VB", "VBP")
        and tag_after(tags, index) in (*NOUNS, "DT", "JJ", "PRP$")
    ):
        return "IN"
    participle = word.endswith("ed") or word in _PARTICIPLES
    if participle and tag in ("VBD", "VB", "VBP", "NN", "JJ") and _is_after_be(small, tags, index):
        return "VBN" if tag != "JJ" or tag_after(tags, index) in ("IN", "P", "") else tag
    if word in ("most", "much", "half") and small[index + 1 : index + 2] == ["of"]:
        return "NN"
    if word in ("including", "according") or (word == "following" and _follows_upon(tags, index)):
        return "IN"
    if word == "crossing" and before in NOUNS:
        return "NN"
    if (
        word == "fighting"
        and tag == "VBG"
        and before not in (*VERBS, *NOUNS, "TO", "CC")
        and _is_followed(small, index)
    ):
        return "NN"
    if tag == "VBG" and before == "PRP$" and tag_after(tags, index) in ("DT", "IN", "P"):
        return "NN"  # `called his following the Northern Front`
    if tag in ("VBD", "VBN") and before == "CC" and _describes(tags, index):
        return "JJ"
    if tag == "VBN" and before in (*NOUNS, "CD", "P", "CC", "W", "RB") and _is_finite(small, tags, index):
        return "VBD"
    if tag == "VBD" and (
        (small[index + 1 : index + 2] == ["by"] and _is_aside(small, tags, index)) or _is_closed(small, tags, index)
    ):
        return "VBN"
    if tag == "JJ" and word.endswith("ed") and before == "CC" and tag_after(tags, index) == "CD":
        return "VBD"
    return tag


def _is_after_be(small: list[str], tags: list[str], index: int) -> bool:
    at = index - 1
    while at >= 0 and (tags[at] == "RB" or small[at] in _REFLEXIVE):
        at -= 1
    return at >= 0 and small[at] in BE


def _follows_upon(tags: list[str], index: int) -> bool:
    """Whether `following` tells a time: `following its defeat`, but not `his following`, `were following him`."""
    before = tags[index - 1] if index else ""
    return before not in ("DT", "PRP$", "POS", "JJ", "RB", "VBD", "VBZ", "VBP") and tag_after(tags, index) in (
        "DT", "PRP$", "JJ", "CD", "VBZ", *NOUNS,
    )  # fmt: skip


def _is_followed(small: list[str], index: int) -> bool:
    """Whether what follows `fighting` makes it a noun: `fighting between`, `fighting broke out`."""
    return small[index + 1 : index + 2] in (
        [one] for one in ("between", "broke", "erupted", "resumed", "near", "around")
    )


def _describes(tags: list[str], index: int) -> bool:
    """Whether a participle after `and` stands before a noun whose verb follows: `X and allied militias attacked`."""
    at = index + 1
    while at < len(tags) and tags[at] in ("JJ", *NOUNS):
        at += 1
    return at > index + 1 and at < len(tags) and tags[at] in FINITE


def _is_aside(small: list[str], tags: list[str], index: int) -> bool:
    """Whether a participle after a comma stands before the verb of its sentence: `X, then led by Y, merged with Z`."""
    comma = index - 1
    while comma >= 0 and tags[comma] == "RB":
        comma -= 1
    return comma >= 0 and small[comma] == "," and any(tag in FINITE or tag == "VBN" for tag in tags[index + 2 :])


def _is_closed(small: list[str], tags: list[str], index: int) -> bool:
    """Whether a participle opens an aside that a comma and the verb close: `X, sentenced to death in 1976, was hanged`."""
    opens = index - 1 - (tags[index - 1] == "RB") if index > 1 else 0
    if (
        opens < 1
        or small[opens] != ","
        or tags[opens - 1] not in (*NOUNS, "P")
        or tag_after(tags, index) not in ("IN", "TO", "RP", "CD")
    ):
        return False
    closes = next((at for at in range(index + 1, len(small)) if small[at] in (",", ";")), len(small))
    return closes < len(small) and small[closes] == "," and tag_after(tags, closes) in FINITE


def _is_finite(small: list[str], tags: list[str], index: int) -> bool:
    """Whether a participle after a noun is a verb in the past: `rebels attacked the base`, not `a base attacked by rebels`."""
    after = tag_after(tags, index)
    if after in _OBJECT or (after in (*NOUNS, "JJ") and tags[index - 1] in NOUNS):
        return True
    if after not in ("IN", "TO", "RP") or small[index + 1] == "by":
        return False
    others = [tags[at] for at in finite_words(small, tags) if at != index]
    return not others and (tags[index - 1] in NOUNS or "VBN" not in tags[index + 1 :])  # the only verb of the sentence


def finite_words(small: Sequence[str], tags: Sequence[str]) -> Iterator[int]:
    """The numbers of the finite verbs that stand in no bracket, and not right in a relative clause."""
    depth, relative = 0, False
    for at, word in enumerate(small):
        depth += (word in ("(", "[")) - (word in (")", "]"))
        relative = relative or tags[at] == "W"
        if tags[at] in FINITE and depth <= 0:
            if not relative:
                yield at
            relative = relative and tags[at] == "MD"


def tag_after(tags: Sequence[str], index: int) -> str:
    """The tag of the word after one, past adverbs."""
    at = index + 1
    while at < len(tags) and tags[at] == "RB":
        at += 1
    return tags[at] if at < len(tags) else ""


def correct_known(small: list[str], tags: list[str], fixed: Sequence[str | None], known: Known) -> None:
    """Tell the verbs and nouns that the rules look for: `militants shot General Lind`, `a raid on Oslo`.

    fixed: the tags that were known beforehand, of mentions.
    """
    for index, word in enumerate(small):
        if fixed[index] is not None:
            continue
        tag, before = tags[index], tags[index - 1] if index else ""
        if tag in ("IN", "RB") and index and (small[index - 1], word) in known.particles:
            tags[index] = "RP"
        elif word in _REFLEXIVE and before in VERBS and small[index - 1] in BE | HAVE:
            tags[index] = "RB"
        elif (
            word in known.bases
            and index
            and small[index - 1] == "to"
            and (word not in known.nouns or tag_after(tags, index) not in ("IN", "P", ""))
        ):
            tags[index - 1], tags[index] = "TO", "VB"
        elif word in known.pasts and tag in ("NN", "JJ", "VBD") and _is_after_be(small, tags, index):
            tags[index] = "VBN"
        elif word in known.pasts and (_takes_name(small, tags, fixed, index) or _parts(small, tags, index)):
            tags[index] = "VBD"
        elif word in known.pasts and word not in known.nouns and tag in ("NN", "JJ", "VB", "RB"):
            tags[index] = _past(tags, index)
        elif (word in known.nouns and tag not in NOUNS and _is_noun(small, tags, fixed, index)) or (
            tag == "VB" and before in (*NOUNS, "DT", "JJ") and small[index - 1] not in ("help", "let")
        ):
            tags[index] = "NN"


def _takes_name(small: list[str], tags: list[str], fixed: Sequence[str | None], index: int) -> bool:
    """Whether a name is the object of a verb after a comma: `X, formed in 2011, attacked Oslo`."""
    if not index or tags[index] != "VBN":
        return False
    named = index + 1 < len(tags) and fixed[index + 1] in NOUNS
    return named and small[index - 1] == "," and small[index] not in _NAMING


def _parts(small: list[str], tags: list[str], index: int) -> bool:
    """Whether what may be a noun tells that one parts: `and, after his death, split into two`, `which in 2006 split from X`."""
    if not index or tags[index] not in (*NOUNS, "JJ", "VB", "VBP"):
        return False
    off = small[index + 1 : index + 2]
    opened = tags[index - 1] in ("P", "W", "CD", "CC") or small[index - 1] in ("who", "which", "that")
    return opened and bool(off) and off[0] in _OFF


def _past(tags: list[str], index: int) -> str:
    before, after = tags[index - 1] if index else "", tag_after(tags, index)
    if not before or (before == "RB" and tags[index - 2 : index - 1] == ["VBD"]):
        return "VBN"  # `had himself shot Lind`
    told = before in (*NOUNS, "CD", "CC") and after in (*NOUNS, *_OBJECT, "JJ", "IN", "RP")
    return "VBD" if told else tags[index]


def _is_noun(small: list[str], tags: list[str], fixed: Sequence[str | None], index: int) -> bool:
    """Whether a word that may be a verb too is a noun here: after an article, in a list of nouns, after a date."""
    tag, before = tags[index], tags[index - 1] if index else ""
    if (
        before in ("DT", "PRP$")
        or (index > 1 and small[index - 2] in ("a", "an"))
        or (index and fixed[index - 1] == "CD")
    ):
        return True
    if tag == "VBG":  # `a truck bombing in Oslo`
        return before in NOUNS and tag_after(tags, index) not in (*_OBJECT, *NOUNS)
    return tag in ("VB", "VBP") and before not in ("TO", "MD", "NNS", "PRP", "RB", "CC", "W")


def find_possessives(view: View, first: int, small: list[str], tags: list[str]) -> None:
    """Tell the apostrophe of `the rebels' attack` from a quote. first: the sentence's first word."""
    for index in range(1, len(small) - 1):
        if small[index] in ("'", "’") and small[index - 1].endswith("s") and tags[index - 1] in NOUNS:
            glued = view.glued(first + index) and not view.glued(first + index + 1)
            if glued and tags[index + 1] in (*NOUNS, "JJ", "CD"):
                tags[index] = "POS"
