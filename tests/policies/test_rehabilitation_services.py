"""Individual rehabilitation and LAKU: what binds once a number is set, which version judges, other readings."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from pykala.evaluate.check import check_records
from pykala.evaluate.result import Result
from pykala.evaluate.rules import evaluate_rule
from pykala.policy.loader import PolicySet, load_policies
from pykala.policy.overlay import apply_overlay
from pykala.records.build import build_record
from pykala.records.record import Record

ROOT = Path(__file__).parents[2]
AS_OF = datetime.date(2025, 12, 31)


@cache
def policies() -> PolicySet:
    return load_policies(ROOT / "policies")


def with_numbers(tmp_path: Path, text: str) -> PolicySet:
    path = tmp_path / "numbers.yaml"
    path.write_text(text, encoding="utf-8")
    return apply_overlay(policies(), path)


def record_of(policy_set: PolicySet, kind: str, data: Mapping[str, Any]) -> Record:
    record = build_record(policy_set.vocabulary, kind, {"id": "r", **data}, "here")
    assert isinstance(record, Record), record
    return record


def judged(policy_set: PolicySet, policy_id: str, rule_id: str, data: Mapping[str, Any]) -> list[Result]:
    policy = policy_set.find(policy_id)
    assert policy is not None
    rule = policy.rule(rule_id)
    assert rule is not None
    record = record_of(policy_set, policy.record, data)
    return evaluate_rule(rule, policy, {policy.record: record}, AS_OF, reasons=False)


def verdicts(results: list[Result]) -> list[str]:
    return [result.verdict for result in results]


@pytest.mark.parametrize(
    ("made_on", "version", "rule"),
    [
        ("2023-12-30", "2023", "old-description-ends"),
        ("2023-12-31", "2023", "old-description-ends"),
        ("2024-01-01", "2024", "new-description"),
        ("2024-01-02", "2024", "new-description"),
    ],
)
def test_the_date_of_the_decision_picks_the_version(made_on: str, version: str, rule: str) -> None:
    case = record_of(policies(), "case", {"service": "individual_rehab", "decision": {"made_on": made_on}})
    results = check_records(policies(), [case], AS_OF, only="individual-rehab", reasons=False).results
    assert {version} == {result.policy.version for result in results}
    assert {rule} == {"old-description-ends", "new-description"} & {result.rule.id for result in results}


@pytest.mark.parametrize(("length", "verdict"), [("10 h", "pass"), ("10 h 30 min", "fail")])
def test_the_hours_of_interpreting_bind_once_they_are_set(tmp_path: Path, length: str, verdict: str) -> None:
    numbers = with_numbers(tmp_path, "individual-rehab: {interpreting_maximum: 10 h}\n")
    case = {"interpreting": [{"date": "2024-03-04", "status": "given", "length": length}]}
    assert verdicts(judged(numbers, "individual-rehab@2024", "interpreting-max-hours", case)) == [verdict]


@pytest.mark.parametrize("rule", ["meetings-as-described", "visits-condensed"])
@pytest.mark.parametrize(("required", "verdict"), [(1, "pass"), (2, "fail")])
def test_laku_meetings_are_counted_once_their_number_is_set(
    tmp_path: Path, rule: str, required: int, verdict: str
) -> None:
    numbers = with_numbers(tmp_path, f"laku: {{meetings_required: {required}}}\n")
    case = {
        "meetings": [{"date": "2023-04-17", "status": "held"}],
        "planned_meetings": 3,
        "ended_on": "2023-10-31",
    }
    assert verdicts(judged(numbers, "laku", rule, case)) == [verdict]


@pytest.mark.parametrize(
    ("made_on", "applied", "verdict"),
    [
        ("2020-01-31", "old", "unknown"),
        ("2020-02-01", "old", "pass"),
        ("2023-12-30", "new", "fail"),
        ("2023-12-31", "old", "pass"),
        ("2023-12-31", "new", "fail"),
        ("2024-01-01", "new", "unknown"),
    ],
)
def test_laku_decisions_of_the_contract_period_follow_its_description(
    tmp_path: Path, made_on: str, applied: str, verdict: str
) -> None:
    period = "laku: {contract_period_from: 2020-02-01, contract_period_until: 2023-12-31}\n"
    case = {"decision": {"made_on": made_on}, "description_applied": applied}
    assert verdicts(judged(with_numbers(tmp_path, period), "laku", "version-by-decision-date", case)) == [verdict]


@pytest.mark.parametrize(("notice_on", "verdict"), [("2023-06-17", "pass"), ("2023-06-18", "fail")])
def test_notice_of_a_closure_comes_in_good_time_once_that_is_set(tmp_path: Path, notice_on: str, verdict: str) -> None:
    numbers = with_numbers(tmp_path, "laku-provider: {good_time: 14 days}\n")
    provider = {"intake_closures": [{"from": "2023-07-01", "notice_on": notice_on}]}
    assert verdicts(judged(numbers, "laku-provider", "notice-no-new-clients", provider)) == [verdict]


CONTESTED: list[tuple[str, str, dict[str, Any], str, tuple[str, str, str]]] = [
    (
        "individual-rehab@2024",
        "akva-code",
        {"age_group": "adult", "discretionary": True, "started_on": "2024-01-01", "akva_code": "aku"},
        "pass",
        ("first_day", "excluded", "fail"),
    ),
    (
        "individual-rehab-grant",
        "grant-conditions",
        {"symptoms_broad": True, "need_intensified": True, "need_individual_planning": False},
        "fail",
        ("conditions", "any", "pass"),
    ),
    (
        "individual-rehab@2023",
        "old-description-ends",
        {
            "decision": {"made_on": "2023-11-20", "valid_until": "2025-12-31"},
            "days": [{"date": "2025-06-02", "status": "delivered"}],
        },
        "pass",
        ("until_june", "before_june", "fail"),
    ),
    (
        "laku",
        "closing-cooperation-meeting",
        {"ended_on": "2023-10-31", "cooperation": []},
        "pass",
        ("closing_meeting", "compulsory", "fail"),
    ),
]


@pytest.mark.parametrize(("policy", "rule", "data", "verdict", "other"), CONTESTED, ids=[each[1] for each in CONTESTED])
def test_a_chosen_reading_names_the_other_verdict(
    policy: str, rule: str, data: dict[str, Any], verdict: str, other: tuple[str, str, str]
) -> None:
    (result,) = judged(policies(), policy, rule, data)
    contested = [(entry.reading, entry.option, entry.verdict) for entry in result.contested]
    assert (verdict, [other]) == (result.verdict, contested)
