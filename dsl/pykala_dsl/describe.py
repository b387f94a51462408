"""Types in a reader's words, and what to write where two of them do not go together."""

from __future__ import annotations

from typing import assert_never

from pykala_dsl.typesys import (
    BoolType,
    CalendarTimeType,
    CountType,
    DateType,
    EnumType,
    ErrorType,
    ExactTimeType,
    ListType,
    MoneyType,
    NumberType,
    PairType,
    RangeType,
    RecordType,
    SetType,
    ShareType,
    TextType,
    Type,
)


def describe(kind: Type) -> str:
    """Return a type in words: `exact time`, `list of dates`, `one of a, b`."""
    match kind:
        case BoolType():
            return "yes/no"
        case CountType():
            return "count"
        case NumberType():
            return "number"
        case MoneyType():
            return "money"
        case ShareType():
            return "share"
        case ExactTimeType():
            return "exact time"
        case CalendarTimeType("mixed"):
            return "calendar time"
        case CalendarTimeType(unit):
            return f"calendar time in {unit}"
        case DateType():
            return "date"
        case TextType():
            return "text"
        case EnumType(_, members):
            shown = ", ".join(members[:4])
            return f"one of {shown}, …" if len(members) > 4 else f"one of {shown}"
        case RecordType(name):
            return f"record `{name}`"
        case ListType(element):
            return f"list ({describe(element)})"
        case PairType():
            return "pair of neighbours"
        case RangeType(bound):
            return f"range ({describe(bound)})"
        case SetType(element):
            return f"set ({describe(element)})"
        case ErrorType():
            return "unknown"
        case _:
            assert_never(kind)


_EXAMPLES: tuple[tuple[type, str], ...] = (
    (ExactTimeType, "write hours and minutes, for example `6 h` or `5 h 30 min`"),
    (MoneyType, "write money with its unit, for example `1000 EUR`"),
    (ShareType, "write a share with its unit, for example `50 %`"),
    (DateType, "write a date as year-month-day, for example `2025-04-01`"),
    (CountType, "write a plain number, for example `45`"),
    (NumberType, "write a plain number, for example `45`"),
    (BoolType, "write `true` or `false`, or a condition"),
)


def how_to_write(kind: Type) -> str | None:
    """Return an advice on how a value of this type is written, or None where it can only be read from a field."""
    match kind:
        case CalendarTimeType("days"):
            return "write days or weeks, for example `14 days`"
        case CalendarTimeType("months"):
            return "write months or years, for example `2 months`"
        case CalendarTimeType():
            return "calendar time of months and days together can be added to a date, not compared"
        case EnumType(_, members):
            return "write one of " + ", ".join(f"`{member}`" for member in members)
        case _:
            return next((text for cls, text in _EXAMPLES if isinstance(kind, cls)), None)


def unify(one: Type, other: Type) -> Type | None:
    """Return the type that two types have in common for a comparison, or None where they do not go together.

    A count goes with a number; two enums go together where the members of one contain the other's; a list, a
    set and another list go together by their elements.
    """
    match one, other:
        case (ErrorType(), kind) | (kind, ErrorType()):
            return kind
        case (CountType(), NumberType()) | (NumberType(), CountType()):
            return NumberType()
        case BoolType(a), BoolType(b):
            return BoolType(a or b)
        case EnumType(_, a), EnumType(_, b):
            return one if set(b) <= set(a) else other if set(a) <= set(b) else None
        case (ListType(a) | SetType(a), ListType(b) | SetType(b)):
            element = unify(a, b)
            return ListType(element) if element is not None else None
        case RangeType(a), RangeType(b):
            bound = unify(a, b)
            return RangeType(bound) if bound is not None else None
        case _:
            return one if one == other else None


def is_orderable(kind: Type) -> bool:
    """Return whether `<` has a meaning for the type."""
    match kind:
        case CountType() | NumberType() | MoneyType() | ShareType() | ExactTimeType() | DateType() | ErrorType():
            return True
        case CalendarTimeType(unit):
            return unit != "mixed"
        case _:
            return False


def is_quantity(kind: Type) -> bool:
    """Return whether values of the type can be added up."""
    return is_orderable(kind) and not isinstance(kind, DateType)
