"""What the policies of therapies compute of penalties, and that no penalty stands before the hearing."""

from __future__ import annotations

import datetime
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from pykala.evaluate.result import Result
from pykala.evaluate.rules import evaluate_rule
from pykala.policy.loader import PolicySet, load_policies
from pykala.records.build import build_record
from pykala.records.record import Record

ROOT = Path(__file__).parents[2]
AS_OF = datetime.date(2020, 9, 1)


@cache
def policies() -> PolicySet:
    return load_policies(ROOT / "policies")


def only_result(policy_id: str, rule_id: str, data: dict[str, Any], as_of: datetime.date = AS_OF) -> Result:
    policy = policies().find(policy_id)
    assert policy is not None
    rule = policy.rule(rule_id)
    assert rule is not None
    record = build_record(policies().vocabulary, policy.record, {"id": "r", **data}, "here")
    assert isinstance(record, Record)
    [result] = evaluate_rule(rule, policy, {policy.record: record}, as_of, reasons=False)
    return result


YEAR = {
    "ends_on": "2019-12-31",
    "offered_clients": 20,
    "realised_clients": 15,
    "directed_clients": 22,
    "refused_clients": 2,
    "offered_municipalities": ["A", "B"],
    "served_municipalities": ["A"],
    "municipalities": [{"name": "B", "directed_clients": 2, "realised_clients": 0, "refused_clients": 2}],
    "shortfall_cause": "provider",
    "turnover_last_confirmed": "400000 EUR",
    "hearing": {"letter_sent_on": "2020-03-02", "deadline_on": "2020-03-31"},
}
BREACH = {
    "kind": "billing",
    "undue_amount": "1500 EUR",
    "wrongly_billed_amount": "1500 EUR",
    "is_repeated": False,
    "hearing": {"letter_sent_on": "2020-03-02", "deadline_on": "2020-03-31"},
    "sanction": {"decided_on": "2020-04-15", "penalty_amount": "1500.01 EUR"},
}


@pytest.mark.parametrize("rule", ["penalty-client-number", "penalty-municipalities"])
def test_each_breach_of_a_year_has_its_own_penalty_of_half_a_percent(rule: str) -> None:
    result = only_result("therapy-contract-year", rule, YEAR)
    assert ("fail", Fraction(2000)) == (result.verdict, result.values["penalty_up_to"][0])


@pytest.mark.parametrize("rule", ["penalty-client-number", "penalty-municipalities"])
@pytest.mark.parametrize(
    "hearing",
    [None, {}, {"letter_sent_on": "2020-03-02"}, {"letter_sent_on": "2020-03-02", "deadline_on": "2020-09-01"}],
)
def test_no_penalty_of_a_year_stands_before_the_hearing(rule: str, hearing: dict[str, str] | None) -> None:
    result = only_result("therapy-contract-year", rule, {**YEAR, "hearing": hearing})
    assert result.verdict in {"pending", "unknown"}


def test_the_penalty_of_wrong_billing_doubles_what_was_paid() -> None:
    result = only_result("therapy-sanctions", "billing-penalty-amount", BREACH)
    amounts = {name: value for name, (value, _) in result.values.items()}
    assert ("fail", Fraction(1500), Fraction(3000)) == (result.verdict, amounts["recovery"], amounts["total"])


@pytest.mark.parametrize("rule", ["billing-penalty-conditions", "billing-penalty-amount"])
@pytest.mark.parametrize(
    "hearing",
    [None, {}, {"letter_sent_on": "2020-03-02"}, {"letter_sent_on": "2020-03-02", "deadline_on": "2020-09-01"}],
)
def test_no_penalty_of_wrong_billing_stands_before_the_hearing(rule: str, hearing: dict[str, str] | None) -> None:
    result = only_result("therapy-sanctions", rule, {**BREACH, "hearing": hearing})
    assert result.verdict in {"pending", "unknown"}
