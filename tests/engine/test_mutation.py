"""Mutation: what is changed in a rule, which examples notice it, what is provably no change."""

from __future__ import annotations

from pathlib import Path

import pytest

from policy_repository import HEAD, POLICY, repository
from pykala.policy.loader import PolicySet
from pykala.quality.mutate.changes import describe_change
from pykala.quality.mutate.mutants import distinct_mutants, mutants_of
from pykala.quality.mutate.run import RuleMutation, run_mutation

RULE = """\
rules:
  - id: checked
    severity: unrated
    title: {fi: a, sv: a, en: a}
    cite: [slides-2025/day-length, slides-2025/flex]
"""


def policy_with(rule: str, head: str = "") -> str:
    """Return a policy of one rule, its keys given."""
    typical = "typical:\n  service: work_trial\n  days: [{date: 2025-05-05, status: delivered, length: 6 h}]\n"
    indented = "".join(f"    {line}\n" for line in rule.strip().splitlines())
    return HEAD + head + typical + RULE + indented


def load(tmp_path: Path, policy: str = POLICY) -> PolicySet:
    return repository(tmp_path, policy).load()


def names(tmp_path: Path, rule: str, head: str = "") -> dict[str, str]:
    """Return the class of each mutant of a rule by its name."""
    (policy,) = load(tmp_path, policy_with(rule, head)).policies
    return {mutant.name: mutant.kind for mutant in mutants_of(policy, policy.rules[0])}


def mutate(tmp_path: Path, policy: str = POLICY) -> RuleMutation:
    (found,) = run_mutation(load(tmp_path, policy), jobs=1)
    return found


def statuses(found: RuleMutation) -> dict[str, str]:
    return {result.name: result.status for result in found.results}


# ---------------------------------------------------------------------- what is changed


@pytest.mark.parametrize(
    ("require", "expected"),
    [
        ("count(days) <= 3", {"count(days) <= 3 -> count(days) < 3": "strictness", "count(days) <= 3 -> count(days) <= 2": "number"}),
        ("days_ok or every day in days satisfies day.length >= 6 h", {"day.length >= 6 h -> day.length >= 6 h 1 min": "number"}),
        ("feedback_on <= 2025-05-01", {"feedback_on <= 2025-05-01 -> feedback_on <= 2025-04-30": "date"}),
        (
            "feedback_on due by decided_on + 2 weeks",
            {
                "feedback_on due by decided_on + 14 days -> feedback_on due by decided_on + 15 days": "number",
                "feedback_on due by decided_on + 14 days -> feedback_on due by decided_on + 14 days - 1 day": "date",
            },
        ),
        (
            "feedback_on in decided_on .. decided_on + 1 month",
            {"feedback_on in decided_on .. decided_on + 1 month without its first value": "strictness"},
        ),
        (
            "service = work_trial and decided_on is present",
            {
                "and -> or: service = work_trial and decided_on is present": "connective",
                "without `and service = work_trial`": "condition",
                "service = work_trial -> service = other": "member",
                "service = work_trial -> service != work_trial": "comparison",
                "decided_on is present -> decided_on is missing": "comparison",
            },
        ),
        ("not service in {work_trial, other}", {"{work_trial, other} without `other`": "member", "service not in {work_trial, other} -> service in {work_trial, other}": "connective"}),
        ("every day in days where day.status = delivered satisfies day.length >= 6 h", {"every day in days -> some": "quantifier", "day in days without `where day.status = delivered`": "condition"}),
        ("no day in days where day.status = cancelled", {"some day in days -> every": "quantifier"}),
        ("exactly 2 day in days where day.status = delivered", {"exactly 2 day in days where day.status = delivered -> at least …": "quantifier"}),
        ("sum(day.length for day in days) >= 6 h", {"sum(day.length for day in days) >= 6 h -> max(day.length for day in days) >= 6 h": "aggregate"}),
        ("count(distinct day.date for day in days) >= 2", {"count(distinct day.date for day in days) >= 2 -> at least 2 day in days": "aggregate"}),
        ("feedback_on <= working_day_on_or_after(decided_on)", {"feedback_on <= working_day_on_or_after(decided_on) -> feedback_on <= decided_on": "function"}),
        ("length(decided_on .. feedback_on) <= 7 days", {"length(decided_on .. feedback_on) <= 7 days -> length(decided_on .. feedback_on - 1 day) <= 7 days": "date"}),
        ("1 % of sum(60 EUR for day in days) <= 1000.50 EUR", {"1 % of sum(60 EUR for day in days) <= 1000.50 EUR -> 1 % of sum(60 EUR for day in days) <= 1000.51 EUR": "number", "1 % of sum(60 EUR for day in days) <= 1000.50 EUR -> 2 % of sum(60 EUR for day in days) <= 1000.50 EUR": "number"}),
    ],
)  # fmt: skip
def test_one_thing_is_changed_at_a_time(tmp_path: Path, require: str, expected: dict[str, str]) -> None:
    head = "define:\n  days_ok: count(days) >= 1\n"
    found = names(tmp_path, f"require: {require}", head)
    assert expected.items() <= {name.removeprefix("require: "): kind for name, kind in found.items()}.items()


def test_every_part_of_a_rule_is_changed_and_what_it_reads(tmp_path: Path) -> None:
    head = """\
readings:
  short: {question: {fi: a, sv: a, en: a}, options: {yes_: {fi: a, sv: a, en: a}, no_: {fi: a, sv: a, en: a}}, chosen: yes_, why: {fi: a, sv: a, en: a}}
parameters:
  shortest: {value: 6 h, label: {fi: a, sv: a, en: a}}
  unread: {value: 6 h, label: {fi: a, sv: a, en: a}}
define:
  long: each day in days where day.length >= shortest
  unread_too: count(days) >= 2
"""
    rule = """\
for each: day in long
define:
  early: day.date < 2025-06-01
when: early
require: day.status = delivered or reading(short) = yes_
unless:
  flex: day.flex is present
pending while: feedback_on is missing
computes:
  shown: count(days) + 1
"""
    found = names(tmp_path, rule, head)
    assert {name: found[name] for name in (
        "without when",
        "without unless.flex",
        "without pending while",
        "define.early: day.date < 2025-06-01 -> day.date <= 2025-06-01",
        "define.long: day in days without `where day.length >= shortest`",
        "parameters.shortest: 6 h -> 5 h 59 min",
        "parameters.shortest: 6 h -> 6 h 1 min",
        "readings.short: yes_ -> no_",
    )} == {
        "without when": "condition",
        "without unless.flex": "exception",
        "without pending while": "condition",
        "define.early: day.date < 2025-06-01 -> day.date <= 2025-06-01": "strictness",
        "define.long: day in days without `where day.length >= shortest`": "condition",
        "parameters.shortest: 6 h -> 5 h 59 min": "number",
        "parameters.shortest: 6 h -> 6 h 1 min": "number",
        "readings.short: yes_ -> no_": "reading",
    }  # fmt: skip
    assert [name for name in found if "unread" in name or "shown" in name or "computes" in name] == []


def test_a_mutant_keeps_its_name_when_something_else_is_edited(tmp_path: Path) -> None:
    before = names(tmp_path / "a", "require: count(days) <= 3 and feedback_on is present")
    after = names(
        tmp_path / "b",
        "when: service = other\nrequire: feedback_on  is present and count(days)  <= 3 and count(days) > 0",
    )
    assert "require: count(days) <= 3 -> count(days) < 3" in before
    assert "require: count(days) <= 3 -> count(days) < 3" in after


def test_two_changes_in_the_same_words_have_names_of_their_own(tmp_path: Path) -> None:
    found = names(tmp_path, "require: count(days) <= 3 or (count(days) <= 3 and feedback_on is present)")
    assert "require: count(days) <= 3 -> count(days) < 3" in found
    assert "require: count(days) <= 3 -> count(days) < 3 (2)" in found


def test_of_a_long_text_only_what_differs_is_said_again() -> None:
    text = "the length of the day that is written here is at least " + "very " * 20 + "long"
    assert describe_change(text, text.replace("at least", "below")).endswith(" -> … below …")


# ---------------------------------------------------------------------- what is no change


@pytest.mark.parametrize(
    ("rule", "same"),
    [
        ("require: count(days) >= 2", "count(days) >= 2 -> count(days) > 2"),  # the same as `>= 3`
        ("require: feedback_on <= decided_on + 3 days", "feedback_on <= decided_on + 3 days -> feedback_on < decided_on + 3 days"),
        ("require: decided_on is missing", "decided_on is present -> decided_on is missing"),  # the same as `is present`
        ("require: length(decided_on .. feedback_on) >= 7 days", "length(decided_on .. feedback_on) >= 7 days -> length(decided_on .. feedback_on) > 7 days"),
    ],
)  # fmt: skip
def test_of_mutants_that_say_the_same_one_is_kept(tmp_path: Path, rule: str, same: str) -> None:
    (policy,) = load(tmp_path, policy_with(rule)).policies
    everything = [mutant.name for mutant in mutants_of(policy, policy.rules[0])]
    kept = distinct_mutants(policy, policy.rules[0])
    assert f"require: {same}" in everything
    assert kept.same_as_another >= 1
    assert len(kept.mutants) + kept.same_as_rule + kept.same_as_another == len(everything)


def test_a_mutant_that_says_what_the_rule_says_is_left_out(tmp_path: Path) -> None:
    (policy,) = load(tmp_path, policy_with("require: exactly 0 day in days where day.status = cancelled")).policies
    kept = distinct_mutants(policy, policy.rules[0])
    assert kept.same_as_rule == 1  # at most 0
    assert not any("at most 0" in mutant.name for mutant in kept.mutants)


# ---------------------------------------------------------------------- what is noticed


def test_examples_on_both_sides_of_a_number_notice_its_steps(tmp_path: Path) -> None:
    found = statuses(mutate(tmp_path))
    assert found["parameters.shortest_day: 6 h -> 6 h 1 min"] == "killed"
    assert found["parameters.shortest_day: 6 h -> 5 h 59 min"] == "killed"
    assert found["require: day.length >= shortest_day -> day.length > shortest_day"] == "killed"
    assert found["without unless.flex"] == "killed"


def test_without_the_example_at_the_limit_strictness_survives(tmp_path: Path) -> None:
    found = statuses(mutate(tmp_path, POLICY.replace('{"days[0]": {length: 6 h}}', '{"days[0]": {length: 7 h}}')))
    assert found["require: day.length >= shortest_day -> day.length > shortest_day"] == "survived"
    assert found["parameters.shortest_day: 6 h -> 6 h 1 min"] == "survived"
    assert found["parameters.shortest_day: 6 h -> 5 h 59 min"] == "killed"


def test_a_rule_whose_examples_fail_is_not_tried(tmp_path: Path) -> None:
    found = mutate(tmp_path, POLICY.replace("        expect: fail\n", "        expect: pass\n"))
    assert (found.failing, found.results) == ((2,), ())


TAGGED = """\
for each: day in days
require: day.length >= 6 h
unless:
  flex:
    if: day.flex is present
    cite: slides-2025/flex
examples:
  - given: {"days[0].length": 6 h}
    expect: pass
  - given: {"days[0].length": 5 h 59 min}
    expect: fail
    tests: slides-2025/day-length
  - given: {"days[0]": {length: 4 h, flex: {reason: health}}}
    expect: excused
"""


def test_where_several_statements_are_cited_an_example_must_name_the_one_it_tests(tmp_path: Path) -> None:
    found = mutate(tmp_path, policy_with(TAGGED))
    by_name = {result.name: result for result in found.results}
    strict = by_name["require: day.length >= 6 h -> day.length > 6 h"]
    assert (strict.status, strict.by, strict.wanted) == (
        "untagged", 1, ("slides-2025/day-length", "slides-2025/flex"),
    )  # fmt: skip
    assert by_name["require: day.length >= 6 h -> day.length >= 5 h 59 min"].status == "killed"
    exception = by_name["without unless.flex"]
    assert (exception.status, exception.by, exception.wanted) == ("untagged", 3, ("slides-2025/flex",))
    tagged = TAGGED.replace("    expect: excused\n", "    expect: excused\n    tests: slides-2025/flex\n")
    assert statuses(mutate(tmp_path / "b", policy_with(tagged)))["without unless.flex"] == "killed"


def test_a_parameter_belongs_to_the_statement_that_it_cites(tmp_path: Path) -> None:
    head = "parameters:\n  least: {value: 6 h, label: {fi: a, sv: a, en: a}, cite: slides-2025/day-length}\n"
    rule = TAGGED.replace(">= 6 h", ">= least").replace("tests: slides-2025/day-length", "tests: slides-2025/flex")
    found = {result.name: result for result in mutate(tmp_path, policy_with(rule, head)).results}
    assert found["parameters.least: 6 h -> 5 h 59 min"].wanted == ("slides-2025/day-length",)
    assert found["parameters.least: 6 h -> 5 h 59 min"].status == "untagged"


# ---------------------------------------------------------------------- called equivalent by hand

EXPLAINED = POLICY.replace('{"days[0]": {length: 6 h}}', '{"days[0]": {length: 7 h}}') + """\
    equivalent:
      - mutant: "require: day.length >= shortest_day -> day.length > shortest_day"
        why: "No day is as long as that."
"""  # fmt: skip


def test_a_mutant_that_the_rule_explains_does_not_count(tmp_path: Path) -> None:
    found = mutate(tmp_path, EXPLAINED)
    assert statuses(found)["require: day.length >= shortest_day -> day.length > shortest_day"] == "equivalent"
    assert found.stale == ()


@pytest.mark.parametrize(
    ("old", "new", "noticed"),
    [("length: 7 h", "length: 6 h", True), ("day.length > shortest", "day.length < shortest", False)],
)
def test_a_reason_that_is_not_needed_is_reported(tmp_path: Path, old: str, new: str, noticed: bool) -> None:
    found = mutate(tmp_path, EXPLAINED.replace(old, new))
    (stale,) = found.stale
    assert stale.noticed is noticed
    assert EXPLAINED.replace(old, new).splitlines()[stale.line - 1].lstrip().startswith("- mutant:")


def test_the_work_is_shared_without_changing_what_comes_of_it() -> None:
    from pykala.policy.loader import load_policies

    policies = load_policies(Path("policies"))

    def one_policy(policy: object, rule: object) -> bool:
        return getattr(policy, "id", "") == "client-quotas"

    assert run_mutation(policies, one_policy, jobs=2) == run_mutation(policies, one_policy, jobs=1)
