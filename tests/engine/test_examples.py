"""The examples of rules: the record that each describes, and what is said where the rule answers otherwise."""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from policy_repository import POLICY, repository, underlined
from pykala.policy.loader import PolicySet
from pykala.policy.model import Example
from pykala.quality.examples import ExampleRecords, example_records, run_examples
from pykala_dsl.diagnostics import Diagnostic

WITH = POLICY.replace("subject: case\n", "subject: case\nwith: {certificate: optional}\n").replace(
    "  service: work_trial\n", "  service: work_trial\n  certificate: {written_on: 2025-05-09}\n"
)


@pytest.fixture
def policies(tmp_path: Path) -> PolicySet:
    return repository(tmp_path, WITH).load()


def described(policies: PolicySet, **changes: Any) -> ExampleRecords | Diagnostic:
    """Return the records of an example that changes the typical one."""
    policy = policies.policies[0]
    example = policy.rules[0].examples[0]
    bare: dict[str, Any] = {"given": {}, "not_given": (), "as_of": None}
    return example_records(policy, replace(example, **{**bare, **changes}), policies.vocabulary)


def data(policies: PolicySet, **changes: Any) -> dict[str, Any]:
    """Return the case of an example that changes the typical one, without what every record has."""
    made = described(policies, **changes)
    assert isinstance(made, ExampleRecords)
    return {key: value for key, value in made.records["case"].data.items() if key not in ("record", "id")}


DAY = datetime.date(2025, 5, 5)
TYPICAL = {"service": "work_trial", "days": [{"date": DAY, "status": "delivered", "length": 360}]}


def test_an_example_that_changes_nothing_is_the_typical_record(policies: PolicySet) -> None:
    made = described(policies)
    assert isinstance(made, ExampleRecords)
    assert data(policies) == TYPICAL
    assert made.records["certificate"].data["written_on"] == datetime.date(2025, 5, 9)
    assert made.as_of == datetime.date(2025, 12, 31)


@pytest.mark.parametrize(
    ("given", "days"),
    [
        ({"days[0].length": "5 h"}, [{"date": DAY, "status": "delivered", "length": 300}]),
        ({"days[0]": {"length": "5 h"}}, [{"date": DAY, "status": "delivered", "length": 300}]),
        ({"case.days[0].length": "5 h"}, [{"date": DAY, "status": "delivered", "length": 300}]),
        ({"days[0]": {"length": None}}, [{"date": DAY, "status": "delivered", "length": None}]),
        ({"days": []}, []),
        ({"days": [{"date": "2025-05-06"}]}, [{"date": datetime.date(2025, 5, 6)}]),
        ({"days[1]": {"date": "2025-05-06"}}, [*TYPICAL["days"], {"date": datetime.date(2025, 5, 6)}]),
        (
            {"days[0]": {"flex": {"reason": "health"}}, "days[0].length": "4 h"},
            [{"date": DAY, "status": "delivered", "length": 240, "flex": {"reason": "health"}}],
        ),
    ],
)
def test_what_is_given_merges_replaces_or_appends(
    policies: PolicySet, given: dict[str, Any], days: list[dict[str, Any]]
) -> None:
    assert data(policies, given=given)["days"] == days


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("days", {"service": "work_trial"}),
        ("days[0]", {**TYPICAL, "days": []}),
        ("days[0].length", {**TYPICAL, "days": [{"date": DAY, "status": "delivered"}]}),
        ("decided_on", TYPICAL),
    ],
)
def test_what_is_not_given_is_left_out(policies: PolicySet, path: str, expected: dict[str, Any]) -> None:
    assert data(policies, not_given=(path,)) == expected


def test_another_record_is_changed_or_left_out_by_its_kind(policies: PolicySet) -> None:
    made = described(policies, given={"certificate.written_on": "2025-06-01"})
    assert isinstance(made, ExampleRecords)
    assert made.records["certificate"].data["written_on"] == datetime.date(2025, 6, 1)
    made = described(policies, not_given=("certificate",))
    assert isinstance(made, ExampleRecords)
    assert list(made.records) == ["case"]


def test_the_date_of_the_check_is_the_examples_else_that_of_the_typical_record(tmp_path: Path) -> None:
    text = POLICY.replace("  service: work_trial\n", "  service: work_trial\n  as_of: 2025-06-01\n")
    policies = repository(tmp_path, text).load()
    made = described(policies)
    assert isinstance(made, ExampleRecords)
    assert made.as_of == datetime.date(2025, 6, 1)
    made = described(policies, as_of=datetime.date(2025, 7, 1))
    assert isinstance(made, ExampleRecords)
    assert made.as_of == datetime.date(2025, 7, 1)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"given": {"days[2]": {"date": "2025-05-06"}}}, "`days[2]` leaves a gap"),
        ({"given": {"service.name": "x"}}, "`service.name` goes through a value that has no fields"),
        ({"given": {"service[0]": "x"}}, "`service[0]` counts in something that is no list"),
        ({"given": {"servise": "other"}}, "the example's case does not fit its schema: `servise`"),
        ({"given": {"days[0].length": "6 hours"}}, "the example's case does not fit its schema: `days[0].length`"),
        ({"not_given": ("days[0].lenght",)}, "`days[0].lenght` is no field of the record"),
        ({"not_given": ("certificate.signed_on",)}, "`certificate.signed_on` is no field of the record"),
    ],
)
def test_an_example_that_describes_no_record_is_a_diagnostic(
    policies: PolicySet, changes: dict[str, Any], message: str
) -> None:
    found = described(policies, **changes)
    assert isinstance(found, Diagnostic)
    assert underlined(found)[0] == "bad-example"
    assert found.message.startswith(message)


def test_examples_that_hold_pass(tmp_path: Path) -> None:
    outcomes = run_examples(repository(tmp_path).load())
    assert [(item.name, item.got, item.passed, item.detail) for item in outcomes] == [
        ("trial@2025/day-length#1", ("pass",), True, ""),
        ("trial@2025/day-length#2", ("fail",), True, ""),
        ("trial@2025/day-length#3", ("unknown",), True, ""),
        ("trial@2025/day-length#4", ("excused",), True, ""),
    ]


@pytest.mark.parametrize(
    ("old", "new", "number", "detail"),
    [
        ("expect: pass", "expect: fail", 1, "expected fail, got pass"),
        ("expect: [excused]", "expect: [excused, pass]", 4, "expected excused, pass, got excused"),
        ('because: ["days[0].length"]', "because: [days]", 3, "expected because of days, got days[0].length"),
        (
            "length: 6 h}}\n        expect: pass",
            "length: 6 h}}\n        expect: pass\n        exception: flex",
            1,
            "expected the exception flex, got nothing",
        ),
    ],
)
def test_an_example_that_does_not_hold_says_what_differs(
    tmp_path: Path, old: str, new: str, number: int, detail: str
) -> None:
    assert old in POLICY
    outcomes = run_examples(repository(tmp_path, POLICY.replace(old, new)).load())
    assert [(item.number, item.detail) for item in outcomes if not item.passed] == [(number, detail)]


def test_an_example_without_a_record_fails_with_its_diagnostic(tmp_path: Path) -> None:
    outcomes = run_examples(repository(tmp_path, POLICY.replace("{length: 6 h}", "{lenght: 6 h}")).load())
    diagnostic = outcomes[0].diagnostic
    assert diagnostic is not None
    assert (outcomes[0].passed, outcomes[0].got, diagnostic.code) == (False, (), "bad-example")
    assert diagnostic.help == "did you mean `length`?"
    assert [item.passed for item in outcomes[1:]] == [True, True, True]


def test_inherited_examples_run_under_the_new_version(tmp_path: Path) -> None:
    old = POLICY.replace("subject: case\n", "subject: case\nselected_by: decided_on\n")
    new = (
        'language: 1\npolicy: trial\nversion: "2026"\namends: trial@2025\nin_force: {first_day: 2026-01-01}\n'
        "parameters:\n  shortest_day: {value: 7 h}\n"
    )
    outcomes = run_examples(repository(tmp_path, old).write("trial/2026.yaml", new).load())
    assert [(item.name, item.detail) for item in outcomes if not item.passed] == [
        ("trial@2026/day-length#1", "expected pass, got fail")
    ]


def test_included_examples_run_where_they_are_included(tmp_path: Path) -> None:
    library = POLICY.replace("policy: trial", "policy: shared")
    own = POLICY[: POLICY.index("parameters:")] + "includes: [shared@2025]\n"
    own += "typical:\n  days:\n    - {date: 2025-05-05, status: delivered}\nrules: []\n"
    outcomes = run_examples(repository(tmp_path, own).write("shared.yaml", library).load())
    assert [(item.name, item.passed) for item in outcomes] == [
        (f"trial@2025/day-length#{number}", True) for number in (1, 2, 3, 4)
    ]


def test_an_outcome_names_its_example(tmp_path: Path) -> None:
    outcome = run_examples(repository(tmp_path).load())[3]
    assert isinstance(outcome.example, Example)
    assert outcome.example.caption.en == "flex lifts it"
    assert outcome.expected == ("excused",)


ASSUMING = (
    POLICY.replace(
        "define:\n",
        """\
  least:
    value: unset
    type: exact time
    label: {fi: "vähimmäisaika", sv: "minimitid", en: "least time"}
    cite: slides-2025/day-length
readings:
  short_days:
    question: {fi: "Saako?", sv: "Får man?", en: "May one?"}
    options: {allowed: {fi: "Saa", sv: "Ja", en: "Yes"}, not_allowed: {fi: "Ei", sv: "Nej", en: "No"}}
    chosen: open
    why: {fi: "Ei kerrota.", sv: "Anges inte.", en: "Not said."}
    cite: slides-2025/day-length
define:
""",
    )
    + """\
  - id: least
    severity: unrated
    title: {fi: "Vähimmäisaika", sv: "Minimitid", en: "Least time"}
    cite: slides-2025/day-length
    for each: day in days
    require: day.length >= least or reading(short_days) = allowed
    examples:
      - {parameters: {least: 6 h}, expect: pass}
      - {parameters: {least: 6 h 1 min}, expect: unknown, because: [short_days]}
      - {parameters: {least: 6 h 1 min}, readings: {short_days: not_allowed}, expect: fail}
      - {readings: {short_days: allowed}, expect: pass}
      - {expect: unknown, because: [least, short_days]}
"""
)


def test_an_example_assumes_values_of_unset_parameters_and_options_of_readings(tmp_path: Path) -> None:
    policies = repository(tmp_path, ASSUMING).load()
    outcomes = [outcome for outcome in run_examples(policies) if outcome.rule.id == "least"]
    assert [outcome.got for outcome in outcomes] == [("pass",), ("unknown",), ("fail",), ("pass",), ("unknown",)]
    assert all(outcome.passed for outcome in outcomes)


def test_what_an_example_assumes_holds_for_no_other(tmp_path: Path) -> None:
    policies = repository(tmp_path, ASSUMING).load()
    run_examples(policies)
    policy = policies.policies[0]
    assert policy.parameters["least"].value is None
    assert policy.readings["short_days"].chosen is None
