"""Verdicts of rules: exceptions, deadlines, lists, readings, other records, versions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from evaluation_support import AS_OF, HEAD, policy_of, record_of, results_of, undecided_of, verdict_of
from pykala.evaluate.check import CheckReport, check_records
from pykala.evaluate.outcomes import BROKEN, MET, OPEN, possible_verdicts, settle
from pykala.evaluate.result import Contested, Nearest, Result
from pykala.policy.model import InForce, Policy
from pykala.records.record import Record
from pykala_dsl.typesys import DateType, ExactTimeType, Period

DEADLINE = """
require: sent_on due by limit
unless:
  waived: a
  later: b and sent_on due by limit + 1 month
"""


def test_a_requirement_that_holds_passes_and_one_that_does_not_fails() -> None:
    assert verdict_of("require: x >= six", {"x": "6 h"}) == "pass"
    assert verdict_of("require: x >= six", {"x": "5 h 59 min"}) == "fail"
    assert verdict_of("require: x >= six", {}) == "unknown"


def test_a_condition_that_is_false_or_unknown_comes_first() -> None:
    rule = "when: a\nrequire: x >= six"
    assert verdict_of(rule, {"a": False}) == "not_applicable"
    assert verdict_of(rule, {"x": "7 h"}) == "unknown"
    assert verdict_of(rule, {"a": True, "x": "7 h"}) == "pass"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"limit": "2025-06-29"}, "unknown"),
        ({"limit": "2025-06-29", "a": False, "b": False}, "fail"),
        ({"limit": "2025-06-29", "a": True}, "excused"),
        ({"limit": "2025-06-29", "a": False, "b": True}, "pending"),
        ({"limit": "2025-06-30"}, "pending"),
        ({"limit": "2025-06-30", "a": True}, "excused"),
        ({"limit": "2025-06-30", "sent_on": "2025-06-30"}, "pass"),
        ({"limit": "2025-06-29", "sent_on": "2025-06-30", "a": False, "b": True}, "excused"),
        ({"a": True}, "excused"),
        ({"sent_on": "2025-06-30"}, "unknown"),
    ],
)
def test_deadline_and_exceptions(given: dict[str, Any], expected: str) -> None:
    assert expected == verdict_of(DEADLINE, given)


def test_the_first_exception_that_surely_holds_is_named() -> None:
    rule = "require: a\nunless:\n  one: b\n  two: c\n  three: n = 1"
    (result,) = results_of(rule, {"a": False, "c": True, "n": 1})
    assert (result.verdict, result.exception) == ("excused", "two")


def test_the_due_date_is_the_latest_open_one() -> None:
    (result,) = results_of(DEADLINE, {"limit": "2025-06-30", "b": True, "a": False})
    assert date(2025, 7, 30) == result.due
    (result,) = results_of(DEADLINE, {"limit": "2025-06-30", "b": False, "a": False})
    assert date(2025, 6, 30) == result.due


def test_an_exception_that_may_not_hold_does_not_move_the_due_date() -> None:
    (result,) = results_of(DEADLINE, {"limit": "2025-06-30", "a": False})
    assert date(2025, 6, 30) == result.due


def test_pending_while_holds_back_a_fail_and_has_no_due_date() -> None:
    rule = "require: n >= 2\npending while: not a"
    (result,) = results_of(rule, {"n": 1, "a": False})
    assert (result.verdict, result.due) == ("pending", None)
    assert verdict_of(rule, {"n": 1, "a": True}) == "fail"
    assert verdict_of(rule, {"n": 1}) == "unknown"
    assert verdict_of(rule, {"n": 2}) == "pass"
    assert verdict_of(rule, {"a": False}) == "pending"


def test_an_event_after_the_date_of_the_check_has_not_happened() -> None:
    rule = "require: sent_on due by 2025-06-15"
    assert verdict_of(rule, {"sent_on": "2025-06-12"}, as_of=date(2025, 6, 11)) == "pending"
    assert verdict_of(rule, {"sent_on": "2025-06-12"}, as_of=date(2025, 6, 12)) == "pass"
    assert verdict_of(rule, {"sent_on": "2025-06-20"}, as_of=date(2025, 6, 16)) == "fail"
    assert verdict_of("require: done_on is missing", {"done_on": "2025-07-01"}) == "pass"


def test_the_table_from_outcomes_to_verdicts() -> None:
    both = MET | BROKEN
    table = {
        (MET, BROKEN, both, both, both): "not_applicable",
        (MET, MET, MET, BROKEN, BROKEN): "pass",
        (MET, MET, BROKEN, MET, BROKEN): "excused",
        (MET, MET, both, MET, BROKEN): "excused",
        (MET, MET, OPEN, MET, BROKEN): "excused",
        (MET, MET, OPEN, both, BROKEN): "pending",
        (MET, MET, MET | OPEN, BROKEN, BROKEN): "pending",
        (MET, MET, BROKEN, OPEN, BROKEN): "pending",
        (MET, MET, BROKEN, BROKEN, MET): "pending",
        (MET, MET, BROKEN, BROKEN, BROKEN): "fail",
        (MET, MET, OPEN | BROKEN, BROKEN, BROKEN): "unknown",
        (MET, MET, both, BROKEN, MET): "pending",
        (MET, both, MET, BROKEN, BROKEN): "unknown",
        (both, MET, MET, BROKEN, BROKEN): "unknown",
        (both, BROKEN, MET, BROKEN, BROKEN): "not_applicable",
    }
    assert table == {masks: settle(possible_verdicts(*masks)) for masks in table}


# ---------------------------------------------------------------------- lists

EACH_DAY = "for each: day in days where day.status = delivered\nrequire: day.length >= six"


def test_each_element_gets_a_verdict_in_the_order_of_the_record() -> None:
    days = [
        {"date": "2025-05-06", "status": "delivered", "length": "6 h"},
        {"date": "2025-05-05", "status": "absent", "length": "1 h"},
        {"date": "2025-05-07", "length": "6 h"},
        {"date": "2025-05-08", "status": "delivered"},
        {"date": "2025-05-09", "status": "delivered", "length": "5 h"},
    ]
    found = [(each.at, each.verdict) for each in results_of(EACH_DAY, {"days": days})]
    expected = [("days[0]", "pass"), ("days[2]", "unknown"), ("days[3]", "unknown"), ("days[4]", "fail")]
    assert expected == found


def test_a_list_without_elements_is_not_applicable_and_one_not_given_is_unknown() -> None:
    assert verdict_of(EACH_DAY, {"days": []}) == "not_applicable"
    assert verdict_of(EACH_DAY, {"days": [{"status": "absent"}]}) == "not_applicable"
    assert verdict_of(EACH_DAY, {"days": None}) == "not_applicable"
    assert undecided_of(EACH_DAY, {}) == ["days!"]
    notes = "for each: note in notes\nrequire: note.kind = short"
    assert verdict_of(notes, {}) == "not_applicable"


def test_pairs_are_judged_in_the_order_of_the_key() -> None:
    rule = "for each: gap in pairs(days by date)\nrequire: gap.next.date - gap.previous.date <= 3 days"
    days = [{"date": "2025-05-20"}, {"date": "2025-05-01"}, {"date": "2025-05-03"}]
    found = [(each.at, each.verdict) for each in results_of(rule, {"days": days})]
    assert found == [("days[1]..days[2]", "pass"), ("days[2]..days[0]", "fail")]
    assert verdict_of(rule, {"days": days[:1]}) == "not_applicable"
    assert undecided_of(rule, {"days": [*days, {}]}) == ["days[3].date!"]


def test_a_definition_of_the_rule_is_evaluated_for_each_element() -> None:
    rule = "for each: day in days\ndefine:\n  wanted: day.date + 1 week\nrequire: day.done_on due by wanted"
    days = [{"date": "2025-06-01", "done_on": "2025-06-08"}, {"date": "2025-05-31", "done_on": "2025-06-08"}]
    assert [each.verdict for each in results_of(rule, {"days": days})] == ["pass", "fail"]


def test_an_element_that_only_one_reading_lists_hangs_on_the_reading() -> None:
    rule = "for each: day in chosen\nrequire: day.length >= six"
    define = "chosen: each day in days where day.paid or reading(wide) = yes_wide"
    days = [{"paid": True, "length": "6 h"}, {"paid": False, "length": "6 h"}]
    found = results_of(rule, {"days": days}, define=define)
    assert [(each.at, each.verdict) for each in found] == [("days[0]", "pass"), ("days[1]", "unknown")]
    assert [(item.kind, item.name, item.alone) for item in found[1].undecided] == [("reading", "wide", True)]


# ---------------------------------------------------------------------- readings


def test_an_open_reading_counts_only_where_its_options_differ() -> None:
    rule = "require: x >= six or x >= 5 h and reading(wide) = yes_wide"
    assert verdict_of(rule, {"x": "6 h"}) == "pass"
    assert verdict_of(rule, {"x": "4 h"}) == "fail"
    assert undecided_of(rule, {"x": "5 h"}) == ["wide!"]


def test_readings_are_correlated_where_facts_are_not() -> None:
    both = "require: reading(wide) = yes_wide and a or reading(wide) = no_wide and a"
    assert verdict_of(both, {"a": True}) == "pass"
    split = "when: reading(wide) = yes_wide\nrequire: reading(wide) = yes_wide"
    (result,) = results_of(split, {})
    assert (result.verdict, [item.name for item in result.undecided]) == ("unknown", ["wide"])
    excused = "require: reading(wide) = yes_wide\nunless:\n  other: reading(wide) = no_wide"
    (result,) = results_of(excused, {})
    assert (result.verdict, result.exception) == ("excused", "other")


def test_a_reading_through_a_definition_is_tried_too() -> None:
    define = "wanted: if reading(late) = moved then working_day_on_or_after(limit) else limit"
    rule = "require: sent_on due by wanted"
    given = {"limit": "2025-06-20", "sent_on": "2025-06-23"}
    assert undecided_of(rule, given, define=define) == ["late!"]
    assert verdict_of(rule, {**given, "sent_on": "2025-06-20"}, define=define) == "pass"
    (result,) = results_of(rule, {"limit": "2025-06-20"}, define=define, as_of=date(2025, 6, 1))
    assert ("pending", date(2025, 6, 20)) == (result.verdict, result.due)


def test_a_chosen_reading_is_followed_and_contested() -> None:
    rule = "require: x >= six or reading(leaning) = mild"
    (result,) = results_of(rule, {"x": "5 h"})
    assert ("fail", (Contested("leaning", "mild", "pass"),)) == (result.verdict, result.contested)
    (result,) = results_of(rule, {"x": "6 h"})
    assert (result.verdict, result.contested) == ("pass", ())
    (result,) = results_of(rule, {})
    assert ("unknown", (Contested("leaning", "mild", "pass"),)) == (result.verdict, result.contested)


# ---------------------------------------------------------------------- what the result carries


def test_computed_amounts_and_message_values() -> None:
    rule = 'require: x >= six\ncomputes:\n  shortfall: six - x\n  cost: n * price\nmessage: {fi: "puuttuu {six - x}"}'
    (result,) = results_of(rule, {"x": "5 h 30 min", "n": 2})
    assert {"shortfall": (30, ExactTimeType())} == {"shortfall": result.values["shortfall"]}
    assert result.values["cost"][0] is None
    assert list(result.message_values.values()) == [30]


def test_an_amount_on_which_readings_differ_is_not_given() -> None:
    rule = "require: a\ncomputes:\n  wanted: if reading(wide) = yes_wide then 1 h else 2 h"
    (result,) = results_of(rule, {"a": True})
    assert (None, ExactTimeType()) == result.values["wanted"]


@pytest.mark.parametrize(
    ("rule", "given", "expected"),
    [
        ("require: x >= six", {"x": "5 h"}, ("x", ">=", 360, 300, 60)),
        ("require: six <= x", {"x": "5 h"}, ("x", ">=", 360, 300, 60)),
        ("require: a and x >= six", {"a": True, "x": "5 h"}, ("x", ">=", 360, 300, 60)),
        ("require: n in 1 .. 3", {"n": 5}, ("n", "<=", 3, 5, 2)),
        ("require: status = closed", {"status": "lost"}, ("status", "=", "closed", "lost", None)),
    ],
)
def test_the_nearest_change_is_told_where_one_fact_decides(
    rule: str, given: dict[str, Any], expected: tuple[object, ...]
) -> None:
    (result,) = results_of(rule, given)
    near = result.nearest
    assert near is not None
    assert expected == (near.path, near.op, near.limit, near.value, near.difference)


def test_the_nearest_change_of_a_deadline_is_in_days() -> None:
    (result,) = results_of("require: sent_on due by limit", {"limit": "2025-06-10", "sent_on": "2025-06-12"})
    expected = Nearest("sent_on", None, "<=", date(2025, 6, 10), date(2025, 6, 12), DateType(), Period(0, 2))
    assert expected == result.nearest
    (result,) = results_of("require: sent_on due by limit", {"limit": "2025-06-10"})
    assert result.nearest is not None
    assert (None, Period(0, 20)) == (result.nearest.value, result.nearest.difference)


def test_no_nearest_change_where_two_things_failed() -> None:
    (result,) = results_of("require: x >= six and y >= six", {"x": "5 h", "y": "5 h"})
    assert result.nearest is None


def test_the_reason_holds_the_facts_that_were_read() -> None:
    (result,) = results_of(DEADLINE, {"limit": "2025-06-10", "a": False, "b": True, "sent_on": "2025-06-12"})
    assert result.reason is not None
    assert result.reason.require is not None
    facts = [(step.fact.path, step.fact.state, step.fact.value) for step in result.reason.require.steps if step.fact]
    assert [("sent_on", "given", date(2025, 6, 12)), ("limit", "given", date(2025, 6, 10))] == facts
    assert [exception.name for exception, _ in result.reason.unless] == ["waived", "later"]
    assert frozenset({"met"}) == result.reason.unless[1][1].outcomes


def test_without_reasons_the_verdicts_are_the_same() -> None:
    policy = policy_of(DEADLINE)
    records = {"case": record_of({"limit": "2025-06-10", "a": False})}
    with_reasons = check_records(_Set((policy,)), [records["case"]], AS_OF)
    without = check_records(_Set((policy,)), [records["case"]], AS_OF, reasons=False)
    assert [replace(each, reason=None) for each in with_reasons.results] == list(without.results)
    assert all(each.reason is None for each in without.results)


# ---------------------------------------------------------------------- other records and versions


class _Set:
    def __init__(self, policies: tuple[Policy, ...]) -> None:
        self.policies = policies


def _check(policies: tuple[Policy, ...], *records: Record, others: tuple[Record, ...] = ()) -> CheckReport:
    return check_records(_Set(policies), records, AS_OF, others=others)


def _verdicts(report: CheckReport) -> list[tuple[str, str, str]]:
    return [(each.record_id, each.policy.version, each.verdict) for each in report.results]


def test_an_optional_record_that_is_not_given_is_named_once() -> None:
    rule = "require: plan.agreed and plan.hours >= six and plan.until is present"
    assert undecided_of(rule, {}) == ["plan!"]
    plan = {"agreed": True, "hours": "6 h", "until": "2025-01-01"}
    assert verdict_of(rule, {}, plan=plan) == "pass"
    assert verdict_of(rule, {}, plan={**plan, "until": None}) == "fail"


def test_a_required_record_that_is_not_given_is_a_problem() -> None:
    policy = policy_of("require: plan.agreed", head=HEAD.replace("optional", "required"))
    report = _check((policy,), record_of({}))
    assert (_verdicts(report), [problem.code for problem in report.problems]) == ([], ["record-not-given"])


def test_records_find_each_other_by_id() -> None:
    policy = policy_of("require: plan.agreed")
    plans = tuple(
        record_of({"case_id": case, "agreed": agreed}, "plan", f"P-{case}")
        for case, agreed in (("A-1", True), ("A-2", False))
    )
    report = _check((policy,), record_of({}), record_of({}, name="A-2"), record_of({}, name="A-3"), others=plans)
    expected = [("A-1", "1", "pass"), ("A-2", "1", "fail"), ("A-3", "1", "unknown")]
    assert (expected, ()) == (_verdicts(report), report.problems)


def test_the_record_of_another_client_is_a_problem() -> None:
    policy = policy_of("require: plan.agreed")
    report = _check((policy,), record_of({}), others=(record_of({"case_id": "B-9", "agreed": True}, "plan", "P"),))
    assert [problem.code for problem in report.problems] == ["records-differ"]


def test_several_records_that_could_be_meant_are_a_problem() -> None:
    policy = policy_of("require: plan.agreed")
    plans = tuple(record_of({"agreed": True}, "plan", name) for name in ("P-1", "P-2"))
    assert [problem.code for problem in _check((policy,), record_of({}), others=plans).problems] == ["several-records"]


def test_records_beside_that_cannot_be_told_matter_only_where_the_policy_may_apply() -> None:
    """An application for one service needs none of the records that the rules of another read."""
    policy = policy_of("require: plan.agreed", head=HEAD + "applies_to: status = open\n")
    plans = tuple(record_of({"agreed": True}, "plan", name) for name in ("P-1", "P-2"))
    found = {
        status: [problem.code for problem in _check((policy,), record_of(data), others=plans).problems]
        for status, data in (("closed", {"status": "closed"}), ("open", {"status": "open"}), ("", {}))
    }
    assert found == {"closed": [], "open": ["several-records"], "": ["several-records"]}


def test_a_policy_that_does_not_apply_is_silent_and_one_that_may_answers_once() -> None:
    policy = policy_of("require: a", head=HEAD + "applies_to: status = open\n")
    policy = replace(policy, rules=(*policy.rules, replace(policy.rules[0], id="second")))
    assert _verdicts(_check((policy,), record_of({"status": "closed", "a": True}))) == []
    assert [each[2] for each in _verdicts(_check((policy,), record_of({"status": "open", "a": True})))] == [
        "pass",
        "pass",
    ]
    report = _check((policy,), record_of({"a": True}))
    assert [_named(each) for each in report.results] == [("unknown", True, ["status"])]


def _named(result: Result) -> tuple[str, bool, list[str]]:
    return result.verdict, result.for_policy, [item.name for item in result.undecided]


def _versions() -> tuple[Policy, ...]:
    base = policy_of("require: a", head=HEAD + "selected_by: start\n")
    old = replace(base, in_force=InForce(date(2020, 1, 1), date(2022, 12, 31)))
    new = replace(
        base, version="2", in_force=InForce(date(2024, 1, 1)), rules=(*base.rules, replace(base.rules[0], id="new"))
    )
    return old, new


@pytest.mark.parametrize(
    ("start", "version"),
    [("2020-01-01", "1"), ("2022-12-31", "1"), ("2024-01-01", "2"), ("2030-06-01", "2")],
)
def test_the_version_is_chosen_by_the_records_own_date(start: str, version: str) -> None:
    report = _check(_versions(), record_of({"start": start, "a": True}))
    assert {version} == {each[1] for each in _verdicts(report)}
    assert [version] == [policy.version for policy in report.policies]


@pytest.mark.parametrize("start", ["2019-12-31", "2023-01-01", "2023-12-31"])
def test_a_date_that_no_version_covers_is_a_problem(start: str) -> None:
    report = _check(_versions(), record_of({"start": start, "a": True}))
    assert (_verdicts(report), [problem.code for problem in report.problems]) == ([], ["no-version"])


def test_without_the_date_every_rule_in_question_is_unknown_for_that_alone() -> None:
    report = _check(_versions(), record_of({"a": True}))
    found = [(each.rule.id, each.policy.version, _named(each)) for each in report.results]
    expected = ("unknown", False, ["start"])
    assert [("the-rule", "2", expected), ("new", "2", expected)] == found


def test_one_policy_or_one_version_may_be_asked_for() -> None:
    record = record_of({"start": "2024-05-05", "a": True})
    policies = _versions()
    assert {"1"} == {e.policy.version for e in check_records(_Set(policies), [record], AS_OF, only="small@1").results}
    assert {"2"} == {e.policy.version for e in check_records(_Set(policies), [record], AS_OF, only="small").results}
    assert check_records(_Set(policies), [record], AS_OF, only="other").results == ()
