"""What the parser returns: shapes, spellings, spans."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

import pykala_dsl
from pykala_dsl import nodes
from pykala_dsl.nodes import Binder, Name, Node, Number, Quantity, Unit
from pykala_dsl.parser import parse_binder, parse_expression
from pykala_dsl.printer import print_node
from pykala_dsl.source import Fragment, Source, Span
from pykala_dsl.words import RESERVED

SPAN = Span(0, 0)


def parse(text: str) -> Node:
    return parse_expression(Fragment.of(text))


def name(text: str) -> Name:
    return Name(text, SPAN)


def number(value: int) -> Number:
    return Number(Fraction(value), SPAN)


def quantity(*parts: tuple[str, Unit]) -> Quantity:
    return Quantity(tuple((Fraction(amount), unit) for amount, unit in parts), SPAN)


def binder(variable: str, collection: str, where: Node | None = None) -> Binder:
    return Binder(variable, name(collection), where, SPAN, SPAN)


def field(base: str, part: str) -> nodes.Field:
    return nodes.Field(name(base), part, SPAN, SPAN)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("6 h", [("6", "h")]),
        ("6h", [("6", "h")]),
        ("1 h 30 min", [("1", "h"), ("30", "min")]),
        ("5h59min", [("5", "h"), ("59", "min")]),
        ("1 h\n  30 min", [("1", "h"), ("30", "min")]),
        ("90 min", [("90", "min")]),
        ("1 day", [("1", "days")]),
        ("14 days", [("14", "days")]),
        ("1 week", [("1", "weeks")]),
        ("2 weeks", [("2", "weeks")]),
        ("1 month", [("1", "months")]),
        ("13 months", [("13", "months")]),
        ("1 year", [("1", "years")]),
        ("2 years", [("2", "years")]),
        ("1000 EUR", [("1000", "EUR")]),
        ("30.00 EUR", [("30", "EUR")]),
        ("0.5 %", [("0.5", "%")]),
        ("0.5%", [("0.5", "%")]),
    ],
)
def test_a_number_with_its_unit_is_one_quantity(text: str, parts: list[tuple[str, Unit]]) -> None:
    assert quantity(*parts) == parse(text)


def test_a_counting_quantifier_takes_a_bare_number() -> None:
    """`exactly 1 day in days` counts days; elsewhere `1 day` is a duration."""
    one = nodes.Quantifier("exactly", number(1), binder("day", "days"), None, SPAN)
    assert one == parse("exactly 1 day in days")
    assert nodes.Quantifier("at least", number(2), binder("h", "hs"), None, SPAN) == parse("at\n least 2 h in hs")
    assert nodes.Quantifier("at most", name("n"), binder("min", "mins"), None, SPAN) == parse("at most n min in mins")
    bracketed = nodes.Quantifier("at most", parse("n + 1"), binder("day", "days"), None, SPAN)
    assert bracketed == parse("at most (n + 1) day in days")


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("1..2", "1", "2"),
        ("0.5..1.5", "0.5", "1.5"),
        ("a..b", "a", "b"),
        ("2025-01-01..2025-12-31", "2025-01-01", "2025-12-31"),
        ("1 week .. 2 weeks", "1 week", "2 weeks"),
    ],
)
def test_two_dots_make_a_range(text: str, low: str, high: str) -> None:
    assert nodes.RangeOf(parse(low), parse(high), SPAN) == parse(text)


def test_a_date_is_a_date_and_with_spaces_a_subtraction() -> None:
    assert nodes.Date(date(2025, 4, 1), SPAN) == parse("2025-04-01")
    assert isinstance(parse("2025 - 04 - 01"), nodes.Arithmetic)


@pytest.mark.parametrize(
    ("text", "same_as"),
    [
        ("a or b and c", "a or (b and c)"),
        ("a and b or c", "(a and b) or c"),
        ("not a = b and c", "(not (a = b)) and c"),
        ("not a and b", "(not a) and b"),
        ("a or b and some x in xs satisfies x.y or z", "a or (b and (some x in xs satisfies (x.y or z)))"),
        ("a or some x in xs where b or c", "a or (some x in xs where (b or c))"),
        ("a and not some x in xs", "a and (not (some x in xs))"),
        ("not every x in xs satisfies a or b", "not (every x in xs satisfies (a or b))"),
        ("if a then b else c or d", "if a then b else (c or d)"),
        ("if a then if b then c else d else e", "if a then (if b then c else d) else e"),
        ("if a then b else if c then d else e", "if a then b else (if c then d else e)"),
        ("a + b * c - d", "(a + (b * c)) - d"),
        ("a - b - c", "(a - b) - c"),
        ("a / b / c", "(a / b) / c"),
        ("0.5 % of a + b", "(0.5 % of a) + b"),
        ("a + 1 .. b - 1", "(a + 1) .. (b - 1)"),
        ("x in a .. b", "x in (a .. b)"),
        ("x due by d + 2 weeks", "x due by (d + 2 weeks)"),
        ("a = b or c < d", "(a = b) or (c < d)"),
        ("a.b.c = d", "((a.b).c) = d"),
    ],
)
def test_operators_bind_as_the_reference_says(text: str, same_as: str) -> None:
    assert parse(same_as) == parse(text)


def test_runs_of_one_connective_are_one_node_and_brackets_keep_theirs() -> None:
    assert nodes.Logic("and", (name("a"), name("b"), name("c")), SPAN) == parse("a and b and c")
    inner = nodes.Logic("and", (name("a"), name("b")), SPAN)
    assert nodes.Logic("and", (inner, name("c")), SPAN) == parse("(a and b) and c")


def test_a_negation_is_never_dropped() -> None:
    assert nodes.Not(name("a"), SPAN) == parse("not a")
    assert nodes.Not(nodes.Not(name("a"), SPAN), SPAN) == parse("not not a")
    some = nodes.Quantifier("some", None, binder("x", "xs"), None, SPAN)
    assert nodes.Not(some, SPAN) == parse("not some x in xs")
    assert nodes.Logic("and", (name("a"), nodes.Not(name("b"), SPAN)), SPAN) == parse("a and not b")
    assert nodes.Membership(name("a"), name("b"), True, SPAN) == parse("a not\n in b")


def test_tests_of_presence_and_of_deadlines() -> None:
    assert nodes.Presence(name("a"), True, SPAN) == parse("a is present")
    assert nodes.Presence(name("a"), False, SPAN) == parse("a is\nmissing")
    assert nodes.IsLate(name("a"), name("b"), SPAN) == parse("a is late for b")
    assert nodes.DueBy(name("a"), name("b"), SPAN) == parse("a due by b")
    assert nodes.Includes(name("a"), parse("({b, c})"), SPAN) == parse("a includes {b, c}")


def test_calls_and_their_words() -> None:
    over = binder("x", "xs")
    assert nodes.CountOf(over, SPAN) == parse("count(x in xs)")
    assert nodes.CountOf(name("xs"), SPAN) == parse("count(xs)")
    assert nodes.CountDistinct(field("x", "id"), over, SPAN) == parse("count(distinct x.id for x in xs)")
    assert nodes.Aggregate("sum", field("x", "a"), over, SPAN) == parse("sum(x.a for x in xs)")
    assert nodes.Extremum("min", (quantity(("30", "min")), name("x")), SPAN) == parse("min(30 min, x)")
    assert nodes.Pairs(name("ps"), ("start",), SPAN, SPAN) == parse("pairs(ps by start)")
    assert nodes.Pairs(name("ps"), ("a", "b"), SPAN, SPAN) == parse("pairs(ps by a.b)")
    assert nodes.Call("reading", (name("r"),), SPAN, SPAN) == parse("reading(r)")
    assert nodes.Call("overlap", (parse("a .. b"), parse("c .. d")), SPAN, SPAN) == parse("overlap(a .. b, c .. d)")


@pytest.mark.parametrize(
    "word",
    [
        "count",
        "sum",
        "average",
        "earliest",
        "latest",
        "min",
        "max",
        "pairs",
        "by",
        "of",
        "for",
        "distinct",
        "present",
        "missing",
        "late",
        "h",
        "day",
        "days",
        "EUR",
        "at",
        "least",
        "most",
        "to",
        "all",
        "one",
    ],
)
def test_soft_words_are_names_wherever_a_name_may_stand(word: str) -> None:
    assert name(word) == parse(word)
    assert nodes.Compare("=", field("x", word), name(word), SPAN, SPAN) == parse(f"x.{word} = {word}")
    assert nodes.Quantifier("some", None, binder(word, word), None, SPAN) == parse(f"some {word} in {word}")


@pytest.mark.parametrize(
    "text",
    [
        "count(distinct)",
        "count(distinct in distinct)",
        "count(distinct distinct for distinct in distinct)",
        "count(distinct of x)",
        "sum(for for for in for)",
        "pairs(by by by)",
        "of of of",
        "by in of",
    ],
)
def test_soft_words_stand_beside_the_words_they_look_like(text: str) -> None:
    assert text == print_node(parse(text))


@pytest.mark.parametrize(
    "text", ["työpäivä", "KU148", "_x", "päivä2", "день", "日数", "android", "iffy", "inn", "not_in"]
)
def test_names_are_letters_digits_and_underscores_of_any_alphabet(text: str) -> None:
    assert name(text) == parse(text)


def test_a_hyphen_is_a_subtraction() -> None:
    assert nodes.Arithmetic("-", name("work"), name("trial"), SPAN) == parse("work-trial")


def test_true_and_false_are_not_names() -> None:
    assert (nodes.Truth(True, SPAN), nodes.Truth(False, SPAN)) == (parse("true"), parse("false"))


def test_line_breaks_are_spaces() -> None:
    assert parse("a and b or not c is present") == parse("a\n   and b\r\n\n or not\n c is\n present\n")


def test_a_binder_of_its_own() -> None:
    where = parse("day.status = delivered and day.phase = workplace")
    expected = binder("day", "days", where)
    assert expected == parse_binder(
        Fragment.of("day in days where day.status = delivered\n  and day.phase = workplace")
    )


def test_spans_cover_what_was_written() -> None:
    text = "  not (day.length >= 6 h) and count(x in xs) = 2"
    tree = parse(text)
    assert isinstance(tree, nodes.Logic)
    negation, comparison = tree.operands
    assert isinstance(negation, nodes.Not)
    assert isinstance(comparison, nodes.Compare)
    assert isinstance(negation.operand, nodes.Compare)
    assert isinstance(negation.operand.left, nodes.Field)

    def shown(span: Span) -> str:
        return text[span.start : span.end]

    assert shown(tree.span) == text.strip()
    assert shown(negation.span) == "not (day.length >= 6 h)"
    assert shown(negation.operand.span) == "(day.length >= 6 h)"
    assert shown(negation.operand.op_span) == ">="
    assert shown(negation.operand.left.span) == "day.length"
    assert shown(negation.operand.left.name_span) == "length"
    assert shown(comparison.left.span) == "count(x in xs)"


def test_spans_are_places_in_the_file() -> None:
    source = Source("p.yaml", "require: a\n  and b\n")
    tree = parse_expression(Fragment.slice(source, 9, 18))
    assert isinstance(tree, nodes.Logic)
    assert [source.position(part.span.start) for part in tree.operands] == [(1, 10), (2, 7)]


def test_the_reserved_words_are_those_of_the_grammar() -> None:
    grammar = (Path(pykala_dsl.__file__).parent / "grammar.lark").read_text(encoding="utf-8")
    (alternatives,) = re.findall(r"^NAME: /\(\?!\(\?:([a-z|]+)\)", grammar, re.MULTILINE)
    assert sorted(RESERVED) == sorted(alternatives.split("|"))


FIFTEEN = [
    "2025-01-31 + 1 month + 1 month = 2025-03-28 and 2025-01-31 + 2 months = 2025-03-31",
    "2024-02-29 in 2023-02-28 .. 2023-02-28 + 12 months",
    "length(2025-05-12 .. 2025-05-18) in 1 week .. 2 weeks and 2025-05-18 - 2025-05-12 = 6 days",
    "not a = b and c",
    "at most 2 day in days where day.status = delivered",
    "at most n meeting in meetings where meeting.mode = video",
    "every day in days where day.status = delivered satisfies day.length >= 6 h",
    "average(c.length for c in contacts) < 30 min or average(c.length for c in contacts) >= 30 min",
    "a.x = b.x or a.x != b.x",
    "sent_on due by 2025-06-30 or waived",
    "sent_on due by 2025-06-30 and checked",
    "sent_on is late for 2025-06-30",
    "visit in d.from .. d.until",
    "if flag then x >= 6 h else x >= 5 h",
    "round(8 / 58, 1 %) = 14 % and round(0.5 % of 1 EUR, 0.01 EUR) = 0.01 EUR and round(171950, 100) = 172000",
]


@pytest.mark.parametrize("text", FIFTEEN)
def test_the_expressions_that_catch_a_careless_reader_come_back_as_written(text: str) -> None:
    assert text == print_node(parse(text))
