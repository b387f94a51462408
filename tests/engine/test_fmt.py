"""Laying out the shipped repository: every policy means what it meant."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

from pykala.policy.loader import PolicySet, load_policies
from pykala.policy.model import Policy
from pykala.policy.paths import repository_files
from pykala.quality.diff import diff_repositories
from pykala.quality.fmt.files import format_files


def core_of(policies: PolicySet) -> dict[str, object]:
    """Return the policies without what changes with any letter of a file."""
    return {policy.name: meaning(policy) for policy in (*policies.policies, *policies.libraries)}


def meaning(policy: Policy) -> list[object]:
    fields = (field for field in dataclasses.fields(policy) if field.compare and field.name != "sha256")
    return [getattr(policy, field.name) for field in fields]


def test_the_shipped_files_mean_the_same_when_they_are_laid_out(tmp_path: Path) -> None:
    """Neither what a hurried planner leaves nor what `fmt` makes of it is a difference, by the core and by `diff`."""
    folder = Path(shutil.copytree("policies", tmp_path / "policies"))
    shipped = load_policies(Path("policies"))
    for path in repository_files(folder).all:
        # As a planner in a hurry would leave it: the order of the file's parts, but no order inside them.
        text = path.read_text(encoding="utf-8")
        hurried = text.replace(" >= ", "  >=  ").replace(": {fi: ", ":   {fi: ")
        path.write_text(f"# another head\n{hurried}", encoding="utf-8")
    before = load_policies(folder, cache=False)
    assert diff_repositories(shipped, before).is_empty
    changed = 0
    for found in format_files(repository_files(folder).all, cache=False):
        assert found.diagnostics == ()
        changed += found.changes
        found.path.write_text(found.after, encoding="utf-8")
    after = load_policies(folder, cache=False)
    assert changed > 0
    assert diff_repositories(shipped, after).is_empty
    assert core_of(before) == core_of(after)
    assert before.register == after.register
    assert before.vocabulary.fields == after.vocabulary.fields
    again = list(format_files(repository_files(folder).all, cache=False))
    assert [found.path for found in again if found.changes] == []
