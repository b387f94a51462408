"""Examples as text to paste, and the search for a record that tells a mutant from its rule."""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from policy_repository import HEAD, POLICY, repository
from pykala.policy.model import Example, Policy
from pykala.policy.strict_yaml import compose, plain
from pykala.quality.mutate.mutants import Mutant, distinct_mutants
from pykala.quality.mutate.paste import changes_between, paste_lines
from pykala.quality.mutate.proposal import Proposer
from pykala_dsl.source import Source


def pasted(policy: Policy, **parts: Any) -> Any:
    """Return what YAML reads in the lines of an example."""
    example = replace(policy.rules[0].examples[0], given={}, tests=(), **parts)
    text = "\n".join(paste_lines(example, policy)) + "\n"
    return plain(compose(Source("pasted", text)))


@pytest.fixture
def policy(tmp_path: Path) -> Policy:
    return repository(tmp_path).load().policies[0]


@pytest.mark.parametrize(
    "value",
    [
        "6 h", "5 h 59 min", "30.50 EUR", "0.5 %", "14 days", "2025-05-05", "health", 3, True, None, "null", "true",
        "Pääkatu 1: B", "# no", "a {b}", 'say "x"', "", "- x", "12", "0x1F", "1e3", "ta\tb", "\N{ZERO WIDTH SPACE}",
        [], [1, "a b"], {"length": "6 h", "flex": {"reason": "health"}},
    ],
)  # fmt: skip
def test_yaml_reads_what_was_written(policy: Policy, value: Any) -> None:
    example = replace(policy.rules[0].examples[0], given={"days[0].note": value}, tests=())
    text = "\n".join(paste_lines(example, policy)) + "\n"
    (read,) = plain(compose(Source("pasted", text)))
    assert read == {"given": {"days[0].note": value}, "expect": "pass"}


def test_every_key_of_an_example_is_written(policy: Policy) -> None:
    read = pasted(
        policy,
        not_given=("days[0].length",),
        as_of=datetime.date(2025, 5, 6),
        expect=("pass", "fail"),
        each=True,
        because=("days[0].length",),
        exception="flex",
        parameters={"shortest_day": 390},
        readings={"short": "extends"},
    )
    assert read == [
        {
            "not_given": ["days[0].length"],
            "as_of": "2025-05-06",
            "parameters": {"shortest_day": "6 h 30 min"},
            "readings": {"short": "extends"},
            "expect": ["pass", "fail"],
            "because": ["days[0].length"],
            "exception": "flex",
        }
    ]


def test_a_long_mapping_stands_on_lines_of_its_own(policy: Policy) -> None:
    given = {f"days[{at}]": {"date": "2025-05-05", "status": "delivered"} for at in range(4)}
    lines = paste_lines(replace(policy.rules[0].examples[0], given=given, tests=()), policy)
    assert lines[:2] == ["- given:", '    "days[0]": {date: 2025-05-05, status: delivered}']
    (read,) = plain(compose(Source("pasted", "\n".join(lines) + "\n")))
    assert read["given"] == given


@pytest.mark.parametrize(
    ("one", "other", "given", "not_given"),
    [
        ({"a": 1}, {"a": 1}, {}, ()),
        ({"a": {"b": 1, "c": 2}}, {"a": {"b": 1}}, {}, ("a.c",)),
        ({"a": 1}, {"a": True}, {"a": True}, ()),
        ({"l": [{"x": 1}]}, {"l": [{"x": 1}, {"x": 2}]}, {"l[1]": {"x": 2}}, ()),
        ({"l": [{"x": 1}, {"x": 2}]}, {"l": [{"x": 2}]}, {"l": [{"x": 2}]}, ()),
        ({"l": [1]}, {"l": []}, {"l": []}, ()),
        ({"a": {"b": 1}}, {"a": None}, {"a": None}, ()),
    ],
)
def test_the_changes_between_two_records(one: Any, other: Any, given: Any, not_given: Any) -> None:
    found = changes_between(one, other)
    assert (dict(found.given), found.not_given) == (given, not_given)


# ---------------------------------------------------------------------- the search

RULE = """\
rules:
  - id: checked
    severity: unrated
    title: {fi: a, sv: a, en: a}
    cite: slides-2025/day-length
"""
TYPICAL = "typical:\n  service: work_trial\n  decided_on: 2025-05-01\n  days: [{date: 2025-05-05, status: delivered, length: 6 h}]\n"


def proposal(tmp_path: Path, rule: str, mutant: str, head: str = "") -> tuple[Proposer, Mutant, Example | None]:
    """Return what is proposed for a mutant of a rule without examples."""
    text = HEAD + head + TYPICAL + RULE + "".join(f"    {line}\n" for line in rule.strip().splitlines())
    loaded = repository(tmp_path, text).load()
    policy = loaded.policies[0]
    found = {each.name: each for each in distinct_mutants(policy, policy.rules[0]).mutants}
    proposer = Proposer(policy, policy.rules[0], loaded.vocabulary)
    return proposer, found[mutant], proposer.propose(found[mutant], ())


@pytest.mark.parametrize(
    ("rule", "mutant", "lines"),
    [
        (
            "require: decided_on <= 2025-06-30",
            "require: decided_on <= 2025-06-30 -> decided_on < 2025-06-30",
            ["- given: {decided_on: 2025-06-30}", "  expect: pass"],
        ),
        (
            "require: feedback_on due by decided_on + 1 month",
            "require: feedback_on due by decided_on + 1 month -> feedback_on due by decided_on + 1 month + 1 day",
            ["- given: {feedback_on: 2025-06-02}", "  expect: fail"],
        ),
        (
            "require: at most 3 day in days where day.status = delivered",
            "require: at most 3 day in days where day.status = delivered -> at most 4 day in days where day.status = delivered",
            None,
        ),
        ("require: every day in days satisfies day.length >= 6 h", "require: every day in days -> some", None),
        ("require: sum(day.length for day in days) >= 12 h", "require: sum(day.length for day in days) >= 12 h -> sum(day.length for day in days) >= 12 h 1 min", None),
        ("require: decided_on <= working_day_on_or_before(feedback_on)", "require: decided_on <= working_day_on_or_before(feedback_on) -> decided_on <= feedback_on", None),
        ("for each: day in days where day.status = delivered\nrequire: day.length >= 6 h", "for each: day in days without `where day.status = delivered`", None),
        ("require: days is present\npending while: feedback_on is missing", "without pending while", None),
        ("when: service = work_trial\nrequire: decided_on is present", "without when", ["- given: {service: other}", "  expect: not_applicable"]),
    ],
)  # fmt: skip
def test_an_example_is_found(tmp_path: Path, rule: str, mutant: str, lines: list[str] | None) -> None:
    proposer, changed, example = proposal(tmp_path, rule, mutant)
    assert example is not None
    assert proposer.noticed_by(example, changed)
    assert lines is None or proposer.lines(example) == lines


def test_a_parameter_that_is_not_set_is_assumed(tmp_path: Path) -> None:
    head = "parameters:\n  most: {value: unset, type: count, label: {fi: a, sv: a, en: a}}\n"
    mutant = "require: count(days) <= most -> count(days) < most"
    proposer, changed, example = proposal(tmp_path, "require: count(days) <= most", mutant, head)
    assert example is not None
    assert example.parameters
    assert proposer.noticed_by(example, changed)


def test_where_no_record_can_tell_nothing_is_proposed(tmp_path: Path) -> None:
    rule = "require: decided_on is missing or decided_on <= 2025-06-30\npending while: decided_on > 2025-06-30"
    _, _, example = proposal(tmp_path, rule, "pending while: decided_on > 2025-06-30 -> decided_on >= 2025-06-30")
    assert example is None


def test_the_search_gives_the_same_every_time(tmp_path: Path) -> None:
    rule, mutant = "require: every day in days satisfies day.length >= 6 h", "require: every day in days -> some"
    first = proposal(tmp_path / "a", rule, mutant)
    second = proposal(tmp_path / "b", rule, mutant)
    assert first[2] is not None
    assert second[2] is not None
    assert first[0].lines(first[2]) == second[0].lines(second[2])


def test_the_policy_of_the_tests_has_an_example_for_every_exact_mutant(tmp_path: Path) -> None:
    from pykala.quality.mutate.run import run_mutation, score_of

    found = run_mutation(repository(tmp_path, POLICY).load(), jobs=1, propose=False)
    assert score_of(found, exact=True).reaches(100)
