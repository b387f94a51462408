"""Whose verdicts a change turns, by rule and direction, with the reason on each side."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pykala
from policy_repository import POLICY, repository
from pykala.policy.loader import PolicySet
from pykala.quality.expected import expected_text, read_expected
from pykala.quality.impact import Expected, Impact, ImpactSide, impact, unexpected
from pykala.quality.sample import sample_records
from pykala.records.build import build_record
from pykala.records.record import Found

AS_OF = datetime.date(2025, 12, 31)
DAYS = [
    {"date": "2025-05-05", "status": "delivered", "length": "6 h"},
    {"date": "2025-05-06", "status": "delivered", "length": "7 h"},
    {"date": "2025-05-07", "status": "delivered", "length": "6 h", "flex": {"reason": "health"}},
    {"date": "2025-05-08", "status": "cancelled", "length": "1 h"},
    {"date": "2025-05-09", "status": "delivered"},
]
RECORDS = [{"id": "A-1", "days": DAYS}, {"id": "A-2", "days": DAYS[1:2]}, {"id": "A-3", "days": DAYS[:1]}]


def reader(data: list[dict[str, Any]]) -> Callable[[PolicySet], Iterable[Found]]:
    def read(policies: PolicySet) -> Iterator[Found]:
        for item in data:
            built = build_record(policies.vocabulary, "case", dict(item), "records")
            yield from built if isinstance(built, list) else [built]

    return read


def found(tmp_path: Path, before: str, after: str, records: list[dict[str, Any]] = RECORDS) -> Impact:
    sides = [ImpactSide(name, repository(tmp_path / name, text).load()) for name, text in (("a", before), ("b", after))]
    return impact(sides[0], sides[1], reader(records), AS_OF)


def counts(item: Impact) -> dict[tuple[str, str, str], tuple[int, tuple[str, ...]]]:
    return {(rule.name, *turn.direction): (turn.verdicts, turn.records) for rule in item.rules for turn in rule.turns}


def test_a_change_is_counted_by_rule_and_direction(tmp_path: Path) -> None:
    item = found(tmp_path, POLICY, POLICY.replace("value: 6 h", "value: 7 h"))
    assert counts(item) == {
        ("trial/day-length", "pass", "fail"): (2, ("A-1", "A-3")),
        ("trial/day-length", "pass", "excused"): (1, ("A-1",)),
    }
    assert (item.records, item.turned) == (3, 2)


def test_each_example_has_the_reason_of_both_sides(tmp_path: Path) -> None:
    item = found(tmp_path, POLICY, POLICY.replace("value: 6 h", "value: 7 h"))
    example = item.rules[0].turns[0].examples[0]
    assert example.before is not None
    assert example.after is not None
    assert (example.record_id, example.at) == ("A-1", "days[0]")
    assert (example.before.verdict, example.after.verdict) == ("pass", "fail")
    assert example.before.reason is not None
    assert example.after.reason is not None


def test_at_most_three_examples_of_different_records(tmp_path: Path) -> None:
    many = [{"id": f"A-{number}", "days": DAYS} for number in range(9)]
    turn = found(tmp_path, POLICY, POLICY.replace("value: 6 h", "value: 7 h"), many).rules[0].turns[0]
    assert [example.record_id for example in turn.examples] == ["A-0", "A-1", "A-2"]
    assert len(turn.records) == 9


def test_nothing_differs_between_a_policy_and_itself(tmp_path: Path) -> None:
    item = found(tmp_path, POLICY, POLICY)
    assert (item.rules, item.turned, item.records) == ((), 0, 3)


def test_nothing_differs_between_the_shipped_policies_and_themselves() -> None:
    policies = pykala.load("policies")
    policy = policies.find("individual-rehab@2024")
    assert policy is not None
    data = list(sample_records(policies, policy, 40, seed=3))

    def read(own: PolicySet) -> Iterator[Found]:
        for item in data:
            built = build_record(own.vocabulary, item["record"], dict(item), "sample")
            yield from built if isinstance(built, list) else [built]

    side = ImpactSide("a", policies, "individual-rehab")
    item = impact(side, ImpactSide("b", policies, "individual-rehab"), read, AS_OF)
    assert (item.records, item.turned, item.rules) == (40, 0, ())


def test_another_name_of_a_rule_is_no_change(tmp_path: Path) -> None:
    item = found(tmp_path, POLICY, POLICY.replace("- id: day-length", "- id: length-of-day"))
    assert item.rules == ()


def test_a_rule_that_comes_or_goes_turns_from_none_or_to_none(tmp_path: Path) -> None:
    without = POLICY[: POLICY.index("rules:\n")] + "rules: []\n"
    assert {key[1:] for key in counts(found(tmp_path / "x", without, POLICY))} == {
        ("none", "pass"),
        ("none", "unknown"),
    }
    assert {key[1:] for key in counts(found(tmp_path / "y", POLICY, without))} == {
        ("pass", "none"),
        ("unknown", "none"),
    }


def test_an_element_that_a_side_leaves_out_does_not_concern_its_rule(tmp_path: Path) -> None:
    item = found(tmp_path, POLICY, POLICY.replace("where day.status = delivered", "where day.status != delivered"))
    assert ("trial/day-length", "not_applicable", "fail") in counts(item)
    assert ("trial/day-length", "pass", "not_applicable") in counts(item)


def test_a_record_that_breaks_one_sides_schema_is_named(tmp_path: Path) -> None:
    before = repository(tmp_path / "a")
    after = repository(tmp_path / "b")
    path = after.directory / "records" / "case.yaml"
    path.write_text(path.read_text("utf-8").replace("enum: [delivered, cancelled]", "enum: [delivered, called_off]").replace(
        "cancelled: {fi: b", "called_off: {fi: b"), encoding="utf-8")  # fmt: skip
    item = impact(ImpactSide("a", before.load()), ImpactSide("b", after.load()), reader(RECORDS), AS_OF)
    assert [problem.path for problem in item.problems] == ["days[3].status"]
    # The second side does not judge that record at all.
    assert counts(item)[("trial/day-length", "pass", "none")][1] == ("A-1",)


def test_what_was_meant_and_what_was_not(tmp_path: Path) -> None:
    item = found(tmp_path, POLICY, POLICY.replace("value: 6 h", "value: 7 h"))
    meant = [
        Expected("trial/day-length", ("pass", "fail"), 2),
        Expected("trial/day-length", ("pass", "excused")),
    ]
    assert unexpected(item, meant) == ([], [])
    assert unexpected(item, meant[:1]) == ([Expected("trial/day-length", ("pass", "excused"), 1)], [])
    wrong = [Expected("trial/day-length", ("pass", "fail"), 3), meant[1], Expected("trial/other", ("pass", "fail"))]
    surplus, missing = unexpected(item, wrong)
    assert surplus == [Expected("trial/day-length", ("pass", "fail"), 2)]
    assert missing == [wrong[0], wrong[2]]


def test_a_file_of_expected_changes_is_read_as_it_is_written(tmp_path: Path) -> None:
    items = [Expected("trial/day-length", ("pass", "fail"), 2), Expected("trial/other", ("none", "unknown"))]
    path = tmp_path / "impact.expect.yaml"
    path.write_text(expected_text(items), encoding="utf-8")
    assert read_expected(path) == items
