"""What the linter says of policies that load."""

from __future__ import annotations

from pathlib import Path

import pytest

from policy_repository import HEAD, POLICY, REGISTER, RULE, repository, underlined
from pykala.quality.lint import lint
from pykala_dsl.codes import CODES


def findings(tmp_path: Path, policy: str) -> list[tuple[str, str, str]]:
    """Return the code, severity and underlined text of each finding."""
    found = lint(repository(tmp_path, policy).load(), register=False)
    return [(*underlined(item), item.severity) for item in found if item.severity != "note"]


def test_a_whole_policy_has_no_finding(tmp_path: Path) -> None:
    assert findings(tmp_path, POLICY) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (", sv: Prövning", "", ("missing-translation", "title", "error")),
        (", sv: Längd", "", ("missing-translation", "title", "error")),
        ('      sv: "Dagen {day.date} tog {day.length}; {shortfall} saknas."\n', "",
         ("missing-translation", "message", "error")),
        (", sv: kortast", "", ("missing-translation", "label", "warning")),
        (", label: {fi: lyhin, sv: kortast, en: shortest}", "", ("missing-translation", "shortest_day", "warning")),
        ("    title: {fi: Pituus, sv: Längd, en: Length}\n", "", ("missing-title", "day-length", "error")),
        ("    cite: slides-2025/day-length\n", "", ("missing-citation", "day-length", "error")),
        (", cite: slides-2025/day-length}", "}", ("missing-citation", "shortest_day", "warning")),
        ("    severity: unrated\n", "", ("missing-severity", "day-length", "warning")),
        (RULE[RULE.index("    examples:") :], "", ("missing-example", "day-length", "warning")),
        ("        expect: fail\n", "        expect: pass\n", ("one-sided-examples", "day-length", "warning")),
        ("define:\n", "define:\n  idle: 45\n", ("unused-name", "idle", "warning")),
        ("parameters:\n", "parameters:\n  idle: {value: unset, type: count, label: {fi: x, sv: x, en: x}}\n",
         ("unused-name", "idle", "warning")),
        ("    require: day", "    define:\n      idle: 45\n    require: day", ("unused-name", "idle", "warning")),
    ],
)  # fmt: skip
def test_each_thing_that_is_missing_or_idle_is_one_finding(
    tmp_path: Path, old: str, new: str, expected: tuple[str, str, str]
) -> None:
    assert old in POLICY
    assert findings(tmp_path, POLICY.replace(old, new, 1)) == [expected]
    assert expected[0] in CODES


def test_a_rule_that_asks_nothing_needs_no_example_that_fails(tmp_path: Path) -> None:
    require = RULE[RULE.index("    require:") : RULE.index("    computes:")]
    examples = RULE[RULE.index("    examples:") :]
    rule = RULE.replace(require, "    require: true\n").replace(examples, "    examples: [{expect: pass}]\n")
    assert findings(tmp_path, POLICY.replace(RULE, rule)) == []


def test_an_unused_reading_is_a_finding(tmp_path: Path) -> None:
    texts = "{fi: x, sv: x, en: x}"
    readings = f"readings:\n  idle: {{question: {texts}, options: {{a: {texts}, b: {texts}}}, chosen: open}}\n"
    assert findings(tmp_path, POLICY.replace("parameters:\n", readings + "parameters:\n")) == [
        ("unused-name", "idle", "warning")
    ]


def test_a_rule_on_an_unset_number_need_not_show_both_sides(tmp_path: Path) -> None:
    policy = POLICY.replace("value: 6 h", "value: unset, type: exact time").replace("expect: fail", "expect: unknown")
    assert findings(tmp_path, policy) == []


def test_names_of_a_library_are_used_by_what_includes_it(tmp_path: Path) -> None:
    library = POLICY.replace("policy: trial", "policy: shared").replace("define:\n", "define:\n  many: count(days)\n")
    own = HEAD + "includes: [shared@2025]\napplies_to: many >= 1\nrules: []\n"
    assert lint(repository(tmp_path, own).write("shared.yaml", library).load(), register=False) == []


def test_an_inherited_rule_is_spoken_of_once_where_it_stands(tmp_path: Path) -> None:
    policy = POLICY.replace("    severity: unrated\n", "").replace(
        "subject: case\n", "subject: case\nselected_by: decided_on\n"
    )
    new = 'language: 1\npolicy: trial\nversion: "2026"\namends: trial@2025\nin_force: {first_day: 2026-01-01}\n'
    found = lint(repository(tmp_path, policy).write("trial/2026.yaml", new).load(), register=False)
    assert [(item.code, Path(item.source.path).name) for item in found] == [("missing-severity", "2025.yaml")]


def test_a_gap_between_versions_is_a_finding(tmp_path: Path) -> None:
    dated = "subject: case\nselected_by: decided_on\nin_force: {%s}\n"
    old = POLICY.replace("subject: case\n", dated % "last_day: 2025-01-31")
    new = POLICY.replace("subject: case\n", dated % "first_day: 2025-03-01").replace('"2025"', '"2026"')
    found = lint(repository(tmp_path, old).write("trial/2026.yaml", new).load(), register=False)
    assert [item.code for item in found] == ["version-gap"]


def test_statements_that_no_rule_cites_are_findings_unless_the_register_is_left_out(tmp_path: Path) -> None:
    policies = repository(tmp_path).load()
    assert lint(policies, register=False) == []
    assert [underlined(item) for item in lint(policies)] == [("uncited-statement", "flex")]
    unchecked = REGISTER.replace("checkable: partly", 'checkable: "no"')
    policies = repository(tmp_path).write("sources/slides-2025.yaml", unchecked).load()
    assert lint(policies) == []
