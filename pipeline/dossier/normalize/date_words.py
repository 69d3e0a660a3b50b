"""The words of a DATE mention into EDTF: `late 2012 or early 2013` -> `2012-10/2013-03`.

Words are first tidied (case, spaces, dashes, commas, articles), relative years and months are put in figures from
the anchor, and what is left is one point (`date_points`) or two points with a joining word between them.

Source: annotation guide, section 2.
"""

from __future__ import annotations

import re
from datetime import timedelta

from dossier.errors import DateError
from dossier.normalize.date_points import LONG_MONTHS, MONTHS, ORDINALS, SEASONS, M, point
from dossier.normalize.edtf import add_months, approximate, bounds, interval, single_day, single_month, single_year

MAX_WORDS = 120  # characters; the longest mark in the sample reports has 24

_COUNT_WORDS = "one two three four five six seven eight nine ten eleven twelve"
_COUNTS = {word: count for count, word in enumerate(_COUNT_WORDS.split(), 1)} | {"a": 1, "an": 1}

_JOIN = re.compile(r" ?(?:-|/| to-? ?| through | thru | until | till | or | and | & ) ?")
_OPEN = re.compile(r"(?:present(?: day)?|now|today|date|current(?:ly)?|ongoing|onwards?)")
_UNKNOWN = re.compile(r"(?:unknown|unk|\?|n/?a)")
_APPROXIMATE = re.compile(r"^(?:circa|ca?|around|about|approximately|approx|roughly) (?=.)")
_WEEKDAY = re.compile(
    r"\b(?:mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun|monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b"
)
_PART_DASH = re.compile(r"\b(early|mid|late) ?[-‐‑–] ?(?=\S)")
_DASHES = re.compile(r" ?[–—−] ?|-? to | - ?|- |\bto-|-to-")
_DOT = re.compile(r"(?<=[a-z])\.")
_NTH = re.compile(r"(?<=\d)(?:st|nd|rd|th)\b")
_FILLERS = re.compile(r"\b(?:of|the|in|from|between|fiscal|financial|some ?time)\b")
_SPACES = re.compile(r" +")
_NEXT = "following|subsequent|ensuing|succeeding"
_PREVIOUS = "previous|preceding|prior"
_ANCHORED = re.compile(  # a bare `next year` is the report's, `the next year` the anchor's
    rf"\b(?:(?:the|that) (next)|(?:(?:the|that|this) )?(?:very )?(same|{_NEXT}|{_PREVIOUS})) (year|month|day|{M})\b"
    rf"|\bthat (year|month|day)\b"
)
_REPORTED = re.compile(rf"\b(last|this|next) (year|month|{M})\b")
_LATER = re.compile(r"(\d{1,3}|[a-z]+) (year|month|day|week)s? (later|earlier|after|before)")


def parse_date(words: str, *, report_date: str | None = None, anchor: str | None = None) -> str:
    """Turn the words of a DATE mention into EDTF level 1.

    words: the mention as marked, line breaks and all. anchor: the EDTF value that a relative expression (`the
    following year`) or a day or month without a year (`3 May`) points back to; None where there is none.
    report_date: EDTF of the report itself, for `last year`, `this month`.
    Raises DateError, with the words, for what is no date, is ambiguous (`03/04/2015`), impossible (`February 30`),
    or points to an anchor or report date that was not given.

    Source: annotation guide, section 2.
    """
    if len(words) > MAX_WORDS:
        raise DateError(f"{words[:40]!r}... is {len(words)} characters long; a date has at most {MAX_WORDS}")
    try:
        return _parse(_put_years(_tidy(words), anchor, report_date), anchor)
    except DateError as error:
        raise DateError(f"{words!r}: {error}") from error


def _parse(words: str, anchor: str | None) -> str:
    words = _drop_fillers(words)
    if value := _expression(words):
        return value
    if re.search(rf"\b(?:{M}|{'|'.join(SEASONS)}|quarter|half)\b", words) and not re.search(r"\d{4}", words):
        if anchor is None:
            raise DateError("no year in the words; give the anchor that holds it")
        if value := _expression(f"{words} {single_year(anchor)}"):
            return value
    raise DateError("not a date that the grammar knows")


def _tidy(words: str) -> str:
    """Lower case, single spaces, no commas, no weekday, `-` only inside a word, other dashes as `to`."""
    words = " ".join(words.lower().replace(",", " ").replace("’", "'").split())
    words = _PART_DASH.sub(r"\1 ", words.replace("‐", "-").replace("‑", "-"))
    words = _DOT.sub(" ", _DASHES.sub(" to ", words))
    words = _NTH.sub("", _WEEKDAY.sub(" ", words))
    return _SPACES.sub(" ", words).strip(" .;:")


def _drop_fillers(words: str) -> str:
    return _SPACES.sub(" ", _FILLERS.sub(" ", words)).strip()


def _expression(words: str) -> str | None:
    if found := _APPROXIMATE.match(words):
        value = _expression(words[found.end() :])
        return approximate(value) if value else None
    return point(words) or _range(words)


# --- relative words ---


def _put_years(words: str, anchor: str | None, report_date: str | None) -> str:
    """Replace `the same year`, `that month`, `last year` ... by figures."""
    if found := _LATER.fullmatch(words):
        return _shift(found, _needed(anchor, "anchor"))
    words = _ANCHORED.sub(lambda found: _point_back(found, _needed(anchor, "anchor")), words)
    return _REPORTED.sub(lambda found: _from_report(found, _needed(report_date, "report date")), words)


def _needed(value: str | None, name: str) -> str:
    if value is None:
        raise DateError(f"relative to something else; give the {name}")
    return value


def _point_back(found: re.Match[str], anchor: str) -> str:
    which, unit = found[1] or found[2] or "same", found[3] or found[4]
    step = 0 if which == "same" else -1 if which in _PREVIOUS.split("|") else 1
    if unit in MONTHS:
        return _named_month(MONTHS[unit], step, anchor)
    return _moved(anchor, unit, step)


def _moved(anchor: str, unit: str, count: int) -> str:
    """Return the year, month or day `count` after the anchor's; an anchor of many years moves from its near end."""
    if unit == "year":
        if count == 0:
            return f"{single_year(anchor):04}"
        return _year(_edge(anchor, last=count > 0) + count)
    if unit == "month":
        return _month_in_words(*single_month(anchor), count)
    try:
        return (single_day(anchor) + timedelta(days=count)).isoformat()
    except OverflowError as error:
        raise DateError("a day outside the calendar") from error


def _month_in_words(year: int, month: int, count: int = 0) -> str:
    """Return `july 2006`, not `2006-07`, which the grammar reads as two years."""
    moved = add_months(year, month, count)
    return f"{LONG_MONTHS[int(moved[5:]) - 1]} {moved[:4]}"


def _edge(anchor: str, *, last: bool) -> int:
    day = bounds(anchor)[1 if last else 0]
    if day is None:
        raise DateError(f"the anchor {anchor!r} is open on the side that counts")
    return int(day[:4])


def _year(year: int) -> str:
    if not 1 <= year <= 9999:
        raise DateError(f"year {year} is outside the calendar")
    return f"{year:04}"


def _named_month(month: int, step: int, anchor: str) -> str:
    """Return the January before, in the year of, or after the anchor."""
    if step == 0:
        return _month_in_words(single_year(anchor), month)
    first, last = bounds(anchor)
    near = last if step > 0 else first
    if near is None:
        raise DateError(f"the anchor {anchor!r} is open on the side that counts")
    passed = month <= int(near[5:7]) if step > 0 else month >= int(near[5:7])
    return _month_in_words(int(near[:4]) + (step if passed else 0), month)


def _shift(found: re.Match[str], anchor: str) -> str:
    count = int(found[1]) if found[1].isdecimal() else _COUNTS.get(found[1], 0)
    if not count:
        raise DateError(f"{found[1]!r} is no number of {found[2]}s")
    sign = 1 if found[3] in ("later", "after") else -1
    if found[2] == "week":
        return _moved(anchor, "day", sign * count * 7)
    return _moved(anchor, found[2], sign * count)


def _from_report(found: re.Match[str], report_date: str) -> str:
    step = {"last": -1, "this": 0, "next": 1}[found[1]]
    if found[2] in MONTHS:
        return _named_month(MONTHS[found[2]], step, report_date)
    return _moved(report_date, found[2], step)


# --- two points ---


def _range(words: str) -> str | None:
    """Read two points with a joining word; each lends the other the year or month that it leaves out."""
    if found := re.fullmatch(r"(.+?) ?(?:-|to|onwards?)", words):
        start = point(found[1])
        return interval(start, "..") if start else None
    for join in _JOIN.finditer(words):
        left, right = words[: join.start()].strip(), words[join.end() :].strip()
        if left and right and (value := _joined(left, right)):
            return value
    return None


def _joined(left: str, right: str) -> str | None:
    if _OPEN.fullmatch(right) or _UNKNOWN.fullmatch(right):
        start = point(left) or _either(left)
        return interval(start, ".." if _OPEN.fullmatch(right) else "") if start else None
    if _UNKNOWN.fullmatch(left):
        end = point(right)
        return interval("", end) if end else None
    full_left, full_right = _lend(left, right)
    start, end = point(full_left) or _either(left), point(full_right) or _either(right)
    if not start or not end:
        return None
    if full_left != left and re.search(r"\d{4}$", full_left) and _turns_the_year(start, end):
        start = point(f"{full_left[:-4]}{int(full_left[-4:]) - 1:04}") or start
    return interval(start, end)


def _either(words: str) -> str | None:
    """Read one end that is two points, `late 1992 or early 1993`, as the interval of both."""
    left, either, right = words.partition(" or ")
    return _joined(left, right) if either and " or " not in right else None


def _turns_the_year(start: str, end: str) -> bool:
    """Say whether a start that took its year from the end lies after it: `December-February 2013`."""
    begins, ends = bounds(start)[0], bounds(end)[1]
    return bool(begins and ends and begins > ends and begins[5:7] != ends[5:7])


def _lend(left: str, right: str) -> tuple[str, str]:
    if re.fullmatch(rf"\d\d?(?: {M})?(?: \d{{4}})?|\d\d?(?: \d{{4}})?", right) and (
        month := re.match(rf"(?:{M})(?= \d)", left)
    ):
        right = f"{month[0]} {right}"  # March 3-5, 2012
    if re.fullmatch(r"\d\d?", left) and (month := re.search(rf"(?:{M})(?: \d{{4}})?$", right)):
        left = f"{left} {month[0]}"  # 3-5 March 2012
    year = re.compile(r"(?:\d{4}s?|\w+[- ]century)$")
    if not year.search(left) and not re.search(r"\d{4}", left) and (found := year.search(right)):
        left = f"{left}{_between(left, right)} {found[0]}"
    elif not re.search(r"\d{4}", right) and re.search(rf"\b(?:{M})\b", right) and (found := year.search(left)):
        right = f"{right} {found[0]}"
    return left, right


def _between(left: str, right: str) -> str:
    """Return the ` quarter` that `first to third quarter of 2015` leaves out at the left."""
    found = re.search(r" (?:quarter|half)\b", right)
    return found[0] if found and left in ORDINALS else ""
