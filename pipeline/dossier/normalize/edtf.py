"""EDTF values: what they can mean in days, and how two of them make an interval.

The values are those of EDTF level 1 that the date grammar writes: `2018-06-30`, `2018-06`, `2018`, `198X`, `19XX`,
`2014-21` (seasons 21-24), each of the plain ones with `~`, and intervals of them with `..` or an empty end.

Source: EDTF (ISO 8601-2:2019), levels 0 and 1, https://www.loc.gov/standards/datetime/.
"""

from __future__ import annotations

import calendar
import re
from datetime import date

from dossier.errors import DateError

# Months a season can mean on the northern half of the globe; a winter may begin or end its year.
SEASONS = {21: (3, 5), 22: (6, 8), 23: (9, 11), 24: (1, 14)}
QUALIFIERS = "~?%"
_POINT = re.compile(r"(\d{4}|\d{3}X|\d\dXX)(?:-(\d\d))?(?:-(\d\d))?[~?%]?", re.ASCII)


def bounds(edtf: str) -> tuple[str | None, str | None]:
    """Return the first and the last day that `edtf` can mean, as ISO dates.

    edtf: a value of level 1. A side is None where it is open (`..`) or unknown (empty). `~` does not widen the
    days: the standard gives it no measure.
    Raises DateError for words that are no such value.
    """
    first, slash, last = edtf.partition("/")
    if not slash:
        return _days(edtf)
    if not first and not last:
        raise DateError(f"{edtf!r} is no EDTF value of level 1: both ends are unknown")
    return (
        None if first in ("", "..") else _days(first)[0],
        None if last in ("", "..") else _days(last)[1],
    )


def interval(first: str, last: str) -> str:
    """Join two values into the interval from the start of `first` to the end of `last`.

    `..` and the empty string stand for an open and an unknown end.
    Raises DateError where the end lies before the start.
    """
    start, end = start_of(first), end_of(last)
    if start == end:
        return start
    value = f"{start}/{end}"
    begins, ends = bounds(value)
    if begins and ends and ends < begins:
        raise DateError(f"{value} ends before it begins")
    return value


def start_of(edtf: str) -> str:
    """Return the first point of a value: `2012-10` of `2012-10/2012-12`, `1980` of `198X`."""
    return edtf.partition("/")[0].replace("X", "0")


def end_of(edtf: str) -> str:
    """Return the last point of a value: `2012-12` of `2012-10/2012-12`, `1989` of `198X`."""
    return edtf.rpartition("/")[2].replace("X", "9")


def approximate(edtf: str) -> str:
    """Mark a value as approximate: `2015~`, `2009~/2011~`.

    A season cannot carry the mark in the readers at hand (edtf 5.0), so its year does: `2014~`.
    """
    return "/".join(_approximate_point(point) for point in edtf.split("/"))


def make_day(year: int, month: int, day: int) -> str:
    """Return `2018-06-30`. Raises DateError for a day that no calendar has."""
    try:
        return date(year, month, day).isoformat()
    except ValueError as error:
        raise DateError(f"{year:04}-{month:02}-{day:02} is no day of the calendar: {error}") from error


def month_length(year: int, month: int) -> int:
    """Return the days of a month, 28 to 31."""
    return calendar.monthrange(year, month)[1]


def add_months(year: int, month: int, count: int) -> str:
    """Return the month `count` months after a month, as `2018-06`. Raises DateError outside the years 1-9999."""
    year, month = divmod(year * 12 + month - 1 + count, 12)
    if not 1 <= year <= 9999:
        raise DateError(f"year {year} is outside the calendar")
    return f"{year:04}-{month + 1:02}"


def single_year(edtf: str) -> int:
    """Return the one year that a value lies in. Raises DateError where it has several or an open end."""
    first, last = bounds(edtf)
    if not first or not last or first[:4] != last[:4]:
        raise DateError(f"{edtf!r} does not lie in one year")
    return int(first[:4])


def single_month(edtf: str) -> tuple[int, int]:
    """Return year and month of a value that lies in one month. Raises DateError where it does not."""
    first, last = bounds(edtf)
    if not first or not last or first[:7] != last[:7]:
        raise DateError(f"{edtf!r} does not lie in one month")
    return int(first[:4]), int(first[5:7])


def single_day(edtf: str) -> date:
    """Return the day of a value that is one day. Raises DateError where it is not."""
    first, last = bounds(edtf)
    if not first or first != last:
        raise DateError(f"{edtf!r} is not one day")
    return date.fromisoformat(first)


def _approximate_point(point: str) -> str:
    if point in ("", "..") or point[-1] in QUALIFIERS:
        return point
    if re.fullmatch(r"\d{4}-2[1-4]", point):
        return f"{point[:4]}~"
    return f"{point}~"


def _days(point: str) -> tuple[str, str]:
    found = _POINT.fullmatch(point)
    if not found:
        raise DateError(f"{point!r} is no EDTF value of level 1")
    year, month, day = found.groups()
    if month is None:
        return _checked(year.replace("X", "0"), 1, 1), _checked(year.replace("X", "9"), 12, 31)
    if "X" in year:
        raise DateError(f"{point!r} has a month in an unknown year")
    if day is not None:
        return _checked(year, int(month), int(day)), _checked(year, int(month), int(day))
    first, last = SEASONS.get(int(month), (int(month), int(month)))
    if not 1 <= first <= 12 or not 1 <= int(year) <= 9998:
        raise DateError(f"{point!r} is no month of the calendar")
    end_year, end_month = int(year) + (last - 1) // 12, (last - 1) % 12 + 1
    return _checked(year, first, 1), _checked(str(end_year), end_month, month_length(end_year, end_month))


def _checked(year: str, month: int, day: int) -> str:
    # 0000 is a year of ISO 8601, but not of the calendar module
    return make_day(max(int(year), 1), month, day)
