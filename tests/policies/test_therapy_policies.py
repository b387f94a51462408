"""What the policies of therapies compute of penalties, that no penalty stands before the hearing, and whom the terms of 2019 bind."""

from __future__ import annotations

import datetime
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from pykala.evaluate.check import check_records
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


# ---------------------------------------------------------------------- whom the terms of 2019 bind

CONTRACT = {"therapy_form": "speech_therapy", "client_group": "adults", "service_start_on": "2019-01-01"}
CHILDREN = {"client_group": "children_adolescents"}
BESIDE_A_CONTRACT: dict[str, dict[str, Any]] = {
    "therapy-terms": {"service": "therapy", "therapy_form": "speech_therapy"},
    "therapy-wrong-billing": {"service": "therapy"},
    "therapy-billing-year": {},
    "therapy-contract-year": {},
    "therapy-provider": {"services": ["therapy"]},
    "therapy-sanctions": {},
}
IN_A_FRAMEWORK: dict[str, dict[str, Any]] = {
    "client-choice": {"requested_service": "therapy"},
    "therapy-procurement": {},
}


def undecided_names(policy_id: str, data: dict[str, Any], contract: dict[str, Any] | None) -> list[list[str]] | None:
    """Return what each verdict of a policy hangs on, or None where it does not judge the record."""
    policy = policies().find(policy_id)
    assert policy is not None
    made = [build_record(policies().vocabulary, policy.record, {"id": "r", **data}, "here")]
    if contract is not None:
        made.append(build_record(policies().vocabulary, "contract", {"id": "c", **contract}, "there"))
    records = [record for record in made if isinstance(record, Record)]
    assert len(records) == len(made)
    report = check_records(policies(), records[:1], AS_OF, others=records[1:], only=policy_id, reasons=False)
    assert report.problems == ()
    if not report.results:
        return None
    return [[cause.name for cause in result.undecided] for result in report.results if result.for_policy]


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"service_start_on": "2018-12-31"}, None),
        ({"service_start_on": "2018-12-31", "same_terms_as_2019": True}, None),
        ({}, []),
        ({"service_start_on": "2019-01-02"}, [["contract.same_terms_as_2019"]]),
        ({"service_start_on": "2027-01-01", "same_terms_as_2019": False}, None),
        ({"service_start_on": "2027-01-01", "same_terms_as_2019": True}, []),
        (CHILDREN, []),
        ({**CHILDREN, "therapy_form": "physiotherapy"}, None),
        ({**CHILDREN, "therapy_form": "occupational_therapy"}, None),
        ({"therapy_form": "physiotherapy"}, []),
    ],
)
@pytest.mark.parametrize("policy", [name for name in BESIDE_A_CONTRACT if name != "therapy-terms"])
def test_the_terms_of_2019_bind_the_contracts_of_that_generation(
    policy: str, changed: dict[str, Any], expected: list[list[str]] | None
) -> None:
    assert undecided_names(policy, BESIDE_A_CONTRACT[policy], {**CONTRACT, **changed}) == expected


@pytest.mark.parametrize("policy", BESIDE_A_CONTRACT)
def test_without_the_contract_it_is_not_known_whether_the_terms_of_2019_bind(policy: str) -> None:
    assert undecided_names(policy, BESIDE_A_CONTRACT[policy], None) == [["contract"]]


@pytest.mark.parametrize(
    ("changed", "client", "expected"),
    [
        ({}, "adults", []),
        ({}, "children_adolescents", []),
        ({"therapy_form": "physiotherapy"}, "children_adolescents", None),
        ({"therapy_form": "physiotherapy"}, "adults", []),
    ],
)
def test_the_terms_of_2019_leave_out_the_physiotherapy_of_children(
    changed: dict[str, Any], client: str, expected: list[list[str]] | None
) -> None:
    case = {**BESIDE_A_CONTRACT["therapy-terms"], "client": {"group": client}, **changed}
    assert undecided_names("therapy-terms", case, CONTRACT) == expected


@pytest.mark.parametrize(
    ("framework", "expected"),
    [
        ({"starts_on": "2018-12-31"}, None),
        ({"starts_on": "2019-01-01"}, []),
        ({"starts_on": "2019-01-02"}, [["framework.same_terms_as_2019"]]),
        ({"starts_on": "2027-01-01", "same_terms_as_2019": True}, []),
        ({"starts_on": "2027-01-01", "same_terms_as_2019": False}, None),
    ],
)
@pytest.mark.parametrize("policy", IN_A_FRAMEWORK)
def test_the_terms_of_2019_bind_the_frameworks_of_that_generation(
    policy: str, framework: dict[str, Any], expected: list[list[str]] | None
) -> None:
    data = {**IN_A_FRAMEWORK[policy], "therapy_form": "speech_therapy", "framework": framework}
    assert undecided_names(policy, data, None) == expected
