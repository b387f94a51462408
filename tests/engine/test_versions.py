"""Versions of a policy: their days, overlaps and gaps, and the one that judges a record."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from policy_repository import POLICY, Repository, place, repository, underlined
from pykala.policy.model import InForce, Policy
from pykala.policy.versions import Missing, Uncovered, days_in_force, select
from pykala.records.record import Record


def dated(version: str, first: str | None, last: str | None, selected_by: str = "decided_on") -> str:
    """Return a version with its days in force."""
    days = ", ".join(f"{key}: {day}" for key, day in (("first_day", first), ("last_day", last)) if day is not None)
    head = f"subject: case\nselected_by: {selected_by}\nin_force: {{{days}}}\n"
    return POLICY.replace("subject: case\n", head).replace('"2025"', f'"{version}"')


def two(tmp_path: Path, first: str, second: str) -> Repository:
    return repository(tmp_path, first).write("trial/b.yaml", second)


def versions(tmp_path: Path, first: str, second: str) -> tuple[Policy, ...]:
    return two(tmp_path, first, second).load().versions("trial")


def case(**data: object) -> dict[str, Record]:
    return {"case": Record("case", "A-1", data)}


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


OLD, NEW = dated("old", None, None), dated("new", "2025-04-01", None)


def test_a_version_without_a_last_day_ends_when_the_next_begins(tmp_path: Path) -> None:
    timeline = days_in_force(versions(tmp_path, NEW, OLD))
    assert [(policy.version, days) for policy, days in timeline] == [
        ("old", InForce(None, day("2025-03-31"))),
        ("new", InForce(day("2025-04-01"), None)),
    ]


@pytest.mark.parametrize(
    ("date", "version"),
    [("1999-01-01", "old"), ("2025-03-31", "old"), ("2025-04-01", "new"), ("2031-01-01", "new")],
)
def test_the_records_own_date_picks_the_version(tmp_path: Path, date: str, version: str) -> None:
    picked = select(versions(tmp_path, OLD, NEW), case(decided_on=day(date)))
    assert isinstance(picked, Policy)
    assert picked.version == version


@pytest.mark.parametrize("data", [{}, {"decided_on": None}])
def test_a_missing_date_names_its_path_and_the_versions_in_question(tmp_path: Path, data: dict[str, object]) -> None:
    picked = select(versions(tmp_path, OLD, NEW), case(**data))
    assert isinstance(picked, Missing)
    assert picked.path == "decided_on"
    assert [policy.version for policy in picked.candidates] == ["old", "new"]


def test_one_version_that_is_always_in_force_needs_no_date(tmp_path: Path) -> None:
    policies = repository(tmp_path).load().versions("trial")
    assert select(policies, case()) == policies[0]


@pytest.mark.parametrize(
    ("date", "words"),
    [
        ("2023-12-31", "no version of trial is in force on 2023-12-31: one begins on 2024-01-01"),
        (
            "2025-01-15",
            "no version of trial is in force on 2025-01-15: one ends on 2024-12-31, one begins on 2025-02-01",
        ),
        ("2026-01-01", "no version of trial is in force on 2026-01-01: one ends on 2025-12-31"),
    ],
)
def test_a_date_that_no_version_covers_names_the_gap(tmp_path: Path, date: str, words: str) -> None:
    first, second = dated("a", "2024-01-01", "2024-12-31"), dated("b", "2025-02-01", "2025-12-31")
    picked = select(versions(tmp_path, first, second), case(decided_on=day(date)))
    assert isinstance(picked, Uncovered)
    assert (picked.date, picked.path, picked.words) == (day(date), "decided_on", words)


def test_the_date_may_stand_in_another_record_that_is_required(tmp_path: Path) -> None:
    first = dated("a", None, None, "certificate.written_on").replace(
        "subject: case\n", "subject: case\nwith: {certificate: required}\n"
    )
    second = first.replace('"a"', '"b"').replace("in_force: {}", "in_force: {first_day: 2025-01-01}")
    policies = versions(tmp_path, first, second)
    written = Record("certificate", "C-1", {"written_on": day("2025-01-01")})
    picked = select(policies, {**case(), "certificate": written})
    assert isinstance(picked, Policy)
    assert picked.version == "b"
    missing = select(policies, {**case(), "certificate": Record("certificate", "C-1", {})})
    assert isinstance(missing, Missing)
    assert missing.path == "certificate.written_on"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (dated("a", None, "2025-04-01"), dated("b", "2025-04-01", None)),
        (dated("a", None, None), dated("b", None, None)),
        (dated("a", "2025-01-01", None), dated("b", "2025-01-01", None)),
        (dated("a", "2024-01-01", "2026-12-31"), dated("b", "2025-01-01", "2025-12-31")),
    ],
)
def test_versions_that_overlap_are_an_error_at_the_later_one(tmp_path: Path, first: str, second: str) -> None:
    errors = two(tmp_path, first, second).errors()
    assert [underlined(item) for item in errors] == [("version-overlap", "in_force")]
    assert Path(errors[0].source.path).name == "b.yaml"
    assert place(errors[0]) == ("version-overlap", 8, 1)


def test_versions_that_meet_are_no_finding(tmp_path: Path) -> None:
    loaded = two(tmp_path, dated("a", None, "2025-03-31"), NEW).load()
    assert loaded.diagnostics == ()


def test_a_gap_between_versions_is_a_warning(tmp_path: Path) -> None:
    loaded = two(tmp_path, dated("a", None, "2025-02-28"), NEW).load()
    assert [(item.code, item.severity, item.message) for item in loaded.diagnostics] == [
        ("version-gap", "warning", "no version of `trial` is in force in 2025-03-01 .. 2025-03-31")
    ]


def test_versions_are_picked_by_the_same_date(tmp_path: Path) -> None:
    errors = two(tmp_path, OLD, dated("new", "2025-04-01", None, "feedback_on")).errors()
    assert [underlined(item) for item in errors] == [("selected-by-differs", "feedback_on")]


def test_several_versions_need_a_date_that_picks_one(tmp_path: Path) -> None:
    errors = two(tmp_path, POLICY, NEW).errors()
    assert [underlined(item) for item in errors] == [("missing-key", "trial")]


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ("first_day: 2025-02-30", ("bad-date", "2025-02-30")),
        ("first_day: 1.4.2025", ("bad-date", "1.4.2025")),
        ("first_day: 2025-04-01, last_day: 2025-03-31", ("days-reversed", "2025-03-31")),
        ("frist_day: 2025-04-01", ("unknown-key", "frist_day")),
    ],
)
def test_days_that_cannot_be_are_errors(tmp_path: Path, days: str, expected: tuple[str, str]) -> None:
    text = NEW.replace("first_day: 2025-04-01", days)
    assert [underlined(item) for item in repository(tmp_path, text).errors()] == [expected]


def test_a_finnish_date_is_answered_with_ours(tmp_path: Path) -> None:
    errors = repository(tmp_path, NEW.replace("2025-04-01", "1.4.2025")).errors()
    assert [item.help for item in errors] == ["write the year first: `2025-04-01`"]


def test_a_transition_is_data(tmp_path: Path) -> None:
    new = NEW.replace("in_force:", "transition: {also: trial@old, last_day: 2025-06-30}\nin_force:")
    policy = versions(tmp_path, OLD, new)[1]
    assert policy.transition is not None
    assert (policy.transition.also, policy.transition.last_day) == ("trial@old", day("2025-06-30"))
