"""What the policies of cases say once an unset number is set, and where another reading would differ."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from pykala.evaluate.result import Result
from pykala.evaluate.rules import evaluate_rule
from pykala.policy.loader import PolicySet, load_policies
from pykala.policy.overlay import apply_overlay
from pykala.records.build import build_record
from pykala.records.record import Record

ROOT = Path(__file__).parents[2]
AS_OF = datetime.date(2025, 12, 31)
FIRST = {"date": "2025-05-05", "status": "held", "kind": "planning"}
ILLNESS = {"from": "2025-05-12", "until": "2025-05-25", "phase": "planning", "able_remotely": False}


@cache
def policies() -> PolicySet:
    return load_policies(ROOT / "policies")


def judged(rule_id: str, data: Mapping[str, Any], policy_set: PolicySet, policy_id: str = "work-trial") -> list[Result]:
    policy = policy_set.find(policy_id)
    assert policy is not None
    rule = policy.rule(rule_id)
    assert rule is not None
    record = build_record(policy_set.vocabulary, "case", {"id": "r", **data}, "here")
    assert isinstance(record, Record), record
    return evaluate_rule(rule, policy, {"case": record}, AS_OF, reasons=False)


def with_numbers(tmp_path: Path, text: str) -> PolicySet:
    path = tmp_path / "numbers.yaml"
    path.write_text(text, encoding="utf-8")
    return apply_overlay(policies(), path)


def verdicts(results: list[Result]) -> list[str]:
    return [result.verdict for result in results]


def video_calls(number: int) -> list[dict[str, Any]]:
    return [
        {"date": f"2025-05-{6 + day:02}", "status": "held", "kind": "search", "mode": "video"} for day in range(number)
    ]


@pytest.mark.parametrize(("calls", "verdict"), [(0, "pass"), (2, "pass"), (3, "fail")])
def test_the_number_of_video_calls_binds_once_it_is_set(tmp_path: Path, calls: int, verdict: str) -> None:
    numbers = with_numbers(tmp_path, "work-trial: {video_meetings: 2}\n")
    assert verdicts(judged("video-cap", {"meetings": video_calls(calls)}, numbers)) == [verdict]


def test_neither_illness_nor_interpreting_nor_flex_lifts_the_number_of_video_calls(tmp_path: Path) -> None:
    numbers = with_numbers(tmp_path, "work-trial: {video_meetings: 2}\n")
    case = {
        "meetings": video_calls(3),
        "sicknesses": [ILLNESS],
        "interpreter": {"needed": True, "unavailable": [{"from": "2025-05-01", "until": "2025-06-30"}]},
        "flex_periods": [{"from": "2025-05-01", "until": "2025-06-30", "reason": "functional_capacity"}],
    }
    assert verdicts(judged("video-cap", case, numbers)) == ["fail"]


@pytest.mark.parametrize("kind", ["planning", "search", "workplace", "network", "final_discussion"])
@pytest.mark.parametrize(("allowed", "verdict"), [("true", "pass"), ("false", "fail")])
def test_each_kind_of_meeting_is_allowed_by_video_on_its_own(
    tmp_path: Path, kind: str, allowed: str, verdict: str
) -> None:
    numbers = with_numbers(tmp_path, f"work-trial: {{video_{kind}: {allowed}}}\n")
    case = {"meetings": [{**FIRST, "kind": kind, "mode": "video"}]}
    assert verdicts(judged("video-kinds", case, numbers)) == [verdict]


@pytest.mark.parametrize(
    ("manner", "parameter"),
    [
        ("shorter_days", "shorter_days_allowed"),
        ("fewer_days", "fewer_days_allowed"),
        ("shorter_and_fewer_days", "shorter_and_fewer_allowed"),
    ],
)
@pytest.mark.parametrize(("allowed", "verdict"), [("true", "pass"), ("false", "fail")])
def test_each_manner_of_flex_is_allowed_on_its_own(
    tmp_path: Path, manner: str, parameter: str, allowed: str, verdict: str
) -> None:
    numbers = with_numbers(tmp_path, f"work-trial: {{{parameter}: {allowed}}}\n")
    case = {"days": [{"date": "2025-06-02", "flex": {"reason": "functional_capacity", "manner": manner}}]}
    assert verdicts(judged("flex-as-described", case, numbers)) == [verdict]


@pytest.mark.parametrize(("length", "verdict"), [("4 h", "pass"), ("3 h 59 min", "fail")])
def test_the_shortest_flex_day_binds_once_it_is_set(tmp_path: Path, length: str, verdict: str) -> None:
    numbers = with_numbers(tmp_path, "work-trial: {shortest_flexed_day: 4 h}\n")
    day = {"date": "2025-06-02", "status": "delivered", "phase": "workplace", "length": length, "flex": {}}
    assert verdicts(judged("flexed-day-length", {"days": [day]}, numbers)) == [verdict]


@pytest.mark.parametrize(("required", "verdict"), [(1, "pass"), (2, "fail")])
def test_a_finished_case_has_the_meetings_that_the_description_asks_for(
    tmp_path: Path, required: int, verdict: str
) -> None:
    others = "search_meetings: 0, workplace_meetings: 0, network_meetings: 0"
    numbers = with_numbers(tmp_path, f"work-trial: {{planning_meetings: {required}, {others}}}\n")
    case = {"meetings": [FIRST, {**FIRST, "date": "2025-06-02", "status": "cancelled"}], "ended_on": "2025-09-30"}
    assert verdicts(judged("meetings-as-described", case, numbers)) == [verdict]


@pytest.mark.parametrize(("meals", "verdict"), [(["lunch"], "pass"), (["breakfast"], "fail")])
def test_the_meals_of_an_unpaid_day_are_counted_once_their_number_is_set(
    tmp_path: Path, meals: list[str], verdict: str
) -> None:
    numbers = with_numbers(tmp_path, "work-trial: {meals_a_day: 1}\n")
    day = {"date": "2025-06-02", "status": "delivered", "phase": "workplace", "paid_work": False}
    case = {"days": [{**day, "meals": [{"kind": kind} for kind in meals]}]}
    assert verdicts(judged("meals-as-described", case, numbers)) == [verdict]


@pytest.mark.parametrize(("number", "verdict"), [(1, "fail"), (2, "pass")])
@pytest.mark.parametrize(
    ("rule", "parameter", "field"),
    [
        ("closing-follow-ups", "follow_ups_required", "follow_ups"),
        ("mandatory-measures", "measures_required", "measures"),
    ],
)
def test_teak_counts_bind_once_they_are_set(
    tmp_path: Path, rule: str, parameter: str, field: str, number: int, verdict: str
) -> None:
    numbers = with_numbers(tmp_path, f"teak: {{{parameter}: 2}}\n")
    elements = {
        "follow_ups": [{"held_on": f"2025-09-{day + 1:02}"} for day in range(number)],
        "measures": [{"name": f"M{day}", "measured_on": "2025-09-01"} for day in range(number)],
    }
    case = {field: elements[field], "ended_on": "2025-09-30"}
    assert verdicts(judged(rule, case, numbers, "teak")) == [verdict]


CONTESTED: list[tuple[str, dict[str, Any], str, tuple[str, str, str]]] = [
    (
        "work-phase-start",
        {"meetings": [FIRST], "work_phase": {"started_on": "2025-05-20"}},
        "pass",
        ("month_wording", "not_before", "fail"),
    ),
    (
        "final-discussion-length",
        {"meetings": [{**FIRST, "kind": "final_discussion", "length": "75 min"}]},
        "pass",
        ("sixty_minutes", "exact", "fail"),
    ),
    (
        "total-duration",
        {
            "meetings": [FIRST],
            "days": [],
            "ended_on": "2025-10-06",
            "interpreter": {"needed": True, "unavailable": [{"from": "2025-09-01", "until": "2025-09-14"}]},
        },
        "fail",
        ("interpreter_and_total", "lifted", "excused"),
    ),
    (
        "sickness-contact-kela",
        {"sicknesses": [{**ILLNESS, "until": "2025-05-26", "continuation_in_doubt": False}]},
        "fail",
        ("illness_contact", "only_doubt", "not_applicable"),
    ),
]


@pytest.mark.parametrize(("rule", "case", "verdict", "other"), CONTESTED, ids=[rule for rule, *_ in CONTESTED])
def test_a_chosen_reading_says_what_the_other_would_answer(
    rule: str, case: dict[str, Any], verdict: str, other: tuple[str, str, str]
) -> None:
    (result,) = judged(rule, case, policies())
    contested = [(entry.reading, entry.option, entry.verdict) for entry in result.contested]
    assert (verdict, [other]) == (result.verdict, contested)


def test_the_shared_rules_answer_in_both_services_and_not_on_their_own() -> None:
    own = {"total-duration", "day-quota"}
    shared = {
        policy_id: {rule.id for rule in policy.rules} - own
        for policy_id in ("work-trial", "work-coaching")
        if (policy := policies().find(policy_id)) is not None
    }
    assert {"meals-as-described", "meal-place"} == shared["work-trial"] - shared["work-coaching"]
    assert {"coaching-days-paid", "flexed-days-paid"} == shared["work-coaching"] - shared["work-trial"]
    assert "vocational" not in {policy.id for policy in policies().policies}
