"""Amounts in words and figures: `600-800`, `one hundred and fifty`, `tens of thousands`, `at least 12`, `$6 million`.

An amount says how many, not of what; `quantities` puts the two together.

Source: annotation guide, section 2; `several hundred` is 2 to 9 hundreds, `hundreds` at least two of them.
"""

from __future__ import annotations

import re
from decimal import Decimal

from dossier.normalize.quantity_words import NUMBERS, PLURAL_AMOUNTS, SCALES, SIGNS

# a lowest and a highest number, and whether the words are vague about them
Limits = tuple[int | float | None, int | float | None, bool]

_S = r"\s{1,6}"
_SPACED = "[\u00a0\u202f\u2009]"  # spaces that do not break a line: 1 000
_FIGURES = (
    rf"(?:\d{{1,3}}(?:(?:,|{_SPACED})\d{{3}}(?!\d)){{1,4}}|\d{{1,3}}(?: 000(?!\d)){{1,3}}|\d{{1,12}})"
    r"(?:\.\d{1,3})?(?!\d)"
)
_SCALE = "(?:hundred|thousand|million|billion|trillion)"
_SCALES_AFTER = rf"(?:(?:{_S}|-){_SCALE}\b|(?:m|mn|bn|k)\b)"
_ONES = "(?:one|two|three|four|five|six|seven|eight|nine)"
_SMALL = (
    rf"(?:(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[-\s]{_ONES})?"
    rf"|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|{_ONES})\b"
)
_WORDED = (
    rf"(?:(?:{_SMALL}|a){_S}(?:{_SCALE}|dozen|score)\b(?:{_S}{_SCALE}\b)?"
    rf"(?:{_S}(?:and{_S})?{_SMALL}(?:{_S}{_SCALE}\b)?)?"
    rf"|half{_S}an?{_S}(?:dozen|hundred|thousand|million|billion)\b|dozen\b|{_SMALL}|zero\b)"
)
_SIGN = r"(?:(?:US|U\.S\.|AU?|CA?|NZ)?\$|[€£¥]|(?:" + "|".join(SIGNS["codes"].split()) + r")[\s]?)"
_NUMBER = rf"(?:(?:{_SIGN}\s?)?{_FIGURES}{_SCALES_AFTER}?|{_WORDED})"
_VAGUE = rf"(?:(?:several|(?:a{_S})?few|(?:a{_S})?couple(?:{_S}of)?){_S}(?:{_SCALE}|dozen)(?:{_S}{_SCALE})?\b)"
_PLURALS = r"(?:tens|dozens|scores|hundreds|thousands|millions|billions)"
_PLURAL = rf"(?:{_PLURALS}(?:{_S}of{_S}{_PLURALS}\b)?)"
_UNKNOWN = rf"(?:(?:unknown|unspecified|undetermined|undisclosed)(?:{_S}numbers?{_S}of)?)"
_UNTIL = rf"(?:\s{{0,2}}[-‐‑–—]\s{{0,2}}|{_S}(?:to|or){_S})"
AMOUNT = re.compile(
    rf"(?:between{_S}(?P<from>{_NUMBER}){_S}and{_S}(?P<till>{_NUMBER})"
    rf"|(?P<vague>{_VAGUE})(?:{_UNTIL}(?P<vague_to>{_VAGUE}|{_NUMBER}))?"
    rf"|(?P<plural>{_PLURAL})(?:{_UNTIL}(?P<plural_to>{_VAGUE}|{_PLURAL}|{_NUMBER}))?|(?P<unknown>{_UNKNOWN})|(?P<none>no)"
    rf"|(?P<low>{_NUMBER})(?:{_UNTIL}(?P<high>{_NUMBER}))?)"
    rf"(?P<more>\+|{_S}or{_S}more\b|{_S}or{_S}so\b|{_S}at{_S}(?:most|least)\b)?(?![\w%])",
    re.IGNORECASE,
)
BEFORE = re.compile(  # read backwards from an amount: the words that bound or blur it belong to the mark
    r"(?:\b(?:at\s+(?:least|most)|(?:no\s+|not\s+)?(?:more|less|fewer|greater)\s+than|up\s+to"
    r"|as\s+(?:many|much|few|little)\s+as|(?:well\s+|just\s+)?(?:over|under)|about|around|approximately|approx\."
    r"|some|roughly|nearly|almost|close\s+to|estimated|upwards?\s+of|(?:in\s+excess|minimum|maximum)\s+of"
    r"|exceeding|circa|perhaps|possibly)\s{1,6}|[~<>]\s?)\Z",
    re.IGNORECASE,
)
_AT_START = re.compile(BEFORE.pattern.removesuffix(r"\Z"), re.IGNORECASE)
_ARTICLE = re.compile(r"^(?:an?|the) (?=estimated|minimum|maximum)", re.IGNORECASE)
LOOK_BACK = 24  # characters; `in excess of`, `as many as` with a line break

_BOUND_WORDS = {
    "least": "at least,over,well over,just over,more than,greater than,no less than,not less than,no fewer than,"
    "not fewer than,upwards of,upward of,in excess of,minimum of,exceeding,>",
    "less": "under,just under,well under,less than,fewer than,<",
    "most": "at most,up to,as many as,as much as,no more than,not more than,maximum of",
}
_BOUNDS_BY_WORD = {word: bound for bound, words in _BOUND_WORDS.items() for word in words.split(",")}


def read_bound(words: str) -> tuple[str, str]:
    """Split `at least 12 men` into what it does to the limits (least, less, most, about or nothing) and the rest."""
    bound = ""
    while True:
        words = _ARTICLE.sub("", words)
        found = _AT_START.match(words)
        if not found:
            return bound, words
        if bound in ("", "about"):  # `up to about 300` is up to
            bound = _BOUNDS_BY_WORD.get(re.sub(r"\s+", " ", found[0].lower()).strip(), "about")
        words = words[found.end() :]


def bounded(bound: str, low: int | float | None, high: int | float | None) -> Limits:
    """Apply what `read_bound` read to the limits of an amount."""
    if bound == "least":
        return low, None, False
    if bound == "most":
        return None, high, False
    if bound == "less" and high is not None:
        return None, high - 1 if isinstance(high, int) else high, False
    return low, high, bound == "about"


def limits_of(amount: re.Match[str]) -> Limits:
    """Return lowest, highest, and whether the words are vague."""
    if amount["none"]:
        return 0, 0, False
    if amount["unknown"]:
        return None, None, False
    more = " ".join((amount["more"] or "").lower().split())
    if amount["plural"]:
        return _plural_amount(amount["plural"]), _highest(amount["plural_to"]), True
    if amount["vague"]:
        fewest, most = _vague_amount(amount["vague"])
        return fewest, _highest(amount["vague_to"]) or most, True
    first, last = amount["from"] or amount["low"], amount["till"] or amount["high"]
    high = _value(last or first)
    low = _value(first)
    if last and low < min(high, 1000):  # 10-15 million; but not $800,000 to $1.2 million
        low *= _lent_scale(first, last)
    if more in ("+", "or more", "at least"):
        return low, None, False
    if more == "at most":
        return None, high, False
    return min(low, high), max(low, high), more == "or so"


def _highest(words: str | None) -> int | float | None:
    """The highest number of `a few thousand`, `1,000`; none of `thousands`, and of no words."""
    if not words or re.match(_PLURALS, words, re.IGNORECASE):
        return None
    return _vague_amount(words)[1] if re.match(_VAGUE, words, re.IGNORECASE) else _value(words)


def _plural_amount(words: str) -> int:
    first, *rest = re.split(r"\s+of\s+", words.lower())
    product = PLURAL_AMOUNTS[first]
    for word in rest:
        product *= PLURAL_AMOUNTS[word] // 2
    return product


def _vague_amount(words: str) -> tuple[int, int]:
    product = 1
    for word in words.lower().split():
        product *= SCALES.get(word, 1)
    return 2 * product, (2 if "couple" in words.lower() else 9) * product


def _value(words: str) -> int | float:
    """Return the number of `1.5 million`, `one hundred and fifty`, `$6m`."""
    words = re.sub(rf"^{_SIGN}\s?", "", words, flags=re.IGNORECASE).lower()
    if not words[0].isdigit():
        return _worded_value(words)
    found = re.match(_FIGURES, words)
    figures = re.sub(r"[^\d.]", "", found[0] if found else words)
    tail = words[found.end() :] if found else ""
    scale = SCALES.get(tail.strip(" -\n\t\u00a0\u202f\u2009"), 1)
    number = Decimal(figures) * scale  # 4.06 billion is no whole number of binary fractions
    return int(number) if number == int(number) else float(number)


def _lent_scale(first: str, last: str) -> int:
    """Return the scale that a bare start of a range takes from its end: a million for `10-15 million`."""
    scales = [re.search(rf"(?:\b(?:{_SCALE}|dozen)|(?<=\d)(?:mn|bn|m|k))\Z", words.lower()) for words in (first, last)]
    return SCALES[scales[1][0]] if scales[1] and not scales[0] else 1


def _worded_value(words: str) -> int:
    """Add up number words: a scale multiplies what stands before it, from the last larger scale on."""
    total, current = 0, 0
    half = words.startswith("half")
    for word in re.split(r"[\s-]+", words):
        if word in SCALES:
            current = max(current, 1) * SCALES[word]
            if SCALES[word] >= 1000:
                total, current = total + current, 0
        elif not (half and word in ("a", "an")):
            current += NUMBERS.get(word, 0)
    total += current
    return total // 2 if half else total


def sign_of(words: str) -> str | None:
    """Return the unit of a sign or code before the figures: `USD` for `$6 million`; None where there is none."""
    found = re.search(rf"({_SIGN})\s?\d", words)
    return SIGNS.get(found[1].strip().replace(".", ""), found[1].strip()) if found else None
