"""Values for unset parameters from a file beside the policies, and what is said of a file that does not fit."""

from __future__ import annotations

from pathlib import Path

import pytest

from policy_repository import HEAD, POLICY, RULE, repository, underlined
from pykala.policy.loader import PolicySet
from pykala.policy.overlay import apply_overlay
from pykala_dsl.diagnostics import Diagnostic, DiagnosticsError

PARAMETERS = """\
parameters:
  shortest_day: {value: 6 h, label: {fi: lyhin, sv: kortast, en: shortest}, cite: slides-2025/day-length}
  calls: {value: unset, type: count, label: {fi: a, sv: b, en: c}, cite: slides-2025/day-length}
  price: {value: unset, type: money, label: {fi: a, sv: b, en: c}, cite: slides-2025/day-length}
"""
SHARED = HEAD.replace("policy: trial", "policy: shared") + PARAMETERS + "rules: []\n"
OWN = HEAD + "includes: [shared@2025]\n" + POLICY[POLICY.index("define:") :]


@pytest.fixture
def policies(tmp_path: Path) -> PolicySet:
    return repository(tmp_path, OWN).write("shared/2025.yaml", SHARED).load()


def overlay(folder: Path, text: str) -> Path:
    path = folder / "numbers.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def wrong(policies: PolicySet, path: Path) -> list[Diagnostic]:
    with pytest.raises(DiagnosticsError) as raised:
        apply_overlay(policies, path)
    return list(raised.value.diagnostics)


def test_an_unset_parameter_takes_the_value_of_the_file(policies: PolicySet, tmp_path: Path) -> None:
    before = policies.policies[0]
    after = apply_overlay(policies, overlay(tmp_path, "trial: {calls: 3, price: 12.50 EUR}\n")).policies[0]
    assert [str(after.parameters[name].value) for name in ("calls", "price")] == ["3", "25/2"]
    assert after.parameters["shortest_day"] == before.parameters["shortest_day"]
    assert after.sha256 != before.sha256


def test_a_version_that_has_the_value_keeps_it(tmp_path: Path) -> None:
    newer = (HEAD + PARAMETERS + "rules: []\n").replace('"2025"', '"2026"').replace("unset, type: count", "5")
    older = HEAD + "in_force: {last_day: 2025-12-31}\nselected_by: decided_on\n" + PARAMETERS + "rules:\n" + RULE
    older = older.replace("delivered\n    req", "days\n    req")
    newer = newer.replace("parameters:", "in_force: {first_day: 2026-01-01}\nselected_by: decided_on\nparameters:", 1)
    made = repository(tmp_path, older).write("trial/2026.yaml", newer)
    after = apply_overlay(made.load(), overlay(tmp_path, "trial: {calls: 3}\n"))
    values = {policy.version: policy.parameters["calls"].value for policy in after.policies}
    assert values == {"2025": 3, "2026": 5}


@pytest.mark.parametrize(
    ("text", "code", "words", "message", "advice"),
    [
        ("[trial]\n", "bad-overlay", "[trial]", "must map policies to their parameters", "write `policy:`"),
        ("trail: {calls: 3}\n", "bad-overlay", "trail", "no policy `trail`", "did you mean `trial`?"),
        ("invoices: {calls: 3}\n", "bad-overlay", "invoices", "no policy `invoices`", "the policies are `trial`"),
        ("trial@2025: {calls: 3}\n", "bad-overlay", "trial@2025", "no policy `trial@2025`", "write `trial`"),
        ("shared: {calls: 3}\n", "bad-overlay", "shared", "no policy `shared`", "under `trial`"),
        ("trial: 3\n", "bad-overlay", "3", "must be keys with values", "as in `work-trial: {"),
        ("trial: {cals: 3}\n", "bad-overlay", "cals", "no parameter `cals`", "did you mean `calls`?"),
        ("trial: {hours: 3}\n", "bad-overlay", "hours", "no parameter `hours`", "`pykala show trial`"),
        ("trial: {calls: 3 h}\n", "bad-overlay", "3 h", "`calls` is count, and this is exact time", "`45`"),
        ("trial: {price: 30}\n", "bad-overlay", "30", "`price` is money, and this is count", "`1000 EUR`"),
        ("trial: {calls: 1 + 2}\n", "bad-overlay", "1 + 2", "not a plain value", "`45`"),
        ("trial: {calls: many}\n", "bad-overlay", "many", "not a plain value", "`45`"),
        ("trial: {calls: unset}\n", "bad-overlay", "unset", "gives parameter `calls` no value", "remove the line"),
        ("trial: {calls: [3]}\n", "bad-overlay", "[3]", "takes one value", "`45`"),
        ("trial: {calls: }\n", "bad-overlay", "", "takes one value", "`45`"),
        ("trial: {shortest_day: 7 h}\n", "bad-overlay", "shortest_day", "has a value already", "in the policy"),
        ("trial: {price: 30 euros}\n", "unknown-unit", "euros", "`euros` is not a unit", "write `30 EUR`"),
        ("trial: {price: 12,50 EUR}\n", "cut-in-braces", "50 EUR", "a comma inside braces", "in quotes"),
        ("trial:\n\tcalls: 3\n", "tab", "\t", "a tab", "use spaces"),
        ("trial: {calls: 3}\ntrial: {calls: 4}\n", "duplicate-key", "trial", "stands here twice", "keep one"),
    ],
)  # fmt: skip
def test_a_mistake_in_the_file_is_one_diagnostic_at_its_words(
    policies: PolicySet, tmp_path: Path, text: str, code: str, words: str, message: str, advice: str
) -> None:
    (found,) = wrong(policies, overlay(tmp_path, text))
    assert underlined(found) == (code, words)
    assert message in found.message
    assert advice in (found.help or "")


def test_a_value_that_the_policy_has_is_shown_where_it_stands(policies: PolicySet, tmp_path: Path) -> None:
    (found,) = wrong(policies, overlay(tmp_path, "trial: {shortest_day: 7 h}\n"))
    source = found.labels[1].source
    assert source is not None
    assert Path(source.path).parts[-2:] == ("shared", "2025.yaml")


def test_all_mistakes_of_a_file_come_together(policies: PolicySet, tmp_path: Path) -> None:
    found = wrong(policies, overlay(tmp_path, "trial: {cals: 3, price: 3}\nother: {a: 1}\n"))
    assert [underlined(item)[1] for item in found] == ["cals", "3", "other"]


@pytest.mark.parametrize("name", ["missing.yaml", "."])
def test_a_file_that_cannot_be_read_is_a_diagnostic(policies: PolicySet, tmp_path: Path, name: str) -> None:
    assert [item.code for item in wrong(policies, tmp_path / name)] == ["unreadable-file"]


@pytest.mark.parametrize(("data", "code"), [(b"", "empty-file"), (b"trial: \xe4\n", "not-utf8")])
def test_a_file_without_text_is_a_diagnostic(policies: PolicySet, tmp_path: Path, data: bytes, code: str) -> None:
    path = tmp_path / "numbers.yaml"
    path.write_bytes(data)
    assert [item.code for item in wrong(policies, path)] == [code]
