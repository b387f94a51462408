"""The builtin functions: one record each, read by the checker, the evaluators, the docs and the tests.

The binding (what a reader does with a function) lives in the reader, in a table keyed by `name`.
"""

from __future__ import annotations

from dataclasses import dataclass

from pykala_dsl.typesys import (
    CalendarTimeType,
    CountType,
    DateType,
    EnumType,
    ExactTimeType,
    MoneyType,
    NumberType,
    RangeType,
    ShareType,
    Type,
)

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
WEEKDAY = EnumType("weekday", WEEKDAYS)
DATE = DateType()
DATES = RangeType(DATE)
DAYS = CalendarTimeType("days")


@dataclass(frozen=True, slots=True)
class Overload:
    """One signature: the types of the arguments, and of the result."""

    arguments: tuple[Type, ...]
    result: Type


@dataclass(frozen=True, slots=True)
class Function:
    """A builtin: its signatures, its meaning in one line, what a missing argument gives, examples that run.

    `examples` are pairs of an expression and the expression that it equals.
    """

    name: str
    overloads: tuple[Overload, ...]
    doc: str
    missing: str
    examples: tuple[tuple[str, str], ...]
    anchor: str


UNKNOWN_IF_MISSING = "unknown if an argument is unknown or missing"
HOLIDAYS_KNOWN = UNKNOWN_IF_MISSING + "; no value before 1853 and after 2100, where the holidays are not known"

FUNCTIONS: dict[str, Function] = {
    function.name: function
    for function in (
        Function(
            "round",
            tuple(
                Overload((kind, kind), kind)
                for kind in (MoneyType(), ShareType(), CountType(), NumberType(), ExactTimeType())
            ),
            "The multiple of the second argument nearest to the first; a half goes away from zero.",
            UNKNOWN_IF_MISSING + "; no value if the step is 0",
            (
                ("round(8 / 58, 1 %)", "14 %"),
                ("round(0.5 % of 1 EUR, 0.01 EUR)", "0.01 EUR"),
                ("round(171950, 100)", "172000"),
            ),
            "fn-round",
        ),
        Function(
            "length",
            (Overload((DATES,), DAYS),),
            "How many days a range of dates holds, both ends included; 0 days where the end lies before the start.",
            UNKNOWN_IF_MISSING,
            (
                ("length(2025-05-12 .. 2025-05-18)", "7 days"),
                ("length(2025-05-12 .. 2025-05-12)", "1 day"),
                ("length(2025-05-12 .. 2025-05-11)", "0 days"),
            ),
            "fn-length",
        ),
        Function(
            "overlap",
            (Overload((DATES, DATES), DAYS),),
            "How many days two ranges of dates share, both ends included.",
            UNKNOWN_IF_MISSING,
            (
                ("overlap(2025-05-12 .. 2025-05-18, 2025-05-15 .. 2025-06-15)", "4 days"),
                ("overlap(2025-05-12 .. 2025-05-18, 2025-06-01 .. 2025-06-15)", "0 days"),
            ),
            "fn-overlap",
        ),
        Function(
            "weekday",
            (Overload((DATE,), WEEKDAY),),
            "The day of the week, `monday` to `sunday`.",
            UNKNOWN_IF_MISSING,
            (("weekday(2025-06-09)", "monday"),),
            "fn-weekday",
        ),
        Function(
            "next_weekday",
            (Overload((DATE,), DATE),),
            "The first day from Monday to Friday after the date, the date itself not counted; holidays count as days.",
            UNKNOWN_IF_MISSING,
            (("next_weekday(2025-06-06)", "2025-06-09"), ("next_weekday(2025-06-09)", "2025-06-10")),
            "fn-next-weekday",
        ),
        Function(
            "working_day_on_or_after",
            (Overload((DATE,), DATE),),
            "The date itself if it is a working day in Finland, else the first one after it.",
            HOLIDAYS_KNOWN,
            (
                ("working_day_on_or_after(2025-06-20)", "2025-06-23"),
                ("working_day_on_or_after(2025-12-24)", "2025-12-29"),
                ("working_day_on_or_after(2025-06-23)", "2025-06-23"),
            ),
            "fn-working-day-on-or-after",
        ),
        Function(
            "working_day_on_or_before",
            (Overload((DATE,), DATE),),
            "The date itself if it is a working day in Finland, else the last one before it.",
            HOLIDAYS_KNOWN,
            (
                ("working_day_on_or_before(2025-06-20)", "2025-06-19"),
                ("working_day_on_or_before(2025-06-23)", "2025-06-23"),
            ),
            "fn-working-day-on-or-before",
        ),
    )
}
