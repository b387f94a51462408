"""Numbers and dates moved by one step of their unit.

A step is 1 of a count, 1 min, 0.01 EUR, 1 day or 1 month, and the last digit of a share or a decimal.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from fractions import Fraction

from pykala_dsl import core
from pykala_dsl.typesys import ExactTimeType, MoneyType, Period, ShareType, Type

ONE_DAY = datetime.timedelta(days=1)


def steps_from(value: core.Value, kind: Type) -> Iterator[core.Value]:
    """Yield the values one step below and above; nothing negative, since the language cannot write it.

    >>> from pykala_dsl.typesys import CountType
    >>> list(steps_from(45, CountType())), list(steps_from(0, CountType()))
    ([44, 46], [1])
    >>> list(steps_from(Fraction(1, 200), ShareType()))
    [Fraction(1, 250), Fraction(3, 500)]
    """
    match value:
        case bool() | str():
            return
        case datetime.date():
            if value > datetime.date.min:
                yield value - ONE_DAY
            if value < datetime.date.max:
                yield value + ONE_DAY
        case Period(months, days):
            if months:
                yield from (Period(months + step, days) for step in (-1, 1))
            if days or not months:
                yield from (Period(months, days + step) for step in (-1, 1) if days + step >= 0)
        case _:
            step = step_of(value, kind)
            yield from (plain(value + sign * step) for sign in (-1, 1) if value + sign * step >= 0)


def step_of(value: int | Fraction, kind: Type) -> Fraction:
    """Return one step of a number: of its unit, or of its last digit where the unit has no smallest part."""
    match kind:
        case MoneyType():
            return Fraction(1, 100)
        case ExactTimeType():
            return Fraction(1)
        case ShareType():
            return _last_digit(Fraction(value) * 100) / 100
        case _:
            return _last_digit(Fraction(value))


def plain(value: int | Fraction) -> int | Fraction:
    """Return a whole number as such."""
    return value.numerator if value.denominator == 1 else value


def _last_digit(value: Fraction) -> Fraction:
    step = Fraction(1)
    while (value / step).denominator != 1 and step > Fraction(1, 10**9):
        step /= 10
    return step
