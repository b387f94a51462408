"""Differences of policies: of meaning and words, never of layout."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest

import pykala
from policy_repository import POLICY, repository
from pykala.policy.loader import PolicySet
from pykala.quality.diff import PolicyDiff, diff_policies, diff_repositories, numbers_changed
from pykala.report.diff_report import DiffWords, diff_json, diff_lines

Change = Callable[[str], str]


def loaded(tmp_path: Path, text: str) -> PolicySet:
    return repository(tmp_path, text).load()


def difference(tmp_path: Path, change: Change, text: str = POLICY) -> PolicyDiff:
    """Return what a change of the sample policy's text brings about; the change must change something."""
    after = change(text)
    assert text != after
    before_set, after_set = loaded(tmp_path / "before", text), loaded(tmp_path / "after", after)
    return diff_policies(before_set.policies[0], after_set.policies[0])


@pytest.mark.parametrize("policy", pykala.load("policies").policies, ids=lambda policy: policy.name)
def test_a_policy_does_not_differ_from_itself(policy: object) -> None:
    assert diff_policies(policy, policy).is_empty  # type: ignore[arg-type]


def test_a_number_names_the_rules_that_hang_on_it(tmp_path: Path) -> None:
    found = difference(tmp_path, lambda text: text.replace("value: 6 h", "value: 6 h 30 min"))
    assert [item.name for item in found.parameters] == ["shortest_day"]
    assert [(rule.id, rule.parts, rule.hangs_on) for rule in found.rules] == [("day-length", (), ("shortest_day",))]
    assert found.rules[0].changes_verdicts
    assert found.pages == ("trial/", "trial/day-length/")


def test_a_definition_names_the_rules_that_hang_on_it(tmp_path: Path) -> None:
    found = difference(tmp_path, lambda text: text.replace("day.status = delivered", "day.status = cancelled", 1))
    assert [item.name for item in found.definitions] == ["delivered"]
    assert [rule.hangs_on for rule in found.rules] == [("delivered",)]


@pytest.mark.parametrize(
    ("change", "parts", "verdicts"),
    [
        (lambda text: text.replace("day.length >= shortest", "day.length > shortest"), ("require",), True),
        (lambda text: text.replace("      flex: day.flex is present\n", "      other: day.flex is present\n").replace(
            "exception: flex", "exception: other"), ("unless", "examples"), True),
        (lambda text: text.replace("title: {fi: Pituus", "title: {fi: Kesto"), ("title",), False),
        (lambda text: text.replace("severity: unrated", "severity: minor"), ("severity",), False),
        (lambda text: text.replace("Day {day.date} took", "The day {day.date} took"), ("message",), False),
        (lambda text: text.replace("length: 5 h 59 min", "length: 5 h 58 min"), ("examples",), False),
    ],
    ids=["strictness", "exception", "title", "severity", "message", "examples"],
)  # fmt: skip
def test_a_rule_tells_which_parts_differ(
    tmp_path: Path, change: Change, parts: tuple[str, ...], verdicts: bool
) -> None:
    found = difference(tmp_path, change)
    assert [(rule.id, rule.parts, rule.changes_verdicts) for rule in found.rules] == [("day-length", parts, verdicts)]


def test_a_rule_of_another_id_has_been_renamed(tmp_path: Path) -> None:
    found = difference(tmp_path, lambda text: text.replace("- id: day-length", "- id: length-of-day"))
    assert [(rule.before.id, rule.after.id) for rule in found.rules if rule.before and rule.after] == [
        ("day-length", "length-of-day")
    ]


def test_rules_come_and_go(tmp_path: Path) -> None:
    other = (
        POLICY[POLICY.index("  - id: day-length") :].replace("day-length", "other").replace(">= shortest", "> shortest")
    )
    other = other.replace("slides-2025/other", "slides-2025/day-length")
    found = difference(tmp_path, lambda text: text + other)
    assert [(rule.id, rule.action) for rule in found.rules] == [("other", "added")]
    back = diff_policies(
        *reversed((loaded(tmp_path / "c", POLICY).policies[0], loaded(tmp_path / "d", POLICY + other).policies[0]))
    )
    assert [(rule.id, rule.action) for rule in back.rules] == [("other", "removed")]


def test_fields_and_statements_differ_between_repositories(tmp_path: Path) -> None:
    before = repository(tmp_path / "a")
    after = repository(tmp_path / "b")
    path = after.directory / "records" / "case.yaml"
    path.write_text(
        path.read_text("utf-8").replace(
            "feedback_on: {type: string, format: date, absence: none,", "feedback_on: {type: string, format: date,"
        ),
        encoding="utf-8",
    )
    register = after.directory / "sources" / "slides-2025.yaml"
    register.write_text(
        register.read_text("utf-8").replace("A day is 6 hours.", "A day lasts 6 hours."), encoding="utf-8"
    )
    found = diff_repositories(before.load(), after.load())
    assert [(item.action, item.name) for item in found.fields] == [("changed", "case.feedback_on")]
    assert [(item.action, item.name) for item in found.statements] == [("changed", "slides-2025/day-length")]


def test_a_changed_way_to_collect_is_a_difference_and_a_moved_one_is_none(tmp_path: Path) -> None:
    for side in ("before", "after"):
        shutil.copytree("policies", tmp_path / side)
    before = pykala.load(tmp_path / "before", cache=False)
    path = tmp_path / "after" / "records" / "billing_year.yaml"
    text = path.read_text("utf-8")
    path.write_text(f"# moved down by a line\n{text}", "utf-8")
    assert diff_repositories(before, pykala.load(tmp_path / "after", cache=False)).is_empty
    changed = text.replace("collected_on: as_of", "collected_on: last_day")
    assert changed != text
    path.write_text(changed, "utf-8")
    after = pykala.load(tmp_path / "after", cache=False)
    found = diff_repositories(before, after)
    # The other way is like the first one.
    names = ["billing_year.forms_of_a_provider", "billing_year.forms_of_a_contract"]
    assert [("changed", name) for name in names] == [(each.action, each.name) for each in found.collections]
    assert any("billing_year" in line for line in diff_lines(found, words(before, after)))
    assert [each.name for each in found.collections] == [
        each["name"] for each in diff_json(found, before.vocabulary, after.vocabulary)["collections"]
    ]


def words(before: PolicySet, after: PolicySet) -> DiffWords:
    return DiffWords("en", before.vocabulary, after.vocabulary)


def test_numbers_are_told_apart_from_another_shape(tmp_path: Path) -> None:
    text = POLICY.replace("require: day.length >= shortest_day", "require: day.length >= 6 h")
    found = difference(tmp_path, lambda text: text.replace(">= 6 h", ">= 6 h 30 min"), text)
    rule = found.rules[0]
    assert rule.before is not None
    assert rule.after is not None
    pairs = numbers_changed(rule.before.require, rule.after.require)
    assert pairs is not None
    assert [(one.value, other.value) for one, other in pairs] == [(360, 390)]
    other = difference(tmp_path / "x", lambda text: text.replace("day.length >= 6 h", "day.length > 6 h"), text).rules[
        0
    ]
    assert other.before is not None
    assert other.after is not None
    assert numbers_changed(other.before.require, other.after.require) is None


@pytest.mark.parametrize(
    ("lang", "line"),
    [("fi", "lyhin · shortest_day: 6 h → 6 h 30 min"), ("sv", "6 h → 6 h 30 min"), ("en", "6 h → 6 h 30 min")],
)
def test_the_words_show_old_and_new_numbers(tmp_path: Path, lang: str, line: str) -> None:
    before = loaded(tmp_path / "a", POLICY)
    after = loaded(tmp_path / "b", POLICY.replace("value: 6 h", "value: 6 h 30 min"))
    words = DiffWords(lang, before.vocabulary, after.vocabulary)  # type: ignore[arg-type]
    told = "\n".join(diff_lines(diff_repositories(before, after), words))
    assert line in told


def test_the_data_has_every_language_and_each_change(tmp_path: Path) -> None:
    before = loaded(tmp_path / "a", POLICY)
    after = loaded(tmp_path / "b", POLICY.replace("day.length >= shortest", "day.length > shortest"))
    data = diff_json(diff_repositories(before, after), before.vocabulary, after.vocabulary)
    assert data["format"] == "pykala.diff/1"
    change = data["policies"][0]["changes"][0]
    assert (change["kind"], change["name"], change["changes_verdicts"]) == ("rule", "day-length", True)
    assert set(change["parts"][0]["before"]) == {"fi", "sv", "en"}
    jsonschema.validate(data, {"type": "object", "required": ["format", "policies", "fields", "statements"]})
