"""What the policies of documents say of the figures that the sources print."""

from __future__ import annotations

import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from pykala.evaluate.rules import evaluate_rule
from pykala.policy.loader import PolicySet, load_policies
from pykala.records.build import build_record
from pykala.records.record import Record

ROOT = Path(__file__).parents[2]
AS_OF = datetime.date(2025, 12, 31)


@cache
def policies() -> PolicySet:
    return load_policies(ROOT / "policies")


def verdicts(policy_id: str, rule_id: str, data: dict[str, Any]) -> list[str]:
    policy = policies().find(policy_id)
    assert policy is not None
    rule = policy.rule(rule_id)
    assert rule is not None
    record = build_record(policies().vocabulary, policy.record, {"id": "r", **data}, "here")
    assert isinstance(record, Record)
    return [result.verdict for result in evaluate_rule(rule, policy, {policy.record: record}, AS_OF, reasons=False)]


TEAK_FINDINGS = [
    {"number": number, "class": name}
    for number, name in enumerate(["major"] * 8 + ["minor"] * 23 + ["suggestion"] * 27 + ["strength"] * 2, 1)
]


@pytest.mark.parametrize(
    ("name", "share", "verdict"),
    [
        ("major", "14 %", "pass"),
        ("minor", "40 %", "pass"),
        ("suggestion", "47 %", "pass"),
        ("suggestion", "46 %", "fail"),
        ("major", "13 %", "fail"),
        ("minor", "38 %", "fail"),
    ],
)
def test_shares_of_the_printed_audits_leave_strengths_out_and_round_each_alone(
    name: str, share: str, verdict: str
) -> None:
    data = {"findings": TEAK_FINDINGS, "reported_shares": [{"class": name, "share": share}]}
    assert verdicts("audits", "finding-shares", data) == [verdict]


@pytest.mark.parametrize(("reported", "verdict"), [(31, "pass"), (58, "fail"), (33, "fail")])
def test_the_printed_audits_hold_31_nonconformities(reported: int, verdict: str) -> None:
    data = {"findings": TEAK_FINDINGS, "reported_nonconformities": reported}
    assert verdicts("audits", "nonconformities-counted", data) == [verdict]


def test_a_record_can_name_each_record_that_its_rules_read_beside_it() -> None:
    """Else nobody could say which is meant where several are given, which the error asks for."""
    nameless = [
        f"{policy.record} has no {kind}_id"
        for policy in policies().policies
        for kind in policy.with_records
        if f"{kind}_id" not in policy.subject.fields
    ]
    assert nameless == []
