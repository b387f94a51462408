"""Which kinds of quantity can be added, subtracted, multiplied and divided, and what comes out."""

from __future__ import annotations

from typing import assert_never

from pykala_dsl.operators import ArithmeticOp
from pykala_dsl.typesys import (
    CalendarTimeType,
    CountType,
    DateType,
    ExactTimeType,
    MoneyType,
    NumberType,
    ShareType,
    Type,
)

_MEASURES = (MoneyType, ShareType, ExactTimeType)


def result_type(op: ArithmeticOp, left: Type, right: Type) -> Type | None:
    """Return the type of `left op right`, or None where the two do not go together."""
    match op:
        case "+":
            return _sum(left, right)
        case "-":
            return DAYS if isinstance(left, DateType) and isinstance(right, DateType) else _sum(left, right)
        case "*":
            return _product(left, right) or _product(right, left)
        case "/":
            return _quotient(left, right)
        case "of":
            return _share_of(left, right)
        case _:
            assert_never(op)


DAYS = CalendarTimeType("days")


def _sum(left: Type, right: Type) -> Type | None:
    match left, right:
        case DateType(), CalendarTimeType():
            return left
        case CalendarTimeType(a), CalendarTimeType(b):
            return CalendarTimeType(a if a == b else "mixed")
        case (CountType() | NumberType(), CountType() | NumberType()):
            return left if left == right else NumberType()
        case _:
            return left if isinstance(left, _MEASURES) and left == right else None


def _product(factor: Type, other: Type) -> Type | None:
    if isinstance(factor, CountType) and isinstance(other, CountType | CalendarTimeType):
        return other
    if isinstance(factor, CountType | NumberType) and isinstance(
        other, NumberType | MoneyType | ShareType | ExactTimeType
    ):
        return other
    return None


def _quotient(left: Type, right: Type) -> Type | None:
    if isinstance(left, _MEASURES):
        if left == right:
            return ShareType()
        return left if isinstance(right, CountType | NumberType) else None
    if isinstance(left, CountType | NumberType) and isinstance(right, CountType | NumberType):
        return ShareType()
    return None


def _share_of(left: Type, right: Type) -> Type | None:
    if not isinstance(left, ShareType):
        return None
    if isinstance(right, CountType):
        return NumberType()
    return right if isinstance(right, NumberType | MoneyType | ShareType | ExactTimeType) else None
