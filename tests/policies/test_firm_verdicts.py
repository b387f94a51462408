"""Complete records get firm verdicts: the stories of `tests/data/complete`, written from the source documents."""

from __future__ import annotations

import datetime

import pytest

from complete_stories import (
    COMPLETE,
    Expectation,
    element,
    least_share,
    limits,
    policies,
    readings_asked,
    report,
    rows,
    rule_name,
    services,
    stories,
    table,
    together,
    with_options,
)
from pykala.evaluate.check import check_records

NAMES = [path.stem for path in sorted((COMPLETE / "stories").glob("*.yaml"))]


@pytest.fixture(scope="module", autouse=True)
def judged() -> None:
    """Judge all stories once; what is wrong with a file is then said once, and not found out anew by each test."""
    rows()


def test_every_unset_parameter_has_an_invented_value() -> None:
    """A complete record cannot be firm where a number is left out; the file may not fall behind the policies."""
    unset = [
        f"{policy.id}.{name}"
        for policy in policies().policies
        for name, parameter in policy.parameters.items()
        if parameter.value is None
    ]
    assert unset == []


@pytest.mark.parametrize("story", NAMES)
def test_a_story_says_what_happens(story: str) -> None:
    assert (COMPLETE / "stories" / f"{story}.yaml").read_text(encoding="utf-8").startswith("# ")


@pytest.mark.parametrize("story", NAMES)
def test_the_records_of_a_story_belong_together(story: str) -> None:
    assert report(story).problems == ()


def test_all_stories_may_be_given_in_one_call() -> None:
    """Each record says by an id which others belong to it, so that a provider's whole folder can be checked at once."""
    records = [record for story in stories().values() for record in story.records]
    together = check_records(policies(), records, datetime.date(2025, 12, 31), reasons=False)
    assert together.problems == ()


@pytest.mark.parametrize("story", NAMES)
def test_a_story_gets_the_verdicts_that_were_derived_by_hand(story: str) -> None:
    wrong = [said for expected in stories()[story].expected for said in _difference(story, expected)]
    assert wrong == []


def _difference(story: str, expected: Expectation) -> list[str]:
    covered = [result for result in report(story).results if expected.covers(result)]
    missing = {*expected.at} - {element(result) for result in covered}
    if missing or not covered:
        return [f"{expected}: no result{' at ' + ', '.join(sorted(missing)) if missing else ''}"]
    wrong = [
        f"{expected} on {result.record_id} at {element(result)}: expected {expected.verdict}, got {result.verdict}"
        for result in covered
        if result.verdict != expected.verdict
    ]
    if wrong or expected.verdict != "unknown":
        return wrong
    asked = {name for result in covered for name in readings_asked(result) or ["a fact"]}
    return [] if asked == {*expected.open_questions} else [f"{expected}: hangs on {', '.join(sorted(asked))}"]


@pytest.mark.parametrize("story", NAMES)
def test_a_story_has_no_deviation_that_was_not_derived_by_hand(story: str) -> None:
    failing = [expected for expected in stories()[story].expected if expected.verdict == "fail"]
    unexpected = [
        f"{rule_name(result)} on {result.record_id} at {element(result)}"
        for result in report(story).results
        if result.verdict == "fail" and not any(expected.covers(result) for expected in failing)
    ]
    assert unexpected == []


@pytest.mark.parametrize("story", NAMES)
def test_an_unknown_verdict_on_a_complete_story_hangs_on_an_open_reading_alone(story: str) -> None:
    """No fact, no judgement, no number, no other record is missing; and any option of the reading settles it."""
    unsettled = [
        f"{rule_name(result)} on {result.record_id} at {element(result)}: "
        + ", ".join(f"{cause.kind} {cause.name}" for cause in result.undecided)
        for result in report(story).results
        if result.verdict == "unknown"
        and (readings_asked(result) is None or "unknown" in with_options(story, result).values())
    ]
    assert unsettled == []


def test_there_are_thirty_stories_and_more() -> None:
    cases = [record for story in stories().values() for record in story.records if record.kind == "case"]
    assert len(stories()) >= 30
    assert len(cases) >= 30


@pytest.mark.parametrize("verdict", ["pass", "fail"])
def test_a_rule_is_firm_both_ways_on_complete_records(verdict: str) -> None:
    """Each rule reaches a firm pass and a firm fail, or `limits.yaml` says why it cannot; that must then be so."""
    readings = {rule: verdicts[verdict] for rule, verdicts in limits()["by_reading"].items() if verdict in verdicts}
    never = {*limits()["never_fails"]} if verdict == "fail" else set()
    assert {rule for rule, row in rows().items() if not row.counts[verdict]} == {*readings, *never}
    asked = {rule: sorted(rows()[rule].by_reading.get(verdict, ())) for rule in (*readings, *never)}
    assert asked == {**{rule: [] for rule in never}, **readings}


def test_the_limits_name_rules_that_exist() -> None:
    listed = {*limits()["never_fails"], *limits()["by_reading"]}
    assert listed - {*rows()} == set()


def test_a_rule_is_listed_as_unable_to_fail_or_as_hanging_on_a_reading_not_as_both() -> None:
    hanging = {rule for rule, verdicts in limits()["by_reading"].items() if "fail" in verdicts}
    assert hanging & {*limits()["never_fails"]} == set()


@pytest.mark.parametrize("service", sorted(services()))
def test_the_verdicts_of_a_service_are_firm(service: str) -> None:
    share = together(row for rule, row in rows().items() if rule in services()[service]).share
    assert share is not None
    assert share >= least_share("each_service")


def test_the_verdicts_of_all_rules_are_firm() -> None:
    share = together(rows().values()).share
    assert share is not None
    assert share >= least_share("all_rules")


def test_the_table_counts_every_verdict_of_every_rule() -> None:
    lines = table().splitlines()
    results = [result for name in stories() for result in report(name).results]
    assert [line.split()[0] for line in lines[1:-2]] == list(rows())
    assert sum(row.counts.total() for row in rows().values()) == len(results)
    assert sum(row.counts["unknown"] for row in rows().values()) == sum(row.open for row in rows().values())
