"""QUANTITY mentions in running text, and their values.

A quantity is an amount (`AMOUNT`: figures, number words, `several hundred`, `tens of thousands`) and what it counts:
money, a noun of people, casualties, arms or attacks (`quantity_words`), or a participle of a toll (`20 killed`).
An amount of anything else (`two groups`, `five countries`, `20 km`) is none.

Source: annotation guide, sections 1 and 2.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from dossier.errors import QuantityError
from dossier.normalize.amounts import AMOUNT, BEFORE, LOOK_BACK, bounded, limits_of, read_bound, sign_of
from dossier.normalize.quantity_words import (
    CURRENCIES,
    HEADS,
    INVARIABLE,
    MODIFIERS_IN_S,
    ONE_HEADS,
    STOP,
    TOLL,
    is_people_name,
    plural,
)

MAX_WORDS = 200  # characters of one mention


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount: `min` and `max` inclusive, None where the words set no limit; `unit` as counted, or ISO 4217."""

    min: int | float | None
    max: int | float | None
    unit: str | None
    approximate: bool

    def as_norm(self) -> dict[str, int | float | str | bool | None]:
        """Return the normal form of the annotation guide, section 2."""
        return {"min": self.min, "max": self.max, "unit": self.unit, "approximate": self.approximate}


@dataclass(frozen=True, slots=True)
class QuantitySpan:
    """A quantity in a text: half-open characters `[start, end)`."""

    start: int
    end: int


# a word or sign that can begin an amount; `a` and `no` only before the words that make them one
_HEAD = re.compile(
    r"(?<![\w$€£¥])(?:[0-9$€£¥]|one|t(?:wo|hree|en|welve|hirteen|wenty|hirty|ens|housands)|f(?:our|ive|ifty|orty|ew)"
    r"|s(?:ix|even|everal|cores)|e(?:ight|leven)|nine|dozens?|h(?:undreds|alf(?= an? ))|[mb]illions|couple|zero"
    r"|between(?=\s+[$€£\w])|un(?:known|specified|determined|disclosed)"
    r"|a(?=\s+(?:few|couple|dozen|hundred|thousand|million|billion|score)\b)"
    r"|no(?=\s+(?:\w+\s+){0,2}(?:casualt|death|fatalit|injur|losses|victims))"
    r"|(?:US|U\.S\.|AU?|CA?|NZ)(?=\$)|USD|EUR|GBP|X[OA]F|CHF|NGN)",
    re.IGNORECASE,
)

# --- what may stand around an amount ---

_WORD = re.compile(r"\s{1,6}((?:[A-Z]\.){2,}|[^\W\d_]+(?:[-'’&][^\W\d_]+)*)")
_OF = re.compile(r"\s{1,6}of(?=\s)", re.IGNORECASE)
_CURRENCY = re.compile(r"\s{1,6}((?:(?:[A-Z]\.?){2,4}|[A-Z][a-z]+)\s{1,6})?([A-Za-z]+)(\s{1,6}sterling)?\b")
_WEIGHT = re.compile(
    r"\s{1,6}(?:kg|kilograms?|kilos|tons?|tonnes?|pounds|lbs)\s{1,6}of\s{1,6}"
    r"(?:\w+\s)?(?:explosives?|TNT|dynamite|ammunition|semtex|weapons|arms|munitions|C-4)\b"
)
_AMMUNITION = re.compile(r"\s+of\s+(?:[\w.]+\s+)?(?:ammunition|munitions?)\b")  # rounds of talks are none
_TOLL_WORDS = "|".join(sorted(TOLL))
_TOLL_AFTER = re.compile(rf"\s{{1,6}}(?:{_TOLL_WORDS})\b(?!\s+(?:\d|the\b|an?\b|at\b|his\b|their\b|themsel|[A-Z]))")
_VERB_AFTER = re.compile(
    r"\s{1,6}(?:was|were|(?:has|have|had)\s+been)\s+(?:\w+ly\s+|also\s+|later\s+|then\s+)?"
    rf"(?:{_TOLL_WORDS}|executed|beheaded|released|freed|rescued|murdered|shot|taken\s+hostage)\b"
)
_VERB_BEFORE = re.compile(
    r"\b(?:kill(?:ed|ing)|wound(?:ed|ing)|injur(?:ed|ing)|kidnapp(?:ed|ing)|abduct(?:ed|ing)"
    r"|captur(?:ed|ing)|arrest(?:ed|ing)|toll\s+(?:of|to|at)|strength\s+(?:of|at)|membership\s+(?:of|at)"
    r"|number(?:ed|ing|s)|estimated\s+(?:at|to\s+number))\s{1,6}\Z",
    re.IGNORECASE,
)
_BARE_AFTER = re.compile(
    r"\s{0,3}(?:[.,;:()\]\n]|\Z)(?!\d)|\s+(?:was|were|ha[ds]|have|across|throughout|in|and|on|at|near|during"
    r"|before|when|while|including|as|with|by|outside|from|others?)\b"
)
_ROW_BEFORE = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d:\s{1,3}\Z")  # a profile's row, `2012: 300 (The Military Balance)`
_ROW_AFTER = re.compile(r"\s{0,3}(?:\(|\n|\Z)|\s(?:in|across|throughout)\b")
_NUMBERED = re.compile(
    r"\b(?:figure|table|section|chapter|no\.|pages?|pp?\.|notes?|article|phase|annex|resolution|hill|route|day|paragraph|"
    r"version|type|model|channel|flight|class|level|grade|the\s+last|the\s+past|the\s+next)\s{1,3}\Z",
    re.IGNORECASE,
)
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)(?:uary|ruary|ch|il|ust|tember|ember|ober)?"
_MONTH_BEFORE = re.compile(rf"(?:\bin\s+)?\b{_MONTH}\.?\s+\Z")
_DAY_BEFORE = re.compile(
    rf"\b{_MONTH}\.?,?\s{{1,3}}(?:\d{{1,2}}(?:st|nd|rd|th)?,?\s{{1,3}})?\Z"
)  # May 3, 2004 soldiers
_TIME_BEFORE = re.compile(
    r"\b(?:in|since|during|until|till|after|before|by|from|year|early|mid|late)[\s-]{1,6}\Z", re.IGNORECASE
)
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
_ONE = re.compile(r"one|1", re.IGNORECASE)
_ENDS = (
    STOP | TOLL | {"hostage", "captive", "prisoner"}
)  # words after `people`, `police` that are not counted with them
_AFTER_ONE = re.compile(
    r"\s*(?:[.,;:)\]]|\Z)|\s+(?:was|were|is|has|had|who|that|from|in|on|at|and|or|by|of|dead|killed|wounded|injured"
    r"|hostage|died|escaped|remain\w*|to|with|for|later|still|also|named|near|during|after|before|when|while)\b"
)


def find_quantities(text: str) -> list[QuantitySpan]:
    """Return every QUANTITY mention of `text`, in order, never overlapping."""
    spans: list[QuantitySpan] = []
    last = 0
    for head in _HEAD.finditer(text):
        start = head.start()
        if start < last or not (amount := _amount_at(text, start)):
            continue
        end = _counted_end(text, amount)
        if end is None and not _BARE_AFTER.match(text, amount.end()):
            continue
        begin = _extend_left(text, start, last)
        if end is None and _stands_alone(text, begin, amount.end()):
            end = amount.end()
        if end is not None and not _is_other(text, begin, amount):
            spans.append(QuantitySpan(begin, end))
            last = end
    return spans


def is_counted(text: str, start: int, end: int) -> bool:
    """Say whether the figures at `[start, end)`, which could be a year, count what follows: `1998 fighters`.

    A year takes no adjective here (`the 2014 Syrian refugees`) unless a word such as `some` or `over` stands before.
    """
    blurred = BEFORE.search(text, max(0, start - LOOK_BACK), start)
    if not blurred and (
        _TIME_BEFORE.search(text, max(0, start - 10), start) or _DAY_BEFORE.search(text, max(0, start - 20), start)
    ):
        return False
    if blurred and (_VERB_AFTER.match(text, end) or _unit_end(text, end, one=False)):
        return True
    word = _WORD.match(text, end)
    return bool(word and HEADS.get(word[1].lower()) in ("people", "casualties", "arms"))


# --- finding ---


def _amount_at(text: str, start: int) -> re.Match[str] | None:
    before = text[start - 1] if start else " "
    if before in "-‐‑–.,/:#+_@&=~" and (before in "#+_@&=/" or (start > 1 and text[start - 2].isalnum())):
        return None
    found = AMOUNT.match(text, start)
    if found and found["high"] and _YEAR.fullmatch(found["low"]) and not _YEAR.fullmatch(found["high"]):
        between = text[found.end("low") : found.start("high")]
        if between != between.strip() and not between.strip().isalpha():
            return None  # a dash after the date of a row: `2021 – Sixteen people`
    return found


def _extend_left(text: str, start: int, floor: int) -> int:
    """Return where the mark begins, with `at least`, `some`, `an estimated` before the amount (without the article)."""
    for _ in range(2):  # up to about 300
        found = BEFORE.search(text, max(floor, start - LOOK_BACK), start)
        if not found:
            break
        start = found.start()
    return start


def _counted_end(text: str, amount: re.Match[str]) -> int | None:
    """Return where the words that the amount counts end, None where they are nothing that the guide marks."""
    end = amount.end()
    if amount["none"]:
        return _unit_end(text, end, one=False, kinds=("casualties",))
    if amount["unknown"]:
        return _unknown_end(text, amount)
    if sign_of(amount[0]):
        return end
    after = _after_of(text, amount)
    for pattern in (_CURRENCY, _WEIGHT):
        if (found := pattern.match(text, after)) and (pattern is _WEIGHT or _currency_of(found)):
            return found.end()
    unit = _unit_end(text, after, one=_ONE.fullmatch(amount[0]) is not None)
    if unit is None and (found := _TOLL_AFTER.match(text, end)):
        the = text[max(0, amount.start() - 4) : amount.start()].lower() == "the "
        return None if the else found.end()
    return unit


def _after_of(text: str, amount: re.Match[str]) -> int:
    """Skip the `of` of `hundreds of fighters`; after any other amount it is a partitive (`two of the men`)."""
    found = _OF.match(text, amount.end()) if amount["plural"] else None
    return found.end() if found else amount.end()


def _unknown_end(text: str, amount: re.Match[str]) -> int | None:
    if found := _TOLL_AFTER.match(text, amount.end()):
        return found.end()
    kinds = ("casualties", "people", "arms") if amount[0].lower().endswith("of") else ("casualties",)
    return _unit_end(text, amount.end(), one=False, kinds=kinds)


def _is_other(text: str, begin: int, amount: re.Match[str]) -> bool:
    """Say whether the figures are a year, a day of a month, or the number of a section."""
    if not amount[0][0].isdecimal():
        return False
    start = amount.start()
    if _YEAR.fullmatch(amount["low"] or "") and not amount["more"]:
        return not is_counted(text, start, amount.end())
    if _NUMBERED.search(text, max(0, begin - 14), begin):
        return True
    month = _MONTH_BEFORE.search(text, max(0, begin - 16), begin)
    return bool(month and not month[0].startswith("in"))


def _unit_end(text: str, end: int, *, one: bool, kinds: tuple[str, ...] | None = None) -> int | None:
    """Return the end of the noun phrase that is counted from `end` on, None where its head is no such noun."""
    best: int | None = None
    word = ""
    for _ in range(6):
        found = _WORD.match(text, end)
        if not found:
            break
        before, word = word, found[1]
        low = word.lower()
        if low in STOP and not _joins_names(text, found, before):
            break
        head = _is_head(text, found, one=one)
        if head and (kinds is None or HEADS.get(low) in kinds):
            best = found.end()
        elif best is not None:
            return None if _is_noun_in_s(word) else best  # two weapons caches
        elif head or (_is_noun_in_s(word) and low not in MODIFIERS_IN_S):
            break
        end = found.end()
    return best


def _is_noun_in_s(word: str) -> bool:
    return word.endswith("s") and word.islower()


def _joins_names(text: str, found: re.Match[str], before: str) -> bool:
    """Say whether an `and` joins two adjectives of nation: `20 Chadian and Malian soldiers`."""
    after = _WORD.match(text, found.end())
    return found[1] in ("and", "or") and before[:1].isupper() and bool(after and after[1][0].isupper())


def _is_head(text: str, found: re.Match[str], *, one: bool) -> bool:
    word, low = found[1], found[1].lower()
    if one:
        known = low in ONE_HEADS or is_people_name(plural(word))
        return known and bool(_AFTER_ONE.match(text, found.end()))
    if low == "rounds" and _OF.match(text, found.end()):
        return bool(_AMMUNITION.match(text, found.end()))
    people = is_people_name(word)
    if (low in INVARIABLE and low != "people") or (people and not low.endswith(("s", "men"))):
        after = _WORD.match(text, found.end())  # two police stations, two Dutch ships
        return not after or after[1].lower() in _ENDS or after[1].lower() in HEADS
    return people or low in HEADS


def _currency_of(found: re.Match[str]) -> str | None:
    """Return the unit of `dollars`, `CFA francs`, `pounds sterling`; None for any other words."""
    name, noun = (found[1] or "").strip(), found[2].lower()
    if found[3]:
        return "GBP" if noun == "pounds" else None
    if noun == "pounds" and not name:
        return None  # a weight as well
    if noun not in CURRENCIES:
        return None
    named = CURRENCIES.get(f"{name.lower().replace('.', '')} {noun}".strip())
    return named or f"{name} {noun}"


def _stands_alone(text: str, begin: int, end: int) -> bool:
    """Say whether a bare number counts casualties or strength by what stands around it: `one was killed`."""
    before = text[max(0, begin - 24) : begin]
    if _VERB_AFTER.match(text, end):
        return not re.search(r"\b(?:no|any|every|some|the|this|that|which)\s+\Z", before, re.IGNORECASE)
    if _ROW_BEFORE.search(before):
        return bool(_ROW_AFTER.match(text, end))
    return bool(_VERB_BEFORE.search(before) and _BARE_AFTER.match(text, end))


# --- values ---


def parse_quantity(words: str, *, antecedent: str | None = None) -> Quantity:
    """Turn the words of a QUANTITY mention into its value.

    words: the mention as marked. antecedent: the unit of the quantity before it in the sentence, which a bare
    number takes (`one was killed` after `one American`).
    Raises QuantityError, with the words, where they hold no amount.

    Source: annotation guide, section 2.
    """
    if len(words) > MAX_WORDS:
        raise QuantityError(f"{words[:40]!r}... is {len(words)} characters long; a quantity has at most {MAX_WORDS}")
    bound, rest = read_bound(re.sub(r"[ \t\r\n\f\v]+", " ", words).strip())
    amount = AMOUNT.match(rest)
    if not amount:
        raise QuantityError(f"{words!r} begins with no number that the grammar knows")
    low, high, vague = limits_of(amount)
    low, high, blurred = bounded(bound, low, high)
    unit = _read_unit(amount, rest[amount.end() :]) or antecedent
    return Quantity(low, high, unit, vague or blurred)


def _read_unit(amount: re.Match[str], rest: str) -> str | None:
    if sign := sign_of(amount[0]):
        return sign
    rest = re.sub(r"^ ?of(?= )", "", rest, flags=re.IGNORECASE)
    if (money := _CURRENCY.match(rest)) and (unit := _currency_of(money)):
        return unit
    rest = re.sub(r"^ (?:other|more|further|additional)(?= )", "", rest, flags=re.IGNORECASE).strip()
    rest = rest.rstrip(" .,;:)")
    if not rest:
        return None
    *modifiers, head = rest.split(" ")
    if _ONE.fullmatch(amount[0]) and head.lower() not in TOLL and head.lower() not in HEADS:
        head = plural(head)
    if head.lower() in HEADS or head.lower() in TOLL:
        head = head.lower()
    return " ".join([*modifiers, head])
