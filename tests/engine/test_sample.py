"""Synthetic case books: the same for the same seed, fitting their schemas, beside every kind of boundary."""

from __future__ import annotations

import datetime
import json
from collections import Counter
from pathlib import Path

import pytest

import pykala
from policy_repository import POLICY, repository
from pykala.policy.model import Policy
from pykala.quality.boundaries import boundaries
from pykala.quality.sample import sample_records

AS_OF = datetime.date(2025, 12, 31)
POLICIES = pykala.load("policies")
NAMES = [policy.name for policy in POLICIES.policies]


def shipped(name: str) -> Policy:
    found = POLICIES.find(name)
    assert found is not None
    return found


def test_the_same_seed_makes_the_same_records_and_a_longer_book_begins_alike() -> None:
    policy = shipped("work-trial@2025")
    short = list(sample_records(POLICIES, policy, 5, seed=7))
    assert short == list(sample_records(POLICIES, policy, 9, seed=7))[: len(short)]
    assert short != list(sample_records(POLICIES, policy, 5, seed=8))
    json.dumps(short)


@pytest.mark.parametrize("name", NAMES)
def test_every_shipped_policy_has_a_book_whose_records_it_judges(name: str) -> None:
    policy = shipped(name)
    records = list(sample_records(POLICIES, policy, 12))
    report = pykala.check(POLICIES, records, as_of=AS_OF, policy=policy.name, reasons=False)
    assert report.problems == ()
    own = {record["id"] for record in records if record["record"] == policy.record}
    assert len(own) == 12
    # An example may be of a record that `applies_to` leaves out; some policies leave out most of them.
    judged = {result.record_id for result in report.results}
    assert len(judged) >= 3


def test_records_stand_on_both_sides_of_a_boundary(tmp_path: Path) -> None:
    policies = repository(tmp_path, POLICY).load()
    lengths = Counter(
        day.get("length") for record in sample_records(policies, policies.policies[0], 200) for day in record["days"]
    )
    assert {"5 h 59 min", "6 h", "6 h 1 min"} <= set(lengths)
    verdicts = {
        result.verdict
        for result in pykala.check(
            policies, sample_records(policies, policies.policies[0], 200), as_of=AS_OF, reasons=False
        ).results
    }
    assert verdicts == {"pass", "fail", "excused", "unknown", "not_applicable"}


def test_lists_grow_past_the_counts_that_rules_compare() -> None:
    lengths = {len(record["days"]) for record in sample_records(POLICIES, shipped("work-trial@2025"), 150)}
    assert {44, 45, 46} <= lengths


def test_records_stay_in_the_days_of_their_version() -> None:
    for record in sample_records(POLICIES, shipped("individual-rehab@2024"), 60):
        made_on = record.get("decision", {}).get("made_on")
        # A boundary may be the day before the version begins; then the other version judges the record.
        assert made_on is None or made_on >= "2023-12-31"


def test_boundaries_name_the_facts_and_lists_that_rules_compare(tmp_path: Path) -> None:
    policies = repository(tmp_path, POLICY).load()
    found = {(item.place.list, item.place.names) for item in boundaries(policies.policies[0])}
    assert found == {
        (("days",), ("status",)),
        (("days",), ("length",)),
        (("days",), ("flex",)),
    }
