from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml

from pykala.handbook import numbers
from pykala.handbook.verbalize import Line, Verbalizer
from pykala.handbook.words import NBSP, SEVERITY_WORDS, VERDICT_WORDS, WORDS, within
from pykala.policy.model import LANGUAGES, VERDICTS, Lang
from pykala.report.wording import COUNTS, TEXTS, counted
from pykala_dsl import core
from pykala_dsl.functions import FUNCTIONS
from pykala_dsl.operators import AggregateName, ArithmeticOp, CompareOp
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
    Period,
    RangeType,
    RecordType,
    SetType,
    ShareType,
    TextType,
    Type,
)
from word_samples import DAY, World

GOLDEN = Path(__file__).parents[1] / "golden"
CASES: list[dict[str, str]] = yaml.safe_load((GOLDEN / "verbalize.yaml").read_text("utf-8"))
LINE_CASES: list[dict[str, str]] = yaml.safe_load((GOLDEN / "verbalize-lines.yaml").read_text("utf-8"))
DAYS, MONTHS = CalendarTimeType("days"), CalendarTimeType("months")

VALUES: list[tuple[core.Value | None, Type, tuple[str, str, str]]] = [
    (datetime.date(2025, 5, 8), DateType(), ("8.5.2025", "8.5.2025", "8 May 2025")),
    (Fraction(200101, 200), NumberType(), ("1_000,505", "1_000,505", "1,000.505")),
    (1234567, CountType(), ("1_234_567", "1_234_567", "1,234,567")),
    (30, MoneyType(), ("30,00_€", "30,00_€", "€30.00")),
    (Fraction(-2, 1), MoneyType(), ("−2,00_€", "−2,00_€", "−€2.00")),
    (Fraction(1005, 1000), MoneyType(), ("1,01_€", "1,01_€", "€1.01")),
    (Fraction(1, 200), ShareType(), ("0,5_%", "0,5_%", "0.5%")),
    (Fraction(1, 3), NumberType(), ("≈_0,33", "≈_0,33", "≈_0.33")),
    (340, ExactTimeType(), ("5_h 40_min", "5_h 40_min", "5_h 40_min")),
    (360, ExactTimeType(), ("6_h", "6_h", "6_h")),
    (0, ExactTimeType(), ("0_min", "0_min", "0_min")),
    (-20, ExactTimeType(), ("−20_min", "−20_min", "−20_min")),
    (Fraction(61, 2), ExactTimeType(), ("30,5_min", "30,5_min", "30.5_min")),
    (Period(0, 14), DAYS, ("14_päivää", "14_dagar", "14_days")),
    (Period(0, 1), DAYS, ("1_päivä", "1_dag", "1_day")),
    (Period(0, 0), DAYS, ("0_päivää", "0_dagar", "0_days")),
    (Period(1, 0), MONTHS, ("1_kuukausi", "1_månad", "1_month")),
    (Period(13, 0), MONTHS, ("13_kuukautta", "13_månader", "13_months")),
    (Period(0, 0), MONTHS, ("0_kuukautta", "0_månader", "0_months")),
    (Period(1, 3), CalendarTimeType("mixed"), ("1_kuukausi 3_päivää", "1_månad 3_dagar", "1_month 3_days")),
    (True, BoolType(), ("kyllä", "ja", "yes")),
    (False, BoolType(), ("ei", "nej", "no")),
    ("Anna", TextType(), ("Anna", "Anna", "Anna")),
    (None, DateType(), ("ei tiedossa", "inte känt", "not known")),
]


def plain(text: str) -> str:
    return text.replace(NBSP, " ")


def lines(found: list[Line] | tuple[Line, ...]) -> list[str]:
    return ["  " * line.depth + plain(line.text) for line in found]


@pytest.fixture(scope="module")
def world() -> World:
    return World()


@pytest.mark.parametrize("case", CASES, ids=[case["expr"] for case in CASES])
def test_an_expression_reads_as_the_golden_text(world: World, case: dict[str, str]) -> None:
    expr = world.expr(case["expr"])
    assert {lang: case[lang] for lang in LANGUAGES} == {lang: plain(world.words(lang).expr(expr)) for lang in LANGUAGES}


@pytest.mark.parametrize("case", LINE_CASES, ids=[case["expr"] for case in LINE_CASES])
def test_a_long_condition_is_broken_into_the_golden_lines(world: World, case: dict[str, str]) -> None:
    expr = world.expr(case["expr"])
    assert {lang: case[lang].splitlines() for lang in LANGUAGES} == {
        lang: lines(world.words(lang).condition_lines(expr)) for lang in LANGUAGES
    }


# ---------------------------------------------------------------------- nothing of the language without a golden text


@pytest.fixture(scope="module")
def parts(world: World) -> list[core.Expr]:
    """Return everything that the golden expressions consist of; definitions are opened."""

    def opened(expr: core.Expr) -> Iterator[core.Expr]:
        for part in core.walk(expr):
            yield part
            if isinstance(part, core.DefinitionRead):
                yield from opened(world.policy.definitions[part.name].expr)

    return [part for case in CASES for part in opened(world.expr(case["expr"]))]


def test_the_golden_texts_cover_every_construct_of_the_core(parts: list[core.Expr]) -> None:
    """AtLeast, Each and the rest: a construct added to the core must be put in words here."""
    assert set(get_args(core.Expr)) == {type(part) for part in parts}


def test_the_golden_texts_cover_every_type(parts: list[core.Expr]) -> None:
    assert set(get_args(Type)) - {ErrorType} == {type(part.type) for part in parts}


def test_the_golden_texts_cover_every_function(parts: list[core.Expr]) -> None:
    assert set(FUNCTIONS) == {part.function for part in parts if isinstance(part, core.Call)}
    assert {f"fn {name}" for name in FUNCTIONS} == {key for key in WORDS if key.startswith("fn ")}


def test_the_golden_texts_cover_every_condition_and_its_denial(world: World) -> None:
    """A duty cannot be denied: the checker refuses it."""
    met: dict[type, set[bool]] = {}

    def look(expr: core.Expr, positive: bool) -> None:
        if isinstance(expr, core.Not):
            look(expr.operand, not positive)
            return
        if isinstance(expr.type, BoolType):
            met.setdefault(type(expr), set()).add(positive)
        for child in core.children(expr):
            look(child, True)

    for case in CASES:
        look(world.expr(case["expr"]), True)
    duties: set[type] = {core.DueBy, core.AtLeast}
    assert {kind: {True} if kind in duties else {True, False} for kind in met} == met


def test_the_golden_texts_cover_every_comparison(parts: list[core.Expr]) -> None:
    """Each sign with a number of elements, a date and anything else, beside a constant and beside what is computed."""

    def kind(expr: core.Compare) -> tuple[str, str]:
        sides = (expr.left, expr.right)
        fixed = "constant" if any(isinstance(side, core.Constant) for side in sides) else "computed"
        if any(isinstance(side, core.Count) for side in sides):
            return "elements", fixed
        return "date" if isinstance(expr.left.type, DateType) else "value", fixed

    met = {(part.op, *kind(part)) for part in parts if isinstance(part, core.Compare)}
    assert set(product(get_args(CompareOp), ("elements", "date", "value"), ("constant", "computed"))) == met


def test_the_golden_texts_cover_every_calculation(parts: list[core.Expr]) -> None:
    assert set(get_args(ArithmeticOp)) == {part.op for part in parts if isinstance(part, core.Arithmetic)}
    assert set(get_args(AggregateName)) == {part.name for part in parts if isinstance(part, core.Aggregate)}
    assert {"min", "max", "earliest", "latest"} == {part.name for part in parts if isinstance(part, core.Extremum)}


class Heard(dict[str, Any]):
    """A table of words that remembers which were said."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        super().__init__(table)
        self.said: set[str] = set()

    def __getitem__(self, key: str) -> Any:
        self.said.add(key)
        return super().__getitem__(key)


def test_the_golden_texts_say_every_word(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """But those for what stands in a record and in explanations, which have tests of their own."""
    heard = Heard(WORDS)
    monkeypatch.setattr("pykala.handbook.words.WORDS", heard)
    for case in CASES:
        world.words("fi").expr(world.expr(case["expr"]))
    for case in LINE_CASES:
        world.words("fi").condition_lines(world.expr(case["expr"]))
    assert {"unknown", "none", "private", "recorded", "item", "items", "open"} == set(WORDS) - heard.said


def test_the_values_below_are_of_every_type_that_has_values() -> None:
    collections = {EnumType, RecordType, ListType, PairType, RangeType, SetType, ErrorType}
    assert set(get_args(Type)) - collections == {type(type_) for _, type_, _ in VALUES}


def test_every_word_has_three_languages() -> None:
    tables: list[Any] = [WORDS, VERDICT_WORDS, SEVERITY_WORDS, TEXTS]
    triples = [texts for table in tables for texts in table.values()]
    assert [texts for texts in triples if len(texts) != 3 or not all(texts)] == []
    assert [forms for forms in COUNTS.values() if len(forms) != 3 or any(len(pair) != 2 for pair in forms)] == []
    assert set(VERDICTS) == set(VERDICT_WORDS)


@pytest.mark.parametrize(("value", "type_", "expected"), VALUES)
def test_a_value_is_written_as_each_language_writes_it(
    world: World, value: core.Value | None, type_: Type, expected: tuple[str, str, str]
) -> None:
    assert expected == tuple(world.words(lang).value(value, type_).replace(NBSP, "_") for lang in LANGUAGES)


@pytest.mark.parametrize(
    ("value", "type_", "expected"),
    [
        (3, CountType(), 3),
        (Fraction(3, 1), NumberType(), 3),
        (Fraction(1, 4), NumberType(), "0.25"),
        (Fraction(1, 3), NumberType(), "1/3"),
        (30, MoneyType(), "30.00 EUR"),
        (Fraction(-1, 8), MoneyType(), "-0.125 EUR"),
        (Fraction(1, 200), ShareType(), "0.5 %"),
        (340, ExactTimeType(), "5 h 40 min"),
        (-1, ExactTimeType(), "-1 min"),
        (Period(0, 14), DAYS, "14 days"),
        (Period(1, 1), CalendarTimeType("mixed"), "1 month + 1 day"),
        (datetime.date(2025, 5, 8), DateType(), "2025-05-08"),
        (True, BoolType(), True),
        ("extends", TextType(), "extends"),
    ],
)
def test_a_value_for_programs_is_exact(value: core.Value, type_: Type, expected: str | int) -> None:
    actual = numbers.canonical(value, type_)
    assert (expected, type(expected)) == (actual, type(actual))


@pytest.mark.parametrize(("lang", "expected"), [("fi", "«kirjattu»"), ("sv", "«antecknat»"), ("en", "«recorded»")])
def test_a_private_value_is_only_said_to_be_there(world: World, lang: Lang, expected: str) -> None:
    assert expected == world.words(lang).value("Anna", TextType(), private=True)


def test_a_list_is_shown_by_its_values_or_counted(world: World) -> None:
    words = world.words("en")
    dates: list[object] = [datetime.date(2025, 5, 8), datetime.date(2025, 5, 9)]
    assert words.value(dates, ListType(DateType())) == "8 May 2025, 9 May 2025"
    assert words.value([{}, {}], ListType(DAY)) == "2 items"


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("Kuntoutuspäivä", "kuntoutuspäivä"),
        ("GAS-lomake", "GAS-lomake"),
        ("KU 5", "KU 5"),
        ("Kelan päätös", "Kelan päätös"),
        ("Monday", "Monday"),
        ("Client's coach", "client's coach"),
        ("", ""),
    ],
)
def test_a_label_inside_a_sentence_keeps_names_and_abbreviations(label: str, expected: str) -> None:
    assert expected == within(label)


def test_counts_have_their_singular() -> None:
    assert (plain(counted("fail", 1, "fi")), plain(counted("fail", 2, "fi"))) == ("1 poikkeama", "2 poikkeamaa")


def test_a_long_condition_is_broken_into_lines(world: World) -> None:
    words = world.words("en")
    expr = world.expr("waived and (suitable or not (phase = planning and clients > 3)) and extends")
    assert lines(words.condition_lines(expr)) == [
        "all of these:",
        "  waived: yes",
        "  any of these:",
        "    suitable: yes",
        "    not all of these:",
        "      phase: planning",
        "      clients: more than 3",
        "  any of these:",
        "    «Does a short illness extend it?»: «extends»",
        "    waived: yes",
    ]


def test_a_quantifier_with_a_long_body_is_broken_too(world: World) -> None:
    expr = world.expr("every day in delivered satisfies day.paid or day.length >= 6 h")
    assert lines(world.words("fi").condition_lines(expr)) == [
        "jokainen kuntoutuspäivä, jolla (tila: toteutunut):",
        "  jokin seuraavista:",
        "    palkallinen työ: kyllä",
        "    pituus: vähintään 6 h",
    ]


def test_a_deadline_that_hangs_on_a_condition_is_broken_too(world: World) -> None:
    expr = world.expr("started_on due by (if waived then month_end else deadline)")
    assert lines(world.words("en").condition_lines(expr)) == [
        "started on: no later than:",
        "  if:",
        "    waived: yes",
        "  then:",
        "    1 month after date (first meeting)",
        "  otherwise:",
        "    deadline",
    ]


def test_a_long_condition_on_some_element_is_broken_too(world: World) -> None:
    expr = world.expr("some day in delivered satisfies day.length >= 6 h and (day.paid or day.phase = workplace)")
    assert lines(world.words("en").condition_lines(expr)) == [
        "at least 1 rehabilitation day where:",
        "  status: delivered",
        "  length: at least 6 h",
        "  any of these:",
        "    paid work: yes",
        "    phase: at the workplace",
    ]


def test_a_rule_in_words_has_all_its_parts(world: World) -> None:
    rule = world.rule(
        "day.length >= shortest_day and start_ok",
        for_each="day in delivered",
        define={"start_ok": "day.date >= deadline"},
        when="day.phase = workplace",
        unless={"flex": "day.flex is present and day.flex.reason in {work_ability, functional_capacity}"},
        pending_while="ended_on is missing",
        computes={"shortfall": "shortest_day - day.length"},
    )
    words = Verbalizer(world.words("en").vocabulary, world.with_rules(rule), "en").rule(rule)
    assert words.applies_to == "every rehabilitation day where (status: delivered)"
    assert lines(words.condition) == ["phase: at the workplace"]
    assert lines(words.requirement) == [
        "all of these:",
        "  length: at least 6 h (shortest day)",
        "  date: no earlier than deadline",
    ]
    assert [(item.name, lines(item.lines)) for item in words.exceptions] == [
        ("flex", ["all of these:", "  flex: recorded", "  reason (flex): work ability or functional capacity"])
    ]
    assert lines(words.pending) == ["ended on: not recorded"]
    assert [(item.name, lines(item.lines)) for item in words.amounts] == [
        ("shortfall", ["6 h (shortest day) − length"])
    ]
    assert [(item.title, lines(item.lines)) for item in words.terms] == [
        ("deadline", ["14 days after date (first meeting)"])
    ]
    assert [(fact.path, fact.label) for fact in words.facts] == [
        ("days[].status", "status (rehabilitation day)"),
        ("days[].phase", "phase (rehabilitation day)"),
        ("days[].length", "length (rehabilitation day)"),
        ("days[].date", "date (rehabilitation day)"),
        ("first_meeting.date", "date (first meeting)"),
        ("days[].flex.reason", "reason (flex, rehabilitation day)"),
        ("ended_on", "ended on"),
    ]


def test_facts_say_what_is_judged_and_what_is_private(world: World) -> None:
    rule = world.rule("suitable and reason = other")
    facts = world.words("en").rule(rule).facts
    assert [(fact.path, fact.judged, fact.private) for fact in facts] == [
        ("suitable", True, False),
        ("reason", False, True),
    ]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("days[3].length", "pituus (kuntoutuspäivä 4)"),
        ("days[0].length", "pituus (kuntoutuspäivä 8.5.2025)"),
        ("days", "kuntoutuspäivät"),
        ("certificate.visit.date", "päivä (käynti, osallistumistodistus)"),
        ("flex_days[1]", "joustopäivät 2"),
        ("no_such.path", "no_such"),
    ],
)
def test_a_path_of_a_record_has_a_name(world: World, path: str, expected: str) -> None:
    assert expected == world.words("fi").fact_label(path, {"days[0]": "8.5.2025"})
