"""Reports for machines, validated: passing, failing, unknown, errored and empty runs in every form."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import xmlschema
from sarif_pydantic import Sarif

from command_line import Run
from policy_repository import POLICY, REGISTER, repository
from pykala.report.findings import Finding
from pykala.report.github import annotation
from pykala.report.markdown_report import escaped
from pykala.report.sarif import MOST_RESULTS, sarif_log
from pykala.report.schemas import report_schema

JUNIT = xmlschema.XMLSchema(Path(__file__).parents[1] / "schemas" / "junit.xsd")
DAY = {"date": "2025-05-05", "status": "delivered"}
RUNS: dict[str, list[dict[str, Any]]] = {
    "passing": [{"record": "case", "id": "A-1", "days": [{**DAY, "length": "6 h"}]}],
    "failing": [{"record": "case", "id": "A-1", "days": [{**DAY, "length": "5 h"}, {**DAY, "date": "2025-05-06"}]}],
    "unknown": [{"record": "case", "id": "A-1", "days": [DAY]}],
    "errored": [{"record": "case", "id": "A-1", "days": 3}, {"record": "case", "id": "A-2", "days": [DAY]}],
    "empty": [],
}


@pytest.fixture(params=list(RUNS))
def checked(request: pytest.FixtureRequest, run: Run, tmp_path: Path) -> tuple[str, dict[str, str], int]:
    """Return the name of a run, its reports by form, and its exit code."""
    policies = repository(tmp_path).directory
    records = tmp_path / "records.jsonl"
    lines = [json.dumps(item) for item in RUNS[request.param]]
    records.write_text("\n".join(lines) + "\n" if lines else "", encoding="utf-8")
    forms = ("json", "jsonl", "junit", "sarif", "github", "markdown")
    files = {form: tmp_path / f"report.{form}" for form in forms}
    reports = [word for form, file in files.items() for word in ("--report", f"{form}={file}")]
    done = run("check", records, "--policies", policies, "--as-of", "2025-12-31", "--lang", "en", *reports)
    return request.param, {form: file.read_text("utf-8") for form, file in files.items()}, done.code


def counts_of(text: str) -> dict[str, Any]:
    """Return the attributes of the outermost element of a JUnit file that is valid."""
    data: Any = JUNIT.to_dict(text)
    assert isinstance(data, dict)
    return data


CODES = {"passing": 0, "failing": 1, "unknown": 0, "errored": 2, "empty": 2}


def test_every_form_of_every_run_is_valid(checked: tuple[str, dict[str, str], int]) -> None:
    name, reports, code = checked
    assert code == CODES[name]
    schema = report_schema("results")
    jsonschema.validate(json.loads(reports["json"]), schema)
    line = {**schema, "$ref": "#/$defs/line"}
    for key in ("type", "required", "properties", "additionalProperties"):
        line.pop(key, None)
    for each in reports["jsonl"].splitlines():
        jsonschema.validate(json.loads(each), line)
    JUNIT.validate(reports["junit"])
    log = json.loads(reports["sarif"])
    Sarif.model_validate(log)
    for result in log["runs"][0]["results"]:
        place = result["locations"][0]["physicalLocation"]
        assert place["region"]["startLine"] >= 1
        assert result["ruleId"] == log["runs"][0]["tool"]["driver"]["rules"][result["ruleIndex"]]["id"]
        assert result["partialFingerprints"]["pykala/v1"]


def test_what_each_form_says_of_each_run(checked: tuple[str, dict[str, str], int]) -> None:
    name, reports, _ = checked
    run = json.loads(reports["sarif"])["runs"][0]
    kinds = [(result["kind"], result["level"]) for result in run["results"]]
    tests = counts_of(reports["junit"])
    outcomes = (tests["@tests"], tests["@failures"], tests["@errors"], tests["@skipped"])
    annotations = [line.split(" ", 1)[0] for line in reports["github"].splitlines()]
    executed = run["invocations"][0]["executionSuccessful"]
    expected: dict[str, tuple[object, ...]] = {
        "passing": ([], (1, 0, 0, 0), [], True),
        "failing": ([("fail", "warning"), ("open", "none")], (2, 1, 0, 1), ["::warning"], True),
        "unknown": ([("open", "none")], (1, 0, 0, 1), [], True),
        "errored": ([("open", "none")], (2, 0, 1, 1), ["::error"], False),
        "empty": ([], (1, 0, 1, 0), ["::error"], False),
    }
    assert (kinds, outcomes, annotations, executed) == expected[name]


@pytest.mark.parametrize("form", ["json", "jsonl", "junit", "sarif", "github", "markdown"])
def test_the_linter_writes_each_form(run: Run, tmp_path: Path, form: str) -> None:
    folder = repository(tmp_path).write(
        "sources/slides-2025.yaml", REGISTER.replace("checkable: partly", 'checkable: "no"')
    )
    clean = run("lint", folder.directory, "--format", form)
    (folder.directory / "trial" / "2025.yaml").write_text(POLICY.replace("day.length >=", "day.lenght >="), "utf-8")
    broken = run("lint", folder.directory, "--format", form)
    assert (clean.code, broken.code) == (0, 1)
    match form:
        case "junit":
            JUNIT.validate(clean.out)
            assert counts_of(broken.out)["@failures"] == 1
        case "sarif":
            for text in (clean.out, broken.out):
                Sarif.model_validate(json.loads(text))
            (result,) = json.loads(broken.out)["runs"][0]["results"]
            assert (result["ruleId"], result["level"]) == ("unknown-field", "error")
        case "github":
            assert clean.out == ""
            assert broken.out.startswith("::error file=")
        case "markdown":
            assert "unknown field" in broken.out
        case _:
            assert "unknown-field" in broken.out
            assert "unknown-field" not in clean.out


def test_failed_examples_are_annotated_in_their_file(run: Run, tmp_path: Path) -> None:
    folder = repository(tmp_path, POLICY.replace("expect: fail", "expect: pass")).directory
    done = run("test", folder, "--format", "github")
    assert done.code == 1
    assert done.out.startswith("::error file=")
    assert "expected pass, got fail" in done.out
    Sarif.model_validate(json.loads(run("test", folder, "--format", "sarif").out))


def finding(number: int, level: str = "note", **changes: Any) -> Finding:
    return Finding(**{"rule": "a/b", "title": "t", "level": level, "message": f"m{number}", "file": "f", **changes})


def test_a_log_stays_within_the_limits_of_code_scanning_and_keeps_the_heaviest() -> None:
    findings = [finding(number) for number in range(MOST_RESULTS)] + [finding(9999, "error")]
    run = sarif_log(findings)["runs"][0]
    assert len(run["results"]) == MOST_RESULTS
    assert run["results"][-1]["message"]["text"] == "m9999"
    notices = run["invocations"][0]["toolExecutionNotifications"]
    assert notices[0]["message"]["text"] == "1 more results were left out"


def test_a_fingerprint_stays_when_lines_are_put_in_above() -> None:
    def prints(*items: Finding) -> list[str]:
        return [result["partialFingerprints"]["pykala/v1"] for result in sarif_log(items)["runs"][0]["results"]]

    assert prints(finding(1, line=3)) == prints(finding(1, line=30))
    same = prints(finding(1), finding(1))
    assert len(set(same)) == 2


def test_rules_link_to_where_the_handbook_is_published() -> None:
    log = sarif_log([finding(1, page="trial/day-length/")], help_url="https://example.org/handbook/")
    (rule,) = log["runs"][0]["tool"]["driver"]["rules"]
    assert rule["helpUri"] == "https://example.org/handbook/trial/day-length/"
    assert "helpUri" not in sarif_log([finding(1, page="x/")])["runs"][0]["tool"]["driver"]["rules"][0]


def test_texts_cannot_break_out_of_an_annotation_or_a_table() -> None:
    line = annotation(finding(1, file="a,b:c", message="one\n::error::two 100 %"))
    assert line == "::notice file=a%2Cb%3Ac,line=1,title=a/b::one%0A::error::two 100 %25"
    assert escaped("a | b\n<script>`x`") == r"a \| b \<script\>\`x\`"
