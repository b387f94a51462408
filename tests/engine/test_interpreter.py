"""The meaning of expressions where it is easily got wrong: what is missing, what is empty, what lies outside."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from itertools import combinations_with_replacement, product
from typing import Any

import pytest

from evaluation_support import AS_OF, policy_of, record_of
from pykala.evaluate.expression import Evaluation, evaluate_expression
from pykala.evaluate.outcomes import BROKEN, MET, OPEN, Truth, at_least
from pykala.records.record import Record
from pykala_dsl import core
from pykala_dsl.typesys import Period

_DUMMY = "require: a"


def evaluate(
    text: str, given: Mapping[str, Any], *, plan: Mapping[str, Any] | None = None, as_of: date = AS_OF, define: str = ""
) -> Evaluation:
    """Return what an expression, written as a definition of a policy, comes to."""
    policy = policy_of(_DUMMY, f"{define}\nthis: {text}" if define else f"this: {text}")
    records: dict[str, Record] = {"case": record_of(given)}
    if plan is not None:
        records["plan"] = record_of(plan, "plan", "P-1")
    return evaluate_expression(
        policy.definitions["this"].expr,
        records,
        as_of,
        definitions={name: definition.expr for name, definition in policy.definitions.items()},
        parameters={name: parameter.value for name, parameter in policy.parameters.items()},
        readings={name: (tuple(reading.options), reading.chosen) for name, reading in policy.readings.items()},
        source=policy.source,
    )


def outcomes(text: str, given: Mapping[str, Any], **more: Any) -> str:
    """Return the outcomes as letters: M met, O open, B broken."""
    found = evaluate(text, given, **more).outcomes
    assert found is not None
    return "".join(letter for letter, name in (("M", "met"), ("O", "open"), ("B", "broken")) if name in found)


def hangs_on(text: str, given: Mapping[str, Any], **more: Any) -> list[tuple[str, str]]:
    """Return the causes of a value that is not known."""
    found = evaluate(text, given, **more)
    assert found.value is None
    return sorted((cause.kind, cause.name) for cause in found.causes)


DAYS = [{"date": "2025-05-05", "length": "6 h"}, {"date": "2025-05-06", "length": "5 h"}]


# ---------------------------------------------------------------------- three states of a property (c2)


@pytest.mark.parametrize(
    ("given", "present"), [({"until": "2025-01-01"}, "M"), ({"until": None}, "B"), ({}, "MB")], ids=str
)
def test_presence_of_a_fact_whose_absence_is_unknown(given: dict[str, Any], present: str) -> None:
    assert present == outcomes("until is present", given)


@pytest.mark.parametrize(
    ("given", "present"), [({"sent_on": "2025-01-01"}, "M"), ({"sent_on": None}, "B"), ({}, "B")], ids=str
)
def test_presence_of_a_fact_that_the_record_would_hold(given: dict[str, Any], present: str) -> None:
    assert present == outcomes("sent_on is present", given)


@pytest.mark.parametrize(("given", "present"), [({"n": 0}, "M"), ({"n": None}, "B"), ({}, "MB")], ids=str)
def test_presence_of_a_count(given: dict[str, Any], present: str) -> None:
    assert present == outcomes("n is present", given)


@pytest.mark.parametrize(
    ("given", "present"), [({"days": []}, "M"), ({"days": None}, "B"), ({}, "MB"), ({"days": DAYS}, "M")], ids=str
)
def test_presence_of_a_list(given: dict[str, Any], present: str) -> None:
    assert present == outcomes("days is present", given)


def test_a_field_of_an_object_that_is_not_there_has_its_own_name() -> None:
    assert hangs_on("sickness.phase", {}) == [("fact", "sickness.phase")]
    assert hangs_on("sickness.phase", {"sickness": None}) == [("fact", "sickness.phase")]
    assert outcomes("sickness.phase is present", {"sickness": None}) == "B"
    assert outcomes("sickness.phase is present", {}) == "MB"


def test_a_record_that_is_not_given_is_one_cause() -> None:
    text = "plan.agreed and plan.hours >= six and plan.until is present and count(plan.items) = 1"
    assert hangs_on(text, {}) == [("record", "plan")]


# ---------------------------------------------------------------------- counts (c11)


def test_a_count_is_at_least_nothing() -> None:
    assert outcomes("n >= 0", {}) == "M"
    assert outcomes("n < 0", {}) == "B"
    assert outcomes("cap >= 0", {}) == "M"
    assert outcomes("count(days) >= 0", {}) == "M"
    assert outcomes("n = n", {}) == "MB"


def test_counts_are_compared_by_their_bounds() -> None:
    days = [{"paid": True}, {"paid": True}, {}]
    text = "count(day in days where day.paid)"
    found = {
        op: outcomes(f"{text} {op}", {"days": days}) for op in ("= 1", ">= 2", "<= 3", "> 3", "!= 4", "= 2", "< 3")
    }
    assert found == {"= 1": "B", ">= 2": "M", "<= 3": "M", "> 3": "B", "!= 4": "M", "= 2": "MB", "< 3": "MB"}
    assert outcomes(f"{text} in 2 .. 3", {"days": days}) == "M"


def test_different_values_are_counted_between_bounds() -> None:
    text = "count(distinct day.date for day in days)"
    days = [{"date": "2025-05-05"}, {"date": "2025-05-05"}, {"date": "2025-05-06"}, {}]
    assert evaluate(text, {"days": days[:3]}).value == 2
    assert outcomes(f"{text} >= 2", {"days": days}) == "M"
    assert outcomes(f"{text} <= 3", {"days": days}) == "M"
    assert outcomes(f"{text} = 2", {"days": days}) == "MB"
    assert outcomes(f"{text} >= 1", {"days": [{}, {}]}) == "M"


def test_at_least_so_many_duties() -> None:
    text = "at least 2 day in days satisfies day.done_on due by limit"
    done = {"done_on": "2025-05-05"}
    assert outcomes(text, {"limit": "2025-06-30", "days": [done, {}, {}]}) == "O"
    assert outcomes(text, {"limit": "2025-06-29", "days": [done, {}, {}]}) == "B"
    assert outcomes(text, {"limit": "2025-06-29", "days": [done, done, {}]}) == "M"
    assert outcomes(text, {"limit": "2025-06-30", "days": [done]}) == "B"
    assert outcomes(text, {"days": [done, {}]}) == "OB"
    assert (
        outcomes("at least n day in days satisfies day.done_on due by limit", {"limit": "2025-06-30", "days": [done]})
        == "MB"
    )


# ---------------------------------------------------------------------- aggregates (c12)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sum(day.length for day in days)", 660),
        ("average(day.length for day in days)", 330),
        ("min(day.length for day in days)", 300),
        ("max(day.length for day in days)", 360),
        ("earliest(day.date for day in days)", date(2025, 5, 5)),
        ("latest(day.date for day in days)", date(2025, 5, 6)),
        ("average(1 for day in days)", 1),
    ],
)
def test_aggregates(text: str, expected: object) -> None:
    assert expected == evaluate(text, {"days": DAYS}).value


@pytest.mark.parametrize("name", ["average", "min", "max"])
def test_an_empty_list_has_no_value(name: str) -> None:
    text = f"{name}(day.length for day in days)"
    assert hangs_on(text, {"days": []}) == [("no_value", text)]
    assert outcomes(f"{text} is present", {"days": []}) == "B"
    assert outcomes(f"{text} >= six", {"days": []}) == "MB"


def test_the_sum_of_nothing_is_nothing() -> None:
    assert evaluate("sum(day.length for day in days)", {"days": []}).value == 0
    assert evaluate("sum(day.date - day.date for day in days)", {"days": []}).value == Period(0, 0)


def test_one_unknown_member_makes_an_aggregate_unknown() -> None:
    assert hangs_on("sum(day.length for day in days)", {"days": [*DAYS, {}]}) == [("fact", "days[2].length")]
    filtered = "max(day.length for day in days where day.paid)"
    assert hangs_on(filtered, {"days": [{"length": "6 h"}]}) == [("fact", "days[0].paid")]


# ---------------------------------------------------------------------- the one


def test_the_one_element() -> None:
    text = "the day in days where day.date = limit"
    define = f"one: {text}"
    known = {"limit": "2025-05-06", "days": DAYS}
    assert evaluate("one.length", known, define=define).value == 300
    none = {"limit": "2025-05-07", "days": DAYS}
    assert hangs_on("one.length", none, define=define) == [("no_value", text)]
    assert outcomes("one is present", none, define=define) == "B"
    several = {"limit": "2025-05-06", "days": [*DAYS, DAYS[1]]}
    assert hangs_on("one.length", several, define=define) == [("fact", "days[1]"), ("fact", "days[2]")]
    assert hangs_on("one.length", {"limit": "2025-05-06", "days": [{}]}, define=define) == [("fact", "days[0].date")]


def test_a_list_inside_an_element_that_was_not_found_is_not_empty() -> None:
    define = "one: the day in days where day.date = limit"
    assert outcomes("one.paid", {"limit": "2025-05-07", "days": []}, define=define) == "MB"


# ---------------------------------------------------------------------- events (c4)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"sent_on": "2025-06-10", "limit": "2025-06-10"}, "M"),
        ({"sent_on": "2025-06-11", "limit": "2025-06-10"}, "B"),
        ({"limit": "2025-06-30"}, "O"),
        ({"limit": "2025-06-29"}, "B"),
        ({"sent_on": "2025-07-01", "limit": "2025-06-30"}, "O"),
        ({"sent_on": "2025-07-01", "limit": "2025-06-29"}, "B"),
        ({}, "OB"),
        ({"limit": None}, "OB"),
        ({"sent_on": "2025-06-10"}, "MB"),
    ],
)
def test_due_by(given: dict[str, Any], expected: str) -> None:
    assert expected == outcomes("sent_on due by limit", given)


def test_the_earliest_event_skips_what_has_not_happened_and_the_latest_waits_for_it() -> None:
    days = [{"done_on": "2025-06-10"}, {}, {"done_on": "2025-07-10"}]
    earliest = "earliest(day.done_on for day in days) due by limit"
    latest = "latest(day.done_on for day in days) due by limit"
    assert outcomes(earliest, {"limit": "2025-06-10", "days": days}) == "M"
    assert outcomes(latest, {"limit": "2025-06-10", "days": days[:1]}) == "M"
    assert outcomes(latest, {"limit": "2025-06-30", "days": days}) == "O"
    assert outcomes(latest, {"limit": "2025-06-29", "days": days}) == "B"
    assert outcomes(earliest, {"limit": "2025-06-30", "days": []}) == "O"
    assert outcomes("earliest(sent_on, done_on) due by limit", {"limit": "2025-06-10", "done_on": "2025-06-09"}) == "M"
    assert outcomes("latest(sent_on, done_on) due by limit", {"limit": "2025-06-10", "done_on": "2025-06-09"}) == "B"


def test_an_event_through_a_definition_and_a_condition() -> None:
    define = "came: if a then sent_on else done_on"
    given = {"limit": "2025-06-30", "sent_on": "2025-06-10"}
    assert outcomes("came due by limit", {**given, "a": True}, define=define) == "M"
    assert outcomes("came due by limit", {**given, "a": False}, define=define) == "O"
    assert outcomes("came due by limit", given, define=define) == "MB"
    assert outcomes("came due by limit", {"limit": "2025-06-30"}, define=define) == "O"


def test_a_date_marked_as_event_has_not_happened_before_its_day() -> None:
    assert outcomes("done_on is present", {"done_on": "2025-07-01"}) == "B"
    assert outcomes("done_on is present", {"done_on": "2025-07-01"}, as_of=date(2025, 7, 1)) == "M"
    assert outcomes("sent_on is present", {"sent_on": "2025-07-01"}) == "M"


# ---------------------------------------------------------------------- outside the domain: never an exception


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("limit + 12000 years", {"limit": "2025-05-05"}),
        ("limit - 3000 years", {"limit": "2025-05-05"}),
        ("limit + 4000000 days", {"limit": "2025-05-05"}),
        ("next_weekday(limit)", {"limit": "9999-12-31"}),
        ("working_day_on_or_after(limit)", {"limit": "9999-12-25"}),
        ("n / m", {"n": 1, "m": 0}),
        ("round(amount, 0 EUR)", {"amount": "1 EUR"}),
        ("every day in limit .. until satisfies weekday(day) = monday", {"limit": "2000-01-01", "until": "2025-01-01"}),
    ],
)
def test_where_there_is_no_value_there_is_no_exception(text: str, given: dict[str, Any]) -> None:
    assert {"no_value"} == {cause.kind for cause in evaluate(text, given).causes}


def test_a_range_of_dates_up_to_the_longest_is_a_list() -> None:
    given = {"limit": "2015-01-01", "until": "2025-01-07"}
    assert outcomes("some day in limit .. until where day = until", given) == "M"
    assert outcomes("some day in limit .. until where day = until", {**given, "until": "2025-01-08"}) == "MB"
    assert outcomes("some day in until .. limit", given) == "B"


def test_amounts_stay_exact() -> None:
    assert evaluate("0.1 + 0.2", {}).value == Fraction(3, 10)
    assert evaluate("n / m", {"n": 1, "m": 3}).value == Fraction(1, 3)
    assert evaluate("3 * amount", {"amount": "33.33 EUR"}).value == Fraction(9999, 100)
    assert type(evaluate("n / m", {"n": 4, "m": 2}).value) is int


# ---------------------------------------------------------------------- readings of the core


def test_an_unknown_operand_that_no_longer_matters_is_no_cause() -> None:
    assert evaluate("a or b", {"a": True}).causes == frozenset()
    assert [cause.name for cause in evaluate("a and (b or c)", {"c": True}).causes] == ["a"]
    assert (
        evaluate("sent_on due by limit and (a or sent_on due by limit)", {"limit": "2025-06-30"}).causes == frozenset()
    )


def test_parts_that_an_open_duty_outweighs_are_no_cause() -> None:
    given = {"limit": "2025-07-31"}
    worst = "sent_on due by until and (done_on due by limit or a)"
    assert outcomes(worst, given) == "OB"
    assert [cause.name for cause in evaluate(worst, given).causes] == ["until"]
    best = "(sent_on due by limit or a) or done_on due by until"
    assert outcomes(best, given) == "MO"
    assert [cause.name for cause in evaluate(best, given).causes] == ["a"]


def test_an_open_reading_is_a_cause_only_where_it_matters() -> None:
    text = "reading(wide) = yes_wide and (reading(late) = moved or reading(late) = kept)"
    assert [cause.name for cause in evaluate(text, {}).causes] == ["wide"]


@pytest.mark.parametrize("count", range(5))
@pytest.mark.parametrize("masks", list(combinations_with_replacement(range(1, 8), 3)), ids=str)
def test_the_nth_best_of_independent_outcomes(count: int, masks: tuple[int, ...]) -> None:
    choices = product(*([bit for bit in (BROKEN, OPEN, MET) if mask & bit] for mask in masks))
    ranked = [sorted(chosen, reverse=True) for chosen in choices]
    expected = {MET if count == 0 else BROKEN if count > 3 else chosen[count - 1] for chosen in ranked}
    assert sum(expected) == at_least(count, [Truth(mask) for mask in masks]).mask


def test_definitions_are_evaluated_at_most_once_for_a_record(monkeypatch: pytest.MonkeyPatch) -> None:
    from pykala.evaluate.interpreter import Interpreter

    seen: list[core.Expr] = []
    plain = Interpreter.value

    def counting(self: Interpreter, expr: core.Expr) -> Any:
        seen.append(expr)
        return plain(self, expr)

    monkeypatch.setattr(Interpreter, "value", counting)
    evaluate("twice + twice + twice = 3 * six", {"x": "3 h", "y": "3 h"}, define="twice: x + y")
    assert sum(isinstance(expr, core.FieldRead) and expr.field.name == "x" for expr in seen) == 1
