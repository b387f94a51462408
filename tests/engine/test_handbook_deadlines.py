"""The limits of rules: what is read out of a rule, and that a counted day is the day the engine judges by."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import pytest

import evaluation_support
import pykala
from pykala.evaluate.expression import evaluate_expression
from pykala.handbook.deadline_words import limit_rows, words
from pykala.handbook.deadlines import Deadline, Way, deadlines, last_day, rule_deadlines
from pykala.handbook.verbalize import Verbalizer
from pykala.handbook.words import NBSP
from pykala.policy.loader import PolicySet
from pykala.policy.model import Lang, Policy
from pykala_dsl import core
from pykala_dsl.typesys import DateType

STARTS = (
    *(datetime.date(2025, month, day) for month in range(1, 13) for day in (1, 15, 28)),
    datetime.date(2024, 1, 29),
    datetime.date(2024, 2, 29),
    datetime.date(2025, 1, 31),
    datetime.date(2025, 3, 31),
    datetime.date(2025, 6, 5),
    datetime.date(2025, 6, 6),
    datetime.date(2025, 8, 31),
    datetime.date(2025, 11, 10),
    datetime.date(2025, 12, 10),
    datetime.date(2025, 12, 31),
    datetime.date(2026, 1, 30),
)


@pytest.fixture(scope="module")
def policies() -> PolicySet:
    return pykala.load("policies")


def put(expr: core.Expr, base: core.Expr, start: core.Expr) -> core.Expr:
    """Return an expression with a date in the place of the one that a limit counts from."""
    if expr == base:
        return start
    for at, _ in enumerate(list(core.holes(expr))):
        child, fill = list(core.holes(expr))[at]
        expr = fill(put(child, base, start))
    return expr


def judged_by(deadline: Deadline, way: Way, start: datetime.date) -> object:
    """Return the limit that the interpreter comes to, its base being known."""
    policy, day = deadline.policy, core.Constant(start, DateType(), way.base.span)
    rule = policy.rule(deadline.rule_id)
    assert rule is not None
    definitions = {
        name: day
        if isinstance(way.base, core.DefinitionRead) and way.base.name == name
        else put(item.expr, way.base, day)
        for name, item in {**policy.definitions, **rule.definitions}.items()
    }
    return evaluate_expression(
        put(deadline.limit, way.base, day),
        {},
        start,
        definitions=definitions,
        parameters={name: item.value for name, item in policy.parameters.items()},
        readings={name: (tuple(item.options), item.chosen) for name, item in policy.readings.items()},
    ).value


def with_every_choice(policy: Policy) -> Iterator[Policy]:
    """Yield the policy under each choice of the readings that its limits hang on."""
    names = {
        part.name
        for deadline in deadlines(policy)
        for way in deadline.ways
        for condition in way.conditions
        for part in core.walk(condition.expr)
        if isinstance(part, core.ReadingRead)
    }
    for options in product(*(policy.readings[name].options for name in sorted(names))):
        chosen = {
            name: replace(policy.readings[name], chosen=option)
            for name, option in zip(sorted(names), options, strict=True)
        }
        yield replace(policy, readings={**policy.readings, **chosen})


def test_every_duty_of_the_shipped_policies_has_its_limit(policies: PolicySet) -> None:
    """No `due by` is left out, wherever it stands in a rule."""
    for policy in policies.policies:
        for rule in policy.rules:
            parts = [rule.require, *(item.condition for item in rule.unless)]
            duties = {
                (part.event, part.limit) for whole in parts for part in core.walk(whole) if isinstance(part, core.DueBy)
            }
            assert duties <= {(item.event, item.limit) for item in rule_deadlines(policy, rule)}, rule.id


def test_a_counted_day_is_the_day_that_the_engine_judges_by(policies: PolicySet) -> None:
    """Under every choice of readings one way is left, and its steps give what the interpreter gives."""
    compared = 0
    for policy in (each for one in policies.policies for each in with_every_choice(one)):
        for deadline in deadlines(policy):
            (way,) = deadline.standing
            if deadline.bound != "by" or not way.counted:
                continue
            for start in STARTS:
                assert last_day(deadline, start) == judged_by(deadline, way, start), (deadline, start)
                compared += 1
    assert compared >= 30 * len(STARTS)


# ---------------------------------------------------------------------- small rules

HEAD = evaluation_support.HEAD.replace(
    "parameters:\n",
    """\
parameters:
  time: {value: 2 weeks, label: {fi: aika, sv: tid, en: time given}}
  longer: {value: 1 month, label: {fi: pidempi, sv: längre, en: longer time}}
  open_time: {value: unset, type: days, label: {fi: avoin, sv: öppen, en: time not told}}
  end_of_old: {value: 2025-06-30, label: {fi: loppu, sv: slut, en: end of the old}}
""",
).replace('mild: {fi: "x", sv: "x", en: "x"}', "mild: {fi: lievä, sv: mild, en: mild}")


def found(rule: str, define: str = "") -> tuple[Deadline, ...]:
    return deadlines(evaluation_support.policy_of(rule, define, HEAD))


def shown(deadline: Deadline, lang: Lang = "en") -> list[str]:
    verbalizer = Verbalizer(evaluation_support.vocabulary(), deadline.policy, lang)
    said = words(deadline, verbalizer)
    ways = [f"{' and '.join(way.conditions)}: {way.steps}" if way.conditions else way.steps for way in said.ways]
    return [text.replace(NBSP, " ") for text in (f"{said.event} | {said.by} | {said.base}", *ways)]


def one(rule: str, define: str = "") -> Deadline:
    (deadline,) = found(rule, define)
    return deadline


@pytest.mark.parametrize(
    ("require", "bound", "start", "expected"),
    [
        ("done_on due by limit + time", "by", "2025-06-06", "2025-06-20"),
        ("done_on due by limit + longer + time", "by", "2025-01-31", "2025-03-14"),
        ("done_on due by limit + 2 * time", "by", "2025-06-06", "2025-07-04"),
        ("done_on due by limit - 1 day", "by", "2024-03-01", "2024-02-29"),
        ("done_on due by working_day_on_or_after(limit + time)", "by", "2025-06-06", "2025-06-23"),
        ("done_on due by working_day_on_or_before(limit + time)", "by", "2025-06-06", "2025-06-19"),
        ("done_on due by next_weekday(limit)", "by", "2025-06-20", "2025-06-23"),
        ("done_on due by earliest(limit + longer, limit + time)", "by", "2025-06-06", "2025-06-20"),
        ("done_on due by latest(limit + longer, limit + time) + 1 day", "by", "2025-06-06", "2025-07-07"),
        ("sent_on is present and sent_on <= limit + time", "by", "2025-06-06", "2025-06-20"),
        ("sent_on < limit + time", "before", "2025-06-06", "2025-06-19"),
        ("limit + time <= start", "from", "2025-06-06", "2025-06-20"),
        ("start > limit + time", "after", "2025-06-06", "2025-06-21"),
        ("not (done_on is late for limit + time)", "by", "2025-06-06", "2025-06-20"),
        ("start in limit .. limit + longer", "by", "2025-01-31", "2025-02-28"),
        ("until <= end_of_old", "by", "2025-01-01", "2025-06-30"),
        ("every day in days satisfies day.date <= limit + time", "by", "2025-06-06", "2025-06-20"),
    ],
)
def test_a_limit_is_read_and_counted(require: str, bound: str, start: str, expected: str) -> None:
    """Duties and comparisons, turned to the side of the event, are counted with the act's months and working days."""
    deadline = one(f"require: {require}")
    day = last_day(deadline, datetime.date.fromisoformat(start))
    assert (deadline.bound, day) == (bound, datetime.date.fromisoformat(expected))


@pytest.mark.parametrize(
    "require",
    [
        "start <= until",
        "not (start <= limit + time)",
        "n >= 2",
        "no day in days where day.date > limit + time",
        "count(day in days where day.date <= limit + time) >= 2",
    ],
)
def test_what_sets_no_limit_is_none(require: str) -> None:
    """Two plain dates have an order only; what must not hold, and what is counted, asks for no date."""
    assert found(f"require: {require}") == ()


def test_a_base_is_called_by_its_definition() -> None:
    """A definition that is no more than a date keeps its name; one that counts is opened."""
    define = """
first: {label: {fi: e, sv: f, en: first day held}, value: "earliest(day.done_on for day in days)"}
month: {label: {fi: k, sv: m, en: the month's end}, value: first + longer}
"""
    deadline = one("require: done_on due by month + time", define)
    assert shown(deadline) == [
        "done on | no later than 14 days (time given) after the month's end | first day held",
        "1 month (longer time) + 14 days (time given) after first day held",
    ]


def test_a_choice_gives_a_way_each() -> None:
    """A reading or a fact that decides how a limit is counted is a condition of the way."""
    rule = """
define:
  moved: "if reading(leaning) = strict then limit + time else working_day_on_or_after(limit + longer)"
require: "done_on due by (if a then moved else limit + (if b then 1 day else 2 days))"
"""
    deadline = one(rule)
    assert [(len(way.conditions), way in deadline.standing) for way in deadline.ways] == [
        (2, True),
        (2, False),
        (2, True),
        (2, True),
    ]
    assert last_day(deadline, datetime.date(2025, 6, 6)) is None
    assert [str(last_day(deadline, datetime.date(2025, 5, 21), way)) for way in deadline.ways] == [
        "2025-06-04",
        "2025-06-23",
        "2025-05-22",
        "2025-05-23",
    ]


def test_ways_that_contradict_themselves_are_left_out() -> None:
    """The same question asked twice has one answer."""
    inner = "if reading(late) = moved then limit + 1 day else limit + 2 days"
    deadline = one(
        'require: "done_on due by (if reading(late) = moved then inner else inner + 1 week)"', f'inner: "{inner}"'
    )
    assert [str(last_day(deadline, datetime.date(2025, 5, 1), way)) for way in deadline.ways] == [
        "2025-05-02",
        "2025-05-10",
    ]


def test_an_unset_parameter_is_named() -> None:
    """Without the number no day is told."""
    deadline = one("require: done_on due by limit + open_time")
    assert (deadline.unset, last_day(deadline, datetime.date(2025, 5, 1))) == (("open_time",), None)


@pytest.mark.parametrize(
    "limit", ["earliest(limit + time, start + longer)", "limit + max(2 days, length(start .. until))"]
)
def test_a_limit_that_needs_several_dates_is_told_in_words(limit: str) -> None:
    """It has no steps to take: its base is the whole, and no reader can give it as one date."""
    (way,) = one(f"require: done_on due by {limit}").ways
    assert (way.steps, way.one_date, way.counted) == ((), False, False)


def test_an_exception_moves_the_limit_of_the_rules_own_event() -> None:
    """A comparison of another date in an exception is a ground, no deadline."""
    rule = """
require: sent_on <= limit + time
unless:
  longer:
    title: {fi: x, sv: x, en: x}
    if: sent_on <= limit + longer and start <= limit + time
  own_duty:
    title: {fi: x, sv: x, en: x}
    if: a and done_on due by limit + longer
"""
    assert [(item.part, item.exception, item.duty) for item in found(rule)] == [
        ("require", None, False),
        ("unless", "longer", False),
        ("unless", "own_duty", True),
    ]


def test_a_limit_beside_a_reading_counts_under_it() -> None:
    """`or` with a reading: the limit stands where the chosen option does not make it idle."""
    idle = one("require: reading(leaning) = strict or done_on due by limit + time")
    asked = one("require: reading(leaning) = mild or done_on due by limit + time")
    open_ = one("require: reading(late) = kept or done_on due by limit + time")
    assert (idle.stands, asked.stands, open_.stands) == (False, True, True)


def test_words_in_three_languages() -> None:
    """The event, the limit and the way stand in words, a reading with the option that is left."""
    rule = 'require: "done_on due by (if reading(leaning) = strict then limit + time else limit + longer)"'
    assert [shown(one(rule), lang)[2] for lang in ("fi", "sv", "en")] == [
        "«x»: «lievä»: limit + 1 kuukausi (pidempi)",
        "«x»: «mild»: 1 månad (längre) efter limit",
        "«x»: «mild»: 1 month (longer time) after limit",
    ]


# ---------------------------------------------------------------------- checklists


def rows(policies: PolicySet, name: str, rule_id: str, lang: Lang) -> list[str]:
    policy = policies.find(name)
    assert policy is not None
    rule = policy.rule(rule_id)
    assert rule is not None
    found_rows = limit_rows(policy, rule, Verbalizer(policies.vocabulary, policy, lang))
    return [
        " · ".join(filter(None, (row.exception, row.what, row.by, row.counted_from))).replace(NBSP, " ")
        for row in found_rows
    ]


@pytest.mark.parametrize(
    ("name", "rule_id", "lang", "expected"),
    [
        ("audits", "audit-response-deadline", "fi", ["vastine saapunut · 28 päivää · auditointikäynti"]),
        ("audits", "audit-response-deadline", "sv", ["bemötandet mottaget · 28 dagar · revisionsbesök"]),
        (
            "laku",
            "client-contact",
            "en",
            [
                "client reached on, first attempt at contact · 14 days (on a weekend or holiday the next working day: "
                "open question) · date on which the decision reached the provider (rehabilitation decision)"
            ],
        ),
        (
            "feedback",
            "teak-feedback-on-time",
            "fi",
            [
                "saapunut Kelaan · TEAK-palautteen määräaika (ei annettu lähteissä) · "
                "kuntoutuksen päättymispäivä (asiakkaan kuntoutus)"
            ],
        ),
        (
            "work-trial",
            "planning-month",
            "sv",
            [
                "mötets datum · 1 månad · det första genomförda mötet",
                "Kortvarig sjukdom · mötets datum · månadens sista dag förlängd med sjukdomen",
                "Öppna ansökningar · mötets datum · 1 månad + 21 dagar · det första genomförda mötet",
            ],
        ),
        (
            "work-trial",
            "total-duration",
            "en",
            [
                "date on which the rehabilitation ended, date of the day, date of the meeting · 5 months · "
                "first meeting held"
            ],
        ),
        ("individual-rehab@2023", "old-description-ends", "fi", ["kuntoutuspäivän päivämäärä · 30.6.2025"]),
        (
            "work-trial-provider",
            "premises-and-equipment",
            "en",
            ["valid · maintenance interval of equipment (not given in the sources) · date of maintenance"],
        ),
        ("individual-rehab@2024", "akva-code", "en", []),
        ("work-trial", "day-length-before-change", "en", []),
        ("audits", "escalate-response", "en", []),
    ],
)
def test_a_checklist_row_says_what_by_when_and_from_what(
    policies: PolicySet, name: str, rule_id: str, lang: Lang, expected: list[str]
) -> None:
    """Events with one limit share a row, exceptions have rows of their own, what bounds a rule has none."""
    assert rows(policies, name, rule_id, lang) == expected


@pytest.mark.parametrize(
    ("require", "expected"),
    [
        ("done_on due by limit - 1 month + 2 days", "1 month before + 2 days"),
        ("done_on due by working_day_on_or_before(limit)", "on a weekend or holiday the previous working day"),
        ("done_on due by earliest(limit + 1 month, limit + 14 days)", "earliest (1 month / 14 days)"),
        ("start > limit + time", "later than 14 days"),
        ("done_on due by (if a then limit + 1 day else limit + 2 days)", "1 day or 2 days"),
    ],
)
def test_by_when_in_short(require: str, expected: str) -> None:
    """Steps read in the order they are taken, a bound other than `by` says which side it is."""
    policy = evaluation_support.policy_of(f"require: {require}", head=HEAD)
    (row,) = limit_rows(policy, policy.rules[0], Verbalizer(evaluation_support.vocabulary(), policy, "en"))
    assert row.by.replace(NBSP, " ") == expected
