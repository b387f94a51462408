"""`pykala test --mutate`: what it prints, writes and exits with."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
import xmlschema
from sarif_pydantic import Sarif

from command_line import Done, Run
from policy_repository import POLICY, repository

JUNIT = xmlschema.XMLSchema(Path(__file__).parents[1] / "schemas" / "junit.xsd")
AT_THE_LIMIT = '      - given: {"days[0]": {length: 6 h}}\n        expect: pass\n'
WEAK = POLICY.replace(AT_THE_LIMIT, AT_THE_LIMIT.replace("6 h", "7 h"))
"""A policy whose examples leave out the limit itself."""
FAILING = POLICY.replace("        expect: fail\n", "        expect: pass\n")
STALE = (
    POLICY
    + '    equivalent:\n      - mutant: "require: day.length >= 7 h -> day.length > 7 h"\n        why: None is.\n'
)


def mutate(run: Run, tmp_path: Path, policy: str, *words: str) -> Done:
    directory = repository(tmp_path, policy).directory
    return run("test", "--mutate", "--jobs", "1", "--policies", directory, *words)


def test_what_survives_comes_with_its_place_and_an_example_to_paste(run: Run, tmp_path: Path) -> None:
    done = mutate(run, tmp_path, WEAK)
    assert done.code == 1
    place = WEAK.splitlines().index("    require: day.length >= shortest_day") + 1
    assert (
        f"""\
  strictness: require: day.length >= shortest_day -> day.length > shortest_day
    --> {(tmp_path / "policies/trial/2025.yaml").as_posix()}:{place}:14
    proposal 1, to paste under `examples:`
      - expect: pass
"""
        in done.out
    )
    assert "proposal 1 above would notice it" in done.out
    assert "below the threshold" in done.out


def test_the_proposals_pasted_end_the_complaint(run: Run, tmp_path: Path) -> None:
    found = json.loads(mutate(run, tmp_path, WEAK, "--format", "json").out)
    (rule,) = found["rules"]
    proposals = dict.fromkeys(mutant["proposal"] for mutant in rule["mutants"] if mutant["proposal"] is not None)
    lines = "".join(f"      {line}\n" for proposal in proposals for line in proposal.split("\n"))
    again = json.loads(mutate(run, tmp_path, WEAK + lines, "--format", "json").out)
    living = {mutant["mutant"] for mutant in rule["mutants"] if mutant["proposal"] is not None}
    assert living
    assert {m["mutant"] for m in again["rules"][0]["mutants"] if m["status"] == "survived"} & living == set()


@pytest.mark.parametrize(
    ("words", "code"),
    [((), 1), (("--exact-score", "50", "--rest-score", "0"), 0), (("--exact-score", "100", "--rest-score", "0"), 1)],
)
def test_the_exit_code_follows_the_thresholds(run: Run, tmp_path: Path, words: tuple[str, ...], code: int) -> None:
    assert mutate(run, tmp_path, WEAK, "--no-propose", *words).code == code


def test_without_proposals_none_is_looked_for(run: Run, tmp_path: Path) -> None:
    done = mutate(run, tmp_path, WEAK, "--no-propose")
    assert "strictness: require" in done.out
    assert "to paste" not in done.out
    assert "no record was found" not in done.out


@pytest.mark.parametrize(
    ("policy", "part"),
    [
        (FAILING, "not tried: the rule does not answer as example #2 says"),
        (STALE, "under `equivalent`, but the rule has no such mutant"),
    ],
)
def test_failing_examples_and_needless_reasons_are_told_and_fail(
    run: Run, tmp_path: Path, policy: str, part: str
) -> None:
    done = mutate(run, tmp_path, policy, "--exact-score", "0", "--rest-score", "0")
    assert done.code == 1
    assert part in done.out


@pytest.mark.parametrize("policy", [POLICY, WEAK, FAILING, STALE], ids=["strong", "weak", "failing", "stale"])
def test_every_form_is_valid_and_tells_of_each_mutant_that_lives(run: Run, tmp_path: Path, policy: str) -> None:
    forms = ("json", "junit", "sarif", "github", "markdown")
    files = {form: tmp_path / f"report.{form}" for form in forms}
    mutate(run, tmp_path, policy, *(word for form, file in files.items() for word in ("--report", f"{form}={file}")))
    texts = {form: file.read_text("utf-8") for form, file in files.items()}
    (rule,) = json.loads(texts["json"])["rules"]
    living = [mutant for mutant in rule["mutants"] if mutant["status"] in ("survived", "untagged")]
    told = len(living) + len(rule["stale"]) + bool(rule["failing_examples"])
    suites = JUNIT.to_dict(texts["junit"])
    assert isinstance(suites, dict)
    assert int(suites["@failures"]) + int(suites["@errors"]) == told
    Sarif.model_validate(json.loads(texts["sarif"]))
    assert len(json.loads(texts["sarif"])["runs"][0]["results"]) == told
    assert len(texts["github"].splitlines()) == told
    assert texts["markdown"].startswith("### pykala test --mutate\n")


def test_only_what_changed_since_a_revision_is_tried(run: Run, tmp_path: Path) -> None:
    second = POLICY[POLICY.index("  - id: day-length") :].replace("day-length\n    severity", "other\n    severity")
    directory = repository(tmp_path, POLICY + second).directory

    def git(*words: str) -> None:
        names = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
        subprocess.run(["git", "-C", str(tmp_path), *names, *words], check=True, capture_output=True)

    def tried() -> list[str]:
        done = run("test", "--mutate", "--since", "main", "--jobs", "1", "--policies", directory, "--format", "json")
        return [rule["rule"] for rule in json.loads(done.out)["rules"]]

    git("init", "-q", "-b", "main")
    git("add", "-A")
    git("commit", "-q", "-m", "first")
    path = directory / "trial" / "2025.yaml"
    text = path.read_text("utf-8")
    path.write_text("# a remark\n" + text.replace("{fi: Pituus,", "{fi: Kesto,"), encoding="utf-8")
    assert tried() == []
    head, at, tail = text.rpartition("      - given:")
    path.write_text(head + at + tail.replace("4 h", "3 h"), encoding="utf-8")
    assert tried() == ["other"]
    path.write_text(text.replace("value: 6 h", "value: 7 h").replace("length: 6 h", "length: 7 h"), encoding="utf-8")
    assert tried() == ["day-length", "other"]


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("--run", "no-such/*"), "no rule fits"),
        (("--since", "no-such-revision"), "no version, no folder and no revision"),
        (("--report", "cobertura=x.xml"), "no cobertura report of mutants"),
    ],
)
def test_a_call_that_means_nothing_ends_with_code_2(
    run: Run, tmp_path: Path, words: tuple[str, ...], part: str
) -> None:
    done = mutate(run, tmp_path, POLICY, *words)
    assert done.code == 2
    assert part in done.err
    assert done.out == ""
