"""Arithmetic, builtin functions and aggregates over values: pure, and total on what the types allow.

None means "no value": a division by zero, a date outside the calendar.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any, TypeAlias, assert_never

from pykala.evaluate import calendar
from pykala.evaluate.calendar import plain
from pykala_dsl import core
from pykala_dsl.functions import WEEKDAYS
from pykala_dsl.operators import AggregateName, ArithmeticOp
from pykala_dsl.typesys import CalendarTimeType, Period, Type

Number: TypeAlias = int | Fraction
Range: TypeAlias = tuple[datetime.date, datetime.date]


def calculate(op: ArithmeticOp, left: core.Value, right: core.Value) -> core.Value | None:
    """Return `left op right`, or None where there is no value."""
    match op:
        case "+":
            return _add(left, right)
        case "-":
            return _subtract(left, right)
        case "*" | "of":
            return _multiply(left, right)
        case "/":
            return plain(Fraction(_number(left)) / Fraction(_number(right))) if right != 0 else None
        case _:
            assert_never(op)


def _add(left: core.Value, right: core.Value) -> core.Value | None:
    if isinstance(right, Period):
        if isinstance(left, datetime.date):
            return calendar.add_period(left, right) if _whole(right) else None
        if isinstance(left, Period):
            return Period(left.months + right.months, left.days + right.days)
    return plain(_number(left) + _number(right))


def _subtract(left: core.Value, right: core.Value) -> core.Value | None:
    if isinstance(left, datetime.date):
        if isinstance(right, datetime.date):
            return Period(0, calendar.days_between(right, left))
        return calendar.subtract_period(left, right) if isinstance(right, Period) and _whole(right) else None
    if isinstance(left, Period) and isinstance(right, Period):
        return Period(left.months - right.months, left.days - right.days)
    return plain(_number(left) - _number(right))


def _multiply(left: core.Value, right: core.Value) -> core.Value | None:
    if isinstance(left, Period):
        left, right = right, left
    if isinstance(right, Period):
        factor = _number(left)
        return _period(right.months * factor, right.days * factor)
    return plain(_number(left) * _number(right))


def _number(value: core.Value) -> Number:
    assert isinstance(value, int | Fraction), value
    return value


def _period(months: Number, days: Number) -> Period:
    """Return a period; an average of days need not be whole, and such a period can only be compared."""
    return Period(plain(months), plain(days))  # type: ignore[arg-type]


def _whole(period: Period) -> bool:
    return isinstance(period.months, int) and isinstance(period.days, int)


# ---------------------------------------------------------------------- aggregates


def aggregate(name: AggregateName, values: Sequence[Any], kind: Type) -> core.Value | None:
    """Return the aggregate of known values; None where an empty list has none."""
    if name == "sum":
        return _sum(values, kind)
    if not values:
        return None
    match name:
        case "average":
            total = _sum(values, kind)
            if isinstance(total, Period):
                return _period(Fraction(total.months, len(values)), Fraction(total.days, len(values)))
            return plain(Fraction(_number(total), len(values)))
        case "earliest" | "min":
            least: core.Value = min(values)
            return least
        case "latest" | "max":
            most: core.Value = max(values)
            return most
        case _:
            assert_never(name)


def _sum(values: Sequence[Any], kind: Type) -> core.Value:
    if isinstance(kind, CalendarTimeType):
        periods = [value for value in values if isinstance(value, Period)]
        return Period(sum(p.months for p in periods), sum(p.days for p in periods))
    return plain(sum((_number(value) for value in values), 0))


# ---------------------------------------------------------------------- builtin functions


def _round(value: Number, step: Number) -> Number | None:
    return calendar.round_to(value, step) if step else None


def _length(stretch: Range) -> Period:
    return Period(0, calendar.days_in_range(*stretch))


def _overlap(one: Range, other: Range) -> Period:
    return Period(0, calendar.days_in_range(max(one[0], other[0]), min(one[1], other[1])))


def _weekday(date: datetime.date) -> str:
    return WEEKDAYS[date.weekday()]


FUNCTIONS: dict[str, Callable[..., core.Value | None]] = {
    "round": _round,
    "length": _length,
    "overlap": _overlap,
    "weekday": _weekday,
    "next_weekday": calendar.next_weekday,
    "working_day_on_or_after": calendar.working_day_on_or_after,
    "working_day_on_or_before": calendar.working_day_on_or_before,
}
"""What each builtin of `pykala_dsl.functions` does with known arguments; ranges come as (low, high)."""
