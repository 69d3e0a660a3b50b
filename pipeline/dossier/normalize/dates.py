"""DATE mentions in running text, and their EDTF values.

`find_dates` scans once for the words and numbers that can begin a date (`_HEAD`), matches the grammar there, and
drops what the neighbours show to be something else: counts, resolutions, pages, identifiers, a verb `march`.
`parse_date` and `bounds` are those of `date_words` and `edtf`, under the name that the rest of dossier uses.

Source: annotation guide, sections 1 and 2.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from dossier.normalize.date_words import parse_date
from dossier.normalize.edtf import bounds
from dossier.normalize.quantities import is_counted

__all__ = ["DateSpan", "bounds", "find_dates", "parse_date"]

LOOK_BACK = 60  # characters before a number that are read for `Resolution`, `pages`, `No.`


@dataclass(frozen=True, slots=True)
class DateSpan:
    """A date in a text: half-open characters `[start, end)`."""

    start: int
    end: int


# --- the grammar, as pieces of one regular expression; every run of spaces is bounded ---

_S = r"\s{1,6}"
_Y = r"(?:1[5-9]|20)[0-9][0-9]"
_DAY = r"(?:3[01]|[12][0-9]|0?[1-9])(?:st|nd|rd|th)?(?!\w)"
_MONTH = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|Jun(?:e|\.)?|Jul(?:y|\.)?|Aug(?:ust|\.)?"
    r"|Sep(?:tember|t\.?|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)(?![a-z])"
)
_MONTH_NAME = "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_MONTH_WORDS = frozenset(_MONTH_NAME.lower()[3:-1].split("|"))
_WEEKDAY = rf"(?:(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?\.?,?{_S})"
_HYPHEN = "[-‐‑]"
_TO = rf"(?:[^\S\n]{{0,3}}[-‐‑–—−]\s{{0,3}}|-to-|{_S}(?:to|through|thru|until|till){_S})"
_JOIN = rf"(?:{_TO}|{_S}(?:and|or|&){_S})"
_PART_WORD = rf"(?:(?:early|mid|late)(?:-?{_S}to{_S}|-to-)(?:mid|late)|early|mid(?:dle)?|late)"
_PART = rf"(?:{_PART_WORD}(?:{_S}in{_S}|[-‐‑–\s]{{1,3}}))"
_POSITION = rf"(?:(?:start|beginning|middle|end){_S}of{_S}(?:the{_S})?|year-end{_S}|end-)"
_HALF = rf"(?:(?:first|second|third|fourth|last|1st|2nd|3rd|4th){_S}(?:half|quarter|decade){_S}of{_S}(?:the{_S})?)"
_QUARTER = rf"(?:(?:Q[1-4]|H[12]|[1-4]Q)(?:-|{_S})(?:of{_S})?)"
_LEAD = rf"(?:{_PART}|{_POSITION}|{_HALF}|{_QUARTER})"
_SEASON = "(?:spring|summer|autumn|fall|winter)"
_ORDINAL = "(?:(?:1[4-9]|20)th|21st|(?:six|seven|eigh|nine)teenth|twentieth|twenty-first)"
_DECADE = rf"(?:(?:(?:the{_S})?{_PART}?|{_POSITION}|{_HALF})(?:1[5-9]|20)[0-9]0['’]?s\b)"
_SHORT_DECADE = rf"(?:the{_S}(?:{_PART})?['’][0-9]0s\b)"
_D = r"(?:3[01]|[12][0-9]|0?[1-9])"
_MM = "(?:0[1-9]|1[0-2])"
_DATED = (
    rf"(?:{_WEEKDAY}?{_DAY}(?:{_S}of)?(?:{_S}|-){_MONTH},?(?:{_S}|-){_Y}"
    rf"|{_WEEKDAY}?{_MONTH}(?:{_S}|(?<=\.)){_DAY},?\s{{0,6}}{_Y}"
    rf"|{_Y}(?:-{_MM}-|/{_MM}/|\.{_MM}\.)(?:0[1-9]|[12][0-9]|3[01])(?![0-9])"
    rf"|{_D}(?:-{_D}-|/{_D}/|\.{_D}\.){_Y}|[0-3][0-9](?:/[0-3][0-9]/|\.[01][0-9]\.)[0-9][0-9](?!\.?[0-9])"
    rf"|(?:{_PART}|{_POSITION})?{_MONTH}(?:,?{_S}|{_S}of{_S}|-|(?<=\.)){_Y}"
    rf"|(?:{_PART}|{_POSITION})?{_SEASON}(?:,?{_S}|{_S}of{_S}){_Y}"
    rf"|{_DECADE}|{_SHORT_DECADE}"
    rf"|(?:{_PART}|{_POSITION}|{_HALF})?{_ORDINAL}(?:{_S}|-)century\b"
    rf"|{_LEAD}{_Y}|{_Y}(?:{_S}|-)Q[1-4]|FY{_S}?{_Y}|{_Y})"
)

_PRESENT = (
    rf"(?:(?:the{_S})?present(?:{_S}day)?(?!{_S}(?:an?|the|its|his|her|their|it|him|them)\b)"
    r"|now|today|date|current|ongoing)\b"
)
_END_UNKNOWN = r"(?:unknown\b|unk\b|\?|n/a\b)"
_TWO = r"(?<=[0-9]{4})[-‐‑–/][0-9][0-9](?![0-9])"
_OPEN_END = r"(?<=[0-9])[-–—](?=[)\]])"
_DAY_MONTH = rf"(?:{_WEEKDAY}?{_DAY}(?:{_S}of)?{_S}{_MONTH}|{_WEEKDAY}?{_MONTH}(?:{_S}|(?<=\.)){_DAY})"
_SHARED = (  # two points, the first without the year that both have
    rf"(?:{_DAY}{_JOIN}{_DAY}{_S}{_MONTH},?{_S}{_Y}|{_MONTH}{_S}{_DAY}{_JOIN}{_DAY},?{_S}{_Y}"
    rf"|{_DAY_MONTH}{_JOIN}{_DAY_MONTH},?{_S}{_Y}|{_PART}?{_MONTH}{_JOIN}{_PART}?{_MONTH}(?:,?{_S}|{_S}of{_S}){_Y}"
    rf"|{_SEASON}{_JOIN}{_SEASON}(?:{_S}of)?{_S}{_Y}|Q[1-4]{_JOIN}Q[1-4]{_S}{_Y}"
    rf"|(?:first|second|third){_JOIN}(?:second|third|fourth){_S}(?:quarter|half)s?{_S}of{_S}{_Y})"
)
_OR = rf"{_S}or{_S}{_DATED}"
_FULL = (
    rf"(?:{_SHARED}|{_DATED}(?:{_OR}{_TO}(?:{_DATED}|{_PRESENT})|(?:{_TO}|/|{_S}or{_S}){_DATED}(?:{_OR})?"
    rf"|{_TO}(?:{_PRESENT}|{_END_UNKNOWN})|{_TWO}|{_OPEN_END})?)"
)
_BETWEEN = rf"between{_S}(?:{_DATED}|{_DAY_MONTH}|{_PART}?{_MONTH}|{_DAY}|{_SEASON}){_S}and{_S}(?:{_DATED}|{_PRESENT})"
_CIRCA = rf"(?:circa|ca?\.|about|around|approximately|approx\.|roughly){_S}"
_RELATIVE = (
    rf"(?:{_PART}?(?:(?:the|that|this){_S}(?:very{_S})?"
    rf"(?:same|following|next|previous|preceding|prior|subsequent|ensuing){_S}(?:year|month)|that{_S}(?:year|month))\b)"
)
_FROM_REPORT = (
    rf"(?:(?:{_PART}|{_POSITION})?(?:last|this|next){_S}(?:year|month)\b(?!{_S}of\b)"
    rf"|(?:last|this|next){_S}{_MONTH_NAME}\b)"
)
_MONTH_AFTER = rf"(?:the{_S}(?:same|following|next|previous|preceding){_S}{_MONTH_NAME}\b)"
_YEARLESS = (
    rf"(?:(?:{_DAY}{_JOIN}{_DAY}{_S}{_MONTH}|{_DAY_MONTH}{_JOIN}{_DAY_MONTH}|{_MONTH}{_S}{_DAY}{_JOIN}{_DAY}|{_DAY_MONTH})"
    rf"(?:,?{_S}(?:of{_S})?(?:{_RELATIVE}|{_FROM_REPORT}))?|{_PART}?{_MONTH_NAME}{_S}(?:of{_S})?(?:{_RELATIVE}|{_FROM_REPORT}))"
)
_BARE_MONTH = rf"(?:{_PART}|{_POSITION})?{_MONTH_NAME}(?:{_JOIN}{_PART}?{_MONTH_NAME})?"
# what may not follow a date: it would be part of a longer number, of a percentage or of an address
_AFTER = r"(?![\w%°@]|[-‐‑–./:][0-9]|,[0-9]{3}(?![0-9])|-[A-Z]{1,3}[0-9])"

_HEAD_WORDS = (
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}"
    r"|early|mid|late|middle|beginning|start|end|year-end|first|second|third|fourth|spring|summer|autumn|fall|winter"
    r"|q[1-4]|h[12]|fy|circa|ca?\.|around|about|approximately|approx|roughly|between|unknown|twentieth|twenty-first"
    r"|(?:six|seven|eigh|nine)teenth|the(?=\s+(?:very|same|following|next|prev|preced|prior|subseq|ensuing|early|mid|late|[0-9]|['’]))"
    r"|(?:that|this|last|next)(?=\s+(?:very\s|same\s|year|month|following|next|half|quarter"
    r"|(?:jan|febr)uary|march|april|may|june|july|august|(?:septem|octo|novem|decem)ber))"
)


@cache
def _head() -> re.Pattern[str]:
    return re.compile(rf"\b(?=[0-9a-fhjl-oq-uwy])(?:[0-9]{{1,4}}(?![0-9])|{_HEAD_WORDS})", re.IGNORECASE)


@cache
def _grammar() -> re.Pattern[str]:
    """Compile the forms, one named group each; compiled at the first use, not on import."""
    forms = {
        "unknown": rf"unknown{_TO}{_DATED}",
        "between": _BETWEEN,
        "circa": rf"{_CIRCA}{_FULL}",
        "full": _FULL,
        "event": r"9/11(?!/)",
        "month_after": _MONTH_AFTER,
        "relative": _RELATIVE,
        "from_report": _FROM_REPORT,
        "yearless": _YEARLESS,
        "bare_month": _BARE_MONTH,
    }
    return re.compile("|".join(f"(?P<{name}>{form}){_AFTER}" for name, form in forms.items()), re.IGNORECASE)


def find_dates(text: str) -> list[DateSpan]:
    """Return every DATE mention of `text`, in order, never overlapping.

    `between` and `circa` belong to the mark; `from`, `since`, `in` and an article that is not a decade's do not.
    Days without a month, weekdays and clock times are left out.
    """
    spans: list[DateSpan] = []
    match = _grammar().match
    last = 0
    for head in _head().finditer(text):
        start = head.start()
        if start < last:
            continue
        found = match(text, start)
        if found and _is_date(text, found):
            last = found.end()
            spans.append(DateSpan(start, last))
    return spans


# --- what a date is not ---

_LINKS = "#$€£@=&_%+~*\\"  # a character that makes the number after it a part of something else
_YEARS_ONLY = re.compile(
    rf"(?:between\s+|{_CIRCA})?{_Y}(?:\s*(?:[-‐‑–—/]|to|or|and|through|until|till)\s*[0-9][0-9](?:[0-9][0-9])?)?",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    r"(?:\b(?:resolutions?|unscr|unsc|n(?:o|os|r)\.|numbers?|pages?|pp?\.|sections?|articles?|art\.|paragraphs?|paras?\.?"
    r"|chapters?|notes?|fn\.?|box|room|flight|hill|route|highway|channel|windows|agenda|vision|regulation|directive"
    r"|docket|passport|id|tel\.?|telephone|phone|fax|isbn|issn|doi|figure|table|version|volume|vol\.|serial|code|usd|eur)"
    r"|№|\bNos?|\+[0-9][0-9 ().-]{0,20})\s{0,2}[:#]?\s{0,2}"
    r"(?:[0-9]+\s?(?:\([0-9]{4}\)\s?)?(?:,|;|and|or|&|to|[-–])\s{0,2}){0,8}\Z",
    re.IGNORECASE,
)
_PREFIX = re.compile(r"(?<![\w-])(?:post|pre|ex|non|since|until)[-‐‑]\Z", re.IGNORECASE)
_NEGATION = re.compile(r"\bno\s+\Z")  # `no 2015 elections` has no number before it
_AFTER_NUMBER = re.compile(
    r"\s?(?:\((?:19|20)[0-9][0-9]\)|percent\b|per\s+cent\b|hours\b|hrs\b|GMT\b|UTC\b|local\s+time|(?:US\s+)?dollars\b|euros?\b|USD\b"
    r"|k?m\b|kg\b|(?:kilo)?met(?:er|re)s\b|miles\b|feet\b|tons\b|tonnes\b|square\b|hectares\b|barrels\b|million\b|billion\b)"
    r"|\s?(?:[-–]|to\b|or\b)\s?[0-9]",
    re.IGNORECASE,
)
_OLD_CONTEXT = re.compile(
    r"(?:\b(?:in|since|until|till|of|from|to|by|after|before|around|the|during|between|and|or|circa|year|early|mid|late)[\s-]{1,6}"
    r"|[(,–-]\s?)\Z",
    re.IGNORECASE,
)
_HUNDREDS = re.compile(r"\s(?!(?:was|is|has|his|its|as|this|us)\b)[a-z]+s\b")  # 2000 rifles, 1500 sorties
_IN = re.compile(
    r"\b(?:in|since|until|till|during|after|before|by|from|of|the|mid|early|late|year)[\s-]{1,6}\Z", re.IGNORECASE
)
_MONTH_CONTEXT = re.compile(
    r"\b(?:in|since|until|till|by|during|from|of|last|this|next|through|to|before|after|between|late|early|mid)\s{1,6}\Z",
    re.IGNORECASE,
)
_VERB_CONTEXT = re.compile(r"\b(?:in|since|until|during|last|late|early|mid)\s{1,6}\Z", re.IGNORECASE)
_NAME_OR_VERB = re.compile(r"\b(?:may|march|mar)\b")  # lower case: `may 3 people`, `to march 5 miles`
_REPEATED = re.compile(r"\b(?:the|each|every|for|past)\s+\Z", re.IGNORECASE)


def _is_date(text: str, found: re.Match[str]) -> bool:
    start, end, kind = found.start(), found.end(), found.lastgroup
    if not _stands_free(text, start):
        return False
    words = found[0]
    if kind in ("full", "circa", "between"):
        return not _YEARS_ONLY.fullmatch(words) or _is_year(text, start, end, words)
    if kind == "bare_month":
        return _is_month(text, start, words)
    if kind == "yearless":
        return not _NAME_OR_VERB.search(words) and not _is_count_in_month(text, start, end, words)
    if kind == "from_report":
        repeated = words[:4].lower() in ("last", "next") and _REPEATED.search(text, max(0, start - 8), start)
        return not repeated and _months_are_names(words)
    return True


def _stands_free(text: str, start: int) -> bool:
    """Say whether the character before belongs to another word: an address, an identifier, a decimal number."""
    before = text[start - 1] if start else " "
    if before.isspace() or before in "([\"“‘'’—;|":
        return True
    if before in _LINKS:
        return False
    if before in "-‐‑":
        return bool(_PREFIX.search(text[max(0, start - 8) : start]))
    if before in "/.:,–":
        return start < 2 or not text[start - 2].isalnum()
    return True


def _is_year(text: str, start: int, end: int, words: str) -> bool:
    """Say whether bare figures are years by what stands around them."""
    number = re.search(r"[0-9]{4}", words)
    year = int(number[0]) if number else 0
    before = text[max(0, start - LOOK_BACK) : start]
    if _AFTER_NUMBER.match(text, end) or (_NUMBERED.search(before) and not _NEGATION.search(before)):
        return False
    if is_counted(text, start + (number.start() if number else 0), end):
        return False
    if year < 1800 and not _OLD_CONTEXT.search(before):
        return False
    return bool(year % 100 or _IN.search(before) or not _HUNDREDS.match(text, end))


def _is_month(text: str, start: int, words: str) -> bool:
    """Say whether a month alone is one: with a capital, and after a word such as `in`; May and March ask for more."""
    if not _months_are_names(words):
        return False
    names = _month_names(words)
    if words[0].islower() or re.search(r"\s(?:to|through|until)\s|[-–—]", words):  # late May, March to June
        return True
    context = _VERB_CONTEXT if names[0].lower() in ("may", "march") else _MONTH_CONTEXT
    return bool(context.search(text, max(0, start - 12), start))


def _months_are_names(words: str) -> bool:
    return all(name[0].isupper() for name in _month_names(words))


def _month_names(words: str) -> list[str]:
    return [name for name in re.findall(r"[A-Za-z]+", words) if name.lower() in _MONTH_WORDS]


def _is_count_in_month(text: str, start: int, end: int, words: str) -> bool:
    """Say whether `May 20` is a month and a count: `in May 20 people were killed`."""
    return words[-1].isdigit() and text[max(0, start - 3) : start].lower() == "in " and is_counted(text, end - 2, end)
