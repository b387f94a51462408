"""Calendar arithmetic: months as the Finnish act on time limits (150/1930) counts them, and working days.

Every function returns None where the answer lies outside the years 1 to 9999.
"""

from __future__ import annotations

import datetime
from fractions import Fraction
from functools import lru_cache

from pykala_dsl.typesys import Period

_ONE_DAY = datetime.timedelta(days=1)
_FIRST, _LAST = datetime.date.min.toordinal(), datetime.date.max.toordinal()


def add_period(date: datetime.date, period: Period) -> datetime.date | None:
    """Return the date a period later: first all months in one step, cut to the month's last day, then the days.

    >>> add_period(datetime.date(2025, 1, 31), Period(1, 0))
    datetime.date(2025, 2, 28)
    """
    months, days = period
    if months:
        years, month = divmod(date.year * 12 + date.month - 1 + months, 12)
        if not datetime.MINYEAR <= years <= datetime.MAXYEAR:
            return None
        date = datetime.date(years, month + 1, min(date.day, _days_in_month(years, month + 1)))
    return _from_ordinal(date.toordinal() + days) if days else date


def subtract_period(date: datetime.date, period: Period) -> datetime.date | None:
    """Return the date a period earlier, counted like `add_period` with both parts negative."""
    return add_period(date, Period(-period.months, -period.days))


def days_between(start: datetime.date, end: datetime.date) -> int:
    """Return the days from `start` to `end`, the first day not counted: negative if `end` is the earlier."""
    return end.toordinal() - start.toordinal()


def days_in_range(low: datetime.date, high: datetime.date) -> int:
    """Return how many days a range holds, both ends included; 0 where it is reversed.

    >>> days_in_range(datetime.date(2025, 5, 12), datetime.date(2025, 5, 18))
    7
    """
    return max(0, days_between(low, high) + 1)


def next_weekday(date: datetime.date) -> datetime.date | None:
    """Return the first day from Monday to Friday after the date; holidays count as days."""
    return _from_ordinal(date.toordinal() + (3 if date.weekday() == 4 else 2 if date.weekday() == 5 else 1))


def working_day_on_or_after(date: datetime.date) -> datetime.date | None:
    """Return the date itself if it is a working day in Finland, else the first one after it."""
    return _working_day(date, 1)


def working_day_on_or_before(date: datetime.date) -> datetime.date | None:
    """Return the date itself if it is a working day in Finland, else the last one before it."""
    return _working_day(date, -1)


def is_working_day(date: datetime.date) -> bool | None:
    """Return whether a date is no Saturday, Sunday, Finnish public holiday, Midsummer Eve or Christmas Eve.

    None where the holidays of the year are not known (before 1853 and after 2100).
    """
    if date.weekday() >= 5:
        return False
    known = _holidays(date.year)
    return None if known is None else date not in known


def round_to(value: int | Fraction, step: int | Fraction) -> int | Fraction:
    """Return the multiple of the step (not 0) that is nearest; a half goes away from zero."""
    size = abs(Fraction(step))
    whole, rest = divmod(abs(Fraction(value)), size)
    steps = whole + (1 if rest * 2 >= size else 0)
    return plain(steps * size * (1 if value >= 0 else -1))


def plain(value: int | Fraction) -> int | Fraction:
    """Return the number as an int where it is whole."""
    return value.numerator if value.denominator == 1 else value


def _working_day(date: datetime.date, step: int) -> datetime.date | None:
    at: datetime.date | None = date
    while at is not None and (works := is_working_day(at)) is not True:
        at = None if works is None else _from_ordinal(at.toordinal() + step)
    return at


def _from_ordinal(ordinal: int) -> datetime.date | None:
    return datetime.date.fromordinal(ordinal) if _FIRST <= ordinal <= _LAST else None


def _days_in_month(year: int, month: int) -> int:
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


@lru_cache(maxsize=256)
def _holidays(year: int) -> frozenset[datetime.date] | None:
    """Return the days of a year that are not working days though they may fall on Monday to Friday, or None if not known."""
    # Loading the package takes as long as judging a case, and few records need it.
    import holidays

    known = holidays.country_holidays("FI", years=year)
    if not known.start_year <= year <= known.end_year:
        return None
    # The eves are named by the act itself (150/1930, section 5), whatever the package counts as a public holiday.
    return frozenset({*known, midsummer_eve(year), datetime.date(year, 12, 24)})


def midsummer_eve(year: int) -> datetime.date:
    """Return Midsummer Eve: the Friday from 19 to 25 June."""
    first = datetime.date(year, 6, 19)
    return first + ((4 - first.weekday()) % 7) * _ONE_DAY
