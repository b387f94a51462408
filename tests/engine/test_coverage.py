"""What examples reach: rules, exceptions, days of change, each condition both ways; and the forms of its report."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

import pykala
from policy_repository import POLICY, repository
from pykala.quality.coverage import Coverage, Point, PointKind, coverage
from pykala.quality.examples import run_examples
from pykala.report.cobertura import cobertura_xml
from pykala.report.examples_report import coverage_text, examples_junit
from pykala.report.junit import Case, Suite, junit_xml


def found(tmp_path: Path, text: str = POLICY) -> Coverage:
    return coverage(repository(tmp_path, text).load(), jobs=1)


def missing(item: Coverage, kind: PointKind) -> dict[str, tuple[str, ...]]:
    return {point.text: point.missing for point in item.missing() if point.kind == kind}


def without(text: str, example: str) -> str:
    assert example in text
    return text.replace(example, "")


FLEX = """\
      - it: flex lifts it
        given: {"days[0]": {length: 4 h, flex: {reason: health}}}
        expect: [excused]
        exception: flex
"""
SHORT = """\
      - given: {"days[0]": {length: 5 h 59 min}}
        expect: fail
"""


def test_examples_that_show_both_sides_leave_only_the_filter(tmp_path: Path) -> None:
    item = found(tmp_path)
    assert missing(item, "rule") == {}
    assert missing(item, "exception") == {}
    assert missing(item, "condition") == {"day.status = delivered": ("false",)}


def test_an_exception_that_no_example_uses_is_missing(tmp_path: Path) -> None:
    item = found(tmp_path, without(POLICY, FLEX))
    assert missing(item, "exception") == {"flex": ("excused",)}
    assert missing(item, "condition")["day.flex is present"] == ("true",)


def test_a_condition_that_no_example_breaks_is_missing(tmp_path: Path) -> None:
    item = found(tmp_path, without(without(POLICY, FLEX), SHORT))
    assert missing(item, "condition")["day.length >= shortest_day"] == ("false",)


def test_a_part_behind_one_that_decides_is_looked_at_all_the_same(tmp_path: Path) -> None:
    text = POLICY.replace("day.length >= shortest_day", "day.length >= shortest_day or day.length = 1 h")
    assert missing(found(tmp_path, text), "condition")["day.length = 1 h"] == ("true",)


def test_a_rule_whose_examples_are_all_unknown_is_not_judged(tmp_path: Path) -> None:
    examples = POLICY[POLICY.index("    examples:\n") :]
    unknown = '    examples:\n      - {not_given: ["days[0].length"], expect: unknown}\n'
    item = found(tmp_path, POLICY.replace(examples, unknown))
    assert missing(item, "rule") == {"day-length": ("judged",)}


def test_a_dated_version_wants_an_example_of_the_day_on_which_it_begins(tmp_path: Path) -> None:
    dated = POLICY.replace(
        "subject: case\n", "subject: case\nselected_by: decided_on\nin_force: {first_day: 2025-04-01}\n"
    )
    assert missing(found(tmp_path / "a", dated), "version") == {"trial@2025": ("2025-04-01",)}
    shown = dated.replace(
        'given: {"days[0]": {length: 6 h}}', 'given: {decided_on: 2025-04-01, "days[0]": {length: 6 h}}'
    )
    assert missing(found(tmp_path / "b", shown), "version") == {}


def test_shares_count_each_wanted_thing() -> None:
    def point(kind: PointKind, wanted: tuple[str, ...], seen: tuple[str, ...]) -> Point:
        return Point(kind, "a@1", "r", "t", wanted, seen, "f", 1, 1)

    item = Coverage((point("rule", ("judged",), ("judged",)), point("condition", ("true", "false"), ("true",))))
    assert (str(item.share("rule")), str(item.share("condition")), str(item.share())) == (
        "100 % (1/1)",
        "50 % (1/2)",
        "66 % (2/3)",
    )
    assert str(item.share("exception")) == "–"


def test_the_work_can_be_shared_out() -> None:
    policies = pykala.load("policies")

    def wanted(policy: object, rule: object) -> bool:
        return getattr(policy, "id", "") in ("laku", "feedback", "audits")

    assert coverage(policies, wanted, jobs=2) == coverage(policies, wanted, jobs=1)
    assert run_examples(policies, wanted, jobs=2) == run_examples(policies, wanted, jobs=1)


def test_the_text_names_the_place_of_what_is_missing(tmp_path: Path) -> None:
    text = coverage_text(found(tmp_path, without(POLICY, FLEX)))
    line = 1 + POLICY[: POLICY.index("flex: day.flex is present")].count("\n")
    assert f"trial/2025.yaml:{line}:7: exception `flex` never excuses" in text
    assert "exceptions that excuse: 0 % (0/1)" in text


def test_cobertura_counts_conditions_as_branches(tmp_path: Path) -> None:
    root = ElementTree.fromstring(
        cobertura_xml(found(tmp_path, without(POLICY, FLEX))).partition("\n")[2].partition("\n")[2]
    )
    lines = {line.get("number"): line.attrib for line in root.iter("line")}
    unless = str(1 + POLICY[: POLICY.index("flex: day.flex is present")].count("\n"))
    assert lines[unless]["condition-coverage"] == "50% (1/2)"
    assert root.get("branches-valid") == "6"
    assert root.get("branches-covered") == "4"


def test_junit_has_a_case_for_each_example_and_says_what_differs(tmp_path: Path) -> None:
    text = POLICY.replace("expect: fail", "expect: pass")
    root = ElementTree.fromstring(examples_junit(run_examples(repository(tmp_path, text).load())))
    assert (root.get("tests"), root.get("failures"), root.get("errors")) == ("4", "1", "0")
    failure = next(root.iter("failure"))
    assert failure.get("message") == "expected pass, got fail"
    assert failure.get("type") == "verdict"


@pytest.mark.parametrize(("outcome", "tag"), [("failure", "failure"), ("error", "error"), ("skipped", "skipped")])
def test_letters_that_xml_cannot_hold_do_not_break_it(outcome: str, tag: str) -> None:
    case = Case("a", "b\x00<&", outcome, "bad \x1b[31m & <tag>", "\x07", "k")  # type: ignore[arg-type]
    root = ElementTree.fromstring(junit_xml("x", [Suite("s\x00", (case,))]))
    assert next(root.iter(tag)).get("message") == "bad \ufffd[31m & <tag>"
