"""How quantities are written in records, and what they become: exact, never a binary float.

Each function takes the text of a record and returns the core value, or None where the text is not one. Nothing is
negative: a shortfall is a value of its own.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from fractions import Fraction
from typing import TypeAlias

from pykala_dsl.typesys import Period

Quantity: TypeAlias = int | Fraction

# The length of a number is bounded, so that no text can make a number that fills the memory.
_NUM = r"([0-9]{1,15}(?:\.[0-9]{1,15})?)"
_INT = r"([0-9]{1,6})"
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_TIME = re.compile(rf"(?:{_NUM}\s*h)?\s*(?:{_NUM}\s*min)?")
_ISO_TIME = re.compile(rf"PT(?:{_NUM}H)?(?:{_NUM}M)?(?:{_NUM}S)?")
_MONEY = re.compile(r"([0-9]{1,15}(?:\.[0-9]{1,2})?)\s*EUR")
_SHARE = re.compile(rf"{_NUM}\s*%")
_DAYS = re.compile(rf"(?:{_INT}\s*weeks?)?\s*(?:{_INT}\s*days?)?")
_ISO_DAYS = re.compile(rf"P(?:{_INT}W)?(?:{_INT}D)?")
_MONTHS = re.compile(rf"(?:{_INT}\s*years?)?\s*(?:{_INT}\s*months?)?")
_ISO_MONTHS = re.compile(rf"P(?:{_INT}Y)?(?:{_INT}M)?")


def read_date(text: object) -> datetime.date | None:
    """Return the date of `2025-04-01`; a day that is not in the calendar is none.

    >>> read_date("2025-02-30") is None
    True
    """
    if not isinstance(text, str) or not _DATE.fullmatch(text):
        return None
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return None


def read_exact_time(text: object) -> Quantity | None:
    """Return the minutes of `5 h 40 min`, `6 h`, `30 min` or ISO 8601's `PT5H40M`.

    >>> read_exact_time("5 h 40 min"), read_exact_time("PT1H"), read_exact_time("5:40")
    (340, 60, None)
    """
    match = (_ISO_TIME.fullmatch(text) or _TIME.fullmatch(text)) if isinstance(text, str) else None
    parts = match.groups() if match else ()
    if not any(part is not None for part in parts):
        return None
    weights = (Fraction(60), Fraction(1), Fraction(1, 60))
    return _exact(sum((w * Fraction(p) for w, p in zip(weights, parts, strict=False) if p is not None), Fraction(0)))


def read_money(value: object) -> Quantity | None:
    """Return the euros of `30.00 EUR`, or of a number that has at most two decimals.

    >>> read_money("30.50 EUR"), read_money("30.505 EUR")
    (Fraction(61, 2), None)
    """
    if isinstance(value, str):
        match = _MONEY.fullmatch(value)
        return _exact(Fraction(match[1])) if match else None
    if isinstance(value, int | Fraction) and not isinstance(value, bool):
        return _exact(Fraction(value)) if value >= 0 and (value * 100).denominator == 1 else None
    return None


def read_share(text: object) -> Quantity | None:
    """Return the share of `0.5 %` as a fraction of one.

    >>> read_share("0.5 %")
    Fraction(1, 200)
    """
    match = _SHARE.fullmatch(text) if isinstance(text, str) else None
    return _exact(Fraction(match[1]) / 100) if match else None


def read_days(text: object) -> Period | None:
    """Return the calendar time of `2 weeks` or `14 days`.

    >>> read_days("2 weeks")
    Period(months=0, days=14)
    """
    count = _whole(_DAYS, _ISO_DAYS, text, 7)
    return Period(0, count) if count is not None else None


def read_months(text: object) -> Period | None:
    """Return the calendar time of `13 months` or `1 year`.

    >>> read_months("1 year 1 month")
    Period(months=13, days=0)
    """
    count = _whole(_MONTHS, _ISO_MONTHS, text, 12)
    return Period(count, 0) if count is not None else None


READERS: dict[str, Callable[[object], object | None]] = {
    "date": read_date,
    "exact-time": read_exact_time,
    "money": read_money,
    "share": read_share,
    "days": read_days,
    "months": read_months,
}
"""By the format of the schema."""


def _whole(words: re.Pattern[str], iso: re.Pattern[str], text: object, weight: int) -> int | None:
    match = (iso.fullmatch(text) or words.fullmatch(text)) if isinstance(text, str) else None
    if match is None or match[1] is match[2] is None:
        return None
    return weight * int(match[1] or 0) + int(match[2] or 0)


def _exact(value: Fraction) -> Quantity:
    return int(value) if value.denominator == 1 else value
