"""`pykala diff`: versions, folders and revisions of git; what names nothing."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from command_line import ROOT, Run
from policy_repository import repository


@pytest.fixture
def history(tmp_path: Path) -> Path:
    """Return a policies folder in a repository of git, changed since its one commit."""
    folder = repository(tmp_path).directory

    def git(*words: str) -> None:
        names = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
        subprocess.run(["git", "-C", str(tmp_path), *names, *words], check=True, capture_output=True)

    git("init", "-q", "-b", "main")
    git("add", "-A")
    git("commit", "-q", "-m", "first")
    path = folder / "trial" / "2025.yaml"
    path.write_text(path.read_text("utf-8").replace("value: 6 h", "value: 7 h"), encoding="utf-8")
    return folder


def test_two_versions_of_a_policy(run: Run) -> None:
    done = run("diff", "individual-rehab@2023", "individual-rehab@2024", "--lang", "en")
    assert done.code == 0
    assert "+ rule The new description for decisions of 2024 · new-description" in done.out
    assert "− rule The old description until the end of June 2025 · old-description-ends" in done.out
    assert "handbook pages: individual-rehab/" in done.out


def test_a_revision_against_the_files_as_they_are(run: Run, history: Path) -> None:
    done = run("diff", "main", "--policies", history, "--lang", "en", "--exit-code")
    assert done.code == 1
    assert "6 h → 7 h" in done.out
    assert run("diff", "main", "main", "--policies", history, "--lang", "en", "--exit-code").out == "No differences.\n"


def test_two_folders_and_json(run: Run, tmp_path: Path) -> None:
    other = Path(shutil.copytree(ROOT / "policies", tmp_path / "policies"))
    path = other / "laku-feedback" / "2023.yaml"
    path.write_text(path.read_text("utf-8").replace("2 weeks", "3 weeks"), encoding="utf-8")
    data = json.loads(run("diff", ROOT / "policies", other, "--format", "json").out)
    assert {policy["after"] for policy in data["policies"]} == {"laku-feedback@2023"}


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("no-such-thing",), "no version, no folder and no revision"),
        (("work-trail@2025", "work-trial@2025"), "did you mean work-trial@2025?"),
        (("work-trial@2025", "policies"), "cannot be compared"),
        (("--", "--output=x"), "no version, no folder and no revision"),
    ],
)
def test_what_names_nothing_is_said_in_a_line(run: Run, words: tuple[str, ...], part: str) -> None:
    done = run("diff", *words)
    assert done.code == 2
    assert part in done.err
