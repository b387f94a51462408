"""Calendar arithmetic on worked dates: months, weeks, working days and the ends of the calendar."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from pykala.evaluate import calendar
from pykala_dsl.typesys import Period

ONE_MONTH = Period(1, 0)
VECTORS = [
    (date(2025, 1, 31), Period(1, 0), date(2025, 2, 28), date(2025, 2, 28)),
    (date(2024, 1, 31), Period(1, 0), date(2024, 2, 29), date(2024, 2, 29)),
    (date(2025, 12, 31), Period(2, 0), date(2026, 2, 28), date(2026, 3, 2)),
    (date(2025, 9, 30), Period(5, 0), date(2026, 2, 28), date(2026, 3, 2)),
    (date(2024, 8, 31), Period(13, 0), date(2025, 9, 30), date(2025, 9, 30)),
    (date(2025, 1, 15), Period(13, 0), date(2026, 2, 15), date(2026, 2, 16)),
    (date(2025, 6, 6), Period(0, 14), date(2025, 6, 20), date(2025, 6, 23)),
    (date(2025, 12, 10), Period(0, 14), date(2025, 12, 24), date(2025, 12, 29)),
    (date(2025, 4, 4), Period(0, 14), date(2025, 4, 18), date(2025, 4, 22)),
    (date(2025, 5, 15), Period(0, 14), date(2025, 5, 29), date(2025, 5, 30)),
    (date(2025, 11, 22), Period(0, 14), date(2025, 12, 6), date(2025, 12, 8)),
    (date(2024, 12, 23), Period(0, 14), date(2025, 1, 6), date(2025, 1, 7)),
    (date(2025, 10, 24), Period(2, 0), date(2025, 12, 24), date(2025, 12, 29)),
    (date(2025, 4, 24), Period(2, 0), date(2025, 6, 24), date(2025, 6, 24)),
]


@pytest.mark.parametrize(("start", "period", "raw", "_moved"), VECTORS)
def test_a_limit_falls_on_the_same_day_number_or_the_last_of_the_month(
    start: date, period: Period, raw: date, _moved: date
) -> None:
    assert raw == calendar.add_period(start, period)


@pytest.mark.parametrize(("_start", "_period", "raw", "moved"), VECTORS)
def test_a_limit_on_a_holiday_moves_to_the_next_working_day(
    _start: date, _period: Period, raw: date, moved: date
) -> None:
    assert moved == calendar.working_day_on_or_after(raw)


def test_two_single_months_are_not_two_months() -> None:
    once = calendar.add_period(date(2025, 1, 31), ONE_MONTH)
    assert once is not None
    assert date(2025, 3, 28) == calendar.add_period(once, ONE_MONTH)
    assert date(2025, 3, 31) == calendar.add_period(date(2025, 1, 31), Period(2, 0))


def test_months_come_before_days() -> None:
    assert date(2025, 3, 1) == calendar.add_period(date(2025, 1, 31), Period(1, 1))


def test_a_year_back_from_a_leap_day_is_the_last_of_february() -> None:
    assert date(2023, 2, 28) == calendar.subtract_period(date(2024, 2, 29), Period(12, 0))


@pytest.mark.parametrize(
    "day",
    [date(2025, 4, 30), date(2025, 12, 31), date(2025, 4, 17), date(2025, 6, 9), date(2025, 6, 19), date(2025, 12, 23)],
    ids=str,
)
def test_days_that_people_take_for_holidays_are_working_days(day: date) -> None:
    assert calendar.is_working_day(day)


@pytest.mark.parametrize(
    "day",
    [
        date(2025, 1, 1),
        date(2025, 1, 6),
        date(2025, 4, 18),
        date(2025, 4, 21),
        date(2025, 5, 1),
        date(2025, 5, 29),
        date(2025, 6, 20),
        date(2024, 12, 6),
        date(2025, 12, 24),
        date(2025, 12, 25),
        date(2025, 12, 26),
        date(2025, 6, 14),
        date(2025, 6, 15),
    ],
    ids=str,
)
def test_holidays_eves_and_weekends_are_no_working_days(day: date) -> None:
    assert not calendar.is_working_day(day)


def test_the_working_day_before_skips_the_eve() -> None:
    assert date(2025, 6, 19) == calendar.working_day_on_or_before(date(2025, 6, 22))
    assert date(2025, 12, 23) == calendar.working_day_on_or_before(date(2025, 12, 28))


def test_the_next_weekday_skips_the_weekend_and_nothing_else() -> None:
    found = [calendar.next_weekday(date(2025, 6, day)) for day in range(19, 24)]
    expected = [20, 23, 23, 23, 24]
    assert [date(2025, 6, day) for day in expected] == found


def test_a_year_whose_holidays_are_not_known_has_no_working_days() -> None:
    assert calendar.is_working_day(date(2125, 4, 24)) is None
    assert calendar.working_day_on_or_after(date(2125, 4, 24)) is None
    assert calendar.working_day_on_or_before(date(1852, 12, 30)) is None


def test_holidays_of_earlier_years_stand_where_they_stood_then() -> None:
    epiphany_moved_to_saturday, ascension_moved_to_saturday = date(1980, 1, 12), date(1980, 5, 10)
    assert not calendar.is_working_day(epiphany_moved_to_saturday)
    assert not calendar.is_working_day(ascension_moved_to_saturday)
    assert calendar.is_working_day(date(1981, 1, 6))


@pytest.mark.parametrize("function", [calendar.working_day_on_or_after, calendar.working_day_on_or_before])
@pytest.mark.parametrize("day", [date.min, date.max, date(9999, 12, 24), date(1, 1, 6), date(1800, 1, 1)], ids=str)
def test_the_ends_of_the_calendar_have_a_working_day_or_none(function: object, day: date) -> None:
    assert callable(function)
    found = function(day)
    assert found is None or calendar.is_working_day(found)


def test_beyond_the_calendar_there_is_no_value() -> None:
    assert calendar.add_period(date.max, Period(0, 1)) is None
    assert calendar.add_period(date.max, Period(1, 0)) is None
    assert calendar.add_period(date(2025, 1, 1), Period(10**9, 10**9)) is None
    assert calendar.subtract_period(date.min, Period(0, 1)) is None
    assert calendar.subtract_period(date.min, Period(1, 0)) is None
    assert calendar.next_weekday(date.max) is None


def test_a_range_holds_both_ends_and_a_reversed_one_nothing() -> None:
    assert calendar.days_in_range(date(2025, 5, 12), date(2025, 5, 18)) == 7
    assert calendar.days_in_range(date(2025, 5, 12), date(2025, 5, 11)) == 0
    assert calendar.days_in_range(date(2025, 5, 12), date(2025, 5, 1)) == 0
    assert calendar.days_between(date(2025, 5, 12), date(2025, 5, 18)) == 6


@pytest.mark.parametrize(
    ("value", "step", "expected"),
    [
        (Fraction(8, 58), Fraction(1, 100), Fraction(14, 100)),
        (Fraction(1, 200), Fraction(1, 100), Fraction(1, 100)),
        (Fraction(-1, 200), Fraction(1, 100), Fraction(-1, 100)),
        (171950, 100, 172000),
        (Fraction(5, 2), 1, 3),
        (Fraction(-5, 2), 1, -3),
        (7, -5, 5),
    ],
)
def test_a_half_is_rounded_away_from_zero(value: Fraction, step: Fraction, expected: Fraction) -> None:
    assert expected == calendar.round_to(value, step)
