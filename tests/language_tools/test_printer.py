"""The canonical text of an expression."""

from __future__ import annotations

from fractions import Fraction

import pytest

from pykala_dsl.parser import parse_binder, parse_expression
from pykala_dsl.printer import number_text, print_node
from pykala_dsl.source import Fragment

PRINTED = [
    ("a and b or c", "(a and b) or c"),
    ("a or b and c", "a or (b and c)"),
    ("((a and b)) and c", "(a and b) and c"),
    ("a and(b)and c", "a and b and c"),
    ("not (a=b)", "not a = b"),
    ("not(a and b)", "not (a and b)"),
    ("(not a) and b", "not a and b"),
    ("x>=1h30min", "x >= 1 h 30 min"),
    ("x>=5h59min", "x >= 5 h 59 min"),
    ("x = 1 days", "x = 1 day"),
    ("x = 2 day", "x = 2 days"),
    ("x = 1weeks", "x = 1 week"),
    ("x = 14 days", "x = 14 days"),
    ("x = 2 weeks", "x = 2 weeks"),
    ("x = 1 months", "x = 1 month"),
    ("x = 12 months", "x = 12 months"),
    ("x = 2 year", "x = 2 years"),
    ("x = 0 day", "x = 0 days"),
    ("x = 1000EUR", "x = 1000 EUR"),
    ("x = 30.00 EUR", "x = 30 EUR"),
    ("x = 12.5 EUR", "x = 12.50 EUR"),
    ("x = 0.005 EUR", "x = 0.005 EUR"),
    ("x = 0.50%", "x = 0.5 %"),
    ("x = 007", "x = 7"),
    ("x in{a,b}", "x in {a, b}"),
    ("x in a..b", "x in a .. b"),
    ("(a .. b) = c", "a .. b = c"),
    ("a-b-c", "a - b - c"),
    ("a-(b-c)", "a - (b - c)"),
    ("(a+b)*c", "(a + b) * c"),
    ("a/(b*c)", "a / (b * c)"),
    ("(a + b).c", "(a + b).c"),
    ("({a, b}) includes c", "({a, b}) includes c"),
    ("({a, b}) includes c and d", "({a, b}) includes c and d"),
    ("((({a})))", "({a})"),
    ("a  due\n by b+2 weeks", "a due by b + 2 weeks"),
    ("(some x in xs) and y", "(some x in xs) and y"),
    ("y and (some x in xs)", "y and some x in xs"),
    ("(some x in xs) and (some y in ys)", "(some x in xs) and some y in ys"),
    ("(not some x in xs) and y", "not (some x in xs) and y"),
    ("a or (b and some x in xs)", "a or (b and some x in xs)"),
    ("some x in xs where (some y in x.ys)", "some x in xs where (some y in x.ys)"),
    ("some x in xs where a and b or c", "some x in xs where (a and b) or c"),
    ("every x in xs satisfies (if a then b else c)", "every x in xs satisfies if a then b else c"),
    ("(if a then b else c) + 1", "(if a then b else c) + 1"),
    ("(the x in xs where x.y).z", "(the x in xs where x.y).z"),
    ("count((each x in xs))", "count((each x in xs))"),
    ("exactly (2) x in xs", "exactly 2 x in xs"),
    ("exactly (2 + n) x in xs", "exactly (2 + n) x in xs"),
    ("exactly (2 days) x in xs", "exactly (2 days) x in xs"),
    ("count(distinct (of) for x in xs)", "count(distinct (of) for x in xs)"),
    ("f((some x in xs), y)", "f(some x in xs, y)"),
    ("(a = b) = c", "(a = b) = c"),
    ("(a is present) = b", "(a is present) = b"),
]


@pytest.mark.parametrize(("text", "printed"), PRINTED, ids=[row[0] for row in PRINTED])
def test_the_printed_form_is_canonical(text: str, printed: str) -> None:
    assert printed == print_node(parse_expression(Fragment.of(text)))


@pytest.mark.parametrize("text", [row[1] for row in PRINTED])
def test_the_printed_form_is_a_fixed_point(text: str) -> None:
    assert text == print_node(parse_expression(Fragment.of(text)))


def test_a_binder_is_printed_without_a_quantifier() -> None:
    fragment = Fragment.of("day  in days where(day.a and day.b)or day.c")
    assert print_node(parse_binder(fragment)) == "day in days where (day.a and day.b) or day.c"


def test_numbers_are_exact_decimals() -> None:
    texts = [number_text(Fraction(value)) for value in ("0", "45", "0.5", "0.01", "100", "1/8", "12.50")]
    assert texts == ["0", "45", "0.5", "0.01", "100", "0.125", "12.5"]


@pytest.mark.parametrize("value", [Fraction(1, 3), Fraction(-1)])
def test_a_number_that_no_literal_can_be_is_refused(value: Fraction) -> None:
    with pytest.raises(ValueError, match=r"is negative|has no end"):
        number_text(value)
