"""The worked example of the planner's guide is a policy that loads, and whose examples hold."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from pykala.policy.loader import PolicySet, load_policies
from pykala.quality.examples import run_examples
from pykala.quality.lint import lint

POLICIES = Path(__file__).parent.parent.parent / "policies"


def worked_example(directory: Path) -> PolicySet:
    """Return the first policy of the guide, loaded with the shipped vocabulary and register."""
    found = re.search(r"^```yaml\n(language: 1\n.*?)^```$", (POLICIES / "README.md").read_text("utf-8"), re.M | re.S)
    assert found is not None
    for name in ("records", "sources"):
        shutil.copytree(POLICIES / name, directory / name)
    (directory / "day-example").mkdir()
    (directory / "day-example" / "2025-05.yaml").write_text(found[1], encoding="utf-8")
    return load_policies(directory, cache=False)


def test_the_worked_example_has_nothing_to_complain_of(tmp_path: Path) -> None:
    assert lint(worked_example(tmp_path), register=False) == []


def test_the_examples_of_the_worked_example_hold(tmp_path: Path) -> None:
    outcomes = run_examples(worked_example(tmp_path))
    assert [outcome.got for outcome in outcomes] == [("pass",), ("fail",), ("excused",), ("unknown",)]
    assert [outcome.detail for outcome in outcomes] == [""] * 4
