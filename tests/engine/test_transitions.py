"""A transition: the version that is replaced may be followed to a day, and its own rules find what came after it."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

import pykala
from policy_repository import repository
from pykala.policy.model import Policy

HEAD = """\
language: 1
policy: trial
title: {fi: Kokeilu, sv: Prövning, en: Trial}
service: work-trial
subject: case
selected_by: decided_on
"""
OLD = f"""\
{HEAD}\
version: "2023"
parameters:
  followed_until: {{value: transition, label: {{fi: a, sv: a, en: a}}, cite: slides-2025/day-length}}
rules:
  - id: followed-until
    severity: unrated
    title: {{fi: Siirtymäaika, sv: Övergångstid, en: Transition}}
    cite: slides-2025/day-length
    require: feedback_on due by followed_until
"""


def new(last_day: str) -> str:
    """Return the version that lets the old one be followed until a day."""
    return f"""\
{HEAD}\
version: "2024"
in_force: {{first_day: 2024-01-01}}
transition: {{also: trial@2023, last_day: {last_day}}}
rules: []
"""


def old_of(tmp_path: Path, last_day: str) -> Policy:
    """Return the old version beside a new one whose transition ends on a day."""
    found = repository(tmp_path / last_day, OLD).write("trial/new.yaml", new(last_day)).load().find("trial@2023")
    assert found is not None
    return found


def test_a_day_of_the_transition_is_known_to_the_version_that_it_lets_be_followed() -> None:
    old = pykala.load("policies").find("individual-rehab@2023")
    new = pykala.load("policies").find("individual-rehab@2024")
    assert old is not None
    assert new is not None
    assert new.transition is not None
    assert (old.followed_until, new.followed_until) == (new.transition.last_day, None)
    assert old.parameters["old_description_ends"].value == new.transition.last_day


@pytest.mark.parametrize(
    ("made_on", "version", "verdict"),
    [
        ("2023-12-30", "2023", "fail"),
        ("2023-12-31", "2023", "fail"),
        ("2024-01-01", "2024", None),
        ("2024-01-02", "2024", None),
    ],
)
def test_the_decision_picks_the_version_and_the_old_one_tells_when_its_transition_is_over(
    made_on: str, version: str, verdict: str | None
) -> None:
    record = {
        "record": "case",
        "id": "A-1",
        "service": "individual_rehab",
        "decision": {"made_on": made_on, "valid_until": "2025-12-31"},
        "days": [{"date": "2025-07-01", "status": "delivered"}],
    }
    report = pykala.check(pykala.load("policies"), [record], as_of=datetime.date(2025, 8, 1), policy="individual-rehab")
    assert {result.policy.version for result in report.results} == {version}
    found = [result.verdict for result in report.results if result.rule.id == "old-description-ends"]
    assert found == ([] if verdict is None else [verdict])


def test_the_last_day_stands_in_the_version_that_lets_the_old_one_be_followed(tmp_path: Path) -> None:
    one, other = old_of(tmp_path, "2025-06-30"), old_of(tmp_path, "2025-12-31")
    found = [policy.parameters["followed_until"].value for policy in (one, other)]
    assert found == [datetime.date(2025, 6, 30), datetime.date(2025, 12, 31)]
    assert one.sha256 != other.sha256
