"""One point of time in tidied words, into EDTF: `3 may 2016`, `late 2012`, `early 2000s`, `first half 2015`.

Source: annotation guide, section 2. Its months and years for early, mid and late are kept to; by analogy the days of
a month are 1-10, 11-20, 21-end, and the years of a century 00-39, 40-69, 70-99.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from dossier.errors import DateError
from dossier.normalize.edtf import interval, make_day, month_length

_MONTHS = "jan january,feb february,mar march,apr april,may,jun june,jul july,aug august,sep sept september,"
_MONTHS += "oct october,nov november,dec december"
MONTHS = {name: number for number, names in enumerate(_MONTHS.split(","), 1) for name in names.split()}
LONG_MONTHS = [names.split()[-1] for names in _MONTHS.split(",")]
SEASONS = {"spring": 21, "summer": 22, "autumn": 23, "fall": 23, "winter": 24}
ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4}
_CENTURIES = "sixteenth seventeenth eighteenth nineteenth twentieth"
ORDINALS |= {word: number for number, word in enumerate(_CENTURIES.split(), 16)}
ORDINALS["twenty-first"] = 21
# part -> first and last of twelve months, of ten years, of about thirty days
_PARTS = {"early": (1, 3, 0, 3), "mid": (5, 8, 4, 6), "late": (10, 12, 7, 9)}
_PART_NAMES = {"beginning": "early", "start": "early", "middle": "mid", "end": "late", "year-end": "late"}
_PART_DAYS = {"early": (1, 10), "mid": (11, 20), "late": (21, 31)}

Y = r"(?:1\d|20)\d\d"
M = "|".join(sorted(MONTHS, key=len, reverse=True))
_PART = r"(?:(early|mid|middle|late|beginning|start|end|year-end)(?:[- ]to[- ](mid|late|end))?[- ])"
_ORD = r"(\d{1,2}|" + "|".join(sorted(ORDINALS, key=len, reverse=True)) + ")"


def point(words: str) -> str | None:
    """Turn the words of one point into EDTF, None where they are no point.

    words: tidied as `date_words` does: lower case, single spaces, no commas, articles or `of`.
    Raises DateError for a point that cannot be: `30 february 2012`.
    """
    for pattern, build in _points():
        if found := pattern.fullmatch(words):
            return build(found)
    return None


def _full_day(found: re.Match[str]) -> str:
    return make_day(int(found[3]), MONTHS[found[2]], int(found[1]))


def _full_day_us(found: re.Match[str]) -> str:
    return make_day(int(found[3]), MONTHS[found[1]], int(found[2]))


def _iso_day(found: re.Match[str]) -> str:
    return make_day(int(found[1]), int(found[3]), int(found[4]))


def _numeric_day(found: re.Match[str]) -> str:
    """Read `30.06.2018` and `6/30/2018`; with a dot the day comes first, else only one order may be possible."""
    first, second, year = int(found[1]), int(found[3]), int(found[4])
    if found[2] == "." or first > 12 or first == second:
        return make_day(year, second, first)
    if second > 12:
        return make_day(year, first, second)
    raise DateError("day or month may come first")


def _year_and_two(found: re.Match[str]) -> str:
    """Read `2006-07` as two years; `2012-03`, with a plain hyphen, can only be a month of ISO 8601."""
    year, two = int(found[1]), int(found[3])
    if two > year % 100:
        return interval(found[1], f"{year - year % 100 + two:04}")
    if found[2] == "-" and 1 <= two <= 12:
        return f"{found[1]}-{found[3]}"
    return interval(found[1], _next_century(year, two))


def _next_century(year: int, two: int) -> str:
    if 100 - year % 100 + two > 20:  # 1998-02 is a range, 2012-03 across a century is not
        raise DateError(f"{two:02} is no year after {year}")
    return f"{year - year % 100 + 100 + two:04}"


def _month(found: re.Match[str]) -> str:
    year, month = found[4], MONTHS[found[3]]
    if not found[1]:
        return f"{year}-{month:02}"
    first, _ = _PART_DAYS[_part(found[1])]
    _, last = _PART_DAYS[_part(found[2] or found[1])]
    last = min(last, month_length(int(year), month))
    return f"{year}-{month:02}-{first:02}/{year}-{month:02}-{last:02}"


def _season(found: re.Match[str]) -> str:
    return f"{found[4]}-{SEASONS[found[3]]}"


def _part(name: str) -> str:
    return _PART_NAMES.get(name, name)


def _part_of_year(found: re.Match[str]) -> str:
    first, last = _PARTS[_part(found[1])][0], _PARTS[_part(found[2] or found[1])][1]
    return f"{found[3]}-{first:02}/{found[3]}-{last:02}"


def _decade(found: re.Match[str]) -> str:
    """Read `1980s` and `early 1980s`; `1800s` is a century, `2000s` a decade (annotation guide)."""
    if found[3].endswith("0") and found[3] != "200":
        return _century_part(found, found[3][:2])
    return _decade_part(found, found[3])


def _short_decade(found: re.Match[str]) -> str:
    return _decade_part(found, f"19{found[3]}" if int(found[3]) > 2 else f"20{found[3]}")


def _decade_part(found: re.Match[str], decade: str) -> str:
    if not found[1]:
        return f"{decade}X"
    return f"{decade}{_PARTS[_part(found[1])][2]}/{decade}{_PARTS[_part(found[2] or found[1])][3]}"


def _century(found: re.Match[str]) -> str:
    return _century_part(found, f"{_ordinal(found[3]) - 1:02}")


def _century_part(found: re.Match[str], century: str) -> str:
    if not found[1]:
        return f"{century}XX"
    first, last = _PARTS[_part(found[1])][2], _PARTS[_part(found[2] or found[1])][3]
    return f"{century}{first}0/{century}{last}9"


def _ordinal(word: str) -> int:
    number = ORDINALS.get(word) or int(word)
    if not 1 <= number <= 99:
        raise DateError(f"{word!r} is no such number")
    return number


def _first_decade(found: re.Match[str]) -> str:
    century = found[2][:2] if found[2] else f"{_ordinal(found[3]) - 1:02}"
    return f"{century}{(_ordinal(found[1]) - 1) % 10}X"


def _quarter(found: re.Match[str]) -> str:
    return _months_of(found[2], 3, 4 if found[1] == "last" else _ordinal(found[1]), 4)


def _half(found: re.Match[str]) -> str:
    number = 2 if found[1] == "last" else _ordinal(found[1])
    return _months_of(found[2], 6, number, 2)


def _months_of(year: str, length: int, number: int, most: int) -> str:
    if number > most:
        raise DateError(f"a year has {most} of them")
    return f"{year}-{(number - 1) * length + 1:02}/{year}-{number * length:02}"


def _half_decade(found: re.Match[str]) -> str:
    first, last = (0, 4) if found[1] in ("first", "1") else (5, 9)
    return f"{found[2]}{first}/{found[2]}{last}"


def _half_century(found: re.Match[str]) -> str:
    century = _ordinal(found[2]) - 1
    first, last = ("00", "49") if found[1] in ("first", "1") else ("50", "99")
    return f"{century:02}{first}/{century:02}{last}"


@cache
def _points() -> list[tuple[re.Pattern[str], Callable[[re.Match[str]], str]]]:
    """Compile the forms of one point, most specific first; compiled at the first use, not on import."""
    forms: list[tuple[str, Callable[[re.Match[str]], str]]] = [
        (rf"({Y})", lambda found: found[1]),
        (rf"{_PART}?({M})[- ]({Y})", _month),
        (rf"(\d\d?)[ -]({M})[ -]({Y})", _full_day),
        (rf"({M}) ?(\d\d?) ({Y})", _full_day_us),
        (rf"({Y})([-./])(\d\d?)\2(\d\d?)", _iso_day),
        (rf"(\d\d?)([-./])(\d\d?)\2({Y})", _numeric_day),
        (rf"({Y})( to |[-/])(\d\d)", _year_and_two),
        (rf"{_PART}({Y})", _part_of_year),
        (rf"{_PART}?({'|'.join(SEASONS)}) ({Y})(?:(?<=winter \d\d\d\d)[-/ ](?:to )?\d\d(?:\d\d)?)?", _season),
        (rf"{_PART}?(\d{{3}})0'?s", _decade),
        (rf"{_PART}?'?(\d)0'?s", _short_decade),
        (rf"{_PART}?{_ORD}[- ]century", _century),
        (rf"{_ORD} decade (?:(\d\d)00s|{_ORD} century)", _first_decade),
        (rf"(last|\d|first|second|third|fourth) quarter ({Y})", _quarter),
        (rf"q([1-4])[- ]({Y})", _quarter),
        (rf"([1-4])q[- ]({Y})", _quarter),
        (rf"(?={Y}[- ]?q([1-4])$)({Y}).*", _quarter),
        (rf"(first|second|last|1|2) half ({Y})", _half),
        (rf"h([12])[- ]({Y})", _half),
        (r"(first|second|last|1|2) half (\d{3})0'?s", _half_decade),
        (rf"(first|second|last|1|2) half {_ORD} century", _half_century),
        (rf"(?:fy|year) ?({Y})", lambda found: f"{found[1]}~"),
        (r"9/11", lambda found: "2001-09-11"),
    ]
    return [(re.compile(pattern, re.ASCII), build) for pattern, build in forms]
