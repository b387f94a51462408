"""What other repositories take from this one: hooks, the action, the GitLab template, a new repository. Their steps are run."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from command_line import ROOT

BIN = Path(sys.executable).parent


def read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def shell(script: str, folder: Path, **env: str) -> subprocess.CompletedProcess[str]:
    """Run a step as CI does."""
    own = {**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}", "PYKALA_CACHE_DIR": str(folder.parent / "cache"), **env}
    return subprocess.run(
        ["bash", "-eo", "pipefail", "-c", script], cwd=folder, env=own, capture_output=True, text=True, check=False
    )


def git(folder: Path, *words: str) -> None:
    names = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", "-C", str(folder), *names, *words], check=True, capture_output=True)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a new repository, committed; `origin/main` is its first state."""
    folder = tmp_path_factory.mktemp("adoption") / "repository"
    done = shell(f"pykala init {folder} --service pilot-service --year 2026", folder.parent)
    assert done.returncode == 0, done.stderr
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "first")
    git(folder, "update-ref", "refs/remotes/origin/main", "HEAD")
    return folder


@pytest.fixture
def change(made: Path) -> Iterator[Path]:
    """Let a test change the repository, and put it back."""
    yield made
    git(made, "checkout", "-q", "--", ".")


@pytest.mark.parametrize(
    "command",
    [
        "pykala lint --strict",
        "pykala fmt --check",
        "pykala test --coverage --threshold 100",
        "pykala test --mutate",
        "pykala check cases --fail-on unknown",
        "pykala impact origin/main . cases --expect impact.expect.yaml",
        "pykala sample --policy pilot-service -n 5",
        "pykala diff origin/main --exit-code",
    ],
)
def test_a_new_repository_passes_everything_at_once(made: Path, command: str) -> None:
    done = shell(command, made)
    assert done.returncode == 0, done.stdout + done.stderr


def test_nothing_that_is_there_is_overwritten(made: Path) -> None:
    done = shell("pykala init .", made)
    assert done.returncode == 2
    assert "is there already" in done.stderr


def test_a_new_rule_comes_with_examples_that_notice_every_mutant(change: Path) -> None:
    done = shell(
        'pykala new rule pilot-service/enough-days --cite pilot-service-2026/day-length --require "count(days) >= 2"'
        " --responsible client",
        change,
    )
    assert done.returncode == 0, done.stderr
    assert "    responsible: client\n" in (change / "policies/pilot-service/2026.yaml").read_text("utf-8")
    assert shell("pykala fmt --check && pykala lint && pykala test", change).returncode == 0
    mutation = shell("pykala test --mutate --run 'pilot-service/enough-days'", change)
    assert mutation.returncode == 0, mutation.stdout


def test_a_wrong_new_rule_is_told_and_writes_nothing(change: Path) -> None:
    before = (change / "policies/pilot-service/2026.yaml").read_text("utf-8")
    done = shell('pykala new rule pilot-service/bad --cite pilot-service-2026/day-length --require "dayz >= 2"', change)
    assert done.returncode == 2
    assert "did you mean `days`?" in done.stderr
    assert (change / "policies/pilot-service/2026.yaml").read_text("utf-8") == before


def test_the_workflow_of_a_new_repository_runs(made: Path) -> None:
    steps = read(made / ".github/workflows/policies.yml")["jobs"]["policies"]["steps"]
    scripts = [step["run"] for step in steps if "run" in step and "pip install" not in step["run"]]
    assert len(scripts) == 5
    for script in scripts:
        done = shell(script, made, BASE="main", GITHUB_STEP_SUMMARY=str(made.parent / "summary.md"))
        assert done.returncode == 0, script + done.stdout + done.stderr


def steps_of_action() -> list[Mapping[str, Any]]:
    return list(read(ROOT / "action.yml")["runs"]["steps"])


def run_action(folder: Path, **env: str) -> dict[str, subprocess.CompletedProcess[str]]:
    """Run the steps of the action but the first and the last, which need the network."""
    values = {
        "POLICIES": "policies",
        "EXPECT": "impact.expect.yaml",
        "AS_OF": "2026-06-30",
        "BASE": "origin/main",
        **env,
    }
    summary = folder.parent / "summary.md"
    summary.unlink(missing_ok=True)
    found = {}
    for step in steps_of_action()[1:-1]:
        # An input reaches the shell through the environment alone.
        assert "${{" not in step["run"]
        own = {name: values.get(name, "") for name in step["env"]}
        found[step["name"]] = shell(step["run"], folder, GITHUB_STEP_SUMMARY=str(summary), **own)
    return found


def test_the_action_passes_where_nothing_changed(made: Path) -> None:
    for name, done in run_action(made, RECORDS="cases").items():
        assert done.returncode == 0, name + done.stdout + done.stderr
    assert "Yhdenkään tietueen tulos ei muutu" in (made.parent / "summary.md").read_text("utf-8")


def test_the_action_fails_on_a_wrong_number_and_tells_whose_verdicts_it_turns(change: Path) -> None:
    path = change / "policies/pilot-service/2026.yaml"
    text = path.read_text("utf-8")
    changed = text.replace("value: 6 h", "value: 6 h 30 min").replace('length": 6 h}', 'length": 6 h 30 min}')
    path.write_text(changed.replace("5 h 59 min", "6 h 29 min"), encoding="utf-8")
    done = run_action(change)
    codes = {name: item.returncode for name, item in done.items()}
    assert codes == {
        "Lint and layout": 0,
        "Examples": 0,
        "Wrong numbers that no example would notice": 0,
        "Whose verdicts change": 1,
    }
    assert "pilot-service/day-length" in (change.parent / "summary.md").read_text("utf-8")


def test_the_gitlab_template_runs(made: Path) -> None:
    jobs = {name: job for name, job in read(ROOT / "ci/gitlab.yml").items() if name.startswith("pykala-")}
    assert set(jobs) == {"pykala-lint", "pykala-test", "pykala-mutate", "pykala-impact"}
    variables = {**read(ROOT / "ci/gitlab.yml")["variables"], "AS_OF": "2026-06-30", "RECORDS": "cases"}
    for name, job in jobs.items():
        env = {**variables, "CI_MERGE_REQUEST_DIFF_BASE_SHA": "origin/main"}
        done = shell("\n".join(job["script"]), made, **env)
        assert done.returncode == 0, name + done.stdout + done.stderr
    pattern = jobs["pykala-test"]["coverage"].strip("/")
    assert re.search(pattern, shell("pykala test --coverage", made).stdout)


@pytest.mark.parametrize(
    ("schema", "path"),
    [
        ("vendor.github-actions", "action.yml"),
        ("vendor.gitlab-ci", "ci/gitlab.yml"),
        ("vendor.github-workflows", "engine/pykala/scaffold/repository/github-workflow.yml"),
        ("vendor.github-workflows", ".github/workflows/ci.yml"),
    ],
)
def test_the_files_fit_the_schemas_of_their_readers(schema: str, path: str) -> None:
    done = subprocess.run(
        [
            str(BIN / "check-jsonschema"),
            "--builtin-schema",
            schema,
            *(["--data-transform", "gitlab-ci"] if "gitlab" in schema else []),
            str(ROOT / path),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_each_hook_names_a_command_that_there_is() -> None:
    hooks = read(ROOT / ".pre-commit-hooks.yaml")
    assert [hook["id"] for hook in hooks] == ["pykala-fmt", "pykala-lint", "pykala-test"]
    for hook in hooks:
        done = shell(f"{hook['entry']} --help", ROOT)
        assert done.returncode == 0
        assert {"id", "name", "entry", "language", "files", "pass_filenames"} <= set(hook)
