"""The calculator: its script counts what the engine counts, and the worked dates show what they say they show."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from py_mini_racer import MiniRacer

import evaluation_support
import pykala
from pykala.evaluate import calendar
from pykala.handbook import numbers
from pykala.handbook.calculator import (
    CountedLimit,
    counted_limits,
    free_weekdays,
    script_data,
    uncounted,
    worked_days,
    years,
)
from pykala.handbook.deadlines import Turn, flat, last_day, take
from pykala.handbook.verbalize import Verbalizer
from pykala.handbook.words import NBSP
from pykala.policy.loader import PolicySet
from pykala.policy.model import LANGUAGES, Lang, Policy

SCRIPT = Path(pykala.__file__).parent / "handbook" / "theme" / "assets" / "handbook" / "calculator.js"
ONE_DAY = datetime.timedelta(days=1)
SPAN = (2018, 2036)


@dataclass(frozen=True)
class Script:
    """The script in a JavaScript engine, with the data of a page."""

    engine: MiniRacer

    def ask(self, function: str, *arguments: Any) -> Any:
        """Return what a function of the test page below says, as data."""
        written = ", ".join(json.dumps(argument) for argument in arguments)
        return json.loads(str(self.engine.eval(f"JSON.stringify({function}({written}))")))


HELPERS = """
var calendar = pykalaCalculator.makeCalendar(data.years, data.free);
function iso(number) {
  var date = pykalaCalculator.fromNumber(number);
  return [String(date.year).padStart(4, "0"), String(date.month).padStart(2, "0"), String(date.day).padStart(2, "0")].join("-");
}
function shown(found) {
  return found && { day: iso(found.day), unmoved: found.unmoved === null ? null : iso(found.unmoved), closed: found.closed };
}
function count(key, starts) {
  var limit = data.limits[key];
  return starts.map(function (start) {
    return limit.ways.map(function (way) {
      return shown(pykalaCalculator.lastDay(limit, way, pykalaCalculator.parseDate(start), calendar));
    });
  });
}
function said(key, start) {
  return pykalaCalculator.answer(data, data.limits[key], pykalaCalculator.parseDate(start), calendar);
}
function parsed(text) {
  var number = pykalaCalculator.parseDate(text);
  return number === null ? null : iso(number);
}
function formatted(starts) {
  return starts.map(function (start) {
    return pykalaCalculator.formatDay(pykalaCalculator.parseDate(start), data);
  });
}
"""


def script_of(data: Mapping[str, Any]) -> Script:
    engine = MiniRacer()
    engine.eval(SCRIPT.read_text("utf-8"))
    engine.eval(f"var data = pykalaCalculator.read({json.dumps(json.dumps(data))});\n{HELPERS}")
    return Script(engine)


@pytest.fixture(scope="module")
def policies() -> PolicySet:
    return pykala.load("policies")


def limits_of(policies: tuple[Policy, ...]) -> dict[str, CountedLimit]:
    return {
        f"{policy.name}/{rule.id}/{at}": limit
        for policy in policies
        for rule in policy.rules
        for at, limit in enumerate(counted_limits(policy, rule))
    }


def data_of(
    limits: Mapping[str, CountedLimit], words: Mapping[str, Verbalizer], lang: Lang = "fi"
) -> Mapping[str, Any]:
    return script_data(limits, SPAN, lang, words)


def shipped(policies: PolicySet, lang: Lang = "fi") -> tuple[dict[str, CountedLimit], Mapping[str, Any]]:
    limits = limits_of(policies.policies)
    words = {policy.name: Verbalizer(policies.vocabulary, policy, lang) for policy in policies.policies}
    return limits, data_of(limits, words, lang)


def counted_by_engine(limit: CountedLimit, start: datetime.date) -> list[dict[str, object] | None]:
    """Return what the engine tells of each way of a limit, in the form that the script answers in."""
    found: list[dict[str, object] | None] = []
    shift = {"by": 0, "from": 0, "before": -1, "after": 1}[limit.bound]
    for way in limit.ways:
        day = last_day(limit.deadline, start, way)
        if day is None:
            found.append(None)
            continue
        moves = isinstance(way.steps[-1], Turn) and way.steps[-1].function.startswith("working_day")
        before = take(way.steps[:-1], start) if moves else None
        plain = day if before is None else before + shift * ONE_DAY
        closed = not moves and limit.bound == "by" and calendar.is_working_day(day) is False
        found.append({"day": str(day), "unmoved": None if plain == day else str(plain), "closed": closed})
    return found


def every_day(first: datetime.date, last: datetime.date) -> list[datetime.date]:
    return [first + at * ONE_DAY for at in range((last - first).days + 1)]


def test_the_script_counts_every_shipped_limit_as_the_engine_does(policies: PolicySet) -> None:
    """Each day of seven years, leap years and year ends among them: the same last day, move and remark."""
    limits, data = shipped(policies)
    script = script_of(data)
    starts = every_day(datetime.date(2022, 11, 1), datetime.date(2029, 3, 31))
    written = [str(start) for start in starts]
    seen: dict[tuple[Any, ...], str] = {}
    for key, limit in limits.items():
        if limit.counting in seen:
            assert data["limits"][key]["ways"][0]["steps"] == data["limits"][seen[limit.counting]]["ways"][0]["steps"]
            continue
        seen[limit.counting] = key
        expected = [counted_by_engine(limit, start) for start in starts]
        assert script.ask("count", key, written) == expected, key
    assert len(limits) >= 20
    assert len(seen) >= 8


HEAD = evaluation_support.HEAD.replace(
    "parameters:\n",
    """\
parameters:
  time: {value: 2 weeks, label: {fi: aika, sv: tid, en: time given}}
  open_time: {value: unset, type: days, label: {fi: avoin, sv: öppen, en: time not told}}
""",
)

CORNERS = [
    "done_on due by limit + 1 month",
    "done_on due by limit + 12 months",
    "done_on due by limit + 13 months + 1 day",
    "done_on due by limit - 1 month",
    "done_on due by limit - 3 weeks + 1 month",
    "done_on due by next_weekday(limit + time)",
    "done_on due by next_weekday(limit) + 1 month",
    "done_on due by working_day_on_or_after(limit)",
    "done_on due by working_day_on_or_before(limit + 1 month)",
    "done_on due by working_day_on_or_after(working_day_on_or_after(limit + 1 day) + 1 day)",
    "done_on due by earliest(limit + 1 month, limit + 30 days)",
    "done_on due by working_day_on_or_after(latest(limit + 1 month, limit + 30 days))",
    "sent_on is present and sent_on < working_day_on_or_after(limit + time)",
    "start > limit + 1 month",
    "start >= working_day_on_or_before(limit + 1 month)",
    "done_on due by (if a then limit + 1 month else limit + 2 months)",
]


def small(require: str) -> tuple[dict[str, CountedLimit], Mapping[str, Any]]:
    policy = evaluation_support.policy_of(f"require: {require}", head=HEAD)
    limits = limits_of((policy,))
    return limits, data_of(limits, {policy.name: Verbalizer(evaluation_support.vocabulary(), policy, "en")}, "en")


@pytest.mark.parametrize("require", CORNERS)
def test_the_script_counts_every_kind_of_step(require: str) -> None:
    """Steps that no shipped rule takes yet, over two leap years."""
    limits, data = small(require)
    ((key, limit),) = limits.items()
    starts = every_day(datetime.date(2023, 12, 1), datetime.date(2028, 4, 30))
    assert script_of(data).ask("count", key, [str(start) for start in starts]) == [
        counted_by_engine(limit, start) for start in starts
    ]


@pytest.mark.parametrize("start", ["0001-01-05", "0001-01-31", "0099-12-31", "9999-10-31", "9999-12-01", "9999-12-31"])
def test_the_script_stops_where_the_calendar_does(start: str) -> None:
    """Before the year 1 and after 9999 there is no day, as in the engine."""
    for require in (
        "done_on due by limit + 1 month",
        "done_on due by limit - 3 weeks",
        "done_on due by limit + 2 days",
    ):
        limits, data = small(require)
        ((key, limit),) = limits.items()
        days = [[found and found["day"] for found in ways] for ways in script_of(data).ask("count", key, [start])]
        expected = last_day(limit.deadline, datetime.date.fromisoformat(start))
        assert days == [[expected and str(expected)]]


@pytest.mark.parametrize(
    ("start", "tells"),
    [("2017-12-29", True), ("2017-12-30", True), ("2017-12-28", False), ("2036-12-30", True), ("2036-12-31", False)],
)
def test_outside_the_years_that_are_known_no_working_day_is_guessed(start: str, tells: bool) -> None:
    """A weekend is none in any year; what may be a holiday of an unknown year is left unanswered."""
    limits, data = small("done_on due by working_day_on_or_after(limit + 1 day)")
    (key,) = limits
    ((found,),) = script_of(data).ask("count", key, [start])
    assert (found is not None) == tells


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025-05-08", "2025-05-08"),
        (" 8.5.2025 ", "2025-05-08"),
        ("08.05.2025", "2025-05-08"),
        ("2024-02-29", "2024-02-29"),
        ("2025-02-29", None),
        ("2100-02-29", None),
        ("31.4.2025", None),
        ("2025-13-01", None),
        ("2025-00-10", None),
        ("0.5.2025", None),
        ("0000-05-08", None),
        ("8.5.25", None),
        ("8/5/2025", None),
        ("", None),
        ("2025-05-08x", None),
    ],
)
def test_a_date_is_read_or_refused(text: str, expected: str | None) -> None:
    """The form of the date field and the form that people write here; a day that does not exist is none."""
    _, data = small("done_on due by limit + time")
    assert script_of(data).ask("parsed", text) == expected


@pytest.mark.parametrize("lang", LANGUAGES)
def test_dates_are_written_in_the_form_of_the_language(policies: PolicySet, lang: Lang) -> None:
    """The day of the week and the date as the pages write them."""
    _, data = shipped(policies, lang)
    days = every_day(datetime.date(2024, 2, 1), datetime.date(2025, 3, 1))
    assert script_of(data).ask("formatted", [str(day) for day in days]) == [
        f"{numbers.weekday(day.weekday(), lang)} {numbers.date(day, lang)}" for day in days
    ]


def test_the_answer_says_that_a_rule_moved_the_day(policies: PolicySet) -> None:
    """Both ways of an open reading are told, the moved day beside the one that it was moved from."""
    limits, data = shipped(policies, "en")
    key = next(key for key in limits if key.startswith("laku@2023/client-contact"))
    moved, kept = [
        [(label, text.replace(NBSP, " ")) for label, text in rows]
        for rows in script_of(data).ask("said", key, "2025-06-06")
    ]
    assert moved[:2] == [
        ("Last day", "Monday 23 June 2025"),
        ("", "Moved to a working day. Without the move: Friday 20 June 2025"),
    ]
    assert kept[:2] == [
        ("Last day", "Friday 20 June 2025"),
        ("", "The day is no working day. The rule does not move it."),
    ]
    assert [rows[-1] for rows in (moved, kept)] == [
        ("How it is counted", "14 days (on a weekend or holiday the next working day)"),
        ("How it is counted", "14 days"),
    ]
    assert moved[2][0] == kept[2][0] == "Condition or reading"
    assert moved[2][1] != kept[2][1]


def test_the_script_knows_nothing_of_the_day_it_runs_on() -> None:
    """No clock, no network, no code in texts: the same answer whenever and wherever the page is opened."""
    text = SCRIPT.read_text("utf-8")
    for word in ("Date", "fetch", "XMLHttpRequest", "innerHTML", "eval", "Intl", "toLocaleString", "setTimeout"):
        assert not re.search(rf"\b{word}\b", text), word


def test_the_days_off_are_those_of_the_engine() -> None:
    """Every weekday of the years is a working day, or on the list."""
    free = set(free_weekdays(2024, 2026))
    for day in every_day(datetime.date(2024, 1, 1), datetime.date(2026, 12, 31)):
        assert calendar.is_working_day(day) is (day.weekday() < 5 and day not in free)


def test_the_years_reach_beyond_the_examples(policies: PolicySet) -> None:
    """From the earliest day that the policies speak of to ten years after the latest."""
    small_policy = evaluation_support.policy_of("require: n >= 2")
    assert years([small_policy]) == (2025, 2035)
    first, last = years(policies.policies)
    as_of = [example.as_of for policy in policies.policies for rule in policy.rules for example in rule.examples]
    assert all(day is None or first <= day.year <= last - 10 for day in as_of)


# ---------------------------------------------------------------------- which limits, and worked dates


def test_limits_are_counted_or_said_not_to_be(policies: PolicySet) -> None:
    """No limit that a provider watches is on neither list."""
    from pykala.handbook.deadline_words import is_due
    from pykala.handbook.deadlines import rule_deadlines

    for policy in policies.policies:
        for rule in policy.rules:
            counted = [each for limit in counted_limits(policy, rule) for each in limit.deadlines]
            both = [*counted, *uncounted(policy, rule)]
            assert sorted(map(repr, dict.fromkeys(both))) == sorted(
                repr(each) for each in rule_deadlines(policy, rule) if is_due(each)
            )


def test_an_unset_number_or_a_fixed_date_is_not_counted() -> None:
    """The calculator offers only what one date gives."""
    for require in ("done_on due by limit + open_time", "done_on due by start", "until <= 2025-06-30"):
        policy = evaluation_support.policy_of(f"require: {require}", head=HEAD)
        assert counted_limits(policy, policy.rules[0]) == ()
        assert len(list(uncounted(policy, policy.rules[0]))) == 1


def test_ways_from_different_dates_are_limits_of_their_own() -> None:
    """One start date cannot serve two bases."""
    policy = evaluation_support.policy_of(
        "require: done_on due by (if a then limit + time else start + time)", head=HEAD
    )
    assert [len(limit.ways) for limit in counted_limits(policy, policy.rules[0])] == [1, 1]


def test_an_overlay_fills_the_number_in() -> None:
    """What a planner gives for an unset number is counted with."""
    policy = evaluation_support.policy_of("require: done_on due by limit + open_time", head=HEAD)
    given = replace(policy.parameters["open_time"], value=policy.parameters["time"].value)
    filled = replace(policy, parameters={**policy.parameters, "open_time": given})
    assert len(counted_limits(filled, filled.rules[0])) == 1


CHECKS: Mapping[str, Callable[[datetime.date, datetime.date], bool]] = {
    "ordinary day": lambda start, end: calendar.is_working_day(start) is True,
    "end of month": lambda start, end: (start + ONE_DAY).day == 1,
    "leap year": lambda start, end: (datetime.date(start.year, 3, 1) - ONE_DAY).day == 29,
    "leap day": lambda start, end: (start.month, start.day) == (2, 29),
    "year end": lambda start, end: (start.month, start.day) == (12, 31),
    "meets saturday": lambda start, end: end.weekday() == 5,
    "meets midsummer": lambda start, end: end == calendar.midsummer_eve(end.year),
    "meets christmas": lambda start, end: (end.month, end.day) == (12, 24),
}


@pytest.mark.parametrize("year", [2023, 2024, 2026])
def test_worked_dates_are_what_they_are_said_to_be(policies: PolicySet, year: int) -> None:
    """Each row has its reason, and its days are the engine's."""
    for limit in limits_of(policies.policies).values():
        shown = worked_days(limit, year)
        # One month and three weeks never end on 21 June: the 31st of April is not there to start from.
        assert set(CHECKS) - {row.reason for row in shown} <= {"meets midsummer"}
        for row in shown:
            plain = take([step for step in limit.ways[0].steps if not isinstance(step, Turn)], row.start)
            assert plain is not None
            assert CHECKS[row.reason](row.start, plain), row
            assert row.days == tuple(last_day(limit.deadline, row.start, way) for way in limit.ways)
        assert [row.start for row in shown] == sorted(row.start for row in shown)


def test_no_shipped_limit_moves_a_day_before_it_counts_on(policies: PolicySet) -> None:
    """What "without the move" means in worked dates holds while moves stand last."""
    for limit in limits_of(policies.policies).values():
        for way in limit.ways:
            assert not any(isinstance(step, Turn) for step in flat(way.steps[:-1]))
