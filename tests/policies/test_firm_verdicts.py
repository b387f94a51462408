"""Complete records get firm verdicts: the stories of `tests/data/complete`, written from the source documents."""

from __future__ import annotations

import pytest

from complete_stories import (
    COMPLETE,
    Expectation,
    element,
    policies,
    readings_asked,
    report,
    rule_name,
    stories,
    with_options,
)

NAMES = [path.stem for path in sorted((COMPLETE / "stories").glob("*.yaml"))]


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
